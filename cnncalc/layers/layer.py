"""What every layer kind shares: the facts it states, and how a class becomes a kind."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

from cnncalc.exact.records import fresh, record
from cnncalc.exact.rules import Rule, ShapeError
from cnncalc.exact.sizes import Dim, Shape, prod, times
from cnncalc.exact.windows import AxisWindow
from cnncalc.layers.fields import Reader, readers

EVERYTHING = "everything"  # the window of a layer whose every output reads the whole input

Windows = tuple[AxisWindow | None, ...] | str | None


@record
class Facts:
    """What is true of one layer on given input shapes; every analysis is a fold over these.

    ``output``    shape, channels first, without the batch axis
    ``weights``   learned tensors by PyTorch's names; ``buffers`` likewise for stored statistics
    ``macs``      multiply-accumulates of convolution, linear and matrix products, no bias, batch 1
    ``connections``  links into the layer's units as LeCun et al. 1998 count them, biases included
    ``windows``   one a spatial axis, or one for every axis; None: position i reads position i; `EVERYTHING`
    ``axes``      where each output axis comes from (None: folded); absent: unmoved
    ``parts``     the shapes of the pieces, where a layer returns several
    ``beyond``    what stands outside the map: zeros, or its own numbers (reflect, replicate, circular)
    ``copies``    how often what follows is run for one image (the R of RoI pooling)
    ``uncounted`` whether the layer multiplies numbers that ``macs`` does not count
    """

    output: Shape
    weights: Mapping[str, Shape] = fresh(default_factory=dict)
    buffers: Mapping[str, Shape] = fresh(default_factory=dict)
    macs: Dim = 0
    connections: Dim = 0
    windows: Windows = None
    requires: tuple[Rule, ...] = ()
    axes: tuple[int | None, ...] | None = None
    parts: tuple[Shape, ...] = ()
    copies: Dim = 1
    beyond: str = "zeros"
    uncounted: bool = False

    @cached_property
    def params(self) -> Dim:
        """How many numbers are learned."""
        return sum(prod(shape) for shape in self.weights.values())

    @cached_property
    def buffered(self) -> Dim:
        """How many numbers are stored but not learned (running statistics, fixed tables)."""
        return sum(prod(shape) for shape in self.buffers.values())

    @cached_property
    def elements(self) -> Dim:
        """How many numbers the output holds."""
        return prod(self.output)

    def broken(self) -> Rule | None:
        """The first requirement that certainly fails."""
        return next((rule for rule in self.requires if rule.holds() is False), None)


class Layer:
    """A kind of layer: hyperparameters, and one rule.

    Instances are immutable values: equal fields are equal layers. ``positional`` are the fields the
    short form takes by position; ``view`` kinds hand on their input's memory; ``statistics`` kinds
    normalise by sums over the whole map.
    """

    kind: ClassVar[str] = ""
    fields: ClassVar[dict[str, Reader]] = {}
    defaults: ClassVar[dict[str, Any]] = {}
    positional: ClassVar[tuple[str, ...]] = ()
    arity: ClassVar[tuple[int, int | None]] = (1, 1)
    view: ClassVar[bool] = False
    _hash: int

    __slots__ = ("__dict__", "_hash")

    def __init__(self, *args: Any, **given: Any) -> None:
        names = tuple(self.fields)
        if len(args) > len(names):
            raise TypeError(f"{self.kind} takes at most {len(names)} values")
        given |= dict(zip(names, args, strict=False))
        for name in names:
            if name not in given and name not in self.defaults:
                raise TypeError(f"{self.kind} needs {name}")
        if unknown := given.keys() - self.fields.keys():
            raise TypeError(f"{self.kind} has no {', '.join(sorted(unknown))}")
        self.__dict__.update({name: given[name] if name in given else self.defaults[name] for name in names})
        object.__setattr__(self, "_hash", hash((self.kind, *self.__dict__.values())))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.kind} layers cannot be changed; make another with .but({name}=...)")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        stated = ", ".join(f"{name}={value!r}" for name, value in self.stated().items())
        return f"{type(self).__name__}({stated})"

    def stated(self) -> dict[str, Any]:
        """The fields that differ from their defaults, in order."""
        missing = object()
        return {
            name: self.__dict__[name] for name in self.fields if self.defaults.get(name, missing) != self.__dict__[name]
        }

    def but(self, **changes: Any) -> Self:
        """The same layer with some fields changed."""
        return type(self)(**(self.__dict__ | changes))

    def facts(self, *inputs: Any, **named: Any) -> Facts:
        """The layer's rule, on input shapes. Raises ShapeError for an input of the wrong rank."""
        raise TypeError(f"{type(self).__name__} is not a layer kind")

    def minimums(self) -> tuple[Rule, ...]:
        """What is asked of fields that an open symbol decides: a kernel_size of w - 5 is at least 1."""
        rules = []
        for name, reader in self.fields.items():
            least = getattr(getattr(reader, "reader", reader), "least", None)
            if least is not None:
                rules += [
                    at_least(value - least, "{name} must be at least {least}, not {value}",
                             name=name, least=least, value=value)
                    for value in _entries(self.__dict__[name]) if hasattr(value, "symbols")
                ]  # fmt: skip
        return tuple(rules)

    def statistics(self) -> bool:
        """Whether each output also depends on sums over the whole map (at inference)."""
        return False


KINDS: dict[str, type[Layer]] = {}  # filled as families are imported; see cnncalc.layers
L = TypeVar("L", bound=type[Layer])


@dataclass_transform(frozen_default=True)
def layer(kind: str) -> Callable[[L], L]:
    """Enter a class under its name in specs, with fields read off its annotations.

    A dataclass in spirit, without generated code: forty dataclasses cost a third of the start-up
    time of a one-line question, this costs none of it.
    """

    def enter(cls: L) -> L:
        if kind in KINDS:
            raise ValueError(f"layer kind {kind!r} is taken by {KINDS[kind].__qualname__}")
        cls.kind = kind
        annotations = {
            name: annotation for name, annotation in cls.__annotations__.items() if hasattr(annotation, "__metadata__")
        }
        cls.fields = cls.fields | readers(annotations)
        cls.defaults = cls.defaults | {name: cls.__dict__[name] for name in annotations if name in cls.__dict__}
        if not cls.positional:
            cls.positional = tuple(name for name in cls.fields if name not in cls.defaults)
        KINDS[kind] = cls
        return cls

    return enter


def spatial(kind: str, x: Shape, ranks: tuple[int, ...] = (1, 2, 3)) -> tuple[Dim, tuple[Dim, ...]]:
    """Channels and spatial sizes of a map, or a ShapeError saying what was given instead."""
    if len(x) - 1 not in ranks:
        axes = " or ".join(str(rank) for rank in ranks)
        given = f"{times(x)} features" if len(x) == 1 else times(x)
        raise ShapeError(f"{kind} needs channels and {axes} spatial axes, not {given}")
    return x[0], x[1:]


def per_axis(value: Any, rank: int, name: str) -> tuple[Dim, ...]:
    """One value for each of ``rank`` axes."""
    if not isinstance(value, tuple):
        return (value,) * rank
    if len(value) != rank:
        given = "axis" if len(value) == 1 else "axes"
        raise ShapeError(f"{name} {times(value)} is for {len(value)} {given}, but the map has {rank}")
    return value


def pairs(value: Any, rank: int, name: str) -> tuple[tuple[Dim, Dim], ...]:
    """(before, after) for each of ``rank`` axes, from a number, one an axis, or pairs."""
    if not isinstance(value, tuple):
        return ((value, value),) * rank
    if len(value) != rank:
        given = "axis" if len(value) == 1 else "axes"
        raise ShapeError(f"{name} is given for {len(value)} {given}, but the map has {rank}")
    return tuple(side if isinstance(side, tuple) else (side, side) for side in value)


def _entries(value: Any) -> list[Any]:
    """A field's value, or the values in its tuples."""
    return [entry for part in value for entry in _entries(part)] if isinstance(value, tuple) else [value]


def at_least(gap: Dim, template: str, **values: Any) -> Rule:
    """Require ``gap`` >= 0."""
    return Rule(gap, ">=", template, values)


def equal(gap: Dim, template: str, **values: Any) -> Rule:
    """Require ``gap`` = 0."""
    return Rule(gap, "=", template, values)


def declared(given: Any, actual: Dim, name: str) -> tuple[Rule, ...]:
    """A size that is inferred anyway, checked where the author states it."""
    if given is None:
        return ()
    return (equal(actual - given, "{name} says {given}, but {actual} come in", name=name, given=given, actual=actual),)


def axis_names(rank: int) -> tuple[str, ...]:
    """What the axes of a tensor are called: channels first, then the spatial ones."""
    names = {
        1: ("channels",),
        2: ("channels", "length"),
        3: ("channels", "height", "width"),
        4: ("channels", "depth", "height", "width"),
    }
    if rank not in names:
        raise ShapeError(f"a tensor with {rank} axes has no named axes")
    return names[rank]
