"""cnncalc list"""

import click

from cnncalc.cli.options import echo, json_option, terminal_width
from cnncalc.report.jsontext import pretty


@click.command(
    "list",
    help="""The networks that come with cnncalc, with year, parameters, MACs and source.

    \b
    cnncalc list
    cnncalc list resnet --json
    """,
)
@click.argument("contains", default="")
@json_option
def command(contains: str, as_json: bool) -> None:
    from cnncalc.analysis import analyse
    from cnncalc.exact.sizes import times
    from cnncalc.spec.load import named_specs

    found = []
    for name, spec in named_specs().items():
        if contains.lower() not in name.lower():
            continue
        analysis = analyse(spec.network({}))
        about = analysis.network.about
        found.append(
            {
                "name": name,
                "title": about.title,
                "year": about.year,
                "input": list(analysis.network.input),
                "params": analysis.params,
                "macs": analysis.macs,
                "source": about.source,
            }
        )
    if as_json:
        echo(pretty({"schema": "cnncalc.list/1", "networks": found}))
        return
    lines = [
        (str(one["name"]), str(one["year"] or ""), times(tuple(one["input"])), f"{one['params']:,}", f"{one['macs']:,}",
         str(one["source"]))
        for one in found
    ]  # fmt: skip
    head = ("name", "year", "input", "params", "MACs", "source")
    widths = [max(len(line[i]) for line in [head, *lines]) for i in range(5)]
    for line in [head, *lines] if lines else []:
        cells = [line[0].ljust(widths[0]), line[1].ljust(widths[1]), line[2].ljust(widths[2])]
        cells += [line[3].rjust(widths[3]), line[4].rjust(widths[4]), line[5]]
        echo("  ".join(cells).rstrip()[: terminal_width()])
    if not lines:
        from cnncalc.cli import Answer

        raise Answer(f"no network's name contains {contains!r}")
