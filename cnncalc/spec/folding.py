"""Network -> YAML as a person would write it: branches under their join, repeated pieces as blocks and repeats.

Three steps: layers in a row become a series with branches (`series`), the dots of their names become groups
(`grouped`), and groups that differ in numbers only become calls of one block (`_Blocks`). What comes out is
read back and held against the network; where that fails, every layer is written on its own line instead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cnncalc.exact.records import mutable
from cnncalc.layers.fields import Choice, Flag, Sizes
from cnncalc.network import Network, part_of
from cnncalc.spec.errors import SpecError
from cnncalc.spec.items import WORDS
from cnncalc.spec.reading import MAX_LINE
from cnncalc.spec.structure import Group, Item, Join, Line, counts_by_group, grouped, layers_of, series
from cnncalc.spec.write import document_head, short_value, to_yaml, word

MAX_PARAMETERS = 8  # of a block; more would not be easier to read than the layers themselves
LEAST = 2  # lines that are worth a block
WIDEST = 110


def folded(network: Network) -> str:
    """A spec that loads as this network, its repeated pieces written once.

    Layers may have other names in it where they stand in a repeat; kinds, wiring and order are the same.
    """
    from cnncalc.spec.load import load

    text = _Writer(network).text()
    try:
        return text if alike(network, load(text)) else to_yaml(network)
    except SpecError:
        return to_yaml(network)


def alike(one: Network, other: Network) -> bool:
    """Whether two networks differ in the names of their layers only."""
    if one.inputs != other.inputs or len(one) != len(other):
        return False
    named = {name: name for name in one.inputs}
    for (name, node), (as_name, as_node) in zip(one.nodes.items(), other.nodes.items(), strict=True):
        named[name] = as_name
        same = node.layer == as_node.layer and node.frozen == as_node.frozen
        shares = named.get(node.shares or "") == (as_node.shares or None)
        if not same or not shares or tuple(_renamed(one, named) for one in node.inputs) != as_node.inputs:
            return False
    return tuple(_renamed(one, named) for one in one.outputs) == other.outputs


def _renamed(reference: str, names: Mapping[str, str]) -> str:
    name, part = part_of(reference)
    return names[name] if part is None else f"{names[name]}[{part}]"


# --- sketches: text with holes for the numbers ------------------------------------------------------

HOLE, CROSS = "\0", "\1"
Body = tuple[Any, ...]  # ("line", text) | ("join", kind, suffix, branches) | ("group", label, items)
#                         | ("call", block, holes, suffix) | ("repeat", call)


@mutable
class Sketch:
    """An item's text with a hole for every whole number, and the numbers with what they are."""

    body: Body
    numbers: tuple[tuple[str, int], ...]
    lines: int = 1


@mutable
class Block:
    """A named piece: its signature, and its body with the holes filled."""

    signature: str
    body: Body
    expressions: tuple[str, ...]


HOLDERS = ("sequential", "module_list", "module_dict")  # classes that say nothing of what they hold
HINTS = {"out_channels": "width", "out_features": "width", "kernel_size": "kernel", "times": "depth"}


class _Writer:
    """Writes one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.readers = network.consumers()
        counts = counts_by_group(network)
        self.items = grouped(series(network), "", counts)
        self.blocks: dict[str, Block] = {}
        self.calls: dict[str, tuple[str, tuple[tuple[str, int], ...]]] = {}  # group path -> block, arguments
        self.told: set[str] = set()  # layers that some line refers to by name
        self._refer(self.items, next(iter(network.inputs)))
        if network.outputs != (list(network.nodes)[-1],):
            self.told |= {part_of(reference)[0] for reference in network.outputs}
        self.told |= {node.shares for node in network.nodes.values() if node.shares}
        self._find_blocks()

    # --- references ---------------------------------------------------------------------------

    def _refer(self, items: Sequence[Item], cursor: str) -> str:
        """Note which layers are read by name rather than by standing before their reader."""
        for item in items:
            if isinstance(item, Group):
                cursor = self._refer(item.items, cursor)
                continue
            if isinstance(item, Join):
                for branch in item.branches:
                    self._refer(branch, item.head)
            if item.heads and item.heads != (cursor,):
                self.told |= {part_of(reference)[0] for reference in item.heads}
            cursor = item.name
        return cursor

    def label(self, path: str) -> str:
        """The last part of a name, as it may stand after ``as``."""
        last = path.rpartition(".")[2]
        if last[:1].isdigit():
            return f"{self._class(path) or 'part'}{last}"
        return re.sub(r"_(?=\d+$)", "", last) if self._says_nothing(path) else last

    def _says_nothing(self, path: str) -> bool:
        """Whether a name is a number, or its kind or class and a number."""
        last = path.rpartition(".")[2]
        node = self.network.nodes.get(path)
        words = {self.network.about.classes.get(path, ""), self._class(path)} - {""}
        kind = node is not None and last == node.layer.kind
        return last[:1].isdigit() or kind or re.sub(r"_\d+$", "", last) in words - {last}

    def _class(self, path: str) -> str:
        node = self.network.nodes.get(path)
        if node is not None:
            return node.layer.kind
        classes = self.network.about.classes
        return classes.get(path, "") if classes else re.sub(r"_?\d+$", "", path.rpartition(".")[2])

    def _is_told(self, path: str) -> bool:
        return any(name == path or name.startswith(f"{path}.") for name in self.told)

    def _given_name(self, path: str, scope: str) -> str:
        """ " as NAME", unless the name says nothing that kind and number do not."""
        told = path in self.told if path in self.network.nodes else self._is_told(path)
        return f" as {self._written(path, scope)}" if told or not self._says_nothing(path) else ""

    def _written(self, reference: str, scope: str) -> str:
        """A reference, as short as the scope allows."""
        name, part = part_of(reference)
        steps, here = name.split("."), scope.split(".") if scope else []
        common = 0
        while common < min(len(steps) - 1, len(here)) and steps[common] == here[common]:
            common += 1
        paths = [".".join(steps[: i + 1]) for i in range(common, len(steps))]
        known = name in self.network.nodes or name not in self.network.inputs
        text = ".".join(self.label(path) if known else path for path in paths)
        return text if part is None else f"{text}[{part}]"

    # --- sketches -----------------------------------------------------------------------------

    def sketch(self, item: Item, cursor: str, scope: str) -> Sketch:
        if isinstance(item, Group):
            return self._group_sketch(item, cursor, scope)
        if isinstance(item, Join):
            branches = [self.sketches(branch, item.head, scope) for branch in item.branches]
            around = "" if item.head == cursor else self._written(item.head, scope)
            body = ("join", item.node.layer.kind, around, self._given_name(item.name, scope),
                    tuple(tuple(one.body for one in branch) for branch in branches))  # fmt: skip
            inner = [one for branch in branches for one in branch]
            return Sketch(body, tuple(n for one in inner for n in one.numbers), 1 + sum(one.lines for one in inner))
        return self._line(item, cursor, scope)

    def sketches(self, items: Sequence[Item], cursor: str, scope: str) -> list[Sketch]:
        """Items one after the other, calls that repeat put together."""
        made: list[Sketch] = []
        for item in items:
            made.append(self.sketch(item, cursor, scope))
            cursor = item.name
        return _repeated(made)

    def _group_sketch(self, group: Group, cursor: str, scope: str) -> Sketch:
        if group.path in self.calls:
            block, arguments = self.calls[group.path]
            return Sketch(("call", block, len(arguments), self._given_name(group.path, scope)), arguments)
        inner = self.sketches(group.items, cursor, group.path)
        body = ("group", self.label(group.path), tuple(one.body for one in inner))
        return Sketch(body, tuple(n for one in inner for n in one.numbers), sum(one.lines for one in inner))

    def _line(self, item: Line, cursor: str, scope: str) -> Sketch:
        layer, words, numbers = item.node.layer, [item.node.layer.kind], []
        leading = True
        for key, reader in layer.fields.items():
            value, raw = getattr(layer, key), layer.fields[key].raw(getattr(layer, key))
            leading = leading and key in layer.positional
            counted = isinstance(value, int) and not isinstance(value, bool) and value >= 0
            if not counted and value == layer.defaults.get(key, ...):
                continue
            if isinstance(reader, Choice):
                words.append(str(value) if key in layer.positional else f"{key}={word(raw)}")
                leading = False
            elif isinstance(reader, Flag):
                words.append(key if value else f"no{key}")
            elif _all_whole(raw) and (len(raw) > 1 or isinstance(getattr(reader, "reader", reader), Sizes)):
                words.append(("" if leading else f"{key}=") + CROSS.join(HOLE * len(raw)))
                numbers += [(key, part) for part in raw]
            elif counted:
                words.append(HOLE if leading else f"{key}={HOLE}")
                numbers.append((key, value))
            elif short_value(raw):
                words.append(word(raw) if leading else f"{key}={word(raw)}")
            else:
                return self._long(item, cursor, scope)
        words += ["frozen"] if item.node.frozen else []
        words += [f"shares={self._written(item.node.shares, scope)}"] if item.node.shares else []
        if item.heads and item.heads != (cursor,):
            words.append(f"from={','.join(self._written(one, scope) for one in item.heads)}")
            if len(words[-1]) > MAX_LINE // 2:
                return self._long(item, cursor, scope)
        return Sketch(("line", " ".join(words) + self._given_name(item.name, scope), layer.kind), tuple(numbers))

    def _long(self, item: Line, cursor: str, scope: str) -> Sketch:
        """A layer whose settings the short form cannot hold."""
        import json

        layer = item.node.layer
        parts = [f"{key}: {json.dumps(layer.fields[key].raw(value))}" for key, value in layer.stated().items()]
        parts += ["frozen: true"] if item.node.frozen else []
        parts += [f"shares: {self._written(item.node.shares, scope)}"] if item.node.shares else []
        if item.heads and item.heads != (cursor,):
            parts.append(f"from: [{', '.join(repr(self._written(one, scope)) for one in item.heads)}]")
        name = self._given_name(item.name, scope)
        parts += [f"name: {name.removeprefix(' as ')}"] if name else []
        return Sketch(("long", f"{layer.kind}: {{{', '.join(parts)}}}"), ())

    # --- blocks -------------------------------------------------------------------------------

    def _find_blocks(self) -> None:
        """Groups that are alike become calls of one block, the innermost first."""
        levels: dict[int, list[tuple[Group, str]]] = {}
        _levels(self.items, next(iter(self.network.inputs)), levels)
        for level in sorted(levels):
            alike: dict[Body, list[tuple[Group, Sketch]]] = {}
            for group, cursor in levels[level]:
                if self._reaches_out(group, cursor):
                    continue
                sketch = self._group_sketch(group, cursor, group.path.rpartition(".")[0])
                alike.setdefault(sketch.body[2], []).append((group, sketch))
            for body, found in alike.items():
                if len(found) > 1 and found[0][1].lines >= LEAST:
                    self._block(body, found)

    def _reaches_out(self, group: Group, cursor: str) -> bool:
        """Whether a group reads something by name from outside, or is read into: then it is no block."""
        inside = {*layers_of(group)}
        for name in inside:
            node = self.network.nodes[name]
            outer = {one for one in node.inputs if part_of(one)[0] not in inside}
            if outer - {cursor} or (node.shares and node.shares not in inside):
                return True
            if name != group.name and any(one not in inside for one in self.readers[name]):
                return True
        return _reads_twice(group.items, cursor)

    def _block(self, body: Body, found: list[tuple[Group, Sketch]]) -> None:
        rows = [tuple(value for _, value in sketch.numbers) for _, sketch in found]
        keys = [key for key, _ in found[0][1].numbers]
        names, expressions, order = _parameters(keys, rows)
        if len(names) > MAX_PARAMETERS:
            return
        name = self._block_name(found[0][0])
        signature = f"{name}({', '.join(names)})" if names else name
        self.blocks[name] = Block(signature, body, expressions)
        for (group, _), row in zip(found, rows, strict=True):
            self.calls[group.path] = name, tuple((keys[column], row[column]) for column in order)

    def _block_name(self, group: Group) -> str:
        from cnncalc.layers import FAMILY_OF

        last = re.sub(r"\d+$", "", group.label).strip("_")
        known = self._class(group.path)
        name = last if known in ("", *HOLDERS) and last else known or "block"
        taken = {*self.blocks, *FAMILY_OF, *WORDS, "input", "channels", "depth", "height", "width", "length"}
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        return free

    # --- text ---------------------------------------------------------------------------------

    def text(self) -> str:
        """The whole document."""
        lines = [document_head(self.network)]
        inner = self.sketches(self.items, next(iter(self.network.inputs)), "")
        if self.blocks:
            lines.append("blocks:\n")
        for block in self.blocks.values():
            lines.append(f"  {block.signature}:\n")
            lines.append(_items(block.body, iter(block.expressions), 4))
        lines.append("layers:\n")
        values = iter([str(value) for one in inner for _, value in one.numbers])
        lines.append(_items(tuple(one.body for one in inner), values, 2))
        if self.network.outputs != (list(self.network.nodes)[-1],):
            outputs = ", ".join(_quoted(self._written(one, "")) for one in self.network.outputs)
            lines.append(f"outputs: [{outputs}]\n")
        return "".join(lines)


def _levels(items: Sequence[Item], cursor: str, levels: dict[int, list[tuple[Group, str]]]) -> int:
    """Groups by how many groups deep they are, with the tensor they start from; the deepest level found."""
    deepest = 0
    for item in items:
        if isinstance(item, Group):
            level = 1 + _levels(item.items, cursor, levels)
            levels.setdefault(level, []).append((item, cursor))
            deepest = max(deepest, level)
        elif isinstance(item, Join):
            deepest = max([deepest, *(_levels(branch, item.head, levels) for branch in item.branches)])
        cursor = item.name
    return deepest


def _reads_twice(items: Sequence[Item], cursor: str) -> bool:
    """Whether an item after the first reads the tensor the whole starts from, which has no name inside."""
    at = cursor
    for item in items:
        if isinstance(item, Line) and cursor in item.heads and item.heads != (at,):
            return True
        if isinstance(item, Join) and item.head == cursor != at:
            return True
        if isinstance(item, Join) and any(_reads_twice(branch, cursor) for branch in item.branches if item.head != at):
            return True
        if isinstance(item, Group) and at != cursor and any(cursor in _heads(one) for one in item.items):
            return True
        at = item.name
    return False


def _heads(item: Item) -> set[str]:
    if isinstance(item, Group):
        return {head for one in item.items for head in _heads(one)}
    return {*item.heads}


def _repeated(sketches: list[Sketch]) -> list[Sketch]:
    """Equal unnamed calls one after the other as a repeat."""
    result: list[Sketch] = []
    at = 0
    while at < len(sketches):
        one, end = sketches[at], at + 1
        if one.body[0] == "call" and not one.body[3]:
            while end < len(sketches) and (sketches[end].body, sketches[end].numbers) == (one.body, one.numbers):
                end += 1
        if end - at > 1:
            one = Sketch(("repeat", one.body), (("times", end - at), *one.numbers), 1)
        result.append(one)
        at = end
    return result


def _parameters(
    keys: Sequence[str], rows: Sequence[tuple[int, ...]]
) -> tuple[list[str], tuple[str, ...], tuple[int, ...]]:
    """What varies between pieces that are alike: parameter names, every number as an expression over them, and
    which numbers the parameters are. A number that is always k times another, or half of it, is written so."""
    columns = list(zip(*rows, strict=True)) if rows and rows[0] else []
    varying = [i for i, column in enumerate(columns) if len({*column}) > 1]
    bases: list[int] = []
    formula: dict[int, tuple[int, str]] = {}
    for i in sorted(varying, key=lambda i: (keys[i] == "padding", sum(columns[i]), i)):
        for base in bases:
            if _family(keys[i]) == _family(keys[base]) and (text := _multiple(columns[i], columns[base])):
                formula[i] = base, text
                break
        else:
            bases.append(i)
    bases.sort()
    names: dict[int, str] = {}
    for base in bases:
        hint = HINTS.get(keys[base], keys[base])
        free, number = hint, 1
        while free in names.values():
            number += 1
            free = f"{hint}_{number}"
        names[base] = free
    expressions = []
    for i, column in enumerate(columns):
        if i in names:
            expressions.append(names[i])
        elif i in formula:
            base, text = formula[i]
            expressions.append(text.format(names[base]))
        else:
            expressions.append(str(column[0]))
    return list(names.values()), tuple(expressions), tuple(bases)


def _all_whole(raw: Any) -> bool:
    """Whether a setting is a list of whole numbers, none of them negative."""
    return isinstance(raw, list) and all(type(part) is int and part >= 0 for part in raw)


def _family(key: str) -> str:
    """What a number measures: only numbers of one family are told by each other."""
    return {"kernel_size": "window", "padding": "window", "stride": "step", "times": "times"}.get(key, "width")


def _multiple(column: Sequence[int], base: Sequence[int]) -> str:
    """A column as a formula over another one, or nothing."""
    if all(b and c % b == 0 and c // b == column[0] // base[0] for c, b in zip(column, base, strict=True)):
        factor = column[0] // base[0]
        return "{}" if factor == 1 else f"{factor}*{{}}"
    return "{}//2" if all(c == b // 2 for c, b in zip(column, base, strict=True)) else ""


def _items(bodies: Sequence[Body], values: Iterator[str], indent: int) -> str:
    return "".join(_item(body, values, indent) for body in bodies) or " " * indent + "[]\n"


def _item(body: Body, values: Iterator[str], indent: int) -> str:
    pad = " " * indent
    match body[0]:
        case "group":
            return f"{pad}- name: {body[1]}\n{pad}  layers:\n{_items(body[2], values, indent + 4)}"
        case "join":
            around = f"{pad}- from: {_quoted(body[2])}\n{pad}  " if body[2] else f"{pad}- "
            name = f"{pad}  name: {body[3].removeprefix(' as ')}\n" if body[3] else ""
            inner = "".join(_branch(branch, values, indent + 4) for branch in body[4])
            return f"{around}{body[1]}:\n{inner}{name}"
        case "repeat":
            times = next(values)
            return f"{pad}- repeat: {{times: {times}, layers: [{_quoted(_text(body[1], values))}]}}\n"
        case "long":
            return f"{pad}- {body[1]}\n"
        case _:
            return f"{pad}- {_quoted(_text(body, values))}\n"


def _branch(bodies: Sequence[Body], values: Iterator[str], indent: int) -> str:
    """A branch: on one line, or a few, where its layers are plain; else one item below the other."""
    pad = " " * indent
    if all(body[0] in ("line", "call") for body in bodies):
        words = [_quoted(_text(body, values)) for body in bodies]
        lines, current = [], ""
        for i, text in enumerate(words):
            piece = text + ("," if i < len(words) - 1 else "")
            if current and len(pad) + 3 + len(current) + len(piece) + 1 > WIDEST:
                lines.append(current)
                current = ""
            current = f"{current} {piece}" if current else piece
        lines.append(current)
        return f"{pad}- [" + f"\n{pad}   ".join(lines) + "]\n"
    inner = _items(bodies, values, indent + 2)
    return f"{pad}- {inner[indent + 2 :]}"


def _text(body: Body, values: Iterator[str]) -> str:
    """A line or call with its numbers put in; settings at their defaults are left out."""
    if body[0] == "call":
        arguments = [next(values) for _ in range(body[2])]
        return f"{' '.join([body[1], *arguments])}{body[3]}"
    words = []
    defaults = _defaults(body[2])
    for one in body[1].split(" "):
        if HOLE in one:
            key, equals, holes = one.rpartition("=")
            parts = [next(values) for _ in holes.split(CROSS)]
            if defaults.get(key) == parts[0] and len(parts) == 1:
                continue
            plain = len(parts) == 1 or all(part.isdigit() for part in parts)
            one = key + equals + ("x".join(parts) if plain else f"[{','.join(parts)}]")
        words.append(one)
    return " ".join(words)


def _defaults(name: str) -> dict[str, str]:
    from cnncalc.layers import kind

    return {key: str(value) for key, value in kind(name).defaults.items()}


def _quoted(text: str) -> str:
    """Text as it may stand in a YAML list, quoted where commas or brackets would be read as its own."""
    return f"'{text}'" if re.search(r"[,\[\]{}:#'\"]", text) else text
