"""cnncalc summary"""

from typing import Any

import click

from cnncalc.cli.options import (
    ConventionName,
    analysed,
    costs_of,
    counting_options,
    echo,
    json_option,
    open_option,
    set_option,
    spec_argument,
    terminal_width,
)
from cnncalc.memory import BYTES, SLOTS


class Depth(click.ParamType):
    name = "depth"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if value == "all":
            return 10**6
        if not str(value).isdecimal() or len(str(value)) > 9 or int(value) < 1:
            self.fail(f"{value!r} is not a number of levels, 1 or more, or all", param, ctx)
        return int(value)


class Columns(click.ParamType):
    name = "columns"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, ...]:
        from cnncalc.report.rows import COLUMNS

        names = ["layer", *(name for name in value.split(",") if name != "layer")]
        for name in names:
            if name not in COLUMNS:
                self.fail(f"there is no column {name!r}; there are {', '.join(COLUMNS)}", param, ctx)
        return tuple(dict.fromkeys(names))


@click.command(
    "summary",
    help="""A table of a network: shapes, parameters, MACs, receptive fields.

    \b
    cnncalc summary lenet5
    cnncalc summary resnet50 --set H=320 --set W=320 --depth 2
    cnncalc summary resnet152 --open H,W --depth 1
    cnncalc summary "3x32x32 -> conv 16 3x3 padding=1 -> relu" --columns output,connections,neurons
    cnncalc summary resnet50 --convention fvcore --depth 1
    cat net.yaml | cnncalc summary - --format csv > net.csv
    """,
    epilog="MACs: multiply-accumulates of convolution, linear and matrix products, no bias, one image. "
    "Field: input pixels a number can depend on, along each axis.",
)
@spec_argument
@set_option
@open_option
@click.option("--depth", type=Depth(), help="Levels of blocks to open, or all; default: what stays easy to read.")
@click.option("--columns", type=Columns(), metavar="A,B,...", help="Columns to show.")
@click.option("--format", "style", type=click.Choice(["table", "csv", "md", "json"]), default="table")
@click.option("--batch", type=click.IntRange(1, 10**9), default=1, help="Batch size for memory.", show_default=True)
@click.option("--dtype", type=click.Choice(list(BYTES)), default="float32", help="Number type for memory.",
              show_default=True)  # fmt: skip
@click.option("--optimizer", type=click.Choice(list(SLOTS)), default="sgd", help="Whose state training memory counts.",
              show_default=True)  # fmt: skip
@click.option("--convention", type=ConventionName(), help="Also the cost as a tool counts it: fvcore, thop, torch ...")
@counting_options
@click.option("--no-notes", is_flag=True, help="Leave out the network's notes.")
@json_option
def command(
    spec: str,
    settings: tuple[tuple[str, Any], ...],
    opened: tuple[str, ...],
    depth: int | None,
    columns: tuple[str, ...] | None,
    style: str,
    batch: int,
    dtype: str,
    optimizer: str,
    convention: Any,
    as_is: bool,
    functional: str | None,
    no_notes: bool,
    as_json: bool,
) -> None:
    from cnncalc.report import rows, summary

    if convention is None and (as_is or functional is not None):
        raise click.UsageError("--as-is and --functional go with --convention NAME")
    analysis = analysed(spec, settings, opened)
    cost = costs_of(analysis, [convention], as_is, functional)[0] if convention else None
    memory = None if opened else analysis.memory(batch, dtype, optimizer)
    columns = columns or rows.USUAL
    if as_json or style == "json":
        echo(summary.as_json(analysis, memory, cost))
    elif style == "csv":
        echo(summary.as_csv(analysis, depth or 10**6, columns, cost))
    elif style == "md":
        echo(summary.as_markdown(analysis, depth, columns, cost))
    else:
        echo(summary.as_text(analysis, memory, depth, columns, terminal_width(), not no_notes, cost))
