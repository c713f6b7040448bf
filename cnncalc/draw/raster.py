"""Figures as PNG and PDF."""

import re
from os.path import join

from cnncalc.draw.canvas import Figure
from cnncalc.draw.errors import MissingPart
from cnncalc.draw.text import FONTS, width

FILES = tuple(join(FONTS, name) for name in ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf",
                                             "CnncalcBrackets.ttf"))  # fmt: skip
BRACKETS = "Cnncalc Brackets"
MAX_PIXELS = 120_000_000  # of a PNG; beyond it the scale is lowered


def png(figure: Figure, scale: float = 2.0) -> bytes:
    """The figure as PNG, ``scale`` pixels for one; the shipped font and no other. Raises MissingPart."""
    try:
        import resvg_py
    except ImportError:
        raise MissingPart("PNG through resvg-py", "png") from None
    within = min(scale, (MAX_PIXELS / (figure.width * figure.height)) ** 0.5)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=figure.svg, zoom=within, dpi=96.0, font_files=list(FILES), skip_system_fonts=True,
            font_family="Liberation Sans", sans_serif_family="Liberation Sans",
        )
    )  # fmt: skip


def pdf(figure: Figure) -> bytes:
    """The figure as a PDF of one page, in lines and text. Raises MissingPart."""
    try:
        import svglib.svglib as svglib
        from reportlab.graphics import renderPDF
    except ImportError:
        raise MissingPart("PDF through svglib", "pdf") from None
    import logging
    from io import BytesIO

    logging.getLogger("svglib").setLevel(logging.ERROR)  # it would report every <title> as unknown
    for family, weight, file in (("Liberation Sans", "normal", FILES[0]), ("Liberation Sans", "bold", FILES[1]),
                                 (BRACKETS, "normal", FILES[2]), (BRACKETS, "bold", FILES[2])):  # fmt: skip
        svglib.register_font(family, file, weight=weight)
    drawing = svglib.svg2rlg(BytesIO(_in_runs(figure.svg)))
    return bytes(renderPDF.drawToString(drawing, figure.title, autoSize=1))


def _in_runs(svg: str) -> bytes:
    """The SVG with its text cut into runs of one font each: PDF has no font to fall back on."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(svg)  # our own SVG, no stranger's
    for parent in list(root.iter()):
        for element in [child for child in parent if child.tag.endswith("}text")]:
            title = element[0].tail if len(element) else None
            runs = re.findall("[⌊⌋⌈⌉]+|[^⌊⌋⌈⌉]+", title or element.text or "")
            if len(runs) < 2 and not any(run[0] in "⌊⌋⌈⌉" for run in runs):
                continue
            size, bold = float(element.get("font-size", "10")), element.get("font-weight") == "bold"
            whole = sum(width(run, size, bold) for run in runs)
            x = float(element.get("x", "0")) - {"middle": whole / 2, "end": whole}.get(
                element.get("text-anchor", ""), 0
            )
            at = list(parent).index(element)
            parent.remove(element)
            kept = {
                name: element.get(name, "") for name in ("y", "font-size", "fill", "font-weight") if element.get(name)
            }
            for k, run in enumerate(runs):
                family = {"font-family": BRACKETS} if run[0] in "⌊⌋⌈⌉" else {}
                blank = width(run[: len(run) - len(run.lstrip())], size, bold)  # a reader of SVG drops it
                one = ElementTree.Element(element.tag, {"x": f"{x + blank:.2f}", **kept, **family})
                one.text = run.strip()
                parent.insert(at + k, one)
                x += width(run, size, bold)
    return ElementTree.tostring(root)
