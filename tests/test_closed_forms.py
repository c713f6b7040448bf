"""Open sizes: the normal form against plain arithmetic, solution sets against brute force."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnncalc import SpecError, analyse, load
from cnncalc.exact.closed import Closed, Undecided, bounds, floor_div, symbol
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sets import EVERY, Solutions, Stretch, Unsolvable
from cnncalc.exact.solving import grows, not_negative, one_floor, rhythm, where
from cnncalc.network import Network
from cnncalc.pytorch.check import check
from cnncalc.spec.write import to_yaml
from cnncalc.strategies import SINGLE, layers, networks, shapes

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
N = symbol("n")
Step = tuple[str, int]
steps = st.lists(st.tuples(st.sampled_from(["+", "-", "*", "//", "%", "r", "min"]), st.integers(1, 6)), max_size=8)


def test_two_open_values_are_not_taken_for_one() -> None:
    """⌊(x + y)/2⌋ with two floors or two symbols keeps both."""
    a, b = symbol("a"), symbol("b")
    for value in (N + N // 2, N // 3 + N // 2, a + b, a + b // 3):
        halves = value // 2
        for n in range(1, 60):
            at = {"n": n, "a": n, "b": 2 * n + 1}
            assert halves.at(at) == value.at(at) // 2


def walked(value: Any, chain: list[Step]) -> Any:
    """A chain of operations on an int or an open size; ``r`` subtracts from a number."""
    for operator, number in chain:
        match operator:
            case "+":
                value = value + number
            case "-":
                value = value - number
            case "*":
                value = value * number
            case "//":
                value = value // number
            case "%":
                value = value % number
            case "r":
                value = number - value
            case _:
                value = min(value, number) if isinstance(value, int) else value.smaller(number)
    return value


@given(steps, st.integers(1, 400))
@settings(max_examples=1500)
def test_open_arithmetic_is_arithmetic(chain: list[Step], n: int) -> None:
    closed = walked(N, chain)
    value = closed if isinstance(closed, int) else closed.at({"n": n})
    assert value == walked(n, chain)
    assert eval(str(closed), {}, {"n": n}) == value


sizes = st.lists(st.tuples(st.integers(-6, 6), st.integers(1, 4)), max_size=12)


@given(sizes, st.integers(1, 10_000))
def test_every_chain_of_windows_is_one_floor(chain: list[tuple[int, int]], n: int) -> None:
    """⌊(⌊(n + a)/s⌋ + b)/t⌋ = ⌊(n + a + s·b)/(s·t)⌋, however long the chain."""
    closed, value = N, n
    for offset, stride in chain:
        closed, value = (closed + offset) // stride, (value + offset) // stride
    assert closed.at({"n": n}) == value
    assert repr(closed).count("//") <= 1


@given(sizes, sizes)
def test_equal_functions_are_equal_values(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    a: Any = N
    b: Any = N
    for offset, stride in one:
        a = (a + offset) // stride
    for offset, stride in other:
        b = (b + offset) // stride
    same = all(a.at({"n": n}) == b.at({"n": n}) for n in range(-3000, 3000))
    if a == b:
        assert same
    elif same:  # only divisors beyond the range can hide a difference
        assert min(rhythm(a)[0], rhythm(b)[0]) > 1000


CASES = [
    (lambda n: (n - 1) // 2 + 1, "(n + 1)//2"),
    (lambda n: ((n - 6) // 2 - 5) // 2 + 1, "n//4 - 3"),
    (lambda n: ((n - 4) // 2 - 4) // 2, "n//4 - 3"),
    (lambda n: 2 * (n // 2), "2*(n//2)"),
    (lambda n: (4 * n + 6) // 2, "2*n + 3"),
    (lambda n: (6 * n + 3) // 4, "n + (n + 1)//2"),
    (lambda n: n * n - n, "n**2 - n"),
    (lambda n: (n * n) // n, "n"),
    (lambda n: n % 3, "n - 3*(n//3)"),
]


@pytest.mark.parametrize(("rule", "text"), CASES)
def test_the_normal_form(rule: Callable[[Any], Any], text: str) -> None:
    closed = rule(N)
    assert repr(closed) == text
    assert all(closed.at({"n": n}) == rule(n) for n in range(1, 200))


def test_what_sympy_gets_wrong_stays_right() -> None:
    """sympy 1.14 drops the floor of these (issue 28442): (2k + 2)·w/6 is not always whole."""
    k, w = symbol("k"), symbol("w")
    for p in range(1, 13):
        for q in range(13):
            for d in range(2, 13):
                closed = ((p * k + q) * w) // d
                for values in ({"k": 1, "w": 1}, {"k": 2, "w": 1}, {"k": 5, "w": 7}):
                    wanted = (p * values["k"] + q) * values["w"] // d
                    assert (closed if isinstance(closed, int) else closed.at(values)) == wanted
    n = symbol("n")
    assert n // 2 + (n + 1) // 2 - n != 1
    assert (n // 2) // 2 == n // 4
    assert ((n + 1) // 2).smaller(n // 2) != (n + 1) // 2


def test_questions_are_decided_or_refused() -> None:
    w = symbol("w")
    assert 256 * w > 64 * w
    assert (4 * w).compare(w, "!=")
    assert w >= 1
    assert not w < 1
    with pytest.raises(Undecided, match="depends on w"):
        _ = w > 5
    with pytest.raises(Undecided):
        w.compare(64, "==")
    assert bounds(w // 3 - 2) == (-2, None)
    assert (w - w) == 0
    assert floor_div(7, 2) == 3


conditions = st.tuples(
    steps.filter(lambda chain: all(op not in ("min",) for op, _ in chain)), st.sampled_from([">=", "="])
)


@given(conditions, st.integers(-30, 30))
@settings(max_examples=400)
def test_solutions_are_all_solutions(condition: tuple[list[Step], str], target: int) -> None:
    chain, sign = condition
    gap = walked(N, chain) - target
    try:
        found = where(gap, sign)
    except Unsolvable:
        assume(False)
        raise
    tail = found.tail or Stretch(1 + max(found.finite, default=0))
    for n in range(1, min(tail.first + 2 * tail.period, 4000) + 60):
        value = walked(n, chain) - target
        assert (n in found) == (value >= 0 if sign == ">=" else value == 0)


@given(st.integers(1, 9), st.integers(-9, 9), st.integers(-3000, 300), st.sampled_from([">=", "="]))
def test_growing_conditions_are_cut_at_the_right_place(a: int, b: int, c: int, sign: str) -> None:
    size = (N + 3) // 4
    gap = a * size * size + abs(b) * N + c
    found = where(gap, sign)
    for n in range(1, 140):
        value = a * ((n + 3) // 4) ** 2 + abs(b) * n + c
        assert (n in found) == (value >= 0 if sign == ">=" else value == 0)
    assert grows(gap)
    assert not grows(-gap)


sets = st.builds(
    lambda finite, start, period, residues: Solutions.of(n for n in finite if n < start)
    | Solutions([Stretch(start, None, period, frozenset(residues))] if residues else []),
    st.sets(st.integers(1, 20)), st.integers(1, 20), st.integers(1, 6), st.sets(st.integers(0, 5)),
)  # fmt: skip


@given(sets, sets)
def test_sets_are_closed_under_and_or_and_not(a: Solutions, b: Solutions) -> None:
    for n in range(1, 120):
        assert (n in (a & b)) == (n in a and n in b)
        assert (n in (a | b)) == (n in a or n in b)
        assert (n in (a - b)) == (n in a and n not in b)
    assert (a & EVERY).below(100) == a.below(100)


@given(sets)
def test_equal_sets_are_equal_values(a: Solutions) -> None:
    """However it was put together, a set has one form; its tail begins as early as it can."""
    other = EVERY - (EVERY - a)
    assert other == a
    tail, members = a.tail, set(a.below(200))
    assert set(a.finite) == {n for n in members if tail is None or n < tail.first}
    if tail and tail.first > 1:
        n = tail.first - 1
        assert (n in members) != (n % tail.period in tail.residues)


polynomials = st.lists(st.integers(-30, 30), min_size=1, max_size=4)


@given(polynomials)
@settings(max_examples=400)
def test_where_a_polynomial_is_not_negative(coefficients: list[int]) -> None:
    def f(q: int) -> int:
        return sum(c * q**i for i, c in enumerate(coefficients))

    runs = not_negative(f, len(coefficients) - 1)
    for q in range(300):
        assert (f(q) >= 0) == any(low <= q and (high is None or q <= high) for low, high in runs)
    leading = next((c for c in reversed(coefficients) if c), 0)
    assert bool(runs and runs[-1][1] is None) == (leading >= 0)


factors = st.tuples(st.integers(-3, 3), st.integers(-9, 9), st.integers(1, 5))


@given(
    st.lists(st.tuples(factors, factors), min_size=1, max_size=3), st.integers(-60, 60), st.sampled_from([">=", "="])
)
@settings(max_examples=300)
def test_products_of_sizes_are_solved_exactly(terms: list[Any], constant: int, sign: str) -> None:
    """Conditions on areas, neither growing nor falling, against brute force well beyond the period."""

    def area(n: Any) -> Any:
        sides = (((a * n + b) // c) * ((d * n + e) // f) for (a, b, c), (d, e, f) in terms)
        return sum(sides) + constant

    gap = area(N)
    found = where(gap, sign)
    for n in range(1, 300):
        assert (n in found) == (area(n) >= 0 if sign == ">=" else area(n) == 0)


@given(steps, st.integers(-20, 40), st.sampled_from([">=", "="]))
@settings(max_examples=300)
def test_least_of_two_is_solved_exactly(chain: list[Step], goal: int, sign: str) -> None:
    gap = walked(N.smaller(20 - N // 2), chain) - goal
    assume(isinstance(gap, Closed))
    found = where(gap, sign)
    for n in range(1, 200):
        value = walked(min(n, 20 - n // 2), chain) - goal
        assert (n in found) == (value >= 0 if sign == ">=" else value == 0)


def test_solutions_far_out_are_found() -> None:
    far = 10**13
    assert where(N // far, "=").runs == [(1, far - 1)]
    assert where(N // far - 3, ">=").tail == Stretch(3 * far)
    assert where(3 * N * N - far * far, "=").runs == []
    assert where(N * N - far * far, "=").runs == [(far, far)]
    with pytest.raises(Unsolvable, match="more than"):
        _ = where(N // far, "=").finite


NETWORKS = ["lenet5_pytorch", "alexnet", "vgg16_bn", "resnet18", "resnet50", "densenet121", "googlenet", "googlenet_paper",
            "unet_padded", "nin"]  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_ints_and_symbols_agree_on_every_layer(name: str) -> None:
    network = load(name)
    open_ = analyse(network, open=("H", "W"))
    for change in (0, 32, 57):
        values = {axis: network.symbols[axis] + change for axis in ("H", "W")}
        try:
            plain = analyse(network, **values)
        except ValueError:
            assert change
            continue
        for layer in plain:
            other = open_[layer.name]
            for quantity in ("params", "macs", "activations", "connections", "neurons", "buffers"):
                closed = getattr(other, quantity)
                assert (closed.at(values) if isinstance(closed, Closed) else closed) == getattr(layer, quantity)
            shape = tuple(size.at(values) if isinstance(size, Closed) else size for size in other.output)
            assert shape == layer.output


@pytest.mark.parametrize("name", NETWORKS)
def test_no_printed_size_has_two_floors(name: str) -> None:
    for layer in analyse(load(name), open=("H", "W")):
        for size in layer.output[1:]:
            assert repr(size).count("//") <= 1


@given(st.lists(st.tuples(st.sampled_from(["+", "*", "//"]), st.integers(1, 4)), min_size=1, max_size=5))
def test_one_floor_is_found_or_proved_missing(chain: list[Step]) -> None:
    closed = walked(N, chain)
    assume(isinstance(closed, Closed))
    found = one_floor(closed)
    if found is not None:
        assert repr(found).count("//") <= 1
        assert all(found.at({"n": n}) == closed.at({"n": n}) for n in range(1, 300))
        return
    period, _ = rhythm(closed)
    values = [closed.at({"n": n}) for n in range(3 * period + 40)]
    for stride in range(1, period + 1):  # no c·⌊(n + A)/S⌋ + B goes through these values
        for shift in range(stride):
            floors = [(n + shift) // stride for n in range(len(values))]
            steps = {b - a for (a, b), (c, d) in zip(pairwise(values), pairwise(floors), strict=True) if d != c}
            still = all(a == b for (a, b), (c, d) in zip(pairwise(values), pairwise(floors), strict=True) if d == c)
            assert not (still and len(steps) == 1)


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=SLOW)
def test_every_kind_agrees_with_its_open_self(name: str, data: st.DataObject) -> None:
    """A layer's rule on open sizes, evaluated, is the rule on the sizes."""
    planar = name in ("im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align")
    x = data.draw(shapes((2,) if planar else (1, 2, 3), largest=9))
    x = x[:1] if name == "radial_basis" else x
    layer = data.draw(layers(x, [name]))
    assume(getattr(layer, "scale_factor", None) not in (0.7, 0.29))
    opened = (x[0], *(symbol(f"n{i}") for i in range(1, len(x))))
    last = layer.but(in_features=None) if name == "radial_basis" else layer
    if name == "linear" and len(x) > 1:
        last, opened = layer, (*opened[:-1], x[-1])
    try:
        closed = last.facts(*([opened]))
    except ShapeError:
        with pytest.raises(ShapeError):
            last.facts(x)
        return
    for sizes in (x, tuple(n + 3 for n in x)):
        sizes = (x[0], *sizes[1:-1], x[-1]) if name == "linear" else (x[0], *sizes[1:])
        values = {f"n{i}": n for i, n in enumerate(sizes) if i}
        try:
            plain = last.facts(sizes)
        except ShapeError:
            continue

        def settled(value: Any, values: dict[str, int] = values) -> Any:
            return value.at(values) if isinstance(value, Closed) else value

        assert tuple(map(settled, closed.output)) == plain.output
        assert settled(closed.macs) == plain.macs
        assert settled(closed.connections) == plain.connections
        assert settled(closed.params) == plain.params
        assert [settled(rule.gap) for rule in closed.requires] == [rule.gap for rule in plain.requires]


CHAINED = ("conv", "conv_transpose", "max_pool", "avg_pool", "upsample", "pad", "crop")


@given(networks(ranks=(1,), kinds=CHAINED, depth=6, branches=False), st.data())
@settings(max_examples=60, suppress_health_check=SLOW)
def test_open_chains_have_pytorchs_sizes(network: Network, data: st.DataObject) -> None:
    """A random chain with its length left open gives PyTorch's size at any length it takes."""
    channels, _ = network.input
    text = to_yaml(network).replace(f"input: [{channels}, {network.input[1]}]", f"input: [{channels}, n]")
    spec = f"symbols: {{n: {network.input[1]}}}\n{text}"
    assume("size=" not in text and " to=" not in text and "0.7" not in text and "0.29" not in text)
    open_ = analyse(load(spec), open=("n",))
    last = open_.shapes[open_.network.outputs[0]][1]
    for n in data.draw(st.lists(st.integers(1, 70), min_size=5, max_size=5, unique=True)):
        try:
            analysis = analyse(load(spec, n=n))
        except SpecError:
            gaps = [(rule.gap.at({"n": n}), rule.sign) for _, rule in open_.assumptions]
            assert any(gap < 0 or (sign == "=" and gap) for gap, sign in gaps)
            continue
        size = last if isinstance(last, int) else last.at({"n": n})
        assert check(analysis, "meta").differences == []
        assert size == analysis.output[1]
