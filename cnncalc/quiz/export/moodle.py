"""Moodle XML: numerical questions, Cloze tables, multiple choice. https://docs.moodle.org/en/Moodle_XML_format

Numbers and fractions as Moodle's own importer reads them (question/format/xml/format.php): answers in
order, the first that matches wins, ``*`` last. ``idnumber`` is stable, so that importing again updates.
"""

from collections.abc import Sequence
from html import escape

from cnncalc.quiz.diagnosis import decimal, tolerance
from cnncalc.quiz.page import html, html_steps
from cnncalc.quiz.question import Blank, Choice, Question
from cnncalc.quiz.words import say


def write(questions: Sequence[Question], title: str) -> str:
    """A category and its questions."""
    category = escape(title.replace("/", "//"))
    place = f"<category><text>$course$/top/{category}</text></category>"
    head = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>", f'<question type="category">{place}</question>']
    return "\n".join([*head, *map(_question, questions), "</quiz>\n"])


def _question(question: Question) -> str:
    if question.choices:
        return _framed(question, "multichoice", html(question), _choices(question))
    if len(question.blanks) > 1:
        gaps = tuple(_gap(blank, question.language) for blank in question.blanks)
        return _framed(question, "cloze", html(question, gaps), "")
    return _framed(question, "numerical", html(question), _answers(question))


def _framed(question: Question, kind: str, text: str, inside: str) -> str:
    return "\n".join([
        f'<question type="{kind}">',
        f"<name><text>{escape(question.title)} {question.id}</text></name>",
        f'<questiontext format="html"><text>{_cdata(text)}</text></questiontext>',
        f'<generalfeedback format="html"><text>{_cdata(html_steps(question))}</text></generalfeedback>',
        f"<idnumber>{question.id}-{question.language}</idnumber>",
        *([inside] if inside else []),
        f"<tags><tag><text>cnncalc</text></tag><tag><text>{question.kind}</text></tag>"
        f"<tag><text>level {question.level}</text></tag></tags>",
        "</question>",
    ])  # fmt: skip


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _answers(question: Question) -> str:
    blank, language = question.blanks[0], question.language
    lines = [_answer("100", str(blank.answer), "0", say("right", language))]
    lines += [_answer("0", decimal(wrong.value), f"{tolerance(wrong.value):g}", wrong.sentence)
              for wrong in blank.wrongs]  # fmt: skip
    return "\n".join([*lines, _answer("0", "*", "0", say("not right", language))])


def _answer(fraction: str, value: str, within: str, feedback: str) -> str:
    return (f'<answer fraction="{fraction}" format="plain_text"><text>{value}</text><tolerance>{within}</tolerance>'
            f'<feedback format="html"><text>{escape(feedback)}</text></feedback></answer>')  # fmt: skip


def _choices(question: Question) -> str:
    head = "<single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>"
    return "\n".join([head, *map(_choice, question.choices)])


def _choice(choice: Choice) -> str:
    fraction = 100 if choice.right else 0
    return (f'<answer fraction="{fraction}" format="html"><text>{escape(choice.text)}</text>'
            f'<feedback format="html"><text>{escape(choice.feedback)}</text></feedback></answer>')  # fmt: skip


def _gap(blank: Blank, language: str) -> str:
    """A Cloze blank: {1:NUMERICAL:=56:0#Right~%0%54:0#...~*#...}."""
    parts = [f"={blank.answer}:0#{cloze(say('right', language))}"]
    parts += [f"%0%{decimal(wrong.value)}:{tolerance(wrong.value):g}#{cloze(wrong.sentence)}" for wrong in blank.wrongs]
    return f"{{1:NUMERICAL:{'~'.join([*parts, '*#' + cloze(say('not right', language))])}}}"


def cloze(text: str) -> str:
    """Text inside a Cloze blank."""
    return "".join(f"\\{sign}" if sign in '\\}#~/"' else sign for sign in escape(text, quote=False))
