"""Options and arguments that several commands share."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.closed import symbol
from cnncalc.exact.expressions import ExpressionError, evaluate
from cnncalc.spec.errors import printable
from cnncalc.spec.load import load

if TYPE_CHECKING:
    from cnncalc.conventions import Convention, Cost

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


class ConventionName(click.ParamType):
    """A convention's name, or several: A,B,..."""

    name = "NAME"

    def __init__(self, several: bool = False) -> None:
        self.several = several

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from cnncalc.conventions import convention

        if not isinstance(value, str):
            return value
        try:
            names = value.split(",") if self.several else [value]
            found = tuple(convention(name) for name in dict.fromkeys(name.strip() for name in names))
        except KeyError as error:
            self.fail(printable(error.args[0]), param, ctx)
        return found if self.several else found[0]


def counting_options(command: F) -> F:
    """--as-is and --functional, which go with a convention."""
    command = click.option(
        "--functional",
        metavar="A,B,...",
        help="Layers, blocks or kinds that the code calls as functions (F.relu)  [default: as the spec says].",
    )(command)
    return click.option("--as-is", is_flag=True, help="Count as the tool does in fact, its own slips included.")(
        command
    )


def costs_of(
    analysis: Analysis, conventions: Sequence["Convention"], as_is: bool, functional: str | None
) -> list["Cost"]:
    """The cost of a network under each convention. Raises a usage error for an unknown layer."""
    from cnncalc.conventions import Cost

    names = None if functional is None else [name.strip() for name in functional.split(",") if name.strip()]
    try:
        return [Cost(analysis, one, as_is, names) for one in conventions]
    except KeyError as error:
        raise click.BadParameter(printable(error.args[0]), param_hint="--functional") from None


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


def write_file(path: str, text: str) -> None:
    """Write a file whole or not at all: under another name first, then renamed."""
    import tempfile

    folder = os.path.dirname(path) or "."
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as target:
            target.write(text)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def layer_named(analysis: Analysis, name: str) -> str:
    """A layer's or block's full name. Raises an Answer that names the nearest."""
    from cnncalc.cli import Answer

    try:
        return analysis[name].name
    except KeyError as error:
        raise Answer(f"error: {error.args[0]}") from None
