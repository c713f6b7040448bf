"""Layers that slide learned windows: convolution, transposed, locally and partially connected."""

from typing import Annotated

from cnncalc.exact.rules import Rule
from cnncalc.exact.sizes import Dim, Shape, ceil_div, extent, larger, prod, transposed_size, window_count
from cnncalc.exact.windows import AxisWindow, sliding, spreading
from cnncalc.layers.fields import Bool, Choice, Count, Given, NaturalPerAxis, Positive, Sides, Table
from cnncalc.layers.layer import Facts, Layer, at_least, declared, equal, layer, pairs, per_axis, spatial

PADDING_MODES = ("valid", "same", "full", "tf_same", "causal")
Padding = Annotated[int | tuple[int | tuple[int, int], ...] | str, Sides(0, PADDING_MODES)]
PaddingMode = Annotated[str, Choice("zeros", "reflect", "replicate", "circular")]
Sizes = tuple[Dim, ...]


def around(mode: str, n: Dim, kernel: Dim, stride: Dim, dilation: Dim) -> tuple[Dim, Dim]:
    """What a named padding adds before and after an axis of n positions.

    ``same`` keeps the size at stride 1 (the odd pixel goes to the right, as PyTorch and TensorFlow
    do); ``tf_same`` gives ⌈n/s⌉ at any stride (TensorFlow, "SAME"); ``causal`` pads the past only.
    """
    reach = dilation * (kernel - 1)
    match mode:
        case "same":
            total = reach
        case "full":
            return reach, reach
        case "tf_same":
            total = larger((ceil_div(n, stride) - 1) * stride + reach + 1 - n, 0)
        case "causal":
            return reach, 0
        case _:
            return 0, 0
    return total // 2, total - total // 2


class Geometry:
    """A sliding window on given axes: everything about it that needs no channels."""

    def __init__(self, layer: "Conv | LocallyConnected | PartiallyConnected", sizes: Sizes) -> None:
        rank = len(sizes)
        self.sizes = sizes
        self.mode = layer.padding if isinstance(layer.padding, str) else ""
        self.kernel = per_axis(layer.kernel_size, rank, "kernel_size")
        self.stride = per_axis(layer.stride, rank, "stride")
        self.dilation = per_axis(layer.dilation, rank, "dilation")
        axes = list(zip(sizes, self.kernel, self.stride, self.dilation, strict=True))
        if self.mode:
            self.padding = tuple(around(self.mode, *axis) for axis in axes)
        else:
            self.padding = pairs(layer.padding, rank, "padding")
        self.output = tuple(
            ceil_div(n, s) if self.mode in ("tf_same", "causal") else window_count(n, k, s, before + after, d)
            for (n, k, s, d), (before, after) in zip(axes, self.padding, strict=True)
        )

    def windows(self) -> tuple[AxisWindow, ...]:
        axes = zip(self.kernel, self.stride, self.padding, self.dilation, strict=True)
        return tuple(sliding(k, s, before, d) for k, s, (before, _), d in axes)

    def requires(self, reflecting: str = "zeros") -> tuple[Rule, ...]:
        rules = tuple(
            fits(n, k, s, before + after, d, self.kernel, self.sizes)
            for n, k, s, (before, after), d in zip(
                self.sizes, self.kernel, self.stride, self.padding, self.dilation, strict=True
            )
        )
        if self.mode == "same":
            rules += tuple(equal(s - 1, STRIDED_SAME, stride=s) for s in self.stride)
        if reflecting in ("reflect", "circular"):
            spare = 1 if reflecting == "reflect" else 0
            rules += tuple(
                at_least(n - side - spare, REFLECTED, mode=reflecting, side=side, n=n)
                for n, sides in zip(self.sizes, self.padding, strict=True)
                for side in sides
            )
        return rules


STRIDED_SAME = (
    "padding 'same' with stride {stride}: PyTorch refuses this combination; "
    "padding=tf_same gives ⌈n/stride⌉ as TensorFlow and Keras do"
)
REFLECTED = "{mode} padding of {side} needs a larger map than {n}"
TOO_LARGE = (
    "{kernel} kernel on a {sizes} map: ({n} + {padding} − {reach} − 1) // {stride} + 1 = {count}"
    "; the window does not fit"
)


def fits(n: Dim, k: Dim, s: Dim, padding: Dim, d: Dim, kernel: Sizes, sizes: Sizes) -> Rule:
    """The window must fit the padded axis at least once."""
    return at_least(
        n + padding - extent(k, d), TOO_LARGE, kernel=kernel, sizes=sizes, n=n, padding=padding,
        reach=d * (k - 1), stride=s, count=window_count(n, k, s, padding, d),
    )  # fmt: skip


def divides(groups: Dim, channels: Dim, side: str) -> Rule:
    return equal(channels % groups, "groups={groups} does not divide the {channels} {side} channels",
                 groups=groups, channels=channels, side=side)  # fmt: skip


@layer("conv")
class Conv(Layer):
    """Slide ``out_channels`` learned windows over the map (1, 2 or 3 spatial axes).

    ``fixed`` windows are not learned but stored (the blur of Zhang 2019, a wavelet).
    Output (out_channels, ⌊(n + 2p - d(k-1) - 1)/s⌋ + 1, ...); weight (out_channels, in_channels /
    groups, *kernel_size). Source: Dumoulin & Visin 2016; PyTorch ``Conv1d``, ``Conv2d``, ``Conv3d``.
    """

    out_channels: Count
    kernel_size: Positive
    stride: Positive = 1
    padding: Padding = 0
    dilation: Positive = 1
    groups: Count = 1
    bias: Bool = True
    padding_mode: PaddingMode = "zeros"
    fixed: Bool = False
    in_channels: Given = None

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        place = Geometry(self, sizes)
        weight = (self.out_channels, channels // self.groups, *place.kernel)
        bias = {"bias": (self.out_channels,)} if self.bias else {}
        macs = prod(place.output) * prod(weight)
        return Facts(
            output=(self.out_channels, *place.output),
            weights=bias if self.fixed else {"weight": weight} | bias,
            buffers={"weight": weight} if self.fixed else {},
            macs=macs,
            connections=macs + len(bias) * prod(place.output) * self.out_channels,
            windows=place.windows(),
            beyond=self.padding_mode,
            requires=(
                *declared(self.in_channels, channels, "in_channels"),
                divides(self.groups, channels, "input"),
                divides(self.groups, self.out_channels, "output"),
                *place.requires(self.padding_mode),
            ),
        )


@layer("conv_transpose")
class ConvTranspose(Layer):
    """Spread each input position over a learned window: the shape of a convolution run backwards.

    Output (n - 1)s - 2p + d(k-1) + op + 1 an axis. Keras's modes: ``tf_same`` gives n·s, ``valid``
    n·s + max(k - s, 0).
    Weight (in_channels, out_channels / groups, *kernel_size). Source: PyTorch ``ConvTranspose2d``,
    whose MACs are counted at the input positions.
    """

    out_channels: Count
    kernel_size: Positive
    stride: Positive = 1
    padding: Annotated[int | tuple[int | tuple[int, int], ...] | str, Sides(0, ("valid", "tf_same"))] = 0
    output_padding: NaturalPerAxis = 0
    dilation: Positive = 1
    groups: Count = 1
    bias: Bool = True
    in_channels: Given = None

    def sides(self, rank: int) -> tuple[tuple[tuple[Dim, Dim], ...], Sizes]:
        """What is cut off before and after each axis, and what is added at its end."""
        extra = per_axis(self.output_padding, rank, "output_padding")
        if not isinstance(self.padding, str):
            return pairs(self.padding, rank, "padding"), extra
        kernel, stride = per_axis(self.kernel_size, rank, "kernel_size"), per_axis(self.stride, rank, "stride")
        reach = [extent(k, d) for k, d in zip(kernel, per_axis(self.dilation, rank, "dilation"), strict=True)]
        if self.output_padding != 0:  # Keras: given an output padding, both modes pad k // 2 or nothing
            half = [k // 2 if self.padding == "tf_same" else 0 for k in kernel]
            return tuple((p, p) for p in half), extra
        excess = [r - s for r, s in zip(reach, stride, strict=True)]
        spare = tuple(larger(e, 0) - e for e in excess)
        if self.padding == "valid":
            return ((0, 0),) * rank, spare
        cut = [larger(e, 0) for e in excess]
        return tuple((c // 2, c - c // 2) for c in cut), spare

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        rank = len(sizes)
        kernel, stride = per_axis(self.kernel_size, rank, "kernel_size"), per_axis(self.stride, rank, "stride")
        dilation = per_axis(self.dilation, rank, "dilation")
        padding, extra = self.sides(rank)
        axes = list(zip(sizes, kernel, stride, padding, extra, dilation, strict=True))
        output = tuple(transposed_size(n, k, s, a + b, op, d) for n, k, s, (a, b), op, d in axes)
        weight = (channels, self.out_channels // self.groups, *kernel)
        bias = {"bias": (self.out_channels,)} if self.bias else {}
        macs = prod(sizes) * prod(weight)
        return Facts(
            output=(self.out_channels, *output),
            weights={"weight": weight} | bias,
            macs=macs,
            connections=macs + len(bias) * prod(output) * self.out_channels,
            windows=tuple(spreading(k, s, a, d) for _, k, s, (a, _), _, d in axes),
            requires=(
                *declared(self.in_channels, channels, "in_channels"),
                divides(self.groups, channels, "input"),
                divides(self.groups, self.out_channels, "output"),
                *(at_least(o - 1, EMPTY, n=n, s=s, cut=a + b, reach=d * (k - 1), op=op, o=o)
                  for o, (n, k, s, (a, b), op, d) in zip(output, axes, strict=True)),
                *(at_least(larger(s, d) - 1 - op, EXCESS, op=op, s=s, d=d) for _, _, s, _, op, d in axes
                  if not isinstance(self.padding, str)),
            ),
        )  # fmt: skip


EMPTY = "nothing is left: ({n} − 1)·{s} − {cut} + {reach} + {op} + 1 = {o}"
EXCESS = "output_padding {op} must be smaller than the stride {s} or the dilation {d}"


@layer("locally_connected")
class LocallyConnected(Layer):
    """A convolution whose window is learned anew at every position: weights are not shared.

    Weight (out_channels, in_channels · k..., positions), bias (out_channels, *output). Source:
    Keras ``LocallyConnected2D``; Krizhevsky et al. 2012 compare 105,705,600 such weights.
    """

    out_channels: Count
    kernel_size: Positive
    stride: Positive = 1
    padding: Padding = 0
    dilation: Positive = 1
    bias: Bool = True
    in_channels: Given = None

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        place = Geometry(self, sizes)
        weight = (self.out_channels, channels * prod(place.kernel), prod(place.output))
        output = (self.out_channels, *place.output)
        bias = {"bias": output} if self.bias else {}
        return Facts(
            output=output,
            weights={"weight": weight} | bias,
            macs=prod(weight),
            connections=prod(weight) + len(bias) * prod(output),
            windows=place.windows(),
            requires=(*declared(self.in_channels, channels, "in_channels"), *place.requires()),
        )


@layer("partially_connected")
class PartiallyConnected(Layer):
    """A convolution in which each output map reads only some of the input maps.

    ``table`` lists, for each output map, the input maps it reads (from 0): LeNet-5's C3. Weight
    (links, *kernel_size), one window a link; bias one an output map. Source: LeCun et al. 1998,
    Table I.
    """

    table: Annotated[tuple[tuple[int, ...], ...], Table()]
    kernel_size: Positive
    stride: Positive = 1
    padding: Padding = 0
    dilation: Positive = 1
    bias: Bool = True
    in_channels: Given = None
    positional = ("kernel_size",)

    @property
    def out_channels(self) -> int:
        return len(self.table)

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x)
        place = Geometry(self, sizes)
        weight = (sum(len(row) for row in self.table), *place.kernel)
        output = (len(self.table), *place.output)
        bias = {"bias": (len(self.table),)} if self.bias else {}
        macs = prod(place.output) * prod(weight)
        highest = max(max(row) for row in self.table)
        return Facts(
            output=output,
            weights={"weight": weight} | bias,
            macs=macs,
            connections=macs + len(bias) * prod(output),
            windows=place.windows(),
            requires=(
                *declared(self.in_channels, channels, "in_channels"),
                at_least(channels - 1 - highest, "the table reads map {highest}, but only {channels} come in "
                         "(they are counted from 0)", highest=highest, channels=channels),
                *(equal(len(row) - len(set(row)), "output map {i} reads an input map twice", i=i)
                  for i, row in enumerate(self.table)),
                *place.requires(),
            ),
        )  # fmt: skip


@layer("im2col")
class Im2col(Layer):
    """Lay every window out as a column: (C, H, W) to (C · k · k, positions), as for a matrix product.

    Source: PyTorch ``Unfold``; convolution as GEMM.
    """

    kernel_size: Positive
    stride: Positive = 1
    padding: NaturalPerAxis = 0
    dilation: Positive = 1
    bias = False

    def facts(self, x: Shape) -> Facts:
        channels, sizes = spatial(self.kind, x, (2,))
        place = Geometry(self, sizes)  # type: ignore[arg-type]
        return Facts(
            output=(channels * prod(place.kernel), prod(place.output)),
            requires=place.requires(),
            axes=(None, None),
        )
