"""From values to meaning: every line of a spec read into what it stands for, not yet evaluated.

Reading happens once a spec and finds every word that is wrong, also in blocks that are never called;
`cnncalc.spec.build` then evaluates the items for given symbols, as often as blocks repeat.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.exact.expressions import NAME
from cnncalc.exact.records import changed
from cnncalc.layers import FAMILY_OF, Layer, kind
from cnncalc.layers.fields import Flag
from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, nearest
from cnncalc.spec.items import (
    JOINS,
    WORDS,
    Block,
    BlockItem,
    BrokenItem,
    FromItem,
    Item,
    JoinItem,
    LayerItem,
    RepeatItem,
    WhenItem,
)
from cnncalc.spec.settings import flag, flags, read_setting
from cnncalc.spec.tree import Entries, Items, Leaf, Tree, plain
from cnncalc.spec.vocabulary import RENAMED, Meaning, class_names, meaning

LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
MAX_LABEL = 120
MAX_LINE = 2000
_KEY = re.compile(r"([A-Za-z_]\w*)=(?!=)(.*)", re.S)


def signature(text: str, place: Place) -> Block:
    """Read "bottleneck(mid, stride=1)". Raises Fault."""
    found = re.fullmatch(r"\s*([A-Za-z_]\w*)\s*(?:\((.*)\))?\s*", text, re.S)
    if not found or len(text) > 500:
        raise Fault(f"'{text[:60]}' is not a block signature", place, "write it like bottleneck(mid, stride=1)")
    name = found[1]
    if name in FAMILY_OF or name in WORDS or name in ("input", "channels", "height", "width"):
        raise Fault(f"a block cannot be called '{name}': that word is taken", place)
    parameters: dict[str, Leaf | None] = {}
    for part in _apart(found[2]) if (found[2] or "").strip() else ():
        word, equals, default = part.partition("=")
        word = word.strip()
        if not NAME.fullmatch(word) or word in parameters:
            raise Fault(f"'{part.strip()[:60]}' is not a parameter of {name}", place, "write name or name=default")
        parameters[word] = Leaf(default.strip(), place) if equals else None
    return Block(name, parameters, place)


def _apart(text: str) -> Iterator[str]:
    """The parameters of a signature: what stands between commas, those in brackets left alone."""
    part, depth = "", 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth <= 0:
            yield part
            part = ""
        else:
            part += character
    yield part


class ItemReader:
    """Reads lists of layers; collects faults instead of stopping at the first."""

    def __init__(self, blocks: Mapping[str, Block], faults: list[Fault]) -> None:
        self.blocks, self.faults = blocks, faults

    def items(self, tree: Tree) -> list[Item]:
        """A list of layers, or a single one."""
        trees = tree.items if isinstance(tree, Items) else [tree]
        if isinstance(tree, Leaf) and tree.value is None:
            trees = []
        return [self._guarded(one) for one in trees]

    def _guarded(self, tree: Tree) -> Item:
        if len(self.faults) >= MAX_FAULTS:
            return BrokenItem(tree.place)
        try:
            return self._item(tree)
        except Fault as fault:
            self.faults.append(fault)
            return BrokenItem(tree.place, _intended_name(tree))

    def _item(self, tree: Tree) -> Item:
        if isinstance(tree, Leaf):
            if not isinstance(tree.value, str):
                raise Fault(f"a layer is text such as 'conv 6 5x5' or a mapping, not {tree.value!r}", tree.place)
            return self._short(tree)
        if isinstance(tree, Items):
            raise Fault("a list stands where a layer should; branches belong under add, concat or multiply", tree.place)
        return self._long(tree)

    # --- the short form -----------------------------------------------------------------------

    def _short(self, leaf: Leaf) -> Item:
        tokens = _tokens(leaf)
        if not tokens:
            raise Fault("a layer is missing", leaf.place)
        return self.call(tokens, leaf.place)

    def call(self, tokens: list[Leaf], place: Place) -> Item:
        """A layer or block call from its words."""
        word, rest = tokens[0], tokens[1:]
        name, rest = _named(rest)
        if word.value in self.blocks:
            return self._block_call(word, rest, name, place)
        cls, sense = self._kind(word.value, word.place)
        return self._from_tokens(cls, sense, word, rest, name, place)

    def _kind(self, word: str, place: Place) -> tuple[type[Layer], Meaning]:
        if word in FAMILY_OF:
            return kind(word), Meaning(word)
        sense = meaning(word)
        if sense is None:
            known = (*FAMILY_OF, *self.blocks, *class_names(), *WORDS)
            raise Fault(f"unknown layer kind '{word[:60]}'", place, nearest(word[:60], known))
        return kind(sense.kind), sense

    def _block_call(self, word: Leaf, rest: list[Leaf], name: str | None, place: Place) -> BlockItem:
        call = BlockItem(word.value, [], {}, place, name)
        for token in rest:
            found = _KEY.fullmatch(token.value)
            if not found:
                call.args.append(token)
            elif found[1] == "from":
                call.sources = _references(Leaf(found[2], token.place))
            else:
                call.keys[found[1]] = Leaf(found[2], token.place)
        self._check_call(call)
        return call

    def _check_call(self, call: BlockItem) -> None:
        block = self.blocks[call.block]
        names = list(block.parameters)
        if len(call.sources) > 1:
            raise Fault(f"{block.name} reads one input, not {len(call.sources)}", call.sources[1].place)
        if len(call.args) > len(names):
            takes = f"takes {_values(len(names))}" + (f" ({', '.join(names)})" if names else "")
            raise Fault(f"{block.name} {takes}, not {len(call.args)}", call.place)
        given = dict(zip(names, call.args, strict=False))
        for key, value in call.keys.items():
            if key not in block.parameters:
                raise Fault(f"{block.name} has no parameter '{key[:60]}'", value.place, nearest(key, names))
            if key in given:
                raise Fault(f"{block.name} is given {key} twice", value.place)
        missing = [n for n, default in block.parameters.items() if default is None and n not in given | call.keys]
        if missing:
            raise Fault(f"{block.name} needs {', '.join(missing)}", call.place)

    def _from_tokens(
        self, cls: type[Layer], sense: Meaning, word: Leaf, rest: list[Leaf], name: str | None, place: Place
    ) -> LayerItem:
        settings: dict[str, Tree] = {}
        positional: list[Leaf] = []
        for token in rest:
            found = _KEY.fullmatch(token.value)
            if found:
                at = Place(token.place.line, token.place.column, len(found[1]), token.place.path)
                key, value = self._key(cls, sense, found[1], at), Leaf(found[2], token.place)
            elif said := flag(cls, token.value):
                key, value = said[0], Leaf(said[1], token.place)
            else:
                positional.append(token)
                continue
            if key in settings:
                raise Fault(f"{key} is given twice", token.place)
            settings[key] = value
        order = sense.order or cls.positional
        if len(positional) > len(order):
            extra = positional[len(order)]
            takes = f"takes {_values(len(order))} by position" + (f" ({', '.join(order)})" if order else "")
            raise Fault(f"{word.value} {takes}; '{extra.value[:40]}' is one too many", extra.place,
                        nearest(extra.value, flags(cls)) or "write key=value for the rest")  # fmt: skip
        for key, token in zip(order, positional, strict=False):
            if key in settings:
                raise Fault(f"{key} is given twice", token.place)
            settings[key] = token
        return self._layer(cls, sense, word.value, settings, name, place)

    # --- the long form ------------------------------------------------------------------------

    def _long(self, tree: Entries) -> Item:
        keys = tree.entries.keys()
        words = [key for key in keys if key not in ("name", "as", "from") or len(keys) == 1]
        name = self._name(tree)
        if "when" in keys:
            self._only(tree, ("when", "layers"))
            return WhenItem(self._leaf(tree, "when"), self._body(tree), tree.place)
        if words == ["repeat"]:
            repeat = self._repeat(tree)
            around = self._leaf(tree, "from") if "from" in keys else None
            return repeat if around is None and name is None else FromItem(around, [repeat], tree.place, name)
        if "layers" in keys or words == ["from"]:
            self._only(tree, ("from", "layers", "name", "as"))
            source = self._leaf(tree, "from") if "from" in keys else None
            if source is None and name is None:
                raise Fault("layers without when, from or a name have no effect of their own", tree.key("layers"))
            return FromItem(source, self._body(tree) if "layers" in keys else [], tree.place, name)
        if len(words) != 1:
            raise Fault(
                f"a layer has one kind, but here stand {', '.join(repr(word[:40]) for word in words) or 'none'}",
                tree.key(words[1]) if len(words) > 1 else tree.place,
                "settings belong inside: conv: {out_channels: 6, kernel_size: 5}",
            )
        return self._one(tree, words[0], name)

    def _one(self, tree: Entries, word: str, name: str | None) -> Item:
        value, place = tree.entries[word], tree.key(word)
        head = Leaf(word, place)
        around = {"from": tree.entries["from"]} if "from" in tree.entries else {}
        if word in JOINS and isinstance(value, Items):
            joined = self._branches(kind(word), value, name, place)
            return FromItem(self._leaf(tree, "from"), [joined], place) if around else joined
        if word in self.blocks:
            return self._block_mapping(head, value, name, around)
        cls, sense = self._kind(word, place)
        if isinstance(value, Leaf):
            inner, tokens = _named(_tokens(value))
            item = self._from_tokens(cls, sense, head, tokens, name or inner, place)
            return changed(item, sources=_references(around["from"])) if around else item
        if isinstance(value, Items):
            order = sense.order or cls.positional
            if not order:
                raise Fault(f"{word} has no setting that is a list", value.place)
            settings: dict[str, Tree] = {order[0]: value}
            return self._layer(cls, sense, word, settings | around, name, place)
        settings = {}
        for key, entry in value.entries.items():
            if key in ("name", "as"):
                name = self._name(value)
                continue
            known = self._key(cls, sense, key, value.key(key))
            if known in settings:
                raise Fault(f"{known} is given twice", value.key(key))
            settings[known] = entry
        return self._layer(cls, sense, word, settings | around, name, place)

    def _branches(self, cls: type[Layer], value: Items, name: str | None, place: Place) -> JoinItem:
        if not value.items:
            raise Fault(f"{cls.kind} needs at least one branch; [] is the identity", place)
        return JoinItem(cls, [self.items(branch) for branch in value.items], place, name)

    def _block_mapping(self, word: Leaf, value: Tree, name: str | None, around: dict[str, Tree]) -> BlockItem:
        call = BlockItem(word.value, [], {}, word.place, name)
        if isinstance(value, Entries):
            for key, entry in value.entries.items():
                if key in ("name", "as"):
                    call.name = self._name(value)
                elif key == "from":
                    call.sources = _references(entry)
                elif isinstance(entry, Leaf):
                    call.keys[key] = entry
                else:
                    raise Fault(f"{key} must be a number or an expression", value.key(key))
        elif isinstance(value, Items):
            call.args = [entry for entry in value.items if isinstance(entry, Leaf)]
            if len(call.args) != len(value.items):
                raise Fault(f"the values of {word.value} must be numbers or expressions", value.place)
        elif value.value is not None:
            inner, tokens = _named(_tokens(value))
            call = self._block_call(word, tokens, name or inner, word.place)
        if around:
            call.sources = _references(around["from"])
        self._check_call(call)
        return call

    def _repeat(self, tree: Entries) -> RepeatItem:
        body = tree.entries["repeat"]
        if not isinstance(body, Entries):
            raise Fault("repeat needs times and layers", tree.key("repeat"), "repeat: {times: 3, layers: [...]}")
        self._only(body, ("times", "layers"))
        for needed in ("times", "layers"):
            if needed not in body.entries:
                raise Fault(f"repeat needs {needed}", tree.key("repeat"), "repeat: {times: 3, layers: [...]}")
        return RepeatItem(self._leaf(body, "times"), self._body(body), tree.place)

    def _body(self, tree: Entries) -> list[Item]:
        if "layers" not in tree.entries:
            raise Fault("layers are missing here", tree.place, "when: CONDITION needs layers: [...]")
        return self.items(tree.entries["layers"])

    def _leaf(self, tree: Entries, key: str) -> Leaf:
        value = tree.entries[key]
        if not isinstance(value, Leaf) or value.value is None:
            raise Fault(f"{key} needs one value", tree.key(key))
        return value

    def _only(self, tree: Entries, allowed: tuple[str, ...]) -> None:
        for key in tree.entries:
            if key not in allowed:
                raise Fault(f"unknown key '{key[:60]}' beside {allowed[0]}", tree.key(key), nearest(key, allowed))

    def _name(self, tree: Entries) -> str | None:
        for key in ("name", "as"):
            if key in tree.entries:
                leaf = tree.entries[key]
                if not isinstance(leaf, Leaf) or not isinstance(leaf.value, str):
                    raise Fault("a name is text", tree.key(key))
                return label(leaf.value, leaf.place)
        return None

    # --- both forms ---------------------------------------------------------------------------

    def _key(self, cls: type[Layer], sense: Meaning, key: str, place: Place) -> str:
        key = sense.renamed.get(key, key)
        key = RENAMED.get(key, key) if key not in cls.fields else key
        common = ("from", "frozen", "shares", "activation", *(("with", "crop") if cls.arity[1] != 1 else ()))
        if key in cls.fields or key in common or (key == "depth_multiplier" and "groups" in sense.fixed):
            return key
        known = [*cls.fields, "from", "name", *common, *(old for old, new in RENAMED.items() if new in cls.fields)]
        raise Fault(f"unknown key '{key[:60]}'", place, nearest(key[:60], known) or f"{cls.kind} has {_listed(cls)}")

    def _layer(
        self, cls: type[Layer], sense: Meaning, word: str, settings: dict[str, Tree], name: str | None, place: Place
    ) -> LayerItem:
        item = LayerItem(cls, {}, place, name, rank=sense.rank, word=word)
        factor = settings.pop("depth_multiplier", Leaf(1, place))
        for key, fixed in sense.fixed.items():
            text = fixed.replace("depth_multiplier", f"({plain(factor)})") if isinstance(fixed, str) else fixed
            item.settings[key] = Leaf(text, place)
        for key, value in settings.items():
            self._set(item, key, value)
        keras = sense.keras or any(old in RENAMED for old in settings)
        padding = item.settings.get("padding")
        if keras and isinstance(padding, Leaf) and padding.value == "same":
            item.settings["padding"] = Leaf("tf_same", padding.place)
        missing = [n for n in cls.fields if n not in cls.defaults and n not in item.settings]
        if missing:
            order = ", ".join(sense.order or cls.positional)
            raise Fault(f"{word} needs {', '.join(missing)}", place, f"by position: {order}" if order else "")
        return item

    def _set(self, item: LayerItem, key: str, value: Tree) -> None:
        if key == "from":
            item.sources = _references(value)
        elif key == "with":
            item.extra = _references(value)
        elif key == "crop" and key not in item.cls.fields:
            if plain(value) not in ("center", "none", None):
                raise Fault("crop must be center or none", value.place)
            item.crop = plain(value)
        elif key == "shares":
            (item.shares,) = _references(value)[:1]
        elif key == "frozen":
            item.frozen = bool(read_setting(Flag(), value, "frozen"))
        elif key == "activation":
            if not isinstance(value, Leaf) or not isinstance(value.value, str | None):
                raise Fault("activation must be the name of an activation", value.place)
            if value.value not in (None, "linear"):
                cls, _ = self._kind(value.value, value.place)
                item.then = LayerItem(cls, {}, value.place, word=cls.kind)
        else:
            item.settings[key] = value


def label(text: str, place: Place) -> str:
    """A layer's name: letters, digits and underscores, dots between the levels. Raises Fault."""
    if not LABEL.fullmatch(text) or len(text) > MAX_LABEL:
        raise Fault(f"'{text[:60]}' cannot be a name: letters, digits and _ only, a letter first", place)
    return text


def _tokens(leaf: Leaf) -> list[Leaf]:
    """The words of a layer's line. Raises Fault for a line without end."""
    text = "" if leaf.value is None else str(leaf.value)
    if len(text) > MAX_LINE:
        raise Fault(f"a layer's line has at most {MAX_LINE:,} characters, not {len(text):,}", leaf.place)
    return [Leaf(m[0], leaf.part(m.start(), len(m[0]))) for m in re.finditer(r"\S+", text)]


def _intended_name(tree: Tree) -> str | None:
    """What a line that could not be read was to be called, so that reading from it is no second fault."""
    if isinstance(tree, Leaf):
        found = re.search(r"\bas\s+(\w+)\s*$", str(tree.value))
        return found[1] if found else None
    inside = [tree, *(tree.entries.values() if isinstance(tree, Entries) else ())]
    names = [one.entries["name"] for one in inside if isinstance(one, Entries) and "name" in one.entries]
    return str(names[0].value) if names and isinstance(names[0], Leaf) else None


def _named(tokens: list[Leaf]) -> tuple[str | None, list[Leaf]]:
    """Take "as NAME" off the end."""
    for i, token in enumerate(tokens):
        if token.value == "as":
            if i != len(tokens) - 2:
                raise Fault("'as NAME' must stand at the end of a layer", token.place)
            return label(tokens[-1].value, tokens[-1].place), tokens[:i]
    return None, tokens


def _references(tree: Tree) -> tuple[Leaf, ...]:
    """The names in ``from: a``, ``from: [a, b]``, ``from=a,b``."""
    if isinstance(tree, Items):
        parts: Iterable[Tree] = tree.items
    elif isinstance(tree, Leaf) and isinstance(tree.value, str):
        text = tree.value
        text = text[1:-1] if text.startswith("[") and text.endswith("]") else text
        parts = [Leaf(part.strip(), tree.place) for part in text.split(",")]
    else:
        raise Fault("a layer's name is missing here", tree.place)
    found = []
    for part in parts:
        if not isinstance(part, Leaf) or not isinstance(part.value, str) or not part.value:
            raise Fault("a layer's name is missing here", part.place)
        found.append(part)
    return tuple(found)


def _listed(cls: type[Layer]) -> str:
    return ", ".join(cls.fields) or "no settings"


def _values(count: int) -> str:
    return {0: "no values", 1: "one value"}.get(count, f"{count} values")
