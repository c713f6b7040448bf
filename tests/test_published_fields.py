"""Receptive fields that others published or measured, reproduced: data/receptive_fields.csv.

The TF-Slim networks are written here as geometry alone (windows, strides, paddings and branches; few maps, no
activations), because that is all a receptive field depends on. Empty cells of the table are not stated by the source;
``padding`` is minus the offset. A missing input size is one that the network takes; TensorFlow's "SAME" then leaves the
padding open, and the source states none.
"""

import csv
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from cnncalc.analysis import Analysis, analyse
from cnncalc.spec.load import load, named_specs

Row = dict[str, str]
Layers = list[Any]

TABLE = Path(__file__).parent / "data" / "receptive_fields.csv"
ROWS: list[Row] = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


# --- the networks of TF-Slim ----------------------------------------------------------------------


def conv(size: int | str, stride: int = 1, padding: str = "tf_same", name: str = "") -> str:
    return f"conv 1 {size} stride={stride} padding={padding}" + (f" as {name}" if name else "")


def pool(size: int, stride: int, padding: str = "valid", name: str = "") -> str:
    return f"max_pool {size} stride={stride} padding={padding}" + (f" as {name}" if name else "")


def mixed(name: str, *branches: Layers) -> dict[str, Any]:
    return {"concat": list(branches), "name": name}


def alexnet_v2() -> Layers:
    return [
        conv(11, 4, "valid", "conv1"), pool(3, 2, name="pool1"), conv(5, name="conv2"), pool(3, 2),
        *(conv(3, name=f"conv{i}") for i in (3, 4, 5)), pool(3, 2, name="pool5"),
    ]  # fmt: skip


def vgg(*depths: int) -> Layers:
    layers: Layers = []
    for i, depth in enumerate(depths, 1):
        layers += [conv(3, name=f"conv{i}_{j}") for j in range(1, depth + 1)] + [pool(2, 2, name=f"pool{i}")]
    return [*layers, conv(7, 1, "valid", "fc6")]


def resnet(*depths: int) -> Layers:
    """The last unit of a block strides, in its 3x3 layer; a strided convolution is padded alike on both sides."""
    layers: Layers = [conv(7, 2, "3"), pool(3, 2, "tf_same")]
    for i, depth in enumerate(depths, 1):
        for unit in range(1, depth + 1):
            last = unit == depth
            middle = conv(3, 2, "1") if last and i < 4 else conv(3)
            shortcut = [pool(1, 2)] if last and i < 4 else []
            named = {"name": f"block{i}"} if last else {}
            layers.append({"add": [shortcut, [conv(1), middle, conv(1)]], **named})
    return layers


def mobilenet_v1() -> Layers:
    layers: Layers = [conv(3, 2, name="Conv2d_0")]
    for i, stride in enumerate((1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1), 1):
        layers += [conv(3, stride), conv(1, name=f"Conv2d_{i}_pointwise")]
    return layers


def inception_v2(separable: bool = True) -> Layers:
    def same(name: str) -> dict[str, Any]:
        return mixed(name, [conv(1)], [conv(1), conv(3)], [conv(1), conv(3), conv(3)], [pool(3, 1, "tf_same"), conv(1)])

    def halved(name: str) -> dict[str, Any]:
        return mixed(name, [conv(1), conv(3, 2)], [conv(1), conv(3), conv(3, 2)], [pool(3, 2, "tf_same")])

    first = [conv(7, 2), conv(1, name="Conv2d_1a_7x7")] if separable else [conv(7, 2, name="Conv2d_1a_7x7")]
    return [
        *first, pool(3, 2, "tf_same", "MaxPool_2a_3x3"), conv(1, name="Conv2d_2b_1x1"), conv(3, name="Conv2d_2c_3x3"),
        pool(3, 2, "tf_same", "MaxPool_3a_3x3"), same("Mixed_3b"), same("Mixed_3c"), halved("Mixed_4a"),
        *(same(f"Mixed_4{x}") for x in "bcde"), halved("Mixed_5a"), same("Mixed_5b"), same("Mixed_5c"),
    ]  # fmt: skip


def stem(padding: str) -> Layers:
    """How inception_v3 and inception_resnet_v2 begin."""
    return [
        conv(3, 2, padding, "Conv2d_1a_3x3"), conv(3, 1, padding, "Conv2d_2a_3x3"), conv(3, name="Conv2d_2b_3x3"),
        pool(3, 2, padding, "MaxPool_3a_3x3"), conv(1, 1, padding, "Conv2d_3b_1x1"),
        conv(3, 1, padding, "Conv2d_4a_3x3"), pool(3, 2, padding, "MaxPool_5a_3x3"),
    ]  # fmt: skip


POOLED = [pool(3, 1, "tf_same"), conv(1)]
HALVED = conv(3, 2, "valid")
CROSS = [conv(1), conv("1x7"), conv("7x1")]
SPREAD = {"concat": [[conv("1x3")], [conv("3x1")]]}


def inception_a(name: str, five: bool) -> dict[str, Any]:
    second = conv(5 if five else 3)
    return mixed(name, [conv(1)], [conv(1), second], [conv(1), conv(3), conv(3)], POOLED)


def reduction_a(name: str) -> dict[str, Any]:
    return mixed(name, [HALVED], [conv(1), conv(3), HALVED], [pool(3, 2)])


def inception_b(name: str) -> dict[str, Any]:
    return mixed(name, [conv(1)], CROSS, [*CROSS, conv("1x7"), conv("7x1")], POOLED)


def reduction_b(name: str) -> dict[str, Any]:
    return mixed(name, [conv(1), HALVED], [*CROSS, HALVED], [pool(3, 2)])


def inception_c(name: str, *middle: str) -> dict[str, Any]:
    return mixed(name, [conv(1)], [conv(1), SPREAD], [conv(1), *middle, SPREAD], POOLED)


def inception_v3() -> Layers:
    return [
        *stem("valid"), *(inception_a(f"Mixed_5{x}", five=True) for x in "bcd"), reduction_a("Mixed_6a"),
        *(inception_b(f"Mixed_6{x}") for x in "bcde"), reduction_b("Mixed_7a"),
        *(inception_c(f"Mixed_7{x}", conv(3)) for x in "bc"),
    ]  # fmt: skip


def inception_v4() -> Layers:
    return [
        conv(3, 2, "valid", "Conv2d_1a_3x3"), conv(3, 1, "valid", "Conv2d_2a_3x3"), conv(3, name="Conv2d_2b_3x3"),
        mixed("Mixed_3a", [pool(3, 2)], [HALVED]),
        mixed("Mixed_4a", [conv(1), conv(3, 1, "valid")], [*CROSS, conv(3, 1, "valid")]),
        mixed("Mixed_5a", [HALVED], [pool(3, 2)]),
        *(inception_a(f"Mixed_5{x}", five=False) for x in "bcde"), reduction_a("Mixed_6a"),
        *(inception_b(f"Mixed_6{x}") for x in "bcdefgh"), reduction_b("Mixed_7a"),
        *(inception_c(f"Mixed_7{x}", conv("3x1"), conv("1x3")) for x in "bcd"),
    ]  # fmt: skip


def inception_resnet_v2(padding: str = "valid") -> Layers:
    def residual(maps: int, *branches: Layers, name: str = "") -> dict[str, Any]:
        named = {"name": name} if name else {}
        return {"add": [[], [{"concat": list(branches)}, f"conv {maps} 1"]], **named}

    halved, pooled = conv(3, 2, padding), pool(3, 2, padding)
    return [
        *stem(padding), inception_a("Mixed_5b", five=True),
        *[residual(4, [conv(1)], [conv(1), conv(3)], [conv(1), conv(3), conv(3)])] * 10,
        mixed("Mixed_6a", [halved], [conv(1), conv(3), halved], [pooled]),
        *[residual(6, [conv(1)], CROSS)] * 19, residual(6, [conv(1)], CROSS, name="PreAuxLogits"),
        mixed("Mixed_7a", [conv(1), halved], [conv(1), halved], [conv(1), conv(3), halved], [pooled]),
        *[residual(9, [conv(1)], [conv(1), conv("1x3"), conv("3x1")])] * 10,
        conv(1, name="Conv2d_7b_1x1"),
    ]  # fmt: skip


# --- the networks that the sources test or explain ------------------------------------------------

PADDED = {"pad": {"padding": [[1, 0], [1, 0]]}}  # one row above, one column to the left


def two_paths(left: Layers, right: Layers) -> Layers:
    return [{"add": [left, right], "name": "output"}]


def two_additions() -> Layers:
    first = {"add": [[conv(1, 4, "valid")], [PADDED, conv(3, 2, "valid"), conv(1, 2, "valid")]]}
    return [first, *two_paths([conv(1, 2, "valid")], [PADDED, conv(3, 2, "valid")])]


def squeezenet1_0() -> Layers:
    layers: Layers = ["conv 1 7 stride=2", "max_pool 3 stride=2 ceil"]
    for i in range(2, 10):
        layers.append({"concat": [["conv 1 1"], ["conv 1 3 padding=1"]], "name": f"fire{i}"})
        layers += ["max_pool 3 stride=2 ceil"] if i in (4, 8) else []
    return layers


SLIM: dict[str, Layers] = {
    "alexnet_v2": alexnet_v2(),
    "vgg_a": vgg(1, 1, 2, 2, 2),
    "vgg_16": vgg(2, 2, 3, 3, 3),
    "mobilenet_v1": mobilenet_v1(),
    "mobilenet_v1_075": mobilenet_v1(),
    "inception_v2": inception_v2(),
    "inception_v2-no-separable-conv": inception_v2(separable=False),
    "inception_v3": inception_v3(),
    "inception_v4": inception_v4(),
    "inception_resnet_v2": inception_resnet_v2(),
    "inception_resnet_v2-same": inception_resnet_v2("tf_same"),
}
for version in ("v1", "v2"):  # they differ in where the activations stand
    SLIM[f"resnet_{version}_50"] = resnet(3, 4, 6, 3)
    SLIM[f"resnet_{version}_101"] = resnet(3, 4, 23, 3)
    SLIM[f"resnet_{version}_152"] = resnet(3, 8, 36, 3)
    SLIM[f"resnet_{version}_200"] = resnet(3, 24, 36, 3)

RIGHT = [conv(3, 2, "valid"), conv(1, 2, "valid")]
POOLS = [pool(3, 2), pool(1, 2)]
SMALL: dict[str, tuple[int, Layers]] = {
    # name: (an image size that it takes, layers)
    "test_net_1": (8, two_paths([conv(1, 4, "valid")], [PADDED, *RIGHT])),
    "test_net_2": (8, two_paths([conv(1, 4, "valid")], [PADDED, *POOLS])),
    "test_net_3": (
        8,
        two_paths([{"pad": {"padding": [[2, 1], [2, 1]]}}, conv(5, 2, "valid")], [conv(3, 1, "valid")] * 2),
    ),
    "test_net_4": (9, two_paths([conv(1, 4, "valid")], [conv(3, 2), conv(1, 2, "valid")])),
    "test_net_5": (32, [conv("3x5", 2, "valid"), conv("3x1", 2, "valid", "output")]),
    "test_net_6": (8, two_paths([conv(1, 4, "valid")], [PADDED, *RIGHT, "dropout"])),
    "test_net_7": (8, two_paths([conv(1, 4, "valid")], [PADDED, *RIGHT])),
    "test_net_8": (16, two_additions()),
    "test_net_8_keras": (16, two_additions()),
    "test_net_9": (
        17,
        [{"add": [[conv(1, 4)], [conv(3, 2), conv(1, 2)]]}, *two_paths([conv(1, 2)], [conv(3, 2)])],
    ),
    "squeezenet1_0": (224, squeezenet1_0()),
    "conv7_pool3_pool3": (
        256,
        ["conv 1 7 stride=2 padding=3", "max_pool 3 stride=2 padding=1", "avg_pool 3 stride=2 padding=1 as last"],
    ),
    "small_vgg": (96, [layer for i in (1, 2, 3) for layer in ("conv 1 3", "conv 1 3", f"avg_pool 2 as block_{i}")]),
    "codingace": (64, ["conv 1 3", "conv 1 3 stride=2", "max_pool 2", "conv 1 3 dilation=2 as last"]),
    "strided": (64, [f"conv 1 3 stride={2 - i % 2} as conv{i}" for i in range(1, 6)]),
    "three_convs": (32, [f"conv 1 3 as conv{i}" for i in (1, 2, 3)]),
    "dilated": (
        64,
        [
            *(f"conv 1 3 dilation={2**i} padding={2**i}" for i in range(5)),
            "conv 1 3 dilation=32 padding=32 as last",
        ],
    ),
    "v_net": (
        32,
        ["conv 1 5 padding=2 as stage_1", "conv 1 2 stride=2", "conv 1 5 padding=2", "conv 1 5 padding=2 as stage_2"],
    ),
}

UNEXPRESSED = {
    "rf_calc": "a row of a table that puts parallel branches behind one another: no layer of GoogLeNet stands there",
}

MISTAKES = [
    # published, and wrong: the network, the part, their receptive field, where
    ("vgg16", "stage_5", 308, "torch-scan before its pull request 33"),
    ("resnet50", "stage_4", 483, "lists that give the strides of the first 1x1 layers to torchvision's network"),
]


@cache
def analysed(network: str, size: str) -> Analysis:
    if network in SLIM:
        n = int(size or 224)
        return analyse(load({"input": [1, n, n], "layers": SLIM[network]}))
    if network in SMALL:
        usual, layers = SMALL[network]
        rank = 3 if network == "v_net" else 2
        return analyse(load({"input": [1, *[int(size or usual)] * rank], "layers": layers}))
    return analyse(load(network, H=int(size), W=int(size)) if size else load(network))


def key(row: Row) -> tuple[str, str]:
    return row["network"], row["input"]


ASTRAY = [row for row in ROWS if row["receptive_field"] == "misaligned"]
STATED = [row for row in ROWS if row not in ASTRAY and row["network"] not in UNEXPRESSED]
GROUPS = {group: list(rows) for group, rows in groupby(sorted(STATED, key=key), key)}


def differences(analysis: Analysis, row: Row) -> list[tuple[str, str, tuple[Any, ...], tuple[int, ...]]]:
    """What of a row is not reproduced: the layer, the quantity, our value, theirs."""
    layer = analysis[row["layer"]]
    offset = tuple(axis if axis is None else -axis for axis in layer.offset)
    wrong = []
    for quantity, value in (("receptive_field", layer.receptive_field), ("jump", layer.jump), ("padding", offset)):
        if row[quantity]:
            stated = tuple(int(part) for part in row[quantity].split("x"))
            stated = stated * len(value) if len(stated) == 1 else stated
            if value != stated:
                wrong.append((row["layer"], quantity, value, stated))
    return wrong


@pytest.mark.parametrize(("network", "size"), GROUPS, ids=lambda part: part or "any")
def test_published_fields_are_reproduced(network: str, size: str) -> None:
    analysis = analysed(network, size)
    assert [found for row in GROUPS[network, size] for found in differences(analysis, row)] == []


@pytest.mark.parametrize("network", [*SLIM, *(name for name in SMALL if name != "test_net_3")])
def test_the_other_networks_are_aligned(network: str) -> None:
    """Google's tool raises an error where paths do not meet, so every network of its table must be aligned."""
    assert analysed(network, "").fields.misaligned == ()


@pytest.mark.parametrize("row", ASTRAY, ids=lambda row: f"{row['network']}-{row['input'] or 'any'}")
def test_misaligned_paths_are_reported(row: Row) -> None:
    assert analysed(*key(row)).fields.misaligned == ("output",)


def test_the_rows_that_are_not_expressed_are_these() -> None:
    built = SLIM.keys() | SMALL.keys() | named_specs().keys()
    assert {row["network"] for row in ROWS} - built == set(UNEXPRESSED)


def test_no_row_is_passed_over_and_each_has_a_source() -> None:
    assert sum(map(len, GROUPS.values())) + len(ASTRAY) + len(UNEXPRESSED) == len(ROWS) == 612
    assert [row for row in ROWS if len(row["source"]) < 8] == []
    assert [row for row in ROWS if not row["receptive_field"]] == []


@pytest.mark.parametrize(("network", "layer", "theirs", "where"), MISTAKES)
def test_published_mistakes_are_not_repeated(network: str, layer: str, theirs: int, where: str) -> None:
    assert theirs not in analysed(network, "")[layer].receptive_field, where


def test_same_padding_moves_the_field_with_the_size_and_not_its_size() -> None:
    small, large = analysed("resnet_v1_50", "224")["block4"], analysed("resnet_v1_50", "321")["block4"]
    assert small.receptive_field == large.receptive_field == (483, 483)
    assert (small.offset, large.offset) == ((-239, -239), (-241, -241))
