"""cnncalc explain"""

from typing import Any

import click

from cnncalc.cli.options import analysed, echo, json_option, layer_named, set_option, spec_argument


@click.command(
    "explain",
    help="""How every number comes about: the rule in textbook symbols, the numbers put in, the value.

    \b
    cnncalc explain lenet5 c3
    cnncalc explain "227x227x3 -> conv 96 11x11 stride=4"
    cnncalc explain resnet50 conv1 --position 0,0
    """,
)
@spec_argument
@click.argument("layers", metavar="[LAYER]...", nargs=-1)
@set_option
@click.option("--position", metavar="I,J", help="Also: the input pixels this output position really depends on.")
@json_option
def command(
    spec: str, layers: tuple[str, ...], settings: tuple[tuple[str, Any], ...], position: str | None, as_json: bool
) -> None:
    from cnncalc.report import explained

    analysis = analysed(spec, settings)
    names: list[str] = []
    for name in layers or analysis.facts:
        found = layer_named(analysis, name)
        names += [found] if found in analysis.facts else analysis.members(found)
    at = _position(position)
    echo(explained.as_json(analysis, names, at) if as_json else explained.as_text(analysis, names, at))


def _position(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = text.replace("x", ",").split(",")
    if not all(part.strip().isdecimal() and len(part) <= 20 for part in parts):
        raise click.BadParameter(f"{text!r} is not a position such as 0,0", param_hint="--position")
    return tuple(int(part) for part in parts)
