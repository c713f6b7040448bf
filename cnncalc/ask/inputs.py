"""What goes in: sizes, sides, channels, maps; and sizes that stand alone."""

from typing import Any

from cnncalc.ask.layers_told import LayersTold
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS, own, value


class Inputs(LayersTold):
    """The input as it is told."""

    def on_input(self, token: Token) -> None:
        self.inputs.append((token, self.sentence, self.at))

    def on_mapsof(self, token: Token) -> None:
        if self.inputs and len(value(token)) == 2:
            self.given.append(token)
        else:
            self.inputs.append((token, self.sentence, self.at))

    def on_mapsize(self, token: Token) -> None:
        if self.current is not None:
            self.current.output = value(token)

    def _targeted(self, size: Any) -> bool:
        """Whether a number after "receptive field of" is what the layers must reach, not what is asked."""
        last = self.asks[-1] if self.asks else None
        if last is None or last.quantity != "field" or last.sentence != self.sentence:
            return False
        if not any(f.name == "askdepth" or (f.name == "ask" and f.values[0].value == "depth_q") for f in self.found):
            return False
        self.asks.pop()
        self.givenq += [("field", side) for side in (size if isinstance(size, tuple) else (size,))]
        return True

    def _lacks_kernel(self, draft: Draft) -> bool:
        return draft.kind in ("conv", "") and draft.settings.keys() == {"out_channels"}

    def on_loose(self, token: Token) -> None:
        current = self.current
        if token.tag in ("S2", "T2") and self._targeted(token.value):
            return
        last = self.drafts[-1] if self.drafts else None
        start = self.feature.start
        bracketed = token.tag[0] == "T" or (
            start and self.all_tokens[start - 1].tag in ("LPAR", "ARROW") and len(token.value) > 2
        )
        tabled = token.tag[0] == "T" and "None" in token.value
        beside = last is not None and not self.closed and last.output is None and bracketed
        if last is not None and beside and (tabled or (own(last) and self.inputs)):
            last.output = token.value
            return
        if self.drafts and start and self.all_tokens[start - 1].tag == "AND" and not self.inputs:
            self.loose.append(token)
            return
        if token.layout == "torch" or token.tag in ("S3", "T3", "S4", "T4"):
            after_layer = self.drafts and not self.closed and self.inputs
            if after_layer:
                self.loose.append(token)
            else:
                self.inputs.append((token, self.sentence, self.at))
        elif token.tag in ("S2", "T2") and current is not None and self._lacks_kernel(current):
            current.settings["kernel_size"] = value(token)  # "5 filters; 3x3; stride 2"
            self.closed = False
        elif (
            token.tag in ("S2", "T2")
            and current is not None
            and not self.closed
            and "kernel_size" not in current.settings
            and current.kind in CONVS | POOLS | {""}
        ) or (token.tag in ("S2", "T2") and self.at and self.found[self.at - 1].name == "vs" and self.drafts):
            self.set("kernel_size", value(token))
        elif (
            token.tag in ("S2", "T2") and not self.inputs and not self.drafts and not self.sides and self._begins(token)
        ) or (token.tag in ("S2", "T2") and self.asked_before and self.inputs):
            self.inputs.append((token, self.sentence, self.at))
        else:
            self.loose.append(token)

    def _begins(self, token: Token) -> bool:
        """Whether a bare size can only be the input: it stands first, set apart, and is no window's."""
        after = self.all_tokens[self.feature.end].tag if self.feature.end < len(self.all_tokens) else ""
        sizes = [one for one in token.value if isinstance(one, int)]
        return after in ("ARROW", "COMMA", "COLON", "SEMI", "THEN", "PIPE", "GREY", "RGB") and all(
            one > 7 for one in sizes
        )

    def on_side(self, token: Token) -> None:
        self.sides.append(token)

    def on_height(self, token: Token) -> None:
        self.height = value(token)

    def on_width(self, token: Token) -> None:
        self.width = value(token)

    def on_inch(self, token: Token) -> None:
        if self.current is not None and self.current.kind == "linear" and not self.closed:
            self.current.inch = value(token)
            return
        if (
            self.current is not None
            and not self.closed
            and self.drafts
            and self.drafts[-1] is self.current
            and len(self.drafts) > 1
        ):
            self.current.inch = value(token)
        elif self.inch is not None and self.inch != value(token):
            raise Refused(f"the input channels are given as {self.inch} and as {value(token)}")
        else:
            self.inch = value(token)

    def on_channels(self, token: Token) -> None:
        if self.channels is not None and self.channels != value(token):
            raise Refused(f"the channels are given as {self.channels} and as {value(token)}")
        self.channels = value(token)

    def on_colour(self, number: int) -> None:
        self.colour = number if self.colour is None else self.colour

    def on_claims(self, length: Token, features: Token) -> None:
        if self.inputs:
            self.claims += [value(length), value(features)]
        else:
            made = (value(length), value(features))
            self.inputs.append(
                (Token("T2", made, length.text, length.start, features.end, "last"), self.sentence, self.at)
            )
            self.rank = 1

    def on_batch(self, token: Token) -> None:
        self.batch = value(token)

    def on_both(self, token: Token) -> None:
        self.both = value(token)

    def on_reads(self, maps: Token, inputs: Token) -> None:
        """ "6 maps see 3 inputs, 9 maps see 4": a layer whose maps read some of the inputs; once, it is any layer."""
        if sum(feature.name == "reads" for feature in self.found) > 1:
            self.reads_some.append((value(maps), value(inputs)))
            return
        self.on_filters(maps)
        self.on_inch(inputs)

    def on_target(self, size: Token) -> None:
        """ "To see a 100x100 region": what the receptive field must reach, where a depth is asked."""
        if not any(ask.quantity == "depth_q" for ask in self.asks):
            self.on_loose(size)
            return
        self.givenq += [("field", side) for side in set(value(size))]

    def on_deep(self, number: Token) -> None:
        self.deep = value(number)

    def on_rank(self, token: Token) -> None:
        self.rank = value(token)

    def on_axis(self, name: str) -> None:
        self.axis = name

    def on_dialect(self, name: str) -> None:
        self.dialect = self.dialect or name

    def on_images(self, number: Token) -> None:
        if value(number) != 1:
            self.batch = value(number)

    def on_data(self, token: Token) -> None:
        self.data = self.data or str(token.value)

    def on_given(self, token: Token) -> None:
        bare = len(self.drafts) == 1 and self.drafts[0].kind in CONVS and not own(self.drafts[0]) and not self.inputs
        if bare and len(value(token)) == 3:  # "the last conv layer outputs 5x5x128. It is flattened ..."
            self.drafts, self.current = [], None
            self.inputs.append((token, self.sentence, self.at))
            return
        self.given.append(token)

    def on_number(self, token: Token) -> None:
        if token.tag == "NUM" and self._targeted(token.value):
            return
        self.numbers.append(token)

    def on_loneletter(self, token: Token) -> None:
        self.numbers.append(token)
