"""Receptive fields, measured: which input positions reach which output positions, as sets.

Along one axis at a time, every layer is replaced by what it does to dependency: PyTorch's own
operation with all weights one, on a map of marks in place of numbers. A mark a row for each input
position gives the whole relation at once, holes and borders included. Nothing here knows the windows
that the analysis composes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import Shape
from cnncalc.layers import (
    Layer,
    activation,
    convolution,
    dense,
    joining,
    normalisation,
    pooling,
    resampling,
    reshaping,
    tensors,
)
from cnncalc.network import part_of
from cnncalc.pytorch import modules

WEIGHTLESS = 1e-9  # an interpolation weight below this is a rounding error, not a dependency


@dataclass
class Marks:
    """``seen[x, i]``: whether position i depends on input position x, along one input axis.

    ``axis`` is where that axis lies in the tensor now (1 is the first spatial one); None: folded away.
    """

    seen: Tensor
    axis: int | None

    def positions(self) -> int:
        return int(self.seen.shape[1])

    def gaps(self) -> bool:
        """Whether some positions depend on nothing while others do."""
        some = self.seen.any(0)
        return bool(some.any()) and not bool(some.all())

    def depends_on(self, position: int | None) -> tuple[int, ...]:
        """The input positions that one position, or (None) any position, depends on."""
        seen = self.seen.any(1) if position is None else self.seen[:, position]
        return tuple(seen.nonzero().flatten().tolist())

    def hull(self, position: int) -> tuple[int, int] | None:
        found = self.depends_on(position)
        return (found[0], found[-1]) if found else None


LOST = Marks(torch.zeros(0, 0, dtype=torch.bool), None)  # what cannot be said of one axis by itself
Seen = dict[str, list[Marks | None]]  # for each tensor, one entry an input axis; None: that input is not read


def measured(analysis: Analysis) -> Iterator[tuple[str, list[Marks | None]]]:
    """Yield each layer's marks towards every spatial axis of every input, in `Fields.axes` order."""
    network, shapes = analysis.network, analysis.shapes
    axes = [(name, axis) for name, shape in network.inputs.items() for axis in range(1, len(shape))]
    values: Seen = {name: [_start(shape, axis) if source == name else None for source, axis in axes]
                    for name, shape in network.inputs.items()}  # fmt: skip
    left = {name: len(readers) for name, readers in network.consumers().items()}
    for name, node in network.nodes.items():
        references = node.inputs[:1] if node.layer.kind == "crop" else node.inputs
        like = shapes[node.inputs[1]] if node.layer.kind == "crop" and len(node.inputs) > 1 else None
        branches = [values[part_of(reference)[0]] for reference in references]
        incoming = [shapes[reference] for reference in references]
        found = [
            _through(node.layer, [branch[i] for branch in branches], incoming, analysis.facts[name].output, like)
            for i in range(len(axes))
        ]
        if len(references) > 1 and any(marks and marks.gaps() for branch in branches for marks in branch):
            found = [LOST] * len(axes) if len(axes) > 1 else found  # which positions have gaps differs by branch
        values[name] = found
        yield name, found
        for reference in node.inputs:
            source = part_of(reference)[0]
            left[source] -= 1
            if left[source] == 0:
                values.pop(source, None)


def corners(shape: Shape) -> list[tuple[int, ...]]:
    """The first, the middle and the last position of a map."""
    places = (tuple(0 for _ in shape[1:]), tuple(n // 2 for n in shape[1:]), tuple(n - 1 for n in shape[1:]))
    return list(dict.fromkeys(places))


def _start(shape: Shape, axis: int) -> Marks:
    return Marks(torch.eye(shape[axis], dtype=torch.bool), axis)


def _through(
    layer: Layer, branches: list[Marks | None], incoming: list[Shape], output: Shape, like: Shape | None
) -> Marks | None:
    """One axis through one layer."""
    known = [marks for marks in branches if marks is not None]
    if not known:
        return None
    if any(marks is LOST for marks in known):
        return LOST
    if isinstance(layer, tensors.Matmul):
        return LOST
    if isinstance(layer, joining.Concat) and any(marks.axis == layer.dim - 1 for marks in known):
        return _side_by_side(branches)
    if not isinstance(layer, joining.Add | joining.Multiply | joining.Concat | tensors.Elementwise):
        known = [_alone(layer, marks, _Axis(marks.axis or 0, incoming[0], output, like)) for marks in known]
    return _union(known)


def _alone(layer: Layer, marks: Marks, axis: _Axis) -> Marks:
    """One input of a layer through it."""
    if layer.statistics():
        return Marks(_all(marks.seen).expand(-1, marks.positions()), marks.axis)
    if marks.axis is not None:
        return action(layer, marks, axis)
    if isinstance(layer, POINTWISE):
        return marks
    return LOST if axis.rank else Marks(_all(marks.seen), None)  # windows on axes that were mixed


def _side_by_side(branches: list[Marks | None]) -> Marks:
    """Positions joined along the axis that is followed."""
    known = [marks for marks in branches if marks is not None]
    if len(known) < len(branches) or len({marks.axis for marks in known}) > 1:
        return LOST
    return Marks(torch.cat([marks.seen for marks in known], 1), known[0].axis)


def _union(branches: list[Marks]) -> Marks:
    """Where branches meet, everything that any of them sees; an axis of size 1 is read by all."""
    first = branches[0]
    if len(branches) == 1:
        return first
    if any(marks.axis != first.axis for marks in branches):
        return LOST
    seen = first.seen
    for marks in branches[1:]:
        seen = seen | marks.seen
    return Marks(seen, first.axis)


def _all(seen: Tensor) -> Tensor:
    """One position that depends on everything any position depends on."""
    return seen.any(1, keepdim=True)


@dataclass
class _Axis:
    """The axis that is followed, within a layer: its place, the layer's input and output shapes."""

    place: int
    shape: Shape
    output: Shape
    like: Shape | None

    @property
    def rank(self) -> int:
        return len(self.shape) - 1

    def of(self, value: Any) -> Any:
        """A setting's value along this axis."""
        return value[self.place - 1] if isinstance(value, tuple) else value


POINTWISE = (
    activation.Elementwise, activation.PReLU, activation.GLU, normalisation.BatchNorm, normalisation.InstanceNorm,
    normalisation.LayerNorm, normalisation.LocalResponseNorm, normalisation.GroupNorm, resampling.ChannelShuffle,
    reshaping.Flatten, reshaping.Reshape, joining.Split, joining.Add, joining.Multiply, joining.Concat,
    tensors.Elementwise, activation.Softmax,
)  # fmt: skip


@singledispatch
def action(layer: Layer, marks: Marks, axis: _Axis) -> Marks:
    """What a layer does to dependency along one axis. Kinds that act position by position do nothing."""
    if isinstance(layer, POINTWISE):
        return marks
    raise NotImplementedError(f"no dependency action for the kind {layer.kind}")


def _image(marks: Marks) -> Tensor:
    """The marks as a one-channel image: input positions down, the layer's positions across."""
    return marks.seen.float()[None, None]


def _marks(image: Tensor, axis: int | None) -> Marks:
    return Marks(image[0, 0] > WEIGHTLESS, axis)


@action.register(convolution.Conv)
@action.register(convolution.LocallyConnected)
@action.register(convolution.PartiallyConnected)
def _(layer: Any, marks: Marks, axis: _Axis) -> Marks:
    k, s, d = (axis.of(value) for value in (layer.kernel_size, layer.stride, layer.dilation))
    if k == s == 1 and layer.padding == 0:
        return marks  # spares most of the time in networks of bottlenecks
    ones = torch.ones(1, 1, 1, k)
    mode = getattr(layer, "padding_mode", "zeros")
    if layer.padding == "same" and mode == "zeros":
        return _marks(F.conv2d(_image(marks), ones, None, 1, "same", (1, d)), axis.place)
    sides = axis.of(layer.padding)
    if isinstance(sides, str):
        sides = convolution.around(sides, marks.positions(), k, s, d)
    before, after = sides if isinstance(sides, tuple) else (sides, sides)
    padded = F.pad(_image(marks), (before, after, 0, 0), mode={"zeros": "constant"}.get(mode, mode))
    return _marks(F.conv2d(padded, ones, None, (1, s), 0, (1, d)), axis.place)


@action.register
def _(layer: convolution.ConvTranspose, marks: Marks, axis: _Axis) -> Marks:
    k, s, d = (axis.of(value) for value in (layer.kernel_size, layer.stride, layer.dilation))
    pairs, extra = layer.sides(axis.rank)
    (before, after), more = pairs[axis.place - 1], extra[axis.place - 1]
    spread = F.conv_transpose2d(_image(marks), torch.ones(1, 1, 1, k), None, (1, s), dilation=(1, d))
    return _marks(F.pad(spread, (-before, more - after)), axis.place)


@action.register
def _(layer: convolution.Im2col, marks: Marks, axis: _Axis) -> Marks:
    return Marks(marks.seen, None)


@action.register
def _(layer: dense.Linear, marks: Marks, axis: _Axis) -> Marks:
    if axis.place != axis.rank:
        return marks
    return Marks(_all(marks.seen).expand(-1, layer.out_features), axis.place)


@action.register
def _(layer: activation.Softmax, marks: Marks, axis: _Axis) -> Marks:
    if layer.dim != axis.place + 1:
        return marks
    return Marks(_all(marks.seen).expand(-1, marks.positions()), axis.place)


@action.register
def _(layer: joining.Split, marks: Marks, axis: _Axis) -> Marks:
    return LOST if layer.dim == axis.place + 1 else marks  # each piece has positions of its own


@action.register
def _(layer: tensors.Reduce, marks: Marks, axis: _Axis) -> Marks:
    gone = {dim - 1 for dim in layer.dims}
    seen = _all(marks.seen) if axis.place in gone else marks.seen
    if layer.keepdims:
        return Marks(seen, axis.place)
    if axis.place in gone:
        return Marks(seen, None)
    place = axis.place - sum(one < axis.place for one in gone)
    return Marks(seen, place) if place else LOST


@action.register
def _(layer: normalisation.LayerNorm, marks: Marks, axis: _Axis) -> Marks:
    if layer.over == "last" and axis.place == axis.rank:
        return Marks(_all(marks.seen).expand(-1, marks.positions()), axis.place)
    return marks


@action.register(pooling.MaxPool)
@action.register(pooling.AvgPool)
@action.register(pooling.LpPool)
def _(layer: Any, marks: Marks, axis: _Axis) -> Marks:
    stride = layer.kernel_size if layer.stride is None else layer.stride
    k, s, d = (axis.of(value) for value in (layer.kernel_size, stride, layer.dilation))
    mode = layer.padding if isinstance(layer.padding, str) else ""
    if mode == "tf_same" or layer.ceil_mode == "caffe":
        o, n = axis.output[axis.place], marks.positions()
        p = (
            max((o - 1) * s + d * (k - 1) + 1 - n, 0) // 2
            if mode == "tf_same"
            else 0
            if mode
            else axis.of(layer.padding)
        )
        pooled = modules.pooled(_image(marks), (1, k), (1, s), (1, d), (0, p), (marks.seen.shape[0], o), "max_pool")
        return _marks(pooled, axis.place)
    p = 0 if mode else axis.of(layer.padding)
    pooled = F.max_pool2d(_image(marks), (1, k), (1, s), (0, p), (1, d), layer.ceil_mode)
    return _marks(pooled, axis.place)


@action.register(pooling.AdaptiveAvgPool)
@action.register(pooling.AdaptiveMaxPool)
def _(layer: Any, marks: Marks, axis: _Axis) -> Marks:
    return _marks(F.adaptive_avg_pool2d(_image(marks), (None, axis.of(layer.output_size))), axis.place)


@action.register(pooling.GlobalAvgPool)
@action.register(pooling.GlobalMaxPool)
def _(layer: Any, marks: Marks, axis: _Axis) -> Marks:
    return Marks(_all(marks.seen), axis.place if layer.keepdims else None)


@action.register
def _(layer: pooling.MaxUnpool, marks: Marks, axis: _Axis) -> Marks:
    """Any place of the window a maximum came from may be where it goes back to."""
    stride = layer.kernel_size if layer.stride is None else layer.stride
    k, s, p = (axis.of(value) for value in (layer.kernel_size, stride, layer.padding))
    spread = F.conv_transpose2d(_image(marks), torch.ones(1, 1, 1, k), None, (1, s), (0, p))
    return _marks(F.pad(spread, (0, axis.output[axis.place] - spread.shape[-1])), axis.place)


@action.register
def _(layer: resampling.Upsample, marks: Marks, axis: _Axis) -> Marks:
    n, o = marks.positions(), axis.output[axis.place]
    if layer.mode == "bed_of_nails":
        seen = marks.seen.new_zeros(marks.seen.shape[0], o)
        seen[:, :: o // n] = marks.seen
        return Marks(seen, axis.place)
    factor = axis.of(layer.scale_factor)
    how: dict[str, Any] = {"size": (o, 1)} if factor is None else {"scale_factor": (factor, 1.0)}
    if layer.mode == "nearest":
        weights = F.interpolate(torch.eye(n, dtype=torch.float64)[None, :, :, None], mode="nearest", **how)
    else:
        mode = "bicubic" if layer.mode == "bicubic" else "bilinear"
        how["align_corners"] = layer.align_corners
        weights = F.interpolate(torch.eye(n, dtype=torch.float64)[None, :, :, None], mode=mode, **how)
    reads = (weights[0, :, :, 0].abs() > WEIGHTLESS).float()
    return Marks(marks.seen.float() @ reads > 0, axis.place)


@action.register
def _(layer: resampling.PixelShuffle, marks: Marks, axis: _Axis) -> Marks:
    return Marks(marks.seen.repeat_interleave(layer.upscale_factor, 1), axis.place)


@action.register
def _(layer: resampling.PixelUnshuffle, marks: Marks, axis: _Axis) -> Marks:
    return Marks(marks.seen.unflatten(1, (-1, layer.downscale_factor)).any(2), axis.place)


@action.register(resampling.RoIPool)
@action.register(resampling.RoIAlign)
def _(layer: Any, marks: Marks, axis: _Axis) -> Marks:
    return Marks(_all(marks.seen).expand(-1, axis.output[axis.place]), axis.place)


@action.register
def _(layer: reshaping.Flatten, marks: Marks, axis: _Axis) -> Marks:
    return Marks(marks.seen, None) if axis.rank else marks


@action.register
def _(layer: reshaping.Reshape, marks: Marks, axis: _Axis) -> Marks:
    """An axis stays one where everything before it, or everything after it, has kept its size."""
    before, after = axis.shape[: axis.place + 1], axis.shape[axis.place :]
    if axis.output[: axis.place + 1] == before:
        return marks
    if axis.output[-len(after) :] == after and len(axis.output) > len(after):
        return Marks(marks.seen, len(axis.output) - len(after))
    return Marks(marks.seen, None)


@action.register
def _(layer: reshaping.Permute, marks: Marks, axis: _Axis) -> Marks:
    place = layer.dims.index(axis.place + 1)
    return Marks(marks.seen, place) if place else LOST


@action.register
def _(layer: reshaping.Pad, marks: Marks, axis: _Axis) -> Marks:
    sides = axis.of(layer.padding)
    before, after = sides if isinstance(sides, tuple) else (sides, sides)
    return _marks(F.pad(_image(marks), (before, after, 0, 0), mode=layer.mode), axis.place)


@action.register
def _(layer: reshaping.Crop, marks: Marks, axis: _Axis) -> Marks:
    before, after = layer.sides(axis.shape[1:], None if axis.like is None else axis.like[1:])[axis.place - 1]
    return Marks(marks.seen[:, before : marks.positions() - after], axis.place)


@action.register
def _(layer: reshaping.Slice, marks: Marks, axis: _Axis) -> Marks:
    start, stop = layer.ranges(axis.shape)[axis.place]
    return Marks(marks.seen[:, start:stop], axis.place)
