"""The networks of specs/ in PyTorch, their fully convolutional twins, and the words of the language they brought along."""

from functools import cache
from math import prod
from pathlib import Path

import pytest
import torch

from cnncalc import SpecError, analyse, load
from cnncalc.analysis import Analysis
from cnncalc.convolutional import Unconvertible, fully_convolutional
from cnncalc.pytorch.build import Built
from cnncalc.pytorch.check import check
from cnncalc.spec.formatting import formatted
from cnncalc.spec.load import named_specs, shipped, spec_from_file, spec_from_text
from cnncalc.spec.tree import plain
from cnncalc.spec.write import to_yaml
from tests.commands import invoke

SPECS = named_specs()
FEWER = {"rcnn": {"proposals": 3}, "fast_rcnn": {"proposals": 3}, "faster_rcnn": {"proposals": 3},
         "mask_rcnn": {"proposals": 3, "detections": 2}}  # fmt: skip


@pytest.mark.parametrize("name", SPECS)
def test_agrees_with_pytorch(name: str) -> None:
    """Every layer's shape, parameters and buffers by name, and multiply-accumulates."""
    report = check(Analysis(SPECS[name].network(FEWER.get(name, {}))), "meta")
    assert report.differences == []


# --- the fully convolutional twin -----------------------------------------------------------------

CLASSIFIERS = ["lenet5", "alexnet", "alexnet_groups", "vgg11_bn", "googlenet", "resnet18", "mobilenet_v3_small", "densenet121",
               "convnext_tiny", "mlp", "nin_bn"]  # fmt: skip
LINES = [
    "3x9x9 -> conv 4 3x3 -> relu -> flatten -> linear 5 -> softmax -> linear 2 nobias",
    "2x12 -> conv 3 5 -> max_pool 2 -> flatten -> dropout -> linear 4",
    "2x6x8x8 -> conv 3 3x3x3 -> global_avg_pool -> linear 4 -> batch_norm -> linear 3",
    "3x12x12 -> conv 4 3x3 -> adaptive_avg_pool 5 -> flatten -> linear 3",
    "3x8x8 -> conv 4 3x3 -> global_max_pool keepdims -> layer_norm -> flatten -> linear 3",
]


@cache
def twin(spec: str) -> Analysis:
    return Analysis(fully_convolutional(load(spec)))


@pytest.mark.parametrize("spec", [*CLASSIFIERS, *LINES])
def test_the_twin_has_the_same_parameters_and_costs(spec: str) -> None:
    original = analyse(load(spec))
    assert twin(spec).params == original.params
    assert twin(spec).macs == original.macs
    assert twin(spec).output == (*original.output, *(1 for _ in original.network.input[1:]))


@pytest.mark.parametrize("spec", ["lenet5", "mobilenet_v3_small", *LINES])
def test_the_twin_computes_the_same_numbers(spec: str) -> None:
    """With the classifier's own numbers, reshaped, in PyTorch."""
    torch.manual_seed(0)
    original = analyse(load(spec))
    one, other = Built(original).double().eval(), Built(twin(spec)).double().eval()
    shapes = {key: value.shape for key, value in other.state_dict().items()}
    other.load_state_dict({key: value.reshape(shapes[key]) for key, value in one.state_dict().items()})
    image = torch.randn(1, *original.network.input, dtype=torch.float64)
    with torch.no_grad():
        *_, (_, scores) = one.run(image)
        *_, (_, maps) = other.run(image)
    torch.testing.assert_close(maps.flatten(1), scores)


def test_heat_map_of_vgg() -> None:
    """CS231n: an image of 384 gives 6×6 scores, 34 evaluations of 224×224 crops at once."""
    text = to_yaml(fully_convolutional(load("vgg16")), open_sides=True)
    assert spec_from_text(text).network({"H": 384, "W": 384}).input == (3, 384, 384)
    assert analyse(spec_from_text(text).network({}), H=384, W=384).output == (1000, 6, 6)
    size = analyse(spec_from_text(text).network({}), open=("H", "W")).output[1]
    assert [size.at({"H": n}) for n in (224, 255, 256, 384)] == [1, 1, 2, 6]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("unet", "unet has no fully connected layer"),
        ("3x9x9 -> conv 4 3x3 -> flatten -> batch_norm -> linear 2", "batch_norm_1 .* works on the flattened 4×7×7"),
        ("3x9x9 -> conv 4 3x3 -> flatten -> softmax -> linear 2", "softmax_1"),
        ("3x9x9 -> conv 4 3x3 -> adaptive_avg_pool 3 -> flatten -> linear 2", "pools 7×7 to 3×3 unevenly"),
        ("3x9x9 -> flatten -> reshape 9x27 -> flatten -> linear 2", "reshape_1"),
    ],
)
def test_what_has_no_twin(spec: str, words: str) -> None:
    with pytest.raises(Unconvertible, match=words):
        fully_convolutional(load(spec))


def test_a_gate_stays_a_gate() -> None:
    kinds = [node.layer.kind for node in twin("mobilenet_v3_small").network.nodes.values()]
    assert (kinds.count("global_avg_pool"), kinds.count("avg_pool")) == (9, 1)


def test_convert_prints_a_spec_and_tells_the_heat_map() -> None:
    result = invoke(["convert", "--fc-to-conv", "vgg16"])
    assert result.exit_code == 0
    assert analyse(load(result.stdout)).params == 138357544
    assert result.stderr == "138,357,544 parameters, as vgg16 has; the heat map is (⌊H/32⌋ - 6)×(⌊W/32⌋ - 6)\n"


def test_convert_writes_a_file(tmp_path: Path) -> None:
    target = tmp_path / "twin.yaml"
    result = invoke(["convert", "--fc-to-conv", "lenet5", "-o", str(target)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert analyse(load(target)).output == (10, 1, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["twin.yaml"]


def test_convert_says_no() -> None:
    result = invoke(["convert", "--fc-to-conv", "nin"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no fully connected layer" in result.stderr
    assert invoke(["convert", "nin"]).exit_code == 2


# --- formatting -----------------------------------------------------------------------------------

UNTIDY = """# about the file
layers:
-   conv   6  5x5  as  c1   # the first
- {max_pool: {kernel_size:  2}}

# colours
input: [3, 32, 32]\x20\x20
name: x
"""
TIDY = """# about the file
name: x
# colours
input: [3, 32, 32]
layers:
  - conv 6 5x5 as c1   # the first
  - {max_pool: {kernel_size:  2}}
"""


def test_formatting() -> None:
    assert formatted(UNTIDY) == TIDY
    assert formatted(TIDY) == TIDY


@pytest.mark.parametrize("stem", shipped())
def test_specs_are_in_the_usual_form(stem: str) -> None:
    text = Path(shipped()[stem]).read_text("utf-8")
    assert formatted(text, stem) == text


SAID = [
    "{input: [3, 8, 8], layers: [relu]}",
    "input: 3x8x8\nlayers: [relu,\nrelu]\nname: |\n  a  b\n",
    "layers: [relu]\nnotes: |\n  two spaces at the end  \ninput: [3, 8, 8]\n",
    "layers: [relu]\nnotes: |\n  - a   b\n\n\ninput: [3, 8, 8]\n",
]


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_is_never_changed(text: str) -> None:
    assert spec_from_text(formatted(text)).outline.about == spec_from_text(text).outline.about


def test_format_command(tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(UNTIDY, "utf-8")
    assert invoke(["format", "--check", str(file)]).exit_code == 1
    assert file.read_text("utf-8") == UNTIDY
    assert invoke(["format", str(file)]).exit_code == 0
    assert file.read_text("utf-8") == TIDY
    assert invoke(["format", "--check", str(file)]).exit_code == 0
    assert invoke(["format", "-"], stdin=UNTIDY.encode()).stdout == TIDY
    assert invoke(["format", str(tmp_path / "none.yaml")]).exit_code == 1
    assert invoke(["format", "-"], stdin=b"a: [").exit_code == 1


# --- learned tensors on their own, and shared ones ------------------------------------------------


def test_a_learned_factor() -> None:
    spec = {"input": [4, 5, 5], "layers": [{"multiply": [[], [{"parameter": {"shape": ["channels", 1, 1]}}]]}]}
    analysis = analyse(load(spec))
    assert (analysis.params, analysis.output, analysis.macs) == (4, (4, 5, 5), 0)
    assert analysis["multiply_1"].receptive_field == (1, 1)
    assert check(analysis, "cpu").differences == []


SHARED = """
input: [3, 8, 8]
layers:
  - conv 6 3x3 padding=1 as a
  - conv 6 3x3 padding=1 as b
  - conv 6 3x3 padding=1 shares=b as c
"""


def test_shared_numbers_are_counted_once() -> None:
    analysis = analyse(load(SHARED))
    assert analysis.params == (3 * 9 + 1) * 6 + (6 * 9 + 1) * 6
    assert (analysis["c"].params, analysis["c"].macs) == (0, analysis["b"].macs)
    assert check(analysis, "cpu").differences == []
    assert load(to_yaml(load(SHARED))).nodes == load(SHARED).nodes


def test_sharing_needs_the_same_kind_and_shape() -> None:
    with pytest.raises(SpecError, match="not shaped like those of a"):
        load(SHARED.replace("shares=b", "shares=a"))
    with pytest.raises(SpecError, match="input is no conv"):
        load(SHARED.replace("shares=b", "shares=input"))


# --- blocks between files -------------------------------------------------------------------------


def test_a_whole_spec_is_a_block(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text("symbols: {width: 4}\ninput: [1, 9, 9]\nlayers: [conv width 3x3]\n", "utf-8")
    whole = tmp_path / "whole.yaml"
    whole.write_text("use: part\ninput: [2, 9, 9]\nlayers: [part, part as again]\n", "utf-8")
    assert analyse(load(whole)).output == (4, 5, 5)
    whole.write_text("use: part\nsymbols: {width: 7}\ninput: [2, 9, 9]\nlayers: [part]\n", "utf-8")
    assert analyse(load(whole)).output == (7, 7, 7)


def test_a_spec_named_like_a_kind_is_no_block(tmp_path: Path) -> None:
    (tmp_path / "relu.yaml").write_text(
        "input: [1, 9, 9]\nblocks: {twice: [conv 2 1x1]}\nlayers: [conv 4 3x3]\n", "utf-8"
    )
    whole = tmp_path / "whole.yaml"
    whole.write_text("use: relu\ninput: [2, 9, 9]\nlayers: [relu, twice]\n", "utf-8")
    assert [node.layer.kind for node in load(whole).nodes.values()] == ["relu", "conv"]


def test_no_spec_repeats_a_block_of_another() -> None:
    owners: dict[str, str] = {}
    for stem, path in shipped().items():
        blocks = spec_from_file(path).outline.blocks
        for body in plain(blocks).values() if blocks is not None else ():
            other = owners.setdefault(repr(body), stem)
            assert other == stem, (stem, other, body)


def test_defaults_with_commas() -> None:
    spec = {"input": [3, 8, 8], "blocks": {"b(x, y=min(x, 2) + max(1, x))": ["conv y 1x1"]}, "layers": ["b 5"]}
    assert analyse(load(spec)).output == (7, 8, 8)


# --- the list -------------------------------------------------------------------------------------


def test_list_by_family() -> None:
    lines = invoke(["list", "vgg"], width=120).stdout.splitlines()
    assert lines[1].startswith("VGG ")
    assert lines[2].split() == ["vgg11", "3×224×224", "132,863,336", "7,609,090,048"]
    assert "fcn" not in invoke(["list", "vgg"]).stdout


def test_errata_are_told_with_where_they_hold() -> None:
    out = invoke(["summary", "enet", "--depth", "1"]).stdout
    assert "macs at H=360, W=640: published as 1,915,000,000, right is 1,727,251,200: " in out
    assert "published" not in invoke(["summary", "enet", "--depth", "1", "--no-notes"]).stdout
    assert "96×111×111" in invoke(["summary", "squeezenet1_0", "--depth", "1"]).stdout


# --- dense prediction at sizes that do not fit so well --------------------------------------------


@pytest.mark.parametrize(("name", "height", "width"), [("deconvnet", 225, 230), ("enet", 40, 64), ("segnet", 45, 50)])
def test_values_go_back_to_where_they_came_from(name: str, height: int, width: int) -> None:
    """With the places that PyTorch's pooling remembers, in maps of odd sizes."""
    analysis = analyse(load(name, H=height, W=width))
    assert analysis.output[1:] == (height, width)
    assert check(analysis, "cpu").differences == []


@pytest.mark.parametrize(
    ("name", "answer"), [("enet", "H ≡ 0 (mod 8), H ≥ 8    proved\n"), ("deconvnet", "every H ≥ 224    proved\n")]
)
def test_which_images_fit(name: str, answer: str) -> None:
    assert invoke(["solve", name, "--for", "H", "--such-that", "valid"]).stdout == answer


@pytest.mark.parametrize("name", ["fcn32s", "fcn16s", "fcn8s"])
@pytest.mark.parametrize(("height", "width"), [(1, 64), (333, 500), (17, 18)])
def test_fcn_gives_a_score_for_every_pixel(name: str, height: int, width: int) -> None:
    assert analyse(load(name, H=height, W=width)).output == (21, height, width)


def test_the_working_of_shared_and_of_lone_numbers() -> None:
    shared = invoke(["explain", "mask_rcnn", "rpn_p3.conv"]).stdout
    assert "params    0   uses the numbers of rpn_p2.conv, which are counted there" in shared
    alone = invoke(["explain", "convnext_tiny", "stage_1.block_1.layer_scale"]).stdout
    assert alone.startswith("stage_1.block_1.layer_scale · parameter · 96×1×1\n")


# --- how many anchors and regions -----------------------------------------------------------------


def test_anchors() -> None:
    """k anchors at each of ⌈H/16⌉·⌈W/16⌉ positions; 3 at each of a pyramid's, 1/4 to 1/64 of the image."""
    faster = analyse(load("faster_rcnn"))
    scores, boxes = (prod(faster[name].output) for name in ("rpn_scores", "rpn_boxes"))
    assert (scores // 2, boxes // 4) == (21546, 21546)
    pyramid = analyse(load("mask_rcnn"))
    sides = [(200, 272), (100, 136), (50, 68), (25, 34), (13, 17)]
    found = sum(prod(pyramid[f"rpn_p{level}.objectness"].output) for level in range(2, 7))
    assert found == sum(3 * h * w for h, w in sides) == 217413


def test_what_is_behind_the_regions_runs_once_a_region() -> None:
    crops, alone = analyse(load("rcnn")), analyse(load("alexnet_227"))
    assert crops["cnn.fc7"].macs == 2000 * alone["fc7"].macs
    assert crops["cnn.conv1"].macs == 2000 * alone["conv1"].macs
    fast, faster = analyse(load("fast_rcnn")), analyse(load("faster_rcnn"))
    assert fast["backbone"].macs == faster["backbone"].macs
    assert (fast["head"].macs, faster["head"].macs) == (2000 * 119537664, 300 * 119537664)  # 25088·4096 + 4096²
