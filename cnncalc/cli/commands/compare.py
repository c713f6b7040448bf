"""cnncalc compare"""

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
    terminal_width,
)


@click.command(
    "compare",
    help="""Networks side by side, or one network as several tools count it, and why they differ.

    \b
    cnncalc compare resnet18 resnet50 densenet121
    cnncalc compare resnet50 --conventions torch,fvcore
    cnncalc compare vgg16
    cnncalc compare resnet50 --conventions thop,ptflops --as-is
    cnncalc compare alexnet vgg16 --conventions fvcore --json
    """,
    epilog="One SPEC: its cost under each convention, by default under all; for a chosen few also every "
    "component that makes them differ: lines that add up to the totals. Several: their figures, and how many times "
    "the first they are. docs/conventions.md says what each convention counts.",
)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@set_option
@open_option
@click.option("--conventions", type=ConventionName(several=True), metavar="A,B,...", help="Conventions to count by.")
@counting_options
@json_option
def command(
    specs: tuple[str, ...],
    settings: tuple[tuple[str, Any], ...],
    opened: tuple[str, ...],
    conventions: tuple[Any, ...] | None,
    as_is: bool,
    functional: str | None,
    as_json: bool,
) -> None:
    from cnncalc.conventions import CONVENTIONS, convention
    from cnncalc.report import compared
    from cnncalc.report.jsontext import pretty

    if functional and len(specs) > 1:
        raise click.UsageError("--functional names layers of one SPEC")
    analyses = [analysed(spec, settings, opened) for spec in specs]
    if len(analyses) > 1:
        found = [costs_of(one, conventions or (), as_is, None) for one in analyses]
        echo(
            pretty(compared.networks_document(analyses, found)) if as_json else compared.networks_text(analyses, found)
        )
        return
    if len({one.unit == "parameters" for one in conventions or ()}) > 1:
        raise click.UsageError("keras counts parameters, the others operations: there is no difference to explain")
    wanted = conventions or [convention(name) for name in CONVENTIONS]
    costs = costs_of(analyses[0], wanted, as_is, functional)
    if as_json:
        echo(pretty(compared.conventions_document(analyses[0], costs)))
    else:
        echo(compared.conventions_text(analyses[0], costs, conventions is not None, terminal_width()))
