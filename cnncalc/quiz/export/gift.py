"""Moodle's GIFT; tables are asked number by number. https://docs.moodle.org/en/GIFT_format"""

from collections.abc import Sequence

from cnncalc.quiz.diagnosis import decimal, tolerance
from cnncalc.quiz.page import html
from cnncalc.quiz.question import Question
from cnncalc.quiz.words import say


def write(questions: Sequence[Question], title: str) -> str:
    """Every question with feedback for each known slip and the working as general feedback."""
    head = f"// {' '.join(title.split())}\n$CATEGORY: {escaped(' '.join(title.split()))}\n"
    parts = [part for question in questions for part in question.parts()]
    return "\n".join([head, *(_question(part) for part in parts)])


def _question(part: Question) -> str:
    body = _choices(part) if part.choices else _number(part)
    text = escaped(html(part)).replace("\n", "\\n")
    general = escaped("<br>".join(part.steps))
    return f"::{escaped(part.title)} {part.id}::[html]{text}{{{body}\n\t####{general}\n}}\n"


def _number(part: Question) -> str:
    blank, language = part.blanks[0], part.language
    lines = [f"#\n\t=%100%{blank.answer}:0#{escaped(say('right', language))}"]
    lines += [f"\t=%0%{decimal(wrong.value)}:{tolerance(wrong.value):g}#{escaped(wrong.sentence)}"
              for wrong in blank.wrongs]  # fmt: skip
    return "\n".join([*lines, f"\t~#{escaped(say('not right', language))}"])


def _choices(part: Question) -> str:
    lines = [f"\t{'=' if choice.right else '~'}{escaped(choice.text)}#{escaped(choice.feedback)}"
             for choice in part.choices]  # fmt: skip
    return "\n" + "\n".join(lines)


def escaped(text: str) -> str:
    """Text without GIFT's own signs."""
    return "".join(f"\\{sign}" if sign in "\\~=#{}:" else sign for sign in text)
