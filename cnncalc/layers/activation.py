"""Activations, by PyTorch's names: shape in, shape out."""

from typing import Annotated

from cnncalc.exact.sizes import Shape
from cnncalc.layers.fields import Count, Real
from cnncalc.layers.layer import Facts, Layer, equal, layer

Number = Annotated[float, Real()]


class Elementwise(Layer):
    """A function of each number by itself (softmax: of the channels of each position)."""

    def facts(self, x: Shape) -> Facts:
        return Facts(output=x)


PLAIN = """
    relu relu6 selu gelu silu mish sigmoid hardsigmoid hardswish logsigmoid tanh tanhshrink softsign
    softmax log_softmax softmin
"""
"""Activations without settings; softmax and its kin run over the channels."""

for _name in PLAIN.split():
    layer(_name)(type(_name.title().replace("_", ""), (Elementwise,), {"__doc__": f"PyTorch's {_name}."}))


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
