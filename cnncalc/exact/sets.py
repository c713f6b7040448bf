"""Sets of whole numbers that repeat from some point on, however large: closed under and, or, and not."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import lcm

from cnncalc.exact.records import record

MAX_PERIOD = 100_000
MAX_LISTED = 1_000_000


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
