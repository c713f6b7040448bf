"""The drawn geometry of a figure, read off its SVG: rectangles of boxes and texts, arrow heads, lines.

Text is measured by fontTools on the shipped font, not by the table the figures are made with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os.path import join
from xml.etree import ElementTree

from fontTools.ttLib import TTFont

from cnncalc.draw.text import FONTS

NS = "{http://www.w3.org/2000/svg}"
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@cache
def font(bold: bool) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    found = TTFont(join(FONTS, f"LiberationSans-{'Bold' if bold else 'Regular'}.ttf"))
    return found.getBestCmap(), found["hmtx"].metrics, found["head"].unitsPerEm


def measured(text: str, size: float, bold: bool) -> float:
    """The width of text by the font's own tables; what it lacks counts a third of an em, the width of its brackets."""
    names, advances, units = font(bold)
    return sum(advances[names[ord(c)]][0] if ord(c) in names else 0.3125 * units for c in text) * size / units


@dataclass
class Text:
    """A line of text and the rectangle of its ink."""

    shown: str
    full: str
    rectangle: Rectangle


def text_of(element: ElementTree.Element) -> Text:
    title = element.find(f"{NS}title")
    shown = (element.text or "") if title is None else (title.tail or "")
    size, bold = float(element.get("font-size", "0")), element.get("font-weight") == "bold"
    wide = float(element.get("textLength") or measured(shown, size, bold))
    x, y = float(element.get("x", "0")), float(element.get("y", "0"))
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
    full = shown if title is None else (title.text or "")
    return Text(shown, full, (left, y - 0.72 * size, left + wide, y + 0.21 * size))


def rectangle_of(element: ElementTree.Element) -> Rectangle:
    """The extent of a rect, circle, line, polygon or path."""
    tag = element.tag.removeprefix(NS)
    if tag == "rect":
        x, y, w, h = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
        return x, y, x + w, y + h
    if tag == "circle":
        x, y, r = (float(element.get(name, "0")) for name in ("cx", "cy", "r"))
        return x - r, y - r, x + r, y + r
    points = points_of(element)
    return (min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points))


def points_of(element: ElementTree.Element) -> list[Point]:
    """The corners of a line, polygon or path (of curves: the control points too; relative cells are left out)."""
    tag = element.tag.removeprefix(NS)
    if tag == "line":
        x0, y0, x1, y1 = (float(element.get(name, "0")) for name in ("x1", "y1", "x2", "y2"))
        return [(x0, y0), (x1, y1)]
    data = element.get("points" if tag == "polygon" else "d", "")
    numbers = [float(number) for number in _NUMBER.findall(re.split("[a-z]", data)[0])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


class Drawn:
    """A figure's SVG, parsed."""

    def __init__(self, svg: str) -> None:
        self.root = ElementTree.fromstring(svg)
        x, y, w, h = map(float, self.root.get("viewBox", "").split())
        self.page: Rectangle = (x, y, x + w, y + h)

    def groups(self, *kinds: str) -> Iterator[ElementTree.Element]:
        for group in self.root.iter(f"{NS}g"):
            if group.get("class") in kinds:
                yield group

    def boxes(self) -> dict[str, Rectangle]:
        """Boxes and joins of a layer graph by name."""
        found = {}
        for group in self.groups("box", "join"):
            shape = group.find(f"{NS}rect")
            found[group.get("data-name", "")] = rectangle_of(group.find(f"{NS}circle") if shape is None else shape)  # type: ignore[arg-type]
        return found

    def texts(self, within: ElementTree.Element | None = None) -> list[Text]:
        return [text_of(element) for element in (self.root if within is None else within).iter(f"{NS}text")]

    def shapes(self) -> Iterator[ElementTree.Element]:
        for element in self.root.iter():
            if element.tag.removeprefix(NS) in ("rect", "circle", "line", "polygon", "path"):
                yield element


def inside(inner: Rectangle, outer: Rectangle, slack: float = 0.6) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def overlap(a: Rectangle, b: Rectangle, slack: float = 0.6) -> bool:
    return a[0] < b[2] - slack and b[0] < a[2] - slack and a[1] < b[3] - slack and b[1] < a[3] - slack


def crossing(a: Point, b: Point, box: Rectangle, slack: float = 1.0) -> bool:
    """Whether an upright or level line runs through a rectangle's inside."""
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    return overlap((left - 0.1, top - 0.1, right + 0.1, bottom + 0.1), box, slack)
