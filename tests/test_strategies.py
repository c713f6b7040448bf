"""The strategies that are shipped: what they draw, what they shrink to, how Hypothesis finds them."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis import Analysis, analyse
from cnncalc.exact.rules import ShapeError
from cnncalc.hypothesis_hook import register
from cnncalc.network import Network
from cnncalc.quiz.question import Question
from cnncalc.spec.errors import SpecError
from cnncalc.strategies import (
    FAULTS,
    chains,
    invalid_specs,
    layer_lists,
    layers,
    networks,
    questions,
    shapes,
    specs,
    windows,
)

QUIET = settings(max_examples=2_000, derandomize=True, database=None)
register()


@given(specs())
@settings(max_examples=60)
def test_specs_load_and_say_what_they_were_made_of(text: str) -> None:
    network = cnncalc.load(text)
    assert analyse(network).params >= 0
    assert cnncalc.load(cnncalc.to_yaml(network)) == network


@given(invalid_specs())
def test_invalid_specs_are_refused_in_the_words_foretold(drawn: tuple[str, str]) -> None:
    text, words = drawn
    with pytest.raises((SpecError, ShapeError)) as raised:
        analyse(cnncalc.load(text))
    assert words in str(raised.value)


@pytest.mark.parametrize(("fault", "words"), FAULTS)
def test_every_fault_is_a_fault_by_itself(fault: str, words: str) -> None:
    with pytest.raises((SpecError, ShapeError)) as raised:
        analyse(cnncalc.load(f"1x3x3 -> {fault}"))
    assert words in str(raised.value)
    if isinstance(raised.value, SpecError):
        assert len(raised.value.faults) == 1


@given(chains())
@settings(max_examples=60)
def test_chains_have_no_branches(network: Network) -> None:
    assert all(len(node.inputs) == 1 for node in network.nodes.values())
    assert max(len(readers) for readers in network.consumers().values()) <= 1
    Analysis(network)


@given(st.from_type(Network))
@settings(max_examples=40)
def test_hypothesis_knows_networks(network: Network) -> None:
    assert isinstance(network, Network)
    Analysis(network)


def test_the_entry_point_is_the_hook() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["hypothesis"] == {"cnncalc": "cnncalc.hypothesis_hook:register"}


def test_the_hook_loads_nothing_heavy() -> None:
    code = (
        "import hypothesis, sys, cnncalc.hypothesis_hook as hook; hook.register(); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'yaml', 'pydantic', 'cnncalc.strategies')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_they_shrink_as_they_say() -> None:
    assert find(windows(), lambda v: True, settings=QUIET) == {"n": 7, "k": 3, "s": 2, "p": 1, "d": 1}
    assert find(layer_lists(), lambda found: True, settings=QUIET) == [(3, 1, 1)]
    assert find(shapes(), lambda x: True, settings=QUIET) == (1, 1)
    smallest = find(chains(), lambda network: True, settings=QUIET)
    assert len(smallest) == 1
    assert len(smallest.input) == 3
    assert len(find(networks(), lambda network: True, settings=QUIET)) == 1
    assert find(invalid_specs(), lambda drawn: True, settings=QUIET) == ("1x3x3 -> konv 6 3x3", FAULTS[0][1])
    assert "layers:" in find(specs(), lambda text: True, settings=QUIET)
    question: Question = find(questions(), lambda found: True, settings=QUIET)
    assert (question.kind, question.level) == ("output-size", 1)


@given(st.data())
@settings(max_examples=30)
def test_layers_are_of_the_kinds_asked_for(data: st.DataObject) -> None:
    assert data.draw(layers((4, 8, 8), ["relu", "conv"])).kind in ("relu", "conv")
