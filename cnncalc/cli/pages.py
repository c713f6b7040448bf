"""The page that ``cnncalc --help`` prints, kept as a file so that asking for help loads nothing.

``python -m cnncalc.cli.pages`` writes it again; a test holds it to what click would print.
"""

from os.path import dirname, join

from cnncalc.cli import cli

PAGE = join(dirname(__file__), "help.txt")


def help_page() -> str:
    """The top-level help, as click formats it 80 columns wide."""
    context = cli.make_context("cnncalc", ["summary"], resilient_parsing=True, terminal_width=80)
    return cli.get_help(context) + "\n"


if __name__ == "__main__":
    with open(PAGE, "w", encoding="utf-8") as page:
        page.write(help_page())
