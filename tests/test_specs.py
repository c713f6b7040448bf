"""The shipped specs: each loads, has a source, stays a page, and gives the figures that were published for it."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis import Analysis, LayerAnalysis
from cnncalc.network import About
from cnncalc.spec.load import named_specs, shipped, spec_from_file

SPECS = named_specs()
FILES = {stem: Path(path) for stem, path in shipped().items()}
QUANTITIES = ("params", "weights", "buffers", "macs", "connections", "neurons", "output", "receptive_field", "jump")
Figure = Mapping[str, Any]

TORCHVISION = {
    row["name"]: row
    for row in csv.DictReader(
        (Path(__file__).parent / "data" / "torchvision_specs.csv").read_text("utf-8").splitlines()
    )
}

FIELDS = {
    # (network, layer or block): (receptive field, jump), measured on torchvision's modules, and on a PyTorch U-Net, by
    # following which input pixels each output pixel depends on
    ("alexnet", "pool5"): (195, 32),
    ("vgg11", "stage_5"): (150, 32),
    ("vgg16", "stage_5"): (212, 32),
    ("vgg19", "stage_5"): (268, 32),
    ("googlenet", "inception_5b"): (379, 32),
    ("resnet18", "stage_4"): (435, 32),
    ("resnet34", "stage_4"): (899, 32),
    ("resnet50", "stage_4"): (427, 32),
    ("resnet101", "stage_4"): (971, 32),
    ("resnet152", "stage_4"): (1451, 32),
    ("densenet121", "dense_block_4"): (2071, 32),
    ("squeezenet1_0", "fire9"): (155, 16),
    ("squeezenet1_1", "fire9"): (207, 16),
    ("mobilenet_v2", "conv2"): (491, 32),
    ("inception_v3", "e_2"): (1311, 32),
    ("mobilenet_v1", "layer_13"): (315, 32),  # Araujo, Norris & Sim 2019
    ("convnext_tiny", "stage_4"): (1688, 32),  # 4 + 3·6·4 + 4 + 3·6·8 + 8 + 9·6·16 + 16 + 3·6·32
    ("unet", "bottom"): (140, 16),
    ("unet", "output"): (204, 1),
}

AT_OTHER_SIZES: list[tuple[str, dict[str, int], dict[str, Any]]] = [
    ("lenet5_pytorch", {"H": 28, "W": 28}, {"params": 44426}),  # MNIST, lecture notes
    ("lenet5_pytorch", {"colors": 3}, {"params": 62006}),  # CIFAR-10, lecture notes
    ("unet", {"H": 188, "W": 188}, {"output": (2, 4, 4)}),  # the smallest image of the original
    ("unet", {"classes": 1}, {"params": 31030593}),  # torchsummary on public PyTorch and Keras U-Nets
    ("unet_padded", {"classes": 1, "H": 224, "W": 224}, {"params": 31030593, "output": (1, 224, 224)}),
    ("alexnet", {"H": 63, "W": 63}, {"output": (1000,)}),  # torchvision's min_size
    ("vgg16", {"H": 32, "W": 32}, {"output": (1000,)}),  # torchvision's min_size
    ("resnet50", {"H": 1, "W": 1}, {"output": (1000,)}),  # torchvision's min_size
    ("googlenet", {"H": 15, "W": 15}, {"output": (1000,)}),  # torchvision's min_size
    ("densenet121", {"H": 29, "W": 29}, {"output": (1000,)}),  # torchvision's min_size
]

TOO_SMALL = {"alexnet": 62, "vgg16": 31, "densenet121": 28}  # one less than torchvision's min_size


@cache
def analysed(name: str, **symbols: int) -> Analysis:
    return cnncalc.analyse(SPECS[name].network(symbols))


def figures(name: str) -> list[Figure]:
    """The published figures that are about this network."""
    about = SPECS[name].outline.about
    return [figure for figure in about.published if figure.get("variant", name) == name]


def part(analysis: Analysis, figure: Figure) -> LayerAnalysis | Analysis:
    return analysis[figure["of"]] if "of" in figure else analysis


def one(along_each_axis: tuple[Any, ...]) -> Any:
    """The value that holds along every axis."""
    assert len(set(along_each_axis)) == 1
    return along_each_axis[0]


def computed(name: str, figure: Figure, quantity: str) -> Any:
    analysis = analysed(name, **figure.get("at", {}))
    if quantity == "output":
        return list(part(analysis, figure).output)
    if quantity in ("receptive_field", "jump", "neurons"):
        layer = analysis[figure.get("of", analysis.network.outputs[0])]
        return layer.neurons if quantity == "neurons" else one(getattr(layer, quantity))
    return getattr(part(analysis, figure), quantity)


def near(value: Any, published: Any, within: float) -> bool:
    return bool(value == published if isinstance(value, list) else abs(value - published) <= within)


# --- (1) every spec is sound ----------------------------------------------------------------------


@pytest.mark.parametrize("name", SPECS)
def test_loads_and_analyses(name: str) -> None:
    analysis = analysed(name)
    assert analysis.network.name == name
    assert analysis.params > 0
    assert analysis.macs > 0
    assert not analysis.assumptions
    assert all(layer.output for layer in analysis)


@pytest.mark.parametrize("name", TORCHVISION)
def test_image_networks_have_sizes_and_classes_to_set(name: str) -> None:
    assert {"H", "W", "classes"} <= analysed(name).network.symbols.keys()


# --- (2) every published figure is reproduced -----------------------------------------------------


@pytest.mark.parametrize("name", [name for name in SPECS if figures(name)])
def test_published_figures(name: str) -> None:
    for figure in figures(name):
        within = figure.get("within", 0)
        for quantity in QUANTITIES:
            if quantity in figure:
                value, said = computed(name, figure, quantity), figure[quantity]
                if "right" in figure:
                    assert value == figure["right"], (quantity, dict(figure))
                    assert not near(value, said, within), ("the published value is right", dict(figure))
                else:
                    assert near(value, said, within), (quantity, value, dict(figure))


def published() -> list[tuple[str, Figure, About]]:
    abouts = {stem: spec_from_file(str(path)).outline.about for stem, path in FILES.items()}
    return [(stem, figure, about) for stem, about in abouts.items() for figure in about.published]


@pytest.mark.parametrize(("stem", "figure", "about"), published())
def test_published_figures_are_well_formed(stem: str, figure: Figure, about: About) -> None:
    stated = [quantity for quantity in QUANTITIES if quantity in figure]
    assert stated, "a figure states at least one quantity"
    if "within" in figure or "right" in figure:
        assert len(stated) == 1, "a tolerance or a correction is about one quantity"
    assert ("right" in figure) == ("why" in figure), "a correction says why, and nothing else does"
    assert figure.get("source") or about.source
    variants = spec_from_file(str(FILES[stem])).outline.variants
    assert figure.get("variant") in (None, *variants)


# --- (3) a spec is a page -------------------------------------------------------------------------


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_are_short() -> None:
    lengths = {stem: length(path) for stem, path in FILES.items()}
    assert lengths["resnet"] < 70
    assert mean(lengths.values()) < 60, lengths


@pytest.mark.parametrize("stem", FILES)
def test_lines_are_short(stem: str) -> None:
    text = FILES[stem].read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert [line for line in text.splitlines() if len(line) > 120 or line != line.rstrip()] == []


# --- (4) every spec says where it comes from ------------------------------------------------------


@pytest.mark.parametrize("name", SPECS)
def test_has_a_title_a_source_and_a_year(name: str) -> None:
    about = analysed(name).network.about
    assert about.title
    assert len(about.source) > 10
    assert about.year is not None
    assert 1980 <= about.year <= 2030


# --- independent figures --------------------------------------------------------------------------


@pytest.mark.parametrize("name", TORCHVISION)
def test_torchvision(name: str) -> None:
    """`_ops` are rounded to three decimals; the auxiliary head of Inception-v3 is counted in one and not in the other."""
    row, analysis = TORCHVISION[name], analysed(name)
    side = int(row["side"])
    assert analysis.network.input == (3, side, side)
    if row["params"]:
        assert analysis.params == int(row["params"])
    if row["giga_macs"]:
        assert abs(analysis.macs / 1e9 - float(row["giga_macs"])) <= 0.0005


@pytest.mark.parametrize(("name", "of"), FIELDS)
def test_receptive_fields(name: str, of: str) -> None:
    layer = analysed(name)[of]
    assert (one(layer.receptive_field), one(layer.jump)) == FIELDS[name, of]


@pytest.mark.parametrize(("name", "symbols", "expected"), AT_OTHER_SIZES)
def test_at_other_sizes(name: str, symbols: dict[str, int], expected: dict[str, Any]) -> None:
    analysis = cnncalc.analyse(cnncalc.load(name, **symbols))
    assert {quantity: getattr(analysis, quantity) for quantity in expected} == expected


@pytest.mark.parametrize("name", TOO_SMALL)
def test_too_small_an_image_is_refused(name: str) -> None:
    side = TOO_SMALL[name]
    with pytest.raises(cnncalc.SpecError, match=r"does not fit"):
        cnncalc.load(name, H=side, W=side)


def test_padded_unet_refuses_a_side_that_16_does_not_divide() -> None:
    with pytest.raises(cnncalc.SpecError, match="only the channels may differ"):
        cnncalc.load("unet_padded", H=520)


def test_stride_in_the_first_layer_saves_work_but_no_parameters() -> None:
    ours, paper = analysed("resnet50"), analysed("resnet50_paper")
    assert ours.params == paper.params
    assert (ours.macs, paper.macs) == (4089184256, 3857973248)


def test_two_gpus_share_the_image_not_the_maps() -> None:
    whole, halves = analysed("alexnet_227"), analysed("alexnet_groups")
    changed = [layer.name for layer in whole if layer.params != halves[layer.name].params]
    assert changed == ["conv2", "conv4", "conv5"]


def test_nin_pools_round_up_as_caffe_does() -> None:
    analysis = analysed("nin")
    assert [analysis[f"pool{i}"].output[1] for i in (1, 2, 3)] == [27, 13, 6]


def test_blocks_are_reached_by_name() -> None:
    analysis = analysed("resnet50")
    assert [analysis[f"stage_{i}"].output for i in (1, 2, 3, 4)] == [
        (256, 56, 56), (512, 28, 28), (1024, 14, 14), (2048, 7, 7)
    ]  # fmt: skip
    assert analysis["stage_2.bottleneck_3.conv_1"].output == (128, 28, 28)
