"""What papers and Keras print about the networks of specs/: reproduced, or listed with the reason why not.

data/papers.csv and data/keras_applications.csv say for each published figure which network, layer and quantity it is
about; a row with a `why` is a figure that cannot be right or cannot be compared. `pytest -rP -k listed` prints those.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cnncalc.analysis import Analysis, LayerAnalysis, analyse
from cnncalc.network import part_of
from cnncalc.spec.load import load

DATA = Path(__file__).parent / "data"
Row = Mapping[str, str]


def table(name: str) -> list[Row]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


PAPERS, KERAS = table("papers.csv"), table("keras_applications.csv")
STATED = [row for row in PAPERS if not row["why"]]
WRONG = [row for row in PAPERS if row["why"] and row["spec"]]


def named(row: Row) -> str:
    return f"{row['network']} {row['row']} {row['quantity']}"


@cache
def analysed(spec: str, at: str = "") -> Analysis:
    pairs = (pair.split("=") for pair in at.split())
    return analyse(load(spec, **{name: int(value) for name, value in pairs}))


# --- reading what is printed ----------------------------------------------------------------------

FACTORS = {"": 1.0, "K": 1e3, "M": 1e6, "million": 1e6, "B": 1e9, "billion": 1e9, "GFLOPs": 1e9, "MB": 1e6}
UNITS = {"half": 0.5e6, "float mebibytes": 2**20 / 4}  # numbers of 2 bytes in an MB, of 4 bytes in a MiB


def number(row: Row) -> tuple[float, float]:
    """The printed number and what its last digit stands for; zeros at the end of a whole number are rounding."""
    found = re.match(r"<?([\d.]+)\s*([A-Za-z]*)", row["value"])
    assert found
    digits = found[1].removesuffix(".0")
    unit = row["unit"]
    factor = UNITS[unit] if unit in UNITS else float(unit) if unit else FACTORS[found[2]]
    whole, _, decimals = digits.partition(".")
    zeros = min(len(whole) - len(whole.rstrip("0")), len(whole) - 2) if len(whole) > 4 else 0
    return float(digits) * factor, factor * 10.0 ** (zeros - len(decimals))


def shapes(text: str, classes: int) -> set[tuple[int, ...]]:
    """A printed shape, channels first; papers print them last, or first."""
    sizes = tuple(classes if part == "C" else int(part) for part in text.split("x"))
    return {sizes, (sizes[-1], *sizes[:-1]), tuple(size for size in sizes if size > 1)}


# --- what is computed -----------------------------------------------------------------------------


def weighted(analysis: Analysis) -> list[str]:
    return [name for name, node in analysis.network.nodes.items() if "weight" in analysis.facts[name].weights
            and node.layer.kind != "batch_norm"]  # fmt: skip


def depth(analysis: Analysis) -> int:
    """Layers with weights on the longest way from input to output, as papers count them."""
    longest: dict[str, int] = dict.fromkeys(analysis.network.inputs, 0)
    own = set(weighted(analysis))
    for name, node in analysis.network.nodes.items():
        longest[name] = (name in own) + max(longest[part_of(source)[0]] for source in node.inputs)
    return longest[analysis.network.outputs[0]]


def group(analysis: Analysis, layer: LayerAnalysis) -> str:
    """The rows of MobileNet's Table 2."""
    node = analysis.network.nodes[layer.name].layer
    if node.kind == "linear":
        return "Fully Connected"
    if node.kind != "conv":
        return ""
    return "Conv 1x1" if node.kernel_size == 1 else "Conv DW 3x3" if node.groups > 1 else "Conv 3x3"  # type: ignore[attr-defined]


def share(analysis: Analysis, quantity: str, of: str) -> float:
    """Per cent of the weights or multiply-accumulates of all convolutions and linear layers."""
    quantity = {"params": "weights"}.get(quantity, quantity)
    counts = [(group(analysis, layer), getattr(layer, quantity)) for layer in analysis]
    return 100.0 * sum(n for name, n in counts if name == of) / sum(n for name, n in counts if name)


def computed(row: Row) -> Any:
    analysis = analysed(row["spec"], row["at"])
    measure, of = row["measure"], row["of"]
    part = analysis[of] if of else analysis
    if " share of " in measure:
        return share(analysis, *measure.split(" share of "))
    match measure:
        case "output":
            return part.output
        case "input":
            return analysis.shapes[analysis[of].inputs[0]] if of else analysis.network.input
        case "side":
            return "x".join(map(str, part.output[1:] or (1, 1)))
        case "depth":
            return depth(analysis)
        case "layers with weights":
            return len(weighted(analysis))
        case "kinds":
            kinds = [analysis.network.nodes[name].layer.kind for name in weighted(analysis)]
            return f"{kinds.count('conv')} conv + {kinds.count('linear')} fc"
        case "neurons":
            return sum(analysis[name].neurons for name in ([of] if of else weighted(analysis)))
        case "receptive_field" | "jump":
            (value,) = set(getattr(analysis[of or analysis.network.outputs[0]], measure))
            return value
        case _ if measure.startswith("table:"):
            read = analysis.network.nodes[of].layer.table[int(measure.removeprefix("table:"))]  # type: ignore[attr-defined]
            return " ".join(map(str, read))
        case _:
            return getattr(part, measure)


def agrees(row: Row) -> bool:
    value = computed(row)
    if isinstance(value, str):
        return value == row["value"]
    if isinstance(value, tuple):
        if row["unit"] == "side":
            return value[1:] == tuple(map(int, row["value"].split("x")))
        return value in shapes(row["value"], analysed(row["spec"], row["at"]).network.symbols.get("classes", 0))
    said, step = number(row)
    if row["value"].startswith("<"):
        return bool(value < said)
    return bool(abs(value - said) < step)


# --- the tests ------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", STATED, ids=named)
def test_reproduced(row: Row) -> None:
    assert agrees(row), (computed(row), row["value"])


@pytest.mark.parametrize("row", WRONG, ids=named)
def test_what_is_called_wrong_is_wrong(row: Row) -> None:
    assert not agrees(row), (computed(row), row["value"])


def test_everything_else_is_listed() -> None:
    for row in PAPERS:
        assert row["why"] or row["spec"], named(row)
        if row["why"]:
            print(f"{named(row)} = {row['value']} ({row['source']}): {row['why']}")
    for row in KERAS:
        assert row["why"] or row["spec"], row["model"]
        if not row["spec"]:
            print(f"{row['model']}: {row['why']}")


# --- keras.applications ---------------------------------------------------------------------------


def as_keras_counts(row: Row) -> int:
    """Parameters with running statistics; and what Keras's version of a network has more, or less."""
    analysis = analysed(row["spec"])
    params: int = analysis.params + analysis.buffers
    layers = [(node.layer.kind, analysis.facts[name]) for name, node in analysis.network.nodes.items()]
    if "bias" in row["with"]:
        params += sum(facts.output[0] for kind, facts in layers if kind == "conv")
    if "no scale" in row["with"]:
        params -= sum(facts.output[0] for kind, facts in layers if kind == "batch_norm")
    if "normalisation" in row["with"]:
        params += 3 + 3 + 1  # mean and variance of each colour, and a counter
    return params


@pytest.mark.parametrize("row", [row for row in KERAS if row["spec"]], ids=lambda row: row["model"])
def test_keras(row: Row) -> None:
    params = as_keras_counts(row)
    if row["params"].endswith("M"):
        assert abs(params / 1e6 - float(row["params"][:-1])) < 0.1
    else:
        assert f"{params}" == row["params"]
