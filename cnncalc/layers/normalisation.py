"""Normalisation: learned scales and shifts apart from stored statistics."""

from typing import Annotated

from cnncalc.exact.rules import Rule
from cnncalc.exact.sizes import Shape, prod
from cnncalc.exact.windows import POINT, covering
from cnncalc.layers.fields import Bool, Choice, Count, Given, Maybe, Real, Sizes
from cnncalc.layers.layer import Facts, Layer, at_least, declared, equal, layer, spatial

Small = Annotated[float, Real(least=0)]


def scale_and_shift(shape: Shape, bias: bool = True) -> dict[str, Shape]:
    return {"weight": shape} | ({"bias": shape} if bias else {})


@layer("batch_norm")
class BatchNorm(Layer):
    """Normalise each channel over the batch: 2C parameters, and 2C running statistics as buffers.

    Keras counts all 4C as parameters, 2C of them non-trainable. PyTorch's ``num_batches_tracked``
    counter is not counted. Source: Ioffe & Szegedy 2015; PyTorch ``BatchNorm2d``.
    """

    affine: Bool = True
    track_running_stats: Bool = True
    eps: Small = 1e-05
    momentum: Small = 0.1
    num_features: Given = None

    def statistics(self) -> bool:
        return not self.track_running_stats

    def facts(self, x: Shape) -> Facts:
        per_channel = (x[0],)
        stored = {"running_mean": per_channel, "running_var": per_channel} if self.track_running_stats else {}
        return Facts(
            output=x,
            weights=scale_and_shift(per_channel) if self.affine else {},
            buffers=stored,
            requires=declared(self.num_features, x[0], "num_features"),
        )


@layer("instance_norm")
class InstanceNorm(Layer):
    """Normalise each channel of each image by itself; no parameters unless ``affine``.

    Source: Ulyanov et al. 2016; PyTorch ``InstanceNorm2d``.
    """

    affine: Bool = False
    track_running_stats: Bool = False
    eps: Small = 1e-05
    momentum: Small = 0.1
    num_features: Given = None

    def statistics(self) -> bool:
        return not self.track_running_stats

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        several = at_least(prod(sizes) - 2, LONELY) if self.statistics() else None
        stored = {"running_mean": (channels,), "running_var": (channels,)} if self.track_running_stats else {}
        return Facts(
            output=x,
            weights=scale_and_shift((channels,)) if self.affine else {},
            buffers=stored,
            requires=(*declared(self.num_features, channels, "num_features"), *([several] if several else [])),
        )


LONELY = "there is only one number to normalise, which always gives 0; PyTorch refuses this"


@layer("group_norm")
class GroupNorm(Layer):
    """Normalise groups of channels of each image together. Source: Wu & He 2018; PyTorch."""

    num_groups: Count
    affine: Bool = True
    eps: Small = 1e-05
    num_channels: Given = None

    def statistics(self) -> bool:
        return True

    def facts(self, x: Shape) -> Facts:
        return Facts(
            output=x,
            weights=scale_and_shift((x[0],)) if self.affine else {},
            requires=(
                *declared(self.num_channels, x[0], "num_channels"),
                equal(x[0] % self.num_groups, "num_groups={g} does not divide {c} channels", g=self.num_groups, c=x[0]),
                at_least(x[0] // self.num_groups * prod(x[1:]) - 2, LONELY),
            ),
        )


@layer("layer_norm")
class LayerNorm(Layer):
    """Normalise each image over everything, or over the channels of each position.

    ``over=all`` learns a scale and a shift for each of the C·H·W entries (PyTorch's ``LayerNorm``
    over the whole shape); ``over=channels`` for each channel (ConvNeXt's ``LayerNorm2d``, Keras);
    ``over=last`` for each entry of the last axis. Source: Ba, Kiros & Hinton 2016.
    """

    over: Annotated[str, Choice("all", "channels", "last")] = "all"
    elementwise_affine: Bool = True
    bias: Bool = True
    eps: Small = 1e-05
    normalized_shape: Annotated[tuple[int, ...] | None, Maybe(Sizes())] = None

    def statistics(self) -> bool:
        return self.over == "all"

    def facts(self, x: Shape) -> Facts:
        shape = {"all": x, "channels": x[:1], "last": x[-1:]}[self.over]
        rules: tuple[Rule, ...] = ()
        if self.normalized_shape is not None:
            wanted = self.normalized_shape
            rules = (
                equal(len(shape) - len(wanted), SHAPE, wanted=wanted, shape=shape),
                *(equal(a - b, SHAPE, wanted=wanted, shape=shape) for a, b in zip(shape, wanted, strict=False)),
            )
        weights = scale_and_shift(shape, self.bias) if self.elementwise_affine else {}
        mixed = self.over == "last" and len(x) > 1
        windows = (*(POINT for _ in x[1:]), covering(x[-1])) if mixed else None
        return Facts(output=x, weights=weights, requires=rules, windows=windows)


SHAPE = "normalized_shape says {wanted}, but the normalised part is {shape}"


@layer("local_response_norm")
class LocalResponseNorm(Layer):
    """Divide by the energy of neighbouring channels; no parameters. Source: Krizhevsky et al. 2012."""

    size: Count
    alpha: Annotated[float, Real()] = 1e-4
    beta: Annotated[float, Real()] = 0.75
    k: Annotated[float, Real()] = 1

    def facts(self, x: Shape) -> Facts:
        spatial(self.kind, x)
        return Facts(output=x, requires=(at_least(x[0] - 1, "no channels"),))
