"""Small immutable values, as `dataclasses` makes them, but without generated code.

A dataclass is compiled anew at every start (about 0.8 ms each); cnncalc has thirty, which would be
half the time of a one-line question. These share their methods instead. Type checkers see dataclasses.
"""

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class _Factory:
    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def fresh(*, default_factory: Callable[[], T]) -> T:
    """A default that is made anew for each instance."""
    return _Factory(default_factory)  # type: ignore[return-value]


@dataclass_transform(frozen_default=True, field_specifiers=(fresh,))
def record(cls: type[T]) -> type[T]:
    """An immutable value: equal fields are equal records; changed copies by `changed`."""
    made = mutable(cls)
    names = made._names  # type: ignore[attr-defined]
    if "__eq__" not in vars(cls):

        def equal(self: Any, other: object) -> Any:
            if self is other:
                return True
            if type(self) is not type(other):
                return NotImplemented
            mine, theirs = self.__dict__, other.__dict__
            return all(mine[name] == theirs[name] for name in names)

        def hashed(self: Any) -> int:
            mine = self.__dict__
            return hash(tuple([mine[name] for name in names]))

        made.__eq__ = equal  # type: ignore[method-assign]
        made.__hash__ = hashed  # type: ignore[method-assign]
    made.__setattr__ = _refuse  # type: ignore[method-assign]
    return made


@dataclass_transform(field_specifiers=(fresh,))
def mutable(cls: type[T]) -> type[T]:
    """The same with fields that may be set later, compared by identity."""
    names = tuple(name for name in cls.__annotations__ if not name.startswith("_"))
    defaults = {name: vars(cls)[name] for name in names if name in vars(cls)}
    factories = {name: value.make for name, value in defaults.items() if isinstance(value, _Factory)}
    plain = {name: value for name, value in defaults.items() if name not in factories}

    def init(self: Any, *args: Any, **given: Any) -> None:
        fields = self.__dict__
        if plain:
            fields.update(plain)
        if args:
            fields.update(zip(names, args, strict=False))
        if given:
            fields.update(given)
        for name, make in factories.items():
            if name not in fields:
                fields[name] = make()
        if len(fields) != len(names) or len(args) > len(names):
            _complain(cls, names, args, fields)

    cls._names = names  # type: ignore[attr-defined]
    cls.__init__ = init  # type: ignore[method-assign]
    if "__repr__" not in vars(cls):
        cls.__repr__ = _shown  # type: ignore[method-assign]
    return cls


def changed(value: T, **changes: Any) -> T:
    """A copy with some fields changed."""
    names = value._names  # type: ignore[attr-defined]
    return type(value)(**({name: value.__dict__[name] for name in names} | changes))


def _complain(cls: type, names: tuple[str, ...], args: tuple[Any, ...], fields: dict[str, Any]) -> None:
    missing = [name for name in names if name not in fields]
    unknown = [name for name in fields if name not in names]
    raise TypeError(f"{cls.__name__}: missing {missing}, unknown {unknown}, {len(args)} values by position")


def _refuse(self: Any, name: str, value: Any) -> None:
    raise AttributeError(f"{type(self).__name__} cannot be changed; use changed(value, {name}=...)")


def _shown(self: Any) -> str:
    fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._names)
    return f"{type(self).__name__}({fields})"
