"""Every rewrite of the normal form as one line of algebra, proved by z3 for all integers in a window."""

from collections.abc import Callable
from typing import Any

import pytest
import z3

X, B, S, T, G = z3.Ints("x b s t g")
WINDOW = [X >= -2000, X <= 2000, B >= -50, B <= 50]


def floor(a: Any, b: Any) -> Any:
    """⌊a/b⌋ for b > 0: what z3's integer division is for positive divisors."""
    return a / b


def proved(claim: Any, *assumptions: Any) -> bool:
    solver = z3.Solver()
    solver.set("timeout", 20_000)
    solver.add(*WINDOW, *assumptions, z3.Not(claim))
    return bool(solver.check() == z3.unsat)


SMALL = range(1, 7)


@pytest.mark.parametrize("t", SMALL)
def test_whole_multiples_leave_the_floor(t: int) -> None:
    """⌊(t·x + y)/t⌋ = x + ⌊y/t⌋"""
    assert proved(floor(t * X + B, t) == X + floor(B, t))


@pytest.mark.parametrize("t", SMALL)
@pytest.mark.parametrize("g", SMALL)
def test_a_common_factor_leaves_it(g: int, t: int) -> None:
    """⌊(g·x + b)/(g·t)⌋ = ⌊(x + ⌊b/g⌋)/t⌋"""
    assert proved(floor(g * X + B, g * t) == floor(X + floor(B, g), t))


@pytest.mark.parametrize("s", SMALL)
@pytest.mark.parametrize("t", SMALL)
def test_floors_merge(s: int, t: int) -> None:
    """⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋"""
    assert proved(floor(floor(X, s) + B, t) == floor(X + s * B, s * t))


@pytest.mark.parametrize("t", SMALL)
def test_a_ceiling_is_a_floor(t: int) -> None:
    """⌈x/t⌉ = ⌊(x + t - 1)/t⌋, and x mod t = x - t·⌊x/t⌋ lies in [0, t)"""
    assert proved(-floor(-X, t) == floor(X + t - 1, t))
    assert proved(z3.And(X - t * floor(X, t) >= 0, X - t * floor(X, t) < t))


WRONG: list[tuple[str, Callable[[], Any]]] = [
    ("a factor that does not divide", lambda: floor(2 * X + B, 3) == 2 * floor(X, 3) + floor(B, 3)),
    ("floors of sums", lambda: floor(X + B, 2) == floor(X, 2) + floor(B, 2)),
    ("merging without the offset", lambda: floor(floor(X, 2) + B, 3) == floor(X + B, 6)),
]


@pytest.mark.parametrize(("name", "claim"), WRONG, ids=[name for name, _ in WRONG])
def test_the_prover_can_say_no(name: str, claim: Callable[[], Any]) -> None:
    assert not proved(claim())
