"""The layer kinds: their registry, their values, and what a class must be."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnncalc.exact.records import changed, fresh, record
from cnncalc.layers import FAMILIES, FAMILY_OF, all_kinds, kind
from cnncalc.layers.layer import KINDS, Layer, layer
from cnncalc.network import Network
from cnncalc.spec.load import load
from cnncalc.spec.write import to_yaml
from cnncalc.strategies import networks

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
CONTRACT = """
    conv conv_transpose locally_connected partially_connected linear max_pool avg_pool lp_pool adaptive_avg_pool
    adaptive_max_pool global_avg_pool global_max_pool max_unpool upsample batch_norm layer_norm group_norm instance_norm
    local_response_norm relu dropout flatten reshape permute pad crop add multiply concat split pixel_shuffle
    pixel_unshuffle channel_shuffle roi_pool roi_align im2col softmax prelu leaky_relu sigmoid tanh slice
"""


def test_the_table_of_families_is_what_the_files_enter() -> None:
    all_kinds()
    assert {*KINDS} == {*FAMILY_OF}
    for family, kinds in FAMILIES.items():
        for name in kinds.split():
            assert kind(name).__module__ == f"cnncalc.layers.{family}"


def test_the_promised_kinds_are_there() -> None:
    assert {*CONTRACT.split()} <= {*FAMILY_OF}


def test_a_kind_is_entered_once() -> None:
    with pytest.raises(ValueError, match="layer kind 'conv' is taken by Conv"):
        layer("conv")(type("Other", (Layer,), {}))


@pytest.mark.parametrize("name", FAMILY_OF)
def test_a_kind_documents_itself(name: str) -> None:
    cls = kind(name)
    assert cls.__doc__
    assert all(field in cls.fields for field in cls.positional)


def test_layers_are_values() -> None:
    conv = kind("conv")
    assert conv(6, 5) == conv(out_channels=6, kernel_size=5)
    assert hash(conv(6, 5)) == hash(conv(kernel_size=5, out_channels=6))
    assert conv(6, 5) != conv(6, 5, bias=False)
    assert conv(6, 5).but(stride=2) == conv(6, 5, 2)
    with pytest.raises(AttributeError, match="cannot be changed"):
        conv(6, 5).stride = 2
    with pytest.raises(TypeError, match="needs kernel_size"):
        conv(6)
    with pytest.raises(TypeError, match="has no strides"):
        conv(6, 5, strides=2)
    assert repr(conv(6, 5, stride=2)) == "Conv(out_channels=6, kernel_size=5, stride=2)"


@record
class Point:
    x: int
    y: int = 0
    tags: list[str] = fresh(default_factory=list)


def test_records_are_immutable_values() -> None:
    assert Point(1) == Point(1, 0)
    assert Point(1) != Point(1, 2)
    assert Point(1).tags is not Point(1).tags
    assert changed(Point(1, 2), x=3) == Point(3, 2)
    assert repr(Point(1)) == "Point(x=1, y=0, tags=[])"
    with pytest.raises(AttributeError, match="cannot be changed"):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(TypeError, match="missing \\['x'\\]"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unknown \\['z'\\]"):
        Point(1, z=3)  # type: ignore[call-arg]


@given(networks())
@settings(suppress_health_check=SLOW)
def test_a_network_written_as_yaml_reads_back_the_same(network: Network) -> None:
    assert load(to_yaml(network)) == network


@pytest.mark.parametrize(
    "name", ["lenet5_1998", "resnet50", "googlenet_paper", "densenet121", "unet", "alexnet_groups"]
)
def test_a_shipped_network_written_as_yaml_reads_back_the_same(name: str) -> None:
    network = load(name)
    again = load(to_yaml(network))
    assert (again.inputs, dict(again.nodes), again.outputs) == (network.inputs, dict(network.nodes), network.outputs)
    assert again.about.source == network.about.source


@given(networks(depth=8), st.data())
@settings(suppress_health_check=SLOW)
def test_splitting_a_chain_and_rejoining_it_changes_nothing(network: Network, data: st.DataObject) -> None:
    """Analysing a network in two halves gives the figures of the whole."""
    from cnncalc.analysis import Analysis
    from cnncalc.network import part_of

    names = list(network.nodes)
    cut = data.draw(st.integers(0, len(names) - 1))
    whole = Analysis(network)
    seen = {part_of(one)[0] for name in names[cut:] for one in network.nodes[name].inputs}
    feeds = [name for name in (*network.inputs, *names[:cut]) if name in seen]
    if not feeds or whole.copied or any(whole.facts[one].parts for one in feeds if one in whole.facts):
        return
    tail = {name: network.nodes[name] for name in names[cut:]}
    second = Analysis(Network("tail", {one: whole.shapes[one] for one in feeds}, tail, (names[-1],)))
    assert all(second.facts[name] == whole.facts[name] for name in tail)
