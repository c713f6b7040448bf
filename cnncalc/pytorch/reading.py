"""A torch module read in as a Network: every operation of one run turned into a layer, and every layer held
against what PyTorch said of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import nn

from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import prod
from cnncalc.layers import kind
from cnncalc.network import About, Network, Node
from cnncalc.pytorch.capture import ACTIVATION, Call, Captured, CaptureError, capture
from cnncalc.pytorch.ops import RULES
from cnncalc.pytorch.reader import Draft, Held, Inexpressible, Reader, Ref, without
from cnncalc.pytorch.tidying import tidy
from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, SpecError


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


class _Reading(Reader):
    """The whole of one reading: every call through its rule, then names, then the check."""

    def __init__(self, captured: Captured, opaque: bool) -> None:
        super().__init__(captured)
        self.rules, self.opaque = RULES, opaque
        self.faults: list[Fault] = []
        self.opaques: set[str] = set()

    def network(self, name: str) -> Network:
        """The network. Raises SpecError."""
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
