"""CSV: one line for each number asked for."""

import csv
import io
from collections.abc import Sequence

from cnncalc.quiz.diagnosis import decimal
from cnncalc.quiz.page import answers, plain
from cnncalc.quiz.question import Question

COLUMNS = ("question", "kind", "level", "language", "prompt", "asked", "answer", "wrong", "working")


def write(questions: Sequence[Question], title: str) -> str:
    """Columns: COLUMNS; wrong answers as "value: sentence" lines."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for whole in questions:
        for part in whole.parts():
            asked = part.blanks[0].label if part.blanks else ""
            writer.writerow([part.id, part.kind, part.level, part.language, plain(part), asked, answers(part)[0],
                             "\n".join(_wrong(part)), "\n".join(part.steps)])  # fmt: skip
    return buffer.getvalue()


def _wrong(part: Question) -> list[str]:
    if part.choices:
        return [f"{choice.text} {choice.feedback}" for choice in part.choices if not choice.right]
    return [f"{decimal(wrong.value)}: {wrong.sentence}" for wrong in part.blanks[0].wrongs]
