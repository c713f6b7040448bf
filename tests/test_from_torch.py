"""PyTorch modules read in: every feature on a small module of its own, figures held against PyTorch's own.

The oracle is not the capture: parameters are counted by ``parameters()``, multiply-accumulates by
FlopCounterMode on the module itself, output shapes by running it on zeros.
"""

import csv
import io
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import cnncalc
from cnncalc.analysis import Analysis, analyse
from cnncalc.network import Network
from cnncalc.pytorch.check import check
from cnncalc.spec.errors import SpecError
from cnncalc.spec.folding import _Writer, alike, folded
from cnncalc.spec.write import to_yaml
from tests.commands import invoke

DATA = Path(__file__).parent / "data"


class Does(nn.Module):
    """A module from a function and the modules it uses, by name."""

    def __init__(self, function: Any, **parts: Any) -> None:
        super().__init__()
        self.function = function
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(self, *inputs)


def parameter(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(shape))


def kinds(network: Network) -> list[str]:
    return [node.layer.kind for node in network.nodes.values()]


def held(module: nn.Module, *shapes: tuple[int, ...], **settings: Any) -> Network:
    """The module read in, its figures held against PyTorch's, its specs read back."""
    network = cnncalc.from_torch(module, shapes, **settings)
    analysis = Analysis(network)
    assert analysis.params == sum(one.numel() for one in module.parameters())
    module.eval()
    fused = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # fused kernels are not counted
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        result = module(*(torch.zeros(1, *shape) for shape in shapes))
    torch.backends.mha.set_fastpath_enabled(fused)
    assert analysis.macs == counter.get_total_flops() / 2
    results = result.values() if isinstance(result, dict) else result if isinstance(result, tuple | list) else [result]
    assert [*analysis.outputs.values()] == [tuple(one.shape[1:]) for one in results]
    again = cnncalc.load(to_yaml(network))
    assert (again.inputs, dict(again.nodes), again.outputs) == (network.inputs, dict(network.nodes), network.outputs)
    assert alike(network, cnncalc.load(_Writer(network).text()))
    if "opaque" not in kinds(network):
        assert check(analysis, "meta").differences == []
    return network


class Residual(nn.Module):
    """Two convolutions and a skip, with a gate, a layer scale and one activation used twice."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        self.fc1, self.fc2 = nn.Conv2d(width, width // 4, 1), nn.Conv2d(width // 4, width, 1)
        self.gamma = parameter(width, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        gate = self.fc2(F.relu(self.fc1(out.mean((2, 3), keepdim=True)))).sigmoid()
        out = out * gate.expand_as(out) * self.gamma
        out += x
        return self.relu(out)


def test_a_residual_block_is_read_as_it_is_written() -> None:
    network = held(nn.Sequential(nn.Conv2d(3, 8, 3), Residual(8), Residual(8), Residual(8)), (3, 12, 12))
    assert [*network.nodes][:6] == ["conv2d_0", "residual_1.conv1", "residual_1.bn1", "residual_1.relu",
                                   "residual_1.conv2", "residual_1.bn2"]  # fmt: skip
    assert "residual_1.gamma" in network.nodes
    assert network.nodes["residual_1.relu_2"].inputs == ("residual_1.add_1",)


def test_repeated_blocks_are_written_once() -> None:
    text = folded(cnncalc.from_torch(nn.Sequential(nn.Conv2d(3, 8, 3), *(Residual(8) for _ in range(5))), (3, 12, 12)))
    assert text.count("conv 8 3 padding=1 nobias as conv1") == 1
    assert "repeat: {times: 5, layers: [residual]}" in text
    assert len(text.splitlines()) < 25


def test_blocks_of_other_widths_take_them_as_parameters() -> None:
    def unit(a: int, b: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Conv2d(b, 4 * b, 1, groups=b))

    net = nn.ModuleDict({"one": unit(3, 8), "two": unit(32, 16), "three": unit(64, 24)})
    text = folded(
        cnncalc.from_torch(
            Does(lambda self, x: self.net["three"](self.net["two"](self.net["one"](x))), net=net), (3, 9, 9)
        )
    )
    assert "conv 4*width 1 groups=width" in text


MODULES: dict[str, tuple[Any, tuple[tuple[int, ...], ...], str]] = {
    "dilated, grouped, asymmetric": (
        lambda: nn.Conv2d(4, 8, (3, 5), (2, 1), (1, 2), (1, 2), 2), ((4, 20, 20),), "conv"),
    "padding same": (lambda: nn.Conv2d(4, 8, 4, padding="same"), ((4, 9, 9),), "pad conv"),
    "one dimension": (lambda: nn.Conv1d(4, 8, 3), ((4, 20),), "conv"),
    "three dimensions": (lambda: nn.Sequential(nn.Conv3d(2, 4, 3), nn.MaxPool3d(2)), ((2, 8, 9, 9),), "conv max_pool"),
    "transposed": (lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2), ((4, 7, 7),), "conv_transpose"),
    "depthwise, functional": (
        lambda: Does(lambda self, x: F.conv2d(x, self.w, groups=4), w=parameter(4, 1, 3, 3)), ((4, 9, 9),), "conv"),
    "fixed blur": (
        lambda: Does(lambda self, x: F.conv2d(x, torch.ones(4, 1, 3, 3), groups=4)), ((4, 9, 9),), "conv"),
    "standardised weights with a gain": (
        lambda: Does(lambda self, x: F.conv2d(x, F.layer_norm(self.w, self.w.shape[1:]) * self.gain, self.b),
                     w=parameter(6, 4, 3, 3), gain=parameter(6, 1, 1, 1), b=parameter(6)),
        ((4, 9, 9),), "conv parameter"),
    "weight norm": (
        lambda: nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 3)), ((3, 8, 8),), "conv parameter"),
    "linear on the last axis": (lambda: nn.Linear(9, 5), ((4, 9, 9),), "linear"),
    "channels last": (
        lambda: Does(lambda self, x: self.fc(self.norm(x.permute(0, 2, 3, 1))).permute(0, 3, 1, 2),
                     norm=nn.LayerNorm(4), fc=nn.Linear(4, 8)), ((4, 6, 6),), "permute layer_norm linear permute"),
    "layer norm over the channels": (
        lambda: Does(lambda self, x: self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2), norm=nn.LayerNorm(4)),
        ((4, 6, 6),), "layer_norm"),
    "group and instance norm": (
        lambda: nn.Sequential(nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True)), ((4, 6, 6),),
        "group_norm instance_norm"),
    "channel shuffle": (
        lambda: Does(lambda self, x: x.view(-1, 2, 3, 5, 5).transpose(1, 2).reshape(-1, 6, 5, 5)), ((6, 5, 5),),
        "channel_shuffle"),
    "split and join": (
        lambda: Does(lambda self, x: torch.cat([*x.chunk(2, 1)[::-1], x[:, 1:3]], 1)), ((4, 5, 5),),
        "split slice concat"),
    "uneven split": (
        lambda: Does(lambda self, x: torch.cat(x.split([1, 3], 1)[::-1], 1)), ((4, 5, 5),), "split concat"),
    "joined along the height": (lambda: Does(lambda self, x: torch.cat([x, x * 2], 2)), ((4, 5, 5),),
                                "elementwise concat"),
    "views with -1": (lambda: Does(lambda self, x: x.view(x.size(0), -1)), ((4, 5, 5),), "flatten"),
    "global means": (lambda: Does(lambda self, x: x.mean([2, 3])), ((4, 5, 5),), "global_avg_pool"),
    "channel statistics": (
        lambda: Does(lambda self, x: torch.cat([x.mean(1, True), x.amax(1, True)], 1)), ((4, 5, 5),),
        "reduce reduce concat"),
    "pools": (
        lambda: nn.Sequential(nn.MaxPool2d(3, 2, 1, ceil_mode=True), nn.AvgPool2d(2, count_include_pad=False),
                              nn.AdaptiveAvgPool2d((2, 3)), nn.AdaptiveMaxPool2d(1)), ((4, 22, 22),),
        "max_pool avg_pool adaptive_avg_pool global_max_pool"),
    "interpolation": (
        lambda: Does(lambda self, x: F.interpolate(F.interpolate(x, scale_factor=2), size=(7, 9), mode="bilinear")),
        ((4, 5, 5),), "upsample upsample"),
    "pixel shuffle": (lambda: nn.Sequential(nn.PixelShuffle(2), nn.PixelUnshuffle(2)), ((4, 6, 6),),
                      "pixel_shuffle pixel_unshuffle"),
    "padding": (
        lambda: Does(lambda self, x: F.pad(F.pad(x, (1, 2, 0, 1)), (1, 1, 1, 1), mode="reflect")), ((4, 5, 5),),
        "pad pad"),
    "padded channels": (lambda: Does(lambda self, x: F.pad(x, (0, 0, 0, 0, 1, 2))), ((4, 5, 5),),
                        "reshape pad reshape"),
    "channel attention by a 1-d convolution": (
        lambda: Does(lambda self, x: x * self.conv(x.mean((2, 3)).view(x.shape[0], 1, -1)).sigmoid()
                     .view(x.shape[0], -1, 1, 1), conv=nn.Conv1d(1, 1, 3, padding=1, bias=False)), ((8, 5, 5),),
        "global_avg_pool reshape conv sigmoid reshape multiply"),
    "stochastic depth and dropout": (
        lambda: Does(lambda self, x: F.dropout(x, 0.3, self.training) + x), ((4, 5, 5),), "dropout add"),
    "activations": (
        lambda: nn.Sequential(nn.ReLU6(), nn.Hardswish(), nn.SiLU(), nn.GELU(), nn.Hardsigmoid(), nn.LeakyReLU(0.2),
                              nn.PReLU(4), nn.SELU(), nn.ELU(), nn.Softplus(), nn.Mish(), nn.Tanh(), nn.Softmax(1)),
        ((4, 5, 5),), "relu6 hardswish silu gelu hardsigmoid leaky_relu prelu selu elu softplus mish tanh softmax"),
    "slices with steps": (
        lambda: Does(lambda self, x: torch.cat([x[..., ::2, ::2], x[..., 1::2, 1::2]], 1)), ((4, 6, 6),),
        "max_pool max_pool slice max_pool slice max_pool concat"),
    "matrix products": (
        lambda: Does(lambda self, x: x @ x.transpose(2, 3)), ((4, 5, 6),), "permute matmul"),
    "attention": (
        lambda: Does(lambda self, x: F.scaled_dot_product_attention(x, x, x)), ((4, 5, 6),),
        "permute matmul softmax matmul"),
    "split attention": (
        lambda: Does(lambda self, x: (x.view(x.shape[0], 2, 3, 5, 5) * F.softmax(
            self.fc(x.mean((2, 3), True)).view(x.shape[0], 1, 2, -1).transpose(1, 2), 1).reshape(
                x.shape[0], 2, 3, 1, 1)).sum(1), fc=nn.Conv2d(6, 6, 1)), ((6, 5, 5),), ""),
    "tokens and positions": (
        lambda: Does(lambda self, x: torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.place,
                     token=parameter(1, 1, 6), place=parameter(1, 6, 6)), ((5, 6),), "parameter concat parameter add"),
    "a position table looked up": (
        lambda: Does(lambda self, x: x + self.table[torch.tensor([0, 1, 1, 2, 0])], table=parameter(3, 6)),
        ((5, 6),), "parameter add"),
    "two inputs": (lambda: Does(lambda self, x, y: torch.cat([x, self.conv(y)], 1), conv=nn.Conv2d(3, 4, 1)),
                   ((2, 5, 5), (3, 5, 5)), "conv concat"),
    "several outputs": (lambda: Does(lambda self, x: {"a": self.conv(x), "b": x.mean((2, 3))},
                                     conv=nn.Conv2d(3, 4, 1)), ((3, 5, 5),), "conv global_avg_pool"),
    "control flow on shapes": (
        lambda: Does(lambda self, x: self.conv(x) if x.shape[-1] > 4 else x, conv=nn.Conv2d(3, 4, 1)),
        ((3, 5, 5),), "conv"),
    "multihead attention": (
        lambda: Does(lambda self, x: self.attend(x, x, x, need_weights=False)[0] + x,
                     attend=nn.MultiheadAttention(8, 2, batch_first=True)), ((5, 8),), ""),
    "local response norm": (lambda: nn.LocalResponseNorm(5), ((8, 5, 5),), "local_response_norm"),
    "rolled windows": (lambda: Does(lambda self, x: torch.roll(x, (-2, 1), (2, 3))), ((3, 6, 6),),
                       "slice slice concat slice slice concat"),
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_features(name: str) -> None:
    torch.manual_seed(0)
    make, shapes, expected = MODULES[name]
    found = kinds(held(make(), *shapes))
    assert not expected or found == expected.split()


def test_a_reused_module_counts_its_parameters_once() -> None:
    head = nn.Conv2d(4, 4, 3, padding=1)
    network = held(Does(lambda self, x: self.head(F.relu(self.head(x))), head=head), (4, 9, 9))
    assert network.nodes["head_2"].shares == "head"
    analysis = Analysis(network)
    assert (analysis["head"].params, analysis["head_2"].params) == (148, 0)
    assert analysis["head_2"].macs == analysis["head"].macs
    assert "shares=head" in to_yaml(network)


def test_parameters_that_are_never_read_are_counted_and_told() -> None:
    class Auxiliary(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.aux = nn.Conv2d(3, 4, 3), nn.Linear(4, 10)

        def forward(self, x: Tensor) -> Tensor:
            return self.aux(self.conv(x).mean((2, 3))) if self.training else self.conv(x)

    network = held(Auxiliary(), (3, 9, 9))
    assert [*network.nodes] == ["conv", "aux.weight", "aux.bias"]
    assert network.outputs == ("conv",)
    assert network.about.notes == ("50 parameters are never read in this run, and counted: aux",)


def test_frozen_parameters_are_frozen() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3))
    module[0].requires_grad_(False)
    assert analyse(held(module, (3, 9, 9))).trainable == 148


def test_the_receptive_field_goes_through_channels_last_layers() -> None:
    make, _, _ = MODULES["channels last"]
    module = nn.Sequential(nn.Conv2d(3, 4, 7), make(), nn.Conv2d(8, 8, 3))
    network = cnncalc.from_torch(module, (3, 30, 30))
    assert Analysis(network)[[*network.nodes][-1]].receptive_field == (9, 9)


def state_of(module: nn.Module) -> Any:
    tensors = {
        name: (tensor, tensor._version, tensor.device) for name, tensor in module.state_dict(keep_vars=True).items()
    }
    attributes = {name: {**vars(one)} for name, one in module.named_modules()}
    return tensors, attributes, [one.training for one in module.modules()]


class Mutating(nn.Module):
    """Everything a forward should not do: count, keep its input, write a buffer, print, grow."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.register_buffer("seen", torch.zeros(1))
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        print("here I am")
        self.calls += 1
        self.last = x
        self.seen += 1
        self.extra = nn.ReLU()
        return self.extra(self.conv(x))


@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_the_module_is_left_as_it_was(device: str) -> None:
    module = nn.Sequential(Mutating(), nn.BatchNorm2d(4), nn.Dropout()).to(device)
    module[1].eval()
    handle = module[0].register_forward_hook(lambda *_: None)
    before = state_of(module)
    printed = io.StringIO()
    with redirect_stdout(printed):
        cnncalc.from_torch(module, (3, 9, 9))
    after = state_of(module)
    assert before[1:] == after[1:]
    assert all(a[0] is b[0] and a[1:] == b[1:] for a, b in zip(before[0].values(), after[0].values(), strict=True))
    assert printed.getvalue() == ""
    handle.remove()


def test_what_cannot_be_copied_is_shared() -> None:
    import threading

    module = nn.Conv2d(3, 4, 3)
    module.lock = threading.Lock()
    module.scaled = module.weight * 2
    before = state_of(module)
    assert kinds(cnncalc.from_torch(module, (3, 9, 9))) == ["conv"]
    assert state_of(module)[1:] == before[1:]


def test_the_same_on_any_device() -> None:
    here, there = nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 3, device="meta")
    assert cnncalc.from_torch(here, (3, 9, 9)) == cnncalc.from_torch(there, (3, 9, 9))
    assert cnncalc.from_torch(here.half(), (3, 9, 9)) == cnncalc.from_torch(there, (3, 9, 9))


# --- what cannot be read ------------------------------------------------------------------------


class Transformed(nn.Module):
    """A Fourier transform in the middle: no layer kind stands for it, and its cost is unknown."""

    def __init__(self) -> None:
        super().__init__()
        self.mix = Does(lambda self, x: torch.fft.fft2(x).real)
        self.conv = nn.Conv2d(3, 4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(self.mix(x))


def test_what_cannot_be_expressed_is_named_with_its_place() -> None:
    with pytest.raises(SpecError, match=r"_fft_\w+ in mix cannot be expressed.*\n.*test_from_torch.py:\d+"):
        cnncalc.from_torch(Transformed(), (3, 9, 9))


def test_an_opaque_layer_makes_every_total_a_lower_bound() -> None:
    network = cnncalc.from_torch(Transformed(), (3, 9, 9), opaque=True)
    analysis = Analysis(network)
    assert analysis.at_least
    assert analysis.output == (4, 7, 7)
    assert analysis.macs == 4 * 7 * 7 * 27
    for text in (to_yaml(network), folded(network)):
        again = analyse(cnncalc.load(text))
        assert (again.at_least, again.macs, again.params) == (True, analysis.macs, analysis.params)
    result = invoke(["summary", "-"], stdin=to_yaml(network).encode())
    assert "≥ 5,292" in result.stdout
    assert "at least: the cost of" in result.stdout
    assert '"at_least": true' in invoke(["summary", "-", "--json"], stdin=to_yaml(network).encode()).stdout
    assert invoke(["check", "-"], stdin=to_yaml(network).encode()).exit_code == 1


@pytest.mark.parametrize("name", ["tokens and positions", "attention", "split and join", "matrix products"])
@pytest.mark.parametrize("command", ["summary", "explain", "show", "check"])
def test_the_other_commands_take_what_was_read_in(name: str, command: str) -> None:
    make, shapes, _ = MODULES[name]
    spec = to_yaml(cnncalc.from_torch(make(), shapes)).encode()
    result = invoke([command, "-"], stdin=spec)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_shared_layer_says_where_its_parameters_are_counted() -> None:
    head = nn.Conv2d(4, 4, 3, padding=1)
    network = cnncalc.from_torch(Does(lambda self, x: self.head(self.head(x)), head=head), (4, 9, 9))
    result = invoke(["explain", "-", "head_2"], stdin=to_yaml(network).encode())
    assert "uses the numbers of head, which are counted there" in result.stdout


def test_a_share_must_fit() -> None:
    for line, text in (
        ("relu shares=a", "a is no relu"),
        ("conv 4 5 shares=a", "not shaped like those of a"),
        ("conv 4 3 shares=b", "no layer called 'b'"),
    ):
        with pytest.raises(SpecError, match=text):
            cnncalc.load({"input": [4, 9, 9], "layers": ["conv 4 3 padding=1 as a", line]})


def test_a_network_without_opaque_layers_has_exact_totals() -> None:
    assert not Analysis(cnncalc.from_torch(nn.Conv2d(3, 4, 3), (3, 9, 9))).at_least
    assert "at_least" not in invoke(["summary", "lenet5", "--json"]).stdout


def test_dynamic_weights_are_opaque_and_their_products_still_counted() -> None:
    module = Does(lambda self, x: F.conv2d(x, self.fc(x.mean((2, 3))).view(4, 3, 1, 1)), fc=nn.Linear(3, 12))
    with pytest.raises(SpecError, match="its weights are computed from the map"):
        cnncalc.from_torch(module, (3, 9, 9))
    network = held(module, (3, 9, 9), opaque=True)
    assert not Analysis(network).at_least


def test_a_part_overwritten_in_place_is_refused_not_overlooked() -> None:
    def forward(self: Any, x: Tensor) -> Tensor:
        x = x * 2
        x[:, :1] = F.relu(x[:, :1])
        return x + 1

    with pytest.raises(SpecError, match="overwritten in place"):
        cnncalc.from_torch(Does(forward), (3, 9, 9))


def test_a_wrong_rule_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shapes are held against PyTorch's layer by layer, parameters too, MACs in all."""
    from cnncalc.pytorch import ops

    monkeypatch.setattr(ops, "given", lambda **settings: {"groups": settings["groups"]} if "groups" in settings else {})
    with pytest.raises(
        SpecError, match=r"convolution in conv cannot be expressed: it gives 4×7×7, but PyTorch says 4×9×9"
    ):
        cnncalc.from_torch(Does(lambda self, x: self.conv(x), conv=nn.Conv2d(3, 4, 3, padding=1)), (3, 9, 9))
    monkeypatch.setattr(ops, "given", lambda **settings: {})
    with pytest.raises(SpecError, match="conv learns 148 numbers, PyTorch has 40"):
        cnncalc.from_torch(nn.Conv2d(4, 4, 3, groups=4), (4, 9, 9))
    monkeypatch.undo()
    monkeypatch.setitem(ops.RULES, "matmul", lambda r, call: r.bind(r.map(call["self"])))
    with pytest.raises(SpecError, match="has 0 macs, but PyTorch has 500"):
        cnncalc.from_torch(Does(lambda self, x: x @ x), (4, 5, 5))


def test_data_taken_out_of_a_map_is_still_that_map() -> None:
    def forward(self: Any, x: Tensor) -> Tensor:
        y = self.conv(x)
        return y + F.relu(y.data)

    network = held(Does(forward, conv=nn.Conv2d(3, 4, 3)), (3, 9, 9))
    assert network.nodes["add_1"].inputs == ("conv", "relu_1")


def test_statistics_of_the_batch_are_refused_where_others_are_stored() -> None:
    assert kinds(cnncalc.from_torch(nn.BatchNorm2d(3, track_running_stats=False), (3, 9, 9))) == ["batch_norm"]
    module = Does(lambda self, x: F.batch_norm(x, self.mean, self.var, training=True))
    module.register_buffer("mean", torch.zeros(3))
    module.register_buffer("var", torch.ones(3))
    with pytest.raises(SpecError, match="statistics of the batch"):
        cnncalc.from_torch(module, (3, 9, 9))


def test_layers_frozen_in_part_are_told() -> None:
    module = nn.Conv2d(3, 4, 3)
    module.weight.requires_grad_(False)
    network = cnncalc.from_torch(module, (3, 9, 9))
    assert network.about.notes == ("frozen in part, and counted as trainable: conv_1",)


def test_in_place_operations_on_whole_maps_are_read() -> None:
    def forward(self: Any, x: Tensor) -> Tensor:
        y = self.conv(x)
        y.relu_().mul_(2).add_(y)
        return y

    assert kinds(held(Does(forward, conv=nn.Conv2d(3, 4, 3)), (3, 9, 9))) == ["conv", "relu", "elementwise", "add"]


WRONG = [
    (nn.Conv2d(3, 4, 3), (4, 9, 9), "the module's forward stopped"),
    (nn.LazyConv2d(4, 3), (3, 9, 9), "has no shape yet"),
    (Does(lambda self, x: x.sum().item()), (3, 9, 9), "it needs numbers, and there are only shapes"),
    (Does(lambda self, x: "text"), (3, 9, 9), "returns no tensor, but str"),
    (Does(lambda self, x: sys.exit(0)), (3, 9, 9), "SystemExit"),
    (Does(lambda self, x: torch.zeros(3)), (3, 9, 9), "no output depends on an input"),
    (nn.Conv2d(3, 4, 3), (), "an input has 1 to 4 sizes"),
    (nn.Conv2d(3, 4, 3), (3, -1, 9), "an input has 1 to 4 sizes"),
]


@pytest.mark.parametrize(("module", "shape", "text"), WRONG, ids=[case[2] + str(i) for i, case in enumerate(WRONG)])
def test_bad_modules_are_errors_in_words(module: nn.Module, shape: tuple[int, ...], text: str) -> None:
    with pytest.raises(SpecError, match=text):
        cnncalc.from_torch(module, shape)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_scripted_module_is_refused() -> None:
    scripted = torch.jit.trace(nn.Conv2d(3, 4, 3), torch.zeros(1, 3, 9, 9))
    with pytest.raises(SpecError, match="a scripted module cannot be read"):
        cnncalc.from_torch(scripted, (3, 9, 9))


# --- the command --------------------------------------------------------------------------------

USERS = """
import os, torch
from torch import nn
print("loading")

class Net(nn.Module):
    def __init__(self, classes=10, wide=False):
        super().__init__()
        print("building")
        self.conv = nn.Conv2d(1, 16 if wide else 8, 3)
        self.fc = nn.Linear(16 if wide else 8, classes)
    def forward(self, x):
        print("running")
        return self.fc(self.conv(x).mean((2, 3)))

class Broken(nn.Module):
    def forward(self, x):
        raise RuntimeError("not today")

class Transform(nn.Module):
    def forward(self, x):
        return torch.fft.fft2(x).real

def number():
    return 7

def enormous():
    return nn.Linear(10**6, 10**6)

ready = Net()
"""


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "users_net.py").write_text(USERS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    sys.modules.pop("users_net", None)
    return tmp_path


def test_import_writes_a_spec(users: Path) -> None:
    result = invoke(["import", "users_net:Net", "--input", "1x28x28", "--kwargs", "classes=4"])
    assert result.exit_code == 0
    assert cnncalc.load(result.stdout).outputs == ("fc",)
    assert analyse(cnncalc.load(result.stdout)).output == (4,)
    assert all(word in result.stderr for word in ("loading", "building", "running"))
    wide = invoke(["import", "users_net:Net", "--input", "1x28x28", "--kwargs", "wide=true", "--flat"]).stdout
    assert "out_channels=16" in wide


def test_import_as_json(users: Path) -> None:
    import json

    document = json.loads(invoke(["import", "users_net:ready", "--input", "1x28x28", "--json"]).stdout)
    assert document["schema"] == "cnncalc.import/1"
    assert document["totals"]["params"] == 80 + 90
    assert document["outputs"] == {"fc": [10]}
    assert analyse(cnncalc.load(document["spec"])).params == 170


def test_import_into_a_file(users: Path) -> None:
    result = invoke(["import", "users_net:Net", "--input", "1x28x28", "-o", "net.yaml"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert analyse(cnncalc.load("net.yaml")).params == 170
    assert sorted(path.name for path in users.glob("*.yaml*")) == ["net.yaml"]


REFUSED = [
    (["users_net:Net", "--input", "3x28x28"], 1, "the module's forward stopped in conv"),
    (["users_net:Broken"], 1, "RuntimeError: not today"),
    (["users_net:Nett"], 1, "did you mean 'Net'?"),
    (["users_net:number"], 1, "returns no nn.Module, but int"),
    (["users_net"], 1, "is not MODULE:CALLABLE"),
    (["no_such_module:Net"], 1, "ModuleNotFoundError"),
    (["users_net:Net", "--kwargs", "colour=red"], 1, "unexpected keyword argument"),
    (["users_net:Net", "--kwargs", "nonsense"], 2, "is not NAME=VALUE"),
    (["users_net:Net", "--input", "1xx28"], 2, "is not a shape"),
    (["users_net:Transform"], 1, "--opaque"),
    (["users_net:ready", "--kwargs", "classes=3"], 1, "is a module already"),
]


@pytest.mark.parametrize(("arguments", "code", "text"), REFUSED)
def test_import_refuses_in_words(users: Path, arguments: list[str], code: int, text: str) -> None:
    result = invoke(["import", *arguments, "-o", "out.yaml"])
    assert result.exit_code == code
    assert text in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not [path for path in users.iterdir() if "out" in path.name or path.name.endswith(".part")]


def test_a_trillion_parameters_need_no_memory(users: Path) -> None:
    result = invoke(["import", "users_net:enormous", "--input", "1000000"])
    assert result.exit_code == 0
    assert analyse(cnncalc.load(result.stdout)).params == 10**12 + 10**6


# --- torchvision --------------------------------------------------------------------------------


def torchvision_models() -> Any:
    """torchvision.models, or a skip. Its compiled operations are not needed, only known by name."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in ("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
                   "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"):  # fmt: skip
        if not hasattr(torch.ops.torchvision, schema.partition("(")[0]):
            library.define(schema)
    torchvision_models.library = library  # type: ignore[attr-defined]
    try:
        import torchvision
    except (ImportError, RuntimeError, OSError) as error:
        pytest.skip(f"torchvision cannot be imported: {error}")
    return torchvision.models


def published() -> list[dict[str, str]]:
    with open(DATA / "torchvision.csv", encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.mark.parametrize("name", ["alexnet", "vgg16_bn", "resnet50", "densenet121", "googlenet"])
def test_the_shipped_specs_say_what_torchvision_says(name: str) -> None:
    """Two readings made apart from each other: the spec by hand, and the module."""
    models = torchvision_models()
    settings = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    with torch.device("meta"):
        module = models.get_model(name, weights=None, **settings)
    same = ("conv", "batch_norm", "linear", "max_pool", "avg_pool", "add")

    def told(network: Network) -> list[Any]:
        layers = [layer for layer in Analysis(network) if layer.kind in same]
        return [(one.kind, one.output, one.params, one.macs, one.receptive_field, one.jump) for one in layers]

    ours, theirs = told(cnncalc.load(name)), told(cnncalc.from_torch(module, (3, 224, 224)))
    assert ours == theirs


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['model']}-{row['input']}")
def test_torchvision_models_have_their_published_figures(row: dict[str, str]) -> None:
    models = torchvision_models()
    shape = tuple(int(size) for size in row["input"].split("x"))
    settings: dict[str, Any] = {"weights": None}
    settings |= {"weights_backbone": None} if row["kind"] == "segmentation" else {}
    settings |= {"aux_loss": True} if row["kind"] == "segmentation" and "lraspp" not in row["model"] else {}
    settings |= {"image_size": shape[-1]} if row["model"].startswith("vit") else {}
    settings |= {"init_weights": False} if row["model"] in ("googlenet", "inception_v3") else {}
    settings |= {"aux_logits": False} if row["model"] == "googlenet" else {}
    meta = not row["model"].startswith("regnet")
    with torch.device("meta" if meta else "cpu"):
        module = models.get_model(row["model"], **settings)
    attends = row["model"].startswith(("swin_v2", "mvit"))  # a few of their operations have no layer kind
    analysis = Analysis(cnncalc.from_torch(module, shape, opaque=attends))
    assert analysis.params == int(row["params"])
    assert round(analysis.macs / 1e9, 3) == pytest.approx(float(row["giga_macs"]), abs=0.00051)
