"""cnncalc init"""

import os
import re

import click

from cnncalc.cli.options import echo


@click.command(
    "init",
    help="""Write a commented spec to start from, and its JSON Schema beside it. Never overwrites.

    \b
    cnncalc init mynet.yaml
    cnncalc init - | cnncalc summary -
    """,
)
@click.argument("file", default="network.yaml")
def command(file: str) -> None:
    import json

    from cnncalc.cli import Answer
    from cnncalc.spec.errors import printable
    from cnncalc.spec.schema import STARTER, schema

    stem = re.sub(r"\.ya?ml$", "", os.path.basename(file))
    name = stem if re.fullmatch(r"[A-Za-z][\w-]*", stem) else "network"
    text = STARTER.format(schema="cnncalc.schema.json", file=printable(file), name=name)
    if file == "-":
        echo(text.rstrip("\n"))
        return
    try:
        with open(file, "x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        raise Answer(f"error: {file} exists already; nothing was written") from None
    beside = os.path.join(os.path.dirname(file), "cnncalc.schema.json")
    if not os.path.exists(beside):
        with open(beside, "x", encoding="utf-8") as target:
            json.dump(schema(), target, indent=1)
    click.echo(f"wrote {file}; try: cnncalc summary {file}", err=True)
