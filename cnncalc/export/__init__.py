"""A network as source code that a person would have written: one target a file.

Nothing here imports the library it writes for; a test runs what it writes.
"""

from collections.abc import Callable
from importlib import import_module

from cnncalc.analysis import Analysis
from cnncalc.export.program import Program, Unfoldable, Unsupported, flat

TARGETS = {"pytorch": "PyTorch, one class a block", "keras": "Keras 3, functional, channels last"}

__all__ = ["TARGETS", "Unsupported", "export"]


def export(analysis: Analysis, target: str) -> str:
    """The source of a network for ``target``, one of `TARGETS`.

    Blocks of the spec become classes or functions, repeats loops, and symbols that stand for widths
    and counts arguments with their usual values. A network without a spec is written layer by layer.
    Raises Unsupported, naming the layer, for what the target cannot express.

    >>> from cnncalc import analyse, load
    >>> print(export(analyse(load("3x9x9 -> conv 4 3x3 -> relu")), "pytorch").split("class ")[1].rstrip())
    Network(nn.Sequential):
        def __init__(self) -> None:
            super().__init__()
            self.conv_1 = nn.Conv2d(3, 4, 3)  # 4×7×7
            self.relu_1 = nn.ReLU()
    """
    room = import_module(f"cnncalc.export.{target}")
    source: Callable[[Program], str] = room.source
    try:
        return source(folded(analysis, room.sign))
    except Unfoldable:
        return source(flat(analysis))


def folded(analysis: Analysis, sign: Callable[..., object]) -> Program:
    """The program of a network with its spec's structure. Raises Unfoldable."""
    from cnncalc.export.folding import fold
    from cnncalc.spec.spec import Spec

    template = analysis.network.template
    if not isinstance(template, Spec):
        raise Unfoldable
    return fold(template, analysis, sign)
