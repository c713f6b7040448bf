"""cnncalc check"""

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import click

from cnncalc.analysis import Analysis
from cnncalc.cli.options import analysed, echo, json_option, set_option
from cnncalc.report.jsontext import pretty

if TYPE_CHECKING:
    from cnncalc.pytorch.check import Wanted
    from cnncalc.pytorch.report import Report


@click.command(
    "check",
    help="""Build the same network in PyTorch, run it, and compare every layer.

    Shapes and number types, parameter names and shapes, buffers, MACs forward and backward against half
    of PyTorch's FlopCounterMode, the memory alive after each layer, and receptive fields against the
    pixels that are really seen. Exit code 1 where anything differs.

    \b
    cnncalc check lenet5
    cnncalc check resnet152 vgg16 --device meta
    cnncalc check resnet50 --set H=320 --batch 8 --full
    """,
    epilog="meta runs shapes, parameters and MACs alone, without memory. What would not fit is refused "
    "before it is built. Several networks give one JSON object, cnncalc.checks/1.",
)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@set_option
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "meta"]), default="auto", show_default=True,
              help="Where it runs; auto takes CUDA where there is one.")  # fmt: skip
@click.option("--batch", type=click.IntRange(1, 10**6), default=1, show_default=True, help="Images at once.")
@click.option("--backward/--no-backward", default=True, show_default=True,
              help="A training step: gradients, their MACs, what autograd keeps.")  # fmt: skip
@click.option("--fields/--no-fields", default=True, show_default=True, help="Receptive fields.")
@click.option("--latency", is_flag=True, help="Time the forward pass (always on CUDA).")
@click.option("--full", is_flag=True, help="Fields of every layer, on larger maps, and probed from outside too.")
@json_option
def command(
    specs: tuple[str, ...],
    settings: tuple[tuple[str, Any], ...],
    device: str,
    batch: int,
    backward: bool,
    fields: bool,
    latency: bool,
    full: bool,
    as_json: bool,
) -> None:
    from cnncalc.cli import Missing

    if find_spec("torch") is None:
        raise Missing("PyTorch", "torch")
    from cnncalc.pytorch.check import Wanted

    wanted = Wanted(backward, fields or full, latency, full)
    reports, refused = [], []
    for spec in specs:
        analysis = analysed(spec, settings)
        try:
            report = _checked(analysis, device, batch, wanted)
        except ValueError as error:
            refused.append({"network": analysis.network.name, "why": str(error)})
            click.echo(f"error: {error}", err=True)
            continue
        reports.append(report)
        if not as_json:
            from cnncalc.report.checked import as_text

            echo(as_text(report.document(), analysis.params, analysis.macs))
    agree = not refused and all(report.agrees for report in reports)
    if as_json and (reports or len(specs) > 1):
        echo(pretty(_document(reports, refused, agree, len(specs) > 1)))
    sys.exit(0 if agree else 1)


def _document(reports: list["Report"], refused: list[dict[str, str]], agree: bool, several: bool) -> dict[str, Any]:
    """One network's report as it is; several in a list."""
    if not several:
        return reports[0].document()
    return {
        "schema": "cnncalc.checks/1",
        "status": "agrees" if agree else "differs",
        "checks": [report.document() for report in reports],
        "refused": refused,
    }


def _checked(analysis: Analysis, device: str, batch: int, wanted: "Wanted") -> "Report":
    """One check, with a bar on stderr where a person looks on. Raises ValueError for what cannot be run."""
    from cnncalc.pytorch.check import check, steps

    if not sys.stderr.isatty():
        return check(analysis, device, None, batch, wanted)
    with click.progressbar(length=steps(analysis, wanted), label=analysis.network.name, file=sys.stderr) as bar:
        return check(analysis, device, bar.update, batch, wanted)
