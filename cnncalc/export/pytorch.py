"""PyTorch source: blocks as modules, chains as ``nn.Sequential``, branches joined in ``forward``."""

from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import Any

from cnncalc.exact.records import mutable
from cnncalc.exact.sizes import ceil_window_count
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
from cnncalc.spec.vocabulary import class_names

Text = Callable[[Any], str]


@mutable
class Modules:
    """A layer as modules one after the other; the names' endings tell them apart."""

    made: list[tuple[str, Doc]]


@mutable
class Expression:
    """A layer as an expression of variables, without a module."""

    make: Callable[[Sequence[str]], Doc]


@mutable
class Called:
    """A layer as a module that is called with more than one tensor, or returns more than one."""

    made: Doc
    make: Callable[[str, Sequence[str]], Doc]


@mutable
class Held:
    """A layer as an attribute that is read and not called: ``make`` writes that for the attribute's name."""

    made: Doc
    make: Callable[[str], str]


Written = Modules | Expression | Called | Held


@singledispatch
def layer_source(layer: Layer, place: Place, text: Text) -> Written:
    """A layer in PyTorch; ``text`` writes a number. Raises Unsupported."""
    raise Unsupported(f"{place.name}: PyTorch source for the kind {layer.kind} is missing")


def sign(layer: Layer, place: Place) -> object:
    """What tells two places of a layer apart in the source."""
    found = layer_source(layer, place, written)
    if isinstance(found, Modules):
        return tuple((ending, flat(doc)) for ending, doc in found.made)
    if isinstance(found, Held):
        return flat(found.made), found.make("x")
    if isinstance(found, Expression):
        return flat(found.make([f"x{i}" for i in range(max(2, len(place.inputs)))]))
    return flat(found.made)


def one(name: str, *values: Doc, **named: Doc) -> Modules:
    """A layer that is one module."""
    return Modules([("", call(f"nn.{name}", *values, **named))])


def ranked(name: str, place: Place) -> str:
    return f"{name}{place.rank}d"


def stated(layer: Layer, text: Text, *names: str, **renamed: str) -> dict[str, Doc]:
    """Settings that differ from their defaults, as keywords."""
    found: dict[str, Doc] = {}
    for name in names:
        value = single(getattr(layer, name))
        if value != layer.defaults.get(name):
            found[renamed.get(name, name)] = text(value)
    return found


def last_first(sides: Sequence[tuple[Any, Any]]) -> tuple[Any, ...]:
    """(before, after) an axis in PyTorch's order: the last axis first."""
    return tuple(side for pair in reversed(sides) for side in pair)


def incoming(place: Place, text: Text) -> str:
    """The number of input features, as the product it comes from where it was just flattened."""
    if len(place.factors) > 1:
        factors = [text(factor) for factor in place.factors]
        return " * ".join(f if f.isidentifier() or f.isdecimal() else f"({f})" for f in factors)
    return text(place.x[-1])


PADS = {"zeros": "ZeroPad", "constant": "ConstantPad", "reflect": "ReflectionPad", "replicate": "ReplicationPad",
        "circular": "CircularPad"}  # fmt: skip


def padded(mode: str, sides: Sequence[tuple[Any, Any]], place: Place, text: Text) -> tuple[str, Doc]:
    return "pad", call(f"nn.{ranked(PADS[mode], place)}", text(last_first(sides)))


# --- convolutions -----------------------------------------------------------------------------


@layer_source.register
def _(layer: convolution.Conv, place: Place, text: Text) -> Written:
    before, padding = _padding(layer, place, text, layer.padding_mode)
    settings = (
        stated(layer, text, "stride") | padding | stated(layer, text, "dilation", "groups", "bias", "padding_mode")
    )
    if before:
        settings.pop("padding_mode", None)
    widths = text(place.x[0]), text(layer.out_channels), text(single(layer.kernel_size))
    conv = call(f"nn.{ranked('Conv', place)}", *widths, **settings)
    return Modules([*before, ("", call("fixed", conv) if layer.fixed else conv)])


def _padding(layer: Any, place: Place, text: Text, mode: str) -> tuple[list[tuple[str, Doc]], dict[str, Doc]]:
    """A convolution's padding: modules to put before it, or its own setting."""
    if layer.padding == "same":
        return [], {"padding": '"same"'}
    sides = convolution.Geometry(layer, place.x[1:]).padding if isinstance(layer.padding, str) else pairs(
        layer.padding, place.rank, "padding")  # fmt: skip
    if any(before != after for before, after in sides):
        return [padded(mode, sides, place, text)], {}
    amounts = single(tuple(before for before, _ in sides))
    return [], {"padding": text(amounts)} if amounts != 0 else {}


@layer_source.register
def _(layer: convolution.ConvTranspose, place: Place, text: Text) -> Written:
    sides, extra = layer.sides(place.rank)
    even = all(a == b for a, b in sides)
    settings = stated(layer, text, "stride")
    if even and single(tuple(a for a, _ in sides)) != 0:
        settings["padding"] = text(single(tuple(a for a, _ in sides)))
    if single(extra) != 0:
        settings["output_padding"] = text(single(extra))
    settings |= stated(layer, text, "groups", "bias", "dilation")
    widths = text(place.x[0]), text(layer.out_channels), text(single(layer.kernel_size))
    made: list[tuple[str, Doc]] = [("", call(f"nn.{ranked('ConvTranspose', place)}", *widths, **settings))]
    if not even:  # PyTorch cuts both ends alike: cut by hand
        made.append(("cut", padded("zeros", [(-a, -b) for a, b in sides], place, text)[1]))
    return Modules(made)


@layer_source.register
def _(layer: convolution.LocallyConnected, place: Place, text: Text) -> Written:
    geometry = convolution.Geometry(layer, place.x[1:])
    sides = geometry.padding
    before = [padded("zeros", sides, place, text)] if any(side for pair in sides for side in pair) else []
    settings = stated(layer, text, "stride", "dilation", "bias")
    widths = text(place.x[0]), text(layer.out_channels), text(geometry.output), text(geometry.kernel)
    return Modules([*before, ("", call("LocallyConnected", *widths, **_spread(settings, layer, place, text)))])


def _spread(settings: dict[str, Doc], layer: Any, place: Place, text: Text) -> dict[str, Doc]:
    """Settings of a helper, one number an axis."""
    for name in ("stride", "dilation"):
        if name in settings:
            settings[name] = text(per_axis(getattr(layer, name), place.rank, name))
    return settings


@layer_source.register
def _(layer: convolution.PartiallyConnected, place: Place, text: Text) -> Written:
    geometry = convolution.Geometry(layer, place.x[1:])
    sides = geometry.padding
    before = [padded("zeros", sides, place, text)] if any(side for pair in sides for side in pair) else []
    settings = _spread(stated(layer, text, "stride", "dilation", "bias"), layer, place, text)
    made = call("PartiallyConnected", listed(layer.table), text(geometry.kernel), **settings)
    return Modules([*before, ("", made)])


@layer_source.register
def _(layer: convolution.Im2col, place: Place, text: Text) -> Written:
    settings = stated(layer, text, "stride", "padding", "dilation")
    return one("Unfold", text(single(layer.kernel_size)), **settings)


@layer_source.register
def _(layer: dense.Linear, place: Place, text: Text) -> Written:
    return one("Linear", incoming(place, text), text(layer.out_features), **stated(layer, text, "bias"))


@layer_source.register
def _(layer: dense.RadialBasis, place: Place, text: Text) -> Written:
    return Modules([("", call("RadialBasis", incoming(place, text), text(layer.out_features)))])


# --- pooling ----------------------------------------------------------------------------------


def _pool(layer: Any, place: Place, text: Text, name: str, *first: Doc, **last: Doc) -> list[tuple[str, Doc]]:
    """A sliding pool; where PyTorch has no such rounding or padding, after a padding of its own."""
    kernel, sizes = per_axis(layer.kernel_size, place.rank, "kernel_size"), place.x[1:]
    stride = kernel if layer.stride is None else per_axis(layer.stride, place.rank, "stride")
    dilation = per_axis(layer.dilation, place.rank, "dilation")
    padding = per_axis(0 if isinstance(layer.padding, str) else layer.padding, place.rank, "padding")
    settings = {"stride": text(single(stride))} if single(stride) != single(kernel) else {}
    outputs = place.facts.output[1:]
    axes = list(zip(sizes, kernel, stride, padding, dilation, strict=True))
    rounded = layer.ceil_mode
    if rounded == "caffe":
        rounded = all(o == ceil_window_count(*axis) for o, axis in zip(outputs, axes, strict=True)) or "caffe"
    values = (*first, text(single(kernel)))
    if rounded != "caffe" and layer.padding != "tf_same":
        settings |= {"padding": text(single(padding))} if single(padding) != 0 else {}
        settings |= {"dilation": text(single(dilation))} if single(dilation) != 1 else {}
        settings |= {"ceil_mode": "True"} if rounded else {}
        return [("", call(f"nn.{ranked(name, place)}", *values, **settings, **last))]
    sides = []
    for o, (n, k, s, p, d) in zip(outputs, axes, strict=True):
        need = max((o - 1) * s + d * (k - 1) + 1 - n, 0)
        sides.append((need // 2, need - need // 2) if layer.padding == "tf_same" else (p, max(need - p, 0)))
    settings |= {"dilation": text(single(dilation))} if single(dilation) != 1 else {}
    if name == "AvgPool":
        settings = {"stride": text(stride)} if stride != kernel else {}
        made = call("PaddedAvgPool", text(kernel), text(last_first(sides)), **settings)
        return [("", made)]
    pad = call(f"nn.{ranked('ConstantPad', place)}", text(last_first(sides)), 'float("-inf")')
    pads: list[tuple[str, Doc]] = [("pad", pad)] if any(side for pair in sides for side in pair) else []
    return [*pads, ("", call(f"nn.{ranked(name, place)}", *values, **settings, **last))]


@layer_source.register
def _(layer: pooling.MaxPool, place: Place, text: Text) -> Written:
    if not place.remembered:
        return Modules(_pool(layer, place, text, "MaxPool"))
    *before, (_, pool) = _pool(layer, place, text, "MaxPool", return_indices="True")
    if before:
        raise Unsupported(f"{place.name} (max_pool): PyTorch cannot tell the places of a pool padded by hand")
    return Called(pool, lambda own, sources: f"{own}({sources[0]})")


@layer_source.register
def _(layer: pooling.AvgPool, place: Place, text: Text) -> Written:
    counted = {} if layer.count_include_pad else {"count_include_pad": "False"}
    made = _pool(layer, place, text, "AvgPool")
    if counted and isinstance(made[-1][1], Group) and made[-1][1].opening.startswith("nn.") and layer.padding != 0:
        made = _pool(layer, place, text, "AvgPool", **counted)
    if not layer.trainable:
        return Modules(made)
    return Modules([("pool", made[0][1]), ("", call("ScaleAndShift", text(place.x[0])))])


@layer_source.register
def _(layer: pooling.LpPool, place: Place, text: Text) -> Written:
    return Modules(_pool(layer, place, text, "LPPool", text(layer.norm_type)))


@layer_source.register(pooling.AdaptiveAvgPool)
@layer_source.register(pooling.AdaptiveMaxPool)
def _(layer: Any, place: Place, text: Text) -> Written:
    name = "AdaptiveAvgPool" if layer.kind == "adaptive_avg_pool" else "AdaptiveMaxPool"
    return one(ranked(name, place), text(single(layer.output_size)))


@layer_source.register(pooling.GlobalAvgPool)
@layer_source.register(pooling.GlobalMaxPool)
def _(layer: Any, place: Place, text: Text) -> Written:
    name = "AdaptiveAvgPool" if layer.kind == "global_avg_pool" else "AdaptiveMaxPool"
    pool = one(ranked(name, place), "1").made
    return Modules(pool if layer.keepdims else [*pool, ("flatten", "nn.Flatten()")])


@layer_source.register
def _(layer: pooling.MaxUnpool, place: Place, text: Text) -> Written:
    size = text(place.facts.output[1:])
    return Expression(lambda sources: call("unpool", *sources, size))


# --- normalisation and activations ------------------------------------------------------------


@layer_source.register
def _(layer: normalisation.BatchNorm, place: Place, text: Text) -> Written:
    name = f"BatchNorm{max(1, place.rank)}d"
    width = incoming(place, text) if place.rank == 0 else text(place.x[0])
    return one(name, width, **stated(layer, text, "eps", "momentum", "affine", "track_running_stats"))


@layer_source.register
def _(layer: normalisation.InstanceNorm, place: Place, text: Text) -> Written:
    settings = stated(layer, text, "eps", "momentum", "affine", "track_running_stats")
    return one(ranked("InstanceNorm", place), text(place.x[0]), **settings)


@layer_source.register
def _(layer: normalisation.GroupNorm, place: Place, text: Text) -> Written:
    return one("GroupNorm", text(layer.num_groups), text(place.x[0]), **stated(layer, text, "eps", "affine"))


@layer_source.register
def _(layer: normalisation.LayerNorm, place: Place, text: Text) -> Written:
    shape = {"all": place.x, "channels": place.x[:1], "last": place.x[-1:]}[layer.over]
    settings = stated(layer, text, "eps", "elementwise_affine", "bias")
    over_channels = layer.over == "channels" and place.rank > 0
    name = "ChannelNorm" if over_channels else "nn.LayerNorm"
    return Modules([("", call(name, text(shape[0] if len(shape) == 1 else shape), **settings))])


@layer_source.register
def _(layer: normalisation.LocalResponseNorm, place: Place, text: Text) -> Written:
    return one("LocalResponseNorm", text(layer.size), **stated(layer, text, "alpha", "beta", "k"))


def _names() -> dict[str, str]:
    """PyTorch's class of each kind that has one, whatever the number of axes."""
    found: dict[str, str] = {}
    for name, meaning in class_names().items():
        if not meaning.keras:
            found.setdefault(meaning.kind, name)
    return found


@layer_source.register
def _(layer: activation.Elementwise, place: Place, text: Text) -> Written:
    values = {name: text(getattr(layer, name)) for name in layer.fields if name not in layer.defaults}
    changed = {name: value for name, value in stated(layer, text, *layer.fields).items() if name not in values}
    if list(changed) == list(layer.positional[:1]):
        return one(_names()[layer.kind], *values.values(), *changed.values())
    return one(_names()[layer.kind], *values.values(), **changed)


@layer_source.register
def _(layer: activation.Softmax, place: Place, text: Text) -> Written:
    return one(_names()[layer.kind], dim=text(layer.dim))


@layer_source.register
def _(layer: activation.PReLU, place: Place, text: Text) -> Written:
    return one("PReLU", *([text(layer.num_parameters)] if layer.num_parameters != 1 else []))


@layer_source.register
def _(layer: activation.GLU, place: Place, text: Text) -> Written:
    return one("GLU", dim="1")


# --- moving numbers ---------------------------------------------------------------------------


@layer_source.register
def _(layer: reshaping.Flatten, place: Place, text: Text) -> Written:
    return one("Flatten")


@layer_source.register
def _(layer: reshaping.Reshape, place: Place, text: Text) -> Written:
    if place.rank == 0:
        return one("Unflatten", "1", text(tuple(layer.shape)))
    return Expression(lambda sources: f"{sources[0]}.reshape({', '.join(['-1', *map(text, place.facts.output)])})")


@layer_source.register
def _(layer: reshaping.Permute, place: Place, text: Text) -> Written:
    return Expression(lambda sources: f"{sources[0]}.permute({', '.join(['0', *map(text, layer.dims)])}).contiguous()")


@layer_source.register
def _(layer: reshaping.Pad, place: Place, text: Text) -> Written:
    sides = pairs(layer.padding, place.rank, "padding")
    zeros = layer.mode == "constant" and layer.value == 0
    _, pad = padded("zeros" if zeros else layer.mode, sides, place, text)
    if layer.mode == "constant" and not zeros and isinstance(pad, Group):
        pad.items.append(text(layer.value))
    return Modules([("", pad)])


def _cut(source: str, ranges: Sequence[tuple[Any, Any, Any]], text: Text) -> str:
    """A slice of all axes but the first, of (start, stop, size) each; trailing whole axes left out."""
    parts = [_range(*one_, text) for one_ in ranges]
    while parts and parts[-1] == ":":
        parts.pop()
    return f"{source}[{', '.join([':', *parts])}]" if parts else source


def _range(start: Any, stop: Any, size: Any, text: Text) -> str:
    after = "" if stop == size else text(stop)
    before = "" if start == 0 else text(start)
    gap = " " if " " in before + after else ""
    return f"{before}{gap if before else ''}:{gap if after else ''}{after}"


@layer_source.register
def _(layer: reshaping.Crop, place: Place, text: Text) -> Written:
    if len(place.inputs) > 1:
        return Expression(lambda sources: call("center_crop", *sources))
    ranges = [(a, n - b, n) for n, (a, b) in zip(place.x[1:], layer.sides(place.x[1:], None), strict=True)]
    return Expression(lambda sources: _cut(sources[0], [(0, 1, 1), *ranges], text))


@layer_source.register
def _(layer: reshaping.Slice, place: Place, text: Text) -> Written:
    ranges = [(a, b, n) for n, (a, b) in zip(place.x, layer.ranges(place.x), strict=True)]
    return Expression(lambda sources: _cut(sources[0], ranges, text))


# --- joining and resampling -------------------------------------------------------------------


def _operated(operator: str) -> Expression:
    return Expression(
        lambda sources: Group("(", list(sources), ")", operator=operator) if len(sources) > 1 else sources[0]
    )


@layer_source.register
def _(layer: joining.Add, place: Place, text: Text) -> Written:
    return _operated("+")


@layer_source.register
def _(layer: joining.Multiply, place: Place, text: Text) -> Written:
    return _operated("*")


@layer_source.register
def _(layer: joining.Concat, place: Place, text: Text) -> Written:
    spare = ", -1" * len(place.x)
    images = next((port for port in range(len(place.inputs)) if port not in place.alone), None)

    def make(sources: Sequence[str]) -> Doc:
        parts: list[Doc] = [
            one if images is None or port not in place.alone else f"{one}.expand({sources[images]}.shape[0]{spare})"
            for port, one in enumerate(sources)
        ]
        return call("torch.cat", Group("[", parts, "]"), dim=text(layer.dim))

    return Expression(make)


@layer_source.register
def _(layer: joining.Split, place: Place, text: Text) -> Written:
    sizes = [part[layer.dim - 1] for part in place.facts.parts]
    equal = len(set(sizes)) == 1
    shown = text(sizes[0]) if equal else f"[{', '.join(map(text, sizes))}]"
    end = "" if len(sizes) > 1 else "[0]"
    return Expression(lambda sources: f"torch.split({sources[0]}, {shown}, dim={text(layer.dim)}){end}")


@layer_source.register
def _(layer: resampling.Upsample, place: Place, text: Text) -> Written:
    if layer.mode == "bed_of_nails":
        factors = tuple(o // n for o, n in zip(place.facts.output[1:], place.x[1:], strict=True))
        return Expression(lambda sources: call("bed_of_nails", sources[0], text(factors)))
    settings = stated(layer, text, "size", "scale_factor", "align_corners")
    settings |= {"mode": f'"{layer.mode}"'} if layer.mode != "nearest" else {}
    return one("Upsample", **settings)


@layer_source.register
def _(layer: resampling.PixelShuffle, place: Place, text: Text) -> Written:
    return one("PixelShuffle", text(layer.upscale_factor))


@layer_source.register
def _(layer: resampling.PixelUnshuffle, place: Place, text: Text) -> Written:
    return one("PixelUnshuffle", text(layer.downscale_factor))


@layer_source.register
def _(layer: resampling.ChannelShuffle, place: Place, text: Text) -> Written:
    return one("ChannelShuffle", text(layer.groups))


@layer_source.register(resampling.RoIPool)
@layer_source.register(resampling.RoIAlign)
def _(layer: Any, place: Place, text: Text) -> Written:
    name = "RoIAlign" if layer.kind == "roi_align" else "RoIPool"
    return Modules([("", call(name, text(place.facts.output[1:]), text(layer.regions)))])


# --- plain tensors ----------------------------------------------------------------------------


@layer_source.register
def _(layer: tensors.Parameter, place: Place, text: Text) -> Written:
    numbers = call("torch.randn", *map(text, layer.table or layer.shape))
    made = numbers if layer.fixed else call("nn.Parameter", numbers)
    shape = f"({', '.join(['1', *map(text, layer.shape)])})"
    return Held(made, lambda own: f"{own}[None]" if layer.table is None else f"looked_up({own}, {shape})")


@layer_source.register
def _(layer: tensors.Matmul, place: Place, text: Text) -> Written:
    return _operated("@")


REDUCTIONS = {"mean": "mean", "sum": "sum", "max": "amax", "min": "amin", "var": "var", "std": "std",
              "norm": "linalg.vector_norm"}  # fmt: skip


@layer_source.register
def _(layer: tensors.Reduce, place: Place, text: Text) -> Written:
    kept: dict[str, Doc] = {"keepdim": "True"} if layer.keepdims else {}
    dims = text(layer.dims[0] if len(layer.dims) == 1 else layer.dims)
    return Expression(lambda sources: call(f"torch.{REDUCTIONS[layer.function]}", sources[0], dim=dims, **kept))


OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
PAIRED = {"power": "pow", "maximum": "maximum", "minimum": "minimum"}


@layer_source.register
def _(layer: tensors.Elementwise, place: Place, text: Text) -> Written:
    function, single_ = layer.function, len(place.inputs) == 1
    constant = [text(1 if layer.value is None else layer.value)] if single_ else []
    if function in OPERATORS:
        return Expression(lambda sources: Group("(", [*sources, *constant], ")", operator=OPERATORS[function]))
    if function in ("maximum", "minimum", "clamp") and single_:
        bound = "max" if function == "minimum" else "min"
        least = text(0 if layer.value is None else layer.value) if function == "clamp" else constant[0]
        return Expression(lambda sources: call("torch.clamp", sources[0], **{bound: least}))
    if function not in PAIRED:
        return Expression(lambda sources: call(f"torch.{function}", sources[0]))

    def make(sources: Sequence[str]) -> Doc:
        first, *rest = (*sources, *constant)
        made: Doc = first
        for other in rest:
            made = call(f"torch.{PAIRED[function]}", made, other)
        return made

    return Expression(make)


@layer_source.register
def _(layer: tensors.Opaque, place: Place, text: Text) -> Written:
    raise Unsupported(f"{place.name} (opaque): only its sizes are known, there is nothing to write")


# --- the whole --------------------------------------------------------------------------------


def source(program: Program) -> str:
    """The source of a network. Raises Unsupported."""
    from cnncalc.export.pytorch_classes import module

    return module(program)
