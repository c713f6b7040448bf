"""Networks beside each other: operations against parameters, bubbles by a third quantity."""

from collections.abc import Sequence
from math import ceil, floor, log10, sqrt

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure
from cnncalc.draw.labels import amount
from cnncalc.draw.text import width
from cnncalc.draw.theme import LIGHT, Theme
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import mutable
from cnncalc.exact.rules import ShapeError

WIDE, TALL = 620.0, 400.0
LARGEST, SMALLEST = 30.0, 5.0  # radius of a bubble
SIZE = 10.0  # of a name


@mutable
class _Bubble:
    name: str
    title: str
    x: float
    y: float
    r: float
    label: tuple[float, float, str] = (0.0, 0.0, "start")


def chart(analyses: Sequence[Analysis], theme: Theme = LIGHT) -> Figure:
    """MACs (across) against parameters (up), both logarithmic; the area of a bubble is its activations.

    Raises ShapeError for open sizes, or where a network has no parameters or no MACs.
    """
    figures = []
    for one in analyses:
        numbers = (one.macs, one.params, one.activations)
        if any(isinstance(value, Closed) for value in numbers):
            raise ShapeError("a chart needs numbers: leave out --open")
        if not one.macs or not one.params:
            raise ShapeError(f"{one.network.name} has no parameters or no MACs; it has no place on logarithmic axes")
        figures.append(numbers)
    canvas = Canvas(theme)
    across, up = _axis([macs for macs, _, _ in figures]), _axis([params for _, params, _ in figures])
    _grid(canvas, across, up)
    most = max((activations for _, _, activations in figures), default=1)
    bubbles = []
    for one, (macs, params, activations) in zip(analyses, figures, strict=True):
        x = WIDE * (log10(macs) - across[0]) / (across[1] - across[0])
        y = TALL - TALL * (log10(params) - up[0]) / (up[1] - up[0])
        r = max(SMALLEST, LARGEST * sqrt(activations / most))
        title = f"{one.network.name}: {amount(macs)} MACs, {amount(params)} params, {amount(activations)} activations"
        bubbles.append(_Bubble(one.network.name, title, x, y, r))
    _name(bubbles)
    _bubbles(canvas, bubbles)
    canvas.text(0, -22, "Operations and parameters", 14, bold=True)
    canvas.text(WIDE, -22, f"area of a bubble: activations (the largest {amount(most)})", 9.5, "end", fill=theme.soft)
    names = ", ".join(one.network.name for one in analyses)
    return canvas.figure("Operations and parameters", f"MACs against parameters of {names}.")


def _axis(values: Sequence[int]) -> tuple[float, float]:
    """Powers of ten (or halves of a decade) that hold all values with some room."""
    low, high = log10(min(values)) - 0.15, log10(max(values)) + 0.15
    low, high = floor(low * 2) / 2, ceil(high * 2) / 2
    return low, max(high, low + 1)


def _grid(canvas: Canvas, across: tuple[float, float], up: tuple[float, float]) -> None:
    theme = canvas.theme
    canvas.rect(0, 0, WIDE, TALL, "none", theme.faint)
    for (low, high), vertical in ((across, True), (up, False)):
        for value in _ticks(low, high):
            part = (log10(value) - low) / (high - low)
            if vertical:
                canvas.line(part * WIDE, 0, part * WIDE, TALL, theme.faint, 0.5)
                canvas.text(part * WIDE, TALL + 15, _tick(value), 9.5, "middle", fill=theme.soft)
            else:
                canvas.line(0, TALL - part * TALL, WIDE, TALL - part * TALL, theme.faint, 0.5)
                canvas.text(-7, TALL - part * TALL + 3.5, _tick(value), 9.5, "end", fill=theme.soft)
    canvas.text(WIDE / 2, TALL + 34, "MACs (multiply–accumulates, one image)", 10.5, "middle")
    canvas.text(0, -7, "parameters", 10.5)


def _ticks(low: float, high: float) -> list[int]:
    steps = (1, 2, 5) if high - low <= 2.5 else (1,)
    found = [m * 10**e for e in range(floor(low), ceil(high) + 1) for m in steps]
    return [value for value in found if low - 1e-9 <= log10(value) <= high + 1e-9]


def _tick(value: int) -> str:
    for unit, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= unit:
            return f"{value // unit} {letter}"
    return str(value)


def _name(bubbles: list[_Bubble]) -> None:
    """Put each name where it covers no other: right of its bubble, left, above, below, then ever further down."""
    taken = [(b.x - b.r, b.y - b.r, b.x + b.r, b.y + b.r) for b in bubbles]
    for k, bubble in enumerate(bubbles):
        wide = width(bubble.name, SIZE)
        choices = []
        for away in range(12):
            d = bubble.r + 4 + 6 * away
            choices += [(bubble.x + d, bubble.y + 3.5, "start"), (bubble.x - d, bubble.y + 3.5, "end"),
                        (bubble.x, bubble.y - d, "middle"), (bubble.x, bubble.y + d + 8, "middle")]  # fmt: skip
        for x, y, anchor in choices:
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            box = (left, y - 8, left + wide, y + 3)
            inside = box[0] >= 2 and box[2] <= WIDE - 2 and box[1] >= 2 and box[3] <= TALL - 2
            if inside and not any(_meet(box, other) for i, other in enumerate(taken) if i != k):
                bubble.label = (x, y, anchor)
                taken.append(box)
                break
        else:
            bubble.label = (bubble.x, bubble.y + 3.5, "middle")


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _bubbles(canvas: Canvas, bubbles: list[_Bubble]) -> None:
    theme = canvas.theme
    fill, border = theme.hues["conv"]
    for bubble in sorted(bubbles, key=lambda one: -one.r):
        with canvas.group("bubble", bubble.title, name=bubble.name):
            canvas.circle(bubble.x, bubble.y, bubble.r, fill, border, 1.2)
            canvas.circle(bubble.x, bubble.y, 1.8, border)
    for bubble in bubbles:
        x, y, anchor = bubble.label
        near = abs(x - bubble.x) < bubble.r + 12 and abs(y - bubble.y) < bubble.r + 20
        if not near:
            canvas.line(bubble.x, bubble.y, x, y - 3, theme.faint, 0.8)
        canvas.text(x, y, bubble.name, SIZE, anchor)
