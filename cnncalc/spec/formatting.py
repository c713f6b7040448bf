"""The usual form of a spec file: what stands in it stays, comments too; order, indents and spaces are put right.

The top-level keys come in one order, lists are indented by two spaces, words of a layer's line stand one
space apart, lines end where their text ends. The result is read back and compared before it is handed out.
"""

import re
from collections.abc import Iterator
from typing import Any

from cnncalc.spec.document import Document
from cnncalc.spec.errors import Fault, Place, SpecError
from cnncalc.spec.tree import Entries, Tree, plain
from cnncalc.spec.yaml_reader import read

ORDER = tuple(Document.model_fields)
WORDS = ("layers", "blocks")  # where text is words with spaces between
_LAYER = re.compile(r"^(\s*-)\s+([a-z]\w*(?:[ ]+[^\s#:,\[\]{}'\"&*!|>%@`][^\s#:,\[\]{}'\"]*)+)((?:\s+#.*)?)$")


def formatted(text: str, origin: str = "spec") -> str:
    """The text of a spec in the usual form. Raises SpecError for text that is not a YAML mapping."""
    tree = read(text, origin)
    if not isinstance(tree, Entries):
        raise SpecError([Fault("a spec is a mapping with input and layers", Place(path=origin))], origin)
    lines = [line.rstrip() for line in text.removeprefix("\ufeff").splitlines()]
    starts = sorted((tree.key(name).line, name) for name in tree.entries)
    if len({line for line, _ in starts}) < len(starts) or any(lines[line][:1] in " \t{" for line, _ in starts):
        return text  # several keys on a line, or one flow mapping: nothing here is taken apart
    head, parts = _parts(lines, starts)
    ordered = sorted(parts, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    tidied = (line for name in ordered for line in _tidied(parts[name], name in WORDS))
    fresh = "\n".join([*head, *tidied]).rstrip("\n") + "\n"
    return fresh if _said(read(fresh, origin)) == _said(tree) else text


def _said(tree: Tree) -> Any:
    """What a spec says: its values, the spaces between the words of a layer's line aside."""
    values = plain(tree)
    return {name: _words(value) if name in WORDS else value for name, value in values.items()}


def _words(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _words(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_words(part) for part in value]
    return value.split() if isinstance(value, str) else value


def _parts(lines: list[str], starts: list[tuple[int, str]]) -> tuple[list[str], dict[str, list[str]]]:
    """The comment at the top of the file, and each key's lines with the comments right above it."""
    begins = []
    for line, _ in starts:
        while line > 0 and lines[line - 1].startswith("#"):
            line -= 1
        begins.append(line)
    first = begins[0]
    head = lines[:first]
    if first < starts[0][0]:  # a comment that opens the file is about the file
        head, begins[0] = lines[: starts[0][0]], starts[0][0]
    ends = [*begins[1:], len(lines)]
    return [line for line in head if line], {
        name: lines[begin:end] for (_, name), begin, end in zip(starts, begins, ends, strict=True)
    }


def _tidied(lines: list[str], layers: bool) -> Iterator[str]:
    """One key's lines: no blank ones at the end, lists two spaces in, layers' words one space apart."""
    while lines and not lines[-1]:
        lines = lines[:-1]
    text = "\n".join(lines)
    literal = re.search(r":\s*[|>][-+0-9]*\s*(#.*)?$", text, re.M) is not None
    at = next((i for i, line in enumerate(lines) if line and not line.startswith("#")), 0)
    shift = "  " if any(line.startswith("- ") for line in lines[at + 1 :]) else ""
    for i, line in enumerate(lines):
        moved = f"{shift}{line}" if i > at and line else line
        yield _LAYER.sub(_spaced, moved) if layers and not literal else moved


def _spaced(found: re.Match[str]) -> str:
    return f"{found[1]} {' '.join(found[2].split())}{found[3]}"
