"""Every number that five sets of lecture notes on convolutional networks state, or get wrong.

The expectation is always the number of the notes, or theirs put right; the right one then stands beside the wrong one.
"""

from functools import cache
from itertools import product
from math import prod
from typing import Any

import pytest

from cnncalc import Analysis, SpecError, analyse, load
from cnncalc.layers import kind


@cache
def of(spec: str, **symbols: int) -> Analysis:
    return analyse(load(spec, **symbols))


def outputs(analysis: Analysis) -> list[tuple[int, ...]]:
    return [layer.output for layer in analysis]


def layers(analysis: Analysis, *kinds: str) -> int:
    return sum(1 for layer in analysis if layer.kind in kinds)


# --- one number each ------------------------------------------------------------------------------

NUMBERS: list[tuple[str, str, str, Any]] = [
    # what the notes say, the network, what is asked, the number
    ("an MLP 4-4-4-4-1 has (5·4)·3 + 5 connections", "4 -> linear 4 -> linear 4 -> linear 4 -> linear 1",
     "connections", 65),
    ("a linear classifier of CIFAR-10 has l·n·m·3 + l parameters", "3x32x32 -> flatten -> linear 10", "params", 30730),
    ("a dense unit on 32x32x3 has 3072 weights", "3x32x32 -> flatten -> linear 1 nobias", "params", 3072),
    ("a dense unit on 200x200x3 has 120,000 weights", "3x200x200 -> flatten -> linear 1 nobias", "params", 120000),
    ("[1 0 -1] * [0 1 2] has m + n - 1 entries", "1x3 -> conv 1 3 padding=full", "output", (1, 5)),
    ("the full convolution of 3x3 and 5x5 is 7x7", "1x5x5 -> conv 1 3x3 padding=full", "output", (1, 7, 7)),
    ("a 5x5x3 filter has 75 weights", "3x32x32 -> conv 1 5x5 nobias", "params", 75),
    ("and a bias", "3x32x32 -> conv 1 5x5", "params", 76),
    ("W=5, F=3, P=1 gives 5", "1x5 -> conv 1 3 padding=1", "output", (1, 5)),
    ("and 3 with stride 2", "1x5 -> conv 1 3 stride=2 padding=1", "output", (1, 3)),
    ("AlexNet's first layer on 227 is 55x55x96", "3x227x227 -> conv 96 11x11 stride=4", "output", (96, 55, 55)),
    ("it has 290,400 neurons", "3x227x227 -> conv 96 11x11 stride=4", "activations", 290400),
    ("unshared, 290,400·364 = 105,705,600 weights", "3x227x227 -> locally_connected 96 11x11 stride=4", "params",
     105705600),
    ("shared, 34,848 weights and 96 biases", "3x227x227 -> conv 96 11x11 stride=4", "params", 34944),
    ("its images as columns are 363x3025", "3x227x227 -> im2col 11x11 stride=4", "output", (363, 3025)),
    ("its input has 224·224·3 = 150,528 numbers", "3x224x224 -> flatten", "output", (150528,)),
    ("the demo: 5x5x3, K=2, F=3, S=2, P=1 gives 3x3x2", "3x5x5 -> conv 2 3x3 stride=2 padding=1", "output", (2, 3, 3)),
    ("with 56 parameters", "3x5x5 -> conv 2 3x3 stride=2 padding=1", "params", 56),
    ("3 maps, 2 filters 3x3: 54 weights and 2 biases", "3x8x8 -> conv 2 3x3", "params", 56),
    ("1 map, 2 filters 3x3", "1x8x8 -> conv 2 3x3", "params", 20),
    ("4 filters 3x3 on colours: 4·(3·9 + 1)", "3x8x8 -> conv 4 3x3", "params", 112),
    ("an MLP 1024-84-10 has 86,950 parameters", "1x32x32 -> flatten -> linear 84 -> linear 10", "params", 86950),
    ("LeNet-5's C1 as a layer without shared weights: 122,304", "1x32x32 -> locally_connected 6 5x5", "params", 122304),
    ("and as many connections with them", "1x32x32 -> conv 6 5x5", "connections", 122304),
    ("PyTorch's Conv2d(1, 8, 5) has 208 parameters", "1x28x28 -> Conv2d 1 8 5", "params", 208),
    ("and gives 8x24x24", "1x28x28 -> Conv2d 1 8 5", "output", (8, 24, 24)),
    ("an edge kernel on 8 rows and 11 columns gives 6x9", "1x8x11 -> conv 1 3x3", "output", (1, 6, 9)),
    ("conv 3-D: 2 filters 3x3x3 on one volume", "1x8x8x8 -> conv 2 3x3x3", "params", 56),
    ("global average pooling learns nothing", "512x7x7 -> global_avg_pool", "params", 0),
    ("class activation maps: channels·classes weights", "512x7x7 -> global_avg_pool -> linear 10 nobias", "params", 5120),
    ("a region of any size becomes 7x7", "512x14x14 -> roi_pool 7 regions=300", "output", (512, 7, 7)),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "spec", "quantity", "value"), NUMBERS, ids=[fact for fact, *_ in NUMBERS])
def test_number_of_the_notes(fact: str, spec: str, quantity: str, value: Any) -> None:
    assert getattr(of(spec), quantity) == value, fact


# --- weights and biases apart, and connections ----------------------------------------------------

APART = [
    ("3x8x8 -> conv 2 3x3", 54, 2),
    ("3x227x227 -> conv 96 11x11 stride=4", 34848, 96),
    ("3x227x227 -> locally_connected 96 11x11 stride=4", 290400 * 363, 290400),
    ("1x32x32 -> locally_connected 6 5x5", 117600, 4704),
    ("5 -> linear 5", 25, 5),
    ("1x5 -> conv 1 3", 3, 1),
]


@pytest.mark.parametrize(("spec", "weights", "biases"), APART)
def test_weights_and_biases(spec: str, weights: int, biases: int) -> None:
    (layer,) = of(spec)
    assert (layer.weights, layer.biases) == (weights, biases)


@pytest.mark.parametrize(("padding", "links"), [("same", 13), ("valid", 9)])
def test_links_of_a_1d_convolution_that_the_diagram_draws(padding: str, links: int) -> None:
    """The diagram draws no link into the padding."""
    analysis = of(f"1x5 -> conv 1 3 padding={padding}")
    positions = range(analysis.output[1])
    assert sum(len(analysis.reach("conv_1", (i,))["input"][0]) for i in positions) == links


def test_links_into_the_padding_count_as_multiplications() -> None:
    assert (of("1x5 -> conv 1 3 padding=same").macs, of("1x5 -> conv 1 3").macs) == (15, 9)


def test_pytorch_weight_and_bias_shapes() -> None:
    facts = of("1x28x28 -> Conv2d 1 8 5 as conv").facts["conv"]
    assert facts.weights == {"weight": (8, 1, 5, 5), "bias": (8,)}


def test_fans_of_alexnet_conv1_for_glorot() -> None:
    """363 in, 11,616 out: the kernel's size times the channels, not the kernel's size 121 alone."""
    outgoing, incoming, *kernel = of("alexnet_227").facts["conv1"].weights["weight"]
    assert (incoming * prod(kernel), outgoing * prod(kernel)) == (363, 11616)


# --- sizes ----------------------------------------------------------------------------------------


def test_both_ways_to_write_the_dilated_size() -> None:
    """⌊(I - K - (K-1)(D-1) + 2P)/S⌋ + 1, the notes' way, for 29·5·3·4·3 settings."""
    conv = kind("conv")
    compared = 0
    for size, kernel, stride, dilation, padding in product(
        range(4, 33), range(1, 6), range(1, 4), range(1, 5), range(3)
    ):
        layer = conv(out_channels=1, kernel_size=kernel, stride=stride, dilation=dilation, padding=padding)
        notes = (size - kernel - (kernel - 1) * (dilation - 1) + 2 * padding) // stride + 1
        assert layer.facts((1, size)).output == (1, notes)
        compared += 1
    assert compared == 29 * 5 * 3 * 4 * 3


@pytest.mark.parametrize(("size", "side"), [(28, 4), (32, 5), (33, 5), (224, 53)])
def test_map_size_of_lenet(size: int, side: int) -> None:
    """((size - 6)//2 - 5)//2 + 1, and what reaches the linear layer."""
    analysis = of("lenet5_pytorch", H=size, W=size)
    assert analysis["max_pool_1"].output == (16, side, side)
    assert analysis["flatten_1"].output == (16 * side**2,)


@pytest.mark.parametrize(("side", "score"), [(224, 1), (384, 6)])
def test_vgg_as_a_fully_convolutional_network(side: int, score: int) -> None:
    """A larger image gives a map of scores, 32 pixels apart."""
    trunk = of("vgg16", H=side, W=side)["stage_5"]
    head = of("x".join(map(str, trunk.output)) + " -> conv 4096 7x7 -> conv 4096 1x1 -> conv 1000 1x1")
    assert head.output == (1000, score, score)
    assert trunk.jump == (32, 32)


def test_pooling_2x2_keeps_a_quarter_and_learns_nothing() -> None:
    (pool,) = of("96x28x28 -> max_pool 2x2")
    assert (pool.output, pool.params) == ((96, 14, 14), 0)
    assert 1 - pool.activations / (96 * 28 * 28) == 0.75


UPSAMPLED = [("upsample 2", 0), ("upsample 2 bed_of_nails", 0), ("max_unpool 2", 0),
             ("conv_transpose 8 2 stride=2", 8 * 8 * 4 + 8)]  # fmt: skip


@pytest.mark.parametrize(("layer", "params"), UPSAMPLED)
def test_upsampling_doubles_the_map(layer: str, params: int) -> None:
    (made,) = of(f"8x7x7 -> {layer}")
    assert (made.output, made.params) == ((8, 14, 14), params)


def test_skips_add_equal_maps_and_concatenate_channels() -> None:
    sides = ["conv 4 3x3 padding=1"], ["conv 6 3x3 padding=1"]
    assert analyse(load({"input": [4, 8, 8], "layers": [{"concat": list(sides)}]})).output == (10, 8, 8)
    with pytest.raises(SpecError, match="the sizes differ"):
        load({"input": [4, 8, 8], "layers": [{"add": list(sides)}]})


def test_unet_sizes_and_what_is_cropped() -> None:
    """572 in, 388 out; 64 is cropped to 56, 136 to 104, 280 to 200, 568 to 392."""
    unet = of("unet")
    assert (unet["enc1"].output, unet.output) == ((64, 568, 568), (2, 388, 388))
    crops = [layer.output[1] for layer in unet if layer.kind == "crop"]
    assert crops == [56, 104, 200, 392]


# --- LeNet-5 --------------------------------------------------------------------------------------

LENET = [
    ("c1", (6, 28, 28), 156),
    ("avg_pool_1", (6, 14, 14), 0),
    ("c3", (16, 10, 10), 2416),
    ("avg_pool_2", (16, 5, 5), 0),
    ("flatten_1", (400,), 0),
    ("linear_1", (120,), 48120),
    ("linear_2", (84,), 10164),
    ("linear_3", (10,), 850),
]


@pytest.mark.parametrize(("layer", "output", "params"), LENET)
def test_keras_summary_of_lenet(layer: str, output: tuple[int, ...], params: int) -> None:
    made = of("lenet5")[layer]
    assert (made.output, made.params) == (output, params)


def test_keras_totals_of_lenet() -> None:
    lenet = of("lenet5")
    assert (lenet.params, lenet.trainable, lenet.buffers) == (61706, 61706, 0)


def test_most_parameters_of_lenet_are_in_the_mlp() -> None:
    lenet = of("lenet5")
    dense = sum(layer.params for layer in lenet if layer.kind == "linear")
    assert dense == 59134
    assert round(100 * dense / lenet.params, 1) == 95.8


def test_lenet_in_pytorch_on_mnist_and_on_cifar() -> None:
    assert of("lenet5_pytorch").params == 61706
    assert of("lenet5_pytorch", H=28, W=28).params == 44426
    colour = of("lenet5_pytorch", colors=3)
    assert (colour["conv1"].params, colour.params) == (456, 62006)
    assert colour.params - colour["conv1"].params == 61550


def test_lenet_counts_five_layers_with_weights() -> None:
    lenet = of("lenet5_pytorch")
    assert (layers(lenet, "conv"), layers(lenet, "linear")) == (2, 3)
    assert layers(lenet, "avg_pool", "max_pool") == 2


def test_lenet_of_the_paper_counts_seven_layers() -> None:
    named = [layer.name for layer in of("lenet5_1998") if layer.name in ("c1", "s2", "c3", "s4", "c5", "f6", "output")]
    assert len(named) == 7


# --- AlexNet and the others -----------------------------------------------------------------------


def test_alexnet_filters_and_depth() -> None:
    """11x11 and 5x5, and 3x3 three times, which the notes leave out; five and three layers with weights."""
    alexnet = of("alexnet_227")
    kernels = [alexnet.facts[layer.name].weights["weight"][2:] for layer in alexnet if layer.kind == "conv"]
    assert kernels == [(11, 11), (5, 5), (3, 3), (3, 3), (3, 3)]
    assert layers(alexnet, "conv", "linear") == 8


def test_alexnet_neurons_and_the_253440_of_the_paper() -> None:
    alexnet = of("alexnet_227")
    neurons = [layer.neurons for layer in alexnet if layer.kind in ("conv", "linear")]
    assert neurons == [290400, 186624, 64896, 64896, 43264, 4096, 4096, 1000]
    assert neurons[0] - 253440 == 55 * (55 - 48) * 96


def test_alexnet_with_and_without_groups() -> None:
    assert (of("alexnet_groups").params, of("alexnet_227").params) == (60965224, 62378344)


def test_alexnet_has_a_latent_vector_of_4096() -> None:
    assert of("alexnet_227")["fc7"].output == (4096,)


def test_an_image_of_224_does_not_give_55() -> None:
    """(224 - 11)/4 + 1 = 54.25, rounded down."""
    assert of("3x224x224 -> conv 96 11x11 stride=4").output == (96, 54, 54)


def test_gemm_of_alexnet_conv1() -> None:
    """96x363 times 363x3025."""
    conv, columns = of("3x227x227 -> conv 96 11x11 stride=4"), of("3x227x227 -> im2col 11x11 stride=4")
    assert columns.output == (363, 3025)
    assert conv["conv_1"].weights == 96 * 363
    assert conv.macs == 96 * 363 * 3025


def test_googlenet_has_nine_modules_and_no_hidden_dense_layer() -> None:
    googlenet = of("googlenet")
    assert len([block for block in googlenet.blocks() if block.startswith("inception_") and "." not in block]) == 9
    assert layers(googlenet, "concat") == 9
    assert layers(googlenet, "linear") == 1


def test_resnet152_has_152_layers() -> None:
    """One convolution, fifty bottlenecks of three, one linear layer; four more convolutions stand in shortcuts."""
    resnet = of("resnet152")
    assert layers(resnet, "add") == 50
    assert layers(resnet, "conv", "linear") == 152 + 4


def test_nin_has_as_many_maps_as_classes_before_it_averages() -> None:
    nin = of("nin")
    pool = next(layer for layer in nin if layer.kind == "global_avg_pool")
    assert nin.shapes[pool.inputs[0]][0] == pool.output[0] == nin.network.symbols["classes"]


def test_the_simple_cnn_in_keras_without_pooling() -> None:
    analysis = of("1x28x28 -> Conv2D 64 3 activation=relu -> Flatten -> Dense 10")
    assert [layer.params for layer in analysis if layer.params] == [640, 432650]
    assert outputs(analysis) == [(64, 26, 26), (64, 26, 26), (43264,), (10,)]
    assert analysis.params == 433290


def test_the_simple_cnn_in_keras_with_the_pooling_of_its_code() -> None:
    analysis = of("1x28x28 -> Conv2D 64 3 activation=relu -> MaxPooling2D 2 -> Flatten -> Dense 10")
    assert [layer.params for layer in analysis if layer.params] == [640, 108170]
    assert analysis["flatten_1"].output == (10816,)
    assert analysis.params == 108810


# --- receptive fields -----------------------------------------------------------------------------


def fields(spec: str) -> list[tuple[Any, Any]]:
    return [(layer.receptive_field[-1], layer.jump[-1]) for layer in of(spec)]


def test_stacked_windows_of_3() -> None:
    assert fields("1x16 -> conv 1 3 -> conv 1 3") == [(3, 1), (5, 1)]


def test_field_exercise_1() -> None:
    assert fields("1x64x64" + " -> conv 1 3x3" * 6) == [(3, 1), (5, 1), (7, 1), (9, 1), (11, 1), (13, 1)]


def test_field_exercise_2() -> None:
    """The picture alone says which layer the black neuron is in; these are all of them."""
    assert fields("1x64x64" + " -> conv 1 3x3 -> max_pool 2x2" * 3) == [
        (3, 1),
        (4, 2),
        (8, 2),
        (10, 4),
        (18, 4),
        (22, 8),
    ]


@pytest.mark.parametrize(("depth", "field", "weights", "one"), [(2, 5, 18, 25), (3, 7, 27, 49)])
def test_stacks_of_3x3_see_as_much_for_fewer_weights(depth: int, field: int, weights: int, one: int) -> None:
    stack = of("64x32x32" + " -> conv 64 3x3 nobias" * depth)
    single = of(f"64x32x32 -> conv 64 {field}x{field} nobias")
    assert list(stack)[-1].receptive_field == single["conv_1"].receptive_field == (field, field)
    assert (stack.params, single.params) == (weights * 64**2, one * 64**2)


def test_a_filter_is_smaller_than_the_receptive_field() -> None:
    """The notes call F the receptive field; it is the filter's size, and the field only of a first layer."""
    alexnet = of("alexnet_227")
    assert alexnet["conv1"].receptive_field == (11, 11)
    assert alexnet.facts["conv2"].weights["weight"][2:] == (5, 5)
    assert alexnet["conv2"].receptive_field == (51, 51)


# --- where the notes are wrong --------------------------------------------------------------------


def test_colour_triples_the_first_layer_only() -> None:
    """258,982, where the notes take three times 86,950 for everything."""
    params = of("3x32x32 -> flatten -> linear 84 -> linear 10").params
    assert params == 258982
    assert 3 * 86950 - params == 1868


def test_weights_depend_on_the_kernel_not_on_the_map() -> None:
    sizes = {of(f"3x{n}x{n} -> conv 8 5x5").params for n in (8, 32, 227)}
    assert sizes == {608}


def test_one_bias_a_filter_not_one_a_slice() -> None:
    """A formula with b^{c,f} would give 54 + 6 = 60."""
    (conv,) = of("3x8x8 -> conv 2 3x3")
    assert (conv.biases, conv.params) == (2, 56)


def test_a_dense_layer_as_a_convolution_needs_a_kernel_of_the_maps_size() -> None:
    """1x1 on a 1x1 map only; on 7x7x512 it takes 7x7, with the same 102,760,448 weights."""
    (dense,) = [layer for layer in of("512x7x7 -> flatten -> linear 4096") if layer.params]
    (conv,) = of("512x7x7 -> conv 4096 7x7")
    assert dense.weights == conv.weights == 102760448
    assert (dense.params, dense.macs) == (conv.params, conv.macs)
    assert conv.output == (4096, 1, 1)
    assert of("512x7x7 -> conv 4096 1x1").params == 512 * 4096 + 4096
    assert of("4096 -> linear 1000").params == of("4096x1x1 -> conv 1000 1x1").params == 4097000


def test_the_two_heads_of_yolo() -> None:
    """7·7·(5·2 + 20) = 1470 numbers in the paper; 7·7·2·(5 + 20) = 2450 in the notes."""
    assert of("4096 -> linear 1470 -> reshape 30x7x7").output == (30, 7, 7)
    assert of("1024x7x7 -> conv 50 1x1 -> flatten").output == (2450,)
    with pytest.raises(SpecError, match="cannot reshape"):
        load("4096 -> linear 1470 -> reshape 50x7x7")


def test_sizes_that_do_not_divide_are_rounded_down() -> None:
    """The slide's (W - F + 2P)/S + 1 has no floor: W=10, F=3, S=2 is 4.5 there."""
    assert of("1x10 -> conv 1 3 stride=2").output == (1, 4)


def test_same_padding_and_stride_as_the_notes_and_as_keras() -> None:
    """The notes call them inconsistent, and PyTorch refuses them; Keras pads to ⌈n/s⌉."""
    with pytest.raises(SpecError, match="PyTorch refuses this combination"):
        load("1x7 -> conv 1 3 stride=2 padding=same")
    assert of("1x7 -> Conv1D 1 3 strides=2 padding=same").output == (1, 4)
