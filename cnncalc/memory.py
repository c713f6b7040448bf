"""How much memory a network needs, from shapes alone."""

from collections.abc import Collection, Iterator, Mapping

from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim, prod
from cnncalc.layers.layer import Facts
from cnncalc.network import Network, part_of

BYTES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}
PLACE = 8  # bytes of the place a maximum was read from (int64)
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
    own = tensors(network, facts, copies, dtype)
    at, peak = max(_alive(network, own), key=lambda moment: moment[1])
    counted = {name: fact for name, fact in facts.items() if not network.nodes[name].shares}
    params = sum(fact.params for fact in counted.values())
    trainable = sum(fact.params for name, fact in counted.items() if not network.nodes[name].frozen)
    stored = sum(fact.buffered for fact in counted.values())
    kept = sum(own.values())
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


def live(
    network: Network,
    facts: Mapping[str, Facts],
    copies: Mapping[str, Dim],
    batch: int,
    dtype: str,
    copied: Collection[str] = (),
) -> dict[str, Dim]:
    """Bytes of activations alive when each layer has just run and nothing it read is freed yet.

    ``copied`` are reshapes that cannot be views of what they read, because it is not contiguous.
    """
    own = tensors(network, facts, copies, dtype, copied)
    alive = _alive(network, own, copied)
    return {name: numbers * batch * BYTES[dtype] for name, numbers in alive}


def tensors(
    network: Network, facts: Mapping[str, Facts], copies: Mapping[str, Dim], dtype: str, copied: Collection[str] = ()
) -> dict[str, Dim]:
    """How many numbers each input and each layer's output hold in memory of their own; 0 for a view."""
    own = {name: prod(shape) for name, shape in network.inputs.items()}
    owner = _owners(network, copied)
    for name in network.nodes:
        pieces = sum(prod(part) for part in facts[name].parts) or facts[name].elements
        held = owner[name] == name and network.nodes[name].inputs  # what reads nothing is a parameter itself
        own[name] = pieces * copies.get(name, 1) if held else 0
    for name in network.unpooled():
        own[name] += own[name] * PLACE // BYTES[dtype]
    return own


def _alive(network: Network, own: Mapping[str, Dim], copied: Collection[str] = ()) -> Iterator[tuple[str, Dim]]:
    """After each layer, the numbers alive while it still holds what it reads."""
    owner = _owners(network, copied)
    left = dict.fromkeys(own, 0)
    for node in network.nodes.values():
        for reference in node.inputs:
            left[owner[part_of(reference)[0]]] += 1
    for name in network.outputs:
        left[owner[part_of(name)[0]]] += 1
    alive = sum(own[name] for name in network.inputs)
    yield next(iter(network.inputs)), alive
    for name, node in network.nodes.items():
        alive += own[name]
        yield name, alive
        for reference in node.inputs:
            left[owner[part_of(reference)[0]]] -= 1
        for source in {owner[name], *(owner[part_of(reference)[0]] for reference in node.inputs)}:
            if left[source] == 0:
                alive -= own[source]
                left[source] = -1


def _owners(network: Network, copied: Collection[str]) -> dict[str, str]:
    """Whose memory each tensor lies in: its own, or - for a view, or a sum of one - that of what it reads."""
    owner = {name: name for name in network.inputs}
    for name, node in network.nodes.items():
        alone = len(node.inputs) == 1 and node.layer.kind in ("add", "multiply")
        shares = (node.layer.view or alone) and name not in copied
        owner[name] = owner[part_of(node.inputs[0])[0]] if shares else name
    return owner
