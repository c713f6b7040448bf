"""PyTorch's operations in the words of layers: one small rule for each, found by name in `RULES`.

A rule reads a `Call`, enters layers through the `Reader`, and binds the call's outputs to them. What it
cannot say it refuses (`Inexpressible`). Names and arguments are ATen's (native_functions.yaml).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cnncalc.exact.sizes import Shape, prod, times
from cnncalc.layers import Layer, kind
from cnncalc.layers.layer import axis_names
from cnncalc.pytorch.capture import ACTIVATION, CONSTANT, LEARNED, Call, Value
from cnncalc.pytorch.reader import Held, Inexpressible, Reader, Ref, without

LARGEST = 1e12  # of the numbers with a fraction in a spec
Rule = Callable[[Reader, Call], None]
RULES: dict[str, Rule] = {}


def reads(*names: str) -> Callable[[Rule], Rule]:
    """Enter a rule for operations of these names."""

    def enter(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, rule))
        return rule

    return enter


def plain(sizes: Any) -> Any:
    """Settings as a spec has them: one number where all axes agree."""
    if isinstance(sizes, int):
        return sizes
    values = tuple(int(size) for size in sizes)
    return values[0] if values and len(set(values)) == 1 else values


def given(**settings: Any) -> dict[str, Any]:
    """Settings that differ from their defaults."""
    usual = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "output_padding": 0, "ceil_mode": False}
    return {name: value for name, value in settings.items() if usual.get(name, ...) != value}


def is_learned(value: Any) -> bool:
    return isinstance(value, Value) and value.role == LEARNED


def bounded(value: float) -> float:
    """A constant as a spec can hold it: infinity is its largest number."""
    number = max(-LARGEST, min(LARGEST, float(value)))
    return int(number) if number == int(number) else number


def near(value: float, usual: float) -> dict[str, float]:
    return {} if value == usual else {"eps": value}


# --- products -----------------------------------------------------------------------------------


@reads("convolution")
def convolution(r: Reader, call: Call) -> None:
    x, weight, bias = r.map(call["input"]), call["weight"], call["bias"]
    if weight.role == ACTIVATION or (bias is not None and not is_learned(bias)):
        raise Inexpressible(
            "its weights are computed from the map" if weight.role == ACTIVATION else "its bias is fixed"
        )
    if len(call["input"].shape) < 3:
        raise Inexpressible("a convolution without spatial axes")
    settings = given(stride=plain(call["stride"]), padding=plain(call["padding"]), dilation=plain(call["dilation"]),
                     groups=call["groups"])  # fmt: skip
    kernel = plain(weight.shape[2:])
    if call["transposed"]:
        settings |= given(output_padding=plain(call["output_padding"]))
        out, name = weight.shape[1] * call["groups"], "conv_transpose"
    else:
        out, name = weight.shape[0], "conv"
    fixed = {} if is_learned(weight) else {"fixed": True}
    if fixed and name != "conv":
        raise Inexpressible("its weights are fixed")
    layer = kind(name)(out_channels=out, kernel_size=kernel, bias=bias is not None, **settings, **fixed)
    r.bind(r.weighted(layer, (x,), (weight, bias)))


@reads("linear")
def linear(r: Reader, call: Call) -> None:
    weight, bias = call["weight"], call.get("bias")
    value = call["input"]
    held = r.whole(value)
    if not is_learned(weight) or (bias is not None and not is_learned(bias)):
        raise Inexpressible("its weights are not learned")
    if held.batch == len(value.shape) - 1:
        raise Inexpressible("it works along the batch")
    leading = len(r.shape(held.ref)) > 1
    stated = {"in_features": weight.shape[1]} if leading else {}
    layer = kind("linear")(out_features=weight.shape[0], bias=bias is not None, **stated)
    r.bind(r.weighted(layer, (held.ref,), (weight, bias)), held.batch)


@reads("addmm")
def addmm(r: Reader, call: Call) -> None:
    """The linear layer that ATen makes of one on a map, or a plain product with a learned matrix."""
    _product(r, call, call["mat1"], call["mat2"], call["self"])


@reads("mm")
def mm(r: Reader, call: Call) -> None:
    _product(r, call, call["self"], call["mat2"], None)


def _product(r: Reader, call: Call, x: Value, weight: Value, bias: Value | None) -> None:
    if x.role != ACTIVATION or not is_learned(weight) or weight.param is None:
        raise Inexpressible("a product of this form")
    if bias is not None and (not is_learned(bias) or len(bias.shape) != 1):
        raise Inexpressible("its bias is not one number for each column")
    held = r.whole(x)
    ref, batch = held.ref, held.batch if held.batch == 0 else None
    ref = r.with_batch(x, batch)
    stated = {"in_features": weight.shape[0]} if batch is None else {}
    layer = kind("linear")(out_features=weight.shape[1], bias=bias is not None, **stated)
    r.bind(r.weighted(layer, (ref,), (weight, bias)), batch)


@reads("matmul", "bmm")
def matmul(r: Reader, call: Call) -> None:
    a, b = call["self"], call.get("other", call.get("mat2"))
    if is_learned(b) and b.param is not None and len(b.shape) == 2 and a.role == ACTIVATION:
        held = r.whole(a)
        stated = {"in_features": b.shape[0]} if len(r.shape(held.ref)) > 1 else {}
        layer = kind("linear")(out_features=b.shape[1], bias=False, **stated)
        return r.bind(r.weighted(layer, (held.ref,), (b,)), held.batch)
    rank = max(len(a.shape), len(b.shape))
    if min(len(a.shape), len(b.shape)) < 2:
        raise Inexpressible("a product with a vector")
    batch = 0 if rank > 2 and all(len(v.shape) == rank and v.shape[0] == 1 for v in (a, b)) else None
    refs = (_operand(r, a, rank, batch), _operand(r, b, rank, batch))
    return r.bind(r.emit(kind("matmul")(), refs), batch)


def _operand(r: Reader, value: Value, rank: int, batch: int | None) -> Ref:
    """A tensor as one of several that meet entry by entry: as many axes as the others, the batch where theirs is."""
    shape = (1,) * (rank - len(value.shape)) + value.shape
    if r.is_alone(value):
        held = r.alone_as(value, shape, batch)
        return held.ref if held.batch == batch else r.reshaped(held.ref, without(shape, batch))
    if batch is not None and shape[batch] != 1:
        raise Inexpressible("it joins the batch with another axis")
    held = r.held(value)
    source = held.narrow or value
    small = (1,) * (rank - len(source.shape)) + source.shape
    return r.reshaped(r.held(source).ref, without(small, batch))


@reads("attention")
def attention(r: Reader, call: Call) -> None:
    """Two matrix products with a softmax between (Vaswani et al. 2017)."""
    query, key, value = call["query"], call["key"], call["value"]
    rank = len(query.shape)
    batch = 0 if all(v.shape[0] == 1 and len(v.shape) == rank for v in (query, key, value)) and rank > 2 else None
    q, k, v = (_operand(r, one, rank, batch) for one in (query, key, value))
    axes = len(r.shape(k))
    swapped = (*range(1, axes - 1), axes, axes - 1)
    scores = r.emit(kind("matmul")(), (q, r.emit(kind("permute")(dims=swapped), (k,))))
    mask = call.get("attn_mask")
    if isinstance(mask, Value) and mask.role != CONSTANT:
        scores = r.emit(kind("add")(), (scores, _operand(r, mask, rank, batch)))
    weights = r.emit(kind("softmax")(dim=axes), (scores,))
    r.bind(r.emit(kind("matmul")(), (weights, v)), batch)


# --- entry by entry -----------------------------------------------------------------------------

ACTIVATIONS = [
    "relu",
    "relu6",
    "selu",
    "silu",
    "mish",
    "sigmoid",
    "hardsigmoid",
    "hardswish",
    "tanh",
    "softsign",
    "tanhshrink",
]


@reads(*ACTIVATIONS, "gelu", "log_sigmoid_forward")
def activation(r: Reader, call: Call) -> None:
    name = "logsigmoid" if call.name == "log_sigmoid_forward" else call.name
    unary(r, call, kind(name)())


def unary(r: Reader, call: Call, layer: Layer, argument: str = "self") -> None:
    """A layer that changes no shape."""
    value = call.get(argument) or call["input"]
    held = r.held(value)
    source = held.narrow or value
    small = r.held(source)
    ref = r.emit(layer, (small.ref,))
    if held.narrow is None:
        return r.bind(ref, held.batch)
    shadow = Value(source.shape, ACTIVATION)
    r.held_by[shadow] = Held(ref, small.batch)
    r.held_by[call.outputs[0]] = Held(ref, held.batch, shadow)
    return None


@reads("hardtanh")
def hardtanh(r: Reader, call: Call) -> None:
    low, high = bounded(call["min_val"]), bounded(call["max_val"])
    six = (low, high) == (0, 6)
    unary(r, call, kind("relu6")() if six else kind("hardtanh")(min_val=low, max_val=high))


@reads("leaky_relu")
def leaky_relu(r: Reader, call: Call) -> None:
    unary(r, call, kind("leaky_relu")(negative_slope=call["negative_slope"]))


@reads("elu", "celu")
def elu(r: Reader, call: Call) -> None:
    if call.get("scale", 1) != 1:
        return unary(r, call, kind("selu")())
    return unary(r, call, kind(call.name)(alpha=call["alpha"]))


@reads("softplus")
def softplus(r: Reader, call: Call) -> None:
    unary(r, call, kind("softplus")(beta=call["beta"], threshold=call["threshold"]))


@reads("hardshrink", "softshrink")
def shrink(r: Reader, call: Call) -> None:
    unary(r, call, kind(call.name)(lambd=call["lambd"]))


@reads("threshold")
def threshold(r: Reader, call: Call) -> None:
    unary(r, call, kind("threshold")(threshold=bounded(call["threshold"]), value=bounded(call["value"])))


@reads("_prelu_kernel", "prelu")
def prelu(r: Reader, call: Call) -> None:
    weight = call["weight"]
    layer = kind("prelu")(num_parameters=prod(weight.shape))
    held = r.whole(call["self"])
    r.bind(r.weighted(layer, (held.ref,), (weight,)), held.batch)


@reads("glu")
def glu(r: Reader, call: Call) -> None:
    held = r.whole(call["self"])
    if r.axis(call["self"], call["dim"]) != 0:
        raise Inexpressible("it halves another axis than the channels")
    r.bind(r.emit(kind("glu")(), (held.ref,)), held.batch)


@reads("dropout")
def dropout(r: Reader, call: Call) -> None:
    p = call.get("p", 0.5)
    unary(r, call, kind("dropout")(p=p)) if p else same(r, call)


@reads("_softmax", "_log_softmax", "_safe_softmax", "softmax", "log_softmax")
def softmax(r: Reader, call: Call) -> None:
    held = r.whole(call["self"])
    name = "log_softmax" if "log" in call.name else "softmax"
    dim = r.axis(call["self"], call["dim"]) + 1
    r.bind(r.emit(kind(name)(dim=dim), (held.ref,)), held.batch)


FUNCTIONS = {
    name: name
    for name in [
        "abs",
        "neg",
        "sign",
        "square",
        "sqrt",
        "rsqrt",
        "reciprocal",
        "exp",
        "log",
        "sin",
        "cos",
        "erf",
        "round",
        "floor",
        "ceil",
    ]
}


@reads(*FUNCTIONS)
def function(r: Reader, call: Call) -> None:
    unary(r, call, kind("elementwise")(function=FUNCTIONS[call.name]))


@reads("clamp", "clamp_min", "clamp_max")
def clamp(r: Reader, call: Call) -> None:
    bound = call.get("min", call.get("max"))
    constant = {"value": bounded(bound)} if isinstance(bound, int | float) else {}
    unary(r, call, kind("elementwise")(function="clamp", **constant))


PAIRED = {"add": "add", "sub": "subtract", "rsub": "subtract", "mul": "multiply", "div": "divide", "pow": "power",
          "maximum": "maximum", "minimum": "minimum"}  # fmt: skip


@reads(*PAIRED)
def paired(r: Reader, call: Call) -> None:
    """Two tensors entry by entry, or one and a constant."""
    operands = [call.get("self"), call.get("other", call.get("exponent"))]
    out, name = call.outputs[0].shape, PAIRED[call.name]
    values = [one for one in operands if isinstance(one, Value)]
    maps = [one for one in values if one.role != CONSTANT]
    if len(values) < 2 or (len(maps) == 1 and maps[0].shape == out):
        (value,) = maps
        return _with_constant(r, call, name, value, next(one for one in operands if one is not value))
    batch = _meeting(r, values, len(out))
    if name in ("add", "multiply"):
        values.sort(key=r.is_alone)  # what flows comes first: the order is free here
    refs = tuple(_operand(r, value, len(out), batch) for value in values)
    layer = kind(name)() if name in ("add", "multiply") else kind("elementwise")(function=name)
    return r.bind(r.emit(layer, refs), batch)


@reads("addcmul", "addcdiv")
def addcmul(r: Reader, call: Call) -> None:
    """self + value · tensor1 · tensor2 (or over tensor2)."""
    values = (call["self"], call["tensor1"], call["tensor2"])
    out = call.outputs[0].shape
    batch = _meeting(r, values, len(out))
    base, one, other = (_operand(r, value, len(out), batch) for value in values)
    layer = kind("multiply")() if call.name == "addcmul" else kind("elementwise")(function="divide")
    r.bind(r.emit(kind("add")(), (base, r.emit(layer, (one, other)))), batch)


def _with_constant(r: Reader, call: Call, name: str, value: Value, constant: Any) -> None:
    number = bounded(constant) if isinstance(constant, int | float) and not isinstance(constant, bool) else None
    unary(r, call, kind("elementwise")(function=name, **({} if number is None else {"value": number})),
          "self" if call.get("self") is value else "other")  # fmt: skip


def _meeting(r: Reader, values: Sequence[Value], rank: int) -> int | None:
    """Which axis is the batch's where several tensors meet: the widest one's, if it is 1 long in all."""
    known = [value for value in values if not r.is_alone(value)]
    if not known:
        return 0 if rank > 1 else None
    widest = max(known, key=lambda value: (len(value.shape), prod(value.shape)))
    candidates = [r.held(widest).batch, *(r.held(value).batch for value in known)]
    for batch in candidates:
        if batch is not None and len(widest.shape) == rank:
            padded = [(1,) * (rank - len(value.shape)) + value.shape for value in values]
            if all(shape[batch] == 1 for shape in padded):
                return batch
    return None


# --- normalisation ------------------------------------------------------------------------------


@reads("native_batch_norm", "_native_batch_norm_legit_no_training", "_native_batch_norm_legit", "cudnn_batch_norm",
       "_batch_norm_no_update", "_batch_norm_with_update")  # fmt: skip
def batch_norm(r: Reader, call: Call) -> None:
    x = r.map(call.get("input") or call["self"])
    weight, bias = call.get("weight"), call.get("bias")
    stored = call.get("running_mean")
    if call.get("training") and stored is not None:
        raise Inexpressible("it normalises by the statistics of the batch, in evaluation too")
    plain_affine = is_learned(weight) and is_learned(bias)
    if not plain_affine and (is_learned(weight) or is_learned(bias)):
        raise Inexpressible("only one of its weight and bias is learned")
    layer = kind("batch_norm")(affine=plain_affine, track_running_stats=stored is not None, **near(call["eps"], 1e-5))
    r.bind(r.weighted(layer, (x,), (weight, bias) if plain_affine else ()))


@reads("instance_norm")
def instance_norm(r: Reader, call: Call) -> None:
    weight, stored = call.get("weight"), call.get("running_mean")
    layer = kind("instance_norm")(affine=weight is not None, track_running_stats=stored is not None,
                                  **near(call.get("eps", 1e-5), 1e-5))  # fmt: skip
    r.bind(r.weighted(layer, (r.map(call["input"]),), (weight, call.get("bias"))))


@reads("native_group_norm")
def group_norm(r: Reader, call: Call) -> None:
    weight, bias = call.get("weight"), call.get("bias")
    both = is_learned(weight) and is_learned(bias)
    layer = kind("group_norm")(num_groups=call["group"], affine=both, **near(call["eps"], 1e-5))
    ref = r.weighted(layer, (r.map(call["input"]),), (weight, bias) if both else ())
    for value, joined in (weight, "multiply"), (bias, "add"):
        if not both and is_learned(value):
            each = (1, *value.shape, *(1,) * (len(call["input"].shape) - 2))
            ref = r.emit(kind(joined)(), (ref, r.alone_as(value, each).ref))
    r.bind(ref)


@reads("native_layer_norm", "_fused_rms_norm", "rms_norm")
def layer_norm(r: Reader, call: Call) -> None:
    weight, bias = call.get("weight"), call.get("bias")
    held = r.whole(call["input"])
    x, normalized = r.shape(held.ref), tuple(call["normalized_shape"])
    if "rms" in call.name:
        raise Inexpressible("a root mean square norm")
    if is_learned(bias) and not is_learned(weight):
        raise Inexpressible("its bias is learned and its weight is not")
    if normalized == x:
        over = "all"
    elif len(normalized) == 1 and normalized == x[-1:]:
        over = "last"
    else:
        raise Inexpressible(f"it normalises {times(normalized)} of {times(x)}")
    shifts = weight is None or is_learned(bias)
    layer = kind("layer_norm")(over=over, elementwise_affine=is_learned(weight), bias=shifts, **near(call["eps"], 1e-5))
    r.bind(r.weighted(layer, (held.ref,), (weight, bias)), held.batch)


@reads("local_response_norm")
def local_response_norm(r: Reader, call: Call) -> None:
    settings = {name: call[name] for name in ("alpha", "beta", "k") if call.get(name) is not None}
    r.bind(r.emit(kind("local_response_norm")(size=call["size"], **settings), (r.map(call["input"]),)))


# --- pooling ------------------------------------------------------------------------------------


@reads("max_pool1d", "max_pool2d", "max_pool2d_with_indices", "max_pool3d_with_indices", "avg_pool1d", "avg_pool2d",
       "avg_pool3d")  # fmt: skip
def pool(r: Reader, call: Call) -> None:
    name = "max_pool" if call.name.startswith("max") else "avg_pool"
    kernel, stride = plain(call["kernel_size"]), plain(call.get("stride") or call["kernel_size"])
    settings = given(padding=plain(call.get("padding", 0)), ceil_mode=bool(call.get("ceil_mode", False)))
    if name == "max_pool":
        settings |= given(dilation=plain(call.get("dilation", 1)))
    elif call.args.get("count_include_pad") is False and settings.get("padding"):
        settings["count_include_pad"] = False
    if call.get("divisor_override"):
        raise Inexpressible("it divides by a number of its own")
    layer = kind(name)(kernel_size=kernel, stride=None if stride == kernel else stride, **settings)
    r.bind(r.emit(layer, (r.map(call["self"]),)))


@reads("lp_pool")
def lp_pool(r: Reader, call: Call) -> None:
    kernel = plain(call["kernel_size"])
    stride = call.get("stride")
    layer = kind("lp_pool")(kernel_size=kernel, stride=None if stride is None else plain(stride),
                            ceil_mode=bool(call.get("ceil_mode", False)), norm_type=call["norm_type"])  # fmt: skip
    r.bind(r.emit(layer, (r.map(call["input"]),)))


@reads(*(f"adaptive_{name}_pool{end}" for name in ("avg", "max") for end in ("", "1d", "2d", "3d")),
       "_adaptive_avg_pool2d", "_adaptive_avg_pool3d")  # fmt: skip
def adaptive_pool(r: Reader, call: Call) -> None:
    name = "max" if "max" in call.name else "avg"
    x = r.map(call.get("input") or call["self"])
    size = call["output_size"]
    if size is None or (isinstance(size, tuple | list) and None in size):
        size = call.outputs[0].shape[2:]
    size = plain(size)
    layer = kind(f"global_{name}_pool")(keepdims=True) if size == 1 else kind(f"adaptive_{name}_pool")(output_size=size)
    r.bind(r.emit(layer, (x,)))


REDUCTIONS = {"mean": "mean", "sum": "sum", "amax": "max", "amin": "min", "max": "max", "min": "min", "var": "var",
              "std": "std", "linalg_vector_norm": "norm", "norm": "norm"}  # fmt: skip


@reads(*REDUCTIONS)
def reduction(r: Reader, call: Call) -> None:
    value = call["self"]
    if isinstance(call.get("other"), Value):
        return paired(r, _renamed(call, {"max": "maximum", "min": "minimum"}[call.name]))
    dims, keep = call.get("dim"), bool(call.get("keepdim", False))
    if dims is None or dims == []:
        raise Inexpressible("it makes one number of the whole batch")
    held = r.whole(value)
    axes = sorted(r.axis(value, dim) for dim in ([dims] if isinstance(dims, int) else dims))
    rank = len(r.shape(held.ref))
    spatial = rank > 1 and axes == list(range(1, rank)) and held.batch == 0
    function = REDUCTIONS[call.name]
    if spatial and function in ("mean", "max"):
        layer = kind("global_avg_pool" if function == "mean" else "global_max_pool")(keepdims=keep)
    else:
        layer = kind("reduce")(dims=tuple(axis + 1 for axis in axes), function=function, keepdims=keep)
    batch = held.batch
    if batch is not None and not keep:
        gone = {dim % len(value.shape) for dim in ([dims] if isinstance(dims, int) else dims)}
        batch -= sum(1 for dim in gone if dim < batch)
    return r.bind(r.emit(layer, (held.ref,)), batch)


def _renamed(call: Call, name: str) -> Call:
    return Call(name, call.args, call.outputs, call.path, call.turn, call.place, call.macs)


# --- moving numbers -----------------------------------------------------------------------------


@reads("detach", "alias", "clone", "contiguous", "_to_copy", "lift_fresh", "to", "positive", "real", "view_as")
def same(r: Reader, call: Call) -> None:
    value = call.get("self") or call["input"]
    held = r.held(value)
    r.held_by[call.outputs[0]] = held


@reads("view", "_unsafe_view", "reshape", "_reshape_alias", "unflatten", "flatten", "view_copy")
def view(r: Reader, call: Call) -> None:
    value, out = call["self"], call.outputs[0].shape
    held = r.whole(value)
    if held.batch is None:
        batch = 0 if len(out) > 1 and out[0] == 1 else None
    else:
        before = prod(value.shape[: held.batch])
        places = [axis for axis, size in enumerate(out) if size == 1 and prod(out[:axis]) == before]
        batch = places[0] if places and len(out) > 1 else None
    r.bind(r.reshaped(held.ref, without(out, batch)), batch)


@reads("unsqueeze")
def unsqueeze(r: Reader, call: Call) -> None:
    value, out = call["self"], call.outputs[0].shape
    dim = call["dim"] % len(out)
    held = r.held(value)
    if held.narrow is not None:
        held = r.whole(value)
    batch = held.batch
    if batch is None:
        batch = 0 if dim == 0 else None
    else:
        batch += dim <= batch
    r.bind(r.reshaped(held.ref, without(out, batch)), batch)


@reads("squeeze")
def squeeze(r: Reader, call: Call) -> None:
    value, out = call["self"], call.outputs[0].shape
    held = r.whole(value)
    rank, batch = len(value.shape), held.batch
    dims = call.get("dim")
    named = range(rank) if dims is None else [dim % rank for dim in ([dims] if isinstance(dims, int) else dims)]
    gone = {dim for dim in named if value.shape[dim] == 1}
    if batch is not None:
        batch = None if batch in gone else batch - sum(1 for dim in gone if dim < batch)
    r.bind(r.reshaped(held.ref, without(out, batch)), batch)


@reads("permute", "transpose", "t", "movedim")
def permute(r: Reader, call: Call) -> None:
    value = call["self"]
    rank = len(value.shape)
    if call.name == "permute":
        order = [dim % rank for dim in call["dims"]]
    else:
        a, b = (0, 1) if call.name == "t" else (call["dim0"] % rank, call["dim1"] % rank)
        order = list(range(rank))
        if rank > 1:
            order[a], order[b] = order[b], order[a]
    held = r.whole(value)
    axes = [dim - (held.batch is not None and dim > held.batch) for dim in order if dim != held.batch]
    batch = None if held.batch is None else order.index(held.batch)
    still = axes == sorted(axes)
    ref = held.ref if still else r.emit(kind("permute")(dims=tuple(axis + 1 for axis in axes)), (held.ref,))
    r.bind(ref, batch)


@reads("expand")
def expand(r: Reader, call: Call) -> None:
    """Broadcasting written out is left to the layer that reads it."""
    value, out = call["self"], call.outputs[0]
    held = r.held(value)
    if out.shape == value.shape:
        r.held_by[out] = held
        return
    extra = len(out.shape) - len(value.shape)
    source = held.narrow or value
    batch = None if held.batch is None else held.batch + extra
    if batch is not None and out.shape[batch] != 1:
        raise Inexpressible("it copies along the batch")
    if extra:
        shadow = Value((1,) * extra + source.shape, ACTIVATION)
        small = r.held(source)
        inner = None if small.batch is None else small.batch + extra
        r.held_by[shadow] = Held(r.reshaped(small.ref, without(shadow.shape, inner)), inner)
        source, batch = shadow, inner
    r.held_by[out] = Held(r.held(source).ref, batch, source)


@reads("repeat")
def repeat(r: Reader, call: Call) -> None:
    value, counts = call["self"], list(call["repeats"])
    extra = len(counts) - len(value.shape)
    held = r.whole(value)
    batch = None if held.batch is None else held.batch + extra
    if batch is not None and counts[batch] != 1:
        raise Inexpressible("it copies the batch")
    ref = r.reshaped(held.ref, without((1,) * extra + value.shape, batch))
    for axis, count in enumerate(without(tuple(counts), batch)):
        if count > 1:
            ref = r.emit(kind("concat")(dim=axis + 1), (ref,) * count)
    r.bind(ref, batch)


def cut(r: Reader, ref: Ref, axis: int, start: int, stop: int) -> Ref:
    """Positions start to stop of one axis."""
    shape = r.shape(ref)
    if (start, stop) == (0, shape[axis]):
        return ref
    if len(shape) <= 4:
        return r.emit(kind("slice")(**{axis_names(len(shape))[axis]: (start, stop)}), (ref,))
    flat = r.reshaped(ref, (prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])))
    part = r.emit(kind("slice")(height=(start, stop)), (flat,))
    return r.reshaped(part, (*shape[:axis], stop - start, *shape[axis + 1 :]))


@reads("slice")
def slice_(r: Reader, call: Call) -> None:
    value = call["self"]
    held = r.whole(value)
    n, step = value.shape[call["dim"]], call.get("step", 1)
    start, stop = call.get("start", 0), call.get("end", n)
    start, stop = (max(0, min(n, edge + n if edge < 0 else edge)) for edge in (start, stop))
    if call["dim"] % len(value.shape) == held.batch:
        if start == 0 and stop >= 1:
            return r.bind(held.ref, held.batch)
        raise Inexpressible("it cuts the batch")
    axis = r.axis(value, call["dim"])
    ref = cut(r, held.ref, axis, start, stop)
    if step != 1:
        ref = every(r, ref, axis, step)
    return r.bind(ref, held.batch)


def every(r: Reader, ref: Ref, axis: int, step: int) -> Ref:
    """Each ``step``-th position of an axis: a pool of single positions."""
    shape = r.shape(ref)
    if axis > 0 and 2 <= len(shape) <= 4:
        stride = tuple(step if i == axis else 1 for i in range(1, len(shape)))
        return r.emit(kind("max_pool")(kernel_size=1, stride=plain(stride)), (ref,))
    flat = r.reshaped(ref, (prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])))
    left = r.emit(kind("max_pool")(kernel_size=1, stride=(step, 1)), (flat,))
    return r.reshaped(left, (*shape[:axis], -(-shape[axis] // step), *shape[axis + 1 :]))


@reads("select")
def select(r: Reader, call: Call) -> None:
    value = call["self"]
    held = r.whole(value)
    dim = call["dim"] % len(value.shape)
    if dim == held.batch:
        return r.bind(held.ref, None)
    return r.bind(*_selected(r, value, held, dim, call["index"]))


def _selected(r: Reader, value: Value, held: Held, dim: int, index: int) -> tuple[Ref, int | None]:
    axis, n = r.axis(value, dim), value.shape[dim]
    ref = cut(r, held.ref, axis, index % n, index % n + 1)
    batch = None if held.batch is None else held.batch - (dim < held.batch)
    return r.reshaped(ref, without((*value.shape[:dim], *value.shape[dim + 1 :]), batch)), batch


@reads("unbind")
def unbind(r: Reader, call: Call) -> None:
    value = call["self"]
    held = r.whole(value)
    dim = call["dim"] % len(value.shape)
    if dim == held.batch:
        return r.bind(held.ref, None)
    for index in range(value.shape[dim]):
        ref, batch = _selected(r, value, held, dim, index)
        r.bind(ref, batch, index)
    return None


@reads("split", "split_with_sizes", "chunk", "tensor_split", "unsafe_split")
def split(r: Reader, call: Call) -> None:
    value = call["self"]
    held = r.whole(value)
    axis = r.axis(value, call.get("dim", 0))
    sizes = tuple(out.shape[call.get("dim", 0)] for out in call.outputs)
    sections = len(sizes) if len(set(sizes)) == 1 else sizes
    along = {} if axis == 0 else {"dim": axis + 1}
    source, _ = r.emit(kind("split")(sections=sections, **along), (held.ref,))
    for index in range(len(sizes)):
        r.bind((source, index), held.batch, index)


@reads("cat")
def cat(r: Reader, call: Call) -> None:
    values = [value for value in call["tensors"] if value.shape != (0,)]
    rank = len(values[0].shape)
    _joined(r, call, values, [value.shape for value in values], call["dim"] % rank)


@reads("stack")
def stack(r: Reader, call: Call) -> None:
    values = call["tensors"]
    dim = call["dim"] % (len(values[0].shape) + 1)
    _joined(r, call, values, [(*v.shape[:dim], 1, *v.shape[dim:]) for v in values], dim)


def _joined(r: Reader, call: Call, values: Sequence[Value], shapes: Sequence[Shape], dim: int) -> None:
    rank = len(shapes[0])
    batches = [r.whole(value).batch for value in values if not r.is_alone(value)]
    if len(values[0].shape) < rank:  # stacked: the new axis comes first or after the batch
        batches = [None if batch is None else batch + (dim <= batch) for batch in batches]
    wanted = next((b for b in batches if b is not None and b != dim and all(s[b] == 1 for s in shapes)), None)
    refs = []
    for value, shape in zip(values, shapes, strict=True):
        if r.is_alone(value):
            held = r.alone_as(value, shape, wanted)
            refs.append(r.reshaped(held.ref, without(shape, wanted)))
        else:
            refs.append(r.reshaped(r.whole(value).ref, without(shape, wanted)))
    axis = dim - (wanted is not None and dim > wanted)
    along = {} if axis == 0 else {"dim": axis + 1}
    if len(refs) == 1:
        return r.bind(refs[0], wanted)
    return r.bind(r.emit(kind("concat")(**along), tuple(refs)), wanted)


@reads("roll")
def roll(r: Reader, call: Call) -> None:
    """The end of an axis goes to its beginning."""
    value, dims = call["self"], call["dims"]
    if not dims:
        raise Inexpressible("it rolls all axes as one")
    held = r.whole(value)
    ref = held.ref
    for shift, dim in zip(call["shifts"], dims, strict=True):
        axis = r.axis(value, dim)
        n = r.shape(ref)[axis]
        if at := -shift % n:
            parts = cut(r, ref, axis, at, n), cut(r, ref, axis, 0, at)
            ref = r.emit(kind("concat")(dim=axis + 1), parts)
    r.bind(ref, held.batch)


@reads("flip")
def flip(r: Reader, call: Call) -> None:
    raise Inexpressible("no layer kind turns an axis around")


# --- sizes --------------------------------------------------------------------------------------

PADS = {"constant_pad_nd": "constant"} | {
    f"{name}_pad{rank}d": mode
    for rank in (1, 2, 3)
    for name, mode in (("reflection", "reflect"), ("replication", "replicate"))
}


@reads(*PADS)
def pad(r: Reader, call: Call) -> None:
    value, amounts = call["self"], list(call.get("pad") or call["padding"])
    held = r.whole(value)
    pairs = list(zip(amounts[::2], amounts[1::2], strict=True))[::-1]
    first = len(value.shape) - len(pairs)
    moved = [(r.axis(value, first + i), pair) for i, pair in enumerate(pairs) if pair != (0, 0)]
    if not moved:
        return r.bind(held.ref, held.batch)
    number = bounded(call.get("value", 0) or 0)
    settings = {"mode": PADS[call.name]} if PADS[call.name] != "constant" else {}
    settings |= {"value": number} if number else {}
    rank = len(r.shape(held.ref))
    if all(axis > 0 for axis, _ in moved) and 2 <= rank <= 4:
        sides = tuple(dict(moved).get(axis, (0, 0)) for axis in range(1, rank))
        one = len({*sides}) == 1 and sides[0][0] == sides[0][1]
        layer = kind("pad")(padding=sides[0][0] if one else sides, **settings)
        return r.bind(r.emit(layer, (held.ref,)), held.batch)
    ref = held.ref
    for axis, pair in moved:
        shape = r.shape(ref)
        flat = r.reshaped(ref, (prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])))
        padded = r.emit(kind("pad")(padding=(pair, (0, 0)), **settings), (flat,))
        ref = r.reshaped(padded, (*shape[:axis], shape[axis] + sum(pair), *shape[axis + 1 :]))
    return r.bind(ref, held.batch)


@reads(*(f"{start}{mode}" for start in ("upsample_", "_upsample_nearest_exact")
         for mode in ("nearest1d", "nearest2d", "nearest3d", "linear1d", "bilinear2d", "trilinear3d", "bicubic2d",
                      "1d", "2d", "3d")))  # fmt: skip
def upsample(r: Reader, call: Call) -> None:
    mode = "nearest" if "nearest" in call.name else call.name.removeprefix("upsample_")[:-2]
    x = r.map(call.get("self") or call["input"])
    size = call.outputs[0].shape[2:]
    corners = {"align_corners": True} if call.get("align_corners") else {}
    before = r.shape(x)[1:]
    if size == before:
        return r.bind(x)
    factors = [o / n for n, o in zip(before, size, strict=True)]
    stated = any(call.get(name) for name in ("scales", "scales_d", "scales_h", "scales_w", "scale_factors"))
    whole = all(factor == int(factor) for factor in factors)
    scaled = stated and (whole or all(factor * 64 == int(factor * 64) for factor in factors))
    place = {"scale_factor": plain_factor(factors)} if scaled else {"size": plain(size)}
    return r.bind(r.emit(kind("upsample")(mode=mode, **place, **corners), (x,)))


def plain_factor(factors: Sequence[float]) -> Any:
    values = tuple(int(factor) if factor == int(factor) else factor for factor in factors)
    return values[0] if len(set(values)) == 1 else values


@reads("pixel_shuffle")
def pixel_shuffle(r: Reader, call: Call) -> None:
    r.bind(r.emit(kind("pixel_shuffle")(upscale_factor=call["upscale_factor"]), (r.map(call["self"]),)))


@reads("pixel_unshuffle")
def pixel_unshuffle(r: Reader, call: Call) -> None:
    r.bind(r.emit(kind("pixel_unshuffle")(downscale_factor=call["downscale_factor"]), (r.map(call["self"]),)))


@reads("channel_shuffle", "native_channel_shuffle")
def channel_shuffle(r: Reader, call: Call) -> None:
    r.bind(r.emit(kind("channel_shuffle")(groups=call["groups"]), (r.map(call["self"]),)))


@reads("im2col")
def im2col(r: Reader, call: Call) -> None:
    layer = kind("im2col")(kernel_size=plain(call["kernel_size"]), stride=plain(call["stride"]),
                           padding=plain(call["padding"]), dilation=plain(call["dilation"]))  # fmt: skip
    r.bind(r.emit(layer, (r.map(call["self"]),)))
