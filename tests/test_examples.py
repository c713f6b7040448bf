"""The examples under docs/: each run by the test runner it is for."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"
SENTENCE = (
    "for input 7, kernel 3, stride 2, padding 1, dilation 1 you said 3, the right answer is 4 because "
    "floor((7 + 2·1 − 1·(3−1) − 1)/2) + 1 = 4: it looks as if padding was added on one side only"
)


def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", *arguments]
    return subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=120, check=False)


def test_pytest() -> None:
    result = ran("-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "check_homework.py")
    assert f"AssertionError: {SENTENCE}" in result.stdout
    assert "1 failed, 1 passed" in result.stdout


def test_properties() -> None:
    result = ran("-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "check_properties.py")
    assert "1 failed, 2 passed" in result.stdout
    assert "FAILED check_properties.py::test_padding_by_half_an_odd_kernel_keeps_the_size" in result.stdout
    assert "v={'n': 7, 'k': 3," in result.stdout


def test_gradescope(tmp_path: Path) -> None:
    if find_spec("gradescope_utils") is None:
        pytest.skip("gradescope-utils is not here")
    subprocess.run([sys.executable, "gradescope_homework.py", str(tmp_path / "results.json")], cwd=EXAMPLES, check=True,
                   capture_output=True, timeout=120)  # fmt: skip
    results = json.loads((tmp_path / "results.json").read_text("utf-8"))
    assert results["score"] == 1
    wrong, right = results["tests"]
    assert (wrong["score"], right["score"]) == (0, 1)
    assert SENTENCE in wrong["output"]


def test_otter(tmp_path: Path) -> None:
    if find_spec("otter") is None:
        pytest.skip("otter-grader is not here")
    code = (
        "import homework\n"
        "from otter.test_files import OKTestFile, ExceptionTestFile\n"
        "found = ExceptionTestFile.from_file('otter_homework.py')\n"
        "found.run({'conv_output_size': homework.conv_output_size, 'receptive_field': homework.receptive_field})\n"
        "print([one.passed for one in found.test_case_results])\n"
        "print(found.test_case_results[0].message)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=EXAMPLES, capture_output=True, text=True, timeout=120,
                            check=False)  # fmt: skip
    assert "[False, True]" in result.stdout, result.stderr
    assert SENTENCE in result.stdout
