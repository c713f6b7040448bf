"""Counters that put themselves in the place of ``torch.nn.functional``: modules are counted by what they call."""

from cnncalc.conventions.components import Seen, exact_in_binary
from cnncalc.conventions.convention import (
    Convention,
    Quirk,
    Table,
    Term,
    Terms,
    affine,
    counted,
    first_shared,
    normalising,
    unsaid,
)
from cnncalc.exact.sizes import extent, prod
from cnncalc.layers.layer import pairs, per_axis

POOLS = "max_pool avg_pool adaptive_avg_pool adaptive_max_pool global_avg_pool global_max_pool"
FLOPS: Table = {
    "conv conv_transpose": {"macs": 2, "biases": 1},
    "linear": {"macs": 2},
    "batch_norm": {"inputs": normalising(affine(2, 1), affine(5, 4))},
    "layer_norm group_norm instance_norm": {"inputs": affine(5, 4)},
    f"relu prelu elu leaky_relu silu gelu softmax {POOLS}": {"inputs": 1},
    "upsample": {"outputs": 1},
    "lp_pool": {"inputs": 1, "outputs": 2},
    "local_response_norm": {"inputs": 3, "padded": 1},
    "dropout": {},
}
MACS: Table = {"conv conv_transpose linear": {"macs": 1}}
AS_FUNCTIONS: Table = {**FLOPS, "relu6": {"inputs": 1}, "matmul": {"macs": 2}}


def _halved_same(bias: bool) -> Quirk:
    """padding='same' is worked out anew, with ⌊d(k - 1)/2⌋ on both sides: an output too small for even kernels."""

    def prints(seen: Seen) -> Terms | None:
        layer = seen.layer
        if layer.padding != "same" or layer.padding_mode != "zeros":
            return None
        axes = zip(
            seen.inputs[0][1:],
            per_axis(layer.kernel_size, seen.rank, "kernel_size"),
            per_axis(layer.dilation, seen.rank, "dilation"),
            strict=True,
        )
        output = [n - (extent(k, d) - 1) % 2 for n, k, d in axes]
        if output == list(seen.facts.output[1:]):
            return None
        wrong = prod(seen.window) * prod(output)
        return _short(wrong, seen.facts.output[0] * prod(output) if "bias" in seen.facts.weights else 0, bias)

    return Quirk("conv", "padding='same' with an even kernel is taken to shrink the map by one", prints)


def _short(macs: object, biases: object, flops: bool) -> Terms:
    """The terms of a convolution counted at positions of its own making."""
    products = Term("multiply–accumulates at wrong positions", macs, 2 if flops else 1)
    return (products, Term("bias additions at wrong positions", biases, 1)) if flops and biases != 0 else (products,)


def _regrouped(flops: bool) -> Quirk:
    """calflops: transposed convolution divides by the groups once more, and takes the output for a convolution's."""

    def prints(seen: Seen) -> Terms | None:
        layer = seen.layer
        into, out, *kernel = seen.window
        macs = prod(kernel) * into * (out // layer.groups) * prod(seen.inputs[0][1:])
        biased = "bias" in seen.facts.weights and flops
        if layer.groups == 1 and not biased:
            return None
        given = 0 if isinstance(layer.padding, str) else layer.padding
        axes = zip(
            seen.inputs[0][1:],
            kernel,
            per_axis(layer.stride, seen.rank, "stride"),
            pairs(given, seen.rank, "padding"),
            per_axis(layer.dilation, seen.rank, "dilation"),
            strict=True,
        )
        output = prod([(n + a + b - extent(k, d)) // s + 1 for n, k, s, (a, b), d in axes])
        return _short(macs, out * output if biased else 0, flops)

    why = "transposed convolution divides by its groups twice, and adds its bias at a convolution's positions"
    return Quirk("conv_transpose", why, prints, "https://github.com/MrYxJ/calculate-flops.pytorch/issues/33")


def _sized(seen: Seen) -> Terms | None:
    """``size=`` is taken for the whole count: neither images nor channels."""
    size = seen.layer.size
    if size is None:
        return None
    return (Term("positions", prod(per_axis(size, seen.rank, "size")), 1),)


def _scaled(seen: Seen) -> Terms | None:
    """deepspeed: numbers in × scale for each axis, where that does not give the numbers out."""
    scale, numbers = seen.layer.scale_factor, prod(seen.inputs[0])
    if scale is None:
        return _sized(seen)
    factors = scale if isinstance(scale, tuple) else (scale,) * seen.rank
    if not exact_in_binary(numbers):
        whole = all(float(factor).is_integer() for factor in factors)
        return None if whole else (Term("numbers in × scale", None, 1),)
    wanted = int(numbers * (prod(factors) if isinstance(scale, tuple) else float(scale) ** seen.rank))
    return None if wanted == seen.facts.elements else (Term("numbers in × scale", wanted, 1),)


def _unscaled(seen: Seen) -> Terms | None:
    """calflops works the factor out and throws it away."""
    return _sized(seen) or counted({"inputs": 1}, seen)


RESIZED = "upsampling to a size leaves out the channels; a scale is not rounded as the map is"
CALFLOPS = Convention(
    name="calflops",
    tool="calflops.calculate_flops, FLOPs",
    version="0.3.2",
    unit="FLOPs",
    counts="2 for each multiply–accumulate, 1 for a bias of convolution (not of linear), 2 for each number of a scaled "
    "batch normalisation, 5 of others, 1 of pools and activations",
    source="https://github.com/MrYxJ/calculate-flops.pytorch/blob/main/calflops/pytorch_ops.py",
    table={**FLOPS, "matmul": {"macs": unsaid}},
    unseen="functions it does not watch",
    functions=AS_FUNCTIONS,
    quirks=(
        _halved_same(True),
        _regrouped(True),
        first_shared(2),
        Quirk("upsample", "upsampling is counted at the numbers in, or without its channels", _unscaled,
              "https://github.com/MrYxJ/calculate-flops.pytorch/issues/22"),
    ),
)  # fmt: skip

CALFLOPS_MACS = Convention(
    name="calflops-macs",
    tool="calflops.calculate_flops, MACs",
    version="0.3.2",
    unit="MACs",
    counts="multiply–accumulates of convolution and matrix products; nothing else",
    source=CALFLOPS.source,
    table={**MACS, "matmul": {"macs": unsaid}},
    functions={**MACS, "matmul": {"macs": 1}},
    unseen="no products",
    quirks=(_halved_same(False), _regrouped(False), first_shared(1)),
)

DEEPSPEED = Convention(
    name="deepspeed",
    tool="deepspeed.profiling.flops_profiler, FLOPs",
    version="0.19.8",
    unit="FLOPs",
    counts=CALFLOPS.counts,
    source="https://github.com/deepspeedai/DeepSpeed/blob/master/deepspeed/profiling/flops_profiler/profiler.py",
    table={**FLOPS, "matmul": {"macs": 2}},
    unseen="functions it does not watch",
    functions=AS_FUNCTIONS,
    quirks=(_halved_same(True), Quirk("upsample", RESIZED, _scaled), first_shared(2)),
)

DEEPSPEED_MACS = Convention(
    name="deepspeed-macs",
    tool="deepspeed.profiling.flops_profiler, MACs",
    version="0.19.8",
    unit="MACs",
    counts=CALFLOPS_MACS.counts,
    source=DEEPSPEED.source,
    table={**MACS, "matmul opaque": {"macs": 1}},
    unseen="no products",
    quirks=(_halved_same(False), first_shared(1)),
)
