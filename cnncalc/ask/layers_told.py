"""Which layers there are: told in prose, as codes, as calls, or only mentioned again."""

from typing import Any

from cnncalc.ask.letters import Letters
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS, own, value
from cnncalc.exact.sizes import prod


class LayersTold(Letters):
    """Layers as they are told."""

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
        if current is not None and current.kind == kind and not self.closed and attributes and not own(current):
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
            and own(current)
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

    def on_kinds(self, one: Token, other: Token) -> None:
        """ "The output of a convolution and of a pooling": one window, asked of two kinds of layer."""
        if one.tag == other.tag or len(self.drafts) > 1 or (self.current is not None and self.current.kind):
            raise Refused(f"'{one.text}' and '{other.text}': which layers are asked about?")
        self.closed = False
        self.open(one.value)
        self.variants.append(("kind", other.value))
        if not self.asks:
            self.ask("output", "size")

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

    def on_onedense(self, token: Token) -> None:
        if not token.text.lower().rstrip("es").endswith(
            ("neuron", "neuronal", "unit", "node", "nod")
        ) or token.text.lower().endswith(("s", "i")):
            self.on_dense(token)
            return
        self.drafts.append(Draft(kind="linear", settings={"out_features": 1}, place=self.at))
        self.current, self.closed = self.drafts[-1], False

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

    def on_flat(self, number: Token) -> None:
        if self.drafts:
            self.drafts.append(Draft(kind="flatten", place=self.at, output=value(number)))
        else:
            self.sides.append(number)
            self.flat_size = value(number)

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
        if call.kind == "linear" and isinstance(draft.inch, tuple):
            draft.inch = prod(draft.inch)  # Linear(16*4*4, 10)
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

    def on_blocks(self, number: Token) -> None:
        self.block_times = value(number)

    def on_residual(self) -> None:
        self.residual = True

    def on_noflatten(self) -> None:
        self.noflatten = True

    def on_vague(self, token: Token) -> None:
        raise Refused(f"'{self.feature.tokens[0].text}' before '{token.text}': how many is not stated")

    def on_follows(self) -> None:
        self.follows = self.at

    def on_layers(self, number: Token) -> None:
        self.layers_said = value(number)
