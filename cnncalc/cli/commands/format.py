"""cnncalc format"""

import click

from cnncalc.cli.options import echo, json_option, written


@click.command(
    "format",
    help="""Put spec files into the usual form, in place; - reads standard input and prints.

    Keys come in one order, lists are indented by two spaces, words stand one space apart. Comments
    and everything that is said stay; the result is read back and compared before it is written.

    \b
    cnncalc format mynet.yaml
    cnncalc format --check specs/*.yaml
    cat net.yaml | cnncalc format -
    """,
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file is not in the usual form.")
@json_option
def command(files: tuple[str, ...], check: bool, as_json: bool) -> None:
    from cnncalc.cli import Answer
    from cnncalc.spec.formatting import formatted

    changed = []
    for path in files:
        text = _text(path)
        fresh = formatted(text, path)
        if fresh != text:
            changed.append(path)
        if path == "-" and not check:
            echo(fresh.rstrip("\n"))
        elif fresh != text and not check:
            written(path, fresh)
    if as_json:
        from cnncalc.report.jsontext import pretty

        echo(pretty({"schema": "cnncalc.format/1", "files": list(files), "changed": changed, "written": not check}))
    for path in changed:
        if path != "-" or check:
            click.echo(f"{path}: {'is not in the usual form' if check else 'put into the usual form'}", err=True)
    if check and changed:
        raise Answer(f"{len(changed)} of {len(files)} would change")


def _text(path: str) -> str:
    """A file's text, or standard input's. Raises SpecError, also for a file that cannot be read."""
    import sys

    from cnncalc.spec.errors import Fault, Place, SpecError
    from cnncalc.spec.yaml_reader import MAX_BYTES, decoded

    if path == "-":
        return decoded(sys.stdin.buffer.read(MAX_BYTES + 1), "-")
    try:
        with open(path, "rb") as file:
            return decoded(file.read(MAX_BYTES + 1), path)
    except OSError as error:
        raise SpecError([Fault(f"cannot read {path}: {error.strerror}", Place(path=""))]) from None
