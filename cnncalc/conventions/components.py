"""What can be counted in a layer, each thing under one name: the words every convention speaks.

A component is a function of a layer on its inputs, one image, and of nothing else: two conventions
that count the same component differ only in its factor.
"""

from collections.abc import Callable
from math import gcd
from typing import Any

from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim, Shape, ceil_div, prod
from cnncalc.layers.layer import Facts, per_axis

MOST_BINS = 64  # bins of an adaptive pool whose sizes are summed one by one where the map is open


@record
class Seen:
    """A layer in its place: what it is (of any kind, with its own fields), what it states, what it reads.

    ``inputs`` is empty for what reads nothing; ``shared``: its numbers are another layer's, held there.
    """

    layer: Any
    facts: Facts
    inputs: tuple[Shape, ...]
    shared: bool = False

    @property
    def rank(self) -> int:
        """Spatial axes of the (first) input."""
        return len(self.inputs[0]) - 1

    @property
    def scaled(self) -> bool:
        """Whether a learned scale is applied (``affine``)."""
        return "weight" in self.facts.weights

    @property
    def window(self) -> Shape:
        """The shape of the weights, learned or stored."""
        return (self.facts.weights if self.scaled else self.facts.buffers)["weight"]


def exact_in_binary(number: Dim) -> bool:
    """Whether a double holds the number exactly: what tools work out in floating point can be followed."""
    return isinstance(number, int) and number < 2**53


Count = Callable[[Seen], Dim | None]  # None: no number can be given


def _windows(seen: Seen) -> tuple[tuple[Dim, Dim, Dim, Dim, Dim], ...]:
    """(input, output, kernel, stride, padding) of each axis of a pool."""
    layer = seen.layer
    kernel = per_axis(layer.kernel_size, seen.rank, "kernel_size")
    stride = kernel if layer.stride is None else per_axis(layer.stride, seen.rank, "stride")
    given = layer.padding
    padding = per_axis(0 if isinstance(given, str) else given, seen.rank, "padding")
    return tuple(zip(seen.inputs[0][1:], seen.facts.output[1:], kernel, stride, padding, strict=True))


def _taps(seen: Seen) -> Dim:
    return seen.facts.elements * prod(kernel for _, _, kernel, _, _ in _windows(seen))


def _sides(seen: Seen) -> Dim:
    """Σ over outputs of one side of the window: what is read where k stands for k·k."""
    return seen.facts.elements * _windows(seen)[0][2]


def _inside(seen: Seen) -> Dim | None:
    """Numbers the windows of an average pool read, those beyond the (padded) map left out."""
    layer = seen.layer
    read = seen.inputs[0][0]
    for n, o, k, s, p in _windows(seen):
        low, high = (-p, n + p) if layer.count_include_pad else (0, n)
        beyond: Dim = 0
        if layer.ceil_mode or low != -p:
            if not all(isinstance(size, int) for size in (n, o, k, s, p)):
                return None
            early = min(o, ceil_div(low + p, s))  # windows that begin before the map
            late = max(0, (high + p - k) // s + 1)  # the first that ends after it
            beyond = early * (low + p) - s * early * (early - 1) // 2
            beyond += (o - late) * (k - p - high) + s * (late + o - 1) * (o - late) // 2 if late < o else 0
        read *= o * k - beyond
    return read


def _bins(seen: Seen) -> Dim | None:
    """Numbers the bins of an adaptive pool read; bin j of o covers ⌊j·n/o⌋ up to ⌈(j+1)·n/o⌉ - 1."""
    read = seen.inputs[0][0]
    wanted = seen.facts.output[1:] or (1,) * seen.rank
    for n, o in zip(seen.inputs[0][1:], wanted, strict=True):
        if isinstance(n, int) and isinstance(o, int):
            read *= n if n == o else n + o - gcd(n, o)
        elif o == 1 or n == o:
            read *= n
        elif isinstance(o, int) and o <= MOST_BINS:
            read *= sum(ceil_div((j + 1) * n, o) - j * n // o for j in range(o))
        else:
            return None
    return read


def _products(seen: Seen) -> Dim:
    """Entries of every product, taken two by two."""
    first, *rest = seen.inputs
    found: Dim = 0
    for other in rest:
        first = tuple(b if isinstance(a, int) and a == 1 else a for a, b in zip(first, other, strict=True))
        found += prod(first)
    return found


def _groups(seen: Seen) -> Dim:
    """How many groups are normalised on their own: positions, rows, or the whole image."""
    shape = seen.inputs[0]
    if seen.layer.kind != "layer_norm":  # a softmax
        return prod([n for axis, n in enumerate(shape, 1) if axis != seen.layer.dim])
    return {"all": 1, "channels": prod(shape[1:]), "last": prod(shape[:-1])}[seen.layer.over]


COMPONENTS: dict[str, tuple[str, Count]] = {
    "macs": ("multiply–accumulates", lambda seen: seen.facts.macs),
    "biases": ("bias additions", lambda seen: seen.facts.elements if "bias" in seen.facts.weights else 0),
    "inputs": ("numbers in", lambda seen: prod(seen.inputs[0])),
    "outputs": ("numbers out", lambda seen: seen.facts.elements),
    "taps": ("numbers read by windows", _taps),
    "sides": ("window sides", _sides),
    "inside": ("numbers read by windows, cut at the edge", _inside),
    "bins": ("numbers read by bins", _bins),
    "products": ("products of two entries", _products),
    "groups": ("groups", _groups),
    "params": ("learned numbers", lambda seen: seen.facts.params),
    "held": ("learned numbers, held once", lambda seen: 0 if seen.shared else seen.facts.params),
    "buffers": ("stored numbers that are not learned", lambda seen: 0 if seen.shared else seen.facts.buffered),
    "channels": ("channels", lambda seen: seen.inputs[0][0]),
    "axes": ("spatial axes", lambda seen: seen.rank),
    "padded": (
        "numbers of the map with its channels padded",
        lambda seen: (seen.inputs[0][0] + seen.layer.size - 1) * prod(seen.inputs[0][1:]),
    ),
    "weights at outputs": (
        "weights × output positions",
        lambda seen: prod(seen.window) * prod(seen.facts.output[1:]),
    ),
    "rows": ("numbers of the first factor × columns", lambda seen: prod(seen.inputs[0]) * seen.inputs[1][-1]),
}
"""Every component by its name: what it is called in a sentence, and its count for one run of the layer."""

ONCE = frozenset({"axes", "channels", "held", "buffers"})
"""Components that are there once, however often a layer runs for one image (behind a RoI pool)."""
