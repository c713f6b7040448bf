"""From items to a Network: blocks called, repeats unrolled, every layer's shape checked on the way."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cnncalc.analysis import facts_of
from cnncalc.exact.expressions import ExpressionError, UnknownName, evaluate
from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Dim, Shape, times
from cnncalc.layers import Layer, kind
from cnncalc.layers.layer import axis_names
from cnncalc.network import Memo, Node, part_of
from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, nearest
from cnncalc.spec.items import (
    Block,
    BlockItem,
    BrokenItem,
    FromItem,
    Item,
    JoinItem,
    LayerItem,
    RepeatItem,
    WhenItem,
)
from cnncalc.spec.settings import read_setting
from cnncalc.spec.tree import Leaf, Tree

MAX_LAYERS = 150_000
MAX_NESTING = 50  # of blocks in blocks
MAX_LEVELS = 120  # of layers in layers, through all blocks
MAX_WORK = 2_000_000  # steps, words and tensors looked at while everything is written out
CALL = 10  # the work of calling a block
MAX_NAME = 500
MAX_SIZE = 10**12  # of one axis
MAX_ELEMENTS = 10**30

INCOMING = ("channels", "depth", "height", "width", "length")
UNKNOWN = "?"  # the output of a layer that is at fault; nothing after it can be judged


class Unknowable(Exception):
    """A number that depends on the output of a layer at fault; that layer's fault is told, not this."""


class TooMany(Exception):
    """Enough faults, or a network beyond the bounds: stop."""


@mutable
class Frame:
    """A scope: the block's path, the values of its names, how many of each word it has seen."""

    prefix: str
    values: Mapping[str, Any]
    seen: dict[str, int] = fresh(default_factory=dict)
    depth: int = 0


class Builder:
    """Expands items into nodes. Faults are collected in ``faults``, each place once."""

    def __init__(self, blocks: Mapping[str, Block], inputs: Mapping[str, Shape], symbols: Mapping[str, Any]) -> None:
        self.blocks, self.symbols = blocks, symbols
        self.nodes: dict[str, Node] = {}
        self.shapes: dict[str, Shape | None] = {UNKNOWN: None, **inputs}
        self.ends: dict[str, str] = {}
        self.pieces: dict[str, int] = {}
        self.copies: dict[str, int] = {}  # how often a tensor is made for one image, where not once
        self.memo: Memo = {}
        self.layers: dict[Layer, Layer] = {}
        self.layer_of: dict[Any, Layer] = {}
        self.checked: set[int] = set()
        self.faults: dict[tuple[Place, str], Fault] = {}
        self.weights: dict[str, int] = {}
        self.times = 1
        self.levels = self.weighing = 0
        self.work = 0

    def run(self, items: list[Item], cursor: str, frame: Frame) -> str:
        """Put items one after the other; the name of the last one's output."""
        self.levels += 1
        for item in items:
            try:
                self._spend(1, item.place)
                if self.levels > MAX_LEVELS:
                    raise Fault(f"layers are nested deeper than {MAX_LEVELS} levels", item.place)
                cursor = self._step(item, cursor, frame)
            except (Fault, Unknowable) as error:
                if isinstance(error, Fault):
                    self.fail(error)
                cursor = UNKNOWN
                if not isinstance(item, RepeatItem | WhenItem) and item.name:
                    self.ends[frame.prefix + item.name] = UNKNOWN
        self.levels -= 1
        return cursor

    def _spend(self, work: int, place: Place) -> None:
        """Count work done, so that a small file cannot ask for hours of it."""
        self.work += work
        if self.work > MAX_WORK:
            self.faults[place, ""] = Fault("written out, this network is too large to read", place)
            raise TooMany

    def fail(self, fault: Fault) -> None:
        """Note a fault; one place is told once, however often its block is repeated."""
        self.faults.setdefault((fault.place, fault.message.split(":")[0] if fault.place.line < 0 else ""), fault)
        if len(self.faults) >= MAX_FAULTS:
            raise TooMany

    def _step(self, item: Item, cursor: str, frame: Frame) -> str:
        match item:
            case BrokenItem():
                raise Unknowable
            case LayerItem():
                return self._layer(item, cursor, frame)
            case BlockItem():
                return self._block(item, cursor, frame)
            case JoinItem():
                self._spend(len(item.branches), item.place)
                ends = tuple(self.run(branch, cursor, frame) for branch in item.branches)
                return self._add(item.cls(), ends, item.name, item.place, frame)
            case RepeatItem():
                return self._repeat(item, cursor, frame)
            case WhenItem():
                holds = self._number(item.condition.value, cursor, frame, item.condition)
                return self.run(item.items, cursor, frame) if holds else cursor
            case FromItem():
                return self._from(item, cursor, frame)

    # --- the kinds of items -------------------------------------------------------------------

    def _layer(self, item: LayerItem, cursor: str, frame: Frame) -> str:
        self._spend(2 * len(item.sources) + 2 * len(item.extra), item.place)
        reads = (cursor,) if item.cls.arity[1] != 0 else ()
        sources = self._sources(item.sources, cursor, frame) if item.sources else reads
        if None in [self.shapes[source] for source in sources]:
            sources = (UNKNOWN,)
        made = item.made or self._remembered(item, sources[0] if sources else cursor, frame)
        if item.rank is not None:
            self._check_rank(item, sources[0])
        extra = tuple(self.resolve(leaf, frame) for leaf in item.extra) if item.extra else ()
        if item.crop == "center":
            extra = tuple(self._add(kind("crop")(), (source, sources[0]), None, item.place, frame) for source in extra)
        joined = (*sources, *extra)
        least, most = made.arity
        if len(joined) < least or (most is not None and len(joined) > most):
            raise Fault(f"{item.word} reads {_inputs(least, most)}, not {len(joined)}", item.place)
        shares = self._shared(item.shares, made, frame) if item.shares else None
        end = self._add(made, joined, item.name, item.place, frame, item.frozen, shares)
        return self._layer(item.then, end, frame) if item.then else end

    def _shared(self, leaf: Leaf, layer: Layer, frame: Frame) -> str | None:
        """The earlier layer of the same kind whose learned numbers are used again."""
        name = self.resolve(leaf, frame)
        if self.shapes[name] is None:
            return None
        if name not in self.nodes or self.nodes[name].layer.kind != layer.kind:
            raise Fault(f"{name} is no {layer.kind}: a layer shares the numbers of another of its kind", leaf.place)
        return self.nodes[name].shares or name

    def _weights(self, name: str) -> Mapping[str, Shape]:
        """The learned tensors of a layer that stands already."""
        node = self.nodes[name]
        inputs = tuple(shape for shape in (self.shapes[one] for one in node.inputs) if shape is not None)
        return facts_of(node, inputs, self.memo).weights

    def _remembered(self, item: LayerItem, cursor: str, frame: Frame) -> Layer:
        """The layer an item makes of these values of its names, read once for all repeats."""
        words = item.words()
        incoming = self.shapes[cursor] if any(word in INCOMING for word in words) else None
        key = (id(item), tuple([frame.values.get(word) for word in words]), incoming)
        made = self.layer_of.get(key)
        if made is None:
            made = self.layer_of[key] = self._made(item, cursor, frame)
        return made

    def _made(self, item: LayerItem, cursor: str, frame: Frame) -> Layer:
        values: dict[str, Any] = {}
        fixed = True
        for name, tree in item.settings.items():

            def number(raw: Any, tree: Tree = tree) -> Any:
                nonlocal fixed
                fixed = fixed and not (isinstance(raw, str) and not raw.isdecimal())
                return self._number(raw, cursor, frame, tree)

            values[name] = read_setting(item.cls.fields[name], tree, name, number)
        layer = item.cls(**values)
        layer = self.layers.setdefault(layer, layer)
        if fixed:
            item.made = layer
        return layer

    def _check_rank(self, item: LayerItem, source: str) -> None:
        shape = self.shapes[source]
        if shape is not None and len(shape) - 1 != item.rank:
            raise Fault(
                f"{item.word} is for {item.rank} spatial axes, but a {times(shape)} tensor comes in", item.place
            )

    def _block(self, item: BlockItem, cursor: str, frame: Frame) -> str:
        block = self.blocks[item.block]
        if frame.depth >= MAX_NESTING:
            raise Fault(f"blocks are nested deeper than {MAX_NESTING}: does {block.name} call itself?", item.place)
        if self.times * self.weight(item.block) > MAX_LAYERS:
            raise Fault(f"the network has more than {MAX_LAYERS:,} layers", item.place)
        cursor = self._sources(item.sources, cursor, frame)[0] if item.sources else cursor
        self._spend(CALL, item.place)
        given = dict(zip(block.parameters, item.args, strict=False)) | item.keys
        values = {**block.usual, **self.symbols}
        own = Frame("", values)
        for name, default in block.parameters.items():
            leaf = given.get(name, default)
            if leaf is None:
                raise Fault(f"{block.name} needs {name}", item.place)
            values[name] = self._parameter(leaf, cursor, frame if name in given else own)
        path = self._free(frame, item.name, block.name, item.place)
        end = self.run(block.items, cursor, Frame(path + ".", values, depth=frame.depth + 1))
        self.ends[path] = end
        return end

    def _parameter(self, leaf: Leaf, cursor: str, frame: Frame) -> Any:
        value = self._number(leaf.value, cursor, frame, leaf)
        if isinstance(value, list | dict | str) or value is None:
            raise Fault("a block's values are numbers", leaf.place)
        return value

    def _repeat(self, item: RepeatItem, cursor: str, frame: Frame) -> str:
        count = self._number(item.times.value, cursor, frame, item.times)
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise Fault(f"times must be a whole number, 0 or more, not {item.times.value}", item.times.place)
        if self.times * count * max(1, self._lightest(item.items)) > MAX_LAYERS:
            raise Fault(f"repeated {count:,} times, the network has more than {MAX_LAYERS:,} layers", item.times.place)
        outer, self.times = self.times, self.times * max(1, count)
        for _ in range(count):
            cursor = self.run(item.items, cursor, frame)
            if cursor == UNKNOWN:
                break
        self.times = outer
        return cursor

    def _from(self, item: FromItem, cursor: str, frame: Frame) -> str:
        if item.source is not None:
            names = self._sources((item.source,), cursor, frame)
            cursor = names[0]
        if item.name is None:
            return self.run(item.items, cursor, frame)
        inner = Frame(self._free(frame, item.name, item.name, item.place) + ".", frame.values, depth=frame.depth)
        end = self.run(item.items, cursor, inner)
        self.ends[inner.prefix[:-1]] = end
        return end

    # --- one node -----------------------------------------------------------------------------

    def _add(
        self,
        layer: Layer,
        inputs: tuple[str, ...],
        name: str | None,
        place: Place,
        frame: Frame,
        frozen: bool = False,
        shares: str | None = None,
    ) -> str:
        full = self._free(frame, name, layer.kind, place)
        if len(self.nodes) >= MAX_LAYERS:
            self.faults[place, ""] = Fault(f"the network has more than {MAX_LAYERS:,} layers", place)
            raise TooMany
        shapes = [self.shapes[reference] for reference in inputs]
        known = tuple(shape for shape in shapes if shape is not None)
        if len(known) != len(shapes):
            self.shapes[full] = None
            return full
        for reference in inputs:
            if reference in self.pieces:
                raise Fault(
                    f"{reference} returns {self.pieces[reference]} pieces", place, f"read one of them: {reference}[0]"
                )
        node = Node(layer, inputs, frozen, shares)
        try:
            facts = facts_of(node, known, self.memo)
        except ShapeError as error:
            raise Fault(f"{full} ({layer.kind}): {error}", place) from None
        if id(facts) not in self.checked:
            self._check(facts, full, layer, place)
        if shares and self._weights(shares) != facts.weights:
            raise Fault(f"{full} ({layer.kind}): its learned numbers are not shaped like those of {shares}", place)
        if self.copies or facts.copies != 1:
            self._copy(facts, full, inputs, layer, place)
        self.nodes[full] = node
        self.shapes[full] = facts.output
        if facts.parts:
            self._spend(2 * len(facts.parts), place)
            self.pieces[full] = len(facts.parts)
            self.shapes |= {f"{full}[{i}]": part for i, part in enumerate(facts.parts)}
        return full

    def _check(self, facts: Any, full: str, layer: Layer, place: Place) -> None:
        for rule in facts.requires:
            if rule.holds() is False:
                fault = Fault(f"{full} ({layer.kind}): {rule.why}", place)
                if " says " not in rule.template:
                    raise fault
                self.fail(fault)
        if any(isinstance(size, int) and not 0 < size <= MAX_SIZE for size in facts.output):
            raise Fault(f"{full} ({layer.kind}): a size of {times(facts.output)} is out of bounds", place)
        counts = (facts.elements, facts.params, facts.macs)
        if any(isinstance(count, int) and count > MAX_ELEMENTS for count in counts):
            raise Fault(f"{full} ({layer.kind}): the layer is too large to count", place)
        self.checked.add(id(facts))

    def _copy(self, facts: Any, full: str, inputs: tuple[str, ...], layer: Layer, place: Place) -> None:
        """Behind a RoI pool every layer runs once a region."""
        sources = [part_of(reference)[0] for reference in inputs]
        copies = {self.copies.get(one, 1) for one in sources if one not in self.nodes or self.nodes[one].inputs} or {1}
        if len(copies) > 1:
            raise Fault(f"{full} ({layer.kind}): joins a map of each region with one of the image", place)
        self.copies[full] = copies.pop() * facts.copies
        if self.copies[full] > MAX_SIZE:
            raise Fault(f"{full} ({layer.kind}): {self.copies[full]:,} regions are out of bounds", place)

    def _free(self, frame: Frame, given: str | None, word: str, place: Place) -> str:
        """The full name of a new layer or block: as given, or the word and the next number."""
        if len(frame.prefix) > MAX_NAME:
            raise Fault(f"the layers' names grow beyond {MAX_NAME} characters", place)
        if given is not None:
            full = frame.prefix + given
            if full in self.shapes or full in self.ends:
                raise Fault(f"the name '{full}' stands twice", place)
            return full
        number = frame.seen.get(word, 0) + 1
        full = f"{frame.prefix}{word}_{number}"
        while full in self.shapes or full in self.ends:
            number += 1
            full = f"{frame.prefix}{word}_{number}"
        frame.seen[word] = number
        return full

    # --- names and numbers --------------------------------------------------------------------

    def _sources(self, leaves: tuple[Leaf, ...], cursor: str, frame: Frame) -> tuple[str, ...]:
        return tuple(self.resolve(leaf, frame) for leaf in leaves) if leaves else (cursor,)

    def resolve(self, leaf: Leaf, frame: Frame) -> str:
        """The tensor a name means: innermost scope first, then outward; a block means its end."""
        if len(str(leaf.value)) > 2 * MAX_NAME:
            raise Fault(f"a layer's name has at most {MAX_NAME} characters", leaf.place)
        name, part = part_of(str(leaf.value))
        prefix = frame.prefix
        while True:
            full = prefix + name
            full = self.ends.get(full, full)
            if full in self.shapes:
                return self._piece(full, part, leaf)
            if not prefix:
                break
            prefix = prefix[:-1].rpartition(".")[0]
            prefix = f"{prefix}." if prefix else ""
        known = [*self.nodes, *self.ends, *self.shapes]
        short = [one[len(frame.prefix) :] for one in known if one.startswith(frame.prefix)]
        hint = nearest(name, dict.fromkeys([*short, *known][:2000])) or "a layer can only read what stands before it"
        raise Fault(f"no layer called '{name[:60]}' stands before this one", leaf.place, hint)

    def _piece(self, full: str, part: int | None, leaf: Leaf) -> str:
        if part is None or self.shapes[full] is None:
            return full
        if full not in self.pieces:
            raise Fault(f"{full} returns one tensor: leave out [{part}]", leaf.place)
        if part >= self.pieces[full]:
            raise Fault(f"{full} returns {self.pieces[full]} pieces, counted from 0", leaf.place)
        return f"{full}[{part}]"

    def _number(self, raw: Any, cursor: str, frame: Frame, tree: Tree) -> Any:
        """One scalar of a spec as a number: an int, or an expression over the names in scope."""
        self._spend(1, tree.place)
        if not isinstance(raw, str):
            return raw
        self._spend(2 + len(raw) // 10, tree.place)
        names = frame.values
        shape = self.shapes[cursor]
        if not raw.isdigit() and any(word in raw for word in INCOMING):
            incoming = dict(zip(axis_names(len(shape)), shape, strict=True)) if shape and len(shape) <= 4 else {}
            names = {**incoming, **frame.values}
        try:
            return evaluate(raw, names)
        except UnknownName as error:
            if shape is None and error.name in INCOMING:
                raise Unknowable from None
            known = (*names, *INCOMING)
            raise Fault(str(error), tree.place, nearest(error.name, known)) from None
        except ExpressionError as error:
            raise Fault(str(error), tree.place) from None

    # --- bounds -------------------------------------------------------------------------------

    def weight(self, block: str) -> int:
        """At least how many layers one call of a block makes."""
        if block not in self.weights:
            self.weights[block] = 1
            self.weights[block] = max(1, self._lightest(self.blocks[block].items))
        return self.weights[block]

    def _lightest(self, items: list[Item]) -> int:
        total = 0
        if self.weighing > MAX_LEVELS:
            return total
        self.weighing += 1
        for item in items:
            if isinstance(item, LayerItem):
                total += 1
            elif isinstance(item, BlockItem):
                total += self.weight(item.block)
            elif isinstance(item, JoinItem):
                total += 1 + sum(self._lightest(branch) for branch in item.branches)
            elif isinstance(item, FromItem):
                total += self._lightest(item.items)
        self.weighing -= 1
        return total


def _inputs(least: int, most: int | None) -> str:
    """How many inputs a kind reads, in words."""
    count = {0: "no input", 1: "one input", 2: "two inputs"}.get(least, f"{least} inputs")
    return count if least == most else f"{count} or more" if most is None else f"{count} or {most}"


def input_shape(values: tuple[Any, ...], place: Place) -> Shape:
    """Check an input's sizes."""
    shape: list[Dim] = []
    for value in values:
        if isinstance(value, Fraction | float | bool | str) or value is None:
            raise Fault(f"an input size must be a whole number, not {value}", place)
        if isinstance(value, int) and not 1 <= value <= MAX_SIZE:
            raise Fault(f"an input size must be from 1 to {MAX_SIZE:,}, not {value}", place)
        shape.append(value)
    if not 1 <= len(shape) <= 4:
        raise Fault(f"an input has 1 to 4 axes, channels first and no batch axis, not {len(shape)}", place)
    return tuple(shape)
