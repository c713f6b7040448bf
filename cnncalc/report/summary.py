"""A summary of a network as text for a terminal, CSV, Markdown, or JSON."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from cnncalc.analysis import Analysis
from cnncalc.conditions import assumptions
from cnncalc.exact.closed import Closed
from cnncalc.exact.sets import Unsolvable
from cnncalc.exact.sizes import Shape, times
from cnncalc.exact.solving import one_floor
from cnncalc.formulas import named_sizes, over_named_sizes, pretty
from cnncalc.memory import Memory
from cnncalc.report import costs
from cnncalc.report.rows import (
    COLUMNS,
    DROPPED_FIRST,
    TEXT,
    USUAL,
    Column,
    Row,
    number,
    per_axis,
    plain,
    rows,
    totals,
)
from cnncalc.spec.outline import QUANTITIES

if TYPE_CHECKING:
    from cnncalc.conventions import Cost

GAP = "  "


def heading(analysis: Analysis) -> str:
    """ "LeNet-5 · input 1×32×32 · LeCun et al. 1998"."""
    network = analysis.network
    about = network.about
    title = about.title or network.name
    if about.title and _letters(about.title) != _letters(network.name):
        title = f"{about.title} · {network.name}"
    inputs = network.inputs.items()
    one = len(network.inputs) == 1
    shown = ", ".join(times(shape) if one else f"{name} {times(shape)}" for name, shape in inputs)
    return " · ".join(part for part in (title, f"input {shown}", about.source) if part)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def table(
    analysis: Analysis,
    depth: int | None = None,
    columns: Sequence[str] = USUAL,
    width: int | None = None,
    cost: "Cost | None" = None,
) -> str:
    """The aligned table with its total; columns are dropped rather than wrapped beyond ``width``."""
    found = rows(analysis, depth)
    wanted = [name for name in with_cost(columns, cost) if name != "inputs" or any(row.sources for row in found)]
    cells = _cells(analysis, found, wanted, cost)
    while width is not None and _width(cells) > width and len(wanted) > 2:
        droppable = [name for name in (*DROPPED_FIRST, *reversed(wanted)) if name in wanted[1:]]
        index = wanted.index(droppable[0])
        wanted.pop(index)
        for line in cells:
            line.pop(index)
    return aligned(cells, [name in TEXT for name in wanted])


def with_cost(columns: Sequence[str], cost: "Cost | None") -> list[str]:
    """The columns, that of the cost after the MACs where there is one."""
    names = list(columns)
    if cost is not None:
        names.insert(names.index("macs") + 1 if "macs" in names else len(names), "cost")
    return names


def described_columns(analysis: Analysis, cost: "Cost | None") -> Mapping[str, tuple[str, Column]]:
    """Heads and cells of all columns, that of the cost among them where there is one."""
    return COLUMNS if cost is None else COLUMNS | {"cost": costs.column(analysis, cost)}


def _cells(analysis: Analysis, found: list[Row], wanted: Sequence[str], cost: "Cost | None" = None) -> list[list[str]]:
    sums = {name: number(total) for name, total in totals(analysis).items()}
    if cost is not None:
        sums["cost"] = costs.known(cost.total)
    described = described_columns(analysis, cost)
    lines = [[described[name][0] for name in wanted]]
    for row in found:
        if row.layer is None:
            lines.append(["  " * row.depth + row.label, *("" for _ in wanted[1:])])
        else:
            lines.append([described[name][1](row, row.layer) for name in wanted])
    if analysis.at_least:
        sums["macs"] = f"≥ {sums['macs']}"
    lines.append(["total", *(sums.get(name, "") for name in wanted[1:])])
    return lines


def _width(cells: list[list[str]]) -> int:
    return sum(max(map(len, column)) for column in zip(*cells, strict=True)) + len(GAP) * (len(cells[0]) - 1)


def aligned(cells: list[list[str]], left: list[bool]) -> str:
    """Cells in columns, flush left or right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for line in cells:
        parts = [
            cell.ljust(width) if flush else cell.rjust(width)
            for cell, width, flush in zip(line, widths, left, strict=True)
        ]
        lines.append(GAP.join(parts).rstrip())
    return "\n".join(lines)


def footing(analysis: Analysis, memory: Memory | None, notes: bool = True, cost: "Cost | None" = None) -> str:
    """Memory (or the closed forms) in words, and what a reader should know about the network."""
    lines = open_figures(analysis, cost) if memory is None else figures(analysis, memory)
    lines += costs.notes(cost) if cost else []
    if uncounted := [name for name, fact in analysis.facts.items() if fact.uncounted]:
        more = f" and {len(uncounted) - 1} more" if len(uncounted) > 1 else ""
        lines.append(f"at least: the cost of {uncounted[0]}{more} is unknown, so MACs are a lower bound")
    lines += field_notes(analysis)
    if notes:
        lines += [f"note: {note}" for note in analysis.network.about.notes]
        lines += [f"note: {note}" for note in errata(analysis)]
    return "\n".join(lines)


def open_figures(analysis: Analysis, cost: "Cost | None" = None) -> list[str]:
    """Totals as closed forms over named sizes, and for which sizes they hold."""
    told = {"params": analysis.params, "MACs": analysis.macs}
    if cost is not None and cost.total is not None:
        told[cost.convention.name] = cost.total
    names = named_sizes(list(told.values()))
    width = max(map(len, told))
    lines = [f"{name:{width}}  {over_named_sizes(total, names)}" for name, total in told.items()]
    if names:
        sizes = [f"{name} = {pretty(Closed({(atom,): 1}))}" for atom, name in names.items()]
        lines.append(f"{'where':{width}}  {', '.join(sizes)}")
    found = assumptions(rule for _, rule in analysis.assumptions)
    lines += nested_sizes(analysis)
    if "False" in found:
        return [*lines, "valid for no size"]
    return [*lines, f"valid for {', '.join(found)}" if found else "valid for every size"]


def nested_sizes(analysis: Analysis) -> list[str]:
    """Sizes that print with several floors: the one floor they equal, or that there is none."""
    lines = []
    for size in dict.fromkeys(size for shape in analysis.shapes.values() for size in shape[1:]):
        if not isinstance(size, Closed) or repr(size).count("//") < 2 or len(size.symbols) != 1:
            continue
        try:
            single = one_floor(size)
        except Unsolvable:
            continue
        told = f"{pretty(size)} = {pretty(single)}" if single else f"{pretty(size)}: no single floor equals it"
        lines.append(f"size    {told}")
    return lines


def figures(analysis: Analysis, memory: Memory) -> list[str]:
    """Trainable, buffers and memory."""
    counted = f"{number(analysis.trainable)} trainable"
    if analysis.buffers:
        counted += f" · {number(analysis.buffers)} buffers"
    setting = f"(batch {memory.batch}, {memory.dtype})"
    return [
        f"{counted} · {size(memory.parameters + memory.buffers)} · peak activations {size(memory.inference)} in "
        f"inference {setting}",
        f"training {size(memory.training)}: parameters, gradients, {size(memory.activations)} of activations kept",
    ]


def field_notes(analysis: Analysis) -> list[str]:
    """What one number cannot say about the receptive fields."""
    found = analysis.fields
    lines = []
    if found.gated:
        last = _last(analysis)
        plain_fields = tuple(field and field.size for field in analysis.fields_without_gates.of(last))
        lines.append(
            f"field: gates or normalisation see the whole map; without them {per_axis(plain_fields)} at the end"
        )
    if found.misaligned:
        more = f" and {len(found.misaligned) - 1} more" if len(found.misaligned) > 1 else ""
        lines.append(f"field: branches look at different centres in {found.misaligned[0]}{more}; their union is shown")
    phased = [name for name in analysis.facts if any(f and len(set(f.sizes)) > 1 for f in found.of(name))]
    if phased:
        lines.append(f"field: differs by position after {phased[0]}; the largest is shown (cnncalc explain gives all)")
    return lines


def _last(analysis: Analysis) -> str:
    return analysis.network.outputs[0].partition("[")[0]


def errata(analysis: Analysis) -> list[str]:
    """Published figures that are wrong, with the right value and the reason."""
    network = analysis.network
    lines = []
    for figure in network.about.published:
        if "right" in figure and figure.get("variant") in (None, network.name):
            quantity = next(key for key in figure if key in QUANTITIES)
            where = f" of {figure['of']}" if "of" in figure else ""
            settings = ", ".join(f"{name}={value}" for name, value in figure.get("at", {}).items())
            where += f" at {settings}" if settings else ""
            published, right = (stated(figure[key]) for key in (quantity, "right"))
            lines.append(f"{quantity}{where}: published as {published}, right is {right}: {figure['why']}")
    return lines


def stated(value: Any) -> str:
    """A published value as people write it: 3,800,000,000, 96×111×111."""
    if isinstance(value, list):
        return times(tuple(value))
    return f"{int(value) if value == int(value) else value:,}"


def size(count: int) -> str:
    """Bytes in binary units: 241 KiB."""
    value, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    while value >= 1024 and len(units) > 1:
        value /= 1024
        units.pop(0)
    return f"{value:,.0f} {units[0]}" if value >= 10 or units[0] == "B" else f"{value:.1f} {units[0]}"


def as_text(analysis: Analysis, memory: Memory | None, depth: int | None, columns: Sequence[str], width: int | None,
            notes: bool, cost: "Cost | None" = None) -> str:  # fmt: skip
    """Heading, table, footing."""
    body = table(analysis, depth, columns, width, cost)
    return f"{heading(analysis)}\n\n{body}\n\n{footing(analysis, memory, notes, cost)}"


def as_csv(analysis: Analysis, depth: int | None, columns: Sequence[str], cost: "Cost | None" = None) -> str:
    """Comma-separated, figures without grouping, full names; one line a row, totals left out."""
    import csv
    import io

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    columns, described = with_cost(columns, cost), described_columns(analysis, cost)
    writer.writerow([described[name][0] for name in columns])
    for row in rows(analysis, depth):
        if row.layer is not None:
            cells = (row.path if name == "layer" else described[name][1](row, row.layer) for name in columns)
            figures = zip(columns, cells, strict=True)
            writer.writerow([cell if name in TEXT else cell.replace(",", "") for name, cell in figures])
    return buffer.getvalue().rstrip("\n")


def as_markdown(analysis: Analysis, depth: int | None, columns: Sequence[str], cost: "Cost | None" = None) -> str:
    """A Markdown table under a heading."""
    found, columns = rows(analysis, depth), with_cost(columns, cost)
    cells = _cells(analysis, [row for row in found if row.layer is not None], columns, cost)
    rule = ["---" if name in TEXT else "---:" for name in columns]
    lines = [f"| {' | '.join(line)} |" for line in (cells[0], rule, *cells[1:])]
    return "\n".join([f"**{heading(analysis)}**", "", *(line.replace("|  ", "| ") for line in lines)])


def as_html(analysis: Analysis, depth: int | None = None, columns: Sequence[str] = USUAL) -> str:
    """An HTML table under its heading, for notebooks."""
    found = rows(analysis, depth)
    wanted = [name for name in columns if name != "inputs" or any(row.sources for row in found)]
    lines = [f"<table><caption>{escape(heading(analysis))}</caption>"]
    for i, line in enumerate(_cells(analysis, found, wanted)):
        tag = "td" if i else "th"
        cells = [
            f'<{tag} style="text-align:{"left" if name in TEXT else "right"};white-space:pre">{escape(cell)}</{tag}>'
            for name, cell in zip(wanted, line, strict=True)
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join([*lines, "</table>"])


def as_json(analysis: Analysis, memory: Memory | None, cost: "Cost | None" = None) -> str:
    """The machine's view, documented in docs/json.md."""
    from cnncalc.report.jsontext import pretty

    return pretty(document(analysis, memory, cost))


def document(analysis: Analysis, memory: Memory | None, cost: "Cost | None" = None) -> dict[str, Any]:
    """The summary as plain data."""
    network = analysis.network
    gated = analysis.fields.gated
    layers = []
    for layer in analysis:
        entry = {
            "name": layer.name,
            "kind": layer.kind,
            "inputs": list(layer.inputs),
            "output": shape_list(layer.output),
        }
        entry |= {name: getattr(layer, name) for name in
                  ("params", "trainable", "weights", "biases", "buffers", "macs", "activations", "connections",
                   "neurons")}  # fmt: skip
        entry["macs_backward"] = plain(analysis.backward[layer.name])
        entry["receptive_field"] = [plain(value) for value in layer.receptive_field]
        entry["jump"] = [plain(value) for value in layer.jump]
        entry["offset"] = [plain(value) for value in layer.offset]
        if any(field and len(set(field.sizes)) > 1 for field in layer.fields):
            entry["receptive_field_by_phase"] = [list(field.sizes) if field else None for field in layer.fields]
        if gated:
            fields = analysis.fields_without_gates.of(layer.name)
            entry["receptive_field_without_gates"] = [field.size if field else None for field in fields]
        if layer.copies != 1:
            entry["regions"] = layer.copies
        if cost is not None:
            entry["cost"] = plain(cost.of(layer.name))
        layers.append(entry)
    shapes = {name: shape_list(shape) for name, shape in network.inputs.items()}
    return {
        "schema": "cnncalc.summary/1",
        "network": network.name,
        "title": network.about.title,
        "source": network.about.source,
        "input": shape_list(network.input),
        "inputs": shapes,
        "outputs": {name: shape_list(shape) for name, shape in analysis.outputs.items()},
        "symbols": open_symbols(analysis),
        "values": {name: plain(value) for name, value in network.symbols.items() if not isinstance(value, Closed)},
        "layers": layers,
        "totals": totals_document(analysis),
        **({} if cost is None else {"cost": costs.document(cost)}),
        "memory": None if memory is None else memory_document(memory),
        "assumptions": assumptions(rule for _, rule in analysis.assumptions),
        "notes": [*field_notes(analysis), *network.about.notes, *errata(analysis)],
    }


def totals_document(analysis: Analysis) -> dict[str, Any]:
    """The totals; ``at_least`` stands there where some layer's cost is unknown."""
    sums = {name: plain(value) for name, value in totals(analysis).items()}
    sums["macs_backward"] = plain(analysis.macs_backward)
    return sums | ({"at_least": True} if analysis.at_least else {})


def memory_document(memory: Memory) -> dict[str, Any]:
    """Bytes, by what they are for."""
    return {
        "batch": memory.batch,
        "dtype": memory.dtype,
        "unit": "B",
        "parameters": memory.parameters,
        "buffers": memory.buffers,
        "inference_peak": memory.inference,
        "inference_peak_at": memory.peak_at,
        "activations": memory.activations,
        "training": memory.training,
    }


def shape_list(shape: Shape) -> list[Any]:
    return [plain(size) for size in shape]


def open_symbols(analysis: Analysis) -> list[str]:
    """The symbols that were left open."""
    return [name for name, value in analysis.network.symbols.items() if isinstance(value, Closed)]
