"""Random networks, run by PyTorch: the independent oracle of shapes, parameters, MACs and fields.

`CNNCALC_PROFILE=thorough pytest tests/test_against_pytorch.py` draws 100,000 networks a test.
"""

import warnings

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cnncalc.analysis import Analysis
from cnncalc.exact.rules import ShapeError
from cnncalc.layers import FAMILY_OF, kind
from cnncalc.network import Network, Node
from cnncalc.pytorch.build import UnsupportedLayer, module
from cnncalc.pytorch.check import check
from cnncalc.strategies import APART, DRAWS, JOINING, SINGLE, layers, networks, shapes

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@given(networks())
@settings(suppress_health_check=SLOW)
def test_networks_agree_with_pytorch(network: Network) -> None:
    report = check(Analysis(network), "cpu")
    assert report.agrees, report.differences


@given(networks())
@settings(suppress_health_check=SLOW)
def test_networks_agree_on_the_meta_device(network: Network) -> None:
    report = check(Analysis(network), "meta")
    assert report.agrees, report.differences


@pytest.mark.parametrize("name", SINGLE)
@given(data=st.data())
@settings(max_examples=30, suppress_health_check=SLOW)
def test_every_kind_is_drawn_and_agrees(name: str, data: st.DataObject) -> None:
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
    assert check(analysis, "cpu").differences == []


PLANAR = ("im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align")
REFUSING = ("conv", "conv_transpose", "max_pool", "avg_pool", "pad", "upsample", "pixel_unshuffle", "group_norm")


@pytest.mark.parametrize("name", REFUSING)
@given(data=st.data())
@settings(max_examples=150, suppress_health_check=SLOW)
def test_what_is_refused_is_refused_by_pytorch(name: str, data: st.DataObject) -> None:
    """A rule that says no, and PyTorch that says yes (or the other way round), is a bug."""
    x = data.draw(shapes((2,) if name in PLANAR else (1, 2, 3), largest=6))
    layer = data.draw(layers(x, [name]))
    assume(getattr(layer, "ceil_mode", False) != "caffe" and getattr(layer, "mode", "") != "bed_of_nails")
    padding = getattr(layer, "padding", 0)
    sides = padding if isinstance(padding, tuple) else ()
    assume(not isinstance(padding, str) and all(not isinstance(side, tuple) or name == "pad" for side in sides))
    facts = layer.facts(x)
    ours = facts.broken() is None
    assert ours == _runs(layer, facts, x)


def _runs(layer: object, facts: object, x: tuple[int, ...]) -> bool:
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        try:
            out = module(layer, facts, x).eval()(torch.zeros(1, *x))
        except (RuntimeError, ValueError, UnsupportedLayer):
            return False
    return out.numel() > 0


def test_every_kind_can_be_drawn_and_built() -> None:
    settingless = {name for name in FAMILY_OF if not kind(name).positional and name not in DRAWS}
    optional = {"dropout", "leaky_relu", "elu", "celu"}
    assert settingless | optional | {*DRAWS} | {*JOINING} | {*APART} == {*FAMILY_OF}
    for name, cls in ((name, kind(name)) for name in FAMILY_OF):
        assert module.dispatch(cls) is not module.dispatch(object), f"{name} has no PyTorch module"
