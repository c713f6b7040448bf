"""Questions asked backwards: which sizes, widths or windows give a wanted result - all of them."""

from cnncalc.solve.equality import Comparison, compare
from cnncalc.solve.question import QuestionError, leftovers, quantity
from cnncalc.solve.unknown import Answer, solve
from cnncalc.solve.windows import PairBounds, WindowBounds, WindowChoice, window_pairs, windows

__all__ = [
    "Answer",
    "Comparison",
    "PairBounds",
    "QuestionError",
    "WindowBounds",
    "WindowChoice",
    "compare",
    "leftovers",
    "quantity",
    "solve",
    "window_pairs",
    "windows",
]
