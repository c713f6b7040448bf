"""A small picture of a window on one padded axis, for exercises whose sizes are small enough to draw."""

from collections.abc import Mapping
from typing import Any

from cnncalc.exact.windows import sliding

CELL, GAP, MARGIN = 20, 6, 8
INK, PALE, EMPTY, TAP = "#333333", "#dbe7f5", "#f2f2f2", "#e8a33d"


def window_strip(v: Mapping[str, Any]) -> str:
    """SVG: the input's cells with its padding, and under them the first windows, tap by tap.

    The places of the windows, not their number, are shown: counting them is the exercise.
    """
    n, p = v["n"], v.get("p", 0)
    window = sliding(v["k"], v["s"], p, v.get("d", 1))
    cells = [_cell(i + p, 0, PALE if 0 <= i < n else EMPTY) for i in range(-p, n + p)]
    for row in range(2):
        cells += [_cell(tap + p, 1 + row, TAP) for tap in window.taps(row) if tap < n + p]
    width, height = 2 * MARGIN + (n + 2 * p) * CELL, 2 * MARGIN + 3 * CELL + 2 * GAP
    title = f"<title>{n} + 2·{p}, k = {v['k']}, s = {v['s']}, d = {v.get('d', 1)}</title>"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img">'
    return "".join([head, title, *cells, "</svg>"])


def _cell(column: int, row: int, fill: str) -> str:
    x, y = MARGIN + column * CELL, MARGIN + row * (CELL + GAP)
    return f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}" stroke="{INK}" stroke-width="1"/>'
