"""How much memory a network needs, from shapes alone."""

from collections.abc import Mapping

from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim, prod
from cnncalc.layers.layer import Facts
from cnncalc.network import Network, part_of

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
SLOTS = {"sgd": 0, "momentum": 1, "adam": 2}  # numbers an optimiser keeps for each parameter


@record
class Memory:
    """Bytes, for one batch size and number type.

    ``inference`` is the peak of live activations when layers run in order and a tensor is freed after
    its last reader, nothing in place; ``training`` adds up parameters, gradients, the optimiser's
    numbers, buffers and every activation that is kept for the backward pass.
    """

    batch: int
    dtype: str
    parameters: Dim
    buffers: Dim
    inference: Dim
    activations: Dim
    training: Dim
    peak_at: str


def memory(
    network: Network, facts: Mapping[str, Facts], copies: Mapping[str, Dim], batch: int, dtype: str, optimizer: str
) -> Memory:
    """Fold the facts into bytes. Raises ValueError for an unknown dtype or optimiser."""
    if dtype not in BYTES:
        raise ValueError(f"unknown dtype {dtype}: one of {', '.join(BYTES)}")
    if optimizer not in SLOTS:
        raise ValueError(f"unknown optimizer {optimizer}: one of {', '.join(SLOTS)}")
    width = BYTES[dtype]
    tensors = {name: prod(shape) for name, shape in network.inputs.items()}
    for name, node in network.nodes.items():
        shape_sum = sum(prod(part) for part in facts[name].parts) or facts[name].elements
        own = node.inputs and not node.layer.view
        tensors[name] = shape_sum * copies.get(name, 1) if own else 0
    peak, at = _peak(network, tensors)
    own_facts = {name: fact for name, fact in facts.items() if not network.nodes[name].shares}
    params = sum(fact.params for fact in own_facts.values())
    trainable = sum(fact.params for name, fact in own_facts.items() if not network.nodes[name].frozen)
    stored = sum(fact.buffered for fact in own_facts.values())
    kept = sum(tensors.values())
    learning = params + trainable * (1 + SLOTS[optimizer]) + stored
    return Memory(
        batch=batch,
        dtype=dtype,
        parameters=params * width,
        buffers=stored * width,
        inference=peak * batch * width,
        activations=kept * batch * width,
        training=(learning + kept * batch) * width,
        peak_at=at,
    )


def _peak(network: Network, tensors: Mapping[str, Dim]) -> tuple[Dim, str]:
    """The most numbers alive at once, and the layer that is running then."""
    owner = _owners(network)
    left = dict.fromkeys(tensors, 0)
    for node in network.nodes.values():
        for reference in node.inputs:
            left[owner[part_of(reference)[0]]] += 1
    for name in network.outputs:
        left[owner[part_of(name)[0]]] += 1
    alive = sum(tensors[name] for name in network.inputs)
    peak, at = alive, next(iter(network.inputs))
    for name, node in network.nodes.items():
        alive += tensors[name]
        if alive > peak:
            peak, at = alive, name
        for reference in node.inputs:
            source = owner[part_of(reference)[0]]
            left[source] -= 1
            if left[source] == 0:
                alive -= tensors[source]
        if left[owner[name]] == 0:
            alive -= tensors[owner[name]]
            left[owner[name]] = -1
    return peak, at


def _owners(network: Network) -> dict[str, str]:
    """Whose memory each tensor lies in: its own, or - for a view - that of what it views."""
    owner = {name: name for name in network.inputs}
    for name, node in network.nodes.items():
        owner[name] = owner[part_of(node.inputs[0])[0]] if node.layer.view else name
    return owner
