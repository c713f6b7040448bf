"""The set as JSON, and back: what `cnncalc quiz take` and `cnncalc quiz grade` read."""

import json
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from cnncalc.quiz.quantities import Number
from cnncalc.quiz.question import Blank, Choice, Question, Table, Wrong

SCHEMA = "cnncalc.quiz/1"
MAX_LENGTH = 200_000_000
MAX_CHOICES = 26
_RATIO = re.compile(r"[0-9]{1,30}/[0-9]{1,30}")


class SetError(ValueError):
    """A file is not a set of exercises; the text says why."""


def write(questions: Sequence[Question], title: str) -> str:
    """One object; every question on its own line, so that sets can be compared."""
    head = json.dumps({"schema": SCHEMA, "title": title}, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(as_object(question), ensure_ascii=False) for question in questions)
    return f'{head}, "questions": [\n{lines}\n]}}\n'


def as_object(question: Question) -> dict[str, Any]:
    """One question as plain data."""
    table = question.table
    return {
        "id": question.id,
        "kind": question.kind,
        "level": question.level,
        "language": question.language,
        "title": question.title,
        "prompt": question.prompt,
        "listing": question.listing,
        "table": None if table is None else {"head": table.head, "rows": table.rows},
        "blanks": [
            {
                "label": blank.label,
                "answer": blank.answer,
                "wrong": _wrongs(blank.wrongs),
                "pairs": _wrongs(blank.pairs),
            }
            for blank in question.blanks
        ],
        "choices": [vars(choice) for choice in question.choices],
        "steps": question.steps,
        "spec": question.spec,
        "given": question.given,
        "figure": question.figure,
    }


def _wrongs(wrongs: Sequence[Wrong]) -> list[dict[str, Any]]:
    """Whole values as numbers, fractions as text: "27/2"."""
    return [
        {"value": int(wrong.value) if wrong.value == int(wrong.value) else str(wrong.value), "slips": wrong.ways,
         "sentence": wrong.sentence} for wrong in wrongs
    ]  # fmt: skip


def read(text: str) -> tuple[str, list[Question]]:
    """Title and questions of a set. Raises SetError with what is wrong and where."""
    if len(text) > MAX_LENGTH:
        raise SetError(f"a set has at most {MAX_LENGTH:,} characters")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SetError(f"this is not JSON: {str(error)[:100]}") from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("questions"), list):
        raise SetError("this is no set of exercises; cnncalc quiz new --format json writes one")
    questions = []
    for place, entry in enumerate(data["questions"], 1):
        try:
            questions.append(_question(entry))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, ZeroDivisionError) as error:
            raise SetError(f"question {place} is damaged: {type(error).__name__} {str(error)[:80]}") from None
    return str(data.get("title", "")), questions


TEXTS = ("id", "kind", "language", "title", "prompt", "listing", "spec", "figure")


def _question(entry: dict[str, Any]) -> Question:
    if wrong := [name for name in TEXTS if not isinstance(entry[name], str)]:
        raise TypeError(f"{wrong[0]} must be text")
    if entry["language"] not in ("en", "it", "es"):
        raise ValueError("language must be en, it or es")
    blanks = tuple(
        Blank(str(blank["label"]), _whole(blank["answer"]), _read_wrongs(blank["wrong"]), _read_wrongs(blank["pairs"]))
        for blank in entry["blanks"]
    )
    choices = tuple(Choice(str(one["text"]), one["right"] is True, str(one["feedback"]), str(one["slip"]))
                    for one in entry["choices"])  # fmt: skip
    if not blanks and not any(choice.right for choice in choices):
        raise ValueError("there is neither a blank nor a right choice")
    if len(choices) > MAX_CHOICES:
        raise ValueError(f"there are more than {MAX_CHOICES} choices")
    texts = {name: entry[name] for name in TEXTS}
    return Question(**texts, level=_whole(entry["level"]), given=dict(entry["given"]), blanks=blanks, choices=choices,
                    table=_table(entry["table"], len(blanks)), steps=tuple(map(str, entry["steps"])))  # fmt: skip


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{str(value)[:40]!r} is not a whole number")
    return value


def _table(entry: Any, blanks: int) -> Table | None:
    if entry is None:
        return None
    head = tuple(map(str, entry["head"]))
    rows = tuple(tuple(cell if isinstance(cell, str) else _whole(cell) for cell in row) for row in entry["rows"])
    if any(len(row) != len(head) for row in rows) or any(
        not 0 <= cell < blanks for row in rows for cell in row if isinstance(cell, int)
    ):
        raise ValueError("the table does not fit its blanks")
    return Table(head, rows)


def _read_wrongs(entries: list[dict[str, Any]]) -> tuple[Wrong, ...]:
    return tuple(Wrong(_number(one["value"]), tuple(tuple(map(str, way)) for way in one["slips"]),
                       str(one["sentence"])) for one in entries)  # fmt: skip


def _number(value: Any) -> Number:
    if isinstance(value, str) and _RATIO.fullmatch(value):
        return Fraction(value)
    return _whole(value)
