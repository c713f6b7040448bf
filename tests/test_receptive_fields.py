"""Receptive fields against the footprint that a real run in PyTorch leaves, and published values."""

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.windows import ONE, Field, Window, aligned, joined, sliding, spreading, through
from cnncalc.layers.joining import Multiply
from cnncalc.network import Network
from cnncalc.pytorch.build import Built
from cnncalc.spec.load import load
from cnncalc.strategies import networks

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
TRACEABLE = ("conv", "conv_transpose", "avg_pool", "max_pool", "upsample", "pad", "crop", "slice", "adaptive_avg_pool",
             "adaptive_max_pool", "locally_connected", "identity", "dropout")  # fmt: skip


def footprint(network: Network) -> torch.Tensor:
    """Which input each output depends on, by running one-hot inputs through positive weights: a
    (positions out, positions in) matrix for a network with one spatial axis."""
    analysis = Analysis(network)
    channels, n = network.input
    built = Built(analysis).double().eval()
    with torch.no_grad():
        for module in built.modules():
            for parameter in module.parameters(recurse=False):
                parameter.fill_(1.0)
            if isinstance(module, nn.modules.conv._ConvNd) or hasattr(module, "bias"):
                bias = getattr(module, "bias", None)
                if isinstance(bias, torch.Tensor):
                    bias.zero_()
        one_hot = torch.eye(n, dtype=torch.float64)[:, None, :].expand(n, channels, n)
        out = next(out for name, out in built.run(one_hot) if name == network.outputs[0])
    return (out.nan_to_num(0, 0, 0).abs().sum(1) > 0).T


@given(networks(ranks=(1,), kinds=TRACEABLE, depth=7))
@settings(max_examples=400, suppress_health_check=SLOW)
def test_reach_is_the_footprint_of_a_run(network: Network) -> None:
    """Every position, borders included: exactly the inputs that change the output."""
    assume(all(_positive(node.layer) for node in network.nodes.values()))
    analysis = Analysis(network)
    measured = footprint(network)
    for i in range(analysis.output[1]):
        reached = analysis.reach(network.outputs[0], (i,)).get("input", ((),))[0]
        assert list(reached) == measured[i].nonzero().flatten().tolist()


def _positive(layer: object) -> bool:
    """Kinds through which a single one shows: no product with zeros, no cubic weights, which cancel."""
    if isinstance(layer, Multiply):
        return False
    mode = getattr(layer, "mode", "")
    return mode != "bicubic" and not (mode == "linear" and getattr(layer, "align_corners", False))


@given(networks(ranks=(1,), kinds=("conv", "conv_transpose", "max_pool", "upsample"), depth=6, branches=False))
@settings(max_examples=300, suppress_health_check=SLOW)
def test_the_unclipped_field_holds_in_the_interior(network: Network) -> None:
    """Where no border is in the way, the field is the hull of what a position reaches."""
    assume(all(_positive(node.layer) for node in network.nodes.values()))
    analysis = Analysis(network)
    last = network.outputs[0]
    field = analysis.fields.of(last)[0]
    assume(field is not None)
    for i in range(analysis.output[1]):
        span = field.span(i)
        reached = analysis.reach(last, (i,)).get("input", ((),))[0]
        if span is None:
            assert reached == ()
        elif reached:
            assert span[0] <= reached[0]
            assert reached[-1] <= span[1]


LONG = "1x400 -> {}"
CHAINS = [
    "conv 1 3 padding=1 -> conv 1 3 stride=2 padding=1 -> conv_transpose 1 2 stride=2 -> conv 1 3 padding=1",
    "conv 1 5 -> max_pool 2 -> conv 1 5 -> max_pool 2",
    "max_pool 2 -> upsample 2 -> conv 1 3 padding=1 -> max_pool 3 stride=2 -> upsample 2",
    "conv 1 3 dilation=2 padding=2 -> conv_transpose 1 4 stride=2 padding=1 -> conv_transpose 1 4 stride=2 padding=1",
    "avg_pool 4 -> upsample 1.5 -> conv 1 3 -> upsample 3",
    "conv_transpose 1 2 stride=3 -> conv 1 2",
]


@pytest.mark.parametrize("chain", CHAINS)
def test_interior_positions_reach_exactly_the_field(chain: str) -> None:
    analysis = analyse(load(LONG.format(chain)))
    last = analysis.network.outputs[0]
    field = analysis.fields.of(last)[0]
    assert field is not None
    middle = analysis.output[1] // 2
    for i in range(middle - 20, middle + 20):
        reached = analysis.reach(last, (i,)).get("input", ((),))[0]
        assert field.span(i) == ((reached[0], reached[-1]) if reached else None)


windows = st.one_of(
    st.builds(sliding, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3)),
    st.builds(spreading, st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3)),
)


@given(st.lists(windows, max_size=5), st.integers(-40, 40))
def test_composed_fields_equal_composed_taps(chain: list[Window], i: int) -> None:
    """Carrying hulls forward gives the hull of walking the taps backward, phases included."""
    field: Field | None = ONE
    for window in chain:
        field = through(field, window)
    assume(field is not None)
    reached = {i}
    for window in reversed(chain):
        reached = {x for j in reached for x in window.taps(j)}
    assert field.span(i) == ((min(reached), max(reached)) if reached else None)


@given(st.lists(windows, max_size=3), st.lists(windows, max_size=3), st.integers(-20, 20))
def test_joined_fields_are_hulls_of_both(left: list[Window], right: list[Window], i: int) -> None:
    a: Field | None = ONE
    b: Field | None = ONE
    for window in left:
        a = through(a, window)
    for window in right:
        b = through(b, window)
    assume(a is not None and b is not None)
    both = joined(a, b, 1000)
    if both is None:
        assert a.shift * b.period != b.shift * a.period
        return
    spans = [span for span in (a.span(i), b.span(i)) if span]
    wanted = (min(lo for lo, _ in spans), max(hi for _, hi in spans)) if spans else None
    assert both.span(i) == wanted
    if a == b:
        assert aligned(a, b)


def chain(*layers: str) -> list[tuple[int, int]]:
    analysis = analyse(load(" -> ".join(["1x64x64", *layers])))
    return [(layer.receptive_field[0], layer.jump[0]) for layer in analysis]


def test_stacked_3x3_of_the_course() -> None:
    assert [size for size, _ in chain(*["conv 1 3x3"] * 6)] == [3, 5, 7, 9, 11, 13]


def test_conv_and_pool_exercise_of_the_course() -> None:
    assert chain(*["conv 1 3x3", "max_pool 2x2"] * 3) == [(3, 1), (4, 2), (8, 2), (10, 4), (18, 4), (22, 8)]


def test_dilated_stack_doubles() -> None:
    layers = [f"conv 1 3x3 dilation={2**i} padding={2**i}" for i in range(6)]
    assert chain(*layers)[-1] == (127, 1)


PUBLISHED = [
    ("conv 1 3x3 -> conv 1 3x3 stride=2 -> max_pool 2x2 -> conv 1 3x3 dilation=2", 23, 4, "codingace.net"),
    ("conv 1 7x7 stride=2 padding=3 -> max_pool 3x3 stride=2 padding=1 -> avg_pool 3x3 stride=2 padding=1", 19, 8,
     "Fangyh09/pytorch-receptive-field README"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "size", "jump", "source"), PUBLISHED)
def test_published_chains(layers: str, size: int, jump: int, source: str) -> None:
    last = list(analyse(load(f"1x256x256 -> {layers}")))[-1]
    assert (last.receptive_field[0], last.jump[0]) == (size, jump), source


def test_the_original_unet_sees_188_or_204_pixels_by_phase() -> None:
    """188 for a quarter of the positions, 204 for the others; the bottleneck sees 140."""
    analysis = analyse(load("unet"))
    last = analysis.fields.of(analysis.network.outputs[0])[0]
    assert last is not None
    assert sorted(set(last.sizes)) == [188, 204]
    assert last.sizes.count(188) * 4 == last.period
    assert last.jump == 1


GATED = {
    "input": [4, 32, 32],
    "layers": [
        "conv 8 3x3 padding=1",
        {"multiply": [[], ["global_avg_pool keepdims", "conv 2 1x1", "relu", "conv 8 1x1", "sigmoid"]]},
        "conv 8 3x3",
    ],
}


def test_gates_are_reported_with_and_without() -> None:
    analysis = analyse(load(GATED))
    last = analysis.network.outputs[0]
    assert analysis.fields.gated
    assert analysis[last].receptive_field[0] >= 32
    without = analysis.fields_without_gates.of(last)[0]
    assert without is not None
    assert without.size == 5
    assert analysis.reach(last, (10, 10))["input"][0] == tuple(range(32))


MISALIGNED = {"input": [1, 16, 16], "layers": [{"concat": [["conv 1 3x3 padding=1 stride=2"], ["conv 1 1x1 stride=2"],
                                                           ["conv 1 2x2 stride=2"]]}]}  # fmt: skip


def test_misaligned_branches_are_reported() -> None:
    analysis = analyse(load(MISALIGNED))
    assert analysis.fields.misaligned == ("concat_1",)
    assert analysis["concat_1"].receptive_field == (3, 3)


def test_branches_of_different_strides_have_no_one_field() -> None:
    spec = {"input": [1, 8, 8], "layers": [{"add": [["slice height=0:4 width=0:4"], ["max_pool 2x2"]]}]}
    analysis = analyse(load(spec))
    assert analysis["add_1"].receptive_field == (None, None)
    assert analysis.reach("add_1", (3, 3))["input"] == ((3, 6, 7), (3, 6, 7))
