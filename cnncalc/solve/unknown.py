"""One unknown of a spec: every value with which conditions hold and the network can be built.

An unknown size or width is solved exactly from the closed forms (status "proved"). An unknown that
decides the structure (a depth) is tried value by value within stated bounds ("bounded").
"""

import time
from collections import deque
from collections.abc import Mapping
from functools import cache
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.conditions import described, distinct
from cnncalc.exact.closed import Undecided, symbol
from cnncalc.exact.records import record
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sets import EVERY, NONE, Solutions, Unsolvable
from cnncalc.exact.solving import where
from cnncalc.solve.question import (
    Comparison,
    Condition,
    Missing,
    QuestionError,
    Varies,
    Word,
    comparisons,
    folded,
    gaps,
    leftovers,
    open_axes,
    read,
    shape_of,
)
from cnncalc.spec.errors import SpecError
from cnncalc.spec.spec import Spec

PATIENCE = 5.0  # seconds for trying values one by one
TRIED = 512  # the last value tried for an unknown that decides the structure
MOST_EXCEPTIONS = 64


@record
class Answer:
    """The set of all solutions and how far it reaches.

    ``status``: proved (all of them), bounded (all within ``bounds``), none (proved that there is none),
    unknown (with the reason in ``text``).
    """

    unknown: str
    status: str
    text: str
    solutions: Solutions | None = None
    bounds: tuple[int, int] | None = None


def solve(spec: Spec, unknown: str, such_that: str, given: Mapping[str, Any], multiple_of: int = 1) -> Answer:
    """Every value of one symbol with which the conditions hold and the network can be built.

    Raises QuestionError for a question that cannot be read, SpecError for a spec that is wrong.
    """
    wanted = read(such_that)
    spec.symbols({unknown: 1, **given})  # unknown names are told before anything else
    try:
        found = _proved(spec, unknown, wanted, given, multiple_of)
        text = described(unknown, found)
    except (SpecError, ShapeError, Unsolvable, Undecided) as error:
        return _tried(spec, unknown, wanted, given, multiple_of, error)
    return Answer(unknown, "proved" if found else "none", text, found)


def _proved(spec: Spec, unknown: str, wanted: Condition, given: Mapping[str, Any], multiple_of: int) -> Solutions:
    """All solutions, from the closed forms; values at which other rules hold are built and looked at."""
    analysis = _opened(spec, unknown, given)
    varies = open_axes(analysis, unknown)
    found = Solutions.multiples(multiple_of) & _valid(analysis) & folded(
        wanted, lambda leaf: _satisfied(leaf, analysis, varies), EVERY
    )  # fmt: skip
    exceptions = [n for n in (0, *_exceptions(analysis)) if n % multiple_of == 0]
    holding = [n for n in exceptions if (at := _built(spec, unknown, n, given)) and _holds(wanted, at, varies)]
    return found - Solutions.of(exceptions) | Solutions.of(holding)


_recent: deque[tuple[Spec, str, Mapping[str, Any], Analysis]] = deque(maxlen=8)


def _opened(spec: Spec, unknown: str, given: Mapping[str, Any]) -> Analysis:
    """The closed forms; kept for the next questions about the same network."""
    for known, name, at, analysis in _recent:
        if known is spec and name == unknown and at == given:
            return analysis
    analysis = Analysis(spec.network({**given, unknown: symbol(unknown)}))
    _recent.append((spec, unknown, dict(given), analysis))
    return analysis


def _valid(analysis: Analysis) -> Solutions:
    """The sizes with which every layer can be built."""
    found = EVERY
    for rule in distinct(rule for _, rule in analysis.assumptions):
        found = found & where(rule.gap, rule.sign)
    return found


def _exceptions(analysis: Analysis) -> list[int]:
    """The values at which a rule need not hold: a size that becomes 1 there broadcasts."""
    found = NONE
    for _, rule in analysis.assumptions:
        for gap in rule.unless:
            found = found | where(gap, "=")
    if found.tail or sum(high - low + 1 for low, high in found.runs) > MOST_EXCEPTIONS:
        raise Unsolvable("a size of 1 fits too often to be looked at one by one")
    return list(found.finite)


def _satisfied(leaf: Comparison | Word, analysis: Analysis, varies: Varies) -> Solutions:
    found = EVERY
    if isinstance(leaf, Word):
        for gap in dict.fromkeys(leftovers(analysis)) if leaf.word == "exact" else ():
            found = found & where(gap, "=")
        return found
    for gap in dict.fromkeys(gaps(leaf, analysis, varies)):
        found = found & _compared(gap, "==" if leaf.operator == "!=" else leaf.operator)
    return EVERY - found if leaf.operator == "!=" else found


def _compared(gap: Any, operator: str) -> Solutions:
    """All n with gap <operator> 0, for whole gaps."""
    match operator:
        case ">=":
            return where(gap, ">=")
        case ">":
            return where(gap - 1, ">=")
        case "<=":
            return where(-gap, ">=")
        case "<":
            return where(-gap - 1, ">=")
        case _:
            return where(gap, "=")


def _built(spec: Spec, unknown: str, n: int, given: Mapping[str, Any]) -> Analysis | None:
    """The network with this value; None where it cannot be built."""
    try:
        return Analysis(spec.network({**given, unknown: n}))
    except (SpecError, ShapeError):
        return None


def _holds(condition: Condition, analysis: Analysis, varies: Varies) -> bool:
    def leaf(one: Comparison | Word) -> bool:
        if isinstance(one, Word):
            return one.word == "valid" or not any(leftovers(analysis))
        try:
            equal = all(bool(_compared(gap, "==" if one.operator == "!=" else one.operator))
                        for gap in gaps(one, analysis, varies))  # fmt: skip
        except Missing:
            return False
        return equal is not (one.operator == "!=")

    return bool(folded(condition, leaf, True))


def _tried(
    spec: Spec, unknown: str, wanted: Condition, given: Mapping[str, Any], multiple_of: int, reason: Exception
) -> Answer:
    """Values one by one, where the closed forms do not reach; the first error is told if none works."""
    built: dict[int, Analysis] = {}
    started, last = time.monotonic(), -1
    for n in range(TRIED + 1):
        if time.monotonic() - started > PATIENCE:
            break
        last = n
        if n % multiple_of == 0 and (analysis := _built(spec, unknown, n, given)):
            built[n] = analysis
    if not built and isinstance(reason, SpecError):
        raise reason
    _known(wanted, list(built.values()))
    varies = _observed(list(built.values()))
    members = [n for n, analysis in built.items() if _holds(wanted, analysis, varies)]
    found = Solutions.of(members)
    return Answer(unknown, "bounded", f"{described(unknown, found)} (tried 0..{last})", found, (0, last))


def _known(wanted: Condition, built: list[Analysis]) -> None:
    """Raise for a name that no network of all those tried has."""
    for comparison in comparisons(wanted):
        missing: QuestionError | None = None
        for analysis in built:
            try:
                gaps(comparison, analysis, lambda name, axis: False)
                break
            except Missing as error:
                missing = error
        else:
            if missing:
                raise missing


def _observed(built: list[Analysis]) -> Varies:
    """Which sizes the unknown changes, seen over all values tried."""

    def varies(name: str, axis: int) -> bool:
        seen = set()
        for analysis in built:
            if name in analysis.shapes or name in analysis:
                shape = shape_of(analysis, name)
                if axis < len(shape):
                    seen.add(shape[axis])
        return len(seen) > 1

    return cache(varies)
