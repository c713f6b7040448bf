"""Markdown as Quarto and pandoc read it; the working in a folded callout."""

from collections.abc import Sequence

from cnncalc.quiz.page import answers, data_uri, letter, markdown_table
from cnncalc.quiz.question import Question
from cnncalc.quiz.words import say


def write(questions: Sequence[Question], title: str) -> str:
    """A page of numbered exercises."""
    return f"# {title}\n\n" + "\n".join(exercise(index, question) for index, question in enumerate(questions, 1))


def exercise(index: int, question: Question) -> str:
    """One exercise with its answer."""
    language = question.language
    parts = [f"## {index}. {question.title} {{#{question.id}}}", escaped(question.prompt)]
    parts += [f"![]({data_uri(question.figure)})"] if question.figure else []
    parts += [f"```\n{question.listing}\n```"] if question.listing else []
    parts += [markdown_table(question.table)] if question.table else []
    parts += ["\n".join(f"- {letter(i)}) {escaped(choice.text)}" for i, choice in enumerate(question.choices))]
    working = [f"**{say('answer', language)}: {escaped('; '.join(answers(question)))}**"]
    working += ["\n".join(f"- {escaped(step)}" for step in question.steps)]
    working += ["\n".join(f"- {escaped(line)}" for line in slips_told(question))]
    heading = say("answer", language)
    callout = f'::: {{.callout-tip collapse="true" title="{heading}"}}\n' + "\n\n".join(filter(None, working)) + "\n:::"
    return "\n\n".join([*filter(None, parts), callout]) + "\n"


def slips_told(question: Question) -> list[str]:
    """The diagnosed wrong answers, a line each."""
    from cnncalc.quiz.diagnosis import decimal

    many = len(question.blanks) > 1
    return [f"{f'({i}) ' if many else ''}{decimal(wrong.value)}: {wrong.sentence}"
            for i, blank in enumerate(question.blanks, 1) for wrong in blank.wrongs]  # fmt: skip


def escaped(text: str) -> str:
    """Text in which Markdown sees no signs of its own."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|~^$" else sign for sign in text)
