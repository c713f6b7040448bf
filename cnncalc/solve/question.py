"""Reading a condition: "stage_4 == 7 and params <= 5e6" as a tree, and what its names stand for."""

import ast
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, TypeVar

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import Ratio, symbols_of
from cnncalc.exact.expressions import ExpressionError, evaluate, names_in, parsed
from cnncalc.exact.records import record
from cnncalc.spec.errors import nearest

TOTALS = ("params", "macs", "trainable", "buffers", "activations", "connections")
WORDS = ("valid", "exact")
_SPOKEN = {"≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "·": "*"}
_OPERATORS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_ALONE = re.compile(r"(?<![<>=!])=(?!=)")


class QuestionError(ValueError):
    """A question that cannot be read; the text says what is wrong with it."""


class Missing(QuestionError):
    """A layer that this network does not have."""


@record
class Comparison:
    """left <operator> right, each an expression over sizes, totals and symbols."""

    left: str
    operator: str
    right: str


@record
class Word:
    """``valid``: the network can be built; ``exact``: no window leaves a row over."""

    word: str


@record
class Joined:
    """Conditions that must ``all`` hold, ``any`` one of them, or ``none``."""

    how: str
    parts: "tuple[Condition, ...]"


Condition = Comparison | Word | Joined


def read(text: str) -> Condition:
    """A condition as a tree of comparisons. Raises QuestionError.

    >>> read("output == 7 and params <= 5e6").parts[1]
    Comparison(left='params', operator='<=', right='5e6')
    """
    for spoken, written in _SPOKEN.items():
        text = text.replace(spoken, written)
    text = _ALONE.sub("==", " ".join(text.split()))
    try:
        return _condition(parsed(text), text)
    except ExpressionError:
        raise _unread(text) from None


def _unread(text: str) -> QuestionError:
    return QuestionError(f"'{text[:60]}' is not a condition such as output == 7 or params <= 5e6")


def _condition(node: ast.expr, text: str) -> Condition:
    match node:
        case ast.Name(id=word) if word in WORDS:
            return Word(word)
        case ast.Compare():
            return _comparison(node, text)
        case ast.BoolOp():
            how = "all" if isinstance(node.op, ast.And) else "any"
            return Joined(how, tuple(_condition(part, text) for part in node.values))
        case ast.Tuple() if node.elts:
            return Joined("all", tuple(_condition(part, text) for part in node.elts))
        case ast.UnaryOp(op=ast.Not()):
            return Joined("none", (_condition(node.operand, text),))
        case _:
            raise _unread(_written(node, text))


def _comparison(node: ast.Compare, text: str) -> Condition:
    sides = [node.left, *node.comparators]
    for side in sides:
        if any(isinstance(part, ast.Compare | ast.BoolOp | ast.Not) for part in ast.walk(side)):
            raise _unread(_written(node, text))
    found = []
    for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
        if type(operator) not in _OPERATORS:
            raise _unread(_written(node, text))
        found.append(Comparison(_written(left, text), _OPERATORS[type(operator)], _written(right, text)))
    return found[0] if len(found) == 1 else Joined("all", tuple(found))


def _written(node: ast.expr, text: str) -> str:
    return text[node.col_offset : node.end_col_offset]


T = TypeVar("T")


def folded(condition: Condition, leaf: Callable[[Comparison | Word], T], everything: T) -> T:
    """The condition over sets, or over truth values: ``&``, ``|`` and ``everything -`` on its leaves."""
    if not isinstance(condition, Joined):
        return leaf(condition)
    found: Any = folded(condition.parts[0], leaf, everything)
    for part in condition.parts[1:]:
        other = folded(part, leaf, everything)
        found = found | other if condition.how == "any" else found & other
    return everything - found if condition.how == "none" else found  # type: ignore[no-any-return]


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison in it."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Joined):
        for part in condition.parts:
            yield from comparisons(part)


# --- what names stand for -------------------------------------------------------------------------

Varies = Callable[[str, int], bool]  # whether the unknown changes an axis of a layer's output


@record
class Quantity:
    """What a name stands for along each axis: its values, and which of them the unknown changes."""

    values: tuple[Any, ...]
    open: tuple[bool, ...]


def open_axes(analysis: Analysis, unknown: str) -> Varies:
    """Which sizes depend on the unknown, read off the closed forms."""
    return lambda name, axis: unknown in symbols_of(shape_of(analysis, name)[axis])


def gaps(comparison: Comparison, analysis: Analysis, varies: Varies) -> list[Any]:
    """left - right as whole numbers (fractions cleared), for each axis that is asked about.

    Names are layers and blocks (their output size), ``output``, totals (``params``, ``macs``, ``buffers``,
    ``activations``), ``field`` and ``jump`` (of the output), and the spec's symbols. A map's axes are
    those that the unknown changes, or all of them. Raises QuestionError.
    """
    try:
        names = sorted(names_in(comparison.left) | names_in(comparison.right))
        found = {name: _quantity(analysis, name, varies) for name in names}
        return [_whole(evaluate(comparison.left, at) - evaluate(comparison.right, at)) for at in _by_axis(found)]
    except ExpressionError as error:
        raise QuestionError(str(error)) from None


def quantity(text: str, analysis: Analysis, unknown: str = "") -> list[Any]:
    """The values an expression stands for, one for each axis that is asked about. Raises QuestionError."""
    try:
        found = {name: _quantity(analysis, name, open_axes(analysis, unknown)) for name in sorted(names_in(text))}
        return list(dict.fromkeys(evaluate(text, at) for at in _by_axis(found)))
    except ExpressionError as error:
        raise QuestionError(str(error)) from None


def _by_axis(found: dict[str, Quantity]) -> Iterator[dict[str, Any]]:
    """The names' values axis by axis; what has one value has it along every axis."""
    rank = max((len(one.values) for one in found.values()), default=1)
    if any(len(one.values) not in (1, rank) for one in found.values()):
        raise QuestionError(f"{', '.join(found)} have different numbers of axes")
    wanted = [i for i in range(rank) if any(len(one.open) == rank and one.open[i] for one in found.values())]
    for i in wanted or range(rank):
        yield {name: one.values[i if len(one.values) > 1 else 0] for name, one in found.items()}


def _whole(gap: Any) -> Any:
    """A gap without its denominator, which is positive."""
    return gap.numerator if isinstance(gap, Fraction | Ratio) else gap


def _quantity(analysis: Analysis, name: str, varies: Varies) -> Quantity:
    if name in analysis.network.symbols:
        return Quantity((analysis.network.symbols[name],), (True,))
    if name in TOTALS:
        return Quantity((getattr(analysis, name),), (True,))
    last = analysis.network.outputs[0]
    if name in ("field", "receptive_field", "jump"):
        return _field(analysis, last.partition("[")[0], name)
    return _sizes(analysis, last if name == "output" else name, varies)


def _field(analysis: Analysis, layer: str, name: str) -> Quantity:
    """The receptive field or the jump of a layer, along each axis; of the input itself, 1."""
    if layer in analysis.network.inputs:
        values: tuple[Any, ...] = (1,) * max(len(analysis.shapes[layer]) - 1, 1)
    else:
        values = analysis[layer].jump if name == "jump" else analysis[layer].receptive_field
    if None in values or not values:
        raise QuestionError(f"{name} differs from position to position; no one number holds")
    return Quantity(values, (False,) * len(values))


def _sizes(analysis: Analysis, name: str, varies: Varies) -> Quantity:
    """A map's height and width; its channels where these alone depend on the unknown, or are all there is."""
    shape = shape_of(analysis, name)
    open_ = tuple(varies(name, axis) for axis in range(len(shape)))
    if len(shape) == 1 or (open_[0] and not any(open_[1:])):
        return Quantity(shape[:1], open_[:1])
    return Quantity(shape[1:], open_[1:])


def shape_of(analysis: Analysis, name: str) -> tuple[Any, ...]:
    """The shape of a layer, a part of one, a block or an input. Raises Missing."""
    if name in analysis.shapes:
        return analysis.shapes[name]
    if members := analysis.members(name):
        return analysis.shapes[members[-1]]
    try:
        return analysis[name].output
    except KeyError as error:
        known = [*analysis.network.symbols, *TOTALS, "output", "field", "jump", *analysis.facts, *analysis.blocks()]
        hint = nearest(name, known)
        raise Missing(f"{error.args[0]}{'; ' + hint if hint and '; did' not in error.args[0] else ''}") from None


def leftovers(analysis: Analysis) -> Iterator[Any]:
    """What each strided window leaves over along each axis: 0 where it fits exactly."""
    from cnncalc.exact.windows import Window

    for name, node in analysis.network.nodes.items():
        facts, layer = analysis.facts[name], node.layer
        if layer.kind not in ("conv", "max_pool", "avg_pool", "lp_pool") or not isinstance(facts.windows, tuple):
            continue
        sizes = zip(analysis.shapes[node.inputs[0]][1:], facts.output[1:], facts.windows, strict=True)
        for n, out, window in sizes:
            if isinstance(window, Window) and window.step != 1:
                yield n - 1 - window.last - window.first - window.step * (out - 1)  # the padding is -first a side
