"""A spec's own structure as a program: blocks become pieces, repeats loops, conditions conditions.

Every block is read once for all its calls together: numbers that follow from its parameters or from
the channels that come in stay formulas, whatever else the calls agree on is written as a number. What
they do not agree on splits the block into several pieces; what cannot be told at all raises
`Unfoldable`. Each formula is held against the numbers of every single layer it stands for.

Symbols of the spec stay open as parameters of the whole where they only ever mean widths and counts.
"""

import ast
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import Closed, bounds, symbol, symbols_of
from cnncalc.exact.expressions import ExpressionError, evaluate, names_in
from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape
from cnncalc.export.program import (
    Body,
    CallStep,
    Condition,
    JoinStep,
    LayerStep,
    LetStep,
    LoopStep,
    Piece,
    Place,
    Program,
    Unfoldable,
    WhenStep,
    passed_on,
    ports,
    told_shape,
)
from cnncalc.export.source import written
from cnncalc.layers import Layer
from cnncalc.layers.layer import axis_names
from cnncalc.network import part_of
from cnncalc.spec import items as kinds
from cnncalc.spec.build import INCOMING
from cnncalc.spec.items import Item, LayerItem
from cnncalc.spec.spec import Spec
from cnncalc.spec.trace import Run, Tracer
from cnncalc.spec.trace import Step as Traced
from cnncalc.spec.tree import Entries, Items, Leaf, plain

WIDTHS = ("out_channels", "out_features", "groups", "num_groups", "num_parameters",
          "in_channels", "in_features", "num_features", "num_channels")  # fmt: skip
MAX_WORK = 30  # times that each layer is looked at
MAX_UNROLLED = 64  # rounds of a repeat that are written one by one
LONG = 20  # characters of a number that deserves a name of its own
SYMBOL = "$"  # before a symbol's name: a block's parameter may be called the same

Sign = Callable[[Layer, Place], Hashable]


class Folded(Exception):
    """These symbols cannot stay open."""

    def __init__(self, symbols: set[str]) -> None:
        self.symbols = symbols


class TooMuch(Exception):
    """Folding looks at every layer too often: loops in loops in loops."""


class Disagree(Exception):
    """The calls of a block differ in something that must be written as one number; ``keys`` tells how."""

    def __init__(self, keys: Sequence[Hashable]) -> None:
        self.keys = tuple(keys)


@mutable
class Call:
    """One call of a block (or round of a loop): its run, its numbers, its tensors by name."""

    run: Run
    numbers: dict[str, int]
    tensors: dict[str, int]


@mutable
class Scope:
    """Names in a block's expressions, and the numbers of its tensors."""

    block: str
    parameters: list[str]
    names: Mapping[str, Any]
    own: Mapping[str, Any]  # what a parameter's default may use
    channels: dict[int, Shape] = fresh(default_factory=dict)  # a tensor's shape, the first axis open
    factors: dict[int, tuple[Any, ...]] = fresh(default_factory=dict)
    count: int = 0
    inside: bool = False  # in a loop or branch: no names for long numbers
    lets: dict[str, Any] = fresh(default_factory=dict)
    alone: set[int] = fresh(default_factory=set)  # tensors that no image flows into

    def new(self) -> int:
        self.count += 1
        return self.count

    def told(self, value: Any) -> Any:
        """A value without the names given to long numbers."""
        while any(name in self.lets for name in symbols_of(value)):
            value = value.at(self.lets)
        return value


def at(value: Any, numbers: Mapping[str, int]) -> Any:
    """The number an open value is in one call."""
    if isinstance(value, tuple):
        return tuple(at(part, numbers) for part in value)
    return value.at(numbers) if isinstance(value, Closed) else value


def fold(spec: Spec, analysis: Analysis, sign: Sign) -> Program:
    """The program of a network made by ``spec``. ``sign`` tells places apart that need different source."""
    _, builder = spec.built(analysis.network.chosen, Tracer)
    closed = rigid(spec)
    for _ in range(4):
        try:
            return Folder(spec, analysis, builder.course, sign, closed).program()
        except Folded as found:
            closed = closed | found.symbols
        except (Disagree, TooMuch):
            raise Unfoldable from None
        except (ExpressionError, ShapeError, TypeError, RecursionError):
            raise Unfoldable from None
    raise Unfoldable


# --- which symbols may stay open --------------------------------------------------------------


def rigid(spec: Spec) -> set[str]:
    """Symbols that mean more than widths and counts: kernels, image sizes, switches."""
    return Rigid(spec).symbols


class Rigid:
    """Follows names through the calls of blocks to the settings they end in."""

    def __init__(self, spec: Spec) -> None:
        self.blocks = spec.blocks[0]
        self.parameters: set[tuple[str, str]] = set()
        self.symbols: set[str] = set()
        declared = spec.outline.symbols
        tree = spec.outline.input
        named = list(tree.entries.values()) if isinstance(tree, Entries) else [tree]
        for one in named:
            leaves = one.items[1:] if isinstance(one, Items) else [one]
            for leaf in leaves:
                self._mention(str(plain(leaf)).replace("×", " ").replace("x", " x "), "")
                self._mention(str(plain(leaf)), "")
        size = -1
        while size != len(self.parameters) + len(self.symbols):
            size = len(self.parameters) + len(self.symbols)
            for name, block in self.blocks.items():
                self._items(block.items, name)
            self._items(spec.items[0], "")
            for name, tree in declared.entries.items() if isinstance(declared, Entries) else ():
                if name in self.symbols:
                    self._mention(str(plain(tree)), "")

    def _mention(self, text: str, block: str) -> None:
        for word in words(text):
            if block and word in self.blocks[block].parameters:
                self.parameters.add((block, word))
            else:
                self.symbols.add(word)

    def _items(self, items: list[Item], block: str) -> None:
        for item in items:
            match item:
                case LayerItem():
                    for name, tree in item.settings.items():
                        if name not in WIDTHS:
                            self._mention(str(plain(tree)), block)
                case kinds.BlockItem():
                    self._call(item, block)
                case kinds.JoinItem():
                    for branch in item.branches:
                        self._items(branch, block)
                case kinds.WhenItem():
                    own = self.blocks[block].parameters if block else {}
                    self.symbols |= {word for word in words(str(item.condition.value)) if word not in own}
                    self._items(item.items, block)
                case kinds.RepeatItem() | kinds.FromItem():
                    self._items(item.items, block)

    def _call(self, item: kinds.BlockItem, block: str) -> None:
        called = self.blocks[item.block]
        given = dict(zip(called.parameters, item.args, strict=False)) | item.keys
        for name, default in called.parameters.items():
            if (item.block, name) in self.parameters:
                if name in given:
                    self._mention(str(given[name].value), block)
                elif default is not None:
                    self._mention(str(default.value), "")


def words(text: str) -> set[str]:
    """The names in an expression, or in several beside each other."""
    try:
        return names_in(text)
    except ExpressionError:
        return {word for word in ast.unparse(ast.Constant(text)).replace("'", " ").replace(",", " ").split()
                if word.isidentifier()}  # fmt: skip


# --- folding ----------------------------------------------------------------------------------


class Folder:
    """Folds one trace, given which symbols are closed."""

    def __init__(self, spec: Spec, analysis: Analysis, course: Run, sign: Sign, closed: set[str]) -> None:
        self.spec, self.analysis, self.course, self.sign = spec, analysis, course, sign
        self.network = analysis.network
        self.calls: dict[str, list[Run]] = {}
        self.groups: dict[str, list[list[Run]]] = {}
        self.pieces: list[Piece] = []
        self.piece_of: dict[int, Piece] = {}  # by the identity of a run
        self.busy: set[str] = set()
        self.work = 0
        self.symbols: dict[str, Any] = self._symbols(closed)
        self.open = {name for name, value in self.symbols.items() if isinstance(value, Closed)}
        self.usual = {SYMBOL + name: value for name, value in self.network.symbols.items() if isinstance(value, int)}
        self.unpooled = {
            part_of(node.inputs[1])[0]
            for node in self.network.nodes.values()
            if node.layer.kind == "max_unpool" and len(node.inputs) > 1
        }

    def _symbols(self, closed: set[str]) -> dict[str, Any]:
        """Each symbol open, or a formula of others, or the number it is."""
        declared = self.spec.outline.symbols.entries if isinstance(self.spec.outline.symbols, Entries) else {}
        chosen = {**self.spec.preset, **self.network.chosen}
        found: dict[str, Any] = {}
        for name, value in self.network.symbols.items():
            text = None if name in chosen else plain(declared[name])
            if name in closed or not isinstance(value, int) or isinstance(value, bool) or value < 1:
                found[name] = value
            elif isinstance(text, str) and words(text):
                found[name] = evaluate(text, found)
            else:
                found[name] = symbol(SYMBOL + name)
        return found

    def _fail(self) -> Exception:
        """What was assumed holds for these values of the symbols only."""
        return Folded(self.open) if self.open else Unfoldable()

    def program(self) -> Program:
        self._collect(self.course)
        scope = Scope("", [], self.symbols, self.symbols, count=len(self.network.inputs) - 1)
        tensors = {}
        for i, (name, shape) in enumerate(self.network.inputs.items()):
            tensors[name] = i
            scope.channels[i] = self._input(name, shape)
        call = Call(self.course, dict(self.usual), tensors)
        body = self._body(self.spec.items[0], [call], scope, 0, [self.course])
        ends = tuple(self._tensor(call, name) for name in self.network.outputs)
        main = Piece(self.network.name, body, {}, {})
        main.parameters = {SYMBOL + name: self.network.symbols[name] for name in self.symbols if name in self.open}
        main.words = {SYMBOL + name: name for name in self.open}
        inputs = {name: tensors[name] for name in self.network.inputs}
        shapes = {name: scope.channels[i] for name, i in inputs.items()}
        used = reached(body)
        pieces = [piece for piece in self.pieces if id(piece) in used]
        return Program(self.analysis, pieces, main, inputs, ends, shapes)

    def _input(self, name: str, shape: Shape) -> Shape:
        tree = self.spec.outline.input
        tree = tree.entries[name] if isinstance(tree, Entries) else tree
        if isinstance(tree, Items) and isinstance(tree.items[0], Leaf) and isinstance(tree.items[0].value, str):
            return (evaluate(tree.items[0].value, self.symbols), *shape[1:])
        return shape

    def _collect(self, run: Run) -> None:
        """Every call of every block, in order."""
        for step in run.steps:
            if isinstance(step.item, kinds.BlockItem):
                self.calls.setdefault(step.item.block, []).append(step.runs[0])
            for inner in step.runs:
                self._collect(inner)

    # --- pieces -------------------------------------------------------------------------------

    def _piece(self, run: Run, block: str) -> Piece:
        """The piece that a call of ``block`` belongs to; all its calls are folded at once."""
        if id(run) not in self.piece_of:
            if block in self.busy:
                raise Unfoldable
            self.busy.add(block)
            try:
                self._fold_all(block)
            finally:
                self.busy.discard(block)
        return self.piece_of[id(run)]

    def _fold_all(self, block: str) -> None:
        """Pieces for all calls of a block: one, or as many as the calls disagree."""
        waiting = [[run for run in self.calls[block] if id(run) not in self.piece_of]]
        while waiting:
            group = waiting.pop(0)
            try:
                piece = self._folded(block, group)
            except Disagree as found:
                parts: dict[Hashable, list[Run]] = {}
                for one, key in zip(group, found.keys, strict=True):
                    parts.setdefault(key, []).append(one)
                if len(parts) < 2:
                    raise Unfoldable from None
                waiting = [*parts.values(), *waiting]
            else:
                self.pieces.append(piece)
                self.piece_of |= {id(one): piece for one in group}

    def _folded(self, name: str, runs: list[Run]) -> Piece:
        """A block with its numbers open; with the numbers they are where widths move to other axes."""
        try:
            return self._fold(name, runs)
        except Unfoldable:
            return self._fold(name, runs, closed=True)

    def _fold(self, name: str, runs: list[Run], closed: bool = False) -> Piece:
        block = self.spec.blocks[0][name]
        open_, names = [], dict(self.symbols)
        for parameter in block.parameters:
            values = [run.values[parameter] for run in runs]
            if not closed and all(type(value) is int and value >= 1 for value in values):
                open_.append(parameter)
                names[parameter] = symbol(parameter)
            elif len(set(values)) > 1:
                raise Disagree(values)
            else:
                names[parameter] = values[0]
        channels = "in_channels" if "in_channels" not in block.parameters else "incoming"
        scope = Scope(name, open_, names, self.symbols)
        shapes = [self.analysis.shapes[run.start] for run in runs]
        self._agree([len(shape) for shape in shapes])
        if closed:
            self._agree([shape[0] for shape in shapes])
        scope.channels[0] = shapes[0] if closed else (symbol(channels), *shapes[0][1:])
        calls = []
        for run, shape in zip(runs, shapes, strict=True):
            numbers = {one: run.values[one] for one in open_} | {channels: shape[0]} | self.usual
            calls.append(Call(run, numbers, {run.start: 0}))
        body = self._body(block.items, calls, scope, 0, runs)
        defaults = {one: self._default(block.parameters[one]) for one in open_}
        piece = Piece(name, body, defaults, {one: one for one in (*open_, channels)}, channels)
        piece.words |= {SYMBOL + one: one for one in self.open}
        piece.out = scope.told(scope.channels[body.end][0])
        return piece

    def _default(self, leaf: Leaf | None) -> Any:
        """A parameter's default where it is a plain number."""
        if leaf is None or words(str(leaf.value)):
            return None
        value = evaluate(str(leaf.value), {})
        return value if type(value) is int and value >= 1 else None

    @staticmethod
    def _agree(keys: Sequence[Hashable]) -> None:
        if len(set(keys)) > 1:
            raise Disagree(keys)

    def _holds(self, value: Any, calls: list[Call], wanted: Sequence[Any]) -> None:
        """Hold a formula against the numbers of all calls."""
        if not isinstance(value, Closed) and not isinstance(value, tuple):
            self._agree(wanted)
        if any(at(value, call.numbers) != one for call, one in zip(calls, wanted, strict=True)):
            self._agree(wanted)
            raise self._fail()

    # --- bodies -------------------------------------------------------------------------------

    def _body(self, items: list[Item], calls: list[Call], scope: Scope, source: int, runs: list[Run]) -> Body:
        """The steps of a list of items; ``runs[i]`` is what it did in ``calls[i]``."""
        body = Body(source, source, [])
        for k, item in enumerate(items):
            steps = [run.steps[k] for run in runs]
            body.end = self._item(item, steps, calls, scope, body)
        return body

    def _item(self, item: Item, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        match item:
            case LayerItem():
                return self._layer(item, steps, calls, scope, body)
            case kinds.BlockItem():
                return self._call(item, steps, calls, scope, body)
            case kinds.JoinItem():
                return self._join(item, steps, calls, scope, body)
            case kinds.RepeatItem():
                return self._repeat(item, steps, calls, scope, body)
            case kinds.WhenItem():
                return self._when(item, steps, calls, scope, body)
            case kinds.FromItem():
                source = body.end if item.source is None else self._start(steps, calls)
                inner = self._body(item.items, calls, scope, source, [step.runs[0] for step in steps])
                body.steps += inner.steps
                return inner.end
            case _:
                raise Unfoldable

    def _start(self, steps: list[Traced], calls: list[Call]) -> int:
        return self._tensors([step.runs[0].start for step in steps], calls)

    def _tensors(self, names: list[str], calls: list[Call]) -> int:
        found = [self._tensor(call, name) for call, name in zip(calls, names, strict=True)]
        self._agree(found)
        return found[0]

    def _tensor(self, call: Call, name: str) -> int:
        if name not in call.tensors:
            raise Unfoldable
        return call.tensors[name]

    # --- layers -------------------------------------------------------------------------------

    def _layer(self, item: LayerItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        self._agree([len(step.nodes) for step in steps])
        count = len(steps[0].nodes)
        crops = len(item.extra) if item.crop == "center" else 0
        end, current, following = body.end, item, item.then
        for j in range(count):
            names = [step.nodes[j] for step in steps]
            if j < crops:
                end = self._node(None, names, calls, scope, body, end)
            else:
                end = self._node(current, names, calls, scope, body, end)
                if following is not None and j >= crops:
                    current, following = following, following.then
        return end

    def _node(
        self, item: LayerItem | None, names: list[str], calls: list[Call], scope: Scope, body: Body, cursor: int
    ) -> int:
        nodes = [self.network.nodes[name] for name in names]
        self.work += len(nodes)
        if self.work > MAX_WORK * len(self.network.nodes):
            raise TooMuch
        self._agree([len(node.inputs) for node in nodes])
        reads = range(len(nodes[0].inputs))
        sources = tuple(self._tensors([node.inputs[port] for node in nodes], calls) for port in reads)
        inputs = tuple(scope.channels[source] for source in sources)
        for port, shape in enumerate(inputs):
            self._holds(shape[0], calls, [self.analysis.shapes[node.inputs[port]][0] for node in nodes])
        shown = (
            nodes[0].layer
            if item is None
            else self._written(item, nodes, calls, scope, inputs[0] if inputs else scope.channels[cursor])
        )
        step = self._place(shown, names, calls, scope, sources, inputs)
        step.named = item is not None and item.name is not None
        step.frozen = nodes[0].frozen
        step.shares = self._shared(nodes, calls)
        body.steps.append(step)
        return step.ends[0]

    def _shared(self, nodes: list[Any], calls: list[Call]) -> int | None:
        """What the layer made whose numbers these use; it must stand in the same piece."""
        self._agree([node.shares is None for node in nodes])
        return None if nodes[0].shares is None else self._tensors([node.shares for node in nodes], calls)

    def _written(self, item: LayerItem, nodes: list[Any], calls: list[Call], scope: Scope, x: Shape) -> Layer:
        """The layer with its settings as formulas, held against what every call made of them."""
        names = self._incoming(scope, x)
        settings: dict[str, Any] = {}
        for name in item.cls.fields:
            tree = item.settings.get(name)
            value: Any = getattr(nodes[0].layer, name)
            used = set() if tree is None else {w for text in texts(plain(tree)) for w in words(text)} & names.keys()
            if tree is not None and any(isinstance(names[word], Closed) for word in used):
                try:
                    value = item.cls.fields[name].read(plain(tree), lambda raw: number(raw, names))
                except ValueError:
                    if self.open:
                        raise Folded(self.open) from None
                if self.open and name not in WIDTHS and used & {*INCOMING}:
                    raise Folded(self.open)
            settings[name] = value
        if settings.get("padding") in ("full", "tf_same", "causal"):  # its numbers are worked out from these
            settings |= {name: getattr(nodes[0].layer, name) for name in settings if name not in WIDTHS}
        for name, value in settings.items():
            self._holds(value, calls, [getattr(node.layer, name) for node in nodes])
        return item.cls(**settings)

    def _incoming(self, scope: Scope, x: Shape) -> dict[str, Any]:
        sizes = dict(zip(axis_names(len(x)), x, strict=True)) if len(x) <= 4 else {}
        return {**sizes, **scope.names}

    def _place(
        self, layer: Layer, names: list[str], calls: list[Call], scope: Scope, sources: tuple[int, ...],
        inputs: tuple[Shape, ...],
    ) -> LayerStep:  # fmt: skip
        """The step of a layer, and the shapes of what it makes."""
        facts = [self.analysis.facts[name] for name in names]
        factors = scope.factors.get(sources[0], ()) if sources else ()
        place = Place(names[0], inputs, facts[0], factors, names[0] in self.unpooled, ports(sources, scope.alone))
        self._alike(layer, names, calls, inputs, place)
        outputs = [fact.parts or (fact.output,) for fact in facts]
        self._agree([len(output) for output in outputs])
        open_ = self._output(layer, self.network.nodes[names[0]].layer, inputs, facts[0])
        ends = []
        for k, shape in enumerate(open_):
            self._holds(shape[0], calls, [output[k][0] for output in outputs])
            self._agree([len(output[k]) for output in outputs])
            end = scope.new()
            ends.append(end)
            scope.alone |= {end} if len(place.alone) == len(sources) else set()
            scope.channels[end] = shape
            scope.factors[end] = passed_on(layer, place)
            if len(shape) == 1 and scope.factors[end]:
                self._check_factors(scope, end, calls, names)
        for call, name, fact in zip(calls, names, facts, strict=True):
            call.tensors[name] = ends[0]
            if fact.parts:
                call.tensors |= {f"{name}[{k}]": end for k, end in enumerate(ends)}
        told = {told_shape(self.analysis, name) for name in names}
        shape_ = told.pop() if len(told) == 1 else ()
        local = [name.removeprefix(call.run.prefix) for call, name in zip(calls, names, strict=True)]
        return LayerStep(local[0], layer, place, sources, tuple(ends), shape=shape_, names=local)

    def _check_factors(self, scope: Scope, end: int, calls: list[Call], names: list[str]) -> None:
        product: Any = 1
        for factor in scope.factors[end]:
            product = product * factor
        wanted = [self.analysis.shapes[name][0] for name in names]
        if any(at(product, call.numbers) != one for call, one in zip(calls, wanted, strict=True)):
            scope.factors[end] = ()

    def _alike(
        self, layer: Layer, names: list[str], calls: list[Call], inputs: tuple[Shape, ...], place: Place
    ) -> None:
        """Calls on maps of different sizes must need the same source."""
        signs: dict[Any, Hashable] = {}
        keys = []
        for name in names:
            concrete = tuple(self.analysis.shapes[one] for one in self.network.nodes[name].inputs)
            facts = self.analysis.facts[name]
            spatial = (tuple(shape[1:] for shape in concrete), facts.output[1:], name in self.unpooled)
            if spatial not in signs:
                own = tuple((shape[0], *one[1:]) for shape, one in zip(inputs, concrete, strict=True))
                signs[spatial] = self.sign(layer, Place(place.name, own, facts, (), name in self.unpooled, place.alone))
            keys.append(signs[spatial])
        self._agree(keys)

    def _output(self, layer: Layer, concrete: Layer, inputs: tuple[Shape, ...], facts: Any) -> tuple[Shape, ...]:
        """The output shapes with their first axis open: the layer's own rule at work on open widths."""
        outputs = facts.parts or (facts.output,)
        widths = {name: getattr(layer, name) for name in WIDTHS if name in layer.fields}
        free = any(isinstance(value, Closed) for value in (*widths.values(), *(shape[0] for shape in inputs)))
        if not free:
            return tuple(outputs)
        found = concrete.but(**widths).facts(*inputs)
        shapes = found.parts or (found.output,)
        if any(isinstance(size, Closed) for shape in shapes for size in shape[1:]) or len(shapes) != len(outputs):
            raise self._fail()
        return tuple((shape[0], *own[1:]) for shape, own in zip(shapes, outputs, strict=True))

    # --- blocks and branches ------------------------------------------------------------------

    def _call(self, item: kinds.BlockItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        runs = [step.runs[0] for step in steps]
        pieces = [self._piece(run, item.block) for run in runs]
        self._agree([id(piece) for piece in pieces])
        piece = pieces[0]
        source = self._start(steps, calls)
        x = scope.channels[source]
        self._holds(x[0], calls, [self.analysis.shapes[run.start][0] for run in runs])
        values: dict[str, Any] = {piece.channels: x[0]}
        block = self.spec.blocks[0][item.block]
        given = dict(zip(block.parameters, item.args, strict=False)) | item.keys
        for name in piece.parameters:
            leaf = given.get(name, block.parameters[name])
            if leaf is None:
                raise Unfoldable
            names = self._incoming(scope, x) if name in given else self.symbols
            values[name] = number(leaf.value, names)
            self._holds(values[name], calls, [run.values[name] for run in runs])
        out = piece.out
        free = values | {SYMBOL + name: self.symbols[name] for name in self.open}
        out = out.at(free) if isinstance(out, Closed) else out
        if any(name not in free for name in symbols_of(piece.out)):
            raise Unfoldable
        local = [run.prefix[:-1].removeprefix(call.run.prefix) for call, run in zip(calls, runs, strict=True)]
        return self._ended(local, piece, values, source, out, runs, calls, scope, body)

    def _ended(
        self, local: list[str], piece: Piece, values: dict[str, Any], source: int, out: Any, runs: list[Run],
        calls: list[Call], scope: Scope, body: Body,
    ) -> int:  # fmt: skip
        shapes = [self.analysis.shapes[run.end] for run in runs]
        if piece.body.end == 0:
            return source
        end = scope.new()
        self._holds(out, calls, [shape[0] for shape in shapes])
        scope.channels[end] = (out, *shapes[0][1:])
        for call, run in zip(calls, runs, strict=True):
            call.tensors[run.end] = end
        shape = shapes[0] if len(set(shapes)) == 1 else ()
        body.steps.append(CallStep(local[0], piece, values, source, end, shape, names=local))
        self._named_number(end, calls, scope, body)
        return end

    def _named_number(self, end: int, calls: list[Call], scope: Scope, body: Body) -> None:
        """Give channels a name where their formula is too long to repeat."""
        value, *sizes = scope.channels[end]
        if scope.inside or not isinstance(value, Closed) or len(written(value).replace(SYMBOL, "")) <= LONG:
            return
        name = f"channels{end}"
        for call in calls:
            call.numbers[name] = at(value, call.numbers)
        scope.lets[name] = value
        scope.channels[end] = (symbol(name), *sizes)
        body.steps.append(LetStep(name, value))

    def _join(self, item: kinds.JoinItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        source = body.end
        inside, scope.inside = scope.inside, True
        branches = [
            self._body(branch, calls, scope, source, [step.runs[b] for step in steps])
            for b, branch in enumerate(item.branches)
        ]
        scope.inside = inside
        names = [step.nodes[-1] for step in steps]
        ends = tuple(branch.end for branch in branches)
        inputs = tuple(scope.channels[end] for end in ends)
        layer = item.cls()
        step = self._place(layer, names, calls, scope, ends, inputs)
        body.steps.append(JoinStep(step.name, layer, step.place, branches, step.ends[0], source, step.shape))
        return step.ends[0]

    def _when(self, item: kinds.WhenItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        source = body.end
        taken = [bool(step.runs) for step in steps]
        names = self._incoming(scope, scope.channels[source])
        text = str(item.condition.value)
        used = words(text)
        fixed = not any(isinstance(names.get(word), Closed) for word in used) or used & {*INCOMING[1:]} - {*scope.names}
        if len(set(taken)) == 1:
            if not fixed and self.open:
                raise Folded(self.open)
            if not taken[0]:
                return source
            inner = self._body(item.items, calls, scope, source, [step.runs[0] for step in steps])
            body.steps += inner.steps
            return inner.end
        if fixed:
            raise Disagree(taken)
        chosen = [(call, step.runs[0]) for call, step in zip(calls, steps, strict=True) if step.runs]
        inside, scope.inside = scope.inside, True
        try:
            inner = self._body(item.items, [call for call, _ in chosen], scope, source, [run for _, run in chosen])
        except Disagree as found:
            keys = iter(found.keys)
            raise Disagree([next(keys) if one else None for one in taken]) from None
        scope.inside = inside
        shapes = [self.analysis.shapes[step.end] for step in steps]
        self._agree([len(shape) for shape in shapes])
        for value in (scope.channels[inner.end][0], scope.channels[source][0]):
            if all(at(value, call.numbers) == shape[0] for call, shape in zip(calls, shapes, strict=True)):
                break
        else:
            raise Disagree(taken)
        end = scope.new()
        scope.channels[end] = (value, *shapes[0][1:])
        for call, step in zip(calls, steps, strict=True):
            call.tensors[step.end] = end
        body.steps.append(WhenStep("when", condition(text, names), inner, end, source))
        return end

    # --- repeats ------------------------------------------------------------------------------

    def _repeat(self, item: kinds.RepeatItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body) -> int:
        source = body.end
        counts = [len(step.runs) for step in steps]
        times = number(item.times.value, self._incoming(scope, scope.channels[source]))
        self._holds(times, calls, counts)
        if not any(counts):
            if isinstance(times, Closed):
                raise self._fail()
            return source
        if counts == [1] * len(counts) and not isinstance(times, Closed):
            inner = self._body(item.items, calls, scope, source, [step.runs[0] for step in steps])
            body.steps += inner.steps
            return inner.end
        try:
            return self._loop(item, steps, calls, scope, body, times)
        except Unfoldable:
            if isinstance(times, Closed) or max(counts) > MAX_UNROLLED:
                raise self._fail() from None
        end = source
        for k in range(counts[0]):
            inner = self._body(item.items, calls, scope, end, [step.runs[k] for step in steps])
            body.steps += inner.steps
            end = inner.end
        return end

    def _loop(
        self, item: kinds.RepeatItem, steps: list[Traced], calls: list[Call], scope: Scope, body: Body, times: Any
    ) -> int:
        source = body.end
        rounds = [(call, k, run) for call, step in zip(calls, steps, strict=True) for k, run in enumerate(step.runs)]
        runs = [run for _, _, run in rounds]
        if len({len(self.analysis.shapes[run.start]) for run in runs}) > 1:
            raise Unfoldable
        if isinstance(times, Closed) and any(self.analysis.shapes[run.end][1:] != self.analysis.shapes[run.start][1:]
                                             for run in runs):  # fmt: skip
            raise self._fail()
        first = scope.channels[source]
        index, state = f"i{scope.count}", f"c{scope.count}"
        start: Any = first[0]
        carried: tuple[str, Any, Any] | None = None
        inner, value = None, None
        if all(at(start, call.numbers) == self.analysis.shapes[run.start][0] for call, _, run in rounds):
            inner, value = self._round(item, rounds, scope, start, index, state)
        if inner is None or value != start:
            inner, value = self._round(item, rounds, scope, symbol(state), index, state)
            grown = value - symbol(state)
            if state not in symbols_of(grown):
                start = first[0] + symbol(index) * grown
                inner, value = self._round(item, rounds, scope, start, index, state)
                value = first[0] + times * grown
            elif state not in symbols_of(value) and (bounds(times)[0] or 0) >= 1:
                carried = (state, first[0], value)
            else:
                raise Unfoldable
        ends = [self.analysis.shapes[step.end] for step in steps]
        self._holds(value, calls, [shape[0] for shape in ends])
        end = scope.new()
        scope.channels[end] = (value, *ends[0][1:])
        for call, step in zip(calls, steps, strict=True):
            call.tensors[step.end] = end
        shape = ends[0] if len(set(ends)) == 1 else ()
        body.steps.append(LoopStep("repeat", times, inner, end, source, index, carried, shape))
        self._named_number(end, calls, scope, body)
        return end

    def _round(
        self, item: kinds.RepeatItem, rounds: list[Any], scope: Scope, start: Any, index: str, state: str
    ) -> tuple[Body, Any]:
        """One round for all of them, on ``start`` channels; what goes out of it."""
        tensor = scope.new()
        calls = []
        for call, k, run in rounds:
            numbers = call.numbers | {index: k, state: self.analysis.shapes[run.start][0]}
            calls.append(Call(call.run, numbers, {run.start: tensor}))
        scope.channels[tensor] = (start, *self.analysis.shapes[rounds[0][2].start][1:])
        inside, scope.inside = scope.inside, True
        try:
            runs = [run for _, _, run in rounds]
            body = self._body(item.items, calls, scope, tensor, runs)
            if not straight(body):
                body = self._unit(item.items, calls, scope, tensor, runs)
        except Disagree as found:
            raise self._of_calls(found, [id(call) for call, _, _ in rounds]) from None
        finally:
            scope.inside = inside
        named = [step for step in body.steps if isinstance(step, LayerStep | CallStep)]
        words = [step.name.rpartition("_")[0] for step in named]
        for step, word in zip(named, words, strict=True):
            step.pattern = counting(step.names, [k for _, k, _ in rounds], words.count(word))
        return body, scope.channels[body.end][0]

    def _unit(self, items: list[Item], calls: list[Call], scope: Scope, source: int, runs: list[Run]) -> Body:
        """A round with branches as a piece of its own, called with what the block itself was called with."""
        channels = "in_channels" if "in_channels" not in scope.parameters else "incoming"
        inner = Scope(scope.block, scope.parameters, scope.names, scope.own)
        start = scope.channels[source]
        inner.channels[0] = (symbol(channels), *start[1:])
        inside = [
            Call(call.run, call.numbers | {channels: self.analysis.shapes[run.start][0]}, {run.start: 0})
            for call, run in zip(calls, runs, strict=True)
        ]
        body = self._body(items, inside, inner, 0, runs)
        words = {one: one for one in (*scope.parameters, channels)} | {SYMBOL + one: one for one in self.open}
        name = f"{scope.block}_unit" if scope.block else "unit"
        piece = Piece(name, body, dict.fromkeys(scope.parameters), words, channels)
        out = inner.told(inner.channels[body.end][0])
        values: dict[str, Any] = {one: symbol(one) for one in scope.parameters} | {channels: start[0]}
        out = out.at(values) if isinstance(out, Closed) else out
        end = scope.new()
        scope.channels[end] = (out, *self.analysis.shapes[runs[0].end][1:])
        self._holds(out, calls, [self.analysis.shapes[run.end][0] for run in runs])
        step = CallStep(name, piece, values, source, end)
        self.pieces.append(piece)
        return Body(source, end, [step])

    @staticmethod
    def _of_calls(found: Disagree, calls: list[int]) -> Exception:
        """What rounds disagree about as a disagreement of the calls they belong to, if it is one."""
        keys: dict[int, set[Hashable]] = {}
        for call, key in zip(calls, found.keys, strict=True):
            keys.setdefault(call, set()).add(key)
        told = [frozenset(one) for one in keys.values()]
        return Disagree(told) if len(set(told)) > 1 and len(told) > 1 else Unfoldable()


def counting(names: Sequence[str], rounds: Sequence[int], step: int) -> tuple[str, int, int] | None:
    """How a name counts up by ``step`` from round to round: conv_2, conv_4, ... as ("conv", 2, 2)."""
    found = [re.fullmatch(r"(.*)_(\d+)", name) for name in names]
    if not found or not all(found):
        return None
    counts = {(one[1], k, int(one[2])) for one, k in zip(found, rounds, strict=True) if one}
    word, first = next((word, count) for word, k, count in sorted(counts) if k == 0)
    return (word, first, step) if counts == {(word, k, first + step * k) for _, k, _ in counts} else None


def reached(body: Body) -> set[int]:
    """The identities of the pieces that a body calls, directly or not."""
    found: set[int] = set()
    waiting = [body]
    while waiting:
        for step in waiting.pop().steps:
            match step:
                case CallStep() if id(step.piece) not in found:
                    found.add(id(step.piece))
                    waiting.append(step.piece.body)
                case JoinStep():
                    waiting += step.branches
                case LoopStep() | WhenStep():
                    waiting.append(step.body)
    return found


def straight(body: Body) -> bool:
    """Whether every step simply follows the one before it."""
    tensor = body.source
    for step in body.steps:
        if not isinstance(step, LayerStep | CallStep):
            return False
        if (step.sources if isinstance(step, LayerStep) else (step.source,)) != (tensor,):
            return False
        tensor = step.ends[0] if isinstance(step, LayerStep) else step.end
    return True


def texts(raw: Any) -> list[str]:
    """The texts in a setting."""
    if isinstance(raw, list):
        return [text for part in raw for text in texts(part)]
    return [raw] if isinstance(raw, str) else []


def number(raw: Any, names: Mapping[str, Any]) -> Any:
    """A number of a spec over open names."""
    return evaluate(raw, names) if isinstance(raw, str) else raw


_COMPARED = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def condition(text: str, names: Mapping[str, Any]) -> Condition:
    """A condition over open names, its sides as formulas. Raises Unfoldable."""
    return _condition(ast.parse(text.strip(), mode="eval").body, names)


def _condition(node: ast.expr, names: Mapping[str, Any]) -> Condition:
    match node:
        case ast.BoolOp():
            word = "or" if isinstance(node.op, ast.Or) else "and"
            return Condition(word, [_condition(part, names) for part in node.values])
        case ast.UnaryOp(op=ast.Not()):
            return Condition("not", [_condition(node.operand, names)])
        case ast.Compare(ops=[operator], comparators=[right]) if type(operator) in _COMPARED:
            sides = [evaluate(ast.unparse(side), names) for side in (node.left, right)]
            if all(isinstance(side, int | Closed) and not isinstance(side, bool) for side in sides):
                return Condition(_COMPARED[type(operator)], sides)
    raise Unfoldable
