"""cnncalc show"""

from typing import Any

import click

from cnncalc.cli.options import echo, set_option, spec_argument


@click.command(
    "show",
    help="""Print a network as a spec with every layer written out, blocks and repeats unrolled - or folded anew.

    \b
    cnncalc show "3x32x32 -> Conv2d 3 8 5 -> ReLU"
    cnncalc show resnet18 --set H=64 --set W=64 > flat.yaml
    cnncalc show flat.yaml --folded
    """,
)
@spec_argument
@set_option
@click.option("--folded", "fold", is_flag=True, help="Write repeated layers once, as blocks and repeats.")
def command(spec: str, settings: tuple[tuple[str, Any], ...], fold: bool) -> None:
    from cnncalc.spec.folding import folded
    from cnncalc.spec.load import load
    from cnncalc.spec.write import to_yaml

    network = load(spec, **dict(settings))
    echo((folded(network) if fold else to_yaml(network)).rstrip("\n"))
