"""The state a question is read into, and the two ways it grows: a new layer, an attribute of the present one."""

from typing import Any

from cnncalc.ask.grammar import Feature
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Ask, Draft

CONVS = frozenset(("conv", "conv_transpose", "depthwise", "pointwise", "separable", "locally_connected"))
POOLS = frozenset(("max_pool", "avg_pool", "pool"))
TAKES = {
    **dict.fromkeys(CONVS, frozenset(("out_channels", "kernel_size", "stride", "padding", "dilation", "groups"))),
    **dict.fromkeys(POOLS, frozenset(("kernel_size", "stride", "padding"))),
    "linear": frozenset(("out_features",)),
    "": frozenset(("out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "out_features")),
}
_ATTRIBUTES = frozenset(
    "kernel filters units stride pad padmode maybe unitlist dilation dilations filterlist pad0 short letter groups "
    "inch loose".split()
)  # features that tell something of a layer
_WINDOW = frozenset(("stride", "padding", "kernel_size", "dilation", "groups"))
_NEXT = frozenset(
    "sep stop question conv pool dense ask vs whole act input comma and hidden outlayer call code nthlayer nth".split()
)  # features with which something else begins


def value(token: Any) -> Any:
    """What a token stands for: a number, a letter, or a tuple of them."""
    return token.value if isinstance(token, Token) else token


class Said:
    """What a question has told so far: drafts of layers, the input, what is asked, and the switches."""

    pending_count: Token | None = None
    pending_times: int | None = None
    hidden_times: int | None = None
    follows: int | None = None
    waiting_dense = False
    both: Any = None
    unshared = False
    opened = 0  # where the present sentence begins among the features
    as_conv = False
    strict = False
    keeps = False
    deep: int | None = None
    direct: Any = None
    windows: dict[str, Any] | None = None
    grid: Any = None
    boxes: Any = None
    anchored = False
    per_box: bool | None = None
    landmarks: Any = None
    per_mac = 2
    dtype = ""
    data = ""
    lettered_batch: int | None = None
    table = False
    block_times = 1
    residual = noflatten = False
    flat_size: Any = None
    expected: Any = None
    choices: list[Any] | None = None
    mark: tuple[Any, ...] = (0, 0, 0, True, 0, False)
    questioned = 0
    latex = False  # how the working is to be written

    def __init__(self, words: list[Token], found: list[Feature], unread: list[Token]) -> None:
        self.at, self.feature = 0, Feature("", (), 0, 0)  # the feature that is being read, and its place
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

    def set(self, name: str, given: Any) -> None:
        """An attribute for the current layer; a clash opens another layer, or is a variant of this one."""
        draft = self.current
        if draft is not None and self.closed and name == "out_channels" and self._again(draft):
            self.closed = False
        if draft is not None and not own(draft) and draft.kind in CONVS:
            self.closed = False  # "a convolutional layer. It has 32 filters": still the same layer
        if draft is None or self.closed or name not in TAKES.get(draft.kind, frozenset()):
            if draft is not None and self._behind(draft, name, given):
                return
            draft = self._another()
        elif name == "padding" and {given, draft.settings.get(name)} == {0, "valid"}:
            return
        elif name in draft.settings and draft.settings[name] != given:
            if self._variant(name, given):
                return
            draft = self._another()
        draft.settings[name] = given
        self._counted(draft)

    def _another(self) -> Draft:
        self.drafts.append(Draft(place=self.at))
        self.current, self.closed = self.drafts[-1], False
        return self.drafts[-1]

    def _behind(self, draft: Draft, name: str, given: Any) -> bool:
        """Whether an attribute that comes when its layer is closed was taken by a layer, or as a variant."""
        if name in _WINDOW | {"out_channels"} and self._late(name, draft):
            draft.settings[name] = given
            return True
        if self.closed and self._variant(name, given):
            return True
        if name in ("stride", "padding", "dilation") and draft.kind not in CONVS | POOLS | {""}:
            earlier = next((one for one in reversed(self.drafts) if one.kind in CONVS | POOLS), None)
            if earlier is not None and name not in earlier.settings:
                earlier.settings[name] = given
                return True
        return False

    def _counted(self, draft: Draft) -> None:
        """Numbers that waited for their layer: "three 3x3 ...", "64 3x3 ..."."""
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

    def _attributes_follow(self) -> bool:
        """Whether the next features, up to a joint, give this layer something of its own."""
        for feature in self.found[self.at + 1 : self.at + 9]:
            if feature.name in _ATTRIBUTES:
                return True
            if feature.name in _NEXT:
                return False
        return False

    def _later(self) -> bool:
        """Whether a question stands before this sentence: "And without padding?" """
        return self.asked_before and self.sentence > min(self.questions, default=10**6)

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


def own(draft: Draft) -> bool:
    """Whether anything is told of the layer beside its kind."""
    return bool(draft.settings or draft.listed or draft.maybe is not None)
