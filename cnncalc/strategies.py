"""Hypothesis strategies: layers that fit a shape, chains, branched networks, specs good and bad, exercises.

Everything drawn is small (a few thousand numbers), so that PyTorch can run it in milliseconds.
Networks shrink to one layer on a small map, windows and layer lists towards textbook values.
With Hypothesis installed, ``st.from_type(cnncalc.Network)`` draws `networks()`. Never imports torch.
"""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Shape, prod
from cnncalc.layers import FAMILIES, FAMILY_OF, Layer, kind
from cnncalc.network import Network, Node
from cnncalc.quiz.generate import exercises
from cnncalc.quiz.kinds import KINDS, LEVELS
from cnncalc.quiz.question import Question
from cnncalc.spec.write import to_yaml
from cnncalc.teaching.textbook import TEXTBOOK, Point, size_points

MAX_ELEMENTS = 3_000
MAX_PARAMS = 60_000
Drawn = dict[str, Any]


def shapes(ranks: Sequence[int] = (1, 2, 3), largest: int = 13) -> SearchStrategy[Shape]:
    """Shapes of maps, channels first; shrinks to one channel and one pixel."""
    sizes = {1: 4 * largest, 2: largest, 3: max(2, largest // 2)}

    def of(rank: int) -> SearchStrategy[Shape]:
        return st.tuples(st.integers(1, 8), *[st.integers(1, sizes[rank])] * rank)

    return st.sampled_from(list(ranks)).flatmap(of)


def _axes(draw: DrawFn, rank: int, low: int, high: int) -> Any:
    """One number for all axes, or one for each."""
    one = st.integers(low, high)
    return draw(st.one_of(one, st.tuples(*[one] * rank)))


def _divisor(draw: DrawFn, *numbers: int) -> int:
    return draw(st.sampled_from([d for d in range(1, min(numbers) + 1) if all(n % d == 0 for n in numbers)]))


def _sides(draw: DrawFn, rank: int, low: int, high: int) -> Any:
    one = st.integers(low, high)
    return draw(st.one_of(one, st.tuples(*[one] * rank), st.tuples(*[st.tuples(one, one)] * rank)))


def _conv(draw: DrawFn, x: Shape) -> Drawn:
    rank = len(x) - 1
    out = draw(st.integers(1, 8))
    mode = draw(st.sampled_from(["numbers", "numbers", "same", "valid", "full", "tf_same", "causal"]))
    return {
        "out_channels": out,
        "kernel_size": _axes(draw, rank, 1, 4),
        "stride": 1 if mode == "same" else _axes(draw, rank, 1, 3),
        "dilation": _axes(draw, rank, 1, 3),
        "padding": _sides(draw, rank, 0, 3) if mode == "numbers" else mode,
        "groups": _divisor(draw, out, x[0]),
        "bias": draw(st.booleans()),
    }


def _conv_transpose(draw: DrawFn, x: Shape) -> Drawn:
    rank = len(x) - 1
    drawn = _conv(draw, x) | {"stride": _axes(draw, rank, 1, 3)}
    cut = draw(st.sampled_from(["numbers", "numbers", "valid", "tf_same"]))
    drawn["padding"] = _sides(draw, rank, 0, 2) if cut == "numbers" else cut
    return drawn | ({"output_padding": _axes(draw, rank, 0, 2)} if cut == "numbers" else {})


def _locally(draw: DrawFn, x: Shape) -> Drawn:
    drawn = _conv(draw, x)
    drawn.pop("groups")
    return drawn


def _partially(draw: DrawFn, x: Shape) -> Drawn:
    drawn = _locally(draw, x)
    drawn.pop("out_channels")
    row = st.lists(st.integers(0, x[0] - 1), min_size=1, max_size=x[0], unique=True).map(tuple)
    return drawn | {"table": draw(st.lists(row, min_size=1, max_size=5).map(tuple))}


def _pool(draw: DrawFn, x: Shape) -> Drawn:
    rank = len(x) - 1
    drawn = {
        "kernel_size": _axes(draw, rank, 1, 4),
        "stride": draw(st.one_of(st.none(), st.integers(1, 4), st.tuples(*[st.integers(1, 4)] * rank))),
        "ceil_mode": draw(st.sampled_from([False, True, "caffe"])),
    }
    padding = draw(st.one_of(st.integers(0, 2), st.tuples(*[st.integers(0, 2)] * rank), st.just("tf_same")))
    return drawn | {"padding": padding}


def _max_pool(draw: DrawFn, x: Shape) -> Drawn:
    drawn = _pool(draw, x)
    return drawn if drawn["ceil_mode"] == "caffe" else drawn | {"dilation": _axes(draw, len(x) - 1, 1, 2)}


def _avg_pool(draw: DrawFn, x: Shape) -> Drawn:
    return _pool(draw, x) | {"trainable": draw(st.booleans())}


def _lp_pool(draw: DrawFn, x: Shape) -> Drawn:
    drawn = _pool(draw, x)
    drawn.pop("padding")
    return drawn | {"norm_type": draw(st.sampled_from([1, 2])), "ceil_mode": drawn["ceil_mode"] is True}


def _unpool(draw: DrawFn, x: Shape) -> Drawn:
    rank = len(x) - 1
    return {"kernel_size": _axes(draw, rank, 1, 3), "stride": _axes(draw, rank, 1, 3), "padding": 0}


def _upsample(draw: DrawFn, x: Shape) -> Drawn:
    rank = len(x) - 1
    smooth = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[rank]
    mode = draw(st.sampled_from(["nearest", "bed_of_nails", *smooth]))
    corners = mode not in ("nearest", "bed_of_nails") and draw(st.booleans())
    if mode == "bed_of_nails" or draw(st.booleans()):
        factors = [2, 3] if mode == "bed_of_nails" else [2, 3, 1.5, 0.5, 2.5, 0.75, 0.7, 0.29]
        return {"scale_factor": draw(st.sampled_from(factors)), "mode": mode, "align_corners": corners}
    return {"size": _axes(draw, rank, 1, 14), "mode": mode, "align_corners": corners}


def _pad(draw: DrawFn, x: Shape) -> Drawn:
    mode = draw(st.sampled_from(["constant", "reflect", "replicate", "circular"]))
    return {"padding": _sides(draw, len(x) - 1, -1 if mode == "constant" else 0, 2), "mode": mode}


def _crop(draw: DrawFn, x: Shape) -> Drawn:
    if draw(st.booleans()):
        return {"to": draw(st.tuples(*[st.integers(1, n) for n in x[1:]]))}
    return {"cropping": _sides(draw, len(x) - 1, 0, 2)}


def _slice(draw: DrawFn, x: Shape) -> Drawn:
    names = {2: ["length"], 3: ["height", "width"], 4: ["depth", "height", "width"]}[len(x)]
    name, n = draw(st.sampled_from(list(zip(["channels", *names], x, strict=True))))
    start = draw(st.integers(0, n - 1))
    return {name: (start, draw(st.integers(start + 1, n)))}


def _reshape(draw: DrawFn, x: Shape) -> Drawn:
    total = prod(x)
    first = _divisor(draw, total)
    return {"shape": draw(st.sampled_from([(first, total // first), (first, -1), (total,), x]))}


def _layer_norm(draw: DrawFn, x: Shape) -> Drawn:
    return {"over": draw(st.sampled_from(["all", "channels", "last"])), "bias": draw(st.booleans())}


def _split(draw: DrawFn, x: Shape) -> Drawn:
    dim = draw(st.integers(1, len(x)))
    return {"sections": _divisor(draw, x[dim - 1]), "dim": dim}


def _reduce(draw: DrawFn, x: Shape) -> Drawn:
    dims = draw(st.lists(st.integers(1, len(x)), min_size=1, max_size=len(x), unique=True))
    keepdims = len(dims) == len(x) or draw(st.booleans())
    return {"dims": tuple(dims), "function": draw(st.sampled_from(["mean", "sum"])), "keepdims": keepdims}


def _none(draw: DrawFn, x: Shape) -> Drawn:
    return {}


DRAWS: dict[str, Callable[[DrawFn, Shape], Drawn]] = {
    "conv": _conv,
    "conv_transpose": _conv_transpose,
    "locally_connected": _locally,
    "partially_connected": _partially,
    "im2col": lambda draw, x: {"kernel_size": _axes(draw, 2, 1, 3), "padding": _axes(draw, 2, 0, 2)},
    "max_pool": _max_pool,
    "avg_pool": _avg_pool,
    "lp_pool": _lp_pool,
    "adaptive_avg_pool": lambda draw, x: {"output_size": _axes(draw, len(x) - 1, 1, 9)},
    "adaptive_max_pool": lambda draw, x: {"output_size": _axes(draw, len(x) - 1, 1, 9)},
    "global_avg_pool": lambda draw, x: {"keepdims": draw(st.booleans())},
    "global_max_pool": lambda draw, x: {"keepdims": draw(st.booleans())},
    "max_unpool": _unpool,
    "linear": lambda draw, x: {"out_features": draw(st.integers(1, 9)), "in_features": x[-1]},
    "radial_basis": lambda draw, x: {"out_features": draw(st.integers(1, 9))},
    "batch_norm": lambda draw, x: {"affine": draw(st.booleans()), "track_running_stats": draw(st.booleans())},
    "instance_norm": lambda draw, x: {"affine": draw(st.booleans()), "track_running_stats": draw(st.booleans())},
    "group_norm": lambda draw, x: {"num_groups": _divisor(draw, x[0])},
    "layer_norm": _layer_norm,
    "local_response_norm": lambda draw, x: {"size": draw(st.integers(1, 5))},
    "prelu": lambda draw, x: {"num_parameters": draw(st.sampled_from([1, x[0]]))},
    "threshold": lambda draw, x: {"threshold": 0.1, "value": 0},
    "reshape": _reshape,
    "permute": lambda draw, x: {"dims": tuple(draw(st.permutations(range(1, len(x) + 1))))},
    "pad": _pad,
    "crop": _crop,
    "slice": _slice,
    "upsample": _upsample,
    "pixel_shuffle": lambda draw, x: {"upscale_factor": draw(st.integers(1, 2))},
    "pixel_unshuffle": lambda draw, x: {"downscale_factor": draw(st.integers(1, 3))},
    "channel_shuffle": lambda draw, x: {"groups": _divisor(draw, x[0])},
    "roi_pool": lambda draw, x: {"output_size": _axes(draw, 2, 1, 3), "regions": draw(st.integers(1, 3))},
    "roi_align": lambda draw, x: {"output_size": _axes(draw, 2, 1, 3), "regions": draw(st.integers(1, 3))},
    "split": _split,
    "softmax": lambda draw, x: {"dim": draw(st.integers(1, len(x)))},
    "reduce": _reduce,
    "elementwise": lambda draw, x: draw(st.sampled_from(ELEMENTWISE)),
}
ELEMENTWISE = ({"function": "neg"}, {"function": "sin"}, {"function": "multiply", "value": 2}, {"function": "add"})
JOINING = ("add", "multiply", "concat")
APART = ("parameter", "matmul", "opaque")  # no chain is made of them: they read nothing, two maps, or cannot run
SINGLE = tuple(name for name in FAMILY_OF if name not in (*JOINING, *APART))
ACTIVATIONS = tuple(FAMILIES["activation"].split())


def fits(layer: Layer, *inputs: Shape) -> bool:
    """Whether a layer takes these inputs and stays small."""
    try:
        facts = layer.facts(*inputs)
    except ShapeError:
        return False
    return facts.broken() is None and facts.elements <= MAX_ELEMENTS and facts.params <= MAX_PARAMS


@st.composite
def layers(draw: DrawFn, x: Shape, kinds: Sequence[str] = SINGLE) -> Layer:
    """A layer of one of ``kinds`` drawn for the shape ``x``; it need not fit. Shrinks to the first kind."""
    name = draw(st.sampled_from(list(kinds)))
    return kind(name)(**DRAWS.get(name, _none)(draw, x))


def _kinds_for(x: Shape, kinds: Sequence[str]) -> list[str]:
    flat = {"linear", "radial_basis", "batch_norm", "layer_norm", "group_norm", *ACTIVATIONS}
    flat -= {"softmax"}
    usable = {
        1: flat,
        2: {*kinds} - {"im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align"},
        3: {*kinds},
        4: {*kinds} - {"im2col", "pixel_shuffle", "pixel_unshuffle", "roi_pool", "roi_align"},
    }[len(x)]
    return [name for name in kinds if name in usable]


class _Growing:
    """A network under construction."""

    def __init__(self, shape: Shape) -> None:
        self.input = shape
        self.nodes: dict[str, Node] = {}
        self.shapes: dict[str, Shape] = {"input": shape}
        self.regions = False

    def add(self, layer: Layer, *inputs: str) -> str:
        name = f"{layer.kind}_{len(self.nodes) + 1}"
        facts = layer.facts(*(self.shapes[one] for one in inputs))
        self.nodes[name] = Node(layer, inputs)
        self.shapes[name] = facts.output
        self.regions = self.regions or facts.copies != 1
        if not facts.parts:
            return name
        self.shapes |= {f"{name}[{i}]": part for i, part in enumerate(facts.parts)}
        return f"{name}[{len(facts.parts) - 1}]"


@st.composite
def networks(
    draw: DrawFn,
    ranks: Sequence[int] = (1, 2, 3),
    kinds: Sequence[str] = SINGLE,
    depth: int = 6,
    branches: bool = True,
) -> Network:
    """A network of up to ``depth`` steps, each a layer that fits or two branches joined."""
    net = _Growing(draw(shapes(ranks)))
    cursor = "input"
    for _ in range(draw(st.integers(1, depth))):
        joins = branches and not net.regions and len(net.shapes[cursor]) > 1 and draw(st.integers(0, 3)) == 3
        cursor = _joined(draw, net, cursor, kinds) if joins else _step(draw, net, cursor, kinds)
    if cursor == "input":
        cursor = net.add(kind("identity")(), cursor)
    return Network("drawn", {"input": net.input}, net.nodes, (cursor,))


def _step(draw: DrawFn, net: _Growing, cursor: str, kinds: Sequence[str]) -> str:
    x = net.shapes[cursor]
    usable = _kinds_for(x, kinds)
    if not usable:
        return cursor
    layer = draw(layers(x, usable))
    return net.add(layer, cursor) if fits(layer, x) else cursor


def _joined(draw: DrawFn, net: _Growing, cursor: str, kinds: Sequence[str]) -> str:
    """Two branches, joined where their shapes allow it."""
    left = right = cursor
    for _ in range(draw(st.integers(0, 2))):
        left = _step(draw, net, left, [one for one in kinds if not one.startswith("roi")])
    for _ in range(draw(st.integers(0, 2))):
        right = _step(draw, net, right, [one for one in kinds if not one.startswith("roi")])
    join = kind(draw(st.sampled_from(JOINING)))()
    return net.add(join, left, right) if fits(join, net.shapes[left], net.shapes[right]) else left


def chains(ranks: Sequence[int] = (2,), kinds: Sequence[str] = SINGLE, depth: int = 6) -> SearchStrategy[Network]:
    """Networks without branches; shrink to one layer on a small map."""
    return networks(ranks, kinds, depth, branches=False)


def windows(dilated: bool = True) -> SearchStrategy[Point]:
    """Arguments of one convolution along an axis that fits: {"n", "k", "s", "p", "d"}.

    Shrinks to the textbook: input 7, kernel 3, stride 2, padding 1, dilation 1.
    """
    letters = ["n", "k", "s", "p", *(["d"] if dilated else [])]
    return st.sampled_from(size_points(letters))


def layer_lists(most: int = 6) -> SearchStrategy[list[tuple[int, int, int]]]:
    """Lists of (kernel, stride, dilation) for receptive fields; shrink to one 3, 1, 1."""
    layer = st.tuples(st.sampled_from(TEXTBOOK["k"]), st.sampled_from((1, 2, 3)), st.sampled_from((1, 2, 4)))
    return st.lists(layer, min_size=1, max_size=most)


def specs(ranks: Sequence[int] = (1, 2, 3), branches: bool = True) -> SearchStrategy[str]:
    """YAML specs that load; shrink to one layer on a small map."""
    return networks(ranks, branches=branches).map(to_yaml)


FAULTS = (
    ("konv 6 3x3", "unknown layer kind 'konv'"),
    ("conv 6 3x3 kernal=4", "unknown key 'kernal'"),
    ("conv 6 0x3", "kernel_size must be a positive whole number"),
    ("conv 6 3x3 stride=0", "stride must be a positive whole number"),
    ("conv six 3x3", "unknown name 'six'"),
    ("conv 6", "conv needs kernel_size"),
    ("conv 6 99x99", "the window does not fit"),
    ("conv 6 3x3 padding=1 groups=9973", "groups=9973 does not divide"),
    ("conv 6 3x3 padding=1 in_channels=9973", "in_channels says 9973"),
    ("max_pool 2x2 padding=2", "more than half the window"),
    ("relu from=nowhere", "no layer called 'nowhere'"),
    ("", "a layer is missing here"),
)


@st.composite
def invalid_specs(draw: DrawFn) -> tuple[str, str]:
    """A one-line spec with exactly one known fault, and words that its error must contain.

    Shrinks to the first fault as the only layer of a 1×3×3 input.
    """
    channels, side = draw(st.integers(1, 8)), draw(st.integers(3, 40))
    good = st.sampled_from(("relu", "conv 4 3x3 padding=1", "batch_norm", "conv 4 1x1", "tanh"))
    before, after = draw(st.lists(good, max_size=3)), draw(st.lists(good, max_size=3))
    fault, words = draw(st.sampled_from(FAULTS))
    return " -> ".join([f"{channels}x{side}x{side}", *before, fault, *after]), words


def questions(kinds: Sequence[str] = tuple(KINDS), levels: Sequence[int] = LEVELS) -> SearchStrategy[Question]:
    """Exercises in any language; shrink to the first kind at its lowest level."""
    return st.builds(
        lambda seed, kind, level, language: exercises(1, seed, (kind,), (level,), language)[0],
        st.integers(0, 2**32), st.sampled_from(list(kinds)), st.sampled_from(list(levels)),
        st.sampled_from(("en", "it", "es")),
    )  # fmt: skip
