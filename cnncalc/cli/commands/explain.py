"""cnncalc explain"""

from typing import Any

import click

from cnncalc.cli.options import analysed, echo, json_option, layer_named, open_option, set_option, spec_argument
from cnncalc.language import LANGUAGES


@click.command(
    "explain",
    help="""How every number comes about: the rule in textbook symbols, the numbers put in, the value.

    \b
    cnncalc explain lenet5 c3
    cnncalc explain "227x227x3 -> conv 96 11x11 stride=4"
    cnncalc explain resnet50 conv1 --position 0,0
    cnncalc explain resnet50 max_pool_1 --open H,W
    cnncalc explain alexnet --lang it --latex
    """,
)
@spec_argument
@click.argument("layers", metavar="[LAYER]...", nargs=-1)
@set_option
@open_option
@click.option("--position", metavar="I,J", help="Also: the input pixels this output position really depends on.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the working.")
@click.option("--latex", is_flag=True, help="Formulas in LaTeX.")
@json_option
def command(
    spec: str,
    layers: tuple[str, ...],
    settings: tuple[tuple[str, Any], ...],
    opened: tuple[str, ...],
    position: str | None,
    lang: str,
    latex: bool,
    as_json: bool,
) -> None:
    from cnncalc.report import explained

    analysis = analysed(spec, settings, opened)
    names: list[str] = []
    for name in layers or analysis.facts:
        found = layer_named(analysis, name)
        names += [found] if found in analysis.facts else analysis.members(found)
    at = _position(position)
    if opened and at is not None:
        raise click.UsageError("--position needs sizes: leave out --open")
    write = explained.as_json if as_json else explained.as_text
    echo(write(analysis, names, at, lang, latex))


def _position(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = text.replace("x", ",").split(",")
    if not all(part.strip().isdecimal() and len(part) <= 20 for part in parts):
        raise click.BadParameter(f"{text!r} is not a position such as 0,0", param_hint="--position")
    return tuple(int(part) for part in parts)
