"""What a layer graph shows: which layers share a box, which boxes a frame, which blocks are drawn once for many.

Four levels, each folding more: ``none`` (a box a layer), ``act`` (a convolution with the normalisation and
activation behind it), ``block`` (an innermost block), ``stage`` (a block of the top level). Blocks that follow
one another and do the same are drawn once, with how often.
"""

from collections.abc import Iterator

from cnncalc.analysis import Analysis
from cnncalc.draw.labels import costs, headline, shape_of, word
from cnncalc.draw.theme import HUES, hue
from cnncalc.exact.records import fresh, mutable, record
from cnncalc.layers import FAMILY_OF
from cnncalc.network import part_of

LEVELS = ("none", "act", "block", "stage")
COMFORTABLE = 44  # boxes that a page still shows legibly
HEADS = ("convolution", "dense", "normalisation", "pooling")  # what a following activation joins
TAILS = ("normalisation", "activation")


@mutable
class Box:
    """A drawn node: ``shape`` is box, join (a small circle), or fork (a dot where a tensor splits)."""

    id: str
    shape: str
    hue: str
    title: str
    detail: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    times: int = 1
    layers: tuple[str, ...] = ()
    tip: str = ""


@mutable
class Frame:
    """A block drawn open: a frame around its boxes; ``times`` for blocks drawn once."""

    id: str
    title: str
    items: list["Box | Frame"] = fresh(default_factory=list)
    times: int = 1


@record
class Edge:
    """A tensor on its way: ``label`` is its shape."""

    source: str
    target: str
    reference: str
    label: str


@mutable
class Picture:
    """A layer graph before it is laid out."""

    items: list[Box | Frame]
    edges: list[Edge]
    level: str

    def boxes(self) -> list[Box]:
        """Every box, joins included, in drawing order."""
        return list(_boxes(self.items))


def _boxes(items: list[Box | Frame]) -> Iterator[Box]:
    for item in items:
        if isinstance(item, Frame):
            yield from _boxes(item.items)
        else:
            yield item


def picture(analysis: Analysis, level: str | None = None) -> Picture:
    """The graph at a level of folding; None: the least folding that is still comfortable to read."""
    if level is not None:
        return _Folder(analysis, level).picture()
    for candidate in LEVELS[1:]:
        found = _Folder(analysis, candidate).picture()
        if sum(box.shape == "box" for box in found.boxes()) <= COMFORTABLE:
            break
    return found


@mutable
class _Block:
    """A block of the network: its layers and the blocks within, in order."""

    path: str
    children: list["str | _Block"] = fresh(default_factory=list)
    members: list[str] = fresh(default_factory=list)


def _tree(names: list[str]) -> _Block:
    root = _Block("")
    known = {"": root}
    for name in names:
        parent = root
        parent.members.append(name)
        parts = name.split(".")
        for depth in range(1, len(parts)):
            path = ".".join(parts[:depth])
            if path not in known or parent.children[-1] is not known[path]:  # a block that is left is not reopened
                known[path] = _Block(path)
                parent.children.append(known[path])
            parent = known[path]
            parent.members.append(name)
        parent.children.append(name)
    return root


class _Folder:
    def __init__(self, analysis: Analysis, level: str) -> None:
        self.analysis, self.level = analysis, level
        self.network = analysis.network
        self.readers = self.network.consumers()
        self.results = {part_of(name)[0] for name in self.network.outputs}
        self.drawn: dict[str, str] = {}  # layer -> the box that shows it
        self.copies: set[str] = set()  # layers of blocks that are shown by an equal one before them

    def picture(self) -> Picture:
        inputs = [
            Box(name, "box", "input", name, shape_of(self.analysis, name), tip=f"{name}: the input")
            for name in self.network.inputs
        ]
        for box in inputs:
            self.drawn[box.id] = box.id
        items: list[Box | Frame] = [*inputs, *self._items(_tree(list(self.network.nodes)), 0)]
        results = [
            Box(f"→ {name}", "box", "input", "output", shape_of(self.analysis, name), tip=f"output: {name}")
            for name in self.network.outputs
        ]
        return Picture([*items, *results], list(self._edges()), self.level)

    def _edges(self) -> Iterator[Edge]:
        seen: set[tuple[str, str, str]] = set()
        reads = [(name, node.inputs) for name, node in self.network.nodes.items()]
        for name, references in reads:
            if name in self.copies:
                continue
            for reference in references:
                yield from self._edge(reference, self.drawn[name], seen)
        for name in self.network.outputs:
            yield from self._edge(name, f"→ {name}", seen)

    def _edge(self, reference: str, target: str, seen: set[tuple[str, str, str]]) -> Iterator[Edge]:
        source = self.drawn[part_of(reference)[0]]
        if source != target and (source, target, reference) not in seen:
            seen.add((source, target, reference))
            yield Edge(source, target, reference, shape_of(self.analysis, reference))

    # --- blocks -----------------------------------------------------------------------------------

    def _items(self, block: _Block, depth: int) -> Iterator[Box | Frame]:
        position = 0
        while position < len(block.children):
            child = block.children[position]
            if isinstance(child, str):
                group = self._group(block.children, position)
                position += len(group)
                yield self._box(group)
            else:
                run = self._run(block.children, position)
                position += len(run)
                yield self._shown(run, depth)

    def _shown(self, run: list[_Block], depth: int) -> Box | Frame:
        """A block, or several equal ones, as a box or an open frame."""
        first = run[0]
        for other in run[1:]:
            self.copies.update(other.members)
        trivial = self.level != "none" and self._one_box(first)
        if not trivial and (self.level == "stage" or (self.level == "block" and self._innermost(first))):
            item: Box | Frame = self._block_box(first)
        else:
            inside = list(self._items(first, depth + 1))
            only = inside[0] if len(inside) == 1 else None
            item = only if isinstance(only, Box) else Frame(first.path, "", inside)
            if isinstance(only, Box) and only.hue == "block":
                only.title = f"{first.path.rpartition('.')[2]}.{only.title}"
        if isinstance(item, Frame):
            growth = self._growth(run)
            shown = f"{first.path.rpartition('.')[2]} of {len(run)}" if growth else _range(run)
            item.title = shown + growth
        elif len(run) > 1:
            item.title = _range(run) if item.hue == "block" else item.title
            item.tip += f"\n{len(run)} times: {_range(run)}{self._growth(run)}"
            item.detail = self._each(run)
        item.times *= len(run)
        for other in run[1:]:
            for name, shown in zip(other.members, first.members, strict=True):
                self.drawn[name] = self.drawn[shown]
        return item

    def _innermost(self, block: _Block) -> bool:
        return all(isinstance(child, str) or self._one_box(child) for child in block.children)

    def _one_box(self, block: _Block) -> bool:
        """Whether folding activations leaves a single box of the whole block."""
        children = block.children
        if len(children) == 1 and isinstance(children[0], _Block):
            return self._one_box(children[0])
        return isinstance(children[0], str) and len(self._group(children, 0, "act")) == len(children)

    def _run(self, children: list["str | _Block"], start: int) -> list[_Block]:
        """The block at ``start`` and those right behind it that do the same to what it hands on."""
        first = children[start]
        assert isinstance(first, _Block)
        run = [first]
        if self.level == "none":
            return run
        signature, _ = self._signature(first)
        for child in children[start + 1 :]:
            if isinstance(child, str) or len(child.members) != len(first.members):
                break
            own, sources = self._signature(child)
            if own != signature or not self._follows(run, child, sources) or not self._alike(first, child):
                break
            run.append(child)
        return run

    def _signature(self, block: _Block) -> tuple[tuple[object, ...], tuple[str, ...]]:
        """What a block does, names left out; and the tensors it reads from outside."""
        place = {name: i for i, name in enumerate(block.members)}
        sources: dict[str, int] = {}
        steps: list[object] = []
        for name in block.members:
            node = self.network.nodes[name]
            reads = []
            for reference in node.inputs:
                source, piece = part_of(reference)
                inside = source in place
                reads.append((inside, place[source] if inside else sources.setdefault(reference, len(sources)), piece))
            steps.append((node.layer, tuple(reads), node.frozen))
        return tuple(steps), tuple(sources)

    def _alike(self, a: _Block, b: _Block) -> bool:
        """Whether two blocks that do the same do it on maps of the same size."""
        shapes = self.analysis.shapes
        return all(shapes[x][1:] == shapes[y][1:] for x, y in zip(a.members, b.members, strict=True))

    def _follows(self, run: list[_Block], block: _Block, sources: tuple[str, ...]) -> bool:
        """Whether the block reads only the block before it, at the same places as always, and is alone in that."""
        before = run[-1]
        place = {name: i for i, name in enumerate(before.members)}
        here = [(place.get(part_of(source)[0]), part_of(source)[1]) for source in sources]
        if any(position is None for position, _ in here):
            return False
        if len(run) > 1:
            _, earlier = self._signature(before)
            previous = {name: i for i, name in enumerate(run[-2].members)}
            if [(previous.get(part_of(source)[0]), part_of(source)[1]) for source in earlier] != here:
                return False
        inside, ours = set(before.members), set(block.members)
        return not any(
            name in self.results or any(reader not in inside and reader not in ours for reader in self.readers[name])
            for name in before.members
        )

    def _each(self, run: list[_Block]) -> str:
        """What blocks cost that are shown as one: each, where that is the same, or all of them."""
        analysis = self.analysis
        every = [(sum(analysis.facts[name].params for name in block.members),
                  sum(analysis.macs_of(name) for name in block.members)) for block in run]  # fmt: skip
        if all(one == every[0] for one in every):
            said, how = costs(*every[0]), "each"
        else:
            said, how = costs(sum(params for params, _ in every), sum(macs for _, macs in every)), "in all"
        return f"{said} {how}" if said else ""

    def _growth(self, run: list[_Block]) -> str:
        """How the channels change over blocks that are drawn once for all: " · 64 → 256 channels"."""
        if len(run) == 1:
            return ""
        _, sources = self._signature(run[0])
        shapes = self.analysis.shapes
        come, go = shapes[sources[0]][0] if sources else None, shapes[run[-1].members[-1]][0]
        return "" if come is None or come == go else f" · {come} → {go} channels"

    # --- boxes ------------------------------------------------------------------------------------

    def _group(self, children: list["str | _Block"], start: int, level: str = "") -> list[str]:
        """The layers that share a box with the one at ``start``."""
        first = children[start]
        assert isinstance(first, str)
        group = [first]
        if (level or self.level) == "none" or self._family(first) not in HEADS:
            return group
        tails = ("activation",) if self._family(first) == "pooling" else TAILS
        for child in children[start + 1 :]:
            last = group[-1]
            if not isinstance(child, str) or self._family(child) not in tails:
                break
            if self.network.nodes[child].inputs != (last,) or self.readers[last] != [child] or last in self.results:
                break
            group.append(child)
        return group

    def _family(self, name: str) -> str:
        return FAMILY_OF[self.network.nodes[name].layer.kind]

    def _box(self, group: list[str]) -> Box:
        name = group[0]
        for layer in group:
            self.drawn[layer] = name
        node = self.network.nodes[name]
        kind = node.layer.kind
        if kind in ("add", "multiply"):
            sign = {"add": "+", "multiply": "·"}[kind]
            return Box(name, "join", "join", sign, layers=tuple(group), tip=f"{name}: {kind}")
        incoming = self.analysis.shapes[node.inputs[0]] if node.inputs else ()
        cells = tuple((hue(self._kind(tail)), word(self._kind(tail))) for tail in group[1:])
        params = sum(self.analysis.facts[layer].params for layer in group)
        macs = sum(self.analysis.macs_of(layer) for layer in group)
        title = headline(node.layer, max(len(incoming) - 1, 0), incoming[0] if FAMILY_OF[kind] == "dense" else None)
        come = f"{shape_of(self.analysis, node.inputs[0])} → " if node.inputs else ""
        tip = f"{', '.join(group)}: {come}{shape_of(self.analysis, group[-1])}"
        return Box(name, "box", HUES[FAMILY_OF[kind]], title, costs(params, macs), cells, 1, tuple(group), tip)

    def _kind(self, name: str) -> str:
        return self.network.nodes[name].layer.kind

    def _block_box(self, block: _Block) -> Box:
        members, analysis = block.members, self.analysis
        for layer in members:
            self.drawn[layer] = members[0]
        params = sum(analysis.facts[layer].params for layer in members)
        macs = sum(analysis.macs_of(layer) for layer in members)
        count = f"{len(members)} layers"
        tip = f"{block.path}: {count} → {shape_of(analysis, members[-1])}"
        title = block.path.rpartition(".")[2]
        return Box(members[0], "box", "block", title, costs(params, macs) or count, (), 1, tuple(members), tip)


def _range(run: list[_Block]) -> str:
    """ "bottleneck_2…8" for blocks that are numbered through."""
    first, last = (block.path.rpartition(".")[2] for block in (run[0], run[-1]))
    if first == last:
        return first
    stem, _, number = last.rpartition("_")
    return f"{first}…{number}" if stem and first.startswith(f"{stem}_") and number.isdecimal() else f"{first}…{last}"
