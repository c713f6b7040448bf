"""How every number of a layer comes about: the rule in textbook symbols, the numbers put in, the value.

The layer's own rule is run on recording numbers; nothing here knows a formula of its own.
"""

from collections.abc import Iterable
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.recorder import Term, working, written
from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim, Shape, prod, times
from cnncalc.exact.windows import Field, Window, grown
from cnncalc.layers import Facts, Layer
from cnncalc.network import part_of

SYMBOLS = {
    "kernel_size": "k",
    "stride": "s",
    "padding": "p",
    "dilation": "d",
    "output_padding": "op",
    "groups": "g",
    "out_channels": "C_out",
    "out_features": "N_out",
    "output_size": "o",
    "upscale_factor": "r",
    "downscale_factor": "r",
    "num_features": "C",
}
QUIET = {"dilation": 1, "groups": 1, "output_padding": 0}  # left out of the formula when trivial
AXES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


def axis_labels(rank: int) -> tuple[str, ...]:
    """Letters for the spatial axes of a formula."""
    return AXES.get(rank) or tuple(f"n{i + 1}" for i in range(rank))


@record
class Step:
    """One quantity: its rule in symbols (empty where there is none to show), the numbers in, the value."""

    quantity: str
    rule: str
    numbers: str
    note: str = ""


def steps(analysis: Analysis, name: str) -> list[Step]:
    """The working of one layer: size, parameters, MACs, receptive field. Raises KeyError."""
    layer = analysis[name]
    node = analysis.network.nodes[layer.name]
    inputs = [analysis.shapes[reference] for reference in node.inputs]
    recorded = _recorded(node.layer, inputs)
    facts = analysis.facts[layer.name]
    return [
        *_sizes(facts, recorded, inputs),
        *_params(facts, recorded),
        *_macs(facts, recorded, analysis.copies.get(part_of(node.inputs[0])[0], 1)),
        *_field(analysis, layer.name),
    ]


def _recorded(layer: Layer, inputs: list[Shape]) -> Facts:
    """The layer's facts, computed on numbers that remember where they come from."""
    changes = {name: _named(name, getattr(layer, name)) for name in SYMBOLS if name in layer.fields}
    return layer.but(**changes).facts(*(_shape(shape, i, len(inputs)) for i, shape in enumerate(inputs)))


def _named(name: str, value: Any) -> Any:
    if isinstance(value, bool | str) or value is None or QUIET.get(name) == value:
        return value
    symbol = SYMBOLS[name]
    if not isinstance(value, tuple):
        return Term(symbol, value)
    if any(not isinstance(part, int) for part in value):
        return value
    if len(set(value)) == 1:
        return (Term(symbol, value[0]),) * len(value)
    labels = axis_labels(len(value))
    return tuple(Term(f"{symbol}_{label}", part) for label, part in zip(labels, value, strict=True))


def _shape(shape: Shape, index: int, count: int) -> Shape:
    if len(shape) == 1:
        return (Term(f"N_{index + 1}" if count > 1 else "N_in", shape[0]),)
    tag = str(index + 1) if count > 1 else "in"
    sizes = shape[1:]
    names = ["n"] * len(sizes) if len(set(sizes)) == 1 else list(axis_labels(len(sizes)))
    shared = {name: Term(name, size) for name, size in zip(names, sizes, strict=True)}
    return (Term(f"C_{tag}", shape[0]), *(shared[name] for name in names))


def _sizes(facts: Facts, recorded: Facts, inputs: list[Shape]) -> Iterable[Step]:
    computed = any(isinstance(size, Term) and size.operator != "leaf" for size in recorded.output)
    if facts.output == inputs[0] and not computed:
        yield Step("size", "", f"{times(facts.output)}, as it came in")
        return
    seen: dict[str, str] = {}
    for size in recorded.output:
        if isinstance(size, Term) and size.operator != "leaf":
            rule = written(size)
            seen.setdefault(rule, working(size))
    for rule, numbers in seen.items():
        yield Step("size", rule, numbers)
    yield Step("output", "", times(facts.output))


def _params(facts: Facts, recorded: Facts) -> Iterable[Step]:
    if not facts.weights:
        yield Step("params", "", "0")
    else:
        rules = " + ".join(_product(shape) for shape in recorded.weights.values())
        numbers = " + ".join(_product(shape, True) for shape in recorded.weights.values())
        each = [f"{prod(shape):,}" for shape in facts.weights.values()]
        what = ", ".join(f"{name} {times(shape)}" for name, shape in facts.weights.items())
        chain = [numbers, " + ".join(each), f"{facts.params:,}"]
        yield Step("params", rules, " = ".join(dict.fromkeys(chain)), what)
    if facts.buffers:
        what = ", ".join(f"{name} {times(shape)}" for name, shape in facts.buffers.items())
        yield Step("buffers", "", f"{facts.buffered:,}", what)


def _product(shape: Shape, numbers: bool = False) -> str:
    parts = [written(size, numbers, {}) for size in shape]
    return "·".join(f"({part})" if " " in part and not part.startswith("⌊") else part for part in parts) or "1"


def _macs(facts: Facts, recorded: Facts, runs: Dim) -> Iterable[Step]:
    if not isinstance(recorded.macs, Term):
        yield Step("MACs", "", f"{facts.macs:,}")
        return
    sizes = recorded.output[1:]
    labels = axis_labels(len(sizes))
    known = {id(size): f"{label}_out" for size, label in zip(sizes, labels, strict=False) if isinstance(size, Term)}
    yield Step("MACs", written(recorded.macs, False, known), working(recorded.macs, known))
    if runs != 1:
        yield Step("MACs", "regions · MACs", f"{runs:,}·{facts.macs:,} = {runs * facts.macs:,}")


def _field(analysis: Analysis, name: str) -> Iterable[Step]:
    facts = analysis.facts[name]
    node = analysis.network.nodes[name]
    own = analysis.fields.of(name)
    if not own:
        return
    source = part_of(node.inputs[0])[0]
    before = [seen.field if seen else None for seen in analysis.fields.states[source]]
    shown: set[tuple[str, str]] = set()
    for axis, field in enumerate(own):
        step = _axis_field(facts, field, before[axis] if len(node.inputs) == 1 else None, axis)
        if (step.rule, step.numbers) not in shown:
            shown.add((step.rule, step.numbers))
            yield step


def _axis_field(facts: Facts, field: Field | None, before: Field | None, axis: int) -> Step:
    if field is None:
        return Step("field", "", "differs from position to position; no one number holds")
    if field.period > 1 and len(set(field.sizes)) > 1:
        counts = {size: field.sizes.count(size) for size in sorted(set(field.sizes))}
        split = ", ".join(f"{size} at {count} of {field.period} positions" for size, count in counts.items())
        return Step("field", "", split, f"jump {field.jump}")
    note = f"jump {field.jump}, first tap of output 0 at {field.offset}"
    window = facts.windows[axis] if isinstance(facts.windows, tuple) and axis < len(facts.windows) else None
    if isinstance(window, Window) and before is not None and before.period == 1 and window.every >= 1:
        kernel = Term("k", (window.last - window.first) // window.every + 1)
        dilation = Term("d", window.every) if window.every != 1 else 1
        size = grown(Term("r", before.size), kernel, Term("j", before.jump), dilation)
        if size == field.size:
            return Step("field", written(size), working(size), note)
    return Step("field", "", f"{field.size:,}", note)
