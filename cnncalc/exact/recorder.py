"""A number that remembers how it was made, so that a rule can be shown at work.

Run a layer's rule on `Term`s instead of ints and the result prints as the textbook formula, with the
numbers put in, or as its value. A Term compares like its value, so rules may branch on it.
"""

from collections.abc import Mapping
from typing import Any, Union

Operand = Union["Term", int]
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "%": 2, "//": 3, "min": 3, "leaf": 4}


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


class Style:
    """How the pieces of a formula are put down."""

    def __init__(self, signs: Mapping[str, str], floor: str, least: str, latex: bool) -> None:
        self.signs, self.floor, self.least, self.latex = signs, floor, least, latex

    def number(self, value: int) -> str:
        return grouped(value).replace(",", "{,}") if self.latex else grouped(value)

    def name(self, symbol: str) -> str:
        stem, _, index = symbol.partition("_")
        if not self.latex:
            return symbol
        stem = stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
        return f"{stem}_{{\\mathrm{{{index}}}}}" if index else stem


TEXT = Style({"+": " + ", "-": " − ", "*": "·", "%": " mod "}, "⌊{a} / {b}⌋", "min({a}, {b})", False)
LATEX = Style(
    {"+": " + ", "-": " - ", "*": r" \cdot ", "%": r" \bmod "},
    r"\left\lfloor \frac{{{a}}}{{{b}}} \right\rfloor", r"\min({a}, {b})", True,
)  # fmt: skip


class Writer:
    """Writes terms with symbols, or with ``numbers`` put in.

    ``known`` terms are not opened up but called by a name; ``open_`` ones stand for a closed form even
    among numbers.
    """

    def __init__(
        self, numbers: bool = False, known: Known | None = None, open_: Known | None = None, style: Style = TEXT
    ) -> None:
        self.numbers, self.known, self.open, self.style = numbers, known or {}, open_ or {}, style

    def write(self, term: Operand) -> str:
        """The expression."""
        style = self.style
        if not isinstance(term, Term):
            return style.number(term)
        if self.numbers and id(term) in self.open:
            return self.open[id(term)]
        if id(term) in self.known or term.operator == "leaf":
            return style.number(term.value) if self.numbers else style.name(self.known.get(id(term), term.symbol))
        if term.operator == "//":
            rank = 0 if style.latex else 3
            return style.floor.format(a=self._wrapped(term.left, rank), b=self._wrapped(term.right, rank))
        if term.operator == "min":
            return style.least.format(a=self.write(term.left), b=self.write(term.right))
        rank = PRECEDENCE[term.operator]
        right_rank = rank + (1 if term.operator in ("-", "%") else 0)
        return self._wrapped(term.left, rank) + style.signs[term.operator] + self._wrapped(term.right, right_rank)

    def _wrapped(self, term: Operand, rank: int) -> str:
        """In brackets where the operation around it binds more tightly."""
        text = self.write(term)
        if not isinstance(term, Term) or id(term) in self.known:
            return f"({text})" if text.startswith("-") else text
        if self.numbers and id(term) in self.open:
            return f"({text})" if " " in text and rank > 1 else text
        return f"({text})" if PRECEDENCE[term.operator] < rank else text

    def working(self, term: Operand, value: str | None = None) -> str:
        """From numbers to value: "⌊(227 + 2·0 − 11) / 4⌋ + 1 = 54 + 1 = 55"; ``value`` overrides the last."""
        inside = Writer(True, self.known, self.open, self.style)
        steps = [inside.write(term)]
        if value is None and isinstance(term, Term) and term.operator in ("+", "-") and id(term) not in self.known:
            number, sign = self.style.number, self.style.signs[term.operator]
            steps.append(f"{number(int(term.left))}{sign}{number(int(term.right))}")
        steps.append(self.style.number(int(term)) if value is None else value)
        return " = ".join(dict.fromkeys(steps))


def written(term: Operand, numbers: bool = False, known: Known | None = None) -> str:
    """The expression as text: with symbols, or with ``numbers`` put in."""
    return Writer(numbers, known).write(term)


def working(term: Operand, known: Known | None = None) -> str:
    """The expression with its numbers, up to its value, as text.

    >>> from cnncalc.exact.sizes import window_count
    >>> size = window_count(Term("n", 227), Term("k", 11), Term("s", 4), 2 * Term("p", 0))
    >>> written(size)
    '⌊(n + 2·p − k) / s⌋ + 1'
    >>> working(size)
    '⌊(227 + 2·0 − 11) / 4⌋ + 1 = 54 + 1 = 55'
    """
    return Writer(True, known).working(term)


def grouped(value: int) -> str:
    """A number as it is read: 61,706."""
    return f"{value:,}"
