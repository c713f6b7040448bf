"""An exercise before it is written: drawn numbers, how its answers are worked out, which network it is about."""

from collections.abc import Callable
from functools import cached_property
from random import Random
from typing import Any

from cnncalc.exact.records import fresh, record
from cnncalc.quiz.diagnosis import Found, Work, outcomes
from cnncalc.quiz.quantities import house
from cnncalc.quiz.question import Choice, Table
from cnncalc.quiz.slips import Slip, slips_of

ENOUGH = 2  # distinct diagnosed wrong answers that every blank must have
PLENTY = 6  # beyond these more of them make an exercise no better


@record
class Ask:
    """One number asked for: how it is worked out, and by which quantities' slips it can go wrong."""

    work: Work
    quantities: tuple[str, ...]

    @cached_property
    def slips(self) -> tuple[Slip, ...]:
        """The slips that can happen on the way."""
        return tuple(dict.fromkeys(slip for name in self.quantities for slip in slips_of(name)))

    @cached_property
    def wrongs(self) -> list[Found]:
        """What single slips lead to, where somebody could write it down: positive values."""
        return [found for found in outcomes(self.work, self.slips) if found.value > 0]

    @cached_property
    def pairs(self) -> list[Found]:
        """What only two slips together lead to."""
        return [found for found in outcomes(self.work, self.slips, pairs=True) if found.value > 0]

    @cached_property
    def answer(self) -> int:
        """The right value, from the house's rules."""
        return int(self.work(house))


@record
class Written:
    """The texts of an exercise in one language; ``labels`` one for each blank."""

    prompt: str
    labels: tuple[str, ...] = ()
    table: Table | None = None
    listing: str = ""
    closing: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


@record
class Draft:
    """Drawn numbers. ``shown`` are (layer, quantities) of ``spec`` whose working leads to the answer."""

    given: dict[str, Any]
    spec: str
    asks: tuple[Ask, ...]
    write: Callable[[str], Written]
    shown: tuple[tuple[str, tuple[str, ...]], ...] = ()
    figure: Callable[[], str] | None = None
    worth: float = fresh(default_factory=float)


Draw = Callable[[Random, int], Draft | None]  # None: these numbers make no exercise; draw again


def merit(draft: Draft) -> float:
    """How well the numbers tell the slips apart; below 0 they do not do.

    Each distinct wrong value with one cause counts for the draft, each with several causes against it:
    an answer with one cause can be diagnosed with certainty.
    """
    total = draft.worth
    for ask in draft.asks:
        wrongs = ask.wrongs
        if len(wrongs) < ENOUGH or ask.answer <= 0:
            return -1.0
        certain = sum(len(wrong.ways) == 1 for wrong in wrongs)
        total += min(certain, PLENTY) - 0.5 * (len(wrongs) - certain)
    return max(0.0, total / max(1, len(draft.asks)))
