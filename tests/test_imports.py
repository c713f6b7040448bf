"""What loads what: quick questions must not pay for heavy libraries."""

import subprocess
import sys

import pytest

HEAVY = (
    "torch", "sympy", "networkx", "graphviz", "numpy", "pydantic", "yaml", "click", "hypothesis", "resvg_py", "wasmtime",
    "svglib", "subprocess",
)  # fmt: skip


def loaded(code: str) -> set[str]:
    """The heavy modules in `sys.modules` after running ``code`` in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint('LOADED', *[m for m in {HEAVY} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.splitlines()[-1].split()[1:])


def command(*arguments: str) -> str:
    return f"import sys; sys.argv = ['cnncalc', *{arguments}]\nfrom cnncalc.__main__ import main\ntry: main()\nexcept SystemExit: pass"


CASES = [
    ("import cnncalc", set()),
    ("import cnncalc; cnncalc.load; cnncalc.analyse; cnncalc.SpecError; cnncalc.Network", set()),
    ("import cnncalc; cnncalc.analyse(cnncalc.load('3x9x9 -> conv 4 3x3')).params", set()),
    ("import cnncalc; cnncalc.analyse(cnncalc.load('resnet50'))", {"yaml"}),
    (command("--help"), set()),
    (command("--version"), set()),
    (command("summary", "3x9x9 -> conv 4 3x3"), {"click"}),
    (command("explain", "3x9x9 -> conv 4 3x3"), {"click"}),
    (command("summary", "3x9x9 -> conv 4 3x3", "--convention", "fvcore"), {"click"}),
    (command("compare", "3x9x9 -> conv 4 3x3"), {"click"}),
    (command("summary", "lenet5"), {"click", "yaml"}),
    (command("export", "--to", "pytorch", "resnet50"), {"click", "yaml"}),
    (command("export", "--to", "keras", "unet"), {"click", "yaml"}),
    (command("ask", "9x9x3 image, 4 filters 3x3: output size and parameters?"), set()),
    (command("draw", "lenet5", "-o", "-"), {"click", "yaml"}),
    (command("draw", "lenet5", "--as", "volume", "-o", "-"), {"click", "yaml"}),
    (command("draw", "lenet5", "--as", "bars"), {"click", "yaml"}),
    (command("schema"), {"click", "pydantic", "yaml"}),
    (command("quiz", "--help"), {"click"}),
    (command("quiz", "new", "--count", "20", "--format", "moodle"), {"click"}),
]


@pytest.mark.parametrize(("code", "allowed"), CASES)
def test_only_what_is_needed_is_loaded(code: str, allowed: set[str]) -> None:
    assert loaded(code) <= allowed


@pytest.mark.parametrize("name", [name for name in HEAVY if name != "graphviz"])
def test_the_test_above_can_fail(name: str) -> None:
    assert name in loaded(f"import {name}")


def test_public_names_are_few_and_there() -> None:
    import cnncalc

    assert len(cnncalc.__all__) <= 10
    for name in cnncalc.__all__:
        assert getattr(cnncalc, name).__doc__
    assert {*cnncalc.__all__} <= {*dir(cnncalc)}
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        cnncalc.nothing  # noqa: B018
