"""Activations, by PyTorch's names: shape in, shape out."""

from typing import Annotated

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape
from cnncalc.exact.windows import POINT, covering
from cnncalc.layers.fields import Count, Real
from cnncalc.layers.layer import Facts, Layer, equal, layer

Number = Annotated[float, Real()]


class Elementwise(Layer):
    """A function of each number by itself."""

    def facts(self, x: Shape) -> Facts:
        return Facts(output=x)


PLAIN = """
    relu relu6 selu gelu silu mish sigmoid hardsigmoid hardswish logsigmoid tanh tanhshrink softsign
"""
"""Activations without settings."""

for _name in PLAIN.split():
    layer(_name)(type(_name.title().replace("_", ""), (Elementwise,), {"__doc__": f"PyTorch's {_name}."}))


@layer("softmax")
class Softmax(Layer):
    """eˣ / Σ eˣ over the channels, or over another axis: ``dim``, counted from 1 (0 is the batch)."""

    dim: Count = 1

    def facts(self, x: Shape) -> Facts:
        if self.dim > len(x):
            raise ShapeError(f"{self.kind} over axis {self.dim}, but there are {len(x)}, counted from 1")
        windows = tuple(covering(n) if axis == self.dim - 1 else POINT for axis, n in enumerate(x))
        return Facts(output=x, windows=None if self.dim == 1 else windows)


@layer("log_softmax")
class LogSoftmax(Softmax):
    """The logarithm of the softmax, over the channels or another axis."""


@layer("softmin")
class Softmin(Softmax):
    """The softmax of -x, over the channels or another axis."""


@layer("leaky_relu")
class LeakyReLU(Elementwise):
    """max(0, x) + slope · min(0, x). Source: Maas, Hannun & Ng 2013."""

    negative_slope: Number = 0.01
    positional = ("negative_slope",)


@layer("elu")
class ELU(Elementwise):
    """x above 0, α(eˣ - 1) below. Source: Clevert et al. 2015."""

    alpha: Number = 1
    positional = ("alpha",)


@layer("celu")
class CELU(Elementwise):
    """A continuously differentiable ELU. Source: Barron 2017."""

    alpha: Annotated[float, Real(above=0)] = 1
    positional = ("alpha",)


@layer("softplus")
class Softplus(Elementwise):
    """log(1 + e^βx)/β, a smooth ReLU."""

    beta: Annotated[float, Real(above=0)] = 1
    threshold: Number = 20


@layer("hardtanh")
class Hardtanh(Elementwise):
    """x cut to [min_val, max_val]."""

    min_val: Number = -1
    max_val: Number = 1


@layer("hardshrink")
class Hardshrink(Elementwise):
    """x where |x| > λ, else 0."""

    lambd: Annotated[float, Real(least=0)] = 0.5


@layer("softshrink")
class Softshrink(Elementwise):
    """x pulled towards 0 by λ."""

    lambd: Annotated[float, Real(least=0)] = 0.5


@layer("threshold")
class Threshold(Elementwise):
    """x above the threshold, a fixed value below."""

    threshold: Number
    value: Number


@layer("prelu")
class PReLU(Layer):
    """A leaky ReLU whose slope is learned: one for all channels, or one each. Source: He et al. 2015."""

    num_parameters: Count = 1
    positional = ("num_parameters",)

    def facts(self, x: Shape) -> Facts:
        rules = (
            ()
            if self.num_parameters == 1
            else (equal(x[0] - self.num_parameters, "num_parameters={n} is neither 1 nor the {c} channels",
                        n=self.num_parameters, c=x[0]),)
        )  # fmt: skip
        return Facts(output=x, weights={"weight": (self.num_parameters,)}, requires=rules)


@layer("glu")
class GLU(Layer):
    """Half of the channels, gated by the sigmoid of the other half. Source: Dauphin et al. 2016."""

    def facts(self, x: Shape) -> Facts:
        half = x[0] // 2
        return Facts(
            output=(half, *x[1:]),
            requires=(equal(x[0] % 2, "glu halves the channels, and {c} is odd", c=x[0]),),
        )


@layer("dropout")
class Dropout(Elementwise):
    """Drop numbers at random while training; nothing at inference, nothing learned.

    Source: Srivastava et al. 2014.
    """

    p: Annotated[float, Real(least=0, most=1)] = 0.5
    positional = ("p",)
    view = True


@layer("identity")
class Identity(Elementwise):
    """What comes in goes out."""

    view = True
