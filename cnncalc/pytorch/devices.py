"""The devices a check runs on: which one, what fits on it, what its allocator says, how fast it is."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any, Self

import torch

from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import prod
from cnncalc.pytorch.storages import Storages

DEVICES = ("auto", "cpu", "cuda", "meta")
FRACTION = 0.8  # of the memory that is free may be asked for
MAX_CPU_MACS = 10**13
MAX_NUMBERS = 2**60  # of one tensor; PyTorch counts bytes in 63 bits
WARM, TIMED = 3, 20  # runs before and while the clock is read


class TooLarge(ValueError):
    """The network would not fit; nothing was built."""


def chosen(device: str) -> str:
    """The device that is meant: ``auto`` is CUDA where there is one. Raises ValueError."""
    if device not in DEVICES:
        raise ValueError(f"unknown device {device}: one of {', '.join(DEVICES)}")
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("PyTorch finds no CUDA device here; --device cpu or meta")
    return device


def described(device: str) -> str:
    """The device with its name: cuda (NVIDIA H200)."""
    return f"cuda ({torch.cuda.get_device_name()})" if device == "cuda" else device


def refuse_if_too_large(
    analysis: Analysis, device: str, batch: int = 1, backward: bool = False, images: int | None = None
) -> None:
    """Raise TooLarge, with the numbers, when the tensors cannot fit or the run would take hours.

    ``images`` run at once at inference, where that is more than the ``batch`` of the training step.
    """
    name = analysis.network.name
    largest = max((prod(shape) for fact in analysis.facts.values()
                   for shape in (fact.output, *fact.weights.values(), *fact.buffers.values())), default=0)  # fmt: skip
    if largest * batch > MAX_NUMBERS:
        raise TooLarge(f"{name} has a tensor of {largest * batch:,} numbers; PyTorch cannot address it on any device")
    if device == "meta":
        return
    memory = analysis.memory(batch)
    forward = memory.parameters + memory.buffers + analysis.memory(images or batch).inference
    need = max(forward, memory.training) if backward else forward
    free = free_bytes(device)
    if need > FRACTION * free:
        less = f"--no-backward needs {_binary(forward)}; " if forward <= FRACTION * free else ""
        raise TooLarge(
            f"{name} needs {_binary(need)} on {device} ({analysis.params:,} parameters, batch {batch}), and of the "
            f"{_binary(free)} free no more than {FRACTION:.0%} is taken; {less}--device meta checks it without memory"
        )
    macs = (analysis.macs + backward * analysis.macs_backward) * batch
    if device == "cpu" and macs > MAX_CPU_MACS:
        raise TooLarge(f"{macs:,} MACs would take hours on a CPU; --device meta checks it without running")


def free_bytes(device: str) -> int:
    """Memory that a new process may take: the GPU's, or the machine's within its control group."""
    if device == "cuda":
        return int(torch.cuda.mem_get_info()[0])
    return min((found for found in (_available(), _group_left()) if found is not None), default=4 * 2**30)


def _available() -> int | None:
    """What Linux says can be had without swapping; elsewhere the pages that are free."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return None


def _group_left() -> int | None:
    """What a container's limit (cgroup v2) leaves; None where there is none."""
    try:
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as most:
            limit = int(most.read())
        with open("/sys/fs/cgroup/memory.current", encoding="ascii") as now:
            return max(0, limit - int(now.read()))
    except (OSError, ValueError):
        return None


def _binary(count: int) -> str:
    """Bytes with a binary unit; exact integers may be far beyond a float."""
    for unit, shift in (("TiB", 40), ("GiB", 30), ("MiB", 20)):
        if count >> shift:
            return f"{(count * 10 >> shift) // 10:,}.{(count * 10 >> shift) % 10} {unit}"
    return f"{count / 1024:.1f} KiB"


class Allocator:
    """What CUDA's caching allocator handed out within the block, over what was out before; nothing elsewhere.

    ``requested`` is what PyTorch asked for, workspaces of kernels included; ``allocated`` the same in
    blocks, which are multiples of 512 B. Source: ``torch.cuda.memory_stats``.
    """

    def __init__(self, device: str) -> None:
        self.cuda = device == "cuda"
        self.before: dict[str, int] = {}
        self.after: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self.cuda:
            torch.cuda.synchronize()
            torch.cuda.reset_peak_memory_stats()
            self.before = torch.cuda.memory_stats()
        return self

    def __exit__(self, *error: object) -> None:
        if self.cuda:
            torch.cuda.synchronize()
            self.after = torch.cuda.memory_stats()

    def figures(self, storages: Storages) -> dict[str, Any]:
        """The peak as the allocator saw it, beside the tensors' own and their rounding to blocks."""
        if not self.after:
            return {}
        requested, allocated = (
            self.after.get(f"{kind}.all.peak", 0) - self.before.get(f"{kind}.all.current", 0)
            for kind in ("requested_bytes", "allocated_bytes")
        )
        return {
            "allocator": {
                "requested": requested,
                "allocated": allocated,
                "tensors": storages.peak,
                "tensors_in_blocks": storages.blocks_peak,
                "workspaces": requested - storages.peak,
                "what": "workspaces: what kernels ask for beside tensors; allocated - requested: blocks of 512 B, "
                "and large blocks that are not split",
            }
        }


def latency(run: Callable[[], object], device: str) -> dict[str, Any]:
    """Milliseconds of one run: median, fastest and slowest of `TIMED`, after `WARM` to warm up."""
    for _ in range(WARM):
        run()
    times = sorted(_milliseconds(run, device) for _ in range(TIMED))
    return {"unit": "ms", "median": round(median(times), 4), "fastest": round(times[0], 4),
            "slowest": round(times[-1], 4), "runs": TIMED}  # fmt: skip


def _milliseconds(run: Callable[[], object], device: str) -> float:
    if device != "cuda":
        start = time.perf_counter()
        run()
        return (time.perf_counter() - start) * 1000
    first, last = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    first.record()
    run()
    last.record()
    torch.cuda.synchronize()
    return float(first.elapsed_time(last))
