"""Conditions on an open size solved exactly: every n >= 1 that fulfils them.

A size in one unknown is quasi-affine: f(n + M) = f(n) + R, and figures made of such sizes are polynomials
in q on each residue class n = r + q·M. A condition f(n) >= 0 or f(n) = 0 therefore holds on finitely many
stretches of each class, found by bisection between the turning points: without search, without bounds.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import gcd, lcm
from typing import Any

from cnncalc.exact.closed import Closed, Floor, Least, Symbol, bounds, replaced, symbol
from cnncalc.exact.sets import EVERY, MAX_LISTED, MAX_PERIOD, NONE, Solutions, Stretch, Unsolvable, runs

MAX_DOUBLINGS = 20_000  # bits of a solution

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
    _check(period * degree**3)  # the turning points of each class take their time

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
