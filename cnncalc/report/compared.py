"""Networks side by side; one network under several conventions, the difference explained line by line."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.conventions import Cost
from cnncalc.conventions.difference import Line, left_out, lines
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim
from cnncalc.report import costs
from cnncalc.report.rows import number, plain
from cnncalc.report.summary import aligned, heading, shape_list, size


@record
class Quantity:
    """One row of the comparison: a figure of each network; ``bytes`` are shown in binary units."""

    name: str
    unit: str
    values: tuple[Any, ...]
    bytes: bool = False


def quantities(analyses: Sequence[Analysis], costs_of: Sequence[Sequence[Cost]]) -> list[Quantity]:
    """What networks are compared in."""

    def of(name: str, unit: str, figure: Any) -> Quantity:
        return Quantity(name, unit, tuple(figure(one) for one in analyses), unit == "B")

    rows = [
        of("layers", "layers", lambda one: len(one.facts)),
        of("params", "parameters", lambda one: one.params),
        of("buffers", "numbers", lambda one: one.buffers),
        of("MACs", "MACs", lambda one: one.macs),
    ]
    for each in zip(*costs_of, strict=True):
        convention = each[0].convention
        rows.append(Quantity(convention.name, convention.unit, tuple(cost.total for cost in each)))
    rows.append(of("activations", "numbers", lambda one: one.activations))
    if not any(isinstance(size, Closed) for one in analyses for shape in one.shapes.values() for size in shape):
        memories = [one.memory() for one in analyses]
        for name, attribute in (("weights", "parameters"), ("inference", "inference"), ("training", "training")):
            rows.append(Quantity(name, "B", tuple(getattr(memory, attribute) for memory in memories), True))
    rows.append(of("field", "pixels", _field))
    return rows


def _field(analysis: Analysis) -> Dim | None:
    """The receptive field of the first result along the first axis of the input."""
    found = analysis[analysis.network.outputs[0].partition("[")[0]].receptive_field
    return found[0] if found else None


def ratio(value: Any, first: Any) -> float | None:
    """How many times the first network's figure; None where either is open, unknown or 0."""
    if not isinstance(value, int | Fraction) or not isinstance(first, int | Fraction) or first == 0:
        return None
    return float(Fraction(value) / Fraction(first))


def networks_text(analyses: Sequence[Analysis], costs_of: Sequence[Sequence[Cost]]) -> str:
    """A column for each network, and behind each but the first how many times the first it is."""
    heads = [""]
    for index, analysis in enumerate(analyses):
        heads += [analysis.network.name] if index == 0 else [analysis.network.name, ""]
    cells = [heads]
    for row in quantities(analyses, costs_of):
        name = row.name if row.name == row.unit or row.bytes else f"{row.name} ({row.unit})" if row.name != "field" else "field"
        line = [name]
        for index, value in enumerate(row.values):
            line.append(size(value) if row.bytes else costs.known(value))
            times = ratio(value, row.values[0])
            line += [] if index == 0 else ["" if times is None else f"×{times:.3g}"]
        cells.append(line)
    told = "\n".join(heading(analysis) for analysis in analyses)
    notes = [note for cost in costs_of[0] for note in costs.notes(cost)] if costs_of else []
    return "\n\n".join(part for part in (told, aligned(cells, [True, *(False for _ in heads[1:])]), "\n".join(notes)) if part)


def networks_document(analyses: Sequence[Analysis], costs_of: Sequence[Sequence[Cost]]) -> dict[str, Any]:
    """The same as plain data."""
    rows = quantities(analyses, costs_of)
    return {
        "schema": "cnncalc.compare/1",
        "compared": "networks",
        "networks": [
            {"network": one.network.name, "title": one.network.about.title, "input": shape_list(one.network.input),
             "output": shape_list(one.output)}
            for one in analyses
        ],
        "quantities": [
            {"name": row.name, "unit": row.unit, "values": [plain(value) for value in row.values],
             "ratios": [ratio(value, row.values[0]) for value in row.values]}
            for row in rows
        ],
        "costs": [[costs.document(cost) for cost in each] for each in costs_of],
    }  # fmt: skip


def conventions_text(analysis: Analysis, found: Sequence[Cost], explain: bool) -> str:
    """What each convention counts; with ``explain``, line by line what makes them differ."""
    cells = [["", "counts", "", "the tool prints", "", "version"]]
    for cost in found:
        prints = costs.known(cost.printed) if cost.printed != cost.total or cost.as_is else ""
        cells.append([cost.convention.name, costs.known(cost.total), cost.convention.unit, prints,
                      cost.convention.tool, cost.convention.version])  # fmt: skip
    if not any(line[3] for line in cells[1:]):
        cells = [line[:3] + line[4:] for line in cells]
    left = [True, False, True, True, True] if len(cells[0]) == 5 else [True, False, True, False, True, True]
    parts = [heading(analysis), aligned(cells, left)]
    if explain:
        parts.append(_explained(analysis, found))
    parts.append("\n".join(line for cost in found for line in costs.notes(cost)[0 if explain else 1 :]))
    return "\n\n".join(part for part in parts if part)


def _explained(analysis: Analysis, found: Sequence[Cost]) -> str:
    """One line for each component and its factors; for two conventions also what it makes them differ by."""
    names = [cost.convention.name for cost in found]
    two = len(found) == 2
    cells = [["", "what is counted", "how many", *(f"× {name}" for name in names), *(["difference"] if two else [])]]
    told = lines(found)
    for line in sorted(told, key=lambda line: _magnitude(line, found), reverse=True):
        gap = [signed(line.amount(1) - line.amount(0))] if two else []
        cells.append([line.kind, line.words, number(line.count), *(_times(factor) for factor in line.factors), *gap])
    sums = [sum(line.amount(index) for line in told) for index in range(len(found))]
    cells.append(["sum", "", "", *(number(total) for total in sums), *([signed(sums[1] - sums[0])] if two else [])])
    text = aligned(cells, [True, True, *(False for _ in cells[0][2:])])
    if missing := left_out(found):
        text += f"\nleft out, because a tool's count cannot be known: {costs.some(missing)}"
    return text


def _magnitude(line: Line, found: Sequence[Cost]) -> int:
    """What a line is sorted by: the largest of its amounts; open ones first."""
    amounts = [line.amount(index) for index in range(len(found))]
    return max((abs(one) if isinstance(one, int) else 1 << 200) for one in amounts)


def _times(factor: int) -> str:
    return "–" if factor == 0 else f"{factor:+d}" if factor < 0 else str(factor)


def signed(value: Any) -> str:
    """A difference with its sign: +100,352, −2,048, 0."""
    if not isinstance(value, int):
        return number(value)
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{abs(value):,}"


def conventions_document(analysis: Analysis, found: Sequence[Cost]) -> dict[str, Any]:
    """The same as plain data: under each convention the amounts of all lines add up to its total."""
    told = lines(found)
    return {
        "schema": "cnncalc.compare/1",
        "compared": "conventions",
        "network": analysis.network.name,
        "input": shape_list(analysis.network.input),
        "costs": [costs.document(cost) for cost in found],
        "lines": [
            {"kind": line.kind, "component": line.words, "count": plain(line.count), "factors": list(line.factors),
             "amounts": [plain(line.amount(index)) for index in range(len(found))]}
            for line in told
        ],
        "differences": [plain(_difference(found[0], cost)) for cost in found],
        "left_out": left_out(found),
    }  # fmt: skip


def _difference(first: Cost, other: Cost) -> Dim | None:
    return None if first.total is None or other.total is None else other.total - first.total
