"""The cross-check: the same network instantiated in PyTorch, run, and compared layer by layer."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from cnncalc.analysis import Analysis
from cnncalc.pytorch.build import Built

DEVICES = ("auto", "cpu", "cuda", "meta")
MAX_CPU_MACS = 10**13
COUNTERS = ("num_batches_tracked",)


class TooLarge(ValueError):
    """The network would not fit; nothing was built."""


@dataclass(frozen=True)
class Difference:
    """Something PyTorch says otherwise: which layer, which quantity, both values."""

    layer: str
    quantity: str
    cnncalc: Any
    pytorch: Any


@dataclass
class Report:
    """What was compared, on what, and what differs. ``checked`` counts the comparisons made."""

    network: str
    device: str
    torch: str
    checked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("layers", "shapes", "tensors", "macs"), 0))
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences

    def compare(self, layer: str, quantity: str, counted: str, ours: Any, theirs: Any) -> None:
        self.checked[counted] += 1
        if ours != theirs:
            self.differences.append(Difference(layer, quantity, ours, theirs))


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
    return f"cuda ({torch.cuda.get_device_name()})" if device == "cuda" else device


def check(analysis: Analysis, device: str = "auto", progress: Callable[[int, int], None] | None = None) -> Report:
    """Build the network in PyTorch, run it once on zeros at batch 1, compare everything that can be.

    Each layer's output shape, parameter names and shapes, buffers, and MACs against half of
    FlopCounterMode's count. Raises TooLarge before anything is built, ValueError for the device.
    """
    where = chosen(device)
    refuse_if_too_large(analysis, where)
    batch = batch_for(analysis)
    report = Report(analysis.network.name, described(where), str(torch.__version__))
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        with torch.device(where):
            built = Built(analysis).eval()
            inputs = [torch.zeros(batch, *shape) for shape in analysis.network.inputs.values()]
        _tensors(analysis, built, report)
        _run(analysis, built, inputs, batch, report, progress)
    total = sum(parameter.numel() for parameter in built.parameters())
    report.compare("total", "params", "tensors", analysis.params, total)
    return report


def batch_for(analysis: Analysis) -> int:
    """1, or 2 where a batch norm without running statistics needs more than one number a channel."""
    layers = (node.layer for node in analysis.network.nodes.values())
    return 2 if any(layer.kind == "batch_norm" and layer.statistics() for layer in layers) else 1


def refuse_if_too_large(analysis: Analysis, device: str) -> None:
    """Raise TooLarge when the tensors cannot fit or the run would take hours."""
    if device == "meta":
        return
    memory = analysis.memory()
    need = memory.parameters + memory.buffers + memory.inference
    limit = torch.cuda.mem_get_info()[0] if device == "cuda" else available_bytes()
    if need > 0.8 * limit:
        raise TooLarge(
            f"{analysis.network.name} needs about {need / 2**30:,.1f} GiB on {device}, and {limit / 2**30:,.1f} GiB "
            "are free; --device meta checks it without memory"
        )
    if device == "cpu" and analysis.macs > MAX_CPU_MACS:
        raise TooLarge(f"{analysis.macs:,} MACs would take hours on a CPU; --device meta checks it without running")


def available_bytes() -> int:
    """Memory that is free on this machine, as far as it tells."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 4 * 2**30


def _tensors(analysis: Analysis, built: Built, report: Report) -> None:
    for name, module in built.steps.items():
        facts = analysis.facts[name]
        named = {key: tuple(tensor.shape) for key, tensor in module.named_parameters()}
        stored = {
            key: tuple(tensor.shape) for key, tensor in module.named_buffers() if key.rpartition(".")[2] not in COUNTERS
        }
        report.compare(name, "parameters", "tensors", dict(facts.weights), named)
        report.compare(name, "buffers", "tensors", dict(facts.buffers), stored)


def _run(
    analysis: Analysis,
    built: Built,
    inputs: list[torch.Tensor],
    batch: int,
    report: Report,
    progress: Callable[[int, int], None] | None,
) -> None:
    counter = FlopCounterMode(display=False)
    counted = 0
    with counter:
        for done, (name, out) in enumerate(built.run(*inputs), 1):
            facts = analysis.facts[name]
            outs = out if isinstance(out, tuple | list) else (out,)
            shapes = [tuple(one.shape) for one in outs]
            copies = analysis.copies[name]
            wanted = [(copies * batch, *part) for part in (facts.parts or (facts.output,))]
            report.compare(name, "output", "shapes", wanted, shapes)
            total = counter.get_total_flops()
            report.compare(name, "macs", "macs", analysis.macs_of(name), (total - counted) / 2 / batch)
            counted = total
            report.checked["layers"] += 1
            if progress:
                progress(done, len(analysis.facts))
    report.compare("total", "macs", "macs", analysis.macs, counted / 2 / batch)
