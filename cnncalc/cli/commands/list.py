"""cnncalc list"""

from itertools import groupby
from typing import Any

import click

from cnncalc.cli.options import echo, json_option, terminal_width
from cnncalc.report.jsontext import pretty

HEAD = ("name", "year", "input", "params", "MACs", "source")


@click.command(
    "list",
    help="""The networks that come with cnncalc, by family, with year, parameters, MACs and source.

    A word shows the networks and families whose name contains it.

    \b
    cnncalc list
    cnncalc list resnet --json
    """,
)
@click.argument("contains", default="")
@json_option
def command(contains: str, as_json: bool) -> None:
    found = networks(contains.lower())
    if as_json:
        echo(pretty({"schema": "cnncalc.list/1", "networks": found}))
    elif found:
        for line in lines(found):
            echo(line[: terminal_width()])
    else:
        from cnncalc.cli import Answer

        raise Answer(f"no network's name contains {contains!r}")


def networks(contains: str) -> list[dict[str, Any]]:
    """Every network whose own, its family's or its file's name contains a word, family by family."""
    from cnncalc.analysis import analyse
    from cnncalc.spec.load import families

    found = []
    for family, specs in families().items():
        for name, spec in specs.items():
            about = spec.outline.about
            if not any(contains in text.lower() for text in (name, family, about.title)):
                continue
            analysis = analyse(spec.network({}))
            found.append(
                {
                    "name": name,
                    "family": family,
                    "title": about.title,
                    "year": about.year,
                    "input": list(analysis.network.input),
                    "params": analysis.params,
                    "macs": analysis.macs,
                    "source": about.source,
                }
            )
    return found


def lines(found: list[dict[str, Any]]) -> list[str]:
    """A table; the members of a family of several stand under its title, and the source beside that."""
    from cnncalc.exact.sizes import times

    table: list[tuple[str, ...]] = [HEAD]
    for _, group in groupby(found, key=lambda one: one["family"]):
        members = list(group)
        alone = len(members) == 1
        if not alone:
            table.append((members[0]["title"], str(members[0]["year"] or ""), "", "", "", members[0]["source"]))
        for one in members:
            name = one["name"] if alone else f"  {one['name']}"
            year, source = (str(one["year"] or ""), one["source"]) if alone else ("", "")
            table.append((name, year, times(tuple(one["input"])), f"{one['params']:,}", f"{one['macs']:,}", source))
    widths = [max(len(row[i]) for row in table) for i in range(5)]
    return [
        "  ".join(
            (*(row[i].ljust(widths[i]) for i in range(3)), *(row[i].rjust(widths[i]) for i in (3, 4)), row[5])
        ).rstrip()
        for row in table
    ]
