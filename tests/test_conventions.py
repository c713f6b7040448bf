"""Costs under the usual tools' conventions: their own figures to the digit, and the tools themselves where installed."""

import csv
import json
import os
from importlib.metadata import distributions, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from packaging.version import Version

from cnncalc import analyse, load
from cnncalc.analysis import Analysis
from cnncalc.conventions import CONVENTIONS, Cost, convention
from cnncalc.conventions.convention import counted, total
from cnncalc.conventions.difference import left_out, lines
from cnncalc.exact.closed import Closed
from cnncalc.layers import FAMILY_OF, kind
from cnncalc.network import Network
from cnncalc.strategies import APART, JOINING, networks
from tests.commands import invoke
from tests.peers import TOOLS, counts

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """A table of tests/data; its first line says where it is from."""
    return list(csv.DictReader((DATA / name).read_text("utf-8").splitlines()[1:]))


ANALYSES: dict[str, Analysis] = {}


def of(network: str) -> Analysis:
    if network not in ANALYSES:
        ANALYSES[network] = analyse(load(network))
    return ANALYSES[network]


@pytest.mark.parametrize("row", rows("peer_networks.csv"), ids=lambda row: f"{row['convention']}-{row['network']}")
def test_the_figures_that_tools_print_for_known_networks(row: dict[str, str]) -> None:
    """What torchvision calls as functions, the specs say; no network slips a tool, habits aside."""
    for as_is in (False, True):
        found = Cost(of(row["network"]), convention(row["convention"]), as_is)
        assert found.total == int(row["count"])


C = "conv 4 1x1 nobias"
PROBES: dict[str, tuple[Any, str]] = {  # the layers on 4×16×16, and what is called as a function
    "conv3x3 bias=False 4>8 p1 @16": (["conv 8 3x3 padding=1 nobias"], ""),
    "conv3x3 bias=True": (["conv 8 3x3 padding=1"], ""),
    "conv dilated d2 k3 s2 p2": (["conv 8 3x3 dilation=2 stride=2 padding=2 nobias"], ""),
    "conv groups=4": (["conv 8 3x3 padding=1 groups=4 nobias"], ""),
    "conv padding='same' k4": (["conv 8 4x4 padding=same nobias"], ""),
    "conv padding=[1,1] list": (["conv 8 3x3 padding=1x1 nobias"], ""),
    "conv padding_mode=reflect": (["conv 8 3x3 padding=1 padding_mode=reflect nobias"], ""),
    "convT k2 s2 4>8 nobias": (["conv_transpose 8 2x2 stride=2 nobias"], ""),
    "convT k2 s2 groups=4": (["conv_transpose 8 2x2 stride=2 groups=4 nobias"], ""),
    "convT bias": (["conv_transpose 8 2x2 stride=2"], ""),
    "F.conv2d with nn.Parameter": (["conv 8 3x3 padding=1 nobias"], "conv"),
    "linear nobias 16>10 on (N,4,16,16)": (["linear 10 nobias in_features=16"], ""),
    "flatten+linear bias": (["flatten", "linear 10"], ""),
    "BN eval": (["batch_norm"], ""),
    "ReLU module": ([C, "relu"], ""),
    "F.relu": ([C, "relu"], "relu"),
    "MaxPool2d(2)": ([C, "max_pool 2"], ""),
    "MaxPool2d(3,2,1) int": ([C, "max_pool 3 stride=2 padding=1"], ""),
    "MaxPool2d((3,3),2,1) tuple": ([C, "max_pool 3x3 stride=2 padding=1"], ""),
    "AvgPool2d(2)": ([C, "avg_pool 2"], ""),
    "AdaptiveAvgPool2d(1)": ([C, "adaptive_avg_pool 1"], ""),
    "F.adaptive_avg_pool2d": ([C, "adaptive_avg_pool 1"], "adaptive_avg_pool"),
    "residual add x+c(x)": ([{"add": [[], [C]]}], ""),
    "concat [x,c(x)]": ([{"concat": [[], [C]]}], ""),
    "mul (SE-like) x*sigmoid(c(x))": ([{"multiply": [[], [C, "sigmoid"]]}], "sigmoid"),
    "Upsample x2 nearest": ([C, "upsample 2"], ""),
    "Upsample x2 bilinear": ([C, "upsample 2 mode=bilinear"], ""),
    "F.interpolate x2 bilinear": ([C, "upsample 2 mode=bilinear"], "upsample"),
    "softmax": ([C, "softmax"], ""),
    "sigmoid": ([C, "sigmoid"], ""),
    "SiLU": ([C, "silu"], ""),
    "LeakyReLU": ([C, "leaky_relu 0.1"], ""),
    "GroupNorm(2,4)": (["group_norm 2"], ""),
    "LayerNorm": (["layer_norm over=last"], ""),
    "Dropout": ([C, "dropout"], ""),
    "same module called twice": (["conv 4 3x3 padding=1 nobias"] * 2, ""),
    "same module registered twice": (["conv 4 3x3 padding=1 nobias", "relu", "conv 4 3x3 padding=1 nobias"], ""),
    "module never called (aux head)": (["conv 8 3x3 padding=1 nobias"], ""),
    "model IS a bare Conv2d": (["conv 8 3x3 padding=1 nobias"], ""),
    "subclass of Conv2d": (["conv 8 3x3 padding=1 nobias"], "conv"),
    "weight-std conv (F.conv2d in subclass)": (["conv 8 3x3 padding=1 nobias"], "conv"),
    "bare nn.Parameter scale": ([f"{C} as c", "parameter 4x1x1 as scale", {"multiply": {"from": ["c", "scale"]}}], ""),
    "matmul attention x@x^T": (
        [C, "reshape 4x256 as x", "permute 2x1 as t", {"matmul": {"from": ["x", "t"]}}], ""),
}  # fmt: skip
SUBCLASSES = ("subclass of Conv2d", "weight-std conv (F.conv2d in subclass)")
BY_ANCESTRY = ("torchinfo", "torchscan", "torchscan-macs")  # to others a subclass of a module is no such module
TUPLE = "MaxPool2d((3,3),2,1) tuple"  # a spec does not tell (3, 3) from 3: torchscan has its habit for 3 alone


def expressible(row: dict[str, str]) -> bool:
    told_apart = row["probe"] == TUPLE and row["convention"].startswith("torchscan")
    return not told_apart


@pytest.mark.parametrize(
    "row",
    [row for row in rows("peer_probes.csv") if expressible(row)],
    ids=lambda row: f"{row['convention']}-{row['probe']}",
)
def test_the_figures_that_tools_print_for_small_modules(row: dict[str, str]) -> None:
    layers, functions = PROBES[row["probe"]]
    if row["probe"] in SUBCLASSES and row["convention"] in BY_ANCESTRY:
        functions = ""
    analysis = analyse(load({"input": [4, 16, 16], "layers": layers}))
    found = Cost(analysis, convention(row["convention"]), True, functions.split())
    if row["probe"] == "matmul attention x@x^T" and row["convention"] in ("ptflops", "calflops", "calflops-macs"):
        assert found.total is None  # they count torch.matmul, not @: see the next test
    else:
        assert found.total == int(row["count"])


@pytest.mark.parametrize(("name", "times"), [("ptflops", 1), ("calflops", 2), ("calflops-macs", 1)])
def test_a_product_counts_by_how_it_is_written(name: str, times: int) -> None:
    layers = PROBES["matmul attention x@x^T"][0][1:]
    analysis = analyse(load({"input": [4, 16, 16], "layers": layers}))
    found = Cost(analysis, convention(name))
    assert found.total is None
    assert list(found.unknown) == [f"{name} counts torch.matmul, not @; --functional matmul says that it is the former"]
    assert Cost(analysis, convention(name), functional=["matmul"]).total == times * 4 * 256 * 4


def test_every_probe_is_tried() -> None:
    assert {row["probe"] for row in rows("peer_probes.csv")} == {*PROBES}


WITHOUT = {"locally_connected", "partially_connected", "radial_basis", "roi_pool", "roi_align"}
WRITTEN = tuple(name for name in FAMILY_OF if name not in WITHOUT and name not in (*JOINING, *APART))


def runs_in_pytorch(analysis: Analysis) -> bool:
    """Whether PyTorch takes every layer: a batch norm without statistics refuses single numbers."""
    single = (name for name, node in analysis.network.nodes.items() if node.layer.kind == "batch_norm")
    return all(analysis.facts[name].elements > analysis.facts[name].output[0] for name in single)


def installed(tool: str) -> str:
    """The version of an installed tool, without where it was built."""
    return Version(version("ultralytics-thop" if ULTRALYTICS and tool == "thop" else tool)).public


ULTRALYTICS = any(one.metadata["Name"] == "ultralytics-thop" for one in distributions())
CONVENTION_OF = {tool: convention("ultralytics-thop" if ULTRALYTICS and tool == "thop" else tool) for tool in TOOLS}


@pytest.mark.parametrize("tool", [name for name in TOOLS if find_spec(name)])
@given(
    drawn=st.one_of(networks(kinds=WRITTEN), networks(kinds=WRITTEN, depth=1, branches=False)),
    functions=st.sets(st.sampled_from(WRITTEN)),
)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_installed_tools_agree_with_their_conventions(tool: str, drawn: Network, functions: set[str]) -> None:
    if installed(tool) != CONVENTION_OF[tool].version:
        pytest.skip(f"the convention is that of {tool} {CONVENTION_OF[tool].version}")
    analysis = Analysis(drawn)
    assume(
        all(rule.holds() for fact in analysis.facts.values() for rule in fact.requires) and runs_in_pytorch(analysis)
    )
    called = sorted(
        functions & {node.layer.kind for node in drawn.nodes.values()} - {"relu6"}
    )  # no F.relu6 in its module
    named = [name for name, node in drawn.nodes.items() if node.layer.kind in called]
    if tool in ("fvcore", "torchprofile"):  # nn.MaxUnpool cannot be traced
        assume(all(node.layer.kind != "max_unpool" for node in drawn.nodes.values()))
    costs = {name: Cost(analysis, convention(name), True, called) for name in CONVENTIONS}
    assume(any(cost.total is not None for name, cost in costs.items() if name.startswith(tool)))
    for name, count in counts(tool, analysis, named).items():
        assert costs[name].total in (None, count), name


@st.composite
def attentions(draw: st.DrawFn) -> tuple[Analysis, list[str]]:
    """Products of maps and of learned numbers, entry by entry and as matrices; and what is called as a function."""
    c, m, k, n = (draw(st.integers(2, 5)) for _ in range(4))
    shared = draw(st.booleans())
    first = draw(st.sampled_from(["x", "one"]))
    spec = {"input": [c, m, k], "layers": [
        "conv 4 3x3 padding=1 nobias as c1", f"conv {c} 1x1 fixed as x", f"parameter 1x{n}x{m} as one",
        f"parameter {c}x{k}x{n} as keys",
        {"matmul": {"from": ["one", "x"] if first == "one" else ["x", "keys"]}},
        f"softmax dim={draw(st.integers(1, 3))} as s", *draw(st.lists(st.sampled_from(ENTRIES), max_size=4)),
        f"linear 6 in_features={k if first == 'one' else n}", "linear 6 in_features=6 as d2", f"linear 6 in_features=6 {'shares=d2' if shared else ''}", "layer_norm over=last",
        f"reduce 3 function={draw(st.sampled_from(['mean', 'sum', 'max', 'var', 'norm']))}",
    ]}  # fmt: skip
    called = draw(st.sets(st.sampled_from(["matmul", "softmax", "linear"])))
    return analyse(load(spec)), sorted(called)


ENTRIES = [f"elementwise {one}" for one in ("neg", "sin", "exp", "square", "reciprocal", "add value=2",
           "subtract value=1", "divide value=2", "multiply value=2", "power value=2", "maximum value=0")]  # fmt: skip


@pytest.mark.parametrize("tool", [name for name in TOOLS if find_spec(name)])
@given(attentions())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_installed_tools_agree_on_products(tool: str, drawn: tuple[Analysis, list[str]]) -> None:
    if installed(tool) != CONVENTION_OF[tool].version:
        pytest.skip(f"the convention is that of {tool} {CONVENTION_OF[tool].version}")
    analysis, called = drawn
    named = [name for name, node in analysis.network.nodes.items() if node.layer.kind in called]
    for name, count in counts(tool, analysis, named).items():
        assert Cost(analysis, convention(name), True, called).total in (None, count), name


def test_a_layer_known_from_outside_has_a_cost_only_where_its_macs_are_all_that_counts() -> None:
    told = analyse(load("4x8x8 -> conv 2 1x1 nobias -> opaque 3x4 params=10 macs=100"))
    found = {name: Cost(told, convention(name)).total for name in CONVENTIONS}
    known = {"torch": 2 * (512 + 100), "deepspeed-macs": 512 + 100, "keras": 8 + 10}
    assert found == dict.fromkeys(CONVENTIONS) | known
    silent = analyse(load("4x8x8 -> opaque 3x4 params=10"))
    assert [name for name in CONVENTIONS if Cost(silent, convention(name)).total is not None] == ["keras"]
    assert list(Cost(silent, convention("torch")).unknown) == ["what an opaque layer computes is not known"]


def test_shared_layers_run_each_time_and_are_held_once() -> None:
    analysis = analyse(
        load("4x8x8 -> conv 4 1x1 as c -> batch_norm as b -> conv 4 1x1 shares=c -> batch_norm shares=b")
    )
    assert Cost(analysis, convention("torch")).total == 2 * 2 * 4 * 4 * 64
    assert Cost(analysis, convention("keras")).total == 20 + 16


@given(networks(kinds=WRITTEN), st.lists(st.sampled_from(list(CONVENTIONS)), min_size=1, max_size=4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_lines_of_a_comparison_add_up(drawn: Network, names: list[str], as_is: bool) -> None:
    costs = [Cost(Analysis(drawn), convention(name), as_is) for name in names]
    told, without = lines(costs), left_out(costs)
    for index, cost in enumerate(costs):
        known = [name for name in cost.layers if name not in without]
        assert sum(line.amounts[index] for line in told) == cost.of_all(known)
        assert (cost.total is None) <= bool(without)


@pytest.mark.parametrize("name", CONVENTIONS)
@pytest.mark.parametrize(
    "network", ["lenet5_pytorch", "alexnet", "resnet18", "densenet121", "googlenet", "unet_padded"]
)
@pytest.mark.parametrize("as_is", [False, True])
def test_open_sizes_agree_with_numbers(name: str, network: str, as_is: bool) -> None:
    loaded = load(network)
    open_ = Cost(analyse(loaded, open=("H", "W")), convention(name), as_is)
    for change in (0, 64):
        values = {axis: loaded.symbols[axis] + change for axis in ("H", "W")}
        plain = Cost(analyse(loaded, **values), convention(name), as_is)
        for layer in plain.layers:
            closed = open_.of(layer)
            if closed is not None:  # what rounds in binary has no closed form
                assert (closed.at(values) if isinstance(closed, Closed) else closed) == plain.of(layer)
    if not as_is:
        assert open_.total is not None or network == "alexnet"


KERAS = {"vgg16": 138357544, "vgg19": 143667240, "densenet121": 8062504, "densenet169": 14307880,
         "densenet201": 20242984, "mobilenet_v2": 3538984}  # fmt: skip


@pytest.mark.parametrize(("network", "total"), KERAS.items())
def test_parameters_of_keras_applications(network: str, total: int) -> None:
    """Exact totals of keras.io's older table (keras-io, templates/api/applications/index.md at 01b6d6c4)."""
    assert Cost(of(network), convention("keras")).total == total


def test_resnet50_of_keras_has_biases_where_pytorch_has_none() -> None:
    biases = sum(layer.output[0] for layer in of("resnet50") if layer.kind == "conv")
    assert Cost(of("resnet50"), convention("keras")).total + biases == 25636712


@pytest.mark.parametrize("name", CONVENTIONS)
def test_tables_name_kinds_and_components_that_there_are(name: str) -> None:
    found = convention(name)
    assert found.name == name
    assert {*found.rules, *found.function_rules} <= {*FAMILY_OF}
    assert all({*quirk.kinds.split()} <= {*FAMILY_OF} for quirk in found.quirks)
    assert found.unit in ("MACs", "FLOPs", "parameters")


def conventions_table() -> str:
    """The body of docs/conventions.md, from the tables themselves."""
    lines = ["| convention | tool | version | unit | what it counts |", "|---|---|---|---|---|"]
    slips = ["| convention | kinds | slip | counted | |", "|---|---|---|---|---|"]
    for one in map(convention, CONVENTIONS):
        lines.append(f"| `{one.name}` | [{one.tool}]({one.source}) | {one.version} | {one.unit} | {one.counts} |")
        for quirk in one.quirks:
            source = f"[issue]({quirk.source})" if quirk.source else ""
            when = "always" if quirk.habit else "`--as-is`"
            slips.append(f"| `{one.name}` | {quirk.kinds.replace(' ', ', ')} | {quirk.why} | {when} | {source} |")
    return "\n".join([*lines, "", "What they do in fact, where it is not what their own rule says:", "", *slips, ""])


def test_the_conventions_page_is_what_the_tables_say() -> None:
    page = Path(__file__).parent.parent / "docs" / "conventions.md"
    text = page.read_text("utf-8")
    before, _, rest = text.partition("<!-- conventions -->\n")
    _, _, after = rest.partition("<!-- end -->")
    fresh = f"{before}<!-- conventions -->\n{conventions_table()}<!-- end -->{after}"
    if os.environ.get("CNNCALC_REWRITE"):
        page.write_text(fresh, "utf-8")
    assert text == fresh


def test_nothing_is_guessed() -> None:
    spec = "4x16x16 -> conv 4 3x3 -> locally_connected 4 3x3 -> relu"
    document = json.loads(invoke(["summary", spec, "--convention", "fvcore", "--json"]).stdout)
    assert [layer["cost"] for layer in document["layers"]] == [28224, None, 0]
    assert document["cost"]["total"] is None
    assert document["cost"]["unknown"] == [
        {"why": "PyTorch has no module for locally_connected", "layers": ["locally_connected_1"]}
    ]
    text = invoke(["summary", spec, "--convention", "fvcore"]).stdout
    assert "fvcore: ? for locally_connected_1: PyTorch has no module for locally_connected" in text


def test_regions_multiply_what_follows_them() -> None:
    analysis = analyse(load("4x16x16 -> roi_align 2 regions=10 -> conv 3 2x2 nobias -> batch_norm"))
    found = Cost(analysis, convention("fvcore"))
    assert [found.of(name) for name in found.layers] == [None, 10 * 48, 10 * 2 * 3]
    held = Cost(analysis, convention("keras"))
    assert (held.total, held.of("batch_norm_1")) == (48 + 4 * 3, 12)
    scanned = Cost(analysis, convention("torchscan"))
    assert scanned.of("batch_norm_1") == 10 * 4 * 3 + 2 * 3


def test_layers_that_no_output_needs_are_left_out_by_tracers() -> None:
    spec = {"input": [4, 8, 8], "layers": ["conv 2 1x1 nobias as a", "conv 2 3x3 as aside", {"relu": {"from": "a"}}]}
    analysis = analyse(load(spec))
    assert Cost(analysis, convention("fvcore")).total == 512
    assert Cost(analysis, convention("torch")).total == 2 * (512 + 36 * 36)
    text = invoke(["summary", "-", "--convention", "fvcore"], json.dumps(spec).encode()).stdout
    assert "fvcore does not see aside: no output depends on it" in text


@pytest.mark.parametrize(
    ("name", "spec", "functional", "said"),
    [
        (
            "fvcore",
            "4x8x8 -> upsample 2 mode=bicubic",
            "",
            "counts nothing for upsample: unsupported operators, skipped",
        ),
        ("fvcore", "4x8 -> adaptive_avg_pool 2", "", "counts nothing for adaptive_avg_pool: unsupported operators"),
        ("thop", "4x8x8x8 -> upsample 2 mode=trilinear", "", "counts nothing for upsample: no rule"),
        ("thop", "4x8x8 -> avg_pool 2 -> relu", "avg_pool", "does not see avg_pool called as a function"),
        ("ptflops", "4x8x8 -> avg_pool 2 -> mish", "avg_pool", "counts nothing for mish: treated as zero-ops"),
    ],
)
def test_what_a_tool_counts_as_nothing_is_said(name: str, spec: str, functional: str, said: str) -> None:
    options = ["--functional", functional] if functional else []
    assert f"{name} {said}" in invoke(["compare", spec, "--conventions", name, *options]).stdout


def test_a_mode_that_a_tool_knows_to_be_free_is_no_gap() -> None:
    analysis = analyse(load("4x8x8 -> upsample 2"))
    assert Cost(analysis, convention("ultralytics-thop")).unruled == []
    assert Cost(analysis, convention("thop")).total == 4 * 16 * 16


def test_the_summary_has_a_column_with_its_unit_and_says_what_it_counts() -> None:
    document = json.loads(invoke(["summary", "resnet18", "--convention", "thop", "--json"]).stdout)
    assert {"convention": "thop", "unit": "MACs", "total": 1824033792, "printed": 1824033792}.items() <= document[
        "cost"
    ].items()
    assert sum(layer["cost"] for layer in document["layers"]) == 1824033792
    text = invoke(["summary", "resnet18", "--convention", "ptflops", "--depth", "1"]).stdout
    assert "ptflops MACs" in text.splitlines()[2]
    assert "1,825,313,768" in text.split("\n\n")[1]
    assert "ptflops, as always: a module is counted once by its hook" in text
    assert "ptflops counts nothing for add: treated as zero-ops" in text
    transposed = ["summary", "4x16x16 -> conv_transpose 8 2x2 stride=2 nobias", "--convention", "thop"]
    text = invoke(transposed).stdout
    assert "thop itself prints 131,072 MACs, as --as-is does" in text
    assert "thop slips, put right here: transposed convolution is counted at the output positions" in text
    assert "thop slips, as is:" in invoke([*transposed, "--as-is"]).stdout
    table = invoke(["summary", "lenet5", "--convention", "torch", "--format", "csv"]).stdout
    assert table.splitlines()[:2] == [
        "layer,kind,from,output,params,MACs,torch FLOPs,field",
        "c1,conv 5×5,,6×28×28,156,117600,235200,5",
    ]
    assert "| total |" in invoke(["summary", "lenet5", "--convention", "torch", "--format", "md"]).stdout


def test_compare_explains_two_conventions() -> None:
    document = json.loads(invoke(["compare", "resnet50", "--conventions", "torch,fvcore", "--json"]).stdout)
    assert document["schema"] == "cnncalc.compare/1"
    assert {(line["kind"], line["count"], *line["factors"]) for line in document["lines"]} == {
        ("conv", 4087136256, 2, 1),
        ("linear", 2048000, 2, 1),
        ("batch_norm", 11113984, 0, 2),
        ("global_avg_pool", 100352, 0, 1),
    }
    assert document["differences"] == [0, 4111512576 - 8178368512]
    text = invoke(["compare", "resnet50", "--conventions", "torch,fvcore"]).stdout
    assert "+22,227,968" in text
    assert "−4,066,855,936" in text


def test_compare_puts_networks_side_by_side() -> None:
    document = json.loads(invoke(["compare", "resnet18", "resnet50", "--conventions", "fvcore", "--json"]).stdout)
    figures = {row["name"]: row for row in document["quantities"]}
    assert figures["params"]["values"] == [11689512, 25557032]
    assert figures["params"]["ratios"] == [1.0, 25557032 / 11689512]
    assert figures["fvcore"]["values"] == [1819065856, 4111512576]
    text = invoke(["compare", "resnet18", "resnet50"]).stdout
    assert "×2.19" in text
    assert invoke(["compare", "vgg16", "--open", "H,W", "--conventions", "thop,torch"]).exit_code == 0
    narrow = invoke(["compare", "lenet5"], width=60).stdout.split("\n\n")[1]
    assert max(map(len, narrow.splitlines())) <= 60
    every = invoke(["compare", "lenet5"]).stdout
    assert all(name in every for name in CONVENTIONS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["summary", "lenet5", "--convention", "fcore"], "there is no convention 'fcore'; did you mean fvcore?"),
        (
            ["compare", "lenet5", "--conventions", "torch,ptflop"],
            "there is no convention 'ptflop'; did you mean ptflops?",
        ),
        (["summary", "lenet5", "--as-is"], "--as-is and --functional go with --convention NAME"),
        (["summary", "lenet5", "--convention", "thop", "--functional", "relo"], "lenet5 has no layer 'relo'"),
        (["compare"], "Missing argument 'SPEC...'"),
        (["compare", "lenet5", "--conventions", "keras,torch"], "keras counts parameters, the others operations"),
        (["compare", "lenet5", "vgg16", "--functional", "relu"], "--functional names layers of one SPEC"),
    ],
)
def test_wrong_use_is_answered(arguments: list[str], said: str) -> None:
    result = invoke(arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def average(n: int, k: int, s: int, p: int, ceil: bool, padded: bool) -> int:
    """Brute force: the numbers the windows of one axis read."""
    pool = torch.nn.AvgPool1d(k, s, p, ceil, True)
    outputs = pool(torch.zeros(1, 1, n)).shape[-1]
    inside = range(-p, n + p) if padded else range(n)
    return sum(i * s - p + tap in inside for i in range(outputs) for tap in range(k))


@given(st.integers(1, 30), st.integers(1, 6), st.integers(1, 6), st.integers(0, 3), st.booleans(), st.booleans())
def test_numbers_read_by_average_pools(n: int, k: int, s: int, p: int, ceil: bool, padded: bool) -> None:
    assume(p <= k // 2 and n + 2 * p >= k)
    layer = kind("avg_pool")(kernel_size=k, stride=s, padding=p, ceil_mode=ceil, count_include_pad=padded)
    facts = layer.facts((1, n))
    found = counted({"inside": 1}, seen(layer, facts, (1, n)))
    assert total(found) == average(n, k, s, p, ceil, padded)


@given(st.integers(1, 40), st.integers(1, 40))
def test_numbers_read_by_adaptive_pools(n: int, o: int) -> None:
    layer = kind("adaptive_avg_pool")(output_size=o)
    found = counted({"bins": 1}, seen(layer, layer.facts((1, n)), (1, n)))
    assert total(found) == sum(-(-(j + 1) * n // o) - j * n // o for j in range(o))


def seen(layer: Any, facts: Any, x: tuple[int, ...]) -> Any:
    from cnncalc.conventions.components import Seen

    return Seen(layer, facts, (x,))
