"""The shape of a network as people see it: layers in a row, branches under their join, groups by name."""

from collections.abc import Iterator, Mapping

from cnncalc.exact.records import mutable
from cnncalc.network import Network, Node, part_of
from cnncalc.spec.items import JOINS


@mutable
class Line:
    """One layer by itself."""

    name: str
    node: Node

    @property
    def heads(self) -> tuple[str, ...]:
        return self.node.inputs


@mutable
class Join:
    """A join with its branches; ``head`` is the tensor they start from."""

    name: str
    node: Node
    branches: list[list["Item"]]
    head: str

    @property
    def heads(self) -> tuple[str, ...]:
        return (self.head,)


@mutable
class Group:
    """Layers whose names share a beginning, ``path``; ``label`` is its last part."""

    path: str
    label: str
    items: list["Item"]

    @property
    def name(self) -> str:
        return self.items[-1].name

    @property
    def heads(self) -> tuple[str, ...]:
        return self.items[0].heads


Item = Line | Join | Group


def series(network: Network) -> list[Item]:
    """The layers in order, branches gathered under the join that ends them."""
    readers = {name: len(found) for name, found in network.consumers().items()}
    for reference in network.outputs:
        readers[part_of(reference)[0]] += 1
    for node in network.nodes.values():
        if node.shares:
            readers[node.shares] += 1
    items: list[Item] = []
    for name, node in network.nodes.items():
        joined = _join(name, node, items, readers) if node.layer.kind in JOINS and not node.layer.stated() else None
        items.append(joined or Line(name, node))
    return items


def _join(name: str, node: Node, items: list[Item], readers: dict[str, int]) -> Join | None:
    """A join's branches, taken off the end of ``items``; None where they do not start from one tensor.

    In ``readers`` the join then counts as one reader of that tensor, however many branches it has.
    """
    if len(node.inputs) < 2 or node.frozen:
        return None
    heads: list[str | None] = list(node.inputs)
    branches: list[list[Item]] = [[] for _ in heads]
    taken = 0
    while len({head for head in heads if head is not None}) > 1 and taken < len(items):
        item = items[-1 - taken]
        if item.name not in heads or readers[item.name] != 1 or len(item.heads) > 1:
            return None
        index = heads.index(item.name)
        if any(branches[:index]):
            return None  # written in this order, the branches would run in another
        heads[index] = item.heads[0] if item.heads else None
        branches[index].insert(0, item)
        taken += 1
    left = {head for head in heads if head is not None}
    if len(left) != 1:
        return None
    head = left.pop()
    while taken < len(items) and not items[-1 - taken].heads and items[-1 - taken].name == head:
        return None
    del items[len(items) - taken :]
    readers[part_of(head)[0]] -= sum(1 for one in heads if one == head) - 1
    return Join(name, node, branches, head)


def layers_of(item: Item) -> Iterator[str]:
    """The layers of an item, in order."""
    if isinstance(item, Join):
        for branch in item.branches:
            for one in branch:
                yield from layers_of(one)
        yield item.name
    elif isinstance(item, Group):
        for one in item.items:
            yield from layers_of(one)
    else:
        yield item.name


def grouped(items: list[Item], prefix: str, counts: Mapping[str, int]) -> list[Item]:
    """Items whose names begin alike gathered, level by level; a group must hold all layers of its name."""
    result: list[Item] = []
    at = 0
    while at < len(items):
        label = _component(items[at], prefix)
        end = at + 1
        while label and end < len(items) and _component(items[end], prefix) == label:
            end += 1
        members = items[at:end]
        path = f"{prefix}{label}"
        if label and sum(1 for item in members for _ in layers_of(item)) == counts[path]:
            result.append(Group(path, label, grouped(members, f"{path}.", counts)))
        else:
            result += [_inside(item, prefix, counts) for item in members]
        at = end
    return result


def _inside(item: Item, prefix: str, counts: Mapping[str, int]) -> Item:
    if isinstance(item, Join):
        item.branches = [grouped(branch, prefix, counts) for branch in item.branches]
    return item


def _component(item: Item, prefix: str) -> str:
    """The part of their names after ``prefix`` that all layers of an item share, if they go on after it."""
    found = set()
    for name in layers_of(item):
        label, dot, _ = name[len(prefix) :].partition(".")
        if not name.startswith(prefix) or not dot:
            return ""
        found.add(label)
    return found.pop() if len(found) == 1 else ""


def counts_by_group(network: Network) -> dict[str, int]:
    """How many layers stand under each beginning of a name."""
    counts: dict[str, int] = {}
    for name in network.nodes:
        end = name.rfind(".")
        while end > 0:
            counts[name[:end]] = counts.get(name[:end], 0) + 1
            end = name.rfind(".", 0, end)
    return counts
