"""Networks written with their repeated pieces once: what is read back is the same network."""

import pytest
from hypothesis import HealthCheck, given, settings

from cnncalc import analyse, load
from cnncalc.network import Network
from cnncalc.spec.folding import _Writer, alike, folded
from cnncalc.spec.load import named_specs
from cnncalc.spec.write import to_yaml
from cnncalc.strategies import networks
from tests.commands import invoke

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@given(networks(depth=10))
@settings(suppress_health_check=SLOW)
def test_any_network_folds_and_reads_back(network: Network) -> None:
    assert alike(network, load(_Writer(network).text()))


CLASHING = pytest.mark.xfail(
    reason="names of a block and of the network clash; it is written layer by layer", strict=True
)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=CLASHING if name == "mask_rcnn" else ()) for name in named_specs()]
)
def test_shipped_networks_fold_and_read_back(name: str) -> None:
    network = load(name)
    text = _Writer(network).text()
    again = load(text)
    assert alike(network, again)
    assert (analyse(again).params, analyse(again).macs) == (analyse(network).params, analyse(network).macs)
    assert len(text) <= len(to_yaml(network))


def test_a_long_network_becomes_a_page() -> None:
    lines = folded(load("resnet152")).splitlines()
    assert len(lines) < 45
    assert "    - repeat: {times: depth, layers: [bottleneck width]}" in lines
    assert "  - stage 256 2 35" in lines


def test_what_does_not_fold_is_written_layer_by_layer() -> None:
    network = load("mask_rcnn")
    assert alike(network, load(folded(network)))


def test_what_differs_is_not_alike() -> None:
    one = load("3x9x9 -> conv 4 3 -> relu")
    assert alike(one, load("3x9x9 -> conv 4 3 as a -> relu as b"))
    for other in ("3x9x9 -> conv 4 3 -> tanh", "3x9x9 -> conv 4 3", "3x9x8 -> conv 4 3 -> relu",
                  "3x9x9 -> conv 4 3 frozen -> relu"):  # fmt: skip
        assert not alike(one, load(other))
    wired = {"input": [4, 9, 9], "layers": ["relu as a", "relu as b", "add from=a,b"]}
    crossed = wired | {"layers": ["relu as a", "relu as b", "add from=b,a"]}
    assert not alike(load(wired), load(crossed))


def test_show_folds() -> None:
    result = invoke(["show", "resnet50", "--folded"])
    assert result.exit_code == 0
    assert alike(load("resnet50"), load(result.stdout))
    assert len(result.stdout.splitlines()) < len(invoke(["show", "resnet50"]).stdout.splitlines()) / 3
