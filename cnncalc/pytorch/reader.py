"""What the rules of `cnncalc.pytorch.ops` work with: PyTorch's tensors on one side, layers on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, prod, times
from cnncalc.layers import Facts, Layer, kind
from cnncalc.pytorch.capture import ACTIVATION, CONSTANT, LEARNED, Call, Captured, Value
from cnncalc.spec.build import MAX_ELEMENTS, MAX_LAYERS

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


class Reader:
    """Tensors in, layers out: keeps the layers entered so far, and which of them holds which tensor."""

    def __init__(self, captured: Captured) -> None:
        self.captured = captured
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
