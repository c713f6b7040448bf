"""Live tensors, counted: every storage that an operation makes, until it is freed.

The accounting is by storages, not by an allocator: views count once, padding and workspaces inside a
kernel not at all. It is therefore exact, and the same on every device.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

BLOCK = 512  # CUDA's caching allocator hands out multiples of this many bytes


@dataclass
class Stored:
    """One storage: its bytes, the layer that made it, whether it holds that layer's output.

    ``spare`` are bytes behind an output that hold none of its numbers: a few kernels return the
    beginning of a larger buffer (transposed convolutions of volumes, for one).
    """

    size: int
    made_by: str
    output: bool = False
    spare: int = 0
    reference: Any = None


class Storages(TorchDispatchMode):
    """While active, ``live`` is the bytes of all storages made since the start, ``peak`` their most.

    ``known`` tensors (parameters, buffers) and what views them are not counted. ``running`` is the
    layer that is told to have made what comes next. ``blocks`` and ``blocks_peak`` are the same with
    each storage rounded up as CUDA's allocator does.
    """

    def __init__(self, known: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self.live = self.peak = self.blocks = self.blocks_peak = self.spare = 0
        self.peak_at = self.running = ""
        self.stored: dict[int, Stored] = {}
        self._known = [tensor.untyped_storage() for tensor in known]
        self._ignored = {id(storage) for storage in self._known}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            if isinstance(leaf, Tensor):
                self._count(leaf.untyped_storage())
        return out

    def _count(self, storage: Any) -> None:
        key = id(storage)
        if key in self.stored or key in self._ignored:
            return
        size = storage.nbytes()
        rounded = -(-size // BLOCK) * BLOCK

        def freed(_: Any) -> None:
            self.spare -= self.stored.pop(key).spare
            self.live -= size
            self.blocks -= rounded

        self.stored[key] = Stored(size, self.running, reference=weakref.ref(storage, freed))
        self.live += size
        self.blocks += rounded
        self.blocks_peak = max(self.blocks_peak, self.blocks)
        if self.live > self.peak:
            self.peak, self.peak_at = self.live, self.running

    def mark_outputs(self, name: str, tensors: list[Tensor]) -> None:
        """These are a layer's outputs, not something on the side."""
        for tensor in tensors:
            entry = self.stored.get(id(tensor.untyped_storage()))
            if entry is not None and entry.made_by == name and not entry.output:
                entry.output = True
                if len(tensors) == 1:
                    entry.spare = entry.size - tensor.numel() * tensor.element_size()
                    self.spare += entry.spare

    def made_by(self, tensor: Tensor) -> str:
        """The layer that made the storage this tensor lies in."""
        entry = self.stored.get(id(tensor.untyped_storage()))
        return entry.made_by if entry else ""
