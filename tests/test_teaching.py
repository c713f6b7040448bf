"""Checks of student code: right code passes, every slip is named, everything odd is told and contained."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnncalc.quiz.quantities import house
from cnncalc.quiz.slips import SLIPS, slipped, slips_of
from cnncalc.strategies import layer_lists, windows
from cnncalc.teaching import (
    Limits,
    check_conv_output_size,
    check_module,
    check_parameters,
    check_receptive_field,
    check_spec,
)
from cnncalc.teaching import report as told
from cnncalc.teaching.sandbox import run
from cnncalc.teaching.textbook import params_points, size_points

Function = Callable[..., Any]


def complaint(check: Callable[..., None], *arguments: Any, **more: Any) -> str:
    with pytest.raises(AssertionError) as raised:
        check(*arguments, **more)
    return str(raised.value)


def size(n: int, k: int, s: int = 1, p: int = 0, d: int = 1) -> int:
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def params(ci: int, co: int, k: int, g: int = 1, b: bool = True) -> int:
    return co * (ci // g) * k * k + (co if b else 0)


def field(layers: list[tuple[int, int, int]]) -> int:
    r, j = 1, 1
    for k, s, d in layers:
        r, j = r + d * (k - 1) * j, j * s
    return r


def test_the_sentence_of_the_lesson() -> None:
    assert complaint(check_conv_output_size, lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1) == (
        "for input 7, kernel 3, stride 2, padding 1, dilation 1 you said 3, the right answer is 4 because "
        "floor((7 + 2·1 − 1·(3−1) − 1)/2) + 1 = 4: it looks as if padding was added on one side only"
    )


RIGHT: list[tuple[Any, Function]] = [
    (check_conv_output_size, size),
    (check_conv_output_size, lambda n, k, s, p: size(n, k, s, p)),
    (check_conv_output_size, lambda n, k, s: size(n, k, s)),
    (check_conv_output_size, lambda W, F, S, P: size(W, F, S, P)),  # noqa: N803
    (check_conv_output_size, lambda kernel_size, input_size, padding, stride: size(input_size, kernel_size, stride, padding)),
    (check_conv_output_size, lambda *values: size(*values)),
    (check_conv_output_size, lambda a, b, c, e: size(a, b, c, e)),
    (check_parameters, params),
    (check_parameters, lambda ci, co, k: params(ci, co, k)),
    (check_parameters, lambda filters, in_channels, kernel_size: params(in_channels, filters, kernel_size)),
    (check_receptive_field, field),
    (check_receptive_field, lambda kernels, strides, dilations: field(list(zip(kernels, strides, dilations, strict=True)))),
    (check_receptive_field, lambda kernels, strides: field([(k, s, 1) for k, s in zip(kernels, strides, strict=True)])),
]  # fmt: skip


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_right_functions_pass(check: Callable[[Function], None], function: Function) -> None:
    check(function)


def test_layers_without_dilation() -> None:
    check_receptive_field(lambda layers: field([(k, s, 1) for k, s in layers]), dilation=False)


@pytest.mark.parametrize("slip", [s for s in slips_of("conv_size") if not s.needs], ids=lambda slip: slip.id)
def test_every_size_slip_is_named(slip: Any) -> None:
    def student(n: int, k: int, s: int, p: int, d: int) -> Any:
        value = slipped(slip)("conv_size", {"n": n, "k": k, "s": s, "p": p, "d": d})
        return value if isinstance(value, int) else float(value)

    text = complaint(check_conv_output_size, student)
    assert text.endswith(f": it looks as if {slip.clause()}")
    example = re.match(r"for input (\d+), kernel (\d+), stride (\d+), padding (\d+), dilation (\d+) you said", text)
    assert example is not None
    assert int(example[1]) in (7, 8, 5, 6, 9, 10)  # sizes a textbook would use


@pytest.mark.parametrize("slip", [s for s in slips_of("conv_params") if not s.needs], ids=lambda slip: slip.id)
def test_every_parameter_slip_is_named(slip: Any) -> None:
    def student(ci: int, co: int, k: int, g: int, b: bool) -> Any:
        return slipped(slip)("conv_params", {"ci": ci, "co": co, "k": k, "g": g, "b": int(b)})

    assert complaint(check_parameters, student).endswith(f": it looks as if {slip.clause()}")


@pytest.mark.parametrize("slip", slips_of("field"), ids=lambda slip: slip.id)
def test_every_field_slip_is_named(slip: Any) -> None:
    def student(layers: Any) -> Any:
        return slipped(slip)("field", {"L": layers})

    assert complaint(check_receptive_field, student).endswith(f": it looks as if {slip.clause()}")


def test_two_slips_at_once_and_none_known() -> None:
    both = complaint(check_conv_output_size, lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s)
    assert both.endswith("it looks as if the final + 1 was left out and padding was added on one side only")
    odd = complaint(check_conv_output_size, lambda n, k, s, p, d: 17 if n > 100 else size(n, k, s, p, d))
    assert odd.endswith("no known slip explains it")


def test_a_rare_failure_is_shrunk_to_the_textbook() -> None:
    text = complaint(check_conv_output_size, lambda n, k, s, p, d: size(n, k, s, p, d) + (d == 4))
    assert text.startswith("for input 7, kernel 3, stride 2, padding 1, dilation 4 you said")


# --- odd functions --------------------------------------------------------------------------------


def endless(n: int, k: int, s: int, p: int) -> int:
    while True:
        pass


def deep(n: int, k: int, s: int, p: int) -> int:
    return deep(n, k, s, p)


def writes(n: int, k: int, s: int, p: int) -> int:
    Path("student_was_here.txt").write_text("x")
    return size(n, k, s, p)


def loud(n: int, k: int, s: int, p: int) -> None:
    print(size(n, k, s, p))


def flood(n: int, k: int, s: int, p: int) -> int:
    for _ in range(2000):
        print("x" * 10_000)
    os.write(1, b"x" * 100_000)
    return size(n, k, s, p)


class Rude(int):
    def __repr__(self) -> str:
        raise ValueError("no")


ODD: list[tuple[Function, str]] = [
    (lambda n, k, s, p: 1 // 0, "your function stops with ZeroDivisionError"),
    (lambda n, k, s, p: undefined, "your function stops with NameError: name 'undefined' is not defined"),  # type: ignore[name-defined]  # noqa: F821
    (lambda n, k, s, p: None, "your function returned nothing (None), the right"),
    (loud, "your function returned nothing (None): it prints '4', but a value must be returned"),
    (lambda n, k, s, p: (n + 2 * p - k) / s + 1, "you said 4.0, a float, and a size is a whole number (use //)"),
    (lambda n, k, s, p: np.int64(size(n, k, s, p)), "which is not a Python int (use int(...))"),
    (lambda n, k, s, p: np.floor((n + 2 * p - k) / s) + 1, "you said numpy.float64"),
    (lambda n, k, s, p: torch.tensor(size(n, k, s, p)), "you said torch.Tensor tensor(4)"),
    (lambda n, k, s, p: str(size(n, k, s, p)), "you said str '4', which is not a Python int"),
    (lambda n, k, s, p: True, "you said bool True, which is not a Python int"),
    (lambda n, k, s, p: (4, 4), "you said tuple (4, 4)"),
    (lambda n, k, s, p: float("nan"), "you said nan, a float"),
    (lambda n, k, s, p: 10**400, "you said int 1000"),
    (lambda n, k, s, p: Rude(3), "Rude ?"),
    (deep, "your function stops with RecursionError: it calls itself without end"),
    (writes, "your function stops with PermissionError: writing files is not allowed here"),
    (lambda n, k, s, p: os.system("true"), "your function stops with PermissionError: os.system is not allowed here"),
    (lambda n, k, s, p: [0] * 10**11, "your function stops with MemoryError"),
    (lambda n, k, s, p: os._exit(0), "your function ended the program it ran in"),
    (lambda n, k, s, p: sys.exit(3), "your function stops with SystemExit"),
    (lambda n, k, s, p: input(), "your function stops with EOFError"),
    (lambda n, k, s, p: os.kill(os.getpid(), 9), "stops with PermissionError"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "words"), ODD)
def test_odd_functions_are_told(function: Function, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                capfd: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    text = complaint(check_conv_output_size, function)
    assert words in text
    assert text.startswith("for input 7, kernel 3, stride 2, padding 1 ")
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def test_a_function_that_floods_the_screen_but_is_right_passes(capfd: pytest.CaptureFixture[str]) -> None:
    check_conv_output_size(flood, Limits(call=20.0, total=60.0))
    assert capfd.readouterr() == ("", "")


def test_an_endless_function_is_stopped() -> None:
    start = time.monotonic()
    text = complaint(check_conv_output_size, endless, Limits(call=0.3, total=2.0))
    assert "did not come to an end within 0.3 seconds, the right answer is 4" in text
    assert time.monotonic() - start < 20


def test_a_function_that_leaves_a_process_behind_is_ended() -> None:
    (said,) = run(lambda: time.sleep(60), [()], Limits(call=0.2, total=1.0))
    assert said.kind == "endless"


@pytest.mark.parametrize(
    ("function", "words"),
    [(lambda: 3, "it takes 0 values; it must take input, kernel, stride, padding, dilation"),
     (lambda a, b, c, d, e, f: 3, "it takes 6 values"), (lambda n, *, k: 3, "it must take"), (3, "a function was expected, not int")],
)  # fmt: skip
def test_functions_that_cannot_be_called(function: Any, words: str) -> None:
    assert words in complaint(check_conv_output_size, function)


def test_the_same_function_gets_the_same_answer() -> None:
    texts = {complaint(check_conv_output_size, lambda n, k, s, p: n * 31 % 17) for _ in range(3)}
    assert len(texts) == 1


def test_threads_take_the_place_of_processes_where_there_is_no_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    check_conv_output_size(size)
    assert "padding was added on one side only" in complaint(
        check_conv_output_size, lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1
    )
    assert "did not come to an end" in complaint(
        check_conv_output_size, lambda n, k, s, p: time.sleep(1), Limits(call=0.05)
    )


# --- the arithmetic that is shown ------------------------------------------------------------------


def evaluated(text: str) -> int:
    """The value of a shown formula, by Python."""
    python = text.replace("floor(", "__import__('math').floor(").replace("·", "*").replace("−", "-")
    return int(eval(python))


@given(windows())
def test_size_reasons_are_true(v: dict[str, int]) -> None:
    for letters in ("nkspd", "nksp", "nks"):
        point = v | {letter: usual for letter, usual in (("p", 0), ("d", 1)) if letter not in letters}
        shown, _, value = told.size_reason(point, letters).rpartition(" = ")
        assert evaluated(shown) == int(value) == house("conv_size", point)


@given(st.sampled_from(params_points(["ci", "co", "k", "g", "b"])))
def test_parameter_reasons_are_true(v: dict[str, int]) -> None:
    shown, _, value = told.params_reason(v, ["ci", "co", "k", "g", "b"]).rpartition(" = ")
    assert evaluated(shown) == int(value)
    layer = nn.Conv2d(v["ci"], v["co"], v["k"], groups=v["g"], bias=bool(v["b"]), device="meta")
    assert int(value) == sum(parameter.numel() for parameter in layer.parameters())


@given(layer_lists())
@settings(max_examples=60)
def test_field_reasons_are_true(layers: list[tuple[int, int, int]]) -> None:
    shown, _, value = told.field_reason({"L": layers}, ["layers"]).rpartition(" = ")
    assert evaluated(shown) == int(value) == field(layers)


def test_textbook_points_are_many_different_and_begin_with_the_best_known() -> None:
    points = size_points(["n", "k", "s", "p", "d"])
    assert points[0] == {"n": 7, "k": 3, "s": 2, "p": 1, "d": 1}
    assert len(points) == len({tuple(point.items()) for point in points}) == 800


# --- networks -------------------------------------------------------------------------------------


def lenet(features: int = 400, kernel: int = 5, padding: int = 0, bias: bool = True, last: int = 10) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=padding), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, kernel, bias=bias), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(features, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, last),
    )  # fmt: skip


class Functional(nn.Module):
    """The same written with functions, and its layers declared in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.out, self.fc2, self.fc1 = nn.Linear(84, 10), nn.Linear(120, 84), nn.Linear(400, 120)
        self.conv2, self.conv1 = nn.Conv2d(6, 16, 5), nn.Conv2d(1, 6, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        pool = nn.functional.avg_pool2d
        x = pool(torch.tanh(self.conv2(pool(torch.tanh(self.conv1(x)), 2))), 2).flatten(1)
        return self.out(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


class Endless(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        while True:
            pass


@pytest.mark.parametrize("make", [lenet, Functional])
def test_right_networks_pass_and_are_left_alone(make: Callable[[], nn.Module]) -> None:
    module = make()
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    check_module(module, "lenet5", input=(1, 32, 32))
    assert module.training
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())


WRONG = [
    (lambda: lenet(kernel=3), "layer 2 with weights, 3 (Conv2d): its weight is 16×6×3×3, the reference's (c3) 16×6×5×5"),
    (lambda: lenet(padding=2), "layer 1 with weights, 0 (Conv2d): it gives 6×32×32, the reference (c1) 6×28×28: ⌊(32 + 2·0 − 5) / 1⌋ + 1"),
    (lambda: lenet(features=256), "the network stops in 7 (Linear): RuntimeError: mat1 and mat2"),
    (lambda: lenet(bias=False), "layer 2 with weights, 3 (Conv2d): it has no bias, the reference (c3) has one of 16"),
    (lambda: lenet(last=11), "its weight is 11×84, the reference's (linear_3) 10×84"),
    (lambda: lenet()[:-1], "after 4 layers the reference goes on with linear_3: a layer is missing"),
    (lambda: nn.Sequential(lenet(), nn.Linear(10, 10)), "layer 6 (1) is one more than the reference has"),
    (lambda: nn.Sequential(lenet(), nn.Unflatten(1, (5, 2))), "the output is 5×2, the reference's is 10"),
    (lambda: nn.Conv2d, "a torch.nn.Module was expected, not the class Conv2d; make one: Conv2d()"),
    (lambda: "lenet", "a torch.nn.Module was expected, not lenet"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "words"), WRONG)
def test_wrong_networks_are_told_the_first_difference(make: Callable[[], Any], words: str) -> None:
    assert words in complaint(check_module, make(), "lenet5", input=(1, 32, 32))


def test_an_endless_network_is_stopped() -> None:
    limits = Limits(call=0.5, total=1.0, memory=8 << 30)
    assert "did not come to an end" in complaint(check_module, Endless(), "lenet5", limits=limits)


def test_a_module_is_checked_at_another_size() -> None:
    check_module(nn.Conv2d(3, 4, 3), "3x9x9 -> conv 4 3x3", input=(3, 9, 9))
    with pytest.raises(ValueError, match="takes 3×9×9, not 3×8×8"):
        check_module(nn.Conv2d(3, 4, 3), "3x9x9 -> conv 4 3x3", input=(3, 8, 8))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1x32x32 -> conv 6 5x5 -> relu", "layer 2 (relu_1) is relu, the reference (tanh_1) has tanh"),
        ("1x32x32 -> conv 6 5x5 padding=2", "layer 1 (conv_1): padding is 2, the reference (c1) has 0"),
        ("1x28x28 -> conv 6 5x5", "the input is 1×28×28, the reference's is 1×32×32"),
        ("1x32x32 -> conv 6 5x5", "after 1 layers the reference goes on with tanh_1: a layer is missing"),
        ("1x32x32 -> konv 6 5x5", "the spec cannot be used: error: unknown layer kind 'konv'"),
        ("1x4x4 -> conv 6 5x5", "the window does not fit"),
        ("no_such_network", "there is no spec called"),
    ],
)
def test_specs_are_told_the_first_difference(text: str, words: str) -> None:
    assert words in complaint(check_spec, text, against="lenet5")


def test_a_right_spec_passes_by_any_name(tmp_path: Path) -> None:
    check_spec("lenet5", against="lenet5")
    path = tmp_path / "mine.yaml"
    path.write_text("input: [1, 9, 9]\nlayers:\n  - conv 4 3x3 as anything\n  - relu\n", "utf-8")
    check_spec(path, against="1x9x9 -> conv 4 3x3 -> relu")


# --- under test runners ---------------------------------------------------------------------------


def test_under_pytest_and_with_warnings_as_errors(tmp_path: Path) -> None:
    (tmp_path / "test_homework.py").write_text(
        "from cnncalc.teaching import check_conv_output_size\n"
        "def size(n, k, s, p):\n    return (n + p - k) // s + 1\n"
        "def test_size():\n    check_conv_output_size(size)\n",
        "utf-8",
    )
    ran = subprocess.run([sys.executable, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
                         capture_output=True, text=True, cwd=tmp_path, timeout=120)  # fmt: skip
    assert "it looks as if padding was added on one side only" in ran.stdout
    assert "1 failed" in ran.stdout
    assert ran.returncode == 1


def test_teaching_loads_no_torch() -> None:
    code = "import cnncalc.teaching, cnncalc.strategies, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_known_slips_are_told_in_order() -> None:
    assert told.likeness([(SLIPS["size.same_rule"],)]) == "it looks as if the rule of padding='same' was used"
