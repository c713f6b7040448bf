"""Pages: a long picture is cut into columns where a single straight edge passes."""

from itertools import pairwise

from cnncalc.draw.layered.parts import LEAST, Route
from cnncalc.draw.layered.rows import ROOM, Rows

TALL = 1100.0  # a longer picture is cut
NARROW, HANDY = 0.5, 1.5  # height to width of a page that is easy to show
MOST_COLUMNS = 12
UNEVEN = 1.6  # the longest column to the average one
CHANNEL = 44.0  # between columns, with an edge going back up


class Pages(Rows):
    """Rows in columns: each row is moved by its shift."""

    pieces: list[tuple[int, int]]
    shifts: list[tuple[float, float]]

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
        below = y + self.tops[source.row] + self.lengths[source.row] + dy0 + LEAST
        above = y + self.tops[target.row] + dy1 - ROOM - 5
        points = [(x0, start), (x0, below), (channel, below), (channel, above), (x1, above), (x1, end)]
        return Route(points, target.name if target.shape in ("box", "join") else "", link.skip)

    def _end(self, first: int) -> int:
        return next(last for start, last in self.pieces if start == first)
