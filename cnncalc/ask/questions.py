"""What is asked, and what is told of the answer."""

from cnncalc.ask.inputs import Inputs
from cnncalc.ask.lexer import Token
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import value


class Questions(Inputs):
    """Quantities that are asked."""

    def on_ask(self, token: Token) -> None:
        self.ask(token.value, token.text)

    def on_ask2(self, quantity: str) -> None:
        self.ask(quantity)

    def on_askfan(self) -> None:
        self.ask("fan_in")

    def on_asksizeof(self, token: Token) -> None:
        low = token.text.lower()
        self.ask(
            "input_q" if any(part in low for part in ("input", "ingress", "entrada", "entree")) else "output", "size"
        )

    def on_askdepth(self) -> None:
        self.ask("depth_q")

    def on_askneurons(self) -> None:
        self.ask("neurons")

    def on_askfilters(self) -> None:
        self.ask("filters_q")

    def on_askwith(self, token: Token) -> None:
        self.ask("params" if token.value == "weights" else token.value, token.text)
        self.on_bias1()

    def on_asknext(self) -> None:
        self.ask("output")

    def on_asksize(self) -> None:
        self.ask("output", self.feature.tokens[0].text)

    def on_askfeatures(self) -> None:
        self.ask("features")

    def on_askfits(self) -> None:
        self.ask("fits")

    def on_equiv(self) -> None:
        """ "Which convolution replaces it?": the dense layers as convolutions over their whole input."""
        self.as_conv = True
        if not self.asks:
            self.ask("output")
            self.ask("params")
        self.ask("kernel_shape")

    def on_formula(self) -> None:
        self.strict = True
        if not any(ask.quantity == "fits" for ask in self.asks):
            self.ask("fits", "the formula")

    def on_givenof(self, quantity: Token, size: Token) -> None:
        inverse = any(f.name == "askdepth" or (f.name == "ask" and f.values[0].tag == "INV") for f in self.found)
        if (
            quantity.value == "field"
            and not inverse
            and not any("kernel_size" in draft.settings for draft in self.drafts)
        ):
            self.on_kernel(size)
        elif quantity.value == "output":
            self.given.append(size)
        elif quantity.value == "field":
            self.givenq.append(("field", value(size)[0]))
        else:
            self.ask(quantity.value, quantity.text)
            self.on_loose(size)

    def on_givenq(self, quantity: Token, number: Token) -> None:
        if quantity.value == "memory":
            self.on_bits(Token("NUM", 8 * value(number), number.text, number.start, number.end))
            if not any(ask.quantity == "memory" for ask in self.asks) and "byte" not in quantity.text.lower():
                self.ask("memory")
            return
        self.givenq.append((quantity.value, value(number)))

    def on_bits(self, number: Token) -> None:
        names = {64: "float64", 32: "float32", 16: "float16", 8: "int8"}
        if value(number) not in names:
            raise Refused(f"numbers of {value(number)} bits are not known here")
        self.dtype = names[value(number)]

    def on_dtype(self, token: Token) -> None:
        self.dtype = str(token.value)

    def on_perop(self, number: Token, quantity: Token, sign: Token | None = None) -> None:
        """ "2 FLOPs per MAC", "2 x MACs"."""
        if sign is not None and sign.text.lower() != "x":
            raise Refused(f"'{number.text} {sign.text} {quantity.text}' was not understood")
        if quantity.value in ("macs", "mults", "flops") and value(number) in (1, 2):
            self.per_mac = value(number)
        else:
            raise Refused(f"'{number.text} per {quantity.text}' was not understood")

    def on_expected(self, token: Token) -> None:
        self.expected = value(token)

    def on_either(self, one: Token, other: Token) -> None:
        self.choices = [value(one), value(other)]
        if not self.asks:
            self.ask("output", one.text)

    def on_aside(self, token: Token) -> None:
        self.asides.append(token.text)

    def on_table(self) -> None:
        self.table = True

    def on_relation(self) -> None:
        self.relations.append(self.feature.tokens[0])

    def on_kernelof(self, quantity: Token, size: Token) -> None:
        """ "How many layers of 3x3 ...": the window, where a depth is asked."""
        if quantity.value == "depth_q":
            self.on_kernel(size)
        else:
            self.on_loose(size)

    def on_direct(self, kernel: Token) -> None:
        self.direct = value(kernel)
        self.relations.append(kernel)

    def on_roundings(self, one: Token, other: Token) -> None:
        names = {"CEIL": "ceil", "FLOORMODE": "floor"}
        self.rounding = names[one.tag]
        self.variants.append(("rounding", names[other.tag]))
        if not self.asks:
            self.ask("output", "size")

    def on_round(self, name: str) -> None:
        if self.rounding and self.rounding != name:
            raise Refused("two ways of rounding: which one is asked about?")
        self.rounding = name

    def on_name(self, token: Token) -> None:
        self.name = self.name or token.value

    def on_grid(self, token: Token) -> None:
        size = value(token)
        self.grid = size if isinstance(size, tuple) else (size, size)

    def on_boxes(self, number: Token, what: Token) -> None:
        self.boxes = value(number)
        self.anchored = self.anchored or what.tag == "ANCHORS"

    def on_perbox(self, token: Token) -> None:
        self.per_box = token.tag == "PERBOX"

    def on_landmarks(self, number: Token) -> None:
        self.landmarks = value(number)
