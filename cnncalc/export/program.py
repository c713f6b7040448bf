"""A network as a program would tell it: pieces with parameters, made of steps.

`cnncalc.export.folding` writes it from a spec's blocks, `flat` from bare layers; the targets read it. Numbers
are ints, or open sizes (`cnncalc.exact.closed.Closed`) over the piece's parameters.
"""

from collections.abc import Collection, Sequence
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.records import fresh, mutable, record
from cnncalc.exact.sizes import Shape
from cnncalc.layers import FAMILY_OF, Facts, Layer
from cnncalc.network import part_of


class Unsupported(ValueError):
    """A target cannot express a layer: which one, and what is missing."""


class Unfoldable(Exception):
    """The spec's structure cannot be kept; the network is written out layer by layer."""


@record
class Place:
    """Where a layer stands, as far as its source depends on it.

    ``inputs`` are shapes, their first axis possibly open; ``facts`` the concrete ones; ``factors``
    the sizes whose product a flat input is, where it was flattened just before; ``alone`` the inputs
    that no image flows into: they have one entry for all images of a batch.
    """

    name: str
    inputs: tuple[Shape, ...]
    facts: Facts
    factors: tuple[Any, ...] = ()
    remembered: bool = False  # a max_unpool asks for the places of this max_pool
    alone: tuple[int, ...] = ()

    @property
    def x(self) -> Shape:
        return self.inputs[0]

    @property
    def rank(self) -> int:
        return len(self.x) - 1


@mutable
class LayerStep:
    """One layer. ``ends`` are its outputs (several for a split), tensors being numbers."""

    name: str
    layer: Layer
    place: Place
    sources: tuple[int, ...]
    ends: tuple[int, ...]
    named: bool = False  # by the author
    frozen: bool = False
    shares: int | None = None  # what the layer made whose numbers this one uses
    shape: Shape = ()
    names: list[str] = fresh(default_factory=list)  # in every call
    pattern: tuple[str, int, int] | None = None  # in a loop: word, first number, step


@mutable
class CallStep:
    """A piece at work: ``values`` for its parameters by name."""

    name: str
    piece: "Piece"
    values: dict[str, Any]
    source: int
    end: int
    shape: Shape = ()
    names: list[str] = fresh(default_factory=list)
    pattern: tuple[str, int, int] | None = None


@mutable
class JoinStep:
    """Branches of one tensor, joined."""

    name: str
    layer: Layer
    place: Place
    branches: list["Body"]
    end: int
    source: int
    shape: Shape = ()


@mutable
class LoopStep:
    """``count`` rounds. ``index`` and ``carried`` are the symbols that change: the round (from 0), and
    (symbol, its first value, its next value)."""

    name: str
    count: Any
    body: "Body"
    end: int
    source: int
    index: str = ""
    carried: tuple[str, Any, Any] | None = None
    shape: Shape = ()


@mutable
class WhenStep:
    """Steps taken only if a condition holds."""

    name: str
    condition: "Condition"
    body: "Body"
    end: int
    source: int


@mutable
class LetStep:
    """A name for a number too long to repeat."""

    symbol: str
    value: Any


@mutable
class Condition:
    """A comparison of numbers, or several joined by and, or, not."""

    operator: str
    parts: list[Any]


Step = LayerStep | CallStep | JoinStep | LoopStep | WhenStep | LetStep


@mutable
class Body:
    """Steps one after the other, from tensor ``source`` to tensor ``end``."""

    source: int
    end: int
    steps: list[Step]


@mutable
class Piece:
    """A class or function to be: its parameters with defaults, its steps.

    ``channels`` is the symbol of the incoming channels (or features); ``out`` what goes out, in the
    piece's own symbols.
    """

    name: str
    body: Body
    parameters: dict[str, Any]
    words: dict[str, str]  # what a symbol is called where it is free
    channels: str = ""
    out: Any = None


@mutable
class Program:
    """All pieces, those used before those that use them, and the whole."""

    analysis: Analysis
    pieces: list[Piece]
    main: Piece
    inputs: dict[str, int]
    outputs: tuple[int, ...]
    shapes: dict[str, Shape] = fresh(default_factory=dict)


def told_shape(analysis: Analysis, name: str) -> Shape:
    """The output that a comment tells of a layer; () where it tells nothing new."""
    node, facts = analysis.network.nodes[name], analysis.facts[name]
    same = len(node.inputs) == 1 and facts.output == analysis.shapes[node.inputs[0]]
    return () if same or node.layer.kind == "linear" else facts.output


def flat(analysis: Analysis) -> Program:
    """The network layer by layer, in one piece."""
    network = analysis.network
    tensors: dict[str, int] = {name: i for i, name in enumerate(network.inputs)}
    factors: dict[str, tuple[Any, ...]] = {}
    unpooled = {
        part_of(node.inputs[1])[0]
        for node in network.nodes.values()
        if node.layer.kind == "max_unpool" and len(node.inputs) > 1
    }
    steps: list[Step] = []
    count = len(tensors)
    alone: set[int] = set()
    for name, node in network.nodes.items():
        facts = analysis.facts[name]
        inputs = tuple(analysis.shapes[one] for one in node.inputs)
        made = max(1, len(facts.parts))
        ends = tuple(range(count, count + made))
        count += made
        sources = tuple(tensors[one] for one in node.inputs)
        held = factors.get(node.inputs[0], ()) if node.inputs else ()
        place = Place(name, inputs, facts, held, name in unpooled, ports(sources, alone))
        alone.update(ends if len(place.alone) == len(sources) else ())
        shape = told_shape(analysis, name)
        shares = tensors[node.shares] if node.shares else None
        steps.append(LayerStep(name, node.layer, place, sources, ends, True, node.frozen, shares, shape))
        factors[name] = passed_on(node.layer, place)
        tensors[name] = ends[0]
        tensors |= {f"{name}[{i}]": end for i, end in enumerate(ends)} if facts.parts else {}
    outputs = tuple(tensors[name] for name in network.outputs)
    body = Body(0, outputs[0], steps)
    main = Piece(network.name, body, {}, {})
    inputs_ = {name: tensors[name] for name in network.inputs}
    return Program(analysis, [], main, inputs_, outputs, dict(network.inputs))


def ports(sources: Sequence[int], alone: Collection[int]) -> tuple[int, ...]:
    """Which of the inputs read a tensor that no image flows into."""
    return tuple(port for port, source in enumerate(sources) if source in alone)


def passed_on(layer: Layer, place: Place) -> tuple[Any, ...]:
    """The factors of a flat output: set by a flatten, kept by what leaves features as they are."""
    if layer.kind == "flatten" and len(place.x) > 1:
        return tuple(size for size in place.x if size != 1) if any(size != 1 for size in place.x[1:]) else ()
    keeps = FAMILY_OF.get(layer.kind) in ("activation", "normalisation") and layer.kind != "glu"
    return place.factors if keeps else ()
