"""Exercises in the formats of learning platforms and of print: one file a format."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from cnncalc.exact.records import record
from cnncalc.quiz.question import Question


@record
class Format:
    """A format: the module that writes it, and what its files end in. ``binary`` ones need a file."""

    name: str
    module: str
    suffix: str
    binary: bool = False

    def write(self, questions: Sequence[Question], title: str) -> Any:
        """The set as text, or as bytes where the format is binary."""
        write: Callable[[Sequence[Question], str], Any] = import_module(f"cnncalc.quiz.export.{self.module}").write
        return write(questions, title)


FORMATS = {
    format.name: format
    for format in (
        Format("json", "document", ".json"),
        Format("markdown", "markdown", ".md"),
        Format("csv", "spreadsheet", ".csv"),
        Format("gift", "gift", ".gift"),
        Format("moodle", "moodle", ".xml"),
        Format("latex", "latex", ".tex"),
        Format("typst", "typst", ".typ"),
        Format("jupyterquiz", "jupyterquiz", ".json"),
        Format("qti", "qti", ".txt"),
        Format("prairielearn", "prairielearn", ".zip", binary=True),
        Format("anki", "anki", ".apkg", binary=True),
    )
}
