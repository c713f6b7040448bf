"""What stands in a question but is no part of it: error messages, a student's own arithmetic, legends of codes."""

import re

from cnncalc.ask.refusal import Refused

_MESSAGE = re.compile(
    r"(?:RuntimeError\s*:\s*)?mat1 (?:and|dim 1 must match) mat2 "
    r"(?:shapes cannot be multiplied|dim 0)?\s*(?:\([^)]{0,60}\))?\.?",
    re.I,
)
_SUM = re.compile(r"(?<![\w.])[(\d][\d\s()*+/.-]{2,60}=\s*(\d[\d,]*)(?!\w)")
_GROWTH = re.compile(
    r"(?:the\s+|il\s+|el\s+)?(?:receptive field|campo ricettivo|campo receptivo)\s+(?:size\s+)?"
    r"(?:is|=|equals|grows as|è|es)\s+"
    r"(\d+\s*\+\s*\d*\s*[*·]?\s*[A-Za-z])(?![\w*])",
    re.I,
)  # "the receptive field is 1+2L": a rule that is told; the layers are counted here without it
_LEGEND = re.compile(r"[^.;\n]*['\"]?\b(?:CONV|POOL|FC)-?[A-Z]\b(?:-[A-Z]\b)?['\"]?(?!-?\d)[^.;\n]*(?:[.;\n]|$)")
_ORDER = re.compile(r"\bCONV-([A-Z])-([A-Z])\b")


def set_aside(text: str) -> tuple[str, list[str]]:
    """The question without them, and the figures that are thereby not used.

    Raises Refused for a legend that names the numbers of a code in an order that is not read here.
    """
    asides: list[str] = []

    def aside(found: re.Match[str]) -> str:
        if not re.search(r"[*+/]", found[0]):
            return found[0]
        asides.append(found[0].strip())
        return " "

    text = _MESSAGE.sub(" ", text)
    text = _SUM.sub(aside, text)
    asides += [found[1] for found in _GROWTH.finditer(text)]
    text = _GROWTH.sub(" ", text)
    order = _ORDER.search(text)
    if order:
        if order[1] not in "KF" or order[2] not in "NMC":
            raise Refused(f"'{order[0]}': codes are read as CONV-kernel-filters")
        text = _LEGEND.sub(" ", text)
    return text, asides
