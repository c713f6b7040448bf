"""The working of layers, as text and as JSON."""

from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.recorder import LATEX, TEXT
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import times
from cnncalc.formulas import pretty as shown
from cnncalc.language import phrase
from cnncalc.report.jsontext import pretty
from cnncalc.report.labels import described
from cnncalc.report.rows import plain
from cnncalc.working import Step, at_usual_values, steps

Position = tuple[int, ...] | None


def as_text(analysis: Analysis, names: list[str], position: Position, language: str = "en", latex: bool = False) -> str:
    """A paragraph a layer."""
    usual = at_usual_values(analysis)
    return "\n\n".join(_paragraph(analysis, usual, name, position, language, latex) for name in names)


def _paragraph(analysis: Analysis, usual: Analysis, name: str, position: Position, language: str, latex: bool) -> str:
    node = analysis.network.nodes[name]
    shapes = [analysis.shapes[reference] for reference in node.inputs]
    what = described(node.layer, len(shapes[0]) - 1 if shapes else 0)
    come = " + ".join(_shape(shape) for shape in shapes)
    lines = [f"{name} · {what} · {f'{come} → ' if come else ''}{_shape(analysis.facts[name].output)}"]
    found = steps(analysis, name, language, LATEX if latex else TEXT, usual)
    width = max(9, *(len(phrase(step.quantity, language)) for step in found))
    for step in found:
        lines += _lines(step, language, width)
    if position is not None:
        lines.append(f"{phrase('reads', language):<{width}} {_reached(analysis, name, position)}")
    return "\n".join(lines)


def _shape(shape: tuple[Any, ...]) -> str:
    return times(tuple(size if isinstance(size, int) else shown(size) for size in shape))


def _lines(step: Step, language: str, width: int) -> list[str]:
    head = f"{phrase(step.quantity, language):<{width}} "
    note = f"   {step.note}" if step.note else ""
    if not step.rule or step.rule == step.numbers:
        return [f"{head}{step.numbers}{note}"]
    return [f"{head}{step.rule}", f"{'':<{width}} = {step.numbers}{note}"]


def _reached(analysis: Analysis, name: str, position: tuple[int, ...]) -> str:
    reached = reach(analysis, name, position)
    where = ", ".join(map(str, position))
    if not reached:
        return f"nothing: position ({where}) depends on no input at all"
    parts = []
    for source, axes in reached.items():
        parts.append(f"{source} " + " × ".join(_ranges(indices) for indices in axes))
    return f"position ({where}) depends on {'; '.join(parts)}"


def reach(analysis: Analysis, name: str, position: tuple[int, ...]) -> dict[str, tuple[tuple[int, ...], ...]]:
    """`Analysis.reach`. Raises ShapeError for a position that the layer does not have."""
    try:
        return analysis.reach(name, position)
    except ValueError as error:
        raise ShapeError(str(error)) from None


def _ranges(indices: tuple[int, ...]) -> str:
    """0, 2, 4 as "0…4 (3 of 5)"; a gap-free run as "0…10"."""
    first, last = indices[0], indices[-1]
    span = last - first + 1
    return f"{first}…{last}" + ("" if span == len(indices) else f" ({len(indices)} of {span})")


def as_json(analysis: Analysis, names: list[str], position: Position, language: str = "en", latex: bool = False) -> str:
    """The steps as data."""
    usual, style = at_usual_values(analysis), LATEX if latex else TEXT
    layers: list[dict[str, Any]] = []
    for name in names:
        entry: dict[str, Any] = {
            "name": name,
            "kind": analysis.network.nodes[name].layer.kind,
            "output": [plain(size) for size in analysis.facts[name].output],
            "steps": [
                {"quantity": step.quantity, "rule": step.rule, "numbers": step.numbers, "note": step.note}
                for step in steps(analysis, name, language, style, usual)
            ],
        }
        if position is not None:
            reached = reach(analysis, name, position)
            entry["reads"] = {source: [list(axis) for axis in axes] for source, axes in reached.items()}
        layers.append(entry)
    document = {"schema": "cnncalc.explain/1", "network": analysis.network.name, "layers": layers}
    return pretty(document)
