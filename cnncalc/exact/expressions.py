"""Arithmetic written by strangers, evaluated exactly and within bounds.

A whitelist over Python's ``ast``: integers, decimals, declared names, ``+ - * / // % **``,
comparisons, ``and or not``, and ``floor ceil min max``. Nothing is ever passed to ``eval``; every
intermediate result is held to `MAX_BITS`.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any
from warnings import catch_warnings, simplefilter

from cnncalc.exact.sizes import Dim, larger, smaller

MAX_LENGTH = 500
MAX_DEPTH = 30
MAX_NODES = 200
MAX_BITS = 128
MAX_EXPONENT = 16

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")
_INTEGER = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]{1,3}")


class ExpressionError(ValueError):
    """An expression that is malformed, not allowed, unknown or too large."""


class UnknownName(ExpressionError):
    """A name that nobody declared."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown name '{name}'")
        self.name = name


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """The exact value of ``text``: an int, a Fraction, a bool, or what the names stand for.

    Raises ExpressionError with a sentence for the user.

    >>> evaluate("4*mid // 3", {"mid": 64})
    85
    >>> evaluate("0.75*width", {"width": 32})
    24
    """
    if _INTEGER.fullmatch(text) and len(text) <= 19:
        return int(text)
    return _value(parsed(text), text, names)


def names_in(text: str) -> set[str]:
    """The names an expression mentions, functions left out.

    >>> sorted(names_in("max(stage_1.conv_2, n) + split_1[1]"))
    ['n', 'split_1[1]', 'stage_1.conv_2']
    """
    return set(_names_in(parsed(text)))


def _names_in(node: ast.expr) -> Iterator[str]:
    if path := _path(node):
        yield path
        return
    parts = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    for part in parts:
        if isinstance(part, ast.expr):
            yield from _names_in(part)


def _path(node: ast.expr) -> str:
    """A name, or a dotted one with a part's number, as it is written; "" for anything else."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute() if path := _path(node.value):
            return f"{path}.{node.attr}"
        case ast.Subscript(slice=ast.Constant(value=int() as part)) if path := _path(node.value):
            return f"{path}[{part}]"
        case _:
            return ""


def simplest(value: Any) -> Any:
    """A whole Fraction as an int; everything else as it is."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


@lru_cache(maxsize=4096)
def parsed(text: str) -> ast.expr:
    """The tree of an expression that is not too long, too deep or too large. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters")
    if not text.strip():
        raise ExpressionError("an expression is missing")
    if not text.isascii() or "\0" in text or "\n" in text:
        raise ExpressionError(f"'{text[:60]}' is not arithmetic")
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"brackets are nested deeper than {MAX_DEPTH}")
    try:
        with catch_warnings():
            simplefilter("ignore")  # about "1or 2" and the like, which the whitelist judges by itself
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"'{text[:60]}' is not arithmetic") from None
    _measure(tree)
    return tree


def _measure(tree: ast.expr) -> None:
    count, level = 0, [tree]
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_NODES:
            break
        children = (child for node in level for child in ast.iter_child_nodes(node))
        level = [child for child in children if isinstance(child, ast.expr)]
        if not level:
            return
    raise ExpressionError("the expression is too large")


def _power(base: Any, exponent: Any) -> Any:
    if not isinstance(exponent, int) or not 0 <= exponent <= MAX_EXPONENT:
        raise ExpressionError(f"an exponent must be a whole number from 0 to {MAX_EXPONENT}")
    result: Any = 1
    for _ in range(exponent):
        result = _bounded(result * base)
    return result


def _quotient(a: Any, b: Any) -> Any:
    return simplest(Fraction(a) / Fraction(b)) if _is_number(a) and _is_number(b) else a / b


_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _quotient,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: _power,
    ast.Eq: lambda a, b: _same(a, b),
    ast.NotEq: lambda a, b: not _same(a, b),
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
}


def _same(a: Any, b: Any) -> bool:
    """a == b; anything that is not a number decides for itself, or says that it cannot."""
    if _is_number(a) and _is_number(b):
        return bool(a == b)
    return bool(b.compare(a, "==") if _is_number(a) else a.compare(b, "=="))


def _floor(x: Dim) -> Dim:
    return x // 1


def _ceil(x: Dim) -> Dim:
    return -((-x) // 1)


def _least(*values: Dim) -> Dim:
    return _folded(smaller, min, values)


def _most(*values: Dim) -> Dim:
    return _folded(larger, max, values)


def _folded(pair: Callable[[Dim, Dim], Dim], plain: Callable[..., Any], values: tuple[Dim, ...]) -> Dim:
    if all(_is_number(value) for value in values):
        return plain(values)
    result = values[0]
    for value in values[1:]:
        result = pair(result, value)
    return result


_FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int]] = {
    "floor": (_floor, 1, 1),
    "ceil": (_ceil, 1, 1),
    "min": (_least, 1, 8),
    "max": (_most, 1, 8),
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Fraction)


def _bounded(value: Any) -> Any:
    if isinstance(value, Fraction):
        bits = value.numerator.bit_length() + value.denominator.bit_length()
    else:
        bits = value.bit_length() if isinstance(value, int) else getattr(value, "bits", 0)
    if bits > MAX_BITS:
        raise ExpressionError(f"a number grew beyond {MAX_BITS} bits")
    return simplest(value)


def _constant(node: ast.Constant, text: str) -> Any:
    written = text.strip()[node.col_offset : node.end_col_offset]
    if _INTEGER.fullmatch(written) and len(written) <= 39:
        return _bounded(int(written))
    if _DECIMAL.fullmatch(written) and len(written) <= 39:
        return _bounded(simplest(Fraction(written)))
    raise ExpressionError(f"'{written[:40]}' is not a number that can be used here")


def _value(node: ast.expr, text: str, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return _constant(node, text)
        case ast.Name():
            if node.id not in names:
                raise UnknownName(node.id)
            return names[node.id]
        case ast.Attribute() | ast.Subscript() if (path := _path(node)) in names:
            return names[path]
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand, text, names)
        case ast.UnaryOp(op=ast.UAdd()):
            return _value(node.operand, text, names)
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, text, names)
        case ast.BinOp() if type(node.op) in _OPERATORS:
            left, right = _value(node.left, text, names), _value(node.right, text, names)
            return _applied(type(node.op), left, right)
        case ast.Compare():
            return _compared(node, text, names)
        case ast.BoolOp():
            wanted = isinstance(node.op, ast.Or)
            return any(bool(_value(part, text, names)) == wanted for part in node.values) == wanted
        case ast.Call(func=ast.Name(id=function), keywords=[]):
            return _called(function, [_value(part, text, names) for part in node.args])
        case _:
            raise ExpressionError(f"'{text[:60]}' uses something other than arithmetic")


def _applied(operator: type[ast.AST], left: Any, right: Any) -> Any:
    try:
        return _bounded(_OPERATORS[operator](left, right))
    except ZeroDivisionError:
        raise ExpressionError("division by zero") from None
    except TypeError:
        raise ExpressionError("this arithmetic is not defined for these values") from None


def _compared(node: ast.Compare, text: str, names: Mapping[str, Any]) -> bool:
    left = _value(node.left, text, names)
    for operator, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, text, names)
        if type(operator) not in _OPERATORS:
            raise ExpressionError(f"'{text[:60]}' uses something other than arithmetic")
        if not _applied(type(operator), left, right):
            return False
        left = right
    return True


def _called(name: str, values: list[Any]) -> Any:
    if name not in _FUNCTIONS:
        raise ExpressionError(f"unknown function '{name}'; there are {', '.join(_FUNCTIONS)}")
    function, least, most = _FUNCTIONS[name]
    if not least <= len(values) <= most:
        raise ExpressionError(f"{name} takes {least} to {most} values, not {len(values)}")
    return _bounded(function(*values))
