"""Receptive fields: which input pixels a number in the network can depend on.

`fields` carries the unclipped hull forward once, exactly, phases included. `reach` walks backward
from one position with sets of indices, clipped to the map at every layer: the truth at borders and
for windows with holes. Channels are not told apart (grouped and split paths share one field).
Recurrences: Araujo, Norris & Sim, Distill 2019.
"""

from collections.abc import Iterable, Iterator, Mapping

from cnncalc.exact.closed import Undecided
from cnncalc.exact.records import mutable, record
from cnncalc.exact.sizes import Dim, Shape
from cnncalc.exact.windows import ONE, POINT, AxisWindow, Field, Window, aligned, covering, joined, through
from cnncalc.layers.layer import EVERYTHING, Facts
from cnncalc.network import Network, Node, part_of

Shapes = Mapping[str, Shape]
MAX_LISTED = 1_000_000  # positions of one axis that are listed one by one
STILL = Window(0, 0, 0)  # one position, read by all: a size-1 axis that is broadcast


@record
class Seen:
    """What a tensor sees of one input axis, and on which of its own axes that axis lies.

    ``field`` None: no single rule holds for all positions. ``axis`` None: folded away, with
    ``extent`` positions left.
    """

    field: Field | None
    axis: int | None
    extent: Dim = 1


State = tuple[Seen | None, ...]  # one for each spatial axis of each input; None: not looked at


@mutable
class Fields:
    """Receptive fields of every layer, towards every spatial axis of every input."""

    axes: tuple[tuple[str, int], ...]
    states: dict[str, State]
    misaligned: tuple[str, ...]
    gated: bool

    def of(self, name: str) -> tuple[Field | None, ...]:
        """The fields towards the first input, one an axis; None where no one rule holds."""
        first = self.axes[0][0] if self.axes else None
        pairs = zip(self.axes, self.states[name], strict=True)
        return tuple(seen.field if seen else None for (source, _), seen in pairs if source == first)


def fields(network: Network, facts: Mapping[str, Facts], shapes: Shapes, gates: bool = True) -> Fields:
    """All receptive fields in one pass; ``gates`` False leaves out squeeze-and-excite gates and the
    statistics of group, layer and instance norm, which see the whole map."""
    axes = tuple((name, axis) for name, shape in network.inputs.items() for axis in range(1, len(shape)))
    states: dict[str, State] = {
        name: tuple(Seen(ONE, axis) if source == name else None for source, axis in axes) for name in network.inputs
    }
    walk = _Walk(facts, shapes, gates, len(axes))
    for name, node in network.nodes.items():
        states[name] = walk.step(name, node, states)
    return Fields(axes, states, tuple(walk.misaligned), walk.gated)


class _Walk:
    def __init__(self, facts: Mapping[str, Facts], shapes: Shapes, gates: bool, looked_at: int) -> None:
        self.facts, self.shapes, self.gates, self.looked_at = facts, shapes, gates, looked_at
        self.misaligned: list[str] = []
        self.gated = False
        self.last: tuple[Field | None, AxisWindow | None, Field | None] = (None, None, None)

    def step(self, name: str, node: Node, states: dict[str, State]) -> State:
        facts = self.facts[name]
        if not node.inputs:
            return (None,) * self.looked_at
        if len(node.inputs) == 1:
            reference = node.inputs[0]
            seen = states[part_of(reference)[0]]
            if facts.windows is None and facts.axes is None and not node.layer.statistics():
                return seen
            return self._through(node, facts, seen, self.shapes[reference])
        looked_at = node.inputs[:1] if node.layer.kind == "crop" else node.inputs
        branches = [
            self._through(node, facts, states[part_of(reference)[0]], self.shapes[reference])
            for reference in looked_at
            if not self._is_gate(node, reference, facts.output, states)
        ]
        return self._join(name, branches, facts.output)

    def _is_gate(self, node: Node, reference: str, output: Shape, states: dict[str, State]) -> bool:
        if node.layer.kind not in ("add", "multiply") or not any(states[part_of(reference)[0]]):
            return False
        shape = self.shapes[reference]
        if len(shape) < 2 or any(size != 1 for size in shape[1:]) or all(size == 1 for size in output[1:]):
            return False
        self.gated = True
        return not self.gates

    def _through(self, node: Node, facts: Facts, state: State, shape: Shape) -> State:
        whole = node.layer.statistics()
        self.gated = self.gated or whole
        return tuple(
            seen and self._axis_through(seen, facts, shape, whole and self.gates, len(node.inputs) > 1)
            for seen in state
        )

    def _axis_through(self, seen: Seen, facts: Facts, shape: Shape, whole: bool, joining: bool) -> Seen:
        if facts.windows == EVERYTHING:
            return Seen(through(seen.field, covering(_positions(seen, shape))), None)
        if seen.axis is None:
            return seen if facts.windows is None else Seen(through(seen.field, covering(seen.extent)), None)
        n = shape[seen.axis]
        window = _window(facts, seen.axis, len(shape), n, whole)
        if joining and n == 1 and len(facts.output) == len(shape) and facts.output[seen.axis] != 1:
            window = STILL
        field = None if window is None else self._composed(seen.field, window)
        if facts.axes is None:
            return Seen(field, seen.axis)
        if seen.axis in facts.axes:
            return Seen(field, facts.axes.index(seen.axis))
        return Seen(field, None, 1 if isinstance(window, Window) and window.step == 0 else n)

    def _composed(self, field: Field | None, window: AxisWindow) -> Field | None:
        """`through`, once for axes that are alike."""
        last_field, last_window, result = self.last
        if field is not last_field or window is not last_window:
            result = through(field, window)
            self.last = (field, window, result)
        return result

    def _join(self, name: str, branches: list[State], output: Shape) -> State:
        result = branches[0]
        for branch in branches[1:]:
            result = tuple(
                a if b is None else b if a is None else self._meet(name, a, b, output)
                for a, b in zip(result, branch, strict=True)
            )
        return result

    def _meet(self, name: str, a: Seen, b: Seen, output: Shape) -> Seen:
        n = output[a.axis] if a.axis is not None else a.extent
        if a.axis != b.axis:
            return Seen(None, a.axis, a.extent)
        constant = (a.field and a.field.shift == 0) or (b.field and b.field.shift == 0)
        if a.field and b.field and not constant and not aligned(a.field, b.field) and name not in self.misaligned:
            self.misaligned.append(name)
        try:
            field = joined(a.field, b.field, n)
        except Undecided:
            field = None
        return Seen(field, a.axis, a.extent)


def _positions(seen: Seen, shape: Shape) -> Dim:
    return seen.extent if seen.axis is None else shape[seen.axis]


def _window(facts: Facts, axis: int, rank: int, n: Dim, whole: bool) -> AxisWindow | None:
    """The window along one axis of an input with ``rank`` axes; channels are mixed unless all axes are told."""
    if whole:
        return covering(n)
    if facts.windows is None:
        return POINT
    if isinstance(facts.windows, str):
        return covering(n)
    if len(facts.windows) == rank:
        return facts.windows[axis]
    if axis == 0:
        return covering(n)
    return facts.windows[axis - 1] if axis - 1 < len(facts.windows) else covering(n)


class NotTabulated(ValueError):
    """A layer whose reading pattern is too irregular to list."""


def reach(
    network: Network, facts: Mapping[str, Facts], shapes: Shapes, name: str, position: tuple[int, ...]
) -> dict[str, tuple[tuple[int, ...], ...]]:
    """Exactly the input indices that one output position depends on: for each input, one sorted
    tuple a spatial axis. ``position`` names one index for each spatial axis of the layer's output.
    """
    return {
        source: indices
        for source, indices in footprints(network, facts, shapes, name, position)
        if source in network.inputs
    }


def footprints(
    network: Network, facts: Mapping[str, Facts], shapes: Shapes, name: str, position: tuple[int, ...]
) -> Iterator[tuple[str, tuple[tuple[int, ...], ...]]]:
    """What one output position depends on in every tensor before it, from the layer back to the inputs."""
    shape = shapes[name]
    if len(position) != len(shape) - 1 or not all(0 <= i < n for i, n in zip(position, shape[1:], strict=True)):
        raise ValueError(f"{name} has no position {position}: its output is {shape}")
    wanted: dict[str, list[set[int]]] = {name: [{i} for i in position]}
    for current in reversed(list(network.nodes)):
        if current in wanted:
            sets = wanted.pop(current)
            yield current, tuple(tuple(sorted(indices)) for indices in sets)
            for source, more in _read(network.nodes[current], facts[current], shapes, sets):
                if more is not None:
                    known = wanted.setdefault(source, [set() for _ in more])
                    for have, indices in zip(known, more, strict=True):
                        have |= indices
    for source, sets in wanted.items():
        yield source, tuple(tuple(sorted(indices)) for indices in sets)


def _read(
    node: Node, facts: Facts, shapes: Shapes, wanted: list[set[int]]
) -> Iterable[tuple[str, list[set[int]] | None]]:
    references = node.inputs[:1] if node.layer.kind == "crop" else node.inputs
    for reference in references:
        shape = shapes[reference]
        sets = [_read_axis(node, facts, axis, shape, wanted) for axis in range(1, len(shape))]
        yield part_of(reference)[0], None if any(not indices for indices in sets) else sets


def _read_axis(node: Node, facts: Facts, axis: int, shape: Shape, wanted: list[set[int]]) -> set[int]:
    n = shape[axis]
    if n > MAX_LISTED:
        raise NotTabulated(f"an axis of {n:,} positions is too long to list")
    if facts.windows == EVERYTHING or node.layer.statistics():
        return set(range(n))
    lands = axis if facts.axes is None else facts.axes.index(axis) if axis in facts.axes else None
    if lands is None or lands == 0:
        return set(range(n))
    if n == 1 and facts.output[lands] != 1 and len(node.inputs) > 1:
        return {0}
    window = _window(facts, axis, len(shape), n, False)
    if window is None:
        raise NotTabulated(f"{node.layer.kind} reads in a pattern that is too irregular to list")
    if facts.windows is None:
        return wanted[lands - 1]
    taps = {x for i in wanted[lands - 1] for x in window.taps(i)}
    return {x if 0 <= x < n else _mirrored(x, n, facts.beyond) for x in taps if 0 <= x < n or facts.beyond != "zeros"}


def _mirrored(x: int, n: int, beyond: str) -> int:
    """Where the number at position x outside a map of n comes from (PyTorch's padding modes)."""
    if beyond == "circular":
        return x % n
    if beyond == "replicate":
        return 0 if x < 0 else n - 1
    return -x if x < 0 else 2 * (n - 1) - x
