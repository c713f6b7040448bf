"""What must hold of the open sizes, simplified: "H ≥ 17", "H ≡ 0 (mod 16), H ≥ 16"."""

from collections.abc import Iterable

from cnncalc.exact.closed import symbols_of
from cnncalc.exact.rules import Rule
from cnncalc.exact.sets import EVERY, Solutions, Stretch, Unsolvable
from cnncalc.exact.solving import where

MOST_RUNS = 200  # written out as a condition; beyond it the rules themselves are shorter
MOST_SHOWN = 12


def gathered(rules: Iterable[Rule]) -> tuple[dict[str, Solutions], list[Rule]]:
    """For each symbol the values that satisfy every rule about it alone; and the rules about several."""
    sets: dict[str, Solutions] = {}
    others: list[Rule] = []
    for rule in distinct(rules):
        names = symbols_of(rule.gap)
        try:
            if len(names) != 1:
                raise Unsolvable("several symbols at once")
            name = next(iter(names))
            both = sets.get(name, EVERY) & where(rule.gap, rule.sign)
            if len(both.stretches) > MOST_RUNS:
                raise Unsolvable("too many to write")
            sets[name] = both
        except Unsolvable:
            others.append(rule)
    return sets, others


def distinct(rules: Iterable[Rule]) -> list[Rule]:
    """One rule of each that ask the same."""
    return list({(rule.gap, rule.sign, rule.unless): rule for rule in rules}.values())


def assumptions(rules: Iterable[Rule]) -> list[str]:
    """The conditions in Python's syntax: "H >= 17", "H % 16 == 0". One that nothing fulfils reads "False"."""
    sets, others = gathered(rules)
    texts = [text for name, found in sets.items() for text in conditions(name, found)]
    return texts + [_as_text(rule) for rule in others]


def _as_text(rule: Rule) -> str:
    if not symbols_of(rule.gap):
        return "False"
    return f"{rule.gap} {'==' if rule.sign == '=' else '>='} 0"


def conditions(name: str, found: Solutions) -> list[str]:
    """A set of sizes (at least 1) as conditions on its symbol, all of which must hold."""
    if found == EVERY:
        return []
    parts = [_between(name, low, high) for low, high in found.runs]
    tail = found.tail
    if tail is None:
        return [" or ".join(parts) or "False"]
    rest = _tail(name, tail)
    return [" or ".join([*parts, " and ".join(rest)])] if parts else rest


def _between(name: str, low: int, high: int) -> str:
    return f"{name} == {low}" if low == high else f"{low} <= {name} <= {high}"


def _tail(name: str, tail: Stretch) -> list[str]:
    texts = []
    residues = sorted(tail.residues)
    if tail.period > 1:
        texts.append(f"{name} % {tail.period} == {residues[0]}" if len(residues) == 1 else
                     f"{name} % {tail.period} in ({', '.join(map(str, residues))})")  # fmt: skip
    if first_of(tail) > min((r or tail.period) for r in residues):
        texts.append(f"{name} >= {first_of(tail)}")
    return texts


def first_of(tail: Stretch) -> int:
    """The first member."""
    return next(n for n in range(tail.first, tail.first + tail.period) if n in tail)


def listed(numbers: Iterable[tuple[int, int]]) -> str:
    """Runs of numbers: "1..4, 7, 9..12"."""
    runs = list(numbers)
    shown = [str(low) if low == high else f"{low}..{high}" for low, high in runs]
    total = sum(high - low + 1 for low, high in runs)
    return ", ".join(shown if len(shown) <= MOST_SHOWN else [*shown[: MOST_SHOWN - 1], f"... ({total} values)"])


def described(name: str, found: Solutions) -> str:
    """A set in words: "H = 193..224", "H ≡ 12 (mod 16), H ≥ 188", "no H"."""
    if not found:
        return f"no {name}"
    parts = [f"{name} = {listed(found.runs)}"] if found.runs else []
    if (tail := found.tail) is not None:
        if tail.period == 1:
            parts.append(f"every {name} ≥ {tail.first}")
        else:
            values = ", ".join(map(str, sorted(tail.residues)))
            parts.append(f"{name} ≡ {values} (mod {tail.period}), {name} ≥ {first_of(tail)}")
    return " or ".join(parts)
