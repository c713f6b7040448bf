"""What is told of a layer: filters, kernel, stride, padding, dilation, groups, bias."""

from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS, Said, value

_THE = frozenset(("the", "la", "lo", "il", "el", "le", "los", "las", "gli", "die", "der", "das"))
_ONE = frozenset("filter kernel filtro filtre noyau nucleo mask window faltungsfilter".split())


class Attributes(Said):
    """Attributes of layers, in the order they are told."""

    def on_count(self, token: Token) -> None:
        self.pending_count = token

    def on_times(self, token: Token) -> None:
        following = self.found[self.at + 1].name if self.at + 1 < len(self.found) else ""
        if following in ("hidden", "dense"):
            self.hidden_times = value(token)
            return
        self.pending_times = value(token)

    def on_filters(self, token: Token) -> None:
        self.set("out_channels", value(token))

    def on_filterlist(self, tokens: list[Token]) -> None:
        values = [token.value for token in tokens]
        convs = [draft for draft in self.drafts if draft.kind in ("conv", "") and "out_channels" not in draft.settings]
        draft = self.current if self.current is not None and self.current in convs else None
        if draft is None:
            if len(convs) == len(values):
                for one, number in zip(convs, values, strict=True):
                    one.settings["out_channels"] = number
                return
            draft = Draft(kind="", place=self.at)
            self.drafts.append(draft)
            self.current, self.closed = draft, False
        draft.listed["out_channels"] = values

    def on_kernel(self, token: Token) -> None:
        given = value(token)
        if isinstance(given, tuple) and len(given) == 3 and token.tag in ("S3", "T3") and self.rank != 3:
            self.set("kernel_size", given[:2])
            if self.current is not None:
                self.current.inch = given[2]
            return
        if isinstance(given, tuple) and len(given) == 4:
            raise Refused(
                f"the kernel '{token.text}' with four sizes was not understood; say how many filters of which size"
            )
        self.set("kernel_size", given)

    def on_kernellist(self, tokens: list[Token]) -> None:
        draft = (
            self.current
            if self.current is not None and not self.closed and "kernel_size" not in self.current.settings
            else None
        )
        if draft is None or draft.kind not in CONVS | {""}:
            draft = Draft(place=self.at)
            self.drafts.append(draft)
            self.current, self.closed = draft, False
        draft.listed["kernel_size"] = [token.value for token in tokens]
        if self.pending_times is not None:
            draft.times, self.pending_times = self.pending_times, None

    def on_kernelfilters(self, token: Token) -> None:
        """ "conv 3x3x32": 32 filters of 3x3, or filters that are 32 deep; what comes in decides."""
        if token.layout == "first":  # "6@5x5"
            self.set("out_channels", token.value[0])
            self.set("kernel_size", token.value[1:])
            return
        self.set("kernel_size", token.value[:2])
        if self.current is not None:
            if "out_channels" in self.current.settings:
                self.current.inch = token.value[2]
            else:
                self.current.third = token.value[2]

    def on_maybe(self, token: Token) -> None:
        if self.current is not None:
            self.current.maybe = value(token)

    def on_single(self, token: Token) -> None:
        if self.current is not None and token.text.lower() in _ONE:
            self.current.single = True

    def on_between(self, one: Token, other: Token) -> None:
        self.set("out_channels", value(other))
        if self.current is not None:
            self.current.inch = value(one)

    def on_stride(self, token: Token) -> None:
        self.set("stride", value(token))

    def on_pad(self, token: Token) -> None:
        self.set("padding", value(token))

    def _beside_windows(self) -> bool:
        """Whether the padding stands with windows that are told for all layers."""
        return any(one.name == "windows" and one.start <= self.feature.start < one.end for one in self.found)

    def on_pad0(self) -> None:
        if self._beside_windows():
            self.globals["padding"] = 0
            return
        if self._later():
            self.variants.append(("padding", 0))
            return
        if self.closed or (len(self.drafts) != 1 and not self._joined()):
            self.globals.setdefault("padding", 0)
        else:
            self.set("padding", 0)

    def _joined(self) -> bool:
        """Whether this feature stands beside the current layer rather than over all of them."""
        before = self.found[self.at - 1] if self.at else None
        return (
            self.current is not None
            and before is not None
            and before.name not in ("stop", "question", "sep")
            and not self.closed
        )

    def on_padstride(self, padding: Token, stride: Token) -> None:
        given = {"padding": value(padding), "stride": value(stride)}
        if self.current is not None and not self.closed and not (given.keys() & self.current.settings.keys()):
            self.current.settings |= given
        elif self.closed and len(self.drafts) == 1 and not (given.keys() & self.drafts[0].settings.keys()):
            self.drafts[0].settings |= given
        else:
            self.globals |= given

    def on_padmode(self, mode: str) -> None:
        start = self.feature.start
        if (
            mode == "same"
            and len(self.feature.tokens) == 1
            and start
            and self.all_tokens[start - 1].text.lower() in _THE
        ):
            after = self.all_tokens[start + 1].tag if start + 1 < len(self.all_tokens) else ""
            if after in ("S3", "T3", "S4", "NET", "INPUT", "NAME"):
                return  # "the same 50x50x3 network": nothing about padding
            if after in ("CONV", "POOL", "DENSE", "LAYER", "FILTER", "FILTERS"):
                raise Refused("'the same' layer: tell it again with its numbers")
        if (
            mode == "same"
            and self.feature.tokens[-1].text.lower() in ("same", "mismo", "stesso")
            and not self._about_padding()
        ):
            return
        target = mode
        if self._beside_windows():
            self.globals["padding"] = mode
            return
        if self.current is None and not self._attributes_follow():
            self.globals.setdefault("padding", target)
            return
        if self.current is not None and self.current.kind not in CONVS | POOLS | {""}:
            self.globals.setdefault("padding", target)
            return
        self.set("padding", target)

    def _about_padding(self) -> bool:
        """ "same" is a padding, not "the same network": beside a layer, its attributes or the word padding."""
        feature = self.feature
        if len(feature.tokens) > 1:
            return True
        near = self.found[max(0, self.at - 2) : self.at] + self.found[self.at + 1 : self.at + 3]
        return any(
            one.name
            in ("conv", "pool", "kernel", "filters", "stride", "pad", "pad0", "padmode", "maybe", "call", "code")
            for one in near
        )

    def on_dilation(self, token: Token) -> None:
        self.set("dilation", value(token))

    def on_dilations(self, tokens: list[Token]) -> None:
        draft = self.current if self.current is not None and not self.closed else None
        if draft is None or draft.kind not in ("conv", ""):
            draft = Draft(kind="conv", place=self.at)
            self.drafts.append(draft)
            self.current = draft
        values = [token.value for token in tokens]
        dotted = any(token.tag in ("DOT", "DOTS") for token in self.feature.tokens)
        draft.listed["dilation"] = (_continued(values) if dotted else values) * self.block_times

    def on_outpad(self, token: Token) -> None:
        last = next((draft for draft in reversed(self.drafts) if draft.kind == "conv_transpose"), None)
        if last is None:
            raise Refused("an output padding belongs to a transposed convolution; none was read")
        last.settings["output_padding"] = value(token)

    def on_groups(self, token: Token) -> None:
        self.set("groups", value(token))

    def on_paired(self) -> None:
        if self.current is None:
            raise Refused(f"'{self.feature.tokens[0].text}': of which layers was not understood")
        self.current.paired = True

    def on_windows(self, kernel: Token, pool: Token) -> None:
        """ "(3x3 valid, 2x2 pools)": the windows of all convolutions and of all poolings."""
        self.windows = {"conv": value(kernel), "pool": value(pool)}

    def on_unshared(self) -> None:
        self.unshared = True

    def on_bias0(self) -> None:
        if self._later() and not any(ask.sentence == self.sentence for ask in self.asks):
            self.variants.append(("bias", False))
            return
        self.bias = False

    def on_bias1(self) -> None:
        if self.bias is False and self._later():
            self.variants.append(("bias", True))
            return
        self.bias = True if self.bias is None else self.bias
        for one in self.asks:  # "how many weights does it have, including the biases?"
            if one.quantity == "weights" and one.sentence == self.sentence:
                one.quantity = "params"

    def on_keeps(self) -> None:
        self.keeps = True
        if not any(ask.quantity.endswith("_q") for ask in self.asks) and self.current is not None:
            self.set("padding", "same")


def _continued(values: list[int]) -> list[int]:
    """1, 2, 4, ..., 512 written out: by a common ratio or a common difference."""
    *start, end = values
    ratio, step = start[1] // start[0] if start[0] else 0, start[1] - start[0]
    for times, plus in ((ratio, 0), (1, step)):
        row = [start[0]]
        while row[-1] < end and len(row) < 200 and row[-1] * times + plus > row[-1]:
            row.append(row[-1] * times + plus)
        if row[: len(start)] == start and row[-1] == end:
            return row
    raise Refused(f"how {', '.join(map(str, start))}, ..., {end} goes on was not understood")
