"""cnncalc quiz new, take, grade"""

import os
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.options import echo, json_option
from cnncalc.language import LANGUAGES
from cnncalc.quiz.export import FORMATS
from cnncalc.spec.errors import printable

if TYPE_CHECKING:
    from cnncalc.quiz.question import Question

ALIASES = {
    "size": "output-size", "params": "parameters", "cost": "macs", "flops": "macs", "field": "receptive-field",
    "rf": "receptive-field", "table": "chain", "tables": "chain", "chains": "chain", "transpose": "transposed",
    "conv-transpose": "transposed", "dilated": "dilation", "backwards": "inverse", "comparison": "compare",
    "summary": "read-a-summary", "read-summary": "read-a-summary", "error": "find-the-error",
    "find-error": "find-the-error",
}  # fmt: skip


class Kind(click.ParamType):
    """A kind of exercise, by its name or a common other one."""

    name = "KIND"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from cnncalc.quiz.kinds import KINDS

        word = value.lower().replace("_", "-").replace(" ", "-")
        word = ALIASES.get(word, word)
        if word not in KINDS:
            self.fail(f"{value!r} is not one of {', '.join(KINDS)}", param, ctx)
        return word


class Level(click.ParamType):
    """1 to 5, or a range: 2-4."""

    name = "LEVEL"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        first, dash, last = value.partition("-")
        ends = (first, last if dash else first)
        if not all(len(end) == 1 and end in "12345" for end in ends) or first > ends[1]:
            self.fail(f"{value!r} is not a level from 1 to 5, or a range such as 2-4", param, ctx)
        return tuple(range(int(first), int(ends[1]) + 1))


@click.group(
    "quiz",
    help="""Exercises drawn from a seed, graded with a diagnosis.

    \b
    cnncalc quiz new --count 20 --seed 7 --format moodle -o week3.xml
    cnncalc quiz new --count 20 --seed 7 --format json -o week3.json
    cnncalc quiz take week3.json
    cnncalc quiz grade answers.csv --quiz week3.json
    """,
)
def command() -> None:
    pass


@command.command(
    "new",
    help="""Draw exercises; the same ones for the same seed.

    \b
    cnncalc quiz new --count 5 --seed 7 --kind output-size --level 2 --format markdown
    cnncalc quiz new --count 200 --seed 7 --lang it --format gift -o week3.gift
    """,
    epilog="Kinds: output-size, parameters, macs, receptive-field, chain, transposed, dilation, inverse, compare, "
    "memory, read-a-summary, find-the-error. json is what take and grade read. Binary formats (prairielearn, anki) "
    "need -o; qti is text for text2qti, and with -o FILE.zip the QTI package itself.",
)
@click.option("--count", type=click.IntRange(1, 100_000), default=10, show_default=True, help="How many.")
@click.option("--seed", type=click.IntRange(0, 2**63), default=0, show_default=True, help="Which ones.")
@click.option("--kind", "kinds", type=Kind(), multiple=True, metavar="KIND", help="Only this kind; may be repeated.")
@click.option("--level", "levels", type=Level(), default="1-5", show_default=True, metavar="1-5",
              help="Difficulty, or a range of it.")  # fmt: skip
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="markdown", show_default=True)
@click.option("--title", default="", help="The set's title.")
@click.option("-o", "--output", type=click.Path(), default="-", help="A file; - is standard output.")
@json_option
def new(count: int, seed: int, kinds: tuple[str, ...], levels: tuple[int, ...], lang: str, form: str, title: str,
        output: str, as_json: bool) -> None:  # fmt: skip
    from cnncalc.cli import Answer
    from cnncalc.quiz.generate import Exhausted, exercises
    from cnncalc.quiz.words import say

    form = "json" if as_json else form
    target = FORMATS[form]
    if target.binary and output == "-":
        raise click.UsageError(f"{form} is no text: give a file with -o, as in -o quiz{target.suffix}")
    try:
        questions = exercises(count, seed, tuple(dict.fromkeys(kinds)), levels, lang)
    except Exhausted as error:
        raise Answer(f"error: {error}") from None
    data = _written(form, questions, title or f"{say('exercises', lang)} {seed}", output)
    if output == "-":
        echo(data.rstrip("\n"))
    else:
        save(output, data)
        click.echo(f"wrote {len(questions)} exercises to {output}", err=True)


EXTRAS = {"anki": ("genanki", "anki"), "qti": ("text2qti", "qti")}


def _written(form: str, questions: "list[Question]", title: str, output: str) -> Any:
    from cnncalc.cli import Missing

    try:
        data = FORMATS[form].write(questions, title)
        if form == "qti" and output.endswith(".zip"):
            from cnncalc.quiz.export.qti import package

            data = package(data)
    except ImportError as error:
        if form not in EXTRAS:
            raise
        raise Missing(*EXTRAS[form]) from error
    return data


def save(path: str, data: str | bytes) -> None:
    """Write a file under another name first, then rename it."""
    folder = os.path.dirname(os.path.abspath(path))
    with NamedTemporaryFile("wb", dir=folder, prefix=".cnncalc-", delete=False) as file:
        file.write(data.encode() if isinstance(data, str) else data)
    try:
        os.chmod(file.name, 0o666 & ~_umask())
        os.replace(file.name, path)
    except OSError:
        os.unlink(file.name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def loaded(path: str) -> "list[Question]":
    """The questions of a set; an Answer says what is wrong with the file."""
    from cnncalc.cli import Answer
    from cnncalc.quiz.export.document import SetError, read

    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        return read(data.decode("utf-8-sig"))[1]
    except UnicodeDecodeError:
        raise Answer(f"error: {path} is not UTF-8 text") from None
    except SetError as error:
        raise Answer(f"error: {path}: {error}") from None


@command.command(
    "take",
    help="""Answer a set in the terminal, one question at a time, with the diagnosis at once.

    \b
    cnncalc quiz take week3.json
    cnncalc quiz take week3.json --answers ada.csv --student Ada

    With --answers every answer is kept in a file that quiz grade reads; started again with the same
    file, the quiz goes on where it was left. An empty line skips a question, q stops.
    """,
)
@click.argument("quiz", metavar="SET", type=click.Path())
@click.option("--answers", type=click.Path(), help="Keep the answers in this CSV file, and go on from it.")
@click.option("--student", default="me", show_default=True, help="Whose answers they are.")
def take(quiz: str, answers: str | None, student: str) -> None:
    from cnncalc.cli import Answer
    from cnncalc.quiz.answers import AnswersError
    from cnncalc.quiz.sitting import Sitting

    if quiz == "-":
        raise click.UsageError("the set must be a file: answers are read from standard input")
    try:
        sitting = Sitting(loaded(quiz), student, answers)
    except AnswersError as error:
        raise Answer(f"error: {error}") from None
    right, asked = sitting.run(sys.stdin, lambda text: echo("\n".join(map(printable, text.split("\n")))))
    if sitting.stopped:
        raise click.exceptions.Exit(0)
    raise click.exceptions.Exit(0 if right == asked else 1)


@command.command(
    "grade",
    help="""Grade a CSV file of answers: scores, how hard each question was, which slips the class makes.

    \b
    cnncalc quiz grade answers.csv --quiz week3.json
    cnncalc quiz grade answers.csv --quiz week3.json --chart hard.svg --gradescope results

    Columns: student, question, answer; or student and one column for each question (its id, or Q1, Q2, ...).
    Separators, encodings and decimal commas are recognised. Lines that cannot be used are told on
    standard error; then the exit code is 1.
    """,
)
@click.argument("answers", metavar="ANSWERS.csv", type=click.Path(allow_dash=True))
@click.option("--quiz", required=True, metavar="SET", type=click.Path(), help="The set, as --format json wrote it.")
@click.option("--chart", type=click.Path(), help="Draw the share of right answers as SVG.")
@click.option(
    "--gradescope", "folder", type=click.Path(), help="Write a results.json for every student into this folder."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the slips.")
@json_option
def grade(answers: str, quiz: str, chart: str | None, folder: str | None, lang: str, as_json: bool) -> None:
    from cnncalc.cli import Answer
    from cnncalc.quiz import gradebook
    from cnncalc.quiz.answers import AnswersError, decoded, read
    from cnncalc.quiz.grading import graded
    from cnncalc.report.jsontext import pretty

    questions = loaded(quiz)
    data = sys.stdin.buffer.read() if answers == "-" else Path(answers).read_bytes()
    try:
        grades = graded(questions, *read(decoded(data), questions))
    except AnswersError as error:
        raise Answer(f"error: {answers}: {error}") from None
    echo(pretty(gradebook.as_document(grades)) if as_json else gradebook.as_text(grades, lang))
    if chart:
        save(chart, gradebook.as_chart(grades))
    if folder:
        _results(grades, folder)
    for one in grades.skipped:
        click.echo(printable(f"line {one.line}: {one.reason}"), err=True)
    raise click.exceptions.Exit(1 if grades.skipped else 0)


def _results(grades: Any, folder: str) -> None:
    """FOLDER/STUDENT/results.json, names made fit for file systems and kept apart."""
    import re

    from cnncalc.quiz.grading import gradescope
    from cnncalc.report.jsontext import pretty

    taken: set[str] = set()
    for student in grades.students():
        stem = re.sub(r"[^\w@.+-]+", "_", student).strip("._")[:60] or "student"
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name.casefold())
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        save(os.path.join(folder, name, "results.json"), pretty(gradescope(grades, student)) + "\n")
