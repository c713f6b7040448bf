"""Costs under a convention as a column, as sentences, as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.analysis import Analysis, LayerAnalysis
from cnncalc.report.rows import Column, Row, number, plain

if TYPE_CHECKING:
    from cnncalc.conventions import Cost

MANY = 4  # names listed before "and n more"


def column(analysis: Analysis, cost: "Cost") -> tuple[str, Column]:
    """The column "fvcore MACs": a layer's cost or a block's sum, a question mark where it cannot be known."""

    def cell(row: Row, layer: LayerAnalysis) -> str:
        return known(cost.of_all(analysis.members(row.path) if layer.kind == "block" else [row.path]))

    return f"{cost.convention.name} {cost.convention.unit}", cell


def known(value: Any) -> str:
    return "?" if value is None else number(value)


def notes(cost: "Cost") -> list[str]:
    """What the figure counts, what it leaves out, and what the tool itself would print."""
    convention = cost.convention
    told = f"{convention.counts} ({convention.tool} {convention.version})"
    lines = [f"{convention.name} counts {convention.unit}: {told}"]
    if cost.unruled:
        lines.append(f"{convention.name} counts nothing for {', '.join(cost.unruled)}: {convention.unseen}")
    if cost.hidden:
        lines.append(f"{convention.name} does not see {', '.join(cost.hidden)} called as a function")
    if cost.unused:
        lines.append(f"{convention.name} does not see {some(cost.unused)}: no output depends on it")
    lines += [f"{convention.name}: ? for {some(names)}: {why}" for why, names in cost.unknown.items()]
    lines += [f"{convention.name}, as always: {why} ({some(names)})" for why, names in cost.habits.items()]
    for why, names in cost.slips.items():
        shown = "slips, as is" if cost.as_is else "slips, put right here"
        lines.append(f"{convention.name} {shown}: {why} ({some(names)})")
    if cost.slips and not cost.as_is:
        lines.append(f"{convention.name} itself prints {known(cost.printed)} {convention.unit}, as --as-is does")
    return lines


def some(names: Sequence[str]) -> str:
    """A few names, and how many more."""
    shown = ", ".join(names[:MANY])
    return shown if len(names) <= MANY else f"{shown} and {len(names) - MANY} more"


def document(cost: "Cost") -> dict[str, Any]:
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
        "hidden": cost.hidden,
        "unused": cost.unused,
        "unknown": [{"why": why, "layers": names} for why, names in cost.unknown.items()],
        "habits": [{"why": why, "layers": names} for why, names in cost.habits.items()],
        "slips": [{"why": why, "layers": names} for why, names in cost.slips.items()],
    }
