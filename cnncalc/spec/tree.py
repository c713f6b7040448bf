"""A spec as read, before it means anything: values that know where they stand."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from cnncalc.exact.records import fresh, mutable
from cnncalc.spec.errors import Fault, Place

MAX_DEPTH = 40
MAX_VALUES = 200_000
MAX_DIGITS = 18


@mutable
class Leaf:
    """A scalar: text, int, float, bool or None. ``offset`` is where its text starts in its line."""

    value: Any
    place: Place
    offset: int | None = None

    def part(self, start: int, width: int) -> Place:
        """The place of a stretch of the text, where it can be told (plain one-line scalars)."""
        if self.offset is None or self.place.line < 0:
            return self.place
        return Place(self.place.line, self.offset + start, width)


@mutable
class Items:
    """A list."""

    items: list["Tree"]
    place: Place


@mutable
class Entries:
    """A mapping; ``keys`` are the places of its keys."""

    entries: dict[str, "Tree"]
    place: Place
    keys: dict[str, Place] = fresh(default_factory=dict)

    def key(self, name: str) -> Place:
        return self.keys.get(name, self.place)


Tree = Leaf | Items | Entries


def plain(tree: Tree) -> Any:
    """The bare values."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Items):
        return [plain(item) for item in tree.items]
    return {name: plain(value) for name, value in tree.entries.items()}


def grown(data: Any) -> Tree:
    """The tree of a Python mapping, its places told as paths ("layers[2].conv")."""
    return _grown(data, "", 0, count(1))


def _grown(data: Any, path: str, depth: int, values: Iterator[int]) -> Tree:
    place = Place(path=path)
    if depth > MAX_DEPTH:
        raise Fault(f"nested deeper than {MAX_DEPTH} levels", place)
    if next(values) > MAX_VALUES:
        raise Fault(f"the spec holds more than {MAX_VALUES} values", place)
    if isinstance(data, Mapping):
        entries = {}
        for name, value in data.items():
            if not isinstance(name, str):
                raise Fault(f"keys must be text, not {name!r:.40}", place)
            entries[name] = _grown(value, f"{path}.{name}" if path else name, depth + 1, values)
        return Entries(entries, place)
    if isinstance(data, list | tuple):
        return Items([_grown(item, f"{path}[{i}]", depth + 1, values) for i, item in enumerate(data)], place)
    if isinstance(data, bool | int | float | str) or data is None:
        if isinstance(data, int) and not isinstance(data, bool) and abs(data) >= 10**MAX_DIGITS:
            raise Fault(f"a number with more than {MAX_DIGITS} digits", place)
        return Leaf(data, place)
    raise Fault(f"a spec holds text, numbers, lists and mappings, not {type(data).__name__}", place)


def find(tree: Tree, path: tuple[str | int, ...]) -> tuple[Tree, Place]:
    """The value at a path and the place of its key; as deep as the path leads."""
    place = tree.place
    for step in path:
        if isinstance(tree, Entries) and step in tree.entries:
            place, tree = tree.key(str(step)), tree.entries[str(step)]
        elif isinstance(tree, Items) and isinstance(step, int) and step < len(tree.items):
            tree = tree.items[step]
            place = tree.place
        else:
            break
    return tree, place
