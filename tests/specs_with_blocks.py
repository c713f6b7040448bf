"""Hypothesis strategies of specs with blocks, repeats, conditions and branches.

Shrinks towards one conv in one block.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

WIDTHS = ["a", "2*a", "a + b", "channels", "channels//2 + 1", "4", "w", "a*w"]
PLAIN = ["relu", "batch_norm", "dropout", "tanh as act", "prelu channels", "layer_norm channels", "glu"]


@st.composite
def chains(draw: DrawFn, blocks: list[str], depth: int, inside: bool) -> list[Any]:
    """A list of layers; ``inside`` a block, whose parameters are a, b and s."""
    return [draw(_item(blocks, depth, inside)) for _ in range(draw(st.integers(1, 3)))]


def _width(draw: DrawFn, inside: bool) -> str:
    return draw(st.sampled_from(WIDTHS if inside else ["w", "2*w", "6", "channels + 1"]))


@st.composite
def _item(draw: DrawFn, blocks: list[str], depth: int, inside: bool) -> Any:
    choices = ["conv", "conv", "plain", "strided"]
    choices += ["call", "call"] if blocks else []
    choices += ["add", "concat", "repeat", "repeat", "when", "gate"] if depth else []
    match draw(st.sampled_from(choices)):
        case "conv":
            return f"conv {_width(draw, inside)} 3x3 padding=1".replace(" + ", "+")
        case "plain":
            return draw(st.sampled_from(PLAIN)).replace(" as act", "")
        case "strided":
            stride = draw(st.sampled_from(["s", "1", "2"])) if inside else "2"
            padding = draw(st.sampled_from(["padding=1", "tf_same"]))
            return f"conv {_width(draw, inside)} 3x3 stride={stride} {padding} nobias".replace(" + ", "+")
        case "call":
            return _call(draw, blocks, inside)
        case "add":
            width = _width(draw, inside).replace("channels//2 + 1", "channels")
            main = [*draw(chains(blocks, 0, inside)), _fixed(width)]
            side = {"when": f"channels != {width}", "layers": [_fixed(width)]}
            return {"add": [["relu", _fixed(width)] if draw(st.booleans()) else main[-1:], [side]]}
        case "concat":
            branches = [draw(st.one_of(st.just([]), _flat(inside))) for _ in range(draw(st.integers(1, 3)))]
            return {"concat": branches}
        case "gate":
            return {"multiply": [[], ["global_avg_pool keepdims", "conv channels 1x1", "sigmoid"]]}
        case "repeat":
            times = draw(st.sampled_from(["2", "n", "n - 1", "b"] if inside else ["2", "n", "3"]))
            return {"repeat": {"times": times, "layers": draw(chains(blocks, depth - 1, inside))}}
        case _:
            test = draw(
                st.sampled_from(["s > 1", "channels < 4", "a == b", "on == 1"] if inside else ["on == 1", "n > 2"])
            )
            return {"when": test, "layers": draw(chains(blocks, depth - 1, inside))}


def _fixed(width: str) -> str:
    return f"conv {width} 1x1".replace(" + ", "+")


@st.composite
def _flat(draw: DrawFn, inside: bool) -> list[str]:
    return [f"conv {_width(draw, inside)} 1x1".replace(" + ", "+"), draw(st.sampled_from(["relu", "batch_norm"]))]


def _call(draw: DrawFn, blocks: list[str], inside: bool) -> str:
    values = ["a", "b", "2", "w", "channels"] if inside else ["w", "2", "3", "2*w", "channels"]
    first, second = draw(st.sampled_from(values)), draw(st.sampled_from(values))
    stride = draw(st.sampled_from(["", " s=2", " 1"]))
    return f"{draw(st.sampled_from(blocks))} {first} {second}{stride}"


@st.composite
def specs_with_blocks(draw: DrawFn) -> dict[str, Any]:
    """A spec whose blocks call each other, with symbols for widths, counts and a switch."""
    blocks: dict[str, Any] = {}
    known: list[str] = []
    for name in ["inner", "middle", "outer"][: draw(st.integers(1, 3))]:
        blocks[f"{name}(a, b, s=1)"] = draw(chains(list(known), draw(st.integers(0, 2)), True))
        known.append(name)
    main = draw(chains(known, 1, False))
    tail: list[Any] = draw(st.sampled_from([[], ["global_avg_pool", "linear w"], ["flatten", "linear n"]]))
    return {
        "name": "drawn",
        "symbols": {"w": draw(st.integers(1, 4)), "n": draw(st.integers(1, 3)), "on": draw(st.integers(0, 1))},
        "input": [draw(st.sampled_from([1, 2, 3, "w"])), 16, 16],
        "blocks": blocks,
        "layers": [_call(draw, known, False), *main, *tail],
    }
