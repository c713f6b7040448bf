"""Along the flow: rows, and the gaps between them with room for labels, runs across, and arrow heads."""

from collections.abc import Mapping

from cnncalc.draw.folding import Box, Edge, Frame
from cnncalc.draw.layered.columns import Columns
from cnncalc.draw.layered.parts import LANE, LEAST, PAD, Link, Sizes, Unit

ROOM = 13.0  # for an arrow head


class Rows(Columns):
    """The y of everything: rows from the frame's upper border, and the runs of edges across the gaps."""

    def __init__(
        self, items: list[Box | Frame], edges: list[Edge], where: Mapping[str, tuple[int, ...]],
        path: tuple[int, ...], sizes: Sizes, frame: Frame | None,
    ) -> None:  # fmt: skip
        super().__init__(items, edges, where, path, sizes, frame)
        self._along()

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

    def _ends(self, link: Link) -> tuple[bool, bool]:
        """Whether a link runs across right behind its source, and right before its target."""
        x0, x1 = self._from(link), self._to(link)
        if link.lane is None:
            return (False, abs(x1 - x0) > 0.1)
        return abs(link.lane - x0) > 0.1, abs(link.lane - x1) > 0.1 and not link.side

    def _from(self, link: Link) -> float:
        source = self.units[link.source]
        return source.x + source.exits.get(link.reference, 0.0)

    def _to(self, link: Link) -> float:
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

    def _top(self, unit: Unit) -> float:
        """Boxes stand in the middle of their row; ports at its beginning."""
        return self.tops[unit.row] + (self.lengths[unit.row] - unit.length) / 2
