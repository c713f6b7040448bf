"""cnncalc solve"""

from typing import TYPE_CHECKING, Any

import click

from cnncalc.cli.options import echo, json_option, set_option, spec_argument
from cnncalc.report.jsontext import pretty

if TYPE_CHECKING:
    from cnncalc.exact.sets import Solutions

WINDOWED = ("conv", "max_pool", "avg_pool")
SHOWN = 12


@click.command(
    "solve",
    help="""Questions asked backwards, answered with the set of all solutions.

    For one unknown symbol of a SPEC: every value with which the conditions hold and the network can be
    built. For one conv, max_pool or avg_pool: every window that takes one size to another.

    \b
    cnncalc solve resnet50 --for H --such-that "stage_4 == 7"
    cnncalc solve unet_padded --for H --such-that valid
    cnncalc solve vgg16 --for classes --such-that "params <= 138e6" --multiple-of 8
    cnncalc solve conv --input 227 --output 55
    cnncalc solve "conv -> max_pool" --input 227 --output 27
    """,
    epilog="CONDITION compares layers and blocks (their output size), output, params, macs, buffers, activations, "
    "field, jump and symbols; several are joined with and, or, not. valid: the network can be built; exact: "
    "no window leaves a row over. Status: proved (all solutions), bounded (all within the "
    "stated bounds), none, unknown.",
)
@spec_argument
@click.option("--for", "unknown", metavar="NAME", help="The symbol to solve for.")
@click.option("--such-that", "condition", metavar="CONDITION", help='As in "output == 7", "params <= 5e6", valid.')
@click.option("--multiple-of", type=click.IntRange(1, 10_000), default=1, help="Only multiples of this.")
@set_option
@click.option("--input", "size", type=click.IntRange(1, 10**6), help="For one window: the size that comes in.")
@click.option("--output", "wanted", type=click.IntRange(1, 10**6), help="For one window: the size that is wanted.")
@click.option("--kernel", type=click.IntRange(1, 1000), help="Only this kernel size.")
@click.option("--stride", type=click.IntRange(1, 1000), help="Only this stride.")
@click.option("--padding", type=click.IntRange(0, 1000), help="Only this padding.")
@click.option("--dilation", type=click.IntRange(1, 1000), help="Only this dilation.")
@click.option("--max-kernel", type=click.IntRange(1, 200), default=31, show_default=True, help="Largest kernel tried.")
@click.option("--all", "everything", is_flag=True, help="Print every window, not only the most plausible.")
@json_option
def command(
    spec: str,
    unknown: str | None,
    condition: str | None,
    multiple_of: int,
    settings: tuple[tuple[str, Any], ...],
    size: int | None,
    wanted: int | None,
    max_kernel: int,
    everything: bool,
    as_json: bool,
    **fixed: int | None,
) -> None:
    if spec in WINDOWED:
        if size is None or wanted is None:
            raise click.UsageError(f"solve {spec} needs --input and --output, as in --input 227 --output 55")
        known = {name: value for name, value in fixed.items() if value is not None}
        _windows(spec, size, wanted, max_kernel, known, everything, as_json)
        return
    if size is not None and wanted is not None:
        parts = [part.strip() for part in spec.replace("→", "->").split("->")]
        if len(parts) == 2 and all(part in WINDOWED for part in parts):
            _pairs(parts, size, wanted, everything, as_json)
            return
        raise click.UsageError(f"--input and --output go with one or two of {', '.join(WINDOWED)}: 'conv -> max_pool'")
    if unknown is None or condition is None:
        raise click.UsageError(
            'solve needs --for NAME and --such-that CONDITION, as in --for H --such-that "output == 7"'
        )
    _unknown(spec, unknown, condition, dict(settings), multiple_of, as_json)


def _unknown(
    name: str, unknown: str, condition: str, settings: dict[str, Any], multiple_of: int, as_json: bool
) -> None:
    from cnncalc.cli import Answer
    from cnncalc.solve import QuestionError, solve
    from cnncalc.spec.load import spec

    try:
        answer = solve(spec(name), unknown, condition, settings, multiple_of)
    except QuestionError as error:
        raise Answer(f"error: {error}") from None
    if as_json:
        echo(
            pretty(
                {
                    "schema": "cnncalc.solve/1",
                    "unknown": unknown,
                    "status": answer.status,
                    "text": answer.text.removeprefix(f"{unknown} = "),
                    "solutions": None if answer.solutions is None else _as_document(answer.solutions),
                    "bounds": None if answer.bounds is None else list(answer.bounds),
                }
            )
        )
    else:
        echo(f"{answer.text}    {answer.status}")
    if not answer.solutions:
        raise click.exceptions.Exit(1)


def _as_document(found: "Solutions") -> dict[str, Any]:
    """A set for JSON: its runs, and one by one unless they are too many (null)."""
    from cnncalc.exact.sets import Unsolvable

    try:
        finite = list(found.finite)
    except Unsolvable:
        finite = None
    tail = found.tail
    return {
        "finite": finite,
        "from": tail.first if tail else None,
        "period": tail.period if tail else None,
        "residues": sorted(tail.residues) if tail else [],
        "runs": [list(run) for run in found.runs],
    }


def _windows(
    kind: str, size: int, wanted: int, max_kernel: int, fixed: dict[str, int], everything: bool, as_json: bool
) -> None:
    from cnncalc.solve import WindowBounds, windows

    bounds = WindowBounds(kernel=max_kernel)
    found = windows(size, wanted, bounds, fixed)
    names = ("kernel", "stride", "padding", "dilation")
    if as_json:
        document = {
            "schema": "cnncalc.solve/1",
            "unknown": [name for name in names if name not in fixed],
            "status": "bounded" if found else "none",
            "text": f"{len(found)} windows",
            "solutions": [{name: getattr(one, name) for name in names} for one in found],
            "bounds": {"kernel": bounds.kernel, "dilation": bounds.dilation, "text": bounds.text()},
        }
        echo(pretty(document))
    else:
        echo(f"{kind} {size} → {wanted}: {len(found)} windows with {bounds.text()}; the most plausible first")
        for one in found if everything else found[:SHOWN]:
            rest = f" dilation={one.dilation}" if one.dilation != 1 else ""
            echo(f"  kernel={one.kernel} stride={one.stride} padding={one.padding}{rest}")
        if len(found) > SHOWN and not everything:
            echo(f"  ... and {len(found) - SHOWN} more (--all)")
    if not found:
        raise click.exceptions.Exit(1)


def _pairs(kinds: list[str], size: int, wanted: int, everything: bool, as_json: bool) -> None:
    from cnncalc.solve import PairBounds, window_pairs

    bounds = PairBounds()
    found = window_pairs(size, wanted, bounds)
    names = ("kernel", "stride", "padding")
    if as_json:
        document = {
            "schema": "cnncalc.solve/1",
            "unknown": [f"{kind}.{name}" for kind in kinds for name in names],
            "status": "bounded" if found else "none",
            "text": f"{len(found)} pairs",
            "solutions": [[{name: getattr(one, name) for name in names} for one in pair] for pair in found],
            "bounds": {"kernel": bounds.kernel, "stride": bounds.stride, "text": bounds.text()},
        }
        echo(pretty(document))
    else:
        chain = " → ".join(kinds)
        echo(f"{chain} {size} → {wanted}: {len(found)} pairs with {bounds.text()}; the most plausible first")
        for pair in found if everything else found[:SHOWN]:
            placed = zip(kinds, pair, strict=True)
            shown = (f"{kind} {one.kernel} stride={one.stride} padding={one.padding}" for kind, one in placed)
            echo(f"  {' → '.join(shown)}")
        if len(found) > SHOWN and not everything:
            echo(f"  ... and {len(found) - SHOWN} more (--all)")
    if not found:
        raise click.exceptions.Exit(1)
