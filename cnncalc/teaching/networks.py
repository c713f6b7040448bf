"""Checks of whole networks: a PyTorch module or a spec against a reference."""

import os
from collections.abc import Sequence
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, times
from cnncalc.network import Network
from cnncalc.spec.errors import SpecError
from cnncalc.spec.load import load
from cnncalc.teaching.sandbox import Limits, Said, plain, run
from cnncalc.working import steps

MODULE_LIMITS = Limits(call=60.0, total=90.0, memory=8 << 30)


def check_spec(path: Any, against: Any = "lenet5") -> None:
    """Check a spec (a path, a name, a line) against another: layers one by one, then the totals.

    Names of layers do not count. Raises AssertionError with the first difference.

    >>> check_spec("1x32x32 -> conv 6 3x3", against="1x32x32 -> conv 6 5x5")
    Traceback (most recent call last):
        ...
    AssertionError: layer 1 (conv_1): kernel_size is 3×3, the reference (conv_1) has 5×5
    """
    __tracebackhide__ = True
    try:
        mine = Analysis(load(os.fspath(path) if isinstance(path, os.PathLike) else path))
    except (SpecError, ShapeError) as error:
        raise AssertionError(f"the spec cannot be used: {error}") from None
    reference = _reference(against)
    if mine.network.input != reference.network.input:
        raise AssertionError(
            f"the input is {times(mine.network.input)}, the reference's is {times(reference.network.input)}"
        )
    if said := _layer_difference(mine.network, reference.network) or _total_difference(mine, reference):
        raise AssertionError(said)


def _reference(against: Any, input: Shape | None = None) -> Analysis:
    network = against if isinstance(against, Network) else load(against)
    if input is not None and tuple(input) != network.input:
        sizes = dict(zip(("H", "W"), tuple(input)[1:], strict=False))
        known = {name: size for name, size in sizes.items() if name in network.symbols}
        network = network.at(known) if known else network
        if network.input != tuple(input):
            raise ValueError(f"{network.name} takes {times(network.input)}, not {times(tuple(input))}")
    return Analysis(network)


def _layer_difference(mine: Network, reference: Network) -> str:
    pairs = list(zip(mine.nodes.items(), reference.nodes.items(), strict=False))
    for place, ((name, node), (other, wanted)) in enumerate(pairs, 1):
        where = f"layer {place} ({name})"
        if node.layer.kind != wanted.layer.kind:
            return f"{where} is {node.layer.kind}, the reference ({other}) has {wanted.layer.kind}"
        for field in node.layer.fields:
            a, b = getattr(node.layer, field), getattr(wanted.layer, field)
            if a != b and field not in ("in_channels", "in_features"):
                return f"{where}: {field} is {_shown(a)}, the reference ({other}) has {_shown(b)}"
    return _lengths(list(mine.nodes), list(reference.nodes))


def _shown(value: Any) -> str:
    """A setting as people write it: 3×3."""
    return times(value) if isinstance(value, tuple) and all(isinstance(one, int) for one in value) else str(value)


def _lengths(mine: Sequence[str], reference: Sequence[str]) -> str:
    if len(mine) < len(reference):
        return f"after {len(mine)} layers the reference goes on with {reference[len(mine)]}: a layer is missing"
    if len(mine) > len(reference):
        return f"layer {len(reference) + 1} ({mine[len(reference)]}) is one more than the reference has"
    return ""


def _total_difference(mine: Analysis, reference: Analysis) -> str:
    if mine.output != reference.output:
        return f"the output is {times(mine.output)}, the reference's is {times(reference.output)}"
    if mine.params != reference.params:
        return f"there are {mine.params:,} parameters, the reference has {reference.params:,}"
    return ""


def check_module(module: Any, against: Any = "lenet5", input: Sequence[int] | None = None,
                 limits: Limits = MODULE_LIMITS) -> None:  # fmt: skip
    """Check a torch.nn.Module against a spec: it is run once on zeros, and every layer with weights compared.

    ``input`` is a shape without the batch axis. The module runs in a process of its own and is left as
    it was. Raises AssertionError with the first difference: weights, output sizes, then the totals.
    """
    __tracebackhide__ = True
    reference = _reference(against, None if input is None else tuple(input))
    from cnncalc.pytorch.observed import NotAModule, observer

    try:
        observe = observer(module, reference.network.input)
    except NotAModule as error:
        raise AssertionError(str(error)) from None
    (said,) = run(observe, [()], limits, encode=plain)
    if said.kind != "other":
        raise AssertionError(_no_run(said))
    found = said.value
    wanted = [name for name in reference.facts if reference.facts[name].weights]
    if found["error"]:
        raise AssertionError(_stopped(found, reference, wanted))
    for text in (_weights(found["layers"], reference, wanted), _ends(found, reference)):
        if text:
            raise AssertionError(text)


def _no_run(said: Said) -> str:
    match said.kind:
        case "endless":
            return f"the network did not come to an end within {said.text} seconds"
        case "error":
            return f"the network cannot be run: {said.text}"
    return "the network ended the program it ran in"


def _stopped(found: dict[str, Any], reference: Analysis, wanted: list[str]) -> str:
    """A forward pass that raised; first of all a layer before it that differs."""
    done = found["layers"]
    if text := _weights(done, reference, wanted[: len(done)]):
        return text
    name, kind, shapes = found["at"]
    text = f"the network stops in {name} ({kind}): {found['error']}" if name else f"the network stops: {found['error']}"
    if name and len(done) < len(wanted):
        expected = reference.facts[wanted[len(done)]]
        source = reference.network.nodes[wanted[len(done)]].inputs[0]
        have = _shapes_text(shapes)
        weight = times(next(iter(expected.weights.values())))
        text += (f". In the reference {wanted[len(done)]} reads {times(reference.shapes[source])} and its weight is "
                 f"{weight}; yours is {have}")  # fmt: skip
    return text


def _shapes_text(shapes: dict[str, list[int]]) -> str:
    return times(tuple(shapes["weight"])) if "weight" in shapes else "without weights"


def _weights(layers: list[dict[str, Any]], reference: Analysis, wanted: list[str]) -> str:
    """The first layer with weights that differs from the reference's."""
    for place, (layer, name) in enumerate(zip(layers, wanted, strict=False), 1):
        where, facts = f"layer {place} with weights, {layer['name']} ({layer['kind']})", reference.facts[name]
        shapes = {key: tuple(shape) for key, shape in layer["shapes"].items()}
        for key, shape in facts.weights.items():
            if key not in shapes:
                return f"{where}: it has no {key}, the reference ({name}) has one of {times(shape)}"
            if shapes[key] != shape:
                return f"{where}: its {key} is {times(shapes[key])}, the reference's ({name}) {times(shape)}"
        if extra := [key for key in shapes if key not in facts.weights]:
            return f"{where}: it has a {extra[0]}, the reference ({name}) has none"
        if tuple(layer["output"]) != facts.output:
            told = _size_told(reference, name)
            return f"{where}: it gives {times(tuple(layer['output']))}, the reference ({name}) {told}"
    return _lengths([layer["name"] for layer in layers], wanted)


def _size_told(reference: Analysis, name: str) -> str:
    shape = times(reference.facts[name].output)
    worked = [step.numbers for step in steps(reference, name, quantities=("size",)) if step.rule]
    return f"{shape}: {worked[0]}" if worked else shape


def _ends(found: dict[str, Any], reference: Analysis) -> str:
    if tuple(found["output"]) != reference.output:
        return f"the output is {times(tuple(found['output']))}, the reference's is {times(reference.output)}"
    if found["params"] != reference.params:
        return f"there are {found['params']:,} parameters, the reference has {reference.params:,}"
    return ""
