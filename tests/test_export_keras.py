"""Generated Keras source, run on Keras 3 with PyTorch behind it: parameters and shapes agree with the spec.

Keras counts running statistics as non-trainable weights: what cnncalc calls buffers.
"""

import importlib.util
import math
import os
import warnings
from collections import Counter
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnncalc import load
from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.rules import ShapeError
from cnncalc.export import Unsupported, export
from cnncalc.layers import FAMILY_OF
from cnncalc.network import Network, Node, part_of
from cnncalc.spec.load import named_specs
from cnncalc.strategies import APART, JOINING, SINGLE, layers, networks, shapes
from tests.specs_with_blocks import specs_with_blocks

if importlib.util.find_spec("keras") is None:
    pytest.skip("keras is not installed: pip install 'cnncalc[keras]'", allow_module_level=True)
os.environ["KERAS_BACKEND"] = "torch"
import torch

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PLANAR = ("im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align")
SPECS = list(named_specs())
NEVER = {"locally_connected", "lp_pool", "max_unpool", "roi_pool", "roi_align"}
"""Kinds that Keras has nothing for."""


def made(code: str, **symbols: int) -> Any:
    """The model that generated source, our own, makes on the meta device."""
    module = ModuleType("generated")
    exec(compile(code, "generated", "exec"), module.__dict__)
    functions = [one for one in vars(module).values() if getattr(one, "__module__", "") == "generated"]
    with warnings.catch_warnings(), keras.device("meta"):
        warnings.simplefilter("ignore")
        return functions[-1](**symbols)


def last(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (*shape[1:], shape[0])


def agrees(model: Any, analysis: Analysis) -> None:
    """Trainable and non-trainable counts, and the shapes of the results, channels last."""
    fixed = [weight for weight in model.non_trainable_weights if "seed_generator" not in weight.path]
    counts = sum(math.prod(one.shape) for one in model.trainable_weights), sum(math.prod(one.shape) for one in fixed)
    frozen = analysis.params - analysis.trainable
    assert counts == (analysis.trainable, analysis.buffers + frozen)
    assert [tuple(one.shape[1:]) for one in model.outputs] == [
        last(analysis.shapes[one]) for one in analysis.network.outputs
    ]


def runs(model: Any, analysis: Analysis) -> None:
    """Keras's own arithmetic of shapes is held against a run."""
    images = [torch.zeros(2, *last(shape)) for shape in analysis.network.inputs.values()]
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = model(images if len(images) > 1 else images[0])
    shapes_ = [tuple(one.shape[1:]) for one in (out if isinstance(out, list) else [out])]
    assert shapes_ == [last(analysis.shapes[one]) for one in analysis.network.outputs]


def model_of(analysis: Analysis, device: str = "meta") -> Any:
    try:
        code = export(analysis, "keras")
    except Unsupported:
        assume(False)
        raise
    module = ModuleType("generated")
    exec(compile(code, "generated", "exec"), module.__dict__)
    functions = [one for one in vars(module).values() if getattr(one, "__module__", "") == "generated"]
    with warnings.catch_warnings(), keras.device(device):
        warnings.simplefilter("ignore")
        return functions[-1]()


def written(analysis: Analysis) -> str:
    """The source, or a skip that says which layer Keras has nothing for."""
    try:
        return export(analysis, "keras")
    except Unsupported as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_agrees_in_parameters_and_outputs(name: str) -> None:
    analysis = analyse(load(name))
    agrees(made(written(analysis)), analysis)


@pytest.mark.parametrize("name", SPECS)
def test_layers_with_weights_make_the_shapes_of_the_spec(name: str) -> None:
    """Layer by layer, as far as a layer of Keras stands for a layer of the spec."""
    analysis = analyse(load(name))
    model = made(written(analysis))
    kinds = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.BatchNormalization,
             keras.layers.Conv2DTranspose)  # fmt: skip
    theirs = Counter(tuple(one.output.shape[1:]) for one in model.layers if isinstance(one, kinds))
    learned = ("conv", "conv_transpose", "linear", "batch_norm")
    nodes = analysis.network.nodes
    ours = Counter(last(facts.output) for one, facts in analysis.facts.items() if nodes[one].layer.kind in learned)
    if name not in ("lenet5_1998", "dcgan_generator"):  # written with small convolutions; with a crop after the layer
        assert theirs == ours


REFUSED = {
    "convnext_tiny",
    "convnext_small",
    "convnext_base",
    "convnext_large",
    "deconvnet",
    "enet",
    "fast_rcnn",
    "faster_rcnn",
    "googlenet_aux",
    "inception_v3_aux",
    "mask_rcnn",
    "rcnn",
    "resnet50",
    "resnet101",
    "resnet152",
    "resnext50_32x4d",
    "resnext101_32x8d",
    "resnext101_64x4d",
    "wide_resnet50_2",
    "wide_resnet101_2",
    "segnet",
    "unshared_alexnet_conv1",
    "unshared_lenet5_c1",
}


def test_every_shipped_spec_can_be_written() -> None:
    """All but those with layers that Keras has not: bare parameters, regions, dilation with strides, unpooling."""
    refused = set()
    for name in SPECS:
        try:
            export(analyse(load(name)), "keras")
        except Unsupported:
            refused.add(name)
    assert refused == REFUSED


@pytest.mark.parametrize(
    ("name", "symbols"),
    [("resnet50", {"classes": 10, "d2": 2}), ("densenet121", {"growth": 16, "d1": 2, "d2": 2, "d3": 2, "d4": 2}),
     ("vgg16", {"classes": 9}), ("unet", {"classes": 4}), ("lenet5_pytorch", {"colors": 3})],
)  # fmt: skip
def test_arguments_mean_what_the_symbols_mean(name: str, symbols: dict[str, int]) -> None:
    agrees(made(export(analyse(load(name)), "keras"), **symbols), analyse(load(name), **symbols))


@given(networks())
@settings(suppress_health_check=SLOW, max_examples=100)
def test_drawn_networks_agree(network: Network) -> None:
    analysis = Analysis(network)
    model = model_of(analysis, "cpu")
    agrees(model, analysis)
    if not any(isinstance(one, keras.layers.Dropout) for one in model.layers):
        runs(model, analysis)


@given(specs_with_blocks())
@settings(suppress_health_check=SLOW, max_examples=60)
def test_drawn_specs_with_blocks_agree(spec: dict[str, Any]) -> None:
    try:
        analysis = analyse(load(spec))
    except ValueError:
        assume(False)
        raise
    agrees(model_of(analysis), analysis)


def drawn(data: st.DataObject, name: str) -> Analysis:
    """A network of one layer of a kind."""
    x = data.draw(shapes((2,) if name in PLANAR else (1, 2, 3)))
    x = (x[0] * 4, *x[1:]) if name in ("pixel_shuffle", "glu") else x
    x = x[:1] if name == "radial_basis" else x
    layer = data.draw(layers(x, [name]))
    try:
        return Analysis(Network("one", {"input": x}, {"one": Node(layer, ("input",))}, (part_of("one")[0],)))
    except ShapeError:
        assume(False)
        raise


@pytest.mark.parametrize("name", [one for one in SINGLE if one not in NEVER])
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=SLOW)
def test_every_kind_agrees_where_keras_has_it(name: str, data: st.DataObject) -> None:
    analysis = drawn(data, name)
    model = model_of(analysis, "cpu")
    agrees(model, analysis)
    runs(model, analysis)


def test_layers_that_lead_nowhere_are_refused() -> None:
    spec = {"input": [3, 8, 8], "outputs": ["stem"], "layers": ["conv 4 3x3 as stem", "relu", "conv 2 1x1 as lost"]}
    with pytest.raises(Unsupported, match=r"^lost \(conv\): Keras leaves out"):
        export(analyse(load(spec)), "keras")


@pytest.mark.parametrize("name", sorted(NEVER))
@given(data=st.data())
@settings(max_examples=5, suppress_health_check=SLOW)
def test_what_keras_lacks_is_said_with_the_layers_name(name: str, data: st.DataObject) -> None:
    with pytest.raises(Unsupported, match=rf"^one \({name}\): Keras "):
        export(drawn(data, name), "keras")


def test_every_kind_is_tried() -> None:
    assert {*SINGLE, *JOINING, *APART} == {*FAMILY_OF}


TENSORS: dict[str, tuple[dict[str, Any], Callable[[torch.Tensor], torch.Tensor]]] = {
    "a matrix product": (
        {"input": [3, 5], "layers": ["permute 2x1 as t", {"matmul": {"from": "input", "with": "t"}}]},
        lambda x: x @ x.transpose(1, 2)),
    "matrix products side by side": (
        {"input": [2, 3, 5], "layers": ["permute 1x3x2 as t", {"matmul": {"from": "input", "with": "t"}}]},
        lambda x: x @ x.transpose(2, 3)),
    "joined along another axis": (
        {"input": [2, 3, 5], "layers": ["softmax dim=3 as a", {"concat": {"from": "a", "with": "input", "dim": 2}}]},
        lambda x: torch.cat([x.softmax(3), x], dim=2)),
    "cut along another axis": (
        {"input": [2, 4, 5], "layers": ["split 2 dim=2 as a", "log_softmax dim=2 from=a[1]"]},
        lambda x: x[:, :, 2:].log_softmax(2)),
    "a norm over the channels": (
        {"input": [2, 4, 5], "layers": [{"reduce": {"dims": [1], "function": "norm"}}]}, lambda x: x.norm(dim=1)),
    "a mean over two axes": ({"input": [2, 4, 5], "layers": [{"reduce": {"dims": [1, 3]}}]}, lambda x: x.mean((1, 3))),
    "differences": (
        {"input": [2, 4, 5], "layers": [
            "sigmoid as a", {"elementwise": {"function": "subtract", "from": "a", "with": "input"}}]},
        lambda x: x.sigmoid() - x),
}  # fmt: skip


@pytest.mark.parametrize("name", TENSORS)
def test_plain_tensors_compute_what_pytorch_computes(name: str) -> None:
    spec, function = TENSORS[name]
    analysis = analyse(load(spec))
    x = torch.randn(2, *analysis.network.input)
    with torch.no_grad():
        found, wanted = model_of(analysis, "cpu")(x.movedim(1, -1)), function(x)
    assert torch.allclose(found, wanted.movedim(1, -1), atol=1e-5)


@pytest.mark.parametrize(
    ("layers_", "refused"),
    [
        (["relu as x", "parameter 3x1x1 as scale", {"add": {"from": "x", "with": "scale"}}], r"^scale \(parameter\)"),
        (["opaque output=3x4x4 as box"], r"^box \(opaque\)"),
        ([{"reduce": {"dims": [2], "function": "std", "name": "spread"}}], r"^spread \(reduce\)"),
        (["conv 3 1x1 as one", "conv 3 1x1 shares=one as two"], r"^two \(conv\)"),
        (["conv 3 1x1 fixed as blur"], r"^blur \(conv\)"),
    ],
)
def test_what_keras_cannot_hold_is_refused_by_name(layers_: list[Any], refused: str) -> None:
    with pytest.raises(Unsupported, match=refused):
        export(analyse(load({"input": [3, 8, 8], "layers": layers_})), "keras")


def test_fixed_windows_are_not_trained() -> None:
    analysis = analyse(load({"input": [4, 8, 8], "layers": ["conv 4 3x3 groups=4 nobias fixed", "conv 2 3x3"]}))
    agrees(made(export(analysis, "keras")), analysis)
