"""YAML text to a `Tree`, from the parser's events: no constructors, bounded in every direction.

Scalars follow YAML 1.2's core schema for JSON-like values only: null, true, false, decimal integers
and floats; ``yes``, ``0o17`` and ``12:30`` stay text.
"""

import re
from typing import Any

import yaml

from cnncalc.spec.errors import Fault, Place, SpecError
from cnncalc.spec.tree import MAX_DEPTH, MAX_DIGITS, MAX_VALUES, Entries, Items, Leaf, Tree

MAX_BYTES = 1_000_000
LONG = 50  # characters of text that count as one value more
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)([eE][-+]?[0-9]{1,3})?")
_WORDS = {"null": None, "~": None, "": None, "true": True, "True": True, "false": False, "False": False}


def decoded(data: bytes, origin: str) -> str:
    """A file's bytes as text. Raises SpecError when it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise SpecError([Fault(f"the file is larger than {MAX_BYTES // 1000} kB", Place(path=origin))])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n")
        raise SpecError([Fault(f"line {line + 1} is not UTF-8 text", Place(path=origin))]) from None


def read(text: str, origin: str) -> Tree:
    """Parse one YAML document. Raises SpecError with the place of the first syntax error."""
    try:
        return _Reader(text).document()
    except Fault as fault:
        raise SpecError([fault], origin, text) from None
    except yaml.reader.ReaderError as error:
        line = text.encode()[: error.position].count(b"\n")
        problem = f"line {line + 1} holds a character (U+{error.character:04X}) that YAML does not allow"
        raise SpecError([Fault(problem, Place(path=""))], origin) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Place(mark.line, mark.column) if mark else Place(path=origin)
        problem = getattr(error, "problem", None) or "not YAML text"
        raise SpecError([Fault(f"not valid YAML: {problem}", place)], origin, text) from None
    except UnicodeEncodeError:
        raise SpecError([Fault("not UTF-8 text", Place(path=origin))]) from None


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.loader = _PARSER(text)
        self.anchors: dict[str, tuple[Tree, int, int]] = {}  # with the values and levels below
        self.values = 0
        self.deepest = 0  # level reached since the innermost anchor

    def document(self) -> Tree:
        try:
            root: Tree | None = None
            while self.loader.check_event():
                event = self.loader.get_event()
                if isinstance(event, yaml.DocumentStartEvent):
                    if root is not None:
                        raise Fault("a spec is one YAML document; a second one begins here", _place(event))
                    root = self._value(self.loader.get_event(), 0)
            if root is None:
                raise Fault("the spec is empty: it needs at least an input and layers", Place(path=""))
            return root
        finally:
            self.loader.dispose()

    def _value(self, event: Any, depth: int) -> Tree:
        place = _place(event)
        self._descend(depth, place)
        before = self.values
        self._count(1, place)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, place, depth)
        if getattr(event, "tag", None) not in (None, "!"):
            raise Fault(f"YAML tags such as {event.tag[:40]} have no meaning in a spec", place)
        outside, self.deepest = self.deepest, depth
        if isinstance(event, yaml.ScalarEvent):
            tree: Tree = self._scalar(event, place)
        elif isinstance(event, yaml.SequenceStartEvent):
            tree = self._sequence(place, depth)
        else:
            tree = self._mapping(place, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = tree, self.values - before, self.deepest - depth
        self.deepest = max(self.deepest, outside)
        return tree

    def _descend(self, depth: int, place: Place) -> None:
        if depth > MAX_DEPTH:
            raise Fault(f"nested deeper than {MAX_DEPTH} levels", place)
        self.deepest = max(self.deepest, depth)

    def _count(self, more: int, place: Place) -> None:
        self.values += more
        if self.values > MAX_VALUES:
            raise Fault(f"the spec holds more than {MAX_VALUES} values (aliases counted in full)", place)

    def _alias(self, event: Any, place: Place, depth: int) -> Tree:
        if event.anchor not in self.anchors:
            raise Fault(f"unknown alias *{event.anchor[:60]}", place)
        tree, values, levels = self.anchors[event.anchor]
        self._count(values, place)
        self._descend(depth + levels, place)
        return tree

    def _scalar(self, event: Any, place: Place) -> Leaf:
        self._count(len(event.value) // LONG, place)
        one_line = event.start_mark.line == event.end_mark.line
        if event.style is None or event.style == "":
            return Leaf(_resolved(event.value, place), place, place.column if one_line else None)
        return Leaf(event.value, place, place.column + 1 if one_line and event.style in "'\"" else None)

    def _sequence(self, place: Place, depth: int) -> Items:
        items = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return Items(items, place)

    def _mapping(self, place: Place, depth: int) -> Entries:
        entries: dict[str, Tree] = {}
        keys: dict[str, Place] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise Fault("a key must be plain text", _place(event))
            name = str(event.value)
            if name in entries:
                raise Fault(f"the key '{name[:40]}' stands twice", _place(event))
            keys[name] = _place(event)
            self._count(1, keys[name])
            entries[name] = self._value(self.loader.get_event(), depth + 1)
        return Entries(entries, place, keys)


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    width = end.column - start.column if end.line == start.line else 1
    return Place(start.line, start.column, max(1, width))


def _resolved(text: str, place: Place) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise Fault(f"a number with more than {MAX_DIGITS} digits", place)
        return int(text)
    if _FLOAT.fullmatch(text) and len(text) <= 40:
        return float(text)
    return text
