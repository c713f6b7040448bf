"""A number that remembers how it was made, so that a rule can be shown at work.

Run a layer's rule on `Term`s instead of ints and the result prints as the textbook formula, with the
numbers put in, or as its value. A Term compares like its value, so rules may branch on it.
"""

from collections.abc import Mapping
from typing import Any, Union

Operand = Union["Term", int]
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "%": 2, "//": 3, "min": 3, "leaf": 4}
SIGNS = {"+": " + ", "-": " − ", "*": "·", "%": " mod "}


class Term:
    """An integer with its history: a name, or an operation on two operands."""

    __slots__ = ("left", "operator", "right", "symbol", "value")

    def __init__(self, symbol: str, value: int, operator: str = "leaf", left: Operand = 0, right: Operand = 0) -> None:
        self.symbol, self.value, self.operator, self.left, self.right = symbol, int(value), operator, left, right

    @staticmethod
    def of(operator: str, left: Operand, right: Operand) -> Operand:
        """The operation, with what is trivial left out: x + 0, x·1, constants gathered."""
        a, b = int(left), int(right)
        if isinstance(left, int) and isinstance(right, int):
            return _apply(operator, a, b)
        if operator in "+-" and isinstance(right, int) and not isinstance(right, Term):
            return _plus(left, b if operator == "+" else -b)
        if operator == "+" and isinstance(left, int):
            return _plus(right, a)
        if operator == "+" and left is right:
            return Term("", 2 * a, "*", 2, left)
        if operator == "*" and (isinstance(left, int) or isinstance(right, int)):
            factor, term = (a, right) if isinstance(left, int) else (b, left)
            if factor in (0, 1):
                return term if factor else 0
        if operator == "//" and isinstance(right, int) and b == 1:
            return left
        return Term("", _apply(operator, a, b), operator, left, right)

    def __add__(self, other: Any) -> Any:
        return Term.of("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return Term.of("+", other, self)

    def __sub__(self, other: Any) -> Any:
        return Term.of("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return Term.of("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return Term.of("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return Term.of("*", other, self)

    def __floordiv__(self, other: Any) -> Any:
        return Term.of("//", self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return Term.of("//", other, self)

    def __mod__(self, other: Any) -> Any:
        return Term.of("%", self, other)

    def __neg__(self) -> Any:
        return Term.of("*", -1, self)

    def smaller(self, other: Operand) -> Operand:
        """min(self, other), recorded."""
        return Term.of("min", self, other)

    def holds(self, sign: str) -> bool:
        """Whether it is = 0, or >= 0."""
        return self.value == 0 if sign == "=" else self.value >= 0

    def __int__(self) -> int:
        return self.value

    __index__ = __int__

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == (other.value if isinstance(other, Term) else other)

    def __lt__(self, other: Operand) -> bool:
        return self.value < int(other)

    def __le__(self, other: Operand) -> bool:
        return self.value <= int(other)

    def __gt__(self, other: Operand) -> bool:
        return self.value > int(other)

    def __ge__(self, other: Operand) -> bool:
        return self.value >= int(other)

    def __bool__(self) -> bool:
        return self.value != 0

    def __repr__(self) -> str:
        return written(self)

    def __format__(self, spec: str) -> str:
        return format(self.value, spec)


def _apply(operator: str, a: int, b: int) -> int:
    match operator:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "//":
            return a // b
        case "%":
            return a % b
        case _:
            return min(a, b)


def _plus(term: Operand, constant: int) -> Operand:
    """term + constant, joined with a constant that already ends the term."""
    if isinstance(term, int):
        return term + constant
    if term.operator in ("+", "-") and isinstance(term.right, int):
        constant += term.right if term.operator == "+" else -term.right
        term = term.left
    if constant == 0 or isinstance(term, int):
        return term + constant if isinstance(term, int) else term
    sign = "+" if constant > 0 else "-"
    return Term("", term.value + constant, sign, term, abs(constant))


Known = Mapping[int, str]  # terms, by identity, that are shown as one name


def written(term: Operand, numbers: bool = False, known: Known | None = None) -> str:
    """The expression: with symbols, or with ``numbers`` put in. ``known`` terms are not opened up."""
    return _written(term, numbers, known or {})


def _written(term: Operand, numbers: bool, known: Known) -> str:
    if not isinstance(term, Term):
        return grouped(term)
    if id(term) in known:
        return grouped(term.value) if numbers else known[id(term)]
    if term.operator == "leaf":
        return grouped(term.value) if numbers else term.symbol
    left, right = _written(term.left, numbers, known), _written(term.right, numbers, known)
    if term.operator == "//":
        return f"⌊{_wrapped(term.left, left, 3, known)} / {_wrapped(term.right, right, 3, known)}⌋"
    if term.operator == "min":
        return f"min({left}, {right})"
    rank = PRECEDENCE[term.operator]
    right_rank = rank + (1 if term.operator in ("-", "%") else 0)
    return (
        _wrapped(term.left, left, rank, known) + SIGNS[term.operator] + _wrapped(term.right, right, right_rank, known)
    )


def _wrapped(term: Operand, text: str, rank: int, known: Known) -> str:
    """In brackets where the operation around it binds more tightly."""
    if not isinstance(term, Term) or id(term) in known:
        return text if not text.startswith("-") else f"({text})"
    return f"({text})" if PRECEDENCE[term.operator] < rank else text


def working(term: Operand, known: Known | None = None) -> str:
    """From numbers to value: "⌊(227 + 2·0 − 11) / 4⌋ + 1 = 54 + 1 = 55"."""
    known = known or {}
    steps = [written(term, True, known)]
    if isinstance(term, Term) and term.operator in ("+", "-") and id(term) not in known:
        steps.append(f"{grouped(int(term.left))}{SIGNS[term.operator]}{grouped(int(term.right))}")
    steps.append(grouped(int(term)))
    return " = ".join(dict.fromkeys(steps))


def grouped(value: int) -> str:
    """A number as it is read: 61,706."""
    return f"{value:,}"
