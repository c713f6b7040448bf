"""The rows of a summary: layers, or blocks folded to one row at a given depth."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from cnncalc.analysis import Analysis, LayerAnalysis
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import record
from cnncalc.exact.sizes import times
from cnncalc.formulas import factor, pretty
from cnncalc.report.labels import described

COMFORTABLE = 40  # rows that are read without scrolling
LONGEST = 24  # characters of an open figure in a cell; longer ones are told under the table


@record
class Row:
    """A line of the table: a layer, a folded block, or (without figures) the head of an open block."""

    path: str
    depth: int
    label: str
    kind: str
    layer: LayerAnalysis | None
    sources: tuple[str, ...] = ()


def rows(analysis: Analysis, depth: int | None) -> list[Row]:
    """Rows down to ``depth`` levels of blocks; None: as many levels as stay comfortable to read."""
    if depth is not None:
        return list(_rows(analysis, depth))
    deepest = max((name.count(".") for name in analysis.facts), default=0) + 1
    for level in range(deepest, 1, -1):
        found = list(_rows(analysis, level))
        if len(found) <= COMFORTABLE:
            return found
    return list(_rows(analysis, 1))


def _rows(analysis: Analysis, depth: int) -> Iterator[Row]:
    opened: tuple[str, ...] = ()
    folded = ""
    previous = next(iter(analysis.network.inputs))
    for name in analysis.facts:
        *path, last = name.split(".")
        if len(path) >= depth:
            block = ".".join(path[:depth])
            if block != folded:
                folded = block
                yield from _heads(opened, tuple(path[: depth - 1]))
                opened = tuple(path[: depth - 1])
                members = analysis.members(block)
                layer = analysis[block]
                yield Row(block, depth - 1, path[depth - 1], f"block of {len(members)}", layer,
                          _unusual(layer.inputs, previous))  # fmt: skip
            previous = name
            continue
        folded = ""
        yield from _heads(opened, tuple(path))
        opened = tuple(path)
        layer = analysis[name]
        node = analysis.network.nodes[name]
        kind = described(node.layer, len(analysis.shapes[node.inputs[0]]) - 1 if node.inputs else 0)
        yield Row(name, len(path), last, kind, layer, _unusual(layer.inputs, previous))
        previous = name


def _heads(opened: tuple[str, ...], path: tuple[str, ...]) -> Iterator[Row]:
    """The blocks that open between one row and the next."""
    common = 0
    while common < min(len(opened), len(path)) and opened[common] == path[common]:
        common += 1
    for level in range(common, len(path)):
        yield Row(".".join(path[: level + 1]), level, path[level], "", None)


def _unusual(inputs: tuple[str, ...], previous: str) -> tuple[str, ...]:
    return () if inputs == (previous,) else inputs


def number(value: Any) -> str:
    """A figure as it is read: 61,706; 1/2; a dash where none holds."""
    if value is None:
        return "–"
    if isinstance(value, Closed):
        text = pretty(value)
        return text if len(text) <= LONGEST else "open"
    return f"{value:,}" if isinstance(value, int) else str(value)


def per_axis(values: tuple[Any, ...]) -> str:
    """One number where all axes agree, else one for each: 5 or 3×5."""
    if not values:
        return "–"
    if len(set(values)) == 1:
        return number(values[0])
    text = times(tuple(factor(value) if isinstance(value, Closed) else number(value) for value in values))
    return text if len(text) <= LONGEST else "open"


def plain(value: Any) -> Any:
    """A figure for JSON: ints stay, fractions and open figures become text in Python's syntax."""
    return str(value) if isinstance(value, Fraction | Closed) else value


def shape_of(layer: LayerAnalysis) -> str:
    shape = times(tuple(map(factor, layer.output)))
    return shape if layer.copies == 1 else f"{number(layer.copies)} of {shape}"


Column = Callable[[Row, LayerAnalysis], str]
COLUMNS: dict[str, tuple[str, Column]] = {
    "layer": ("layer", lambda row, layer: "  " * row.depth + row.label),
    "kind": ("kind", lambda row, layer: row.kind),
    "inputs": ("from", lambda row, layer: ", ".join(row.sources)),
    "output": ("output", lambda row, layer: shape_of(layer)),
    "params": ("params", lambda row, layer: number(layer.params)),
    "trainable": ("trainable", lambda row, layer: number(layer.trainable)),
    "weights": ("weights", lambda row, layer: number(layer.weights)),
    "biases": ("biases", lambda row, layer: number(layer.biases)),
    "buffers": ("buffers", lambda row, layer: number(layer.buffers)),
    "macs": ("MACs", lambda row, layer: number(layer.macs)),
    "activations": ("activations", lambda row, layer: number(layer.activations)),
    "connections": ("connections", lambda row, layer: number(layer.connections)),
    "neurons": ("neurons", lambda row, layer: number(layer.neurons)),
    "field": ("field", lambda row, layer: per_axis(layer.receptive_field)),
    "jump": ("jump", lambda row, layer: per_axis(layer.jump)),
    "offset": ("offset", lambda row, layer: per_axis(layer.offset)),
}
USUAL = ("layer", "kind", "inputs", "output", "params", "macs", "field")
TEXT = ("layer", "kind", "inputs")  # set flush left; figures flush right
SUMS = ("params", "trainable", "weights", "biases", "buffers", "macs", "activations", "connections", "neurons")
DROPPED_FIRST = ("inputs", "offset", "jump", "field", "kind", "neurons", "connections", "macs")


def totals(analysis: Analysis) -> dict[str, Any]:
    """What the columns add up to over all layers."""
    layers = list(analysis)
    return {name: sum(getattr(layer, name) for layer in layers) for name in SUMS}
