"""Keras 3 source: the functional API, channels last, blocks as functions.

A shape of the spec, channels first, is held channels last: (C, H, W) as height × width × channels. What
moves numbers between axes (reshape, permute, a linear layer on a map) is written for that order and
means the same; a flattened map lists its numbers in Keras's own order, as Keras's ``Flatten`` does.
"""

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import Any

from cnncalc.exact.sizes import extent
from cnncalc.export.program import Place, Program, Unsupported
from cnncalc.export.source import Doc, Group, call, flat, listed, single, written
from cnncalc.layers import (
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
from cnncalc.layers.layer import pairs, per_axis

Text = Callable[[Any], str]
Stage = Callable[[Sequence[str]], Doc]


@singledispatch
def layer_source(layer: Layer, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    """A layer as expressions one after the other, the first of all its inputs; none where nothing is done.

    ``extra`` are keywords for the layer that learns (its name, whether it is frozen). Raises Unsupported.
    """
    raise Unsupported(f"{place.name} ({layer.kind}): Keras source for this kind is missing")


def sign(layer: Layer, place: Place) -> object:
    """What tells two places of a layer apart in the source."""
    stages = layer_source(layer, place, written, {})
    return tuple(flat(stage([f"x{i}" for i in range(max(2, len(place.inputs)))])) for stage in stages)


def lacking(layer: Layer, place: Place, what: str) -> Unsupported:
    return Unsupported(f"{place.name} ({layer.kind}): Keras {what}")


def on(layer: Doc) -> Stage:
    """A layer called with one tensor."""

    def make(sources: Sequence[str]) -> Doc:
        if isinstance(layer, Group):
            return Group(layer.opening, layer.items, f")({sources[0]})", layer.broken, layer.remarks)
        return f"{layer}({sources[0]})"

    return make


def keras_layer(kind: str, /, *values: Doc, **named: Doc) -> Stage:
    return on(call(f"layers.{kind}", *values, **named))


def expression(template: str) -> Stage:
    """An expression of one tensor, written as {x}."""
    return lambda sources: template.replace("{x}", sources[0])


def ranked(name: str, place: Place) -> str:
    return f"{name}{place.rank}D"


def last(shape: Sequence[Any]) -> tuple[Any, ...]:
    """A shape of the spec, channels last."""
    return (*shape[1:], shape[0])


def held_at(dim: int) -> int:
    """Where Keras holds an axis of the spec, counted from 1: the batch stands before them."""
    return -1 if dim == 1 else dim - 1


def steps(layer: Any, place: Place) -> tuple[Any, ...]:
    return per_axis(layer.stride, place.rank, "stride")


def around(sides: Sequence[tuple[Any, Any]], place: Place, text: Text, layer: str = "ZeroPadding") -> list[Stage]:
    """Padding (or cropping) of (before, after) an axis, as Keras likes it written."""
    if all(side == 0 for pair in sides for side in pair):
        return []
    if all(a == b for a, b in sides):
        amounts = single(tuple(a for a, _ in sides))
    else:
        amounts = tuple(sides) if place.rank > 1 else sides[0]
    return [keras_layer(ranked(layer, place), text(amounts))]


def filled(sides: Sequence[tuple[Any, Any]], text: Text, **how: str) -> Stage:
    """``ops.pad`` with anything but zeros."""
    pads = [[0, 0], *([a, b] for a, b in sides), [0, 0]]
    shown = Group("[", [f"[{text(a)}, {text(b)}]" for a, b in pads], "]")
    return lambda sources: call("ops.pad", sources[0], shown, **how)


def thinned(stride: Sequence[int]) -> Stage:
    """Every stride-th position."""
    return lambda sources: f"{sources[0]}[:, {', '.join('::' + str(s) if s != 1 else ':' for s in stride)}]"


# --- convolutions -----------------------------------------------------------------------------


def _window(layer: Any, place: Place, text: Text) -> tuple[list[Stage], dict[str, Doc], list[Stage]]:
    """What stands before a convolution, its own settings of place, and what stands behind it."""
    stride, dilation = steps(layer, place), per_axis(layer.dilation, place.rank, "dilation")
    both = single(stride) != 1 and single(dilation) != 1  # Keras takes one or the other: stride afterwards
    if both and not all(isinstance(s, int) for s in stride):
        raise lacking(layer, place, "has no dilation together with strides")
    settings = {"strides": text(single(stride))} if single(stride) != 1 and not both else {}
    spread = {"dilation_rate": text(single(dilation))} if single(dilation) != 1 else {}
    before, padding = _padding(layer, place, text, both)
    return before, settings | padding | spread, [thinned(stride)] if both else []


def _padding(layer: Any, place: Place, text: Text, both: bool) -> tuple[list[Stage], dict[str, Doc]]:
    same: dict[str, Doc] = {"padding": '"same"'}
    if layer.padding == "same" or (layer.padding == "tf_same" and not both):
        return _reflected(layer, place, text, same)
    if layer.padding == "causal" and place.rank == 1 and not both:
        return [], {"padding": '"causal"'}
    geometry = convolution.Geometry(layer, place.x[1:])
    if single(geometry.stride) == 1 and all(
        a == (d * (k - 1)) // 2 and b == d * (k - 1) - a
        for (a, b), k, d in zip(geometry.padding, geometry.kernel, geometry.dilation, strict=True)
        if isinstance(k, int)
    ) and all(isinstance(k, int) for k in geometry.kernel):  # fmt: skip
        nothing = all(side == 0 for pair in geometry.padding for side in pair)
        return ([], {}) if nothing else _reflected(layer, place, text, same)
    mode = getattr(layer, "padding_mode", "zeros")
    if mode != "zeros":
        return _reflected(layer, place, text, same)
    return around(geometry.padding, place, text), {}


def _reflected(layer: Any, place: Place, text: Text, same: dict[str, Doc]) -> tuple[list[Stage], dict[str, Doc]]:
    """Padding with something other than zeros, where the layer asks for it."""
    mode = getattr(layer, "padding_mode", "zeros")
    if mode == "zeros":
        return [], same
    _reflectable(layer, place, mode)
    return [filled(convolution.Geometry(layer, place.x[1:]).padding, text, mode='"reflect"')], {}


def _reflectable(layer: Layer, place: Place, mode: str) -> None:
    if mode != "reflect":
        raise lacking(layer, place, f"has no {mode} padding")
    if place.rank > 2:
        raise lacking(layer, place, "reflects lines and images only, not volumes")


@layer_source.register
def _(layer: convolution.Conv, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    before, settings, after = _window(layer, place, text)
    bias = {} if layer.bias else {"use_bias": "False"}
    if layer.fixed and layer.bias:
        raise lacking(layer, place, "learns all of a layer or nothing: fixed windows cannot have a bias that learns")
    if layer.fixed:
        extra = extra | {"trainable": "False"}
    kernel = text(single(layer.kernel_size))
    depthwise = layer.groups == place.x[0] and place.x[0] != 1 and place.rank < 3
    if depthwise and len({*steps(layer, place)}) == 1:
        times_ = layer.out_channels // layer.groups
        more = {"depth_multiplier": text(times_)} if times_ != 1 else {}
        made = keras_layer(ranked("DepthwiseConv", place), kernel, **settings, **more, **bias, **extra)
    else:
        groups = {"groups": text(layer.groups)} if layer.groups != 1 else {}
        widths = text(layer.out_channels), kernel
        made = keras_layer(ranked("Conv", place), *widths, **settings, **groups, **bias, **extra)
    return [*before, made, *after]


@layer_source.register
def _(layer: convolution.ConvTranspose, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    if layer.groups != 1:
        raise lacking(layer, place, "has no groups in transposed convolutions")
    stride, dilation = steps(layer, place), per_axis(layer.dilation, place.rank, "dilation")
    if single(stride) != 1 and single(dilation) != 1:
        raise lacking(layer, place, "has no dilation together with strides")
    kernel = per_axis(layer.kernel_size, place.rank, "kernel_size")
    settings = {"strides": text(single(stride))} if single(stride) != 1 else {}
    spread = {"dilation_rate": text(single(dilation))} if single(dilation) != 1 else {}
    bias = {} if layer.bias else {"use_bias": "False"}
    name, widths = f"Conv{place.rank}DTranspose", (text(layer.out_channels), text(single(kernel)))
    if layer.padding == "tf_same" and layer.output_padding == 0 and single(dilation) == 1:
        return [keras_layer(name, *widths, **settings, padding='"same"', **bias, **extra)]
    made = keras_layer(name, *widths, **settings, **spread, **bias, **extra)
    sides, added = layer.sides(place.rank)
    cuts, pads = [], []
    for (a, b), e, k, s, d in zip(sides, added, kernel, stride, dilation, strict=True):
        end = b - e + max(s - extent(k, d), 0)  # Keras makes n·s + max(k - s, 0) of n
        cuts.append((a, max(end, 0)))
        pads.append((0, max(-end, 0)))
    return [made, *around(pads, place, text), *around(cuts, place, text, "Cropping")]


@layer_source.register
def _(layer: convolution.LocallyConnected, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise lacking(layer, place, "3 has no locally connected layer")


@layer_source.register
def _(layer: convolution.PartiallyConnected, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    before, settings, after = _window(layer, place, text)
    bias = {} if layer.bias else {"use_bias": "False"}
    frozen = {name: value for name, value in extra.items() if name != "name"}
    one = flat(
        call("layers.Conv" + f"{place.rank}D", "1", text(single(layer.kernel_size)), **settings, **bias, **frozen)
    )

    def maps(sources: Sequence[str]) -> Doc:
        each = f"{one}(ops.take({sources[0]}, row, axis=-1))"
        return Group("[", [each, Group("for row in [", listed(layer.table).items, "]")], "]", comprehension=True)

    join = keras_layer("Concatenate") if len(layer.table) > 1 else expression("{x}[0]")
    return [*before, maps, join, *after]


@layer_source.register
def _(layer: convolution.Im2col, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    names = {"dilation": "dilation", "padding": "padding", "stride": "stride"}
    settings = {
        names[name]: text(getattr(layer, name)) for name in names if getattr(layer, name) != layer.defaults[name]
    }
    first = expression("ops.moveaxis({x}, -1, 1)")
    unfold = lambda sources: call("ops.unfold", sources[0], text(layer.kernel_size), **settings)  # noqa: E731
    return [first, unfold, keras_layer("Permute", "(2, 1)")]


@layer_source.register
def _(layer: dense.Linear, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    bias = {} if layer.bias else {"use_bias": "False"}
    made = keras_layer("Dense", text(layer.out_features), **bias, **extra)
    return _over_the_last(made, place, text)


def _over_the_last(layer: Stage, place: Place, text: Text) -> list[Stage]:
    """A layer at work on the spec's last axis, which is Keras's last but one."""
    if place.rank == 0:
        return [layer]
    *axes, before, behind = range(1, place.rank + 2)
    turned = keras_layer("Permute", text((*axes, behind, before)))
    return [turned, layer, turned]


@layer_source.register
def _(layer: dense.RadialBasis, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return [on(call("RadialBasis", text(layer.out_features), **extra))]


# --- pooling ----------------------------------------------------------------------------------


def _pool(layer: Any, place: Place, text: Text, name: str) -> list[Stage]:
    """A sliding pool: Keras's own padding where it is the same, else padded by hand."""
    kernel, sizes = per_axis(layer.kernel_size, place.rank, "kernel_size"), place.x[1:]
    stride = kernel if layer.stride is None else steps(layer, place)
    if single(per_axis(layer.dilation, place.rank, "dilation")) != 1:
        raise lacking(layer, place, "has no dilated pooling")
    settings = {"strides": text(single(stride))} if single(stride) != single(kernel) else {}
    made = keras_layer(ranked(name, place), text(single(kernel)), **settings)
    same = keras_layer(ranked(name, place), text(single(kernel)), **settings, padding='"same"')
    if layer.padding == "tf_same":
        return [same]
    padding = per_axis(0 if isinstance(layer.padding, str) else layer.padding, place.rank, "padding")
    outputs = place.facts.output[1:]
    sides = []
    for n, k, s, p, o in zip(sizes, kernel, stride, padding, outputs, strict=True):
        sides.append((p, p if not layer.ceil_mode else max((o - 1) * s + k - n - p, 0)))
    if all(side == 0 for pair in sides for side in pair):
        return [made]
    kept = all(s == 1 and 2 * p == k - 1 for k, s, p in zip(kernel, stride, padding, strict=True))
    average = name == "AveragePooling"
    if kept and not (average and layer.count_include_pad):
        return [same]
    if average:
        uneven = any(b > a for a, b in sides)
        if uneven or (not layer.count_include_pad and any(padding)):
            raise lacking(layer, place, "cannot leave such a border out of an average")
        return [*around(sides, place, text), made]
    return [filled(sides, text, constant_values='float("-inf")'), made]


@layer_source.register
def _(layer: pooling.MaxPool, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return _pool(layer, place, text, "MaxPooling")


@layer_source.register
def _(layer: pooling.AvgPool, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    pool = _pool(layer, place, text, "AveragePooling")
    if not layer.trainable:
        return pool
    if place.rank < 3:  # a coefficient and a bias for each map
        return [*pool, keras_layer(ranked("DepthwiseConv", place), "1", **extra)]
    return [*pool, keras_layer("Conv3D", text(place.x[0]), "1", groups=text(place.x[0]), **extra)]


@layer_source.register
def _(layer: pooling.LpPool, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise lacking(layer, place, "has no Lp pooling")


@layer_source.register(pooling.AdaptiveAvgPool)
@layer_source.register(pooling.AdaptiveMaxPool)
def _(layer: Any, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    name = "AdaptiveAveragePooling" if layer.kind == "adaptive_avg_pool" else "AdaptiveMaxPooling"
    size = place.facts.output[1:] if isinstance(layer.output_size, tuple) else layer.output_size
    return [keras_layer(ranked(name, place), text(single(size)))]


@layer_source.register(pooling.GlobalAvgPool)
@layer_source.register(pooling.GlobalMaxPool)
def _(layer: Any, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    name = "GlobalAveragePooling" if layer.kind == "global_avg_pool" else "GlobalMaxPooling"
    return [keras_layer(ranked(name, place), **({"keepdims": "True"} if layer.keepdims else {}))]


@layer_source.register
def _(layer: pooling.MaxUnpool, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise lacking(layer, place, "does not remember where pooled values came from")


# --- normalisation and activations ------------------------------------------------------------


def _affine(scale: bool, shift: bool) -> dict[str, Doc]:
    learned = {"center": shift, "scale": scale}
    return {name: "False" for name, wanted in learned.items() if not wanted}


@layer_source.register
def _(layer: normalisation.BatchNorm, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    if not layer.track_running_stats:
        raise lacking(layer, place, "always keeps running statistics")
    settings = {"momentum": text(round(1 - layer.momentum, 9)), "epsilon": text(layer.eps)}
    return [keras_layer("BatchNormalization", **settings, **_affine(layer.affine, layer.affine), **extra)]


@layer_source.register
def _(layer: normalisation.InstanceNorm, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    if layer.track_running_stats:
        raise lacking(layer, place, "has no instance normalisation with running statistics")
    settings = {"groups": "-1", "epsilon": text(layer.eps)}
    return [keras_layer("GroupNormalization", **settings, **_affine(layer.affine, layer.affine), **extra)]


@layer_source.register
def _(layer: normalisation.GroupNorm, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    settings = {"groups": text(layer.num_groups), "epsilon": text(layer.eps)}
    return [keras_layer("GroupNormalization", **settings, **_affine(layer.affine, layer.affine), **extra)]


@layer_source.register
def _(layer: normalisation.LayerNorm, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    axes: dict[str, Doc] = {}
    if place.rank > 0 and layer.over == "all":
        axes = {"axis": f"[{', '.join(map(str, range(1, place.rank + 2)))}]"}
    scale = layer.elementwise_affine
    settings = axes | {"epsilon": text(layer.eps)} | _affine(scale, scale and layer.bias)
    norm = keras_layer("LayerNormalization", **settings, **extra)
    return _over_the_last(norm, place, text) if layer.over == "last" else [norm]


@layer_source.register
def _(layer: normalisation.LocalResponseNorm, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    settings = {name: text(getattr(layer, name)) for name in ("alpha", "beta", "k")
                if getattr(layer, name) != layer.defaults[name]}  # fmt: skip
    return [lambda sources: call("local_response_norm", sources[0], text(layer.size), **settings)]


ACTIVATIONS = {
    "relu6": "relu6", "selu": "selu", "gelu": "gelu", "silu": "silu", "mish": "mish", "sigmoid": "sigmoid",
    "hardsigmoid": "hard_sigmoid", "hardswish": "hard_silu", "logsigmoid": "log_sigmoid", "tanh": "tanh",
    "tanhshrink": "tanh_shrink", "softsign": "softsign",
}  # fmt: skip
"""Kinds that mean the same as an activation of Keras."""


@layer_source.register
def _(layer: activation.Elementwise, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    values = [text(getattr(layer, name)) for name in layer.fields]
    match layer.kind:
        case "relu":
            return [keras_layer("ReLU")]
        case "leaky_relu":
            return [keras_layer("LeakyReLU", values[0])]
        case "elu":
            return [keras_layer("ELU", *(values if values != ["1"] else []))]
        case "dropout":
            return [keras_layer("Dropout", values[0])]
        case "identity":
            return []
        case "hardtanh":
            return [expression(f"ops.clip({{x}}, {values[0]}, {values[1]})")]
        case "softplus" if layer.__dict__["beta"] == 1:
            return [keras_layer("Activation", '"softplus"')]
        case "softplus":
            return [expression(f"ops.softplus({values[0]} * {{x}}) / {values[0]}")]
        case "celu" | "threshold":
            return [expression(f"keras.activations.{layer.kind}({', '.join(['{x}', *values])})")]
        case "hardshrink" | "softshrink":
            name = layer.kind.replace("shrink", "_shrink")
            return [expression(f"keras.activations.{name}({{x}}, {values[0]})")]
    return [keras_layer("Activation", f'"{ACTIVATIONS[layer.kind]}"')]


@layer_source.register
def _(layer: activation.Softmax, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    along: dict[str, Doc] = {} if layer.dim == 1 else {"axis": text(held_at(layer.dim))}
    if layer.kind == "softmax":
        return [keras_layer("Softmax", **along)]
    sign_, name = ("-", "softmax") if layer.kind == "softmin" else ("", layer.kind)
    return [lambda sources: call(f"ops.{name}", sign_ + sources[0], **along)]


@layer_source.register
def _(layer: activation.PReLU, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    axes = range(1, place.rank + 1 + (layer.num_parameters == 1))
    shared = {"shared_axes": f"[{', '.join(map(str, axes))}]"} if len(axes) else {}
    return [keras_layer("PReLU", alpha_initializer="keras.initializers.Constant(0.25)", **shared, **extra)]


@layer_source.register
def _(layer: activation.GLU, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return [expression("keras.activations.glu({x})")]


# --- moving numbers ---------------------------------------------------------------------------


@layer_source.register
def _(layer: reshaping.Flatten, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return [keras_layer("Flatten")] if place.rank else []


def _permuted(dims: Sequence[int], text: Text) -> list[Stage]:
    """``Permute``, if it moves anything; axes counted from 1."""
    return [] if list(dims) == [*range(1, len(dims) + 1)] else [keras_layer("Permute", text(tuple(dims)))]


@layer_source.register
def _(layer: reshaping.Reshape, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    output = place.facts.output
    if place.rank == 0 or len(output) == 1:
        return [keras_layer("Reshape", text(last(output)))]
    first = _permuted([place.rank + 1, *range(1, place.rank + 1)], text)
    back = _permuted([*range(2, len(output) + 1), 1], text)
    return [*first, keras_layer("Reshape", text(tuple(output))), *back]


@layer_source.register
def _(layer: reshaping.Permute, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    held = [place.rank + 1 if dim == 1 else dim - 1 for dim in layer.dims]
    return _permuted([*held[1:], held[0]], text)


@layer_source.register
def _(layer: reshaping.Pad, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    sides = pairs(layer.padding, place.rank, "padding")
    if layer.mode != "constant":
        _reflectable(layer, place, layer.mode)
    if all(side == 0 for pair in sides for side in pair):
        return []
    if layer.mode == "reflect":
        return [filled(sides, text, mode='"reflect"')]
    cuts = [tuple(max(-side, 0) for side in pair) for pair in sides]
    adds = [tuple(max(side, 0) for side in pair) for pair in sides]
    cropped = around(cuts, place, text, "Cropping")
    if layer.value == 0:
        return [*around(adds, place, text), *cropped]
    return [filled(adds, text, constant_values=text(layer.value)), *cropped]


@layer_source.register
def _(layer: reshaping.Crop, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    like = place.inputs[1][1:] if len(place.inputs) > 1 else None
    return around(layer.sides(place.x[1:], like), place, text, "Cropping")


@layer_source.register
def _(layer: reshaping.Slice, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    ranges = last(layer.ranges(place.x))
    parts = []
    for (start, stop), size in zip(ranges, last(place.x), strict=True):
        before, after = "" if start == 0 else text(start), "" if stop == size else text(stop)
        gap = " " if " " in before + after else ""
        parts.append(f"{before}{gap if before else ''}:{gap if after else ''}{after}")
    while parts and parts[-1] == ":":
        parts.pop()
    return [expression(f"{{x}}[:, {', '.join(parts)}]")] if parts else []


# --- joining and resampling -------------------------------------------------------------------


def _joined(name: str, place: Place, settings: str = "") -> list[Stage]:
    if len(place.inputs) == 1:
        return []
    return [lambda sources: call(f"layers.{name}({settings})", Group("[", list(sources), "]"))]


@layer_source.register
def _(layer: joining.Add, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return _joined("Add", place)


@layer_source.register
def _(layer: joining.Multiply, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return _joined("Multiply", place)


@layer_source.register
def _(layer: joining.Concat, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    return _joined("Concatenate", place, "" if layer.dim == 1 else f"axis={held_at(layer.dim)}")


@layer_source.register
def _(layer: joining.Split, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    sizes = [part[layer.dim - 1] for part in place.facts.parts]
    if len(sizes) == 1:
        return [expression("{x}")]
    ends = [sum(sizes[: k + 1]) for k in range(len(sizes) - 1)]
    where = str(len(sizes)) if len(set(sizes)) == 1 else str(ends)
    return [expression(f"ops.split({{x}}, {where}, axis={held_at(layer.dim)})")]


@layer_source.register
def _(layer: resampling.Upsample, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    sizes, output = place.x[1:], place.facts.output[1:]
    if layer.align_corners:
        raise lacking(layer, place, "does not align corners")
    whole = all(o % n == 0 for n, o in zip(sizes, output, strict=True))
    factors = tuple(o // n for n, o in zip(sizes, output, strict=True))
    if layer.mode == "nearest" and whole:
        return [keras_layer(ranked("UpSampling", place), text(single(factors)))]
    if layer.mode == "bilinear" and whole:
        return [keras_layer("UpSampling2D", text(single(factors)), interpolation='"bilinear"')]
    if layer.mode == "bilinear":
        return [keras_layer("Resizing", text(output[0]), text(output[1]), interpolation='"bilinear"')]
    how = f"{layer.mode} interpolation" + (" by a fraction" if layer.mode == "nearest" else " as PyTorch does it")
    raise lacking(layer, place, f"has no {how}")


def _reshaped(shape: Sequence[Any], text: Text) -> Stage:
    return keras_layer("Reshape", text(tuple(shape)))


@layer_source.register
def _(layer: resampling.PixelShuffle, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    (h, w), (c, *output), r = place.x[1:], place.facts.output, layer.upscale_factor
    if r == 1:
        return []
    return [_reshaped((h, w, c, r, r), text), *_permuted((1, 4, 2, 5, 3), text), _reshaped((*output, c), text)]


@layer_source.register
def _(layer: resampling.PixelUnshuffle, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    r, (c, h, w), total = layer.downscale_factor, (place.x[0], *place.facts.output[1:]), place.facts.output[0]
    if r == 1:
        return []
    return [_reshaped((h, r, w, r, c), text), *_permuted((1, 3, 5, 2, 4), text), _reshaped((h, w, total), text)]


@layer_source.register
def _(layer: resampling.ChannelShuffle, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    c, sizes, g = place.x[0], place.x[1:], layer.groups
    rank = place.rank
    order = (*range(1, rank + 1), rank + 2, rank + 1)
    return [_reshaped((*sizes, g, c // g), text), *_permuted(order, text), _reshaped((*sizes, c), text)]


@layer_source.register(resampling.RoIPool)
@layer_source.register(resampling.RoIAlign)
def _(layer: Any, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise lacking(layer, place, "has no region pooling")


# --- plain tensors ----------------------------------------------------------------------------


@layer_source.register
def _(layer: tensors.Parameter, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise lacking(layer, place, "has no numbers that read nothing in a functional model")


@layer_source.register
def _(layer: tensors.Matmul, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    if place.rank == 1:  # held turned over, as the product is: its factors change places
        return [lambda sources: call("ops.matmul", sources[1], sources[0])]
    turned = lambda source: flat(call("ops.moveaxis", source, "-1", "1"))  # noqa: E731
    product: Stage = lambda sources: call("ops.matmul", *map(turned, sources))  # noqa: E731
    return [product, expression("ops.moveaxis({x}, 1, -1)")]


@layer_source.register
def _(layer: tensors.Reduce, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    if layer.function in ("var", "std"):
        raise lacking(layer, place, f"divides by n and not by n - 1 in its {layer.function}")
    held = sorted(place.rank + 1 if dim == 1 else dim - 1 for dim in layer.dims)
    along: dict[str, Doc] = {"axis": text(held[0] if len(held) == 1 else tuple(held))}
    along |= {"keepdims": "True"} if layer.keepdims else {}
    if layer.function == "norm":
        made: Stage = lambda sources: call("ops.sqrt", call("ops.sum", f"ops.square({sources[0]})", **along))  # noqa: E731
    else:
        made = lambda sources: call(f"ops.{layer.function}", sources[0], **along)  # noqa: E731
    left = len(place.facts.output)
    turned = [] if layer.keepdims or 1 not in layer.dims else _permuted([*range(2, left + 1), 1], text)
    return [made, *turned]


OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
PAIRED = ("power", "maximum", "minimum")


@layer_source.register
def _(layer: tensors.Elementwise, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    function = layer.function
    constant = [text(1 if layer.value is None else layer.value)] if len(place.inputs) == 1 else []
    if function in OPERATORS:
        return [lambda sources: Group("(", [*sources, *constant], ")", operator=OPERATORS[function])]
    if function == "clamp":
        return [lambda sources: call("ops.maximum", sources[0], text(0 if layer.value is None else layer.value))]
    if function not in PAIRED:
        name = "negative" if function == "neg" else function
        return [lambda sources: call(f"ops.{name}", sources[0])]

    def make(sources: Sequence[str]) -> Doc:
        first, *rest = (*sources, *constant)
        made: Doc = first
        for other in rest:
            made = call(f"ops.{function}", made, other)
        return made

    return [make]


@layer_source.register
def _(layer: tensors.Opaque, place: Place, text: Text, extra: dict[str, Doc]) -> list[Stage]:
    raise Unsupported(f"{place.name} (opaque): only its sizes are known, there is nothing to write")


# --- the whole --------------------------------------------------------------------------------


def source(program: Program) -> str:
    """The source of a network. Raises Unsupported."""
    from cnncalc.export.keras_functions import module

    return module(program)
