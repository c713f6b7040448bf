"""How the usual tools count, each reproduced to the digit: conventions by name.

A convention is a table (`Convention`); `Cost` is a network's cost under one, `explained` the difference
between two as a sum over components.
"""

from importlib import import_module

from cnncalc.conventions.convention import Convention
from cnncalc.conventions.cost import Cost, LayerCost

CONVENTIONS: dict[str, str] = {
    "torch": "operators",
    "torchinfo": "modules",
    "fvcore": "operators",
    "ptflops": "modules",
    "ptflops-aten": "operators",
    "thop": "modules",
    "ultralytics-thop": "modules",
    "calflops": "functions",
    "calflops-macs": "functions",
    "deepspeed": "functions",
    "deepspeed-macs": "functions",
    "torchscan": "modules",
    "torchscan-macs": "modules",
    "torchprofile": "operators",
    "keras": "parameters",
}
"""Every convention, and the file that holds it."""


def convention(name: str) -> Convention:
    """A convention by its name. Raises KeyError with the nearest names."""
    if name not in CONVENTIONS:
        from difflib import get_close_matches

        name = name if len(name) <= 40 else name[:37] + "..."
        near = get_close_matches(name, CONVENTIONS, 1, 0.4)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise KeyError(f"there is no convention '{name}'{hint} There are {', '.join(CONVENTIONS)}")
    module = import_module(f"cnncalc.conventions.{CONVENTIONS[name]}")
    found: Convention = getattr(module, name.replace("-", "_").upper())
    return found


__all__ = ["CONVENTIONS", "Convention", "Cost", "LayerCost", "convention"]
