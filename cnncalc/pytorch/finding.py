"""A torch module named on the command line: MODULE:CALLABLE imported, and called."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import Any

import torch
from torch import nn

from cnncalc.pytorch.capture import place_of


class NotFound(ValueError):
    """There is no module there; the text says why."""


def built(target: str, arguments: dict[str, Any]) -> nn.Module:
    """The ``nn.Module`` that MODULE:CALLABLE names, or returns for these arguments. Raises NotFound.

    Whatever it prints is the caller's to catch. Weights are made on the meta device where that works.
    """
    name, colon, path = target.partition(":")
    if not (colon and name and path):
        raise NotFound(f"'{target}' is not MODULE:CALLABLE, as in torchvision.models:resnet50")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    found: Any = _guarded(f"importing {name}", lambda: import_module(name))
    for part in path.split("."):
        if not hasattr(found, part):
            raise NotFound(f"{name} has no '{path}'{_near(part, found)}")
        found = getattr(found, part)
    if isinstance(found, nn.Module):
        if arguments:
            raise NotFound(f"{target} is a module already: it takes no --kwargs")
        return found
    if not callable(found):
        raise NotFound(f"{target} is no nn.Module and nothing that makes one, but {type(found).__name__}")
    made = _made(target, found, arguments)
    if not isinstance(made, nn.Module):
        raise NotFound(f"{target} returns no nn.Module, but {type(made).__name__}")
    return made


def _made(target: str, make: Any, arguments: dict[str, Any]) -> Any:
    """Call it on the meta device, or - where that fails - where it wants."""
    try:
        with torch.device("meta"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return make(**arguments)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException:
        return _guarded(f"calling {target}", lambda: make(**arguments))


def _guarded(doing: str, act: Any) -> Any:
    """Run other people's code; what it raises becomes a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return act()
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:
        text = " ".join(str(error).split())[:300] or "no reason given"
        raise NotFound(f"{doing} failed: {type(error).__name__}: {text} ({place_of(error)})") from error


def _near(word: str, found: Any) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, [name for name in dir(found) if not name.startswith("_")], 1)
    return f"; did you mean '{near[0]}'?" if near else ""
