"""Which tensor is held in which variable: the statements of a forward pass."""

import sys
from collections.abc import Callable, Mapping, Sequence

from cnncalc.exact.records import fresh, mutable
from cnncalc.export.source import INDENT, Doc, Group, Names, flat, lines

FLOWING = ("x", "y", "z")
SOON = 3  # statements after which a tensor must be done with, or it gets a name of its own


@mutable
class Op:
    """A statement that makes tensors ``ends`` from tensors ``sources``; ``make`` writes it for their variables.

    ``name`` is what a result is called that is needed again later; ``beside`` a second result.
    """

    sources: tuple[int, ...]
    ends: tuple[int, ...]
    make: Callable[[Sequence[str]], Doc]
    name: str
    comment: str = ""
    beside: str = ""
    pure: bool = False  # an expression that may stand inside another


def merged(ops: list["Op"], outputs: Sequence[int]) -> list["Op"]:
    """Expressions that only the next expression reads, put inside it."""
    readers: dict[int, int] = dict.fromkeys(outputs, 2)
    for op in ops:
        for tensor in op.sources:
            readers[tensor] = readers.get(tensor, 0) + 1
    found: list[Op] = []
    for op in ops:
        last = found[-1] if found else None
        if last and last.pure and op.pure and len(last.ends) == 1 and readers.get(last.ends[0]) == 1 and (
            last.ends[0] in op.sources
        ):  # fmt: skip
            found[-1] = inside(last, op)
        else:
            found.append(op)
    return found


def inside(inner: "Op", outer: "Op") -> "Op":
    """One op of two, the first written where the second reads it."""
    place = outer.sources.index(inner.ends[0])
    count = len(inner.sources)
    sources = (*outer.sources[:place], *inner.sources, *outer.sources[place + 1 :])

    def make(variables: Sequence[str]) -> Doc:
        doc = inner.make(variables[place : place + count])
        text, before, after = flat(doc), variables[:place], variables[place + count :]
        if isinstance(doc, Group) and doc.operator:
            around = outer.make([*before, text, *after])
            if isinstance(around, str) or around.operator:
                text = f"({text})"
        return outer.make([*before, text, *after])

    return Op(sources, outer.ends, make, outer.name, outer.comment, pure=True)


@mutable
class Note:
    """A line between the statements."""

    line: str


@mutable
class Nested:
    """Statements under ``head`` (a for or an if) that turn tensor ``source`` into ``end``, variable unchanged.

    Inside, the tensor is called ``inner`` at first and ``last`` at the end.
    """

    head: str
    ops: list["Op | Nested | Note"]
    source: int
    end: int
    inner: int
    last: int
    name: str
    ahead: list[str] = fresh(default_factory=list)  # lines before the head
    final: list[str] = fresh(default_factory=list)  # lines behind the statements

    def reads(self) -> set[int]:
        """The tensors it needs from outside."""
        inside, read = {self.inner}, {self.source}
        for op in self.ops:
            if not isinstance(op, Note):
                read |= ({*op.sources} if isinstance(op, Op) else op.reads()) - inside
                inside |= {*op.ends} if isinstance(op, Op) else {op.end}
        return read


def living(ops: Sequence[Op | Nested | Note], outputs: Sequence[int]) -> list[Op | Nested | Note]:
    """The statements that the outputs need."""
    needed, kept = {*outputs}, []
    for op in reversed(ops):
        if isinstance(op, Note) or needed.intersection(op.ends if isinstance(op, Op) else (op.end,)):
            kept.append(op)
            if not isinstance(op, Note):
                needed.update(op.sources if isinstance(op, Op) else op.reads())
    return kept[::-1]


class Variables:
    """Hands out variables: one that flows along, and names for what is needed again."""

    def __init__(self, names: Names, held: Mapping[int, str], lasts: dict[int, int]) -> None:
        self.names, self.lasts = names, lasts
        self.of = dict(held)
        self.holds = {variable: tensor for tensor, variable in held.items()}

    def new(self, tensor: int, place: int, wanted: str) -> str:
        """A variable for a tensor made by statement number ``place``."""
        if self.lasts.get(tensor, place) <= place + SOON:
            for variable in FLOWING:
                held = self.holds.get(variable)
                free = held is None and variable not in self.names.taken
                if free or (held is not None and self.lasts.get(held, -1) <= place):
                    self.names.taken.add(variable)
                    return self.put(tensor, variable)
        return self.put(tensor, self.names.new(wanted))

    def put(self, tensor: int, variable: str) -> str:
        self.of[tensor], self.holds[variable] = variable, tensor
        return variable


def statements(
    ops: Sequence[Op | Nested | Note],
    held: Mapping[int, str],
    outputs: Sequence[int],
    names: Names,
    indent: str,
    into: str = "",
    kept: Mapping[int, str] | None = None,
    returned: bool = False,
) -> tuple[list[str], list[str]]:
    """The lines of ``ops``, and the variables of ``outputs``.

    ``into`` is a variable the last one may go to; the tensors of ``kept`` are needed afterwards;
    ``returned``: the last one is returned instead, where it is all there is to return.
    """
    ops = living(ops, outputs)
    lasts: dict[int, int] = dict.fromkeys(kept or (), sys.maxsize)
    for place, op in enumerate(ops):
        for tensor in () if isinstance(op, Note) else op.sources if isinstance(op, Op) else op.reads():
            lasts[tensor] = max(place, lasts.get(tensor, 0))
    for tensor in outputs:
        lasts[tensor] = max(len(ops), lasts.get(tensor, 0))
    variables = Variables(names, held, lasts)
    text: list[str] = []
    for place, op in enumerate(ops):
        wanted = into if place == len(ops) - 1 else ""
        if returned and place == len(ops) - 1 and isinstance(op, Op) and op.ends == tuple(outputs) and not op.beside:
            doc = op.make([variables.of[tensor] for tensor in op.sources])
            return [*text, *lines(doc, indent, "return ", comment=op.comment)], []
        match op:
            case Note():
                text.append(indent + op.line)
            case Nested():
                text += _nested(op, variables, place, indent, wanted)
            case Op():
                text += _plain(op, variables, place, indent, wanted)
    ends = [variables.of[tensor] for tensor in outputs]
    return [*text, f"{indent}return {', '.join(ends)}"] if returned else text, ends


def _plain(op: Op, variables: Variables, place: int, indent: str, into: str) -> list[str]:
    doc = op.make([variables.of[tensor] for tensor in op.sources])
    if into and len(op.ends) == 1:
        targets = [variables.put(op.ends[0], into)]
    elif len(op.ends) == 1:
        targets = [variables.new(op.ends[0], place, op.name)]
    else:
        targets = [
            variables.put(end, variables.names.new(f"{op.name}_{i}")) if end in variables.lasts else "_"
            for i, end in enumerate(op.ends)
        ]
    if op.beside:
        targets.append(op.beside)
    left = ", ".join(targets)
    return lines(doc, indent, f"{left} = ", comment=op.comment)


def _nested(op: Nested, variables: Variables, place: int, indent: str, into: str) -> list[str]:
    start = variables.of[op.source]
    target = variables.put(op.end, into) if into else variables.new(op.end, place, op.name)
    text = [] if target == start else [f"{indent}{target} = {start}"]
    inner = indent + INDENT
    kept = {tensor: name for name, tensor in variables.holds.items() if name != target}
    body, ends = statements(op.ops, kept | {op.inner: target}, (op.last,), variables.names, inner, target, kept)
    body += [f"{inner}{target} = {ends[0]}"] if ends[0] != target else []
    text += [indent + line for line in op.ahead]
    return [*text, f"{indent}{op.head}", *body, *(inner + line for line in op.final)]
