"""Named layers wired together. Ordered inputs are the record; the networkx graph is a view of it."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from cnncalc.exact.records import fresh, record
from cnncalc.exact.sizes import Dim, Shape
from cnncalc.layers.layer import Facts, Layer

if TYPE_CHECKING:
    import networkx as nx

_PART = re.compile(r"(.*)\[(\d+)\]")
Memo = dict[tuple[Layer, tuple[Shape, ...]], Facts]


def part_of(reference: str) -> tuple[str, int | None]:
    """A reference as (layer name, which piece of its output): "split_1[0]" -> ("split_1", 0)."""
    found = _PART.fullmatch(reference)
    return (found[1], int(found[2])) if found else (reference, None)


@record
class Node:
    """One layer in its place: where it reads from, in order, repeats allowed.

    ``shares`` names an earlier layer whose learned and stored numbers this one uses; they are counted there.
    """

    layer: Layer
    inputs: tuple[str, ...]
    frozen: bool = False
    shares: str | None = None


@record
class About:
    """What a spec says of its network beside the layers.

    ``functional``: layers, blocks or kinds that the published code calls as functions, not as modules.
    """

    title: str = ""
    source: str = ""
    year: int | None = None
    notes: tuple[str, ...] = ()
    functional: tuple[str, ...] = ()
    published: tuple[Mapping[str, Any], ...] = ()
    classes: Mapping[str, str] = fresh(default_factory=dict)  # what a block of layers is called, by its path


class Template(Protocol):
    """Something that can make the network again with other values for its symbols."""

    def network(self, symbols: Mapping[str, Dim]) -> "Network": ...


@record
class Network:
    """Layers by name, in an order in which every layer stands after those it reads.

    Two networks are equal if they compute the same thing under the same names: name, inputs, nodes
    and outputs. ``symbols`` are the values it was made with, ``chosen`` those of them that
    somebody set; ``template`` makes it with others.
    """

    name: str
    inputs: Mapping[str, Shape]
    nodes: Mapping[str, Node]
    outputs: tuple[str, ...]
    symbols: Mapping[str, Dim] = fresh(default_factory=dict)
    chosen: Mapping[str, Dim] = fresh(default_factory=dict)
    about: About = fresh(default_factory=About)
    template: Template | None = None
    memo: Memo = fresh(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and self._computed() == other._computed()

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.nodes), self.outputs))

    def __repr__(self) -> str:
        return f"Network({self.name!r}, inputs={self.inputs}, nodes={self.nodes}, outputs={self.outputs})"

    def _computed(self) -> tuple[object, ...]:
        return self.name, self.inputs, list(self.nodes.items()), self.outputs

    @property
    def input(self) -> Shape:
        """The shape of the first (usually the only) input."""
        return next(iter(self.inputs.values()))

    def consumers(self) -> dict[str, list[str]]:
        """For each tensor, the layers that read it."""
        readers: dict[str, list[str]] = {name: [] for name in (*self.inputs, *self.nodes)}
        for name, node in self.nodes.items():
            for reference in node.inputs:
                readers[part_of(reference)[0]].append(name)
        return readers

    def unpooled(self) -> set[str]:
        """The layers whose places of the maxima are read again by a max_unpool."""
        readers = (node.inputs[1:] for node in self.nodes.values() if node.layer.kind == "max_unpool")
        return {part_of(reference)[0] for references in readers for reference in references}

    def at(self, symbols: Mapping[str, Dim]) -> "Network":
        """The same network with other values for some of its symbols."""
        if all(self.symbols.get(name) == value for name, value in symbols.items()):
            return self
        if self.template is None:
            known = ", ".join(self.symbols) or "none"
            raise ValueError(f"{self.name} has no symbols {', '.join(symbols)} (it has {known})")
        return self.template.network({**self.chosen, **symbols})

    def graph(self) -> "nx.MultiDiGraph[str]":
        """A networkx view for walking and drawing: edges carry ``port``, the place among the inputs."""
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        graph.add_nodes_from(self.inputs, layer=None)
        for name, node in self.nodes.items():
            graph.add_node(name, layer=node.layer)
            for port, reference in enumerate(node.inputs):
                source, part = part_of(reference)
                graph.add_edge(source, name, port=port, part=part)
        return graph

    def __len__(self) -> int:
        return len(self.nodes)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What notebooks show: the layer graph and the table."""
        bundle: dict[str, str] = import_module("cnncalc.draw.notebook").bundle(self, include, exclude)
        return bundle

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)
