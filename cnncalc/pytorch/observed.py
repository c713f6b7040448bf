"""A stranger's module watched at work: its layers with weights in the order they run."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from cnncalc.exact.sizes import Shape


class NotAModule(TypeError):
    """Something that is no torch.nn.Module."""


def observer(module: Any, shape: Shape) -> Callable[[], dict[str, Any]]:
    """A function that runs a copy of the module on zeros of ``shape`` and tells what happened, as plain data.

    {"layers": [{"name", "kind", "shapes", "output"}], "output", "params", "error", "at"}; the layers
    are those with parameters of their own. Raises NotAModule.
    """
    if not isinstance(module, nn.Module):
        what = f"the class {module.__name__}; make one: {module.__name__}()" if isinstance(module, type) else module
        raise NotAModule(f"a torch.nn.Module was expected, not {str(what)[:80]}")
    try:
        watched = copy.deepcopy(module).cpu().eval()
    except Exception:  # a module that cannot be copied is run as it is: the process is a copy anyway
        watched = module
    return lambda: _observe(watched, shape)


def _observe(module: nn.Module, shape: Shape) -> dict[str, Any]:
    torch.set_num_threads(1)  # a forked process has no pool of threads
    module.eval()
    layers: list[dict[str, Any]] = []
    running: list[tuple[str, str, dict[str, list[int]]]] = []
    for name, part in module.named_modules():
        own = {key: list(tensor.shape) for key, tensor in part.named_parameters(recurse=False)}
        if own:
            part.register_forward_pre_hook(_entering(running, name, own))
            part.register_forward_hook(_leaving(layers, running, name, own))
    error, output = "", []
    try:
        with torch.no_grad():
            out = module(torch.zeros(1, *shape))
        output = _shape(out)
    except Exception as raised:
        error = f"{type(raised).__name__}: {str(raised)[:300]}"
    at = running[-1] if running and error else ("", "", {})
    params = sum(parameter.numel() for parameter in module.parameters())
    return {"layers": layers, "output": output, "params": params, "error": error, "at": at}


def _entering(running: list[Any], name: str, own: dict[str, list[int]]) -> Callable[..., None]:
    def hook(part: nn.Module, inputs: Any) -> None:
        running.append((name, type(part).__name__, own))

    return hook


def _leaving(layers: list[Any], running: list[Any], name: str, own: dict[str, list[int]]) -> Callable[..., None]:
    def hook(part: nn.Module, inputs: Any, out: Any) -> None:
        running.pop()
        layers.append({"name": name, "kind": type(part).__name__, "shapes": own, "output": _shape(out)})

    return hook


def _shape(out: Any) -> list[int]:
    """A tensor's shape without the batch axis; of several the first one's."""
    while isinstance(out, tuple | list) and out:
        out = out[0]
    return list(out.shape[1:]) if isinstance(out, torch.Tensor) else []
