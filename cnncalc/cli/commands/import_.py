"""cnncalc import"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.util import find_spec
from typing import Any

import click

from cnncalc.cli.options import echo, json_option, write_file


class Input(click.ParamType):
    """3x224x224: sizes without the batch."""

    name = "CxHxW"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = value.replace("×", "x").split("x")
        if not all(part.isdecimal() and len(part) < 8 and int(part) for part in parts) or len(parts) > 4:
            self.fail(f"{value!r} is not a shape without the batch, as in --input 3x224x224", param, ctx)
        return tuple(int(part) for part in parts)


class Argument(click.ParamType):
    """NAME=VALUE for a Python call: a number, true, false, none, or text."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Any]:
        if isinstance(value, tuple):
            return value
        name, equals, text = value.partition("=")
        if not equals or not name.isidentifier():
            self.fail(f"{value!r} is not NAME=VALUE, as in --kwargs num_classes=10", param, ctx)
        return name, _plain(text)


def _plain(text: str) -> Any:
    words = {"true": True, "false": False, "none": None, "null": None}
    if text.lower() in words:
        return words[text.lower()]
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


@click.command(
    "import",
    help="""Read a PyTorch module in: write the spec of what MODULE:CALLABLE returns.

    MODULE is imported, as Python does it, and CALLABLE is called: this runs that code. The module it
    returns then runs once on a device without data; weights are neither needed nor read. The spec goes to
    stdout with repeated layers folded into blocks, or to a file.

    \b
    cnncalc import torchvision.models:resnet50 --input 3x224x224 -o resnet50.yaml
    cnncalc import mynet:Net --kwargs classes=10 --input 1x28x28 | cnncalc summary -
    """,
    epilog="Operations that no layer kind stands for are told by name and place, with exit code 1; --opaque keeps "
    "them as layers of known shape and unknown cost.",
)
@click.argument("target", metavar="MODULE:CALLABLE")
@click.option("--input", "inputs", type=Input(), multiple=True, metavar="CxHxW",
              help="The input's sizes, no batch; once for each input.  [default: 3x224x224]")  # fmt: skip
@click.option("--kwargs", "arguments", type=Argument(), multiple=True, metavar="NAME=VALUE",
              help="An argument for CALLABLE, as in --kwargs num_classes=10.")  # fmt: skip
@click.option("--opaque", is_flag=True, help="Keep what cannot be expressed as layers of unknown cost.")
@click.option("--flat", is_flag=True, help="Write every layer out, under its module's name.")
@click.option("-o", "--output", metavar="FILE", help="Write the spec there instead of to stdout.")
@json_option
def command(
    target: str,
    inputs: tuple[tuple[int, ...], ...],
    arguments: tuple[tuple[str, Any], ...],
    opaque: bool,
    flat: bool,
    output: str | None,
    as_json: bool,
) -> None:
    from cnncalc.cli import Missing

    if find_spec("torch") is None:
        raise Missing("PyTorch", "torch")
    with out_of_the_way():
        network = _read(target, inputs or ((3, 224, 224),), dict(arguments), opaque)
    from cnncalc.spec.folding import folded
    from cnncalc.spec.write import to_yaml

    text = to_yaml(network) if flat else folded(network)
    if output is not None:
        write_file(output, text)
        click.echo(f"wrote {output}; try: cnncalc summary {output}", err=True)
    if as_json:
        echo(_json(network, text))
    elif output is None:
        echo(text.rstrip("\n"))


def _read(target: str, inputs: tuple[tuple[int, ...], ...], arguments: dict[str, Any], opaque: bool) -> Any:
    from cnncalc.cli import Answer
    from cnncalc.pytorch.finding import NotFound, built
    from cnncalc.pytorch.reading import from_torch

    try:
        module = built(target, arguments)
    except NotFound as error:
        raise Answer(f"error: {error}") from None
    return from_torch(module, inputs, opaque=opaque, name=target.partition(":")[2])


def _json(network: Any, text: str) -> str:
    from cnncalc.analysis import Analysis
    from cnncalc.report.jsontext import pretty
    from cnncalc.report.summary import shape_list, totals_document

    analysis = Analysis(network)
    return pretty({
        "schema": "cnncalc.import/1",
        "network": network.name,
        "inputs": {name: shape_list(shape) for name, shape in network.inputs.items()},
        "outputs": {name: shape_list(shape) for name, shape in analysis.outputs.items()},
        "layers": len(network),
        "totals": totals_document(analysis),
        "opaque": [name for name, node in network.nodes.items() if node.layer.kind == "opaque"],
        "notes": list(network.about.notes),
        "spec": text,
    })  # fmt: skip


@contextmanager
def out_of_the_way() -> Iterator[None]:
    """What other people's code prints goes to stderr, also what it writes past Python."""
    import os

    sys.stdout.flush()
    try:
        real = sys.stdout.fileno()
        kept = os.dup(real)
        os.dup2(sys.stderr.fileno(), real)
    except (OSError, ValueError, AttributeError):
        kept = -1
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if kept >= 0:
            os.dup2(kept, real)
            os.close(kept)
