"""The cost of a network under a convention: one pass over the layers, everything named, nothing guessed."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

from cnncalc.analysis import Analysis
from cnncalc.conventions.components import Seen
from cnncalc.conventions.convention import Convention, Terms, counted, repeated, total
from cnncalc.exact.records import changed, record
from cnncalc.exact.sizes import Dim
from cnncalc.layers import FAMILIES, FAMILY_OF
from cnncalc.network import Network, part_of

MOVING = frozenset(FAMILIES["reshaping"].split()) | {
    "concat", "split", "identity", "im2col", "parameter", "pixel_shuffle", "pixel_unshuffle", "channel_shuffle",
}  # fmt: skip
"""Kinds that compute nothing, which every tool counts as nothing."""


def unwritten(layer: Any) -> str:
    """Why no tool's count can be known: there is no one way to write the layer in PyTorch. Else ''."""
    kind = layer.kind
    if kind in ("locally_connected", "partially_connected", "radial_basis", "roi_pool", "roi_align"):
        return f"PyTorch has no module for {kind}"
    if kind == "upsample" and layer.mode == "bed_of_nails":
        return "PyTorch has no module for bed_of_nails"
    if getattr(layer, "trainable", False):
        return "PyTorch has no module for a trainable avg_pool"
    if kind in ("max_pool", "avg_pool", "lp_pool"):
        if layer.ceil_mode == "caffe":
            return "PyTorch's pools do not round as Caffe's"
        if layer.padding == "tf_same":
            return "PyTorch's pools do not pad as TensorFlow's"
    return ""


@record
class LayerCost:
    """What a convention counts in one layer, for one image.

    ``terms``   by its own rule; ``printed`` as the tool itself counts, slips included; None: cannot be known
    ``slip``    why the two differ, ``habit`` why neither is its plain rule, ``unknown`` why there is no count;
                '' otherwise
    ``status``  why it may count nothing: the tool has no rule for it, does not see it because it is called as
                a function, or does not see it because no output depends on it
    """

    name: str
    kind: str
    terms: Terms | None
    printed: Terms | None
    slip: str = ""
    habit: str = ""
    unknown: str = ""
    status: Literal["counted", "no rule", "function", "unused"] = "counted"

    def under(self, as_is: bool) -> Terms | None:
        """The terms by the tool's rule, or as it counts in fact."""
        return self.printed if as_is else self.terms

    def total(self, as_is: bool = False) -> Dim | None:
        """The layer's cost; None where it cannot be known."""
        return total(self.under(as_is))


def sum_of(costs: Iterable[Dim | None]) -> Dim | None:
    """The sum; None where one of them cannot be known."""
    found: Dim = 0
    for cost in costs:
        if cost is None:
            return None
        found += cost
    return found


class Cost:
    """The cost of a network under one convention.

    ``as_is``: with the tool's own slips; ``functional``: layers, blocks or kinds that the code calls as
    functions (None: as the spec says of the published code). Raises KeyError, with the nearest names, for
    a name that is none of these.

    >>> from cnncalc import analyse, load
    >>> from cnncalc.conventions import convention
    >>> cost = Cost(analyse(load("resnet50")), convention("fvcore"))
    >>> cost.total, cost.convention.unit, cost.unruled
    (4111512576, 'MACs', ['max_pool', 'add'])
    """

    def __init__(self, analysis: Analysis, convention: Convention, as_is: bool = False,
                 functional: Sequence[str] | None = None) -> None:  # fmt: skip
        self.convention, self.as_is = convention, as_is
        self.functional = analysis.network.about.functional if functional is None else tuple(functional)
        self.layers: dict[str, LayerCost] = {}
        written = functions(analysis, self.functional) | stored(analysis.network)
        live = used(analysis.network) if convention.traces else set(analysis.network.nodes)
        memo: dict[tuple[object, ...], LayerCost] = {}
        for name, node in analysis.network.nodes.items():
            inputs = tuple([analysis.shapes[reference] for reference in node.inputs])
            runs = analysis.copies[part_of(node.inputs[0])[0]] if analysis.copied and inputs else 1
            if name not in live:
                self.layers[name] = LayerCost(name, node.layer.kind, (), (), status="unused")
                continue
            key = (node.layer, inputs, name in written, bool(node.shares))
            if key not in memo:
                seen = Seen(node.layer, analysis.facts[name], inputs, bool(node.shares))
                memo[key] = _layer(seen, convention, name in written)
            one = memo[key]
            terms, printed = (repeated(some, runs) for some in (one.terms, one.printed))
            self.layers[name] = changed(one, name=name, terms=terms, printed=printed)

    def of(self, name: str) -> Dim | None:
        """One layer's cost; None where it cannot be known."""
        return self.layers[name].total(self.as_is)

    def of_all(self, names: Sequence[str]) -> Dim | None:
        """The sum over some layers; None where one of them cannot be known."""
        return sum_of(self.of(name) for name in names)

    @cached_property
    def total(self) -> Dim | None:
        """The network's cost; None where a layer's cannot be known."""
        return self.of_all(list(self.layers))

    @cached_property
    def printed(self) -> Dim | None:
        """What the tool itself prints, slips included."""
        return sum_of(layer.total(as_is=True) for layer in self.layers.values())

    @cached_property
    def slips(self) -> dict[str, list[str]]:
        """Each slip that shows, with the layers it shows on."""
        return self._reasons("slip")

    @cached_property
    def habits(self) -> dict[str, list[str]]:
        """Each habit that shows, with the layers it shows on."""
        return self._reasons("habit")

    def _reasons(self, which: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for layer in self.layers.values():
            if why := getattr(layer, which):
                found.setdefault(why, []).append(layer.name)
        return found

    @cached_property
    def unknown(self) -> dict[str, list[str]]:
        """Each reason why there is no count, with its layers."""
        found: dict[str, list[str]] = {}
        for layer in self.layers.values():
            if layer.total(self.as_is) is None:
                found.setdefault(layer.unknown, []).append(layer.name)
        return found

    @cached_property
    def unruled(self) -> list[str]:
        """Kinds in the network that the tool has no rule for."""
        return self._kinds("no rule")

    @cached_property
    def hidden(self) -> list[str]:
        """Kinds that the tool does not see where they are called as functions."""
        return self._kinds("function")

    @cached_property
    def unused(self) -> list[str]:
        """Layers that the tool does not see because no output depends on them."""
        return [layer.name for layer in self.layers.values() if layer.status == "unused"]

    def _kinds(self, status: str) -> list[str]:
        return list(dict.fromkeys(layer.kind for layer in self.layers.values() if layer.status == status))


def functions(analysis: Analysis, names: Sequence[str]) -> set[str]:
    """The layers meant by names of layers, blocks and kinds. Raises KeyError with the nearest names."""
    found: set[str] = set()
    for name in names:
        members = analysis.members(name)
        if name in FAMILY_OF:
            found |= {one for one, node in analysis.network.nodes.items() if node.layer.kind == name}
        else:
            found |= {*members} if members else {analysis[name].name}
    return found


def stored(network: Network) -> set[str]:
    """Convolutions with stored windows: PyTorch's modules learn theirs, so these are functions on a buffer."""
    layers: dict[str, Any] = {name: node.layer for name, node in network.nodes.items()}
    return {name for name, layer in layers.items() if layer.kind == "conv" and layer.fixed}


def used(network: Network) -> set[str]:
    """The layers that some output depends on."""
    found: set[str] = set()
    waiting = [part_of(reference)[0] for reference in network.outputs]
    while waiting:
        name = waiting.pop()
        if name in network.nodes and name not in found:
            found.add(name)
            waiting += [part_of(reference)[0] for reference in network.nodes[name].inputs]
    return found


def _layer(seen: Seen, convention: Convention, as_function: bool) -> LayerCost:
    kind = seen.layer.kind
    if why := unwritten(seen.layer) or inside(seen, convention) if convention.of_modules else "":
        return LayerCost("", kind, None, None, unknown=why)
    rule = convention.rule(seen, as_function)
    terms = counted(rule or {}, seen)
    printed, quirk = convention.as_printed(seen, as_function, terms)
    if kind == "opaque" and convention.quirks:
        printed = None
    slip = habit = ""
    if quirk is not None and quirk.habit:
        terms, habit = printed, quirk.why
    elif quirk is not None:
        slip = quirk.why
    if convention.of_modules and cropped(seen.layer):
        terms, printed = (_products_only(some) for some in (terms, printed))
        why = "PyTorch's transposed convolution does not crop as Keras's"
    elif total(terms) is None or total(printed) is None:
        why = f"how {convention.name} counts it depends on what a spec does not say"
        if kind == "matmul":
            why = f"{convention.name} counts torch.matmul, not @; --functional matmul says that it is the former"
    status: Literal["counted", "no rule", "function"] = "counted"
    if rule is None and kind not in MOVING:
        status = "function" if as_function and convention.rule(seen) is not None else "no rule"
    return LayerCost("", kind, terms, printed, slip, habit, why, status)


def inside(seen: Seen, convention: Convention) -> str:
    """Why a layer known only from outside has no count; '' where its stated MACs are one."""
    if seen.layer.kind != "opaque":
        return ""
    if seen.facts.uncounted:
        return "what an opaque layer computes is not known"
    return "" if convention.rule(seen) else f"of an opaque layer only MACs are known, and {convention.name} needs more"


def _products_only(terms: Terms | None) -> Terms | None:
    """The terms if they are known wherever a transposed convolution is cut."""
    return None if terms is None or any(term.component != "macs" for term in terms) else terms


def cropped(layer: Any) -> bool:
    """Whether a transposed convolution is cut by more or less than PyTorch can: its products are known, no more."""
    if layer.kind != "conv_transpose":
        return False
    padding = layer.padding
    uneven = isinstance(padding, tuple) and any(isinstance(side, tuple) and side[0] != side[1] for side in padding)
    return uneven or isinstance(padding, str)
