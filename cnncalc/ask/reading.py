"""What a question was read as: layers, the input, what is asked; and the spec they make."""

from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import symbol
from cnncalc.exact.records import changed, fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.spec.errors import Place, SpecError
from cnncalc.spec.oneline import one_line
from cnncalc.spec.tree import Entries, Leaf

DEFAULTS = {"conv": ("stride", "padding"), "conv_transpose": ("stride", "padding")}


@mutable
class Draft:
    """One layer as far as the question tells; ``times`` copies of it stand in a row."""

    kind: str = ""
    settings: dict[str, Any] = fresh(default_factory=dict)
    times: int = 1
    label: str = ""
    listed: dict[str, list[Any]] = fresh(default_factory=dict)
    inch: Any = None
    place: int = 0
    counted: int | None = None
    rank: int | None = None
    maybe: Any = None
    bare: bool = False
    single: bool = False
    third: int | None = None
    output: Any = None
    paired: bool = False  # two of them before every pooling
    plural: bool = False


@mutable
class Ask:
    """Something asked: a quantity, of which layers (none: of the network), each or together."""

    quantity: str
    word: str = ""
    sentence: int = 0
    layers: list[Any] = fresh(default_factory=list)
    kinds: list[str] = fresh(default_factory=list)  # kinds of layer spoken of beside the quantity
    each: bool = False
    total: bool = False
    last: bool = False


@mutable
class Reading:
    """A network as a one-line spec with its open symbols, and what was assumed on the way."""

    text: str
    symbols: dict[str, str]  # open names: "" for a letter of the question, else what is not stated
    places: dict[str, int] = fresh(default_factory=dict)  # the drafts' places by layer name
    layout: str = "last"  # where the question has its channels
    batch: int | None = None
    flat_side: bool = False  # the input was given as one side alone
    rank: int = 2
    assumed: list[str] = fresh(default_factory=list)
    channels_known: bool = True
    stated: dict[int, Any] = fresh(default_factory=dict)  # outputs the question states, by the layer's place

    named: bool = False  # the text is the name of a network that comes with cnncalc
    settings: dict[str, Any] = fresh(default_factory=dict)  # its symbols that the question sets

    def spec(self) -> Any:
        """The reading as a spec. Raises SpecError."""
        if self.named:
            from cnncalc.spec.load import spec_from_name

            return spec_from_name(self.text)
        spec = one_line(self.text)
        if not self.symbols:
            return spec
        names = Entries({name: Leaf(None, Place()) for name in self.symbols}, Place())
        return changed(spec, outline=changed(spec.outline, symbols=names))

    def analysis(self) -> Analysis:
        """The network analysed, what is not stated left open. Raises ShapeError, SpecError."""
        return Analysis(self.spec().network(self.settings | {name: symbol(name) for name in self.symbols}))

    def at_example(self) -> Analysis:
        """The same network with some numbers for its open symbols, to run the recorded rules on. Raises ShapeError."""
        sizes = ("H", "W", "L", "D", "n", "m", "I", "N")
        return Analysis(self.spec().network({name: 997 if name in sizes else 3 for name in self.symbols}))


def failed(error: ShapeError | SpecError) -> str:
    """Why a reading cannot be built, in one line."""
    if isinstance(error, SpecError):
        return "; ".join(fault.message for fault in error.faults[:3])
    return str(error)
