"""Figures as PNG and PDF."""

from os.path import join

from cnncalc.draw.canvas import Figure
from cnncalc.draw.errors import MissingPart
from cnncalc.draw.text import FONTS

FILES = tuple(join(FONTS, name) for name in ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf",
                                             "CnncalcBrackets.ttf"))  # fmt: skip
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
    for style, file in (("normal", FILES[0]), ("bold", FILES[1])):
        svglib.register_font("Liberation Sans", file, weight=style)
    drawing = svglib.svg2rlg(BytesIO(figure.svg.encode()))
    return bytes(renderPDF.drawToString(drawing, figure.title, autoSize=1))
