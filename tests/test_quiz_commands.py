"""cnncalc quiz: drawing to files, taking in the terminal, grading answers of every make."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections import Counter
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.cli.commands import quiz as quiz_command
from cnncalc.quiz.answers import AnswersError, decoded, read, readings
from cnncalc.quiz.export import FORMATS
from cnncalc.quiz.export import document as sets
from cnncalc.quiz.generate import exercises
from cnncalc.quiz.grading import graded, mark
from cnncalc.quiz.page import letter
from cnncalc.quiz.question import Question
from tests.commands import invoke

SET = ["quiz", "new", "--count", "12", "--seed", "7", "--format", "json"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke([*SET, "-o", "set.json"]).exit_code == 0
    return tmp_path


def questions() -> list[Question]:
    return exercises(12, seed=7)


def right(question: Question, blank: int = 0) -> str:
    if question.choices:
        return next(letter(i) for i, choice in enumerate(question.choices) if choice.right)
    return str(question.blanks[blank].answer)


def rows(student: str, answer: str = "") -> list[list[str]]:
    """All answers of a student, right ones or always the same."""
    return [[student, f"{q.id}-{i + 1}" if len(q.blanks) > 1 else q.id, answer or right(q, i)]
            for q in questions() for i in range(max(1, len(q.blanks)))]  # fmt: skip


def as_csv(table: list[list[str]], separator: str = ",") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows([["Student", "Question", "Answer"], *table])
    return buffer.getvalue()


# --- new ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written_to_a_file(form: str, tmp_path: Path) -> None:
    for extra in {"anki": "genanki"}.get(form, "").split():
        pytest.importorskip(extra)
    path = tmp_path / f"quiz{FORMATS[form].suffix}"
    result = invoke(["quiz", "new", "--count", "12", "--seed", "3", "--format", form, "-o", str(path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"wrote 12 exercises to {path}\n"
    assert path.stat().st_size > 1000
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    if not FORMATS[form].binary:
        printed = invoke(["quiz", "new", "--count", "12", "--seed", "3", "--format", form]).stdout
        assert printed.rstrip("\n") == path.read_text("utf-8").rstrip("\n")


def test_binary_formats_need_a_file() -> None:
    result = invoke(["quiz", "new", "--format", "prairielearn"])
    assert result.exit_code == 2
    assert "give a file with -o, as in -o quiz.zip" in result.stderr


def test_json_flag_and_prefix() -> None:
    long, short = (json.loads(invoke(["quiz", "new", "--count", count, "--seed", "4", "--json"]).stdout)
                   for count in ("9", "4"))  # fmt: skip
    assert long["schema"] == "cnncalc.quiz/1"
    assert long["questions"][:4] == short["questions"]


@pytest.mark.parametrize("word", ["output-size", "Output_Size", "size", "params", "rf", "table", "error"])
def test_kinds_by_other_names(word: str) -> None:
    assert invoke(["quiz", "new", "--count", "1", "--kind", word]).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--kind", "poetry"], "is not one of output-size"), (["--level", "6"], "is not a level from 1 to 5"),
     (["--level", "4-2"], "is not a level"), (["--count", "0"], "is not in the range"), (["--seed", "x"], "not a valid"),
     (["--lang", "la"], "is not one of"), (["--format", "docx"], "is not one of")],
)  # fmt: skip
def test_usage(arguments: list[str], words: str) -> None:
    result = invoke(["quiz", "new", *arguments])
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_kind_that_runs_out_is_said() -> None:
    result = invoke(["quiz", "new", "--count", "9000", "--kind", "receptive-field", "--level", "1"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: there are only ")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = invoke(["quiz", "new", "--count", "1", "-o", str(tmp_path / "no" / "quiz.md")])
    assert result.exit_code == 1
    assert "No such file or directory" in result.stderr


def test_a_missing_part_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "genanki", None)
    result = invoke(["quiz", "new", "--count", "1", "--format", "anki", "-o", str(tmp_path / "x.apkg")])
    assert result.exit_code == 3
    assert "pip install 'cnncalc[anki]'" in result.stderr
    assert not (tmp_path / "x.apkg").exists()


def test_qti_package(tmp_path: Path) -> None:
    pytest.importorskip("text2qti")
    path = tmp_path / "quiz.zip"
    assert invoke(["quiz", "new", "--count", "12", "--format", "qti", "-o", str(path)]).exit_code == 0
    assert path.read_bytes()[:2] == b"PK"


# --- take -----------------------------------------------------------------------------------------


def test_all_right(here: Path) -> None:
    answers = "".join(f"{row[2]}\n" for row in rows("me"))
    result = invoke(["quiz", "take", "set.json"], stdin=answers.encode())
    assert result.exit_code == 0
    assert result.stdout.endswith(f"Score: {len(rows('me'))} / {len(rows('me'))}\n")
    assert result.stdout.count("Right.") == len(rows("me"))


def test_a_slip_is_diagnosed_at_once_and_worked_out(here: Path) -> None:
    first = questions()[0].blanks[0]
    result = invoke(["quiz", "take", "set.json"], stdin=f"{first.wrongs[0].value}\nq\n".encode())
    assert first.wrongs[0].sentence in result.stdout
    assert f"Answer: {first.answer}\n{questions()[0].steps[0]}" in result.stdout
    assert result.exit_code == 0


def test_it_goes_on_where_it_was_left(here: Path) -> None:
    every = [row[2] for row in rows("Ada")]
    invoke(["quiz", "take", "set.json", "--answers", "a.csv", "--student", "Ada"],
           stdin="".join(f"{a}\n" for a in every[:3]).encode() + b"q\n")  # fmt: skip
    again = invoke(["quiz", "take", "set.json", "--answers", "a.csv", "--student", "Ada"],
                   stdin="".join(f"{a}\n" for a in every[3:]).encode())  # fmt: skip
    assert again.stdout.startswith("4/12 · ")
    assert again.stdout.endswith(f"Score: {len(every)} / {len(every)}\n")
    assert again.exit_code == 0
    graded_ = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json"])
    assert f"Ada      {len(every)} of {len(every)}" in graded_.stdout
    assert graded_.exit_code == 0


def test_two_students_share_a_file(here: Path) -> None:
    for student in ("Ada", "Bo"):
        invoke(["quiz", "take", "set.json", "--answers", "a.csv", "--student", student], stdin=b"1\nq\n")
    assert (here / "a.csv").read_text().count("student,question,answer") == 1
    assert (here / "a.csv").read_text().count(questions()[0].id) == 2


def test_skipping_and_wrong_answers_end_in_1(here: Path) -> None:
    result = invoke(["quiz", "take", "set.json"], stdin=b"\n" * 40)
    assert result.exit_code == 1
    assert f"Score: 0 / {len(rows('x'))}" in result.stdout


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "not JSON"), (b"\xff\xff", "not UTF-8"), (b"{}", "no set of exercises")]
)
def test_take_refuses_what_is_no_set(here: Path, content: bytes, words: str) -> None:
    (here / "bad.json").write_bytes(content)
    for arguments in (["take", "bad.json"], ["grade", "set.json", "--quiz", "bad.json"]):
        result = invoke(["quiz", *arguments])
        assert result.exit_code == 1
        assert words in result.stderr


def test_answers_of_another_kind_are_not_gone_on_from(here: Path) -> None:
    (here / "a.csv").write_text("x,y\n1,2\n")
    result = invoke(["quiz", "take", "set.json", "--answers", "a.csv"])
    assert result.exit_code == 1
    assert "holds no answers to go on from" in result.stderr
    assert (here / "a.csv").read_text() == "x,y\n1,2\n"


# --- grade ----------------------------------------------------------------------------------------


def test_scores_and_slips(here: Path) -> None:
    slip = questions()[1].blanks[0].wrongs[0]
    worse = rows("Bo")
    worse[1][2] = str(slip.value)
    (here / "a.csv").write_text(as_csv([*rows("Ada"), *worse, *rows("Cy", "1234567")]), "utf-8")
    result = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json", "--json"])
    data = json.loads(result.stdout)
    most = len(rows("x"))
    assert data["schema"] == "cnncalc.grade/1"
    assert data["students"] == [
        {"student": "Ada", "score": most}, {"student": "Bo", "score": most - 1}, {"student": "Cy", "score": 0},
    ]  # fmt: skip
    assert {"slips": [slip.ways[0][0]], "count": 1} in data["slips"]
    assert data["questions"][1] == {
        "question": questions()[1].id, "right": 1, "answers": 3, "commonest_slip": [slip.ways[0][0]],
    }  # fmt: skip
    assert len(data["answers"]) == 3 * most


def test_charts_and_gradescope(here: Path) -> None:
    (here / "a.csv").write_text(as_csv([*rows("Ada"), *rows("../Bo"), *rows("..|Bo", "3")], ";"), "utf-8")
    result = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json", "--chart", "c.svg", "--gradescope", "out"])
    chart = ET.fromstring((here / "c.svg").read_text("utf-8"))
    shares = [node.text for node in chart.iter("{http://www.w3.org/2000/svg}text")][1::2]
    assert shares[0] == "2/3"
    assert sorted(path.name for path in (here / "out").iterdir()) == ["Ada", "Bo", "Bo_2"]
    document = json.loads((here / "out" / "Ada" / "results.json").read_text("utf-8"))
    assert document["score"] == len(document["tests"]) == len(rows("x"))
    failed = json.loads((here / "out" / "Bo_2" / "results.json").read_text("utf-8"))
    assert {test["status"] for test in failed["tests"]} == {"passed", "failed"} or failed["score"] == 0
    assert all(
        {"score", "max_score", "status", "output", "name", "number", "tags"} == {*test} for test in failed["tests"]
    )
    assert not [path for path in here.parent.iterdir() if path.name == "Bo"]
    assert result.exit_code in (0, 1)


BAD = """Ada;{0};{1}
;{0};3
Bo;no-such-question;3
Bo;;3
Bo;{0};
Ada;{0};99
Bo;{0};twelve
Bo
"""


def test_bad_lines_are_told_and_none_is_lost(here: Path) -> None:
    first = questions()[0]
    text = "studente;domanda;risposta\n" + BAD.format(first.id, right(first))
    given, skipped = read(text, questions())
    assert len(given) + len(skipped) == 8
    (here / "a.csv").write_bytes(text.encode("utf-16"))
    result = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json"])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "line 3: no student",
        "line 4: no question 'no-such-question' in the set",
        "line 5: no question",
        "line 6: the answer is empty",
        f"line 7: Ada has answered {first.id} already; the first answer counts",
        "line 8: 'twelve' is no answer to read; marked as wrong",
        "line 9: no question",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(here: Path, encoding: str, separator: str) -> None:
    (here / "a.csv").write_bytes(as_csv(rows("Zoë Núñez"), separator).encode(encoding))
    result = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json"])
    assert f"Zoë Núñez  {len(rows('x'))} of {len(rows('x'))}" in result.stdout
    assert (result.exit_code, result.stderr) == (0, "")


def test_one_student_a_line(here: Path) -> None:
    head = ["Email", "Q1", "q2", questions()[2].id, "Comment"]
    values = ["a@b.c", right(questions()[0]), right(questions()[1]), "", "thank you"]
    (here / "a.csv").write_text("\n".join(",".join(line) for line in (head, values, ["x@y.z", "1", "2"])), "utf-8")
    data = json.loads(invoke(["quiz", "grade", "a.csv", "--quiz", "set.json", "--json"]).stdout)
    assert data["students"] == [{"student": "a@b.c", "score": 2}, {"student": "x@y.z", "score": 0}]
    assert {"line": 2, "reason": "a@b.c gave no answer to question 3"} in data["skipped"]


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", "\x00\x00", "student\nAda\n"])
def test_files_without_answers(here: Path, text: str) -> None:
    (here / "a.csv").write_text(text, "utf-8")
    result = invoke(["quiz", "grade", "a.csv", "--quiz", "set.json"])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: a.csv: ")
    assert "bug" not in result.stderr


@pytest.mark.parametrize(
    ("text", "value"),
    [("56", 56), (" 56 ", 56), ("56.0", 56), ("56,0", 56), ("56,", 56), ("61,706", 61706), ("61.706", 61706),
     ("61 706", 61706), ("61\u202f706", 61706), ("61'706", 61706), ("1,234,567", 1234567), ("1.234.567", 1234567),
     ("1,234.5", Fraction(2469, 2)), ("1.234,5", Fraction(2469, 2)), ("54,25", Fraction(217, 4)), ("−3", -3), ("= 7", 7),
     ("7 px", 7), ("13/2", Fraction(13, 2)), (".5", Fraction(1, 2))],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, value: Fraction) -> None:
    assert readings(text)[0] == value


@pytest.mark.parametrize("text", ["", "x", "1/0", "nan", "inf", "1e5", "1,23,4.5", "9" * 50, "0x10", "--3", "³", "١٢x"])
def test_what_is_no_number(text: str) -> None:
    assert readings(text) == []


def test_a_grouped_reading_does_not_hide_a_fraction() -> None:
    question = next(q for q in exercises(200, seed=2, kinds=("output-size",), levels=(3,))
                    for w in q.blanks[0].wrongs if w.value.denominator == 3)  # fmt: skip
    wrong = next(w for w in question.blanks[0].wrongs if w.value.denominator == 3)
    for typed in (f"{float(wrong.value):.3f}", f"{float(wrong.value):.3f}".replace(".", ",")):
        assert mark(question, 0, typed).slips == wrong.ways
    assert mark(question, 0, f"{question.blanks[0].answer},0").right


def test_every_stored_slip_is_told_by_its_value() -> None:
    for question in exercises(120, seed=13):
        for index, blank in enumerate(question.blanks):
            for wrong in (*blank.wrongs, *blank.pairs):
                found = mark(question, index, str(wrong.value))
                assert not found.right
                assert found.slips == wrong.ways
            assert mark(question, index, f"{blank.answer:,}").right


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_are_answers_or_an_error(data: bytes) -> None:
    try:
        given, skipped = read(decoded(data), questions()[:1])
    except AnswersError:
        return
    assert all(one.line >= 1 for one in (*given, *skipped))


def test_a_random_class_adds_up() -> None:
    rng = Random(1)
    table = [row for i in range(30) for row in rows(f"s{i}") if rng.random() < 0.9]
    for row in table:
        if rng.random() < 0.4:
            row[2] = str(rng.randint(1, 60))
    grades = graded(questions(), *read(as_csv(table), questions()))
    assert sum(grades.scores().values()) == sum(line.mark.right for line in grades.lines)
    assert sum(len(grades.of_question(i)) for i in range(12)) == len(table) == len(grades.lines)
    wrong = sum(not line.mark.right for line in grades.lines)
    assert sum(grades.slips().values()) + grades.undecided() + grades.unexplained() == wrong


def test_an_existing_file_keeps_its_content_if_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.md"
    path.write_text("before")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(quiz_command.os, "replace", fails)
    assert invoke(["quiz", "new", "--count", "1", "-o", str(path)]).exit_code == 1
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.md"]


def test_a_set_from_a_stranger_cannot_steer_the_terminal(here: Path) -> None:
    data = json.loads((here / "set.json").read_text("utf-8"))
    data["questions"][0]["prompt"] = "\x1b[2Jgone \u202e"
    (here / "set.json").write_text(json.dumps(data), "utf-8")
    result = invoke(["quiz", "take", "set.json"], stdin=b"q\n")
    assert not {"\x1b", "\u202e"} & {*result.stdout}


def test_counts() -> None:
    assert Counter(question.kind for question in questions()).most_common(1)[0][1] == 1
    assert sets.read(FORMATS["json"].write(questions(), "t"))[0] == "t"
