"""The one object that everything is made from: prompt, answers, working, diagnosed wrong answers."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from json import dumps
from typing import Any

from cnncalc.exact.records import changed, fresh, record
from cnncalc.quiz.quantities import Number


@record
class Wrong:
    """A wrong value, the slips that lead to it (each way one or two slips), and what to tell the student."""

    value: Number
    ways: tuple[tuple[str, ...], ...]
    sentence: str


@record
class Blank:
    """One whole number to fill in. ``pairs`` are values that take two slips at once."""

    label: str
    answer: int
    wrongs: tuple[Wrong, ...] = ()
    pairs: tuple[Wrong, ...] = ()


@record
class Choice:
    """One of several texts to choose from, and what to tell who chooses it; ``slip`` is its slip's id."""

    text: str
    right: bool
    feedback: str
    slip: str = ""


@record
class Table:
    """Rows of text in which a number n stands for blank n."""

    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@record
class Question:
    """An exercise in one language: numbers to fill in (`blanks`), or one of several texts (`choices`).

    ``id`` depends on the numbers only, so that importing a set again updates it; ``spec`` is the
    network in question on one line; ``given`` are the drawn values.
    """

    id: str
    kind: str
    level: int
    language: str
    title: str
    prompt: str
    spec: str
    given: Mapping[str, Any]
    blanks: tuple[Blank, ...] = ()
    choices: tuple[Choice, ...] = ()
    table: Table | None = None
    listing: str = ""
    steps: tuple[str, ...] = ()
    figure: str = fresh(default_factory=str)

    def text(self) -> tuple[object, ...]:
        """What the student reads; two questions of a set differ in it."""
        return self.prompt, self.listing, self.table

    def wrong_answers(self) -> int:
        """How many distinct diagnosed wrong answers there are."""
        chosen = sum(not choice.right for choice in self.choices)
        return chosen + len({(i, wrong.value) for i, blank in enumerate(self.blanks) for wrong in blank.wrongs})

    def parts(self) -> Iterator["Question"]:
        """The question as questions of one blank each, for formats that have no tables."""
        if len(self.blanks) < 2:
            yield self
            return
        for index, blank in enumerate(self.blanks):
            asked = ASKED[self.language].format(label=blank.label)
            yield changed(
                self,
                id=f"{self.id}-{index + 1}",
                title=f"{self.title} ({index + 1}/{len(self.blanks)})",
                prompt=f"{self.prompt} {asked}",
                blanks=(blank,),
                table=self.table and Table(self.table.head, tuple(_showing(row, index) for row in self.table.rows)),
            )


ASKED = {"en": "Give: {label}.", "it": "Scrivi: {label}.", "es": "Escribe: {label}."}


def _showing(row: tuple[str | int, ...], index: int) -> tuple[str | int, ...]:
    """A row in which only one blank is asked for; the others are left open."""
    return tuple(cell if isinstance(cell, str) else 0 if cell == index else "…" for cell in row)


def identity(kind: str, given: Mapping[str, Any]) -> str:
    """A short name that depends on the numbers alone: "output-size-3f9a2c71d0"."""
    digest = sha256(dumps([kind, given], sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return f"{kind}-{digest[:10]}"
