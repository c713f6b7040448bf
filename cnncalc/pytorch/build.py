"""A Network as a torch module: one case a kind, written apart from the rules it checks.

Module paths are the layers' names, so ``named_parameters`` reads like the spec.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import torch
from torch import Tensor, nn

from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import Shape
from cnncalc.layers import (
    Facts,
    Layer,
    activation,
    convolution,
    dense,
    joining,
    normalisation,
    pooling,
    resampling,
    reshaping,
    tensors,
)
from cnncalc.network import Node, part_of
from cnncalc.pytorch import modules


class UnsupportedLayer(NotImplementedError):
    """PyTorch's side of a kind is missing."""


class UnknownLayer(ValueError):
    """A layer of which too little is known to build it."""


@singledispatch
def module(layer: Layer, facts: Facts, *inputs: Shape) -> nn.Module:
    """The module of one layer, for the shapes that come in. Raises UnsupportedLayer."""
    raise UnsupportedLayer(f"no PyTorch module for the kind {layer.kind}")


def ranked(name: str, rank: int) -> Any:
    return getattr(nn, f"{name}{rank}d")


def spread(value: Any, rank: int) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,) * rank


def _even(padding: Any) -> Any:
    """Padding as PyTorch takes it: pairs of equal amounts as one amount."""
    if not isinstance(padding, tuple):
        return padding
    return tuple(side[0] if isinstance(side, tuple) and side[0] == side[1] else side for side in padding)


def _uneven(padding: Any) -> bool:
    return isinstance(padding, tuple) and any(isinstance(side, tuple) for side in _even(padding))


@module.register
def _(layer: convolution.Conv, facts: Facts, x: Shape) -> nn.Module:
    rank = len(x) - 1
    own = layer.padding in ("full", "tf_same", "causal") or _uneven(layer.padding)
    conv = ranked("Conv", rank)(
        x[0], layer.out_channels, layer.kernel_size, layer.stride,
        0 if own else _even(layer.padding), layer.dilation, layer.groups, layer.bias, layer.padding_mode,
    )  # fmt: skip
    if layer.fixed:
        weight = conv.weight.detach()
        del conv.weight
        conv.register_buffer("weight", weight)
    if not own:
        return conv  # type: ignore[no-any-return]
    sides = convolution.Geometry(layer, x[1:]).padding
    return modules.PaddedConv(conv, tuple((int(a), int(b)) for a, b in sides), layer.padding_mode)


@module.register
def _(layer: convolution.ConvTranspose, facts: Facts, x: Shape) -> nn.Module:
    rank = len(x) - 1
    own = isinstance(layer.padding, str) or _uneven(layer.padding)
    conv = ranked("ConvTranspose", rank)(
        x[0], layer.out_channels, layer.kernel_size, layer.stride, 0 if own else _even(layer.padding),
        0 if own else layer.output_padding, layer.groups, layer.bias, layer.dilation,
    )  # fmt: skip
    return modules.CroppedTranspose(conv, *layer.sides(rank)) if own else conv


@module.register
def _(layer: convolution.LocallyConnected, facts: Facts, x: Shape) -> nn.Module:
    place = convolution.Geometry(layer, x[1:])
    return modules.LocallyConnected(facts.weights["weight"], facts.weights.get("bias"), place)


@module.register
def _(layer: convolution.PartiallyConnected, facts: Facts, x: Shape) -> nn.Module:
    place = convolution.Geometry(layer, x[1:])
    return modules.PartiallyConnected(layer.table, facts.weights["weight"], layer.bias, place)


@module.register
def _(layer: convolution.Im2col, facts: Facts, x: Shape) -> nn.Module:
    return nn.Unfold(layer.kernel_size, layer.dilation, layer.padding, layer.stride)


@module.register
def _(layer: dense.Linear, facts: Facts, x: Shape) -> nn.Module:
    return nn.Linear(x[-1], layer.out_features, layer.bias)


@module.register
def _(layer: dense.RadialBasis, facts: Facts, x: Shape) -> nn.Module:
    return modules.RadialBasis(facts.buffers["prototypes"])


def _pool(layer: Any, facts: Facts, x: Shape, build: Any) -> nn.Module:
    rank = len(x) - 1
    if layer.ceil_mode != "caffe" and layer.padding != "tf_same":
        padding = 0 if layer.padding == "valid" else layer.padding
        return build(padding)  # type: ignore[no-any-return]
    kernel = spread(layer.kernel_size, rank)
    stride = kernel if layer.stride is None else spread(layer.stride, rank)
    dilation = spread(layer.dilation, rank)
    output = facts.output[1:]
    padding = spread(0 if isinstance(layer.padding, str) else layer.padding, rank)
    if layer.padding == "tf_same":
        sides = zip(x[1:], kernel, stride, dilation, output, strict=True)
        padding = tuple(max((o - 1) * s + d * (k - 1) + 1 - n, 0) // 2 for n, k, s, d, o in sides)
    return modules.Call(lambda t: modules.pooled(t, kernel, stride, dilation, padding, output, layer.kind))


@module.register
def _(layer: pooling.MaxPool, facts: Facts, x: Shape) -> nn.Module:
    kind = ranked("MaxPool", len(x) - 1)
    settings = {"dilation": layer.dilation, "ceil_mode": layer.ceil_mode}
    return _pool(layer, facts, x, lambda p: kind(layer.kernel_size, layer.stride, p, **settings))


@module.register
def _(layer: pooling.AvgPool, facts: Facts, x: Shape) -> nn.Module:
    kind = ranked("AvgPool", len(x) - 1)
    pool = _pool(
        layer, facts, x, lambda p: kind(layer.kernel_size, layer.stride, p, layer.ceil_mode, layer.count_include_pad)
    )
    return modules.Subsampling(pool, x[0]) if layer.trainable else pool


@module.register
def _(layer: pooling.LpPool, facts: Facts, x: Shape) -> nn.Module:
    kind, flat = ranked("LPPool", len(x) - 1), len(x) == 2
    kernel, stride = (v[0] if flat and isinstance(v, tuple) else v for v in (layer.kernel_size, layer.stride))
    return _pool(layer, facts, x, lambda p: kind(layer.norm_type, kernel, stride, layer.ceil_mode))


@module.register
def _(layer: pooling.AdaptiveAvgPool, facts: Facts, x: Shape) -> nn.Module:
    return ranked("AdaptiveAvgPool", len(x) - 1)(layer.output_size)  # type: ignore[no-any-return]


@module.register
def _(layer: pooling.AdaptiveMaxPool, facts: Facts, x: Shape) -> nn.Module:
    return ranked("AdaptiveMaxPool", len(x) - 1)(layer.output_size)  # type: ignore[no-any-return]


@module.register
def _(layer: pooling.GlobalAvgPool, facts: Facts, x: Shape) -> nn.Module:
    return modules.Call(lambda t: t.mean(tuple(range(2, t.dim())), keepdim=layer.keepdims))


@module.register
def _(layer: pooling.GlobalMaxPool, facts: Facts, x: Shape) -> nn.Module:
    return modules.Call(lambda t: t.amax(tuple(range(2, t.dim())), keepdim=layer.keepdims))


@module.register
def _(layer: pooling.MaxUnpool, facts: Facts, x: Shape, places: Shape | None = None) -> nn.Module:
    output = facts.output[1:]
    return modules.Call(lambda t, where=None: modules.unpooled(t, where, output))


@module.register
def _(layer: normalisation.BatchNorm, facts: Facts, x: Shape) -> nn.Module:
    kind = nn.BatchNorm1d if len(x) < 3 else ranked("BatchNorm", len(x) - 1)
    return kind(x[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats)  # type: ignore[no-any-return]


@module.register
def _(layer: normalisation.InstanceNorm, facts: Facts, x: Shape) -> nn.Module:
    kind = ranked("InstanceNorm", len(x) - 1)
    return kind(x[0], layer.eps, layer.momentum, layer.affine, layer.track_running_stats)  # type: ignore[no-any-return]


@module.register
def _(layer: normalisation.GroupNorm, facts: Facts, x: Shape) -> nn.Module:
    return nn.GroupNorm(layer.num_groups, x[0], layer.eps, layer.affine)


@module.register
def _(layer: normalisation.LayerNorm, facts: Facts, x: Shape) -> nn.Module:
    shape = {"all": x, "channels": x[:1], "last": x[-1:]}[layer.over]
    norm = nn.LayerNorm(shape, layer.eps, layer.elementwise_affine, layer.bias)
    if layer.over != "channels" or len(x) == 1:
        return norm
    return _ChannelsLast(norm)


class _ChannelsLast(nn.Module):
    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self.weight, self.bias = norm.weight, norm.bias
        self.shape, self.eps = norm.normalized_shape, norm.eps

    def forward(self, x: Tensor) -> Tensor:
        last = nn.functional.layer_norm(x.movedim(1, -1), self.shape, self.weight, self.bias, self.eps)
        return last.movedim(-1, 1)


@module.register
def _(layer: normalisation.LocalResponseNorm, facts: Facts, x: Shape) -> nn.Module:
    return nn.LocalResponseNorm(layer.size, layer.alpha, layer.beta, layer.k)


NAMES = {
    "relu": "ReLU", "relu6": "ReLU6", "selu": "SELU", "gelu": "GELU", "silu": "SiLU", "mish": "Mish",
    "sigmoid": "Sigmoid", "hardsigmoid": "Hardsigmoid", "hardswish": "Hardswish", "logsigmoid": "LogSigmoid",
    "tanh": "Tanh", "tanhshrink": "Tanhshrink", "softsign": "Softsign", "leaky_relu": "LeakyReLU", "elu": "ELU",
    "celu": "CELU", "softplus": "Softplus", "hardtanh": "Hardtanh", "hardshrink": "Hardshrink",
    "softshrink": "Softshrink", "threshold": "Threshold", "dropout": "Dropout", "identity": "Identity",
}  # fmt: skip
OVER_AN_AXIS = {"softmax": nn.Softmax, "log_softmax": nn.LogSoftmax, "softmin": nn.Softmin}


@module.register
def _(layer: activation.Softmax, facts: Facts, x: Shape) -> nn.Module:
    return OVER_AN_AXIS[layer.kind](dim=layer.dim)


@module.register
def _(layer: activation.Elementwise, facts: Facts, x: Shape) -> nn.Module:
    return getattr(nn, NAMES[layer.kind])(**{name: getattr(layer, name) for name in layer.fields})  # type: ignore[no-any-return]


@module.register
def _(layer: activation.PReLU, facts: Facts, x: Shape) -> nn.Module:
    return nn.PReLU(layer.num_parameters)


@module.register
def _(layer: activation.GLU, facts: Facts, x: Shape) -> nn.Module:
    return nn.GLU(dim=1)


@module.register
def _(layer: reshaping.Flatten, facts: Facts, x: Shape) -> nn.Module:
    return nn.Flatten()


@module.register
def _(layer: reshaping.Reshape, facts: Facts, x: Shape) -> nn.Module:
    return modules.Call(lambda t: t.reshape(t.shape[0], *layer.shape))


@module.register
def _(layer: reshaping.Permute, facts: Facts, x: Shape) -> nn.Module:
    return modules.Call(lambda t: t.permute(0, *layer.dims))


@module.register
def _(layer: reshaping.Pad, facts: Facts, x: Shape) -> nn.Module:
    rank = len(x) - 1
    sides = [side if isinstance(side, tuple) else (side, side) for side in spread(layer.padding, rank)]
    value = layer.value if layer.mode == "constant" else None
    return modules.Call(lambda t: nn.functional.pad(t, modules.around(tuple(sides)), mode=layer.mode, value=value))


@module.register
def _(layer: reshaping.Crop, facts: Facts, x: Shape, like: Shape | None = None) -> nn.Module:
    sides = layer.sides(x[1:], None if like is None else like[1:])
    cut = modules.around(tuple((-a, -b) for a, b in sides))
    return modules.Call(lambda t, *_: nn.functional.pad(t, cut))


@module.register
def _(layer: reshaping.Slice, facts: Facts, x: Shape) -> nn.Module:
    index = (slice(None), *(slice(start, stop) for start, stop in layer.ranges(x)))
    return modules.Call(lambda t: t[index])


@module.register
def _(layer: joining.Add, facts: Facts, *inputs: Shape) -> nn.Module:
    return modules.Call(lambda *tensors: sum(tensors[1:], start=tensors[0]))


@module.register
def _(layer: joining.Multiply, facts: Facts, *inputs: Shape) -> nn.Module:
    def product(first: Tensor, *rest: Tensor) -> Tensor:
        for tensor in rest:
            first = first * tensor
        return first

    return modules.Call(product)


@module.register
def _(layer: joining.Concat, facts: Facts, *inputs: Shape) -> nn.Module:
    return modules.Call(lambda *tensors: torch.cat(tensors, dim=layer.dim))


@module.register
def _(layer: joining.Split, facts: Facts, x: Shape) -> nn.Module:
    sizes = [part[layer.dim - 1] for part in facts.parts]
    return modules.Call(lambda t: torch.split(t, sizes, dim=layer.dim))


@module.register
def _(layer: tensors.Parameter, facts: Facts) -> nn.Module:
    return modules.Alone(layer.table or layer.shape, facts.output, layer.fixed)


@module.register
def _(layer: tensors.Matmul, facts: Facts, x: Shape, y: Shape) -> nn.Module:
    return modules.Call(torch.matmul)


REDUCTIONS: dict[str, Any] = {
    "mean": torch.mean, "sum": torch.sum, "max": torch.amax, "min": torch.amin, "var": torch.var, "std": torch.std,
    "norm": torch.linalg.vector_norm,
}  # fmt: skip


@module.register
def _(layer: tensors.Reduce, facts: Facts, x: Shape) -> nn.Module:
    return modules.Call(lambda t: REDUCTIONS[layer.function](t, dim=layer.dims, keepdim=layer.keepdims))


@module.register
def _(layer: tensors.Elementwise, facts: Facts, *inputs: Shape) -> nn.Module:
    return modules.Call(lambda *maps: modules.entrywise(layer.function, layer.value, maps))


@module.register
def _(layer: tensors.Opaque, facts: Facts, *inputs: Shape) -> nn.Module:
    raise UnknownLayer("an opaque layer is known from outside only: there is nothing to run")


@module.register
def _(layer: tensors.Parameter, facts: Facts) -> nn.Module:
    return modules.Alone(layer.table or layer.shape, facts.output, layer.fixed)


@module.register
def _(layer: resampling.Upsample, facts: Facts, x: Shape) -> nn.Module:
    if layer.mode == "bed_of_nails":
        return modules.Call(lambda t: modules.bed_of_nails(t, facts.output[1:]))
    corners = layer.align_corners if layer.mode != "nearest" else None
    size = layer.size if layer.size is None or isinstance(layer.size, tuple) else (layer.size,) * (len(x) - 1)
    return nn.Upsample(size, layer.scale_factor, layer.mode, corners)


@module.register
def _(layer: resampling.PixelShuffle, facts: Facts, x: Shape) -> nn.Module:
    return nn.PixelShuffle(layer.upscale_factor)


@module.register
def _(layer: resampling.PixelUnshuffle, facts: Facts, x: Shape) -> nn.Module:
    return nn.PixelUnshuffle(layer.downscale_factor)


@module.register
def _(layer: resampling.ChannelShuffle, facts: Facts, x: Shape) -> nn.Module:
    def shuffled(t: Tensor) -> Tensor:
        return (
            t.unflatten(1, (layer.groups, -1))
            .transpose(1, 2)
            .clone(memory_format=torch.contiguous_format)
            .flatten(1, 2)
        )

    return modules.Call(shuffled)


@module.register(resampling.RoIPool)
@module.register(resampling.RoIAlign)
def _(layer: Any, facts: Facts, x: Shape) -> nn.Module:
    align = layer.kind == "roi_align"
    return modules.Call(lambda t: modules.regions(t, facts.output[1:], layer.regions, align))


class Built(nn.Module):
    """A network as PyTorch runs it, layer by layer; submodules are nested by the dots of the names."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__()
        self.network = analysis.network
        self.steps: dict[str, nn.Module] = {}
        unpooled = analysis.network.unpooled()
        for name, node in analysis.network.nodes.items():
            shapes = [analysis.shapes[one] for one in node.inputs]
            if node.shares and self._same(node, shapes, analysis):
                self.steps[name] = self.steps[node.shares]
                continue
            made = module(node.layer, analysis.facts[name], *shapes)
            if node.shares:
                for key in (*analysis.facts[name].weights, *analysis.facts[name].buffers):
                    setattr(made, key, getattr(self.steps[node.shares], key))
            if node.layer.kind == "max_pool" and name in unpooled:
                made = _Remembering(made)
            if node.frozen:
                made.requires_grad_(False)
            self.steps[name] = made
            self._place(name, made)

    @staticmethod
    def _same(node: Node, shapes: list[Shape], analysis: Analysis) -> bool:
        """Whether the layer whose numbers this one shares is the same in everything else too."""
        owner = analysis.network.nodes[node.shares or ""]
        return owner.layer == node.layer and [analysis.shapes[one] for one in owner.inputs] == shapes

    def _place(self, name: str, made: nn.Module) -> None:
        *path, last = name.split(".")
        holder: nn.Module = self
        for part in path:
            part = f"{part}_" if hasattr(nn.Module, part) or part in ("network", "steps") else part
            if part not in holder._modules:
                holder.add_module(part, nn.Module())
            holder = holder.get_submodule(part)
        last = f"{last}_" if hasattr(holder, last) else last
        holder.add_module(last, made)

    def forward(self, *inputs: Tensor) -> dict[str, Any]:
        """Every layer's output by name."""
        return dict(self.run(*inputs))

    def run(self, *inputs: Tensor) -> Iterator[tuple[str, Any]]:
        """Yield (name, output) as layers run; a tensor is let go after its last reader, an output never."""
        values: dict[str, Any] = dict(zip(self.network.inputs, inputs, strict=True))
        batch = inputs[0].shape[0]
        del inputs
        left = {name: len(readers) for name, readers in self.network.consumers().items()}
        for reference in self.network.outputs:
            left[part_of(reference)[0]] += 1
        for name, node in self.network.nodes.items():
            read = [self._value(values, one, node.layer.kind, port) for port, one in enumerate(node.inputs)]
            values[name] = self.steps[name](*read) if read else self.steps[name](batch)
            yield name, values[name]
            del read
            for reference in node.inputs:
                left[part_of(reference)[0]] -= 1
            for source in {name, *(part_of(reference)[0] for reference in node.inputs)}:
                if left[source] == 0:
                    values.pop(source, None)

    @staticmethod
    def _value(values: dict[str, Any], reference: str, kind: str, port: int) -> Any:
        source, part = part_of(reference)
        value = values[source]
        if isinstance(value, _Remembered):
            return value.places if kind == "max_unpool" and port == 1 else value.tensor
        return value if part is None else value[part]


def outputs_of(out: Any) -> list[Tensor]:
    """The tensors a layer hands on: one, or the pieces of a split."""
    if isinstance(out, _Remembered):
        return [out.tensor]
    return list(out) if isinstance(out, tuple | list) else [out]


class _Remembered:
    """A max pool's output together with the places it was read from."""

    def __init__(self, tensor: Tensor, places: Tensor) -> None:
        self.tensor, self.places = tensor, places


class _Remembering(nn.Module):
    def __init__(self, pool: Any) -> None:
        super().__init__()
        self.pool = pool
        pool.return_indices = True

    def forward(self, x: Tensor) -> _Remembered:
        return _Remembered(*self.pool(x))
