"""What the lines of a spec stand for, read but not yet evaluated."""

import re
from collections.abc import Mapping
from typing import Any

from cnncalc.exact.records import fresh, mutable
from cnncalc.layers import Layer
from cnncalc.spec.errors import Place
from cnncalc.spec.tree import Leaf, Tree, plain

JOINS = ("add", "multiply", "concat")
WORDS = ("repeat", "when", "from", "layers")


@mutable
class LayerItem:
    """One layer: its kind, its settings as written, and where it reads from."""

    cls: type[Layer]
    settings: dict[str, Tree]
    place: Place
    name: str | None = None
    sources: tuple[Leaf, ...] = ()
    extra: tuple[Leaf, ...] = ()
    crop: str | None = None
    frozen: bool = False
    shares: Leaf | None = None
    rank: int | None = None
    word: str = ""
    then: "LayerItem | None" = None
    made: Layer | None = None  # the finished layer, once it is known to be the same every time
    uses: tuple[str, ...] = ()  # the words in its settings: names whose values decide what is made

    def words(self) -> tuple[str, ...]:
        """`uses`, found when first asked for."""
        if not self.uses:
            text = " ".join(str(plain(tree)) for tree in self.settings.values())
            self.uses = (*dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text)), "")
        return self.uses


@mutable
class BlockItem:
    """A call of a block."""

    block: str
    args: list[Leaf]
    keys: dict[str, Leaf]
    place: Place
    name: str | None = None
    sources: tuple[Leaf, ...] = ()


@mutable
class JoinItem:
    """Branches side by side, joined."""

    cls: type[Layer]
    branches: list[list["Item"]]
    place: Place
    name: str | None = None


@mutable
class RepeatItem:
    times: Leaf
    items: list["Item"]
    place: Place


@mutable
class WhenItem:
    condition: Leaf
    items: list["Item"]
    place: Place


@mutable
class FromItem:
    """A new starting point, with layers of its own or for what follows; or a named group of layers."""

    source: Leaf | None
    items: list["Item"]
    place: Place
    name: str | None = None


@mutable
class BrokenItem:
    """A line that could not be read: its fault is told, and nothing after it is judged."""

    place: Place
    name: str | None = None


Item = BrokenItem | LayerItem | BlockItem | JoinItem | RepeatItem | WhenItem | FromItem


@mutable
class Block:
    """A named piece: parameters with defaults, and its items."""

    name: str
    parameters: dict[str, Leaf | None]
    place: Place
    items: list[Item] = fresh(default_factory=list)
    usual: Mapping[str, Any] = fresh(default_factory=dict)  # the symbols of the file it is shared from
