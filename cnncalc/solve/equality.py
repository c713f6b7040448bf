"""Two formulas: a proof that they agree for every integer, or the first place where they do not."""

import ast
from collections.abc import Iterator, Mapping
from itertools import chain, count, islice, product
from math import gcd
from typing import Any

from cnncalc.conditions import described
from cnncalc.exact.closed import ONE, Closed, Floor, bounds, symbol, symbols_of
from cnncalc.exact.expressions import ExpressionError, evaluate, names_in, parsed
from cnncalc.exact.records import record
from cnncalc.exact.sets import EVERY, Solutions, Unsolvable
from cnncalc.exact.solving import where
from cnncalc.formulas import pretty
from cnncalc.solve.question import QuestionError

SEARCHED = 200_000  # places looked at where nothing can be proved


@record
class Comparison:
    """Whether two formulas agree for every integer (None: nobody knows); if not, where they first differ."""

    equal: bool | None
    text: str
    counterexample: Mapping[str, int] | None = None


@record
class Formula:
    """A formula as it was written, its value over any integers, and the open values it divides by."""

    text: str
    value: Any
    divisors: frozenset[Closed]

    def at(self, values: Mapping[str, int]) -> int | None:
        """Its value at a place; None where it divides by zero."""
        try:
            return evaluate(self.text, values)  # type: ignore[no-any-return]
        except ExpressionError as error:
            if "zero" in str(error):
                return None
            raise QuestionError(str(error)) from None


def compare(one: str, other: str) -> Comparison:
    """Prove that two size formulas agree for every integer, or find where they differ first.

    Raises QuestionError for text that is not a formula.

    >>> compare("(n - 1)//2 + 1", "(n + 1)//2").equal
    True
    >>> compare("n//2", "(n + 1)//2").counterexample
    {'n': 1}
    """
    try:
        names = sorted(names_in(one) | names_in(other))
        left, right = _formula(one, names), _formula(other, names)
    except ExpressionError as error:
        raise QuestionError(str(error)) from None
    if not names:
        same = left.value == right.value
        text = f"equal: both are {pretty(left.value)}" if same else f"differ: {left.value} and {right.value}"
        return Comparison(same, text, None if same else {})
    if hole := _hole(left, right, names):
        return hole
    if left.value == right.value:
        which = ", ".join(names)
        apart = " wherever no divisor is 0" if left.divisors or right.divisors else ""
        text = f"equal for every integer {which}{apart}: both are {absorbed(left.value)}{_size(left.value)}"
        return Comparison(True, text)
    if len(names) == 1:
        return _compared_in_one(left, right, names[0])
    return _searched(left, right, names)


def _formula(text: str, names: list[str]) -> Formula:
    opened = {name: symbol(name, least=None) for name in names}
    value = evaluate(text, opened)
    if isinstance(value, bool):
        raise QuestionError(f"'{text[:60]}' is a condition, not a formula")
    if not isinstance(value, int | Closed):
        raise QuestionError("both must be whole for whole numbers: use // instead of /")
    return Formula(text, value, frozenset(_divisors(text, opened)))


def _divisors(text: str, opened: Mapping[str, Any]) -> Iterator[Closed]:
    """The open values that a formula divides by and that may be 0, without their numerical factors."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mod | ast.Div):
            start, end = node.right.col_offset, node.right.end_col_offset
            value = evaluate(text.strip()[start:end], opened)
            if isinstance(value, Closed):
                low, high = bounds(value)
                if not ((low is not None and low > 0) or (high is not None and high < 0)):
                    common = gcd(*value.terms.values())
                    yield Closed({monomial: coefficient // common for monomial, coefficient in value.terms.items()})


def _hole(left: Formula, right: Formula, names: list[str]) -> Comparison | None:
    """A place where only one of the formulas divides by zero."""
    if left.divisors == right.divisors:
        return None
    for at in _places(names):
        a, b = left.at(at), right.at(at)
        if (a is None) != (b is None):
            shown = ["division by zero" if value is None else f"{value:,}" for value in (a, b)]
            return Comparison(False, f"differ at {_place(at)}: {shown[0]} and {shown[1]}", at)
    return None


def _place(at: Mapping[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in at.items())


def _places(names: list[str], most: int = 5_000) -> Iterator[dict[str, int]]:
    """Small values for the names: sizes first, then 0 and below."""
    side = {1: 512, 2: 40, 3: 12}.get(len(names), 5)
    for values in islice(product(range(1, side), repeat=len(names)), most):
        yield dict(zip(names, values, strict=True))
    for values in islice(product(range(0, -side, -1), repeat=len(names)), most):
        yield dict(zip(names, values, strict=True))
    for values in islice(product(range(-3, 4), repeat=len(names)), most):
        yield dict(zip(names, values, strict=True))


def absorbed(value: Any) -> str:
    """⌊n/4⌋ - 3 as ⌊(n - 12)/4⌋: the constant taken into the floor, as the merged rule gives it."""
    if isinstance(value, Closed):
        terms = dict(value.terms)
        constant = terms.pop(ONE, 0)
        (monomial, coefficient), *rest = terms.items()
        if constant < 0 and not rest and coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], Floor):
            floor = monomial[0]
            if isinstance(floor.divisor, int):
                return pretty(Closed({(Floor(floor.numerator + floor.divisor * constant, floor.divisor),): 1}))
    return pretty(value)


def _size(value: Any) -> str:
    """From where on a size is at least 1: below it, no network has it."""
    if len(symbols_of(value)) != 1:
        return ""
    name = next(iter(value.symbols))
    try:
        found = where(_at_least_one(value, name) - 1, ">=")
    except Unsolvable:
        return ""
    return "" if found == EVERY or not found else f"; a size (at least 1) for {described(name, found)}"


def _at_least_one(value: Any, name: str) -> Any:
    """The value for name = 1, 2, 3, ..."""
    return value.at({name: symbol(name)}) if isinstance(value, Closed) else value


def _compared_in_one(left: Formula, right: Formula, name: str) -> Comparison:
    gap = left.value - right.value
    try:
        sizes = where(_at_least_one(gap, name), "=")
        # where all sizes agree, the integers 0, -1, -2, ... are asked too
        below = where(gap.at({name: 1 - symbol(name)}), "=") if sizes == EVERY else EVERY
    except Unsolvable:
        return _searched(left, right, [name])
    apart = " wherever no divisor is 0" if left.divisors or right.divisors else ""
    if sizes == below == EVERY:
        return Comparison(True, f"equal for every integer {name}{apart}: {pretty(left.value)} = {pretty(right.value)}")
    outside = islice(_outside(sizes), 1000) if sizes != EVERY else (1 - n for n in islice(_outside(below), 1000))
    defined = (n for n in outside if not apart or left.at({name: n}) is not None)
    if (n := next(defined, None)) is None:
        return _searched(left, right, [name])
    at = {name: n}
    shown = [value.at(at) if isinstance(value, Closed) else value for value in (left.value, right.value)]
    agree = f"they agree for {described(name, sizes)}" if sizes else f"they agree for no {name} ≥ 1"
    return Comparison(False, f"differ first at {name} = {n}: {shown[0]} and {shown[1]}; {agree}", at)


def _outside(found: Solutions) -> Iterator[int]:
    """The n >= 1 that are not in a set, in order."""
    for one in (EVERY - found).stretches:
        ends = count(one.first) if one.last is None else range(one.first, one.last + 1)
        yield from (n for n in ends if n in one)


def _searched(left: Formula, right: Formula, names: list[str]) -> Comparison:
    """Nothing can be proved: look for a counterexample among small values; finding none proves nothing."""
    gap = left.value - right.value
    side = {1: 4096, 2: 128, 3: 30}.get(len(names), 12)
    places = (dict(zip(names, values, strict=True)) for values in product(range(1, side), repeat=len(names)))
    for at in chain(islice(places, SEARCHED), _places(names)):
        try:
            differs = (gap.at(at) if isinstance(gap, Closed) else gap) != 0
        except ZeroDivisionError:
            continue
        if differs and (left.at(at) is not None) and (right.at(at) is not None):
            return Comparison(False, f"differ at {_place(at)}: {left.at(at):,} and {right.at(at):,}", at)
    return Comparison(None, f"no difference found for {', '.join(names)} < {side}, but that proves nothing")
