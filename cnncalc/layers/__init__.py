"""What each layer kind is: one file a family, one screen a kind.

`FAMILIES` is the table of contents. A family is imported when one of its kinds is first asked for,
which keeps one-line questions quick; `tests/test_layers.py` holds the table to what the files enter.
"""

from importlib import import_module

from cnncalc.layers.layer import KINDS, Facts, Layer

FAMILIES: dict[str, str] = {
    "convolution": "conv conv_transpose locally_connected partially_connected im2col",
    "pooling": "max_pool avg_pool lp_pool adaptive_avg_pool adaptive_max_pool global_avg_pool global_max_pool "
    "max_unpool",
    "dense": "linear radial_basis",
    "normalisation": "batch_norm layer_norm group_norm instance_norm local_response_norm",
    "activation": "relu relu6 selu gelu silu mish sigmoid hardsigmoid hardswish logsigmoid tanh tanhshrink softsign "
    "softmax log_softmax softmin leaky_relu elu celu softplus hardtanh hardshrink softshrink threshold prelu glu "
    "dropout identity",
    "reshaping": "flatten reshape permute pad crop slice",
    "resampling": "upsample pixel_shuffle pixel_unshuffle channel_shuffle roi_pool roi_align",
    "joining": "add multiply concat split",
    "tensors": "parameter",
}
FAMILY_OF = {kind: family for family, kinds in FAMILIES.items() for kind in kinds.split()}


def kind(name: str) -> type[Layer]:
    """The class of a layer kind. Raises KeyError for a name that is none."""
    if name not in KINDS:
        import_module(f"cnncalc.layers.{FAMILY_OF[name]}")
    return KINDS[name]


def all_kinds() -> dict[str, type[Layer]]:
    """Every kind by name, all families imported."""
    return {name: kind(name) for name in FAMILY_OF}


__all__ = ["FAMILIES", "FAMILY_OF", "Facts", "Layer", "all_kinds", "kind"]
