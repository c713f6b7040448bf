"""JSON for jupyterquiz's display_quiz; tables are asked number by number. https://github.com/jmshea/jupyterquiz"""

import json
from collections.abc import Sequence
from typing import Any

from cnncalc.quiz.diagnosis import decimal
from cnncalc.quiz.page import html_table
from cnncalc.quiz.question import Question
from cnncalc.quiz.words import say


def write(questions: Sequence[Question], title: str) -> str:
    """A list of questions, as jupyterquiz's own JSON Schemas want them."""
    parts = [_question(part) for question in questions for part in question.parts()]
    return json.dumps(parts, ensure_ascii=False, indent=1) + "\n"


def _question(part: Question) -> dict[str, Any]:
    text = part.prompt + (f"<pre>{part.listing}</pre>" if part.listing else "")
    text += html_table(part.table, ()) if part.table else ""
    if part.choices:
        given = [{"answer": choice.text, "correct": choice.right, "feedback": choice.feedback}
                 for choice in part.choices]  # fmt: skip
        return {"question": text, "type": "multiple_choice", "answers": given}
    blank, language = part.blanks[0], part.language
    worked = " ".join([say("right", language), *part.steps[-1:]])
    answers: list[dict[str, Any]] = [{"type": "value", "value": blank.answer, "correct": True, "feedback": worked}]
    for wrong in blank.wrongs:
        value = float(decimal(wrong.value)) if wrong.value != int(wrong.value) else int(wrong.value)
        answers.append({"type": "value", "value": value, "correct": False, "feedback": wrong.sentence})
    answers.append({"type": "default", "feedback": say("not right", language)})
    return {"question": text, "type": "numeric", "answers": answers}
