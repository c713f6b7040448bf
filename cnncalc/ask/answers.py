"""From a reading to answers: each quantity that is asked, with its working, what was assumed and what else it could be."""

from collections.abc import Callable, Iterator
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.ask.assembly import CONVS, POOLS, Assembler
from cnncalc.ask.building import Builder
from cnncalc.ask.grammar import features
from cnncalc.ask.lexer import MAX_LENGTH
from cnncalc.ask.phrases import tokens
from cnncalc.ask.reading import Ask, Reading, failed
from cnncalc.ask.refusal import Refused
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import times
from cnncalc.spec.errors import SpecError


@mutable
class Answer:
    """One quantity: its value (a number, a size, a formula as text), of what, and how it came about."""

    quantity: str
    value: Any
    of: str = ""
    work: Callable[[], list[str]] | None = None

    @property
    def steps(self) -> list[str]:
        return self.work() if self.work else []


@mutable
class Reply:
    """What `ask` has to say."""

    reading: str
    answers: list[Answer]
    assumptions: list[str] = fresh(default_factory=list)
    messages: list[str] = fresh(default_factory=list)
    readings: list[Reading] = fresh(default_factory=list)


def ask(question: str) -> Reply:
    """Answer a question in words. Raises Refused, with the part that was not understood."""
    if len(question) > MAX_LENGTH:
        raise Refused(f"a question has at most {MAX_LENGTH:,} characters")
    if not question.strip():
        raise Refused("there is no question")
    found, unread = features(tokens(question))
    said = Assembler(found, unread)
    return Replier(said).reply()


class Replier:
    """Answers what was asked of what was said."""

    def __init__(self, said: Assembler) -> None:
        self.said = said

    def reply(self) -> Reply:
        said = self.said
        if not said.asks:
            raise Refused("what is asked was not understood: name a quantity, such as the output size or the number of parameters")
        for token in said.unread:
            if token.tag in ("HAZ", "NOT", "ODD", "PERCENT", "POWER", "DASH", "PLUS", "STAR", "LT", "GT", "LN"):
                raise Refused(f"'{token.text}' was not understood")
        if said.numbers or said.loose:
            raise Refused(f"what '{(said.numbers + said.loose)[0].text}' stands for was not understood")
        where = said.inputs or [(None, 0, 0)]
        answers: list[Answer] = []
        readings: list[Reading] = []
        shapes = list({str(token.value) if token else "": token for token, _, _ in where}.values())
        if len(shapes) > 1 and said.variants:
            raise Refused("several inputs and several settings at once: ask one after the other")
        for token in shapes:
            for overrides in [None, *({name: given} for name, given in said.variants)]:
                reading = Builder(said, said.drafts, token, overrides).reading()
                readings.append(reading)
                answers += self._answers(reading, Analyst(reading))
        assumed = list(dict.fromkeys(text for reading in readings for text in reading.assumed))
        return Reply(" | ".join(reading.text for reading in readings), answers, assumed, [], readings)

    def _answers(self, reading: Reading, analyst: "Analyst") -> Iterator[Answer]:
        for one in self.said.asks:
            yield from analyst.answers(one)


class Analyst:
    """The quantities of one network."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        try:
            self.analysis: Analysis = reading.analysis()
        except (ShapeError, SpecError) as error:
            raise Refused(f"read as {reading.text}: {failed(error)}") from None
        self.names = list(self.analysis.facts)

    def answers(self, one: Ask) -> Iterator[Answer]:
        method = getattr(self, f"q_{one.quantity}", None)
        if method is None:
            raise Refused(f"'{one.word}' was understood, but not how it is asked here")
        yield from method(one)

    def settled(self, value: Any, what: str) -> Any:
        """A value free of what the question does not state; a formula in its letters as text."""
        if isinstance(value, tuple):
            return [self.settled(part, what) for part in value]
        if isinstance(value, Closed):
            for name in sorted(value.symbols):
                if self.reading.symbols.get(name):
                    raise Refused(f"{what} depends on {self.reading.symbols[name]}, which is not stated")
            return str(value)
        return value

    def shape(self, output: tuple[Any, ...]) -> list[Any]:
        """A size in the axis order of the question; channels that are not known are left out."""
        channels, *spatial = output
        if not spatial:
            return [channels]
        if isinstance(channels, Closed) and any(self.reading.symbols.get(name) for name in channels.symbols):
            ordered: list[Any] = spatial
        else:
            ordered = [*spatial, channels] if self.reading.layout == "last" else [channels, *spatial]
        if self.reading.batch is not None:
            ordered = [self.reading.batch, *ordered]
        return ordered

    def chosen(self, one: Ask) -> list[str]:
        """The layers a quantity is asked of, told by their place; empty for the whole network."""
        found = []
        for place, kind in one.layers:
            kinds = {"pool": POOLS, "": None}.get(kind, CONVS if kind in CONVS else POOLS if kind in POOLS else {kind})
            own = [name for name in self.names if self._counts(name, kinds)]
            if place == -1:
                found.append(own[-1] if own else self.names[-1])
            elif 1 <= place <= len(own):
                found.append(own[place - 1])
            else:
                raise Refused(f"there is no layer number {place} in {self.reading.text}")
        return found

    def _counts(self, name: str, kinds: Any) -> bool:
        kind = self.analysis.network.nodes[name].layer.kind
        if kinds is None:
            return kind not in ("relu", "dropout", "batch_norm", "flatten", "sigmoid", "tanh")
        return kind in kinds or (kind == "max_pool" and "pool" in kinds)

    def q_output(self, one: Ask) -> Iterator[Answer]:
        names = self.chosen(one)
        if not names:
            names = self.shown() if self._plural(one) and len(self.names) > 1 else [self.names[-1]]
        for name in names:
            value = self.settled(tuple(self.shape(self.analysis.facts[name].output)), "the output size")
            if self.reading.flat_side and len(set(map(str, value))) == 1:
                value = value[0]
            yield self.answer("output", value, name, "size")

    def shown(self) -> list[str]:
        """The layers a table shows."""
        return [name for name in self.names if self.analysis.network.nodes[name].layer.kind not in ("relu",)]

    def _plural(self, one: Ask) -> bool:
        word = one.word.split()[-1].lower() if one.word else ""
        return one.each or word in ("sizes", "shapes", "dimensions", "dimensioni", "forme", "tamaños", "formas", "dimensiones", "tailles", "outputs")

    def answer(self, quantity: str, value: Any, name: str, step: str) -> Answer:
        return Answer(quantity, value, name if len(self.names) > 1 else "", lambda: self.steps(name, step))

    def steps(self, name: str, wanted: str) -> list[str]:
        from cnncalc.working import steps

        return [one.numbers for one in steps(self.analysis, name) if one.quantity.startswith(wanted)]

    def total(self, one: Ask, quantity: str, attribute: str, step: str) -> Iterator[Answer]:
        """A figure of the layers asked for, or of the network with its parts."""
        names = self.chosen(one)
        if names:
            for name in names:
                value = self.settled(getattr(self.analysis[name], attribute), quantity)
                yield self.answer(quantity, value, name, step)
            return
        parts = {name: getattr(self.analysis[name], attribute) for name in self.names}
        total = self.settled(sum(parts.values()), quantity)
        counted = [name for name, part in parts.items() if part != 0]
        if not one.each or one.total or len(counted) < 2:
            yield Answer(quantity, total, "", lambda: [line for name in counted for line in self.steps(name, step)])
        if len(counted) > 1 and (one.each or len(parts) <= 9):
            for name in counted:
                yield self.answer(quantity, self.settled(parts[name], quantity), name, step)
            idle = [name for name, part in parts.items() if part == 0]
            if idle:
                yield Answer(quantity, 0, ", ".join(idle))

    def q_params(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "params", "params", "params")

    def q_weights(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "weights", "weights", "params")

    def q_biases(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "biases", "biases", "params")

    def q_macs(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "macs", "macs", "MACs")

    def q_mults(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "multiplications", "macs", "MACs")

    def q_connections(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "connections", "connections", "MACs")

    def q_neurons(self, one: Ask) -> Iterator[Answer]:
        name = (self.chosen(one) or [self.names[-1]])[0]
        yield self.answer("neurons", self.settled(self.analysis.facts[name].elements, "the number of neurons"), name, "output")

    def q_field(self, one: Ask) -> Iterator[Answer]:
        names = self.chosen(one)
        if not names:
            names = self.names if one.each else [self.names[-1]]
        for name in names:
            sizes = self.analysis[name].receptive_field
            if None in sizes:
                raise Refused("the receptive field differs from position to position")
            sizes = tuple(size for size in sizes if size != 1) or sizes[:1]
            value = sizes[0] if len({str(size) for size in sizes}) == 1 else sizes
            yield self.answer("receptive_field", self.settled(value, "the receptive field"), name, "field")

    def q_features(self, one: Ask) -> Iterator[Answer]:
        for name in self.names:
            kind = self.analysis.network.nodes[name].layer.kind
            if kind == "flatten" or (kind == "linear" and name == self.names[0]):
                yield self.answer("features", self.settled(self.analysis.facts[name].elements, "the flattened size"), name, "output")
                return
        value = self.settled(self.analysis.facts[self.names[-1]].elements, "the flattened size")
        yield self.answer("features", value, self.names[-1], "output")

    def q_filters_q(self, one: Ask) -> Iterator[Answer]:
        channels = self.analysis.facts[self.names[-1]].output[0]
        yield self.answer("channels", self.settled(channels, "the number of feature maps"), self.names[-1], "output")


__all__ = ["Answer", "Reply", "ask", "times"]
