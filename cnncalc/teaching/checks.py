"""Checks of functions that compute sizes, parameters and receptive fields."""

from collections.abc import Callable, Sequence
from typing import Any

from cnncalc.exact.records import record
from cnncalc.quiz.diagnosis import explained
from cnncalc.quiz.quantities import house
from cnncalc.teaching import report
from cnncalc.teaching.functions import Unsuitable, letters_of
from cnncalc.teaching.sandbox import Limits, Said, run
from cnncalc.teaching.textbook import Point, chain_points, params_points, simpler, size_points

LIMITS = Limits()
ENOUGH = 20  # replies without which nobody is said to have made a slip


@record
class Subject:
    """What a function is asked: how it is called, and how an example is told."""

    quantity: str
    letters: Sequence[str]
    points: Sequence[Point]
    call: Callable[[Point], tuple[Any, ...]]
    example: Callable[[Point, Sequence[str]], str]
    reason: Callable[[Point, Sequence[str]], str]
    fits: Callable[[Point], bool] | None = None


def check_conv_output_size(fn: Callable[..., Any], limits: Limits = LIMITS) -> None:
    """Check a function of (input, kernel, stride, padding, dilation) against ⌊(n + 2p − d(k−1) − 1)/s⌋ + 1.

    Parameters are told by their names or their order; padding and dilation may be missing. Raises
    AssertionError with the sentence for the student.

    >>> def size(n, k, s, p, d):
    ...     return (n + p - d * (k - 1) - 1) // s + 1
    >>> check_conv_output_size(size)
    Traceback (most recent call last):
        ...
    AssertionError: for input 7, kernel 3, stride 2, padding 1, dilation 1 you said 3, the right answer is 4 because \
floor((7 + 2·1 − 1·(3−1) − 1)/2) + 1 = 4: it looks as if padding was added on one side only
    """
    letters = _letters(fn, ("n", "k", "s", "p", "d"), 2)
    _check(fn, Subject("conv_size", letters, size_points(letters), _by_letters(letters), report.size_example,
                       report.size_reason, lambda v: v["n"] + 2 * v["p"] > v["d"] * (v["k"] - 1)), limits)  # fmt: skip


def check_parameters(fn: Callable[..., Any], limits: Limits = LIMITS) -> None:
    """Check a function of (in_channels, out_channels, kernel, groups, bias) that counts a convolution's parameters.

    Groups and bias may be missing; then they are 1 and True. Raises AssertionError.
    """
    letters = _letters(fn, ("ci", "co", "k", "g", "b"), 3)
    _check(fn, Subject("conv_params", letters, params_points(letters), _by_letters(letters), report.params_example,
                       report.params_reason, lambda v: v["ci"] % v["g"] == v["co"] % v["g"] == 0), limits)  # fmt: skip


def check_receptive_field(fn: Callable[..., Any], dilation: bool = True, limits: Limits = LIMITS) -> None:
    """Check a function of a list of (kernel, stride, dilation), or of kernels, strides and dilations as lists.

    With ``dilation=False`` the list holds (kernel, stride) alone. Raises AssertionError.
    """
    letters = _letters(fn, ("layers", "strides", "dilations"), 1)
    if len(letters) > 1:
        letters = _letters(fn, ("kernels", "strides", "dilations"), 2)
        dilation = "dilations" in letters
    width = 3 if dilation else 2

    def call(point: Point) -> tuple[Any, ...]:
        layers = [layer[:width] for layer in point["L"]]
        columns = dict(zip(("kernels", "strides", "dilations"), map(list, zip(*layers, strict=True)), strict=False))
        return (layers,) if len(letters) == 1 else tuple(columns[letter] for letter in letters)

    _check(fn, Subject("field", letters, chain_points(dilation), call, report.field_example, report.field_reason),
           limits)  # fmt: skip


def _letters(fn: Callable[..., Any], order: Sequence[str], least: int) -> list[str]:
    if not callable(fn):
        raise AssertionError(f"a function was expected, not {type(fn).__name__}")
    try:
        return letters_of(fn, order, least)
    except Unsuitable as error:
        raise AssertionError(f"your function cannot be called: {error}") from None


def _by_letters(letters: Sequence[str]) -> Callable[[Point], tuple[Any, ...]]:
    def call(point: Point) -> tuple[Any, ...]:
        return tuple(bool(point[letter]) if letter == "b" else point[letter] for letter in letters)

    return call


def _check(fn: Callable[..., Any], subject: Subject, limits: Limits) -> None:
    __tracebackhide__ = True  # pytest shows the student's own line
    said = run(fn, [subject.call(point) for point in subject.points], limits)
    rights = [int(house(subject.quantity, point)) for point in subject.points]
    faults = [
        report.fault(one, right) if one.kind != "unasked" else "" for one, right in zip(said, rights, strict=True)
    ]
    first = next((i for i, fault in enumerate(faults) if fault), None)
    if first is None:
        return
    point, one = _shrunk(fn, subject, subject.points[first], said[first], limits)
    raise AssertionError(_sentence(subject, point, one, said))


def _sentence(subject: Subject, point: Point, one: Said, said: Sequence[Said]) -> str:
    right = int(house(subject.quantity, point))
    text = (f"for {subject.example(point, subject.letters)} {report.fault(one, right)}, the right answer is {right} "
            f"because {subject.reason(point, subject.letters)}")  # fmt: skip
    numbers = [report.number(reply) for reply in said]
    if one.kind not in ("int", "float") or sum(number is not None for number in numbers) < ENOUGH:
        return text
    known = [(at, number) for at, number in zip(subject.points, numbers, strict=True) if number is not None]
    ways = explained(subject.quantity, [at for at, _ in known], [number for _, number in known])
    if one.value == right and not ways:
        return text
    return f"{text}: {report.likeness(ways)}"


def _shrunk(fn: Callable[..., Any], subject: Subject, point: Point, one: Said, limits: Limits) -> tuple[Point, Said]:
    """The counter-example with as many textbook values as still fail in the same way."""
    for _ in range(len(subject.letters) + 1):
        nearer = [at for at in simpler(point, [x for x in subject.letters if x in point])
                  if subject.fits is None or subject.fits(at)]  # fmt: skip
        if not nearer or one.kind == "endless":
            break
        replies = run(fn, [subject.call(at) for at in nearer], limits)
        failing = ((at, reply) for at, reply in zip(nearer, replies, strict=True)
                   if reply.kind == one.kind and report.fault(reply, int(house(subject.quantity, at))))  # fmt: skip
        found = next(failing, None)
        if found is None:
            break
        point, one = found
    return point, one
