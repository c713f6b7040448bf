"""The fully convolutional twin of a classifier: every fully connected layer as the convolution that it is.

A linear layer on a flattened C×h×w map is a convolution with h×w windows, and on a vector one with 1×1
windows, number for number; on larger images its output grows into a map of scores. Source: Sermanet et al.
2013 (OverFeat); Long, Shelhamer & Darrell 2014.
"""

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.records import changed
from cnncalc.exact.sizes import Shape, prod, times
from cnncalc.layers import FAMILIES, Layer, kind
from cnncalc.network import Network, Node, part_of

ENTRYWISE = frozenset(("add", "multiply", "concat", *FAMILIES["activation"].split()))
ACROSS = {"softmax", "log_softmax", "softmin", "glu", "prelu"}  # these tell one entry of a vector from another
GLOBAL = ("global_avg_pool", "global_max_pool")
ADAPTIVE = ("adaptive_avg_pool", "adaptive_max_pool")


class Unconvertible(ValueError):
    """A network without a twin, and the layer that is in the way."""


def fully_convolutional(network: Network) -> Network:
    """The twin: the same parameters and the same output, as a map of 1×1 on images of this size.

    Linear layers become convolutions; the pooling before them gets the window that it has at this size.
    Raises Unconvertible.
    """
    twin = _Twin(Analysis(network))
    for name, node in network.nodes.items():
        twin.place(name, node)
    if not twin.converted:
        raise Unconvertible(f"{network.name} has no fully connected layer behind a map")
    about = changed(network.about, title=f"{network.about.title or network.name}, fully convolutional", published=())
    outputs = tuple(twin.reference(one) for one in network.outputs)
    return Network(name=network.name, inputs=network.inputs, nodes=twin.nodes, outputs=outputs, about=about)


class _Twin:
    """Nodes made so far; ``maps`` holds, for each vector, the map that stands in its place."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis, self.readers = analysis, analysis.network.consumers()
        self.nodes: dict[str, Node] = {}
        self.instead: dict[str, str] = {}  # the tensors that stand in for layers left out
        self.maps: dict[str, Shape] = {}
        self.converted = False

    def reference(self, reference: str) -> str:
        name, part = part_of(reference)
        name = self.instead.get(name, name)
        return name if part is None else f"{name}[{part}]"

    def place(self, name: str, node: Node) -> None:
        """Put a layer, or what takes its place, into the twin."""
        layer, shape = node.layer, self.analysis.shapes[node.inputs[0]] if node.inputs else ()
        behind = [self.maps[one] for one in node.inputs if one in self.maps]
        if behind:
            self._behind_a_map(name, node, behind)
        elif layer.kind == "flatten" and len(shape) > 1:
            self._leave_out(name, node, shape)
        elif layer.kind in GLOBAL and self._leads_to_scores(name):
            self._put(name, node, _pool(layer.kind, shape[1:], 1), (shape[0], *(1 for _ in shape[1:])))
        elif layer.kind in ADAPTIVE and self._leads_to_scores(name):
            self._adaptive(name, node, shape)
        else:
            self._put(name, node, layer)

    def _behind_a_map(self, name: str, node: Node, maps: list[Shape]) -> None:
        layer, shape = node.layer, maps[0]
        single = all(size == 1 for map_ in maps for size in map_[1:])
        if layer.kind == "flatten":
            self._leave_out(name, node, shape)
        elif layer.kind == "linear":
            self.converted = True
            width, bias = layer.out_features, layer.bias  # type: ignore[attr-defined]
            conv = kind("conv")(out_channels=width, kernel_size=_one_or_all(shape[1:]), bias=bias)
            self._put(name, node, conv, (width, *(1 for _ in shape[1:])))
        elif layer.kind in (ENTRYWISE if single else ENTRYWISE - ACROSS) and self._alike(node, maps):
            output = self.analysis.shapes[name]
            self._put(name, node, layer, (output[0] // prod(shape[1:]), *shape[1:]))
        elif layer.kind == "batch_norm" and single:
            self._put(name, node, layer, shape)
        elif layer.kind == "layer_norm" and single:
            self._put(name, node, layer.but(over="channels", normalized_shape=None), shape)
        else:
            raise Unconvertible(f"{name} ({layer.kind}) works on the flattened {times(shape)} map as a vector")

    @staticmethod
    def _alike(node: Node, maps: list[Shape]) -> bool:
        """Whether maps stand in for all that a layer reads, and have the same sides."""
        return len(maps) == len(node.inputs) and len({map_[1:] for map_ in maps}) == 1

    def _adaptive(self, name: str, node: Node, shape: Shape) -> None:
        """An adaptive pooling is a pooling where its windows do not overlap, and nothing where they are points."""
        output = self.analysis.shapes[name]
        if output == shape:
            self.instead[name] = self.reference(node.inputs[0])
            return
        windows = [divmod(n, o) for n, o in zip(shape[1:], output[1:], strict=True)]
        if any(left for _, left in windows):
            raise Unconvertible(f"{name} ({node.layer.kind}) pools {times(shape[1:])} to {times(output[1:])} unevenly")
        sizes = tuple(size for size, _ in windows)
        whole = all(o == 1 for o in output[1:])
        self._put(name, node, _pool(node.layer.kind, sizes, 1 if whole else None))

    def _leads_to_scores(self, name: str) -> bool:
        """Whether what is pooled goes on to a linear layer, past layers that leave the shape alone."""
        nodes, following = self.analysis.network.nodes, self.readers[name]
        while len(following) == 1:
            (name,) = following
            found = nodes[name].layer.kind
            if found in ("linear", "flatten"):
                return True
            if found not in (*ENTRYWISE, "batch_norm", "layer_norm") or len(nodes[name].inputs) > 1:
                return False
            following = self.readers[name]
        return False

    def _leave_out(self, name: str, node: Node, shape: Shape) -> None:
        self.instead[name] = self.reference(node.inputs[0])
        self.maps[name] = shape

    def _put(self, name: str, node: Node, layer: Layer, instead: Shape | None = None) -> None:
        inputs = tuple(self.reference(one) for one in node.inputs)
        self.nodes[name] = changed(node, layer=layer, inputs=inputs)
        if instead is not None:
            self.maps[name] = instead


def _pool(pooling: str, sizes: tuple[Any, ...], stride: int | None) -> Layer:
    settings: Mapping[str, Any] = {"kernel_size": _one_or_all(sizes)} | ({} if stride is None else {"stride": stride})
    return kind("avg_pool" if "avg" in pooling else "max_pool")(**settings)


def _one_or_all(sizes: tuple[Any, ...]) -> Any:
    """One number for all axes where they are alike."""
    return sizes[0] if len(set(sizes)) == 1 else sizes
