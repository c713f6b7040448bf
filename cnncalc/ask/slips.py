"""The usual slips, each as the same network with one thing read wrongly, and what that would give."""

from collections.abc import Iterator
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.ask.reading import Reading
from cnncalc.exact.records import changed
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import prod
from cnncalc.network import Network


def slips(reading: Reading, quantities: set[str]) -> Iterator[tuple[str, Any]]:
    """Sentences about slips with the numbers they give."""
    analysis = reading.analysis()
    names = [name for name, facts in analysis.facts.items() if facts.weights]
    if quantities & {"params", "weights"} and names:
        yield from _counting(analysis, names)
    if quantities & {"output", "params", "weights", "features"}:
        for text, layer_changes in _MISREAD:
            try:
                other = Analysis(with_settings(analysis.network, layer_changes))
            except ShapeError:
                continue
            if "output" in quantities:
                for size in dict.fromkeys(other.output[1:] or other.output):
                    if size not in analysis.output:
                        yield text, size
            if "params" in quantities and other.params != analysis.params:
                yield text, other.params


def _counting(analysis: Analysis, names: list[str]) -> Iterator[tuple[str, Any]]:
    biases = sum(analysis[name].biases for name in names)
    weights = sum(analysis[name].weights for name in names)
    if biases:
        yield f"it leaves out the {biases:,} biases", weights
        yield "it adds one bias in all; every filter or unit has its own", weights + 1
    if len(names) == 1:
        facts = analysis.facts[names[0]]
        weight = facts.weights["weight"]
        own = analysis[names[0]].biases
        yield "it forgets that a filter spans all input channels", prod((weight[0], *weight[2:])) + own
        yield "it is one filter; multiply by their number", prod(weight[1:]) + (1 if own else 0)
        yield "it counts the output's numbers, not the parameters", facts.elements
        yield "it multiplies by the output positions; weights are shared", analysis.connections


_MISREAD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("it ignores the stride", {"stride": 1}),
    ("it ignores the padding", {"padding": 0}),
    ("it ignores the dilation", {"dilation": 1}),
    ("it rounds up where the window does not fit; frameworks round down", {"ceil_mode": True}),
)


def with_settings(network: Network, changes: dict[str, Any]) -> Network:
    """The network with a setting changed in every layer that has it."""
    nodes = {}
    for name, node in network.nodes.items():
        own = {key: value for key, value in changes.items() if key in node.layer.fields}
        nodes[name] = changed(node, layer=node.layer.but(**own)) if own else node
    return changed(network, nodes=nodes, memo={})
