"""Exact shapes, parameters, costs and receptive fields of convolutional networks."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from cnncalc.analysis import Analysis, analyse
    from cnncalc.exact.rules import ShapeError
    from cnncalc.formulas import to_sympy
    from cnncalc.network import Network
    from cnncalc.pytorch.reading import from_torch
    from cnncalc.spec.errors import SpecError
    from cnncalc.spec.load import load
    from cnncalc.spec.write import to_yaml

_HOMES = {
    "Analysis": "cnncalc.analysis",
    "Network": "cnncalc.network",
    "ShapeError": "cnncalc.exact.rules",
    "SpecError": "cnncalc.spec.errors",
    "analyse": "cnncalc.analysis",
    "from_torch": "cnncalc.pytorch.reading",
    "load": "cnncalc.spec.load",
    "to_sympy": "cnncalc.formulas",
    "to_yaml": "cnncalc.spec.write",
}
__all__ = ["Analysis", "Network", "ShapeError", "SpecError", "analyse", "from_torch", "load", "to_sympy", "to_yaml"]


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cnncalc' has no attribute '{name}'")
    try:
        return getattr(import_module(_HOMES[name]), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ModuleNotFoundError(f"cnncalc.{name} needs PyTorch: pip install 'cnncalc[torch]'", name="torch") from None


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
