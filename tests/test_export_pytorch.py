"""Generated PyTorch source, run: every tensor and every shape agrees with the spec; formatted; exportable."""

import math
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnncalc import load
from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.rules import ShapeError
from cnncalc.export import TARGETS, Unsupported, export
from cnncalc.export.keras import layer_source as keras_source
from cnncalc.export.pytorch import layer_source as pytorch_source
from cnncalc.export.pytorch_classes import OWN
from cnncalc.layers import FAMILY_OF, kind
from cnncalc.network import About, Network, Node, part_of
from cnncalc.pytorch.build import Built
from cnncalc.spec.load import named_specs
from cnncalc.strategies import SINGLE, layers, networks, shapes
from tests.commands import invoke
from tests.specs_with_blocks import specs_with_blocks

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PLANAR = ("im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align")
SPECS = list(named_specs())


def run_source(code: str) -> ModuleType:
    """Generated source, our own, as a module."""
    module = ModuleType("generated")
    exec(compile(code, "generated", "exec"), module.__dict__)
    return module


def network_class(code: str) -> type[nn.Module]:
    """The class of the whole network: the last one."""
    module = run_source(code)
    made = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == "generated"]
    return made[-1]


def built(analysis: Analysis, device: str = "meta", **symbols: int) -> nn.Module:
    with torch.device(device):
        return network_class(export(analysis, "pytorch"))(**symbols).eval()


def tensors(named: Any) -> Counter[tuple[int, ...]]:
    return Counter(tuple(tensor.shape) for name, tensor in named if not name.endswith("num_batches_tracked"))


def stated(analysis: Analysis, what: str) -> Counter[tuple[int, ...]]:
    return Counter(
        shape
        for name, facts in analysis.facts.items()
        if not analysis.network.nodes[name].shares
        for shape in getattr(facts, what).values()
    )


def outputs(model: nn.Module, analysis: Analysis, device: str, batch: int = 2) -> list[tuple[int, ...]]:
    with torch.device(device), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = model(*[torch.zeros(batch, *shape) for shape in analysis.network.inputs.values()])
    return [tuple(one.shape) for one in (made if isinstance(made, tuple) else (made,))]


def wanted(analysis: Analysis, batch: int = 2) -> list[tuple[int, ...]]:
    copies = [analysis.copies[part_of(name)[0]] for name in analysis.network.outputs]
    return [(batch * n, *analysis.shapes[name]) for n, name in zip(copies, analysis.network.outputs, strict=True)]


def agrees(analysis: Analysis, device: str = "meta") -> nn.Module:
    """Hold the generated module against the analysis; hand it back."""
    model = built(analysis, device)
    assert tensors(model.named_parameters()) == stated(analysis, "weights")
    assert tensors(model.named_buffers()) == stated(analysis, "buffers")
    assert sum(one.numel() for one in model.parameters()) == analysis.params
    assert sum(one.numel() for one in model.parameters() if one.requires_grad) == analysis.trainable
    assert outputs(model, analysis, device) == wanted(analysis)
    return model


def learning(model: nn.Module, analysis: Analysis) -> Counter[tuple[int, ...]]:
    """The output shapes of all modules that hold parameters of their own, in a run."""
    seen: Counter[tuple[int, ...]] = Counter()
    for module in model.modules():
        if next(module.parameters(recurse=False), None) is not None:
            module.register_forward_hook(lambda _m, _i, out: seen.update([tuple(out.shape[1:])]))
    outputs(model, analysis, "meta")
    return seen


# --- the networks that come with cnncalc --------------------------------------------------------


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_agrees_in_every_tensor_and_output(name: str) -> None:
    analysis = analyse(load(name))
    model = agrees(analysis)
    facts = analysis.facts.values()
    assert learning(model, analysis) == Counter(one.output for one in facts if one.weights)


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_can_be_exported_by_torch(name: str) -> None:
    """The way back: `torch.export` reads what was written."""
    analysis = analyse(load(name))
    model = built(analysis)
    inputs = tuple(torch.zeros(2, *shape, device="meta") for shape in analysis.network.inputs.values())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(model, inputs, strict=False)
    assert tensors(program.named_parameters()) == stated(analysis, "weights")


@pytest.mark.parametrize("name", SPECS)
def test_every_spec_keeps_its_structure(name: str) -> None:
    """Blocks stay classes: what is written for the spec is no longer than the spec's own layers and blocks."""
    analysis = analyse(load(name))
    code = export(analysis, "pytorch")
    assert len(code.splitlines()) < 120
    blocks = named_specs()[name].blocks[0]
    called = {layer.split(".")[-2].rsplit("_", 1)[0] for layer in analysis.facts if "." in layer}
    assert code.count("\nclass ") <= 1 + len(blocks) + 3
    assert code.count("\nclass ") >= 1 + len(called & {*blocks})


def test_names_are_those_of_the_spec() -> None:
    """Straight blocks carry the spec's own names into the state dict, through loops too."""
    analysis = analyse(load("vgg16_bn"))
    ours = {f"{name}.{key}" for name, facts in analysis.facts.items() for key in facts.weights}
    assert {name for name, _ in built(analysis).named_parameters()} == ours


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("resnet50", {"classes": 10, "d3": 23}),
        ("resnet18", {"width": 96, "d1": 1}),
        ("densenet121", {"growth": 48, "d3": 36, "d4": 24}),
        ("vgg16", {"d3": 4, "d5": 1}),
        ("googlenet", {"classes": 7}),
        ("lenet5_pytorch", {"colors": 3, "classes": 26}),
        ("unet", {"classes": 5}),
        ("nin", {"classes": 100}),
    ],
)
def test_arguments_mean_what_the_symbols_mean(name: str, symbols: dict[str, int]) -> None:
    """The class of the usual network, called with other values, is the network with those values."""
    other = analyse(load(name), **symbols)
    model = built(analyse(load(name)), **symbols)
    assert tensors(model.named_parameters()) == stated(other, "weights")
    assert outputs(model, other, "meta") == wanted(other)


# --- drawn networks -----------------------------------------------------------------------------


@given(networks())
@settings(suppress_health_check=SLOW)
def test_drawn_networks_agree(network: Network) -> None:
    agrees(Analysis(network), "cpu")


def other_borders(layer: Any) -> bool:
    """Whether the cross-check's own module treats a border in another way: it only has to have the size."""
    average = layer.kind == "avg_pool" and (layer.ceil_mode == "caffe" or layer.padding == "tf_same")
    return average or (layer.kind == "conv_transpose" and layer.padding != 0)


@given(networks())
@settings(suppress_health_check=SLOW)
def test_drawn_networks_compute_what_the_cross_check_computes(network: Network) -> None:
    """With the weights of `cnncalc.pytorch.build`, written apart from this, the same numbers come out."""
    assume(not any(other_borders(node.layer) for node in network.nodes.values()))
    analysis = Analysis(network)
    torch.manual_seed(0)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        checked_, ours = Built(analysis).eval(), built(analysis, "cpu")
        for kind_ in ("parameters", "buffers"):
            theirs = [one for step in checked_.steps.values() for one in getattr(step, kind_)()]
            for mine, other in zip(getattr(ours, kind_)(), theirs, strict=True):
                mine.copy_(other)
        x = torch.randn(2, *network.input)
        name, part = part_of(network.outputs[0])
        expected = checked_(x)[name]
        expected = expected[part] if part is not None else getattr(expected, "tensor", expected)
        assert torch.allclose(ours(x), expected, atol=1e-4, rtol=1e-4, equal_nan=True)


@given(specs_with_blocks())
@settings(suppress_health_check=SLOW)
def test_drawn_specs_with_blocks_agree(spec: dict[str, Any]) -> None:
    try:
        analysis = analyse(load(spec))
    except ValueError:
        assume(False)
        raise
    agrees(analysis)


@given(specs_with_blocks(), st.data())
@settings(suppress_health_check=SLOW)
def test_drawn_arguments_mean_what_the_symbols_mean(spec: dict[str, Any], data: st.DataObject) -> None:
    try:
        usual = analyse(load(spec))
        code = export(usual, "pytorch")
        main = network_class(code)
        accepted = main.__init__.__code__.co_varnames[1 : main.__init__.__code__.co_argcount]
        symbols = {name: data.draw(st.integers(1, 5)) for name in accepted if name in usual.network.symbols}
        other = analyse(load(spec), **symbols)
    except ValueError:
        assume(False)
        raise
    with torch.device("meta"):
        model = main(**symbols).eval()
    assert tensors(model.named_parameters()) == stated(other, "weights")
    assert outputs(model, other, "meta") == wanted(other)


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_every_kind_is_written_and_agrees(name: str, data: st.DataObject) -> None:
    x = data.draw(shapes((2,) if name in PLANAR else (1, 2, 3)))
    x = (x[0] * 4, *x[1:]) if name in ("pixel_shuffle", "glu") else x
    x = x[:1] if name == "radial_basis" else x
    layer = data.draw(layers(x, [name]))
    network = Network("one", {"input": x}, {"one": Node(layer, ("input",))}, ("one",))
    try:
        analysis = Analysis(network)
    except ShapeError:
        assume(False)
        raise
    agrees(analysis, "cpu")


# --- the text -----------------------------------------------------------------------------------


def ruff(command: str, folder: Path) -> str:
    line = [sys.executable, "-m", "ruff", *command.split(), "--isolated", "--line-length=100", str(folder)]
    result = subprocess.run(line, capture_output=True, text=True, check=False)
    return "" if result.returncode == 0 else result.stdout + result.stderr


def checked(sources: dict[str, str], folder: Path) -> None:
    """Formatted as ruff formats, and nothing that ruff's usual rules complain of."""
    for name, code in sources.items():
        (folder / f"{name}.py").write_text(code, "utf-8")
    assert ruff("format --check --diff", folder) == ""
    assert ruff("check", folder) == ""


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_written_for_the_specs_is_formatted(target: str, tmp_path: Path) -> None:
    checked({name: export(analyse(load(name)), target) for name in SPECS}, tmp_path)


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_written_for_drawn_networks_is_formatted(target: str, tmp_path: Path) -> None:
    sources: dict[str, str] = {}

    @given(st.one_of(networks(depth=9), specs_with_blocks().map(quiet).filter(bool)))
    @settings(max_examples=120, suppress_health_check=SLOW, database=None)
    def collect(network: Network) -> None:
        try:
            sources[f"drawn_{len(sources)}"] = export(Analysis(network), target)
        except Unsupported:
            assume(False)

    collect()
    checked(sources, tmp_path)


def quiet(spec: dict[str, Any]) -> Network | None:
    """The network of a drawn spec, if it can be built."""
    try:
        return load(spec)
    except ValueError:
        return None


HOSTILE = [
    '"""\nimport os\nos.abort()\n"""',
    "'''; raise SystemExit",
    "\\",
    'ends with a quote"',
    "back\\slash\\N{BULLET}\\x00",
    "line\u2028separator\u2029and\x85next\r\nline\x0bfeed\x0c",
    "# type: ignore\n    raise SystemExit",
    "\u202eright to left\x00\x1b[31m",
    "{x} %s {0}",
    "日本語 " * 60,
    "",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_strangers_text_stays_text(target: str, text: str, tmp_path: Path) -> None:
    nodes = {
        f"{text}{i}": Node(kind("conv")(4, 3), (["input", *[f"{text}{k}" for k in range(3)]][i],)) for i in range(3)
    }
    about = About(title=text, source=text, notes=(text, text))
    network = Network(text, {"input": (3, 9, 9)}, nodes, (f"{text}2",), about=about)
    code = export(Analysis(network), target)
    same = export(Analysis(Network("plain", {"input": (3, 9, 9)}, nodes, (f"{text}2",))), target)
    assert shape_of(code) == shape_of(same)
    checked({"hostile": code}, tmp_path)


def shape_of(code: str) -> list[str]:
    """The kinds of nodes in a syntax tree, names and texts left out."""
    import ast

    tree = ast.parse(code)
    return [type(node).__name__ for node in ast.walk(tree)]


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=6, unique=True))
def test_any_names_become_names_that_do_not_clash(names: list[str]) -> None:
    nodes = {
        name: Node(kind("conv")(2, 1), (previous,)) for previous, name in zip(["input", *names], names, strict=False)
    }
    assume("input" not in names and not any("[" in name for name in names))
    agrees(Analysis(Network("names", {"input": (1, 2, 2)}, nodes, (names[-1],))))


@pytest.mark.parametrize(
    "name", ["forward", "training", "self", "class", "x", "nn", "torch", "conv", "add_module", "T", "F"]
)
def test_names_that_python_or_pytorch_needs_are_left_alone(name: str) -> None:
    joined = {"name": "clash", "symbols": {"lambda": 2} if name == "self" else {name[:30]: 2},
              "input": [3, 8, 8], "blocks": {f"{name}_block(nn, self, x=2)": [f"conv nn*x 1x1 as {name}_", "relu"]},
              "layers": [f"conv 4 3x3 as {name}", {"add": [[f"{name}_block 2 3"], ["conv 4 1x1"]]}]}  # fmt: skip
    agrees(analyse(load(joined)))


def test_the_names_kept_free_are_all_of_pytorchs() -> None:
    public = {name for name in {*dir(nn.Module()), *dir(nn.Sequential())} if not name.startswith("_")}
    assert public <= {*OWN}


def test_a_long_chain_is_written_in_one_go() -> None:
    nodes = {}
    for i in range(10_000):
        nodes[f"relu_{i}"] = Node(kind("relu")(), (f"relu_{i - 1}" if i else "input",))
    analysis = Analysis(Network("long", {"input": (3, 4, 4)}, nodes, ("relu_9999",)))
    for target in TARGETS:
        assert len(export(analysis, target).splitlines()) > 10_000


def test_long_skips_and_several_outputs() -> None:
    spec = {"input": [3, 16, 16], "outputs": ["low", "high", "stem"],
            "layers": ["conv 4 3x3 padding=1 as stem", "max_pool 2 as low", "conv 4 3x3 padding=1",
                       {"upsample": {"scale_factor": 2}}, {"concat": {"with": "stem"}}, "conv 2 1x1 as high"]}  # fmt: skip
    agrees(analyse(load(spec)))


def test_frozen_layers_stay_frozen() -> None:
    analysis = analyse(load({"input": [3, 8, 8], "layers": ["conv 4 3x3 frozen", "conv 2 1x1"]}))
    assert agrees(analysis)


def test_unpooling_uses_the_places_of_its_pool() -> None:
    spec = {"input": [2, 6, 6], "layers": ["max_pool 2 as pool", "relu", "max_unpool: {kernel_size: 2, with: pool}"]}
    spec["layers"][-1] = {"max_unpool": {"kernel_size": 2, "with": "pool"}}
    model = agrees(analyse(load(spec)), "cpu")
    x = torch.rand(1, 2, 6, 6)
    pooled, places = nn.functional.max_pool2d(x, 2, return_indices=True)
    assert torch.equal(model(x), nn.functional.max_unpool2d(pooled, places, 2))


# --- totality, and the command ------------------------------------------------------------------


@pytest.mark.parametrize("name", FAMILY_OF)
@pytest.mark.parametrize("dispatch", [pytorch_source, keras_source], ids=["pytorch", "keras"])
def test_every_target_has_a_case_for_every_kind(dispatch: Any, name: str) -> None:
    assert dispatch.dispatch(kind(name)) is not dispatch.dispatch(object)


def test_a_kind_without_a_case_is_named() -> None:
    from cnncalc.layers.layer import Facts, Layer

    class Unheard(Layer):
        kind = "unheard"

        def facts(self, x: tuple[int, ...]) -> Facts:
            return Facts(output=x)

    network = Network("odd", {"input": (3, 4, 4)}, {"odd_1": Node(Unheard(), ("input",))}, ("odd_1",))
    for target in TARGETS:
        with pytest.raises(Unsupported, match=r"odd_1.*unheard"):
            export(Analysis(network), target)


def test_the_command_prints_what_the_library_writes(tmp_path: Path) -> None:
    code = export(analyse(load("lenet5")), "pytorch")
    assert invoke(["export", "--to", "pytorch", "lenet5"]).stdout == code
    path = tmp_path / "net.py"
    path.write_text("before")
    result = invoke(["export", "--to", "pytorch", "lenet5", "-o", str(path)])
    assert (result.exit_code, result.stdout, path.read_text("utf-8")) == (0, "", code)
    assert [one.name for one in tmp_path.iterdir()] == ["net.py"]


def test_the_command_answers_in_json() -> None:
    import json

    document = json.loads(invoke(["export", "--to", "keras", "lenet5", "--json"]).stdout)
    assert list(document) == ["schema", "target", "network", "code"]
    assert document["schema"] == "cnncalc.export/1"
    assert document["code"] == export(analyse(load("lenet5")), "keras")


def test_what_the_command_refuses() -> None:
    assert invoke(["export", "lenet5"]).exit_code == 2
    assert invoke(["export", "--to", "caffe", "lenet5"]).exit_code == 2
    refused = invoke(["export", "--to", "keras", "4x8x8 -> max_pool 2 -> lp_pool 2"])
    assert refused.exit_code == 1
    assert "lp_pool_1 (lp_pool)" in refused.stderr
    assert refused.stdout == ""
    assert invoke(["export", "--to", "keras", "lenet5", "-o", "/nowhere/at/all.py"]).exit_code == 1


def test_math_of_the_usual_sizes() -> None:
    """The first linear layer shows where its features come from."""
    assert f"nn.Linear({' * '.join(['512', '7', '7'])}, 4096)" in export(analyse(load("vgg16")), "pytorch")
    assert math.prod([512, 7, 7]) == 25088
