"""cnncalc check"""

import sys
from importlib.util import find_spec
from typing import Any

import click

from cnncalc.cli.options import analysed, echo, json_option, set_option
from cnncalc.report.jsontext import pretty


@click.command(
    "check",
    help="""Build the same network in PyTorch, run it, and compare every layer.

    Shapes, parameter names and shapes, buffers, and MACs against half of PyTorch's FlopCounterMode.
    Exit code 1 where anything differs.

    \b
    cnncalc check lenet5
    cnncalc check resnet152 vgg16 --device meta
    """,
)
@click.argument("specs", metavar="SPEC...", nargs=-1, required=True)
@set_option
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "meta"]), default="auto", show_default=True,
              help="Where it runs; meta runs shapes alone, without memory.")  # fmt: skip
@json_option
def command(specs: tuple[str, ...], settings: tuple[tuple[str, Any], ...], device: str, as_json: bool) -> None:
    from cnncalc.cli import Missing

    if find_spec("torch") is None:
        raise Missing("PyTorch", "torch")
    differ = False
    for spec in specs:
        differ = not _checked(spec, settings, device, as_json) or differ
    sys.exit(1 if differ else 0)


def _checked(spec: str, settings: tuple[tuple[str, Any], ...], device: str, as_json: bool) -> bool:
    from cnncalc.cli import Answer
    from cnncalc.pytorch.check import check

    analysis = analysed(spec, settings)
    try:
        if sys.stderr.isatty() and not as_json:
            with click.progressbar(length=len(analysis.facts), label=analysis.network.name, file=sys.stderr) as bar:
                report = check(analysis, device, lambda done, total: bar.update(1))
        else:
            report = check(analysis, device)
    except ValueError as error:
        raise Answer(f"error: {error}") from None
    if as_json:
        document = {
            "schema": "cnncalc.check/1",
            "network": report.network,
            "status": "agrees" if report.agrees else "differs",
            "device": report.device,
            "torch": report.torch,
            "checked": report.checked,
            "differences": [vars(difference) for difference in report.differences],
        }
        echo(pretty(document))
        return report.agrees
    counted = report.checked
    verdict = "agrees" if report.agrees else f"differs in {len(report.differences)} places"
    echo(
        f"{report.network}: {verdict} with PyTorch {report.torch} on {report.device}: {counted['layers']} layers, "
        f"{analysis.params:,} parameters, {analysis.macs:,} MACs"
    )
    for difference in report.differences[:50]:
        echo(f"  {difference.layer} {difference.quantity}: cnncalc {difference.cnncalc}, PyTorch {difference.pytorch}")
    return report.agrees
