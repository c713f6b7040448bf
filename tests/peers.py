"""The tools whose conventions cnncalc knows, run on the modules a person would write for a network."""

import contextlib
import io
import logging
import math
import operator
import sys
import types
import warnings
from collections.abc import Callable, Collection
from functools import reduce
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import torch
from torch import nn

from cnncalc.analysis import Analysis
from cnncalc.layers import convolution
from cnncalc.network import part_of
from cnncalc.pytorch import build
from cnncalc.pytorch.modules import Call, around


class Flat(nn.Module):
    """A network as plain PyTorch modules, one a layer, or as functions; returns the network's outputs."""

    def __init__(self, analysis: Analysis, functional: Collection[str] = ()) -> None:
        super().__init__()
        self.network, names = analysis.network, list(analysis.network.nodes)
        self.steps = nn.ModuleList()
        for name, node in analysis.network.nodes.items():
            shapes = [analysis.shapes[one] for one in node.inputs]
            made = (
                self.steps[names.index(node.shares)]
                if node.shares
                else written(node.layer, analysis.facts[name], shapes)
            )
            alone = node.layer.kind == "parameter" or getattr(node.layer, "fixed", False)  # no module has such numbers
            function = (alone or name in functional) and not node.shares
            self.steps.append(AsFunction(made) if function else made)

    def forward(self, x: torch.Tensor) -> Any:
        values: dict[str, Any] = {next(iter(self.network.inputs)): x}
        for (name, node), step in zip(self.network.nodes.items(), self.steps, strict=True):
            read = [
                values[source] if part is None else values[source][part] for source, part in map(part_of, node.inputs)
            ]
            values[name] = step(*read) if read else step.forward()
        found = [
            values[source] if part is None else values[source][part]
            for source, part in map(part_of, self.network.outputs)
        ]
        return found[0] if len(found) == 1 and not isinstance(found[0], tuple) else found


class AsFunction(nn.Module):
    """What a module calls, without the module: it is no child, and none of its hooks run."""

    def __init__(self, made: nn.Module) -> None:
        super().__init__()
        self.hidden = [made.eval().requires_grad_(False)]

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.hidden[0].forward(*inputs)


def written(layer: Any, facts: Any, shapes: list[Any]) -> nn.Module:
    """The module or modules a person would write for a layer."""
    rank = len(shapes[0]) - 1 if shapes else 0
    if layer.kind in ("global_avg_pool", "global_max_pool"):
        name = "AdaptiveAvgPool" if layer.kind == "global_avg_pool" else "AdaptiveMaxPool"
        pool = build.ranked(name, rank)(1)
        return pool if layer.keepdims else nn.Sequential(pool, nn.Flatten())
    if layer.kind == "max_unpool":
        return Unpooled(build.ranked("MaxUnpool", rank)(layer.kernel_size, layer.stride, layer.padding), shapes[0])
    if layer.kind == "elementwise" and layer.function in OPERATORS:
        return Call(
            lambda *maps: reduce(OPERATORS[layer.function], maps if layer.value is None else (*maps, layer.value))
        )
    if layer.kind == "matmul":
        return Product()
    made = build.module(layer, facts, *shapes)
    match type(made).__name__:
        case "PaddedConv":
            return padded(layer, shapes[0])
        case "CroppedTranspose":
            return cropped(layer, shapes[0])
        case "_ChannelsLast":
            last = nn.LayerNorm(shapes[0][:1], layer.eps, layer.elementwise_affine, layer.bias)
            return nn.Sequential(Call(lambda t: t.movedim(1, -1)), last, Call(lambda t: t.movedim(-1, 1)))
    return made


OPERATORS: dict[str, Any] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "power": operator.pow,
}  # fmt: skip


class Product(nn.Module):
    """torch.matmul, looked up when it runs: some tools put themselves in its place."""

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> Any:
        return torch.matmul(x, y)


def padded(layer: Any, x: Any) -> nn.Module:
    """A convolution behind a padding module."""
    rank, sides = len(x) - 1, convolution.Geometry(layer, x[1:]).padding
    name = {"zeros": "ZeroPad", "reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}
    pad = build.ranked(name[layer.padding_mode], rank)([side for pair in reversed(sides) for side in pair])
    conv = build.ranked("Conv", rank)(
        x[0], layer.out_channels, layer.kernel_size, layer.stride, 0, layer.dilation, layer.groups, layer.bias
    )
    return nn.Sequential(pad, conv)


def cropped(layer: Any, x: Any) -> nn.Module:
    """A transposed convolution that is cut afterwards."""
    rank = len(x) - 1
    sides, extra = layer.sides(rank)
    spread = build.ranked("ConvTranspose", rank)(
        x[0], layer.out_channels, layer.kernel_size, layer.stride, 0, 0, layer.groups, layer.bias, layer.dilation
    )
    cut = around(tuple((-before, more - after) for (before, after), more in zip(sides, extra, strict=True)))
    return nn.Sequential(spread, Call(lambda t: nn.functional.pad(t, cut)))


class Unpooled(nn.Module):
    """Max-unpooling to the first places of the map."""

    def __init__(self, unpool: nn.Module, shape: Any) -> None:
        super().__init__()
        self.unpool = unpool
        self.places = torch.arange(math.prod(shape[1:])).view(1, 1, *shape[1:]).expand(1, *shape)

    def forward(self, x: torch.Tensor, *_: Any) -> Any:
        return self.unpool(x, self.places)


@contextlib.contextmanager
def quiet() -> Any:
    """Without what the tools print, log and warn."""
    logging.disable(logging.CRITICAL)
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def _torch(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(x)
    return {"torch": counter.get_total_flops()}


def _torchinfo(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from torchinfo import summary

    return {"torchinfo": summary(model, input_data=x, verbose=0, mode="eval").total_mult_adds}


def _fvcore(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from fvcore.nn import FlopCountAnalysis

    counter = FlopCountAnalysis(model, x).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return {"fvcore": int(counter.total())}


def _ptflops(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from ptflops import get_model_complexity_info

    def of(backend: str) -> int:
        settings = {"as_strings": False, "print_per_layer_stat": False, "verbose": False, "backend": backend}
        return get_model_complexity_info(model, tuple(x.shape[1:]), **settings)[0]

    return {"ptflops": of("pytorch"), "ptflops-aten": of("aten")}


def _thop(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    import thop

    try:  # two distributions share one module name
        version("ultralytics-thop")
        name = "ultralytics-thop"
    except PackageNotFoundError:
        name = "thop"
    return {name: int(thop.profile(model, inputs=(x,), verbose=False)[0])}


def _calflops(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    if "calflops" not in sys.modules:  # its __init__ asks for transformers, which counting does not need
        package = types.ModuleType("calflops")
        package.__path__ = list(find_spec("calflops").submodule_search_locations)  # type: ignore[union-attr,arg-type]
        sys.modules["calflops"] = package
    from calflops.calculate_pipline import CalFlopsPipline

    pipeline = CalFlopsPipline(model=model, include_backPropagation=False, compute_bp_factor=2.0)
    pipeline.start_flops_calculate(ignore_list=None)
    try:
        with torch.no_grad():
            model(x)
        found = {"calflops": pipeline.get_total_flops(), "calflops-macs": pipeline.get_total_macs()}
    finally:
        pipeline.end_flops_calculate()
    return {name: int(value) for name, value in found.items()}


def _deepspeed(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from deepspeed.profiling.flops_profiler import get_model_profile

    flops, macs, _ = get_model_profile(model, args=[x], print_profile=False, detailed=False, warm_up=0, as_string=False)
    return {"deepspeed": int(flops), "deepspeed-macs": int(macs)}


def _torchscan(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from torchscan import crawl_module

    report = crawl_module(model, tuple(x.shape[1:]))
    found = {"torchscan": "module_flops", "torchscan-macs": "macs"}
    return {name: report["totals"][metric]["known_value"] or 0 for name, metric in found.items()}


def _torchprofile(model: nn.Module, x: torch.Tensor) -> dict[str, int]:
    from torchprofile import profile_macs

    return {"torchprofile": int(profile_macs(model, x))}


TOOLS: dict[str, Callable[[nn.Module, torch.Tensor], dict[str, int]]] = {
    "torch": _torch,
    "torchinfo": _torchinfo,
    "fvcore": _fvcore,
    "ptflops": _ptflops,
    "thop": _thop,
    "calflops": _calflops,
    "deepspeed": _deepspeed,
    "torchscan": _torchscan,
    "torchprofile": _torchprofile,
}


def counts(tool: str, analysis: Analysis, functional: Collection[str] = ()) -> dict[str, int]:
    """What an installed tool prints for a network, by the conventions it stands for."""
    model = Flat(analysis, functional).eval()
    x = torch.randn(1, *analysis.network.input)
    with quiet(), torch.no_grad():
        model(x)  # a tool that fails half-way may leave its patches behind
        return TOOLS[tool](model, x)
