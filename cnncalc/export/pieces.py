"""What the writers of all targets share: a piece's numbers and names, its parameters, the head of the file."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import Closed, symbols_of
from cnncalc.exact.records import mutable
from cnncalc.exact.sizes import times
from cnncalc.export.program import Body, CallStep, Condition, JoinStep, LetStep, LoopStep, Piece, WhenStep
from cnncalc.export.source import Names, written


@mutable
class Parameter:
    """One parameter of a written piece: the symbol it stands for, its name, its default (None: none)."""

    symbol: str
    name: str
    default: Any


class Numbers:
    """Writes the numbers of one piece, and notes which symbols they mention."""

    def __init__(self, piece: Piece, taken: Iterable[str]) -> None:
        self.names = Names(taken)
        self.words = {symbol: self.names.new(word) for symbol, word in piece.words.items()}
        self.used: set[str] = set()

    def text(self, value: Any) -> str:
        """A value as source."""
        self._note(value)
        return written(value, self.words.__getitem__)

    def _note(self, value: Any) -> None:
        if isinstance(value, Closed):
            self.used |= symbols_of(value)
        elif isinstance(value, tuple):
            for part in value:
                self._note(part)

    def name(self, symbol: str, wanted: str) -> str:
        """A name for a symbol that comes up inside the piece."""
        if symbol not in self.words:
            self.words[symbol] = self.names.new(wanted)
        return self.words[symbol]

    def condition(self, test: Condition) -> str:
        """A condition as source."""
        if test.operator == "not":
            return f"not ({self.condition(test.parts[0])})"
        if test.operator in ("and", "or"):
            parts = [self.condition(part) for part in test.parts]
            mixed = [f"({text})" if f" {other(test.operator)} " in text else text for text in parts]
            return f" {test.operator} ".join(mixed)
        left, right = map(self.text, test.parts)
        return f"{left} {test.operator} {right}"

    def parameters(self, piece: Piece) -> list[Parameter]:
        """The parameters that the source written so far needs, those with defaults last."""
        needed = [Parameter(piece.channels, self.words[piece.channels], None)] if piece.channels in self.used else []
        needed += [Parameter(one, self.words[one], default) for one, default in piece.parameters.items()
                   if one in self.used]  # fmt: skip
        hidden = [one for one in sorted(self.used) if one.startswith("$") and one not in piece.parameters]
        needed += [Parameter(one, self.words[one], None) for one in hidden]
        return [one for one in needed if one.default is None] + [one for one in needed if one.default is not None]


def other(operator: str) -> str:
    return "or" if operator == "and" else "and"


def lets(body: Body) -> list[LetStep]:
    """The numbers that get names in a piece."""
    return [step for step in body.steps if isinstance(step, LetStep)]


def named_numbers(piece: Piece, numbers: Numbers) -> None:
    """Call named numbers alike where each is done with before the next is made."""
    found = lets(piece.body)
    alone = all(step.symbol not in _mentioned(piece.body, after.symbol) for step, after in pairwise(found))
    for step in found:
        if alone and found[0].symbol in numbers.words:
            numbers.words[step.symbol] = numbers.words[found[0].symbol]
        else:
            numbers.name(step.symbol, "channels")


def _mentioned(body: Body, after: str) -> set[str]:
    """The symbols mentioned after a number got its name."""
    found: set[str] = set()
    for step in reversed(body.steps):
        if isinstance(step, LetStep) and step.symbol == after:
            return found
        found |= mentioned(step)
    return found


def mentioned(value: Any) -> set[str]:
    """The symbols in a step, or in anything in it."""
    match value:
        case Closed():
            return value.symbols
        case tuple() | list():
            return {name for part in value for name in mentioned(part)}
        case LetStep():
            return mentioned(value.value)
        case CallStep():
            return mentioned(list(value.values.values()))
        case JoinStep():
            return mentioned(value.branches)
        case LoopStep():
            return mentioned([value.count, value.body, *(value.carried or ())])
        case WhenStep():
            return mentioned([value.condition, value.body])
        case Condition():
            return mentioned(value.parts)
        case Body():
            return mentioned(value.steps)
    layer, place = getattr(value, "layer", None), getattr(value, "place", None)
    if layer is None or place is None:
        return set()
    return mentioned([*layer.__dict__.values(), place.inputs, place.factors])


def introduction(analysis: Analysis) -> list[str]:
    """What stands at the head of the file: name, source, notes, parameters and MACs."""
    network, about = analysis.network, analysis.network.about
    title = about.title or network.name
    head = title if title == network.name else f"{title} ({network.name})"
    from_ = f"{about.source}." if about.source else ""
    image = " and ".join(times(shape) for shape in network.inputs.values())
    counted = f"{analysis.params:,} parameters, {analysis.macs:,} multiply-accumulates for one {image} input."
    return [f"{head}.", from_, *about.notes, counted]
