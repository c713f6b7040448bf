"""Layers with several inputs, or several outputs."""

from collections.abc import Callable
from typing import Annotated

from cnncalc.exact.rules import Rule, ShapeError
from cnncalc.exact.sizes import Dim, Shape, times
from cnncalc.exact.windows import POINT
from cnncalc.layers.fields import Count, Reader, Schema, Sizes, Whole
from cnncalc.layers.layer import Facts, Layer, Windows, equal, layer


def broadcast(kind: str, inputs: tuple[Shape, ...]) -> tuple[Shape, tuple[Rule, ...]]:
    """The common shape of inputs whose sizes are equal or 1, as PyTorch and NumPy broadcast them."""
    first, *rest = inputs
    rules: list[Rule] = []
    output = first
    for other in rest:
        if len(other) != len(first):
            raise ShapeError(f"cannot {kind} {times(first)} and {times(other)}: they differ in the number of axes")
        merged: list[Dim] = []
        for a, b in zip(output, other, strict=True):
            merged.append(b if a == 1 else a)
            if a != 1 and b != 1:
                open_ = tuple(size - 1 for size in (a, b) if not isinstance(size, int))
                rules.append(Rule(a - b, "=", UNEQUAL, {"kind": kind, "x": output, "y": other}, open_))
        output = tuple(merged)
    return output, tuple(rules)


UNEQUAL = "cannot {kind} {x} and {y}: the sizes differ"


class _Elementwise(Layer):
    arity = (1, None)

    def facts(self, *inputs: Shape) -> Facts:
        output, rules = broadcast(self.kind, inputs)
        return Facts(output=output, requires=rules)


@layer("add")
class Add(_Elementwise):
    """The sum of its inputs, entry by entry (a residual connection). Source: He et al. 2015."""


@layer("multiply")
class Multiply(_Elementwise):
    """The product of its inputs, entry by entry; an input of size 1 is a gate for the whole map."""


@layer("concat")
class Concat(Layer):
    """Channels of all inputs, one after the other; the spatial sizes must agree.

    ``dim`` joins along another axis, counted from 1 (0 is the batch): 2 puts maps below each other.
    """

    dim: Count = 1
    positional = ()
    arity = (1, None)

    def facts(self, *inputs: Shape) -> Facts:
        first, *rest = inputs
        rules = []
        along = self.dim - 1
        if along >= len(first):
            raise ShapeError(f"concat along axis {self.dim}, but {times(first)} has {len(first)}, counted from 1")
        for other in rest:
            if len(other) != len(first):
                raise ShapeError(f"cannot concat {times(first)} and {times(other)}: they differ in the number of axes")
            rules += [
                equal(
                    a - b, SIZES, x=first, y=other, along="channels" if along == 0 else f"sizes along axis {self.dim}"
                )
                for axis, (a, b) in enumerate(zip(first, other, strict=True))
                if axis != along
            ]
        output = (*first[:along], sum(x[along] for x in inputs), *first[along + 1 :])
        return Facts(output=output, requires=tuple(rules), windows=displaced(along, len(first)))


SIZES = "cannot concat {x} and {y}: only the {along} may differ"


def displaced(along: int, rank: int) -> Windows:
    """The windows of layers that move positions along one axis, each input's or part's by its own amount."""
    return None if along == 0 else tuple(None if axis == along else POINT for axis in range(rank))


class _Sections(Reader):
    """How many equal parts, or their sizes."""

    what = "the number of equal parts, or a list of their sizes"

    def read(self, raw: object, number: Callable[[object], object]) -> object:
        if isinstance(raw, list) or (isinstance(raw, str) and ("," in raw or "x" in raw)):
            return Sizes().read(raw, number)
        return Whole(1).read(raw, number)

    def schema(self) -> Schema:
        return Sizes().schema()


@layer("split")
class Split(Layer):
    """Cut the channels into parts, read as NAME[0], NAME[1], ...: a number of equal ones, or sizes.

    ``dim`` cuts another axis, counted from 1 (0 is the batch).
    """

    sections: Annotated[int | tuple[int, ...], _Sections()]
    dim: Count = 1
    view = True

    def facts(self, x: Shape) -> Facts:
        along = self.dim - 1
        if along >= len(x):
            raise ShapeError(f"split along axis {self.dim}, but {times(x)} has {len(x)}, counted from 1")
        channels, axis = x[along], "channels" if along == 0 else f"positions along axis {self.dim}"
        if isinstance(self.sections, tuple):
            parts = self.sections
            rule = equal(sum(parts) - channels, "the parts {parts} do not add up to {c} {axis}",
                         parts=" + ".join(map(str, parts)), c=channels, axis=axis)  # fmt: skip
        else:
            parts = (channels // self.sections,) * min(self.sections, 100_000)
            rule = equal(channels % self.sections, "{c} {axis} do not split into {s} equal parts",
                         c=channels, s=self.sections, axis=axis)  # fmt: skip
        shapes = tuple((*x[:along], part, *x[along + 1 :]) for part in parts)
        return Facts(output=shapes[0], parts=shapes, requires=(rule,), windows=displaced(along, len(x)))
