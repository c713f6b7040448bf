"""The cross-check against PyTorch: that it agrees where it should, and that every part of it can say no."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnncalc import analysis as analysis_room
from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.records import changed
from cnncalc.exact.windows import Field
from cnncalc.layers import Facts
from cnncalc.layers.convolution import Conv
from cnncalc.layers.joining import Add, Split
from cnncalc.network import Network, Node
from cnncalc.pytorch import devices, fields, passes
from cnncalc.pytorch.build import Built
from cnncalc.pytorch.check import Wanted, check, steps
from cnncalc.pytorch.devices import TooLarge
from cnncalc.pytorch.marks import measured
from cnncalc.pytorch.probes import probe, probed
from cnncalc.pytorch.report import Report
from cnncalc.pytorch.storages import Storages
from cnncalc.receptive import Fields, Seen
from cnncalc.spec.load import load
from cnncalc.strategies import networks
from tests.commands import invoke

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
CUDA = pytest.param(
    "cuda", marks=[pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]
)
DEVICES = ["cpu", CUDA]
SMALL = (
    "3x20x20 -> conv 8 3x3 padding=1 -> batch_norm -> relu -> max_pool 2 -> conv 8 3x3 groups=2 -> flatten -> linear 5"
)


def net(spec: Any) -> Analysis:
    return analyse(load(spec))


def differing(report: Report) -> set[str]:
    """What kind of thing differs, figures and positions left out."""
    return {found.quantity.partition(" of ")[0] for found in report.differences}


# --- it agrees


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ["lenet5", "lenet5_1998", "resnet18", "alexnet_groups"])
def test_shipped_networks_agree(name: str, device: str) -> None:
    report = check(net(name), device)
    assert report.differences == []
    layers = len(net(name).facts)
    assert report.checked["layers"] == report.checked["shapes"] == layers
    assert report.checked["macs"] == 2 * layers + 2
    assert report.checked["fields"] > layers
    assert report.device.startswith(device)


@pytest.mark.parametrize("device", DEVICES)
def test_everything_at_once_agrees(device: str) -> None:
    found = net(SMALL)
    done: list[int] = []
    wanted = Wanted(latency=True, full=True)
    report = check(found, device, done.append, batch=3, wanted=wanted)
    assert report.differences == []
    assert report.checked["probes"] == 6
    assert report.measured["latency"]["median"] > 0
    assert report.batch == report.measured["inference"]["batch"] == 3
    assert sum(done) == steps(found, wanted)


@given(networks(depth=5))
@settings(max_examples=60, suppress_health_check=SLOW)
def test_random_networks_agree_when_all_is_asked_for(network: Network) -> None:
    report = check(Analysis(network), "cpu", batch=2, wanted=Wanted(full=True))
    assert report.agrees, report.differences


SPECS = [
    {"input": [2, 12, 12], "layers": ["conv 4 3x3 padding=1 padding_mode=reflect", "pad 2 mode=circular", "conv 4 3x3"]},
    {"input": [2, 12, 12], "layers": ["pad 2 mode=replicate", "conv 4 5x5 dilation=2 padding=4", "layer_norm over=last"]},
    {"input": [2, 9, 9], "layers": ["upsample 3 mode=bicubic", "conv 2 3x3", "upsample size=7 mode=bilinear"]},
    {"input": [4, 8, 8], "layers": ["max_pool 2 as p", "conv 4 3x3 padding=1", {"max_unpool": {"kernel_size": 2, "with": "p"}}]},
    {"input": [3, 8, 8], "layers": ["permute 2x3x1", "flatten", "linear 4"]},
    {"input": [4, 6, 6, 6], "layers": ["conv_transpose 2 1x1x1", "conv 3 3x3x3 stride=2 padding=1"]},
    {"input": [2, 2], "layers": ["reshape 1x4", "conv 2 3"]},
    {"input": [1, 6, 6], "layers": [{"pad": {"padding": [[0, 2], [1, 0]]}}, "conv 2 1x1"]},
    {"input": [4, 6, 6], "layers": ["conv 4 3x3 frozen=true", "relu", "conv 4 3x3 frozen=true", "conv 2 1x1"]},
]  # fmt: skip


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec["layers"][0]))
def test_unusual_networks_agree(spec: dict[str, Any]) -> None:
    try:
        found = net(spec)
    except ValueError as error:
        pytest.fail(str(error))
    for batch in (1, 2):
        assert check(found, "cpu", batch=batch, wanted=Wanted(full=True)).differences == []


# --- every part can say no


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Report]:
    """Check `SMALL` after changing what the analysis says of its second convolution."""

    def run(wanted: Wanted = Wanted(), **changes: Callable[[Facts], Any]) -> Report:  # noqa: B008 - immutable
        found = net(SMALL)
        name = "conv_2"
        facts = found.facts[name]
        found.facts[name] = changed(facts, **{field: change(facts) for field, change in changes.items()})
        found.shapes[name] = found.facts[name].output
        monkeypatch.setattr(passes, "receiving", lambda network: set(network.nodes))
        monkeypatch.setattr("cnncalc.pytorch.check.Built", lambda _: Built(net(SMALL)))
        return check(found, "cpu", wanted=wanted)

    return run


def test_a_wrong_shape_differs(wrong: Callable[..., Report]) -> None:
    report = wrong(output=lambda facts: (facts.output[0], 9, 8))
    assert "output" in differing(report)
    assert "bytes alive" in differing(report)
    assert "peak activations" not in differing(report)  # the peak lies elsewhere


def test_a_wrong_parameter_differs(wrong: Callable[..., Report]) -> None:
    report = wrong(weights=lambda facts: {"weight": (8, 8, 3, 3), "bias": (8,)})
    assert differing(report) == {"parameters", "params", "gradients"}
    renamed = wrong(weights=lambda facts: {"kernel": facts.weights["weight"], "bias": (8,)})
    assert "parameters" in differing(renamed)
    assert "params" not in differing(renamed)


def test_a_wrong_buffer_differs(wrong: Callable[..., Report]) -> None:
    assert differing(wrong(buffers=lambda facts: {"running_mean": (8,)})) == {"buffers"}


def test_wrong_macs_differ_forward_and_backward(wrong: Callable[..., Report]) -> None:
    report = wrong(macs=lambda facts: facts.macs + 1)
    assert differing(report) == {"macs", "backward macs"}
    found = {(one.layer, one.quantity): (one.cnncalc, one.pytorch) for one in report.differences}
    assert set(found) == {(layer, macs) for layer in ("conv_2", "total") for macs in ("macs", "backward macs")}
    forward, backward = found["conv_2", "macs"], found["conv_2", "backward macs"]
    assert forward[0] - forward[1] == 1
    assert backward[0] - backward[1] == 2


def test_a_wrong_window_differs_at_borders_and_far_from_them(
    wrong: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = wrong(windows=lambda facts: (changed(facts.windows[0], last=facts.windows[0].last + 1), facts.windows[1]))
    assert differing(report) == {"reach"}
    right = fields._enlarged

    def shifted(found: Analysis, longest: int) -> Analysis:
        larger = right(found, longest)
        for analysis in (larger, found):
            state = analysis.fields.states["conv_2"]
            first = state[0]
            assert first is not None
            assert first.field is not None
            spans = tuple((lo, hi + 1) for lo, hi in first.field.spans)
            analysis.fields.states["conv_2"] = (Seen(Field(first.field.shift, spans), first.axis), *state[1:])
        return larger

    monkeypatch.setattr(fields, "_enlarged", shifted)
    inside = check(net(SMALL), "cpu")
    assert differing(inside) == {"receptive field"}
    assert [found.layer for found in inside.differences] == ["conv_2"]


def test_probing_finds_a_wrong_field_and_says_what_is_right(wrong: Callable[..., Report]) -> None:
    def one_more(facts: Facts) -> Any:
        return (changed(facts.windows[0], first=facts.windows[0].first - 1), facts.windows[1])

    report = wrong(Wanted(backward=False, fields=False, full=True), windows=one_more)
    assert differing(report) == {"field"}
    middle = next(found for found in report.differences if "(4, 4)" in found.quantity)
    lowest = net(SMALL).reach("conv_2", (4, 4))["input"][0][0]
    assert (middle.cnncalc[0][0], middle.pytorch[0][0]) == (lowest - 2, lowest)


def test_a_wrong_number_type_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.pytorch.check.Built", lambda found: Built(found).half())
    monkeypatch.setattr(torch, "zeros", lambda *size, **more: torch.ones(*size, **more | {"dtype": torch.float16}))
    report = check(net("3x8x8 -> conv 4 3x3 -> relu"), "cpu", wanted=Wanted(backward=False, fields=False))
    assert {"number type", "parameter type", "bytes alive"} <= differing(report)
    found = {one.quantity: (one.cnncalc, one.pytorch) for one in report.differences}
    assert found["number type"] == ("float32", "float16")


def test_a_wrong_peak_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    real = analysis_room.memory
    monkeypatch.setattr(analysis_room, "memory", lambda *given: changed(real(*given), inference=12345))
    report = check(net("lenet5"), "cpu", wanted=Wanted(backward=False, fields=False))
    assert [(one.quantity, one.cnncalc) for one in report.differences] == [("peak activations of the summary", 12345)]


def test_a_gradient_that_does_not_come_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    def halted(found: Analysis) -> Built:
        built = Built(found)
        built.steps["conv_1"].requires_grad_(False)
        return built

    monkeypatch.setattr("cnncalc.pytorch.check.Built", halted)
    report = check(net("3x8x8 -> conv 4 3x3 -> relu -> conv 2 3x3"), "cpu", wanted=Wanted(fields=False))
    assert {(one.layer, one.quantity) for one in report.differences} == {
        ("conv_1", "backward macs"), ("conv_1", "gradients"), ("conv_2", "backward macs"), ("total", "backward macs"),
    }  # fmt: skip


def test_what_pytorch_refuses_to_run_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(found: Analysis) -> Built:
        built = Built(found)
        built.steps["linear_1"].in_features = 7
        built.steps["linear_1"].weight = nn.Parameter(torch.zeros(5, 7))
        return built

    monkeypatch.setattr("cnncalc.pytorch.check.Built", broken)
    report = check(net(SMALL), "cpu")
    assert "runs in PyTorch" in differing(report)
    assert "shapes cannot be multiplied" in report.differences[-1].pytorch


def test_a_kept_tensor_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounting notices a tensor that somebody holds on to."""
    kept: list[Any] = []

    def holding(found: Analysis) -> Built:
        built = Built(found)
        built.steps["relu_1"].register_forward_hook(lambda module, given, out: kept.append(out))
        return built

    monkeypatch.setattr("cnncalc.pytorch.check.Built", holding)
    report = check(net(SMALL), "cpu", wanted=Wanted(backward=False, fields=False))
    assert {one.layer for one in report.differences} == {"conv_2", "flatten_1", "linear_1"}


# --- backward MACs


def grouped_by_hand(layer: nn.Module, x: torch.Tensor) -> float:
    """The backward MACs of a grouped convolution, each group run as a convolution of its own."""
    groups, weight = layer.groups, layer.weight
    transposed = isinstance(layer, nn.modules.conv._ConvTransposeNd)
    run = nn.functional.conv_transpose2d if transposed else nn.functional.conv2d
    total = 0
    for part, kernel in zip(x.chunk(groups, 1), weight.chunk(groups, 0), strict=True):
        part, kernel = part.detach().requires_grad_(), kernel.detach().requires_grad_()
        out = run(part, kernel, None, layer.stride, layer.padding)
        with FlopCounterMode(display=False) as counter:
            out.sum().backward()
        total += counter.get_total_flops()
    return total / 2


@pytest.mark.parametrize(("channels", "out", "groups"), [(8, 8, 1), (8, 8, 2), (8, 16, 4), (8, 8, 8), (12, 6, 3)])
@pytest.mark.parametrize("kind", ["conv", "conv_transpose"])
def test_grouped_backward_macs_are_those_of_the_groups_one_by_one(
    kind: str, channels: int, out: int, groups: int
) -> None:
    spec = (
        f"{channels}x9x7 -> conv {channels} 1x1 as first -> {kind} {out} 3x3 stride=2 padding=1 groups={groups} as it"
    )
    found = net(spec)
    layer = Built(found).steps["it"]
    assert found.backward["it"] == grouped_by_hand(layer, torch.zeros(1, channels, 9, 7)) == 2 * found.macs_of("it")
    assert check(found, "cpu").differences == []


def test_flop_counter_mode_still_forgets_groups() -> None:
    """The reason for counting group by group; when this fails, PyTorch has mended it."""
    layer = nn.Conv2d(8, 8, 3, groups=8)
    x = torch.zeros(1, 8, 9, 9, requires_grad=True)
    out = layer(x)
    with FlopCounterMode(display=False) as counter:
        out.sum().backward()
    assert counter.get_total_flops() / 2 == 9 * layer(x).numel() * 9


BACKWARD = [
    # the first layer has no input gradient to compute
    ("3x8x8 -> conv 4 3x3", {"conv_1": 1}),
    ("3x8x8 -> conv 4 3x3 -> conv 4 3x3", {"conv_1": 1, "conv_2": 2}),
    # something is learned in front of the second convolution, though the first is frozen
    ("3x8x8 -> conv 4 3x3 frozen=true -> conv 4 3x3", {"conv_1": 0, "conv_2": 1}),
    ("3x8x8 -> conv 4 3x3 frozen=true -> batch_norm -> conv 4 3x3", {"conv_1": 0, "conv_2": 2}),
    ("3x8x8 -> conv 4 3x3 -> conv 4 3x3 frozen=true -> conv 4 3x3", {"conv_1": 1, "conv_2": 1, "conv_3": 2}),
    ("3x8x8 -> prelu -> conv 4 3x3", {"conv_1": 2}),
    ("3x8x8 -> flatten -> linear 4 -> linear 3", {"linear_1": 1, "linear_2": 2}),
]


@pytest.mark.parametrize(("spec", "gradients"), BACKWARD)
def test_only_gradients_that_are_wanted_are_computed(spec: str, gradients: dict[str, int]) -> None:
    found = net(spec)
    assert {name: found.backward[name] for name in gradients} == {
        name: times * found.macs_of(name) for name, times in gradients.items()
    }
    assert found.macs_backward == sum(found.backward.values())
    assert check(found, "cpu", wanted=Wanted(fields=False)).differences == []


def test_several_inputs_and_outputs_agree() -> None:
    conv, split = Conv(out_channels=4, kernel_size=3, padding=1), Split(sections=2)
    nodes = {
        "left": Node(conv.but(stride=2), ("a",)),
        "right": Node(conv, ("b",)),
        "sum": Node(Add(), ("left", "right")),
        "cut": Node(split, ("sum",)),
        "last": Node(conv.but(groups=2), ("cut[1]",)),
    }
    found = Analysis(Network("two", {"a": (3, 16, 16), "b": (4, 8, 8)}, nodes, ("last", "right", "cut[0]")))
    report = check(found, "cpu", wanted=Wanted(full=True))
    assert report.differences == []
    assert report.checked["fields"] == 3 * len(nodes)


def test_a_layer_nobody_learns_from_has_no_backward_pass() -> None:
    spec = {
        "input": [3, 8, 8],
        "layers": ["conv 4 3x3 as a", "conv 2 3x3 as b", {"conv": {"out_channels": 5, "kernel_size": 1, "from": "a", "name": "c"}}],
        "outputs": ["b"],
    }  # fmt: skip
    found = net(spec)
    assert found.backward["c"] == 0
    assert check(found, "cpu").differences == []


# --- memory


def test_the_ledger_adds_up_to_what_autograd_keeps() -> None:
    training = check(net("alexnet"), "cpu", wanted=Wanted(fields=False)).measured["training"]
    forward = training["why"][:-1]
    assert training["activations_predicted"] + sum(line["bytes"] for line in forward) == training["activations_kept"]
    assert training["predicted"] + sum(line["bytes"] for line in training["why"]) == training["measured"]
    assert any("dropout" in line["what"] for line in forward)


def test_what_is_kept_is_what_autograd_saves() -> None:
    """A second way to the same figure: PyTorch's hooks on saved tensors."""
    found = net(SMALL)
    built = Built(found).train()
    known = {tensor.untyped_storage().data_ptr() for tensor in (*built.parameters(), *built.buffers())}
    saved: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            saved[storage.data_ptr()] = storage.nbytes()
        return tensor

    x = torch.zeros(1, *found.network.input)
    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        outs = [out for name, out in built.run(x) if name == "linear_1"]
    everything = saved | {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in (x, *outs)}
    kept = check(found, "cpu", wanted=Wanted(fields=False)).measured["training"]["activations_kept"]
    assert sum(everything.values()) == kept


def test_storages_count_views_once_and_forget_what_is_freed() -> None:
    with Storages() as storages:
        a = torch.zeros(100)
        assert (storages.live, storages.blocks) == (400, 512)
        b = a.view(10, 10)[2:]
        assert storages.live == 400
        c = b + 1
        assert (storages.live, storages.peak, storages.blocks) == (400 + 320, 720, 1024)
        del a, b
        assert (storages.live, storages.peak) == (320, 720)
        del c
        assert (storages.live, storages.blocks) == (0, 0)


def test_storages_leave_out_what_is_known() -> None:
    weight = torch.zeros(10)
    with Storages([weight]) as storages:
        weight.view(2, 5)
        assert storages.live == 0


@pytest.mark.parametrize("device", DEVICES)
def test_inference_memory_is_exact_between_layers(device: str) -> None:
    found = check(net("resnet18"), device, batch=2, wanted=Wanted(backward=False, fields=False)).measured["inference"]
    assert found["predicted"] == found["between_layers"] == 2 * net("resnet18").memory().inference
    if device == "cuda":
        seen = found["allocator"]
        assert seen["allocated"] >= seen["requested"] >= found["between_layers"]
        assert seen["tensors_in_blocks"] >= seen["tensors"]


def test_allocator_figures_are_over_what_was_there_before() -> None:
    """CUDA's statistics, as `torch.cuda.memory_stats` names them."""
    with Storages() as storages, devices.Allocator("cpu") as allocator:
        torch.zeros(100), torch.zeros(300)
    assert allocator.figures(storages) == {}
    allocator.before = {"requested_bytes.all.current": 1000, "allocated_bytes.all.current": 1024}
    allocator.after = {"requested_bytes.all.peak": 3000, "allocated_bytes.all.peak": 4096}
    seen = allocator.figures(storages)["allocator"]
    assert (seen["requested"], seen["allocated"]) == (2000, 3072)
    assert (seen["tensors"], seen["tensors_in_blocks"]) == (1600, 512 + 1536)
    assert seen["workspaces"] == 400


def test_counts_for_one_image_stay_whole() -> None:
    assert passes.per_image(6 * 10**20, 3) == 10**20
    assert isinstance(passes.per_image(6 * 10**20, 3), int)
    assert passes.per_image(7, 1) == 3.5


# --- fields


def test_marks_are_the_footprint_of_a_real_run() -> None:
    """Dependency by ones in place of weights against dependency by not-a-number in the real network."""
    found = net(
        "2x17x15 -> conv 3 3x3 stride=2 padding=1 -> max_pool 3 stride=2 ceil_mode=true -> conv_transpose 2 4x4 stride=2"
    )
    built = Built(found).eval()
    marks = dict(measured(found))
    last = "conv_transpose_1"
    for position in [(0, 0), (3, 4), (9, 7)]:
        seen = [one.hull(position[axis]) for axis, one in enumerate(marks[last]) if one is not None]
        assert seen == probe(found, built, last, position, "cpu")


@given(
    networks(ranks=(1,), depth=5, kinds=("conv", "max_pool", "avg_pool", "adaptive_avg_pool", "group_norm", "slice"))
)
@settings(max_examples=60, suppress_health_check=SLOW)
def test_probing_agrees_with_reach_everywhere(network: Network) -> None:
    found = Analysis(network)
    assume(probed(found))
    built = Built(found).eval()
    with torch.no_grad():
        for name, position in probed(found):
            reached = found.reach(name, position).get("input", ((),))[0]
            n = network.input[1]
            ours = [(reached[0], reached[-1])] if reached else [(n, -1)]
            assert probe(found, built, name, position, "cpu") == ours
            assert probe(found, built, name, position, "cpu", guess=[(0, n - 1)]) == ours


def test_what_carries_not_a_number_too_far_is_not_probed() -> None:
    for spec in ("3x8x8 -> upsample 2 mode=bilinear", "3x8x8 -> batch_norm track_running_stats=false"):
        report = check(net(spec), "cpu", wanted=Wanted(full=True))
        assert report.agrees
        assert report.checked["probes"] == 0
        assert "not probed" in report.measured["probes"]


# --- what would not fit


TOO_LARGE = [
    (
        "3x32x32 -> flatten -> linear 1000000000",
        1,
        r"needs 22\.\d TiB on cpu \(3,073,000,000,000 parameters, batch 1\)",
    ),
    ("3x99999x99999 -> conv 64 3x3", 1, r"2\.\d TiB"),
    ("3x512x512 -> conv 64 3x3", 100_000, r"batch 100000"),
    ("3x2000x2000 -> conv 64 31x31 padding=15 -> conv 64 31x31 padding=15", 1, r"MACs would take hours"),
]


@pytest.mark.parametrize(("spec", "batch", "why"), TOO_LARGE)
def test_what_would_not_fit_is_refused_before_it_is_built(
    spec: str, batch: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "free_bytes", lambda device: 16 * 2**30)
    monkeypatch.setattr("cnncalc.pytorch.check.Built", lambda _: pytest.fail("it was built"))
    with pytest.raises(TooLarge, match=why):
        check(net(spec), "cpu", batch=batch)


def test_a_tensor_pytorch_cannot_address_is_refused_everywhere() -> None:
    with pytest.raises(TooLarge, match="cannot address"):
        check(net("3x2000000x2000000 -> conv 1000000 3x3"), "meta")


def test_the_training_step_may_be_what_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = net("vgg16").memory()
    forward = memory.parameters + memory.buffers + memory.inference
    monkeypatch.setattr(devices, "free_bytes", lambda device: int(forward / devices.FRACTION) + 10**6)
    with pytest.raises(TooLarge, match=r"--no-backward needs [\d.]+ MiB"):
        devices.refuse_if_too_large(net("vgg16"), "cpu", 1, backward=True)
    devices.refuse_if_too_large(net("vgg16"), "cpu", 1, backward=False)


def test_free_memory_is_what_the_machine_says() -> None:
    free = devices.free_bytes("cpu")
    with open("/proc/meminfo", encoding="ascii") as lines:
        total = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemTotal"))
    assert 0 < free <= total


def test_a_device_that_is_not_there_is_said() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    result = invoke(["check", "lenet5", "--device", "cuda"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no CUDA device" in result.stderr


# --- the command


def test_one_network_is_one_object_and_several_are_a_list() -> None:
    one = json.loads(invoke(["check", "lenet5", "--device", "cpu", "--json"]).stdout)
    assert one["schema"] == "cnncalc.check/1"
    assert {"status", "device", "checked", "differences"} <= one.keys()
    assert (one["status"], one["device"], one["differences"]) == ("agrees", "cpu", [])
    several = json.loads(invoke(["check", "lenet5", "lenet5_1998", "--device", "meta", "--json"]).stdout)
    assert (several["schema"], several["status"]) == ("cnncalc.checks/1", "agrees")
    assert [found["network"] for found in several["checks"]] == ["lenet5", "lenet5_1998"]


def test_a_refused_network_does_not_stop_the_others() -> None:
    huge = "3x99999x99999 -> conv 64 3x3"
    result = invoke(["check", huge, "lenet5", "--device", "cpu", "--json"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [found["network"] for found in document["checks"]] == ["lenet5"]
    assert "TiB" in document["refused"][0]["why"]
    assert "TiB" in result.stderr
    alone = invoke(["check", huge, "--device", "cpu", "--json"])
    assert (alone.exit_code, alone.stdout) == (1, "")


def test_a_difference_is_printed_and_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    real = analysis_room.memory
    monkeypatch.setattr(analysis_room, "memory", lambda *given: changed(real(*given), inference=12345))
    result = invoke(["check", "lenet5", "--device", "cpu", "--no-backward", "--no-fields"])
    assert result.exit_code == 1
    assert "differs in 1 places" in result.stdout
    assert "total peak activations of the summary: cnncalc 12345, PyTorch 37632" in result.stdout


def test_parts_can_be_left_out() -> None:
    found = json.loads(invoke(["check", "lenet5", "--device", "cpu", "--no-backward", "--no-fields", "--json"]).stdout)
    assert found["measured"].keys() == {"inference"}
    assert "fields" not in found["checked"]


def test_meta_measures_no_time_and_prints_one_line() -> None:
    result = invoke(["check", "lenet5", "--device", "meta", "--full", "--latency"])
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)


def test_a_bar_is_shown_to_people_only(monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = invoke(["check", "lenet5", "--device", "cpu"])
    assert quiet.stderr == ""
    monkeypatch.setattr("tests.commands._Stream.isatty", lambda self: True)
    shown = invoke(["check", "lenet5", "--device", "cpu", "--json"])
    assert "lenet5" in shown.stderr
    assert "100%" in shown.stderr
    assert json.loads(shown.stdout)["status"] == "agrees"


def test_without_pytorch_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.cli.commands.check.find_spec", lambda name: None)
    result = invoke(["check", "lenet5"])
    assert result.exit_code == 3
    assert "pip install 'cnncalc[torch]'" in result.stderr


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """No test leaves PyTorch in another state."""
    yield
    assert torch.is_grad_enabled()
    assert sys.modules["torch"] is torch
    assert Fields.__name__ == "Fields"
