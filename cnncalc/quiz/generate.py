"""Exercises by the thousand, the same for the same seed."""

from collections.abc import Iterator, Sequence
from random import Random

from cnncalc.analysis import Analysis
from cnncalc.exact.rules import ShapeError
from cnncalc.language import LANGUAGES, localised, phrase
from cnncalc.quiz.diagnosis import Found
from cnncalc.quiz.draft import Ask, Draft, merit
from cnncalc.quiz.kinds import KINDS, LEVELS
from cnncalc.quiz.question import Blank, Question, Wrong, identity
from cnncalc.quiz.slips import LOOKS, Slip
from cnncalc.quiz.words import listed, say
from cnncalc.spec.oneline import one_line
from cnncalc.working import steps

CANDIDATES = 3  # drafts drawn for an exercise; the one that tells slips apart best is kept
PATIENCE = 400  # drafts drawn before a kind is said to be exhausted
MOST = 100_000
PAIRS = 12  # values that take two slips, kept where one number is asked for


class Exhausted(ValueError):
    """There are not so many different exercises of a kind and level."""


def exercises(
    count: int, seed: int = 0, kinds: Sequence[str] = (), levels: Sequence[int] = (), language: str = "en"
) -> list[Question]:
    """``count`` different exercises, kinds and levels in turn, as long as there are more of them.

    Raises Exhausted where so many different ones do not exist, ValueError for an unknown kind,
    level or language.

    >>> [question.id for question in exercises(2, seed=7)] == [question.id for question in exercises(2, seed=7)]
    True
    """
    for name, known, asked in (("kind", KINDS, kinds), ("level", LEVELS, levels), ("language", LANGUAGES, (language,))):
        if unknown := [one for one in asked if one not in known]:
            raise ValueError(f"unknown {name} {unknown[0]!r}: one of {', '.join(map(str, known))}")
    if not 0 <= count <= MOST:
        raise ValueError(f"between 0 and {MOST:,} exercises, not {count:,}")
    return list(_exercises(count, seed, tuple(kinds) or tuple(KINDS), tuple(levels) or LEVELS, language))


def _exercises(
    count: int, seed: int, kinds: tuple[str, ...], levels: tuple[int, ...], language: str
) -> Iterator[Question]:
    ids: set[str] = set()
    texts: set[object] = set()
    left = [(kind, level) for level in levels for kind in kinds]
    index = turn = 0
    while index < count:
        if not left:
            raise Exhausted(f"there are only {index:,} different exercises of these kinds and levels, not {count:,}")
        kind, level = left[turn % len(left)]
        question = _another(Random(f"cnncalc {seed} {turn} {kind} {level}"), kind, level, language, ids, texts)
        turn += 1
        if question is None:
            left.remove((kind, level))
            continue
        index += 1
        yield question


def _another(rng: Random, kind: str, level: int, language: str, ids: set[str], texts: set[object]) -> Question | None:
    """An exercise that reads like none so far; None where no more are found."""
    for draft in _drafts(rng, kind, level, ids):
        question = _written(draft, kind, level, language)
        if question.text() not in texts:
            ids.add(question.id)
            texts.add(question.text())
            return question
    return None


def _drafts(rng: Random, kind: str, level: int, taken: set[str]) -> Iterator[Draft]:
    """Drafts that are not taken, each the best of a few."""
    best: tuple[float, Draft] | None = None
    seen = 0
    for _ in range(PATIENCE):
        draft = KINDS[kind](rng, level)
        if draft is None or identity(kind, draft.given) in taken:
            continue
        worth = merit(draft)
        if worth <= 0:
            continue
        seen += 1
        if best is None or worth > best[0]:
            best = (worth, draft)
        if seen == CANDIDATES:
            yield best[1]
            best, seen = None, 0
    if best is not None:
        yield best[1]


def _written(draft: Draft, kind: str, level: int, language: str) -> Question:
    text = draft.write(language)
    return Question(
        id=identity(kind, draft.given),
        kind=kind,
        level=level,
        language=language,
        title=say(kind, language),
        prompt=text.prompt,
        spec=draft.spec,
        given=draft.given,
        blanks=tuple(
            _blank(ask, label, language, len(draft.asks) == 1)
            for ask, label in zip(draft.asks, text.labels, strict=True)
        ),
        choices=text.choices,
        table=text.table,
        listing=text.listing,
        steps=(*_working(draft, language), *(localised(line, language) for line in text.closing)),
        figure=draft.figure() if draft.figure else "",
    )


def _blank(ask: Ask, label: str, language: str, alone: bool) -> Blank:
    wrongs = tuple(_wrong(found, language) for found in ask.wrongs)
    pairs = tuple(_wrong(found, language) for found in ask.pairs[:PAIRS]) if alone else ()
    return Blank(label, ask.answer, wrongs, pairs)


def _wrong(found: Found, language: str) -> Wrong:
    ways = tuple(tuple(slip.id for slip in way) for way in found.ways)
    return Wrong(found.value, ways, sentence(found.ways, language))


def sentence(ways: Sequence[tuple[Slip, ...]], language: str) -> str:
    """What a wrong value looks like: one slip with the advice, or the several that it could be."""
    if len(ways) == 1 and len(ways[0]) == 1:
        return ways[0][0].sentence(language)
    clauses = [listed([slip.clause(language) for slip in way], language) for way in ways[:3]]
    return f"{LOOKS[LANGUAGES.index(language)]} {listed(clauses, language, 'or')}."


def _working(draft: Draft, language: str) -> Iterator[str]:
    """The working of the layers that lead to the answer, as the house explains them."""
    if not draft.shown:
        return
    try:
        analysis = Analysis(one_line(draft.spec).network({}))
    except ShapeError as error:
        raise ShapeError(f"{draft.spec}: {error}") from None
    for name, quantities in draft.shown:
        lead = f"{name}: " if len(draft.shown) > 1 else ""
        for step in steps(analysis, name, language, quantities=quantities):
            rule = f"{step.rule} = " if step.rule and step.rule != step.numbers else ""
            yield f"{lead}{phrase(step.quantity, language)} = {rule}{step.numbers}"
