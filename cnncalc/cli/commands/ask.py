"""cnncalc ask"""

import contextlib
import sys
from typing import Any

import click

from cnncalc.ask.refusal import Refused
from cnncalc.cli.options import echo, json_option


@click.command(
    "ask",
    help="""Answer a question in words, with the working, or say which part of it was not understood.

    English, Italian and Spanish; the common forms in French, German, Portuguese and Chinese. Layers may be
    told in prose, as a chain with arrows, as exam codes (CONV-9-32), as Keras or PyTorch calls (never run).
    - reads standard input; without a question a prompt opens.

    \b
    cnncalc ask "227x227x3 image, 96 filters 11x11, stride 4: output size and parameters?"
    cnncalc ask "Conv 3x3 -> MP 2x2 -> Conv 3x3: receptive field?"
    cnncalc ask "3 input maps, 2 filters 3x3: parameters?" --answer 54
    """,
    epilog="Exit codes: 0 answered; 1 refused, or the --answer is wrong.",
)
@click.argument("question", required=False)
@click.option("--answer", "given", metavar="X", help="Check a student's answer: a number, or a size such as 55x55x96.")
@click.option("--lang", type=click.Choice(["en", "it", "es"]), help="Language of the answer; default: the question's.")
@click.option("--latex", is_flag=True, help="The working in LaTeX.")
@click.option("--show-spec", is_flag=True, help="Print how the question was read, as a spec in YAML.")
@json_option
def command(
    question: str | None, given: str | None, lang: str | None, latex: bool, show_spec: bool, as_json: bool
) -> None:
    if question is None and sys.stdin.isatty():
        _prompt(lang, latex)
        return
    text = _read(question)
    try:
        code = _replied(text, given, lang, latex, show_spec, as_json)
    except Refused as refusal:
        _refused(str(refusal), as_json)
        code = 1
    if code:
        raise click.exceptions.Exit(code)


def _read(question: str | None) -> str:
    if question not in (None, "-"):
        return question  # type: ignore[return-value]
    from cnncalc.ask.lexer import MAX_LENGTH

    data: Any = sys.stdin.buffer.read(4 * MAX_LENGTH + 4) if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode()
    return data.decode("utf-8", "replace")


def _refused(message: str, as_json: bool) -> None:
    from cnncalc.spec.errors import printable

    message = printable(message)
    if as_json:
        from cnncalc.ask.shown import refused_as_json

        echo(refused_as_json(message))
    else:
        click.echo(f"not answered: {message}", err=True)


def _replied(text: str, given: str | None, lang: str | None, latex: bool, show_spec: bool, as_json: bool) -> int:
    from cnncalc.ask.answers import ask
    from cnncalc.ask.shown import as_json as written
    from cnncalc.ask.shown import as_text
    from cnncalc.ask.tongue import spoken

    reply = ask(text, latex)
    language = lang or spoken(text)
    if show_spec:
        from cnncalc.exact.closed import symbol
        from cnncalc.spec.write import to_yaml

        for reading in reply.readings:
            if reading.symbols:
                echo(f"# open: {', '.join(reading.symbols)}\n{reading.text}")
            else:
                echo(to_yaml(reading.spec().network({name: symbol(name) for name in reading.symbols})).rstrip("\n"))
        return 0
    verdict = None
    if given is not None:
        from cnncalc.ask.checking import check

        verdict = check(reply, given, language)
        reply.messages.insert(0, verdict.text)
    echo(written(reply) if as_json else as_text(reply, language))
    return 0 if verdict is None or verdict.right else 1


def _prompt(lang: str | None, latex: bool) -> None:
    """Questions one after the other, with history where the terminal has it."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401
    while True:
        try:
            text = input("? ")
        except (EOFError, KeyboardInterrupt):
            echo("")
            return
        if text.strip() in ("", "quit", "exit"):
            return
        try:
            _replied(text, None, lang, latex, False, False)
        except Refused as refusal:
            _refused(str(refusal), False)
