"""How every number of a layer comes about: the rule in textbook symbols, the numbers put in, the value.

The layer's own rule is run on recording numbers; nothing here knows a formula of its own.
"""

from collections.abc import Iterable
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import Closed, Floor, symbol
from cnncalc.exact.recorder import TEXT, Style, Term, Writer
from cnncalc.exact.records import record
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, prod
from cnncalc.exact.windows import Field, Window, grown
from cnncalc.formulas import latex, pretty
from cnncalc.language import localised, phrase
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


QUANTITIES = ("size", "params", "MACs", "field")


def steps(
    analysis: Analysis,
    name: str,
    language: str = "en",
    style: Style = TEXT,
    usual: Analysis | None = None,
    quantities: tuple[str, ...] = QUANTITIES,
) -> list[Step]:
    """The working of one layer: size, parameters, MACs, receptive field, or some of them. Raises KeyError.

    Where sizes are open the rule is shown at work on closed forms, and merges into one; ``usual`` is then
    the same network at usual values (see `at_usual_values`).
    """
    return _Worker(analysis, analysis[name].name, language, style, usual or at_usual_values(analysis)).steps(quantities)


def _recorded(layer: Layer, inputs: list[Shape]) -> Facts:
    """The layer's facts, computed on numbers that remember where they come from."""
    changes = {name: _named(name, getattr(layer, name)) for name in SYMBOLS if name in layer.fields}
    return layer.but(**changes).facts(*inputs)


def _named(name: str, value: Any) -> Any:
    if isinstance(value, bool | str) or value is None or QUIET.get(name) == value:
        return value
    symbol = SYMBOLS[name]
    if not isinstance(value, int | tuple):
        return value
    if not isinstance(value, tuple):
        return Term(symbol, value)
    if any(not isinstance(part, int) for part in value):
        return value
    if len(set(value)) == 1:
        return (Term(symbol, value[0]),) * len(value)
    labels = axis_labels(len(value))
    return tuple(Term(f"{symbol}_{label}", part) for label, part in zip(labels, value, strict=True))


def _shape(shape: Shape, seen: Shape, index: int, count: int) -> Shape:
    """A shape on recording numbers; axes share a name where their sizes are the same in ``seen``."""
    if len(shape) == 1:
        return (Term(f"N_{index + 1}" if count > 1 else "N_in", shape[0]),)
    tag = str(index + 1) if count > 1 else "in"
    sizes = shape[1:]
    names = ["n"] * len(sizes) if len(set(seen[1:])) == 1 else [f"n_{label}" for label in axis_labels(len(sizes))]
    shared = {name: Term(name, size) for name, size in zip(names, sizes, strict=True)}
    return (Term(f"C_{tag}", shape[0]), *(shared[name] for name in names))


class _Worker:
    """Writes the steps of one layer."""

    def __init__(self, analysis: Analysis, name: str, language: str, style: Style, usual: Analysis) -> None:
        self.analysis, self.name, self.language, self.style = analysis, name, language, style
        self.node = analysis.network.nodes[name]
        self.facts = analysis.facts[name]
        self.inputs = [analysis.shapes[reference] for reference in self.node.inputs]
        shapes = [usual.shapes[reference] for reference in self.node.inputs]
        paired = enumerate(zip(shapes, self.inputs, strict=True))
        terms = [_shape(shape, seen, i, len(shapes)) for i, (shape, seen) in paired]
        self.recorded = _recorded(self.node.layer, terms)
        pairs = [pair for shape, term in zip(self.inputs, terms, strict=True) for pair in zip(shape, term, strict=True)]
        self.open = {id(term): self.closed(size) for size, term in pairs if isinstance(size, Closed)}
        self.symbols = Writer(style=style)

    def steps(self, quantities: tuple[str, ...]) -> list[Step]:
        parts = dict(zip(QUANTITIES, (self._sizes, self._params, self._macs, self._field), strict=True))
        found = [step for name in quantities for step in parts[name]()]
        return [
            Step(step.quantity, *(localised(text, self.language) for text in (step.rule, step.numbers, step.note)))
            for step in found
        ]

    def say(self, key: str, **values: object) -> str:
        return phrase(key, self.language, **values)

    def closed(self, value: Any) -> str:
        """A figure: a number, or a closed form."""
        if isinstance(value, Closed):
            return latex(value) if self.style.latex else pretty(value)
        return self.style.number(value) if isinstance(value, int) else str(value)

    def shape(self, shape: Shape) -> str:
        sign = r" \times " if self.style.latex else "×"
        return sign.join(self.closed(size) if isinstance(size, Closed) else str(size) for size in shape)

    def _sizes(self) -> Iterable[Step]:
        computed = any(isinstance(size, Term) and size.operator != "leaf" for size in self.recorded.output)
        if self.inputs and self.facts.output == self.inputs[0] and not computed:
            yield Step("size", "", self.say("same", shape=self.shape(self.facts.output)))
            return
        seen: dict[str, Step] = {}
        for size, term in zip(self.facts.output, self.recorded.output, strict=True):
            if isinstance(term, Term) and term.operator != "leaf":
                rule = self.symbols.write(term)
                value = self.closed(size) if isinstance(size, Closed) else None
                numbers = Writer(True, None, self.open, self.style).working(term, value)
                seen.setdefault(rule + numbers, Step("size", rule, numbers, self._law(size)))
        yield from seen.values()
        yield Step("output", "", self.shape(self.facts.output))

    def _law(self, size: Any) -> str:
        """What made an open size short, and what it is where everything divides."""
        if not isinstance(size, Closed):
            return ""
        notes = []
        floors = [atom for atom in size.atoms() if isinstance(atom, Floor) and isinstance(atom.divisor, int)]
        before = [atom for shape in self.inputs for one in shape if isinstance(one, Closed) for atom in one.atoms()]
        if floors and any(isinstance(atom, Floor) for atom in before) and floors[0] not in before:
            notes.append(self.say("merge"))
        if len(floors) == 1 and len(size.terms) == 1 and len(floors[0].numerator.symbols) == 1:
            name, divisor = next(iter(floors[0].numerator.symbols)), floors[0].divisor
            plain = size.at({name: divisor * symbol(name)}) if isinstance(divisor, int) else None
            if isinstance(plain, Closed) and plain == symbol(name):
                notes.append(self.say("divides", plain=f"{name}/{divisor}", d=divisor, name=name))
        return "; ".join(notes)

    def _params(self) -> Iterable[Step]:
        facts, number = self.facts, self.closed
        if self.node.shares:
            yield Step("params", "", "0", self.say("shares", name=self.node.shares))
            return
        if not facts.weights:
            yield Step("params", "", "0")
        else:
            rules = " + ".join(self._product(shape, self.symbols) for shape in self.recorded.weights.values())
            inside = Writer(True, None, self.open, self.style)
            numbers = " + ".join(self._product(shape, inside) for shape in self.recorded.weights.values())
            each = [number(prod(shape)) for shape in facts.weights.values()]
            what = ", ".join(f"{name} {self.shape(shape)}" for name, shape in facts.weights.items())
            chain = [numbers, " + ".join(each), number(facts.params)]
            yield Step("params", rules, " = ".join(dict.fromkeys(chain)), what)
        if facts.buffers:
            what = ", ".join(f"{name} {self.shape(shape)}" for name, shape in facts.buffers.items())
            yield Step("buffers", "", number(facts.buffered), what)

    def _product(self, shape: Shape, writer: Writer) -> str:
        parts = [writer.write(size) for size in shape]
        bracketed = (f"({part})" if " + " in part or " − " in part or " - " in part else part for part in parts)
        return self.style.signs["*"].join(bracketed) or "1"

    def _macs(self) -> Iterable[Step]:
        facts, macs = self.facts, self.recorded.macs
        if facts.uncounted:
            yield Step("MACs", "", self.say("unknown"))
            return
        runs = self.analysis.runs(self.name)
        if not isinstance(macs, Term):
            yield Step("MACs", "", self.closed(facts.macs))
            return
        sizes = list(zip(self.recorded.output[1:], facts.output[1:], axis_labels(len(facts.output) - 1), strict=True))
        known = {id(term): f"{label}_out" for term, _, label in sizes if isinstance(term, Term)}
        open_ = {id(term): self.closed(size) for term, size, _ in sizes if isinstance(size, Closed)}
        value = self.closed(facts.macs) if isinstance(facts.macs, Closed) else None
        rule = Writer(False, known, None, self.style).write(macs)
        yield Step("MACs", rule, Writer(True, known, {**self.open, **open_}, self.style).working(macs, value))
        if runs != 1:
            total = self.closed(runs * facts.macs)
            numbers = f"{self.closed(runs)}{self.style.signs['*']}{self.closed(facts.macs)} = {total}"
            yield Step("MACs", self.say("regions"), numbers)

    def _field(self) -> Iterable[Step]:
        own = self.analysis.fields.of(self.name)
        if not own or not self.node.inputs:
            return
        source = part_of(self.node.inputs[0])[0]
        before = [seen.field if seen else None for seen in self.analysis.fields.states[source]]
        shown: set[tuple[str, str]] = set()
        for axis, field in enumerate(own):
            step = self._axis_field(field, before[axis] if len(self.node.inputs) == 1 else None, axis)
            if (step.rule, step.numbers) not in shown:
                shown.add((step.rule, step.numbers))
                yield step

    def _axis_field(self, field: Field | None, before: Field | None, axis: int) -> Step:
        if field is None:
            return Step("field", "", self.say("varies"))
        if field.period > 1 and len(set(field.sizes)) > 1:
            split = ", ".join(
                self.say("phase", size=size, count=field.sizes.count(size), period=field.period)
                for size in sorted(set(field.sizes))
            )
            return Step("field", "", split, self.say("only jump", jump=field.jump))
        note = self.say("jump", jump=self.closed(field.jump), offset=self.closed(field.offset))
        windows = self.facts.windows
        if isinstance(windows, tuple) and len(windows) == len(self.inputs[0]):
            windows = windows[1:]
        window = windows[axis] if isinstance(windows, tuple) and axis < len(windows) else None
        if isinstance(window, Window) and before is not None and before.period == 1 and isinstance(field.size, int):
            kernel = Term("k", (window.last - window.first) // window.every + 1)
            dilation = Term("d", window.every) if window.every != 1 else 1
            size = grown(Term("r", before.size), kernel, Term("j", before.jump), dilation)
            if size == field.size:
                return Step("field", self.symbols.write(size), Writer(True, style=self.style).working(size), note)
        return Step("field", "", self.closed(field.size), note)


def at_usual_values(analysis: Analysis) -> Analysis:
    """The same network with the usual values of its open symbols: numbers to run the rules on.

    Raises ShapeError where a symbol has none.
    """
    network = analysis.network
    if not any(isinstance(value, Closed) for value in network.symbols.values()):
        return analysis
    settled = {name: value for name, value in network.chosen.items() if not isinstance(value, Closed)}
    try:
        return Analysis(network.template.network(settled))  # type: ignore[union-attr]
    except ValueError as error:
        raise ShapeError(f"the working needs usual values of the open symbols: {error}") from None
