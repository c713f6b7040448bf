"""The windows of one layer, or of two: every one within stated bounds, the most plausible first."""

from collections.abc import Callable, Iterator, Mapping

from cnncalc.exact.records import record
from cnncalc.exact.sizes import extent, window_count


@record
class WindowBounds:
    """How far the enumeration of windows goes."""

    kernel: int = 31
    dilation: int = 3

    def text(self) -> str:
        return f"kernel ≤ {self.kernel}, stride ≤ the window's extent, padding ≤ half of it, dilation ≤ {self.dilation}"


@record
class WindowChoice:
    """One way to get from a size to another; ``cost`` says how unusual it is."""

    kernel: int
    stride: int
    padding: int
    dilation: int
    cost: float


def windows(
    n: int,
    out: int,
    bounds: WindowBounds,
    fixed: Mapping[str, int],
    count: Callable[..., int] = window_count,
) -> list[WindowChoice]:
    """Every (kernel, stride, padding, dilation) within bounds that takes n to out, plausible ones first."""
    found = [WindowChoice(*choice, _cost(n, *choice)) for choice in _windows(n, out, bounds, fixed, count)]
    return sorted(found, key=lambda one: (one.cost, one.kernel, one.stride, one.padding, one.dilation))


def _windows(
    n: int, out: int, bounds: WindowBounds, fixed: Mapping[str, int], count: Callable[..., int]
) -> Iterator[tuple[int, int, int, int]]:
    for dilation in [fixed["dilation"]] if "dilation" in fixed else range(1, bounds.dilation + 1):
        for kernel in [fixed["kernel"]] if "kernel" in fixed else range(1, bounds.kernel + 1):
            if kernel == 1 and dilation > 1 and "dilation" not in fixed:
                continue
            reach = extent(kernel, dilation)
            for padding in [fixed["padding"]] if "padding" in fixed else range(reach // 2 + 1):
                if n + 2 * padding < reach:
                    continue
                for stride in [fixed["stride"]] if "stride" in fixed else range(1, reach + 1):
                    if count(n, kernel, stride, 2 * padding, dilation) == out:
                        yield kernel, stride, padding, dilation


def _cost(n: int, kernel: int, stride: int, padding: int, dilation: int) -> float:
    """A matter of taste, told openly: unusual dilations, even windows, odd paddings and dropped columns cost."""
    reach = extent(kernel, dilation)
    dropped = (n + 2 * padding - reach) % stride
    cost = 3.0 * (dilation > 1) + 2.0 * (kernel % 2 == 0 and kernel != stride) + 2.0 * (padding not in (0, reach // 2))
    return float(cost + 2.0 * dropped / stride + 1.0 * (stride not in (1, 2, 4)) + 0.08 * kernel)


@record
class PairBounds:
    """How far the enumeration of two windows goes."""

    kernel: int = 11
    stride: int = 4

    def text(self) -> str:
        return f"kernels ≤ {self.kernel}, strides ≤ {self.stride} and the kernel, padding ≤ half of it"


def window_pairs(n: int, out: int, bounds: PairBounds) -> list[tuple[WindowChoice, WindowChoice]]:
    """Every two windows, one after the other, that take n to out; plausible ones first.

    By way of the size between: what reaches it from n, and what leaves it for ``out``.
    """

    def choices(size: int) -> dict[int, list[WindowChoice]]:
        found: dict[int, list[WindowChoice]] = {}
        for k in range(1, bounds.kernel + 1):
            for p in range(k // 2 + 1):
                for s in range(1, min(k, bounds.stride) + 1):
                    if size + 2 * p >= k:
                        reached = window_count(size, k, s, 2 * p)
                        found.setdefault(reached, []).append(WindowChoice(k, s, p, 1, _cost(size, k, s, p, 1)))
        return found

    pairs = [
        (first, second)
        for middle, firsts in choices(n).items()
        for second in choices(middle).get(out, [])
        for first in firsts
    ]
    return sorted(pairs, key=lambda two: (two[0].cost + two[1].cost, *(tuple(vars(one).values()) for one in two)))
