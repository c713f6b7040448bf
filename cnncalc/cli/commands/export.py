"""cnncalc export"""

from typing import Any

import click

from cnncalc.cli.options import analysed, echo, json_option, set_option, spec_argument
from cnncalc.export import TARGETS
from cnncalc.report.jsontext import pretty


@click.command(
    "export",
    help="""Write a network as source code: PyTorch classes, or Keras 3 functions.

    Blocks become classes, repeats loops, and symbols that stand for widths and counts arguments with
    their usual values; every layer says the shape it makes.

    \b
    cnncalc export --to pytorch lenet5
    cnncalc export --to pytorch resnet152 -o resnet.py
    cnncalc export --to keras unet --set H=700 --set W=700
    """,
)
@spec_argument
@click.option("--to", "target", type=click.Choice(list(TARGETS)), required=True, help="What to write it for.")
@set_option
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False), metavar="FILE", help="Write to a file.")
@json_option
def command(spec: str, target: str, settings: tuple[tuple[str, Any], ...], path: str | None, as_json: bool) -> None:
    from cnncalc.cli import Answer
    from cnncalc.cli.files import replaced
    from cnncalc.export import Unsupported, export

    analysis = analysed(spec, settings)
    try:
        code = export(analysis, target)
    except Unsupported as error:
        raise Answer(f"error: {error}") from None
    document = {"schema": "cnncalc.export/1", "target": target, "network": analysis.network.name, "code": code}
    text = pretty(document) + "\n" if as_json else code
    if path is None:
        echo(text.rstrip("\n"))
    else:
        replaced(path, text)
