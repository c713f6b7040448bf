"""Pooling: windows that summarise instead of learn."""

from typing import Annotated

from cnncalc.exact.rules import Rule
from cnncalc.exact.sizes import (
    Dim,
    Shape,
    caffe_window_count,
    ceil_div,
    ceil_window_count,
    extent,
    prod,
    transposed_size,
    window_count,
)
from cnncalc.exact.windows import AxisWindow, bins, covering, sliding, spreading
from cnncalc.layers.convolution import TOO_LARGE, around, fits
from cnncalc.layers.fields import Bool, Choice, Positive, PositiveOrNone, Reader, Real, Sides
from cnncalc.layers.layer import Facts, Layer, at_least, equal, layer, per_axis, spatial

Rounding = Annotated[bool | str, Choice(False, True, "caffe")]
Padding = Annotated[int | tuple[int, ...] | str, Sides(0, ("valid", "tf_same"))]
Axis = tuple[Dim, Dim, Dim, Dim, Dim]  # size, kernel, stride, padding a side, dilation


class _Pool(Layer):
    """The shared geometry of the sliding pools."""

    kernel_size: Positive
    stride: PositiveOrNone
    padding: Padding
    ceil_mode: Rounding
    dilation: Positive = 1
    averages = True  # built on PyTorch's average pool, with its rule for volumes

    def _axes(self, sizes: tuple[Dim, ...]) -> list[Axis]:
        rank = len(sizes)
        kernel = per_axis(self.kernel_size, rank, "kernel_size")
        stride = kernel if self.stride is None else per_axis(self.stride, rank, "stride")
        padding = per_axis(0 if isinstance(self.padding, str) else self.padding, rank, "padding")
        return list(zip(sizes, kernel, stride, padding, per_axis(self.dilation, rank, "dilation"), strict=True))

    def _count(self, n: Dim, k: Dim, s: Dim, p: Dim, d: Dim, padded: bool) -> Dim:
        if self.padding == "tf_same":
            return ceil_div(n, s)
        if self.ceil_mode == "caffe":
            return caffe_window_count(n, k, s, p, padded)
        if self.ceil_mode:
            return ceil_window_count(n, k, s, p, d)
        return window_count(n, k, s, p + p, d)

    def _window(self, n: Dim, k: Dim, s: Dim, p: Dim, d: Dim) -> AxisWindow:
        return sliding(k, s, around("tf_same", n, k, s, d)[0] if self.padding == "tf_same" else p, d)

    def _requires(self, axes: list[Axis], output: tuple[Dim, ...]) -> tuple[Rule, ...]:
        kernel, sizes = tuple(axis[1] for axis in axes), tuple(axis[0] for axis in axes)
        limit = [(p, k) for _, k, _, p, _ in axes if not isinstance(p, int) or p > 0]
        padded = tuple(at_least(k // 2 - p, HALF, p=p, k=k) for p, k in limit)
        if self.padding == "tf_same":
            return ()
        if self.averages and len(axes) == 3:
            padded += tuple(at_least(n - k, VOLUME, k=k, n=n) for n, k, _, _, _ in axes)
        if not self.ceil_mode:
            return padded + tuple(fits(n, k, s, p + p, d, kernel, sizes) for n, k, s, p, d in axes)
        return padded + tuple(
            at_least(o - 1, TOO_LARGE, kernel=kernel, sizes=sizes, n=n, padding=p + p,
                     reach=extent(k, d) - 1, stride=s, count=o)
            for o, (n, k, s, p, d) in zip(output, axes, strict=True)
        )  # fmt: skip

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        axes = self._axes(sizes)
        padded = any(p != 0 for _, _, _, p, _ in axes)
        output = tuple(self._count(*axis, padded) for axis in axes)
        learned = {"weight": (channels,), "bias": (channels,)} if self.learned() else {}
        taps = prod(tuple(k for _, k, _, _, _ in axes)) + (1 if learned else 0)
        return Facts(
            output=(channels, *output),
            weights=learned,
            connections=channels * prod(output) * taps,
            windows=tuple(self._window(*axis) for axis in axes),
            requires=self._requires(axes, output),
        )

    def learned(self) -> bool:
        """Whether each map has a trainable coefficient and bias (LeNet-5's subsampling)."""
        return False


HALF = "padding {p} is more than half the window {k}; PyTorch refuses this"


@layer("max_pool")
class MaxPool(_Pool):
    """The largest value of each window; stride defaults to the window.

    ``ceil_mode`` true: rounded up without windows that start in the right padding (PyTorch); caffe:
    Caffe's rule. Source: PyTorch ``MaxPool2d``; aten/native/Pool.h.
    """

    kernel_size: Positive
    stride: PositiveOrNone = None
    padding: Padding = 0
    dilation: Positive = 1
    ceil_mode: Rounding = False
    averages = False


@layer("avg_pool")
class AvgPool(_Pool):
    """The mean of each window; stride defaults to the window.

    ``trainable`` gives each map a coefficient and a bias: the subsampling of LeCun et al. 1998.
    Source: PyTorch ``AvgPool2d``.
    """

    kernel_size: Positive
    stride: PositiveOrNone = None
    padding: Padding = 0
    ceil_mode: Rounding = False
    count_include_pad: Bool = True
    trainable: Bool = False

    def learned(self) -> bool:
        return self.trainable


VOLUME = "PyTorch's avg_pool3d needs the window {k} to fit the map {n} before padding"


@layer("lp_pool")
class LpPool(_Pool):
    """The p-norm of each window (L2 pooling for norm_type 2). Source: PyTorch ``LPPool2d``."""

    kernel_size: Positive
    stride: PositiveOrNone = None
    ceil_mode: Rounding = False
    norm_type: Annotated[float, Real(above=0)] = 2
    padding = 0


class _OutputSize(Reader):
    """A target size an axis; null keeps the incoming size."""

    what = "a positive whole number, or one for each axis (null keeps the size)"

    def read(self, raw: object, number: object) -> object:
        if isinstance(raw, list) and None in raw:
            one = Positive.__metadata__[0]  # type: ignore[attr-defined]
            return tuple(None if part is None else one.read(part, number) for part in raw)
        return Positive.__metadata__[0].read(raw, number)  # type: ignore[attr-defined]

    def schema(self) -> dict[str, object]:
        return {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string"}, {"type": "array"}]}


class _AdaptivePool(Layer):
    """Bins that share the map out evenly: bin i covers ⌊i·n/o⌋ up to ⌈(i+1)·n/o⌉ - 1."""

    output_size: Annotated[int | tuple[int | None, ...], _OutputSize()]

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        wanted = per_axis(self.output_size, len(sizes), "output_size")
        output = tuple(n if o is None else o for n, o in zip(sizes, wanted, strict=True))
        windows = tuple(bins(n, o) for n, o in zip(sizes, output, strict=True))
        return Facts(output=(channels, *output), windows=windows)


@layer("adaptive_avg_pool")
class AdaptiveAvgPool(_AdaptivePool):
    """Average to a given size, whatever comes in. Source: PyTorch ``AdaptiveAvgPool2d``."""

    output_size: Annotated[int | tuple[int | None, ...], _OutputSize()]


@layer("adaptive_max_pool")
class AdaptiveMaxPool(_AdaptivePool):
    """Largest value to a given size, whatever comes in. Source: PyTorch ``AdaptiveMaxPool2d``."""

    output_size: Annotated[int | tuple[int | None, ...], _OutputSize()]


class _GlobalPool(Layer):
    """One number a channel; ``keepdims`` leaves axes of size 1 behind."""

    keepdims: Bool

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        ones = (1,) * len(sizes) if self.keepdims else ()
        return Facts(
            output=(channels, *ones),
            windows=tuple(covering(n) for n in sizes),
            axes=None if self.keepdims else (0,),
        )


@layer("global_avg_pool")
class GlobalAvgPool(_GlobalPool):
    """The mean of each map: (C, H, W) to (C,). Source: Lin, Chen & Yan 2013; Keras."""

    keepdims: Bool = False


@layer("global_max_pool")
class GlobalMaxPool(_GlobalPool):
    """The largest value of each map: (C, H, W) to (C,). Source: Keras ``GlobalMaxPooling2D``."""

    keepdims: Bool = False


@layer("max_unpool")
class MaxUnpool(Layer):
    """Put pooled values back where they came from, zeros elsewhere.

    Second input (optional, ``with: NAME``): the max_pool whose places are used. ``output_size`` picks
    one of the sizes that pool to this one; the default is (n - 1)s - 2p + k. Source: PyTorch
    ``MaxUnpool2d``; Zeiler & Fergus 2014.
    """

    kernel_size: Positive
    stride: PositiveOrNone = None
    padding: Annotated[int | tuple[int, ...], Sides(0)] = 0
    output_size: PositiveOrNone = None
    arity = (1, 2)

    def facts(self, x: Shape, places: Shape | None = None) -> Facts:
        channels, sizes = spatial(self.kind, x)
        rank = len(sizes)
        kernel = per_axis(self.kernel_size, rank, "kernel_size")
        stride = kernel if self.stride is None else per_axis(self.stride, rank, "stride")
        padding = per_axis(self.padding, rank, "padding")
        axes = list(zip(sizes, kernel, stride, padding, strict=True))
        usual = tuple(transposed_size(n, k, s, p + p) for n, k, s, p in axes)
        output = usual if self.output_size is None else per_axis(self.output_size, rank, "output_size")
        rules = tuple(at_least(o - 1, "nothing is left: the output would have size {o}", o=o) for o in output)
        if self.output_size is not None:
            for o, u, s in zip(output, usual, stride, strict=True):
                rules += (
                    at_least(s - 1 - (o - u), UNPOOLED, o=o, low=u - s + 1, high=u + s - 1),
                    at_least(s - 1 - (u - o), UNPOOLED, o=o, low=u - s + 1, high=u + s - 1),
                )
        if places is not None:
            gaps = [a - b for a, b in zip(places, x, strict=True)] if len(places) == rank + 1 else [1]
            rules += tuple(equal(gap, "the pooling gave {a}, but {b} came in", a=places, b=x) for gap in gaps)
        windows = tuple(spreading(k, s, p) for _, k, s, p in axes)
        return Facts(output=(channels, *output), windows=windows, requires=rules)


UNPOOLED = "output_size {o} is not between {low} and {high}"
