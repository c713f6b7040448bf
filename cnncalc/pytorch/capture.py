"""One run of a module without data: every operation it performs, with shapes, module paths and source lines.

The module is copied onto PyTorch's meta device (shapes, no numbers) and its copy run once, while three
observers look on: a dispatch mode sees every operation that reaches ATen, where FlopCounterMode counts
too; a function mode keeps a few functions whole that ATen would take apart (`WHOLE`); module hooks say
in which submodule all this happens. Against ``torch.export`` the observed operations are the same, at
about a tenth of the time, and control flow on shapes is simply run.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from os.path import basename, dirname, sep
from typing import Any
from warnings import catch_warnings, simplefilter

import torch
from torch import Tensor, nn
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

ACTIVATION, LEARNED, CONSTANT = "activation", "learned", "constant"
MAX_CALLS = 150_000
HERE = (dirname(torch.__file__) + sep, dirname(__file__) + sep)

F = nn.functional
_X = ("input",)
_DROPOUT = ("input", "p", "training", "inplace")
WHOLE: dict[Any, tuple[str, tuple[str, ...]]] = {
    F.linear: ("linear", ("input", "weight", "bias")),
    F.scaled_dot_product_attention: (
        "attention",
        ("query", "key", "value", "attn_mask", "dropout_p", "is_causal", "scale", "enable_gqa"),
    ),
    F.instance_norm: (
        "instance_norm",
        ("input", "running_mean", "running_var", "weight", "bias", "use_input_stats", "momentum", "eps"),
    ),
    F.local_response_norm: ("local_response_norm", ("input", "size", "alpha", "beta", "k")),
    F.max_pool1d: ("max_pool1d", ("self", "kernel_size", "stride", "padding", "dilation", "ceil_mode")),
    F.avg_pool1d: ("avg_pool1d", ("self", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")),
    **dict.fromkeys((F.selu,), ("selu", _X)),
    **dict.fromkeys((F.softsign,), ("softsign", _X)),
    **dict.fromkeys((F.tanhshrink,), ("tanhshrink", _X)),
    **dict.fromkeys(
        (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d, F.adaptive_avg_pool3d),
        ("adaptive_avg_pool", ("input", "output_size")),
    ),
    **dict.fromkeys(
        (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d),
        ("lp_pool", ("input", "norm_type", "kernel_size", "stride", "ceil_mode")),
    ),
    **dict.fromkeys((F.dropout, F.dropout1d, F.dropout2d, F.dropout3d, F.alpha_dropout), ("dropout", _DROPOUT)),
    **dict.fromkeys((torch.matmul, Tensor.matmul, Tensor.__matmul__), ("matmul", ("self", "other"))),
}
"""Functions that are recorded as one operation rather than as those ATen makes of them."""

SAME_NUMBERS = frozenset(
    [
        "view",
        "_unsafe_view",
        "reshape",
        "t",
        "transpose",
        "permute",
        "unsqueeze",
        "squeeze",
        "detach",
        "alias",
        "clone",
        "expand",
        "contiguous",
        "_reshape_alias",
        "movedim",
        "lift_fresh",
    ]
)
"""Operations whose result holds the numbers of their operand, each once (``expand`` where it does)."""


SHAPE_ONLY = frozenset(
    [
        "new_zeros",
        "new_ones",
        "new_full",
        "new_empty",
        "new_empty_strided",
        "zeros_like",
        "ones_like",
        "full_like",
        "empty_like",
        "rand_like",
        "randn_like",
    ]
)
"""Operations that read the shape of their operand and none of its numbers."""


class CaptureError(ValueError):
    """The module cannot be run without data; the text says why."""


@dataclass(eq=False, slots=True)
class Value:
    """A tensor: what it is made of. ``params`` names the learned tensors behind it, ``param`` the one
    whose numbers it holds unchanged; ``place`` is where it was overwritten, if it was."""

    shape: tuple[int, ...]
    role: str
    params: frozenset[str] = frozenset()
    param: str | None = None
    memory: int = 0
    version: int = 0
    made: Call | None = None


@dataclass(eq=False, slots=True)
class Call:
    """One operation: its name, its arguments by name with tensors as `Value`, what came out, where it stands."""

    name: str
    args: dict[str, Any]
    outputs: tuple[Value, ...]
    path: str
    turn: int  # which call of that module
    place: str
    macs: int | None  # None: no formula is known
    stale: bool = False  # reads a tensor of which another view was overwritten since

    def values(self) -> Iterator[Value]:
        return _values(tuple(self.args.values()))

    def __getitem__(self, name: str) -> Any:
        return self.args[name]

    def get(self, name: str, default: Any = None) -> Any:
        """An argument, or a default where the operation has none of that name or left it open."""
        found = self.args.get(name)
        return default if found is None else found


@dataclass
class Captured:
    """What a module does with inputs of given shapes."""

    module: nn.Module  # the copy on the meta device
    inputs: tuple[Value, ...]
    calls: list[Call]
    outputs: dict[str, Value]
    params: dict[str, tuple[int, ...]]
    frozen: frozenset[str]
    paths: dict[str, type[nn.Module]] = field(default_factory=dict)


def _values(item: Any) -> Iterator[Value]:
    if isinstance(item, Value):
        yield item
    elif isinstance(item, tuple | list):
        for part in item:
            yield from _values(part)


def capture(module: nn.Module, shapes: Sequence[tuple[int, ...]]) -> Captured:
    """Run a copy of ``module`` on meta tensors of these shapes, batch 1. Raises CaptureError."""
    twin = without_data(module).eval()
    recorder = _Recorder(twin)
    inputs = [torch.empty((1, *shape), dtype=_dtype(twin), device="meta") for shape in shapes]
    given = tuple(recorder.given(tensor) for tensor in inputs)
    with torch.no_grad(), recorder.watching(), redirect_stdout(sys.stderr), catch_warnings():
        simplefilter("ignore")
        try:
            result = twin(*inputs)
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:
            raise CaptureError(recorder.told(error)) from error
    outputs = {name: recorder.value(tensor) for name, tensor in _named("", result)}
    if not outputs:
        raise CaptureError(f"the module returns no tensor, but {type(result).__name__}")
    params = {name: tuple(one.shape) for name, one in twin.named_parameters()}
    frozen = frozenset(name for name, one in twin.named_parameters() if not one.requires_grad)
    paths = {path: type(one) for path, one in twin.named_modules()}
    return Captured(twin, given, recorder.calls, outputs, params, frozen, paths)


def without_data(module: nn.Module) -> nn.Module:
    """A copy whose parameters and buffers are on the meta device; the module itself is not touched."""
    module = getattr(module, "_orig_mod", module)  # what torch.compile wraps
    if any(isinstance(one, torch.jit.ScriptModule) for one in module.modules()):
        raise CaptureError("a scripted module cannot be read: read the module it was made of")
    twins: dict[int, Any] = {}
    for name, tensor in (*module.named_parameters(), *module.named_buffers()):
        if isinstance(tensor, nn.parameter.UninitializedTensorMixin):
            raise CaptureError(f"{name} has no shape yet: run the lazy module once before it is read in")
        if id(tensor) not in twins:
            twins[id(tensor)] = _twin(tensor)
    attributes = [value for one in module.modules() for key, value in vars(one).items() if key not in REGISTERED]
    twins |= {id(one): one.detach() for one in attributes if isinstance(one, Tensor) and not one.is_leaf}
    try:
        return copy.deepcopy(module, dict(twins))
    except Exception:
        twins |= {id(one): one for one in attributes if not _can_be_copied(one, twins)}
    try:
        return copy.deepcopy(module, twins)
    except Exception as error:
        raise CaptureError(f"the module cannot be copied: {type(error).__name__}: {error}") from error


REGISTERED = ("_parameters", "_buffers", "_modules")


def _can_be_copied(value: Any, twins: dict[int, Any]) -> bool:
    """Whether a copy can have its own; locks and open files are shared with it instead."""
    if isinstance(value, nn.Module) or id(value) in twins:
        return True
    try:
        copy.deepcopy(value, dict(twins))
    except Exception:
        return False
    return True


def _twin(tensor: Tensor) -> Tensor:
    shape = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device="meta")
    if isinstance(tensor, nn.Parameter):
        return nn.Parameter(shape, tensor.requires_grad)
    return shape


def _dtype(module: nn.Module) -> torch.dtype:
    """The number type the module computes in: that of its first floating parameter."""
    return next((one.dtype for one in module.parameters() if one.is_floating_point()), torch.float32)


def _named(name: str, result: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors of a module's result, with names from keys and places."""
    if isinstance(result, Tensor):
        yield name or "output", result
    elif isinstance(result, Mapping):
        for key, part in result.items():
            yield from _named(f"{name}.{key}" if name else str(key), part)
    elif is_dataclass(result):
        for one in fields(result):
            yield from _named(f"{name}.{one.name}" if name else one.name, getattr(result, one.name))
    elif isinstance(result, tuple | list):
        keys = getattr(result, "_fields", range(len(result)))
        for key, part in zip(keys, result, strict=True):
            yield from _named(f"{name}.{key}" if name else str(key), part)


class _Recorder:
    """Keeps the record of one run; the two modes and the hooks report to it."""

    def __init__(self, module: nn.Module) -> None:
        self.calls: list[Call] = []
        self.known: dict[int, Value] = {}
        self.kept: list[Tensor] = []  # what ``known`` refers to stays alive, so that ids stay true
        self.versions: dict[int, int] = {}
        self.living: dict[int, list[tuple[Value, Any]]] = {}  # by memory: the tensors that lie there, and how
        self.paths = {id(one): path for path, one in module.named_modules()}
        self.stack: list[tuple[str, int]] = [("", 1)]
        self.turns: dict[str, int] = {}
        self.at = ""  # the module that ran last
        self.whole: Call | None = None
        for name, tensor in module.named_parameters():
            self._know(tensor, Value(tuple(tensor.shape), LEARNED, frozenset((name,)), name))

    # --- observers ----------------------------------------------------------------------------

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Hooks and modes in place for one run, and gone after it."""
        enter = hooks.register_module_forward_pre_hook(self._entered)
        leave = hooks.register_module_forward_hook(self._left, always_call=True)
        try:
            with _Functions(self), _Operations(self):
                yield
        finally:
            enter.remove()
            leave.remove()

    def _entered(self, module: nn.Module, args: Any) -> None:
        path = self.paths.get(id(module), self.stack[-1][0])
        self.turns[path] = self.turns.get(path, 0) + 1
        self.stack.append((path, self.turns[path]))
        self.at = path

    def _left(self, module: nn.Module, args: Any, result: Any) -> None:
        if len(self.stack) > 1:
            self.stack.pop()

    # --- values -------------------------------------------------------------------------------

    def given(self, tensor: Tensor) -> Value:
        return self._know(tensor, Value(tuple(tensor.shape), ACTIVATION))

    def _know(self, tensor: Tensor, value: Value) -> Value:
        value.memory = tensor.untyped_storage()._cdata
        value.version = self.versions.get(value.memory, 0)
        self.known[id(tensor)] = value
        self.kept.append(tensor)
        if value.role != CONSTANT:
            self.living.setdefault(value.memory, []).append((value, (tensor.stride(), tensor.storage_offset())))
        return value

    def value(self, tensor: Tensor) -> Value:
        """What is known of a tensor. One that was never seen is a constant, unless it lies where a known one
        does (``x.data`` hands out such): then it is that one, or - laid out otherwise - one nobody made."""
        known = self.known.get(id(tensor))
        if known is not None:
            return known
        shape, layout = tuple(tensor.shape), (tensor.stride(), tensor.storage_offset())
        there = self.living.get(tensor.untyped_storage()._cdata, ())
        for value, laid in reversed(there):
            if value.shape == shape and laid == layout:
                self.known[id(tensor)] = value
                self.kept.append(tensor)
                return value
        return self._know(tensor, Value(shape, ACTIVATION if there else CONSTANT))

    def valued(self, item: Any) -> Any:
        """Arguments with their tensors as values."""
        if isinstance(item, Tensor):
            return self.value(item)
        if isinstance(item, tuple | list):
            return type(item)([self.valued(part) for part in item]) if type(item) in (tuple, list) else tuple(item)
        return item

    # --- operations ---------------------------------------------------------------------------

    def performed(self, func: Any, args: Any, kwargs: Any, result: Any, macs: int | None) -> None:
        """One ATen operation has run; within one that is recorded whole only its cost is kept."""
        if self.whole is None:
            name, names, defaults, writes = _schema(func)
            given = defaults | dict(zip(names, args, strict=False)) | kwargs
            self.record(name, {key: self.valued(one) for key, one in given.items()}, result, macs, writes)
        elif macs is None:
            self.whole.macs = None
        elif self.whole.macs is not None:
            self.whole.macs += macs

    def record(self, name: str, args: dict[str, Any], result: Any, macs: int | None, writes: bool = False) -> Call:
        """Enter a call and its results."""
        path, turn = self.stack[-1]
        self.at = path
        call = Call(name, args, (), path, turn, _place(), macs)
        read = list(call.values())
        call.stale = any(one.version != self.versions.get(one.memory, 0) for one in read)
        role = min((one.role for one in read), key=(ACTIVATION, LEARNED, CONSTANT).index, default=CONSTANT)
        role = CONSTANT if name in SHAPE_ONLY else role
        params = frozenset().union(*(one.params for one in read)) if role == LEARNED else frozenset()
        tensors = [result] if isinstance(result, Tensor) else [one for one in _flat(result) if isinstance(one, Tensor)]
        outputs = []
        for tensor in tensors:
            if writes and role == ACTIVATION:
                memory = tensor.untyped_storage()._cdata
                self.versions[memory] = self.versions.get(memory, 0) + 1
            elif (before := self.known.get(id(tensor))) is not None and role != ACTIVATION:
                outputs.append(before)
                continue
            param = _unchanged(name, read, tensor)
            outputs.append(self._know(tensor, Value(tuple(tensor.shape), role, params, param, made=call)))
        call.outputs = tuple(outputs)
        self.calls.append(call)
        if len(self.calls) > MAX_CALLS:
            raise CaptureError(f"the module performs more than {MAX_CALLS:,} operations")
        return call

    def told(self, error: BaseException) -> str:
        """Why a run ended early, and where."""
        within = f" in {self.at}" if self.at else ""
        text = " ".join(str(error).split())[:300] or "no reason given"
        why = "; it needs numbers, and there are only shapes" if "meta tensor" in text else ""
        return f"the module's forward stopped{within}: {type(error).__name__}: {text}{why} ({place_of(error)})"


def _flat(result: Any) -> Iterable[Any]:
    if isinstance(result, tuple | list):
        for part in result:
            yield from _flat(part)
    else:
        yield result


def _unchanged(name: str, read: list[Value], tensor: Tensor) -> str | None:
    """The parameter whose numbers a result holds, each once."""
    if len(read) == 1 and name in SAME_NUMBERS and read[0].param and _count(read[0].shape) == tensor.numel():
        return read[0].param
    return None


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


class _Operations(TorchDispatchMode):
    """Sees every ATen operation; tensors that still lie elsewhere are brought to the meta device."""

    def __init__(self, recorder: _Recorder) -> None:
        super().__init__()
        self.recorder = recorder
        self.twins: dict[int, tuple[Tensor, Tensor]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        tensors = [one for one in _flat((args, list(kwargs.values()))) if isinstance(one, Tensor)]
        if any(one.is_meta for one in tensors) and not all(one.is_meta for one in tensors):
            args, kwargs = self._on_meta(args), {key: self._on_meta(one) for key, one in kwargs.items()}
        result = func(*args, **kwargs)
        packet = func.overloadpacket
        formula = flop_registry.get(packet)
        if formula is not None:
            macs: int | None = int(formula(*args, **kwargs, out_val=result)) // 2
        else:
            macs = 0 if _costs_nothing(func) else None
        self.recorder.performed(func, args, kwargs, result, macs)
        return result

    def _on_meta(self, item: Any) -> Any:
        if isinstance(item, Tensor):
            if item.is_meta:
                return item
            if id(item) not in self.twins:
                twin = torch.empty_strided(item.shape, item.stride(), dtype=item.dtype, device="meta")
                known = self.recorder.known.get(id(item))
                if known is not None:
                    self.recorder.known[id(twin)] = known
                self.twins[id(item)] = item, twin
            return self.twins[id(item)][1]
        if type(item) in (tuple, list):
            return type(item)(self._on_meta(part) for part in item)
        return item


@cache
def _schema(func: Any) -> tuple[str, tuple[str, ...], dict[str, Any], bool]:
    """An operation's name ("add" for aten.add_.Tensor, other libraries keep theirs), its arguments' names and
    defaults, and whether it writes into one of them."""
    schema = func._schema
    space, _, name = schema.name.partition("::")
    short = name.removesuffix("_")
    names = tuple(argument.name for argument in schema.arguments)
    defaults = {one.name: one.default_value for one in schema.arguments if one.has_default_value()}
    return short if space == "aten" else f"{space}.{short}", names, defaults, bool(schema.is_mutable)


PRODUCTS = ("linalg", "fft", "cdist", "lstm", "gru", "rnn", "attention", "conv", "mm", "dot", "addmv", "ger", "cross")


@cache
def _costs_nothing(func: Any) -> bool:
    """Whether an operation without a formula is one of ATen's that certainly multiplies no matrices."""
    space, _, name = func._schema.name.partition("::")
    return space == "aten" and (name == "linalg_vector_norm" or not any(word in name for word in PRODUCTS))


class _Functions(TorchFunctionMode):
    """Keeps the functions in `WHOLE` in one piece."""

    def __init__(self, recorder: _Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        recorder = self.recorder
        known = WHOLE.get(func)
        if known is None or recorder.whole is not None:
            return func(*args, **kwargs)
        name, names = known
        given = {key: recorder.valued(one) for key, one in (dict(zip(names, args, strict=False)) | kwargs).items()}
        if all(value.role == CONSTANT for value in _values(tuple(given.values()))):
            return func(*args, **kwargs)
        recorder.whole = held = Call(name, {}, (), "", 0, "", 0)
        try:
            result = func(*args, **kwargs)
            if name == "dropout":
                result = torch.empty_like(result)  # in evaluation the input itself, which has a name already
        finally:
            recorder.whole = None
        recorder.record(name, given, result, held.macs)
        return result


@cache
def _is_ours(filename: str) -> bool:
    return filename.startswith(HERE) or filename.startswith("<")


def _place() -> str:
    """file:line of the innermost frame outside PyTorch and this package."""
    frame: Any = sys._getframe(2)
    while frame is not None and _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return f"{basename(frame.f_code.co_filename)}:{frame.f_lineno}" if frame else ""


def place_of(error: BaseException) -> str:
    """file:line of the innermost frame of an error's traceback that is not PyTorch's."""
    found, step = "", error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if not _is_ours(name):
            found = f"{basename(name)}:{step.tb_lineno}"
        step = step.tb_next
    return found or "in PyTorch"
