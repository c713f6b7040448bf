"""cnncalc schema"""

import json

import click

from cnncalc.cli.options import echo


@click.command(
    "schema",
    help="""Print the JSON Schema of specs (draft-07), for editors with yaml-language-server.

    \b
    cnncalc schema > cnncalc.schema.json
    """,
)
def command() -> None:
    from cnncalc.spec.schema import schema

    echo(json.dumps(schema(), indent=2, ensure_ascii=False))
