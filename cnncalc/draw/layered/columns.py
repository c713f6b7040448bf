"""Across the flow: the main column of a frame, the branches beside it, and lanes for the edges that pass rows."""

from collections.abc import Mapping
from itertools import pairwise

from cnncalc.draw.folding import Box, Edge, Frame
from cnncalc.draw.layered.parts import LANE, PAD, Link, Sizes, Unit

BESIDE = 22.0  # between neighbouring columns


class Columns:
    """The units and links of one frame, each with its row, its column and its x; the main column is at x = 0."""

    sizes: Sizes
    frame: Frame | None  # None: the whole picture
    units: list[Unit]  # ports of entry first, then boxes and frames in order, then ports of exit
    links: list[Link]
    entries: int
    exits: int
    out: list[list[Link]]
    into: list[list[Link]]
    rows: int
    chains: list[list[int]]  # the main one first
    left: float  # extent to the left of the main column
    right: float
    length: float

    def __init__(
        self, items: list[Box | Frame], edges: list[Edge], where: Mapping[str, tuple[int, ...]],
        path: tuple[int, ...], sizes: Sizes, frame: Frame | None,
    ) -> None:  # fmt: skip
        self.sizes, self.frame = sizes, frame
        self.units, self.links = [], []
        self._collect(items, edges, where, path)
        self._rows()
        self._columns()
        self._across()

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
        self.units = [Unit(reference) for reference in entries]
        for i, item in enumerate(items):
            self.units.append(self._unit(item, inside[i], where, (*path, i)))
        self.units += [Unit(reference) for reference in exits]
        self.entries, self.exits = len(entries), len(exits)
        after = self.entries + len(items)
        known: dict[tuple[int, int, str], Link] = {}
        for source, target, edge in here:
            u = entries.index(edge.reference) if source is None else self.entries + source
            v = after + exits.index(edge.reference) if target is None else self.entries + target
            if (link := known.get((u, v, edge.reference))) is None:
                label = edge.label if source is not None and target is not None else ""
                link = known[u, v, edge.reference] = Link(u, v, edge.reference, label)
                self.links.append(link)
            link.edges.append(edge)
        self.out = [[] for _ in self.units]
        self.into = [[] for _ in self.units]
        for link in self.links:
            self.out[link.source].append(link)
            self.into[link.target].append(link)

    def _unit(
        self, item: Box | Frame, edges: list[Edge], where: Mapping[str, tuple[int, ...]], path: tuple[int, ...]
    ) -> Unit:
        if isinstance(item, Box):
            along, across = self.sizes.boxes[item.id]
            return Unit(item.id, across / 2, across / 2, along, 1, item.shape)
        level = type(self)(item.items, edges, where, path, self.sizes, item)
        weight = sum(unit.weight for unit in level.units)
        return Unit(item.id, level.left, level.right, level.length, weight, "frame",
                     {unit.name: unit.x for unit in level.units[: level.entries]},
                     {unit.name: unit.x for unit in level.units[len(level.units) - level.exits :]}, level)  # fmt: skip

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
        self.chains = []
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

    def _across(self) -> None:
        """Give every column, and every edge that passes rows, its x."""
        leftmost, rightmost = [0.0] * self.rows, [0.0] * self.rows
        for i in self.chains[0] if self.chains else ():
            unit = self.units[i]
            leftmost[unit.row], rightmost[unit.row] = -unit.left, self._right(i)
        self._main_links(leftmost, rightmost)
        wanting: list[tuple[int, int, int, list[int] | Link]] = []
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

    def _port(self, link: Link, end: Unit) -> float:
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

    def _joins(self, link: Link) -> bool:
        """Whether an edge that owns no column enters a join from the side."""
        rows = self.units[link.target].row - self.units[link.source].row
        return self.units[link.target].shape == "join" and rows > 1

    def _side_entry(self, link: Link) -> None:
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
        self, low: int, high: int, side: int, thing: list[int] | Link, leftmost: list[float], rightmost: list[float]
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
