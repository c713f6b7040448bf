"""Live tensors, counted: every storage that an operation makes, until it is freed.

The accounting is by storages, not by an allocator: views count once, padding and workspaces inside a
kernel not at all. It is therefore exact, and the same on every device.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class Storages(TorchDispatchMode):
    """While active, ``live`` is the bytes of all storages made since the start, ``peak`` their most.

    ``known`` tensors (parameters, buffers) and what views them are not counted.
    """

    def __init__(self, known: Iterable[Tensor] = ()) -> None:
        super().__init__()
        self.live = 0
        self.peak = 0
        self._counted: dict[int, weakref.ref[Any]] = {}
        self._known = [tensor.untyped_storage() for tensor in known]
        self._ignored = {id(storage) for storage in self._known}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(out):
            if isinstance(leaf, Tensor):
                self.count(leaf)
        return out

    def count(self, tensor: Tensor) -> None:
        """Count a tensor's storage, once."""
        storage = tensor.untyped_storage()
        key = id(storage)
        if key in self._counted or key in self._ignored:
            return
        size = storage.nbytes()

        def freed(_: Any) -> None:
            self._counted.pop(key, None)
            self.live -= size

        self._counted[key] = weakref.ref(storage, freed)
        self.live += size
        self.peak = max(self.peak, self.live)

    def restart_peak(self) -> int:
        """The peak so far; from now on it is what is live."""
        peak, self.peak = self.peak, self.live
        return peak

    def counts(self, tensor: Tensor) -> bool:
        """Whether a tensor's storage is among those counted."""
        return id(tensor.untyped_storage()) in self._counted


def held(tensors: Iterable[Tensor]) -> dict[int, int]:
    """The storages of some live tensors and their bytes, each once."""
    storages = [tensor.untyped_storage() for tensor in tensors]
    return {id(storage): storage.nbytes() for storage in storages}


def tensors_in(value: Any) -> list[Tensor]:
    """The tensors a layer hands on: one, the pieces of a split, a maximum and its places."""
    return [leaf for leaf in tree_leaves(value) if isinstance(leaf, torch.Tensor)]
