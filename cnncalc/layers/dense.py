"""Fully connected layers."""

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, prod, times
from cnncalc.exact.windows import POINT, covering
from cnncalc.layers.fields import Bool, Count, Given
from cnncalc.layers.layer import EVERYTHING, Facts, Layer, Windows, declared, layer


@layer("linear")
class Linear(Layer):
    """Every output a weighted sum of every input feature: weight (out_features, in_features).

    On a map it acts on the last axis, as PyTorch's ``Linear`` does; because that is rarely meant,
    ``in_features`` must then be stated.
    """

    out_features: Count
    bias: Bool = True
    in_features: Given = None

    def facts(self, x: Shape) -> Facts:
        *leading, features = x
        if leading and self.in_features is None:
            raise ShapeError(
                f"linear after a {times(x)} map: put a flatten before it ({prod(x)} features), "
                f"or state in_features={features} to act on the last axis alone, as PyTorch does"
            )
        weight = (self.out_features, features)
        bias = {"bias": (self.out_features,)} if self.bias else {}
        rows = prod(leading)
        macs = rows * prod(weight)
        last: Windows = (*(POINT for _ in leading), covering(features)) if leading else EVERYTHING
        return Facts(
            output=(*leading, self.out_features),
            weights={"weight": weight} | bias,
            macs=macs,
            connections=macs + len(bias) * rows * self.out_features,
            windows=last,
            requires=declared(self.in_features, features, "in_features"),
        )


@layer("radial_basis")
class RadialBasis(Layer):
    """Squared distances to fixed prototypes: Σ (x - w)²; nothing is learned, the table is a buffer.

    Source: LeCun et al. 1998, the output layer of LeNet-5 (840 connections, no parameters).
    """

    out_features: Count
    in_features: Given = None

    def facts(self, x: Shape) -> Facts:
        if len(x) != 1:
            raise ShapeError(f"radial_basis needs features, not a {times(x)} map: put a flatten before it")
        prototypes = (self.out_features, x[0])
        return Facts(
            output=(self.out_features,),
            buffers={"prototypes": prototypes},
            connections=prod(prototypes),
            windows=EVERYTHING,
            requires=declared(self.in_features, x[0], "in_features"),
        )
