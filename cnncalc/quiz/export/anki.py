"""An Anki deck through genanki: the working and the slips on the back. https://github.com/kerrickstaley/genanki"""

from collections.abc import Sequence
from html import escape
from os import unlink
from tempfile import mkstemp
from zlib import crc32

from cnncalc.quiz.export.markdown import slips_told
from cnncalc.quiz.page import answers, html, html_steps, letter
from cnncalc.quiz.question import Question

MODEL = 1_607_392_319  # genanki wants fixed numbers: the same ones update the same notes


def write(questions: Sequence[Question], title: str) -> bytes:
    """The package; notes keep their identity over exports. Raises ImportError without genanki."""
    import genanki

    template = {"name": "Card", "qfmt": "{{Question}}", "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}'}
    model = genanki.Model(MODEL, "cnncalc", fields=[{"name": "Question"}, {"name": "Answer"}], templates=[template])
    deck = genanki.Deck(1 << 30 | crc32(title.encode()) >> 2, title)
    for question in questions:
        deck.add_note(genanki.Note(model=model, fields=[_front(question), _back(question)],
                                   guid=f"{question.id}-{question.language}",
                                   tags=["cnncalc", question.kind, f"level-{question.level}"]))  # fmt: skip
    handle, path = mkstemp(suffix=".apkg")
    try:
        with open(handle, "wb", closefd=True):
            pass
        genanki.Package(deck).write_to_file(path, timestamp=0)
        with open(path, "rb") as file:
            return file.read()
    finally:
        unlink(path)


def _front(question: Question) -> str:
    choices = "".join(f"<p>{letter(i)}) {escape(choice.text)}</p>" for i, choice in enumerate(question.choices))
    return html(question) + choices


def _back(question: Question) -> str:
    told = "".join(f"<p>{escape(line)}</p>" for line in slips_told(question))
    return f"<p><b>{escape('; '.join(answers(question)))}</b></p>{html_steps(question)}<small>{told}</small>"
