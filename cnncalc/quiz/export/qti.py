"""Text for text2qti, which makes the QTI 1.2 of Canvas from it. https://github.com/gpoore/text2qti

Numbers have no feedback for single wrong answers there: the slips are told in the general feedback for
wrong ones. Tables are asked number by number.
"""

from collections.abc import Sequence

from cnncalc.quiz.diagnosis import decimal
from cnncalc.quiz.export.markdown import escaped
from cnncalc.quiz.page import letter, markdown_table
from cnncalc.quiz.question import Question


def write(questions: Sequence[Question], title: str) -> str:
    """A quiz in text2qti's Markdown."""
    parts = [part for question in questions for part in question.parts()]
    body = "\n".join(_question(index, part) for index, part in enumerate(parts, 1))
    return f"Quiz title: {' '.join(title.split())}\n\n{body}"


def _question(index: int, part: Question) -> str:
    number = f"{index}.  "
    lines = [f"Title: {part.title} {part.id}", "Points: 1", f"{number}{escaped(part.prompt)}"]
    below = [f"```\n{part.listing}\n```"] if part.listing else []
    below += [markdown_table(part.table)] if part.table else []
    for block in below:  # a block belongs to the question by its indentation
        lines += ["", *(f"{' ' * len(number)}{line}" for line in block.split("\n"))]
    lines += [f"... {escaped(' · '.join(part.steps))}"]
    if part.choices:
        for i, choice in enumerate(part.choices):
            mark = "*" if choice.right else ""
            lines += [f"{mark}{letter(i)}) {escaped(choice.text)}", f"... {escaped(choice.feedback)}"]
        return "\n".join(lines) + "\n"
    blank = part.blanks[0]
    told = " · ".join(f"{decimal(wrong.value)}: {wrong.sentence}" for wrong in blank.wrongs)
    return "\n".join([*lines, f"- {escaped(told)}", f"=   {blank.answer}"]) + "\n"


def package(text: str) -> bytes:
    """The QTI zip of a text. Raises ImportError where text2qti is not installed."""
    from text2qti.config import Config
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    config = Config()
    return bytes(QTI(Quiz(text, config=config, source_name="quiz")).zip_bytes())
