"""A small layered layout of our own: frame by frame, each a main column with branches beside it.

Every frame is laid out by itself and is then one unit of the frame around it, so frames never overlap. Inside a
frame units stand in rows (longest path from the entry); the path through most boxes is a straight column;
other branches, and edges that pass rows, take the nearest free place beside it (a skyline a row). Edges run
along rows only between them, where no box is, so they cross no box. Linear in boxes plus rows passed by edges.

Layout coordinates: y along the flow, x across it. For pictures from left to right the two are exchanged at the end.
"""

from cnncalc.draw.layered.level import layout
from cnncalc.draw.layered.parts import Layout, Route, Sizes

__all__ = ["Layout", "Route", "Sizes", "layout"]
