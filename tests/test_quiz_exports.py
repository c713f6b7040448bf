"""Every format read back by somebody else's reader: numbers, tolerances, feedback, languages.

genanki's packages by sqlite, text2qti, typst and pandoc by themselves. gift-pegjs, and the JSON Schemas of
jupyterquiz and PrairieLearn, are used where `CNNCALC_VALIDATORS` names a folder that holds them:
node_modules/gift-pegjs (npm install gift-pegjs), num_schema.json and mc_schema.json (jupyterquiz, schema/),
infoQuestion.json (PrairieLearn, apps/prairielearn/src/schemas/schemas/).
"""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from cnncalc.quiz.diagnosis import decimal, tolerance
from cnncalc.quiz.export import FORMATS, qti
from cnncalc.quiz.export.document import SetError, read
from cnncalc.quiz.generate import exercises
from cnncalc.quiz.question import Blank, Question

VALIDATORS = Path(os.environ.get("CNNCALC_VALIDATORS", "/nowhere"))
TITLE = 'A "set" <1> & #2 {3} = ~4: 5% _6_ $7 \\8'
LANGUAGES = ("en", "it", "es")


@pytest.fixture(scope="module", params=LANGUAGES)
def questions(request: pytest.FixtureRequest) -> list[Question]:
    return exercises(200, seed=21, language=request.param)


def parts(questions: list[Question]) -> list[Question]:
    return [part for question in questions for part in question.parts()]


def written(name: str, questions: list[Question]) -> Any:
    return FORMATS[name].write(questions, TITLE)


def told(blank: Blank) -> dict[Fraction, tuple[float, str]]:
    """Each wrong value as it is typed, with its tolerance and sentence."""
    return {Fraction(decimal(wrong.value)): (tolerance(wrong.value), wrong.sentence) for wrong in blank.wrongs}


def test_json_is_read_back_whole(questions: list[Question]) -> None:
    title, back = read(written("json", questions))
    assert title == TITLE
    assert len(back) == 200
    for one, two in zip(questions, back, strict=True):
        for name in (
            "id",
            "kind",
            "level",
            "language",
            "prompt",
            "listing",
            "table",
            "blanks",
            "choices",
            "steps",
            "figure",
        ):
            assert getattr(one, name) == getattr(two, name), name
        assert json.loads(json.dumps(one.given)) == two.given


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "cnncalc.quiz/1"}', '{"schema": "cnncalc.quiz/1", "questions": [1]}',
     '{"schema": "cnncalc.quiz/1", "questions": [{}]}', "[" * 100_000, '{"schema": 3, "questions": []}'],
)  # fmt: skip
def test_what_is_no_set_is_refused(text: str) -> None:
    with pytest.raises(SetError):
        read(text)


@pytest.mark.parametrize("field", ["answer", "language", "blanks", "table", "choices", "wrong", "id"])
def test_a_damaged_set_is_refused(field: str) -> None:
    data = json.loads(FORMATS["json"].write(exercises(5, seed=1, kinds=("chain",)), "t"))
    for place in (data["questions"][3], data["questions"][3]["blanks"][0]):
        if field in place:
            place[field] = {"no": 3}
    with pytest.raises(SetError, match="question 4 is damaged"):
        read(json.dumps(data))


@pytest.mark.parametrize("value", ["1e999999999", "1/0", "x", "-1/2", 1.5, True, None, "9" * 5000 + "/2"])
def test_odd_values_in_a_set_are_refused(value: Any) -> None:
    data = json.loads(FORMATS["json"].write(exercises(1, seed=1), "t"))
    data["questions"][0]["blanks"][0]["wrong"][0]["value"] = value
    with pytest.raises(SetError, match="question 1 is damaged"):
        read(json.dumps(data))


def test_more_choices_than_letters_are_refused() -> None:
    data = json.loads(FORMATS["json"].write(exercises(1, seed=1, kinds=("find-the-error",)), "t"))
    data["questions"][0]["choices"] *= 7
    with pytest.raises(SetError, match="more than 26 choices"):
        read(json.dumps(data))


# --- Moodle ---------------------------------------------------------------------------------------


def text_of(node: ET.Element, path: str) -> str:
    return node.findtext(f"{path}/text") or ""


def test_moodle_numbers_tolerances_and_feedback(questions: list[Question]) -> None:
    quiz = ET.fromstring(written("moodle", questions).encode())
    nodes = [node for node in quiz if node.get("type") != "category"]
    assert len(nodes) == 200
    assert text_of(quiz[0], "category") == f"$course$/top/{TITLE}"
    for node, question in zip(nodes, questions, strict=True):
        assert node.findtext("idnumber") == f"{question.id}-{question.language}"
        for step in question.steps:
            assert step in unescape(text_of(node, "generalfeedback"))
        kind = "multichoice" if question.choices else "cloze" if len(question.blanks) > 1 else "numerical"
        assert node.get("type") == kind
        {"numerical": numerical, "cloze": cloze, "multichoice": choices}[kind](node, question)


def numerical(node: ET.Element, question: Question) -> None:
    answers = node.findall("answer")
    blank = question.blanks[0]
    assert [answer.get("fraction") for answer in answers] == ["100", *["0"] * (len(answers) - 1)]
    assert answers[0].findtext("text") == str(blank.answer)
    assert answers[-1].findtext("text") == "*"
    found = {Fraction(a.findtext("text") or ""): (float(a.findtext("tolerance") or ""), text_of(a, "feedback"))
             for a in answers[1:-1]}  # fmt: skip
    assert {value: (within, unescape(text)) for value, (within, text) in found.items()} == told(blank)


CLOZE = re.compile(r"\{1:NUMERICAL:((?:[^}\\]|\\.)*)\}")


def cloze(node: ET.Element, question: Question) -> None:
    gaps = CLOZE.findall(text_of(node, "questiontext"))
    assert len(gaps) == len(question.blanks)
    for gap, blank in zip(gaps, question.blanks, strict=True):
        right, *wrong, rest = re.split(r"(?<!\\)~", gap)
        assert right.startswith(f"={blank.answer}:0#")
        assert rest.startswith("*#")
        found = {}
        for one in wrong:
            value, within, text = re.fullmatch(r"%0%([\d.]+):([\d.]+)#(.*)", one, re.S).groups()  # type: ignore[union-attr]
            found[Fraction(value)] = (float(within), unescape(re.sub(r"\\(.)", r"\1", text)))
        assert found == told(blank)


def choices(node: ET.Element, question: Question) -> None:
    found = [(unescape(text), int(answer.get("fraction") or -1) == 100, unescape(text_of(answer, "feedback")))
             for answer in node.findall("answer") for text in [answer.findtext("text") or ""]]  # fmt: skip
    assert found == [(choice.text, choice.right, choice.feedback) for choice in question.choices]


# --- GIFT -----------------------------------------------------------------------------------------

NODE = """
const {parse} = require(process.argv[1] + "/gift-pegjs");
console.log(JSON.stringify(parse(require("fs").readFileSync(0, "utf8"))));
"""


def test_gift_is_parsed_by_gift_pegjs(questions: list[Question]) -> None:
    modules = VALIDATORS / "node_modules"
    if not (modules / "gift-pegjs").is_dir() or not shutil.which("node"):
        pytest.skip("gift-pegjs is not here")
    ran = subprocess.run(["node", "-e", NODE, str(modules)], input=written("gift", questions).encode(), check=True,
                         capture_output=True, timeout=120)  # fmt: skip
    found = [one for one in json.loads(ran.stdout) if one["type"] != "Category"]
    for one, part in zip(found, parts(questions), strict=True):
        assert one["title"] == f"{part.title} {part.id}"
        assert part.prompt in unescape(one["stem"]["text"])
        assert all(step in one["globalFeedback"]["text"] for step in part.steps)
        if part.choices:
            assert [(c["text"]["text"], c["isCorrect"], c["feedback"]["text"]) for c in one["choices"]] == [
                (choice.text, choice.right, choice.feedback) for choice in part.choices
            ]
            continue
        right, *wrong, rest = one["choices"]
        assert (right["weight"], right["text"]["number"], right["text"]["range"]) == (100, part.blanks[0].answer, 0)
        assert rest["isCorrect"] is False
        assert all(c["weight"] == 0 for c in wrong)
        assert {Fraction(str(c["text"]["number"])): (c["text"]["range"], c["feedback"]["text"]) for c in wrong} == \
            told(part.blanks[0])  # fmt: skip


def test_gift_escapes_its_own_signs(questions: list[Question]) -> None:
    """By a reader of one rule: a sign stands bare only where GIFT means it."""
    for block in written("gift", questions).split("\n\n")[1:]:
        bare = re.sub(r"\\.", "", block)
        assert bare.count("{") == bare.count("}") == 1, block


# --- text2qti -------------------------------------------------------------------------------------


def test_text2qti_makes_a_package_of_it(questions: list[Question]) -> None:
    pytest.importorskip("text2qti")
    zipped = zipfile.ZipFile(io.BytesIO(qti.package(written("qti", questions))))
    (name,) = (
        name for name in zipped.namelist() if name.endswith(".xml") and "meta" not in name and "manifest" not in name
    )
    root = ET.fromstring(zipped.read(name))
    space = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
    items = root.findall(".//q:item", space)
    for item, part in zip(items, parts(questions), strict=True):
        assert item.get("title") == f"{part.title} {part.id}"
        texts = [
            same_words(unescape(re.sub("<[^>]*>", "", node.text or ""))) for node in item.findall(".//q:mattext", space)
        ]
        assert same_words(part.prompt) in texts[0]
        if part.choices:
            for choice in part.choices:
                assert any(same_words(choice.text) in text for text in texts)
                assert any(same_words(choice.feedback) in text for text in texts)
        else:
            numbers = {node.text for node in item.findall(".//q:varequal", space)}
            assert str(part.blanks[0].answer) in {re.sub(r"\.0+$", "", number or "") for number in numbers}
            for wrong in part.blanks[0].wrongs:
                assert any(same_words(f"{decimal(wrong.value)}: {wrong.sentence}") in text for text in texts)


# --- jupyterquiz ----------------------------------------------------------------------------------


def test_jupyterquiz_reads_back(questions: list[Question]) -> None:
    found = json.loads(written("jupyterquiz", questions))
    for one, part in zip(found, parts(questions), strict=True):
        assert one["question"].startswith(part.prompt)
        if part.choices:
            assert [(a["answer"], a["correct"], a["feedback"]) for a in one["answers"]] == [
                (choice.text, choice.right, choice.feedback) for choice in part.choices
            ]
            continue
        right, *wrong, rest = one["answers"]
        assert (right["value"], right["correct"]) == (part.blanks[0].answer, True)
        assert rest["type"] == "default"
        values = told(part.blanks[0])
        assert {Fraction(str(a["value"])): a["feedback"] for a in wrong} == {v: text for v, (_, text) in values.items()}


def test_jupyterquiz_has_the_form_its_schemas_want(questions: list[Question]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    files = {"numeric": VALIDATORS / "num_schema.json", "multiple_choice": VALIDATORS / "mc_schema.json"}
    if not all(path.is_file() for path in files.values()):
        pytest.skip("jupyterquiz's schemas are not here")
    schemas = {name: json.loads(path.read_text("utf-8")) for name, path in files.items()}
    for one in json.loads(written("jupyterquiz", questions)):
        jsonschema.validate(one, schemas[one["type"]])
    broken = {**one, "answers": [{"feedback": "x"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schemas[one["type"]])


# --- PrairieLearn ---------------------------------------------------------------------------------

SERVER = """
import json, sys
space = {}
exec(compile(sys.stdin.read(), "server.py", "exec"), space)
data = {"correct_answers": {}, "params": {}, "feedback": {}, "submitted_answers": json.loads(sys.argv[1])}
space["generate"](data)
space["grade"](data)
print(json.dumps(data))
"""


def test_prairielearn_questions_are_complete(questions: list[Question]) -> None:
    zipped = zipfile.ZipFile(io.BytesIO(written("prairielearn", questions)))
    assert len(zipped.namelist()) == 3 * len(questions)
    for question in questions:
        folder = f"questions/cnncalc/{question.id}-{question.language}"
        info = json.loads(zipped.read(f"{folder}/info.json"))
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
        assert info["type"] == "v3"
        page = ET.fromstring(f"<page>{zipped.read(f'{folder}/question.html').decode()}</page>".replace("{{#", "<!--{{#")
                             .replace("{{/", "-->{{/"))  # fmt: skip
        assert len(page.findall(".//pl-integer-input")) == len(question.blanks)
        marked = [(node.text, node.get("correct"), node.get("feedback")) for node in page.findall(".//pl-answer")]
        assert marked == [(c.text, str(c.right).lower(), c.feedback) for c in question.choices]


def test_prairielearn_runs_and_tells_the_slip() -> None:
    (question,) = exercises(1, seed=3, kinds=("parameters",))
    zipped = zipfile.ZipFile(io.BytesIO(written("prairielearn", [question])))
    server = zipped.read(f"questions/cnncalc/{question.id}-en/server.py")
    wrong = question.blanks[0].wrongs[0]
    ran = subprocess.run([sys.executable, "-c", SERVER, json.dumps({"blank1": int(wrong.value)})], input=server,
                         capture_output=True, check=True)  # fmt: skip
    data = json.loads(ran.stdout)
    assert data["correct_answers"] == {"blank1": question.blanks[0].answer}
    assert data["feedback"] == {"blank1": wrong.sentence}


def test_prairielearn_has_the_form_its_schema_wants(questions: list[Question]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = VALIDATORS / "infoQuestion.json"
    if not path.is_file():
        pytest.skip("PrairieLearn's schema is not here")
    schema = json.loads(path.read_text("utf-8"))
    zipped = zipfile.ZipFile(io.BytesIO(written("prairielearn", questions)))
    for name in zipped.namelist():
        if name.endswith("info.json"):
            info = json.loads(zipped.read(name))
            jsonschema.validate(info, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({key: info[key] for key in info if key != "topic"}, schema)


# --- Anki -----------------------------------------------------------------------------------------


def test_anki_notes_are_in_the_package(questions: list[Question], tmp_path: Path) -> None:
    pytest.importorskip("genanki")
    zipped = zipfile.ZipFile(io.BytesIO(written("anki", questions)))
    zipped.extract("collection.anki2", tmp_path)
    database = sqlite3.connect(tmp_path / "collection.anki2")
    rows = database.execute("select guid, flds from notes").fetchall()
    assert database.execute("select count(*) from cards").fetchone() == (len(questions),)
    database.close()
    notes = {guid: flds.split("\x1f") for guid, flds in rows}
    for question in questions:
        front, back = notes[f"{question.id}-{question.language}"]
        assert question.prompt in unescape(front)
        for blank in question.blanks:
            assert str(blank.answer) in back
            assert all(wrong.sentence in unescape(back) for wrong in blank.wrongs)


# --- print ----------------------------------------------------------------------------------------


def test_typst_compiles_the_sheet_and_its_key(questions: list[Question]) -> None:
    typst = pytest.importorskip("typst")
    text = written("typst", questions).encode()
    sheet, key = typst.compile(text), typst.compile(text, sys_inputs={"key": "yes"})
    assert sheet.startswith(b"%PDF")
    assert len(key) > 1.1 * len(sheet)


def words(node: Any) -> str:
    """All text in a part of pandoc's tree."""
    if isinstance(node, list):
        return "".join(map(words, node))
    if not isinstance(node, dict):
        return ""
    if node.get("t") in ("Space", "SoftBreak", "LineBreak"):
        return " "
    content = node.get("c", "")
    if node.get("t") == "Str":
        return str(content)
    if node.get("t") in ("CodeBlock", "Math", "Code"):
        return str(content[1])
    return words(content) + (" " if node.get("t") in ("Para", "Plain", "Header") else "")


def same_words(text: str) -> str:
    return " ".join(re.sub(r"[‘’']", "'", text.replace("\u202f", " ").replace("\u00a0", " ")).split())


@pytest.mark.parametrize("name", ["markdown", "latex"])
def test_pandoc_reads_what_was_written(name: str, questions: list[Question]) -> None:
    pypandoc = pytest.importorskip("pypandoc")
    some = questions[:60]
    tree = json.loads(pypandoc.convert_text(written(name, some), "json", format=f"{name}-smart"))
    text = same_words(words(tree["blocks"]))
    for question in some:
        assert same_words(question.prompt) in text
        for step in question.steps:
            assert same_words(step) in text
        for choice in question.choices:
            assert same_words(choice.text) in text
        for blank in question.blanks:
            assert str(blank.answer) in text
            if name == "markdown":
                assert all(same_words(wrong.sentence) in text for wrong in blank.wrongs)


def test_csv_has_a_line_for_every_number(questions: list[Question]) -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", questions))))
    for row, part in zip(rows, parts(questions), strict=True):
        assert row["question"] == part.id
        assert part.prompt in row["prompt"]
        if part.blanks:
            assert int(row["answer"]) == part.blanks[0].answer
            assert row["wrong"].splitlines() == [f"{decimal(w.value)}: {w.sentence}" for w in part.blanks[0].wrongs]
