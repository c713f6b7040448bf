"""cnncalc draw"""

import sys
from typing import Any

import click

from cnncalc.cli.options import analysed, echo, json_option, layer_named, open_option, set_option, terminal_width
from cnncalc.draw import KINDS

FOLDS = ("none", "act", "block", "stage")
ENGINES = ("builtin", "auto", "dot", "wasm")


class Output(click.ParamType):
    """A file with a known suffix, or - for SVG on standard output."""

    name = "file"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from cnncalc.draw.files import suffix_of

        try:
            if value != "-":
                suffix_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


class Position(click.ParamType):
    """I,J: an output position."""

    name = "I,J"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = value.split(",")
        if not all(part.strip().isdecimal() and len(part) <= 9 for part in parts):
            self.fail(f"{value!r} is not a position such as 3,4", param, ctx)
        return tuple(int(part) for part in parts)


@click.command(
    "draw",
    help="""A figure of a network: SVG, PNG, PDF, TikZ or DOT, by the file's suffix.

    \b
    cnncalc draw resnet50 -o resnet50.svg
    cnncalc draw alexnet --as volume -o alexnet.png
    cnncalc draw lenet5 c3 --as window --position 1,2 -o window.svg
    cnncalc draw unet bottom --as field -o field.pdf
    cnncalc draw vgg16 --as bars
    cnncalc draw alexnet vgg16 resnet50 --as scatter -o networks.svg
    """,
    epilog="graph: layers, folded; unet: in rows by size; volume: maps as boxes; field: what a position of LAYER sees; "
    "window: which cells LAYER reads; bars: costs (in the terminal without -o); scatter: several networks.",
)
@click.argument("spec", metavar="SPEC")
@click.argument("others", metavar="[LAYER | SPEC...]", nargs=-1)
@click.option("--as", "kind", type=click.Choice(KINDS), default="graph", show_default=True, help="What is drawn.")
@click.option("-o", "--output", "output", type=Output(), help=".svg .png .pdf .tex .dot, or - for SVG on stdout.")
@set_option
@open_option
@click.option("--fold", type=click.Choice(FOLDS), help="What shares a box; default: what leaves about forty boxes.")
@click.option(
    "--dir", "direction", type=click.Choice(["TB", "LR"]), default="TB", help="Top to bottom or left to right."
)
@click.option(
    "--columns", type=click.IntRange(1, 100), help="Columns of a long graph; default: what makes a handy page."
)
@click.option("--engine", type=click.Choice(ENGINES), default="builtin", show_default=True,
              help="Who lays the graph out; auto: Graphviz's dot, else its WebAssembly, else builtin.")  # fmt: skip
@click.option("--position", type=Position(), metavar="I,J", help="Which output, for field and window.")
@click.option("--animate", is_flag=True, help="Move the window (SVG).")
@click.option("--depth", type=click.IntRange(1), help="Levels of blocks to open in bars.")
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", help="Colours.")
@click.option("--scale", type=click.FloatRange(0.1, 20), default=2.0, show_default=True, help="PNG pixels for one.")
@json_option
def command(spec: str, others: tuple[str, ...], kind: str, output: str | None, settings: tuple[tuple[str, Any], ...],
            opened: tuple[str, ...], as_json: bool, **wishes: Any) -> None:  # fmt: skip
    from cnncalc.cli import Answer, Missing
    from cnncalc.draw.errors import LayoutFailed, MissingPart
    from cnncalc.draw.files import suffix_of

    if kind not in ("scatter", "field", "window") and others:
        raise click.UsageError(f"--as {kind} draws one network; '{others[0]}' is one word too many")
    if kind in ("field", "window") and len(others) > 1:
        raise click.UsageError(f"--as {kind} draws one LAYER; '{others[1]}' is one word too many")
    suffix = ".svg" if output in (None, "-") else suffix_of(str(output))
    if suffix in (".dot", ".gv") and kind != "graph":
        raise click.UsageError(f"{suffix} is for --as graph")
    analysis = analysed(spec, settings, opened)
    if kind == "bars" and output is None and not as_json:
        from cnncalc.draw.bars import as_text

        echo(as_text(analysis, wishes["depth"], terminal_width()))
        return
    if output is None and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError("name a file with -o, as in -o figure.svg")
    try:
        data, said = _made(analysis, others, kind, suffix, wishes, settings, opened)
    except MissingPart as error:
        raise Missing(error.what, error.extra) from None
    except LayoutFailed as error:
        raise Answer(f"error: {error}; --engine builtin lays out every graph") from None
    _put(data, output, as_json, {"network": analysis.network.name, "kind": kind, **said})


def _made(analysis: Any, others: tuple[str, ...], kind: str, suffix: str, wishes: dict[str, Any], settings: Any,
          opened: tuple[str, ...]) -> tuple[bytes, dict[str, Any]]:  # fmt: skip
    """The file's content, and what --json says of it."""
    from cnncalc.draw import draw, scatter
    from cnncalc.draw.files import encoded
    from cnncalc.draw.theme import THEMES

    if suffix in (".dot", ".gv"):
        from cnncalc.draw.dot import source

        return source(analysis, wishes["fold"], wishes["direction"]).encode(), {}
    theme = THEMES[wishes["theme"]]
    if kind == "scatter":
        figure = scatter(analysis, *(analysed(other, settings, opened) for other in others), theme=theme)
    else:
        taken = {
            "graph": ("fold", "direction", "engine", "columns"),
            "volume": ("fold",),
            "field": ("position",),
            "window": ("position", "animate"),
            "bars": ("depth",),
            "unet": (),
        }[kind]
        named = {"name": layer_named(analysis, others[0])} if others else {}
        figure = draw(analysis, kind, theme=theme, **named, **{name: wishes[name] for name in taken})
    said = {"title": figure.title, "width": round(figure.width), "height": round(figure.height)}
    return encoded(figure, suffix, wishes["scale"]), said


def _put(data: bytes, output: str | None, as_json: bool, said: dict[str, Any]) -> None:
    from cnncalc.draw.files import write
    from cnncalc.report.jsontext import pretty

    if output in (None, "-"):
        if as_json:
            echo(pretty({"schema": "cnncalc.draw/1", **said, "svg": data.decode()}))
        else:
            echo(data.decode().rstrip("\n"))
        return
    assert output is not None
    write(output, data)
    if as_json:
        echo(pretty({"schema": "cnncalc.draw/1", **said, "file": output, "bytes": len(data)}))
    else:
        click.echo(f"wrote {output}", err=True)
