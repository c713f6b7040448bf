"""Sets of whole numbers n >= 1 that repeat from some point on, and the exact solution of conditions in them.

A size in one unknown is quasi-affine: f(n + M) = f(n) + R. A condition f(n) >= 0 or f(n) = 0 is then a
linear one in q on each residue class n = r + q·M, so its solutions are a finite set plus residue classes,
found without search and without bounds.
"""

from collections.abc import Callable, Iterable
from itertools import pairwise
from math import gcd, lcm
from typing import Any

from cnncalc.exact.closed import Closed, Floor, Least, Symbol, symbol
from cnncalc.exact.records import record

MAX_PERIOD = 100_000
MAX_LISTED = 1_000_000


class Unsolvable(ValueError):
    """A condition outside what can be solved exactly; the text says why."""


@record
class Solutions:
    """The n in ``finite`` (all below ``start``), and every n >= ``start`` with n mod ``period`` in ``residues``."""

    finite: tuple[int, ...] = ()
    start: int = 1
    period: int = 1
    residues: tuple[int, ...] = ()

    def __contains__(self, n: int) -> bool:
        return n in self.finite if n < self.start else n % self.period in self.residues

    def __bool__(self) -> bool:
        return bool(self.finite or self.residues)

    def __and__(self, other: "Solutions") -> "Solutions":
        if EVERY in (self, other):
            return self if other == EVERY else other
        return self._joined(other, lambda a, b: a and b)

    def __or__(self, other: "Solutions") -> "Solutions":
        return self._joined(other, lambda a, b: a or b)

    def _joined(self, other: "Solutions", both: Callable[[bool, bool], bool]) -> "Solutions":
        if self == other:
            return self
        start, period = max(self.start, other.start), lcm(self.period, other.period)
        if period > MAX_PERIOD or start > MAX_LISTED:
            raise Unsolvable("the solutions repeat too rarely to be listed")
        return listed(lambda n: both(n in self, n in other), start, period)

    def below(self, end: int) -> list[int]:
        """The members smaller than ``end``."""
        return [n for n in range(1, end) if n in self]


EVERY = Solutions(residues=(0,))


def listed(member: Callable[[int], bool], start: int, period: int) -> Solutions:
    """The set with these members, known to repeat with ``period`` from ``start`` on; in lowest terms."""
    finite = [n for n in range(1, start) if member(n)]
    residues = {n % period for n in range(start, start + period) if member(n)}
    for smaller in range(1, period):
        if period % smaller == 0 and {r % smaller for r in residues} == residues & set(range(smaller)):
            whole = {r for r in range(period) if r % smaller in residues}
            if whole == residues:
                residues, period = {r % smaller for r in residues}, smaller
                break
    known = set(finite)
    while start > 1 and ((start - 1) in known) == ((start - 1) % period in residues):
        start -= 1
        known.discard(start)
    if not residues:
        start = max(known, default=0) + 1
    return Solutions(tuple(sorted(known)), start, period, tuple(sorted(residues)))


def rhythm(value: Any) -> tuple[int, int]:
    """(M, R) with f(n + M) = f(n) + R for every whole n. Raises Unsolvable for what is not of that kind."""
    if isinstance(value, int):
        return 1, 0
    if len(value.symbols) > 1:
        raise Unsolvable(f"{', '.join(sorted(value.symbols))} are open at the same time")
    period, parts = 1, []
    for monomial, coefficient in value.terms.items():
        if not monomial:
            continue
        if len(monomial) > 1:
            raise Unsolvable("the condition is not linear in the unknown size")
        m, r = _atom_rhythm(monomial[0])
        parts.append((coefficient, m, r))
        period = lcm(period, m)
        if period > MAX_PERIOD:
            raise Unsolvable("the sizes repeat too rarely to be solved exactly")
    return period, sum(coefficient * r * (period // m) for coefficient, m, r in parts)


def _atom_rhythm(atom: Symbol | Floor | Least) -> tuple[int, int]:
    if isinstance(atom, Symbol):
        return 1, 1
    if isinstance(atom, Least) or not isinstance(atom.divisor, int):
        raise Unsolvable("the condition is not linear in the unknown size")
    m, r = rhythm(atom.numerator)
    times = atom.divisor // gcd(atom.divisor, r) if r else 1
    return m * times, r * times // atom.divisor


def where(gap: Any, sign: str) -> Solutions:
    """All n >= 1 with f(n) >= 0 (sign ">=") or f(n) = 0 ("="). Raises Unsolvable.

    >>> from cnncalc.exact.closed import symbol
    >>> n = symbol("n")
    >>> where(16 * (n // 16) - n, "=")
    Solutions(finite=(), start=1, period=16, residues=(0,))

    Where the left side only grows or only falls, by bisection; else, if it is linear, class by class.
    """
    if isinstance(gap, int):
        return EVERY if (gap >= 0 if sign == ">=" else gap == 0) else Solutions()
    (name,) = gap.symbols if len(gap.symbols) == 1 else ("",)
    if not name:
        raise Unsolvable(f"{', '.join(sorted(gap.symbols))} are open at the same time")

    def at(n: int) -> int:
        return int(gap.at({name: n}))

    def member(n: int) -> bool:
        return at(n) >= 0 if sign == ">=" else at(n) == 0

    if grows(gap):
        return _between(lambda n: at(n) >= 0, None if sign == ">=" else lambda n: at(n) > 0)
    if grows(-gap):
        if sign == ">=":
            return _before(_first(lambda n: at(n) < 0))
        return _between(lambda n: at(n) <= 0, lambda n: at(n) < 0)
    period, slope = rhythm(gap)
    start = 1
    for n in range(1, period + 1):
        first = at(n)
        if slope:  # beyond this q the class has settled
            start = max(start, n + (abs(first) // abs(slope) + 2) * period)
    if start + period > MAX_LISTED:
        raise Unsolvable("the condition settles too far out to be listed")
    return listed(member, start, period)


def _between(reached: Callable[[int], bool], passed: Callable[[int], bool] | None) -> Solutions:
    """The n from where a growing function reaches its goal, up to where it passes it (if it may not)."""
    low = _first(reached)
    high = None if passed is None else _first(passed)
    if low is None:
        return Solutions()
    if high is None:
        return _from(low)
    if high - low > MAX_LISTED:
        raise Unsolvable(f"more than {MAX_LISTED:,} solutions: every n from {low:,} to {high - 1:,}")
    return Solutions(tuple(range(low, high)), max(high, 1))


def _from(n: int) -> Solutions:
    return Solutions(start=n, residues=(0,))


def _before(n: int | None) -> Solutions:
    if n is None:
        return EVERY
    if n > MAX_LISTED:
        raise Unsolvable(f"more than {MAX_LISTED:,} solutions: every n up to {n - 1:,}")
    return Solutions(tuple(range(1, n)), n)


def _first(reached: Callable[[int], bool], limit: int = 10**12) -> int | None:
    """The first n >= 1 from which a condition that never goes back holds; None beyond the limit."""
    high = 1
    while not reached(high):
        high *= 2
        if high > limit:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def grows(value: Any) -> bool:
    """Whether f(n + 1) >= f(n) can be read off: positive amounts of floors of what grows."""
    if isinstance(value, int):
        return True
    return all(coefficient >= 0 or not monomial for monomial, coefficient in value.terms.items()) and all(
        map(_atom_grows, value.atoms())
    )


def _atom_grows(atom: Symbol | Floor | Least) -> bool:
    if isinstance(atom, Symbol):
        return True
    if isinstance(atom, Least):
        return grows(atom.a) and grows(atom.b)
    return isinstance(atom.divisor, int) and grows(atom.numerator)


def one_floor(value: Closed) -> Closed | None:
    """The same function of one symbol as c·⌊(n + A)/S⌋ + B, or None: proved that there is no such form.

    Such a function stands still but for equal steps at equal distances, which one period shows.
    """
    (name,) = value.symbols
    period, rise = rhythm(value)

    def at(n: int) -> int:
        return int(value.at({name: n}))

    jumps = {n: at(n + 1) - at(n) for n in range(period) if at(n + 1) != at(n)}
    if not jumps or len(set(jumps.values())) != 1:
        return None
    step = next(iter(jumps.values()))
    places = sorted(jumps)
    stride = period // len(places)
    if any(b - a != stride for a, b in pairwise([*places, places[0] + period])) or step * len(places) != rise:
        return None
    shift = (-places[0] - 1) % stride
    floor = (symbol(name) + shift) // stride
    found = step * floor + (at(0) - step * (shift // stride))
    return found if isinstance(found, Closed) else None


def all_of(sets: Iterable[Solutions]) -> Solutions:
    """What every set holds."""
    result = EVERY
    for one in sets:
        result = result & one
    return result
