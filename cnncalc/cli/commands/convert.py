"""cnncalc convert"""

from typing import Any

import click

from cnncalc.cli.options import echo, json_option, set_option, spec_argument, written


@click.command(
    "convert",
    help="""Convert a network into another with the same learned numbers, printed as a spec.

    With --fc-to-conv: the fully convolutional twin of a classifier. Every linear layer becomes a
    convolution with as many parameters, so that larger images give a map of scores; its size for
    any input is told as well.

    \b
    cnncalc convert --fc-to-conv vgg16 -o vgg16_conv.yaml
    cnncalc convert --fc-to-conv alexnet_227 --set classes=21 | cnncalc summary - --set H=500
    cnncalc convert --fc-to-conv "3x32x32 -> conv 6 5x5 -> max_pool 2 -> flatten -> linear 10" --json
    """,
)
@spec_argument
@click.option("--fc-to-conv", is_flag=True, required=True, help="Linear layers become convolutions.")
@set_option
@click.option("-o", "output", type=click.Path(dir_okay=False), help="Write the spec to this file.")
@json_option
def command(
    spec: str, fc_to_conv: bool, settings: tuple[tuple[str, Any], ...], output: str | None, as_json: bool
) -> None:
    from cnncalc.analysis import analyse
    from cnncalc.cli import Answer
    from cnncalc.convolutional import Unconvertible, fully_convolutional
    from cnncalc.spec.load import load, spec_from_text
    from cnncalc.spec.write import to_yaml

    network = load(spec, **dict(settings))
    try:
        twin = fully_convolutional(network)
    except Unconvertible as error:
        raise Answer(f"error: {error}") from None
    text = to_yaml(twin, open_sides=True)
    analysis = analyse(spec_from_text(text).network({}))
    sides = heat_map(text)
    if output:
        written(output, text)
    if as_json:
        from cnncalc.report.jsontext import pretty

        echo(pretty({"schema": "cnncalc.convert/1", "network": network.name, "params": analysis.params,
                     "output": list(analysis.output), "heat_map": sides, "spec": text}))  # fmt: skip
        return
    if not output:
        echo(text.rstrip("\n"))
    message = f"{analysis.params:,} parameters, as {network.name} has"
    click.echo(message + (f"; the heat map is {'×'.join(map(bracketed, sides))}" if sides else ""), err=True)


def bracketed(side: str) -> str:
    return f"({side})" if " " in side else side


def heat_map(text: str) -> list[str]:
    """The sides of the output in terms of those of the input; none where they have no closed form."""
    from cnncalc.analysis import analyse
    from cnncalc.exact.closed import Closed
    from cnncalc.exact.rules import ShapeError
    from cnncalc.formulas import pretty
    from cnncalc.spec.errors import SpecError
    from cnncalc.spec.load import spec_from_text

    spec = spec_from_text(text)
    try:
        output = analyse(spec.network({}), open=tuple(spec.symbols({}))).output
    except (SpecError, ShapeError):
        return []
    return [pretty(size) if isinstance(size, Closed) else str(size) for size in output[1:]]
