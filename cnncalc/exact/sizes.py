"""Sizes of maps and windows, as plain integer arithmetic.

Every function here uses only ``+ - * //`` (and `smaller`/`larger`), so the same line runs on Python
integers, on the recorder that writes the working, and on symbols.
"""

from math import prod
from typing import Any, TypeAlias

Dim: TypeAlias = Any  # an int, or anything that behaves like an exact integer under + - * //
Shape: TypeAlias = tuple[Dim, ...]  # channels first, no batch axis: (C, H, W), (C, L), (features,)

__all__ = [
    "Dim",
    "Shape",
    "caffe_window_count",
    "ceil_div",
    "ceil_window_count",
    "extent",
    "larger",
    "prod",
    "smaller",
    "times",
    "transposed_size",
    "window_count",
]


def smaller(a: Dim, b: Dim) -> Dim:
    """min(a, b); anything that is not an int answers for itself through a ``smaller`` method."""
    if isinstance(a, int) and isinstance(b, int):
        return min(a, b)
    return b.smaller(a) if isinstance(a, int) else a.smaller(b)


def larger(a: Dim, b: Dim) -> Dim:
    """max(a, b), by way of `smaller`: max(a, b) = a + b - min(a, b)."""
    if isinstance(a, int) and isinstance(b, int):
        return max(a, b)
    return a + b - smaller(a, b)


def ceil_div(a: Dim, b: Dim) -> Dim:
    """⌈a / b⌉ for b > 0."""
    return (a + b - 1) // b


def extent(kernel: Dim, dilation: Dim = 1) -> Dim:
    """Pixels a dilated window spans: d(k - 1) + 1 (Dumoulin & Visin 2016, section 5.1)."""
    return dilation * (kernel - 1) + 1


def window_count(n: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim = 1) -> Dim:
    """Places a window fits on a padded axis: ⌊(n + P - d(k - 1) - 1) / s⌋ + 1.

    ``padding`` is the total of both sides. Source: Dumoulin & Visin 2016, relationship 15.

    >>> window_count(227, 11, 4, 0)  # AlexNet's first layer
    55
    """
    return (n + padding - extent(kernel, dilation)) // stride + 1


def ceil_window_count(n: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim = 1) -> Dim:
    """The same rounded up, without the windows that would start in the right padding.

    ``padding`` is per side. PyTorch's ``ceil_mode``: "sliding windows that would start in the right
    padded region are ignored"; as one floor, ⌊(n + min(2p - d(k-1) - 1 + s, p) + s - 1) / s⌋.

    >>> ceil_window_count(112, 3, 2, 0), window_count(112, 3, 2, 0)  # GoogLeNet's second pool
    (56, 55)
    """
    slack = 2 * padding - extent(kernel, dilation) + stride
    return (n + smaller(slack, padding) + stride - 1) // stride


def caffe_window_count(n: Dim, kernel: Dim, stride: Dim, padding: Dim, clipped: bool) -> Dim:
    """Caffe's pooling: ⌈(n + 2p - k) / s⌉ + 1, clipped only where some axis is padded.

    Source: BVLC Caffe, pooling_layer.cpp, ``LayerSetUp``/``Reshape``.
    """
    count = ceil_div(n + 2 * padding - kernel, stride) + 1
    return smaller(count, ceil_div(n + padding, stride)) if clipped else count


def transposed_size(n: Dim, kernel: Dim, stride: Dim, padding: Dim, output_padding: Dim = 0, dilation: Dim = 1) -> Dim:
    """Size after a transposed convolution: (n - 1)s - P + d(k - 1) + op + 1, P for both sides.

    Source: Dumoulin & Visin 2016, relationship 14; PyTorch ``ConvTranspose2d``.

    >>> transposed_size(28, 2, 2, 0)  # U-Net's first step up
    56
    """
    return (n - 1) * stride - padding + extent(kernel, dilation) + output_padding


def times(sizes: tuple[Dim, ...]) -> str:
    """A size as people write it: (3, 5) -> "3×5"."""
    return "×".join(str(size) for size in sizes)
