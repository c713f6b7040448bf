"""Receptive fields of the analysis against those measured: at the borders, and far from them."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.analysis import Analysis
from cnncalc.exact.records import changed
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.windows import Field
from cnncalc.network import part_of
from cnncalc.pytorch.marks import LOST, Marks, corners, measured
from cnncalc.pytorch.report import Report
from cnncalc.receptive import NotTabulated

LONGEST = 4096  # positions of an axis whose relation is measured as a whole
USUAL = 1024  # how far a map is enlarged to get away from its borders, unless all is asked for
SAMPLED = 100  # layers whose borders are compared, unless all are asked for
PHASES = 8  # neighbouring positions compared in the interior
TRIES = 64  # sizes tried for a larger map that fits the network

Tick = Callable[[int], None]


def compare_fields(analysis: Analysis, report: Report, everything: bool, tick: Tick) -> None:
    """Both comparisons; ``everything`` leaves out no layer. Maps beyond `LONGEST` are not measured."""
    axes = [shape[axis] for shape in analysis.network.inputs.values() for axis in range(1, len(shape))]
    report.checked |= {"fields": 0, "fields_inside": 0}
    if not axes or max(axes) > LONGEST:
        tick(2 * len(analysis.facts))
        return
    _at_borders(analysis, report, everything, tick)
    _inside(analysis, report, LONGEST if everything else USUAL, tick)


def _at_borders(analysis: Analysis, report: Report, everything: bool, tick: Tick) -> None:
    """Exactly which input positions the first, the middle and the last position of a layer depend on."""
    names = list(analysis.facts)
    step = 1 if everything else -(-len(names) // SAMPLED)
    wanted = {*names[::step], *(part_of(name)[0] for name in analysis.network.outputs)}
    for name, marks in measured(analysis):
        tick(1)
        shape = analysis.facts[name].output
        if name not in wanted or not 1 < len(shape) == len(analysis.shapes[name]) or any(one is LOST for one in marks):
            continue
        sizes = {(one.axis, one.positions()) for one in marks if one is not None and one.axis is not None}
        if found := [(shape[axis], size) for axis, size in sizes if shape[axis] != size]:
            report.compare(name, "positions", "fields", *found[0])
            continue
        for position in corners(shape):
            _compare_position(analysis, report, name, position, marks)


def _compare_position(
    analysis: Analysis, report: Report, name: str, position: tuple[int, ...], marks: list[Marks | None]
) -> None:
    try:
        reached = analysis.reach(name, position)
    except NotTabulated:
        return
    found: dict[str, list[tuple[int, ...]]] = {}
    for (source, _), one in zip(analysis.fields.axes, marks, strict=True):
        if one is not None and one is not LOST:
            along = None if one.axis is None else position[one.axis - 1]
            found.setdefault(source, []).append(one.depends_on(along))
    theirs = {source: tuple(axes) for source, axes in found.items() if all(axes)}
    ours = {source: axes for source, axes in reached.items() if all(axes)}
    report.compare(name, f"reach of {position}", "fields", ours, theirs)


def _inside(analysis: Analysis, report: Report, longest: int, tick: Tick) -> None:
    """The unclipped field, on a map long enough that some positions see no border."""
    larger = _enlarged(analysis, longest)
    limits = _Limits(larger)
    for name, marks in measured(larger):
        tick(1)
        pairs = zip(larger.fields.axes, marks, larger.fields.states[name], analysis.fields.states[name], strict=True)
        for (source, axis), one, wide, usual in pairs:
            field = wide.field if wide else None
            limits.extend(name, (source, axis), field, one)
            if one is None or one is LOST or one.axis is None or field is None or usual is None:
                continue
            if field == usual.field:
                _compare_inside(report, limits, name, (source, axis), usual.field, one)


def _compare_inside(
    report: Report, limits: _Limits, name: str, towards: tuple[str, int], field: Field, marks: Marks
) -> None:
    middle = marks.positions() // 2
    for i in range(middle, min(marks.positions(), middle + min(field.period, PHASES))):
        ours = field.span(i)
        if field.shift == 0 or not limits.inside(towards, ours):
            continue
        report.compare(name, f"receptive field of position {i}", "fields_inside", ours, marks.hull(i))


class _Limits:
    """For each input axis, the span of input positions that no border of any layer comes near."""

    def __init__(self, analysis: Analysis) -> None:
        shapes = analysis.network.inputs
        self.spans = {(name, axis): (0, shapes[name][axis] - 1) for name, axis in analysis.fields.axes}

    def extend(self, name: str, towards: tuple[str, int], field: Field | None, marks: Marks | None) -> None:
        """A layer's map ends where its first and last positions look."""
        if field is None or field.shift == 0 or marks is None or marks.axis is None:
            return
        first, last = field.span(0), field.span(marks.positions() - 1)
        if first is not None and last is not None:
            low, high = self.spans[towards]
            self.spans[towards] = (max(low, first[0]), min(high, last[1]))

    def inside(self, towards: tuple[str, int], span: tuple[int, int] | None) -> bool:
        low, high = self.spans[towards]
        return span is None or (low <= span[0] and span[1] <= high)


def _enlarged(analysis: Analysis, longest: int) -> Analysis:
    """The same layers on maps long enough for their largest field, where there are such sizes."""
    fields = [field for name in analysis.facts for field in analysis.fields.of(name) if field and field.shift]
    if not fields:
        return analysis
    reach = max(field.size + 8 * -(-field.shift // field.period) for field in fields)
    wanted = reach + 2 * max(max(field.offset or 0, 0) for field in fields) + 64
    network = analysis.network
    start = min(wanted, longest - TRIES)
    for size in range(start, start + TRIES):
        inputs = {name: (shape[0], *(max(size, n) for n in shape[1:])) for name, shape in network.inputs.items()}
        try:
            return Analysis(changed(network, inputs=inputs, memo={}))
        except ShapeError:
            continue
    return analysis
