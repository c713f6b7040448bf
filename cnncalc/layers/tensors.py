"""Operations on plain tensors: what networks use beside layers."""

from typing import Annotated

from cnncalc.layers.fields import Bool, Maybe, Sizes
from cnncalc.layers.layer import Facts, Layer, layer


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
