"""Counters that hang a hook on each module: what is written as a function escapes them."""

from cnncalc.conventions.components import Seen, exact_in_binary
from cnncalc.conventions.convention import (
    Convention,
    Factor,
    Quirk,
    Rule,
    Term,
    Terms,
    affine,
    by_mode,
    counted,
    first_shared,
    unsaid,
)
from cnncalc.exact.sizes import Dim, prod

TRANSPOSED = "transposed convolution is counted at the output positions, stride² too many"

POOLS = "max_pool avg_pool adaptive_avg_pool adaptive_max_pool global_avg_pool global_max_pool"
BOTH_WAYS = f"relu prelu elu gelu {POOLS} upsample"
"""Kinds that ptflops counts by their module and again by the function the module calls."""


def on_last(factor: int) -> Factor:
    """The factor of PyTorch's own layer norm; over the channels of a map it depends on how that is written."""
    return lambda seen: None if seen.layer.over == "channels" and seen.rank > 0 else factor


def _all_rows(seen: Seen) -> Terms | None:
    """torchinfo counts each learned number of a linear layer once, however many rows it is applied to."""
    return counted({"params": 1}, seen) if seen.rank > 0 else None


def _at_outputs(seen: Seen) -> Terms | None:
    return counted({"weights at outputs": 1, "biases": 1}, seen)


TORCHINFO = Convention(
    name="torchinfo",
    tool="torchinfo.summary, mult-adds",
    version="1.8.0",
    unit="MACs",
    counts="weights and biases of convolution at every output position; of any other layer each learned weight and "
    "bias once",
    source="https://github.com/TylerYep/torchinfo/blob/main/torchinfo/layer_info.py",
    table={
        "conv conv_transpose linear": {"macs": 1, "biases": 1},
        "batch_norm layer_norm group_norm instance_norm prelu": {"params": 1},
    },
    functions={},
    quirks=(
        Quirk("conv_transpose", TRANSPOSED, _at_outputs),
        Quirk("linear", "on a map each weight of a linear layer is counted for one row only", _all_rows,
              "https://github.com/TylerYep/torchinfo/issues/77"),
    ),
    unseen="no weight or bias",
)  # fmt: skip


def _upsampled(seen: Seen) -> Terms | None:
    """The numbers out, and what the function inside counts: numbers in × scale for each axis, a double."""
    scale = seen.layer.scale_factor
    if scale is None:
        return counted({"outputs": 2}, seen)
    numbers = prod(seen.inputs[0])
    if isinstance(scale, tuple) or not exact_in_binary(numbers):
        whole = not isinstance(scale, tuple) and float(scale).is_integer()
        return counted({"outputs": 2}, seen) if whole else (Term("numbers in × scale", None, 1),)
    wanted = numbers * float(scale) ** seen.rank
    found = int(wanted) if wanted.is_integer() else None
    return (Term("outputs", seen.facts.elements, 1), Term("numbers in × scale", found, 1))


def _twice(seen: Seen) -> Terms | None:
    """A module's own hook and the patched function inside it both count."""
    if seen.layer.kind == "upsample":
        return _upsampled(seen)
    once = counted(PTFLOPS.rule(seen) or {}, seen)
    return once and tuple(Term(term.component, term.count, 2 * term.factor) for term in once)


PTFLOPS = Convention(
    name="ptflops",
    tool="ptflops.get_model_complexity_info, default backend",
    version="0.7.5",
    unit="MACs",
    counts="multiply–accumulates and bias additions; 2 for each number of a scaled normalisation; 1 for each number of "
    "a pool, of upsampling and of most activations",
    source="https://github.com/sovrasov/flops-counter.pytorch/blob/master/ptflops/pytorch_ops.py",
    table={
        "conv conv_transpose linear": {"macs": 1, "biases": 1},
        "matmul": {"macs": unsaid},
        "batch_norm instance_norm group_norm": {"inputs": affine(2, 1)},
        "layer_norm": {"inputs": on_last(1)},
        f"relu prelu elu leaky_relu relu6 gelu silu softmax {POOLS}": {"inputs": 1},
        "upsample": {"outputs": 1},
        "lp_pool": {"inputs": 1, "outputs": 2},
        "local_response_norm": {"inputs": 3, "padded": 1},
    },
    functions={
        "matmul": {"macs": 1},
        f"relu prelu elu relu6 gelu silu softmax {POOLS}": {"inputs": 1},
        "upsample": {"outputs": 1},
        "lp_pool": {"inputs": 1, "outputs": 2},
        "local_response_norm": {"inputs": 3, "padded": 1},
    },
    quirks=(
        Quirk(BOTH_WAYS, "a module is counted once by its hook and once by the patched function inside it", _twice,
              "https://github.com/sovrasov/flops-counter.pytorch/issues/139", modules=True, habit=True),
        first_shared(1),
    ),
    unseen="treated as zero-ops",
)  # fmt: skip


def _wide(seen: Seen) -> Terms | None:
    into = seen.inputs[0][0] // seen.layer.groups
    kernel = prod(seen.window[2:])
    return (Term("output numbers × weights of a window", seen.facts.elements * into * kernel, 1),)


def _bins_of(seen: Seen) -> list[tuple[Dim, Dim]]:
    """(input, output) of each axis of an adaptive pool; a global pool's output is 1."""
    return list(zip(seen.inputs[0][1:], seen.facts.output[1:] or (1,) * seen.rank, strict=True))


def _open(axes: list[tuple[Dim, Dim]]) -> bool:
    return not all(isinstance(size, int) for axis in axes for size in axis)


def _binary_ratio(seen: Seen) -> Terms | None:
    """Numbers in + numbers out, by way of a quotient of doubles that is cut off to a whole number."""
    axes = _bins_of(seen)
    if all(n == o or o == 1 for n, o in axes):
        return None
    if not all(exact_in_binary(size) for size in (*(n for n, _ in axes), prod(seen.inputs[0]))):
        return (Term("numbers in and out, in binary", None, 1),)
    ratio = 1.0
    for n, o in axes:
        ratio *= n / o
    found = int((ratio + 1) * seen.facts.elements)
    if found == prod(seen.inputs[0]) + seen.facts.elements:
        return None
    return (Term("numbers in and out, in binary", found, 1),)


THOP = Convention(
    name="thop",
    tool="thop.profile",
    version="0.1.1.post2209072238",
    unit="MACs",
    counts="multiply–accumulates without bias; 4 for each number of a scaled normalisation (2 without scale), 1 for "
    "each average, numbers in and out of adaptive averages, 3 per number of a softmax, upsampling by mode",
    source="https://github.com/Lyken17/pytorch-OpCounter/blob/master/thop/vision/basic_hooks.py",
    table={
        "conv conv_transpose linear": {"macs": 1},
        "batch_norm instance_norm": {"inputs": affine(4, 2)},
        "layer_norm": {"inputs": on_last(4)},
        "prelu": {"inputs": 1},
        "softmax": {"inputs": 3, "groups": -1},
        "avg_pool": {"outputs": 1},
        "adaptive_avg_pool global_avg_pool": {"inputs": 1, "outputs": 1},
        "upsample": by_mode(nearest=1, linear=5, bilinear=11, bicubic=259),
        "relu relu6 leaky_relu max_pool adaptive_max_pool global_max_pool dropout": {},
    },
    functions={},
    quirks=(
        Quirk("conv_transpose", TRANSPOSED, _wide, "https://github.com/Lyken17/pytorch-OpCounter/issues/93"),
        Quirk("adaptive_avg_pool", "numbers in over numbers out is a binary fraction, cut off", _binary_ratio),
    ),
)

ULTRALYTICS_THOP = Convention(
    name="ultralytics-thop",
    tool="ultralytics-thop, thop.profile",
    version="2.2.3",
    unit="MACs",
    counts="multiply–accumulates without bias; 4 for each number of a scaled normalisation (2 without scale); the "
    "numbers average pools read and give; 3 per number of a softmax; upsampling by mode",
    source="https://github.com/ultralytics/thop/blob/main/thop/vision/basic_hooks.py",
    table={
        "conv conv_transpose linear matmul": {"macs": 1},
        "batch_norm instance_norm group_norm": {"inputs": affine(4, 2)},
        "layer_norm": {"inputs": affine(4, 2)},
        "prelu": {"inputs": 1},
        "softmax": {"inputs": 3, "groups": -1},
        "log_softmax": {"inputs": 3},
        "softmin": {"inputs": 4, "groups": -1},
        "avg_pool": {"inside": 1, "outputs": 1},
        "adaptive_avg_pool global_avg_pool": {"bins": 1, "outputs": 1},
        "upsample": by_mode(nearest=0, linear=5, bilinear=11, bicubic=259, trilinear=31),
        "relu relu6 leaky_relu max_pool adaptive_max_pool global_max_pool max_unpool dropout": {},
    },
    functions={"linear matmul": {"macs": 1}},
)


def _short_kernel(pool: str, extra: int) -> Quirk:
    """torchscan's pools where the window is written as one number k: k stands for the whole window."""

    def prints(seen: Seen) -> Terms | None:
        sides = seen.layer.kernel_size
        if seen.rank == 1 or (isinstance(sides, tuple) and len(set(sides)) > 1):
            return None
        if (sides[0] if isinstance(sides, tuple) else sides) == 1:
            return None
        return counted({"sides": 1, "outputs": extra + (seen.rank if pool == "avg_pool" else 0)}, seen)

    return Quirk(pool, "a window written as one number k counts as k numbers, not k·k", prints, habit=True)


def _near_bins(pool: str) -> Quirk:
    """torchscan's adaptive pools where the sizes do not divide."""
    averages = "avg" in pool

    def prints(seen: Seen) -> Terms | None:
        axes = _bins_of(seen)
        if all(n % o == 0 for n, o in axes):
            return None
        if _open(axes):
            return (Term("numbers out × approximate bins", None, 1),)
        window = prod(n // o if n % o == 0 else n % o + 1 for n, o in axes)
        return (
            Term("numbers out × approximate bins", seen.facts.elements * window, 1),
            Term("outputs", seen.facts.elements, seen.rank - 1 if averages else -1),
        )

    return Quirk(pool, "bins that do not divide the map are taken to be remainder + 1 wide", prints)


def _spread_out(axes: int, macs: bool) -> Quirk:
    """torchscan counts transposed convolution as convolution."""

    def prints(seen: Seen) -> Terms | None:
        at_outputs = _wide(seen)
        assert at_outputs is not None
        wide = at_outputs[0]
        rest = counted({"axes": axes} if macs else {"axes": axes, "outputs": -1, "biases": 1}, seen)
        return (Term(wide.component, wide.count, 1 if macs else 2), *(rest or ()))

    return Quirk("conv_transpose", TRANSPOSED, prints)


def _less_one(seen: Seen) -> int:
    return seen.rank - 1


SCANNED_POOLS: dict[str, Rule] = {
    "max_pool": {"taps": 1, "outputs": -1},
    "avg_pool": {"taps": 1, "outputs": _less_one},
    "adaptive_max_pool global_max_pool": {"bins": 1, "outputs": -1},
    "adaptive_avg_pool global_avg_pool": {"bins": 1, "outputs": _less_one},
}
SCANNED_QUIRKS = (
    _short_kernel("max_pool", -1),
    _short_kernel("avg_pool", -1),
    _near_bins("adaptive_avg_pool"),
    _near_bins("adaptive_max_pool"),
)
SCAN = "https://github.com/frgfm/torch-scan/blob/main/torchscan/modules/flops.py"

TORCHSCAN = Convention(
    name="torchscan",
    tool="torchscan.summary, module FLOPs",
    version="0.2.0",
    unit="FLOPs",
    counts="every multiplication and addition: 2K − 1 for a sum of K products, 1 for a bias; normalisation, pools, "
    "dropout and simple activations by their operations",
    source=SCAN,
    table={
        "conv linear": {"macs": 2, "outputs": -1, "biases": 1},
        "conv_transpose": {"macs": 2, "outputs": -1, "biases": 1, "axes": 8},
        "batch_norm": {"inputs": affine(4, 2), "channels": 2},
        "layer_norm": {"inputs": lambda seen: 6 + len(seen.facts.weights), "groups": 2},
        "relu": {"inputs": 1},
        "relu6": {"inputs": 2},
        "leaky_relu sigmoid": {"inputs": 4},
        "elu tanh": {"inputs": 6},
        "dropout": {"inputs": lambda seen: int(seen.layer.p > 0)},
        **SCANNED_POOLS,
    },
    functions={},
    quirks=(*SCANNED_QUIRKS, _spread_out(8, False)),
    unseen="not supported",
)

TORCHSCAN_MACS = Convention(
    name="torchscan-macs",
    tool="torchscan.summary, MACs",
    version="0.2.0",
    unit="MACs",
    counts="multiply–accumulates without bias; 2 for each number of a scaled batch normalisation; pools by their "
    "operations",
    source=SCAN.replace("flops.py", "macs.py"),
    table={
        "conv linear": {"macs": 1},
        "conv_transpose": {"macs": 1, "axes": 4},
        "batch_norm": {"inputs": affine(2, 1)},
        "relu elu leaky_relu relu6 tanh sigmoid dropout": {},
        **SCANNED_POOLS,
    },
    functions={},
    quirks=(*SCANNED_QUIRKS, _spread_out(4, True)),
    unseen="not supported",
)
