"""Sizes left open: integer polynomials over symbols and floors of them, in one normal form.

A size along an axis comes out as c·⌊(n + A)/S⌋ + B in plain integers; channels, parameters and MACs as
polynomials over the symbols and the few distinct sizes. Equal sizes are equal values. Every rewrite
below is one line of integer algebra (s, t > 0):

    ⌊(t·x + y)/t⌋ = x + ⌊y/t⌋                      whole multiples leave the floor
    ⌊(g·x + b)/(g·t)⌋ = ⌊(x + ⌊b/g⌋)/t⌋            a common factor leaves it
    ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋            floors merge

What they cannot merge (⌊3·⌊n/2⌋/4⌋) stays nested: exact, not simplified further.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any, Union

from cnncalc.exact.expressions import ExpressionError
from cnncalc.exact.sizes import smaller

MAX_TERMS = 2_000
MAX_DEGREE = 16

Operand = Union["Closed", int]


class Undecided(ExpressionError):
    """A question whose answer depends on an open symbol."""


class Symbol:
    """A named integer, at least ``least`` (None: any integer)."""

    __slots__ = ("_hash", "least", "name")

    def __init__(self, name: str, least: int | None = 1) -> None:
        self.name, self.least = name, least
        self._hash = hash(("symbol", name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Symbol) and other.name == self.name

    def __hash__(self) -> int:
        return self._hash

    def order(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return self.name


class Floor:
    """⌊numerator / divisor⌋, both in normal form."""

    __slots__ = ("_hash", "_order", "divisor", "numerator")

    def __init__(self, numerator: "Closed", divisor: Operand) -> None:
        self.numerator, self.divisor = numerator, divisor
        self._hash = hash((numerator, divisor))
        self._order = ""

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Floor)
            and self._hash == other._hash
            and self.divisor == other.divisor
            and self.numerator == other.numerator
        )

    def __hash__(self) -> int:
        return self._hash

    def order(self) -> str:
        if not self._order:
            self._order = f"~{self.divisor}~{self.numerator}"
        return self._order

    def __repr__(self) -> str:
        divisor = self.divisor if isinstance(self.divisor, int) else f"({self.divisor})"
        numerator = str(self.numerator)
        return f"{numerator if numerator.isidentifier() else f'({numerator})'}//{divisor}"


class Least:
    """min(a, b), where neither is known to be the smaller."""

    __slots__ = ("_hash", "a", "b")

    def __init__(self, a: Operand, b: Operand) -> None:
        self.a, self.b = sorted((a, b), key=str)
        self._hash = hash(("least", self.a, self.b))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Least) and (self.a, self.b) == (other.a, other.b)

    def __hash__(self) -> int:
        return self._hash

    def order(self) -> str:
        return f"~min({self.a},{self.b})"

    def __repr__(self) -> str:
        return f"min({self.a}, {self.b})"


Atom = Symbol | Floor | Least
Monomial = tuple[Atom, ...]  # sorted by `order`; () is the constant
ONE: Monomial = ()


class Ordered:
    """Comparison signs for what can ``compare`` itself."""

    __slots__ = ()

    def compare(self, other: Any, operator: str) -> bool:
        """self <operator> other, for all values of the symbols. Raises Undecided."""
        raise NotImplementedError

    def __lt__(self, other: Any) -> bool:
        return self.compare(other, "<")

    def __le__(self, other: Any) -> bool:
        return self.compare(other, "<=")

    def __gt__(self, other: Any) -> bool:
        return self.compare(other, ">")

    def __ge__(self, other: Any) -> bool:
        return self.compare(other, ">=")


class Closed(Ordered):
    """A polynomial with integer coefficients over symbols and floors; immutable, equal when identical.

    Combining two never gives a value that is really an int: constants come back as ints.
    """

    __slots__ = ("__dict__", "_hash", "terms")

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        self.terms = terms
        self._hash = 0

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Closed) and self.terms == other.terms)

    def __hash__(self) -> int:
        if not self._hash:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    # --- arithmetic ---------------------------------------------------------------------------

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            if not other:
                return self
            terms = dict(self.terms)
            return _made(terms, ONE, terms.get(ONE, 0) + other)
        if not isinstance(other, Closed):
            return Ratio(self, 1) + other if isinstance(other, Fraction) else NotImplemented
        terms = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total = terms.get(monomial, 0) + coefficient
            if total:
                terms[monomial] = total
            else:
                terms.pop(monomial, None)
        return settled(terms)

    __radd__ = __add__

    def __neg__(self) -> "Closed":
        return Closed({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int):
            if other == 0:
                return 0
            return self if other == 1 else Closed({m: c * other for m, c in self.terms.items()})
        if not isinstance(other, Closed):
            return Ratio(self, 1) * other if isinstance(other, Fraction) else NotImplemented
        if len(self.terms) * len(other.terms) > 10 * MAX_TERMS:
            raise ExpressionError(f"an expression grew beyond {MAX_TERMS} terms")
        terms: dict[Monomial, int] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                monomial = _times(left, right)
                terms[monomial] = terms.get(monomial, 0) + a * b
        return settled({monomial: c for monomial, c in terms.items() if c})

    __rmul__ = __mul__

    def __pow__(self, exponent: int) -> Any:
        result: Any = 1
        for _ in range(exponent):
            result = result * self
        return result

    def __floordiv__(self, other: Any) -> Any:
        if isinstance(other, int):
            return floor_div(self, other)
        return _divided(self, other) if isinstance(other, Closed) else NotImplemented

    def __truediv__(self, other: Any) -> Any:
        """An exact quotient: whole where ``other`` divides, else a `Ratio` that waits for its floor."""
        return Ratio(self, 1) / other

    def __rfloordiv__(self, other: int) -> Any:
        return Closed({(Floor(_lifted(other), self),): 1}) if other else 0

    def __mod__(self, other: Any) -> Any:
        return self - other * (self // other)

    def __rmod__(self, other: Any) -> Any:
        return other - self * (other // self)

    def smaller(self, other: Operand) -> Operand:
        """min(self, other): decided where the symbols' bounds decide it, else kept as it is."""
        if not isinstance(other, int | Closed):
            raise ExpressionError("min and max of open sizes take whole numbers only")
        low, high = bounds(self - other)
        if high is not None and high <= 0:
            return self
        if low is not None and low >= 0:
            return other
        return Closed({(Least(self, other),): 1})

    # --- questions ----------------------------------------------------------------------------

    def holds(self, sign: str) -> bool | None:
        """Whether self >= 0 (or = 0) for all values of the symbols; None: it depends."""
        low, high = bounds(self)
        if sign == ">=":
            return True if low is not None and low >= 0 else False if high is not None and high < 0 else None
        return False if (low is not None and low > 0) or (high is not None and high < 0) else None

    def compare(self, other: Operand, operator: str) -> bool:
        """self <operator> other, for all values of the symbols. Raises Undecided."""
        gap = self - other
        low, high = (gap, gap) if isinstance(gap, int) else bounds(gap)
        certain = {
            "<": (high is not None and high < 0, low is not None and low >= 0),
            "<=": (high is not None and high <= 0, low is not None and low > 0),
            ">": (low is not None and low > 0, high is not None and high <= 0),
            ">=": (low is not None and low >= 0, high is not None and high < 0),
            "==": (low == high == 0, (low is not None and low > 0) or (high is not None and high < 0)),
        }
        certain["!="] = certain["=="][::-1]
        yes, no = certain[operator]
        if not yes and not no:
            open_ = ", ".join(sorted(self.symbols | symbols_of(other)))
            raise Undecided(f"whether {self} {operator} {other} depends on {open_}")
        return yes

    @cached_property
    def symbols(self) -> set[str]:
        """The names it depends on."""
        return {name for monomial in self.terms for atom in monomial for name in _symbols(atom)}

    @property
    def bits(self) -> int:
        """The length of its longest coefficient."""
        return max(coefficient.bit_length() for coefficient in self.terms.values())

    def at(self, values: Mapping[str, Any]) -> Any:
        """Its value for these values of the symbols (ints, arrays, or other open sizes)."""
        total: Any = 0
        for monomial, coefficient in self.terms.items():
            product: Any = coefficient
            for atom in monomial:
                product = product * _at(atom, values)
            total = total + product
        return total

    def atoms(self) -> Iterator[Atom]:
        """Every atom of its monomials, repeats included."""
        for monomial in self.terms:
            yield from monomial

    def __repr__(self) -> str:
        parts = []
        for monomial, coefficient in sorted(self.terms.items(), key=_print_order):
            alone = len(monomial) == 1 and coefficient == 1
            powers = (f"**{count}" if count > 1 else "" for _, count in powers_of(monomial))
            atoms = (repr(atom) if alone else _factor(atom) for atom, _ in powers_of(monomial))
            factors = [atom + power for atom, power in zip(atoms, powers, strict=True)]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            parts.append((" - " if coefficient < 0 else " + ") + "*".join(factors))
        text = "".join(parts)
        return ("-" if text.startswith(" - ") else "") + text[3:]

    def __format__(self, spec: str) -> str:
        return repr(self)


class Ratio(Ordered):
    """An open value over a whole number: what n/2 is until floor or ceil makes it whole."""

    __slots__ = ("divisor", "numerator")

    def __init__(self, numerator: Operand, divisor: int) -> None:
        sign = -1 if divisor < 0 else 1
        self.numerator, self.divisor = numerator * sign, divisor * sign

    def settled(self) -> Any:
        """The same as a plain value where it is whole."""
        if isinstance(self.numerator, int):
            ratio = Fraction(self.numerator, self.divisor)
            return ratio.numerator if ratio.denominator == 1 else ratio
        if any(coefficient % self.divisor for coefficient in self.numerator.terms.values()):
            return self
        return floor_div(self.numerator, self.divisor)

    def __add__(self, other: Any) -> Any:
        if (parts := _parts(other)) is None:
            return NotImplemented
        top, bottom = parts
        return Ratio(self.numerator * bottom + top * self.divisor, self.divisor * bottom).settled()

    __radd__ = __add__

    def __neg__(self) -> "Ratio":
        return Ratio(-self.numerator, self.divisor)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if (parts := _parts(other)) is None:
            return NotImplemented
        top, bottom = parts
        return Ratio(self.numerator * top, self.divisor * bottom).settled()

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if (parts := _parts(other)) is None or not isinstance(parts[0], int):
            return NotImplemented
        top, bottom = parts
        if not top:
            raise ZeroDivisionError
        return Ratio(self.numerator * bottom, self.divisor * top).settled()

    def __floordiv__(self, other: Any) -> Any:
        return floor_div((whole := _lifted_ratio(self / other)).numerator, whole.divisor)

    def __mod__(self, other: Any) -> Any:
        return self - other * (self // other)

    def smaller(self, other: Any) -> Any:
        """Raises ExpressionError: which is the smaller is asked of whole numbers only."""
        raise ExpressionError("min and max of open sizes take whole numbers only")

    def compare(self, other: Any, operator: str) -> bool:
        """self <operator> other, for all values of the symbols. Raises Undecided."""
        gap = self - other
        numerator = gap.numerator if isinstance(gap, Ratio | Fraction) else gap
        return _lifted(numerator).compare(0, operator)

    @property
    def symbols(self) -> set[str]:
        """The names it depends on."""
        return symbols_of(self.numerator)

    @property
    def bits(self) -> int:
        """The length of its longest number."""
        return max(_lifted(self.numerator).bits, self.divisor.bit_length())

    def at(self, values: Mapping[str, Any]) -> Any:
        """Its value: a Fraction, or an int where it is whole."""
        return Ratio(_lifted(self.numerator).at(values), self.divisor).settled()

    def __repr__(self) -> str:
        return f"({self.numerator})/{self.divisor}"


def _parts(value: Any) -> tuple[Any, int] | None:
    """Numerator and denominator of anything that has them."""
    if isinstance(value, int | Closed):
        return value, 1
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    return (value.numerator, value.divisor) if isinstance(value, Ratio) else None


def _lifted_ratio(value: Any) -> Ratio:
    top, bottom = _parts(value) or (value, 1)
    return Ratio(top, bottom)


def symbol(name: str, least: int | None = 1) -> Closed:
    """An open size called ``name``, at least ``least`` (None: any integer).

    >>> n = symbol("n")
    >>> ((n - 1) // 2 + 1 - 1) // 2 + 1
    (n + 3)//4
    >>> ((n - 6) // 2 - 5) // 2 + 1 == ((n - 4) // 2 - 4) // 2
    True
    """
    return Closed({(Symbol(name, least),): 1})


def symbols_of(value: Any) -> set[str]:
    return value.symbols if isinstance(value, Closed) else set()


def settled(terms: Mapping[Monomial, int]) -> Operand:
    """Terms as a value: an int where only the constant is left."""
    if not terms:
        return 0
    if len(terms) == 1 and ONE in terms:
        return terms[ONE]
    if len(terms) > MAX_TERMS or max(map(len, terms)) > MAX_DEGREE:
        raise ExpressionError(f"an expression grew beyond {MAX_TERMS} terms or degree {MAX_DEGREE}")
    return Closed(terms)


def _made(terms: dict[Monomial, int], monomial: Monomial, coefficient: int) -> Operand:
    if coefficient:
        terms[monomial] = coefficient
    else:
        terms.pop(monomial, None)
    return settled(terms)


def _lifted(value: Operand) -> Closed:
    return value if isinstance(value, Closed) else Closed({ONE: value} if value else {})


def _times(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    return tuple(sorted(left + right, key=lambda atom: atom.order()))


def floor_div(value: Operand, t: int) -> Operand:
    """⌊value / t⌋ in normal form. Raises ZeroDivisionError."""
    if isinstance(value, int):
        return value // t
    if t == 0:
        raise ZeroDivisionError
    if t < 0:
        return floor_div(-value, -t)
    if len(value.terms) <= 2 and (quick := _floor_of_one(value, t)) is not None:
        return quick
    outside: dict[Monomial, int] = {}
    inside: dict[Monomial, int] = {}
    for monomial, coefficient in value.terms.items():
        whole, rest = divmod(coefficient, t)
        if whole:
            outside[monomial] = whole
        if rest:
            inside[monomial] = rest
    constant = inside.pop(ONE, 0)
    if not inside:
        return settled(outside)
    common = gcd(t, *inside.values())
    if common > 1:
        inside = {monomial: coefficient // common for monomial, coefficient in inside.items()}
        constant, t = constant // common, t // common
    floor = _floor(inside, constant, t)
    return floor + settled(outside) if outside else floor


def _floor_of_one(value: Closed, t: int) -> Operand | None:
    """⌊(x + b)/t⌋ for one symbol or one floor x, by far the commonest: the laws below in one step."""
    constant = 0
    only: Atom | None = None
    for monomial, coefficient in value.terms.items():
        if not monomial:
            constant = coefficient
        elif coefficient != 1 or len(monomial) != 1 or only is not None:
            return None
        else:
            only = monomial[0]
    if isinstance(only, Floor) and isinstance(only.divisor, int):  # ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋
        inside = dict(only.numerator.terms)
        constant = inside.pop(ONE, 0) + only.divisor * constant
        t = only.divisor * t
        if len(inside) != 1 or any(coefficient != 1 for coefficient in inside.values()):
            return None
    elif isinstance(only, Symbol) and t > 1:
        inside = {(only,): 1}
    else:
        return None
    whole, rest = divmod(constant, t)
    if rest:
        inside[ONE] = rest
    floor: dict[Monomial, int] = {(Floor(Closed(inside), t),): 1}
    if whole:
        floor[ONE] = whole
    return Closed(floor)


def _floor(inside: dict[Monomial, int], constant: int, t: int) -> Operand:
    """⌊(inside + constant) / t⌋, where nothing divides out any more."""
    if t == 1:
        return settled(inside) + constant
    if len(inside) == 1:
        (monomial, coefficient), *_ = inside.items()
        if coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], Floor):
            atom = monomial[0]
            if isinstance(atom.divisor, int):  # ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋
                return floor_div(atom.numerator + atom.divisor * constant, atom.divisor * t)
    if constant:
        inside[ONE] = constant
    return Closed({(Floor(Closed(inside), t),): 1})


def _divided(value: Closed, divisor: Closed) -> Operand:
    """Division by something open: exact where it divides term by term, else kept as it is."""
    if value == divisor:
        return 1
    if len(divisor.terms) == 1:
        ((wanted, by),) = divisor.terms.items()
        outside: dict[Monomial, int] = {}
        for monomial, coefficient in value.terms.items():
            left = _without(monomial, wanted)
            if coefficient % by or left is None:
                break
            outside[left] = coefficient // by
        else:
            return settled(outside)
    common = gcd(*value.terms.values(), *divisor.terms.values())  # ⌊(g·x)/(g·y)⌋ = ⌊x/y⌋
    if common > 1:
        value, divisor = (Closed({m: c // common for m, c in one.terms.items()}) for one in (value, divisor))
        return _divided(value, divisor)
    return Closed({(Floor(value, divisor),): 1})


def _without(monomial: Monomial, wanted: Monomial) -> Monomial | None:
    """The monomial divided by another; None where it does not divide."""
    left = list(monomial)
    for atom in wanted:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)


def _symbols(atom: Atom) -> set[str]:
    if isinstance(atom, Symbol):
        return {atom.name}
    if isinstance(atom, Least):
        return symbols_of(atom.a) | symbols_of(atom.b)
    return atom.numerator.symbols | symbols_of(atom.divisor)


def _at(atom: Atom, values: Mapping[str, Any]) -> Any:
    if isinstance(atom, Symbol):
        return values.get(atom.name) if atom.name in values else symbol(atom.name)
    if isinstance(atom, Least):
        a, b = (part.at(values) if isinstance(part, Closed) else part for part in (atom.a, atom.b))
        return smaller(a, b)
    divisor = atom.divisor.at(values) if isinstance(atom.divisor, Closed) else atom.divisor
    return atom.numerator.at(values) // divisor


def replaced(value: Operand, old: Atom, new: Operand) -> Operand:
    """The value with one atom put in another's place, inside floors too."""
    if isinstance(value, int):
        return value
    total: Any = 0
    for monomial, coefficient in value.terms.items():
        product: Any = coefficient
        for atom in monomial:
            product = product * (new if atom == old else _replaced_in(atom, old, new))
        total = total + product
    return total  # type: ignore[no-any-return]


def _replaced_in(atom: Atom, old: Atom, new: Operand) -> Operand:
    if isinstance(atom, Symbol):
        return Closed({(atom,): 1})
    if isinstance(atom, Least):
        return smaller(replaced(atom.a, old, new), replaced(atom.b, old, new))  # type: ignore[no-any-return]
    return replaced(atom.numerator, old, new) // replaced(atom.divisor, old, new)


Bounds = tuple[int | None, int | None]  # smallest and largest value; None: no bound known


def bounds(value: Operand) -> Bounds:
    """The smallest and largest value, from what the symbols are at least."""
    if isinstance(value, int):
        return value, value
    low: int | None = 0
    high: int | None = 0
    for monomial, coefficient in value.terms.items():
        a, b = _monomial_bounds(monomial)
        if coefficient < 0:
            a, b = b, a
        low = None if low is None or a is None else low + coefficient * a
        high = None if high is None or b is None else high + coefficient * b
    return low, high


def _monomial_bounds(monomial: Monomial) -> Bounds:
    if len(monomial) == 1:
        return _atom_bounds(monomial[0])
    low: int | None = 1
    high: int | None = 1
    for atom in monomial:
        a, b = _atom_bounds(atom)
        if low is None or a is None or a < 0:
            return None, None
        low = low * a
        high = None if high is None or b is None else high * b
    return low, high


def _atom_bounds(atom: Atom) -> Bounds:
    if isinstance(atom, Symbol):
        return atom.least, None
    if isinstance(atom, Least):
        (a, b), (c, d) = bounds(atom.a), bounds(atom.b)
        low = None if a is None or c is None else min(a, c)
        highs = [high for high in (b, d) if high is not None]
        return low, min(highs) if highs else None
    low, high = bounds(atom.numerator)
    if isinstance(atom.divisor, int):
        return None if low is None else low // atom.divisor, None if high is None else high // atom.divisor
    least, _ = bounds(atom.divisor)
    return (0, high) if low is not None and low >= 0 and least is not None and least >= 1 else (None, None)


def powers_of(monomial: Monomial) -> list[tuple[Atom, int]]:
    """A monomial's atoms with their exponents, in order."""
    return [(atom, monomial.count(atom)) for atom in dict.fromkeys(monomial)]


def _print_order(item: tuple[Monomial, int]) -> tuple[int, list[str]]:
    monomial, _ = item
    return -len(monomial), [atom.order() for atom in monomial]


def _factor(atom: Atom) -> str:
    text = repr(atom)
    return f"({text})" if isinstance(atom, Floor) else text
