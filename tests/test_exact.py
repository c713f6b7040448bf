"""The ground floor: sizes against brute force, expressions within bounds, the recorder against ints."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnncalc.exact.expressions import MAX_BITS, ExpressionError, UnknownName, evaluate, names_in
from cnncalc.exact.recorder import Term, working, written
from cnncalc.exact.sizes import (
    caffe_window_count,
    ceil_div,
    ceil_window_count,
    extent,
    larger,
    smaller,
    transposed_size,
    window_count,
)

small = st.integers(1, 9)


@given(st.integers(1, 40), small, small, st.integers(0, 8), st.integers(1, 4))
def test_window_count_is_how_many_starts_fit(n: int, k: int, s: int, padding: int, d: int) -> None:
    assume(n + padding >= extent(k, d))
    starts = [x for x in range(0, n + padding, s) if x + d * (k - 1) < n + padding]
    assert window_count(n, k, s, padding, d) == len(starts)


@given(st.integers(1, 40), small, small, st.integers(0, 4), st.integers(1, 3))
def test_ceil_mode_counts_windows_that_start_inside(n: int, k: int, s: int, p: int, d: int) -> None:
    """Round up, then drop the last window if it starts in the right padding."""
    assume(p <= k // 2)
    count = -((n + 2 * p - extent(k, d)) // -s) + 1
    if (count - 1) * s >= n + p:
        count -= 1
    assert ceil_window_count(n, k, s, p, d) == count


@given(st.integers(1, 40), small, small, st.integers(0, 4))
def test_caffe_clips_only_where_padded(n: int, k: int, s: int, p: int) -> None:
    assume(p < k <= n + 2 * p)
    count = -((n + 2 * p - k) // -s) + 1
    if p and (count - 1) * s >= n + p:
        count -= 1
    assert caffe_window_count(n, k, s, p, p > 0) == count


@given(st.integers(1, 30), small, small, st.integers(0, 3), st.integers(1, 3))
def test_a_transposed_convolution_undoes_a_convolution(n: int, k: int, s: int, p: int, d: int) -> None:
    assume(n + 2 * p >= extent(k, d))
    out = window_count(n, k, s, 2 * p, d)
    assert transposed_size(out, k, s, 2 * p, (n + 2 * p - extent(k, d)) % s, d) == n


@given(st.integers(-50, 50), st.integers(-50, 50), small)
def test_smaller_larger_and_ceil(a: int, b: int, c: int) -> None:
    assert (smaller(a, b), larger(a, b)) == (min(a, b), max(a, b))
    assert ceil_div(a, c) == -(-a // c)


EXPRESSIONS = [
    ("1 + 2*3", 7), ("(7 - 1)//4", 1), ("-7//2", -4), ("7 % 4", 3), ("2**10", 1024), ("10/4", Fraction(5, 2)),
    ("10/5", 2), ("0.25*8", 2), ("1.5", Fraction(3, 2)), ("1e3", 1000), ("ceil(7/2)", 4), ("floor(-7/2)", -4),
    ("min(3, 2, 5)", 2), ("max(a, 4)", 5), ("a*b", 35), ("a == 5 and b > 6", True), ("not a < 5", True),
    ("1 < a < 9", True), ("a > 9 or b == 7", True), (" 3 ", 3), ("0**0", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), EXPRESSIONS)
def test_expressions_are_exact(text: str, value: object) -> None:
    found = evaluate(text, {"a": 5, "b": 7})
    assert found == value
    assert type(found) is type(value)


HOSTILE = [
    "9**9**9**9", "(9**9)**9**1", "2**-1", "2**17", "__import__('os')", "().__class__", "a.b", "a[0]", "'x'*9",
    "lambda: 1", "[1]*9", "1 if a else 2", "a := 3", "x'y", "1_000", "0x10", "0b1", "1j", "True", "None", "...", "b''",
    "f'{a}'", "print(1)", "min()", "floor(1, 2)", "floor(x=1)", "1/0", "1//0", "1%0", "a+", "", " ", "\x00", "1\n2",
    "a" * 501, "(" * 100 + "1" + ")" * 100, "-" * 400 + "1", "+".join(["1"] * 240), "((99999999**9)*9)**9",
    "9" * 60, "é", "1e999", "1 is 1", "1 in a", "1 << 70", "~1", "a @ b", "1 & 2", "*a", "a, b", "yield", "await a",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_strangers_expressions_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, {"a": 5, "b": 7, "x": 3})
    assert len(str(caught.value)) < 120


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownName, match="unknown name 'q'"):
        evaluate("1 + q", {"a": 1})
    assert names_in("min(a, b) + c") == {"a", "b", "c"}


tokens = st.sampled_from(
    ["1", "2", "9", "a", "b", "+", "-", "*", "//", "/", "%", "**", "(", ")", "<", "==", " and ", "min(", ","]
)


@given(st.lists(tokens, max_size=14).map("".join))
def test_any_text_is_bounded_or_refused(text: str) -> None:
    try:
        value = evaluate(text, {"a": 5, "b": 7})
    except ExpressionError:
        return
    assert isinstance(value, bool | int | Fraction)
    assert value.numerator.bit_length() <= MAX_BITS
    if "/" not in text.replace("//", ""):
        assert value == eval(text, {"__builtins__": {"min": min}}, {"a": 5, "b": 7})


operations = st.lists(st.tuples(st.sampled_from("+-*/%m"), st.integers(1, 9), st.booleans(), st.booleans()), max_size=8)


@given(st.integers(0, 30), operations)
def test_recorded_arithmetic_is_arithmetic(start: int, steps: list[tuple[str, int, bool, bool]]) -> None:
    """A Term has the value ints would have, and what it prints evaluates to that value."""
    value: int = start
    term: object = Term("n", start)
    for operator, number, recorded, flipped in steps:
        other: object = Term("k", number) if recorded else number
        left, right, a, b = (
            (other, term, number, value) if flipped and operator in "+-*" else (term, other, value, number)
        )
        match operator:
            case "+":
                value, term = a + b, left + right  # type: ignore[operator]
            case "-":
                value, term = a - b, left - right  # type: ignore[operator]
            case "*":
                value, term = a * b, left * right  # type: ignore[operator]
            case "/":
                value, term = a // b, left // right  # type: ignore[operator]
            case "%":
                value, term = a % b, left % right  # type: ignore[operator]
            case _:
                value, term = min(a, b), smaller(left, right)
    assert int(term) == value  # type: ignore[call-overload]
    text = written(term, numbers=True).replace(",", "") if "min" not in written(term) else str(value)  # type: ignore[arg-type]
    assert eval(pythonic(text)) == value
    assert working(term).endswith(f"{value:,}")  # type: ignore[arg-type]


def pythonic(text: str) -> str:
    """What the recorder prints, as Python."""
    text = text.replace("⌊", "((").replace("⌋", "))").replace(" / ", ")//(")
    return text.replace("·", "*").replace("−", "-").replace(" mod ", " % ")
