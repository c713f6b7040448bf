"""What a training step multiplies: the backward pass, layer by layer, from shapes alone.

A product of an input and a weight is differentiated twice: the gradient of the weight and the
gradient of the input are products of the same three sizes as the forward one, and cost the same
(Dumoulin & Visin 2016, section 4: a convolution's gradient is a transposed convolution with the
same connections; Goodfellow et al. 2016, section 6.5.6). A gradient is computed only where it is
wanted: of a weight that is not frozen; of an input behind which something is still learned.
"""

from collections.abc import Callable, Mapping

from cnncalc.exact.sizes import Dim
from cnncalc.layers.layer import Facts
from cnncalc.network import Network, Node, part_of


def backward_macs(network: Network, facts: Mapping[str, Facts], forward: Callable[[str], Dim]) -> dict[str, Dim]:
    """Multiply-accumulates of each layer's backward pass for one image, when every output is learned from.

    ``forward`` gives a layer's forward MACs for one image. Unlike the backward count of PyTorch's
    FlopCounterMode (2.13), grouped convolutions cost as many products backward as forward.
    """
    learned_behind = _learned_behind(network, facts)
    arriving = receiving(network)
    found: dict[str, Dim] = {}
    for name, node in network.nodes.items():
        found[name] = forward(name) * _gradients(node, facts[name], learned_behind) if name in arriving else 0
    return found


def differentiable(node: Node) -> tuple[str, ...]:
    """The layers a gradient is handed on to: not those that only lend a size or places."""
    only_first = node.layer.kind in ("crop", "max_unpool")
    return tuple(part_of(reference)[0] for reference in (node.inputs[:1] if only_first else node.inputs))


def _gradients(node: Node, facts: Facts, learned_behind: set[str]) -> int:
    """How many factors of a layer's products want a gradient."""
    wanted = [source in learned_behind for source in differentiable(node)]
    if "weight" in facts.weights:
        return any(wanted) + (not node.frozen)
    return sum(wanted)


def _learned_behind(network: Network, facts: Mapping[str, Facts]) -> set[str]:
    """The layers whose output depends on something that is learned."""
    found: set[str] = set()
    for name, node in network.nodes.items():
        if (facts[name].weights and not node.frozen) or any(source in found for source in differentiable(node)):
            found.add(name)
    return found


def receiving(network: Network) -> set[str]:
    """The layers a gradient arrives at: those that some output of the network depends on."""
    found = {part_of(name)[0] for name in network.outputs}
    for name in reversed(list(network.nodes)):
        if name in found:
            found.update(differentiable(network.nodes[name]))
    return found
