"""Inverse questions: the named results, brute force, honest answers where nothing is proved."""

import ast
import json
import re
from collections.abc import Callable
from fractions import Fraction

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnncalc import SpecError, analyse, load
from cnncalc.analysis import Analysis
from cnncalc.exact.sizes import window_count
from cnncalc.solve import (
    Answer,
    PairBounds,
    QuestionError,
    WindowBounds,
    compare,
    quantity,
    solve,
    window_pairs,
    windows,
)
from cnncalc.spec.load import spec
from tests.commands import invoke


def asked(source: object, unknown: str, condition: str, multiple_of: int = 1, **given: int) -> Answer:
    return solve(spec(source), unknown, condition, given, multiple_of)


def members(answer: Answer, end: int = 400) -> list[int]:
    assert answer.solutions is not None
    return answer.solutions.below(end)


def buildable(source: object, name: str, values: range) -> list[int]:
    """Brute force: the values with which the network loads."""
    found = []
    for value in values:
        try:
            load(source, **{name: value})
        except SpecError:
            continue
        found.append(value)
    return found


def test_resnet_gives_7_for_193_to_224() -> None:
    answer = asked("resnet50", "H", "stage_4 == 7")
    assert (answer.status, answer.text) == ("proved", "H = 193..224")
    assert members(answer) == [n for n in range(1, 400) if -(-n // 32) == 7]


def test_densenet_gives_7_for_221_to_252() -> None:
    network = load("densenet121")
    last = [name for name in analyse(network).facts if analyse(network)[name].output[1:] == (7, 7)][-1]
    assert members(asked("densenet121", "H", f"{last} == 7")) == list(range(221, 253))


def test_unet_sizes() -> None:
    padded = asked("unet_padded", "H", "valid")
    assert (padded.status, padded.text) == ("proved", "H ≡ 0 (mod 16), H ≥ 16")
    assert members(padded) == buildable("unet_padded", "H", range(1, 400))
    assert buildable("unet", "H", range(150, 230)) == members(asked("unet", "H", "valid"), 230)
    assert asked("unet", "H", "output == 388 and H == 572").text == "H = 572"


def test_the_original_unet_with_even_pools() -> None:
    """The 2×2 pools leave no row over for H ≡ 12 (mod 16), H ≥ 188 (Ronneberger et al. 2015 chose 572)."""
    answer = asked("unet", "H", "exact")
    assert answer.text == "H ≡ 12 (mod 16), H ≥ 188"
    assert 572 in answer.solutions  # type: ignore[operator]


def test_a_width_multiplier_rounded_to_eights() -> None:
    """Percent of the usual widths, each rounded to a multiple of 8, under a budget of parameters."""
    mobile = {"symbols": {"a": 100}, "input": [3, 32, 32],
              "layers": ["conv 8*((32*a+400)//800) 3x3", "conv 8*((64*a+400)//800) 1x1", "conv 8*((128*a+400)//800) 1x1"]}  # fmt: skip
    answer = asked(mobile, "a", "params <= 8000 and a >= 13")
    assert answer.status == "proved"
    best = max(members(answer))
    assert analyse(load(mobile, a=best)).params <= 8000 < analyse(load(mobile, a=best + 1)).params


def test_smallest_inputs_are_torchvisions() -> None:
    """torchvision documents these as min_size."""
    assert members(asked("alexnet", "H", "valid"))[0] == 63
    assert members(asked("densenet121", "H", "valid"))[0] == 29
    assert members(asked("vgg16", "H", "valid"))[0] == 32


def test_budgets_on_widths_and_sizes() -> None:
    answer = asked("resnet50", "H", "macs <= 3e9")
    best = max(members(answer))
    assert analyse(load("resnet50", H=best)).macs <= 3 * 10**9 < analyse(load("resnet50", H=best + 1)).macs
    classes = asked("vgg16", "classes", "params <= 138e6", multiple_of=8)
    assert max(members(classes, 2000)) == 912
    assert all(n % 8 == 0 for n in members(classes, 2000))


NARROW = {"symbols": {"w": 8, "n": 3}, "input": [3, 32, 32],
          "layers": ["conv w 3x3 padding=1", {"repeat": {"times": "n", "layers": ["conv channels 3x3"]}},
                     "flatten", "linear 10"]}  # fmt: skip


def test_widths_are_proved_and_depths_tried() -> None:
    width = asked(NARROW, "w", "params <= 1e5")
    assert width.status == "proved"
    best = max(members(width))
    assert analyse(load(NARROW, w=best)).params <= 10**5 < analyse(load(NARROW, w=best + 1)).params
    depth = asked(NARROW, "n", "conv_2 >= 1 and field >= 32", w=1)
    assert depth.status == "bounded"
    assert depth.bounds is not None
    assert all(n <= 15 for n in members(depth))


def test_how_many_3x3_layers_see_100_pixels() -> None:
    stack = {"symbols": {"depth": 1}, "input": [1, 224, 224],
             "layers": [{"repeat": {"times": "depth", "layers": ["conv 1 3x3 padding=1"]}}]}  # fmt: skip
    answer = asked(stack, "depth", "field >= 100")
    assert answer.status == "bounded"
    assert members(answer)[0] == 50


def test_in_features_left_open() -> None:
    head = {"symbols": {"features": None}, "input": [3, 32, 32],
            "layers": ["conv 16 5x5", "max_pool 2", "flatten", "linear 10 in_features=features"]}  # fmt: skip
    assert asked(head, "features", "valid").text == f"features = {16 * 14 * 14}"


def test_no_solution_is_proved_too() -> None:
    answer = asked("resnet50", "H", "stage_4 == 7 and stage_3 == 12")
    assert (answer.status, answer.text) == ("none", "no H")


def test_questions_that_cannot_be_read() -> None:
    for condition, told in [("stage_9 == 7", "has no layer 'stage_9'"), ("stage_4", "is not a condition"),
                            ("stage_4 == ", "is not a condition"), ("params <= __import__('os')", "not a number"), ("a == b ==", "is not a condition"), ("(H == 3) + 1 == 2", "is not a condition"), ("H in (1, 2)", "is not a condition"),
                            ("H == 7 or", "is not a condition"), ("stage_4 == 7 and stage_9 == 3", "has no layer 'stage_9'"), ("H == 1//0", "division by zero"), ("H or 7", "is not a condition")]:  # fmt: skip
        with pytest.raises((QuestionError, SpecError), match=told):
            asked("resnet18", "H", condition)
    with pytest.raises(SpecError, match="has no symbol 'Q'"):
        asked("resnet18", "Q", "valid")


def test_quantities_name_layers_totals_and_symbols() -> None:
    analysis = analyse(load("resnet18"))
    assert quantity("stage_2.basic_1.conv_1 + 1", analysis) == [29]
    assert quantity("params // 10**6", analysis) == [11]
    assert quantity("H", analysis) == [224]


@given(st.integers(5, 60), st.integers(1, 20))
@settings(max_examples=25)
def test_windows_are_all_windows(n: int, out: int) -> None:
    bounds = WindowBounds(kernel=7)
    found = {(one.kernel, one.stride, one.padding, one.dilation) for one in windows(n, out, bounds, {})}
    wanted = set()
    for d in range(1, 4):
        for k in range(1, 8):
            reach = d * (k - 1) + 1
            for p in range(reach // 2 + 1):
                for s in range(1, reach + 1):
                    if (k > 1 or d == 1) and n + 2 * p >= reach and window_count(n, k, s, 2 * p, d) == out:
                        wanted.add((k, s, p, d))
    assert found == wanted


def test_alexnets_first_window() -> None:
    """227 → 55 has 170 windows, Krizhevsky's first; 224 → 55 has 184, torchvision's (11, 4, 2) among them."""
    found = windows(227, 55, WindowBounds(), {})
    assert len(found) == 170
    assert (found[0].kernel, found[0].stride, found[0].padding) == (11, 4, 0)
    other = windows(224, 55, WindowBounds(), {})
    assert len(other) == 184
    assert (11, 4, 2, 1) in [(one.kernel, one.stride, one.padding, one.dilation) for one in other]
    fixed = windows(227, 55, WindowBounds(), {"stride": 4, "padding": 0})
    assert {one.dilation * (one.kernel - 1) + 1 for one in fixed} == {8, 9, 10, 11}


EQUAL = [("((n-6)//2-5)//2+1", "((n-4)//2-4)//2"), ("(n-1)//2+1", "ceil(n/2)"), ("(n+1)*(n-1)", "n*n - 1"), ("n//2//3", "n//6"),
         ("(a+b)*c", "c*b + a*c"), ("floor((2*n+4)/2)", "n+2")]  # fmt: skip
DIFFERENT = [("n//2", "(n+1)//2", {"n": 1}), ("n//4 + 1", "(n+5)//4", {"n": 3}), ("n//2*2", "n", {"n": 1}),
             ("((n-5)//2-5)//2+1", "((n-4)//2-4)//2", None), ("a//2 + b", "(a+b)//2", {"a": 1, "b": 2})]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_formulas_are_proved_equal(one: str, other: str) -> None:
    assert compare(one, other).equal is True


@pytest.mark.parametrize(("one", "other", "where"), DIFFERENT)
def test_different_formulas_get_the_smallest_counterexample(one: str, other: str, where: dict[str, int] | None) -> None:
    found = compare(one, other)
    assert found.equal is False
    assert found.counterexample
    at = dict(found.counterexample)
    assert eval(one, {}, at) != eval(other, {}, at)
    if where is not None:
        assert at == where
    if list(at) == ["n"]:
        assert all(eval(one, {}, {"n": n}) == eval(other, {}, {"n": n}) for n in range(1, at["n"]))


def test_equal_says_from_where_the_size_is_one() -> None:
    """LeNet's two formulas: both are ⌊(n − 12)/4⌋, and a network needs n ≥ 16."""
    text = compare("((n-6)//2-5)//2+1", "((n-4)//2-4)//2").text
    assert text == "equal for every integer n: both are ⌊(n - 12)/4⌋; a size (at least 1) for every n ≥ 16"


def test_two_windows_one_after_the_other() -> None:
    """227 → 27 by two windows: 766 pairs, AlexNet's conv 11/4 and pool 3/2 among them."""
    pairs = [
        tuple((one.kernel, one.stride, one.padding) for one in pair) for pair in window_pairs(227, 27, PairBounds())
    ]
    assert len(pairs) == len(set(pairs)) == 766
    assert ((11, 4, 0), (3, 2, 0)) in pairs
    for (k, s, p), (k2, s2, p2) in pairs:
        assert window_count(window_count(227, k, s, 2 * p), k2, s2, 2 * p2) == 27


def test_the_commands() -> None:
    result = invoke(["solve", "resnet50", "--for", "H", "--such-that", "stage_4 == 7", "--json"])
    document = json.loads(result.stdout)
    assert document["schema"] == "cnncalc.solve/1"
    assert (document["unknown"], document["status"], document["text"]) == ("H", "proved", "193..224")
    assert document["solutions"] == {
        "finite": list(range(193, 225)),
        "from": None,
        "period": None,
        "residues": [],
        "runs": [[193, 224]],
    }
    unet = json.loads(invoke(["solve", "unet_padded", "--for", "H", "--such-that", "valid", "--json"]).stdout)
    assert unet["solutions"] == {"finite": [], "from": 1, "period": 16, "residues": [0], "runs": []}
    conv = json.loads(invoke(["solve", "conv", "--input", "227", "--output", "55", "--json"]).stdout)
    assert conv["solutions"][0] == {"kernel": 11, "stride": 4, "padding": 0, "dilation": 1}
    assert len(conv["solutions"]) == 170
    assert invoke(["solve", "resnet50", "--for", "H", "--such-that", "output == 3"]).exit_code == 1
    assert invoke(["solve", "resnet50"]).exit_code == 2
    assert invoke(["equal", "n//2", "n//2"]).exit_code == 0
    assert invoke(["equal", "n//2", "(n+1)//2"]).exit_code == 1
    assert invoke(["equal", "n/2", "n"]).exit_code == 1


def test_open_sizes_in_the_summary() -> None:
    document = json.loads(invoke(["summary", "resnet152", "--open", "H,W", "--json"]).stdout)
    assert document["symbols"] == ["H", "W"]
    assert document["outputs"] == {"fc": [1000]}
    assert document["memory"] is None
    last = [layer for layer in document["layers"] if layer["name"].startswith("stage_4")][-1]
    assert last["output"] == [2048, "(H + 31)//32", "(W + 31)//32"]
    assert document["assumptions"] == []
    alexnet = json.loads(invoke(["summary", "alexnet", "--open", "H", "--json"]).stdout)
    assert alexnet["assumptions"] == ["H >= 63"]
    text = invoke(["summary", "resnet152", "--open", "H,W", "--depth", "1"]).stdout
    assert "⌈H/32⌉" in text
    assert "H5 = ⌈H/32⌉" in text
    assert invoke(["summary", "resnet152", "--open", "Q"]).exit_code == 1


LAYERS = ["conv X 3x3 padding=1", "conv 4 3x3 stride=2", "conv 4 Xx1", "conv 6 1x1 groups=X", "max_pool 2", "max_pool 3 stride=2 ceil_mode",
          "avg_pool 2 stride=1", "conv_transpose 4 2x2 stride=2", "upsample 2", "upsample 0.5", "pad 1", "crop 2", "conv X-3 1x1", "conv 2*X 3x3 stride=3 padding=2",
          "pixel_unshuffle 2", "batch_norm", "relu", {"add": [["upsample 0.5"], []]}, {"add": [["conv channels 3x3"], []]},
          {"concat": [["conv 3 3x3 padding=1"], ["max_pool 2", "upsample 2"]]}, {"multiply": [["global_avg_pool"], []]},
          {"add": [["max_pool 3 stride=1"], ["conv channels 3x3 dilation=X"]]}, "global_avg_pool", "max_pool X", "conv 4 3x3 stride=X padding=1"]  # fmt: skip
INPUTS = ["[2, X, X]", "[X, 16, 16]", "[3, X, 12]", "[X, X, 9]", "[4, 2*X - 3, X + 1]"]
SIDES = ["output", "params", "macs", "activations", "X", "3*X", "7/2", "4", "12", "X/2", "output/3", "output*2 - X", "min(X, 5)", "X*X", "100", "max(output, 3)"]  # fmt: skip
asked_for = st.recursive(
    st.tuples(st.sampled_from(SIDES), st.sampled_from(["==", "<=", ">", "!=", ">=", "<"]), st.sampled_from(SIDES)).map(" ".join)
    | st.just("valid"),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda three: f"({' '.join(three)})")
    | inner.map(lambda one: f"not ({one})"),
    max_leaves=4,
)  # fmt: skip


@given(st.sampled_from(INPUTS), st.lists(st.sampled_from(LAYERS), min_size=1, max_size=4), asked_for)
@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_answer_is_every_answer(shape: str, layers: list[object], condition: str) -> None:
    """Random networks and conditions with and, or, not: the set against value after value, built and read."""
    source = {"symbols": {"X": 6}, "input": yaml.safe_load(shape), "layers": layers}
    built = {}
    for n in range(41):
        try:
            built[n] = analyse(load(source, X=n))
        except SpecError:
            continue
    assume(len(built) != 1)  # one network does not show which sizes X changes
    shapes = {analysis.output for analysis in built.values()}
    axes = {axis for a in shapes for b in shapes for axis, (m, n) in enumerate(zip(a, b, strict=True)) if m != n}
    try:
        answer = asked(source, "X", condition)
    except SpecError:
        assert not built
        return
    assert answer.status in ("proved", "bounded", "none")
    for n in range(41):
        assert (n in answer.solutions) == (n in built and brute(condition, built[n], axes, n)), (n, answer)


def brute(condition: str, analysis: Analysis, axes: set[int], n: int) -> bool:
    """A condition over plain numbers, for every axis that changes with the unknown."""
    spatial = [size for axis, size in enumerate(analysis.output) if axis in axes and axis]
    sizes = spatial or ([analysis.output[0]] if 0 in axes else analysis.output[1:]) or analysis.output
    names = {"params": analysis.params, "macs": analysis.macs, "activations": analysis.activations, "X": n,
             "valid": True, "min": min, "max": max}  # fmt: skip

    def leaf(text: str) -> bool:
        if text.strip() == "valid":
            return True
        negated = "!=" in text
        exact = re.sub(r"(\d+|X|output) / (\d+)", r"Fraction(\1, \2)", text.replace("!=", "=="))
        return all(eval(exact, {"Fraction": Fraction}, names | {"output": size}) for size in sizes) is not negated

    return evaluated(condition, leaf)


def evaluated(text: str, leaf: Callable[[str], bool]) -> bool:
    """The boolean structure, read by Python's own parser; its comparisons by ``leaf``."""

    def walk(node: ast.expr) -> bool:
        match node:
            case ast.BoolOp(op=ast.And()):
                return all(map(walk, node.values))
            case ast.BoolOp():
                return any(map(walk, node.values))
            case ast.UnaryOp(op=ast.Not()):
                return not walk(node.operand)
            case _:
                return leaf(ast.unparse(node))

    return walk(ast.parse(text, mode="eval").body)


FORMULAS = [
    "n",
    "n//2",
    "(n+1)//2",
    "n//m",
    "max(n, 3)",
    "min(n, m)",
    "n*m",
    "(n-3)//(n-3)",
    "n%3",
    "-n",
    "m*m+1",
    "ceil(n/2)",
    "n - 3",
    "3*n//(3*m)",
]


@given(st.sampled_from(FORMULAS), st.sampled_from(["+", "-", "*", "//"]), st.sampled_from(FORMULAS),
       st.sampled_from(FORMULAS), st.sampled_from(["+", "-", "*", "//"]), st.sampled_from(FORMULAS))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_equal_never_says_more_than_is_true(a: str, op: str, b: str, c: str, op2: str, d: str) -> None:
    """Two formulas over two unknowns, at every small place, against Python's own arithmetic."""
    one, other = f"({a}) {op} ({b})", f"({c}) {op2} ({d})"
    found = compare(one, other)

    def value(text: str, at: dict[str, int]) -> object:
        try:
            return eval(text.replace("ceil(n/2)", "-(-n//2)"), {"min": min, "max": max}, at)
        except ZeroDivisionError:
            return "division by zero"

    places = [{"n": n, "m": m} for n in range(-12, 13) for m in range(-5, 6)]
    differing = [at for at in places if value(one, at) != value(other, at)]
    if found.equal:
        assert not differing
    elif found.equal is False:
        at = {"n": 1, "m": 1, **(found.counterexample or {})}
        assert value(one, at) != value(other, at)
    if differing:
        assert found.equal is False


@pytest.mark.parametrize(("one", "other", "equal", "told"), [
    ("n//10**13", "0", False, "they agree for n = 1..9999999999999"),
    ("11", "7//3", False, "differ: 11 and 2"),
    ("14//2", "7", True, "both are 7"),
    ("max(n, 0)", "n", False, "differ first at n = -1: 0 and -1; they agree for every n ≥ 1"),
    ("(n-3)//(n-3)", "1", False, "differ at n = 3: division by zero and 1"),
    ("n//(m*m+1)", "n//(1+m*m)", True, "⌊n/(m² + 1)⌋"),
    ("n//(2*m)", "n//(m*2)", True, "wherever no divisor is 0: both are ⌊n/(2·m)⌋"),
    ("n*n//n", "n", False, "differ at n = 0"),
    ("min(n, 5) + max(n, 5)", "n + 5", True, "equal for every integer n"),
    ("n**2*1e30", "1e30*n*n", True, "equal for every integer n"),
])  # fmt: skip
def test_equal_says_what_is_true(one: str, other: str, equal: bool, told: str) -> None:
    found = compare(one, other)
    assert found.equal is equal
    assert told in found.text


def test_equal_takes_formulas_that_begin_with_a_minus() -> None:
    assert invoke(["equal", "-n", "0 - n"]).exit_code == 0
    assert invoke(["equal", "n == n", "1"]).exit_code == 1
    assert invoke(["equal", "n", "n", "--jsn"]).exit_code == 2


def test_large_answers_are_not_listed() -> None:
    result = json.loads(
        invoke(["solve", "vgg16", "--for", "classes", "--such-that", "params <= 1e17", "--json"]).stdout
    )
    assert result["status"] == "proved"
    assert result["solutions"]["finite"] is None
    ((low, high),) = result["solutions"]["runs"]
    assert low == 1
    params = analyse(load("vgg16"), open=("classes",)).params
    assert params.at({"classes": high}) <= 10**17 < params.at({"classes": high + 1})


def test_sizes_of_one_broadcast() -> None:
    """[X, X] halved and added to itself: X = 2 and 3 give 1, which broadcasts (as PyTorch does)."""
    halved = {"symbols": {"X": 4}, "input": [2, "X", "X"], "layers": [{"add": [["upsample 0.5"], []]}]}
    assert asked(halved, "X", "valid").text == "X = 2..3"
    assert members(asked(halved, "X", "output == 3")) == [3]
    assert asked(halved, "X", "output == 7").status == "none"


def test_zero_is_a_value_too() -> None:
    """Paddings and depths may be 0."""
    padded = {"symbols": {"p": 1}, "input": [2, 9, 9], "layers": ["conv 3 5x5 padding=p"]}
    assert asked(padded, "p", "output <= 7").text == "p = 0..1"
    assert members(asked(padded, "p", "output == 5")) == [0]


def test_fields_with_minimums_are_conditions() -> None:
    narrow = {"symbols": {"w": 9}, "input": ["w - 3", 9, 9], "layers": ["conv w-5 3x3", "max_pool w-6"]}
    assert asked(narrow, "w", "valid").text == "w = 7..13"
