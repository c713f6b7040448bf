"""How wide text is: the advance widths of the shipped font, Liberation Sans, which Arial and Helvetica share."""

import json
from functools import cache
from os.path import dirname, join

FONTS = join(dirname(__file__), "fonts")
FAMILY = "Liberation Sans, Arial, Helvetica, Cnncalc Brackets, DejaVu Sans, sans-serif"
UNITS = 2048  # of the font, to one em
WIDE = 2048  # a sign the font lacks (an emoji, a Chinese character) is taken for a square
ASCENT, DESCENT = 0.74, 0.22  # ink above and below the line, in ems: capitals, brackets, tails


@cache
def _advances(bold: bool) -> dict[str, int]:
    with open(join(FONTS, "widths.json"), encoding="utf-8") as file:
        table = json.load(file)["bold" if bold else "regular"]
    return {sign: int(width) for width, signs in table.items() for sign in signs}


@cache
def width(text: str, size: float, bold: bool = False) -> float:
    """The width of a line of text in pixels.

    >>> round(width("Conv 3×3", 10), 2)
    43.09
    """
    advances = _advances(bold)
    return sum(advances.get(sign, WIDE) for sign in text) * size / UNITS


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as fits into ``room`` pixels with an ellipsis.

    >>> shortened("global_avg_pool", 60, 10)
    'global_avg…'
    """
    if width(text, size, bold) <= room:
        return text
    low, high = 0, min(len(text), 4096)
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[:middle].rstrip() + "…", size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def plain(text: str) -> str:
    """Text with what XML cannot hold (control characters, lone surrogates) shown as �."""
    return "".join(sign if _allowed(ord(sign)) else "�" for sign in text.replace("\n", " ").replace("\t", " "))


def _allowed(code: int) -> bool:
    return 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
