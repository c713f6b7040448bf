"""The spec language: every word of it, what it makes, and how it complains."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc import SpecError, analyse, load
from cnncalc.spec.document import Document
from cnncalc.spec.load import named_specs, shipped
from cnncalc.spec.outline import figures, plainly_right
from cnncalc.spec.schema import STARTER, schema
from cnncalc.spec.tree import plain
from cnncalc.spec.yaml_reader import read

RESNET = """
name: ResNet
symbols: {classes: 1000, H: 224, W: 224, d1: 3, d2: 4, d3: 6, d4: 3}      # names with their usual values
variants: {resnet50: {}, resnet101: {d3: 23}, resnet152: {d2: 8, d3: 36}}
input: [3, H, W]                        # --set H=320 for another size; --open H,W for closed forms
blocks:
  bottleneck(mid, stride=1):
    - add:                              # branches side by side, then joined
        - [conv mid 1x1 nobias, batch_norm, relu,
           conv mid 3x3 stride=stride padding=1 nobias, batch_norm, relu,
           conv 4*mid 1x1 nobias, batch_norm]
        - when: stride > 1 or channels != 4*mid      # otherwise this branch is the identity
          layers: [conv 4*mid 1x1 stride=stride nobias, batch_norm]
    - relu
  stage(mid, depth, stride=2):
    - bottleneck mid stride=stride
    - repeat: {times: depth - 1, layers: [bottleneck mid]}
layers:
  - conv 64 7x7 stride=2 padding=3 nobias
  - batch_norm
  - relu
  - max_pool 3x3 stride=2 padding=1
  - stage 64 d1 stride=1
  - stage 128 d2
  - stage 256 d3
  - stage 512 d4
  - global_avg_pool
  - linear classes
"""


def made(*layers: Any, input: Any = (3, 32, 32), **more: Any) -> Any:
    return load({"input": list(input), "layers": list(layers), **more})


def layer(text: Any, **more: Any) -> Any:
    return next(iter(made(text, **more).nodes.values())).layer


def complaint(source: Any) -> str:
    with pytest.raises(SpecError) as caught:
        load(source)
    return str(caught.value)


@pytest.mark.parametrize(
    ("d", "params"), [({}, 25_557_032), ({"d3": 23}, 44_549_160), ({"d2": 8, "d3": 36}, 60_192_808)]
)
def test_the_resnet_that_reads_like_the_paper(d: dict[str, int], params: int) -> None:
    analysis = analyse(load(RESNET, **d))
    assert analysis.params == params
    assert analysis["stage_4"].output == (2048, 7, 7)
    assert analysis["stage_2.bottleneck_3.conv_1"].output == (128, 28, 28)
    assert len(analysis.members("stage_2")) == 12 + (d.get("d2", 4) - 1) * 10


SAME = [
    ("conv 16 3x3 stride=2 padding=1 nobias", {"conv": {"out_channels": 16, "kernel_size": [3, 3], "stride": 2,
                                                        "padding": 1, "bias": False}}),
    ("Conv2d 3 16 3 2 1", {"conv": {"in_channels": 3, "out_channels": 16, "kernel_size": 3, "stride": 2, "padding": 1}}),
    ("max_pool 3 stride=2 ceil", {"MaxPool2d": {"kernel_size": 3, "stride": 2, "ceil_mode": True}}),
    ({"Conv2D": {"filters": 8, "kernel_size": 3, "strides": 2, "padding": "same", "use_bias": False}},
     "conv 8 3 stride=2 tf_same nobias"),
    ({"MaxPooling2D": {"pool_size": 2, "strides": 1, "padding": "same"}}, "max_pool 2 stride=1 tf_same"),
    ({"DepthwiseConv2D": {"kernel_size": 3, "depth_multiplier": 2}}, "conv 6 3 groups=3"),
    ({"UpSampling2D": {"size": 2, "interpolation": "bilinear"}}, "upsample 2 bilinear"),
    ("LeakyReLU 0.2", {"leaky_relu": {"negative_slope": 0.2}}),
    ({"dropout": 0.25}, "Dropout p=0.25"),
    ("conv 8 3×3 padding=1×2", "conv 8 [3,3] padding=1x2"),
    ("conv channels 3x3 groups=channels", "conv 3 3x3 groups=3"),
    ("conv height//4 3x3 padding=max(1,width//32)", "conv 8 3x3 padding=1"),
    ("ZeroPadding2D 1", "pad 1"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME, ids=lambda value: str(value)[:40])
def test_two_ways_to_write_a_layer(one: Any, other: Any) -> None:
    assert layer(one) == layer(other)


def test_dense_and_linear() -> None:
    assert layer("Dense 10", input=[7]) == layer({"Linear": {"in_features": 7, "out_features": 10}}, input=[7]).but(
        in_features=None
    )


def test_keras_activation_makes_a_layer_of_its_own() -> None:
    net = made({"Conv2D": {"filters": 4, "kernel_size": 3, "activation": "relu", "name": "c"}})
    assert [node.layer.kind for node in net.nodes.values()] == ["conv", "relu"]
    assert net.nodes["relu_1"].inputs == ("c",)


def test_branches_and_the_identity() -> None:
    net = made({"add": [["conv 3 3x3 padding=1", "relu"], []], "name": "sum"})
    assert net.nodes["sum"].inputs == ("relu_1", "input")
    dense = made({"concat": [[], ["conv 4 1x1"], "conv 5 1x1"]})
    assert analyse(dense).output == (12, 32, 32)


def test_long_skips_are_cropped_around_the_centre() -> None:
    net = made("conv 4 3x3 as enc", "conv 8 5x5", {"concat": {"with": "enc", "crop": "center"}})
    analysis = analyse(net)
    assert analysis.output == (12, 26, 26)
    assert analysis["crop_1"].output == (4, 26, 26)
    assert analysis["concat_1"].receptive_field == (7, 7)


def test_from_and_outputs() -> None:
    net = made("conv 4 3x3 padding=1 as a", "conv 8 3x3 padding=1 as b", "conv 4 1x1 from=a as c", "concat from=b,c",
               {"from": "a", "layers": ["global_avg_pool", "linear 5 as aux"]}, outputs=["concat_1", "aux"])  # fmt: skip
    assert analyse(net).outputs == {"concat_1": (12, 32, 32), "aux": (5,)}
    assert net.nodes["c"].inputs == ("a",)


def test_split_and_slice() -> None:
    net = made("conv 8 1x1", "split 2 as s", {"concat": {"from": ["s[1]", "s[0]"]}}, "slice channels=2:channels-1")
    assert analyse(net).output == (5, 32, 32)
    assert net.nodes["concat_1"].inputs == ("s[1]", "s[0]")


def test_several_inputs() -> None:
    net = load({"input": {"image": [3, 8, 8], "mask": [1, 8, 8]}, "layers": ["concat from=image,mask", "conv 2 3x3"]})
    assert analyse(net)["conv_1"].params == 2 * (4 * 9) + 2


def test_symbols_variants_and_set() -> None:
    spec = {"symbols": {"w": 4, "twice": "2*w", "n": None}, "input": [1, "n", "n"], "layers": ["conv twice 3x3"]}
    assert analyse(load(spec, n=8)).output == (8, 6, 6)
    assert analyse(load(spec, n=8), w=1).output == (2, 6, 6)
    assert "the symbol n has no usual value" in complaint(spec)
    with pytest.raises(SpecError, match="has no symbol 'width'"):
        load(spec, n=8, width=3)


def test_repeat_when_and_named_groups() -> None:
    net = made({"repeat": {"times": 3, "layers": ["conv 4 3x3 padding=1", "relu"]}},
               {"when": "channels == 4 and height > 16", "layers": ["max_pool 2"]},
               {"when": "channels > 4", "layers": ["flatten"]},
               {"name": "head", "layers": ["global_avg_pool", "linear 10"]})  # fmt: skip
    assert [*net.nodes] == ["conv_1", "relu_1", "conv_2", "relu_2", "conv_3", "relu_3", "max_pool_1",
                            "head.global_avg_pool_1", "head.linear_1"]  # fmt: skip
    assert analyse(net)["head"].params == 50


def test_blocks_have_scopes_of_their_own() -> None:
    blocks = {"inner(w)": ["conv w 1x1 as c"], "outer(w, k=2*w)": ["inner k", "inner w", "add from=inner_2,inner_2"]}
    net = made("outer 3 as first", "outer w=1 k=5", blocks=blocks)
    assert [*net.nodes] == ["first.inner_1.c", "first.inner_2.c", "first.add_1",
                            "outer_1.inner_1.c", "outer_1.inner_2.c", "outer_1.add_1"]  # fmt: skip
    assert net.nodes["first.inner_1.c"].layer.out_channels == 6
    assert "unknown name 'w'" in complaint({"input": [1, 4, 4], "blocks": {"a": ["conv w 1x1"], "b(w)": ["a"]},
                                            "layers": ["b 3"]})  # fmt: skip


def test_blocks_are_shared_between_files(tmp_path: Path) -> None:
    (tmp_path / "parts.yaml").write_text(
        "input: 3x8x8\nblocks: {unit(w): [conv w 3x3 padding=1, relu]}\nlayers: [unit 2]"
    )
    (tmp_path / "net.yaml").write_text("input: 3x8x8\nuse: [parts]\nlayers: [unit 4, unit 5]")
    assert analyse(load(tmp_path / "net.yaml")).output == (5, 8, 8)
    (tmp_path / "bad.yaml").write_text("input: 3x8x8\nuse: ../parts\nlayers: [unit 4]")
    assert "is not the name of a spec" in complaint(tmp_path / "bad.yaml")


def test_frozen_layers_are_not_trainable() -> None:
    analysis = analyse(made("conv 4 3x3 frozen", "conv 4 1x1"))
    assert (analysis.params, analysis.trainable) == (112 + 20, 20)


def test_one_line_specs() -> None:
    one = load(
        "3x227x227 -> conv 96 11x11 stride=4 -> relu -> max_pool 3 stride=2 as p → linear 9 from=p in_features=27"
    )
    assert analyse(one)["p"].output == (96, 27, 27)
    assert analyse(load("input 3x5x5 -> conv 2 3 stride=2 padding=1")).params == 56


def test_every_fault_is_told_at_once() -> None:
    text = (
        "name: bad\ninput: [1, 28, 28]\nlayers:\n  - conv: {out_channels: 6, kernal: 5}\n  - maxpol 2\n  - linear ten\n"
    )
    told = complaint(text)
    assert told.count("error:") == 3
    assert "--> spec:4:29" in told
    assert "did you mean 'kernel_size'?" in told
    assert "did you mean 'max_pool'?" in told
    caret = told.splitlines()[3]
    assert caret.index("^") - caret.index("|") - 2 == 28


WRONG = [
    ("3x2x2 -> conv 4 3x3", r"conv_1 \(conv\): 3×3 kernel on a 2×2 map: \(2 \+ 0 − 2 − 1\) // 1 \+ 1 = 0"),
    ("3x8x8 -> conv 4 3x3 groups=2", "groups=2 does not divide the 3 input channels"),
    ("3x8x8 -> conv 4 3x3 in_channels=4", "in_channels says 4, but 3 come in"),
    ("3x8x8 -> conv 4 3x3 same stride=2", "tf_same gives"),
    ("3x8x8 -> Conv1d 3 4 3", "Conv1d is for 1 spatial axes"),
    ("3x8x8 -> linear 5", r"put a flatten before it \(192 features\)"),
    ("3x8x8 -> max_pool 3 padding=2", "padding 2 is more than half the window 3"),
    ("3x8x8 -> conv 0 3", "out_channels must be a positive whole number, not 0"),
    ("3x8x8 -> conv 2.5 3", "out_channels must be a positive whole number, not 2.5"),
    ("3x8x8 -> conv 4", "conv needs kernel_size"),
    ("3x8x8 -> conv 4 3x3x3", "is for 3 axes, but the map has 2"),
    ("3x8x8 -> relu from=later -> relu as later", "no layer called 'later' stands before this one"),
    ("3x8x8 -> relu as a -> relu as a", "the name 'a' stands twice"),
    ("3x8x8 -> conv 4 3 strides=2 stride=2", "stride is given twice"),
    ("3x8x8 -> split 3 -> relu", "split_1 returns 3 pieces"),
    ("3x0x8 -> relu", "an input size must be from 1"),
    ("3x8x8 -> conv 9**9**9**9 3", "an exponent must be a whole number"),
    ("3x8x8 -> conv __import__('os').system('true') 3", "uses something other than arithmetic"),
    ("3x8x8 -> conv_transpose 4 3 stride=2 output_padding=2", "output_padding 2 must be smaller than the stride 2"),
    ("3x8x8 -> reshape 5x5", r"cannot reshape 3×8×8 \(192 numbers\) to 5×5 \(25\)"),
    ("3x8x8 -> instance_norm -> adaptive_avg_pool 1 -> instance_norm", "only one number to normalise"),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=lambda value: value[:40])
def test_what_is_wrong_is_said(text: str, told: str) -> None:
    assert re.search(told, complaint(text))


def test_joining_unequal_shapes() -> None:
    branches = [["conv 4 3x3"], ["conv 4 1x1"]]
    for join, verb in (("add", "add"), ("concat", "concat"), ("multiply", "multiply")):
        assert f"cannot {verb} 4×30×30 and 4×32×32" in complaint({"input": [3, 32, 32], "layers": [{join: branches}]})


documents = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 9), st.floats(0, 2), st.sampled_from(["a", "H", "conv 1 1", "_x"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["a", "H", "_x", "of"]), inner)
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*Document.model_fields, "other"]), documents), documents, documents)
def test_what_is_plainly_right_is_right_for_pydantic_too(outline: dict[str, Any], input: Any, layers: Any) -> None:
    for document in (outline, outline | {"input": input, "layers": layers}, {"input": input, "layers": layers}):
        if plainly_right(document):
            Document.model_validate(document)


def test_the_outline_check_knows_every_field() -> None:
    published = Document.model_fields["published"].annotation.__args__[0]  # type: ignore[union-attr]
    assert {*figures} == {*published.model_fields}
    everything = {"input": "3x8x8", "layers": [], **{name: [] for name in ("notes", "functional", "published", "use", "outputs")},
                  **{name: {} for name in ("symbols", "variants", "blocks")}, "name": "", "source": "", "year": 1}  # fmt: skip
    assert {*everything} == {*Document.model_fields}
    assert plainly_right(everything)


@pytest.mark.parametrize("stem", shipped())
def test_shipped_specs_need_no_second_opinion(stem: str) -> None:
    text = Path(shipped()[stem]).read_text("utf-8")
    assert plainly_right(plain(read(text, stem)))


def test_the_schema_takes_every_shipped_spec_and_the_starter() -> None:
    import jsonschema

    validator = jsonschema.Draft7Validator(schema())
    jsonschema.Draft7Validator.check_schema(schema())
    for path in shipped().values():
        assert not list(validator.iter_errors(plain(read(Path(path).read_text("utf-8"), path)))), path
    starter = STARTER.format(schema="x", file="net.yaml", name="net")
    assert not list(validator.iter_errors(plain(read(starter, "starter"))))
    assert analyse(load(starter)).output == (10,)
    for wrong in ({"layers": []}, {"input": [1], "layers": [{"conv": {"out_channels": "a", "kernel_size": 0}}]},
                  {"input": [1], "layers": ["relu"], "inputs": 3}):  # fmt: skip
        assert list(validator.iter_errors(wrong)), wrong


def test_all_specs_are_found_by_name() -> None:
    for name, spec in named_specs().items():
        assert load(name).name == name == spec.name
    assert "did you mean resnet50" in complaint("resnet5O")
