"""Closed forms as people read them: text, LaTeX, and sympy for those who want to go on computing.

The size of a map prints as ⌈H/32⌉ where that is what it is, else as ⌊(H + A)/S⌋ + B with a small A.
sympy only ever prints and substitutes here; it decides nothing.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from cnncalc.exact.closed import ONE, Atom, Closed, Floor, Least, Monomial, Operand, Symbol, powers_of, symbols_of


def pretty(value: Any) -> str:
    """ "⌈H/32⌉", "16·⌊H/16⌋", "2,049·classes + 23,508,032".

    >>> from cnncalc.exact.closed import symbol
    >>> pretty((symbol("H") + 31) // 32)
    '⌈H/32⌉'
    """
    return _written(value, _TEXT)


def latex(value: Any) -> str:
    """The same for LaTeX: "\\left\\lceil\\frac{H}{32}\\right\\rceil"."""
    return _written(value, _LATEX)


_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Style:
    """How the pieces of a formula are put down."""

    def __init__(
        self, dot: str, ceil: str, floor: str, least: str, name: Callable[[str], str], number: Callable[[int], str]
    ) -> None:
        self.dot, self.ceil, self.floor, self.least = dot, ceil, floor, least
        self.name, self.number = name, number

    def power(self, exponent: int) -> str:
        """What an exponent looks like; nothing for 1."""
        if exponent == 1:
            return ""
        return f"^{{{exponent}}}" if self is _LATEX else str(exponent).translate(_SUPERSCRIPT)


def _latex_name(name: str) -> str:
    plain = name.replace("_", r"\_")
    return plain if len(name) == 1 else rf"\mathrm{{{plain}}}"


_TEXT = _Style("·", "⌈{x}/{d}⌉", "⌊{x}/{d}⌋", "min({x}, {d})", str, lambda n: f"{n:,}")
_LATEX = _Style(
    r"\,", r"\left\lceil\frac{{{x}}}{{{d}}}\right\rceil", r"\left\lfloor\frac{{{x}}}{{{d}}}\right\rfloor",
    r"\min({x}, {d})", _latex_name, lambda n: f"{n:,}".replace(",", r"{,}"),
)  # fmt: skip


def _written(value: Any, style: _Style) -> str:
    if not isinstance(value, Closed):
        return style.number(value) if isinstance(value, int) else str(value)
    terms = _shifted(value)
    parts = []
    for monomial, coefficient in sorted(terms.items(), key=lambda item: _rank(item[0])):
        factors = [_atom(atom, style) + style.power(count) for atom, count in powers_of(monomial)]
        if abs(coefficient) != 1 or not factors:
            factors.insert(0, style.number(abs(coefficient)))
        parts.append((" - " if coefficient < 0 else " + ") + style.dot.join(factors))
    text = "".join(parts)
    return ("-" if text.startswith(" - ") else "") + text[3:]


def _rank(monomial: Monomial) -> tuple[int, list[str]]:
    return -len(monomial), [atom.order() for atom in monomial]


def _shifted(value: Closed) -> dict[Monomial, int]:
    """⌊(n + A)/S⌋ + B with the A that leaves the smaller numbers: A may drop by S if B grows by one."""
    terms = dict(value.terms)
    constant = terms.get(ONE, 0)
    for monomial, coefficient in value.terms.items():
        if coefficient != 1 or len(monomial) != 1 or not isinstance(monomial[0], Floor):
            continue
        atom = monomial[0]
        if not isinstance(atom.divisor, int) or _is_ceil(atom) or not constant:
            continue
        offset = atom.numerator.terms.get(ONE, 0)
        if constant == -1 or offset > atom.divisor // 2:
            lowered = atom.numerator - atom.divisor
            del terms[monomial]
            terms[(Floor(lowered, atom.divisor),)] = 1
            terms[ONE] = constant + 1
            if not terms[ONE]:
                del terms[ONE]
            break
    return terms


def _is_ceil(atom: Floor) -> bool:
    return isinstance(atom.divisor, int) and atom.numerator.terms.get(ONE, 0) == atom.divisor - 1


def _atom(atom: Atom, style: _Style) -> str:
    if isinstance(atom, Symbol):
        return style.name(atom.name)
    if isinstance(atom, Least):
        return style.least.format(x=_written(atom.a, style), d=_written(atom.b, style))
    if isinstance(atom.divisor, int) and _is_ceil(atom):
        inside: Operand = atom.numerator - (atom.divisor - 1)
        return style.ceil.format(x=_inside(inside, style), d=atom.divisor)
    divisor = _inside(atom.divisor, style)
    if style is _TEXT and style.dot in divisor and not divisor.startswith("("):
        divisor = f"({divisor})"
    return style.floor.format(x=_inside(atom.numerator, style), d=divisor)


def _inside(value: Operand, style: _Style) -> str:
    text = _written(value, style)
    return f"({text})" if style is _TEXT and " " in text else text


def factor(value: Any) -> str:
    """A size as it stands beside a ×: numbers plain, a sum in brackets.

    >>> from cnncalc.exact.closed import symbol
    >>> factor(1024), factor(symbol("n") + 1), factor((symbol("n") + 1) // 2)
    ('1024', '(n + 1)', '⌈n/2⌉')
    """
    if not isinstance(value, Closed):
        return str(value)
    return f"({pretty(value)})" if len(_shifted(value)) > 1 else pretty(value)


def named_sizes(values: list[Any]) -> dict[Atom, str]:
    """Short names for the distinct sizes in some figures: H1 = ⌈H/2⌉, H2 = ⌈H/4⌉, ..."""
    floors: dict[Atom, None] = {}
    for value in values:
        if isinstance(value, Closed):
            floors |= {
                atom: None for atom in value.atoms() if isinstance(atom, Floor) and isinstance(atom.divisor, int)
            }
    taken = {name for value in values for name in symbols_of(value)}
    counts: dict[str, int] = {}
    names = {}
    for atom in sorted(floors, key=lambda one: (sorted(_open(one)), one.divisor, one.order())):  # type: ignore[union-attr]
        stem = "".join(sorted(_open(atom)))
        counts[stem] = counts.get(stem, 0) + 1
        while f"{stem}{counts[stem]}" in taken:
            counts[stem] += 1
        names[atom] = f"{stem}{counts[stem]}"
    return names


def _open(atom: Atom) -> set[str]:
    return atom.numerator.symbols if isinstance(atom, Floor) else set()


def over_named_sizes(value: Any, names: dict[Atom, str]) -> str:
    """A figure over `named_sizes`: "9,408·H1·W1 + 245,760·H2·W2 + ..."."""
    if not isinstance(value, Closed):
        return pretty(value)
    replaced = {
        tuple(Symbol(names[atom]) if atom in names else atom for atom in monomial): coefficient
        for monomial, coefficient in value.terms.items()
    }
    return pretty(Closed(replaced))


def to_sympy(value: Any) -> Any:
    """A closed form as a sympy expression over positive integer symbols, usable with subs and lambdify.

    Floors become ``FloorDiv``, which evaluates on integers alone: sympy's own floor draws wrong
    conclusions from its assumptions (sympy issue 28442).
    """
    import sympy

    if not isinstance(value, Closed):
        return sympy.Integer(value)
    total = sympy.Integer(0)
    for monomial, coefficient in value.terms.items():
        total += sympy.Mul(coefficient, *(_sympy_atom(atom) for atom in monomial))
    return total


def _sympy_atom(atom: Atom) -> Any:
    import sympy

    if isinstance(atom, Symbol):
        return sympy.Symbol(atom.name, integer=True, positive=True)
    if isinstance(atom, Least):
        return sympy.Min(to_sympy(atom.a), to_sympy(atom.b), evaluate=False)
    return floor_div_function()(to_sympy(atom.numerator), to_sympy(atom.divisor))


@cache
def floor_div_function() -> Any:
    """The sympy Function ``FloorDiv(x, d)``: inert until both are integers."""
    import sympy

    class FloorDiv(sympy.Function):  # type: ignore[misc]
        """⌊x/d⌋, evaluated on integers only."""

        nargs = (2,)
        is_integer = True

        @classmethod
        def eval(cls, x: Any, d: Any) -> Any:
            if isinstance(x, sympy.Integer) and isinstance(d, sympy.Integer):
                return sympy.Integer(int(x) // int(d))
            return None

        def _pythoncode(self, printer: Any) -> str:
            x, d = (printer._print(argument) for argument in self.args)
            return f"(({x})//({d}))"

        _numpycode = _pythoncode
        _lambdacode = _pythoncode

        def _latex(self, printer: Any) -> str:
            x, d = (printer._print(argument) for argument in self.args)
            return rf"\left\lfloor\frac{{{x}}}{{{d}}}\right\rfloor"

    return FloorDiv
