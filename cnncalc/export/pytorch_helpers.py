"""Modules that PyTorch lacks, as the source that is put in front of a network that needs them."""

PARTIALLY_CONNECTED = '''\
class PartiallyConnected(nn.Module):
    """A convolution in which each output map reads only the input maps listed for it."""

    def __init__(
        self,
        table: list[list[int]],
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...] | int = 1,
        dilation: tuple[int, ...] | int = 1,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.reads = [i for row in table for i in row]
        self.sizes = [len(row) for row in table]
        self.weight = nn.Parameter(torch.empty(len(self.reads), *kernel_size))
        nn.init.normal_(self.weight, std=0.05)
        self.bias = nn.Parameter(torch.zeros(len(table))) if bias else None
        self.stride, self.dilation = stride, dilation

    def forward(self, x: Tensor) -> Tensor:
        convolve = (F.conv1d, F.conv2d, F.conv3d)[self.weight.dim() - 2]
        links = convolve(
            x[:, self.reads],
            self.weight.unsqueeze(1),
            stride=self.stride,
            dilation=self.dilation,
            groups=len(self.reads),
        )
        maps = [part.sum(1, keepdim=True) for part in links.split(self.sizes, dim=1)]
        y = torch.cat(maps, dim=1)
        return y if self.bias is None else y + self.bias.view(-1, *[1] * (x.dim() - 2))
'''

LOCALLY_CONNECTED = '''\
class LocallyConnected(nn.Module):
    """A convolution that learns a window of its own for every position."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        output_size: tuple[int, ...],
        kernel_size: tuple[int, ...],
        stride: tuple[int, ...] | None = None,
        dilation: tuple[int, ...] | None = None,
        bias: bool = True,
    ) -> None:
        super().__init__()
        taps, positions = math.prod(kernel_size), math.prod(output_size)
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels * taps, positions))
        nn.init.normal_(self.weight, std=0.05)
        self.bias = nn.Parameter(torch.zeros(out_channels, *output_size)) if bias else None
        self.output_size, self.kernel_size = output_size, kernel_size
        self.stride = stride or (1,) * len(kernel_size)
        self.dilation = dilation or (1,) * len(kernel_size)

    def forward(self, x: Tensor) -> Tensor:
        rank = len(self.kernel_size)
        for axis, (k, s, d) in enumerate(zip(self.kernel_size, self.stride, self.dilation)):
            x = x.unfold(axis + 2, d * (k - 1) + 1, s)[..., ::d]  # N, C, *positions, *taps
        x = x.permute(0, 1, *range(2 + rank, 2 + 2 * rank), *range(2, 2 + rank))
        x = x.flatten(1, 1 + rank).flatten(2)  # N, C * taps, positions
        y = torch.einsum("nip,oip->nop", x, self.weight).unflatten(2, self.output_size)
        return y if self.bias is None else y + self.bias
'''

RADIAL_BASIS = '''\
class RadialBasis(nn.Module):
    """Squared distances to fixed prototypes."""

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        self.register_buffer("prototypes", torch.randn(out_features, in_features).sign())

    def forward(self, x: Tensor) -> Tensor:
        return (x.unsqueeze(1) - self.prototypes).square().sum(2)
'''

SCALE_AND_SHIFT = '''\
class ScaleAndShift(nn.Module):
    """A learned coefficient and bias for each map."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        shape = (-1, *[1] * (x.dim() - 2))
        return x * self.weight.view(shape) + self.bias.view(shape)
'''

CHANNEL_NORM = '''\
class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of each position."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)
'''

PADDED_AVG_POOL = '''\
class PaddedAvgPool(nn.Module):
    """Average pooling after uneven padding that does not count (TensorFlow's and Caffe's borders)."""

    def __init__(
        self,
        kernel_size: tuple[int, ...],
        padding: tuple[int, ...],
        stride: tuple[int, ...] | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size, self.padding, self.stride = kernel_size, padding, stride or kernel_size

    def forward(self, x: Tensor) -> Tensor:
        pool = (F.avg_pool1d, F.avg_pool2d, F.avg_pool3d)[len(self.kernel_size) - 1]
        total = pool(F.pad(x, self.padding), self.kernel_size, self.stride)
        share = pool(F.pad(torch.ones_like(x), self.padding), self.kernel_size, self.stride)
        return total / share
'''

CENTER_CROP = '''\
def center_crop(x: Tensor, like: Tensor) -> Tensor:
    """The middle of a map, as large as another map."""
    for axis in range(2, x.dim()):
        size = like.shape[axis]
        x = x.narrow(axis, (x.shape[axis] - size) // 2, size)
    return x
'''

UNPOOL = '''\
def unpool(x: Tensor, *rest: Tensor | tuple[int, ...]) -> Tensor:
    """Put pooled values back where they came from; without places, in order."""
    *places, size = rest
    length = math.prod(size)
    values = x.flatten(2)
    index = torch.arange(values.shape[2], device=x.device).expand_as(values) % length
    index = places[0].flatten(2) if places else index
    empty = x.new_zeros(x.shape[0], x.shape[1], length)
    return empty.scatter(2, index, values).unflatten(2, size)
'''

BED_OF_NAILS = '''\
def bed_of_nails(x: Tensor, factors: tuple[int, ...]) -> Tensor:
    """Zeros between the pixels."""
    for axis, factor in enumerate(factors, 2):
        gaps = x.new_zeros(*x.shape[: axis + 1], factor - 1, *x.shape[axis + 1 :])
        x = torch.cat([x.unsqueeze(axis + 1), gaps], dim=axis + 1).flatten(axis, axis + 1)
    return x
'''

REGIONS = '''\
def stand_in_boxes(x: Tensor, count: int) -> list[Tensor]:
    """Regions of each image, spread over the map: put the boxes of your own proposals here."""
    tops, lefts = max(1, x.shape[2] // 2), max(1, x.shape[3] // 2)
    return [x[:, :, i % tops :, i % lefts :] for i in range(count)]


class RoIPool(nn.Module):
    """The largest value of each cell of every region."""

    def __init__(self, output_size: tuple[int, int], regions: int) -> None:
        super().__init__()
        self.output_size, self.regions = output_size, regions

    def forward(self, x: Tensor) -> Tensor:
        boxes = stand_in_boxes(x, self.regions)
        return torch.cat([F.adaptive_max_pool2d(box, self.output_size) for box in boxes])


class RoIAlign(RoIPool):
    """Bilinear samples in each cell of every region."""

    def forward(self, x: Tensor) -> Tensor:
        boxes = stand_in_boxes(x, self.regions)
        return torch.cat([F.interpolate(box, self.output_size, mode="bilinear") for box in boxes])
'''

FIXED = '''\
def fixed(conv: nn.Module) -> nn.Module:
    """A convolution whose windows are stored, not learned: put your own numbers there."""
    weight = conv.weight.detach()
    del conv.weight
    conv.register_buffer("weight", weight)
    return conv
'''

LOOKED_UP = '''\
def looked_up(table: Tensor, shape: tuple[int, ...]) -> Tensor:
    """The numbers of a table in order, again and again: put the index of your own here."""
    index = torch.arange(math.prod(shape), device=table.device) % table.numel()
    return table.flatten()[index].reshape(shape)
'''

HELPERS = {
    "PartiallyConnected": PARTIALLY_CONNECTED,
    "LocallyConnected": LOCALLY_CONNECTED,
    "RadialBasis": RADIAL_BASIS,
    "ScaleAndShift": SCALE_AND_SHIFT,
    "ChannelNorm": CHANNEL_NORM,
    "PaddedAvgPool": PADDED_AVG_POOL,
    "center_crop": CENTER_CROP,
    "unpool": UNPOOL,
    "bed_of_nails": BED_OF_NAILS,
    "fixed": FIXED,
    "looked_up": LOOKED_UP,
    "RoIPool": REGIONS,
    "RoIAlign": REGIONS,
}
