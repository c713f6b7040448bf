"""Layers that only move numbers: flatten, reshape, permute, pad, crop, slice."""

from typing import Annotated

from cnncalc.exact.rules import Rule, ShapeError
from cnncalc.exact.sizes import Dim, Shape, prod, times
from cnncalc.exact.windows import POINT, Window
from cnncalc.layers.fields import Choice, Maybe, PositiveOrNone, Range, Real, Sides, Sizes
from cnncalc.layers.layer import Facts, Layer, Windows, at_least, axis_names, equal, layer, pairs, per_axis, spatial


@layer("flatten")
class Flatten(Layer):
    """All numbers in a row: (C, H, W) to (C·H·W,)."""

    view = True

    def facts(self, x: Shape) -> Facts:
        return Facts(output=(prod(x),), axes=(None,) if len(x) > 1 else None)


@layer("reshape")
class Reshape(Layer):
    """The same numbers under another shape; one entry may be -1, for what is left over."""

    shape: Annotated[tuple[int, ...], Sizes(least=-1)]
    view = True

    def facts(self, x: Shape) -> Facts:
        total, known = prod(x), prod(tuple(size for size in self.shape if size != -1))
        open_ = sum(1 for size in self.shape if size == -1)
        if open_ > 1 or known == 0:
            raise ShapeError(f"cannot reshape {times(x)} to {times(self.shape)}")
        output = tuple(total // known if size == -1 else size for size in self.shape)
        left = total % known if open_ else total - known
        values = {"x": x, "total": total, "to": self.shape, "known": known}
        rule = equal(left, "cannot reshape {x} ({total} numbers) to {to} ({known})", **values)
        return Facts(output=output, requires=(rule,), axes=self._axes(x, output))

    def _axes(self, x: Shape, output: Shape) -> tuple[int | None, ...]:
        """Leading and trailing axes that keep their size keep their place; the rest is folded."""
        axes: list[int | None] = [None] * len(output)
        for i, (a, b) in enumerate(zip(x, output, strict=False)):
            if a != b:
                break
            axes[i] = i
        for i in range(1, min(len(x), len(output)) + 1):
            if x[-i] != output[-i] or axes[-i] is not None:
                break
            axes[-i] = len(x) - i
        return tuple(axes)


@layer("permute")
class Permute(Layer):
    """Reorder the axes, counted from 1 (0 is the batch): 2x3x1 puts the channels last.

    The numbers are those of Keras's ``Permute`` and of PyTorch's ``permute`` without the leading 0.
    """

    dims: Annotated[tuple[int, ...], Sizes()]
    view = True

    def facts(self, x: Shape) -> Facts:
        if sorted(self.dims) != list(range(1, len(x) + 1)):
            raise ShapeError(f"permute {times(self.dims)} must name each of the {len(x)} axes once, from 1")
        axes = tuple(dim - 1 for dim in self.dims)
        return Facts(output=tuple(x[axis] for axis in axes), axes=axes)


def shifted(offsets: tuple[Dim, ...]) -> Windows:
    return tuple(POINT if offset == 0 else Window(1, offset, offset) for offset in offsets)


@layer("pad")
class Pad(Layer):
    """Add pixels around the map (negative amounts cut them off). Source: PyTorch ``ZeroPad2d`` etc."""

    padding: Annotated[int | tuple[int | tuple[int, int], ...], Sides(None)]
    mode: Annotated[str, Choice("constant", "reflect", "replicate", "circular")] = "constant"
    value: Annotated[float, Real()] = 0

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        sides = pairs(self.padding, len(sizes), "padding")
        output = tuple(n + a + b for n, (a, b) in zip(sizes, sides, strict=True))
        rules: tuple[Rule, ...] = tuple(at_least(o - 1, "nothing is left: size {o}", o=o) for o in output)
        if self.mode in ("reflect", "circular"):
            spare = 1 if self.mode == "reflect" else 0
            rules += tuple(
                at_least(n - side - spare, "{mode} padding of {side} needs a larger map than {n}",
                         mode=self.mode, side=side, n=n)
                for n, both in zip(sizes, sides, strict=True) for side in both
            )  # fmt: skip
        else:
            rules += tuple(
                at_least(n + sum(side for side in both if isinstance(side, int) and side < 0),
                         "more is cut off than the map of size {n} holds", n=n)
                for n, both in zip(sizes, sides, strict=True)
            )  # fmt: skip
        windows = shifted((0, *(-before for before, _ in sides)))
        beyond = "zeros" if self.mode == "constant" else self.mode
        return Facts(output=(channels, *output), windows=windows, requires=rules, beyond=beyond)


@layer("crop")
class Crop(Layer):
    """Cut a map down: ``cropping`` pixels a side, or ``to`` a size around the centre, or - with a second
    input - to that map's size. The odd pixel is cut at the end. Source: Keras ``Cropping2D``."""

    cropping: Annotated[int | tuple[int | tuple[int, int], ...] | None, Maybe(Sides(0))] = None
    to: PositiveOrNone = None
    positional = ("cropping",)
    arity = (1, 2)

    def sides(self, sizes: tuple[Dim, ...], like: tuple[Dim, ...] | None) -> tuple[tuple[Dim, Dim], ...]:
        """How much is cut before and after each axis."""
        if self.cropping is not None:
            return pairs(self.cropping, len(sizes), "cropping")
        target = like if like is not None else per_axis(self.to, len(sizes), "to")
        excess = [n - o for n, o in zip(sizes, target, strict=True)]
        return tuple((e // 2, e - e // 2) for e in excess)

    def facts(self, x: Shape, like: Shape | None = None) -> Facts:
        channels, sizes = spatial(self.kind, x)
        if (self.cropping is not None) + (self.to is not None) + (like is not None) != 1:
            raise ShapeError("crop needs one of cropping, to, or a second input to fit")
        if like is not None and len(like) != len(x):
            raise ShapeError(f"cannot crop {times(x)} to fit {times(like)}")
        sides = self.sides(sizes, None if like is None else like[1:])
        output = tuple(n - a - b for n, (a, b) in zip(sizes, sides, strict=True))
        rules = [at_least(o - 1, "nothing is left: size {o}", o=o) for o in output]
        rules += [
            at_least(side, "cannot crop {x} to the larger {o}", x=x, o=(channels, *output))
            for both in sides
            for side in both
        ]
        windows = shifted(tuple(before for before, _ in sides))
        return Facts(output=(channels, *output), windows=windows, requires=tuple(rules))


@layer("slice")
class Slice(Layer):
    """Part of an axis, as Python slices: channels=0:58. The end is not included."""

    channels: Annotated[tuple[int, int | None] | None, Maybe(Range())] = None
    depth: Annotated[tuple[int, int | None] | None, Maybe(Range())] = None
    height: Annotated[tuple[int, int | None] | None, Maybe(Range())] = None
    width: Annotated[tuple[int, int | None] | None, Maybe(Range())] = None
    length: Annotated[tuple[int, int | None] | None, Maybe(Range())] = None
    view = True

    def ranges(self, x: Shape) -> tuple[tuple[Dim, Dim], ...]:
        """(start, stop) for each axis of ``x``."""
        named = dict(zip(axis_names(len(x)), [(0, n) for n in x], strict=True))
        for name in self.fields:
            wanted = getattr(self, name)
            if wanted is None:
                continue
            if name not in named:
                raise ShapeError(f"slice: a {times(x)} map has no axis called {name}")
            start, stop = wanted
            named[name] = (start, named[name][1] if stop is None else stop)
        return tuple(named.values())

    def facts(self, x: Shape) -> Facts:
        ranges = self.ranges(x)
        rules: list[Rule] = []
        for n, (start, stop) in zip(x, ranges, strict=True):
            rules.append(at_least(n - stop, "{a}:{b} reaches past the end {n}", a=start, b=stop, n=n))
            rules.append(at_least(stop - start - 1, "{a}:{b} is empty", a=start, b=stop))
        return Facts(
            output=tuple(stop - start for start, stop in ranges),
            windows=shifted(tuple(start for start, _ in ranges[1:])),
            requires=tuple(rules),
        )
