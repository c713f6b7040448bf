"""PyTorch's and Keras's names for what specs call by shorter ones.

`meaning` turns a class name into a kind, the order of its positional values, fixed settings and the
number of spatial axes it is for. Names that are not here are kinds, blocks, or mistakes.
"""

from collections.abc import Mapping
from typing import Any

from cnncalc.exact.records import fresh, record

RENAMED = {
    "filters": "out_channels",
    "strides": "stride",
    "dilation_rate": "dilation",
    "use_bias": "bias",
    "units": "out_features",
    "pool_size": "kernel_size",
    "rate": "p",
    "epsilon": "eps",
    "target_shape": "shape",
    "interpolation": "mode",
}
"""Keras's settings by PyTorch's names; understood everywhere."""


@record
class Meaning:
    """A class of PyTorch or Keras, in the words of a spec."""

    kind: str
    order: tuple[str, ...] = ()
    fixed: Mapping[str, Any] = fresh(default_factory=dict)
    renamed: Mapping[str, str] = fresh(default_factory=dict)
    rank: int | None = None
    keras: bool = False


_CONV = ("in_channels", "out_channels", "kernel_size", "stride", "padding")
_POOL = ("kernel_size", "stride", "padding")
_RANKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "Conv": ("conv", (*_CONV, "dilation", "groups", "bias")),
    "ConvTranspose": ("conv_transpose", (*_CONV, "output_padding", "groups", "bias", "dilation")),
    "MaxPool": ("max_pool", (*_POOL, "dilation")),
    "AvgPool": ("avg_pool", (*_POOL, "ceil_mode", "count_include_pad")),
    "LPPool": ("lp_pool", ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "AdaptiveAvgPool": ("adaptive_avg_pool", ("output_size",)),
    "AdaptiveMaxPool": ("adaptive_max_pool", ("output_size",)),
    "MaxUnpool": ("max_unpool", _POOL),
    "BatchNorm": ("batch_norm", ("num_features", "eps", "momentum", "affine")),
    "InstanceNorm": ("instance_norm", ("num_features", "eps", "momentum", "affine")),
    "Dropout": ("dropout", ("p",)),
}
_PADS = {"ZeroPad": "constant", "ConstantPad": "constant", "ReflectionPad": "reflect", "ReplicationPad": "replicate",
         "CircularPad": "circular"}  # fmt: skip
_PYTORCH: dict[str, tuple[str, tuple[str, ...]]] = {
    "Linear": ("linear", ("in_features", "out_features", "bias")),
    "Flatten": ("flatten", ()),
    "Identity": ("identity", ()),
    "Upsample": ("upsample", ("size", "scale_factor", "mode")),
    "PixelShuffle": ("pixel_shuffle", ("upscale_factor",)),
    "PixelUnshuffle": ("pixel_unshuffle", ("downscale_factor",)),
    "ChannelShuffle": ("channel_shuffle", ("groups",)),
    "LocalResponseNorm": ("local_response_norm", ("size", "alpha", "beta", "k")),
    "GroupNorm": ("group_norm", ("num_groups", "num_channels", "eps", "affine")),
    "LayerNorm": ("layer_norm", ("normalized_shape", "eps", "elementwise_affine", "bias")),
    "Unfold": ("im2col", ("kernel_size", "dilation", "padding", "stride")),
    "RoIPool": ("roi_pool", ("output_size",)),
    "RoIAlign": ("roi_align", ("output_size",)),
    "ReLU": ("relu", ()), "ReLU6": ("relu6", ()), "SELU": ("selu", ()), "GELU": ("gelu", ()), "SiLU": ("silu", ()),
    "Mish": ("mish", ()), "Sigmoid": ("sigmoid", ()), "Hardsigmoid": ("hardsigmoid", ()),
    "Hardswish": ("hardswish", ()), "LogSigmoid": ("logsigmoid", ()), "Tanh": ("tanh", ()),
    "Tanhshrink": ("tanhshrink", ()), "Softsign": ("softsign", ()), "Softmax": ("softmax", ()),
    "Softmax2d": ("softmax", ()), "LogSoftmax": ("log_softmax", ()), "Softmin": ("softmin", ()),
    "LeakyReLU": ("leaky_relu", ("negative_slope",)), "ELU": ("elu", ("alpha",)), "CELU": ("celu", ("alpha",)),
    "Softplus": ("softplus", ("beta", "threshold")), "Hardtanh": ("hardtanh", ("min_val", "max_val")),
    "Hardshrink": ("hardshrink", ("lambd",)), "Softshrink": ("softshrink", ("lambd",)),
    "Threshold": ("threshold", ("threshold", "value")), "PReLU": ("prelu", ("num_parameters",)), "GLU": ("glu", ()),
}  # fmt: skip
_KERAS_RANKED: dict[str, tuple[str, tuple[str, ...]]] = {
    "Conv": ("conv", ("out_channels", "kernel_size", "stride", "padding")),
    "Convolution": ("conv", ("out_channels", "kernel_size", "stride", "padding")),
    "LocallyConnected": ("locally_connected", ("out_channels", "kernel_size", "stride", "padding")),
    "MaxPooling": ("max_pool", _POOL),
    "MaxPool": ("max_pool", _POOL),
    "AveragePooling": ("avg_pool", _POOL),
    "AvgPool": ("avg_pool", _POOL),
    "GlobalAveragePooling": ("global_avg_pool", ()),
    "GlobalAvgPool": ("global_avg_pool", ()),
    "GlobalMaxPooling": ("global_max_pool", ()),
    "GlobalMaxPool": ("global_max_pool", ()),
    "SpatialDropout": ("dropout", ("p",)),
    "ZeroPadding": ("pad", ("padding",)),
    "Cropping": ("crop", ("cropping",)),
    "UpSampling": ("upsample", ("scale_factor",)),
}
_KERAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Dense": ("linear", ("out_features",)),
    "BatchNormalization": ("batch_norm", ()),
    "Reshape": ("reshape", ("shape",)),
    "Permute": ("permute", ("dims",)),
    "Add": ("add", ()), "Multiply": ("multiply", ()), "Concatenate": ("concat", ()),
}  # fmt: skip


def _table() -> dict[str, Meaning]:
    table = {name: Meaning(kind, order) for name, (kind, order) in _PYTORCH.items()}
    table["Dropout"] = Meaning("dropout", ("p",))
    table |= {name: Meaning(kind, order, keras=True) for name, (kind, order) in _KERAS.items()}
    for rank in (1, 2, 3):
        for base, (kind, order) in _RANKED.items():
            norm = base in ("BatchNorm", "Dropout")
            table[f"{base}{rank}d"] = Meaning(kind, order, rank=None if norm else rank)
        for base, mode in _PADS.items():
            table[f"{base}{rank}d"] = Meaning("pad", ("padding",), {"mode": mode}, rank=rank)
        for base, (kind, order) in _KERAS_RANKED.items():
            renamed = {"size": "scale_factor"} if kind == "upsample" else {}
            table[f"{base}{rank}D"] = Meaning(kind, order, renamed=renamed, rank=rank, keras=True)
        order = ("out_channels", "kernel_size", "stride", "padding")
        table[f"Conv{rank}DTranspose"] = Meaning("conv_transpose", order, {"padding": "valid"}, rank=rank, keras=True)
        depthwise = {"out_channels": "channels*depth_multiplier", "groups": "channels"}
        table[f"DepthwiseConv{rank}D"] = Meaning("conv", order[1:], depthwise, rank=rank, keras=True)
    return table


_TABLE: dict[str, Meaning] = {}


def class_names() -> dict[str, Meaning]:
    """Every class name that is understood."""
    if not _TABLE:
        _TABLE.update(_table())
    return _TABLE


def meaning(word: str) -> Meaning | None:
    """What a class name of PyTorch or Keras stands for; None for any other word."""
    return class_names().get(word) if word[:1].isupper() else None
