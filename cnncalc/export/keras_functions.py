"""The functions of a Keras program: one a block, and one that makes the model."""

import re

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import symbol
from cnncalc.exact.records import mutable
from cnncalc.exact.sizes import times
from cnncalc.export.flow import Nested, Note, Op, statements
from cnncalc.export.keras import last, layer_source
from cnncalc.export.pieces import Numbers, Parameter, introduction, named_numbers
from cnncalc.export.program import (
    Body,
    CallStep,
    JoinStep,
    LayerStep,
    LetStep,
    LoopStep,
    Piece,
    Program,
    Step,
    Unsupported,
    WhenStep,
)
from cnncalc.export.source import INDENT, Doc, Names, call, documented, lines
from cnncalc.network import part_of

LOCAL_RESPONSE_NORM = '''\
def local_response_norm(x, size, alpha=1e-4, beta=0.75, k=1.0):
    """Divide by the energy of neighbouring channels."""
    channels = x.shape[-1]
    around = [[0, 0]] * (len(x.shape) - 1) + [[size // 2, (size - 1) // 2]]
    squares = ops.pad(ops.square(x), around)
    energy = sum(squares[..., i : i + channels] for i in range(size))
    return x / (k + alpha / size * energy) ** beta
'''

RADIAL_BASIS = '''\
class RadialBasis(layers.Layer):
    """Squared distances to fixed prototypes."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        shape = (self.units, input_shape[-1])
        self.prototypes = self.add_weight(shape=shape, trainable=False, name="prototypes")

    def call(self, x):
        return ops.sum(ops.square(ops.expand_dims(x, 1) - self.prototypes), axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)
'''

HELPERS = {"local_response_norm": LOCAL_RESPONSE_NORM, "RadialBasis": RADIAL_BASIS}
LOCALS = ("keras", "layers", "ops", "i", "row", "inputs")
ORDER = "Maps are height × width × channels here, and Flatten lists their numbers in that order."
AUTOMATIC = re.compile(
    r"(input_layer|(separable_|depthwise_)?conv\dd(_transpose)?|dense|\w+_normalization|\w*pooling\dd|\w*re_?lu|activation"
    r"|softmax|dropout|flatten|reshape|permute|zero_padding\dd|cropping\dd|up_sampling\dd|add|multiply|concatenate|elu|take"
    r"|pad|get_item|moveaxis|unfold|split|clip|square|sum|power|true_divide|matmul|mean|max|min|maximum|minimum|sqrt|rsqrt|reciprocal|negative|abs|absolute|sign|exp|log|sin|cos"
    r"|erf|round|floor|ceil|divide|subtract|resizing|radial_basis)(_\d+)?"
)
"""Names that Keras gives to layers by itself."""


@mutable
class Function:
    """A function as written: its name and what it is called with after the tensor."""

    name: str
    parameters: list[Parameter]
    lines: list[str]


def module(program: Program) -> str:
    """The source of a network. Raises Unsupported."""
    refuse_dead_ends(program.analysis)
    names = Names([*LOCALS, *HELPERS, "x", "y", "z"])
    main = names.new(program.analysis.network.name)
    functions: dict[int, Function] = {}
    for piece in program.pieces:
        functions[id(piece)] = Writer(piece, names.new(piece.name), functions).function()
    whole = Writer(program.main, main, functions, program, names.taken).function()
    text = "\n\n\n".join("\n".join(one.lines) for one in (*functions.values(), whole))
    helpers = [source.rstrip("\n") for name, source in HELPERS.items() if re.search(rf"\b{name}\(", text)]
    text = "\n\n\n".join([*helpers, text])
    imported = [name for name in ("layers", "ops") if re.search(rf"\b{name}\.", text)]
    head = documented([*introduction(program.analysis), ORDER])
    imports = ["import keras", *([f"from keras import {', '.join(imported)}"] if imported else [])]
    return "\n".join([*head, "", *imports, "", "", text]) + "\n"


def refuse_dead_ends(analysis: Analysis) -> None:
    """A model of Keras holds what its outputs need: a layer that learns for nothing cannot be in it."""
    network = analysis.network
    needed = {part_of(name)[0] for name in network.outputs}
    for name in reversed([*network.nodes]):
        node, facts = network.nodes[name], analysis.facts[name]
        if name in needed:
            needed.update(part_of(reference)[0] for reference in node.inputs)
        elif facts.weights or facts.buffers:
            raise Unsupported(f"{name} ({node.layer.kind}): Keras leaves out layers that no output needs")


class Writer:
    """Writes one piece as a function of a tensor."""

    def __init__(
        self, piece: Piece, name: str, functions: dict[int, Function], program: Program | None = None,
        taken: set[str] | None = None,
    ) -> None:  # fmt: skip
        self.piece, self.name, self.functions, self.program = piece, name, functions, program
        used = {one.name for one in functions.values()} | (taken or set())
        self.numbers = Numbers(piece, (*LOCALS, *HELPERS, *(used - {"x", "y", "z"}), *([] if program else ["x"])))
        self.text = self.numbers.text
        self.alias: dict[int, int] = {}
        self.hidden = 0

    def function(self) -> Function:
        named_numbers(self.piece, self.numbers)
        ops = self.body(self.piece.body)
        held, start = self.start()
        parameters = [one for one in self.numbers.parameters(self.piece) if one.symbol != self.piece.channels]
        shown = [one.name if one.default is None else f"{one.name}={one.default}" for one in parameters]
        text = lines(call(self.name, *(["x"] if self.program is None else []), *shown), before="def ", after=":")
        outputs = (self.piece.body.end,) if self.program is None else self.program.outputs
        outputs = tuple(self.real(tensor) for tensor in outputs)
        written, ends = statements(ops, held, outputs, self.numbers.names, INDENT, returned=self.program is None)
        text += [*start, *written]
        if self.program is not None:
            result = ends[0] if len(ends) == 1 else f"[{', '.join(ends)}]"
            given = [*held.values()]
            first = given[0] if len(given) == 1 else f"[{', '.join(given)}]"
            text += lines(call("keras.Model", first, result, name=f'"{self.name}"'), INDENT, "return ")
        return Function(self.name, parameters, text)

    def start(self) -> tuple[dict[int, str], list[str]]:
        """The variables of the inputs, and the lines that make them."""
        channels = self.piece.channels
        if self.program is None:
            wanted = f"{INDENT}{self.numbers.words[channels]} = x.shape[-1]"
            return {self.piece.body.source: "x"}, [wanted] if channels in self.numbers.used else []
        held, text = {}, []
        several = len(self.program.inputs) > 1
        for name, tensor in self.program.inputs.items():
            own = self.numbers.names.new(name) if several else "inputs"
            held[tensor] = own
            shape = self.text(last(self.program.shapes[name]))
            text.append(f"{INDENT}{own} = keras.Input({shape})")
        return held, text

    def real(self, tensor: int) -> int:
        """The tensor that a tensor is, where layers between them do nothing."""
        while tensor in self.alias:
            tensor = self.alias[tensor]
        return tensor

    def body(self, body: Body) -> list[Op | Nested | Note]:
        """The statements of a body."""
        made = [(step, [] if isinstance(step, LetStep) else self.step(step)) for step in body.steps]
        for k in range(len(made) - 1, -1, -1):  # a name for a number only where it is read further down
            step = made[k][0]
            if isinstance(step, LetStep) and step.symbol in self.numbers.used:
                made[k] = step, [Note(f"{self.numbers.words[step.symbol]} = {self.text(step.value)}")]
        return [op for _, ops in made for op in ops]

    def step(self, step: Step) -> list[Op | Nested | Note]:
        match step:
            case LayerStep():
                return self.layer(step, step.sources, step.ends)
            case CallStep():
                return self.call(step)
            case JoinStep():
                inner = [op for branch in step.branches for op in self.body(branch)]
                return [*inner, *self.layer(step, tuple(branch.end for branch in step.branches), (step.end,))]
            case LoopStep():
                return [self.loop(step)]
            case WhenStep():
                source, test = self.real(step.source), self.numbers.condition(step.condition)
                ops = self.body(step.body)
                last_ = self.real(step.body.end)
                return [Nested(f"if {test}:", ops, source, step.end, source, last_, "chosen")]
        return []

    def layer(
        self, step: LayerStep | JoinStep, sources: tuple[int, ...], ends: tuple[int, ...]
    ) -> list[Op | Nested | Note]:
        extra: dict[str, Doc] = {}
        named = isinstance(step, LayerStep) and step.named and self.program is not None
        if named and step.name.isidentifier() and not AUTOMATIC.fullmatch(step.name) and len(step.name) <= 40:
            extra["name"] = f'"{step.name}"'
        if isinstance(step, LayerStep) and step.frozen and step.place.facts.weights:
            extra["trainable"] = "False"
        if isinstance(step, LayerStep) and step.shares is not None:
            raise Unsupported(f"{step.place.name} ({step.layer.kind}): Keras source with shared layers is not written")
        stages = layer_source(step.layer, step.place, self.text, extra)
        if not stages:
            self.alias |= dict.fromkeys(ends, sources[0])
            return []
        ops: list[Op | Nested | Note] = []
        reading = tuple(self.real(tensor) for tensor in sources)
        if step.layer.kind == "crop":
            reading = reading[:1]
        for k, stage in enumerate(stages):
            final = k == len(stages) - 1
            made = ends if final else (self.new(),)
            ops.append(Op(reading, made, stage, step.name, times(last(step.shape)) if final and step.shape else ""))
            reading = made
        return ops

    def new(self) -> int:
        """A tensor between two stages of a layer."""
        self.hidden -= 1
        return self.hidden

    def call(self, step: CallStep) -> list[Op | Nested | Note]:
        known = self.functions[id(step.piece)]
        values: list[str] = []
        named: dict[str, Doc] = {}
        for parameter in known.parameters:
            own = step.values[parameter.symbol] if parameter.symbol in step.values else symbol(parameter.symbol)
            if parameter.default is None:
                values.append(self.text(own))
            elif own != parameter.default:
                named[parameter.name] = self.text(own)
        make = lambda sources: call(known.name, sources[0], *values, **named)  # noqa: E731
        comment = times(last(step.shape)) if step.shape else ""
        return [Op((self.real(step.source),), (step.end,), make, step.name, comment)]

    def loop(self, step: LoopStep) -> Nested:
        self.numbers.words[step.index] = "i"
        if step.carried:
            self.numbers.name(step.carried[0], "channels")
        ops = self.body(step.body)
        ahead: list[str] = []
        final: list[str] = []
        index = "_"
        if step.index in self.numbers.used:
            index = self.numbers.words[step.index]
        if step.carried and step.carried[0] in self.numbers.used:
            state, first, after = step.carried
            name = self.numbers.words[state]
            ahead, final = [f"{name} = {self.text(first)}"], [f"{name} = {self.text(after)}"]
        head = f"for {index} in range({self.text(step.count)}):"
        end_ = self.real(step.body.end)
        return Nested(head, ops, self.real(step.source), step.end, step.body.source, end_, "x", ahead, final)
