"""Options and arguments that several commands share."""

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.closed import symbol
from cnncalc.exact.expressions import ExpressionError, evaluate
from cnncalc.spec.load import load

F = TypeVar("F", bound=Callable[..., Any])


class Setting(click.ParamType):
    """NAME=VALUE, the value an exact number."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, Any]:
        if isinstance(value, tuple):
            return value
        name, equals, number = value.partition("=")
        if not equals or not name.strip().isidentifier():
            self.fail(f"{value!r} is not NAME=VALUE, as in --set H=320", param, ctx)
        try:
            return name.strip(), evaluate(number.strip(), {})
        except ExpressionError as error:
            self.fail(f"{name}: {error}", param, ctx)


spec_argument = click.argument("spec", metavar="SPEC")
set_option = click.option(
    "--set", "settings", type=Setting(), multiple=True, metavar="NAME=VALUE", help="Set a symbol, as in --set H=320."
)


class Names(click.ParamType):
    """A,B,...: names of symbols."""

    name = "NAMES"

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        names = tuple(name.strip() for name in value.split(","))
        if not all(name.isidentifier() for name in names):
            self.fail(f"{value!r} is not a list of names, as in --open H,W", param, ctx)
        return names


open_option = click.option(
    "--open",
    "opened",
    type=Names(),
    default=(),
    metavar="NAMES",
    help="Leave symbols open, as in --open H,W: closed forms.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def analysed(spec: str, settings: tuple[tuple[str, Any], ...], opened: tuple[str, ...] = ()) -> Analysis:
    """The analysis of a SPEC with these settings, some symbols left open. Raises SpecError."""
    return analyse(load(spec, **dict(settings) | {name: symbol(name) for name in opened}))


def written(path: str, text: str) -> None:
    """Write a file whole or not at all: to a temporary name beside it first. Raises OSError."""
    import tempfile

    handle, beside = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".", suffix=".part")
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if os.path.exists(path):
            os.chmod(beside, os.stat(path).st_mode & 0o777)
        else:
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(beside, 0o666 & ~mask)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def terminal_width() -> int | None:
    """Columns of the terminal that reads stdout; None where it is a file or a pipe."""
    if os.environ.get("COLUMNS", "").isdecimal():
        return max(20, int(os.environ["COLUMNS"]))
    try:
        return max(20, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError, AttributeError):
        return None


def echo(text: str) -> None:
    """Print, with what stdout's encoding cannot express replaced rather than refused."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    click.echo(text.encode(encoding, "replace").decode(encoding))


def layer_named(analysis: Analysis, name: str) -> str:
    """A layer's or block's full name. Raises an Answer that names the nearest."""
    from cnncalc.cli import Answer

    try:
        return analysis[name].name
    except KeyError as error:
        raise Answer(f"error: {error.args[0]}") from None
