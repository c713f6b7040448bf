"""Costs under a convention as a column, as sentences, as JSON."""

from collections.abc import Sequence
from typing import Any

from cnncalc.analysis import Analysis, LayerAnalysis
from cnncalc.conventions import Cost
from cnncalc.report.rows import Column, Row, number, plain

MANY = 4  # names listed before "and n more"


def column(analysis: Analysis, cost: Cost) -> tuple[str, Column]:
    """The column "fvcore MACs": a layer's cost or a block's sum, a question mark where it cannot be known."""

    def cell(row: Row, layer: LayerAnalysis) -> str:
        return known(cost.of_all(analysis.members(row.path) if layer.kind == "block" else [row.path]))

    return f"{cost.convention.name} {cost.convention.unit}", cell


def known(value: Any) -> str:
    return "?" if value is None else number(value)


def notes(cost: Cost) -> list[str]:
    """What the figure counts, what it leaves out, and what the tool itself would print."""
    convention = cost.convention
    lines = [f"{convention.name} counts {convention.unit}: {convention.counts} ({convention.tool} {convention.version})"]
    if cost.unruled:
        lines.append(f"{convention.name} counts nothing for {', '.join(cost.unruled)}: {convention.unseen}")
    lines += [f"{convention.name}: ? for {some(names)}: {why}" for why, names in cost.unknown.items()]
    for why, names in cost.slips.items():
        lines.append(f"{convention.name} {'slips, as is' if cost.as_is else 'slips, put right here'}: {why} ({some(names)})")
    if cost.slips and not cost.as_is:
        lines.append(f"{convention.name} itself prints {known(cost.printed)} {convention.unit}, as --as-is does")
    return lines


def some(names: Sequence[str]) -> str:
    """A few names, and how many more."""
    shown = ", ".join(names[:MANY])
    return shown if len(names) <= MANY else f"{shown} and {len(names) - MANY} more"


def document(cost: Cost) -> dict[str, Any]:
    """The cost of a network for machines; ``total`` is null where a layer cannot be known."""
    convention = cost.convention
    return {
        "convention": convention.name,
        "unit": convention.unit,
        "total": plain(cost.total),
        "printed": plain(cost.printed),
        "as_is": cost.as_is,
        "tool": convention.tool,
        "version": convention.version,
        "counts": convention.counts,
        "source": convention.source,
        "functional": list(cost.functional),
        "no_rule": cost.unruled,
        "unknown": [{"why": why, "layers": names} for why, names in cost.unknown.items()],
        "slips": [{"why": why, "layers": names} for why, names in cost.slips.items()],
    }
