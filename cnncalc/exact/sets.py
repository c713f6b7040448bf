"""Sets of whole numbers that repeat from some point on, and the exact solution of conditions in them.

A size in one unknown is quasi-affine: f(n + M) = f(n) + R, and figures made of such sizes are polynomials
in q on each residue class n = r + q·M. A condition f(n) >= 0 or f(n) = 0 therefore holds on finitely many
stretches of each class, found by bisection between the turning points: without search, without bounds.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import gcd, lcm
from typing import Any

from cnncalc.exact.closed import Closed, Floor, Least, Symbol, bounds, replaced, symbol
from cnncalc.exact.records import record

MAX_PERIOD = 100_000
MAX_LISTED = 1_000_000
MAX_DOUBLINGS = 100_000  # bits of a solution


class Unsolvable(ValueError):
    """A condition outside what can be solved exactly; the text says why."""


@record
class Stretch:
    """The n from ``first`` to ``last`` (None: without end) with n mod ``period`` in ``residues``."""

    first: int
    last: int | None = None
    period: int = 1
    residues: frozenset[int] = frozenset({0})

    def __contains__(self, n: int) -> bool:
        return self.first <= n and (self.last is None or n <= self.last) and n % self.period in self.residues

    def members(self) -> Iterator[int]:
        assert self.last is not None
        if self.period == 1:
            return iter(range(self.first, self.last + 1))
        return (n for n in range(self.first, self.last + 1) if n % self.period in self.residues)

    @property
    def count(self) -> int:
        """At most so many members."""
        assert self.last is not None
        length = self.last - self.first + 1
        return length if self.period == 1 else -(-length // self.period) * len(self.residues)


class Solutions:
    """A set of whole numbers, as stretches in order; equal sets are equal values."""

    __slots__ = ("_firsts", "stretches")

    def __init__(self, stretches: Iterable[Stretch] = ()) -> None:
        self.stretches = _settled(list(stretches))
        self._firsts = [one.first for one in self.stretches]

    @staticmethod
    def of(members: Iterable[int]) -> "Solutions":
        """The set of these numbers."""
        return Solutions(Stretch(low, high) for low, high in runs(sorted(set(members))))

    @staticmethod
    def multiples(period: int) -> "Solutions":
        return Solutions([Stretch(1, None, period, frozenset({0}))])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Solutions) and self.stretches == other.stretches

    def __hash__(self) -> int:
        return hash(self.stretches)

    def __repr__(self) -> str:
        return f"Solutions({list(self.stretches)})"

    def __contains__(self, n: int) -> bool:
        found = self._at(n)
        return found is not None and n in found

    def __bool__(self) -> bool:
        return bool(self.stretches)

    def __and__(self, other: "Solutions") -> "Solutions":
        if EVERY in (self, other):
            return self if other == EVERY else other
        return self._joined(other, lambda a, b: a and b)

    def __or__(self, other: "Solutions") -> "Solutions":
        return self._joined(other, lambda a, b: a or b)

    def __sub__(self, other: "Solutions") -> "Solutions":
        return self._joined(other, lambda a, b: a and not b)

    def _at(self, n: int) -> Stretch | None:
        """The stretch that n falls into, if any."""
        i = bisect_right(self._firsts, n) - 1
        return None if i < 0 or ((last := self.stretches[i].last) is not None and last < n) else self.stretches[i]

    def _joined(self, other: "Solutions", both: Callable[[bool, bool], bool]) -> "Solutions":
        if self == other:
            return self if both(True, True) else NONE
        cuts = {one.first for each in (self, other) for one in each.stretches}
        cuts |= {one.last + 1 for each in (self, other) for one in each.stretches if one.last is not None}
        ordered: list[int | None] = [*sorted(cuts), None]
        found: list[Stretch] = []
        for first, after in pairwise(ordered):
            assert first is not None
            found += _merged(first, after, self._at(first), other._at(first), both)
        return Solutions(found)

    @property
    def tail(self) -> Stretch | None:
        """What goes on without end, if anything."""
        return self.stretches[-1] if self.stretches and self.stretches[-1].last is None else None

    @property
    def runs(self) -> list[tuple[int, int]]:
        """The members before the tail, neighbours drawn together. Raises Unsolvable for too many."""
        found: list[tuple[int, int]] = []
        for one in self.stretches:
            if one.last is not None:
                if one.period > 1 and one.count > MAX_LISTED:
                    raise Unsolvable(f"more than {MAX_LISTED:,} solutions")
                found += [(one.first, one.last)] if one.period == 1 else runs(one.members())
        return found

    @property
    def finite(self) -> tuple[int, ...]:
        """The members before the tail, one by one. Raises Unsolvable for more than `MAX_LISTED`."""
        found = self.runs
        if sum(high - low + 1 for low, high in found) > MAX_LISTED:
            raise Unsolvable(f"more than {MAX_LISTED:,} solutions")
        return tuple(n for low, high in found for n in range(low, high + 1))

    def below(self, end: int) -> list[int]:
        """The members from 0 up to, and without, ``end``."""
        return [n for n in range(end) if n in self]


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Ordered numbers with neighbours drawn together: 1, 2, 3, 7 as (1, 3), (7, 7)."""
    found: list[list[int]] = []
    for n in numbers:
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return [(low, high) for low, high in found]


def _merged(
    first: int, after: int | None, a: Stretch | None, b: Stretch | None, both: Callable[[bool, bool], bool]
) -> list[Stretch]:
    """Two sets joined where neither begins or ends a stretch."""
    period = lcm(a.period if a else 1, b.period if b else 1)
    length = None if after is None else after - first

    def member(n: int) -> bool:
        return both(a is not None and n % a.period in a.residues, b is not None and n % b.period in b.residues)

    if length is not None and length <= period:
        return [Stretch(low, high) for low, high in runs(n for n in range(first, first + length) if member(n))]
    if period > MAX_PERIOD:
        raise Unsolvable("the solutions repeat too rarely to be listed")
    residues = frozenset(r for r in range(period) if member(r))
    return [Stretch(first, None if after is None else after - 1, period, residues)] if residues else []


def _settled(stretches: list[Stretch]) -> tuple[Stretch, ...]:
    """The same set in its one form: smallest periods, neighbours merged, the tail begun as early as can be."""
    found: list[Stretch] = []
    for one in map(_lowered, stretches):
        for part in [one] if one.last is None or one.period == 1 or one.count > MAX_PERIOD else _plain(one):
            last = found[-1] if found else None
            touching = last is not None and last.last is not None and part.first == last.last + 1
            if touching and last and (last.period, last.residues) == (part.period, part.residues):
                found[-1] = Stretch(last.first, part.last, last.period, last.residues)
            else:
                found.append(part)
    if found and found[-1].last is None and found[-1].period > 1:
        _begun_early(found)
    return tuple(found)


def _plain(one: Stretch) -> list[Stretch]:
    return [Stretch(low, high) for low, high in runs(one.members())]


def _lowered(one: Stretch) -> Stretch:
    """With the smallest period that does."""
    for smaller in range(1, one.period):
        if one.period % smaller == 0:
            residues = {r % smaller for r in one.residues}
            if len(residues) * (one.period // smaller) == len(one.residues):
                return Stretch(one.first, one.last, smaller, frozenset(residues))
    return one


def _begun_early(found: list[Stretch]) -> None:
    """Take into the tail what stands before it in the same rhythm, down to 1."""
    tail = found.pop()
    first, residues, period = tail.first, tail.residues, tail.period
    while first > 1:
        n = first - 1
        before = found[-1] if found else None
        member = before is not None and n in before
        if member != (n % period in residues):
            break
        first = n
        if member and before is not None:
            found.pop()
            if before.first < n:
                found.append(Stretch(before.first, n - 1, before.period, before.residues))
    found.append(Stretch(first, None, period, residues))


NONE = Solutions()
EVERY = Solutions([Stretch(1)])  # every size that a map can have


# --- the rhythm of a size -------------------------------------------------------------------------


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
        _check(period)
    return period, sum(coefficient * r * (period // m) for coefficient, m, r in parts)


def _check(period: int) -> None:
    if period > MAX_PERIOD:
        raise Unsolvable("the sizes repeat too rarely to be solved exactly")


def _atom_rhythm(atom: Symbol | Floor | Least) -> tuple[int, int]:
    if isinstance(atom, Symbol):
        return 1, 1
    if isinstance(atom, Least) or not isinstance(atom.divisor, int):
        raise Unsolvable("the condition is not linear in the unknown size")
    m, r = rhythm(atom.numerator)
    times = atom.divisor // gcd(atom.divisor, r) if r else 1
    return m * times, r * times // atom.divisor


# --- conditions -----------------------------------------------------------------------------------


def where(gap: Any, sign: str) -> Solutions:
    """All n >= 1 with f(n) >= 0 (sign ">=") or f(n) = 0 ("="). Raises Unsolvable.

    >>> from cnncalc.exact.closed import symbol
    >>> n = symbol("n")
    >>> where(16 * (n // 16) - n, "=").tail
    Stretch(first=1, last=None, period=16, residues=frozenset({0}))
    """
    if isinstance(gap, int):
        return EVERY if (gap >= 0 if sign == ">=" else gap == 0) else NONE
    if len(gap.symbols) != 1:
        raise Unsolvable(f"{', '.join(sorted(gap.symbols))} are open at the same time")
    reached = _reached(gap)
    return reached if sign == ">=" or not reached else reached & _reached(-gap)


def _reached(gap: Any) -> Solutions:
    """All n >= 1 with f(n) >= 0: by bisection where f only grows or only falls, else class by class."""
    if isinstance(gap, int):
        return where(gap, ">=")
    if grows(gap):
        first = _first(gap, 0)
        return NONE if first is None else Solutions([Stretch(first)])
    if grows(-gap):
        first = _first(-gap, 1)
        return EVERY if first is None else Solutions([Stretch(1, first - 1)] if first > 1 else [])
    if least := next((atom for atom in _atoms(gap) if isinstance(atom, Least)), None):
        a, b = least.a, least.b
        one, other = _reached(replaced(gap, least, a)), _reached(replaced(gap, least, b))
        smaller = _reached(b - a)
        return one & smaller | other - smaller
    return _by_class(gap)


def _atoms(value: Any) -> Iterator[Symbol | Floor | Least]:
    """Every atom, those inside floors too."""
    if isinstance(value, Closed):
        for atom in value.atoms():
            yield atom
            if isinstance(atom, Floor):
                yield from _atoms(atom.numerator)
                yield from _atoms(atom.divisor)


def _first(value: Any, goal: int) -> int | None:
    """The first n >= 1 where a growing function reaches ``goal``; None: proved that it never does."""
    (name,) = value.symbols
    _, highest = bounds(value)
    if highest is not None and highest < goal:
        return None
    return _bisected(lambda n: value.at({name: n}) >= goal, 0, None)


def grows(value: Any) -> bool:
    """Whether f(n + 1) >= f(n) for n >= 1 can be read off: positive amounts of floors of what grows."""
    if isinstance(value, int):
        return True
    return all(
        not monomial or (coefficient >= 0 and _product_grows(monomial)) for monomial, coefficient in value.terms.items()
    )


def _product_grows(monomial: tuple[Any, ...]) -> bool:
    if not all(map(_atom_grows, monomial)):
        return False
    if len(monomial) == 1:
        return True
    lows = (bounds(Closed({(atom,): 1}))[0] for atom in monomial)
    return all(low is not None and low >= 0 for low in lows)


def _atom_grows(atom: Symbol | Floor | Least) -> bool:
    if isinstance(atom, Symbol):
        return True
    if isinstance(atom, Least):
        return grows(atom.a) and grows(atom.b)
    return isinstance(atom.divisor, int) and grows(atom.numerator)


def _by_class(gap: Closed) -> Solutions:
    """f(n) >= 0 on each class n = r + q·M, where f is a polynomial in q."""
    (name,) = gap.symbols
    period = 1
    for atom in dict.fromkeys(gap.atoms()):
        period = lcm(period, _atom_rhythm(atom)[0])
        _check(period)
    degree = max(map(len, gap.terms))

    def on_class(r: int) -> list[Run]:
        return not_negative(lambda q: int(gap.at({name: r + q * period})), degree)

    classes = [on_class(r) for r in range(1, period + 1)]
    turns = {r + q * period for r, found in enumerate(classes, 1) for run in found for q in _turns(run)}

    def member(n: int) -> bool:
        q, r = divmod(n - 1, period)
        return any(low <= q and (high is None or q <= high) for low, high in classes[r])

    return _stretched(sorted(turns | {1}), period, member)


def _turns(run: "Run") -> Iterator[int]:
    """Where a run begins, and where it is over."""
    yield run[0]
    if run[1] is not None:
        yield run[1] + 1


def _stretched(turns: list[int], period: int, member: Callable[[int], bool]) -> Solutions:
    """A set that repeats with ``period`` from each turn up to the next."""
    found: list[Stretch] = []
    budget = MAX_LISTED
    for first, after in pairwise([*turns, None]):
        assert first is not None
        whole = after is not None and after - first <= 2 * period
        members = [n for n in range(first, after if whole and after is not None else first + period) if member(n)]
        if whole:
            found += [Stretch(low, high) for low, high in runs(members)]
        elif members:
            last = None if after is None else after - 1
            found.append(Stretch(first, last, period, frozenset(n % period for n in members)))
        budget -= min(2 * period, period if after is None else after - first)
        if budget < 0:
            raise Unsolvable("the condition settles too irregularly to be listed")
    return Solutions(found)


Run = tuple[int, int | None]  # from, to; None: without end


def not_negative(f: Callable[[int], int], degree: int) -> list[Run]:
    """The runs of q >= 0 on which a polynomial is >= 0, its turning points found from its differences.

    >>> not_negative(lambda q: (q - 3) * (q - 3) - 4, 2)
    [(0, 1), (5, None)]
    """
    if all(f(q) == f(0) for q in range(1, degree + 1)):
        return [(0, None)] if f(0) >= 0 else []
    rising = not_negative(lambda q: f(q + 1) - f(q), degree - 1)  # f rises from a to b + 1 on each (a, b)
    cuts = sorted({0, *(a for a, _ in rising), *(b + 1 for _, b in rising if b is not None)})
    found: list[Run] = []
    for first, last in pairwise([*cuts, None]):
        assert first is not None
        up = any(a <= first and (b is None or first <= b) for a, b in rising)
        found += _on_slope(f, first, last, up)
    return _joined_runs(found)


def _on_slope(f: Callable[[int], int], first: int, last: int | None, up: bool) -> list[Run]:
    """Where f >= 0 between two turning points (the last may be missing, where f goes on for ever)."""
    if up:
        if f(first) >= 0:
            return [(first, last)]
        if last is not None and f(last) < 0:
            return []
        return [(_bisected(lambda q: f(q) >= 0, first, last), last)]
    if f(first) < 0:
        return []
    if last is not None and f(last) >= 0:
        return [(first, last)]
    return [(first, _bisected(lambda q: f(q) < 0, first, last) - 1)]


def _bisected(reached: Callable[[int], bool], low: int, high: int | None) -> int:
    """The first q above ``low`` where a condition holds that never goes back and holds at ``high``."""
    if high is None:
        step = 1
        while not reached(low + step):
            step *= 2
            if step.bit_length() > MAX_DOUBLINGS:
                raise Unsolvable("the solutions lie too far out")
        low, high = low + step // 2, low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _joined_runs(found: list[Run]) -> list[Run]:
    """Runs that touch or overlap, drawn together."""
    joined: list[Run] = []
    for low, high in found:
        if joined and (end := joined[-1][1]) is not None and low <= end + 1:
            joined[-1] = joined[-1][0], None if high is None else max(end, high)
        elif not joined or joined[-1][1] is not None:
            joined.append((low, high))
    return joined


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
