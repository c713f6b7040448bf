"""Counters of the operators a network runs: they see through modules and functions alike."""

from cnncalc.conventions.components import Seen
from cnncalc.conventions.convention import (
    Convention,
    Quirk,
    Rule,
    Term,
    Terms,
    affine,
    by_mode,
    first_shared,
    normalising,
    on_axes,
    unsaid,
)
from cnncalc.exact.sizes import prod

UNTRACEABLE: Rule = {"outputs": lambda seen: None}  # tracing PyTorch's own module fails
PADDED_BY_NAME = "a convolution with padding='same' or 'valid' is another operator, which it does not know: 0"


def uncounted_by_name(seen: Seen) -> Terms | None:
    """Nothing, for the operator behind a padding given by its name."""
    layer = seen.layer
    named = layer.padding in ("same", "valid")
    return () if named and layer.padding_mode == "zeros" else None


def _spread_windows(seen: Seen) -> Terms | None:
    """torchprofile's convolution rule on a transposed one: output numbers × weights of the wrong axis."""
    into, out, *kernel = seen.window
    read = out if seen.facts.output[0] == into else into
    return (Term("output numbers × weights of a window", seen.facts.elements * read * prod(kernel), 1),)


FREE = "add subtract divide power abs neg sign sqrt rsqrt sin cos floor clamp"
"""Functions whose operators torchprofile knows to hold no multiply–accumulates."""


def _entry_by_entry(seen: Seen) -> Rule | None:
    """torchprofile counts products; 1/x is traced as a reciprocal and a product, torch.reciprocal as none."""
    function = seen.layer.function
    if function == "multiply":
        return {"products" if len(seen.inputs) > 1 else "outputs": 1}
    return {"outputs": unsaid} if function == "reciprocal" else {} if function in FREE.split() else None


TORCH = Convention(
    name="torch",
    tool="torch.utils.flop_counter.FlopCounterMode",
    version="2.13.0",
    unit="FLOPs",
    counts="2 for each multiply–accumulate of convolution and matrix products; nothing else",
    source="https://github.com/pytorch/pytorch/blob/main/torch/utils/flop_counter.py",
    table={"conv conv_transpose linear matmul opaque": {"macs": 2}},
    unseen="no products",
)

PTFLOPS_ATEN = Convention(
    name="ptflops-aten",
    tool="ptflops, backend 'aten'",
    version="0.7.5",
    unit="MACs",
    counts="multiply–accumulates of convolution and matrix products, and their bias additions",
    source="https://github.com/sovrasov/flops-counter.pytorch",
    table={"conv conv_transpose linear": {"macs": 1, "biases": 1}, "matmul": {"macs": 1}},
    unseen="no products",
)

FVCORE = Convention(
    name="fvcore",
    tool="fvcore.nn.FlopCountAnalysis",
    version="0.1.5.post20221221",
    unit="MACs",
    counts="multiply–accumulates without bias (its documentation says flops), normalisation, adaptive average "
    "pools and upsampling of images",
    source="https://github.com/facebookresearch/fvcore/blob/main/docs/flop_count.md",
    table={
        "conv conv_transpose linear matmul": {"macs": 1},
        "batch_norm": {"inputs": normalising(affine(2, 1), affine(5, 4))},
        "layer_norm group_norm instance_norm": {"inputs": affine(5, 4)},
        "adaptive_avg_pool global_avg_pool": on_axes({"inputs": 1}, 2),
        "upsample": by_mode((2,), nearest=1, bilinear=4),
        "relu dropout": {},
        "max_unpool": UNTRACEABLE,
    },
    quirks=(Quirk("conv", PADDED_BY_NAME, uncounted_by_name), first_shared(1)),
    unseen="unsupported operators, skipped",
    traces=True,
)

TORCHPROFILE = Convention(
    name="torchprofile",
    tool="torchprofile.profile_macs",
    version="0.1.0",
    unit="MACs",
    counts="multiply–accumulates without bias, 1 for each number of a scaled normalisation, an average pool, a product "
    "or a leaky ReLU",
    source="https://github.com/zhijian-liu/torchprofile/blob/main/torchprofile/handlers.py",
    table={
        "conv conv_transpose linear matmul": {"macs": 1},
        "batch_norm instance_norm layer_norm group_norm": {"outputs": affine(1, 0)},
        "avg_pool adaptive_avg_pool global_avg_pool leaky_relu": {"outputs": 1},
        "lp_pool": {"outputs": 3},
        "local_response_norm": {"outputs": 3},
        "multiply": {"products": 1},
        "elementwise": _entry_by_entry,
        "reduce": lambda seen: {"mean": {"outputs": 1}, "sum": {}}.get(seen.layer.function),
        "upsample": by_mode((2,), nearest=0, bilinear=4),
        "relu gelu sigmoid silu softmax log_softmax hardtanh relu6 tanh softshrink threshold dropout max_pool "
        "adaptive_max_pool global_max_pool add softmin": {},
        "max_unpool": UNTRACEABLE,
    },
    quirks=(
        Quirk("conv", PADDED_BY_NAME, uncounted_by_name),
        Quirk(
            "conv_transpose",
            "transposed convolution is counted at the output positions, and groups are overlooked",
            _spread_windows,
        ),
    ),
    unseen="no handler, skipped with a warning",
    traces=True,
)
