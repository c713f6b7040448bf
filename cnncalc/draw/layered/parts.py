"""What a layout is made of: the sizes it starts from, units and links while it is made, and the places it ends with."""

from collections.abc import Mapping
from typing import Any

from cnncalc.draw.canvas import Point
from cnncalc.draw.folding import Edge, Frame
from cnncalc.exact.records import fresh, mutable, record

LANE = 9.0  # between parallel edges
LEAST = 26.0  # between two rows
PAD = 14.0  # inside a frame


@record
class Sizes:
    """What the layout must know of the drawing: extents along the flow and across it, in pixels.

    ``boxes`` (along, across) of each box; ``labels`` (along, across) of an edge's label; ``head`` of a frame:
    (along the flow before its first row, across before its first column), ``title`` its least length
    left of the entry, or along the flow where that runs from left to right.
    """

    boxes: Mapping[str, tuple[float, float]]
    labels: Mapping[str, tuple[float, float]]
    head: tuple[float, float]
    title: Mapping[int, tuple[float, float]]
    sideways: bool = False


@mutable
class Route:
    """A piece of an edge, from box or frame border to box or frame border."""

    points: list[Point]
    target: str = ""  # the box an arrow head points at; empty at a border
    skip: bool = False
    curved: bool = False


@mutable
class Layout:
    """Where everything lies."""

    boxes: dict[str, tuple[float, float, float, float]] = fresh(default_factory=dict)
    frames: list[tuple[Frame, float, float, float, float]] = fresh(default_factory=list)
    routes: list[Route] = fresh(default_factory=list)
    labels: list[tuple[str, str, float, float]] = fresh(default_factory=list)  # reference, text, x, y of its corner
    dots: list[Point] = fresh(default_factory=list)
    skips: set[Edge] = fresh(default_factory=set)


@mutable
class Unit:
    """A box, a laid out frame, or a port where a tensor crosses a frame's border; x = 0 is its axis."""

    name: str
    left: float = LANE / 2
    right: float = LANE / 2
    length: float = 0.0
    weight: int = 0
    shape: str = "port"
    entries: dict[str, float] = fresh(default_factory=dict)  # x of frames' ports, by reference
    exits: dict[str, float] = fresh(default_factory=dict)
    inner: Any = None  # the level of a frame
    row: int = 0
    column: int = -1
    x: float = 0.0


@mutable
class Link:
    """An edge within one frame; several edges of the picture may share it."""

    source: int
    target: int
    reference: str
    label: str
    edges: list[Edge] = fresh(default_factory=list)
    lane: float | None = None  # x of its run along the flow
    owner: int = -1  # the column it runs in: that of its source or target, or -1
    skip: bool = False
    side: bool = False  # enters a join from the side
