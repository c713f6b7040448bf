"""One small SVG canvas on which every figure is drawn.

Coordinates are pixels, y downward. Every text carries the width it was given room for
(``textLength``), so that any renderer with any font keeps it in its place. Groups carry a class and a
``<title>``, which browsers show as a tooltip and screen readers read. No element has an id: figures
can stand beside each other in one page.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html import escape

from cnncalc.draw.text import ASCENT, DESCENT, FAMILY, plain, shortened, width
from cnncalc.draw.theme import LIGHT, Theme
from cnncalc.exact.records import record

Point = tuple[float, float]
MARGIN = 16.0


@record
class Figure:
    """A finished figure: SVG text and its size in pixels. Notebooks show it as it is."""

    svg: str
    width: float
    height: float
    title: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<Figure {self.title!r}, {self.width:.0f} × {self.height:.0f} px>"


def number(value: float) -> str:
    """A coordinate with at most two decimals."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Canvas:
    """Shapes in the order they are drawn, and the room they take."""

    def __init__(self, theme: Theme = LIGHT) -> None:
        self.theme = theme
        self.parts: list[str] = []
        self.left = self.top = float("inf")
        self.right = self.bottom = float("-inf")

    def covers(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Make the page at least so large."""
        self.left, self.right = min(self.left, x0), max(self.right, x1)
        self.top, self.bottom = min(self.top, y0), max(self.bottom, y1)

    @contextmanager
    def group(self, kind: str, title: str = "", **data: str) -> Iterator[None]:
        """Shapes that belong together, under one title."""
        said = "".join(f' data-{name.replace("_", "-")}="{escape(plain(value))}"' for name, value in data.items())
        self.parts.append(f'<g class="{kind}"{said}>')
        if title:
            self.parts.append(f"<title>{escape(plain(title))}</title>")
        yield
        self.parts.append("</g>")

    def _add(self, tag: str, attributes: dict[str, object], inside: str = "") -> None:
        said = " ".join(
            f'{name.replace("_", "-")}="{number(value) if isinstance(value, float) else value}"'
            for name, value in attributes.items()
            if value is not None
        )
        self.parts.append(f"<{tag} {said}>{inside}</{tag}>" if inside else f"<{tag} {said}/>")

    def rect(self, x: float, y: float, w: float, h: float, fill: str = "none", stroke: str = "none",
             radius: float = 0.0, line: float = 1.0, **extra: object) -> None:  # fmt: skip
        """A rectangle with its upper left corner at x, y."""
        spread = line / 2 if stroke != "none" else 0.0
        self.covers(x - spread, y - spread, x + w + spread, y + h + spread)
        outline = {"stroke": stroke, "stroke_width": float(line)} if stroke != "none" else {}
        rounded = {"rx": float(radius)} if radius else {}
        place = {"x": float(x), "y": float(y), "width": float(w), "height": float(h)}
        self._add("rect", {**place, **rounded, "fill": fill, **outline, **extra})

    def circle(self, x: float, y: float, r: float, fill: str, stroke: str = "none", line: float = 1.0) -> None:
        self.covers(x - r - line / 2, y - r - line / 2, x + r + line / 2, y + r + line / 2)
        outline = {"stroke": stroke, "stroke_width": float(line)} if stroke != "none" else {}
        self._add("circle", {"cx": float(x), "cy": float(y), "r": float(r), "fill": fill, **outline})

    def line(self, x0: float, y0: float, x1: float, y1: float, stroke: str, line: float = 1.0,
             **extra: object) -> None:  # fmt: skip
        self.covers(min(x0, x1) - line / 2, min(y0, y1) - line / 2, max(x0, x1) + line / 2, max(y0, y1) + line / 2)
        ends = {"x1": float(x0), "y1": float(y0), "x2": float(x1), "y2": float(y1)}
        self._add("line", {**ends, "stroke": stroke, "stroke_width": float(line), **extra})

    def polygon(self, points: Iterable[Point], fill: str, stroke: str = "none", line: float = 1.0,
                **extra: object) -> None:  # fmt: skip
        corners = list(points)
        self.covers(min(x for x, _ in corners) - line / 2, min(y for _, y in corners) - line / 2,
                    max(x for x, _ in corners) + line / 2, max(y for _, y in corners) + line / 2)  # fmt: skip
        outline = {"stroke": stroke, "stroke_width": float(line), "stroke_linejoin": "round"}
        text = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        self._add("polygon", {"points": text, "fill": fill, **(outline if stroke != "none" else {}), **extra})

    def path(self, data: str, points: Iterable[Point], stroke: str = "none", line: float = 1.0, fill: str = "none",
             **extra: object) -> None:  # fmt: skip
        """A path; ``points`` are those it stays within."""
        within = list(points)
        self.covers(min(x for x, _ in within) - line / 2, min(y for _, y in within) - line / 2,
                    max(x for x, _ in within) + line / 2, max(y for _, y in within) + line / 2)  # fmt: skip
        outline = {"stroke": stroke, "stroke_width": float(line)} if stroke != "none" else {}
        self._add("path", {"d": data, "fill": fill, **outline, **extra})

    def text(self, x: float, y: float, text: str, size: float = 11.0, anchor: str = "start", bold: bool = False,
             fill: str | None = None, room: float | None = None, **extra: object) -> float:  # fmt: skip
        """A line of text with its baseline at y; shortened to ``room`` pixels, in full in its title. Its width."""
        full = plain(text)
        shown = full if room is None else shortened(full, room, size, bold)
        wide = width(shown, size, bold)
        x0 = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        self.covers(x0, y - ASCENT * size, x0 + wide, y + DESCENT * size)
        attributes: dict[str, object] = {"x": float(x), "y": float(y), "font_size": float(size)}
        attributes |= {"text_anchor": anchor} if anchor != "start" else {}
        attributes |= {"font_weight": "bold"} if bold else {}
        attributes |= {"fill": fill or self.theme.ink}
        attributes |= {"textLength": wide, "lengthAdjust": "spacingAndGlyphs"} if len(shown) > 1 else {}
        title = f"<title>{escape(full)}</title>" if shown != full else ""
        self._add("text", attributes | extra, title + escape(shown, quote=False))
        return wide

    def figure(self, title: str, description: str, margin: float = MARGIN) -> Figure:
        """Close the page around all that was drawn."""
        x, y = self.left - margin, self.top - margin
        w, h = self.right - self.left + 2 * margin, self.bottom - self.top + 2 * margin
        name = escape(plain(title))
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(w)}" height="{number(h)}" '
            f'viewBox="{number(x)} {number(y)} {number(w)} {number(h)}" font-family="{FAMILY}" role="img" '
            f'aria-label="{name}"><title>{name}</title><desc>{escape(plain(description))}</desc>'
            f'<rect class="page" x="{number(x)}" y="{number(y)}" width="{number(w)}" height="{number(h)}" '
            f'fill="{self.theme.page}"/>'
        )
        return Figure("\n".join([head, *self.parts, "</svg>\n"]), w, h, title)


def rounded(points: list[Point], radius: float = 7.0) -> str:
    """Path data of a polyline with its corners rounded."""
    kept = [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]
    data = [f"M{number(kept[0][0])},{number(kept[0][1])}"]
    for (x0, y0), (x1, y1), (x2, y2) in zip(kept, kept[1:], kept[2:], strict=False):
        before, after = abs(x1 - x0) + abs(y1 - y0), abs(x2 - x1) + abs(y2 - y1)
        r = min(radius, before / 2, after / 2)
        ax, ay = x1 - (x1 - x0) * r / before, y1 - (y1 - y0) * r / before
        bx, by = x1 + (x2 - x1) * r / after, y1 + (y2 - y1) * r / after
        data.append(f"L{number(ax)},{number(ay)} Q{number(x1)},{number(y1)} {number(bx)},{number(by)}")
    data.append(f"L{number(kept[-1][0])},{number(kept[-1][1])}")
    return " ".join(data)


def head(tip: Point, back: Point, long: float = 8.0, wide: float = 3.4) -> list[Point]:
    """The triangle of an arrow head at ``tip``, coming from ``back``."""
    dx, dy = tip[0] - back[0], tip[1] - back[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / length, dy / length
    x, y = tip[0] - ux * long, tip[1] - uy * long
    return [tip, (x - uy * wide, y + ux * wide), (x + uy * wide, y - ux * wide)]
