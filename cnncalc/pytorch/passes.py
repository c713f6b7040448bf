"""One forward pass at inference and one training step, each compared layer by layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.graph import Node as GradientNode
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import prod
from cnncalc.network import part_of
from cnncalc.pytorch.build import Built, outputs_of
from cnncalc.pytorch.devices import Allocator
from cnncalc.pytorch.report import Report
from cnncalc.pytorch.storages import Storages
from cnncalc.training import receiving

COUNTERS = ("num_batches_tracked",)  # PyTorch's own bookkeeping, not the network's
COPYING = ("flatten", "reshape")  # views of what they read, unless that is not contiguous
FLOAT = "float32"
Tick = Callable[[int], None]

ASIDE = {
    "max_pool": "the places of the maxima (int64)",
    "adaptive_max_pool": "the places of the maxima (int64)",
    "batch_norm": "means and deviations of the batch",
    "group_norm": "means and deviations of the groups",
    "layer_norm": "means and deviations of the images",
    "instance_norm": "means and deviations of the maps, and repeated scales",
    "dropout": "which numbers were dropped",
    "local_response_norm": "squares and their sums over channels",
    "conv": "the padded map",
    "avg_pool": "the padded map, or the average before its coefficient",
    "locally_connected": "the windows as columns",
    "partially_connected": "the maps gathered for each link",
    "gelu": "what the derivative needs",
}
"""What layers of a kind hold beside their output."""


FLOWING = "gradients on their way at the peak, less what the backward pass had not made yet or had freed"


def started(analysis: Analysis, built: Built, batch: int, device: str, storages: Storages) -> Iterator[tuple[str, Any]]:
    """The run of the network on zeros. Nobody but the run holds the inputs, so that they can be let go."""
    inputs = []
    for name, shape in analysis.network.inputs.items():
        storages.running = name
        inputs.append(torch.zeros(batch, *shape, device=device))
        storages.mark_outputs(name, inputs[-1:])
    storages.running = next(iter(analysis.facts))
    return built.run(*inputs)


def inference(analysis: Analysis, built: Built, batch: int, device: str, report: Report, tick: Tick) -> None:
    """Run once without gradients: shapes, number types, MACs, and the bytes alive after each layer."""
    built.eval()
    counter, storages = FlopCounterMode(display=False), Storages([*built.parameters(), *built.buffers()])
    following, counted, spare = _following(analysis), 0, 0
    live: dict[str, int] = {}
    copied: list[str] = []
    with torch.no_grad(), Allocator(device) as allocator, storages, counter:
        for name, out in started(analysis, built, batch, device, storages):
            _compare_output(analysis, name, outputs_of(out), batch, report)
            storages.mark_outputs(name, outputs_of(out))
            spare = max(spare, storages.spare)
            if analysis.network.nodes[name].layer.kind in COPYING and storages.made_by(out) == name:
                copied.append(name)
            del out
            total = counter.get_total_flops()
            report.compare(name, "macs", "macs", analysis.macs_of(name), per_image(total - counted, batch))
            counted, live[name] = total, storages.live - storages.spare
            report.checked["layers"] += 1
            storages.running = following[name]
            tick(1)
    report.compare("total", "macs", "macs", analysis.macs, per_image(counted, batch))
    _compare_live(analysis, live, copied, batch, report)
    peak = max(live.values())
    report.measured["inference"] = {
        "batch": batch,
        "unit": "B",
        "predicted": analysis.memory(batch).inference,
        "between_layers": peak,
        "copied": copied,
        "spare": spare,
        "within_layers": storages.peak,
        "within_layers_at": storages.peak_at,
        "why": _aside(analysis, storages.peak_at, storages.peak - peak),
    } | allocator.figures(storages)


def per_image(flops: int, batch: int) -> int | float:
    """MACs of one image from FlopCounterMode's count for a batch; whole unless the count is not."""
    whole, rest = divmod(flops, 2 * batch)
    return whole + rest / (2 * batch) if rest else whole


def _compare_live(analysis: Analysis, live: dict[str, int], copied: list[str], batch: int, report: Report) -> None:
    """The bytes alive after each layer; a reshape that PyTorch could not do in place is counted as it went."""
    expected = analysis.live(batch, copied=copied)
    for name, measured in live.items():
        report.compare(name, "bytes alive", "bytes", expected[name], measured)
    report.compare("total", "peak activations", "bytes", max(expected.values()), max(live.values()))
    if not copied:
        report.compare("total", "peak activations of the summary", "bytes", analysis.memory(batch).inference,
                       max(expected.values()))  # fmt: skip


def _following(analysis: Analysis) -> dict[str, str]:
    """The layer that runs after each layer."""
    names = list(analysis.facts)
    return dict(zip(names, [*names[1:], names[-1]], strict=True))


def _compare_output(analysis: Analysis, name: str, outs: list[Tensor], batch: int, report: Report) -> None:
    facts = analysis.facts[name]
    wanted = [(analysis.copies[name] * batch, *part) for part in (facts.parts or (facts.output,))]
    report.compare(name, "output", "shapes", wanted, [tuple(one.shape) for one in outs])
    types = {str(one.dtype).removeprefix("torch.") for one in outs}
    report.compare(name, "number type", "types", FLOAT, ", ".join(sorted(types)))


def _aside(analysis: Analysis, name: str, more: int) -> str:
    if more <= 0 or name not in analysis.network.nodes:
        return "layers need nothing beside what they read and write"
    kind = analysis.network.nodes[name].layer.kind
    return f"{name} also holds {ASIDE.get(kind, 'intermediate results')} while it runs"


class Marked:
    """Which layer the backward pass is in: the last one whose output's gradient has arrived."""

    def __init__(self, counter: FlopCounterMode) -> None:
        self.counter = counter
        self.flops: Counter[str] = Counter()
        self.layer = ""
        self._counted = 0
        self._nodes: set[GradientNode] = set()

    def watch(self, name: str, out: Tensor, storages: Storages) -> None:
        """Note when the gradient of a layer's output arrives; a view shares its source's node."""
        node = out.grad_fn
        if node is None or node in self._nodes:
            return
        self._nodes.add(node)

        def arrived(_: Any) -> None:
            self.arrive(name)
            storages.running = name

        node.register_prehook(arrived)

    def begin(self) -> None:
        """The forward pass is over; what was counted in it belongs to no layer's backward pass."""
        self.arrive("")
        self.flops.clear()

    def arrive(self, name: str) -> None:
        """What was counted since the last layer belongs to it; from now on to this one."""
        total = self.counter.get_total_flops()
        self.flops[self.layer] += total - self._counted
        self._counted, self.layer = total, name


def training(analysis: Analysis, built: Built, batch: int, device: str, report: Report, tick: Tick) -> None:
    """One step without an optimiser: gradients, backward MACs, and what autograd keeps.

    Every output is learned from. Counts per image; a grouped convolution's gradient is counted one
    group at a time, because FlopCounterMode forgets the groups there.
    """
    prepare_for_training(analysis, built)
    counter = FlopCounterMode(display=False, custom_mapping={torch.ops.aten.convolution_backward: by_groups})
    storages = Storages([*built.parameters(), *built.buffers()])
    marked = Marked(counter)
    with Allocator(device) as allocator, storages, counter:
        run = started(analysis, built, batch, device, storages)
        outputs = _forward(analysis, run, storages, marked, tick)
        kept = _ledger(analysis, storages, batch)
        after_forward = storages.live
        marked.begin()
        learned = [tensor for tensor in outputs if tensor.requires_grad]
        if learned:
            torch.autograd.backward(learned, [torch.ones_like(tensor) for tensor in learned])
        marked.arrive("")
    tick(len(analysis.facts))
    _compare_backward(analysis, built, marked, batch, report)
    figures = _training_figures(analysis, built, batch, storages, after_forward, kept)
    report.measured["training"] = figures | allocator.figures(storages)
    built.zero_grad()


def _training_figures(
    analysis: Analysis,
    built: Built,
    batch: int,
    storages: Storages,
    after_forward: int,
    kept: list[dict[str, Any]],
) -> dict[str, Any]:
    """The predicted peak, the measured one, and the lines that lead from the one to the other."""
    memory = analysis.memory(batch)
    gradients = sum(p.grad.numel() * p.grad.element_size() for p in built.parameters() if p.grad is not None)
    planned = memory.training - memory.parameters - memory.buffers - memory.activations
    flowing = storages.peak - after_forward - planned
    return {
        "batch": batch,
        "unit": "B",
        "predicted": memory.training,
        "measured": memory.parameters + memory.buffers + storages.peak,
        "measured_at": storages.peak_at,
        "activations_predicted": memory.activations,
        "activations_kept": after_forward,
        "gradients": gradients,
        "macs": analysis.macs_backward,
        "why": [*kept, {"bytes": flowing, "what": FLOWING}],
    }


def _forward(
    analysis: Analysis, run: Iterator[tuple[str, Any]], storages: Storages, marked: Marked, tick: Tick
) -> list[Tensor]:
    """The forward half; returns the network's outputs."""
    following = _following(analysis)
    wanted = [part_of(name) for name in analysis.network.outputs]
    found: dict[str, list[Tensor]] = {}
    for name, out in run:
        _watch(name, outputs_of(out), storages, marked)
        if any(name == one for one, _ in wanted):
            found[name] = outputs_of(out)
        del out
        storages.running = following[name]
        tick(1)
    return [found[name][part or 0] for name, part in wanted]


def _watch(name: str, outs: list[Tensor], storages: Storages, marked: Marked) -> None:
    storages.mark_outputs(name, outs)
    for tensor in outs:
        marked.watch(name, tensor, storages)


def _ledger(analysis: Analysis, storages: Storages, batch: int) -> list[dict[str, Any]]:
    """From the activations that the memory model keeps to those that autograd kept: who adds, who drops."""
    width = 4
    kept: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    for entry in storages.stored.values():
        (kept if entry.output else aside)[entry.made_by] += entry.size
    nodes = analysis.network.nodes
    dropped: Counter[str] = Counter()
    copied: Counter[str] = Counter()
    for name, numbers in analysis.tensors().items():
        missing = numbers * width * batch - kept[name]
        kind = nodes[name].layer.kind if name in nodes else "input"
        (dropped if missing > 0 else copied)[kind] += abs(missing)
    extra: Counter[str] = Counter()
    for name, size in aside.items():
        kind = nodes[name].layer.kind if name in nodes else "input"
        extra[f"{kind}: {ASIDE.get(kind, 'what the gradient needs beside inputs and outputs')}"] += size
    lines = [(-size, f"outputs of {kind} that no gradient needs") for kind, size in dropped.items()]
    lines += [(size, f"outputs of {kind} that are tensors of their own in training") for kind, size in copied.items()]
    lines += [(size, what) for what, size in extra.items()]
    return [{"bytes": size, "what": what} for size, what in sorted(lines, key=lambda line: -abs(line[0])) if size]


def _compare_backward(analysis: Analysis, built: Built, marked: Marked, batch: int, report: Report) -> None:
    arriving = receiving(analysis.network)
    for name, module in built.steps.items():
        theirs = per_image(marked.flops[name], batch)
        report.compare(name, "backward macs", "macs", analysis.backward[name], theirs)
        frozen = analysis.network.nodes[name].frozen
        weights = analysis.facts[name].weights if name in arriving and not frozen else {}
        found = {key: tuple(p.grad.shape) for key, p in module.named_parameters() if p.grad is not None}
        report.compare(name, "gradients", "tensors", dict(weights), found)
    report.compare("total", "backward macs", "macs", analysis.macs_backward, per_image(marked.flops.total(), batch))


def by_groups(
    grad_out: Any, x: Any, w: Any, bias: Any, stride: Any, padding: Any, dilation: Any, transposed: bool,
    output_padding: Any, groups: int, mask: Any, out_shape: Any = None, **_: Any,
) -> int:  # fmt: skip
    """FLOPs of a convolution's gradients: PyTorch's formula for one group, times the groups.

    FlopCounterMode (2.13) applies the formula to all channels at once, as if every filter read every
    group: pytorch/pytorch#183405.
    """
    formula = flop_registry[torch.ops.aten.convolution_backward]
    one_x, one_out = ([shape[0], shape[1] // groups, *shape[2:]] for shape in (x, grad_out))
    one_w = [w[0] // groups, *w[1:]]
    outs = (one_x, one_w, None)
    found = formula(one_out, one_x, one_w, None, stride, padding, dilation, transposed, output_padding, 1, mask,
                    out_val=outs)  # fmt: skip
    return int(found) * groups


def prepare_for_training(analysis: Analysis, built: Built) -> None:
    """Training mode, except where PyTorch refuses it: an instance norm of one number a map."""
    built.train()
    for name, node in analysis.network.nodes.items():
        if node.layer.kind == "instance_norm" and prod(analysis.facts[name].output[1:]) == 1:
            built.steps[name].eval()


def training_batch(analysis: Analysis, batch: int) -> int:
    """At least 2 where a batch norm would else see one number a channel."""
    lonely = any(
        node.layer.kind == "batch_norm" and prod(analysis.facts[name].output[1:]) * analysis.copies[name] == 1
        for name, node in analysis.network.nodes.items()
    )
    return max(batch, 2) if lonely else batch


def parameters_of(module: nn.Module) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    """Names and shapes of what a module learns, and of what it stores."""
    learned = {key: tuple(tensor.shape) for key, tensor in module.named_parameters()}
    stored = {
        key: tuple(tensor.shape) for key, tensor in module.named_buffers() if key.rpartition(".")[2] not in COUNTERS
    }
    return learned, stored
