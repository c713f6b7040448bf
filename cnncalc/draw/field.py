"""The receptive field: which cells of every tensor one output position depends on, at true input coordinates.

A row a tensor, from the layer down to the input. A cell stands where its field is centred on the input; the orange
ones are those the position really depends on (`cnncalc.receptive.footprints`, clipped at every layer, through all
branches), the dashed ones the part of the unclipped field that lies in the padding.
"""

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure
from cnncalc.draw.labels import heading, shape_of
from cnncalc.draw.text import width
from cnncalc.draw.theme import LIGHT, Theme
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import record
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.windows import Field

WIDE = 640.0  # of the input axis
LARGEST, SMALLEST = 22.0, 3.0  # pixels of a cell; below that rows are bars
MOST = 14  # rows
TALL, STEP = 14.0, 46.0  # of a row; between rows
SIDE = 190.0  # of the picture of the whole input
NAME = 150.0  # room for a row's name


@record
class Row:
    """A tensor along one axis: its field towards the input, and the cells that count."""

    name: str
    size: int
    field: Field
    reached: tuple[int, ...]

    def centre(self, i: int) -> float:
        """Where cell i looks, in input pixels (the first one spans 0 to 1)."""
        span = self.field.span(i)
        assert span is not None
        return float(span[0] + span[1] + 1) / 2


def field(analysis: Analysis, name: str | None = None, position: tuple[int, ...] | None = None,
          theme: Theme = LIGHT) -> Figure:  # fmt: skip
    """The receptive field of one position of a layer (default: the last one with a map, its middle).

    Raises ShapeError where sizes are open, or the layer has no map left.
    """
    name = _layer(analysis, name)
    shape = analysis.shapes[name]
    if any(isinstance(size, Closed) for one in analysis.shapes.values() for size in one):
        raise ShapeError("a picture of a receptive field needs sizes: leave out --open")
    at = position or _middle(analysis, name)
    try:
        prints = analysis.footprints(name, at)
    except ValueError as error:
        raise ShapeError(str(error)) from None
    rows = _rows(analysis, name, prints)
    if not rows or analysis.fields.of(name)[-1].span(at[-1]) is None:  # type: ignore[union-attr]
        raise ShapeError(f"position {_shown(at)} of {name} depends on no input at all")
    rows[-1] = Row(name, rows[-1].size, rows[-1].field, rows[-1].reached)
    canvas = Canvas(theme)
    canvas.text(0, 0, f"Receptive field of {name} at {_shown(at)}", 14, bold=True, room=820)
    canvas.text(0, 18, heading(analysis), 10, fill=theme.soft, room=820)
    right = _pyramid(canvas, rows, at[-1], 44.0)
    if len(shape) > 2:
        _overlay(canvas, analysis, name, at, prints, right + 46, 44.0)
    title = f"Receptive field of {name}"
    return canvas.figure(title, f"The input pixels that position {_shown(at)} of {name} depends on, layer by layer.")


def _layer(analysis: Analysis, name: str | None) -> str:
    """The layer's full name; without one the last layer that still has a map of more than one position."""
    if name is not None:
        found = analysis[name].name
        found = found if found in analysis.facts else analysis.members(found)[-1]
    else:
        maps = [one for one in analysis.facts if len(analysis.shapes[one]) > 1 and not _constant(analysis, one)]
        if not maps:
            raise ShapeError("no layer of this network has a map with positions")
        found = maps[-1]
    if len(analysis.shapes[found]) < 2:
        raise ShapeError(f"{found} has no positions: its output is {shape_of(analysis, found)}")
    own = analysis.fields.of(found)
    if not own or own[-1] is None:
        raise ShapeError(f"no one rule holds for the field of {found}; it differs from position to position")
    return found


def _middle(analysis: Analysis, name: str) -> tuple[int, ...]:
    """The position in the middle, or the next one that sees anything (beds of nails have holes)."""
    found = []
    for size, field in zip(analysis.shapes[name][1:], analysis.fields.of(name), strict=False):
        seeing = (i for i in range(size // 2, size) if field is None or field.span(i) is not None)
        found.append(next(seeing, size // 2))
    found += [size // 2 for size in analysis.shapes[name][1 + len(found) :]]
    return tuple(found)


def _constant(analysis: Analysis, name: str) -> bool:
    """Whether all positions see the same (behind a global pool, or with a single position)."""
    own = analysis.fields.of(name)
    return not own or own[-1] is None or own[-1].shift == 0


def _shown(at: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, at))})"


def _rows(analysis: Analysis, name: str, prints: dict[str, tuple[tuple[int, ...], ...]]) -> list[Row]:
    """The rows to draw: each that differs from the one below it, thinned out where there are many."""
    source = next(iter(analysis.network.inputs))
    found: list[Row] = []
    for tensor in (source, *analysis.facts):
        own = analysis.fields.of(tensor)
        if tensor not in prints or not own or own[-1] is None or len(analysis.shapes[tensor]) < 2:
            continue
        row = Row(tensor, analysis.shapes[tensor][-1], own[-1], prints[tensor][-1])
        if not row.reached or any(row.field.span(i) is None for i in row.reached):
            continue
        if found and (row.size, row.field, row.reached) == (found[-1].size, found[-1].field, found[-1].reached):
            continue
        found.append(row)
    return _thinned(found)


def _thinned(rows: list[Row]) -> list[Row]:
    """At most `MOST` rows: the last of every resolution first, then evenly what else has room."""
    if len(rows) <= MOST:
        return rows
    last = [i for i in range(len(rows)) if i + 1 == len(rows) or rows[i + 1].field.jump != rows[i].field.jump]
    kept = {0, len(rows) - 1, *last[-(MOST - 2) :]}
    others = [i for i in range(len(rows)) if i not in kept]
    free = MOST - len(kept)
    kept |= {others[k * len(others) // free] for k in range(free)} if free > 0 and others else set()
    return [rows[i] for i in sorted(kept)]


def _pyramid(canvas: Canvas, rows: list[Row], at: int, top: float) -> float:
    """The rows, the cone between them, and the bracket below; the right end."""
    theme = canvas.theme
    span = rows[-1].field.span(at)
    assert span is not None
    size = rows[0].size
    low, high = min(0, span[0]), max(size, span[1] + 1)
    unit = min(LARGEST, WIDE / (high - low))
    left = NAME + 12 - low * unit
    places = [top + (len(rows) - 1 - k) * STEP for k in range(len(rows))]
    for k in range(len(rows) - 1, 0, -1):
        _cone(canvas, rows[k], rows[k - 1], places[k] + TALL, places[k - 1], left, unit)
    for row, y in zip(rows, places, strict=True):
        _row(canvas, row, y, left, unit)
        _named(canvas, row, y)
    y = places[0] + TALL + 9
    _padding(canvas, span, size, places[0], left, unit)
    x0, x1 = left + span[0] * unit, left + (span[1] + 1) * unit
    border = theme.hot[1]
    for x in (x0, x1):
        canvas.line(x, y - 4, x, y + 4, border, 1.4)
    canvas.line(x0, y, x1, y, border, 1.4)
    outside = max(0, -span[0]) + max(0, span[1] - size + 1)
    said = f"receptive field: {span[1] - span[0] + 1} pixels" + (
        f", {outside} of them in the padding" if outside else ""
    )
    wide = width(said, 11, True)
    middle = min(max((x0 + x1) / 2, left + low * unit + wide / 2), left + high * unit - wide / 2)
    middle = max(middle, NAME + 12 + wide / 2)
    canvas.text(middle, y + 18, said, 11, "middle", True, border)
    return float(max(left + high * unit, middle + wide / 2))


def _edges(row: Row, i: int, unit: float) -> tuple[float, float]:
    """Left and right of a cell, in pixels from the input's first."""
    jump: float = float(row.field.jump) or 1.0
    half: float = min(jump * unit * 0.84, LARGEST * 0.8, max(jump, 1.0) * unit) / 2
    centre = row.centre(i) * unit
    return centre - half, centre + half


def _cone(canvas: Canvas, upper: Row, lower: Row, y0: float, y1: float, left: float, unit: float) -> None:
    a, b = _edges(upper, upper.reached[0], unit)[0], _edges(upper, upper.reached[-1], unit)[1]
    c, d = _edges(lower, lower.reached[0], unit)[0], _edges(lower, lower.reached[-1], unit)[1]
    corners = [(left + a, y0), (left + b, y0), (left + d, y1), (left + c, y1)]
    canvas.polygon(corners, canvas.theme.hot[0], fill_opacity="0.22")


def _row(canvas: Canvas, row: Row, y: float, left: float, unit: float) -> None:
    theme, reached = canvas.theme, set(row.reached)
    jump = float(row.field.jump) or 1.0
    with canvas.group("row", f"{row.name}: {len(reached)} of {row.size} positions", name=row.name):
        if jump * unit < SMALLEST or row.size > 400:
            first = next(i for i in range(row.size) if row.field.span(i) is not None)
            last = next(i for i in reversed(range(row.size)) if row.field.span(i) is not None)
            a, b = _edges(row, first, unit)[0], _edges(row, last, unit)[1]
            canvas.rect(left + a, y, b - a, TALL, *theme.cell)
            c, d = _edges(row, row.reached[0], unit)[0], _edges(row, row.reached[-1], unit)[1]
            canvas.rect(left + c, y, d - c, TALL, *theme.hot)
            return
        for i in range(row.size):
            if row.field.span(i) is None:
                continue
            a, b = _edges(row, i, unit)
            fill, border = theme.hot if i in reached else theme.cell
            canvas.rect(left + a, y, b - a, TALL, fill, border, min(2.0, (b - a) / 4), 1.0 if b - a > 4 else 0.5)


def _padding(canvas: Canvas, span: tuple[int, int], size: int, y: float, left: float, unit: float) -> None:
    """The part of the field that lies in the padding, dashed."""
    for a, b in ((span[0], min(0, span[1] + 1)), (max(size, span[0]), span[1] + 1)):
        if a < b:
            canvas.rect(left + a * unit, y, (b - a) * unit, TALL, "none", canvas.theme.hot[1], stroke_dasharray="3 2")


def _named(canvas: Canvas, row: Row, y: float) -> None:
    theme = canvas.theme
    canvas.text(0, y + 5, row.name, 10.5, bold=True, room=NAME)
    sizes = row.field.sizes
    seen = str(row.field.size) if len(set(sizes)) == 1 else f"{min(sizes)}–{max(sizes)}"
    said = f"{row.size} cells · jump {row.field.jump} · field {seen}"
    canvas.text(0, y + 17, said, 8.5, fill=theme.soft, room=NAME)


def _overlay(canvas: Canvas, analysis: Analysis, name: str, at: tuple[int, ...],
             prints: dict[str, tuple[tuple[int, ...], ...]], x: float, y: float) -> None:  # fmt: skip
    """The whole input as a rectangle, with the field of the position on it."""
    theme = canvas.theme
    source = next(iter(analysis.network.inputs))
    tall, wide = analysis.shapes[source][-2:]
    own = analysis.fields.of(name)
    rows, columns = (one.span(i) if one else None for one, i in zip(own[-2:], at[-2:], strict=True))
    if rows is None or columns is None or source not in prints:
        return
    top, bottom = min(0, rows[0]), max(tall, rows[1] + 1)
    left, right = min(0, columns[0]), max(wide, columns[1] + 1)
    unit = SIDE / max(bottom - top, right - left)
    x0, y0 = x - left * unit, y - top * unit
    canvas.rect(x0, y0, wide * unit, tall * unit, *theme.cell)
    seen = prints[source]
    a, b = seen[-2][0], seen[-2][-1] + 1
    c, d = seen[-1][0], seen[-1][-1] + 1
    canvas.rect(x0 + c * unit, y0 + a * unit, (d - c) * unit, (b - a) * unit, theme.hot[0], theme.hot[1], 0, 1.4,
                fill_opacity="0.8")  # fmt: skip
    canvas.rect(x0 + columns[0] * unit, y0 + rows[0] * unit, (columns[1] - columns[0] + 1) * unit,
                (rows[1] - rows[0] + 1) * unit, "none", theme.hot[1], 0, 1.2, stroke_dasharray="3 2")  # fmt: skip
    below = y + (bottom - top) * unit + 16
    said = f"on the input of {tall} × {wide}"
    canvas.text(x, below, said, 10, fill=theme.soft)
    part = (b - a) * (d - c) / (tall * wide)
    rectangle = f"{b - a} × {d - c} pixels within it, {part:.1%}"
    canvas.text(x, below + 15, rectangle, 10, fill=theme.soft)
