"""A torch module read in as a Network: every operation of one run turned into a layer, and every layer held
against what PyTorch said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn

from cnncalc.analysis import Analysis
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, prod, times
from cnncalc.layers import Facts, Layer, kind
from cnncalc.network import About, Network, Node
from cnncalc.pytorch.capture import ACTIVATION, CONSTANT, LEARNED, Call, Captured, CaptureError, Value, capture
from cnncalc.spec.build import MAX_ELEMENTS, MAX_LAYERS
from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, SpecError

Ref = tuple["Draft | str", "int | None"]  # a layer or an input's name, and which of its pieces


class Inexpressible(Exception):
    """An operation that no layer kind stands for; the text says what about it."""


@dataclass(eq=False, slots=True)
class Draft:
    """A layer before it has its name."""

    layer: Layer
    inputs: tuple[Ref, ...]
    facts: Facts
    path: str
    turn: int
    place: str
    params: tuple[str, ...] = ()
    shares: Draft | None = None
    frozen: bool = False
    named: bool = False  # ``path`` is its own, not that of the module around it
    name: str = ""


@dataclass(slots=True)
class Held:
    """How the network holds a tensor: what makes it, and which of PyTorch's axes is the batch (None: none
    is). ``narrow`` is the tensor it was broadcast from, where it was."""

    ref: Ref
    batch: int | None
    narrow: Value | None = None


def from_torch(
    module: nn.Module, input_shape: Sequence[int] | Sequence[Sequence[int]], *, opaque: bool = False, name: str = ""
) -> Network:
    """Read a ``torch.nn.Module`` in: its layers, wiring, shapes, parameters and costs, exactly.

    ``input_shape`` is (channels, height, width) without the batch, or one such shape for each input. A
    copy of the module, on PyTorch's meta device and in evaluation mode, runs once without data; the
    module itself is not touched, wherever its weights are. Layers are named after their modules.
    Raises SpecError that names every operation no layer kind stands for, and where it is; with
    ``opaque`` those become layers of known shape and unknown cost (`Analysis.at_least`). Parameters that
    the run never reads are kept, as `parameter` layers, and a note tells of them.

    >>> import torch
    >>> from cnncalc import analyse
    >>> net = from_torch(torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU()), (3, 32, 32))
    >>> analyse(net).output, analyse(net).params
    ((8, 30, 30), 224)
    """
    shapes = _shapes(input_shape)
    try:
        captured = capture(module, shapes)
    except CaptureError as error:
        raise SpecError([Fault(str(error), Place(path=""))], type(module).__name__) from error
    return _Reading(captured, opaque).network(name or type(module).__name__)


def _shapes(given: Any) -> list[tuple[int, ...]]:
    """One shape for each input. Raises SpecError."""
    parts = list(given) if isinstance(given, tuple | list) else [given]
    several = bool(parts) and all(isinstance(part, tuple | list) for part in parts)
    shapes = [tuple(part) for part in parts] if several else [tuple(parts)]
    for shape in shapes:
        if not 1 <= len(shape) <= 4 or not all(isinstance(n, int) and 1 <= n <= 10**6 for n in shape):
            raise SpecError([Fault(f"an input has 1 to 4 sizes, each a positive whole number, not {shape}",
                                   Place(path="input_shape"), "channels, height, width; no batch")])  # fmt: skip
    return shapes


class Reader:
    """What the rules in `cnncalc.pytorch.ops` work with: tensors in, layers out."""

    def __init__(self, captured: Captured, opaque: bool) -> None:
        self.captured, self.opaque = captured, opaque
        self.drafts: list[Draft] = []
        self.held_by: dict[Value, Held] = {}
        self.owner: dict[str, Draft] = {}
        self.call: Call = Call("", {}, (), "", 0, "", 0)
        self.memo: dict[Any, Facts] = {}
        names = ["input"] if len(captured.inputs) == 1 else [f"input_{i + 1}" for i in range(len(captured.inputs))]
        self.rules: Mapping[str, Any] = {}
        self.inputs = dict(zip(names, (value.shape[1:] for value in captured.inputs), strict=True))
        for name, value in zip(names, captured.inputs, strict=True):
            self.held_by[value] = Held((name, None), 0)

    # --- tensors ------------------------------------------------------------------------------

    def held(self, value: Value) -> Held:
        """How the network holds a tensor; learned ones get a layer of their own when they are first read."""
        if value not in self.held_by:
            if value.role == ACTIVATION:
                raise Inexpressible("it reads what could not be expressed")
            if len(value.params) > 1:
                self._make(value)
            else:
                self.held_by[value] = self.alone_as(value, value.shape)
        return self.held_by[value]

    def is_alone(self, value: Value) -> bool:
        """Whether a tensor is learned or constant and not yet in the network: it can take the shape it is read in."""
        return value.role != ACTIVATION and value not in self.held_by and len(value.params) < 2

    def _make(self, value: Value) -> None:
        """Enter the layers that compute a tensor from several parameters."""
        made, outer = value.made, self.call
        if made is None or made.name not in self.rules:
            raise Inexpressible(f"a tensor computed from {', '.join(sorted(value.params))[:120]}")
        self.call = made
        try:
            self.rules[made.name](self, made)
        finally:
            self.call = outer

    def alone_as(self, value: Value, seen: tuple[int, ...], batch: int | None = 0) -> Held:
        """A layer for a tensor that no map flows into, seen by PyTorch under a shape that broadcasts."""
        batch = batch if batch is not None and len(seen) > 1 and seen[batch] == 1 else None
        shape = without(seen, batch)
        if value.role == CONSTANT:
            return Held(self.emit(kind("parameter")(shape=shape or (1,), fixed=True), ()), batch)
        (name,) = value.params
        known = self.owner.get(name)
        if known is not None:
            if known.layer.kind != "parameter" or known.facts.output != shape:
                raise Inexpressible(f"the parameter {name} is read in two different ways")
            return Held((known, None), batch)
        table = None if prod(shape) == prod(self.captured.params[name]) else self.captured.params[name] or (1,)
        ref = self.emit(kind("parameter")(shape=shape, table=table), (), params=(name,), path=name)
        return Held(ref, batch)

    def shape(self, ref: Ref) -> Shape:
        source, part = ref
        if isinstance(source, str):
            return self.inputs[source]
        return source.facts.parts[part] if part is not None else source.facts.output

    def map(self, value: Value) -> Ref:
        """A tensor whose batch axis is the first, as layers on maps need it."""
        held = self.whole(value)
        if held.batch != 0:
            raise Inexpressible("the batch is not the first axis here, or folded into others")
        return held.ref

    def whole(self, value: Value) -> Held:
        """A tensor at its full size: one that was only broadcast is written out."""
        held = self.held(value)
        if held.narrow is None:
            return held
        small = self.held(held.narrow)
        batch = small.batch
        ref = small.ref
        for axis, (have, want) in enumerate(zip(self.shape(ref), without(value.shape, batch), strict=True)):
            if have != want:
                ref = self.emit(kind("concat")(dim=axis + 1), (ref,) * want)
        self.held_by[value] = Held(ref, batch)
        return self.held_by[value]

    def axis(self, value: Value, dim: int) -> int:
        """The network's axis, from 0, for one of PyTorch's."""
        batch = self.held(value).batch
        dim = dim % len(value.shape)
        if batch is not None and dim == batch:
            raise Inexpressible("it works along the batch")
        return dim - (batch is not None and dim > batch)

    def with_batch(self, value: Value, batch: int | None) -> Ref:
        """The tensor as a network holds it when the axis ``batch`` is the batch's."""
        held = self.whole(value)
        if held.batch == batch:
            return held.ref
        return self.reshaped(held.ref, without(value.shape, batch))

    def reshaped(self, ref: Ref, shape: Shape) -> Ref:
        """The same numbers under another shape."""
        if self.shape(ref) == shape:
            return ref
        if not shape:
            raise Inexpressible("a single number without axes")
        return self.emit(kind("flatten")() if len(shape) == 1 else kind("reshape")(shape=shape), (ref,))

    # --- layers -------------------------------------------------------------------------------

    def emit(self, layer: Layer, inputs: tuple[Ref, ...], params: tuple[str, ...] = (), path: str | None = None) -> Ref:
        """Enter a layer; its shape must follow from the house's own rule. Raises Inexpressible."""
        shapes = tuple(self.shape(ref) for ref in inputs)
        try:
            facts = self.memo.get((layer, shapes)) or layer.facts(*shapes)
        except ShapeError as error:
            raise Inexpressible(str(error)) from None
        self.memo[layer, shapes] = facts
        if broken := facts.broken():
            raise Inexpressible(f"{layer.kind}: {broken.why}")
        if max(facts.elements, facts.params, facts.macs) > MAX_ELEMENTS or len(self.drafts) >= MAX_LAYERS:
            raise Inexpressible("the network is too large")
        call = self.call
        frozen = bool(params) and all(name in self.captured.frozen for name in params)
        draft = Draft(layer, inputs, facts, path or call.path, call.turn, call.place, params, frozen=frozen,
                      named=path is not None)  # fmt: skip
        for name in params:
            self.owner[name] = draft
        self.drafts.append(draft)
        return draft, None

    def weighted(self, layer: Layer, inputs: tuple[Ref, ...], learned: Iterable[Value | None]) -> Ref:
        """Enter a layer with learned tensors: counted once, here or where they were first used."""
        names, behind = [], []
        for value in learned:
            if value is not None and value.role == LEARNED:
                main = self._main(value)
                names.append(main)
                behind += sorted(value.params - {main})
        owners = {id(self.owner[name]) if name in self.owner else None for name in names}
        if names and owners != {None}:
            first = self.owner.get(names[0])
            if len(owners) > 1 or first is None or first.layer.kind != layer.kind:
                raise Inexpressible(f"it shares {', '.join(names)} with other layers in part only")
            ref = self.emit(layer, inputs)
            self._draft(ref).shares = first
            if self._draft(ref).facts.weights != first.facts.weights:
                raise Inexpressible(f"it uses the numbers of {', '.join(names)} under another shape")
            return ref
        ref = self.emit(layer, inputs, params=tuple(names))
        held = sum(prod(self.captured.params[name]) for name in names)
        if self._draft(ref).facts.params != held:
            raise Inexpressible(f"{layer.kind} learns {self._draft(ref).facts.params:,} numbers, PyTorch has {held:,}")
        for name in behind:
            self.alone(name)
        return ref

    def _draft(self, ref: Ref) -> Draft:
        source, _ = ref
        assert isinstance(source, Draft)
        return source

    def _main(self, value: Value) -> str:
        """The parameter a layer's tensor is made of; others behind it are gains and the like."""
        if value.param is not None:
            return value.param
        alike = [name for name in sorted(value.params) if prod(self.captured.params[name]) == prod(value.shape)]
        same = [name for name in alike if self.captured.params[name] == value.shape]
        if not alike:
            raise Inexpressible(f"its weight is computed from {', '.join(sorted(value.params))[:120]}")
        return (same or alike)[-1]

    def alone(self, name: str) -> None:
        """A parameter that no layer holds: counted by itself."""
        if name not in self.owner:
            shape = self.captured.params[name] or (1,)
            self.emit(kind("parameter")(shape=shape), (), params=(name,), path=name)

    def bind(self, ref: Ref, batch: int | None = 0, output: int = 0) -> None:
        """Say which layer makes an output of the present call; its shape is held against PyTorch's."""
        value = self.call.outputs[output]
        expected = without(value.shape, batch)
        if self.shape(ref) != expected:
            raise Inexpressible(f"it gives {times(self.shape(ref))}, but PyTorch says {times(expected)}")
        self.held_by[value] = Held(ref, batch)


def without(shape: tuple[int, ...], batch: int | None) -> Shape:
    """A shape of PyTorch's without its batch axis."""
    return shape if batch is None else (*shape[:batch], *shape[batch + 1 :])


class _Reading(Reader):
    """The whole of one reading: every call through its rule, then names, then the check."""

    def __init__(self, captured: Captured, opaque: bool) -> None:
        super().__init__(captured, opaque)
        self.faults: list[Fault] = []
        self.opaques: set[str] = set()

    def network(self, name: str) -> Network:
        """The network. Raises SpecError."""
        from cnncalc.pytorch.ops import RULES
        from cnncalc.pytorch.tidying import tidy

        self.rules = RULES
        for call in self.captured.calls:
            self.call = call
            if call.macs or any(value.role == ACTIVATION for value in call.outputs):
                self._read(call)
        outputs = self._outputs()
        if self.faults:
            raise SpecError(self.faults, name)
        unread = [one for one in self.captured.params if one not in self.owner]
        self.call = Call("", {}, (), "", 0, "", 0)
        for one in unread:
            self.alone(one)
        drafts, moved = tidy(self.drafts, [source for source, _ in outputs.values() if isinstance(source, Draft)])
        outputs = {key: moved[ref[0]] if ref[1] is None else ref for key, ref in outputs.items()}  # type: ignore[index]
        captured = self.captured
        _name(drafts, captured, self.inputs)
        nodes = {draft.name: _node(draft) for draft in drafts}
        classes = {_label(path, captured): _word(cls) for path, cls in captured.paths.items() if path}
        notes = (*_notes(unread, captured, outputs), *_part_frozen(drafts, captured))
        about = About(title=name, notes=notes, classes=classes)
        network = Network(name, self.inputs, nodes, tuple(map(_reference, outputs.values())), about=about,
                          memo=self.memo)  # fmt: skip
        self._verify(network)
        return network

    def _read(self, call: Call) -> None:
        rule = self.rules.get(call.name)
        try:
            if call.stale:
                raise Inexpressible("it reads a tensor of which a part was overwritten in place")
            if rule is None:
                raise Inexpressible("no layer kind stands for it")
            rule(self, call)
        except Inexpressible as error:
            self._unread(call, str(error))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            self._unread(call, f"its arguments are unusual ({type(error).__name__}: {error})"[:200])

    def _unread(self, call: Call, why: str) -> None:
        """An operation without a layer: a fault, or - where that is allowed - an opaque layer."""
        at = f" in {call.path}" if call.path else ""
        fault = Fault(f"{call.name}{at} cannot be expressed: {why}", Place(path=call.place),
                      "" if self.opaque else "opaque layers are allowed with --opaque (opaque=True)")  # fmt: skip
        if not self.opaque:
            self.faults.append(fault)
            if len(self.faults) >= MAX_FAULTS:
                raise SpecError(self.faults, type(self.captured.module).__name__)
        self.opaques.add(f"{call.name}{at}")
        read = [value for value in call.values() if value.role == ACTIVATION and value in self.held_by]
        inputs = tuple(dict.fromkeys(self.whole(value).ref for value in read))
        names = sorted({name for value in call.values() for name in value.params if name not in self.owner})
        learned = sum(prod(self.captured.params[name]) for name in names)
        for index, value in enumerate(call.outputs):
            batch = 0 if len(value.shape) > 1 and value.shape[0] == 1 else None
            shape = without(value.shape, batch) or (1,)
            macs = (call.macs or None) if index == 0 else 0
            layer = kind("opaque")(output=shape, params=learned if index == 0 else 0, macs=macs)
            ref = self.emit(layer, inputs or ((next(iter(self.inputs)), None),), () if index else tuple(names))
            self.held_by[value] = Held(ref, batch)

    def _outputs(self) -> dict[str, Ref]:
        found: dict[str, Ref] = {}
        for name, value in self.captured.outputs.items():
            if value.role == ACTIVATION:
                held = self.whole(value)
                found[name] = self._last(held.ref)
        if not found:
            self.faults.append(Fault("no output depends on an input", Place(path="")))
        return found

    def _last(self, ref: Ref) -> Ref:
        """A network's result is a layer, never its bare input."""
        return self.emit(kind("identity")(), (ref,)) if isinstance(ref[0], str) else ref

    def _verify(self, network: Network) -> None:
        """Hold the totals against PyTorch's: parameters one by one, MACs as FlopCounterMode counts them."""
        analysis = Analysis(network)
        params = sum(map(prod, self.captured.params.values()))
        macs = sum(call.macs or 0 for call in self.captured.calls)
        for quantity, ours, theirs in (("params", analysis.params, params), ("macs", analysis.macs, macs)):
            if ours != theirs:
                raise SpecError([Fault(f"read in, {network.name} has {ours:,} {quantity}, but PyTorch has {theirs:,}: "
                                       "please report this module", Place(path=""))])  # fmt: skip


def _node(draft: Draft) -> Node:
    shares = draft.shares.name if draft.shares else None
    return Node(draft.layer, tuple(map(_reference, draft.inputs)), draft.frozen, shares)


def _reference(ref: Ref) -> str:
    source, part = ref
    name = source if isinstance(source, str) else source.name
    return name if part is None else f"{name}[{part}]"


def _notes(unread: list[str], captured: Captured, outputs: Mapping[str, Ref]) -> Iterable[str]:
    if unread:
        count = sum(prod(captured.params[name]) for name in unread)
        blocks = list(dict.fromkeys(name.partition(".")[0] for name in unread))
        shown = ", ".join(blocks[:5]) + (", ..." if len(blocks) > 5 else "")
        yield f"{count:,} parameters are never read in this run, and counted: {shown}"
    constant = [name for name in captured.outputs if name not in outputs]
    if constant:
        yield f"outputs that depend on no input are left out: {', '.join(constant[:5])}"


def _part_frozen(drafts: list[Draft], captured: Captured) -> Iterable[str]:
    """Layers of which only a part is frozen: the network knows whole layers only."""
    partly = [d.name for d in drafts if not d.frozen and any(name in captured.frozen for name in d.params)]
    if partly:
        yield f"frozen in part, and counted as trainable: {', '.join(partly[:5])}{', ...' if len(partly) > 5 else ''}"


# --- names --------------------------------------------------------------------------------------


def _name(drafts: list[Draft], captured: Captured, taken: Iterable[str]) -> None:
    """Layers by the path of their module; what a module does besides, by kind and number within it."""
    holders = {path[:end] for path in {draft.path for draft in drafts} for end in _dots(path)} | {""}
    each: dict[tuple[str, int], int] = {}
    for draft in drafts:
        each[draft.path, draft.turn] = each.get((draft.path, draft.turn), 0) + 1
    several = {path for (path, _), count in each.items() if count > 1} | holders
    used = {*taken}
    counts: dict[tuple[str, str], int] = {}
    for draft in drafts:
        path = _label(draft.path, captured)
        if draft.named or draft.path not in several:
            draft.name = _free(path, used)
        else:
            draft.name = _numbered(path, draft.layer.kind, used, counts)
        used.add(draft.name)


def _dots(path: str) -> Iterable[int]:
    return (found.start() for found in re.finditer(r"\.", path))


def _free(name: str, used: set[str]) -> str:
    number, free = 1, name
    while free in used:
        number += 1
        free = f"{name}_{number}"
    return free


def _numbered(path: str, word: str, used: set[str], counts: dict[tuple[str, str], int]) -> str:
    while True:
        counts[path, word] = number = counts.get((path, word), 0) + 1
        name = f"{path}.{word}_{number}" if path else f"{word}_{number}"
        if name not in used:
            return name


def _word(cls: type) -> str:
    """A class's name as a block is called: InvertedResidual -> inverted_residual."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"\W", "", cls.__name__)).lower()


def _label(path: str, captured: Captured) -> str:
    """A module's path as a layer's name: a letter first, then letters, digits, _ and dots."""
    label = re.sub(r"[^A-Za-z0-9_.]", "_", path)
    if label[:1].isdigit():
        first, dot, rest = label.partition(".")
        label = f"{captured.paths[first].__name__.lower()}_{first}{dot}{rest}"
    return label
