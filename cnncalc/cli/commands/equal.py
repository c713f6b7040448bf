"""cnncalc equal"""

import click

from cnncalc.cli.options import echo, json_option


@click.command(
    "equal",
    context_settings={"ignore_unknown_options": True},  # a formula may begin with a minus sign
    help="""Prove that two size formulas agree for every integer, or show where they differ first.

    Exit code 0 where they agree, 1 where they do not.

    \b
    cnncalc equal "((n-6)//2-5)//2+1" "((n-4)//2-4)//2"
    cnncalc equal "(n-1)//2+1" "ceil(n/2)"
    cnncalc equal "n//2" "(n+1)//2"
    """,
)
@click.argument("one", metavar="EXPR")
@click.argument("other", metavar="EXPR")
@json_option
def command(one: str, other: str, as_json: bool) -> None:
    from cnncalc.cli import Answer
    from cnncalc.report.jsontext import pretty
    from cnncalc.solve import QuestionError, compare

    try:
        found = compare(one, other)
    except QuestionError as error:
        raise Answer(f"error: {error}") from None
    if as_json:
        echo(pretty({"schema": "cnncalc.equal/1", "equal": found.equal, "text": found.text,
                     "counterexample": found.counterexample}))  # fmt: skip
    else:
        echo(found.text)
    if not found.equal:
        raise click.exceptions.Exit(1)
