"""Figures as TikZ, to be typeset with a paper: the SVG's shapes, one for one, as paths of TikZ."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from cnncalc.draw.canvas import Figure, number

POINTS = 0.75  # TeX big points in a pixel
MARKS = {"⌊": r"$\lfloor$", "⌋": r"$\rfloor$", "⌈": r"$\lceil$", "⌉": r"$\rceil$", "×": r"$\times$", "→": r"$\to$",
         "·": r"$\cdot$", "−": "$-$", "√": r"$\surd$", "∞": r"$\infty$", "…": r"\dots{}", "–": "--",
         "↔": r"$\leftrightarrow$", "�": "?"}  # fmt: skip
SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
           "_": r"\_", "^": r"\^{}", "~": r"\~{}"}  # fmt: skip
ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
_TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+")

HEAD = r"""\documentclass[border=0pt]{standalone}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{helvet}
\renewcommand{\familydefault}{\sfdefault}
\usepackage{tikz}
\begin{document}
"""


def tikz(figure: Figure) -> str:
    """A LaTeX document with the figure in it; its tikzpicture can be taken into any other."""
    root = ElementTree.fromstring(figure.svg)  # our own SVG, no stranger's
    x, y, w, h = map(float, root.get("viewBox", "").split())
    lines = [f"% {_latin(figure.title)}", f"\\begin{{tikzpicture}}[x={POINTS}bp, y=-{POINTS}bp]"]
    lines.append(f"\\useasboundingbox ({number(x)},{number(y)}) rectangle ({number(x + w)},{number(y + h)});")
    for element in root.iter():
        if element.get("visibility") != "hidden":
            lines += _drawn(element)
    return HEAD + "\n".join([*lines, r"\end{tikzpicture}", r"\end{document}", ""])


def _drawn(element: ElementTree.Element) -> list[str]:
    tag = element.tag.rpartition("}")[2]
    get = element.get
    if tag == "rect":
        x, y, w, h = (float(get(name, "0")) for name in ("x", "y", "width", "height"))
        corner = f"[rounded corners={number(float(get('rx', '0')) * POINTS)}bp] " if get("rx") else ""
        return [
            f"\\path{_style(element)} {corner}({number(x)},{number(y)}) rectangle ({number(x + w)},{number(y + h)});"
        ]
    if tag == "circle":
        r = number(float(get("r", "0")) * POINTS)
        return [f"\\path{_style(element)} ({get('cx')},{get('cy')}) circle[radius={r}bp];"]
    if tag == "line":
        return [f"\\path{_style(element)} ({get('x1')},{get('y1')}) -- ({get('x2')},{get('y2')});"]
    if tag == "polygon":
        corners = " -- ".join(f"({point})" for point in get("points", "").split())
        return [f"\\path{_style(element)} {corners} -- cycle;"]
    if tag == "path":
        return [f"\\path{_style(element)} {_path(get('d', ''))};"]
    return [_text(element)] if tag == "text" else []


def _style(element: ElementTree.Element) -> str:
    said = []
    for name, what in (("fill", "fill"), ("stroke", "draw")):
        colour = element.get(name, "none")
        if colour.startswith("#"):
            said.append(f"{what}={_colour(colour)}")
    if element.get("stroke-width"):
        said.append(f"line width={number(float(element.get('stroke-width', '1')) * POINTS)}bp")
    if dashes := element.get("stroke-dasharray"):
        on, off = (number(float(part) * POINTS) for part in dashes.split())
        said.append(f"dash pattern=on {on}bp off {off}bp")
    if element.get("fill-opacity"):
        said.append(f"fill opacity={element.get('fill-opacity')}")
    return f"[{', '.join(said)}]"


def _colour(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"


def _path(data: str) -> str:
    """SVG path data (M L C Q v h q z, as the canvas writes it) in TikZ's words."""
    tokens = _TOKEN.findall(data)
    out: list[str] = []
    at = (0.0, 0.0)
    command, i = "", 0

    def point(k: int, relative: bool) -> tuple[float, float]:
        x, y = float(tokens[i + 2 * k]), float(tokens[i + 2 * k + 1])
        return (at[0] + x, at[1] + y) if relative else (x, y)

    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
        if command == "z":
            out.append("-- cycle")
        elif command in "ML":
            at = point(0, False)
            out.append(("" if command == "M" else "-- ") + _at(at))
            i, command = i + 2, "L"
        elif command in "hv":
            step = float(tokens[i])
            at = (at[0] + step, at[1]) if command == "h" else (at[0], at[1] + step)
            out.append(f"-- {_at(at)}")
            i += 1
        elif command in "Qq":
            middle, end = point(0, command == "q"), point(1, command == "q")
            near, far = ([a + 2 * (m - a) / 3 for a, m in zip(side, middle, strict=True)] for side in (at, end))
            out.append(f".. controls {_at(near)} and {_at(far)} .. {_at(end)}")
            at, i = end, i + 4
        else:  # C
            first, second, end = (point(k, False) for k in range(3))
            out.append(f".. controls {_at(first)} and {_at(second)} .. {_at(end)}")
            at, i = end, i + 6
    return " ".join(out)


def _at(point: Sequence[float]) -> str:
    return f"({number(point[0])},{number(point[1])})"


def _text(element: ElementTree.Element) -> str:
    """A line of text, squeezed or stretched to the width it has in the figure."""
    shown = "".join(element.itertext()) if len(element) == 0 else "".join(child.tail or "" for child in element)
    size = float(element.get("font-size", "10")) * POINTS
    text = "".join(SPECIAL.get(sign) or MARKS.get(sign) or _latin(sign) for sign in shown)
    bold = r"\bfseries " if element.get("font-weight") == "bold" else ""
    fonted = f"\\fontsize{{{number(size)}bp}}{{{number(size * 1.2)}bp}}\\selectfont {bold}{text}"
    if length := element.get("textLength"):
        fonted = f"\\resizebox{{{number(float(length) * POINTS)}bp}}{{\\height}}{{{fonted}}}"
    anchor = ANCHORS[element.get("text-anchor", "start")]
    style = f"anchor={anchor}, inner sep=0pt, text={_colour(element.get('fill', '#000000'))}"
    return f"\\node[{style}] at ({element.get('x')},{element.get('y')}) {{{fonted}}};"


def _latin(text: str) -> str:
    """What inputenc knows; the rest as a question mark."""
    return "".join(sign if ord(sign) < 0x180 else "?" for sign in text)
