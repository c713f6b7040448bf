"""Bad specs and bad arguments: refused with a sentence and the place, never a crash, a hang or a traceback.

Every file under tests/bad says in its first line what must be answered: ``# expect: 3:12 text … more text``.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.cli import cli
from cnncalc.exact.rules import ShapeError
from cnncalc.spec.errors import MAX_FAULTS, SHOWN, printable
from cnncalc.spec.load import shipped

FILES = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXPECTED = re.compile(r"# expect: (?:(?P<place>\d+:\d+) )?(?P<text>.+)")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
SAMPLE = 12  # every so many files also runs as a command


def refused(source: Any) -> cnncalc.SpecError:
    """The error a spec is refused with."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.load(source)
    text = str(caught.value)
    assert text.startswith("error: ")
    assert "Traceback" not in text
    assert not STEERING.search(text), repr(text)
    assert text.count("error: ") <= SHOWN
    return caught.value


def refused_by_command(path: Path) -> None:
    """What a shell sees: exit code 1, nothing on stdout, a sentence on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "cnncalc", "summary", str(path)], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("error:")
    assert "Traceback" not in done.stderr


# --- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_refused_with_its_reason_and_place(path: Path) -> None:
    expected = EXPECTED.match(re.split(r"[\r\n]", path.read_bytes().decode("utf-8-sig", "replace"), maxsplit=1)[0])
    assert expected is not None, "the first line says what is expected"
    text = str(refused(path))
    for fragment in expected["text"].split(" … "):
        assert fragment in text
    if expected["place"]:
        assert f".yaml:{expected['place']}\n" in text
    assert [line for line in text.split("\n") if len(line) > 600] == []


@pytest.mark.parametrize("path", FILES[::SAMPLE], ids=lambda path: path.stem)
def test_the_command_refuses_too(path: Path) -> None:
    refused_by_command(path)


def test_the_caret_points_at_the_word() -> None:
    lines = str(refused(Path(__file__).parent / "bad" / "unknown_key_long.yaml")).split("\n")
    assert lines[2].index("kernal") == lines[3].index("^^^^^^ did you mean")


def test_faults_are_told_together_and_not_without_end() -> None:
    error = refused("1x9x9 -> convv 3 -> relo")
    assert len(error.faults) == 2
    many = refused("input: [1]\nlayers:\n" + "- relo\n" * 5000)
    assert len(many.faults) == MAX_FAULTS
    assert str(many).endswith(f"and {MAX_FAULTS - SHOWN} more")


# --- monsters ------------------------------------------------------------------------------------

HEAD = "input: [1, 8, 8]\n"


def chain(count: int, line: str) -> str:
    return "".join(line.format(i=i, next=i + 1) for i in range(count))


MONSTERS: dict[str, Callable[[], str]] = {
    "ten_megabytes_of_brackets": lambda: HEAD + "layers: " + "[" * 10_000_000,
    "nearly_a_megabyte_of_brackets": lambda: HEAD + "layers: " + "[" * 990_000,
    "nearly_a_megabyte_of_maps": lambda: HEAD + "layers: " + "{a: " * 240_000,
    "nearly_a_megabyte_of_dashes": lambda: HEAD + "layers: " + "- " * 490_000 + "\n",
    "nearly_a_megabyte_of_one_word": lambda: HEAD + "layers: [" + "x" * 990_000 + "]\n",
    "nearly_a_megabyte_of_one_number": lambda: HEAD + "layers: [" + "9" * 990_000 + "]\n",
    "nearly_a_megabyte_of_one_key": lambda: HEAD + "layers: [relu]\n" + "k" * 990_000 + ": 1\n",
    "nearly_a_megabyte_of_crosses": lambda: "input: " + "1x" * 490_000 + "1\nlayers: [relu]\n",
    "nearly_a_megabyte_of_words": lambda: HEAD + "layers: ['" + "relu " * 190_000 + "']\n",
    "nearly_a_megabyte_of_faults": lambda: HEAD + "layers:\n" + "- relo\n" * 140_000,
    "nearly_a_megabyte_of_unknown_keys": lambda: HEAD + "layers: [relu]\n" + chain(60_000, "layer{i}: 1\n"),
    "nearly_a_megabyte_of_blocks": lambda: HEAD + "layers: [b0]\nblocks:\n" + chain(40_000, "  b{i}: [b{next}]\n"),
    "nearly_a_megabyte_of_bad_blocks": lambda: HEAD + "layers: [relu]\nblocks:\n" + chain(50_000, "  (b{i}: [b]\n"),
    "nearly_a_megabyte_of_symbols": lambda: HEAD + "layers: [relo]\nsymbols:\n" + chain(50_000, "  s{i}: {i}\n"),
    "nearly_a_megabyte_of_use": lambda: HEAD + "layers: [relu]\nuse:\n" + chain(50_000, "- resnet{i}\n"),
    "nearly_a_megabyte_of_outputs": lambda: HEAD + "layers: [relu]\noutputs:\n" + chain(50_000, "- relu{i}\n"),
    "aliases_ten_to_the_nine": lambda: (
        HEAD + "a0: &a0 [relu]\n" + chain(9, "a{next}: &a{next} [" + "*a{i}, " * 10 + "]\n") + "layers: *a9\n"
    ),
    "aliases_of_a_long_word": lambda: HEAD + f"a: &a '{'x' * 500_000}'\nlayers: [{'*a, ' * 100_000}]\n",
    "aliases_of_a_long_blank": lambda: HEAD + f"a: &a 'relu{' ' * 1_000}relu'\nlayers: [{'*a, ' * 100_000}]\n",
    "aliases_that_nest": lambda: (
        HEAD + "a0: &a0 []\n" + chain(80, "a{next}: &a{next} " + "[" * 30 + "*a{i}" + "]" * 30 + "\n") + "layers: *a80"
    ),
    "blocks_in_blocks_in_groups": lambda: (
        HEAD + "layers: [b0]\nblocks:\n"
        + chain(49, "  b{i}: [" + "{{name: a, layers: [" * 12 + "b{next}" + "]}}" * 12 + "]\n") + "  b49: [relu]\n"
    ),
    "blocks_that_double_and_do_nothing": lambda: (
        HEAD + "layers: [b0]\nblocks:\n" + chain(45, "  b{i}: [{{when: 1, layers: [b{next}, b{next}]}}]\n") + "  b45: []"
    ),
    "repeats_of_nothing": lambda: (
        HEAD + "layers:\n" + "- repeat: {times: 140000, layers: [{when: 0, layers: [relu]}]}\n" * 1000
    ),
    "repeats_of_many_parameters": lambda: (
        HEAD + f"layers: [{{repeat: {{times: 140000, layers: [b]}}}}]\nblocks:\n  b({chain(60, 'p{i}=1,')}q=1): [relu]\n"
    ),
    "repeats_of_long_sums": lambda: (
        HEAD + "layers:\n- repeat: {times: 140000, layers: [conv 1 " + "1-1+" * 40 + "1]}\n"
    ),
    "repeats_of_many_branches": lambda: (
        HEAD + "layers:\n- repeat: {times: 10000, layers: [{add: [" + "[], " * 10_000 + "]}]}\n"
    ),
    "repeats_of_many_inputs": lambda: (
        HEAD + "layers:\n- repeat: {times: 10000, layers: [{add: {with: [" + "input, " * 10_000 + "]}}]}\n"
    ),
    "repeats_of_many_pieces": lambda: (
        "input: [100000]\nlayers:\n- repeat: {times: 1000, layers: [split 100000 from=input]}\n"
    ),
    "unknown_sources": lambda: HEAD + "layers:\n" + chain(5_000, "- relu as layer{i}\n") + chain(900, "- relu from=x{i}\n"),
    "unknown_long_sources": lambda: (
        HEAD + "layers:\n" + chain(5_000, "- relu as layer{i}\n") + f"- relu: {{from: {'layer' * 50_000}}}\n" * 3
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_are_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "monster.yaml"
    path.write_text(MONSTERS[name](), encoding="utf-8")
    refused_by_command(path)


@pytest.mark.parametrize(
    "line",
    [
        "->",
        "1x8x8 ->",
        "-> relu",
        "1x8x8 -> -> relu",
        "1x8x8 -> zzz" * 2000,
        "1x8x8" + " -> relo" * 2000,
        "1x8x8" + " -> relu" * 20_000,
        "1x8x8 -> conv 1 (((((((((((((((((((((((((((((((((((((((1",
        "1x8x8 -> conv 1 9**9**9**9",
        "1x8x8 -> conv 1 __import__('os').system('false')",
        "1x8x8 -> relu as a\u202e",
        "1x8x8 -> re\x1b[31mlu",
        "1x8x8 -> re\ud800lu",
        "1x8x8 -> relu from=input[" + "9" * 5000 + "]",
        "0x8x8 -> relu",
        "1x8x8x8x8 -> relu",
        "x -> relu",
        "input -> relu",
        "lenet5 -> relu",
    ],
)
def test_bad_lines_are_refused(line: str) -> None:
    refused(line)


@pytest.mark.parametrize(
    "source",
    [
        "",
        " ",
        "no_such_network",
        "no/such/file.yaml",
        "nul\0byte.yaml",
        "lone \ud800 surrogate\nlayers: [relu]\n",
        "a" * 100_000,
        "\u202e",
        "resnet50\n",
        {},
        {"input": [1], "layers": {1: 2}},
        {"input": [1], "layers": [object()]},
        {"input": [1], "layers": [b"relu"]},
        {"input": [10**30], "layers": ["relu"]},
        {"input": [float("nan")], "layers": ["relu"]},
        {"input": [1], "layers": ["relu"], "symbols": {"a": float("inf")}},
        {"input": [1], "layers": [{"dropout": {"p": float("nan")}}]},
        {"input": [1], "layers": ["relu as \ud800"]},
    ],
    ids=lambda source: repr(source)[:40],
)
def test_bad_sources_are_refused(source: Any) -> None:
    refused(source)


def test_mappings_without_end_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    refused({"input": [1], "layers": endless})
    doubled: list[Any] = ["relu"]
    for _ in range(30):
        doubled = [doubled, doubled]
    refused({"input": [1], "layers": doubled})


def test_a_folder_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert "Is a directory" in str(refused(folder))
    refused_by_command(folder)
    empty = tmp_path / "empty.yaml"
    empty.touch()
    assert "the spec is empty" in str(refused(empty))
    refused_by_command(empty)


def test_shared_specs_are_read_once_each(tmp_path: Path) -> None:
    for level in range(7):
        (tmp_path / f"level{level}.yaml").write_text(f"{HEAD}use: [{f'level{level + 1}, ' * 50}]\nlayers: [b]\n")
    (tmp_path / "level7.yaml").write_text(f"{HEAD}blocks: {{b: [relu]}}\nlayers: [b]\n")
    assert list(cnncalc.load(tmp_path / "level0.yaml")) == ["b_1.relu_1"]


def test_symbols_may_have_any_name() -> None:
    text = "symbols: {source: 2, self: 3}\ninput: [source, self]\nlayers: [relu]\n"
    assert cnncalc.load(text, source=5, self=7).input == (5, 7)


def test_what_a_spec_says_of_itself_cannot_steer_a_terminal() -> None:
    about = cnncalc.load(
        'name: "a\\e[31m"\nsource: "\\u202Eb"\nnotes: ["c\\ad\\ne"]\ninput: [1]\nlayers: [relu]\n'
    ).about
    assert (about.title, about.source, about.notes) == ("a?[31m", "?b", ("c?d\ne",))


@pytest.mark.parametrize(
    "text", ["a\nb", "a\x1bb", "a\u202eb", "a\u200bb", "a\ufeffb", "a\ud800b", "a\x85b", "a\u2028b"]
)
def test_printable(text: str) -> None:
    assert printable(text) == "a?b"


# --- settings are taken or refused, never dropped -------------------------------------------------


def test_sources_of_joins_repeats_and_blocks_are_followed() -> None:
    text = (
        "input: [3, 8, 8]\nblocks: {b(n): [conv n 1x1]}\nlayers:\n- relu as a\n- conv 5 1x1\n"
        "- {add: [[conv 2 1x1], [conv 2 1x1]], from: a, name: sum}\n"
        "- {repeat: {times: 1, layers: [conv 4 1x1 as c]}, from: a, name: again}\n"
        "- {b: 6, from: a, name: call}\n"
    )
    nodes = cnncalc.load(text).nodes
    assert nodes["sum"].inputs == ("conv_2", "conv_3")
    assert [nodes[name].inputs for name in ("conv_2", "conv_3", "again.c", "call.conv_1")] == [("a",)] * 4


# --- fuzzing -------------------------------------------------------------------------------------

SMALL = [
    "1x8x8 -> conv 4 3x3 stride=2 padding=1 -> batch_norm -> relu -> max_pool 2x2 -> flatten -> linear 10",
    "3x9x9 -> Conv2d 3 8 3 -> upsample 2 -> conv_transpose 4 2x2 stride=2 -> slice channels=0:2 -> softmax",
    "4x6x6 -> split 2 as s -> relu from=s[1] -> adaptive_avg_pool 3x2 -> permute 2x3x1 -> reshape 12",
    "symbols: {w: 4, H: 8}\nvariants: {wide: {w: 8}}\ninput: [3, H, H]\nblocks:\n  unit(n, stride=1):\n  - add:\n"
    "    - [conv n 3x3 padding=1 stride=stride, batch_norm]\n    - when: stride > 1 or channels != n\n"
    "      layers: [conv n 1x1 stride=stride]\n  - relu\nlayers:\n- unit w\n- unit 2*w stride=2 as down\n"
    "- repeat: {times: w // 2, layers: [unit 2*w]}\n- global_avg_pool\n- linear 10 as head\noutputs: [head, down]\n",
    "input: {image: [3, 12, 12], mask: [1, 12, 12]}\nlayers:\n- conv 4 3x3 padding=same from=image as a\n"
    "- concat: {from: [a, mask]}\n- split: {sections: [2, 3], name: s}\n- {relu: , from: 's[1]'}\n"
    "- crop: {to: 6}\n- pixel_unshuffle 2\n- concat: {with: image, crop: center}\n",
    "input: [4, 8, 8]\nlayers:\n- &gate {multiply: [[], [global_avg_pool: {keepdims: true}, conv channels 1x1, sigmoid]]}\n"
    "- pad: {padding: [[0, 1], [1, 0]], mode: reflect}\n- *gate\n- roi_align 3x3 regions=2\n- im2col 2x2\n",
]  # fmt: skip
WORDS = """
    0 -1 1.5 1e999 -1e-9 .nan .inf 007 1_000 0x1F 12:30 999999999999999999 9999999999999999999 1e12 65536 9**9**9**9 1/0
    0**0 2**-1 H.a a[0] max() (1 1) ** , x 3x 3x3x3x3 1x0 ~ null true no [] {} [[]] {a:} & * &a *a ! !!set | > # - -- ---
    ... : ? % @ ` ' " -> → × input channels height from from= from=input as as=a name name: layers: repeat: when: times:
    add concat split flatten conv linear slice channels=1:0 [0] s[9] input[0] é ٣ ² 🙂
"""
HOSTILE = [
    *WORDS.split(),
    *(
        " ",
        "  ",
        "\n",
        "\n- ",
        "\n  ",
        "\t",
        "\r",
        "\\",
        "\0",
        "\x1b[2J",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\u200b",
        "\ufeff",
    ),
    *("\ud800", "[" * 50, "{" * 50, "(" * 50, "-" * 40 + "1", "9" * 60, "a" * 200),
]
TOKEN = re.compile(r"[A-Za-z_]+|[0-9.]+|\s+|.", re.S)


@cache
def seeds() -> list[str]:
    return SMALL + [Path(path).read_text(encoding="utf-8") for path in shipped().values()]


@st.composite
def mutants(draw: st.DrawFn, sources: list[str]) -> str:
    """A valid spec after a few deletions, repetitions, swaps and hostile insertions."""
    text = draw(st.sampled_from(sources))
    for _ in range(draw(st.integers(1, 4))):
        pieces = TOKEN.findall(text) if draw(st.booleans()) else text.splitlines(keepends=True)
        if not pieces:
            break
        at, other = draw(st.integers(0, len(pieces) - 1)), draw(st.integers(0, len(pieces) - 1))
        numbers = [i for i, piece in enumerate(pieces) if piece.isdecimal()]
        match draw(st.sampled_from(["delete", "insert", "replace", "swap", "double", "number", "character"])):
            case "delete":
                del pieces[at]
            case "insert":
                pieces.insert(at, draw(st.sampled_from(HOSTILE)))
            case "replace":
                pieces[at] = draw(st.sampled_from(HOSTILE))
            case "swap":
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case "double":
                pieces.insert(at, pieces[other])
            case "number" if numbers:
                number = st.integers(-2, 40).map(str) | st.sampled_from(HOSTILE)
                pieces[draw(st.sampled_from(numbers))] = draw(number)
            case _:
                pieces[at] = draw(st.text(max_size=3))
        text = "".join(pieces)
    return text


def analysed_or_refused(text: str) -> None:
    """A mutant is a network, whose every figure can be had, or a SpecError."""
    try:
        network = cnncalc.load(text if "\n" in text or "->" in text else text + "\n")
    except cnncalc.SpecError as error:
        said = str(error)
    else:
        said = "error: none"
        analysis = cnncalc.analyse(network)
        assert all(layer.output for layer in analysis)
        assert analysis.memory().training >= 0
    assert said.startswith("error: ")
    assert not STEERING.search(said)


FUZZED = settings(max_examples=200, suppress_health_check=list(HealthCheck))


@FUZZED
@given(mutants(seeds()))
def test_mutants_are_analysed_or_refused(text: str) -> None:
    analysed_or_refused(text)


@FUZZED
@given(mutants(SMALL[:3]))
def test_mutated_lines_are_analysed_or_refused(text: str) -> None:
    analysed_or_refused(text)


ARGUMENTS = st.sampled_from(HOSTILE) | st.integers(-2, 99).map(str) | st.text(max_size=8)
OPTIONS = {
    "summary": ("--set", "--depth", "--columns", "--format", "--batch", "--dtype", "--optimizer"),
    "explain": ("--set", "--position"),
    "show": ("--set",),
}


@FUZZED
@given(st.sampled_from(list(OPTIONS)), mutants([*SMALL[:1], "lenet5", "resnet18"]), st.data())
def test_commands_answer_or_refuse(command: str, spec: str, data: st.DataObject) -> None:
    arguments = [command, spec]
    for option in data.draw(st.lists(st.sampled_from(OPTIONS[command]), max_size=2)):
        value = data.draw(ARGUMENTS)
        if option == "--set":
            value = data.draw(st.sampled_from(["H=", "W=", "classes=", "source=", "self=", "=", ""])) + value
        elif option == "--columns":
            value = data.draw(st.sampled_from(["field", "output,macs", ""])) + "," + value
        arguments += [option, value]
    result = CliRunner().invoke(cli, arguments, prog_name="cnncalc")
    assert result.exception is None or isinstance(
        result.exception, SystemExit | cnncalc.SpecError | ShapeError | OSError
    ), (arguments, result.exc_info)
    assert result.exit_code in (0, 1, 2)
