"""How long figures take. `pytest tests/benchmarks/test_drawing.py --benchmark-only`."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cnncalc import analyse, load
from cnncalc.draw import draw
from cnncalc.draw.raster import png

RESNET = analyse(load("resnet152"))
LONG = analyse(
    load({"input": [8, 16, 16], "layers": [{"repeat": {"times": 1000, "layers": ["conv 8 3x3 padding=1", "relu"]}}]})
)


@pytest.mark.benchmark(group="figures")
@pytest.mark.parametrize("engine", ["builtin", "wasm"])
def test_resnet152_folded(benchmark: Any, engine: str) -> None:
    assert "× 35" in benchmark(lambda: draw(RESNET, engine=engine)).svg


@pytest.mark.benchmark(group="figures")
def test_two_thousand_layers_unfolded(benchmark: Any) -> None:
    assert benchmark(lambda: draw(LONG, fold="none")).svg.count('class="box"') == 2002


@pytest.mark.benchmark(group="figures")
def test_resnet152_as_png(benchmark: Any) -> None:
    figure = draw(RESNET)
    benchmark(lambda: png(figure))


@pytest.mark.benchmark(group="figures from the command line")
@pytest.mark.parametrize("engine", ["builtin", "wasm"])
def test_the_whole_process(benchmark: Any, engine: str, tmp_path: Path) -> None:
    words = ["draw", "resnet152", "--engine", engine, "-o", str(tmp_path / "net.svg")]
    benchmark(lambda: subprocess.run([sys.executable, "-m", "cnncalc", *words], check=True, capture_output=True))
