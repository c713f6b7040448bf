"""From features to a reading: which attribute belongs to which layer, what is the input, what is asked."""

from typing import Any

from cnncalc.ask.grammar import Feature
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Ask, Draft
from cnncalc.ask.refusal import Refused

CONVS = frozenset(("conv", "conv_transpose", "depthwise", "pointwise", "separable", "locally_connected"))
POOLS = frozenset(("max_pool", "avg_pool", "pool"))
TAKES = {
    **dict.fromkeys(CONVS, frozenset(("out_channels", "kernel_size", "stride", "padding", "dilation", "groups"))),
    **dict.fromkeys(POOLS, frozenset(("kernel_size", "stride", "padding"))),
    "linear": frozenset(("out_features",)),
    "": frozenset(("out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "out_features")),
}
SHORT = {"s": "stride", "p": "padding", "k": "kernel_size", "f": "kernel_size", "d": "dilation", "n": "out_channels"}


def value(token: Any) -> Any:
    """What a token stands for: a number, a letter, or a tuple of them."""
    return token.value if isinstance(token, Token) else token


class Assembler:
    """Reads features one after the other; `drafts`, `asks` and the input are what they come to."""

    def __init__(self, words: list[Token], found: list[Feature], unread: list[Token]) -> None:
        self.all_tokens, self.found, self.unread = words, found, unread
        self.drafts: list[Draft] = []
        self.asks: list[Ask] = []
        self.inputs: list[Any] = []  # sizes of inputs, in order, with the sentence they stand in
        self.sides: list[Any] = []
        self.inch: Any = None
        self.channels: Any = None
        self.colour: int | None = None
        self.height: Any = None
        self.width: Any = None
        self.bias: bool | None = None
        self.dialect = self.axis = self.rounding = self.name = ""
        self.rank: int | None = None
        self.batch: int | None = None
        self.letters: dict[str, Any] = {}
        self.chain: list[Any] = []
        self.outputs: list[tuple[Any, int]] = []
        self.loose: list[Token] = []
        self.numbers: list[Token] = []
        self.given: list[Any] = []
        self.givenq: list[tuple[str, Any]] = []
        self.variants: list[tuple[str, Any]] = []
        self.versus: list[int] = []
        self.layers_said: Any = None
        self.scopes: list[tuple[int, str, Any]] = []
        self.current: Draft | None = None
        self.closed = False
        self.sentence = 0
        self.questions: set[int] = set()
        self.asked_before = False
        self.mlp = False
        self.relations: list[Token] = []
        self.reads_some: list[tuple[int, int]] = []  # so many maps read so many inputs
        self.asides: list[str] = []
        self.claims: list[Any] = []
        self.globals: dict[str, Any] = {}
        self._run()

    def _run(self) -> None:
        for i, feature in enumerate(self.found):
            self.at, self.feature = i, feature
            method = getattr(self, f"on_{feature.name}", None)
            if method is None:
                raise Refused(f"'{feature.tokens[0].text}' was not understood")
            method(*feature.values)
        if self.follows is not None:  # "B follows A": A comes first
            later = [draft for draft in self.drafts if draft.place < self.follows]
            self.drafts = [draft for draft in self.drafts if draft.place > self.follows] + later
        for ask in self.asks:
            self._scoped(ask)
            if self.follows is not None and not (ask.layers or ask.kinds or ask.each or ask.total):
                ask.layers.append((-1, ""))  # the follower is what is spoken of

    # --- layers ---------------------------------------------------------------------------------

    def open(self, kind: str, token: Token | None = None) -> Draft:
        """A new layer; attributes that waited for their layer go to it."""
        waiting = self.current if self.current is not None and not self.current.kind and not self.closed else None
        if waiting is not None and not ((waiting.settings | waiting.listed).keys() - TAKES.get(kind, frozenset())):
            waiting.kind = kind
        else:
            self.drafts.append(Draft(kind=kind, place=self.at))
            self.current = self.drafts[-1]
        draft = self.current
        assert draft is not None
        if token is not None and token.layout:
            rank, _, label = token.layout.partition("#")
            draft.label = token.text if label else ""
            draft.rank = int(rank[0]) if rank else None
            draft.bare = bool(label)
        self.closed = False
        return draft

    def on_conv(self, token: Token) -> None:
        self._kind(token.value, token)

    def on_pool(self, token: Token) -> None:
        self._kind(token.value, token)

    def _kind(self, kind: str, token: Token) -> None:
        current = self.current
        attributes = self._attributes_follow()
        if kind == "depthwise" and current is not None and current.kind == "separable":
            current.kind = kind  # "depthwise separable (3x3 depthwise and 1x1 pointwise)": told by its parts
            return
        if current is not None and current.kind == kind and not self.closed and attributes and not _own(current):
            return
        if not attributes and self._is_mention(kind):
            if token.layout.partition("#")[2]:
                self.scopes.append((self.sentence, "label", token.text))
            else:
                self.scopes.append((self.sentence, "kind", kind))
            return
        if (
            current is not None
            and kind in CONVS
            and current.kind == "conv"
            and not self.closed
            and not attributes
            and kind != "conv"
            and _own(current)
        ):
            current.kind = kind
            return
        self.open(kind, token).plural = token.text.lower().endswith(("pools", "poolings", "layers"))

    def _is_mention(self, kind: str) -> bool:
        """Whether a layer's name without anything of its own speaks of one that was already told."""
        if self.at and self.found[self.at - 1].name == "vs":
            return False
        same = [draft for draft in self.drafts if draft.kind == kind or (kind in POOLS and draft.kind in POOLS)]
        before = self.found[self.at - 1].name if self.at else ""
        listed = before in ("sep", "comma") or (before == "and" and kind in POOLS)
        if kind in CONVS:
            if self.current is not None and not self.current.kind and not self.closed:
                return False
            family = [draft for draft in self.drafts if draft.kind in CONVS | {""}]
            return bool(family) and not (listed and kind in ("depthwise", "pointwise", "separable", "conv_transpose"))
        if kind in POOLS:
            return bool(same) and not listed
        return bool(same)

    def _attributes_follow(self) -> bool:
        """Whether the next features, up to a joint, give this layer something of its own."""
        for feature in self.found[self.at + 1 : self.at + 9]:
            if feature.name in (
                "kernel",
                "filters",
                "units",
                "stride",
                "pad",
                "padmode",
                "maybe",
                "unitlist",
                "dilation",
                "dilations",
                "filterlist",
                "pad0",
                "short",
                "letter",
                "groups",
                "inch",
                "loose",
            ):
                return True
            if feature.name in (
                "sep",
                "stop",
                "question",
                "conv",
                "pool",
                "dense",
                "ask",
                "vs",
                "whole",
                "act",
                "input",
                "comma",
                "and",
                "hidden",
                "outlayer",
                "call",
                "code",
                "nthlayer",
                "nth",
            ):
                return False
        return False

    def on_count(self, token: Token) -> None:
        self.pending_count = token

    def on_times(self, token: Token) -> None:
        following = self.found[self.at + 1].name if self.at + 1 < len(self.found) else ""
        if following in ("hidden", "dense"):
            self.hidden_times = value(token)
            return
        self.pending_times = value(token)

    pending_count: Token | None = None
    pending_times: int | None = None
    hidden_times: int | None = None

    def set(self, name: str, given: Any) -> None:
        """An attribute for the current layer; a clash opens another layer, or is a variant of this one."""
        draft = self.current
        if draft is not None and self.closed and name == "out_channels" and self._again(draft):
            self.closed = False
        if draft is not None and not _own(draft) and draft.kind in CONVS:
            self.closed = False  # "a convolutional layer. It has 32 filters": still the same layer
        if draft is None or self.closed or name not in TAKES.get(draft.kind, frozenset()):
            if (
                draft is not None
                and name in ("stride", "padding", "kernel_size", "dilation", "groups", "out_channels")
                and self._late(name, draft)
            ):
                draft.settings[name] = given
                return
            if draft is not None and self.closed and self._variant(name, given):
                return
            if (
                name in ("stride", "padding", "dilation")
                and draft is not None
                and draft.kind not in CONVS | POOLS | {""}
            ):
                earlier = next((one for one in reversed(self.drafts) if one.kind in CONVS | POOLS), None)
                if earlier is not None and name not in earlier.settings:
                    earlier.settings[name] = given
                    return
            draft = Draft(place=self.at)
            self.drafts.append(draft)
            self.current, self.closed = draft, False
        elif name == "padding" and {given, draft.settings.get(name)} == {0, "valid"}:
            return
        elif name in draft.settings and draft.settings[name] != given:
            if self._variant(name, given):
                return
            draft = Draft(place=self.at)
            self.drafts.append(draft)
            self.current = draft
        draft.settings[name] = given
        if self.pending_times is not None:
            draft.times, self.pending_times = self.pending_times, None
        if self.pending_count is not None:
            draft.counted = value(self.pending_count)
            draft.label = self.pending_count.text if not self.pending_count.text.isdigit() else ""
            self.pending_count = None

    def _again(self, draft: Draft) -> bool:
        """Whether the filters that are told now have the very kernel of a layer that still lacks its filters."""
        after = self.found[self.at + 1] if self.at + 1 < len(self.found) else None
        return (
            after is not None
            and after.name == "kernel"
            and len(self.drafts) == 1
            and "out_channels" not in draft.settings
            and value(after.values[0]) == draft.settings.get("kernel_size")
        )

    def _late(self, name: str, draft: Draft) -> bool:
        """An attribute that follows its layer in a sentence of its own."""
        return (
            self.closed
            and name not in draft.settings
            and name in TAKES.get(draft.kind, frozenset())
            and len(self.drafts) == 1
            and (self.feature.name in ("filters", "padmode", "pad0") or not self._starts_layer())
            and not (
                self.feature.name == "filters"
                and self.at + 1 < len(self.found)
                and self.found[self.at + 1].name == "kernel"
            )
        )

    def _starts_layer(self) -> bool:
        for feature in self.found[self.at : self.at + 6]:
            if feature.name in ("conv", "pool", "filters"):
                return True
            if feature.name in ("sep", "stop", "question", "comma"):
                break
        return False

    def _variant(self, name: str, given: Any) -> bool:
        """A second value after the question, or a second mode: the same layer asked twice."""
        alone = not self._starts_layer()
        both = (
            name == "padding"
            and isinstance(given, str)
            and any(f.name == "and" for f in self.found[max(0, self.at - 2) : self.at])
        )
        if alone and (self._later() or both):
            self.variants.append((name, given))
            return True
        return False

    # --- attributes -------------------------------------------------------------------------------

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
        if isinstance(given, tuple) and len(given) == 3 and token.tag in ("S3", "T3"):
            self.set("kernel_size", given[:2])
            if self.current is not None:
                self.current.inch = given[2]
            return
        if isinstance(given, tuple) and len(given) == 4:
            raise Refused(
                f"the kernel '{token.text}' with four sizes was not understood; say how many filters of which size"
            )
        self.set("kernel_size", given)

    def on_maybe(self, token: Token) -> None:
        if self.current is not None:
            self.current.maybe = value(token)

    def on_stride(self, token: Token) -> None:
        self.set("stride", value(token))

    def on_pad(self, token: Token) -> None:
        self.set("padding", value(token))

    def _later(self) -> bool:
        """Whether a question stands before this sentence: "And without padding?" """
        return self.asked_before and self.sentence > min(self.questions, default=10**6)

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

    def on_short(self, token: Token) -> None:
        letter, number = token.value
        if letter in SHORT:
            self.set(SHORT[letter], number)
        elif letter not in "CPSFLHMBD" or not self._labels():
            raise Refused(f"'{token.text}' was not understood")  # "C1:", "P2", "S4" are names of layers in a figure

    def _axes(self) -> str:
        """The order of N, C, H and W where a shape is spelled out by letters."""
        names = [
            token.text.upper()
            for feature in self.found
            if feature.name == "letter"
            for token in feature.tokens
            if token.tag == "LET"
        ]
        return "".join(name for name in names if name in ("N", "C", "H", "W"))

    def _labels(self) -> bool:
        """Whether a letter with a number names a layer in a figure: something is said of it, or of a whole network."""
        after = self.all_tokens[self.feature.end].tag if self.feature.end < len(self.all_tokens) else ""
        return bool(self.name) or after in (
            "NUM", "S2", "S3", "T2", "COLON", "CONV", "POOL", "DENSE", "LPAR", "EQ", "WITH", "BE",
        )  # fmt: skip

    def on_follows(self) -> None:
        self.follows = self.at

    follows: int | None = None

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

    def on_figure(self, label: Token, kernel: Token, number: Token | None = None) -> None:
        """ "C1 32 3x3", "P2 2x2", "S4 2x2": layers by their names in a figure; "s2 3x3": a stride."""
        letter = label.value[0]
        if letter not in "CPS":
            self.on_short(label)
            self.on_count(number) if number is not None else None
            self.on_kernel(kernel)
            return
        draft = Draft(kind="conv" if letter == "C" else "pool", settings={"kernel_size": value(kernel)}, place=self.at)
        if number is not None:
            draft.settings["out_channels"] = value(number)
        self.drafts.append(draft)
        self.current, self.closed = draft, False

    def on_letter(self, letter: Token, given: Token) -> None:
        order = self._axes()
        if order in ("NCHW", "CHW", "NHWC", "HWC") and letter.text.upper() in "NCHW":
            self.axis = "first" if order.index("C") < order.index("H") else "last"
            if letter.text.upper() == "N":
                self.lettered_batch = value(given)
                return
        name = str(letter.value) if letter.tag == "LET" else f"{letter.value[0]}{letter.value[1]}"
        target = self._letter(name)
        if target in ("side", "height", "width", "inch"):
            if name in self.letters and self.letters[name] != value(given):
                raise Refused(f"{name} is given twice, as {self.letters[name]} and as {value(given)}")
            self.letters[name] = value(given)
            if target == "side":
                self.sides.append(given)
            else:
                setattr(self, target, value(given))
            return
        self.set(target, value(given))

    def _letter(self, name: str) -> str:
        """What a letter of a formula stands for: W, F, S, P, K of CS231n; n, k, s, p, d; I, K, P, S, D."""
        low = name.lower()
        lettered = [feature for feature in self.found if feature.name in ("letter", "kernel")]
        tokens = [token for feature in lettered for token in feature.tokens if token.tag in ("LET", "LN")]
        others = {token.text.lower()[0] for token in tokens}
        if low in ("k", "n", "m", "nf", "n_f") and name != "n" and "f" in others and low != "m":
            return "out_channels" if low == "k" or not ({"w", "i"}.isdisjoint(others)) else "side"
        if low in ("w1", "w", "h1", "h") and {"w", "h"} <= others:
            return "width" if low.startswith("w") else "height"
        if low in ("d1", "c1", "cin", "c_in", "c") or (low == "d" and "k" not in others and "f" not in others):
            return "inch"
        if low in ("cout", "c_out", "m", "d2"):
            return "out_channels"
        known = {"f": "kernel_size", "k": "kernel_size", "s": "stride", "p": "padding", "d": "dilation", "g": "groups"}
        if low in known:
            return known[low]
        if low in ("n", "w", "i", "w1", "h", "h1", "l", "x", "n_in"):
            return "side"
        raise Refused(f"what the letter {name} stands for was not understood")

    def on_units(self, token: Token) -> None:
        if value(token) == 1 and not token.text.isdigit():
            return  # "one output neuron": one of them, not a layer of one
        if (
            self.current is not None
            and self.current.kind == "linear"
            and "out_features" not in self.current.settings
            and not self.closed
        ):
            self.current.settings["out_features"] = value(token)
            return
        draft = Draft(kind="linear", settings={"out_features": value(token)}, place=self.at)
        self.drafts.append(draft)
        self.current, self.closed = draft, False

    def on_unitlist(self, tokens: list[Token]) -> None:
        if self.current is not None and self.current.kind == "linear" and "out_features" not in self.current.settings:
            self.drafts.remove(self.current)
        for token in tokens:
            self.drafts.append(Draft(kind="linear", settings={"out_features": token.value}, place=self.at))
        self.current = self.drafts[-1]

    def on_dense(self, token: Token) -> None:
        if self._attributes_follow():
            self.drafts.append(Draft(kind="linear", place=self.at))
            self.current, self.closed = self.drafts[-1], False
        elif not any(draft.kind == "linear" for draft in self.drafts):
            self.waiting_dense = True
        else:
            self.scopes.append((self.sentence, "kind", "linear"))

    waiting_dense = False

    def on_hidden(self, token: Token) -> None:
        self.mlp = self.mlp or not any(draft.kind in CONVS for draft in self.drafts)
        if self._attributes_follow():
            draft = Draft(kind="linear", place=self.at)
            draft.times, self.hidden_times = self.hidden_times or 1, None
            self.drafts.append(draft)
            self.current, self.closed = draft, False
        else:
            self.scopes.append((self.sentence, "kind", "hidden"))

    def on_outlayer(self, token: Token) -> None:
        if self._attributes_follow():
            self.drafts.append(Draft(kind="linear", place=self.at))
            self.current, self.closed = self.drafts[-1], False
        else:
            self.scopes.append((self.sentence, "kind", "outlayer"))

    def on_outputs(self, token: Token) -> None:
        self.outputs.append((value(token), self.at))
        self.drafts.append(Draft(kind="outputs", settings={"out_features": value(token)}, place=self.at))

    def on_softmax(self, token: Token) -> None:
        self.drafts.append(Draft(kind="linear", settings={"out_features": value(token)}, place=self.at))
        self.current = self.drafts[-1]

    def on_act(self, token: Token) -> None:
        again = any(draft.kind == token.value for draft in self.drafts)
        if token.value == "softmax" or (again and self.sentence in self.questions):
            return
        self.drafts.append(Draft(kind=token.value, place=self.at))

    def on_whole(self, token: Token) -> None:
        self.drafts.append(Draft(kind=token.value, place=self.at))
        self.current, self.closed = self.drafts[-1], False

    def on_upsample(self, token: Token) -> None:
        self.drafts.append(Draft(kind="upsample", settings={"scale_factor": token.value}, place=self.at))
        self.current = self.drafts[-1]

    def on_code(self, token: Token) -> None:
        kind, numbers, padding = token.value
        if kind in CONVS:
            if len(numbers) != 2:
                raise Refused(f"'{token.text}': a kernel or a number of filters is missing")
            settings: dict[str, Any] = {"kernel_size": numbers[0], "out_channels": numbers[1]}
            if padding:
                settings["padding"] = padding  # VGG's "conv3-64" keeps the size
        elif kind in POOLS:
            settings = {"kernel_size": numbers[0]} | ({"stride": numbers[1]} if len(numbers) > 1 else {})
        else:
            settings = {"out_features": numbers[0]}
        self.drafts.append(Draft(kind=kind, settings=settings, place=self.at))
        self.current, self.closed = self.drafts[-1], False

    def on_call(self, token: Token) -> None:
        call = token.value
        self.dialect = self.dialect or ("keras" if call.keras else "torch")
        if call.channels_first is not None:
            self.axis = "first" if call.channels_first else "last"
        if call.input:
            self.inputs.append(
                (Token(f"T{len(call.input)}", call.input, token.text, token.start, token.end), self.sentence, self.at)
            )
        draft = Draft(kind=call.kind, settings=dict(call.settings), place=self.at, rank=call.rank)
        declared = {"linear": "in_features", "batch_norm": "num_features"}.get(call.kind, "in_channels")
        draft.inch = draft.settings.pop(declared, None)
        self.drafts.append(draft)
        self.current, self.closed = draft, False
        if self.pending_times is not None:
            draft.times, self.pending_times = self.pending_times, None

    def on_chain(self, tokens: Any) -> None:
        numbers = list(tokens.value) if isinstance(tokens, Token) else [token.value for token in tokens]
        current = self.current
        if len(numbers) == 2 and current is not None and current.kind in CONVS | {""} and not self.closed:
            current.inch, current.settings["out_channels"] = numbers[0], numbers[1]
            return
        if self.chain:
            raise Refused("two chains of layer sizes: which network is asked about?")
        self.chain = numbers
        self.drafts += [
            Draft(kind="linear", settings={"out_features": number}, place=self.at) for number in numbers[1:]
        ]

    def on_mlp(self) -> None:
        self.mlp = True

    # --- the input --------------------------------------------------------------------------------

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
        if last is not None and beside and (tabled or (_own(last) and self.inputs)):
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

    def on_note(self) -> None: ...

    def on_batch(self, token: Token) -> None:
        self.batch = value(token)

    def on_both(self, token: Token) -> None:
        self.both = value(token)

    both: Any = None
    unshared = False

    def on_unshared(self) -> None:
        self.unshared = True

    def on_single(self, token: Token) -> None:
        if self.current is not None and token.text.lower() in _ONE:
            self.current.single = True

    def on_onedense(self, token: Token) -> None:
        if not token.text.lower().rstrip("es").endswith(
            ("neuron", "neuronal", "unit", "node", "nod")
        ) or token.text.lower().endswith(("s", "i")):
            self.on_dense(token)
            return
        self.drafts.append(Draft(kind="linear", settings={"out_features": 1}, place=self.at))
        self.current, self.closed = self.drafts[-1], False

    def on_after(self) -> None:
        """ "The size after a pooling" asks of a place; "a conv after a pooling" turns the order around."""
        before = self.found[self.at - 1] if self.at else None
        after = self.found[self.at + 1] if self.at + 1 < len(self.found) else None
        told = self.current is not None and _own(self.current) and self.current.place >= self.opened
        layer = after is not None and after.name in (
            "conv",
            "pool",
            "dense",
            "kernel",
            "count",
            "times",
            "filters",
            "call",
            "whole",
        )
        if told and layer and before is not None and not before.name.startswith("ask"):
            raise Refused(
                f"'{self.feature.tokens[0].text}' between two layers: tell them in the order in which they run"
            )
        self.on_sep()

    def on_before(self) -> None:
        after = self.found[self.at + 1] if self.at + 1 < len(self.found) else None
        if after is not None and after.name in ("conv", "pool", "dense", "kernel", "count", "times", "filters", "call"):
            raise Refused(f"'{self.feature.tokens[0].text}' a layer: tell the layers in the order in which they run")

    opened = 0  # where the present sentence begins among the features

    def on_vague(self, token: Token) -> None:
        raise Refused(f"'{self.feature.tokens[0].text}' before '{token.text}': how many is not stated")

    def on_equiv(self) -> None:
        """ "Which convolution replaces it?": the dense layers as convolutions over their whole input."""
        self.as_conv = True
        if not self.asks:
            self.ask("output")
            self.ask("params")
        self.ask("kernel_shape")

    as_conv = False

    def on_formula(self) -> None:
        self.strict = True
        if not any(ask.quantity == "fits" for ask in self.asks):
            self.ask("fits", "the formula")

    strict = False
    keeps = False

    def on_keeps(self) -> None:
        self.keeps = True
        if not any(ask.quantity.endswith("_q") for ask in self.asks) and self.current is not None:
            self.set("padding", "same")

    def on_askfits(self) -> None:
        self.ask("fits")

    def on_aside(self, token: Token) -> None:
        self.asides.append(token.text)

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

    deep: int | None = None

    def on_deep(self, number: Token) -> None:
        self.deep = value(number)

    def on_paired(self) -> None:
        if self.current is None:
            raise Refused(f"'{self.feature.tokens[0].text}': of which layers was not understood")
        self.current.paired = True

    direct: Any = None

    def on_direct(self, kernel: Token) -> None:
        self.direct = value(kernel)
        self.relations.append(kernel)

    def on_kinds(self, one: Token, other: Token) -> None:
        """ "The output of a convolution and of a pooling": one window, asked of two kinds of layer."""
        if one.tag == other.tag or len(self.drafts) > 1 or (self.current is not None and self.current.kind):
            raise Refused(f"'{one.text}' and '{other.text}': which layers are asked about?")
        self.closed = False
        self.open(one.value)
        self.variants.append(("kind", other.value))
        if not self.asks:
            self.ask("output", "size")

    windows: dict[str, Any] | None = None

    def on_windows(self, kernel: Token, pool: Token) -> None:
        """ "(3x3 valid, 2x2 pools)": the windows of all convolutions and of all poolings."""
        self.windows = {"conv": value(kernel), "pool": value(pool)}

    def on_roundings(self, one: Token, other: Token) -> None:
        names = {"CEIL": "ceil", "FLOORMODE": "floor"}
        self.rounding = names[one.tag]
        self.variants.append(("rounding", names[other.tag]))
        if not self.asks:
            self.ask("output", "size")

    grid: Any = None
    boxes: Any = None
    anchored = False
    per_box: bool | None = None
    landmarks: Any = None

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

    def on_rank(self, token: Token) -> None:
        self.rank = value(token)

    # --- switches -------------------------------------------------------------------------------------

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

    def on_perop(self, number: Token, quantity: Token, sign: Token | None = None) -> None:
        """ "2 FLOPs per MAC", "2 x MACs"."""
        if sign is not None and sign.text.lower() != "x":
            raise Refused(f"'{number.text} {sign.text} {quantity.text}' was not understood")
        if quantity.value in ("macs", "mults", "flops") and value(number) in (1, 2):
            self.per_mac = value(number)
        else:
            raise Refused(f"'{number.text} per {quantity.text}' was not understood")

    per_mac = 2

    def on_askfan(self) -> None:
        self.ask("fan_in")

    def on_asksizeof(self, token: Token) -> None:
        low = token.text.lower()
        self.ask(
            "input_q" if any(part in low for part in ("input", "ingress", "entrada", "entree")) else "output", "size"
        )

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

    def on_dialect(self, name: str) -> None:
        self.dialect = self.dialect or name

    def on_axis(self, name: str) -> None:
        self.axis = name

    def on_round(self, name: str) -> None:
        if self.rounding and self.rounding != name:
            raise Refused("two ways of rounding: which one is asked about?")
        self.rounding = name

    def on_name(self, token: Token) -> None:
        self.name = self.name or token.value

    # --- what is asked ----------------------------------------------------------------------------------

    def on_ask(self, token: Token) -> None:
        self.ask(token.value, token.text)

    def ask(self, quantity: str, word: str = "") -> None:
        self.asks.append(Ask(quantity, word, self.sentence))
        self.asked_before = True
        self.questions.add(self.sentence)
        self.asked_at = self.at

    @property
    def memory_of(self) -> str:
        """Whether memory is asked of the parameters or of the activations."""
        words = {token.tag + str(token.value or "") for token in self.all_tokens}
        texts = " ".join(token.text.lower() for token in self.all_tokens)
        active = any(
            word in texts for word in ("activation", "attivazion", "activacion", "feature map", "output", "forward")
        )
        learned = any(word in words for word in ("Qparams", "Qweights"))
        return "activations" if active and not learned else "params" if learned and not active else ""

    dtype = ""

    def on_askdepth(self) -> None:
        self.ask("depth_q")

    def on_bits(self, number: Token) -> None:
        names = {64: "float64", 32: "float32", 16: "float16", 8: "int8"}
        if value(number) not in names:
            raise Refused(f"numbers of {value(number)} bits are not known here")
        self.dtype = names[value(number)]

    def on_dtype(self, token: Token) -> None:
        self.dtype = str(token.value)

    data = ""
    lettered_batch: int | None = None

    def on_data(self, token: Token) -> None:
        self.data = self.data or str(token.value)

    def on_images(self, number: Token) -> None:
        if value(number) != 1:
            self.batch = value(number)

    def on_askneurons(self) -> None:
        self.ask("neurons")

    def on_askfilters(self) -> None:
        self.ask("filters_q")

    def on_askwith(self, token: Token) -> None:
        self.ask("params" if token.value == "weights" else token.value, token.text)
        self.on_bias1()

    def on_table(self) -> None:
        self.table = True

    def on_relation(self) -> None:
        self.relations.append(self.feature.tokens[0])

    def on_or(self) -> None:
        near = self.found[max(0, self.at - 2) : self.at] + self.found[self.at + 1 : self.at + 3]
        if {"conv", "pool", "dense"} & {one.name for one in near}:
            raise Refused(f"'{self.feature.tokens[0].text}' between two layers: which one is asked about?")

    table = False

    def on_asknext(self) -> None:
        self.ask("output")

    def on_asksize(self) -> None:
        self.ask("output", self.feature.tokens[0].text)

    def on_askfeatures(self) -> None:
        self.ask("features")

    def on_given(self, token: Token) -> None:
        bare = len(self.drafts) == 1 and self.drafts[0].kind in CONVS and not _own(self.drafts[0]) and not self.inputs
        if bare and len(value(token)) == 3:  # "the last conv layer outputs 5x5x128. It is flattened ..."
            self.drafts, self.current = [], None
            self.inputs.append((token, self.sentence, self.at))
            return
        self.given.append(token)

    def on_givenq(self, quantity: Token, number: Token) -> None:
        if quantity.value == "memory":
            self.on_bits(Token("NUM", 8 * value(number), number.text, number.start, number.end))
            if not any(ask.quantity == "memory" for ask in self.asks) and "byte" not in quantity.text.lower():
                self.ask("memory")
            return
        self.givenq.append((quantity.value, value(number)))

    # --- scope ------------------------------------------------------------------------------------------

    def on_nth(self, place: Token, kind: Token) -> None:
        if self._attributes_follow():
            name = "linear" if kind.tag in ("DENSE", "HIDDEN") else kind.value
            if kind.tag in ("DENSE", "HIDDEN"):
                self.on_hidden(kind) if kind.tag == "HIDDEN" else self.on_dense(kind)
            else:
                self.open(name, kind)
            return
        self.scopes.append((self.sentence, "nth", (place.value, kind.value if kind.tag != "HIDDEN" else "linear")))

    def on_nthlayer(self, place: Token) -> None:
        self.scopes.append((self.sentence, "nth", (place.value, "")))

    def on_layerno(self, number: Token) -> None:
        self.scopes.append((self.sentence, "no", value(number)))

    def on_layernos(self, numbers: list[Token]) -> None:
        for number in numbers:
            self.scopes.append((self.sentence, "no", number.value))

    def on_blocks(self, number: Token) -> None:
        self.block_times = value(number)

    block_times = 1
    residual = noflatten = False
    flat_size: Any = None

    def on_residual(self) -> None:
        self.residual = True

    def on_noflatten(self) -> None:
        self.noflatten = True

    def on_expected(self, token: Token) -> None:
        self.expected = value(token)

    expected: Any = None

    def on_either(self, one: Token, other: Token) -> None:
        self.choices = [value(one), value(other)]
        if not self.asks:
            self.ask("output", one.text)

    choices: list[Any] | None = None

    def on_between(self, one: Token, other: Token) -> None:
        self.set("out_channels", value(other))
        if self.current is not None:
            self.current.inch = value(one)

    def on_flat(self, number: Token) -> None:
        if self.drafts:
            self.drafts.append(Draft(kind="flatten", place=self.at, output=value(number)))
        else:
            self.sides.append(number)
            self.flat_size = value(number)

    def on_ask2(self, quantity: str) -> None:
        self.ask(quantity)

    def on_layers(self, number: Token) -> None:
        self.layers_said = value(number)

    def on_last(self, kind: Token | None = None) -> None:
        self.scopes.append((self.sentence, "last", kind.value if kind else ""))

    def on_each(self) -> None:
        self.scopes.append((self.sentence, "each", None))

    def on_total(self) -> None:
        self.scopes.append((self.sentence, "total", None))

    def on_this(self) -> None: ...

    def _scoped(self, ask: Ask) -> None:
        for sentence, sort, what in self.scopes:
            if sentence != ask.sentence:
                continue
            if sort == "each":
                ask.each = True
            elif sort == "total":
                ask.total = True
            elif sort == "kind":
                ask.kinds.append(what)
            elif sort == "label":
                ask.layers.append((what, "label"))
            elif sort in ("nth", "no"):
                ask.layers.append(what if sort == "nth" else (what, ""))
            elif sort == "last":
                ask.layers.append((-1, what))

    # --- joints -----------------------------------------------------------------------------------------

    def on_sep(self) -> None:
        self.closed = self.current is not None

    def on_stop(self) -> None:
        self.closed = self.current is not None
        self.sentence += 1
        self.opened = self.at

    def on_question(self) -> None:
        mark = (
            len(self.asks),
            len(self.variants),
            len(self.inputs),
            self.expected is None,
            len(self.asides),
            self.strict,
        )
        if mark == self.mark:
            start = self.questioned
            words = " ".join(token.text for token in self.all_tokens[start : self.feature.start][-12:])
            raise Refused(f"the question '{words}?' was not understood")
        self.mark, self.questioned = mark, self.feature.end
        self.on_stop()

    mark: tuple[Any, ...] = (0, 0, 0, True, 0, False)
    questioned = 0

    def on_comma(self) -> None: ...

    def on_and(self) -> None: ...

    def on_vs(self) -> None:
        self.versus.append(self.at)
        self.closed = self.current is not None

    def on_mention(self) -> None: ...

    def on_number(self, token: Token) -> None:
        if token.tag == "NUM" and self._targeted(token.value):
            return
        self.numbers.append(token)

    def on_loneletter(self, token: Token) -> None:
        self.numbers.append(token)


_THE = frozenset(("the", "la", "lo", "il", "el", "le", "los", "las", "gli", "die", "der", "das"))
_ONE = frozenset("filter kernel filtro filtre noyau nucleo mask window faltungsfilter".split())


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


def _own(draft: Draft) -> bool:
    return bool(draft.settings or draft.listed or draft.maybe is not None)
