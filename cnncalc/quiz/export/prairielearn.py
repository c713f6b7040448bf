"""PrairieLearn: a zip of question folders, info.json, question.html and server.py in each.

https://prairielearn.readthedocs.io; ``grade`` in server.py tells the slip behind a wrong number.
"""

import json
from collections.abc import Sequence
from html import escape
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cnncalc.quiz.diagnosis import decimal
from cnncalc.quiz.page import html, html_steps
from cnncalc.quiz.question import Question

SERVER = '''"""Right answers, and what wrong ones look like."""

ANSWERS = {answers}
SLIPS = {slips}


def generate(data):
    data["correct_answers"].update(ANSWERS)


def grade(data):
    for name, told in SLIPS.items():
        said = data["submitted_answers"].get(name)
        if said is not None and str(said) in told:
            data["feedback"][name] = told[str(said)]
'''


def write(questions: Sequence[Question], title: str) -> bytes:
    """The zip; unpack it into a course's folder."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as zipped:
        for question in questions:
            folder = f"questions/cnncalc/{question.id}-{question.language}"
            for name, text in files(question, title).items():
                zipped.writestr(ZipInfo(f"{folder}/{name}", (2020, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def files(question: Question, title: str) -> dict[str, str]:
    """One question's files by name."""
    info = {
        "uuid": str(uuid5(NAMESPACE_URL, f"cnncalc/{question.id}/{question.language}")),
        "type": "v3",
        "title": f"{question.title} {question.id}",
        "topic": title,
        "tags": ["cnncalc", question.kind, f"level-{question.level}"],
    }
    names = [f"blank{i}" for i in range(1, len(question.blanks) + 1)]
    right = {name: blank.answer for name, blank in zip(names, question.blanks, strict=True)}
    slips = {name: {decimal(wrong.value): wrong.sentence for wrong in blank.wrongs}
             for name, blank in zip(names, question.blanks, strict=True)}  # fmt: skip
    return {
        "info.json": json.dumps(info, ensure_ascii=False, indent=2) + "\n",
        "question.html": _page(question, names),
        "server.py": SERVER.format(answers=repr(right), slips=repr(slips)),
    }


def _page(question: Question, names: list[str]) -> str:
    inputs = tuple(f'<pl-integer-input answers-name="{name}" weight="1" label="{escape(blank.label)}">'
                   "</pl-integer-input>" for name, blank in zip(names, question.blanks, strict=True))  # fmt: skip
    parts = [html(question, inputs)]
    if not question.table:
        parts += inputs
    feedback = "".join(
        f"{{{{#feedback.{name}}}}}<p>{{{{feedback.{name}}}}}</p>{{{{/feedback.{name}}}}}" for name in names
    )
    if question.choices:
        options = "".join(f'<pl-answer correct="{str(choice.right).lower()}" feedback="{escape(choice.feedback)}">'
                          f"{escape(choice.text)}</pl-answer>" for choice in question.choices)  # fmt: skip
        parts.append(f'<pl-multiple-choice answers-name="choice" weight="1">{options}</pl-multiple-choice>')
    return (f"<pl-question-panel>{''.join(parts)}</pl-question-panel>\n"
            f"<pl-submission-panel>{feedback}</pl-submission-panel>\n"
            f"<pl-answer-panel>{html_steps(question)}</pl-answer-panel>\n")  # fmt: skip
