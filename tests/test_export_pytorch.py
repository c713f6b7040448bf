"""Generated PyTorch source, run: every tensor and every shape agrees with the spec; formatted; exportable."""

import math
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnncalc import load
from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.rules import ShapeError
from cnncalc.export import TARGETS, Unsupported, export
from cnncalc.export.keras import layer_source as keras_source
from cnncalc.export.pytorch import layer_source as pytorch_source
from cnncalc.export.pytorch_classes import OWN
from cnncalc.layers import FAMILY_OF, kind
from cnncalc.network import About, Network, Node
from cnncalc.spec.load import named_specs
from cnncalc.strategies import SINGLE, layers, networks, shapes
from tests.commands import invoke
from tests.specs_with_blocks import specs_with_blocks

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PLANAR = ("im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align")
SPECS = list(named_specs())


def run_source(code: str) -> ModuleType:
    """Generated source, our own, as a module."""
    module = ModuleType("generated")
    exec(compile(code, "generated", "exec"), module.__dict__)
    return module


def network_class(code: str) -> type[nn.Module]:
    """The class of the whole network: the last one."""
    module = run_source(code)
    made = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == "generated"]
    return made[-1]


def built(analysis: Analysis, device: str = "meta", **symbols: int) -> nn.Module:
    with torch.device(device):
        return network_class(export(analysis, "pytorch"))(**symbols).eval()


def tensors(named: Any) -> Counter[tuple[int, ...]]:
    return Counter(tuple(tensor.shape) for name, tensor in named if not name.endswith("num_batches_tracked"))


def stated(analysis: Analysis, what: str) -> Counter[tuple[int, ...]]:
    return Counter(shape for facts in analysis.facts.values() for shape in getattr(facts, what).values())


def outputs(model: nn.Module, analysis: Analysis, device: str, batch: int = 2) -> list[tuple[int, ...]]:
    with torch.device(device), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = model(*[torch.zeros(batch, *shape) for shape in analysis.network.inputs.values()])
    return [tuple(one.shape) for one in (made if isinstance(made, tuple) else (made,))]


def wanted(analysis: Analysis, batch: int = 2) -> list[tuple[int, ...]]:
    from cnncalc.network import part_of

    copies = [analysis.copies[part_of(name)[0]] for name in analysis.network.outputs]
    return [(batch * n, *analysis.shapes[name]) for n, name in zip(copies, analysis.network.outputs, strict=True)]


def agrees(analysis: Analysis, device: str = "meta") -> nn.Module:
    """Hold the generated module against the analysis; hand it back."""
    model = built(analysis, device)
    assert tensors(model.named_parameters()) == stated(analysis, "weights")
    assert tensors(model.named_buffers()) == stated(analysis, "buffers")
    assert sum(one.numel() for one in model.parameters()) == analysis.params
    assert sum(one.numel() for one in model.parameters() if one.requires_grad) == analysis.trainable
    assert outputs(model, analysis, device) == wanted(analysis)
    return model


def learning(model: nn.Module, analysis: Analysis) -> Counter[tuple[int, ...]]:
    """The output shapes of all modules that hold parameters of their own, in a run."""
    seen: Counter[tuple[int, ...]] = Counter()
    for module in model.modules():
        if next(module.parameters(recurse=False), None) is not None:
            module.register_forward_hook(lambda _m, _i, out: seen.update([tuple(out.shape[1:])]))
    outputs(model, analysis, "meta")
    return seen


# --- the networks that come with cnncalc --------------------------------------------------------


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_agrees_in_every_tensor_and_output(name: str) -> None:
    analysis = analyse(load(name))
    model = agrees(analysis)
    facts = analysis.facts.values()
    assert learning(model, analysis) == Counter(one.output for one in facts if one.weights)


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_can_be_exported_by_torch(name: str) -> None:
    """The way back: `torch.export` reads what was written."""
    analysis = analyse(load(name))
    model = built(analysis)
    inputs = tuple(torch.zeros(2, *shape, device="meta") for shape in analysis.network.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(model, inputs, strict=False)
    assert tensors(program.named_parameters()) == stated(analysis, "weights")


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_keeps_its_structure(name: str) -> None:
    """Blocks stay classes: what is written for the spec is no longer than the spec's own layers and blocks."""
    analysis = analyse(load(name))
    code = export(analysis, "pytorch")
    assert len(code.splitlines()) < 120
    blocks = named_specs()[name].blocks[0]
    called = {layer.split(".")[-2].rsplit("_", 1)[0] for layer in analysis.facts if "." in layer}
    assert code.count("\nclass ") <= 1 + len(blocks) + 3
    assert code.count("\nclass ") >= 1 + len(called & {*blocks})


def test_names_are_those_of_the_spec() -> None:
    """Straight blocks carry the spec's own names into the state dict, through loops too."""
    analysis = analyse(load("vgg16_bn"))
    ours = {f"{name}.{key}" for name, facts in analysis.facts.items() for key in facts.weights}
    assert {name for name, _ in built(analysis).named_parameters()} == ours


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("resnet50", {"classes": 10, "d3": 23}),
        ("resnet18", {"width": 96, "d1": 1}),
        ("densenet121", {"growth": 48, "d3": 36, "d4": 24}),
        ("vgg16", {"d3": 4, "d5": 1}),
        ("googlenet", {"classes": 7}),
        ("lenet5_pytorch", {"colors": 3, "classes": 26}),
        ("unet", {"classes": 5}),
        ("nin", {"classes": 100}),
    ],
)
def test_arguments_mean_what_the_symbols_mean(name: str, symbols: dict[str, int]) -> None:
    """The class of the usual network, called with other values, is the network with those values."""
    other = analyse(load(name), **symbols)
    model = built(analyse(load(name)), **symbols)
    assert tensors(model.named_parameters()) == stated(other, "weights")
    assert outputs(model, other, "meta") == wanted(other)


# --- drawn networks -----------------------------------------------------------------------------


@given(networks())
@settings(suppress_health_check=SLOW)
def test_drawn_networks_agree(network: Network) -> None:
    agrees(Analysis(network), "cpu")


@given(specs_with_blocks())
@settings(suppress_health_check=SLOW)
def test_drawn_specs_with_blocks_agree(spec: dict[str, Any]) -> None:
    try:
        analysis = analyse(load(spec))
    except ValueError:
        assume(False)
        raise
    agrees(analysis)


@given(specs_with_blocks(), st.data())
@settings(suppress_health_check=SLOW)
def test_drawn_arguments_mean_what_the_symbols_mean(spec: dict[str, Any], data: st.DataObject) -> None:
    try:
        usual = analyse(load(spec))
        code = export(usual, "pytorch")
        main = network_class(code)
        accepted = main.__init__.__code__.co_varnames[1 : main.__init__.__code__.co_argcount]
        symbols = {name: data.draw(st.integers(1, 5)) for name in accepted if name in usual.network.symbols}
        other = analyse(load(spec), **symbols)
    except ValueError:
        assume(False)
        raise
    with torch.device("meta"):
        model = main(**symbols).eval()
    assert tensors(model.named_parameters()) == stated(other, "weights")
    assert outputs(model, other, "meta") == wanted(other)


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_every_kind_is_written_and_agrees(name: str, data: st.DataObject) -> None:
    x = data.draw(shapes((2,) if name in PLANAR else (1, 2, 3)))
    x = (x[0] * 4, *x[1:]) if name in ("pixel_shuffle", "glu") else x
    x = x[:1] if name == "radial_basis" else x
    layer = data.draw(layers(x, [name]))
    network = Network("one", {"input": x}, {"one": Node(layer, ("input",))}, ("one",))
    try:
        analysis = Analysis(network)
    except ShapeError:
        assume(False)
        raise
    agrees(analysis, "cpu")
