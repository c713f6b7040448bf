"""From a reading to answers: each quantity that is asked, with its working, and what was assumed on the way."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.ask.aside import set_aside
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.building import Builder
from cnncalc.ask.grammar import features
from cnncalc.ask.lexer import MAX_LENGTH, Token
from cnncalc.ask.options import chosen, split
from cnncalc.ask.phrases import tokens
from cnncalc.ask.reading import Ask, Reading, failed
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS
from cnncalc.exact.closed import Closed
from cnncalc.exact.expressions import ExpressionError
from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.sizes import prod, times
from cnncalc.memory import BYTES
from cnncalc.spec.errors import SpecError

HINTS = (
    ("input channels", "; say it as in '32x32x3' or 'RGB'"),
    ("filters", "; say it as in '16 filters'"),
    ("kernel", "; say it as in '3x3 filters'"),
    ("input's size", "; say it as in 'input 32x32x3'"),
    ("number of inputs", "; say it as in '784 inputs'"),
)
UNSEEN = frozenset("params weights biases fan_in fan_out kernel_shape nontrainable filters_q".split())
ON_THE_WAY = 5  # windows of a chain whose sizes are all shown
SUMMED = frozenset("params weights biases macs mults connections".split())
INVERSE = frozenset("padding_q stride_q kernel_q input_q inch_q depth_q fits".split())


@mutable
class Answer:
    """One quantity: its value (a number, a size, a formula as text), of what, and how it came about."""

    quantity: str
    value: Any
    of: str = ""
    work: Callable[[], list[str]] | None = None
    part: bool = False  # a figure on the way to what was asked: shown, but no answer to be judged by

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

    @property
    def asked(self) -> list[Answer]:
        """The answers without the figures on the way to them."""
        return [answer for answer in self.answers if not answer.part]


def ask(question: str, latex: bool = False) -> Reply:
    """Answer a question in words, the working as text or in LaTeX.

    Raises Refused, with the part that was not understood.
    """
    if len(question) > MAX_LENGTH:
        raise Refused(f"a question has at most {MAX_LENGTH:,} characters")
    if not question.strip():
        raise Refused("there is no question")
    if "\n" in question and "(" in question:
        from cnncalc.ask.code import listed

        question = listed(question)
    text, options = split(question)
    text, asides = set_aside(text)
    words = tokens(text)
    said = Assembler(words, *features(words))
    _all_read(words, said)
    said.latex = latex
    try:
        reply = Replier(said).reply()
    except ExpressionError as error:
        raise Refused(f"this depends on what is not stated: {error}") from None
    if said.expected is not None:
        from cnncalc.ask.checking import check

        text = "x".join(map(str, said.expected)) if isinstance(said.expected, tuple) else str(said.expected)
        reply.messages.append(check(reply, text).text)
    passed = list(dict.fromkeys(token.text for token in said.unread if token.tag == "UNK"))
    if passed:
        reply.messages.append(f"passed over: {', '.join(passed)}")
    for figure in [*asides, *said.asides]:
        reply.messages.append(f"not used: {figure}")
    if options:
        reply.messages.append(chosen(options, reply.asked))
    return reply


def _all_read(words: list[Token], said: Assembler) -> None:
    """Nothing that could matter may be passed over. Raises Refused with the word."""
    for before, word in pairwise(words):
        if before.tag == "UNK" and word.tag in ("Q", "INV"):
            raise Refused(f"'{before.text}' before '{word.text}' was not understood")
    for tag, name in (
        ("STRIDE", "stride"),
        ("PAD", "padding"),
        ("DILATION", "dilation"),
        ("GROUPS", "groups"),
        ("UPSAMPLE", "scale_factor"),
    ):
        bare = next((token for token in words if token.tag == tag), None)
        told = any(name in draft.settings or name in draft.listed for draft in said.drafts) or name in said.globals
        asked = any(one.quantity.endswith("_q") or one.quantity in ("fits", "padded", "jump") for one in said.asks)
        if bare is not None and not told and not asked and not any(name == which for which, _ in said.variants):
            raise Refused(f"'{bare.text}' is told, but not how much")
    inverse = any(token.tag == "INV" for token in words) or any(one.quantity in INVERSE for one in said.asks)
    bound = next((token for token in words if token.tag == "BOUND"), None)
    if bound is not None and not inverse:
        raise Refused(f"'{bound.text}' was not understood")
    unknown = [token for token in said.unread if token.tag == "UNK"]
    spoken = sum(token.tag not in ("COMMA", "DOT", "COLON", "NUM", "LPAR", "RPAR") for token in words)
    if len(unknown) > max(3, spoken // 4):
        raise Refused(f"too many words were not understood: {', '.join(token.text for token in unknown[:6])}")


def asked(said: Assembler) -> set[str]:
    """The quantities that are asked."""
    return {one.quantity for one in said.asks}


class Replier:
    """Answers what was asked of what was said."""

    def __init__(self, said: Assembler) -> None:
        self.said = said

    def reply(self) -> Reply:
        said = self.said
        if said.grid is not None or said.boxes is not None or said.landmarks is not None or "classes" in asked(said):
            from cnncalc.ask.heads import head

            return head(said)
        if not said.asks:
            raise Refused(
                "what is asked was not understood: name a quantity, such as the output size or the number of parameters"
            )
        for token in said.unread:
            if token.tag in ("STRIDE", "PAD", "DILATION", "GROUPS"):
                if not any(one.quantity in INVERSE or one.quantity in ("padded", "jump") for one in said.asks):
                    raise Refused(f"'{token.text}' is told, but not how much")
            elif token.tag != "UNK":
                raise Refused(f"'{token.text}' was not understood")
        if said.numbers or said.loose:
            raise Refused(f"what '{(said.numbers + said.loose)[0].text}' stands for was not understood")
        if (
            said.versus
            and not said.relations
            and (said.name or said.mlp)
            and not any(d.place < said.versus[0] for d in said.drafts)
        ):
            said.versus = []  # "instead of LeNet, an MLP ...": only the second is asked about
        if (
            said.name
            and not any(draft.kind not in ("outputs",) for draft in said.drafts)
            and not said.chain
            and not said.mlp
        ):
            from cnncalc.ask.named import about

            return about(said)
        if said.reads_some or any(one.quantity in SUMMED for one in said.asks):
            from cnncalc.ask.pieces import apart

            pieces = apart(said)
            if pieces is not None:
                return pieces
        if said.versus or said.relations:
            from cnncalc.ask.comparing import compared

            return compared(said)
        where = said.inputs or [(None, 0, 0)]
        answers: list[Answer] = []
        readings: list[Reading] = []
        messages: list[str] = []
        if any(one.quantity in INVERSE for one in said.asks):
            from cnncalc.ask.inverse import backwards

            return backwards(said)
        shapes = list({str(token.value) if token else "": token for token, _, _ in where}.values())
        first = min(said.questions)
        if len(shapes) > 1 and any(
            sentence <= first
            for token, sentence, _ in where
            if token is not shapes[0] and str(token.value) != str(shapes[0].value)
        ):
            raise Refused(f"two inputs are told: {shapes[0].text} and {shapes[1].text}")
        if len(shapes) > 1 and said.variants:
            raise Refused("several inputs and several settings at once: ask one after the other")
        for token in shapes:
            for overrides in [None, *({name: given} for name, given in said.variants)]:
                reading = Builder(said, said.drafts, token, overrides).reading()
                readings.append(reading)
                analyst = Analyst(reading, said)
                answers += self._answers(reading, analyst)
                messages += self._contradicted(reading, said, analyst)
        assumed = list(dict.fromkeys(text for reading in readings for text in reading.assumed))
        return Reply(
            " | ".join(reading.text for reading in readings),
            answers,
            self._mattering(assumed, readings),
            messages,
            readings,
        )

    def _mattering(self, assumed: list[str], readings: list[Reading]) -> list[str]:
        """The assumptions the answers depend on."""
        asked = {one.quantity for one in self.said.asks}
        flat = any("flatten" in reading.text or "locally" in reading.text for reading in readings)
        if asked <= UNSEEN and not flat:
            assumed = [text for text in assumed if text not in ("stride 1", "padding 0") and "pooling" not in text]
        if asked == {"field"}:
            assumed = [text for text in assumed if text != "padding 0"]
        counted = self.said.bias is None and "params" in asked
        if counted and any(
            line.startswith(("conv", "linear")) and "nobias" not in line
            for reading in readings
            for line in reading.text.split(" -> ")
        ):
            assumed.append("bias counted")
        return assumed

    def _contradicted(self, reading: Reading, said: Assembler, analyst: "Analyst") -> Iterator[str]:
        """Sizes the question states that the arithmetic does not give. Raises Refused where it matters."""
        analysis, names = analyst.analysis, analyst.names
        for place, stated in reading.stated.items():
            have = [size for size in analysis.facts[names[place]].output if isinstance(size, int)]
            sizes = [size for size in (stated if isinstance(stated, tuple) else (stated,)) if isinstance(size, int)]
            if any(size not in have for size in sizes):
                raise Refused(
                    f"the question says {times(tuple(sizes))}, "
                    f"but {reading.text} gives {times(tuple(have))} after {names[place]}"
                )
        if said.deep is not None:
            depths = {
                facts.weights["weight"][1]
                for facts in analysis.facts.values()
                if len(facts.weights.get("weight", ())) > 2
            }
            if depths and said.deep not in depths:
                raise Refused(f"each filter is said to read {said.deep} maps, but {reading.text} gives {depths.pop()}")
        for token in said.given:
            size = [one for one in token.value if isinstance(one, int)]
            got = analyst.shape(analysis.output)
            if sorted(map(str, size)) != sorted(map(str, got)) and len(size) == len(got):
                if any(
                    one.quantity in ("output", "macs", "mults", "flops", "neurons", "memory", "connections")
                    for one in said.asks
                ):
                    raise Refused(f"the question says {token.text}, but {reading.text} gives {times(tuple(got))}")
                gives = times(tuple(got))
                yield f"the question says {token.text}, but this layer gives {gives}; the answer does not depend on it"

    def _answers(self, reading: Reading, analyst: "Analyst") -> Iterator[Answer]:
        done: set[tuple[Any, ...]] = set()
        for one in self.said.asks:
            key = (one.quantity, tuple(one.layers), one.each, one.total)
            if key not in done:
                done.add(key)
                yield from analyst.answers(one)


class Analyst:
    """The quantities of one network."""

    def __init__(self, reading: Reading, said: Assembler) -> None:
        self.reading, self.said = reading, said
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
                    missing = self.reading.symbols[name]
                    hint = next((how for part, how in HINTS if part in missing), "")
                    raise Refused(f"{what} depends on {missing}, which is not stated{hint}")
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
            if kind == "label":
                if place not in self.names:
                    raise Refused(f"which layer '{place}' is was not understood")
                found.append(place)
                continue
            kinds = {"pool": POOLS, "": None}.get(kind, CONVS if kind in CONVS else POOLS if kind in POOLS else {kind})
            own = [name for name in self.names if self._counts(name, kinds)]
            if place == -1:
                found.append(own[-1] if own else self.names[-1])
            elif 1 <= place <= len(own):
                found.append(own[place - 1])
            elif len(own) == 1:
                found.append(own[0])  # "the second layer (32 filters ...)": the only one that is described
            else:
                raise Refused(f"there is no layer number {place} in {self.reading.text}")
        return found

    def spoken_of(self, one: Ask) -> list[str]:
        """The layer a quantity is asked of by its kind ("the dense layer"), where it is the only one."""
        if one.total or one.each or len(set(one.kinds)) != 1 or len(self.names) < 2:
            return []
        kind = one.kinds[0]
        if kind in ("hidden", "outlayer"):
            dense = [name for name in self.names if self.analysis.network.nodes[name].layer.kind == "linear"]
            if kind == "outlayer":
                return dense[-1:]
            if len(dense) != 2:
                raise Refused("which hidden layer is asked about was not understood")
            return dense[:1]
        own = [
            name
            for name in self.names
            if self._counts(name, CONVS if kind in CONVS else POOLS if kind in POOLS else {kind})
        ]
        return own if len(own) == 1 else []

    def _counts(self, name: str, kinds: Any) -> bool:
        kind = self.analysis.network.nodes[name].layer.kind
        if kinds is None:
            return kind not in ("relu", "dropout", "batch_norm", "flatten", "sigmoid", "tanh")
        return kind in kinds or (kind == "max_pool" and "pool" in kinds)

    def q_output(self, one: Ask) -> Iterator[Answer]:
        names = self.chosen(one)
        if not names:
            names = self.shown() if self._plural(one) and len(self.names) > 1 else [self.names[-1]]
        if self._dropped():
            self.reading.assumed.append(
                "rounded down where a window does not fit, as the frameworks do; CS231n calls such a stride invalid"
            )
        for name in names:
            value = self.settled(tuple(self.shape(self.analysis.facts[name].output)), "the output size")
            if (
                (self.reading.flat_side or isinstance(value[0], str))
                and self._sided(value)
                and len(set(map(str, value))) == 1
            ):
                value = value[0]
            side = self._one_side(one.word.lower(), name)
            if side is not None:
                value = self.settled(side, "the output size")
            yield self.answer("output", value, name, "size")
            if side is not None:
                continue
            if self.reading.batch is not None:
                yield Answer("output", value[1:], "one of the batch")
        if len(names) == 1 and not one.layers:
            yield from self._on_the_way(names[0])

    def _on_the_way(self, last: str) -> Iterator[Answer]:
        """The sizes after the windows of a short chain, as one would write them down."""
        windowed = [
            name for name in self.names if self.analysis.network.nodes[name].layer.kind in CONVS | POOLS | {"max_pool"}
        ]
        if last not in windowed or not 2 <= len(windowed) <= ON_THE_WAY or len(self.said.asks) > 1:
            return
        for name in windowed[:-1]:
            size = self.settled(tuple(self.shape(self.analysis.facts[name].output)), "the output size")
            yield Answer("output", size, name, partial(self.steps, name, "size"), part=True)

    def _dropped(self) -> bool:
        """Whether some window leaves a row over."""
        if "stride=" not in self.reading.text and "pool" not in self.reading.text:
            return False
        from cnncalc.solve import leftovers

        return any(isinstance(gap, int) and gap > 0 for gap in leftovers(self.analysis))

    def _one_side(self, word: str, name: str) -> Any:
        """The one axis that is asked for: a length, a width, a height."""
        spatial = self.analysis.facts[name].output[1:]
        if not spatial or ("width" in word and "height" in word):
            return None
        if len(spatial) == 1:
            return spatial[0] if any(part in word for part in ("length", "lunghezza", "longitud", "width")) else None
        if any(part in word for part in ("height", "altezza", "altura", "alto", "h_out")):
            return spatial[-2]
        if any(part in word for part in ("width", "larghezza", "ancho", "anchura", "w_out", "side")):
            return spatial[-1]
        return None

    def _sided(self, value: list[Any]) -> bool:
        """Whether the answer to an input of one side is one side: no channels are told."""
        return len(value) == self.reading.rank

    def tabled(self, one: Ask) -> bool:
        """Whether a row for every layer is asked for."""
        return one.each or self.said.table or (self.shown_sizes() and one.quantity == "params" and not one.total)

    def shown_sizes(self) -> bool:
        """Whether the sizes of all layers are among the answers."""
        return any(ask.quantity == "output" and self._plural(ask) for ask in self.said.asks)

    def shown(self) -> list[str]:
        """The layers a table shows."""
        return [name for name in self.names if self.analysis.network.nodes[name].layer.kind not in ("relu",)]

    def _plural(self, one: Ask) -> bool:
        word = one.word.split()[-1].lower() if one.word else ""
        return (
            one.each
            or self.said.table
            or word
            in (
                "sizes",
                "shapes",
                "dimensions",
                "dimensioni",
                "forme",
                "tamaños",
                "formas",
                "dimensiones",
                "tailles",
                "outputs",
            )
        )

    def answer(self, quantity: str, value: Any, name: str, step: str) -> Answer:
        return Answer(quantity, value, name if len(self.names) > 1 else "", lambda: self.steps(name, step))

    def steps(self, name: str, wanted: str) -> list[str]:
        """The working of one quantity of one layer.

        What is not stated has been shown not to matter to the value, so any number may stand for it; a
        formula in the question's letters is its own working.
        """
        from cnncalc.exact.recorder import LATEX, TEXT
        from cnncalc.working import steps

        if any(not meaning for meaning in self.reading.symbols.values()):
            return []
        try:
            analysis = self.reading.at_example() if self.reading.symbols else self.analysis
        except (ShapeError, SpecError):
            return []
        if wanted == "weights":  # the working of the parameters, without the biases
            from cnncalc.ask.slips import with_settings

            analysis, wanted = Analysis(with_settings(analysis.network, {"bias": False})), "params"
        style = LATEX if self.said.latex else TEXT
        found = steps(analysis, name, style=style)
        return [one.numbers for one in found if one.quantity.startswith(wanted)]

    def total(self, one: Ask, quantity: str, attribute: str, step: str) -> Iterator[Answer]:
        """A figure of the layers asked for, or of the network with its parts."""
        names = self.chosen(one) or self.spoken_of(one)
        if names:
            for name in names:
                value = self.settled(getattr(self.analysis[name], attribute), quantity)
                yield self.answer(quantity, value, name, step)
            return
        parts = {name: getattr(self.analysis[name], attribute) for name in self.names}
        total = self.settled(sum(parts.values()), quantity)
        counted = [name for name, part in parts.items() if part != 0]
        yield Answer(quantity, total, "", lambda: self.summed(counted, parts, total, step))
        if self.tabled(one) and len(parts) > 1:
            yield Answer(quantity, self.settled(tuple(parts.values()), quantity), ", ".join(parts))
        few = len(counted) <= (4 if self.shown_sizes() else 5 if self.tabled(one) else 6)
        if few and (self.tabled(one) or (len(counted) > 1 and not self.shown_sizes())):
            for name in counted if len(parts) > 1 else []:
                own = self.answer(quantity, self.settled(parts[name], quantity), name, step)
                own.part = not self.tabled(one)
                yield own
            idle = [name for name, part in parts.items() if part == 0]
            if idle and len(parts) > 1 and len(counted) < 5:
                yield Answer(quantity, 0, ", ".join(idle))

    def summed(self, counted: list[str], parts: dict[str, Any], total: Any, step: str) -> list[str]:
        """The working of a sum over layers: each layer's own, and the sum."""
        if len(counted) < 2:
            return [line for name in counted for line in self.steps(name, step)]
        lines = [f"{self.named(name)}{line}" for name in counted[:12] for line in self.steps(name, step)[:1]]
        if len(counted) > 12:
            return [*lines, f"... {len(counted) - 12} more layers"]
        return [*lines, self.signed(" + ".join(_figure(parts[name]) for name in counted) + f" = {_figure(total)}")]

    def named(self, name: str) -> str:
        """A layer's name before its line of working."""
        escaped = name.replace("_", r"\_")
        return rf"\text{{{escaped}: }}" if self.said.latex else f"{name}: "

    def signed(self, line: str) -> str:
        """A line of working that is made here, in the signs that are asked for."""
        return line.replace(",", "{,}").replace("·", r" \cdot ") if self.said.latex else line

    def q_params(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "params", "params", "params")
        if self.said.dialect == "keras" and self.analysis.buffers != 0:
            stored = self.analysis.params + self.analysis.buffers
            yield Answer("params", self.settled(stored, "params"), "Keras's column, the stored statistics included")
        flat = [name for name in self.names if self.analysis.network.nodes[name].layer.kind == "flatten"]
        if (
            flat
            and not self.chosen(one)
            and not self.spoken_of(one)
            and not self.shown_sizes()
            and not (self.tabled(one) and len(self.names) > 6)
        ):
            yield self.answer(
                "features", self.settled(self.analysis.facts[flat[0]].elements, "the flattened size"), flat[0], "output"
            )

    def q_weights(self, one: Ask) -> Iterator[Answer]:
        yield from self.total(one, "weights", "weights", "weights")

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
        yield self.answer(
            "neurons", self.settled(self.analysis.facts[name].elements, "the number of neurons"), name, "output"
        )

    def q_field(self, one: Ask) -> Iterator[Answer]:
        names = self.chosen(one)
        if not names:
            names = self.names if self.tabled(one) else [self.names[-1]]
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
                yield self.answer(
                    "features", self.settled(self.analysis.facts[name].elements, "the flattened size"), name, "output"
                )
                before = self.analysis.shapes[self.analysis.network.nodes[name].inputs[0]]
                if len(before) > 1:
                    yield Answer("output", self.settled(tuple(before[1:]), "the size"), "the map that is flattened")
                return
        value = self.settled(self.analysis.facts[self.names[-1]].elements, "the flattened size")
        yield self.answer("features", value, self.names[-1], "output")

    def q_flops(self, one: Ask) -> Iterator[Answer]:
        """Two operations a multiply-accumulate, unless the question counts one."""
        count = {1: "one FLOP", 2: "two FLOPs"}[self.said.per_mac]
        self.reading.assumed.append(f"{count} a multiply-accumulate, biases not counted")
        for answer in self.total(one, "flops", "macs", "MACs"):
            yield self._flops(answer)

    def _flops(self, answer: Answer) -> Answer:
        each, macs = self.said.per_mac, answer.value
        if isinstance(macs, list):
            return Answer("flops", [each * one for one in macs], answer.of)
        if not isinstance(macs, int):
            return Answer("flops", f"{each}*({macs})", answer.of)
        return Answer(
            "flops", each * macs, answer.of, lambda: [*answer.steps, self.signed(f"{each}·{macs:,} = {each * macs:,}")]
        )

    def q_fan_in(self, one: Ask) -> Iterator[Answer]:
        """The numbers one output reads: what the weights of one filter or unit are."""
        name = (self.chosen(one) or self.weighted())[0]
        facts = self.analysis.facts[name]
        if "weight" not in facts.weights:
            raise Refused(f"{name} has no weights")
        own = prod(facts.weights["weight"][1:])
        with_bias = 1 if self.said.bias and "bias" in facts.weights else 0
        yield self.answer("fan_in", self.settled(own + with_bias, "the fan-in"), name, "params")

    def weighted(self) -> list[str]:
        """The layers that have weights; the first layer where none has."""
        return [name for name in self.names if "weight" in self.analysis.facts[name].weights] or self.names[:1]

    def q_fan_out(self, one: Ask) -> Iterator[Answer]:
        name = (self.chosen(one) or self.weighted())[0]
        weight = self.analysis.facts[name].weights.get("weight")
        if weight is None:
            raise Refused(f"{name} has no weights")
        yield self.answer("fan_out", self.settled(prod((weight[0], *weight[2:])), "the fan-out"), name, "params")

    def _across(self) -> list[tuple[int, int]]:
        """The size before and after the network, axis by axis."""
        before, after = self.analysis.network.input[1:], self.analysis.facts[self.names[-1]].output[1:]
        pairs = list(zip(before, after, strict=False))
        if not pairs or len(before) != len(after) or not all(isinstance(one, int) for pair in pairs for one in pair):
            raise Refused("what is lost of the image depends on its size, which is not stated")
        return pairs

    def q_lost(self, one: Ask) -> Iterator[Answer]:
        lost = [n - out for n, out in self._across()]
        self.reading.assumed.append("pixels lost along each axis")
        yield Answer(
            "lost",
            lost[0] if len(set(lost)) == 1 else lost,
            "",
            lambda: [f"{n} - {out} = {n - out}" for n, out in self._across()],
        )

    def q_lost_share(self, one: Ask) -> Iterator[Answer]:
        pairs = self._across()
        whole, left = prod(tuple(n for n, _ in pairs)), prod(tuple(out for _, out in pairs))
        self.reading.assumed.append("the share of the image's area, in per cent")
        yield Answer(
            "lost_share", round(100 * (whole - left) / whole, 2), "per cent", lambda: [f"1 - {left:,} / {whole:,}"]
        )

    def q_jump(self, one: Ask) -> Iterator[Answer]:
        jumps = self.analysis[self.names[-1]].jump
        yield self.answer("jump", self.settled(jumps[0], "the effective stride"), self.names[-1], "field")

    def q_padded(self, one: Ask) -> Iterator[Answer]:
        """The input with its border, before the window slides."""
        from cnncalc.layers import kind

        for name, node in self.analysis.network.nodes.items():
            layer: Any = node.layer
            padding = getattr(layer, "padding", None)
            if isinstance(padding, int | tuple) and padding != 0:
                before = self.analysis.shapes[node.inputs[0]]
                size = kind("pad")(padding=padding).facts(before).output
                yield self.answer("padded", self.settled(tuple(self.shape(size)), "the padded size"), name, "size")
                return
        raise Refused("no padding by a number was read")

    def q_kernel_shape(self, one: Ask) -> Iterator[Answer]:
        name = (self.chosen(one) or self.weighted())[0]
        weight = self.analysis.facts[name].weights.get("weight")
        if weight is None:
            raise Refused(f"{name} has no weights")
        yield self.answer("weight_shape", self.settled(tuple(weight), "the shape of the weights"), name, "params")

    def q_nontrainable(self, one: Ask) -> Iterator[Answer]:
        yield Answer("non_trainable", self.settled(self.analysis.buffers, "the non-trainable parameters"))

    def q_memory(self, one: Ask) -> Iterator[Answer]:
        """Bytes of the parameters or of the activations, whichever the question speaks of."""
        batch = self.said.batch or self.reading.batch or 1
        dtype, about = self.said.dtype or "float32", self.said.memory_of
        if dtype not in BYTES:
            raise Refused(f"numbers of type {dtype} are not known here")
        if about == "params":
            yield Answer("memory", self.settled(BYTES[dtype] * self.analysis.params, "the memory"), "parameters, bytes")
        elif about == "activations":
            memory = self.analysis.memory(batch, dtype)
            yield Answer("memory", self.settled(memory.activations, "the memory"), "activations with the input, bytes")
        else:
            raise Refused("memory of what: of the parameters, or of the activations?")

    def q_im2col(self, one: Ask) -> Iterator[Answer]:
        """The two matrices of a convolution as one product: columns of windows, rows of filters."""
        from cnncalc.layers import kind

        name = next((n for n in self.names if self.analysis.network.nodes[n].layer.kind == "conv"), None)
        if name is None:
            raise Refused("im2col is of a convolution; none was read")
        node, facts = self.analysis.network.nodes[name], self.analysis.facts[name]
        layer: Any = node.layer
        columns = kind("im2col")(
            kernel_size=layer.kernel_size, stride=layer.stride, padding=layer.padding, dilation=layer.dilation
        )
        laid = columns.facts(self.analysis.shapes[node.inputs[0]]).output
        weight = facts.weights["weight"]
        yield Answer("X_col", self.settled(tuple(laid), "the size of X_col"))
        yield Answer("W_row", self.settled((weight[0], prod(weight[1:])), "the size of W_row"))
        yield Answer("product", self.settled((weight[0], laid[1]), "the size of the product"))

    def q_filters_q(self, one: Ask) -> Iterator[Answer]:
        channels = self.analysis.facts[self.names[-1]].output[0]
        yield self.answer("channels", self.settled(channels, "the number of feature maps"), self.names[-1], "output")


def _figure(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
