"""From a wrong value, or a wrong function, back to the slips that explain it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import isclose
from typing import Any

from cnncalc.exact.records import record
from cnncalc.quiz.quantities import Evaluate, Number, Values, house
from cnncalc.quiz.slips import Slip, pairs_of, slipped, slips_of

Work = Callable[[Evaluate], Number]  # how an answer is worked out, given who evaluates the rules
IMPOSSIBLE = (ArithmeticError, ValueError, TypeError, LookupError)  # a slip leads nowhere: not the answer given


@record
class Found:
    """A wrong value, and the ways to it: each one slip, or two made at once."""

    value: Number
    ways: tuple[tuple[Slip, ...], ...]


def outcomes(work: Work, slips: Sequence[Slip], pairs: bool = False) -> list[Found]:
    """What each slip makes of an answer, equal values together, the right one left out.

    With ``pairs`` what two slips make together, where neither makes it alone.
    """
    right = work(house)
    singles = _gathered(work, [(slip,) for slip in slips], {right})
    if not pairs:
        return singles
    return _gathered(work, pairs_of(tuple(slips)), {right, *(found.value for found in singles)})


def _gathered(work: Work, ways: Iterable[tuple[Slip, ...]], known: set[Number]) -> list[Found]:
    found: dict[Number, list[tuple[Slip, ...]]] = {}
    for way in ways:
        value = attempted(work, way)
        if value is not None and value not in known:
            found.setdefault(value, []).append(way)
    return [Found(value, tuple(made)) for value, made in found.items()]


def attempted(work: Work, way: tuple[Slip, ...]) -> Number | None:
    """The value these slips lead to; None where they lead to none."""
    try:
        return work(slipped(*way))
    except IMPOSSIBLE:
        return None


def diagnose(quantity: str, values: Values, wrong: Number | float) -> list[tuple[Slip, ...]]:
    """Every slip that gives ``wrong``, or if none does, every pair of slips; empty for the right value.

    >>> [slip.id for slip, in diagnose("conv_params", {"ci": 3, "co": 2, "k": 3}, 54)]
    ['params.forgot_bias']
    >>> diagnose("conv_params", {"ci": 3, "co": 2, "k": 3}, 56)
    []
    """

    def work(evaluate: Evaluate) -> Number:
        return evaluate(quantity, values)

    if same(wrong, work(house)):
        return []
    slips = slips_of(quantity, values)
    for pairs in (False, True):
        ways = [way for found in outcomes(work, slips, pairs) if same(wrong, found.value) for way in found.ways]
        if ways:
            return ways
    return []


def same(given: Any, value: Number) -> bool:
    """Whether somebody's number is this one; floats are taken as rounded."""
    if isinstance(given, float) or isinstance(value, float):
        return isclose(given, value, rel_tol=1e-9)
    return bool(given == value)


def explained(quantity: str, points: Sequence[Values], said: Sequence[Any]) -> list[tuple[Slip, ...]]:
    """The slips whose rule says the same as a function at every point, and errs somewhere: single ones, or pairs.

    ``said`` are the function's values in the order of ``points``. Slips are returned together only if
    no point tells them apart.
    """
    if not points:
        return []
    shared: Mapping[str, Any] = dict.fromkeys(set.intersection(*(set(point) for point in points)), 0)
    slips = slips_of(quantity, shared)
    right = [house(quantity, point) for point in points]
    if all(same(one, value) for one, value in zip(said, right, strict=True)):
        return []
    ways: list[Iterable[tuple[Slip, ...]]] = [((slip,) for slip in slips), pairs_of(slips)]
    for candidates in ways:
        if found := [way for way in candidates if _fits(quantity, way, points, said)]:
            return found
    return []


def _fits(quantity: str, way: tuple[Slip, ...], points: Sequence[Values], said: Sequence[Any]) -> bool:
    evaluate = slipped(*way)
    for point, one in zip(points, said, strict=True):
        try:
            if not same(one, evaluate(quantity, point)):
                return False
        except IMPOSSIBLE:
            return False
    return True


def decimal(value: Number, places: int = 3) -> str:
    """A value as somebody would type it: 54.25, 4.333."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    return f"{float(value):.{places}f}".rstrip("0").rstrip(".")


def tolerance(value: Number) -> float:
    """How far from a value an answer may be to be this one: nothing, or the rounding of a fraction."""
    exact = value == Fraction(decimal(value))
    return 0.0 if exact else 0.01
