"""Make what cnncalc/draw/fonts holds beside Liberation Sans: its advance widths, and the brackets it lacks.

Run once, by hand, where fontTools is installed; the results are kept. No figure needs fontTools.
"""

import json
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "cnncalc" / "draw" / "fonts"
LAST = 0x2600  # beyond lie dingbats and scripts that figures of networks do not use
UNITS, TOP, BOTTOM, ADVANCE, STEM, FOOT = 2048, 1484, -407, 640, 140, 320


def bracket(left: bool, top: bool) -> object:
    """A bar with one foot: ⌈ ⌉ with it at the top, ⌊ ⌋ at the bottom."""
    pen = TTGlyphPen(None)
    x = 210 if left else ADVANCE - 210 - STEM
    toe = (x, x + FOOT) if left else (x + STEM - FOOT, x + STEM)
    y = (TOP - STEM, TOP) if top else (BOTTOM, BOTTOM + STEM)
    for (x0, x1), (y0, y1) in (((x, x + STEM), (BOTTOM, TOP)), (toe, y)):
        pen.moveTo((x0, y0))
        pen.lineTo((x0, y1))
        pen.lineTo((x1, y1))
        pen.lineTo((x1, y0))
        pen.closePath()
    return pen.glyph()


def brackets() -> None:
    glyphs = {
        "⌈": bracket(True, True),
        "⌉": bracket(False, True),
        "⌊": bracket(True, False),
        "⌋": bracket(False, False),
    }
    names = {sign: f"uni{ord(sign):04X}" for sign in glyphs}
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(sign): name for sign, name in names.items()})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), **{names[sign]: glyph for sign, glyph in glyphs.items()}})
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=1854, descent=-434)
    family = "Cnncalc Brackets"
    builder.setupNameTable(
        {"familyName": family, "styleName": "Regular", "fullName": family, "psName": "CnncalcBrackets"}
    )
    builder.setupOS2(sTypoAscender=1854, sTypoDescender=-434, usWinAscent=1854, usWinDescent=434)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(FONTS / "CnncalcBrackets.ttf")


def widths() -> None:
    found = {}
    for style in ("Regular", "Bold"):
        table: dict[int, list[int]] = {}
        for file in (FONTS / f"LiberationSans-{style}.ttf", FONTS / "CnncalcBrackets.ttf"):
            font = TTFont(file)
            advances = font["hmtx"]
            for code, glyph in font.getBestCmap().items():
                if code < LAST:
                    table.setdefault(advances[glyph][0], []).append(code)
        found[style.lower()] = {width: "".join(map(chr, sorted(codes))) for width, codes in sorted(table.items())}
    (FONTS / "widths.json").write_text(json.dumps(found, ensure_ascii=True, indent=0), "utf-8")


if __name__ == "__main__":
    brackets()
    widths()
