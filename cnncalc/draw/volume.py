"""Volumes: every map as a box, as in the AlexNet and LeNet papers; vectors as rods, skips as arcs.

The side of a face is proportional to the root of the map's side, the depth of a box to the root of its channels: a
linear scale would leave nothing of a 7 × 7 map beside one of 224 × 224.
"""

from math import sqrt

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure, head
from cnncalc.draw.folding import LEVELS, Box, Frame, Picture, picture
from cnncalc.draw.labels import heading, shape_of
from cnncalc.draw.text import shortened, width
from cnncalc.draw.theme import LIGHT, Theme, shade
from cnncalc.exact.records import mutable, record
from cnncalc.exact.sizes import Shape
from cnncalc.network import part_of
from cnncalc.working import at_usual_values

MOST = 28  # volumes
PAGE = 1180.0  # pixels before a row is wrapped
FACE, DEPTH, ROD = 128.0, 64.0, 132.0  # of the largest map, of the most channels, of the longest vector
LEAST = 7.0
SLANT = (0.36, 0.25)  # how far a face reaches back, along x and y
GAP = 16.0  # between an arrow's ends and the volumes
OPERATION = 104.0  # room for what an arrow does
ROW = 58.0  # between rows, without their labels
QUIET = ("relu", "dropout", "flatten", "batch_norm", "identity")


@record
class Volume:
    """A map or a vector: its shape (numbers), what it is called, and what makes it."""

    name: str
    label: str
    shape: Shape
    hue: str
    operation: tuple[str, ...]
    times: int = 1


@mutable
class _Solid:
    """A volume's pixels: face height, depth, how far it slants back, and where it stands."""

    tall: float
    deep: float
    back: float
    up: float
    x: float = 0.0
    row: int = 0

    @property
    def wide(self) -> float:
        return self.deep + self.back


def volume(analysis: Analysis, fold: str | None = None, theme: Theme = LIGHT) -> Figure:
    """The maps of a network's main path as boxes."""
    usual = at_usual_values(analysis)
    shown, path = _shown(analysis, fold)
    volumes, places = _volumes(analysis, usual, path)
    solids = _solids(volumes)
    captions = [_caption(one) for one in volumes]
    _wrapped(volumes, solids, captions)
    canvas = Canvas(theme)
    bases = _bases(solids, _arcs(shown, path, places))
    for row, base in enumerate(bases):
        for i, one in enumerate(volumes):
            if solids[i].row == row:
                _arrow(canvas, volumes, solids, i, base)
                _solid(canvas, one, solids[i], base)
                _captioned(canvas, one, solids[i], captions[i], base)
    for a, b in _arcs(shown, path, places):
        _arc(canvas, solids, a, b, bases)
    note = "channels × height × width; faces, depths and rods grow with the square root of their size"
    if any(solids[a].row != solids[b].row for a, b in _arcs(shown, path, places)):
        note += "; skips from row to row are not drawn"
    canvas.text(canvas.left, canvas.bottom + 18, note, 9, fill=theme.soft)
    canvas.text(canvas.left, canvas.top - 14, heading(analysis), 14, bold=True, room=max(560.0, canvas.right))
    return canvas.figure(heading(analysis), f"The maps of {analysis.network.name} as boxes, from input to output.")


def _shown(analysis: Analysis, fold: str | None) -> tuple[Picture, list[Box]]:
    """The least folded picture whose main path has few enough boxes and draws no repeat once."""
    for level in (fold,) if fold else LEVELS[1:]:
        found = picture(analysis, level)
        path = main_path(found)
        plain = not any(isinstance(item, Frame) and _repeats(item) for item in found.items)
        if len(path) <= MOST and plain:
            break
    return found, path


def _repeats(frame: Frame) -> bool:
    return frame.times > 1 or any(isinstance(item, Frame) and _repeats(item) for item in frame.items)


def main_path(shown: Picture) -> list[Box]:
    """The way through the most boxes."""
    boxes = shown.boxes()
    place = {box.id: i for i, box in enumerate(boxes)}
    long, before = [1] * len(boxes), [-1] * len(boxes)
    for edge in sorted(shown.edges, key=lambda edge: place[edge.source]):
        a, b = place[edge.source], place[edge.target]
        if a < b and long[a] + 1 > long[b]:
            long[b], before[b] = long[a] + 1, a
    at = max(range(len(boxes)), key=lambda i: (long[i], -i))
    path = []
    while at >= 0:
        path.append(boxes[at])
        at = before[at]
    return path[::-1]


def _volumes(analysis: Analysis, usual: Analysis, path: list[Box]) -> tuple[list[Volume], dict[str, int]]:
    """The volumes along the path, and for each box on it the volume that shows its output."""
    found: list[Volume] = []
    places: dict[str, int] = {}
    waiting: list[str] = []
    for box in path:
        tensor = box.layers[-1] if box.layers else box.id
        if tensor not in usual.shapes:  # the box at the end that names the output
            continue
        shape = usual.shapes[tensor]
        kind = analysis.network.nodes[tensor].layer.kind if box.layers else "input"
        first = analysis.network.nodes[box.layers[0]].layer.kind if box.layers else ""
        same = bool(found) and shape == found[-1].shape and (box.shape == "join" or box.hue not in ("conv", "dense"))
        if box.layers and (same or first in QUIET or box.hue in ("act", "norm")) and box.hue != "block":
            places[box.id] = len(found) - 1
            waiting += [box.title] if box.shape != "join" and first == "flatten" else []
            continue
        places[box.id] = len(found)
        operation = _operation(box, waiting)
        name = kind if not box.layers else box.id if box.hue != "block" else ""
        found.append(Volume(name, shape_of(analysis, tensor), shape, box.hue, operation, box.times))
        waiting = []
    return found, places


def _operation(box: Box, waiting: list[str]) -> tuple[str, ...]:
    """What stands over the arrow, in lines: the operation, its settings, what follows it in the same box."""
    if not box.layers:
        return ()
    first, *rest = box.title.split(", ")
    if first.startswith("Linear"):
        first = "Linear"
    lines = [*waiting, first, ", ".join(rest[1:] if first.startswith("Conv") else rest)]
    lines.append(" · ".join(text for _, text in box.cells))
    return tuple(line for line in lines if line)


def _solids(volumes: list[Volume]) -> list[_Solid]:
    maps = [one.shape for one in volumes if not _is_rod(one.shape)]
    side = max((max(shape[1:]) for shape in maps), default=1)
    channels = max((shape[0] for shape in maps), default=1)
    longest = max((max(one.shape) for one in volumes if _is_rod(one.shape)), default=1)
    solids = []
    for one in volumes:
        if _is_rod(one.shape):
            solids.append(_Solid(max(14.0, ROD * sqrt(max(one.shape) / longest)), 13.0, 0.0, 0.0))
            continue
        tall = max(LEAST, FACE * sqrt(one.shape[-2] / side)) if len(one.shape) > 2 else LEAST
        wide = max(LEAST, FACE * sqrt(one.shape[-1] / side))
        deep = max(LEAST, DEPTH * sqrt(one.shape[0] / channels))
        solids.append(_Solid(tall, deep, wide * SLANT[0], wide * SLANT[1]))
    return solids


def _is_rod(shape: Shape) -> bool:
    return len(shape) == 1 or all(size == 1 for size in shape[1:])


def _caption(one: Volume) -> tuple[str, str]:
    name = one.name if one.times == 1 else f"{one.name} × {one.times}".strip()
    return one.label, shortened(name, 96.0, 9.0)


def _wrapped(volumes: list[Volume], solids: list[_Solid], captions: list[tuple[str, str]]) -> None:
    """Place the volumes from left to right, in as many rows as they need."""
    x, row = 0.0, 0
    for i, (one, solid) in enumerate(zip(volumes, solids, strict=True)):
        under = max(width(captions[i][0], 11.0, True), width(captions[i][1], 9.0))
        before = max(0.0, (under - solid.wide) / 2)
        lines = [shortened(line, OPERATION, 9.5) for line in one.operation]
        arrow = max([44.0, *(width(line, 9.5) for line in lines)]) + 2 * GAP if one.operation else 0.0
        if x and x + max(arrow, before) + solid.wide > PAGE:
            x, row = 0.0, row + 1
        solid.row = row
        x += max(arrow, before + 8)
        solid.x = x
        x += solid.wide + max(0.0, before - 24)


def _bases(solids: list[_Solid], arcs: list[tuple[int, int]]) -> list[float]:
    """The y of each row's middle line."""
    bases, y = [], 0.0
    for row in range(max(solid.row for solid in solids) + 1):
        here = [solid for solid in solids if solid.row == row]
        tall = max(solid.tall + solid.up for solid in here)
        bent = any(solids[a].row == row for a, _ in arcs)
        y += tall / 2 + (34.0 if bent else 0.0)
        bases.append(y)
        y += tall / 2 + ROW + 8
    return bases


def _solid(canvas: Canvas, one: Volume, solid: _Solid, base: float) -> None:
    fill, border = canvas.theme.hues[one.hue]
    x, d, t, dx, dy = solid.x, solid.deep, solid.tall, solid.back, solid.up
    y = base - (t - dy) / 2
    with canvas.group("volume", f"{one.name or one.operation[0]}: {one.label}", name=one.name, shape=one.label):
        if not dx:
            canvas.rect(x, y, d, t, fill, border, 3, 1.2)
            return
        canvas.polygon([(x, y), (x + d, y), (x + d, y + t), (x, y + t)], fill, border, 1.2)
        lighter, darker = shade(fill, 1.04), shade(fill, 0.88)
        canvas.polygon([(x, y), (x + dx, y - dy), (x + dx + d, y - dy), (x + d, y)], lighter, border, 1.2)
        canvas.polygon(
            [(x + d, y), (x + d + dx, y - dy), (x + d + dx, y - dy + t), (x + d, y + t)], darker, border, 1.2
        )


def _captioned(canvas: Canvas, one: Volume, solid: _Solid, caption: tuple[str, str], base: float) -> None:
    y = base + (solid.tall + solid.up) / 2 + 16
    middle = solid.x + solid.wide / 2
    with canvas.group("caption"):
        canvas.text(middle, y, caption[0], 11, "middle", True)
        if caption[1]:
            canvas.text(middle, y + 13, caption[1], 9, "middle", fill=canvas.theme.soft)


def _arrow(canvas: Canvas, volumes: list[Volume], solids: list[_Solid], i: int, base: float) -> None:
    """The arrow into a volume, with what it does over it; at the beginning of a row it comes from the margin."""
    one, solid = volumes[i], solids[i]
    if not one.operation:
        return
    same = i > 0 and solids[i - 1].row == solid.row
    lines = [shortened(line, OPERATION, 9.5) for line in one.operation]
    room = max([44.0, *(width(line, 9.5) for line in lines)])
    x1 = solid.x - 4
    x0 = solids[i - 1].x + solids[i - 1].wide + 4 if same else solid.x - room - GAP
    colour = canvas.theme.line
    with canvas.group("operation", " · ".join(one.operation)):
        canvas.line(x0, base, x1 - 6, base, colour, 1.2)
        canvas.polygon(head((x1, base), (x0, base)), colour)
        middle = (max(x0, x1 - room - 2 * GAP) + x1 - 4) / 2
        for k, line in enumerate(reversed(lines)):
            canvas.text(middle, base - 7 - 12 * k, line, 9.5, "middle", fill=canvas.theme.soft)


def _arcs(shown: Picture, path: list[Box], places: dict[str, int]) -> list[tuple[int, int]]:
    """Edges that pass volumes, as pairs of those they begin at and end at."""
    order = {box.id: i for i, box in enumerate(path)}
    found = []
    for edge in shown.edges:
        if edge.source in order and edge.target in order and order[edge.target] > order[edge.source] + 1:
            a = places.get(edge.source, -1)
            b = places.get(edge.target, -1)
            if part_of(edge.reference)[0] and a >= 0 and b - a > 1:
                found.append((a, b))
    return list(dict.fromkeys(found))


def _arc(canvas: Canvas, solids: list[_Solid], a: int, b: int, bases: list[float]) -> None:
    """A dashed arc over the volumes it passes, within a row."""
    start, end = solids[a], solids[b]
    if start.row != end.row:
        return
    between = solids[a : b + 1]
    base = bases[start.row]
    top = base - max((one.tall + one.up) / 2 for one in between) - 14 - 2.5 * (b - a)
    x0, x1 = start.x + start.wide / 2 + start.back / 2, end.x + end.wide / 2 + end.back / 2 - 4
    y0, y1 = base - (start.tall + start.up) / 2 - 3, base - (end.tall + end.up) / 2 - 3
    colour = canvas.theme.skip
    with canvas.group("skip"):
        points = f"M{x0:.2f},{y0:.2f} C{x0:.2f},{top:.2f} {x1:.2f},{top:.2f} {x1:.2f},{y1 - 6:.2f}"
        canvas.path(points, [(x0, y0), (x1, y1), (x0, top)], colour, 1.3, stroke_dasharray="5 3")
        canvas.polygon(head((x1, y1), (x1, y1 - 10)), colour)
