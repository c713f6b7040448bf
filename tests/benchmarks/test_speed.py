"""Analysis against PyTorch's own counting in the same run; how time grows with length; start-up.

`pytest tests/benchmarks --benchmark-only -s` prints the ratios. Machines differ, so nothing here asserts
a time.
"""

import math
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from cnncalc import analyse, load
from cnncalc.analysis import Analysis
from cnncalc.exact.closed import symbol
from cnncalc.exact.sizes import window_count
from cnncalc.exact.solving import where
from cnncalc.layers import kind
from cnncalc.network import Network, Node
from cnncalc.pytorch.build import Built
from cnncalc.spec.load import named_specs

RESNET = load("resnet152")


def fresh() -> Analysis:
    """Everything from the layers' rules: no facts remembered from an earlier analysis."""
    RESNET.memo.clear()
    analysis = Analysis(RESNET)
    assert (analysis.params, analysis.macs) == (60192808, 11513626624)
    return analysis


def warm() -> Analysis:
    analysis = analyse(RESNET)
    assert (analysis.params, analysis.macs) == (60192808, 11513626624)
    return analysis


def peer(device: str) -> Callable[[], int]:
    """FlopCounterMode on the same network, already built."""
    with torch.device(device):
        built = Built(warm()).eval()
        image = torch.zeros(1, 3, 224, 224)

    def count() -> int:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            for _ in built.run(image):
                pass
        return int(counter.get_total_flops())

    return count


def best(call: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


@pytest.mark.benchmark(group="resnet152")
def test_analysis_with_nothing_remembered(benchmark: Any) -> None:
    benchmark(fresh)


@pytest.mark.benchmark(group="resnet152")
def test_analysis(benchmark: Any) -> None:
    benchmark(warm)


@pytest.mark.benchmark(group="resnet152")
def test_analysis_with_receptive_fields(benchmark: Any) -> None:
    benchmark(lambda: fresh().fields)


@pytest.mark.benchmark(group="resnet152")
def test_loading_the_spec(benchmark: Any) -> None:
    benchmark(load, "resnet152")


@pytest.mark.benchmark(group="resnet152")
@pytest.mark.parametrize("device", ["meta", "cpu"])
def test_flop_counter(benchmark: Any, device: str) -> None:
    count = peer(device)
    assert count() == 2 * 11513626624
    benchmark.pedantic(count, rounds=5, warmup_rounds=1)


def optional_peers() -> dict[str, Callable[[], Any]]:
    """Other tools that happen to be installed."""
    model = Built(warm()).eval()

    class Last(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.built = model

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return list(self.built.forward(x).values())[-1]  # type: ignore[no-any-return]

    found: dict[str, Callable[[], Any]] = {}
    try:
        import torchinfo

        found["torchinfo"] = lambda: torchinfo.summary(Last(), (1, 3, 224, 224), verbose=0)
    except ImportError:
        pass
    try:
        import ptflops

        found["ptflops"] = lambda: ptflops.get_model_complexity_info(
            Last(), (3, 224, 224), as_strings=False, print_per_layer_stat=False
        )
    except ImportError:
        pass
    return found


@pytest.mark.benchmark(group="ratio")
def test_ratio_to_the_fastest_peer(benchmark: Any, capsys: Any) -> None:
    peers = {"FlopCounterMode, meta": peer("meta"), "FlopCounterMode, cpu": peer("cpu")} | optional_peers()
    times = {name: best(call, 5) for name, call in peers.items()}
    ours = {"nothing remembered": best(fresh, 30), "again": best(warm, 30)}
    benchmark(fresh)
    fastest = min(times, key=lambda name: times[name])
    with capsys.disabled():
        print()
        for name, seconds in (times | ours).items():
            print(f"  {name:<24} {seconds * 1e3:9.2f} ms")
        for name, seconds in ours.items():
            print(f"  {fastest} / cnncalc ({name}): {times[fastest] / seconds:,.0f} ×")


def chain(length: int) -> Network:
    conv, relu = kind("conv")(4, 3, padding=1), kind("relu")()
    nodes = {}
    previous = "input"
    for i in range(length):
        nodes[f"l{i}"] = Node(relu if i % 2 else conv, (previous,))
        previous = f"l{i}"
    return Network("chain", {"input": (4, 32, 32)}, nodes, (previous,))


def complete(network: Network) -> None:
    analysis = Analysis(network)
    assert analysis.fields.of(network.outputs[0])[0] is not None
    assert analysis.params
    assert analysis.memory().inference


@pytest.mark.benchmark(group="length")
def test_time_and_memory_are_linear_in_length(benchmark: Any, capsys: Any) -> None:
    lengths = [1_000, 10_000, 100_000]
    seconds, peaks = [], []
    for length in lengths:
        network = chain(length)
        seconds.append(best(lambda network=network: complete(network), 3))
        tracemalloc.start()
        complete(network)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    benchmark(complete, chain(1_000))
    with capsys.disabled():
        print()
        for length, second, peak in zip(lengths, seconds, peaks, strict=True):
            print(f"  {length:>7,} layers {second * 1e3:9.1f} ms {peak / 2**20:7.1f} MiB")
        for name, values in (("time", seconds), ("memory", peaks)):
            exponent = math.log(values[-1] / values[0]) / math.log(lengths[-1] / lengths[0])
            print(f"  {name} grows as length^{exponent:.2f}")


STARTS = {
    "cnncalc --help": ["-m", "cnncalc", "--help"],
    "a one-line summary": ["-m", "cnncalc", "summary", "3x227x227 -> conv 96 11x11 stride=4 -> relu"],
    "cnncalc summary lenet5": ["-m", "cnncalc", "summary", "lenet5"],
    "import click": ["-c", "import click"],
    "import click, yaml, pydantic.BaseModel": ["-c", "import click, yaml; from pydantic import BaseModel"],
}


def started(arguments: list[str]) -> float:
    """Processor seconds of a whole process."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return usage.ru_utime + usage.ru_stime


@pytest.mark.benchmark(group="start")
def test_start_up_against_a_bare_interpreter(benchmark: Any, capsys: Any) -> None:
    cases = {"python -c pass": ["-c", "pass"]} | STARTS
    found: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(15):
        for name, arguments in cases.items():
            found[name].append(started(arguments))
    median = {name: statistics.median(values) for name, values in found.items()}
    benchmark.pedantic(started, (["-c", "pass"],), rounds=3)
    with capsys.disabled():
        print()
        for name, value in median.items():
            print(f"  {name:<42} {value * 1e3:6.1f} ms  {value / median['python -c pass']:5.1f} ×")


def closed_form() -> Analysis:
    """ResNet-152 with height, width and channel width open: sizes, parameters, MACs."""
    analysis = analyse(RESNET, open=("H", "W", "width"))
    assert analysis.params.at({"width": 64}) == 60192808
    assert analysis.macs.at({"width": 64, "H": 224, "W": 224}) == 11513626624
    return analysis


class Module(torch.nn.Module):
    """The same network for PyTorch's exporters."""

    def __init__(self) -> None:
        super().__init__()
        self.built = Built(warm()).eval()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        *_, (_, out) = self.built.run(x)
        return out  # type: ignore[no-any-return]


def exported() -> None:
    """torch.export of the same network with dynamic height and width, on the meta device."""
    with torch.device("meta"):
        module, image = Module(), torch.zeros(1, 3, 224, 224)
    sizes = {2: torch.export.Dim("H", min=64, max=4096), 3: torch.export.Dim("W", min=64, max=4096)}
    torch.export.export(module, (image,), dynamic_shapes={"x": sizes})


@pytest.mark.benchmark(group="closed form")
def test_closed_form_against_torch_export(benchmark: Any, capsys: Any) -> None:
    ours, theirs = best(closed_form, 15), best(exported, 2)
    benchmark(closed_form)
    with capsys.disabled():
        print()
        print(f"  torch.export, dynamic H and W       {theirs * 1e3:9.1f} ms")
        print(f"  cnncalc, H, W and width open        {ours * 1e3:9.1f} ms: {theirs / ours:,.0f} ×")


@pytest.mark.benchmark(group="closed form")
def test_closed_form_against_onnxruntime(benchmark: Any, capsys: Any, tmp_path: Path) -> None:
    """onnxruntime's symbolic shape inference: shapes alone, of a graph that is already exported."""
    onnx = pytest.importorskip("onnx")
    inference = pytest.importorskip("onnxruntime.tools.symbolic_shape_infer").SymbolicShapeInference
    path = tmp_path / "network.onnx"
    axes = {"x": {2: "H", 3: "W"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = (torch.zeros(1, 3, 224, 224),)
        torch.onnx.export(Module(), image, str(path), dynamo=False, input_names=["x"], dynamic_axes=axes)
    model = onnx.load(str(path))
    ours, theirs = best(closed_form, 15), best(lambda: inference.infer_shapes(model, auto_merge=True), 2)
    benchmark(closed_form)
    with capsys.disabled():
        print(f"\n  onnxruntime, dynamic H and W, shapes only {theirs * 1e3:9.1f} ms: {theirs / ours:,.0f} × ours")


@pytest.mark.benchmark(group="closed form")
def test_a_thousand_strided_sizes(benchmark: Any) -> None:
    def chain_of_sizes() -> None:
        size = symbol("n")
        for _ in range(1000):
            size = window_count(size, 3, 2, 2)

    benchmark(chain_of_sizes)


@pytest.mark.benchmark(group="closed form")
def test_an_inverse_question(benchmark: Any) -> None:
    size = analyse(RESNET, open=("H",))["stage_4"].output[1]
    assert benchmark(lambda: where(size - 7, "=")).below(1000) == list(range(193, 225))


@pytest.mark.benchmark(group="all specs")
def test_every_shipped_network(benchmark: Any) -> None:
    """Read, built and analysed in one process; the aim is 2 s for all."""

    def all_of_them() -> int:
        return sum(analyse(spec.network({})).params for spec in named_specs().values())

    assert benchmark.pedantic(all_of_them, rounds=3) > 1e9


def test_a_thousand_exercises(benchmark: Any) -> None:
    from cnncalc.quiz.generate import exercises

    assert len(benchmark.pedantic(exercises, args=(1_000,), kwargs={"seed": 1}, rounds=3)) == 1_000


def test_a_check_of_a_function(benchmark: Any) -> None:
    from cnncalc.teaching import check_conv_output_size

    benchmark(check_conv_output_size, lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) // s + 1)
