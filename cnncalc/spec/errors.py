"""What a person reads when a spec is wrong: every fault, its place, the line, a caret, the remedy."""

import re
from collections.abc import Iterable

from cnncalc.exact.records import record

SHOWN = 20  # faults printed before the rest is only counted
WIDEST = 120  # characters of a line that are printed
LONGEST = 400  # characters of a message that are printed
MAX_FAULTS = 50  # beyond these a spec is not read on
_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # as YAML counts lines
_HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


@record
class Place:
    """A stretch of one line (counted from 0), or - for a spec that is not text - a path into it."""

    line: int = -1
    column: int = 0
    width: int = 1
    path: str = ""


class Fault(ValueError):
    """One thing that is wrong with a spec."""

    def __init__(self, message: str, place: Place, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.place, self.hint = message, place, hint


class SpecError(ValueError):
    """A spec cannot be used. ``str`` of it is what the command line prints; ``faults`` lists them."""

    def __init__(self, faults: Iterable[Fault], origin: str = "", text: str = "") -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.place.line, fault.place.column)))
        self.origin = origin
        lines = _LINE_ENDS.split(text)
        shown = [_rendered(fault, origin, lines) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            shown.append(f"and {len(self.faults) - SHOWN} more")
        super().__init__("\n\n".join(shown))


def _rendered(fault: Fault, origin: str, lines: list[str]) -> str:
    place = fault.place
    head = f"error: {_clipped(fault.message)}"
    if place.line < 0 or place.line >= len(lines):
        where = ": ".join(part for part in (origin, place.path) if part)
        tail = [f"  --> {printable(where)}"] if where else []
        tail += [f"      {_clipped(fault.hint)}"] if fault.hint else []
        return "\n".join([head, *tail])
    number = str(place.line + 1)
    line = printable(lines[place.line].replace("\t", " "))
    start = max(0, place.column - WIDEST // 2) if len(line) > WIDEST else 0
    cut = ("…" if start else "") + line[start : start + WIDEST] + ("…" if len(line) > start + WIDEST else "")
    column = place.column - start + (1 if start else 0)
    caret = "^" * max(1, min(place.width, len(cut) - column))
    hint = f" {_clipped(fault.hint)}" if fault.hint else ""
    gutter = " " * len(number)
    return "\n".join(
        [
            head,
            f"{gutter} --> {printable(origin)}:{place.line + 1}:{place.column + 1}",
            f"{number} | {cut}",
            f"{gutter} | {' ' * column}{caret}{hint}",
        ]
    )


def _clipped(text: str) -> str:
    return printable(text if len(text) <= LONGEST else text[:LONGEST] + "…")


def printable(text: str) -> str:
    """A stranger's line without control and invisible characters, so that it can neither steer a
    terminal nor look like another line."""
    return _HIDDEN.sub("?", text)


def nearest(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'kernel_size'?", or nothing when no known word is close."""
    from difflib import SequenceMatcher

    best, score = "", 0.6
    matcher = SequenceMatcher(None, "", word[:WIDEST].lower())
    for candidate in known:
        for form in (candidate, *candidate.split("_")) if "_" in candidate else (candidate,):
            matcher.set_seq1(form[:WIDEST].lower())
            less = 0.0 if form == candidate else 0.05
            if matcher.real_quick_ratio() - less > score and matcher.quick_ratio() - less > score:
                ratio = matcher.ratio() - less
                if ratio > score:
                    best, score = candidate, ratio
    return f"did you mean '{best}'?" if best else ""
