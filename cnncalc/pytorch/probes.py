"""Receptive fields from outside: not-a-number goes in at some pixels, and comes out where they are seen.

The real network runs, with its random weights; nothing of its structure is looked at. Every operation
that reads a NaN gives NaN, so an output is NaN exactly when it depends on a poisoned pixel. The first
and the last pixel it depends on are found by bisection: half of the map is poisoned, then a quarter.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from cnncalc.analysis import Analysis
from cnncalc.pytorch.build import Built, outputs_of
from cnncalc.pytorch.marks import corners
from cnncalc.pytorch.report import Report
from cnncalc.receptive import NotTabulated

ENDS = 2  # of each axis, probed side by side: the first pixel seen and the last
Tick = Callable[[int], None]
Spans = list[tuple[int, int]]  # first and last position, one an axis


def compare_probes(analysis: Analysis, built: Built, device: str, report: Report, tick: Tick) -> None:
    """Probe the deepest layers that still have a map, at a corner, in the middle and at the far corner."""
    report.checked["probes"] = 0
    if not probed(analysis):
        report.measured["probes"] = (
            "not probed: several inputs, or layers that carry not-a-number further than they look"
        )
        return
    for name, position in probed(analysis):
        ours = _hull(analysis, name, position)
        if ours is not None:
            with _exact(device), torch.no_grad():
                theirs = probe(analysis, built, name, position, device, ours)
            report.compare(name, f"field of {position} by probing", "probes", ours, theirs)
        tick(1)


def probed(analysis: Analysis) -> list[tuple[str, tuple[int, ...]]]:
    """The positions that are probed: corners and the middle of some layers. Empty where none can be."""
    if len(analysis.network.inputs) != 1 or len(analysis.network.input) < 2 or not _carries(analysis):
        return []
    return [(name, position) for name in _deepest(analysis) for position in corners(analysis.facts[name].output)]


def _deepest(analysis: Analysis) -> list[str]:
    """The last layer whose map is larger than one position, and one half-way to it."""
    maps = [name for name in analysis.facts if _is_map(analysis, name)]
    return list(dict.fromkeys([maps[len(maps) // 2], maps[-1]])) if maps else []


def _is_map(analysis: Analysis, name: str) -> bool:
    """Whether a layer's axes are still those of the image, with several positions and one piece."""
    fact, states = analysis.facts[name], analysis.fields.states[name]
    in_place = [seen.axis if seen else None for seen in states] == list(range(1, len(fact.output)))
    return in_place and max(fact.output[1:]) > 1 and analysis.copies[name] == 1 and not fact.parts


def _carries(analysis: Analysis) -> bool:
    """Whether what is read is what is depended on, within one image.

    Smooth interpolation multiplies by zero at times, unpooling puts values where others were found,
    regions may lie anywhere, and a batch norm without running statistics mixes the images of a batch.
    """
    elsewhere = ("max_unpool", "roi_pool", "roi_align")
    smooth = ("linear", "bilinear", "trilinear", "bicubic")
    layers = [node.layer for node in analysis.network.nodes.values()]
    mixed = any(layer.kind == "batch_norm" and layer.statistics() for layer in layers)
    unlike = any(getattr(layer, "mode", "") in smooth or layer.kind in elsewhere for layer in layers)
    return not mixed and not unlike


def _hull(analysis: Analysis, name: str, position: tuple[int, ...]) -> Spans | None:
    """The first and last input position along each axis, as the analysis has them; None: nothing to probe."""
    try:
        reached = analysis.reach(name, position)
    except NotTabulated:
        return None
    axes = reached.get(next(iter(analysis.network.inputs)), ())
    return [(axis[0], axis[-1]) for axis in axes] if axes and all(axes) else None


def probe(
    analysis: Analysis,
    built: Built,
    name: str,
    position: tuple[int, ...],
    device: str,
    guess: Spans | None = None,
) -> Spans:
    """The first and last input position along each axis that one output position depends on, measured.

    All ends of all axes are bisected side by side, as one batch; a right ``guess`` needs two runs (one
    pixel less is not seen, that pixel is), a wrong one only costs them. An output that depends on
    nothing along an axis gives (n, -1) there.
    """
    channels, *sizes = analysis.network.input
    ends = [(axis, last) for axis in range(len(sizes)) for last in (False, True)]
    low, high = [1] * len(ends), [sizes[axis] + 1 for axis, _ in ends]  # pixels to poison until it is seen
    guesses = [sizes[axis] - guess[axis][1] if last else guess[axis][0] + 1 for axis, last in ends] if guess else []
    hints = [guesses, [count - 1 for count in guesses]] if guess else []
    while any(a < b for a, b in zip(low, high, strict=True)):
        tried = [min((a + b) // 2, b - 1) for a, b in zip(low, high, strict=True)]
        if hints:
            hint = hints.pop(0)
            tried = [h if a <= h < b else t for a, b, h, t in zip(low, high, hint, tried, strict=True)]
        image = torch.zeros(len(ends), channels, *sizes, device=device)
        for row, ((axis, last), count) in enumerate(zip(ends, tried, strict=True)):
            image[row].narrow(1 + axis, sizes[axis] - count if last else 0, count).fill_(torch.nan)
        for row, seen in enumerate(_poisoned(built, image, name, position)):
            if low[row] < high[row]:
                low[row], high[row] = (low[row], tried[row]) if seen else (tried[row] + 1, high[row])
    return [(low[2 * axis] - 1, size - low[2 * axis + 1]) for axis, size in enumerate(sizes)]


def _poisoned(built: Built, image: Tensor, name: str, position: tuple[int, ...]) -> list[bool]:
    """For each image of the batch, whether any channel of the output position is not a number."""
    for layer, out in built.run(image):
        if layer == name:
            at = outputs_of(out)[0][(slice(None), slice(None), *position)]
            return torch.isnan(at).flatten(1).any(1).tolist()  # type: ignore[no-any-return]
    raise KeyError(name)


def _exact(device: str) -> AbstractContextManager[object]:
    """Convolutions that read each input only where it counts: cuDNN's Winograd tiles mix neighbours."""
    if device == "cuda":
        return torch.backends.cudnn.flags(enabled=False)  # type: ignore[no-any-return]
    return nullcontext()
