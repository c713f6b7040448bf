"""Exercises: every answer against PyTorch or by enumeration, every slip against a formula written out plainly."""

import math
import os
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from random import Random
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnncalc.quiz.diagnosis import diagnose, explained, outcomes, same
from cnncalc.quiz.generate import Exhausted, exercises
from cnncalc.quiz.kinds import KINDS, LEVELS
from cnncalc.quiz.quantities import QUANTITIES, house
from cnncalc.quiz.question import Question
from cnncalc.quiz.slips import SLIPS, pairs_of, slipped, slips_of
from cnncalc.strategies import questions

COUNT = 10_000 if os.environ.get("CNNCALC_PROFILE") == "thorough" else 1_500


@lru_cache
def many() -> tuple[Question, ...]:
    return tuple(exercises(COUNT, seed=11))


# --- an independent answer to every exercise ------------------------------------------------------


def conv(v: dict[str, Any], **more: Any) -> nn.Conv2d:
    with torch.device("meta"):
        return nn.Conv2d(v.get("ci", 1), v["co"], v["k"], v.get("s", 1), v.get("p", 0), v.get("d", 1), v.get("g", 1),
                         bias=bool(v.get("b", 1)), **more)  # fmt: skip


def meta(*shape: int) -> torch.Tensor:
    return torch.zeros(1, *shape, device="meta")


def numel(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def size(v: dict[str, Any]) -> list[int]:
    x = meta(v["ci"], v["n"], v.get("w", v["n"]))
    out = torch.nn.functional.max_pool2d(x, v["k"], v["s"], v["p"]) if "pool" in v else conv(v)(x)
    return list(out.shape[2:]) if "w" in v else [out.shape[2]]


def parameters(v: dict[str, Any]) -> list[int]:
    if "fin" in v:
        return [numel(nn.Linear(v["fin"], v["fout"], bias=bool(v["b"]), device="meta"))]
    return [numel(conv(v)) + (numel(nn.BatchNorm2d(v["co"], device="meta")) if "norm" in v else 0)]


def operations(v: dict[str, Any]) -> list[int]:
    with FlopCounterMode(display=False) as counter:
        conv(v)(meta(v["ci"], v["n"], v["n"]))
    return [counter.get_total_flops() // (1 if v["unit"] == "FLOPs" else 2)]


def footprint(v: dict[str, Any]) -> list[int]:
    """Nonzero gradients of one output of the chain, in one dimension, without padding."""
    reach, jump = 1, 1
    for k, s, d in v["L"]:
        reach, jump = reach + d * (k - 1) * jump, jump * s
    x = torch.ones(1, 1, 4 * reach + 7, dtype=torch.float64, requires_grad=True)
    out = x
    for k, s, d in v["L"]:
        out = torch.nn.functional.conv1d(out, torch.ones(1, 1, k, dtype=torch.float64), stride=s, dilation=d)
    out[0, 0, out.shape[-1] // 2].backward()
    touched = x.grad[0, 0].nonzero().flatten()  # type: ignore[index]
    return [int(touched[-1] - touched[0]) + 1]


def transposed(v: dict[str, Any]) -> list[int]:
    with torch.device("meta"):
        layer = nn.ConvTranspose2d(v["ci"], v["co"], v["k"], v["s"], v["p"], v.get("op", 0), dilation=v.get("d", 1))
    return [layer(meta(v["ci"], v["n"], v["n"])).shape[2]]


def places(n: int, k: int, s: int, p: int) -> int:
    """Windows counted one by one."""
    return len(range(0, n + 2 * p - k + 1, s))


def backwards(v: dict[str, Any]) -> list[int]:
    n, k, s, p = v.get("n", 0), v["k"], v.get("s", 1), v.get("p", 0)
    match v["unknown"]:
        case "p":
            return [next(p for p in range(200) if places(n, k, s, p) == v["o"])]
        case "k":
            (only,) = (k for k in range(1, n + 2 * p + 1) if places(n, k, s, p) == v["o"])
            return [only]
        case "s":
            (only,) = (s for s in range(1, 2 * n) if places(n, k, s, p) == v["o"])
            return [only]
        case "n":
            return [max(n for n in range(1, 6000) if places(n, k, s, p) == v["o"])]
    total = numel(conv(v))
    (only,) = (co for co in range(1, 400) if numel(conv({**v, "co": co})) == total)
    return [only]


def compared(v: dict[str, Any]) -> list[int]:
    a, b = (sum(numel(conv(layer)) for layer in layers) for layers in (v["a"], v["b"]))
    return [abs(a - b)]


def memory(v: dict[str, Any]) -> list[int]:
    out = conv(v)(torch.zeros(v["batch"], v["ci"], v["n"], v["n"], device="meta"))
    return [out.numel() * torch.empty(0, dtype=getattr(torch, v["dtype"])).element_size()]


def run_stack(v: dict[str, Any]) -> list[tuple[nn.Module | None, torch.Tensor]]:
    """Every layer of a small network with its output."""
    ci, side = v["input"]
    x, ran = meta(ci, side, side), []
    for layer in v["layers"]:
        module = (
            conv({**layer, "ci": x.shape[1]}) if "co" in layer else nn.MaxPool2d(layer["k"], layer["s"], layer["p"])
        )
        x = module(x)
        ran.append((module, x))
    flat = torch.flatten(x, 1)
    ran.append((None, flat))
    if v["fout"]:
        ran.append((nn.Linear(flat.shape[1], v["fout"], device="meta"), flat))
    return ran


def table(v: dict[str, Any]) -> list[int]:
    found = []
    for layer, (module, x) in zip(v["layers"], run_stack(v), strict=False):
        found += [x.shape[2], *([numel(module)] if "co" in layer and v["both"] else [])]  # type: ignore[arg-type]
    if v["fout"]:
        linear, flat = run_stack(v)[-1]
        found += [flat.shape[1], numel(linear)]  # type: ignore[arg-type]
    return found


def summary(v: dict[str, Any]) -> list[int]:
    ran = run_stack(v)
    if v["lost"] == "features":
        return [ran[-1][1].shape[1]]
    module = [module for module, _ in ran if isinstance(module, nn.Conv2d)][int(v["name"][-1]) - 1]
    return [numel(module) if v["lost"] == "params" else module.weight.numel()]


ORACLES: dict[str, Callable[[dict[str, Any]], list[int]]] = {
    "output-size": size, "dilation": size, "parameters": parameters, "macs": operations, "receptive-field": footprint,
    "chain": table, "transposed": transposed, "inverse": backwards, "compare": compared, "memory": memory,
    "read-a-summary": summary,
}  # fmt: skip


def test_every_answer_is_what_pytorch_says() -> None:
    for question in many():
        if question.kind == "find-the-error":
            continue
        assert [blank.answer for blank in question.blanks] == ORACLES[question.kind](dict(question.given)), question


def test_the_oracle_can_disagree() -> None:
    question = next(question for question in many() if question.kind == "macs")
    assert operations({**question.given, "co": question.given["co"] + 1}) != [question.blanks[0].answer]


def test_every_error_to_find_was_made_by_the_slip_that_is_called_right() -> None:
    for question in many():
        if question.kind == "find-the-error":
            v, said = question.given, Fraction(question.given["said"])
            made = {choice.slip: Fraction(PLAIN[choice.slip](v)) for choice in question.choices}
            assert [choice.right for choice in question.choices] == [
                abs(made[choice.slip] - said) < Fraction(1, 1000) for choice in question.choices
            ]
            assert sum(choice.right for choice in question.choices) == 1
            assert size({**v, "ci": 1})[0] not in made.values()


# --- sets ----------------------------------------------------------------------------------------


def test_no_two_exercises_of_a_set_read_alike() -> None:
    assert len({question.text() for question in many()}) == COUNT
    assert len({question.id for question in many()}) == COUNT
    assert {question.kind for question in many()} == {*KINDS}
    assert {question.level for question in many()} == {*LEVELS}


def test_every_exercise_has_two_diagnosed_wrong_answers() -> None:
    for question in many():
        assert question.wrong_answers() >= 2
        for blank in question.blanks:
            values = [wrong.value for wrong in (*blank.wrongs, *blank.pairs)]
            assert len(blank.wrongs) >= 2
            assert len({*values}) == len(values)
            assert blank.answer not in values
            assert all(value > 0 for value in values)
            assert all(wrong.sentence and wrong.ways for wrong in blank.wrongs)


def test_the_same_seed_draws_the_same_set() -> None:
    assert exercises(60, seed=5) == exercises(60, seed=5)
    assert [q.id for q in exercises(60, seed=5)] != [q.id for q in exercises(60, seed=6)]


def test_a_longer_set_begins_with_the_shorter_one() -> None:
    assert exercises(40, seed=5)[:15] == exercises(15, seed=5)


def test_languages_tell_the_same_exercises() -> None:
    english, italian, spanish = (exercises(120, seed=9, language=language) for language in ("en", "it", "es"))
    for one, two, three in zip(english, italian, spanish, strict=True):
        assert one.id == two.id == three.id
        assert [b.answer for b in one.blanks] == [b.answer for b in two.blanks] == [b.answer for b in three.blanks]
        assert len({one.prompt, two.prompt, three.prompt}) == 3
        for a, b, c in zip(one.blanks, two.blanks, three.blanks, strict=True):
            assert [w.value for w in a.wrongs] == [w.value for w in b.wrongs] == [w.value for w in c.wrongs]
            assert len({a.wrongs[0].sentence, b.wrongs[0].sentence, c.wrongs[0].sentence}) == 3


def test_the_working_ends_in_the_answer() -> None:
    for question in many()[:600]:
        digits = "".join(question.steps).replace(",", "")
        for blank in question.blanks:
            assert str(blank.answer) in digits, question


def test_a_kind_that_runs_out_says_so() -> None:
    with pytest.raises(Exhausted, match="there are only"):
        exercises(100_000, kinds=("receptive-field",), levels=(1,))


@pytest.mark.parametrize("bad", [{"kinds": ("poetry",)}, {"levels": (6,)}, {"language": "la"}, {"count": -1}])
def test_unknown_wishes_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"unknown|between"):
        exercises(**({"count": 1} | bad))


@given(questions())
@settings(max_examples=40)
def test_drawn_questions_are_whole(question: Question) -> None:
    assert question.prompt
    assert question.blanks or question.choices
    assert "{" not in question.prompt


# --- slips: each against its formula written out ---------------------------------------------------


def x(v: dict[str, Any]) -> int:
    return v["n"] + 2 * v["p"] - v.get("d", 1) * (v["k"] - 1) - 1  # type: ignore[no-any-return]


def deep(v: dict[str, Any]) -> int:
    return v["ci"] // v.get("g", 1)  # type: ignore[no-any-return]


def weights(v: dict[str, Any]) -> int:
    return v["co"] * deep(v) * v["k"] ** 2  # type: ignore[no-any-return]


def tconv(v: dict[str, Any], p: int, n: int = 0, op: int | None = None) -> int:
    n, op = n or v["n"] - 1, v["op"] if op is None else op
    return n * v["s"] - p + v["d"] * (v["k"] - 1) + op + 1  # type: ignore[no-any-return]


def jumps(layers: list[tuple[int, int, int]], own: bool) -> list[int]:
    return [math.prod(s for _, s, _ in layers[: i + own]) for i in range(len(layers))]


PLAIN: dict[str, Callable[[Any], Any]] = {
    "size.forgot_plus_one": lambda v: x(v) // v["s"],
    "size.plus_one_before_division": lambda v: (x(v) + 1) // v["s"],
    "size.padding_once": lambda v: (x(v) - v["p"]) // v["s"] + 1,
    "size.ignored_padding": lambda v: (x(v) - 2 * v["p"]) // v["s"] + 1,
    "size.ceil_instead_of_floor": lambda v: -(-x(v) // v["s"]) + 1,
    "size.no_floor": lambda v: Fraction(x(v), v["s"]) + 1,
    "size.round_nearest": lambda v: round(Fraction(x(v), v["s"])) + 1,
    "size.ignored_stride": lambda v: x(v) + 1,
    "size.same_rule": lambda v: -(-v["n"] // v["s"]),
    "size.ignored_dilation": lambda v: (v["n"] + 2 * v["p"] - v["k"]) // v["s"] + 1,
    "size.dilation_times_k": lambda v: (v["n"] + 2 * v["p"] - v.get("d", 1) * v["k"]) // v["s"] + 1,
    "size.filters_as_kernel": lambda v: (v["n"] + 2 * v["p"] - v["co"]) // v["s"] + 1,
    "size.input_over_window": lambda v: v["n"] // v["k"],
    "size.pool_stride_one": lambda v: x(v) + 1,
    "transposed.as_conv": lambda v: x(v) // v["s"] + 1,
    "transposed.padding_adds": lambda v: tconv(v, -2 * v["p"]),
    "transposed.ignored_padding": lambda v: tconv(v, 0),
    "transposed.padding_once": lambda v: tconv(v, v["p"]),
    "transposed.forgot_output_padding": lambda v: tconv(v, 2 * v["p"], op=0),
    "transposed.n_times_stride": lambda v: tconv(v, 2 * v["p"], n=v["n"]),
    "params.forgot_bias": weights,
    "params.one_bias_total": lambda v: weights(v) + 1,
    "params.bias_per_input_channel": lambda v: weights(v) + v["ci"],
    "params.bias_per_kernel_slice": lambda v: v["co"] * deep(v) * (v["k"] ** 2 + 1),
    "params.forgot_input_channels": lambda v: v["co"] * v["k"] ** 2 + v["co"],
    "params.forgot_output_channels": lambda v: deep(v) * v["k"] ** 2 + 1,
    "params.kernel_not_squared": lambda v: v["co"] * deep(v) * v["k"] + v["co"],
    "params.not_shared": lambda v: v["ho"] * v["wo"] * (weights(v) + v["co"]),
    "params.counted_neurons": lambda v: v["ho"] * v["wo"] * v["co"],
    "params.forgot_groups": lambda v: v["co"] * v["ci"] * v["k"] ** 2 + v["co"],
    "params.one_group": lambda v: (v["co"] // v["g"]) * deep(v) * v["k"] ** 2 + v["co"] // v["g"],
    "params.dense_forgot_bias": lambda v: v["fin"] * v["fout"],
    "params.dense_one_bias": lambda v: v["fin"] * v["fout"] + 1,
    "params.dense_bias_per_input": lambda v: v["fin"] * v["fout"] + v["fin"],
    "params.norm_all_trainable": lambda v: 4 * v["co"],
    "params.norm_one_per_channel": lambda v: v["co"],
    "params.norm_trainable_only": lambda v: 2 * v["co"],
    "params.norm_total_one_per_channel": lambda v: v["co"],
    "flat.forgot_channels": lambda v: v["ho"] * v["wo"],
    "flat.forgot_width": lambda v: v["co"] * v["ho"],
    "field.sum_of_kernels": lambda v: sum(d * (k - 1) + 1 for k, _, d in v["L"]),
    "field.ignored_strides": lambda v: 1 + sum(d * (k - 1) for k, _, d in v["L"]),
    "field.jump_updated_first": lambda v: 1 + sum(
        d * (k - 1) * j for (k, _, d), j in zip(v["L"], jumps(v["L"], True), strict=True)),
    "field.ignored_dilation": lambda v: 1 + sum(
        (k - 1) * j for (k, _, _), j in zip(v["L"], jumps(v["L"], False), strict=True)),
    "field.whole_kernels": lambda v: sum(
        (d * (k - 1) + 1) * j for (k, _, d), j in zip(v["L"], jumps(v["L"], False), strict=True)),
    "field.last_kernel": lambda v: v["L"][-1][2] * (v["L"][-1][0] - 1) + 1,
    "field.from_zero": lambda v: sum(
        d * (k - 1) * j for (k, _, d), j in zip(v["L"], jumps(v["L"], False), strict=True)),
    "cost.macs_as_flops": lambda v: weights(v) * v["ho"] * v["wo"],
    "cost.flops_as_macs": lambda v: 2 * weights(v) * v["ho"] * v["wo"],
    "cost.used_input_size": lambda v: weights(v) * v["hi"] * v["wi"],
    "cost.one_position": weights,
    "cost.one_side": lambda v: weights(v) * v["ho"],
    "cost.forgot_input_channels": lambda v: v["co"] * v["k"] ** 2 * v["ho"] * v["wo"],
    "cost.forgot_groups": lambda v: v["g"] * weights(v) * v["ho"] * v["wo"],
    "cost.kernel_not_squared": lambda v: v["co"] * deep(v) * v["k"] * v["ho"] * v["wo"],
    "memory.numbers_not_bytes": lambda v: v["batch"] * v["co"] * v["ho"] * v["wo"],
    "memory.bits": lambda v: 8 * v["width"] * v["batch"] * v["co"] * v["ho"] * v["wo"],
    "memory.forgot_batch": lambda v: v["width"] * v["co"] * v["ho"] * v["wo"],
    "memory.forgot_channels": lambda v: v["width"] * v["batch"] * v["ho"] * v["wo"],
}  # fmt: skip


def drawn(quantity: str, rng: Random) -> dict[str, Any]:
    """Random values that a quantity takes, all letters given."""
    k, d, g = rng.randint(1, 7), rng.randint(1, 3), rng.choice((1, 2, 3, 4))
    p = rng.randint(0, 3)
    v = {"k": k, "d": d, "g": g, "s": rng.randint(1, 4), "p": p, "op": rng.randint(0, 3), "b": 1,
         "n": rng.randint(max(1, d * (k - 1) + 1 - 2 * p), 70), "ci": g * rng.randint(1, 16), "co": g * rng.randint(1, 16),
         "ho": rng.randint(1, 30), "wo": rng.randint(1, 30), "hi": rng.randint(1, 40), "wi": rng.randint(1, 40),
         "fin": rng.randint(1, 500), "fout": rng.randint(1, 500), "batch": rng.randint(1, 64),
         "width": rng.choice((1, 2, 4, 8))}  # fmt: skip
    if quantity == "pool_size":
        v |= {"d": 1, "n": rng.randint(max(1, k - 2 * p), 70)}
    length = rng.randint(1, 5)
    layers = [(rng.randint(1, 7), rng.randint(1, 3), rng.randint(1, 3)) for _ in range(length)]
    return {"L": layers} if quantity == "field" else v


CASES = [(slip.id, quantity) for slip in SLIPS.values() for quantity in slip.quantity.split()]


def plain_value(slip: str, quantity: str, v: dict[str, Any]) -> Any:
    """The slip's formula; where it serves MACs and FLOPs alike, doubled for FLOPs."""
    double = quantity == "flops" and slip.startswith("cost.") and slip != "cost.macs_as_flops"
    return PLAIN[slip](v) * (2 if double else 1)


@pytest.mark.parametrize(("slip", "quantity"), CASES)
def test_a_slip_is_found_in_400_wrong_values(slip: str, quantity: str) -> None:
    rng, wrong = Random(f"{slip} {quantity}"), 0
    for _ in range(400):
        v = drawn(quantity, rng)
        value = plain_value(slip, quantity, v)
        assert slipped(SLIPS[slip])(quantity, v) == value
        ways = diagnose(quantity, v, value)
        if value == house(quantity, v):
            assert ways == []
            continue
        wrong += 1
        assert (SLIPS[slip],) in ways
        assert all(plain_value(way[0].id, quantity, v) == value for way in ways)  # nobody is accused who did not say it
    assert wrong > 40


@pytest.mark.parametrize(("slip", "quantity"), CASES)
def test_a_function_with_a_slip_is_found_out_and_nobody_else(slip: str, quantity: str) -> None:
    rng = Random(f"function {slip} {quantity}")
    points = [drawn(quantity, rng) for _ in range(400)]
    said = [plain_value(slip, quantity, v) for v in points]
    assert explained(quantity, points, said) == [(SLIPS[slip],)]


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_two_slips_at_once_are_found_out(quantity: str) -> None:
    rng = Random(quantity)
    points = [drawn(quantity, rng) for _ in range(200)]
    for pair in pairs_of(slips_of(quantity)):
        said = [slipped(*pair)(quantity, v) for v in points]
        ways = explained(quantity, points, said)
        single = any(all(same(a, slipped(one)(quantity, v)) for a, v in zip(said, points, strict=True))
                     for one in slips_of(quantity))  # fmt: skip
        right = all(same(a, house(quantity, v)) for a, v in zip(said, points, strict=True))
        assert right or single or pair in ways


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_right_function_is_not_accused(quantity: str) -> None:
    rng = Random(quantity)
    points = [drawn(quantity, rng) for _ in range(50)]
    assert explained(quantity, points, [house(quantity, v) for v in points]) == []


def test_every_slip_has_a_plain_formula_and_speaks_three_languages() -> None:
    assert {*PLAIN} == {*SLIPS}
    for slip in SLIPS.values():
        sentences = [slip.sentence(language) for language in ("en", "it", "es")]
        assert len({*sentences}) == 3
        assert all(text.endswith((".", ")")) for text in sentences)
        assert slip.source


def test_outcomes_group_slips_that_say_the_same() -> None:
    v = {"n": 7, "k": 3, "s": 2, "p": 1, "d": 1}
    found = {found.value: {way[0].id for way in found.ways} for found in
             outcomes(lambda evaluate: evaluate("conv_size", v), slips_of("conv_size", v))}  # fmt: skip
    assert found[3] == {
        "size.forgot_plus_one",
        "size.plus_one_before_division",
        "size.padding_once",
        "size.ignored_padding",
    }
    assert found[7] == {"size.ignored_stride"}
    assert 4 not in found
