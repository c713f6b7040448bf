"""A small layered layout of our own: frame by frame, each a main column with branches beside it.

Every frame is laid out by itself and is then one unit of the frame around it, so frames never overlap. Inside a
frame units stand in rows (longest path from the entry); the path through most boxes is a straight column;
other branches, and edges that pass rows, take the nearest free place beside it (a skyline a row). Edges run
along rows only between them, where no box is, so they cross no box. Linear in boxes plus rows passed by edges.

Layout coordinates: y along the flow, x across it. For pictures from left to right the two are exchanged at the end.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from cnncalc.draw.canvas import Point
from cnncalc.draw.folding import Box, Edge, Frame, Picture
from cnncalc.exact.records import fresh, mutable, record

LANE = 9.0  # between parallel edges
BESIDE = 22.0  # between neighbouring columns
ROOM = 13.0  # for an arrow head
LEAST = 26.0  # between two rows
TALL = 1100.0  # a longer picture is cut into columns
NARROW, HANDY = 0.5, 1.5  # height to width of a page that is easy to show
MOST_COLUMNS = 12
UNEVEN = 1.6  # the longest column to the average one
CHANNEL = 44.0  # between columns, with an edge going back up
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
class _Unit:
    """A box, a laid out frame, or a port where a tensor crosses a frame's border; x = 0 is its axis."""

    name: str
    left: float = LANE / 2
    right: float = LANE / 2
    length: float = 0.0
    weight: int = 0
    shape: str = "port"
    entries: dict[str, float] = fresh(default_factory=dict)  # x of frames' ports, by reference
    exits: dict[str, float] = fresh(default_factory=dict)
    inner: "_Level | None" = None
    row: int = 0
    column: int = -1
    x: float = 0.0


@mutable
class _Link:
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


def layout(picture: Picture, sizes: Sizes, columns: int | None = None) -> Layout:
    """Lay a picture out, a long one in several ``columns`` (None: as many as make a handy page).

    Deterministic: the same picture gives the same numbers.
    """
    where: dict[str, tuple[int, ...]] = {}
    _places(picture.items, (), where)
    root = _Level(picture.items, picture.edges, where, (), sizes, None)
    root.wrap(columns)
    found = Layout()
    root.put(found, 0.0, 0.0)
    if sizes.sideways:
        _turn(found)
    return found


def _places(items: list[Box | Frame], path: tuple[int, ...], where: dict[str, tuple[int, ...]]) -> None:
    """For each box the way to it through the frames."""
    for i, item in enumerate(items):
        if isinstance(item, Frame):
            _places(item.items, (*path, i), where)
        else:
            where[item.id] = (*path, i)


def _turn(found: Layout) -> None:
    """Exchange the axes: top to bottom becomes left to right."""
    found.boxes = {name: (y, x, h, w) for name, (x, y, w, h) in found.boxes.items()}
    found.frames = [(frame, y, x, h, w) for frame, x, y, w, h in found.frames]
    for route in found.routes:
        route.points = [(y, x) for x, y in route.points]
    found.labels = [(reference, text, y, x) for reference, text, x, y in found.labels]
    found.dots = [(y, x) for x, y in found.dots]


class _Level:
    """The inside of one frame, laid out around its main column at x = 0, from y = 0 down."""

    def __init__(
        self, items: list[Box | Frame], edges: list[Edge], where: Mapping[str, tuple[int, ...]],
        path: tuple[int, ...], sizes: Sizes, frame: Frame | None,
    ) -> None:  # fmt: skip
        self.sizes, self.frame = sizes, frame
        self.units: list[_Unit] = []
        self.links: list[_Link] = []
        self._collect(items, edges, where, path)
        self._rows()
        self._columns()
        self._across()
        self._along()

    # --- what is there ----------------------------------------------------------------------------

    def _collect(
        self, items: list[Box | Frame], edges: list[Edge], where: Mapping[str, tuple[int, ...]], path: tuple[int, ...]
    ) -> None:
        depth = len(path)
        here: list[tuple[int | None, int | None, Edge]] = []
        inside: list[list[Edge]] = [[] for _ in items]
        for edge in edges:
            a, b = where[edge.source], where[edge.target]
            source = a[depth] if a[:depth] == path else None
            target = b[depth] if b[:depth] == path else None
            if source == target and source is not None:
                inside[source].append(edge)
            else:
                here.append((source, target, edge))
                for end in (source, target):
                    if end is not None and isinstance(items[end], Frame):
                        inside[end].append(edge)
        entries = list(dict.fromkeys(edge.reference for source, _, edge in here if source is None))
        exits = list(dict.fromkeys(edge.reference for _, target, edge in here if target is None))
        self.units = [_Unit(reference) for reference in entries]
        for i, item in enumerate(items):
            self.units.append(self._unit(item, inside[i], where, (*path, i)))
        self.units += [_Unit(reference) for reference in exits]
        self.entries, self.exits = len(entries), len(exits)
        after = self.entries + len(items)
        known: dict[tuple[int, int, str], _Link] = {}
        for source, target, edge in here:
            u = entries.index(edge.reference) if source is None else self.entries + source
            v = after + exits.index(edge.reference) if target is None else self.entries + target
            if (link := known.get((u, v, edge.reference))) is None:
                label = edge.label if source is not None and target is not None else ""
                link = known[u, v, edge.reference] = _Link(u, v, edge.reference, label)
                self.links.append(link)
            link.edges.append(edge)
        self.out: list[list[_Link]] = [[] for _ in self.units]
        self.into: list[list[_Link]] = [[] for _ in self.units]
        for link in self.links:
            self.out[link.source].append(link)
            self.into[link.target].append(link)

    def _unit(
        self, item: Box | Frame, edges: list[Edge], where: Mapping[str, tuple[int, ...]], path: tuple[int, ...]
    ) -> _Unit:
        if isinstance(item, Box):
            along, across = self.sizes.boxes[item.id]
            return _Unit(item.id, across / 2, across / 2, along, 1, item.shape)
        level = _Level(item.items, edges, where, path, self.sizes, item)
        weight = sum(unit.weight for unit in level.units)
        return _Unit(item.id, level.left, level.right, level.length, weight, "frame",
                     {unit.name: unit.x for unit in level.units[: level.entries]},
                     {unit.name: unit.x for unit in level.units[len(level.units) - level.exits :]}, level)  # fmt: skip

    # --- rows and columns -------------------------------------------------------------------------

    def _rows(self) -> None:
        """The row of each unit: the longest way to it."""
        first = 1 if self.frame is not None else 0
        for i, unit in enumerate(self.units):
            before = [self.units[link.source].row + 1 for link in self.into[i] if link.source < i]
            unit.row = max(before, default=0 if i < self.entries else first)
        last = max((unit.row for unit in self.units[: len(self.units) - self.exits]), default=0) + 1
        for unit in self.units[len(self.units) - self.exits :] if self.exits else ():
            unit.row = last
        self.rows = max(unit.row for unit in self.units) + 1

    def _columns(self) -> None:
        """Cut the units into chains: the main one, through the most boxes, and branches beside it."""
        ahead = [0] * len(self.units)  # boxes from here to the end
        for i in range(len(self.units) - 1, -1, -1):
            later = (ahead[link.target] for link in self.out[i] if link.target > i)
            ahead[i] = self.units[i].weight + max(later, default=0)
        self.chains: list[list[int]] = []
        starts = sorted((i for i in range(len(self.units)) if not self.into[i]), key=lambda i: (-ahead[i], i))
        for start in (*starts[:1], *range(len(self.units))):
            if self.units[start].column >= 0:
                continue
            chain = [start]
            while True:
                self.units[chain[-1]].column = len(self.chains)
                following = [link.target for link in self.out[chain[-1]]
                             if link.target > chain[-1] and self.units[link.target].column < 0]  # fmt: skip
                if not following:
                    break
                chain.append(max(following, key=lambda i: (ahead[i], -i)))
            self.chains.append(chain)

    # --- across the flow --------------------------------------------------------------------------

    def _across(self) -> None:
        """Give every column, and every edge that passes rows, its x."""
        leftmost, rightmost = [0.0] * self.rows, [0.0] * self.rows
        for i in self.chains[0] if self.chains else ():
            unit = self.units[i]
            leftmost[unit.row], rightmost[unit.row] = -unit.left, self._right(i)
        self._main_links(leftmost, rightmost)
        wanting: list[tuple[int, int, int, list[int] | _Link]] = []
        for number, chain in enumerate(self.chains[1:], 1):
            low, high = self._span(number, chain)
            self._settle(chain, high)
            wanting.append((low, high, self._side(chain), chain))
        for link in self.links:
            low, high = self.units[link.source].row + 1, self.units[link.target].row - 1
            if link.owner < 0 and (low <= high or self._joins(link)):
                link.side = self._joins(link)
                link.skip = low <= high
                wanting.append((low, high + link.side, 1, link))
        wanting.sort(key=lambda want: (want[1] - want[0], abs(want[2]), want[2] < 0))
        for low, high, side, thing in wanting:
            self._place(low, high, side, thing, leftmost, rightmost)
        for link in self.links:
            if link.owner >= 0:
                end = self.units[link.source if self.units[link.source].column == link.owner else link.target]
                link.lane = end.x + self._port(link, end)
            self._side_entry(link)
        self._extent(leftmost, rightmost)

    def _port(self, link: _Link, end: _Unit) -> float:
        ports = end.exits if end is self.units[link.source] else end.entries
        return ports.get(link.reference, 0.0)

    def _main_links(self, leftmost: list[float], rightmost: list[float]) -> None:
        """Edges along the main column run in it, whatever rows they pass."""
        self._own(self.chains[0] if self.chains else [], 0)
        for link in self.links:
            if link.owner == 0:
                for row in range(self.units[link.source].row + 1, self.units[link.target].row):
                    leftmost[row] = min(leftmost[row], -LANE / 2)
                    rightmost[row] = max(rightmost[row], LANE / 2)

    def _own(self, chain: list[int], column: int) -> None:
        for a, b in pairwise(chain):
            for link in self.out[a]:
                if link.target == b and link.owner < 0:
                    link.owner = column
                    break

    def _span(self, number: int, chain: list[int]) -> tuple[int, int]:
        """The rows a branch takes, with the edges that lead to it and away from it in its column."""
        self._own(chain, number)
        low, high = self.units[chain[0]].row, self.units[chain[-1]].row
        come = [link for link in self.into[chain[0]] if link.owner < 0 and link.source < chain[0]]
        if come:
            nearest = max(come, key=lambda link: self.units[link.source].row)
            nearest.owner = number
            low = self.units[nearest.source].row + 1
        go = [link for link in self.out[chain[-1]] if link.owner < 0 and link.target > chain[-1]]
        if go:
            go[0].owner = number
            high = self.units[go[0].target].row - 1
            ending = self.units[go[0].target]
            high += ending.shape == "join"
            for link in (*come[:1], go[0]):
                link.skip = ending.shape == "join"
            for a in chain[:-1]:
                for link in self.out[a]:
                    link.skip = link.skip or (link.owner == number and ending.shape == "join")
        return min(low, self.units[chain[0]].row), max(high, self.units[chain[-1]].row)

    def _settle(self, chain: list[int], high: int) -> None:
        """Move a branch that has rows to spare to the middle of them."""
        last = chain[-1]
        targets = [self.units[link.target].row for i in chain for link in self.out[i] if link.target not in chain]
        if not self.into[chain[0]] or not targets or any(i < self.entries for i in chain):
            return
        spare = min(high, min(targets) - 1) - self.units[last].row
        if last < len(self.units) - self.exits:
            for i in chain:
                self.units[i].row += max(0, spare) // 2

    def _side(self, chain: list[int]) -> int:
        """Left of the main column (negative) if the join behind it reads the branch before the main one."""
        go = self.out[chain[-1]]
        if not go:
            return 1
        arrivals = [self.units[link.source].column for link in self.into[go[0].target]]
        here = arrivals.index(self.units[chain[-1]].column)
        main = arrivals.index(0) if 0 in arrivals else 0
        return here - main or 1

    def _joins(self, link: _Link) -> bool:
        """Whether an edge that owns no column enters a join from the side."""
        rows = self.units[link.target].row - self.units[link.source].row
        return self.units[link.target].shape == "join" and rows > 1

    def _side_entry(self, link: _Link) -> None:
        """An edge ends in a join from the side where no other box stands between."""
        source, target = self.units[link.source], self.units[link.target]
        link.side = False
        beside = link.lane is not None and abs(link.lane - target.x) > 1
        comes_down = link.owner < 0 or source.column == link.owner
        if target.shape != "join" or link.lane is None or not beside or not comes_down or source.row >= target.row:
            return
        low, high = sorted((link.lane, target.x))
        link.side = not any(
            unit.row == target.row and unit is not target and low < unit.x + unit.right and unit.x - unit.left < high
            for unit in self.units
        )

    def _right(self, i: int) -> float:
        """How far a unit and the label of what it hands on reach to the right of its axis."""
        unit = self.units[i]
        reach = [unit.right]
        labelled = [link for link in self.out[i] if link.label]
        reach += [unit.exits.get(link.reference, 0.0) + self.sizes.labels[link.label][1] for link in labelled]
        return max(reach)

    def _place(
        self, low: int, high: int, side: int, thing: list[int] | _Link, leftmost: list[float], rightmost: list[float]
    ) -> None:
        rows = range(low, high + 1)
        left = dict.fromkeys(rows, LANE / 2)
        right = dict.fromkeys(rows, LANE / 2)
        if isinstance(thing, list):
            for i in thing:
                left[self.units[i].row], right[self.units[i].row] = self.units[i].left, self._right(i)
        gap = BESIDE if isinstance(thing, list) else LANE * 1.2
        if side > 0:
            x = max(rightmost[row] + gap + left[row] for row in rows)
        else:
            x = min(leftmost[row] - gap - right[row] for row in rows)
        for row in rows:
            rightmost[row] = max(rightmost[row], x + right[row])
            leftmost[row] = min(leftmost[row], x - left[row])
        if isinstance(thing, list):
            for i in thing:
                self.units[i].x = x
        else:
            thing.lane = x

    def _extent(self, leftmost: list[float], rightmost: list[float]) -> None:
        low, high = min(leftmost, default=0.0), max(rightmost, default=0.0)
        self.edges_left, self.edges_right = leftmost, rightmost
        if self.frame is None:
            self.left, self.right = -low, high
            return
        before = self.sizes.head[1]
        self.left, self.right = PAD - low + before, PAD + high
        title, badge = self.sizes.title[id(self.frame)]
        if not self.sizes.sideways:
            ports = [unit.x for unit in self.units[: self.entries]] or [0.0]
            self.left = max(self.left, title + PAD - min(ports))
            self.right = max(self.right, badge + PAD + max(ports))

    # --- along the flow ---------------------------------------------------------------------------

    def _along(self) -> None:
        """Give every row its y, and every gap between rows room for labels, runs across and arrow heads."""
        self.out_track: dict[int, float] = {}
        self.in_track: dict[int, float] = {}  # by the number of the link
        lengths, gaps = [0.0] * self.rows, [0.0] * self.rows
        for unit in self.units:
            lengths[unit.row] = max(lengths[unit.row], unit.length)
        leaving: list[list[int]] = [[] for _ in range(self.rows)]
        arriving: dict[int, list[int]] = {}
        for k, link in enumerate(self.links):
            source = self.units[link.source]
            if link.label:
                gaps[source.row] = max(gaps[source.row], self.sizes.labels[link.label][0])
            out, into = self._ends(link)
            if out and link.source not in leaving[source.row]:
                leaving[source.row].append(link.source)
            if into:
                arriving.setdefault(link.target, []).append(k)
        coming: list[list[list[int]]] = [[] for _ in range(self.rows)]
        for target in sorted(arriving):
            coming[self.units[target].row - 1].append(arriving[target])
        if self.frame is not None and self.entries:
            gaps[0] = max(gaps[0], self.sizes.head[0])
        y = 0.0 if self.entries or self.frame is None else self.sizes.head[0] + PAD / 2
        self.tops, self.lengths = [], lengths
        for row in range(self.rows):
            self.tops.append(y)
            if self.frame is not None and row == 0 and not self.entries:
                continue
            end = self._tracked(y + lengths[row] + gaps[row] + 4, leaving[row], coming[row])
            leaves = row + 2 == self.rows and self.exits and not gaps[row]
            y = max(end - 4 + (2.0 if leaves else ROOM), y + lengths[row] + (PAD if leaves else LEAST))
        last = self.rows - 1
        if self.exits:
            self.length = self.tops[last]
        else:
            self.length = self.tops[last] + lengths[last] + (PAD if self.frame is not None else 0.0)
        if self.sizes.sideways and self.frame is not None:
            self.length = max(self.length, sum(self.sizes.title[id(self.frame)]) + 2 * PAD)

    def _tracked(self, at: float, leaving: list[int], coming: list[list[int]]) -> float:
        """Lay the runs across one gap below each other; where they end.

        Arrivals from one side are ordered so that none crosses another: the outer, the later.
        """
        for source in leaving:
            self.out_track[source] = at
            at += LANE
        for links in coming:
            deepest = at
            for sign in (-1, 1):
                far = [(abs(self._start(k) - self._to(self.links[k])), k) for k in links
                       if (self._start(k) - self._to(self.links[k])) * sign > 0]  # fmt: skip
                step = min(LANE, 72.0 / max(1, len(far)))
                for i, (_, k) in enumerate(sorted(far)):
                    self.in_track[k] = at + i * step
                    deepest = max(deepest, at + i * step + LANE)
            at = deepest
        return at

    def _start(self, k: int) -> float:
        link = self.links[k]
        return self._from(link) if link.lane is None else link.lane

    def _ends(self, link: _Link) -> tuple[bool, bool]:
        """Whether a link runs across right behind its source, and right before its target."""
        x0, x1 = self._from(link), self._to(link)
        if link.lane is None:
            return (False, abs(x1 - x0) > 0.1)
        return abs(link.lane - x0) > 0.1, abs(link.lane - x1) > 0.1 and not link.side

    def _from(self, link: _Link) -> float:
        source = self.units[link.source]
        return source.x + source.exits.get(link.reference, 0.0)

    def _to(self, link: _Link) -> float:
        """Where a link arrives: at a frame's port, or spread over a box's side."""
        target = self.units[link.target]
        if target.shape == "frame" or len(self.into[link.target]) == 1:
            return target.x + target.entries.get(link.reference, 0.0)
        if link.owner == target.column and link.lane is not None:
            return target.x
        lanes = sorted(
            (self._from(other) if other.lane is None else other.lane, k)
            for k, other in enumerate(self.into[link.target])
            if not other.side
        )
        own = [self.into[link.target][k] for _, k in lanes]
        if link not in own:
            return target.x
        middle = next((k for k, other in enumerate(own) if other.owner == target.column), (len(own) - 1) / 2)
        reach = min(target.left - 6.0, 12.0 * max(middle, len(own) - 1 - middle))
        step = reach / max(middle, len(own) - 1 - middle, 1)
        return target.x + (own.index(link) - middle) * step

    # --- columns of a long picture ----------------------------------------------------------------

    def wrap(self, columns: int | None) -> None:
        """Cut the rows where a single straight edge passes, and stand the pieces beside each other."""
        self.pieces = [(0, self.rows)]
        cuts = self._cuts()
        if columns is not None:
            self.pieces = self._pieces(cuts, columns)
        elif self.length > TALL:
            pages = [self._pieces(cuts, count) for count in range(1, MOST_COLUMNS + 1)]
            self.pieces = min((page for page in pages if self._even(page)), key=self._awkwardness)
        self.shifts = [(0.0, 0.0)] * self.rows
        across = 0.0
        for i, (first, last) in enumerate(self.pieces):
            left, right = self._breadth(first, last)
            across += left if i else 0.0
            for row in range(first, last):
                self.shifts[row] = (across, -self.tops[first])
            across += right + CHANNEL

    def _even(self, pieces: list[tuple[int, int]]) -> bool:
        """Whether the columns are about equally long; long skips can leave few places to cut."""
        ends = [*self.tops, self.length]
        longest = max(ends[last] - ends[first] for first, last in pieces)
        return len(pieces) * longest <= UNEVEN * self.length

    def _awkwardness(self, pieces: list[tuple[int, int]]) -> tuple[bool, float]:
        """Whether a page is too tall or too wide to show, and its area (or how far it is off)."""
        ends = [*self.tops, self.length]
        along = max(ends[last] - ends[first] for first, last in pieces) + 2 * LEAST
        across = sum(sum(self._breadth(first, last)) + CHANNEL for first, last in pieces)
        wide, tall = (along, across) if self.sizes.sideways else (across, along)
        ratio = tall / wide
        handy = NARROW <= ratio <= HANDY
        return not handy, wide * tall if handy else max(ratio / HANDY, NARROW / ratio)

    def _breadth(self, first: int, last: int) -> tuple[float, float]:
        """How far rows reach to the left and to the right of the main column."""
        return -min(self.edges_left[first:last]), max(self.edges_right[first:last])

    def _cuts(self) -> list[int]:
        """Rows before which a column may begin."""
        passing = [0] * (self.rows + 1)
        straight = [True] * (self.rows + 1)
        for link in self.links:
            source, target = self.units[link.source], self.units[link.target]
            passing[source.row + 1] += 1
            passing[target.row + 1] -= 1
            if any(self._ends(link)) or link.side or self._from(link) != self._to(link):
                straight[source.row + 1] = straight[target.row] = False
            if target.row > source.row + 1:
                straight[source.row + 1] = False
        cuts, open_ = [], 0
        for row in range(1, self.rows):
            open_ += passing[row]
            if open_ == 1 and straight[row]:
                cuts.append(row)
        return cuts

    def _pieces(self, cuts: list[int], columns: int) -> list[tuple[int, int]]:
        """At most so many pieces whose longest is as short as can be."""
        marks = [0, *cuts, self.rows]
        ends = [*self.tops, self.length]

        def divided(limit: float) -> list[tuple[int, int]]:
            pieces, start = [], 0
            for before, mark in pairwise(marks):
                if ends[mark] - ends[start] > limit and before > start:
                    pieces.append((start, before))
                    start = before
            return [*pieces, (start, self.rows)]

        low, high = 0.0, self.length
        for _ in range(24):
            middle = (low + high) / 2
            low, high = (low, middle) if len(divided(middle)) <= columns else (middle, high)
        return divided(high)

    def _turned(self, k: int, x: float, y: float) -> Route | None:
        """The way of an edge from the foot of one column to the head of the next."""
        link = self.links[k]
        source, target = self.units[link.source], self.units[link.target]
        (dx0, dy0), (dx1, dy1) = self.shifts[source.row], self.shifts[target.row]
        if (dx0, dy0) == (dx1, dy1):
            return None
        x0, x1 = x + self._from(link) + dx0, x + self._to(link) + dx1
        start, end = y + self._top(source) + source.length + dy0, y + self._top(target) + dy1
        first = next(first for first, last in self.pieces if first <= target.row < last)
        channel = x + dx1 - self._breadth(first, self._end(first))[0] - CHANNEL / 2
        below, above = start + LEAST, end - ROOM - 5
        points = [(x0, start), (x0, below), (channel, below), (channel, above), (x1, above), (x1, end)]
        return Route(points, target.name if target.shape in ("box", "join") else "", link.skip)

    def _end(self, first: int) -> int:
        return next(last for start, last in self.pieces if start == first)

    # --- putting it down --------------------------------------------------------------------------

    def put(self, found: Layout, x: float, y: float) -> None:
        """Add this level to a layout, its axis at x and its beginning at y."""
        for unit in self.units:
            if unit.inner is not None:
                at, top = self._at(unit, x, y)
                inner = unit.inner
                frame = inner.frame
                assert frame is not None
                found.frames.append((frame, at - unit.left, top, unit.left + unit.right, unit.length))
                inner.put(found, at, top)
            elif unit.shape != "port":
                at, top = self._at(unit, x, y)
                found.boxes[unit.name] = (at - unit.left, top, unit.left + unit.right, unit.length)
        self.trunks: dict[tuple[int, float], int] = {}
        for k, link in sorted(enumerate(self.links), key=lambda one: (one[1].skip, one[0])):
            self.trunks.setdefault((link.source, self._from(link)), k)
        told: set[tuple[int, str]] = set()
        for k, link in enumerate(self.links):
            found.routes.append(self._route(k, x, y))
            if link.skip:
                found.skips.update(link.edges)
            if link.label and (link.source, link.reference) not in told:
                told.add((link.source, link.reference))
                source = self.units[link.source]
                at, top = self._at(source, x, y)
                along = at + self._from(link) - source.x
                found.labels.append((link.reference, link.label, along, top + source.length))
        self._dots(found, x, y)

    def _at(self, unit: _Unit, x: float, y: float) -> Point:
        """Where a unit's axis and beginning are."""
        dx, dy = self.shifts[unit.row] if self.frame is None else (0.0, 0.0)
        return x + unit.x + dx, y + self._top(unit) + dy

    def _top(self, unit: _Unit) -> float:
        """Boxes stand in the middle of their row; ports at its beginning."""
        return self.tops[unit.row] + (self.lengths[unit.row] - unit.length) / 2

    def _route(self, k: int, x: float, y: float) -> Route:
        if self.frame is None and (turned := self._turned(k, x, y)):
            return turned
        link = self.links[k]
        source, target = self.units[link.source], self.units[link.target]
        dx, dy = self.shifts[source.row] if self.frame is None else (0.0, 0.0)
        x, y = x + dx, y + dy
        x0, x1 = self._from(link), self._to(link)
        lane = x0 if link.lane is None else link.lane
        start, end = self._top(source) + source.length, self._top(target)
        out, into = self._ends(link)
        split = self.out_track.get(link.source)
        points = [(x0, start)]
        if split is not None and self._trunk(k) != k:
            points = [(x0, split)]
        if out and split is not None:
            points += [(x0, split), (lane, split)]
        if link.side:
            middle = end + target.length / 2
            points += [(lane, middle), (target.x + (target.right if lane > target.x else -target.left), middle)]
        elif into:
            points += [(lane, self.in_track[k]), (x1, self.in_track[k]), (x1, end)]
        else:
            points += [(x1, end)]
        head = target.name if target.shape in ("box", "join") else ""
        return Route([(x + a, y + b) for a, b in points], head, link.skip)

    def _trunk(self, k: int) -> int:
        """Of the links that leave at one place, the one that draws their common beginning."""
        return self.trunks[self.links[k].source, self._from(self.links[k])]

    def _dots(self, found: Layout, x: float, y: float) -> None:
        """A dot where one tensor goes several ways."""
        for i, split in self.out_track.items():
            dx, dy = self.shifts[self.units[i].row] if self.frame is None else (0.0, 0.0)
            starts = [self._from(link) for link in self.out[i]]
            for start in sorted(set(starts)):
                if starts.count(start) > 1:
                    found.dots.append((x + start + dx, y + split + dy))


def bounds(boxes: Iterable[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """The smallest rectangle around some."""
    known = list(boxes)
    return (min(x for x, _, _, _ in known), min(y for _, y, _, _ in known),
            max(x + w for x, _, w, _ in known), max(y + h for _, y, _, h in known))  # fmt: skip
