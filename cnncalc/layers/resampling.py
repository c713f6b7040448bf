"""Upsampling without weights, and trading channels for resolution."""

from fractions import Fraction
from typing import Annotated

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Dim, Shape
from cnncalc.exact.windows import MAX_PERIOD, AxisWindow, Phases, Window, covering, finer, resampling
from cnncalc.layers.fields import Bool, Choice, Count, Number, PositiveOrNone, Reader, Real, Schema
from cnncalc.layers.layer import Facts, Layer, Windows, at_least, equal, layer, per_axis, spatial


class _Scale(Reader):
    """A scale factor for all axes, or one for each."""

    what = "a number above 0, or one for each axis"

    def read(self, raw: object, number: Number) -> object:
        if raw is None:
            return None
        one = Real(above=0)
        if isinstance(raw, list):
            return tuple(one.read(part, number) for part in raw)
        return one.read(raw, number)

    def schema(self) -> Schema:
        number: Schema = {"type": "number", "exclusiveMinimum": 0}
        return {"anyOf": [number, {"type": "array", "items": number}, {"type": "string"}, {"type": "null"}]}


MODES = ("nearest", "linear", "bilinear", "trilinear", "bicubic", "bed_of_nails")


def scaled(n: Dim, factor: float) -> Dim:
    """n times a scale factor, rounded down as PyTorch does it: exactly where the factor is a ratio of
    small numbers in binary (2, 1.5, 0.25), else ⌊double(n) · double(factor)⌋."""
    ratio = Fraction(factor)
    if ratio.denominator <= 1024:
        return n * ratio.numerator // ratio.denominator
    if not isinstance(n, int):
        raise ShapeError(f"a scale factor of {factor} rounds in binary: it has no closed form, set the size")
    return int(float(n) * factor)


@layer("upsample")
class Upsample(Layer):
    """Resize a map by ``scale_factor`` or to ``size``; bed_of_nails puts zeros between the pixels.

    Source: PyTorch ``Upsample``/``interpolate``; size ⌊n · scale⌋ in double precision.
    """

    scale_factor: Annotated[float | tuple[float, ...] | None, _Scale()] = None
    size: PositiveOrNone = None
    mode: Annotated[str, Choice(*MODES)] = "nearest"
    align_corners: Bool = False
    positional = ("scale_factor",)

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        rank = len(sizes)
        if (self.scale_factor is None) == (self.size is None):
            raise ShapeError("upsample needs either scale_factor or size")
        wanted_rank = {"linear": 1, "bilinear": 2, "bicubic": 2, "trilinear": 3}.get(self.mode, rank)
        if wanted_rank != rank:
            raise ShapeError(f"mode {self.mode} is for {wanted_rank} spatial axes, but the map has {rank}")
        if self.size is not None:
            output = per_axis(self.size, rank, "size")
        else:
            factors = per_axis(self.scale_factor, rank, "scale_factor")
            output = tuple(scaled(n, factor) for n, factor in zip(sizes, factors, strict=True))
        rules = tuple(at_least(o - 1, "the map of size {n} would shrink to {o}", n=n, o=o)
                      for n, o in zip(sizes, output, strict=True))  # fmt: skip
        if self.mode == "bed_of_nails":
            rules += tuple(equal(o % n, "bed_of_nails needs a whole scale factor, not {o}/{n}", o=o, n=n)
                           for n, o in zip(sizes, output, strict=True))  # fmt: skip
        known = all(isinstance(size, int) for size in (*sizes, *output)) and all(o >= 1 for o in output)
        by_ratio = self.scale_factor is not None and not self.align_corners and self.mode != "bed_of_nails"
        windows: Windows = (None,) * rank
        if known or by_ratio:
            windows = tuple(self._window(i, n, o) for i, (n, o) in enumerate(zip(sizes, output, strict=True)))
        return Facts(output=(channels, *output), windows=windows, requires=rules)

    def _window(self, axis: int, n: int, o: int) -> AxisWindow | None:
        factor = self.scale_factor[axis] if isinstance(self.scale_factor, tuple) else self.scale_factor
        nearby = Fraction(0) if factor is None else Fraction(factor).limit_denominator(1000)
        ratio = 1 / nearby if nearby else Fraction(n, o)
        if self.mode == "bed_of_nails":
            return Phases(1, ((0,), *[()] * (max(o // n, 1) - 1))) if o // n <= MAX_PERIOD else None
        if self.mode == "nearest":
            return resampling(ratio, Fraction(0), (0,))
        reach = (-1, 0, 1, 2) if self.mode == "bicubic" else (0, 1)
        if self.align_corners:
            return resampling(Fraction(n - 1, o - 1) if o > 1 else Fraction(0), Fraction(0), reach)
        return resampling(ratio, ratio / 2 - Fraction(1, 2), reach)


@layer("pixel_shuffle")
class PixelShuffle(Layer):
    """Trade factor² channels for a grid ``factor`` times finer. Source: Shi et al. 2016."""

    upscale_factor: Count

    def facts(self, x: Shape) -> Facts:
        channels, (h, w) = spatial(self.kind, x, (2,))
        r = self.upscale_factor
        return Facts(
            output=(channels // (r * r), h * r, w * r),
            windows=(finer(r), finer(r)),
            requires=(equal(channels % (r * r), "factor² = {rr} must divide {c} channels", rr=r * r, c=channels),),
        )


@layer("pixel_unshuffle")
class PixelUnshuffle(Layer):
    """The way back: a grid ``factor`` times coarser, factor² times the channels (space to depth)."""

    downscale_factor: Count

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x, (2,))
        r = self.downscale_factor
        return Facts(
            output=(channels * r * r, *(n // r for n in sizes)),
            windows=(Window(r, 0, r - 1), Window(r, 0, r - 1)),
            requires=tuple(equal(n % r, "the factor {r} must divide the size {n}", r=r, n=n) for n in sizes),
        )


@layer("channel_shuffle")
class ChannelShuffle(Layer):
    """Deal the channels out again, group by group: (g, c/g) to (c/g, g). Source: Zhang et al. 2018."""

    groups: Count

    def facts(self, x: Shape) -> Facts:
        spatial(self.kind, x)
        rule = equal(x[0] % self.groups, "groups={g} does not divide {c} channels", g=self.groups, c=x[0])
        return Facts(output=x, requires=(rule,))


class _RegionPool(Layer):
    """Cut R regions out of a map and bring each to one size; what follows runs once a region."""

    output_size: PositiveOrNone
    regions: Count

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x, (2,))
        output = per_axis(self.output_size, 2, "output_size")
        return Facts(
            output=(channels, *output),
            windows=tuple(covering(n) for n in sizes),
            copies=self.regions,
        )


@layer("roi_pool")
class RoIPool(_RegionPool):
    """The largest value of each cell of ``regions`` boxes. Source: Girshick 2015 (Fast R-CNN)."""

    output_size: PositiveOrNone
    regions: Count = 1


@layer("roi_align")
class RoIAlign(_RegionPool):
    """Bilinear samples in each cell of ``regions`` boxes. Source: He et al. 2017 (Mask R-CNN)."""

    output_size: PositiveOrNone
    regions: Count = 1
