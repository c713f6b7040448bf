"""From features to a reading: which attribute belongs to which layer, what is the input, what is asked.

Each feature has its method, `on_NAME`, in the room it belongs to.
"""

from cnncalc.ask.grammar import Feature
from cnncalc.ask.joints import Joints
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Ask
from cnncalc.ask.refusal import Refused


class Assembler(Joints):
    """Reads features one after the other; `drafts`, `asks` and the input are what they come to."""

    def __init__(self, words: list[Token], found: list[Feature], unread: list[Token]) -> None:
        super().__init__(words, found, unread)
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
                ask.layers.append((-1, self.drafts[-1].kind))  # the follower is what is spoken of

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
