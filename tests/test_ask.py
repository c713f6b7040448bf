"""Questions in words: never wrong, seldom refused, and nothing in them passed over."""

import json
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cnncalc.ask import grammar, lexicon, lexicon_maker, phrases
from cnncalc.ask.answers import Reply, ask
from cnncalc.ask.refusal import Refused
from tests.commands import invoke

DATA = Path(__file__).parent / "data"
QUESTIONS = yaml.safe_load((DATA / "questions.yaml").read_text("utf-8"))
REFUSALS = yaml.safe_load((DATA / "refusals.yaml").read_text("utf-8"))


def answered(question: str) -> Reply | None:
    try:
        return ask(question)
    except Refused:
        return None


def atoms(value: Any) -> Iterator[Any]:
    """An expected value as numbers, sizes and formulas."""
    if isinstance(value, dict):
        for part in value.values():
            yield from atoms(part)
    elif isinstance(value, list) and any(isinstance(part, list | str) for part in value):
        for part in value:
            yield from atoms(part)
    else:
        yield tuple(value) if isinstance(value, list) else value


def holds(expected: Any, given: Any) -> bool:
    """Whether a given value is the expected one; the axes of a volume may come channels first or last."""
    if isinstance(given, list | tuple) and isinstance(expected, tuple):
        given = tuple(given)
        return (
            given == expected
            or given[: len(expected)] == expected
            or (len(given) == 3 == len(expected) and expected in (given[1:] + given[:1], given[2:] + given[:2]))
        )
    if isinstance(given, list | tuple):
        return list(given) == [expected]
    if isinstance(expected, tuple):
        return len(set(expected)) == 1 and given == expected[0]
    if isinstance(expected, str) and isinstance(given, str):
        return same_formula(expected, given)
    if isinstance(expected, float) and isinstance(given, int | float):
        return math.isclose(expected, given, rel_tol=1e-3)
    return bool(type(expected) is type(given) and expected == given)


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas agree at some numbers; ``floor`` may stand for //."""
    names = sorted(set(re.findall(r"[A-Za-z]+", one + other)) - {"floor"})
    for start in (11, 40, 97):
        at = {name: 2 + (start * (i + 3)) % 17 for i, name in enumerate(names)} | {"n": start, "floor": math.floor}
        if eval(one, {"__builtins__": {}}, at) != eval(other, {"__builtins__": {}}, at):
            return False
    return True


def right(reply: Reply, expected: Any) -> bool:
    given = [answer.value for answer in reply.answers]
    for atom in atoms(expected):
        if any(holds(atom, value) for value in given):
            continue
        if not (isinstance(atom, tuple) and all(any(holds(part, value) for value in given) for part in atom)):
            return False
    return True


@pytest.mark.parametrize("record", QUESTIONS, ids=lambda record: record["question"][:50])
def test_a_question_is_answered_right_or_refused(record: dict[str, Any]) -> None:
    reply = answered(record["question"])
    assert reply is None or right(reply, record["answer"]), (reply.reading, [a.value for a in reply.answers])


def test_few_questions_are_refused() -> None:
    refused = [record["question"] for record in QUESTIONS if answered(record["question"]) is None]
    assert len(refused) <= len(QUESTIONS) * 4 // 100, refused


@pytest.mark.parametrize("question", REFUSALS, ids=lambda question: question[:50])
def test_what_cannot_be_answered_is_refused(question: str) -> None:
    with pytest.raises(Refused):
        ask(question)


# --- the same question in other words ---------------------------------------------------------------

SAID = {
    "en": {
        "input": ["{h}x{h}x{c} image", "an input volume of size {h}x{h}x{c}", "input {h}×{h}×{c}", "input of shape ({h}, {h}, {c})", "a {h} by {h} by {c} image"],
        "layer": ["{n} filters of {k}x{k}", "{n} {k}x{k} filters", "a conv layer with {n} filters of size {k}x{k}", "{n} kernels {k}×{k}"],
        "window": ["stride {s} and padding {p}", "padding {p}, stride {s}", "stride={s}, pad={p}", "a stride of {s} and zero padding of {p}"],
        "output": ["What is the output size?", "Output shape?", "What are the dimensions of the output volume?", "Compute the output dimensions."],
        "params": ["How many parameters?", "What is the number of parameters?", "How many learnable parameters does the layer have, biases included?"],
    },
    "it": {
        "input": ["immagine {h}x{h}x{c}", "un volume di input {h}x{h}x{c}", "input {h}×{h}×{c}", "tensore di input ({h}, {h}, {c})"],
        "layer": ["{n} filtri {k}x{k}", "{n} kernel di dimensione {k}x{k}", "uno strato convoluzionale con {n} filtri {k}x{k}", "{n} filtri di dimensione {k}×{k}"],
        "window": ["stride {s} e padding {p}", "padding {p}, stride {s}", "passo {s} e padding {p}", "passo {s}, riempimento {p}"],
        "output": ["Qual è la dimensione dell'output?", "Dimensione dell'uscita?", "Calcola la dimensione di output.", "Quali sono le dimensioni del volume di output?"],
        "params": ["Quanti parametri?", "Qual è il numero di parametri?", "Quanti parametri addestrabili ha lo strato, bias inclusi?"],
    },
    "es": {
        "input": ["imagen de {h}x{h}x{c}", "un volumen de entrada de {h}x{h}x{c}", "entrada {h}×{h}×{c}", "tensor de entrada ({h}, {h}, {c})"],
        "layer": ["{n} filtros de {k}x{k}", "{n} filtros {k}x{k}", "una capa convolucional con {n} filtros de {k}x{k}", "{n} kernels de tamaño {k}×{k}"],
        "window": ["stride {s} y padding {p}", "padding {p}, stride {s}", "paso {s} y relleno {p}", "relleno {p}, paso {s}"],
        "output": ["¿Cuál es el tamaño de salida?", "¿Tamaño de la salida?", "Calcula la dimensión de salida.", "¿Cuáles son las dimensiones del volumen de salida?"],
        "params": ["¿Cuántos parámetros?", "¿Cuál es el número de parámetros?", "¿Cuántos parámetros entrenables tiene la capa, sesgos incluidos?"],
    },
}  # fmt: skip


def wordings(language: str, asked: str) -> Iterator[str]:
    said = SAID[language]
    numbers = {"h": 33, "c": 3, "n": 12, "k": 5, "s": 2, "p": 1}
    for i, question in enumerate(said[asked]):
        for j, layer in enumerate(said["layer"]):
            parts = [
                said["input"][(i + j) % len(said["input"])],
                layer,
                said["window"][(i + 2 * j) % len(said["window"])],
            ]
            yield f"{', '.join(parts)}. {question}".format(**numbers)
            yield f"{', '.join([parts[1], parts[2], parts[0]])}. {question}".format(**numbers)


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("asked", ["output", "params"])
def test_other_words_are_the_same_question(language: str, asked: str) -> None:
    expected = {"output": [16, 16, 12], "params": 12 * (3 * 5 * 5 + 1)}[asked]
    found = list(wordings(language, asked))
    assert len(found) >= 20
    for question in found:
        reply = ask(question)
        assert reply.reading == "input 3x33x33 -> conv 12 5x5 stride=2 padding=1", question
        assert [answer.value for answer in reply.answers] == [expected], question


# --- numbers are never passed over ----------------------------------------------------------------------

NOISE = [
    "227x227x3 image, 96 filters 11x11, stride 4, padding 2: output size and number of parameters?",
    "Conv 3x3 stride 2 -> MP 3x3 stride 3 -> Conv 5x5: receptive field?",
    "Un'immagine 64x64x3, 32 filtri 3x3, stride 2 e padding 4: dimensione dell'output e numero di parametri?",
    "Imagen de 64x64x3, 32 filtros de 3x3, paso 2 y relleno 4: ¿tamaño de salida y número de parámetros?",
    "A feedforward network has 784 inputs, hidden layers of 128 and 64 units and 10 outputs: how many parameters?",
    "How many multiplications: 28x28x192 input, 5x5 convolution with 32 filters, stride 3, padding 2?",
    "Conv2d(3, 16, 5, stride=2) on (3, 64, 64), then MaxPool2d(3): output shape and parameters?",
]


@pytest.mark.parametrize("question", NOISE)
@pytest.mark.parametrize("new", ["", "7919"])
def test_a_number_changed_changes_the_answer_or_is_refused(question: str, new: str) -> None:
    before = ask(question)
    for number in re.finditer(r"\d+", question):
        if question[number.start() - 4 : number.start()] == "Conv" or question[number.end() : number.end() + 2] == "d(":
            continue
        after = answered(question[: number.start()] + new + question[number.end() :])
        same = after is not None and [a.value for a in after.answers] == [a.value for a in before.answers]
        assert not same or after.reading != before.reading, (number[0], question)  # type: ignore[union-attr]


# --- the reading, the assumptions, the working ----------------------------------------------------------------


def test_the_reading_is_a_spec_that_gives_the_same_numbers() -> None:
    from cnncalc import analyse, load

    reply = ask("32x32x3 image, conv 16 filters 3x3 padding 1, max pool 2x2, dense 10: how many parameters in total?")
    assert analyse(load(reply.reading.removeprefix("input "))).params == reply.answers[0].value


def test_what_is_assumed_is_said() -> None:
    assert ask("7x7 input, 3x3 filter: output size?").assumptions == ["stride 1", "padding 0"]
    assert ask("7x7 input, 3x3 filter, stride 2, padding 1: output size?").assumptions == []
    assert "pooling stride = window" in ask("8x8x4 input, max pool 2x2: output size?").assumptions


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("32x32x3 image, 16 filters, stride 1: output size?", "kernel size"),
        ("A 32x32 image, 16 filters of 3x3: how many parameters?", "number of input channels"),
        ("A 3x3 convolution with padding 1: output size?", "the input's size"),
        ("16 filters 3x3 on 32x32x3, weights pruned: how many parameters?", "'pruned'"),
        ("16 filters 3x3 on 32x32x3 and 17: how many parameters?", "'17'"),
        ("5x5 image, 7x7 filter, no padding: output size?", "does not fit"),
        ("Conv2d(4, 8, 3) on (1, 3, 9, 9): output shape?", "in_channels says 4, but 3 come in"),
        ("3x3 dilated convolution on 32x32: output size?", "not how much"),
        ("How many parameters has vgg?", "which one of"),
    ],
)
def test_a_refusal_names_the_part(question: str, part: str) -> None:
    with pytest.raises(Refused, match=re.escape(part)):
        ask(question)


def test_the_working_comes_from_the_rules() -> None:
    first, second = ask("227x227x3 image, 96 filters 11x11, stride 4: output size and parameters?").answers
    assert first.steps == ["⌊(227 + 2·0 − 11) / 4⌋ + 1 = 54 + 1 = 55"]
    assert second.steps == ["96·3·11·11 + 96 = 34,848 + 96 = 34,944"]


def test_the_working_is_written_in_latex() -> None:
    found = invoke(
        ["ask", "--latex", "227x227x3 image, 96 filters 11x11, stride 4: output size and parameters?"]
    ).stdout
    assert r"\left\lfloor \frac{227 + 2 \cdot 0 - 11}{4} \right\rfloor + 1 = 54 + 1 = 55" in found
    assert r"96 \cdot 3 \cdot 11 \cdot 11 + 96 = 34{,}848 + 96 = 34{,}944" in found


def test_a_partial_figure_is_no_right_answer() -> None:
    question = "Input 32x32x3, CONV-5-8, POOL-2, FC-10: total number of parameters?"
    assert invoke(["ask", question, "--answer", "608"]).exit_code == 1
    assert invoke(["ask", question, "--answer", "16298"]).exit_code == 0


def test_the_sizes_on_the_way_are_shown() -> None:
    reply = ask("200x200x3 -> conv 8 5x5 stride 2 padding 1 -> max pool 3x3 stride 1: output size?")
    assert [answer.value for answer in reply.asked] == [[97, 97, 8]]
    assert [answer.value for answer in reply.answers if answer.part] == [[99, 99, 8]]


def test_letters_stay_letters() -> None:
    assert (
        ask("Conv2D layer with F filters of size k x k on C channels: number of parameters?").answers[0].value
        == "C*F*k**2 + F"
    )


def test_a_layer_is_asked_of_by_its_kind() -> None:
    reply = ask("How many parameters are in the hidden layer of a 784-256-10 network?")
    assert [answer.value for answer in reply.answers] == [200_960]
    reply = ask("28x28x1, conv 8 filters 3x3, max pool 2x2, dense 10: how many parameters has the conv layer?")
    assert [answer.value for answer in reply.answers] == [80]


def test_a_second_setting_is_a_second_answer() -> None:
    reply = ask("16 filters 3x3 on 9x9x3: parameters? And without bias?")
    assert [answer.value for answer in reply.answers] == [448, 432]
    reply = ask("7x7 input, 3x3 filter, stride 1: output size? And with stride 2?")
    assert [answer.value for answer in reply.answers] == [[5, 5], [3, 3]]


def test_options_are_named() -> None:
    reply = ask("32x32x3 image, 10 filters 5x5: number of parameters?\na) 250\nb) 750\nc) 760")
    assert reply.messages == ["option c: 760"]
    reply = ask("32x32x3 image, 10 filters 5x5: number of parameters?\na) 250\nb) 750")
    assert reply.messages == ["none of the options is right"]


def test_sizes_that_contradict_the_arithmetic_are_told() -> None:
    question = (
        "A conv layer with stride 1, kernel 3x3 and no padding takes (32,32,3) and returns (32,32,16). How many {}?"
    )
    reply = ask(question.format("parameters"))
    assert reply.answers[0].value == 448
    assert "30×30×16" in reply.messages[0]
    with pytest.raises(Refused, match="30×30×16"):
        ask(question.format("multiplications"))


# --- the command ------------------------------------------------------------------------------------------------


def test_the_command_answers_and_refuses() -> None:
    result = invoke(["ask", "7x7x3 input, 4 filters 3x3, stride 2: output size?"])
    assert result.exit_code == 0
    assert "3 × 3 × 4" in result.stdout
    result = invoke(["ask", "How many parameters has a rabbit?"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("not answered: ")


def test_json_is_as_the_contract_says() -> None:
    question = "7x7x3 input, 4 filters 3x3, stride 2: output size?"
    found = json.loads(invoke(["ask", "--json", "-"], stdin=question.encode()).stdout)
    assert found["schema"] == "cnncalc.ask/1"
    assert found["status"] == "answered"
    assert found["reading"] == "input 3x7x7 -> conv 4 3x3 stride=2"
    assert found["answers"][0]["value"] == [3, 3, 4]
    assert found["answers"][0]["steps"]
    result = invoke(["ask", "--json", "Output?"])
    found = json.loads(result.stdout)
    assert (result.exit_code, found["status"], found["answers"]) == (1, "refused", [])


@pytest.mark.parametrize(
    ("question", "given", "code", "part"),
    [
        ("3 input channels, 2 filters 3x3: number of parameters?", "56", 0, "56 is right"),
        ("3 input channels, 2 filters 3x3: number of parameters?", "54", 1, "leaves out the 2 biases"),
        ("3 input channels, 2 filters 3x3: number of parameters?", "55", 1, "one bias in all"),
        ("3 input channels, 2 filters 3x3: number of parameters?", "20", 1, "spans all input channels"),
        ("7x7 input, 3x3 filter, stride 2: output size?", "5", 1, "ignores the stride"),
        ("7x7x3 input, 2 filters 3x3, stride 2: output size?", "3x3x2", 0, "right"),
    ],
)
def test_an_answer_is_checked(question: str, given: str, code: int, part: str) -> None:
    result = invoke(["ask", question, "--answer", given])
    assert result.exit_code == code
    assert part in result.stdout


def test_a_students_number_in_the_question_is_judged() -> None:
    reply = ask("3 input channels, 2 filters 3x3: how many parameters? I get 54.")
    assert reply.answers[0].value == 56
    assert "leaves out the 2 biases" in reply.messages[0]


def test_the_language_is_the_questions() -> None:
    result = invoke(["ask", "Immagine 32x32x3 e 16 filtri 3x3: quanti parametri ha lo strato?"])
    assert result.stdout.startswith("letto")
    assert "parametri" in result.stdout
    assert invoke(["ask", "16 filters 3x3 on 9x9x3: parameters?", "--lang", "es"]).stdout.startswith("leído")


def test_assumptions_are_said_in_the_language_of_the_question() -> None:
    """Those without a number of the question in them; a sentence that changes must be translated anew."""
    from cnncalc.ask.sentences import SENTENCES

    english = set()
    for record in QUESTIONS:
        reply = answered(record["question"]) if record["lang"] in ("it", "es") else None
        english |= {text for text in reply.assumptions if text not in SENTENCES} if reply else set()
    assert {text for text in english if not re.search(r"\d|images|LeNet", text)} == set()
    result = invoke(["ask", "Immagine 32x32x3 e 16 filtri 3x3: quanti parametri ha lo strato?"])
    assert "bias contati" in result.stdout


def test_the_spec_is_shown() -> None:
    result = invoke(["ask", "--show-spec", "7x7x3 input, 4 filters 3x3: output size?"])
    assert "input: [3, 7, 7]" in result.stdout
    assert "conv out_channels=4 kernel_size=3x3" in result.stdout


# --- strangers ------------------------------------------------------------------------------------------------------

HOSTILE = ["", " \n ", "x" * 1_000_000, "\x00\x01\xff" * 100, "(" * 5000, "[" * 3000 + "]" * 3000, "3x" * 3000, "1,2," * 1500,
           "Conv2D(" * 500, "9" * 4000, "stride " * 900, "-> " * 2000, "卷积" * 2000, "\u202e3x3 conv", "a" * 7000 + "?",
           "Conv2d(3, 64, " + "(" * 500 + ")" * 500 + ") on 3x9x9: output?"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_bad_input_is_refused_soon(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(Refused):
        ask(text)
    assert time.monotonic() - started < 20  # a hang, not a benchmark


def test_code_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    question = f"import os\nos.system('touch {mark}')\nx = Conv2D(8, __import__('os').mkdir('{mark}'))(x)\nOutput size?"
    assert answered(question) is None
    assert not mark.exists()


# --- the tables --------------------------------------------------------------------------------------------------------


def test_the_lexicon_is_made_from_the_vocabulary() -> None:
    """Written anew by `python -m cnncalc.ask.lexicon_maker`."""
    assert lexicon_maker.PAGE.read_text("utf-8") == lexicon_maker.page()
    assert lexicon.LONGEST <= phrases.LONGEST


def test_number_words_have_no_other_meaning() -> None:
    from cnncalc.ask.vocabulary import NUMBER_WORDS

    known = phrases.lexicon()
    assert [word for word in NUMBER_WORDS if known[word][0] not in ("NUM", "ART")] == []


def test_rules_are_of_use() -> None:
    """A rule that no question needs is one too many."""
    grammar.USED.clear()
    for question in [record["question"] for record in QUESTIONS] + NOISE + REFUSALS:
        answered(question)
    idle = [grammar.RULES[number][0] for number in range(len(grammar.RULES)) if number not in grammar.USED]
    assert len(idle) <= 14, idle
