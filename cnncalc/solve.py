"""Questions asked backwards: which sizes, widths or windows give a wanted result - all of them.

One unknown size or width is solved exactly from the closed forms (status "proved"). An unknown that
decides the structure (a depth) is tried value by value within stated bounds ("bounded"). The windows of
one layer are enumerated within stated bounds, the most plausible first.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.conditions import described
from cnncalc.exact.closed import ONE, Closed, Floor, Undecided, symbol
from cnncalc.exact.expressions import ExpressionError, UnknownName, evaluate
from cnncalc.exact.records import record
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sets import EVERY, Solutions, Unsolvable, listed, where
from cnncalc.exact.sizes import extent, window_count
from cnncalc.exact.windows import Window
from cnncalc.spec.errors import SpecError, nearest
from cnncalc.spec.spec import Spec

PATIENCE = 5.0  # seconds for trying values one by one
TRIED = 512  # values tried for an unknown that decides the structure

Operator = str
_COMPARISON = re.compile(r"(<=|>=|==|!=|<|>|=|≤|≥|≠)")
_SPOKEN = {"≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}
_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


class QuestionError(ValueError):
    """A question that cannot be read; the text says what is wrong with it."""


@record
class Answer:
    """The set of all solutions and how far it reaches.

    ``status``: proved (all of them), bounded (all within ``bounds``), none (proved that there is none),
    unknown (with the reason in ``text``).
    """

    unknown: str
    status: str
    text: str
    solutions: Solutions | None = None
    bounds: tuple[int, int] | None = None


@record
class Condition:
    """left <operator> right, each an expression over sizes, totals and symbols."""

    left: str
    operator: Operator
    right: str


def solve(spec: Spec, unknown: str, such_that: str, given: Mapping[str, Any], multiple_of: int = 1) -> Answer:
    """Every value of one symbol with which the conditions hold and the network can be built.

    Raises QuestionError for a question that cannot be read, SpecError for a spec that is wrong.
    """
    wanted = read(such_that)
    spec.symbols({unknown: 1, **given})  # unknown names are told before anything else
    allowed = EVERY if multiple_of == 1 else Solutions(period=multiple_of, residues=(0,))
    try:
        network = spec.network({**given, unknown: symbol(unknown)})
        analysis = Analysis(network)
        found = allowed & _valid(analysis)
        for condition in wanted:
            found = found & _satisfied(condition, analysis, unknown)
    except (SpecError, ShapeError, Unsolvable, Undecided) as error:
        return _tried(spec, unknown, wanted, given, allowed, error)
    return Answer(unknown, "proved" if found else "none", described(unknown, found), found)


def read(text: str) -> list[Condition]:
    """ "stage_4 == 7 and params <= 5e6" as conditions. Raises QuestionError.

    The word ``valid`` asks for nothing more than a network that can be built; ``exact`` for windows that
    leave no row over.
    """
    conditions = []
    for part in re.split(r"\s+and\s+|,", text.strip()):
        if part.strip() in ("valid", "exact"):
            conditions += [Condition("exact", "", "")] if part.strip() == "exact" else []
            continue
        pieces = _COMPARISON.split(part)
        if len(pieces) < 3 or len(pieces) % 2 == 0:
            raise QuestionError(f"'{part.strip()[:60]}' is not a condition such as output == 7 or params <= 5e6")
        for i in range(0, len(pieces) - 2, 2):
            operator = _SPOKEN.get(pieces[i + 1], pieces[i + 1])
            conditions.append(Condition(pieces[i].strip(), operator, pieces[i + 2].strip()))
    return conditions


def _valid(analysis: Analysis) -> Solutions:
    """The sizes with which every layer can be built."""
    found, seen = EVERY, set()
    for _, rule in analysis.assumptions:
        if (rule.gap, rule.sign) not in seen:
            seen.add((rule.gap, rule.sign))
            found = found & where(rule.gap, rule.sign)
    return found


def leftovers(analysis: Analysis) -> Iterator[Any]:
    """What each strided window leaves over along each axis: 0 where it fits exactly."""
    for name, node in analysis.network.nodes.items():
        facts, layer = analysis.facts[name], node.layer
        if layer.kind not in ("conv", "max_pool", "avg_pool", "lp_pool") or not isinstance(facts.windows, tuple):
            continue
        sizes = zip(analysis.shapes[node.inputs[0]][1:], facts.output[1:], facts.windows, strict=True)
        for n, out, window in sizes:
            if isinstance(window, Window) and window.step != 1:
                yield n - 1 - window.last - window.first - window.step * (out - 1)  # the padding is -first a side


def _satisfied(condition: Condition, analysis: Analysis, unknown: str) -> Solutions:
    found = EVERY
    if condition.left == "exact":
        for gap in dict.fromkeys(leftovers(analysis)):
            found = found & where(gap, "=")
        return found
    for left in quantity(condition.left, analysis, unknown):
        for right in quantity(condition.right, analysis, unknown):
            found = found & _compared(left - right, condition.operator)
    return found


def _compared(gap: Any, operator: Operator) -> Solutions:
    """All n with gap <operator> 0; a fraction is cleared of its denominator first."""
    if hasattr(gap, "denominator") and not isinstance(gap, int | Closed):
        gap = gap.numerator
    match operator:
        case ">=":
            return where(gap, ">=")
        case ">":
            return where(gap - 1, ">=")
        case "<=":
            return where(-gap, ">=")
        case "<":
            return where(-gap - 1, ">=")
        case "==":
            return where(gap, "=")
        case _:
            equal = where(gap, "=")
            return listed(lambda n: n not in equal, equal.start, equal.period)


def quantity(text: str, analysis: Analysis, unknown: str = "") -> list[Any]:
    """The values an expression stands for: one for each axis of a map that depends on the unknown.

    Names are layers and blocks (their output size), ``output``, totals (``params``, ``macs``, ``buffers``,
    ``activations``), ``field`` and ``jump`` (of the output), and the spec's symbols. Raises QuestionError.
    """
    names: dict[str, list[Any]] = {}

    def placed(found: re.Match[str]) -> str:
        stand_in = f"v{len(names)}"
        names[stand_in] = _sizes(analysis, found[0], unknown)
        return stand_in

    text = _PATH.sub(placed, text.replace("[0]", ""))
    while True:
        longest = max((len(values) for values in names.values()), default=1)
        try:
            return [
                evaluate(text, {name: values[i % len(values)] for name, values in names.items()})
                for i in range(longest)
            ]
        except UnknownName as error:
            names[error.name] = _named(analysis, error.name, unknown)
        except Undecided:
            raise
        except ExpressionError as error:
            raise QuestionError(str(error)) from None


TOTALS = ("params", "macs", "trainable", "buffers", "activations", "connections")


def _named(analysis: Analysis, name: str, unknown: str) -> list[Any]:
    if name in analysis.network.symbols:
        return [analysis.network.symbols[name]]
    if name in TOTALS:
        return [getattr(analysis, name)]
    last = analysis.network.outputs[0].partition("[")[0]
    if name in ("field", "receptive_field", "jump"):
        found = analysis[last].jump if name == "jump" else analysis[last].receptive_field
        if None in found:
            raise QuestionError(f"{name} differs from position to position; no one number holds")
        return list(dict.fromkeys(found))
    return _sizes(analysis, last if name == "output" else name, unknown)


def _sizes(analysis: Analysis, name: str, unknown: str) -> list[Any]:
    """The sizes of a layer's output that depend on the unknown, else its distinct spatial sizes."""
    try:
        shape = analysis[name].output
    except KeyError as error:
        known = [*analysis.network.symbols, *TOTALS, "output", "field", "jump", *analysis.facts, *analysis.blocks()]
        hint = nearest(name, known)
        raise QuestionError(f"{error.args[0]}{'; ' + hint if hint and '; did' not in error.args[0] else ''}") from None
    open_ = [size for size in shape if isinstance(size, Closed) and unknown in size.symbols]
    return list(dict.fromkeys(open_ or (shape[1:] if len(shape) > 1 else shape)))


def _tried(
    spec: Spec, unknown: str, wanted: list[Condition], given: Mapping[str, Any], allowed: Solutions, reason: Exception
) -> Answer:
    """Values one by one, where the closed forms do not reach; the first error is told if none works."""
    members: list[int] = []
    started, built, tried = time.monotonic(), 0, 0
    for n in range(1, TRIED + 1):
        if time.monotonic() - started > PATIENCE:
            break
        tried = n
        try:
            analysis = Analysis(spec.network({**given, unknown: n}))
        except (SpecError, ShapeError):
            continue
        built += 1
        if n in allowed and all(_holds(condition, analysis) for condition in wanted):
            members.append(n)
    if not built and isinstance(reason, SpecError):
        raise reason
    found = Solutions(tuple(members), tried + 1)
    text = f"{described(unknown, found)} (tried 1..{tried})"
    return Answer(unknown, "bounded", text, found, (1, tried))


def _holds(condition: Condition, analysis: Analysis) -> bool:
    if condition.left == "exact":
        return not any(leftovers(analysis))
    lefts, rights = quantity(condition.left, analysis), quantity(condition.right, analysis)
    return all(bool(_compared(left - right, condition.operator)) for left in lefts for right in rights)


# --- the window of one layer ----------------------------------------------------------------------


@record
class WindowBounds:
    """How far the enumeration of windows goes."""

    kernel: int = 31
    dilation: int = 3

    def text(self) -> str:
        return f"kernel ≤ {self.kernel}, stride ≤ the window's extent, padding ≤ half of it, dilation ≤ {self.dilation}"


@record
class WindowChoice:
    """One way to get from a size to another; ``cost`` says how unusual it is."""

    kernel: int
    stride: int
    padding: int
    dilation: int
    cost: float


def windows(
    n: int,
    out: int,
    bounds: WindowBounds,
    fixed: Mapping[str, int],
    count: Callable[..., int] = window_count,
) -> list[WindowChoice]:
    """Every (kernel, stride, padding, dilation) within bounds that takes n to out, plausible ones first."""
    found = [WindowChoice(*choice, _cost(n, *choice)) for choice in _windows(n, out, bounds, fixed, count)]
    return sorted(found, key=lambda one: (one.cost, one.kernel, one.stride, one.padding, one.dilation))


def _windows(
    n: int, out: int, bounds: WindowBounds, fixed: Mapping[str, int], count: Callable[..., int]
) -> Iterator[tuple[int, int, int, int]]:
    for dilation in [fixed["dilation"]] if "dilation" in fixed else range(1, bounds.dilation + 1):
        for kernel in [fixed["kernel"]] if "kernel" in fixed else range(1, bounds.kernel + 1):
            if kernel == 1 and dilation > 1 and "dilation" not in fixed:
                continue
            reach = extent(kernel, dilation)
            for padding in [fixed["padding"]] if "padding" in fixed else range(reach // 2 + 1):
                if n + 2 * padding < reach:
                    continue
                for stride in [fixed["stride"]] if "stride" in fixed else range(1, reach + 1):
                    if count(n, kernel, stride, 2 * padding, dilation) == out:
                        yield kernel, stride, padding, dilation


def _cost(n: int, kernel: int, stride: int, padding: int, dilation: int) -> float:
    """A matter of taste, told openly: unusual dilations, even windows, odd paddings and dropped columns cost."""
    reach = extent(kernel, dilation)
    dropped = (n + 2 * padding - reach) % stride
    cost = 3.0 * (dilation > 1) + 2.0 * (kernel % 2 == 0 and kernel != stride) + 2.0 * (padding not in (0, reach // 2))
    return float(cost + 2.0 * dropped / stride + 1.0 * (stride not in (1, 2, 4)) + 0.08 * kernel)


@record
class PairBounds:
    """How far the enumeration of two windows goes."""

    kernel: int = 11
    stride: int = 4

    def text(self) -> str:
        return f"kernels ≤ {self.kernel}, strides ≤ {self.stride} and the kernel, padding ≤ half of it"


def window_pairs(n: int, out: int, bounds: PairBounds) -> list[tuple[WindowChoice, WindowChoice]]:
    """Every two windows, one after the other, that take n to out; plausible ones first.

    By way of the size between: what reaches it from n, and what leaves it for ``out``.
    """

    def choices(size: int) -> dict[int, list[WindowChoice]]:
        found: dict[int, list[WindowChoice]] = {}
        for k in range(1, bounds.kernel + 1):
            for p in range(k // 2 + 1):
                for s in range(1, min(k, bounds.stride) + 1):
                    if size + 2 * p >= k:
                        reached = window_count(size, k, s, 2 * p)
                        found.setdefault(reached, []).append(WindowChoice(k, s, p, 1, _cost(size, k, s, p, 1)))
        return found

    pairs = [
        (first, second)
        for middle, firsts in choices(n).items()
        for second in choices(middle).get(out, [])
        for first in firsts
    ]
    return sorted(pairs, key=lambda two: (two[0].cost + two[1].cost, *(tuple(vars(one).values()) for one in two)))


# --- two formulas ---------------------------------------------------------------------------------


@record
class Comparison:
    """Whether two formulas agree for every integer; if not, the smallest place where they differ."""

    equal: bool | None
    text: str
    counterexample: Mapping[str, int] | None = None


def compare(one: str, other: str) -> Comparison:
    """Prove that two size formulas agree for every whole number, or find where they differ first.

    Raises QuestionError for text that is not a formula.
    """
    from cnncalc.exact.expressions import names_in

    try:
        names = sorted(names_in(one) | names_in(other))
        opened = {name: symbol(name) for name in names}
        left, right = evaluate(one, opened), evaluate(other, opened)
    except ExpressionError as error:
        raise QuestionError(str(error)) from None
    for value in (left, right):
        if not isinstance(value, int | Closed):
            raise QuestionError("both must be whole for whole numbers: use // instead of /")
    if left == right:
        text = f"equal for every integer {', '.join(names)}: both are {absorbed(left)}{_positive(left)}"
        return Comparison(True, text)
    if len(names) == 1:
        return _compared_in_one(left - right, names[0], left, right)
    return _searched(left - right, names)


def absorbed(value: Any) -> str:
    """⌊n/4⌋ - 3 as ⌊(n - 12)/4⌋: the constant taken into the floor, as the merged rule gives it."""
    from cnncalc.formulas import pretty

    if isinstance(value, Closed):
        terms = dict(value.terms)
        constant = terms.pop(ONE, 0)
        (monomial, coefficient), *rest = terms.items()
        if constant < 0 and not rest and coefficient == 1 and len(monomial) == 1 and isinstance(monomial[0], Floor):
            floor = monomial[0]
            if isinstance(floor.divisor, int):
                return pretty(Closed({(Floor(floor.numerator + floor.divisor * constant, floor.divisor),): 1}))
    return pretty(value)


def _positive(value: Any) -> str:
    """From where on a size is at least 1: below it, no network has it."""
    if not isinstance(value, Closed) or len(value.symbols) != 1:
        return ""
    try:
        found = where(value - 1, ">=")
    except Unsolvable:
        return ""
    name = next(iter(value.symbols))
    return "" if found == EVERY or not found else f"; a size (at least 1) for {described(name, found)}"


def _compared_in_one(gap: Any, name: str, left: Any, right: Any) -> Comparison:
    from cnncalc.formulas import pretty

    try:
        same = where(gap, "=")
    except Unsolvable:
        return _searched(gap, [name])
    if same == EVERY:
        return Comparison(True, f"equal for every {name} ≥ 1: {pretty(left)} = {pretty(right)}")
    first = next(n for n in range(1, same.start + same.period + 1) if n not in same)
    values = {name: first}
    shown = [value.at(values) if isinstance(value, Closed) else value for value in (left, right)]
    agree = f"they agree for {described(name, same)}" if same else "they agree nowhere"
    text = f"differ first at {name} = {first}: {shown[0]} and {shown[1]}; {agree}"
    return Comparison(False, text, values)


def _searched(gap: Any, names: list[str]) -> Comparison:
    """Several unknowns: look for a counterexample among small values; finding none proves nothing."""
    from itertools import islice, product

    side = {1: 4096, 2: 128, 3: 30}.get(len(names), 12)
    for values in islice(product(range(1, side), repeat=len(names)), 200_000):
        at = dict(zip(names, values, strict=True))
        if gap.at(at) != 0:
            return Comparison(False, f"differ at {', '.join(f'{k} = {v}' for k, v in at.items())}", at)
    return Comparison(None, f"no difference found for {', '.join(names)} < {side}, but that proves nothing")
