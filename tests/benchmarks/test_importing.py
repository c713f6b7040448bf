"""Reading a module in against what `torch.export.export` alone takes on it, in the same run.

`pytest tests/benchmarks/test_importing.py --benchmark-only -s` prints the ratio.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from cnncalc.pytorch.reading import from_torch
from cnncalc.spec.folding import folded


class Bottleneck(nn.Module):
    """ResNet's, with a projection where the widths differ."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(before, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width)
        self.relu = nn.ReLU(inplace=True)
        same = stride == 1 and before == 4 * width
        projection = [] if same else [nn.Conv2d(before, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)]
        self.downsample = nn.Sequential(*projection)

    def forward(self, x: Tensor) -> Tensor:
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        return self.relu(self.bn3(self.conv3(out)) + self.downsample(x))


def resnet(depths: tuple[int, ...]) -> nn.Module:
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    before = 64
    for i, depth in enumerate(depths):
        width = 64 * 2**i
        for step in range(depth):
            layers.append(Bottleneck(before, width, 2 if i and not step else 1))
            before = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, 1000)).eval()


def seconds(act: Callable[[], Any], times: int = 3) -> float:
    act()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return min(found)


@pytest.mark.parametrize("depths", [(2, 2, 2, 2), (3, 4, 6, 3), (3, 8, 36, 3)], ids=["26", "50", "152"])
@pytest.mark.parametrize("whole", [False, True], ids=["read", "read and folded"])
def test_reading_against_export(benchmark: Any, depths: tuple[int, ...], whole: bool) -> None:
    with torch.device("meta"):
        module, image = resnet(depths), torch.empty(1, 3, 224, 224)

    def read() -> Any:
        network = from_torch(module, (3, 224, 224))
        return folded(network) if whole else network

    exported = seconds(lambda: torch.export.export(module, (image,)), 1)
    ratio = seconds(read) / exported
    benchmark.extra_info["share of export"] = round(ratio, 3)
    print(f"\n{'read and folded' if whole else 'read'}: {ratio:.2f} of torch.export alone ({exported:.2f} s)")
    benchmark.pedantic(read, rounds=3)
