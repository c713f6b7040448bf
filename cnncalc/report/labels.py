"""A layer in a few words."""

from typing import Any

from cnncalc.exact.sizes import times
from cnncalc.formulas import factor
from cnncalc.layers import Layer


def described(layer: Layer, rank: int = 0) -> str:
    """A layer on a map of ``rank`` spatial axes in a few words: "conv 7×7 /2", "max_pool 3×3 /2"."""

    def crossed(value: Any, repeat: int = 1) -> str:
        values = value if isinstance(value, tuple) else (value,) * max(1, repeat)
        return times(tuple(map(factor, values)))

    words = [layer.kind]
    kernel = next((getattr(layer, name) for name in ("kernel_size", "output_size") if name in layer.fields), None)
    if kernel is not None:
        words.append(crossed(kernel, rank))
    stride = getattr(layer, "stride", None)
    if stride not in (None, 1, kernel) and crossed(stride, rank) != crossed(kernel, rank):
        words.append(f"/{crossed(stride)}")
    for name, short in (("dilation", "d"), ("groups", "g"), ("scale_factor", "×")):
        value = getattr(layer, name, None)
        if name in layer.fields and value not in (None, 1):
            words.append(f"{short}{crossed(value)}")
    return " ".join(words)
