"""A picture laid out level by level, and every level put into its place."""

from cnncalc.draw.canvas import Point
from cnncalc.draw.folding import Box, Frame, Picture
from cnncalc.draw.layered.pages import Pages
from cnncalc.draw.layered.parts import Layout, Route, Sizes, Unit


def layout(picture: Picture, sizes: Sizes, columns: int | None = None) -> Layout:
    """Lay a picture out, a long one in several ``columns`` (None: as many as make a handy page).

    Deterministic: the same picture gives the same numbers.
    """
    where: dict[str, tuple[int, ...]] = {}
    _places(picture.items, (), where)
    root = Level(picture.items, picture.edges, where, (), sizes, None)
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


class Level(Pages):
    """The inside of one frame, laid out; put into a layout when its place is known."""

    trunks: dict[tuple[int, float], int]

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
        self.trunks = {}
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

    def _at(self, unit: Unit, x: float, y: float) -> Point:
        """Where a unit's axis and beginning are."""
        dx, dy = self.shifts[unit.row] if self.frame is None else (0.0, 0.0)
        return x + unit.x + dx, y + self._top(unit) + dy

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
