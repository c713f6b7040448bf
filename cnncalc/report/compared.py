"""Networks side by side; one network under several conventions, the difference explained line by line."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.conventions import Cost
from cnncalc.conventions.difference import Line, left_out, lines
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim
from cnncalc.formulas import named_sizes, over_named_sizes, pretty
from cnncalc.memory import Memory
from cnncalc.report import costs
from cnncalc.report.rows import number, plain
from cnncalc.report.summary import aligned, heading, open_symbols, shape_list, size


@record
class Quantity:
    """One row of the comparison: a figure of each network. ``unit`` B is shown in binary units."""

    name: str
    label: str
    unit: str
    values: tuple[Any, ...]


FIGURES: tuple[tuple[str, str, str, Callable[[Analysis], Any]], ...] = (
    ("layers", "layers", "layers", lambda one: len(one.facts)),
    ("params", "params", "parameters", lambda one: one.params),
    ("buffers", "buffers", "numbers", lambda one: one.buffers),
    ("macs", "MACs", "MACs", lambda one: one.macs),
    ("activations", "activations", "numbers", lambda one: one.activations),
)
BYTES: tuple[tuple[str, str, Callable[[Memory], int]], ...] = (
    ("parameter_bytes", "params, memory", lambda memory: memory.parameters),
    ("inference_bytes", "inference, peak", lambda memory: memory.inference),
    ("training_bytes", "training", lambda memory: memory.training),
)


def quantities(analyses: Sequence[Analysis], costs_of: Sequence[Sequence[Cost]]) -> list[Quantity]:
    """What networks are compared in; memory only where no size is open (batch 1, float32)."""
    rows = [Quantity(*words, tuple(figure(one) for one in analyses)) for *words, figure in FIGURES]
    for each in zip(*costs_of, strict=True):
        convention = each[0].convention
        label = f"{convention.name} {convention.unit}"
        rows.append(Quantity(convention.name, label, convention.unit, tuple(cost.total for cost in each)))
    if not any(open_symbols(one) for one in analyses):
        memories = [one.memory() for one in analyses]
        rows += [Quantity(name, label, "B", tuple(figure(one) for one in memories)) for name, label, figure in BYTES]
    return [*rows, Quantity("field", "field", "pixels", tuple(_field(one) for one in analyses))]


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
        line = [row.label]
        for index, value in enumerate(row.values):
            line.append(size(value) if row.unit == "B" else costs.known(value))
            times = ratio(value, row.values[0])
            line += [] if index == 0 else ["" if times is None else f"×{times:.3g}"]
        cells.append(line)
    told = "\n".join(heading(analysis) for analysis in analyses)
    notes = []
    for each in zip(*costs_of, strict=True):
        notes.append(costs.notes(each[0])[0])
        for analysis, cost in zip(analyses, each, strict=True):
            notes += [f"{analysis.network.name}: {note}" for note in costs.notes(cost)[1:]]
    body = aligned(cells, [True, *(False for _ in heads[1:])])
    return "\n\n".join(part for part in (told, body, "\n".join(notes)) if part)


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


def conventions_text(analysis: Analysis, found: Sequence[Cost], explain: bool, width: int | None = None) -> str:
    """What each convention counts; with ``explain``, line by line what makes them differ.

    Where the table of totals is wider than ``width``, it does without the tools' full names and versions.
    """
    cells = [["", "counts", "", "the tool prints", "", "version"]]
    for cost in found:
        prints = costs.known(cost.printed) if cost.printed != cost.total or cost.as_is else ""
        cells.append([cost.convention.name, costs.known(cost.total), cost.convention.unit, prints,
                      cost.convention.tool, cost.convention.version])  # fmt: skip
    if not any(line[3] for line in cells[1:]):
        cells = [line[:3] + line[4:] for line in cells]
    left = [True, False, True, True, True] if len(cells[0]) == 5 else [True, False, True, False, True, True]
    totals = aligned(cells, left)
    if width is not None and max(map(len, totals.splitlines())) > width:
        totals = aligned([line[:-2] for line in cells], left[:-2])
    parts = [heading(analysis), totals]
    if explain:
        parts.append(_explained(analysis, found))
    parts.append("\n".join(line for cost in found for line in costs.notes(cost)[0 if explain else 1 :]))
    return "\n\n".join(part for part in parts if part)


def _explained(analysis: Analysis, found: Sequence[Cost]) -> str:
    """One line for each component and its factors; for two conventions also what it makes them differ by."""
    names = [cost.convention.name for cost in found]
    last = {1: ["amount"], 2: [f"{names[-1]} − {names[0]}"]}.get(len(found), [])
    cells = [["", "what is counted", "how many", *(f"× {name}" for name in names), *last]]
    told = sorted(lines(found), key=_weight, reverse=True)
    for line in told:
        factors = [str(factor) if factor else "–" for factor in line.factors]
        cells.append([line.kind, line.words, number(line.count), *factors, *([_gap(line.amounts)] if last else [])])
    sums = tuple(sum(line.amounts[index] for line in told) for index in range(len(found)))
    cells.append(["sum", "", "", *(number(total) for total in sums), *([_gap(sums)] if last else [])])
    text = aligned(cells, [True, True, *(False for _ in cells[0][2:])])
    if open_symbols(analysis):
        text += "\n\n" + _open_lines(told, dict(zip(names, sums, strict=True)))
    if len(units := dict.fromkeys(cost.convention.unit for cost in found)) > 1:
        text += f"\nthe units differ, {' and '.join(units)}: a multiply–accumulate is 1 MAC and 2 FLOPs"
    if missing := left_out(found):
        text += f"\nleft out of the sum, because some count cannot be known: {costs.some(missing)}"
    return text


def _gap(amounts: tuple[Dim, ...]) -> str:
    """The amount of one convention, or the difference of two with its sign."""
    if len(amounts) == 1:
        return number(amounts[0])
    value = amounts[1] - amounts[0]
    if not isinstance(value, int) or value == 0:
        return number(value)
    return f"{'+' if value > 0 else '−'}{abs(value):,}"


def _open_lines(told: Sequence[Line], sums: dict[str, Dim]) -> str:
    """Counts and sums as closed forms over named sizes."""
    figures = [(f"{line.kind}, {line.words}", line.count) for line in told] + list(sums.items())
    names = named_sizes([figure for _, figure in figures])
    width = max(len(name) for name, _ in figures)
    shown = [f"{name:{width}}  {over_named_sizes(figure, names)}" for name, figure in figures]
    where = ", ".join(f"{name} = {pretty(Closed({(atom,): 1}))}" for atom, name in names.items())
    return "\n".join([*shown, *([f"{'where':{width}}  {where}"] if names else [])])


def _weight(line: Line) -> tuple[int, int]:
    """What lines are sorted by: how far two conventions are apart, then the largest amount; open ones first."""

    def of(amount: Dim) -> int:
        return abs(amount) if isinstance(amount, int) else 1 << 200

    amounts = line.amounts
    return of(amounts[1] - amounts[0]) if len(amounts) == 2 else 0, max(of(one) for one in amounts)


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
             "amounts": [plain(amount) for amount in line.amounts]}
            for line in told
        ],
        "differences": [plain(_difference(found[0], cost)) for cost in found],
        "left_out": left_out(found),
    }  # fmt: skip


def _difference(first: Cost, other: Cost) -> Dim | None:
    return None if first.total is None or other.total is None else other.total - first.total
