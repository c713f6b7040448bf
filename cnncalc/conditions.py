"""What must hold of the open sizes, simplified: "H ≥ 17", "H ≡ 0 (mod 16), H ≥ 16"."""

from collections.abc import Iterable
from typing import Any

from cnncalc.exact.rules import Rule
from cnncalc.exact.sets import EVERY, Solutions, Unsolvable, where


def gathered(rules: Iterable[Rule]) -> tuple[dict[str, Solutions], list[Rule]]:
    """For each symbol the values that satisfy every rule about it alone; and the rules about several."""
    sets: dict[str, Solutions] = {}
    others: dict[tuple[Any, str], Rule] = {}
    seen: set[tuple[Any, str]] = set()
    for rule in rules:
        key = (rule.gap, rule.sign)
        if key in seen:
            continue
        seen.add(key)
        names = rule.gap.symbols
        try:
            if len(names) != 1:
                raise Unsolvable("several symbols at once")
            name = next(iter(names))
            sets[name] = sets.get(name, EVERY) & where(rule.gap, rule.sign)
        except Unsolvable:
            others[key] = rule
    return sets, list(others.values())


def assumptions(rules: Iterable[Rule]) -> list[str]:
    """The conditions in Python's syntax: "H >= 17", "H % 16 == 0"."""
    sets, others = gathered(rules)
    texts = [text for name, found in sets.items() for text in conditions(name, found)]
    return texts + [f"{rule.gap} {'==' if rule.sign == '=' else '>='} 0" for rule in others]


def conditions(name: str, found: Solutions) -> list[str]:
    """A set as conditions on its symbol."""
    if found == EVERY:
        return []
    if not found:
        return [f"no {name} fits"]
    if not found.residues:
        return [f"{name} in {listed(found.finite)}"]
    texts = []
    if found.period > 1:
        values = ", ".join(map(str, found.residues))
        texts.append(f"{name} % {found.period} == {values}" if len(found.residues) == 1 else
                     f"{name} % {found.period} in ({values})")  # fmt: skip
    first = min((n for n in range(found.start, found.start + found.period) if n in found), default=found.start)
    if found.finite:
        texts.append(f"{name} >= {found.start} or {name} in {listed(found.finite)}")
    elif (first > 1 and first != found.period) or first > found.period:
        texts.append(f"{name} >= {first}")
    return texts


def listed(numbers: tuple[int, ...]) -> str:
    """Numbers with their runs drawn together: "1..4, 7, 9..12"."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    shown = [str(a) if a == b else f"{a}..{b}" for a, b in runs]
    return ", ".join(shown if len(shown) <= 12 else [*shown[:11], f"... ({len(numbers)} values)"])


def described(name: str, found: Solutions) -> str:
    """A set in words: "H = 193..224", "H ≡ 12 (mod 16), H ≥ 188", "no H"."""
    if not found:
        return f"no {name}"
    parts = [f"{name} = {listed(found.finite)}"] if found.finite else []
    if found.residues:
        first = next(n for n in range(found.start, found.start + found.period) if n in found)
        if found.period == 1:
            parts.append(f"every {name} ≥ {first}")
        else:
            values = ", ".join(map(str, found.residues))
            parts.append(f"{name} ≡ {values} (mod {found.period}), {name} ≥ {first}")
    return " or ".join(parts)
