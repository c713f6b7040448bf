"""Networks written as PyTorch, run, read back by `from_torch`: the same analysis on both sides."""

import warnings
from collections import Counter
from typing import Any

import pytest
import torch

from cnncalc import analyse, from_torch, load
from cnncalc.analysis import Analysis
from cnncalc.network import part_of
from cnncalc.pytorch.build import Built
from cnncalc.spec.errors import SpecError
from cnncalc.spec.load import named_specs
from tests.test_export_pytorch import agrees, built

UNREAD = {"lenet5_1998": "index in c3 cannot be expressed"}
"""What is written with a class of its own that the importer has no name for."""


def read_back(analysis: Analysis) -> Analysis:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Analysis(from_torch(built(analysis), tuple(analysis.network.inputs.values())))


def told(analysis: Analysis) -> dict[str, Any]:
    """What both sides must say alike, whatever the layers are called."""
    nodes = analysis.network.nodes
    learning = (
        name
        for name, facts in analysis.facts.items()
        if (facts.weights or facts.buffers) and not (nodes[name].shares and nodes[name].layer.kind == "parameter")
    )
    return {
        "outputs": [*analysis.outputs.values()],
        "params": analysis.params,
        "buffers": analysis.buffers,
        "macs": analysis.macs,
        "layers": Counter(
            (nodes[name].layer.kind, analysis.learned(name), analysis.macs_of(name)) for name in learning
        ),
        "field": last_map(analysis),
    }


def last_map(analysis: Analysis) -> Any:
    """The receptive field, jump and offset of the last map with more than one position (a global pool may keep axes)."""
    maps = [name for name, facts in analysis.facts.items() if any(n != 1 for n in facts.output[1:])]
    if not maps:
        return None
    row = analysis[maps[-1]]
    return row.receptive_field, row.jump, row.offset


@pytest.mark.parametrize("name", [name for name in named_specs() if name not in UNREAD])
def test_every_spec_comes_back_from_pytorch_as_it_was(name: str) -> None:
    analysis = analyse(load(name))
    assert told(read_back(analysis)) == told(analysis)


@pytest.mark.parametrize("name", UNREAD)
def test_what_cannot_come_back_is_refused_by_name(name: str) -> None:
    with pytest.raises(SpecError, match=UNREAD[name]):
        read_back(analyse(load(name)))


def test_the_comparison_can_fail() -> None:
    assert told(analyse(load("vgg16"))) != told(analyse(load("vgg16_bn")))
    assert told(analyse(load("resnet50"))) != told(analyse(load("resnet50_paper")))


# --- plain tensors, and modules used twice -------------------------------------------------------

ATTENTION = {
    "input": [6, 4, 4],
    "symbols": {"w": 8},
    "blocks": {"attention(d)": [
        "layer_norm over=last as norm",
        "linear d in_features=w as q", "linear d in_features=w from=norm as k", "linear d in_features=w from=norm as v",
        {"permute": {"dims": [2, 1], "from": "k", "name": "turned"}},
        {"matmul": {"from": "q", "with": "turned", "name": "scores"}},
        {"elementwise": {"function": "divide", "value": 2.5}},
        "softmax dim=2 as weights",
        {"matmul": {"from": "weights", "with": "v"}},
        "linear w in_features=d as out",
        {"parameter": {"shape": [1, "w"], "name": "scale"}},
        {"multiply": {"from": "out", "with": "scale"}},
    ]},
    "layers": ["conv w 2x2 stride=2", {"reshape": {"shape": ["w", -1]}}, "permute 2x1 as tokens", "parameter 1x8 as class_token",
               {"concat": {"from": "class_token", "with": "tokens", "dim": 1}}, "attention 4", "attention 4",
               {"reduce": {"dims": [1], "function": "mean"}}, "linear 3"],
}  # fmt: skip
SPECS: dict[str, dict[str, Any]] = {
    "attention": ATTENTION,
    "shared in a block": {
        "input": [3, 9, 9],
        "blocks": {"twice(a)": ["conv a 1x1", "conv a 3x3 padding=1 as one", "relu", "conv a 3x3 padding=1 shares=one",
                                "batch_norm as bn", "relu", "batch_norm shares=bn"]},
        "layers": ["twice 4", "twice 6"],
    },
    "shared with another stride": {
        "input": [3, 9, 9],
        "layers": ["conv 3 3x3 padding=1 as one", "conv 3 3x3 stride=2 shares=one", "conv 3 3x3 tf_same shares=one"],
    },
    "shared from within a branch": {
        "input": [3, 9, 9],
        "layers": [{"add": [["conv 3 3x3 padding=1 as one"], ["relu"]]}, "conv 3 3x3 padding=1 shares=one"],
    },
    "shared across blocks": {
        "input": [3, 9, 9],
        "blocks": {"head(a)": ["conv a 3x3 padding=1 as one"]},
        "layers": ["head 3", "conv 3 3x3 padding=1 shares=head_1.one"],
    },
    "shared parameter": {
        "input": [3, 4, 4],
        "layers": ["relu as x", "parameter 3x1x1 as scale", {"multiply": {"from": "x", "with": "scale", "name": "y"}},
                   "parameter 3x1x1 shares=scale as again", {"add": {"from": "y", "with": "again"}}],
    },
    "fixed windows": {"input": [4, 9, 9], "layers": ["conv 4 3x3 groups=4 nobias fixed", "conv 2 3x3 fixed tf_same"]},
    "frozen numbers": {"input": [3, 4, 4], "layers": ["relu as x", "parameter 3x1x1 frozen as scale",
                                                      {"multiply": {"from": "x", "with": "scale"}}]},
    "fixed numbers": {"input": [3, 4, 4], "layers": ["relu as x", "parameter 3x4x4 fixed as grid",
                                                     {"add": {"from": "x", "with": "grid"}}]},
    "a table looked up": {"input": [3, 4, 4], "layers": ["relu as x", "parameter 3x4x4 table=5x2 as bias",
                                                         {"add": {"from": "x", "with": "bias"}}]},
    "other axes": {"input": [3, 6, 4], "layers": ["split 2 dim=2 as parts", "softmax dim=3 from=parts[0] as a",
                                                  "log_softmax dim=2 from=parts[1] as b",
                                                  {"concat": {"from": "a", "with": "b", "dim": 3}}]},
}  # fmt: skip
FUNCTIONS = "abs neg sign square exp sin cos erf round floor ceil clamp".split()  # noqa: SIM905
PAIRS = "add subtract multiply divide maximum minimum power".split()  # noqa: SIM905
for _function in FUNCTIONS:
    SPECS[_function] = {"input": [2, 3, 3], "layers": [f"elementwise {_function}"]}
for _function in PAIRS:
    SPECS[f"{_function} 3"] = {"input": [2, 3, 3], "layers": ["relu", f"elementwise {_function} value=3"]}
    SPECS[f"{_function} of three"] = {"input": [2, 3, 3], "layers": [
        "sigmoid as a", "softplus from=input as b", "softplus from=a as c",
        {"elementwise": {"function": _function, "from": "a", "with": ["b", "c"]}}]}  # fmt: skip
for _function in ("mean", "sum", "max", "min", "var", "std", "norm"):
    SPECS[f"reduce {_function}"] = {"input": [2, 3, 4], "layers": [{"reduce": {"dims": [1, 3], "function": _function}}]}
    SPECS[f"reduce {_function}, axes kept"] = {
        "input": [2, 3, 4], "layers": [{"reduce": {"dims": [2], "function": _function, "keepdims": True}}]}  # fmt: skip


def plain(name: str) -> str:
    """A tensor's name, whether it stands alone as an attribute or in a module of its own."""
    return name.replace(".", "_").removesuffix("_weight")


@pytest.mark.parametrize("name", SPECS)
def test_plain_tensors_agree_and_compute_what_the_cross_check_computes(name: str) -> None:
    """With the numbers of `cnncalc.pytorch.build`, written apart from this; for one image, as that takes them."""
    analysis = analyse(load(SPECS[name]))
    agrees(analysis, "cpu")
    torch.manual_seed(0)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        theirs, ours = Built(analysis).eval(), built(analysis, "cpu")
        for kind in ("parameters", "buffers"):
            given = {plain(name): one for name, one in getattr(theirs, f"named_{kind}")()}
            mine = {plain(name): one for name, one in getattr(ours, f"named_{kind}")()}
            assert mine.keys() == given.keys()
            for name, one in mine.items():
                one.copy_(given[name])
        x = torch.randn(1, *analysis.network.input)
        reference, part = part_of(analysis.network.outputs[0])
        expected = theirs(x)[reference] if part is None else theirs(x)[reference][part]
        assert torch.allclose(ours(x), expected, atol=1e-5, rtol=1e-4, equal_nan=True)


APART = {
    "a table looked up",  # an index of one's own
    "fixed numbers",  # the importer takes constants that are added as part of the addition
    "shared with another stride",  # the importer's layers share whole modules
}
READ = [name for name in SPECS if name not in APART]


@pytest.mark.parametrize("name", READ)
def test_plain_tensors_come_back(name: str) -> None:
    analysis = analyse(load(SPECS[name]))
    assert told(read_back(analysis)) == told(analysis)


def test_blocks_with_plain_tensors_stay_classes() -> None:
    from cnncalc.export import export

    code = export(analyse(load(ATTENTION)), "pytorch")
    assert code.count("class Attention(nn.Module)") == 1
    assert code.count("self.attention_") == 4


def test_what_is_known_from_outside_only_is_refused_by_name() -> None:
    from cnncalc.export import Unsupported, export

    with pytest.raises(Unsupported, match=r"^box \(opaque\)"):
        export(analyse(load({"input": [3, 4, 4], "layers": ["opaque output=3x4x4 as box"]})), "pytorch")
