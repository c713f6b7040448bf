"""Operations on plain tensors: what networks use beside layers, and what is known of a layer only from outside."""

from typing import Annotated

from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import Dim, Shape, prod, times
from cnncalc.exact.windows import POINT, covering
from cnncalc.layers.fields import Bool, Choice, Maybe, Natural, Real, Sizes, Whole
from cnncalc.layers.joining import broadcast
from cnncalc.layers.layer import EVERYTHING, Facts, Layer, equal, layer


@layer("parameter")
class Parameter(Layer):
    """Learned numbers on their own, read by nothing before them: a layer scale, a position embedding.

    ``table`` is the learned tensor where the one handed on is looked up or computed from it (Swin's
    relative position bias: 3x49x49 numbers out of a 169x3 table); ``fixed`` numbers are stored, not
    learned (a grid of coordinates). Source: PyTorch ``nn.Parameter``, ``register_buffer``.
    """

    shape: Annotated[tuple[int, ...], Sizes()]
    table: Annotated[tuple[int, ...] | None, Maybe(Sizes())] = None
    fixed: Bool = False
    arity = (0, 0)

    def facts(self) -> Facts:
        held = {"weight": self.table or self.shape}
        return Facts(output=self.shape, weights={} if self.fixed else held, buffers=held if self.fixed else {})


@layer("matmul")
class Matmul(Layer):
    """The matrix product of the last two axes, the others side by side: (..., m, k) times (..., k, n).

    MACs ... · m · k · n; nothing is learned. Attention is two of these with a softmax between.
    Source: PyTorch ``matmul``; Vaswani et al. 2017.
    """

    arity = (2, 2)

    def facts(self, x: Shape, y: Shape) -> Facts:
        if len(x) < 2 or len(y) < 2:
            raise ShapeError(f"matmul needs matrices, not {times(x)} and {times(y)}")
        (*_, m, k), (*_, j, n) = x, y
        outer, rules = broadcast(self.kind, (x[:-2], y[:-2]))
        return Facts(
            output=(*outer, m, n),
            macs=prod(outer) * m * k * n,
            windows=EVERYTHING,
            requires=(equal(k - j, "cannot multiply {x} by {y}: {k} columns meet {j} rows", x=x, y=y, k=k, j=j),
                      *rules),
        )  # fmt: skip


@layer("reduce")
class Reduce(Layer):
    """One number out of all those along some axes (``dims``, counted from 1; 0 is the batch).

    Source: PyTorch ``mean``, ``sum``, ``amax``, ``amin``, ``var``, ``std``, ``norm``.
    """

    dims: Annotated[tuple[int, ...], Sizes()]
    function: Annotated[str, Choice("mean", "sum", "max", "min", "var", "std", "norm")] = "mean"
    keepdims: Bool = False

    def facts(self, x: Shape) -> Facts:
        gone = {dim - 1 for dim in self.dims}
        if len(gone) != len(self.dims) or max(gone) >= len(x):
            raise ShapeError(f"reduce {times(self.dims)} must name some of the {len(x)} axes, each once, from 1")
        left = tuple(axis for axis in range(len(x)) if axis not in gone)
        if not left and not self.keepdims:
            raise ShapeError("reduce must leave an axis; keepdims leaves axes of size 1 behind")
        kept = tuple(1 if axis in gone else n for axis, n in enumerate(x))
        return Facts(
            output=kept if self.keepdims else tuple(x[axis] for axis in left),
            windows=tuple(covering(n) if axis in gone else POINT for axis, n in enumerate(x)),
            axes=None if self.keepdims else left,
        )


FUNCTIONS = """
    add subtract multiply divide power maximum minimum abs neg sign square sqrt rsqrt reciprocal exp log sin cos erf
    round floor ceil clamp
"""


@layer("elementwise")
class Elementwise(Layer):
    """A fixed function of each number, or of the numbers of several maps entry by entry; nothing is learned.

    ``value`` is the constant where there is one (x · 2, x + 1). Sizes broadcast as in PyTorch.
    """

    function: Annotated[str, Choice(*FUNCTIONS.split())]
    value: Annotated[float | None, Maybe(Real())] = None
    positional = ("function",)
    arity = (1, None)

    def facts(self, *inputs: Shape) -> Facts:
        output, rules = broadcast(self.function, inputs)
        return Facts(output=output, requires=rules)


@layer("opaque")
class Opaque(Layer):
    """A layer known only from outside: its output's shape, how many numbers it learns, perhaps its MACs.

    Without ``macs`` its cost is unknown, and every total over it is a lower bound.
    """

    output: Annotated[tuple[int, ...], Sizes()]
    params: Natural = 0
    macs: Annotated[int | None, Maybe(Whole(0))] = None
    arity = (1, None)

    def facts(self, *inputs: Shape) -> Facts:
        learned = {"weight": (self.params,)} if self.params else {}
        known: Dim = 0 if self.macs is None else self.macs
        return Facts(output=self.output, weights=learned, macs=known, windows=EVERYTHING, uncounted=self.macs is None)
