"""A whole spec on one line: "3x227x227 -> conv 96 11x11 stride=4 -> relu". Needs neither yaml nor pydantic."""

import re

from cnncalc.spec.errors import Fault, Place, SpecError
from cnncalc.spec.spec import Outline, Spec
from cnncalc.spec.tree import Items, Leaf

MAX_LENGTH = 20_000
_ARROW = re.compile(r"->|→|⟶")


def is_one_line(text: str) -> bool:
    """Whether a SPEC argument is a spec itself rather than the name of one."""
    return bool(_ARROW.search(text)) and "\n" not in text.strip()


def one_line(text: str) -> Spec:
    """Read a one-line spec. Raises SpecError."""
    origin = "one-line spec"
    if len(text) > MAX_LENGTH:
        raise SpecError([Fault(f"a one-line spec has at most {MAX_LENGTH:,} characters", Place(path=origin))])
    text = text.strip()
    leaves: list[Leaf] = []
    start = 0
    for end in [*(match.span() for match in _ARROW.finditer(text)), (len(text), len(text))]:
        piece = text[start : end[0]]
        value = piece.strip()
        column = start + len(piece) - len(piece.lstrip())
        leaves.append(Leaf(value, Place(0, column, max(1, len(value))), column))
        start = end[1]
    first, *layers = leaves
    if first.value.startswith("input "):
        first = Leaf(first.value[6:].strip(), first.place, None)
    faults = [Fault("a layer is missing here", leaf.place) for leaf in layers if not leaf.value]
    if not first.value:
        faults.append(Fault("the input's size is missing", first.place, "begin with one, such as 3x224x224"))
    if faults:
        raise SpecError(faults, origin, text)
    outline = Outline(input=first, layers=Items(list(layers), first.place))
    return Spec("network", outline, origin, text)
