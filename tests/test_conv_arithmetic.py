"""Output sizes that were published, or measured where frameworks disagree, one row each (data/conv_arithmetic.csv)."""

import csv
from pathlib import Path

import pytest

from cnncalc import Analysis, SpecError, analyse, load

TABLE = Path(__file__).parent / "data" / "conv_arithmetic.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
KNOWN = [row for row in ROWS if row["output"] not in ("error", "unexpressed")]
REFUSED = [row for row in ROWS if row["output"] == "error"]

UNEXPRESSED = {
    # rows that no spec says, and why; the row below each says the same with other words
    ("conv_transpose", "1 3 stride=2 padding=1 output_size=8"): "a size is asked for through output_padding",
    ("conv_transpose", "1 3 stride=2 padding=1 output_size=9"): "a size is asked for through output_padding",
    ("demucs", "the shortest signal for 1 output"): "an inverse question; a spec goes from input to output",
}

OTHERS = [
    # what somebody else says or said, and who: cnncalc must not say so too
    ("1x32 -> max_pool 1 stride=2 ceil", 17, "Caffe, without padding"),
    ("1x9 -> avg_pool 4 stride=4 padding=2 ceil", 4, "the formula in PyTorch's documentation, without its note"),
    ("1x5 -> max_pool 3 stride=3 padding=1 ceil", 3, "WebNN, issue 935"),
    ("1x2 -> max_pool 3 stride=3 padding=1 ceil", 2, "ONNX before its opset clipped the last window"),
    ("1x32 -> upsample 0.9999", 32, "OpenCV, which rounds"),
    ("1x32 -> upsample 1.8", 58, "OpenCV, which rounds"),
    ("1x10 -> conv 1 4 padding=2", 10, "calculators that call k//2 'same' for even k"),
    ("3x224x224 -> conv 96 11 stride=4", 55, "Krizhevsky et al. 2012, of an image of 224"),
]

META = "1x4 -> conv_transpose 1 3 stride=2 output_padding=2"  # PyTorch's meta device gives 11, its CPU an error


def told(row: dict[str, str]) -> str:
    return f"{row['kind']} {row['settings']} on {row['input']}"


def analysed(row: dict[str, str]) -> Analysis:
    kind, settings, size = row["kind"], row["settings"], row["input"]
    if kind == "unet":
        _, height, width = size.split("x")
        return analyse(load(kind, H=int(height), W=int(width)))
    if settings.startswith("{"):
        return analyse(load(f"input: [{size.replace('x', ', ')}]\nlayers: [{{{kind}: {settings}}}]\n"))
    return analyse(load(f"{size} -> {kind} {settings}"))


@pytest.mark.parametrize("row", KNOWN, ids=told)
def test_the_published_size_is_reproduced(row: dict[str, str]) -> None:
    assert "x".join(map(str, analysed(row).output)) == row["output"], row["source"]


@pytest.mark.parametrize("row", REFUSED, ids=told)
def test_what_cannot_be_run_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(SpecError, match=rf"{row['kind']}_\d "):
        analysed(row)


def test_the_rows_that_no_spec_says_are_these() -> None:
    assert {(row["kind"], row["settings"]) for row in ROWS if row["output"] == "unexpressed"} == set(UNEXPRESSED)
    for kind, settings in UNEXPRESSED:
        with pytest.raises(SpecError, match=r"unknown key 'output_size'|unknown layer kind 'demucs'"):
            load(f"1x4 -> {kind} {settings}")


def test_every_row_has_a_source() -> None:
    assert [told(row) for row in ROWS if len(row["source"]) < 7] == []


@pytest.mark.parametrize(("spec", "theirs", "who"), OTHERS, ids=[who for *_, who in OTHERS])
def test_what_others_say_is_not_repeated(spec: str, theirs: int, who: str) -> None:
    assert analyse(load(spec)).output[1] != theirs, who


def test_the_meta_device_accepts_what_the_cpu_refuses() -> None:
    with pytest.raises(SpecError, match="output_padding 2 must be smaller"):
        load(META)


def test_tensorflow_puts_the_odd_pixel_of_its_example_last() -> None:
    """13 pixels, a window of 6, steps of 5: one pixel of padding before, two behind."""
    analysis = analyse(load("1x13 -> conv 1 6 stride=5 padding=tf_same"))
    assert analysis["conv_1"].offset == (-1,)
    assert [analysis.reach("conv_1", (i,))["input"][0] for i in (0, 2)] == [(0, 1, 2, 3, 4), (9, 10, 11, 12)]


# --- rules, for every size in a range -------------------------------------------------------------


def size(spec: str) -> int:
    return int(analyse(load(spec)).output[1])


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_keras_same_is_one_output_for_each_started_stride(stride: int) -> None:
    for n in range(1, 24):
        outputs = len(range(0, n, stride))
        for kernel in (1, 2, 3, 6):
            assert size(f"1x{n} -> Conv1D 1 {kernel} strides={stride} padding=same") == outputs
            assert size(f"1x{n} -> max_pool {kernel} stride={stride} padding=tf_same") == outputs


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
def test_keras_transposed_sizes(stride: int) -> None:
    """same: n·s; valid: n·s + max(k - s, 0). Measured in Keras 3.15."""
    for n in range(1, 12):
        assert [size(f"1x{n} -> Conv1DTranspose 1 {kernel} strides={stride} padding=same") for kernel in (2, 5)] == [
            n * stride,
            n * stride,
        ]
        for kernel in (stride, stride + 1, stride + 4):
            keras = n * stride + kernel - stride
            assert size(f"1x{n} -> Conv1DTranspose 1 {kernel} strides={stride} padding=valid") == keras


@pytest.mark.parametrize(("kernel", "stride"), [(1, 2), (2, 3), (2, 5)])
def test_keras_transposed_valid_when_the_stride_exceeds_the_window(kernel: int, stride: int) -> None:
    assert size(f"1x4 -> Conv1DTranspose 1 {kernel} strides={stride} padding=valid") == 4 * stride
