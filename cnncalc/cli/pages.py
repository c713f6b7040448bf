"""The page that ``cnncalc --help`` prints, kept as a file so that asking for help loads nothing.

``python -m cnncalc.cli.pages`` writes it again; a test holds it to what click would print.
"""

from os.path import dirname, join

import click

from cnncalc.cli import cli

PAGE = join(dirname(__file__), "help.txt")


def help_page() -> str:
    """The top-level help, as click formats it 80 columns wide."""
    with click.Context(cli, info_name="cnncalc", terminal_width=80, max_content_width=80) as context:
        return cli.get_help(context) + "\n"


if __name__ == "__main__":
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(help_page())
