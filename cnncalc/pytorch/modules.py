"""Modules for the kinds that PyTorch has no module for. Forward passes are written to be plain, not fast."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

Pairs = tuple[tuple[int, int], ...]


def around(pairs: Pairs) -> list[int]:
    """(before, after) an axis in the order ``torch.nn.functional.pad`` wants: last axis first."""
    return [side for pair in reversed(pairs) for side in pair]


class Padded(nn.Module):
    """Pad, then hand on to a function: for paddings PyTorch's modules cannot express."""

    def __init__(self, pairs: Pairs, value: float = 0.0) -> None:
        super().__init__()
        self.pairs, self.value = pairs, value

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, around(self.pairs), value=self.value)


class PaddedConv(nn.Module):
    """A convolution with its own padding in front; parameters stay weight and bias."""

    def __init__(self, conv: nn.Module, pairs: Pairs, mode: str) -> None:
        super().__init__()
        self.weight, self.bias = conv.weight, conv.bias
        self.settings = (conv.stride, 0, conv.dilation, conv.groups)
        self.pairs, self.mode = pairs, {"zeros": "constant"}.get(mode, mode)
        self.rank = len(pairs)

    def forward(self, x: Tensor) -> Tensor:
        run = (F.conv1d, F.conv2d, F.conv3d)[self.rank - 1]
        return run(F.pad(x, around(self.pairs), mode=self.mode), self.weight, self.bias, *self.settings)


class CroppedTranspose(nn.Module):
    """A transposed convolution whose result is cut by different amounts before and after."""

    def __init__(self, conv: nn.Module, cut: Pairs, extra: tuple[int, ...]) -> None:
        super().__init__()
        self.weight, self.bias = conv.weight, conv.bias
        self.settings = (conv.stride, 0, 0, conv.groups, conv.dilation)
        self.cut, self.extra, self.rank = cut, extra, len(cut)

    def forward(self, x: Tensor) -> Tensor:
        run = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self.rank - 1]
        full = run(x, self.weight, self.bias, *self.settings)
        longer = F.pad(full, around(tuple((0, extra) for extra in self.extra)))
        return F.pad(longer, around(tuple((-before, -after) for before, after in self.cut)))


Sizes = tuple[int, ...]


def windows(x: Tensor, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Tensor:
    """Every window of a map: (N, C, *sizes) -> (N, C, *positions, *taps)."""
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True)):
        x = x.unfold(2 + axis, d * (k - 1) + 1, s)[..., ::d]
    return x


def columns(x: Tensor, kernel: Sizes, stride: Sizes, dilation: Sizes) -> Tensor:
    """Every window as a column: (N, C, *sizes) -> (N, C * taps, positions)."""
    rank = len(kernel)
    x = windows(x, kernel, stride, dilation)
    x = x.permute(0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
    return x.flatten(1, 1 + rank).flatten(2)


class LocallyConnected(nn.Module):
    """A convolution that learns a window for every position."""

    def __init__(self, weight: tuple[int, ...], bias: tuple[int, ...] | None, place: Any) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(weight) * 0.01)
        self.bias = nn.Parameter(torch.zeros(bias)) if bias else None
        self.place = place

    def forward(self, x: Tensor) -> Tensor:
        place = self.place
        taps = columns(F.pad(x, around(place.padding)), place.kernel, place.stride, place.dilation)
        out = torch.bmm(self.weight.permute(2, 0, 1), taps.permute(2, 1, 0))  # positions, filters, batch
        out = out.permute(2, 1, 0).reshape(x.shape[0], -1, *place.output)
        return out if self.bias is None else out + self.bias


class PartiallyConnected(nn.Module):
    """A convolution in which each output map reads only the input maps of a table."""

    def __init__(self, table: Any, weight: tuple[int, ...], bias: bool, place: Any) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(weight) * 0.01)
        self.bias = nn.Parameter(torch.zeros(len(table))) if bias else None
        self.links = [(o, i) for o, row in enumerate(table) for i in row]
        self.place, self.maps = place, len(table)

    def forward(self, x: Tensor) -> Tensor:
        place = self.place
        run = (F.conv1d, F.conv2d, F.conv3d)[len(place.kernel) - 1]
        read = F.pad(x[:, [i for _, i in self.links]], around(place.padding))
        each = run(read, self.weight[:, None], None, place.stride, 0, place.dilation, len(self.links))
        out = each.new_zeros(x.shape[0], self.maps, *each.shape[2:])
        out = out.index_add(1, torch.tensor([o for o, _ in self.links], device=x.device), each)
        return out if self.bias is None else out + self.bias.view(-1, *[1] * len(place.kernel))


class RadialBasis(nn.Module):
    """Squared distances to fixed prototypes."""

    def __init__(self, prototypes: tuple[int, ...]) -> None:
        super().__init__()
        self.register_buffer("prototypes", torch.sign(torch.randn(prototypes)))

    def forward(self, x: Tensor) -> Tensor:
        return ((x[:, None] - self.prototypes) ** 2).sum(-1)


class Subsampling(nn.Module):
    """An average pool with a trainable coefficient and bias for each map."""

    def __init__(self, pool: nn.Module, channels: int) -> None:
        super().__init__()
        self.pool = pool
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        out = self.pool(x)
        shape = (-1, *[1] * (out.dim() - 2))
        return out * self.weight.view(shape) + self.bias.view(shape)


class Call(nn.Module):
    """A function as a module."""

    def __init__(self, function: Any) -> None:
        super().__init__()
        self.function = function

    def forward(self, *inputs: Tensor) -> Any:
        return self.function(*inputs)


def pooled(
    x: Tensor, kernel: Sizes, stride: Sizes, dilation: Sizes, padding: Sizes, output: Sizes, kind: str
) -> Tensor:
    """Pool to a given size: pad far enough that every window fits (Caffe's and TensorFlow's rules)."""
    pairs, value = [], -torch.inf if kind == "max_pool" else 0.0
    for n, k, s, d, p, o in zip(x.shape[2:], kernel, stride, dilation, padding, output, strict=True):
        pairs.append((p, max((o - 1) * s + d * (k - 1) + 1 - n - p, 0)))
    taken = windows(F.pad(x, around(tuple(pairs)), value=value), kernel, stride, dilation)
    for axis, o in enumerate(output):
        taken = taken.narrow(2 + axis, 0, o)
    taps = taken.flatten(2 + len(kernel))
    return taps.amax(-1) if kind == "max_pool" else taps.mean(-1) if kind == "avg_pool" else taps.norm(dim=-1)


def unpooled(x: Tensor, places: Tensor | None, output: tuple[int, ...]) -> Tensor:
    """Max-unpooling into a map of a given size; without places, the values stand in order."""
    flat = x.flatten(2)
    total = 1
    for size in output:
        total *= size
    index = torch.arange(flat.shape[-1], device=x.device) % total
    index = index.expand_as(flat) if places is None else places.flatten(2)
    out = x.new_zeros(*x.shape[:2], total).scatter(2, index, flat)
    return out.view(*x.shape[:2], *output)


def bed_of_nails(x: Tensor, output: tuple[int, ...]) -> Tensor:
    """Zeros between the pixels."""
    out = x.new_zeros(*x.shape[:2], *output)
    out[(..., *(slice(None, None, o // n) for o, n in zip(output, x.shape[2:], strict=True)))] = x
    return out


def regions(x: Tensor, output: tuple[int, ...], count: int, align: bool) -> Tensor:
    """``count`` regions spread over the map, each brought to one size by bilinear samples or bins."""
    cut = []
    for i in range(count):
        top, left = i % max(1, x.shape[2] // 2), i % max(1, x.shape[3] // 2)
        box = x[:, :, top:, left:]
        cut.append(F.interpolate(box, output, mode="bilinear") if align else F.adaptive_max_pool2d(box, output))
    return torch.cat(cut)


class Alone(nn.Module):
    """Numbers that read nothing; what is handed on may be larger or smaller than what is learned or stored."""

    weight: Tensor

    def __init__(self, weight: tuple[int, ...], output: tuple[int, ...], fixed: bool) -> None:
        super().__init__()
        if fixed:
            self.register_buffer("weight", torch.randn(weight))
        else:
            self.weight = nn.Parameter(torch.randn(weight))
        self.output = output

    def forward(self) -> Tensor:
        count = 1
        for size in self.output:
            count *= size
        index = torch.arange(count, device=self.weight.device) % self.weight.numel()
        return self.weight.flatten()[index].view(1, *self.output)
