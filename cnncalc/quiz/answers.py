"""Answers as people hand them in: CSV files of any make, and numbers of any spelling.

Two layouts are read: one answer a line (student, question, answer) and one student a line with a
column for each question (its id, or Q1, Q2, ... in the set's order; 3.2 or Q3.2 for the second number
of the third). Every line is either used or reported, none lost.
"""

import csv
import io
import re
from collections.abc import Sequence
from fractions import Fraction

from cnncalc.exact.records import record
from cnncalc.quiz.question import Question

MAX_BYTES = 50_000_000
MAX_DIGITS = 40
STUDENT = ("student", "name", "email", "user", "username", "login", "id", "sid", "student id", "studente", "nome",
           "matricola", "estudiante", "alumno", "alumna", "nombre", "correo")  # fmt: skip
QUESTION = ("question", "item", "exercise", "question id", "domanda", "esercizio", "pregunta", "ejercicio", "q")
ANSWER = ("answer", "response", "value", "risposta", "valore", "respuesta", "valor", "resposta")


class AnswersError(ValueError):
    """A file of answers that cannot be read at all."""


@record
class Given:
    """One student's answer to one blank of one question, as it was written."""

    student: str
    question: int
    blank: int
    text: str
    line: int


@record
class Skipped:
    """A line (or one of its cells) that was not used, and why."""

    line: int
    reason: str


Answers = tuple[list[Given], list[Skipped]]


def decoded(data: bytes) -> str:
    """A file's text, whatever program wrote it: UTF-8, UTF-16 with its mark, else Windows' Latin letters."""
    if len(data) > MAX_BYTES:
        raise AnswersError(f"the file of answers is larger than {MAX_BYTES // 10**6} MB")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def read(text: str, questions: Sequence[Question]) -> Answers:
    """The answers in a CSV file, and the lines left out. Raises AnswersError if its columns make no sense."""
    rows = _rows(text)
    if not rows:
        raise AnswersError("the file of answers is empty")
    head = [cell.strip().casefold() for cell in rows[0][1]]
    columns = {role: _column(head, names) for role, names in (("q", QUESTION), ("a", ANSWER), ("s", STUDENT))}
    places = _places(questions)
    if columns["q"] is not None and columns["a"] is not None:
        return _long(rows[1:], columns, places)
    asked = {i: places[cell] for i, cell in enumerate(head) if cell in places}
    if not asked:
        raise AnswersError(
            "the first line must name the columns: student, question, answer; or student and the questions' ids "
            f"(it says {', '.join(head)[:120]})"
        )
    who = next((i for i, cell in enumerate(head) if cell in STUDENT and i not in asked), None)
    return _wide(rows[1:], who, asked, len(head))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not blank; the separator that the head shows most."""
    text = text.replace("\x00", "")
    first = text.lstrip("\ufeff").partition("\n")[0]
    separator = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise AnswersError(f"line {reader.line_num} is no CSV: {error}") from None


def _column(head: list[str], names: Sequence[str]) -> int | None:
    return next((head.index(name) for name in names if name in head), None)


def _places(questions: Sequence[Question]) -> dict[str, tuple[int, int]]:
    """What a blank may be called: the question's id or number, with the blank's number where there are several."""
    places: dict[str, tuple[int, int]] = {}
    for index, question in enumerate(questions):
        for name in (question.id.casefold(), f"q{index + 1}", str(index + 1)):
            if len(question.blanks) < 2:
                places[name] = (index, 0)
            for blank in range(len(question.blanks)):
                places[f"{name}-{blank + 1}"] = places[f"{name}.{blank + 1}"] = (index, blank)
    return places


def _long(
    rows: list[tuple[int, list[str]]], columns: dict[str, int | None], places: dict[str, tuple[int, int]]
) -> Answers:
    given: list[Given] = []
    skipped: list[Skipped] = []
    seen: set[tuple[str, tuple[int, int]]] = set()
    for line, cells in rows:

        def cell(role: str, cells: list[str] = cells) -> str:
            at = columns[role]
            return cells[at].strip() if at is not None and at < len(cells) else ""

        student = cell("s") if columns["s"] is not None else "student"
        place = places.get(cell("q").casefold())
        if not student:
            skipped.append(Skipped(line, "no student"))
        elif place is None:
            named = cell("q")[:60]
            skipped.append(Skipped(line, f"no question {named!r} in the set" if named else "no question"))
        elif (student, place) in seen:
            skipped.append(Skipped(line, f"{student[:60]} has answered {cell('q')} already; the first answer counts"))
        elif not cell("a"):
            skipped.append(Skipped(line, "the answer is empty"))
        else:
            seen.add((student, place))
            given.append(Given(student, *place, cell("a"), line))
    return given, skipped


def _wide(rows: list[tuple[int, list[str]]], who: int | None, asked: dict[int, tuple[int, int]], width: int) -> Answers:
    given: list[Given] = []
    skipped: list[Skipped] = []
    seen: set[str] = set()
    for number, (line, cells) in enumerate(rows, 1):
        student = f"student {number}" if who is None else cells[who].strip() if who < len(cells) else ""
        if not student:
            skipped.append(Skipped(line, "no student"))
            continue
        if student in seen:
            skipped.append(Skipped(line, f"{student[:60]} has a line already; the first one counts"))
            continue
        if len(cells) > width:
            skipped.append(Skipped(line, f"{len(cells)} cells where the head has {width}"))
            continue
        seen.add(student)
        for column, place in asked.items():
            text = cells[column].strip() if column < len(cells) else ""
            if text:
                given.append(Given(student, *place, text, line))
            else:
                skipped.append(Skipped(line, f"{student[:60]} gave no answer to question {place[0] + 1}"))
    return given, skipped


_SPACES = re.compile(r"[\s_'’\u00a0\u202f\u2009]+")
_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_RATIO = re.compile(r"[+-]?\d+/\d+")


def readings(text: str) -> list[Fraction]:
    """The numbers a text may mean: "61,706" a grouped 61706 or a decimal 61.706; [] for no number.

    >>> readings("54,25"), readings("1.234.567"), readings("= 56 px")
    ([Fraction(217, 4)], [Fraction(1234567, 1)], [Fraction(56, 1)])
    """
    bare = re.sub(r"^[=≈\s]+|\s*(px|pixels?|params?|parameters?|bytes?|b)\.?$", "", text.strip(), flags=re.I)
    bare = _SPACES.sub("", bare).replace("−", "-")
    if not bare or len(bare) > MAX_DIGITS:
        return []
    found = []
    if _GROUPED.fullmatch(bare):
        found.append(Fraction(re.sub(r"[.,]", "", bare)))
    if _PLAIN.fullmatch(bare):
        found.append(Fraction(bare.replace(",", ".").rstrip(".")))
    elif mixed := re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(\.\d{3})+,\d+", bare):
        decimal = "." if bare.rfind(".") > bare.rfind(",") else ","
        other = "," if decimal == "." else "."
        found.append(Fraction(mixed[0].replace(other, "").replace(decimal, ".")))
    if _RATIO.fullmatch(bare) and int(bare.partition("/")[2]):
        found.append(Fraction(bare))
    return found
