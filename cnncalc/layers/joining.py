"""Layers with several inputs, or several outputs."""

from collections.abc import Callable
from typing import Annotated

from cnncalc.exact.rules import Rule, ShapeError
from cnncalc.exact.sizes import Dim, Shape, times
from cnncalc.layers.fields import Reader, Schema, Sizes, Whole
from cnncalc.layers.layer import Facts, Layer, equal, layer


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
    """Channels of all inputs, one after the other; the spatial sizes must agree."""

    arity = (1, None)

    def facts(self, *inputs: Shape) -> Facts:
        first, *rest = inputs
        rules = []
        for other in rest:
            if len(other) != len(first):
                raise ShapeError(f"cannot concat {times(first)} and {times(other)}: they differ in the number of axes")
            rules += [
                equal(a - b, "cannot concat {x} and {y}: only the channels may differ", x=first, y=other)
                for a, b in zip(first[1:], other[1:], strict=True)
            ]
        return Facts(output=(sum(x[0] for x in inputs), *first[1:]), requires=tuple(rules))


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
    """Cut the channels into parts, read as NAME[0], NAME[1], ...: a number of equal ones, or sizes."""

    sections: Annotated[int | tuple[int, ...], _Sections()]
    view = True

    def facts(self, x: Shape) -> Facts:
        channels, *sizes = x
        if isinstance(self.sections, tuple):
            parts = self.sections
            rule = equal(sum(parts) - channels, "the parts {parts} do not add up to {c} channels",
                         parts=" + ".join(map(str, parts)), c=channels)  # fmt: skip
        else:
            parts = (channels // self.sections,) * min(self.sections, 100_000)
            rule = equal(channels % self.sections, "{c} channels do not split into {s} equal parts",
                         c=channels, s=self.sections)  # fmt: skip
        shapes = tuple((part, *sizes) for part in parts)
        return Facts(output=shapes[0], parts=shapes, requires=(rule,))
