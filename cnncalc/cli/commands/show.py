"""cnncalc show"""

from typing import Any

import click

from cnncalc.cli.options import echo, set_option, spec_argument


@click.command(
    "show",
    help="""Print a network as a spec with every layer written out, blocks and repeats unrolled.

    \b
    cnncalc show "3x32x32 -> Conv2d 3 8 5 -> ReLU"
    cnncalc show resnet18 --set H=64 --set W=64 > flat.yaml
    """,
)
@spec_argument
@set_option
def command(spec: str, settings: tuple[tuple[str, Any], ...]) -> None:
    from cnncalc.spec.load import load
    from cnncalc.spec.write import to_yaml

    echo(to_yaml(load(spec, **dict(settings))).rstrip("\n"))
