"""Python source as text: values, names that cannot clash, text that cannot break out, lines laid out.

Whatever a stranger's spec holds ends up in a comment, a docstring or an identifier, through
`remark`, `documented` and `Names`; nothing else of it is ever written as text.
"""

import keyword
import re
from collections.abc import Callable, Iterable, Sequence
from textwrap import wrap
from typing import Any

from cnncalc.exact.closed import Closed, Floor, Least, Symbol, powers_of
from cnncalc.exact.records import changed, mutable
from cnncalc.spec.errors import printable

WIDTH = 100
INDENT = "    "
LONGEST_NAME = 48
BUILTINS = "abs all any bool dict float input int len list map max min object range set str sum super tuple type zip"


# --- values -----------------------------------------------------------------------------------


def written(value: Any, name: Callable[[str], str] = str) -> str:
    """A value as Python source: numbers, text, tuples, and open sizes over named symbols.

    >>> from cnncalc.exact.closed import symbol
    >>> written(4 * symbol("mid") + 1), written((3, 3)), written(symbol("c") // 2 * 3)
    ('4 * mid + 1', '(3, 3)', '3 * (c // 2)')
    """
    if isinstance(value, Closed):
        return _sum(value, name)
    if isinstance(value, tuple):
        inside = ", ".join(written(part, name) for part in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return repr(value)


def _in_sum(term: tuple[Any, int]) -> tuple[bool, bool, int, list[str]]:
    """Negative terms and the constant last, short ones first: in_channels + depth * growth - 1."""
    monomial, coefficient = term
    return coefficient < 0, not monomial, len(monomial), [atom.order() for atom in monomial]


def _sum(value: Closed, name: Callable[[str], str]) -> str:
    ordered = sorted(value.terms.items(), key=_in_sum)
    text = ""
    for monomial, coefficient in ordered:
        sign = (" - " if coefficient < 0 else " + ") if text else ("-" if coefficient < 0 else "")
        text += sign + _product(monomial, abs(coefficient), name)
    return text


def _product(monomial: Any, coefficient: int, name: Callable[[str], str]) -> str:
    powers = powers_of(monomial)
    if coefficient == 1 and len(powers) == 1 and powers[0][1] == 1:
        return _atom(powers[0][0], name, alone=True)
    factors = [str(coefficient)] if coefficient != 1 or not powers else []
    for atom, power in powers:
        text = _atom(atom, name, alone=False)
        tight = "**" if text.isidentifier() else " ** "
        factors.append(text + (f"{tight}{power}" if power > 1 else ""))
    return " * ".join(factors)


def _atom(atom: Symbol | Floor | Least, name: Callable[[str], str], alone: bool) -> str:
    if isinstance(atom, Symbol):
        return name(atom.name)
    if isinstance(atom, Least):
        return f"min({written(atom.a, name)}, {written(atom.b, name)})"
    text = f"{_factor(atom.numerator, name)} // {_factor(atom.divisor, name)}"
    return text if alone else f"({text})"


def _factor(value: Any, name: Callable[[str], str]) -> str:
    text = written(value, name)
    return text if re.fullmatch(r"\w+", text) else f"({text})"


def single(value: Any) -> Any:
    """One number where all axes agree."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 and value else value


# --- names and text ---------------------------------------------------------------------------


class Names:
    """Identifiers in one scope, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = {*keyword.kwlist, *BUILTINS.split(), *taken}
        self._next: dict[str, int] = {}

    def new(self, wanted: str) -> str:
        """``wanted`` as an identifier, with a number behind it where it is taken."""
        name = re.sub(r"[^A-Za-z0-9_]+", "_", wanted).strip("_")[:LONGEST_NAME].rstrip("_") or "layer"
        name = f"n{name}" if name[0].isdigit() else name
        given, number = name, self._next.get(name, 2)
        while given in self.taken:
            given, number = f"{name}{'_' if name[-1].isdigit() else ''}{number}", number + 1
        self._next[name] = number
        self.taken.add(given)
        return given


def camel(text: str) -> str:
    """double_conv -> DoubleConv."""
    parts = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(part[0].upper() + part[1:] for part in parts)
    return name if name and not name[0].isdigit() else f"Network{name}"


def class_name(name: str, title: str) -> str:
    """What the class of a network is called: ``name`` with the capitals of its title.

    >>> class_name("resnet50", "ResNet"), class_name("unet_padded", "U-Net with padding")
    ('ResNet50', 'UNetPadded')
    """
    plain = re.sub(r"[^A-Za-z0-9]", "", title)
    squeezed = re.sub(r"[^A-Za-z0-9]", "", name)
    same = 0
    while same < min(len(plain), len(squeezed)) and plain[same].lower() == squeezed[same].lower():
        same += 1
    if same == 0:
        return camel(name)
    seen = 0
    for i, character in enumerate(name):
        if seen == same:
            rest = camel("x" + name[i:])[1:]
            return camel(plain[:same] + (rest[:1].upper() + rest[1:] if not name[i - 1].isalnum() else rest))
        seen += character.isascii() and character.isalnum()
    return camel(plain[:same])


def remark(text: str) -> str:
    """Text on one line without anything that could end it: fit for a comment."""
    return printable(" ".join(text.split()))


def documented(paragraphs: Sequence[str], indent: str = "") -> list[str]:
    """The lines of a docstring. Quotes and backslashes in it are made harmless."""
    safe = [remark(text).replace("\\", "\\\\").replace('"', "'") for text in paragraphs]
    lines = [wrap(text, WIDTH - len(indent) - 4, break_on_hyphens=False) for text in safe if text]
    first, *rest = [line for text in lines for line in (*text, "")][:-1]
    if not rest:
        return [f'{indent}"""{first}"""']
    return [f'{indent}"""{first}', *(indent + line if line else "" for line in rest), f'{indent}"""']


# --- layout -----------------------------------------------------------------------------------


@mutable
class Group:
    """Something in brackets, on one line where it fits and is not ``broken``.

    ``items`` are texts or groups; ``remarks`` comments behind them (only where broken). Instead of a
    comma ``operator`` stands between them, or nothing where they are the parts of a ``comprehension``.
    """

    opening: str
    items: list["Doc"]
    closing: str = ")"
    broken: bool = False
    remarks: tuple[str, ...] = ()
    operator: str = ""
    comprehension: bool = False


Doc = str | Group


def call(function: str, /, *values: Doc, **named: Doc) -> Group:
    """``function(values, name=value, ...)``."""
    return Group(f"{function}(", [*values, *(_named(name, value) for name, value in named.items())])


def stacked(group: Group, remarks: tuple[str, ...] = ()) -> Group:
    """The same with each item on a line of its own, a comment behind it."""
    return changed(group, broken=bool(group.items), remarks=remarks)


def _named(name: str, value: Doc) -> Doc:
    if isinstance(value, str):
        return f"{name}={value}"
    return Group(f"{name}={value.opening}", value.items, value.closing, value.broken, value.remarks, value.operator,
                 value.comprehension)  # fmt: skip


def listed(rows: Sequence[Any]) -> Group:
    """A list display, rows of numbers one below the other where they are many."""
    return Group("[", [listed(row) if isinstance(row, tuple | list) else str(row) for row in rows], "]")


def flat(doc: Doc) -> str:
    """On one line."""
    if isinstance(doc, str):
        return doc
    between = f" {doc.operator} " if doc.operator else " " if doc.comprehension else ", "
    inside = between.join(flat(item) for item in doc.items)
    return inside if doc.operator else f"{doc.opening}{inside}{doc.closing}"


def must_break(doc: Doc) -> bool:
    return isinstance(doc, Group) and (doc.broken or any(map(must_break, doc.items)))


def lines(doc: Doc, indent: str = "", before: str = "", after: str = "", comment: str = "") -> list[str]:
    """``before doc after  # comment`` as lines within `WIDTH`, broken as Black and ruff break them."""
    tail = f"  # {comment}" if comment else ""
    if isinstance(doc, str) or not must_break(doc):
        one = f"{indent}{before}{flat(doc)}{after}"
        if len(one) <= WIDTH or isinstance(doc, str) or not doc.items:
            return [one + tail if len(one + tail) <= WIDTH else one]
    inner = indent + INDENT
    if doc.operator:
        first, *rest = doc.items
        middle = [*lines(first, inner), *(line for item in rest for line in lines(item, inner, f"{doc.operator} "))]
        return [f"{indent}{before}(", *middle, f"{indent}){after}{tail}"]
    packed = inner + ", ".join(map(flat, doc.items))
    last = re.fullmatch(r"(\).*\()([^()]+)\)", doc.closing)  # what is made is called: the last brackets go first
    if last and not must_break(doc) and len(head := f"{indent}{before}{doc.opening}{packed.strip()}{last[1]}") <= WIDTH:
        return [head, f"{inner}{last[2]}", f"{indent}){after}{tail}"]
    if doc.comprehension:
        middle = [line for item in doc.items for line in lines(item, inner)]
    elif not must_break(doc) and len(packed) <= WIDTH and not doc.opening.endswith("["):
        middle = [packed]
    else:
        remarks = doc.remarks or ("",) * len(doc.items)
        middle = [
            line
            for item, remark_ in zip(doc.items, remarks, strict=True)
            for line in lines(item, inner, after=",", comment=remark_)
        ]
    return [f"{indent}{before}{doc.opening}", *middle, f"{indent}{doc.closing}{after}{tail}"]
