"""A spec: the outline of a file, a mapping or one line, ready to be made into networks."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from cnncalc.exact.expressions import ExpressionError, UnknownName, evaluate
from cnncalc.exact.records import changed, fresh, record
from cnncalc.exact.sizes import Dim, Shape
from cnncalc.network import About, Network
from cnncalc.spec.build import Builder, Frame, TooMany, input_shape
from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, SpecError, nearest
from cnncalc.spec.items import Block, Item
from cnncalc.spec.reading import ItemReader, signature
from cnncalc.spec.tree import Entries, Items, Leaf, Tree, plain

SharedBlocks = Callable[[str, Place], "Spec"]
MAX_SHARED = 50  # specs that one spec shares blocks with
MAX_SYMBOLS = 200
B = TypeVar("B", bound=Builder)


@record
class Outline:
    """The parts of a spec, each still as written."""

    input: Tree
    layers: Tree
    symbols: Tree | None = None
    blocks: Tree | None = None
    outputs: tuple[Leaf, ...] = ()
    use: tuple[Leaf, ...] = ()
    variants: Mapping[str, Mapping[str, Any]] = fresh(default_factory=dict)
    faults: tuple[Fault, ...] = ()  # what is wrong beside the layers
    about: About = fresh(default_factory=About)


@record
class Spec:
    """A network as written, for any values of its symbols. Immutable; `network` does the work."""

    name: str
    outline: Outline
    origin: str = ""
    text: str = ""
    preset: Mapping[str, Any] = fresh(default_factory=dict)
    shared: SharedBlocks | None = None

    def variant(self, name: str) -> "Spec":
        """The same spec under a variant's name and settings. Raises KeyError."""
        return changed(self, name=name, preset=self.outline.variants[name])

    @cached_property
    def blocks(self) -> tuple[dict[str, Block], list[Fault]]:
        """The spec's blocks, those it shares included, and what is wrong in them."""
        faults = list(self.outline.faults)
        blocks: dict[str, Block] = {}
        bodies: dict[str, tuple[Block, Tree]] = {}
        for leaf in self.outline.use[:MAX_SHARED]:
            try:
                blocks |= self._shared(leaf)
            except Fault as fault:
                faults.append(fault)
        if len(self.outline.use) > MAX_SHARED:
            faults.append(Fault(f"a spec shares at most {MAX_SHARED} others", self.outline.use[MAX_SHARED].place))
        if isinstance(self.outline.blocks, Entries):
            for text, body in self.outline.blocks.entries.items():
                if len(faults) >= MAX_FAULTS:
                    break
                try:
                    block = signature(text, self.outline.blocks.key(text))
                    if block.name in bodies:
                        raise Fault(f"the block {block.name} stands twice", block.place)
                except Fault as fault:
                    faults.append(fault)
                else:
                    blocks[block.name] = block
                    bodies[block.name] = block, body
        reader = ItemReader(blocks, faults)
        for block, body in bodies.values():
            block.items = reader.items(body)
        return blocks, faults

    def _shared(self, leaf: Leaf) -> dict[str, Block]:
        """The blocks of another spec. Raises Fault, or SpecError for what is wrong inside that spec."""
        if self.shared is None:
            raise Fault("blocks can be shared between files only", leaf.place)
        other = self.shared(str(leaf.value), leaf.place)
        blocks, wrong = other.blocks
        if wrong:
            raise SpecError(wrong, other.origin, other.text)
        usual = other.usual()
        whole = other.as_block(str(leaf.value), leaf.place)
        return {name: changed(block, usual={**usual, **block.usual}) for name, block in (whole | blocks).items()}

    def as_block(self, name: str, place: Place) -> dict[str, Block]:
        """The layers as a block by the file's name; none where that word is taken, or the layers are at fault."""
        items, faults = self.items
        try:
            block = signature(name, place)
        except Fault:
            return {}
        return {} if faults or block.parameters else {block.name: changed(block, items=items)}

    def usual(self) -> dict[str, Any]:
        """The symbols that have a usual value. Raises SpecError for a value that cannot be read."""
        declared = self.outline.symbols.entries if isinstance(self.outline.symbols, Entries) else {}
        absent = [name for name, tree in declared.items() if plain(tree) is None]
        return {name: value for name, value in self.symbols(dict.fromkeys(absent, 1)).items() if name not in absent}

    @cached_property
    def items(self) -> tuple[list[Item], list[Fault]]:
        """The layers, read, and what is wrong with them."""
        blocks, faults = self.blocks
        faults = list(faults)
        items = ItemReader(blocks, faults).items(self.outline.layers)
        if not items and not faults:
            faults.append(Fault("layers is empty: a network has at least one layer", self.outline.layers.place))
        return items, faults

    def symbols(self, given: Mapping[str, Dim]) -> dict[str, Any]:
        """Every symbol's value: as given, else the variant's, else the usual one.

        Raises SpecError for unknown names and for symbols without any value.
        """
        faults: list[Fault] = []
        declared = self.outline.symbols.entries if isinstance(self.outline.symbols, Entries) else {}
        if self.outline.symbols and len(declared) > MAX_SYMBOLS:
            raise SpecError(
                [Fault(f"more than {MAX_SYMBOLS} symbols", self.outline.symbols.place)], self.origin, self.text
            )
        chosen = {**self.preset, **given}
        for name in chosen:
            if name not in declared:
                has = f"it has {', '.join(declared)}" if declared else "it has none"
                hint = nearest(name, declared) or has
                faults.append(Fault(f"{self.name} has no symbol '{name[:40]}'", Place(path=""), hint))
        values: dict[str, Any] = {}
        for name, tree in declared.items():
            raw = chosen.get(name, plain(tree))
            place = tree.place if name not in chosen else Place(path=f"{name}={raw}")
            try:
                values[name] = self._symbol(name, raw, values, place)
            except Fault as fault:
                faults.append(fault)
                values[name] = 1
        if faults:
            raise SpecError(faults, self.origin, self.text)
        return values

    def _symbol(self, name: str, raw: Any, known: Mapping[str, Any], place: Place) -> Any:
        if raw is None:
            raise Fault(f"the symbol {name} has no usual value", place, f"give it one: --set {name}=...")
        if isinstance(raw, float):
            raw = repr(raw)
        try:
            return evaluate(raw, known) if isinstance(raw, str) else raw
        except UnknownName as error:
            raise Fault(f"{name}: {error}", place, nearest(error.name, known)) from None
        except ExpressionError as error:
            raise Fault(f"{name}: {error}", place) from None

    def network(self, symbols: Mapping[str, Dim]) -> Network:
        """The network for these values of the symbols. Raises SpecError with every fault found."""
        return self.built(symbols, Builder)[0]

    def built(self, symbols: Mapping[str, Dim], make: type[B]) -> tuple[Network, B]:
        """The network, and the builder that made it. Raises SpecError with every fault found."""
        items, faults = self.items
        values = self.symbols(symbols)
        faults = list(faults)
        inputs: dict[str, Shape] = {}
        try:
            inputs = self._inputs(values)
        except Fault as fault:
            faults.append(fault)
        builder = make(self.blocks[0], inputs or {"input": (1,)}, values)
        outputs: tuple[str, ...] = ()
        if inputs:
            frame = Frame("", values)
            try:
                end = builder.run(items, next(iter(inputs)), frame)
                outputs = self._outputs(builder, frame, end)
            except TooMany:
                pass
            except Fault as fault:
                faults.append(fault)
        faults += builder.faults.values()
        if faults:
            raise SpecError(faults, self.origin, self.text)
        network = Network(
            name=self.name,
            inputs=inputs,
            nodes=builder.nodes,
            outputs=outputs,
            symbols=values,
            chosen=dict(symbols),
            about=self.outline.about,
            template=self,
            memo=builder.memo,
        )
        return network, builder

    def _outputs(self, builder: Builder, frame: Frame, end: str) -> tuple[str, ...]:
        if not self.outline.outputs:
            return (end,)
        return tuple(builder.resolve(leaf, frame) for leaf in self.outline.outputs)

    def _inputs(self, values: Mapping[str, Any]) -> dict[str, Shape]:
        tree = self.outline.input
        named = tree.entries if isinstance(tree, Entries) else {"input": tree}
        if not named:
            raise Fault("an input is missing", tree.place)
        return {name: _shape(one, values) for name, one in named.items()}


def _shape(tree: Tree, values: Mapping[str, Any]) -> Shape:
    parts: list[Leaf]
    if isinstance(tree, Items):
        parts = [leaf for leaf in tree.items if isinstance(leaf, Leaf)]
    elif isinstance(tree, Leaf):
        text = str(tree.value)
        crossed = [text] if text in values else re.split(r"[x×]", text, maxsplit=8)
        parts = [Leaf(part.strip(), tree.place) for part in crossed]
    else:
        raise Fault("an input is a list: channels, height, width", tree.place)
    sizes = []
    for leaf in parts:
        try:
            sizes.append(evaluate(leaf.value, values) if isinstance(leaf.value, str) else leaf.value)
        except UnknownName as error:
            hint = nearest(error.name, values) or "sizes are numbers or declared symbols"
            raise Fault(str(error), leaf.place, hint) from None
        except ExpressionError as error:
            raise Fault(str(error), leaf.place) from None
    return input_shape(tuple(sizes), tree.place)
