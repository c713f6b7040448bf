"""The cross-check: the same network instantiated in PyTorch, run, and compared layer by layer."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch

from cnncalc.analysis import Analysis
from cnncalc.pytorch.build import Built
from cnncalc.pytorch.devices import TooLarge, chosen, described, latency, refuse_if_too_large
from cnncalc.pytorch.fields import compare_fields
from cnncalc.pytorch.passes import inference, parameters_of, training, training_batch
from cnncalc.pytorch.probes import ENDS, compare_probes, probed
from cnncalc.pytorch.report import Report

Tick = Callable[[int], None]


@dataclass(frozen=True)
class Wanted:
    """What a check does beside the forward pass.

    ``full`` compares the borders of every layer's field, not of a sample, enlarges maps further,
    and probes the real network from outside.
    """

    backward: bool = True
    fields: bool = True
    latency: bool = False
    full: bool = False


def check(
    analysis: Analysis,
    device: str = "auto",
    progress: Tick | None = None,
    batch: int = 1,
    wanted: Wanted = Wanted(),
) -> Report:
    """Build the network in PyTorch, run it on zeros, compare everything that can be.

    Each layer's output shape and number type, parameter and buffer names and shapes, MACs forward and
    backward against half of FlopCounterMode's count, the bytes alive after it, and its receptive
    field. Raises TooLarge before anything is built, ValueError for the device.
    """
    where = chosen(device)
    most = max(batch, ENDS * len(analysis.network.input)) if wanted.full else batch
    refuse_if_too_large(analysis, where, batch, wanted.backward, most)
    report = Report(analysis.network.name, described(where), str(torch.__version__), batch_for(analysis, batch))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _compare(analysis, where, wanted, report, progress or (lambda done: None))
        except RuntimeError as error:  # PyTorch refuses what the analysis accepts
            if isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error):
                raise TooLarge(f"{analysis.network.name} did not fit: {_first_line(error)}") from None
            report.differ("network", "runs in PyTorch", "yes", _first_line(error))
    return report


def _compare(analysis: Analysis, where: str, wanted: Wanted, report: Report, tick: Tick) -> None:
    with torch.device(where):
        built = Built(analysis)
    _tensors(analysis, built, report)
    if where == "cuda":
        _warm(analysis, built, report.batch)
    inference(analysis, built, report.batch, where, report, tick)
    if wanted.backward:
        training(analysis, built, training_batch(analysis, report.batch), where, report, tick)
    if wanted.fields:
        compare_fields(analysis, report, wanted.full, tick)
    if where == "meta":
        return
    built.eval()
    if wanted.full:
        compare_probes(analysis, built, where, report, tick)
    if wanted.latency or where == "cuda":
        report.measured["latency"] = _latency(analysis, built, report.batch, where)


def _first_line(error: RuntimeError) -> str:
    return str(error).partition("\n")[0][:300]


def steps(analysis: Analysis, wanted: Wanted) -> int:
    """How far ``progress`` counts."""
    layers = len(analysis.facts) * (1 + 2 * wanted.backward + 2 * wanted.fields)
    return layers + (len(probed(analysis)) if wanted.full else 0)


def batch_for(analysis: Analysis, batch: int = 1) -> int:
    """At least 2 where a batch norm without running statistics needs more than one number a channel."""
    layers = (node.layer for node in analysis.network.nodes.values())
    alone = any(layer.kind == "batch_norm" and layer.statistics() for layer in layers)
    return max(batch, 2) if alone else batch


def _tensors(analysis: Analysis, built: Built, report: Report) -> None:
    for name, module in built.steps.items():
        facts = analysis.facts[name]
        learned, stored = parameters_of(module)
        report.compare(name, "parameters", "tensors", dict(facts.weights), learned)
        report.compare(name, "buffers", "tensors", dict(facts.buffers), stored)
        types = {str(parameter.dtype) for parameter in module.parameters()} or {"torch.float32"}
        report.compare(name, "parameter type", "types", "torch.float32", ", ".join(sorted(types)))
    total = sum(parameter.numel() for parameter in built.parameters())
    report.compare("total", "params", "tensors", analysis.params, total)


def _run(analysis: Analysis, built: Built, batch: int, device: str) -> None:
    inputs = [torch.zeros(batch, *shape, device=device) for shape in analysis.network.inputs.values()]
    for _ in built.run(*inputs):
        pass


def _warm(analysis: Analysis, built: Built, batch: int) -> None:
    """Let the libraries take the workspaces they keep, so that they are not counted as the network's."""
    built.eval()
    with torch.no_grad():
        _run(analysis, built, batch, "cuda")


def _latency(analysis: Analysis, built: Built, batch: int, device: str) -> dict[str, object]:
    built.eval()
    with torch.inference_mode():
        return {"batch": batch} | latency(lambda: _run(analysis, built, batch, device), device)
