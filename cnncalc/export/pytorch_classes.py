"""The classes of a PyTorch program: what becomes an attribute, a Sequential, a line of ``forward``."""

import re
from typing import Any

from cnncalc.exact.closed import symbol
from cnncalc.exact.records import changed, mutable
from cnncalc.exact.sizes import Shape, times
from cnncalc.export.flow import Op, merged, statements
from cnncalc.export.pieces import Numbers, Parameter, introduction, mentioned, named_numbers
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
    Unfoldable,
    WhenStep,
)
from cnncalc.export.pytorch import Called, Expression, Held, Modules, layer_source, sign
from cnncalc.export.pytorch_helpers import HELPERS
from cnncalc.export.source import (
    INDENT,
    Doc,
    Group,
    Names,
    call,
    camel,
    class_name,
    documented,
    lines,
    stacked,
    written,
)

BODY = INDENT * 2
LOCALS = ("self", "nn", "torch", "Tensor", "F", "math", "OrderedDict", "i")
OWN = frozenset(
    """
    add_module append apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half insert
    ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters
    pop register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to
    to_empty train training type xpu zero_grad T_destination
""".split()  # noqa: SIM905
)
"""What nn.Module and nn.Sequential call their own: no layer may take these names."""


@mutable
class Class:
    """A class as written: its name and what it is called with."""

    name: str
    parameters: list[Parameter]
    lines: list[str]


@mutable
class Entry:
    """A module inside an ``nn.Sequential``."""

    name: str
    doc: Doc
    shape: Shape = ()
    named: bool = False


def module(program: Program) -> str:
    """The source of a network. Raises Unsupported."""
    names = Names([*LOCALS, *HELPERS])
    about = program.analysis.network.about
    main = names.new(class_name(program.analysis.network.name, about.title))
    classes: dict[int, Class] = {}
    for piece in program.pieces:
        classes[id(piece)] = Writer(piece, names.new(camel(piece.name)), classes).class_()
    whole = Writer(program.main, main, classes, program).class_()
    parts = [*(one.lines for one in classes.values()), whole.lines]
    text = "\n\n\n".join("\n".join(part) for part in parts)
    helpers = dict.fromkeys(source for name, source in HELPERS.items() if re.search(rf"\b{name}\(", text))
    text = "\n\n\n".join([*(source.rstrip("\n") for source in helpers), text])
    head = documented(introduction(program.analysis))
    return "\n".join([*head, "", *_imports(text), "", "", text]) + "\n"


def _imports(text: str) -> list[str]:
    found = ["import math"] if "math." in text else []
    found += ["from collections import OrderedDict"] if "OrderedDict(" in text else []
    found += [""] if found else []
    found += ["import torch"] if "torch." in text else []
    wanted = ["Tensor"] if re.search(r"\bTensor\b", text) else []
    found.append(f"from torch import {', '.join([*wanted, 'nn'])}")
    return found + (["from torch.nn import functional as F"] if re.search(r"\bF\.", text) else [])


class Writer:
    """Writes one piece as a class."""

    def __init__(self, piece: Piece, name: str, classes: dict[int, Class], program: Program | None = None) -> None:
        self.piece, self.name, self.classes, self.program = piece, name, classes, program
        self.numbers = Numbers(piece, LOCALS)
        self.text = self.numbers.text
        self.attributes = Names(OWN)
        self.locals = Names((*LOCALS, "x"))
        self.made: list[str] = []  # the lines of __init__
        self.ops: list[Any] = []
        self.held: dict[int, str] = {}  # tensors that are attributes
        self.owned: dict[int, tuple[str, object]] = {}  # by what a shared layer made: its attribute, and what that is
        self.reused = reused(piece.body)

    def class_(self) -> Class:
        named_numbers(self.piece, self.numbers)
        several = self.program is not None and (len(self.program.inputs) > 1 or len(self.program.outputs) > 1)
        chain = not several and self.is_chain(self.piece.body)
        if chain:
            for step in self.needed(self.piece.body):
                self.attribute(step, BODY)
        else:
            for step in self.needed(self.piece.body):
                self.forward_step(step)
        parameters = self.numbers.parameters(self.piece)
        typed = [f"{one.name}: int" + ("" if one.default is None else f" = {one.default}") for one in parameters]
        text = [f"class {self.name}(nn.{'Sequential' if chain else 'Module'}):"]
        if self.made or parameters:
            text += lines(call("__init__", "self", *typed), INDENT, "def ", " -> None:")
            text += [f"{BODY}super().__init__()", *self.made]
        if not chain:
            text += ([""] if self.made or parameters else []) + self.forward()
        elif not self.made:
            text.append(f'{INDENT}"""What comes in goes out."""')
        return Class(self.name, parameters, text)

    def needed(self, body: Body) -> list[Step]:
        """The steps without names for numbers that nobody reads."""
        kept: list[Step] = []
        read: set[str] = set()
        for step in reversed(body.steps):
            if not isinstance(step, LetStep) or step.symbol in read:
                read |= mentioned(step)
                kept.append(step)
        return kept[::-1]

    # --- chains -------------------------------------------------------------------------------

    def is_chain(self, body: Body) -> bool:
        """Whether every step reads the one before it, as modules that need nothing else."""
        tensor = body.source
        for step in body.steps:
            if isinstance(step, LetStep):
                continue
            if self.is_reused(step):
                return False
            sources = step.sources if isinstance(step, LayerStep) else (step.source,)
            if sources != (tensor,) or isinstance(step, JoinStep):
                return False
            if isinstance(step, LayerStep) and not self.is_modules(step):
                return False
            if isinstance(step, LoopStep) and not (
                (self.is_chain(step.body) and self.counted(step)) or (self.is_simple(step.body) and not step.carried)
            ):
                return False
            if isinstance(step, WhenStep) and not self.is_chain(step.body):
                return False
            tensor = step.ends[0] if isinstance(step, LayerStep) else step.end
        return tensor == body.end

    def is_modules(self, step: LayerStep) -> bool:
        return isinstance(layer_source(step.layer, step.place, written), Modules)

    def is_reused(self, step: Step) -> bool:
        """Whether a layer's module is used elsewhere in this piece too."""
        return isinstance(step, LayerStep) and (step.shares is not None or not self.reused.isdisjoint(step.ends))

    def is_simple(self, body: Body) -> bool:
        """Whether a body can be written as one ``nn.Sequential(...)``."""
        tensor = body.source
        for step in body.steps:
            if not isinstance(step, LayerStep | CallStep | LoopStep) or self.is_reused(step):
                return False
            sources = step.sources if isinstance(step, LayerStep) else (step.source,)
            if sources != (tensor,) or (isinstance(step, LayerStep) and not self.is_modules(step)):
                return False
            if isinstance(step, LoopStep) and (step.carried or not self.is_simple(step.body)):
                return False
            tensor = step.ends[0] if isinstance(step, LayerStep) else step.end
        return tensor == body.end

    def layer(self, step: LayerStep | JoinStep) -> Modules | Expression | Called | Held:
        return layer_source(step.layer, step.place, self.text)

    def attribute(self, step: Step, indent: str) -> None:
        """A step of a chain as attributes of an ``nn.Sequential``."""
        match step:
            case LetStep():
                self.made.append(f"{indent}{self.numbers.words[step.symbol]} = {self.text(step.value)}")
            case LayerStep() | CallStep():
                for entry in self.entry(step):
                    name = self.attributes.new(entry.name)
                    self.made += lines(entry.doc, indent, f"self.{name} = ", comment=times(entry.shape))
            case LoopStep():
                self.loop(step, indent)
            case WhenStep():
                self.made.append(f"{indent}if {self.numbers.condition(step.condition)}:")
                for inner in self.needed(step.body):
                    self.attribute(inner, indent + INDENT)

    def entry(self, step: LayerStep | CallStep) -> list[Entry]:
        """The modules of one step."""
        if isinstance(step, CallStep):
            return [Entry(step.name, self.called(step), step.shape, "_" not in step.name)]
        made = self.layer(step)
        if isinstance(made, Expression):
            return []
        docs = made.made if isinstance(made, Modules) else [("", made.made)]
        found = [Entry(f"{step.name}_{end}" if end else step.name, doc, (), step.named) for end, doc in docs]
        found[-1].shape = step.shape
        if step.frozen and step.place.facts.weights:
            found = [Entry(one.name, frozen(one.doc), one.shape, one.named) for one in found]
        return found

    def called(self, step: CallStep) -> Doc:
        """A piece at work."""
        known = self.classes[id(step.piece)]
        values: list[str] = []
        named: dict[str, Doc] = {}
        for parameter in known.parameters:
            own = step.values[parameter.symbol] if parameter.symbol in step.values else symbol(parameter.symbol)
            if parameter.default is None:
                values.append(self.text(own))
            elif own != parameter.default:
                named[parameter.name] = self.text(own)
        return call(known.name, *values, **named)

    def entries(self, body: Body) -> list[Entry]:
        """A body as the modules of one ``nn.Sequential(...)``. Raises Unfoldable where it is not that simple."""
        if not self.is_simple(body):
            raise Unfoldable
        found: list[Entry] = []
        for step in body.steps:
            if isinstance(step, LoopStep):
                found.append(Entry("repeat", self.repeated(step)))
            elif isinstance(step, LayerStep | CallStep):
                found += self.entry(step)
        return found

    def repeated(self, step: LoopStep) -> Doc:
        """``*[... for i in range(n)]``."""
        index = self.index(step)
        inner = self.entries(step.body)
        one = inner[0].doc if len(inner) == 1 else sequential(inner)
        return Group("*[", [one, f"for {index} in range({self.text(step.count)})"], "]", comprehension=True)

    def index(self, step: LoopStep) -> str:
        if step.index in mentioned(step.body):
            self.numbers.words[step.index] = "i"
            return "i"
        return "_"

    # --- loops --------------------------------------------------------------------------------

    def counted(self, step: LoopStep) -> bool:
        """Whether the layers of a loop can be named as the spec names them, whatever the count."""
        for inner in step.body.steps:
            if not isinstance(inner, LayerStep | CallStep) or inner.pattern is None:
                return False
            word, first, _ = inner.pattern
            for other in self.piece.body.steps:
                for name in getattr(other, "names", ()) if other is not inner else ():
                    same = re.fullmatch(rf"{re.escape(word)}_(\d+)", name)
                    if same and int(same[1]) >= first:
                        return False
            if sum(isinstance(one, LoopStep) for one in self.piece.body.steps) > 1 and self.shared(word, step):
                return False
        return True

    def shared(self, word: str, step: LoopStep) -> bool:
        """Whether another loop counts the same word."""
        loops = [one for one in self.piece.body.steps if isinstance(one, LoopStep) and one is not step]
        steps = [inner for one in loops for inner in one.body.steps if isinstance(inner, LayerStep | CallStep)]
        return any(inner.pattern is not None and inner.pattern[0] == word for inner in steps)

    def loop(self, step: LoopStep, indent: str) -> None:
        """A repeat in a chain: each round's modules added under the names of the spec."""
        if not self.counted(step):
            doc = call("nn.Sequential", self.repeated(step))
            self.made += lines(doc, indent, f"self.{self.attributes.new('repeat')} = ", comment=times(step.shape))
            return
        patterns = [inner.pattern for inner in step.body.steps if isinstance(inner, LayerStep | CallStep)]
        firsts = {pattern[1:] for pattern in patterns if pattern}
        index = symbol("round")
        self.numbers.words["round"] = self.numbers.words[step.index] = "i"
        shift = 0
        start = "" if step.carried is None else self.carried(step, indent)
        if len(firsts) == 1 and (first := firsts.pop())[1] == 1 and step.index not in mentioned(step.body):
            shift = first[0]
        stop = self.text(step.count + shift)
        self.made.append(f"{indent}for i in range({f'{shift}, ' if shift else ''}{stop}):")
        for inner in step.body.steps:
            if isinstance(inner, LayerStep | CallStep) and inner.pattern:
                word, first_, by = inner.pattern
                at = self.text(first_ - shift + by * index) if shift != first_ or by != 1 else "i"
                for entry in self.entry(inner):
                    ending = entry.name.removeprefix(inner.name)
                    name = f'f"{self.word(word)}_{{{at}}}{ending}"'
                    self.made += lines(call("self.add_module", name, entry.doc), indent + INDENT)
        if step.carried is not None:
            self.made.append(f"{indent}{INDENT}{start} = {self.text(step.carried[2])}")

    def word(self, word: str) -> str:
        return re.sub(r"\W+", "_", word)

    def carried(self, step: LoopStep, indent: str) -> str:
        """The variable of the channels that change from round to round, set to its first value."""
        if step.carried is None:
            return ""
        state, first, _ = step.carried
        self.text(first)
        words = self.numbers.words
        own = self.piece.channels
        if state not in words:
            plain = own and first == symbol(own) and own not in self.after(step)
            words[state] = words[own] if plain else self.numbers.names.new("channels")
            if not plain:
                self.made.append(f"{indent}{words[state]} = {self.text(first)}")
        return words[state]

    def after(self, step: LoopStep) -> set[str]:
        """The symbols that are needed after a loop."""
        steps = self.piece.body.steps
        place = next((k for k, one in enumerate(steps) if one is step), 0)
        return mentioned(steps[place + 1 :])

    # --- forward ------------------------------------------------------------------------------

    def forward_step(self, step: Step) -> None:
        """A step as attributes and a line of ``forward``."""
        match step:
            case LetStep():
                self.made.append(f"{BODY}{self.numbers.words[step.symbol]} = {self.text(step.value)}")
            case LayerStep():
                self.forward_layer(step)
            case CallStep():
                self.module(step.name, self.called(step), step.source, step.end, step.shape)
            case JoinStep():
                self.join(step)
            case LoopStep():
                self.forward_loop(step)
            case WhenStep():
                name = self.conditional(step, "optional")
                self.ops.append(Op((step.source,), (step.end,), calling(f"self.{name}"), name))

    def module(self, name: str, doc: Doc, source: int, end: int, shape: Shape = (), own: str = "") -> None:
        """A module called with one tensor, as an attribute of its own unless it has one."""
        if not own:
            own = self.attributes.new(name)
            self.made += lines(doc, BODY, f"self.{own} = ", comment=times(shape))
        self.ops.append(Op((source,), (end,), calling(f"self.{own}"), own))

    def forward_layer(self, step: LayerStep) -> None:
        made = self.layer(step)
        if isinstance(made, Expression):
            make = made.make
            if step.layer.kind == "max_unpool" and len(step.sources) > 1:
                make = self.unpooling(step, made)
            pure = len(step.ends) == 1 and not step.place.alone
            self.ops.append(Op(step.sources, step.ends, make, step.name, times(step.shape), pure=pure))
            return
        entries = self.entry(step)
        if isinstance(made, Held):
            self.held[step.ends[0]] = made.make(f"self.{self.attribute_held(step, entries[0])}")
            return
        if isinstance(made, Called):
            own = self.attributes.new(entries[0].name)
            self.made += lines(entries[0].doc, BODY, f"self.{own} = ", comment=times(entries[0].shape))
            places = self.places[step.ends[0]] = self.locals.new(f"{own}_places")
            make = lambda sources: made.make(f"self.{own}", sources)  # noqa: E731
            self.ops.append(Op(step.sources, step.ends, make, own, beside=places))
            return
        tensor = step.sources[0]
        for k, entry in enumerate(entries):
            end = step.ends[0] if k == len(entries) - 1 else -step.ends[0] * 10 - k - 1
            learns = entry.name == step.name  # what stands around it has an ending
            own = self.owner(step) if learns else ""
            self.module(entry.name, entry.doc, tensor, end, entry.shape, own)
            if learns and not own:
                self.keep(step, self.ops[-1].name)
            tensor = end

    def attribute_held(self, step: LayerStep, entry: Entry) -> str:
        """The attribute of numbers that stand alone."""
        if own := self.owner(step):
            return own
        own = self.attributes.new(entry.name)
        if step.place.facts.buffers:
            made: Doc = call("self.register_buffer", f'"{own}"', entry.doc)
            self.made += lines(made, BODY, comment=times(entry.shape))
        else:
            self.made += lines(entry.doc, BODY, f"self.{own} = ", comment=times(entry.shape))
        self.keep(step, own)
        return own

    def keep(self, step: LayerStep, own: str) -> None:
        """Remember a layer that others share, and tie its numbers to those of the layer that it shares itself."""
        if not self.reused.isdisjoint(step.ends):
            self.owned[step.ends[0]] = own, signature(step)
        if step.shares is not None:
            theirs, _ = self.owned[step.shares]
            facts = step.place.facts
            self.made += [f"{BODY}self.{own}.{key} = self.{theirs}.{key}" for key in (*facts.weights, *facts.buffers)]

    def owner(self, step: LayerStep) -> str:
        """The attribute that does this layer already, if it shares one that is the same in everything."""
        if step.shares is None:
            return ""
        if step.shares not in self.owned:  # it stands in another piece
            raise Unfoldable
        own, made = self.owned[step.shares]
        return own if made == signature(step) or step.layer.kind == "parameter" else ""

    def unpooling(self, step: LayerStep, made: Expression) -> Any:
        places = self.places.get(step.sources[1])
        return lambda sources: made.make([sources[0], places] if places else sources[:1])

    @property
    def places(self) -> dict[int, str]:
        """The variables that hold where pooled values came from."""
        if not hasattr(self, "_places"):
            self._places: dict[int, str] = {}
        return self._places

    def forward_loop(self, step: LoopStep) -> None:
        name = self.attributes.new("repeat")
        if not step.carried:
            doc = call("nn.Sequential", self.repeated(step))
            self.made += lines(doc, BODY, f"self.{name} = ", comment=times(step.shape))
        else:
            self.listed(step, name)
        self.ops.append(Op((step.source,), (step.end,), calling(f"self.{name}"), name))

    def listed(self, step: LoopStep, name: str) -> None:
        """A loop whose rounds differ: its modules collected in a list."""
        start = self.carried(step, BODY)
        index = self.index(step)
        inner = self.entries(step.body)
        collected = self.numbers.names.new("layers")
        self.made += [f"{BODY}{collected} = []", f"{BODY}for {index} in range({self.text(step.count)}):"]
        self.made += lines(Group("[", [one.doc for one in inner], "]"), BODY + INDENT, f"{collected} += ")
        if step.carried:
            self.made.append(f"{BODY}{INDENT}{start} = {self.text(step.carried[2])}")
        self.made.append(f"{BODY}self.{name} = nn.Sequential(*{collected})")

    def conditional(self, step: WhenStep, wanted: str) -> str:
        """An attribute that is the identity unless a condition holds."""
        inner = self.entries(step.body)
        name = self.attributes.new(wanted)
        self.made.append(f"{BODY}self.{name} = nn.Identity()")
        self.made.append(f"{BODY}if {self.numbers.condition(step.condition)}:")
        doc = inner[0].doc if len(inner) == 1 else sequential(inner)
        self.made += lines(doc, BODY + INDENT, f"self.{name} = ")
        return name

    def join(self, step: JoinStep) -> None:
        """Branches as attributes, joined in one expression."""
        makes: list[tuple[str, int]] = []  # the attribute called, or nothing, and the tensor it reads
        wanted = branch_names(step)
        for branch, name in zip(step.branches, wanted, strict=True):
            makes.append(self.branch(branch, name))
        made = self.layer(step)
        if not isinstance(made, Expression):
            raise Unfoldable
        sources = tuple(tensor for _, tensor in makes)

        def make(variables: Any) -> Doc:
            parts = [f"self.{own}({v})" if own else v for (own, _), v in zip(makes, variables, strict=True)]
            return made.make(parts)

        self.ops.append(Op(sources, (step.end,), make, step.name, times(step.shape), pure=True))

    def branch(self, body: Body, wanted: str) -> tuple[str, int]:
        """The attribute that does a branch and the tensor it reads, or its own statements and their result."""
        if not body.steps:
            return "", body.end
        if self.is_simple(body) and not self.read_elsewhere(body):
            inner = self.entries(body)
            if len(inner) == 1:
                wanted = inner[0].name if inner[0].named else wanted
            own = self.attributes.new(wanted)
            doc = inner[0].doc if len(inner) == 1 else sequential(inner)
            self.made += lines(doc, BODY, f"self.{own} = ", comment=times(inner[0].shape) if len(inner) == 1 else "")
            return own, body.source
        if len(body.steps) == 1 and isinstance(body.steps[0], WhenStep):
            return self.conditional(body.steps[0], wanted), body.source
        for step in body.steps:
            self.forward_step(step)
        return "", body.end

    def read_elsewhere(self, body: Body) -> bool:
        """Whether a tensor inside a branch is read outside it."""
        inside = {end for step in body.steps if isinstance(step, LayerStep) for end in step.ends} - {body.end}
        return bool(inside & self.skips)

    @property
    def skips(self) -> set[int]:
        """Tensors inside branches that steps elsewhere read."""
        if not hasattr(self, "_skips"):
            self._skips = set() if self.program is None else {*self.program.outputs}
            for step in self.piece.body.steps:
                if isinstance(step, LayerStep):
                    self._skips |= {*step.sources}
        return self._skips

    def forward(self) -> list[str]:
        program = self.program
        inputs = {"x": self.piece.body.source} if program is None or len(program.inputs) == 1 else {
            self.locals.new(name): tensor for name, tensor in program.inputs.items()}  # fmt: skip
        outputs = (self.piece.body.end,) if program is None else program.outputs
        arguments = ", ".join(f"{name}: Tensor" for name in inputs)
        result = "Tensor" if len(outputs) == 1 else f"tuple[{', '.join(['Tensor'] * len(outputs))}]"
        held = self.held | {tensor: name for name, tensor in inputs.items()}
        text, _ = statements(merged(self.ops, outputs), held, outputs, self.locals, BODY, returned=True)
        return [f"{INDENT}def forward(self, {arguments}) -> {result}:", *text]


def reused(body: Body) -> set[int]:
    """What the layers made whose numbers other layers of a piece use."""
    found: set[int] = set()
    for step in body.steps:
        match step:
            case LayerStep() if step.shares is not None:
                found.add(step.shares)
            case JoinStep():
                found.update(*map(reused, step.branches))
            case LoopStep() | WhenStep():
                found |= reused(step.body)
    return found


def signature(step: LayerStep) -> object:
    """What tells apart modules of one kind whose numbers have the same shapes."""
    inputs = tuple((0, *shape[1:]) for shape in step.place.inputs)
    return sign(step.layer, changed(step.place, inputs=inputs, factors=()))


def calling(function: str) -> Any:
    """An op that calls a module with one tensor."""
    return lambda sources: call(function, *sources)


def frozen(doc: Doc) -> Doc:
    """A module whose parameters are not trained."""
    if isinstance(doc, Group):
        return Group(doc.opening, doc.items, f"{doc.closing}.requires_grad_(False)", doc.broken, doc.remarks)
    return f"{doc}.requires_grad_(False)"


def sequential(entries: list[Entry]) -> Doc:
    """``nn.Sequential`` of modules, by name where an author named one of them."""
    remarks = tuple(times(entry.shape) for entry in entries)
    if not any(entry.named for entry in entries):
        return stacked(call("nn.Sequential", *(entry.doc for entry in entries)), remarks)
    names = Names(OWN)
    inner = call("OrderedDict", **{names.new(one.name): one.doc for one in entries})
    return stacked(call("nn.Sequential", stacked(inner, remarks)))


def branch_names(step: JoinStep) -> list[str]:
    """What the branches of a join are called."""
    optional = [
        not body.steps or (isinstance(body.steps[0], WhenStep) and len(body.steps) == 1) for body in step.branches
    ]
    if len(optional) == 2 and sum(optional) == 1:
        main, side = {"add": ("residual", "shortcut"), "multiply": ("gate", "scale")}.get(
            step.layer.kind, ("grown", "kept")
        )
        return [side if one else main for one in optional]
    return [f"branch_{k}" for k in range(1, len(optional) + 1)]
