"""The layer graph: boxes, shapes on the edges, skips beside a straight main path, repeats drawn once."""

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure, Point, head, number, rounded
from cnncalc.draw.folding import Box, Frame, Picture, picture
from cnncalc.draw.labels import heading
from cnncalc.draw.layered import Layout, Route, Sizes, layout
from cnncalc.draw.text import shortened, width
from cnncalc.draw.theme import LIGHT, Theme

TITLE, DETAIL, CELL, LABEL = 11.0, 9.0, 9.5, 9.5  # sizes of text in pixels
WIDEST = 230.0  # of a box's text
STRIP = 17.0  # height of a row of cells
HEADER = 25.0  # of a frame
JOIN = 20.0  # diameter
BADGE = 12.0


def graph(analysis: Analysis, fold: str | None = None, direction: str = "TB", engine: str = "builtin",
          theme: Theme = LIGHT, columns: int | None = None) -> Figure:  # fmt: skip
    """The layer graph of a network. Raises MissingPart where a wished engine is not there."""
    shown = picture(analysis, fold)
    sizes = measured(shown, direction == "LR")
    found = layout(shown, sizes, columns)
    if engine != "builtin":
        from cnncalc.draw.engines import laid_out

        found = laid_out(shown, sizes, found, engine, LABEL)
    return drawn(analysis, shown, found, direction == "LR", theme)


def measured(shown: Picture, sideways: bool) -> Sizes:
    """The sizes of everything that is to be placed."""
    boxes = {}
    for box in shown.boxes():
        w, h = size(box)
        boxes[box.id] = (w, h) if sideways else (h, w)
    labels = {}
    for edge in shown.edges:
        wide = width(edge.label, LABEL) + 8
        labels[edge.label] = (wide + 4, LABEL + 5) if sideways else (LABEL + 4, wide)
    titles = {id(frame): _title_room(frame) for frame in frames(shown.items)}
    return Sizes(boxes, labels, (8.0, HEADER) if sideways else (HEADER, 0.0), titles, sideways)


def frames(items: list[Box | Frame]) -> list[Frame]:
    """Every frame, outer ones first."""
    found = []
    for item in items:
        if isinstance(item, Frame):
            found += [item, *frames(item.items)]
    return found


def _title_room(frame: Frame) -> tuple[float, float]:
    """What a frame's title and its badge need."""
    title = width(shortened(frame.title, WIDEST, TITLE, True), TITLE, True)
    return title + 8, (_badge_width(frame.times) + 10 if frame.times > 1 else 0.0)


def _badge_width(times: int) -> float:
    return width(f"× {times}", BADGE, True) + 14


def size(box: Box) -> tuple[float, float]:
    """Width and height of a box."""
    if box.shape == "join":
        return JOIN, JOIN
    badge = _badge_width(box.times) if box.times > 1 else 0.0
    head_width = width(shortened(box.title, WIDEST, TITLE, True), TITLE, True) + badge
    detail = width(shortened(box.detail, WIDEST, DETAIL), DETAIL)
    cells = sum(_cell_widths(box))
    small = not box.detail and not box.cells
    wide = max(head_width + 20, detail + 20, cells, 48.0 if small else 84.0)
    tall = 22.0 + (12.0 if box.detail else 0.0) + (STRIP if box.cells else 0.0) + (2.0 if box.detail else 0.0)
    return round(wide / 2) * 2.0, tall


def _cell_widths(box: Box) -> list[float]:
    return [width(text, CELL) + 16 for _, text in box.cells]


def drawn(analysis: Analysis, shown: Picture, found: Layout, sideways: bool, theme: Theme) -> Figure:
    """Everything in its place on a page."""
    canvas = Canvas(theme)
    known = {box.id: box for box in shown.boxes()}
    for frame, x, y, w, h in found.frames:
        _frame(canvas, frame, x, y, w, h)
    for route in found.routes:
        _line(canvas, route)
    for x, y in found.dots:
        canvas.circle(x, y, 2.6, theme.line)
    for name, place in found.boxes.items():
        _box(canvas, known[name], *place)
    for frame, x, y, w, _ in found.frames:
        _frame_title(canvas, frame, x, y, w)
    for reference, text, x, y in found.labels:
        _label(canvas, reference, text, x, y, sideways)
    title = heading(analysis)
    canvas.text(canvas.left, canvas.top - 16, title, 14, bold=True, room=max(560.0, canvas.right - canvas.left))
    count = len(analysis.network)
    return canvas.figure(title, f"Layer graph of {analysis.network.name}: {count} layers from "
                                f"{', '.join(analysis.network.inputs)} to {', '.join(analysis.network.outputs)}, "
                                f"folded by {shown.level}.")  # fmt: skip


def _frame(canvas: Canvas, frame: Frame, x: float, y: float, w: float, h: float) -> None:
    fill, stroke = canvas.theme.cluster
    with canvas.group("frame", frame.title, name=frame.id):
        canvas.rect(x, y, w, h, fill, stroke, 9)


def _frame_title(canvas: Canvas, frame: Frame, x: float, y: float, w: float) -> None:
    with canvas.group("frame-title", name=frame.id):
        room = w - 16 - (_badge_width(frame.times) + 4 if frame.times > 1 else 0.0)
        room = min(room, WIDEST)
        canvas.text(x + 9, y + 16, frame.title, TITLE, bold=True, room=room, paint_order="stroke",
                    stroke=canvas.theme.cluster[0], stroke_width=4.0)  # fmt: skip
        if frame.times > 1:
            _badge(canvas, frame.times, x + w - 6, y + 4)


def _badge(canvas: Canvas, times: int, right: float, top: float) -> None:
    fill, ink = canvas.theme.badge
    wide = _badge_width(times)
    with canvas.group("badge", f"{times} times"):
        canvas.rect(right - wide, top, wide, 17, fill, radius=8.5)
        canvas.text(right - wide / 2, top + 13, f"× {times}", BADGE, "middle", True, ink)


def _line(canvas: Canvas, route: Route) -> None:
    theme = canvas.theme
    colour = theme.skip if route.skip else theme.line
    points = route.points
    tip, back = points[-1], points[-2]
    end = _back_off(tip, back, 6.0) if route.target else tip
    dashes = {"stroke_dasharray": "5 3"} if route.skip else {}
    with canvas.group("skip" if route.skip else "edge", target=route.target):
        line = [*points[:-1], end]
        canvas.path(_spline(line) if route.curved else rounded(line), line, colour, 1.3, **dashes)
        if route.target:
            canvas.polygon(head(tip, back), colour)


def _back_off(tip: Point, back: Point, by: float) -> Point:
    """A little before the tip, so that the line ends under the arrow head."""
    dx, dy = tip[0] - back[0], tip[1] - back[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    return tip[0] - dx / length * min(by, length), tip[1] - dy / length * min(by, length)


def _spline(points: list[Point]) -> str:
    """Path data of a chain of cubic Bézier curves, then a line to the last point."""
    first, *others, last = points
    curves = " ".join(f"{number(x)},{number(y)}" for x, y in others)
    return f"M{number(first[0])},{number(first[1])} C{curves} L{number(last[0])},{number(last[1])}"


def _box(canvas: Canvas, box: Box, x: float, y: float, w: float, h: float) -> None:
    fill, stroke = canvas.theme.hues[box.hue]
    with canvas.group("join" if box.shape == "join" else "box", box.tip or box.title, name=box.id):
        if box.shape == "join":
            _join(canvas, box, x + w / 2, y + h / 2)
            return
        canvas.rect(x, y, w, h, fill, stroke, 6, 1.2)
        badge = _badge_width(box.times) if box.times > 1 else 0.0
        top = 15.5 if box.detail or box.cells else h / 2 + 4
        room = max(10.0, w - 16 - badge)
        canvas.text(x + (w - badge) / 2, y + top, box.title, TITLE, "middle", True, room=room)
        if box.detail:
            canvas.text(x + w / 2, y + 28, box.detail, DETAIL, "middle", fill=canvas.theme.soft, room=w - 12)
        if box.cells:
            _cells(canvas, box, x, y + h - STRIP, w)
        if box.times > 1:
            _badge(canvas, box.times, x + w - 4, y + 3)


def _join(canvas: Canvas, box: Box, x: float, y: float) -> None:
    fill, stroke = canvas.theme.hues[box.hue]
    canvas.circle(x, y, JOIN / 2 - 0.6, fill, stroke, 1.3)
    if box.title == "+":
        canvas.line(x - 5, y, x + 5, y, stroke, 1.8)
        canvas.line(x, y - 5, x, y + 5, stroke, 1.8)
    else:
        canvas.line(x - 4, y - 4, x + 4, y + 4, stroke, 1.8)
        canvas.line(x - 4, y + 4, x + 4, y - 4, stroke, 1.8)


def _cells(canvas: Canvas, box: Box, x: float, y: float, w: float) -> None:
    """Folded layers as cells of a strip at the box's foot."""
    widths = _cell_widths(box)
    stretch = w / sum(widths)
    stroke = canvas.theme.hues[box.hue][1]
    for i, ((hue, text), wide) in enumerate(zip(box.cells, widths, strict=True)):
        wide *= stretch
        fill = canvas.theme.hues[hue][0]
        canvas.path(_foot(x, y, wide, i == 0, i == len(widths) - 1), [(x, y), (x + wide, y + STRIP)], stroke, 0.8, fill)
        canvas.text(x + wide / 2, y + 12, text, CELL, "middle", room=wide - 6)
        x += wide


def _foot(x: float, y: float, w: float, first: bool, last: bool) -> str:
    """A cell whose outer lower corners are round like the box's."""
    r = 6.0
    parts = [f"M{number(x)},{number(y)} h{number(w)}"]
    parts.append(f"v{number(STRIP - r)} q0,{number(r)} {number(-r)},{number(r)}" if last else f"v{number(STRIP)}")
    across = w - (r if last else 0.0) - (r if first else 0.0)
    parts.append(f"h{number(-across)}")
    parts.append(f"q{number(-r)},0 {number(-r)},{number(-r)} z" if first else "z")
    return " ".join(parts)


def _label(canvas: Canvas, reference: str, text: str, x: float, y: float, sideways: bool) -> None:
    with canvas.group("shape", f"{reference}: {text}", reference=reference):
        at = (x + 6, y - 5) if sideways else (x + 5, y + LABEL + 3)
        canvas.text(*at, text, LABEL, fill=canvas.theme.soft)
