"""Encoder-decoder networks as a U: a row for every resolution, time from left to right, skips straight across.

As in Figure 1 of Ronneberger, Fischer & Brox 2015: a bar a map, its width by channels, its height by size; a
concatenation is a bar of as many parts as it joins.
"""

from math import sqrt
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure, head, rounded
from cnncalc.draw.folding import LEVELS, Box, picture
from cnncalc.draw.labels import crossed, heading
from cnncalc.draw.text import shortened, width
from cnncalc.draw.theme import LIGHT, Theme
from cnncalc.draw.volume import main_path
from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.network import part_of
from cnncalc.working import at_usual_values

MOST = 44  # bars
TALL, WIDE = 120.0, 46.0  # of the largest map, of the most channels
LEAST = 6.0
ROW = 44.0  # between rows: room for two lines of text and an arrow head
GAP = 18.0  # least length of an arrow, words apart
SMALL = 8.5  # size of text


@mutable
class _Bar:
    """A map: where it lies, and how the one before it leads here."""

    name: str
    label: str
    row: int
    tall: float
    parts: list[tuple[str, float]]  # hue and width of each joined piece
    operation: str
    skips: list[tuple[str, str]] = fresh(default_factory=list)  # tensor, what is done to it
    x: float = 0.0

    @property
    def wide(self) -> float:
        return sum(wide for _, wide in self.parts)


def unet(analysis: Analysis, theme: Theme = LIGHT) -> Figure:
    """The main path of a network as a U. Raises ShapeError where there are no maps, or one has no one resolution."""
    usual = at_usual_values(analysis)
    bars, where = _bars(analysis, usual)
    _placed(bars)
    tops = _tops(bars)
    canvas = Canvas(theme)
    for i, bar in enumerate(bars):
        for tensor, word in bar.skips:
            if tensor in where and where[tensor] < i:
                start = where[tensor]
                between = [one for one in bars[start + 1 : i] if one.row == bar.row]
                _skip(canvas, bars[start], bar, between, word, tops)
        if i:
            _arrow(canvas, bars[i - 1], bar, tops)
    for bar in bars:
        _bar(canvas, bar, tops)
    note = "above a bar its channels, below it height × width; bars grow with the square root of both"
    canvas.text(canvas.left, canvas.bottom + 20, note, 9, fill=theme.soft)
    canvas.text(canvas.left, canvas.top - 16, heading(analysis), 14, bold=True, room=max(560.0, canvas.right))
    return canvas.figure(heading(analysis), f"The maps of {analysis.network.name}, a row for every resolution.")


def _bars(analysis: Analysis, usual: Analysis) -> tuple[list[_Bar], dict[str, int]]:
    """The bars along the main path, and which one shows a tensor."""
    for level in LEVELS[1:]:
        path = [box for box in main_path(picture(analysis, level)) if _has_map(usual, box)]
        if len(path) <= MOST:
            break
    if not path:
        raise ShapeError("a U needs maps, and this network has none")
    jumps = [_jump(usual, _tensor(box)) for box in path]
    rows = {jump: row for row, jump in enumerate(sorted(set(jumps)))}
    side = max(max(usual.shapes[_tensor(box)][1:]) for box in path)
    most = max(usual.shapes[_tensor(box)][0] for box in path)
    bars: list[_Bar] = []
    where: dict[str, int] = {}
    word = ""
    for box, jump in zip(path, jumps, strict=True):
        tensor = _tensor(box)
        shape = usual.shapes[tensor]
        kind = analysis.network.nodes[tensor].layer.kind if box.layers else "input"
        if bars and (kind == "crop" or (box.hue in ("act", "norm", "shape") and shape == usual.shapes[bars[-1].name])):
            where[tensor] = len(bars) - 1
            continue
        parts = [(box.hue, max(LEAST, WIDE * sqrt(shape[0] / most)))]
        skips: list[tuple[str, str]] = []
        if kind in ("concat", "add"):
            parts, skips = _joined(usual, box, kind, most, {name for name, i in where.items() if i == len(bars) - 1})
            if bars and kind == "concat" and bars[-1].row == rows[jump] and bars[-1].row != _row_before(bars):
                word = bars.pop().operation  # the map that was just brought up is a part of this bar
                where = {name: i for name, i in where.items() if i < len(bars)}
        where |= {layer: len(bars) for layer in (box.layers or (box.id,))}
        tall = max(LEAST, TALL * sqrt(max(shape[1:]) / side))
        label = f"{shape[0]}" if analysis.shapes[tensor][0] == shape[0] else crossed(analysis.shapes[tensor][0], 1)
        operation = word or ("" if kind == "concat" else _operation(box))
        bars.append(_Bar(tensor, label, rows[jump], tall, parts, operation, skips))
        bars[-1].label += f"\n{_sizes(analysis, tensor)}"
        word = ""
    return bars, where


def _tensor(box: Box) -> str:
    return box.layers[-1] if box.layers else box.id


def _has_map(usual: Analysis, box: Box) -> bool:
    tensor = _tensor(box)
    return tensor in usual.shapes and len(usual.shapes[tensor]) > 1 and _jump(usual, tensor) != 0


def _jump(usual: Analysis, tensor: str) -> Any:
    """Input pixels between neighbouring positions: what makes a row."""
    fields = usual.fields.of(tensor)
    if not fields or fields[-1] is None:
        raise ShapeError(f"{tensor} has no one resolution; a U cannot show it")
    return fields[-1].jump


def _row_before(bars: list[_Bar]) -> int:
    return bars[-2].row if len(bars) > 1 else bars[-1].row


def _sizes(analysis: Analysis, tensor: str) -> str:
    sizes = analysis.shapes[tensor][1:]
    if len(set(sizes)) == 1 and len(sizes) == 2:
        return f"{crossed(sizes[0], 1)}²"
    return crossed(tuple(sizes), len(sizes))


def _operation(box: Box) -> str:
    if not box.layers:
        return ""
    first = box.title.split(", ")[0]
    return f"{first} × {box.times}" if box.times > 1 else first


def _joined(
    usual: Analysis, box: Box, kind: str, most: int, before: set[str]
) -> tuple[list[tuple[str, float]], list[tuple[str, str]]]:
    """The parts of a concatenation, copies first (or the one part of a sum), and the skips that end in them."""
    nodes = usual.network.nodes
    copies, own, skips = [], [], []
    for reference in nodes[box.layers[0]].inputs:
        tensor, word = part_of(reference)[0], ""
        while tensor in nodes and nodes[tensor].layer.kind == "crop":
            tensor, word = part_of(nodes[tensor].inputs[0])[0], "crop"
        channels = usual.shapes[reference][0]
        wide = max(LEAST, WIDE * sqrt(channels / most))
        if tensor in before:
            own.append(("conv", wide))
        else:
            copies.append(("input", wide))
            skips.append((tensor, word))
    if kind == "add":
        return [("join", max(wide for _, wide in (*copies, *own)))], skips
    return [*copies, *own], skips


def _placed(bars: list[_Bar]) -> None:
    """Give every bar its x: beside the one before in its row, under or over it in another."""
    for before, bar in zip([None, *bars], bars, strict=False):
        if before is None:
            continue
        if bar.row == before.row:
            words = width(shortened(bar.operation, 110.0, SMALL), SMALL)
            under = (_label_room(before) + _label_room(bar)) / 2 - (before.wide + bar.wide) / 2
            bar.x = before.x + before.wide + max(words + 14, GAP, under + 8)
        else:
            last = bar.parts[-1][1]
            bar.x = before.x + before.wide / 2 - (bar.wide - last / 2 if bar.row < before.row else bar.wide / 2)
            bar.x = max(bar.x, before.x - (0 if bar.row > before.row else bar.wide))


def _label_room(bar: _Bar) -> float:
    return max(width(line, SMALL + 0.5, True) for line in bar.label.split("\n"))


def _tops(bars: list[_Bar]) -> list[float]:
    """The y of each row's middle."""
    middles, y = [], 0.0
    for row in range(max(bar.row for bar in bars) + 1):
        tall = max(bar.tall for bar in bars if bar.row == row)
        middles.append(y + tall / 2)
        y += tall + ROW + 12
    return middles


def _bar(canvas: Canvas, bar: _Bar, middles: list[float]) -> None:
    y = middles[bar.row] - bar.tall / 2
    channels, sizes = bar.label.split("\n")
    with canvas.group("volume", f"{bar.name}: {channels}×{sizes}", name=bar.name, shape=bar.label.replace("\n", " ")):
        x = bar.x
        for hue, wide in bar.parts:
            canvas.rect(x, y, wide, bar.tall, *canvas.theme.hues[hue], line=1.2)
            x += wide
    middle = bar.x + bar.wide / 2
    with canvas.group("caption"):
        canvas.text(middle, y - 5, channels, SMALL + 0.5, "middle", True)
        canvas.text(middle, y + bar.tall + 11, sizes, SMALL, "middle", fill=canvas.theme.soft)


def _arrow(canvas: Canvas, before: _Bar, bar: _Bar, middles: list[float]) -> None:
    colour, soft = canvas.theme.line, canvas.theme.soft
    words = shortened(bar.operation, 110.0, SMALL)
    with canvas.group("operation", bar.operation):
        if before.row == bar.row:
            y = middles[bar.row]
            x0, x1 = before.x + before.wide + 2, bar.x - 2
            canvas.line(x0, y, x1 - 5, y, colour, 1.2)
            canvas.polygon(head((x1, y), (x0, y), 7, 3), colour)
            if words:
                canvas.text((x0 + x1) / 2 - 1, y - 6, words, SMALL, "middle", fill=soft)
            return
        down = bar.row > before.row
        x = before.x + before.wide / 2
        edge = before.tall / 2 + (15 if down else 17)
        y0 = middles[before.row] + (edge if down else -edge)
        y1 = middles[bar.row] + (-(bar.tall / 2 + 16) if down else bar.tall / 2 + 16)
        canvas.line(x, y0, x, y1 + (-5 if down else 5), colour, 1.2)
        canvas.polygon(head((x, y1), (x, y0), 7, 3), colour)
        canvas.text(x + 6, (y0 + y1) / 2 + 3, words, SMALL, fill=soft)


def _skip(canvas: Canvas, start: _Bar, bar: _Bar, between: list[_Bar], word: str, middles: list[float]) -> None:
    """A dashed arrow from an earlier map to the bar it becomes a part of; over the bars that stand in its way."""
    colour = canvas.theme.skip
    y0, y1 = middles[start.row], middles[bar.row]
    x0, x1 = start.x + start.wide + 2, bar.x - 2
    if start.row != bar.row:
        points = [(x0, y0), (x1 - 20, y0), (x1 - 20, y1), (x1, y1)]
    elif between:
        over = y0 - max(one.tall for one in (start, bar, *between)) / 2 - 20
        x0, x1 = start.x + start.wide / 2, bar.x + bar.wide / 2
        points = [(x0, y0 - start.tall / 2 - 15), (x0, over), (x1, over), (x1, y1 - bar.tall / 2 - 15)]
    else:
        points = [(x0, y0), (x1, y1)]
    tip, back = points[-1], points[-2]
    dx, dy = (6.0, 0.0) if tip[1] == back[1] else (0.0, 6.0)
    with canvas.group("skip"):
        canvas.path(rounded([*points[:-1], (tip[0] - dx, tip[1] - dy)]), points, colour, 1.3, stroke_dasharray="5 3")
        canvas.polygon(head(tip, back), colour)
        if start.row == bar.row and not between:
            text = f"copy and {word}" if word else "copy"
            canvas.text((x0 + x1) / 2, y0 - 6, text, SMALL, "middle", fill=colour)
