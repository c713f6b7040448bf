"""Bars: parameters, MACs and activations row by row, as a figure and in the terminal."""

from collections.abc import Sequence

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure
from cnncalc.draw.labels import amount, heading
from cnncalc.draw.text import width
from cnncalc.draw.theme import LIGHT, Theme, hue
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import record
from cnncalc.exact.rules import ShapeError
from cnncalc.report.rows import rows

QUANTITIES = {"params": "parameters", "macs": "MACs", "activations": "activations"}
EIGHTHS = " ▏▎▍▌▋▊▉█"
NAME, BAR, HIGH = 190.0, 170.0, 18.0  # pixels: room for names, longest bar, a row


@record
class Row:
    """A layer, or a block folded to one row."""

    name: str
    kind: str
    hue: str
    values: tuple[int, ...]


def counted(analysis: Analysis, depth: int | None = None, quantities: Sequence[str] = tuple(QUANTITIES)) -> list[Row]:
    """The rows of the chart; those in which everything is zero are left out. Raises ShapeError for open sizes."""
    found = []
    for row in rows(analysis, depth):
        if row.layer is None:
            continue
        values = tuple(getattr(row.layer, quantity) for quantity in quantities)
        if any(isinstance(value, Closed) for value in values):
            raise ShapeError("bars need numbers: leave out --open")
        if any(values):
            kind = row.layer.kind
            found.append(Row(row.path, row.kind, hue(kind), values))
    return found


def bars(analysis: Analysis, depth: int | None = None, theme: Theme = LIGHT) -> Figure:
    """One chart a quantity, side by side, in layer order."""
    found = counted(analysis, depth)
    canvas = Canvas(theme)
    canvas.text(0, 0, heading(analysis), 14, bold=True, room=900)
    top = 44.0
    name = min(NAME, max([60.0, *(width(row.name, 10) for row in found)]))
    for i, row in enumerate(found):
        canvas.text(name, top + i * HIGH + 12, row.name, 10, "end", room=name)
    left = name + 12
    for k, words in enumerate(QUANTITIES.values()):
        total = sum(row.values[k] for row in found)
        left = _chart(canvas, found, k, words, total, left, top) + 26
    said = ", ".join(
        f"{words} {amount(sum(row.values[k] for row in found))}" for k, words in enumerate(QUANTITIES.values())
    )
    return canvas.figure(f"{analysis.network.name}: costs by layer", f"Bars of {said}, layer by layer.")


def _chart(canvas: Canvas, found: list[Row], k: int, words: str, total: int, left: float, top: float) -> float:
    """One quantity; its right end."""
    theme = canvas.theme
    most = max((row.values[k] for row in found), default=0) or 1
    canvas.text(left, top - 10, f"{words}: {amount(total)}", 11, bold=True)
    canvas.line(left, top - 2, left, top + len(found) * HIGH, theme.faint, 1)
    right = left + BAR
    for i, row in enumerate(found):
        value = row.values[k]
        if not value:
            continue
        long = max(0.75, BAR * value / most)
        y = top + i * HIGH
        with canvas.group("bar", f"{row.name}: {value:,} {words}", name=row.name, value=str(value)):
            canvas.rect(left, y + 3, long, HIGH - 6, theme.hues[row.hue][1], radius=min(2.0, long / 2))
        said = f"{amount(value)} · {100 * value / total:.1f} %"
        right = max(right, left + long + 6 + canvas.text(left + long + 6, y + 12, said, 9, fill=theme.soft))
    return right


def as_text(analysis: Analysis, depth: int | None = None, columns: int | None = None) -> str:
    """The same for a terminal ``columns`` wide, in block characters."""
    found = counted(analysis, depth)
    wide = columns or 80
    name = min(max([5, *(len(row.name) for row in found)]), max(8, wide // 3))
    blocks = []
    for k, words in enumerate(QUANTITIES.values()):
        values = [row.values[k] for row in found]
        total, most = sum(values), max(values, default=0) or 1
        figures = [f"{value:,}" for value in values]
        longest = max(map(len, figures), default=1)
        room = max(4, wide - name - longest - 12)
        lines = [f"{words}: {total:,}"]
        for row, value, figure in zip(found, values, figures, strict=True):
            if value:
                share = f"{100 * value / total:.1f} %"
                lines.append(
                    f"{_cut(row.name, name):<{name}} {figure:>{longest}} {share:>7} {_bar(value, most, room)}".rstrip()
                )
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else "…" + text[len(text) - room + 1 :]


def _bar(value: int, most: int, room: int) -> str:
    """A bar in eighths of a character; at least one eighth for what is not zero."""
    eighths = max(1, round(8 * room * value / most))
    return EIGHTHS[8] * (eighths // 8) + EIGHTHS[eighths % 8].strip()
