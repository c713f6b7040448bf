"""The command line: what it prints, where, and with which exit code."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import invoke

LENET = json.loads(invoke(["summary", "lenet5", "--json"]).stdout)


def test_summary_json_is_the_contract() -> None:
    assert {key: LENET[key] for key in ("schema", "network", "input", "symbols", "assumptions")} == {
        "schema": "cnncalc.summary/1",
        "network": "lenet5",
        "input": [1, 32, 32],
        "symbols": [],
        "assumptions": [],
    }
    wanted = {"name": "c1", "kind": "conv", "inputs": ["input"], "output": [6, 28, 28], "params": 156, "trainable": 156,
              "buffers": 0, "macs": 117600, "receptive_field": [5, 5], "jump": [1, 1], "offset": [0, 0]}  # fmt: skip
    assert wanted.items() <= LENET["layers"][0].items()
    assert {"params": 61706, "trainable": 61706, "buffers": 0, "macs": 416520}.items() <= LENET["totals"].items()


def test_the_columns_sum_to_the_totals() -> None:
    for spec in ("lenet5_1998", "resnet18", "unet_padded"):
        document = json.loads(invoke(["summary", spec, "--json"]).stdout)
        for column, total in document["totals"].items():
            assert sum(layer[column] for layer in document["layers"]) == total


def test_json_begins_with_the_schema() -> None:
    for arguments in (["summary", "nin", "--json"], ["list", "nin", "--json"], ["explain", "lenet5", "c1", "--json"]):
        text = invoke(arguments).stdout
        assert text.startswith('{\n  "schema": "cnncalc.')
        json.loads(text)


def test_fractions_and_phases_in_json() -> None:
    spec = "1x12x12 -> conv 1 3x3 stride=3 -> upsample 2 -> conv 1 2x2"
    last = json.loads(invoke(["summary", spec, "--json"]).stdout)["layers"][-1]
    assert last["jump"] == ["3/2", "3/2"]
    assert last["receptive_field_by_phase"] == [[3, 6], [3, 6]]
    assert last["receptive_field"] == [6, 6]


def test_csv_and_markdown_hold_the_same_figures() -> None:
    table = list(csv.DictReader(io.StringIO(invoke(["summary", "lenet5", "--format", "csv"]).stdout)))
    assert sum(int(row["params"]) for row in table) == 61706
    assert table[0]["layer"] == "c1"
    markdown = invoke(["summary", "lenet5", "--format", "md"]).stdout
    assert "| c1 | conv 5×5 | " in markdown
    assert "61,706" in markdown.splitlines()[-1]


def test_narrow_terminals_lose_columns_not_lines() -> None:
    wide, narrow = invoke(["summary", "resnet18"], width=100), invoke(["summary", "resnet18"], width=46)
    table = narrow.stdout.split("\n\n")[1]
    assert max(map(len, table.splitlines())) <= 46
    assert len(table.splitlines()) == len(wide.stdout.split("\n\n")[1].splitlines())
    assert "11,689,512" in table


def test_depth_folds_blocks() -> None:
    shallow = invoke(["summary", "resnet152", "--depth", "1"]).stdout
    assert "stage_3" in shallow
    assert "bottleneck_" not in shallow
    every = invoke(["summary", "resnet152", "--depth", "all"]).stdout
    assert every.count("\n") > 500
    for text in (shallow, every):
        assert "60,192,808" in text


def test_columns_can_be_chosen() -> None:
    text = invoke(["summary", "lenet5_1998", "--columns", "connections,neurons,params"]).stdout
    assert "340,908" in text
    assert "60,000" in text
    wrong = invoke(["summary", "lenet5", "--columns", "parms"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "there is no column 'parms'" in wrong.stderr


def test_memory_follows_batch_and_dtype() -> None:
    usual = LENET["memory"]
    other = json.loads(invoke(["summary", "lenet5", "--batch", "8", "--dtype", "float16", "--json"]).stdout)["memory"]
    assert usual["parameters"] == 61706 * 4 == 2 * other["parameters"]
    assert other["inference_peak"] == 4 * usual["inference_peak"]
    assert usual["inference_peak"] == 2 * 6 * 28 * 28 * 4


def test_symbols_are_set() -> None:
    result = invoke(["summary", "resnet50", "--set", "H=320", "--set", "classes=2*5", "--json"])
    document = json.loads(result.stdout)
    assert document["input"] == [3, 320, 224]
    assert document["outputs"] == {"fc": [10]}
    assert document["values"]["H"] == 320
    for wrong in ("H", "H=", "=3", "H=1/0", "H=x"):
        assert invoke(["summary", "resnet50", "--set", wrong]).exit_code == 2
    unknown = invoke(["summary", "resnet50", "--set", "h=3"])
    assert unknown.exit_code == 1
    assert "has no symbol 'h'" in unknown.stderr


def test_standard_input() -> None:
    yaml = b"input: [3, 8, 8]\nlayers: [conv 4 3x3]\n"
    assert json.loads(invoke(["summary", "-", "--json"], stdin=yaml).stdout)["totals"]["params"] == 112
    one = b"3x8x8 -> conv 4 3x3\n"
    assert json.loads(invoke(["summary", "-", "--json"], stdin=one).stdout)["totals"]["params"] == 112


def test_answers_that_are_no() -> None:
    for arguments in (["summary", "nosuch"], ["summary", "nosuch.yaml"], ["summary", "3x2x2 -> conv 1 3"], ["list", "zzz"],
                      ["explain", "lenet5", "c9"], ["summary", str(Path.cwd())]):  # fmt: skip
        result = invoke(arguments)
        assert (result.exit_code, result.stdout) == (1, ""), arguments
        assert "error" in result.stderr or "no network" in result.stderr


def test_wrong_usage() -> None:
    for arguments in (
        ["summary"],
        ["summry", "lenet5"],
        ["summary", "lenet5", "--depht", "1"],
        ["check", "lenet5", "--device", "tpu"],
    ):
        result = invoke(arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert "Usage:" in result.stderr


def test_explain_shows_rule_numbers_and_value() -> None:
    text = invoke(["explain", "lenet5", "c3"]).stdout
    assert "⌊(n + 2·p − k) / s⌋ + 1" in text
    assert "= ⌊(14 + 2·0 − 5) / 1⌋ + 1 = 9 + 1 = 10" in text
    assert "= 16·6·5·5 + 16 = 2,400 + 16 = 2,416" in text
    assert "= 10·10·16·6·5·5 = 240,000" in text
    assert "= 6 + (5 − 1)·2 = 6 + 8 = 14" in text
    border = invoke(["explain", "3x8x8 -> conv 1 3x3 padding=1 dilation=2", "conv_1", "--position", "0,5"]).stdout
    assert "depends on input 1…3 (2 of 3) × 4…6 (2 of 3)" in border
    assert invoke(["explain", "lenet5", "c1", "--position", "99,0"]).exit_code == 1
    assert invoke(["explain", "lenet5", "c1", "--position", "a"]).exit_code == 2


def test_explain_of_a_block_and_of_everything() -> None:
    block = invoke(["explain", "resnet18", "stage_1"]).stdout
    assert block.count(" · ") >= 14
    assert invoke(["explain", "lenet5"]).stdout.count("\nparams") == 12


def test_check_agrees_and_says_so() -> None:
    result = invoke(["check", "lenet5", "lenet5_1998", "--device", "cpu", "--json"])
    assert result.exit_code == 0
    first, second = json.loads(result.stdout)["checks"]
    assert first["status"] == second["status"] == "agrees"
    assert first["checked"]["layers"] == 12
    assert first["differences"] == second["differences"] == []
    assert invoke(["check", "3x99999x99999 -> conv 64 3x3"]).exit_code == 1


def test_init_writes_once_and_never_over(tmp_path: Path) -> None:
    target = tmp_path / "mynet.yaml"
    assert invoke(["init", str(target)]).exit_code == 0
    assert (tmp_path / "cnncalc.schema.json").exists()
    assert "mynet" in target.read_text("utf-8")
    assert invoke(["summary", str(target)]).exit_code == 0
    target.write_text("mine", "utf-8")
    again = invoke(["init", str(target)])
    assert again.exit_code == 1
    assert target.read_text("utf-8") == "mine"
    assert invoke(["summary", "-"], stdin=invoke(["init", "-"]).stdout.encode()).exit_code == 0


def test_show_reads_back_the_same() -> None:
    shown = invoke(["show", "resnet18"]).stdout
    again = json.loads(invoke(["summary", "-", "--json"], stdin=shown.encode()).stdout)
    assert again["totals"] == json.loads(invoke(["summary", "resnet18", "--json"]).stdout)["totals"]


def run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cnncalc", *arguments], capture_output=True, text=True, check=False, **more
    )  # type: ignore[call-overload,no-any-return]


def test_a_closed_pipe_is_silent() -> None:
    command = f"{sys.executable} -m cnncalc summary resnet152 --depth all | head -1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "ResNet" in result.stdout
    assert result.stderr == ""


def test_module_and_version() -> None:
    assert run("--version").stdout == "cnncalc 0.1.0\n"
    assert run("--help").stdout == run().stdout
    assert run("-h").stdout.startswith("Usage: cnncalc")


def test_no_colour_without_a_terminal() -> None:
    assert "\x1b" not in run("summary", "3x2x2 -> conv 1 3").stderr


def test_ascii_terminals_get_the_numbers_too() -> None:
    result = subprocess.run([sys.executable, "-m", "cnncalc", "summary", "lenet5"], capture_output=True, check=False,
                            env={"PYTHONIOENCODING": "ascii", "PATH": ""})  # fmt: skip
    assert result.returncode == 0
    assert b"61,706" in result.stdout


def test_a_bug_is_a_sentence_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.cli.options.load", lambda *_, **__: 1 / 0)
    result = invoke(["summary", "lenet5"])
    assert result.exit_code == 1
    assert "a bug in cnncalc" in result.stderr
    assert "ZeroDivisionError" in result.stderr
    monkeypatch.setenv("CNNCALC_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        invoke(["summary", "lenet5"])


def test_the_working_in_three_languages() -> None:
    labels = {"en": ("size", "params", "jump 2"), "it": ("dimensione", "parametri", "passo 2"),
              "es": ("tamaño", "parámetros", "salto 2")}  # fmt: skip
    for language, wanted in labels.items():
        text = invoke(["explain", "lenet5", "c3", "--lang", language]).stdout
        assert all(word in text for word in wanted)
        assert ("2,416" in text) == (language == "en")  # a comma would be a decimal point elsewhere
        assert ("2\u202f416" in text) == (language != "en")


def test_the_working_in_latex_has_balanced_braces() -> None:
    text = invoke(["explain", "resnet18", "--latex", "--open", "H,W"]).stdout
    assert r"\left\lceil\frac{H}{4}\right\rceil" in text
    assert r"\left\lfloor \frac{n_{\mathrm{H}} + 2 \cdot p - k}{s} \right\rfloor + 1" in text
    for line in text.splitlines():
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") == line.count(r"\right")


def test_the_working_of_open_sizes_names_the_law() -> None:
    text = invoke(["explain", "resnet50", "max_pool_1", "--open", "H,W"]).stdout
    assert "= ⌊(⌈H/2⌉ + 2·1 − 3) / 2⌋ + 1 = ⌈H/4⌉" in text
    assert "the floors merge: ⌊(⌊x/s⌋ + b)/t⌋ = ⌊(x + s·b)/(s·t)⌋" in text
    assert "H/4 where 4 divides H" in text
    assert "= ⌊(⌈W/2⌉ + 2·1 − 3) / 2⌋ + 1 = ⌈W/4⌉" in text
    assert invoke(["explain", "resnet50", "conv1", "--open", "H", "--position", "0,0"]).exit_code == 2
