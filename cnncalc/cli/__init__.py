"""The command line: thin commands over the library, each in a file of its own, imported when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from cnncalc import __version__
from cnncalc.exact.rules import ShapeError
from cnncalc.spec.errors import SpecError, printable

COMMANDS = {
    "summary": "A table of a network: shapes, parameters, MACs, receptive fields.",
    "explain": "How every number comes about: the rule, the numbers put in, the value.",
    "compare": "Networks side by side; what each tool counts, and why they differ.",
    "ask": "A question in words, answered with the working - or refused.",
    "draw": "A figure: layer graph, volumes, receptive field, window, bars.",
    "solve": "Which sizes, widths or windows give a wanted result: all of them.",
    "equal": "Prove that two size formulas agree, or show where they differ.",
    "check": "Build the network in PyTorch, run it, compare everything.",
    "export": "Write a network as PyTorch or Keras source.",
    "import": "Read a PyTorch module in: write its spec.",
    "list": "The networks that come with cnncalc, by family.",
    "init": "Write a commented spec to start from.",
    "quiz": "Exercises drawn from a seed; taken, and graded with a diagnosis.",
    "show": "Print a network as a spec with every layer written out.",
    "convert": "The fully convolutional twin of a classifier, and its heat map.",
    "format": "Put spec files into the usual form.",
    "schema": "Print the JSON Schema of specs, for editors.",
}


class Commands(click.Group):
    """Commands by name; a command's module is imported when it runs, not when it is listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        file = f"{name}_" if iskeyword(name) else name
        command: click.Command = import_module(f"cnncalc.cli.commands.{file}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            ctx.fail(f"No such command '{printable(args[0])}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A SPEC is a name (cnncalc list), a file, - for stdin, or one line: "
    '"3x227x227 -> conv 96 11x11 stride=4 -> relu". '
    "Exit codes: 0 done, 1 the answer is no, 2 usage, 3 an optional part is missing.",
)
@click.version_option(__version__, message="cnncalc %(version)s")
def cli() -> None:
    """Exact shapes, parameters, costs and receptive fields of convolutional networks, with the working.

    \b
    cnncalc summary lenet5
    cnncalc explain resnet50 conv1
    cnncalc summary "3x227x227 -> conv 96 11x11 stride=4"
    """


class Answer(click.ClickException):
    """The answer is no: said on stderr, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        click.echo(printable(self.message), err=True)


class Missing(click.ClickException):
    """An optional part is not installed: exit code 3 and the line that installs it."""

    exit_code = 3

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed: pip install 'cnncalc[{extra}]'")


def run(arguments: Sequence[str]) -> None:
    """Run a command; every error becomes a sentence and an exit code, never a traceback."""
    try:
        code = cli.main(list(arguments), prog_name="cnncalc", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        code = _silenced()
    except (SpecError, ShapeError) as error:
        click.echo(_shown(str(error)), err=True)
        code = 1
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        code = 130
    except RecursionError:
        click.echo("error: the input is nested too deeply", err=True)
        code = 1
    except MemoryError:
        click.echo("error: out of memory", err=True)
        code = 1
    except OSError as error:
        click.echo(f"error: {printable(str(error.filename or ''))}: {error.strerror or error}".replace(": : ", ": "),
                   err=True)  # fmt: skip
        code = 1
    except Exception as error:
        if "CNNCALC_DEBUG" in os.environ:
            raise
        what = printable(f"{type(error).__name__}: {error}")[:300]
        click.echo(f"error: a bug in cnncalc, please report it with this command line: {what}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _silenced() -> int:
    """A reader that closed its end early is not an error; keep the interpreter quiet about it too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _shown(text: str) -> str:
    """An error's text, its head in red and its caret in yellow where a terminal reads it."""
    if not text.startswith("error:"):
        text = f"error: {printable(text)}"
    lines = []
    for line in text.split("\n"):
        if line.startswith("error:"):
            line = click.style("error:", fg="red", bold=True) + line[6:]
        elif set(line.partition("|")[2].strip()[:1]) == {"^"}:
            before, caret, after = line.partition("^")
            line = before + click.style(caret + after, fg="yellow")
        lines.append(line)
    return "\n".join(lines)
