"""Settings of a layer: the bare words that stand for one, and reading a value at its place."""

from collections.abc import Callable
from typing import Any

from cnncalc.layers import Layer
from cnncalc.layers.fields import Choice, Flag, Maybe, Reader, Sides
from cnncalc.spec.errors import Fault, nearest
from cnncalc.spec.tree import Tree, plain


def _bare(reader: Reader) -> Reader:
    return reader.reader if isinstance(reader, Maybe) else reader


def flag(cls: type[Layer], word: str) -> tuple[str, Any] | None:
    """A setting given as a bare word: nobias, ceil_mode, same, bilinear."""
    if not word.isidentifier():
        return None
    return flags(cls).get(word)


def flags(cls: type[Layer]) -> dict[str, tuple[str, Any]]:
    words: dict[str, tuple[str, Any]] = {"frozen": ("frozen", True)}
    for name, reader in ((name, _bare(reader)) for name, reader in cls.fields.items()):
        if isinstance(reader, Flag) or (isinstance(reader, Choice) and True in reader.words):
            words[name], words[f"no{name}"] = (name, True), (name, False)
        options = reader.words if isinstance(reader, Choice) else reader.modes if isinstance(reader, Sides) else ()
        for option in options:
            if isinstance(option, str):
                words.setdefault(option, (name, option))
    if "ceil_mode" in words:
        words["ceil"] = ("ceil_mode", True)
    return words


def read_setting(reader: Reader, tree: Tree, name: str, number: Callable[[Any], Any] | None = None) -> Any:
    """A setting through its reader; what is wrong with it becomes a Fault at its place."""
    try:
        return reader.read(plain(tree), number or (lambda raw: raw))
    except Fault:
        raise
    except ValueError as error:
        bare = _bare(reader)
        options = bare.words if isinstance(bare, Choice) else bare.modes if isinstance(bare, Sides) else ()
        raw = plain(tree)
        hint = nearest(raw, map(str, options)) if isinstance(raw, str) and raw.isidentifier() else ""
        raise Fault(f"{name} {error}", tree.place, hint) from None
