"""Carry shapes forward through a network, once; every total is a fold over what the layers state."""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from cnncalc.exact.closed import symbol
from cnncalc.exact.records import changed, record
from cnncalc.exact.rules import Rule, ShapeError
from cnncalc.exact.sizes import Dim, Shape, prod
from cnncalc.exact.windows import Field
from cnncalc.layers.layer import Facts, at_least
from cnncalc.memory import Memory, live, memory, tensors
from cnncalc.network import Memo, Network, Node, part_of
from cnncalc.receptive import Fields, fields, footprints, reach
from cnncalc.training import backward_macs

SUMMED = ("params", "trainable", "weights", "biases", "buffers", "macs", "activations", "connections", "neurons")


@record
class LayerAnalysis:
    """What is known of one layer, or of a block of layers (whose output is its last layer's).

    ``macs`` counts multiply-accumulates for one image, region copies included; ``neurons`` the units
    that read something (LeCun et al. 1998); ``fields`` one `Field` an axis of the first input.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    output: Shape
    params: Dim
    trainable: Dim
    weights: Dim
    biases: Dim
    buffers: Dim
    macs: Dim
    activations: Dim
    connections: Dim
    neurons: Dim
    copies: Dim
    fields: tuple[Field | None, ...]

    @property
    def receptive_field(self) -> tuple[Dim | None, ...]:
        """Input pixels seen along each axis, the padding counted; the largest over all positions."""
        return tuple(field and field.size for field in self.fields)

    @property
    def jump(self) -> tuple[Dim | None, ...]:
        """Input pixels between neighbouring outputs (0: there is only one position)."""
        return tuple(field and field.jump for field in self.fields)

    @property
    def offset(self) -> tuple[Dim | None, ...]:
        """The input index of the first tap of output 0; -padding for one convolution."""
        return tuple(field and field.offset for field in self.fields)


def facts_of(node: Node, inputs: tuple[Shape, ...], memo: Memo) -> Facts:
    """What a layer states of these inputs; computed once for equal layers and shapes."""
    key = (node.layer, inputs)
    facts = memo.get(key)
    if facts is None:
        facts = node.layer.facts(*inputs)
        if asked := node.layer.minimums():
            facts = changed(facts, requires=(*asked, *facts.requires))
        memo[key] = facts
    return facts


class Analysis:
    """The facts of every layer of a network, and everything that adds up from them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.shapes: dict[str, Shape] = dict(network.inputs)
        self.facts: dict[str, Facts] = {}
        self.copied = False
        shapes, facts, memo = self.shapes, self.facts, network.memo
        for name, node in network.nodes.items():
            try:
                inputs = tuple([shapes[reference] for reference in node.inputs])
                fact = memo.get((node.layer, inputs)) or facts_of(node, inputs, memo)
            except (ShapeError, KeyError) as error:
                raise _at(name, node, error) from None
            facts[name] = fact
            shapes[name] = fact.output
            if fact.parts:
                shapes |= {f"{name}[{i}]": part for i, part in enumerate(fact.parts)}
            if fact.copies != 1:
                self.copied = True
        self.assumptions = (*_open_inputs(network), *_check(network, facts))

    @cached_property
    def copies(self) -> dict[str, Dim]:
        """How often each layer runs for one image: 1, or the number of regions behind a RoI pool."""
        copies: dict[str, Dim] = dict.fromkeys((*self.network.inputs, *self.facts), 1)
        for name, node in self.network.nodes.items() if self.copied else ():
            sources = [part_of(reference)[0] for reference in node.inputs]
            times_read = {copies[source] for source in sources if not self._is_source(source)} or {1}
            if len(times_read) > 1:
                raise ShapeError(f"{name} ({node.layer.kind}): joins a map of each region with one of the image")
            copies[name] = times_read.pop() * self.facts[name].copies
        return copies

    def runs(self, name: str) -> Dim:
        """How often a layer itself is run: once before a RoI pool, once a region after it."""
        inputs = self.network.nodes[name].inputs
        return self.copies[part_of(inputs[0])[0]] if self.copied and inputs else 1

    def _is_source(self, name: str) -> bool:
        """Whether a layer reads nothing: what it hands on is the same for every region."""
        return name in self.network.nodes and not self.network.nodes[name].inputs

    def learned(self, name: str) -> Dim:
        """The numbers a layer learns itself: none where it shares those of another."""
        return 0 if self.network.nodes[name].shares else self.facts[name].params

    @cached_property
    def params(self) -> Dim:
        """Learned numbers: PyTorch's ``parameters()``."""
        nodes = self.network.nodes
        return sum([fact.params for name, fact in self.facts.items() if not nodes[name].shares])

    @cached_property
    def trainable(self) -> Dim:
        """Learned numbers that are not frozen."""
        nodes = self.network.nodes
        return sum([self.learned(name) for name in self.facts if not nodes[name].frozen])

    @cached_property
    def buffers(self) -> Dim:
        """Stored numbers that are not learned: what Keras calls non-trainable."""
        nodes = self.network.nodes
        return sum([fact.buffered for name, fact in self.facts.items() if not nodes[name].shares])

    @cached_property
    def macs(self) -> Dim:
        """Multiply-accumulates of convolution, linear and matrix products, no bias, batch 1."""
        if not self.copied:
            return sum([fact.macs for fact in self.facts.values()])
        return sum(self.macs_of(name) for name in self.facts)

    @cached_property
    def at_least(self) -> bool:
        """Whether some layer's cost is unknown, so that every total of costs is a lower bound."""
        return any(fact.uncounted for fact in self.facts.values())

    def macs_of(self, name: str) -> Dim:
        """One layer's multiply-accumulates for one image."""
        return self.facts[name].macs * self.runs(name)

    @cached_property
    def backward(self) -> dict[str, Dim]:
        """Each layer's multiply-accumulates in the backward pass for one image (`cnncalc.training`)."""
        return backward_macs(self.network, self.facts, self.macs_of)

    @cached_property
    def macs_backward(self) -> Dim:
        """Multiply-accumulates of one backward pass, batch 1, every output learned from."""
        return sum(self.backward.values())

    @cached_property
    def connections(self) -> Dim:
        """Links between units, biases included (LeCun et al. 1998)."""
        return sum(fact.connections * self.runs(name) for name, fact in self.facts.items())

    @cached_property
    def activations(self) -> Dim:
        """Numbers in all layers' outputs, views counted once."""
        nodes = self.network.nodes
        own = (name for name in self.facts if nodes[name].inputs and not nodes[name].layer.view)
        return sum(self.facts[name].elements * self.copies[name] for name in own)

    @property
    def outputs(self) -> dict[str, Shape]:
        """The shape of each named result."""
        return {name: self.shapes[name] for name in self.network.outputs}

    @property
    def output(self) -> Shape:
        """The shape of the first (usually the only) result, without the batch axis."""
        return self.shapes[self.network.outputs[0]]

    @cached_property
    def fields(self) -> Fields:
        """Receptive fields, every dependency included."""
        return fields(self.network, self.facts, self.shapes)

    @cached_property
    def fields_without_gates(self) -> Fields:
        """Receptive fields without squeeze-and-excite gates and normalisation over the map."""
        return fields(self.network, self.facts, self.shapes, gates=False) if self.fields.gated else self.fields

    def reach(self, name: str, position: tuple[int, ...]) -> dict[str, tuple[tuple[int, ...], ...]]:
        """The input indices one output position really depends on, clipped at every layer."""
        return reach(self.network, self.facts, self.shapes, self._resolve(name), position)

    def footprints(self, name: str, position: tuple[int, ...]) -> dict[str, tuple[tuple[int, ...], ...]]:
        """The same in every tensor on the way: the indices one output position really depends on."""
        return dict(footprints(self.network, self.facts, self.shapes, self._resolve(name), position))

    def memory(self, batch: int = 1, dtype: str = "float32", optimizer: str = "sgd") -> Memory:
        """Bytes for parameters, inference and training."""
        return memory(self.network, self.facts, self.copies, batch, dtype, optimizer)

    def live(self, batch: int = 1, dtype: str = "float32", copied: Collection[str] = ()) -> dict[str, Dim]:
        """Bytes of activations alive at inference when each layer has just run, what it reads included."""
        return live(self.network, self.facts, self.copies, batch, dtype, copied)

    def tensors(self, dtype: str = "float32") -> dict[str, Dim]:
        """How many numbers each input and each layer's output hold in memory of their own, for one image."""
        return tensors(self.network, self.facts, self.copies, dtype)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What notebooks show: the layer graph and the table."""
        bundle: dict[str, str] = import_module("cnncalc.draw.notebook").bundle(self, include, exclude)
        return bundle

    def __iter__(self) -> Iterator[LayerAnalysis]:
        return (self._layer(name) for name in self.facts)

    def __contains__(self, name: str) -> bool:
        try:
            self._resolve(name)
        except KeyError:
            return False
        return True

    def __getitem__(self, name: str) -> LayerAnalysis:
        """A layer by its name, or a block by its path ("stage_2"): totals, and its last output.

        Raises KeyError with the nearest names.
        """
        if name in self.facts:
            return self._layer(name)
        members = self.members(name)
        if not members:
            return self._layer(self._resolve(name))
        layers = [self._layer(member) for member in members]
        last = layers[-1]
        sums = {part: sum(getattr(one, part) for one in layers) for part in SUMMED}
        inside = set(members)
        sources = [source for one in layers for source in one.inputs if part_of(source)[0] not in inside]
        return LayerAnalysis(
            name=name,
            kind="block",
            inputs=tuple(dict.fromkeys(sources)),
            output=last.output,
            copies=last.copies,
            fields=last.fields,
            **sums,
        )

    def members(self, block: str) -> list[str]:
        """The layers of a block, in order."""
        return self._members.get(block, [])

    @cached_property
    def _members(self) -> dict[str, list[str]]:
        """For each block's path the layers in it."""
        found: dict[str, list[str]] = {}
        for name in self.facts:
            end = name.rfind(".")
            while end > 0:
                found.setdefault(name[:end], []).append(name)
                end = name.rfind(".", 0, end)
        return found

    def _resolve(self, name: str) -> str:
        if name in self.facts:
            return name
        if members := self.members(name):
            return members[-1]
        from difflib import get_close_matches

        near = get_close_matches(name, [*self.facts, *self.blocks()], 3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise KeyError(f"{self.network.name} has no layer '{name}'{hint}")

    def blocks(self) -> list[str]:
        """The paths of all blocks."""
        return list(self._members)

    def _layer(self, name: str) -> LayerAnalysis:
        node, fact = self.network.nodes[name], self.facts[name]
        runs = self.runs(name)
        params = self.learned(name)
        biases = prod(fact.weights["bias"]) if "bias" in fact.weights and not node.shares else 0
        return LayerAnalysis(
            name=name,
            kind=node.layer.kind,
            inputs=node.inputs,
            output=fact.output,
            params=params,
            trainable=0 if node.frozen else params,
            weights=params - biases,
            biases=biases,
            buffers=0 if node.shares else fact.buffered,
            macs=self.macs_of(name),
            activations=0 if node.layer.view or not node.inputs else fact.elements * self.copies[name],
            connections=fact.connections * runs,
            neurons=fact.elements * self.copies[name] if fact.connections else 0,
            copies=self.copies[name],
            fields=self.fields.of(name),
        )


def _at(name: str, node: Node, error: Exception) -> ShapeError:
    if isinstance(error, KeyError):
        return ShapeError(f"{name} ({node.layer.kind}): reads {error.args[0]}, which does not stand before it")
    return ShapeError(f"{name} ({node.layer.kind}): {error}")


def _open_inputs(network: Network) -> Iterator[tuple[str, Rule]]:
    """That open input sizes such as H - 10 are at least 1."""
    for name, shape in network.inputs.items():
        for size in shape:
            if not isinstance(size, int):
                rule = at_least(size - 1, "the input is {size} wide", size=size)
                if (holds := rule.holds()) is False:
                    raise ShapeError(f"{name}: {rule.why}")
                if holds is None:
                    yield name, rule


def _check(network: Network, facts: Mapping[str, Facts]) -> Iterator[tuple[str, Rule]]:
    """Raise the first requirement that fails; hand on those that symbols leave open."""
    checked: set[int] = set()
    for name, fact in facts.items():
        if id(fact) in checked:
            continue
        checked.add(id(fact))
        for rule in fact.requires:
            holds = rule.holds()
            if holds is False:
                raise _at(name, network.nodes[name], ShapeError(rule.why))
            if holds is None:
                yield name, rule


def analyse(network: Network, open: tuple[str, ...] = (), **symbols: Dim) -> Analysis:
    """Shapes, parameters, costs and receptive fields of a network, exactly.

    >>> from cnncalc import load
    >>> found = analyse(load("3x227x227 -> conv 96 11x11 stride=4"))
    >>> found.output, found.params, found["conv_1"].receptive_field
    ((96, 55, 55), 34944, (11, 11))

    ``symbols`` sets symbols of the spec (``analyse(net, H=320)``), ``open`` leaves some open: every
    figure is then a closed form (`cnncalc.exact.closed`), ``.at({"H": 224})`` its value. Raises
    ShapeError, or the spec's own error with its place, where the sizes do not fit.
    """
    chosen = {**symbols, **{name: symbol(name) for name in open}}
    return Analysis(network.at(chosen) if chosen else network)
