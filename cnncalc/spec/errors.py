"""What a person reads when a spec is wrong: every fault, its place, the line, a caret, the remedy."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

SHOWN = 20  # faults printed before the rest is only counted
WIDEST = 120  # characters of a line that are printed


@dataclass(frozen=True)
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
        lines = text.split("\n")
        shown = [_rendered(fault, origin, lines) for fault in self.faults[:SHOWN]]
        if len(self.faults) > SHOWN:
            shown.append(f"and {len(self.faults) - SHOWN} more")
        super().__init__("\n\n".join(shown))


def _rendered(fault: Fault, origin: str, lines: list[str]) -> str:
    place = fault.place
    head = f"error: {printable(fault.message)}"
    if place.line < 0 or place.line >= len(lines):
        where = ": ".join(part for part in (origin, place.path) if part)
        tail = [f"  --> {printable(where)}"] if where else []
        tail += [f"      {printable(fault.hint)}"] if fault.hint else []
        return "\n".join([head, *tail])
    number = str(place.line + 1)
    line = printable(lines[place.line].rstrip("\r").replace("\t", " "))
    start = max(0, place.column - WIDEST // 2) if len(line) > WIDEST else 0
    cut = ("…" if start else "") + line[start : start + WIDEST] + ("…" if len(line) > start + WIDEST else "")
    column = place.column - start + (1 if start else 0)
    caret = "^" * max(1, min(place.width, len(cut) - column))
    hint = f" {printable(fault.hint)}" if fault.hint else ""
    gutter = " " * len(number)
    return "\n".join(
        [
            head,
            f"{gutter} --> {printable(origin)}:{place.line + 1}:{place.column + 1}",
            f"{number} | {cut}",
            f"{gutter} | {' ' * column}{caret}{hint}",
        ]
    )


def printable(text: str) -> str:
    """A stranger's text without control characters, so that it cannot steer a terminal."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", "?", text)


def nearest(word: str, known: Iterable[str]) -> str:
    """ "did you mean 'kernel_size'?", or nothing when no known word is close."""
    best, score = "", 0.6
    for candidate in known:
        for form in {candidate, *candidate.split("_")} if "_" in candidate else {candidate}:
            ratio = SequenceMatcher(None, word.lower(), form.lower()).ratio()
            ratio -= 0.0 if form == candidate else 0.05
            if ratio > score:
                best, score = candidate, ratio
    return f"did you mean '{best}'?" if best else ""
