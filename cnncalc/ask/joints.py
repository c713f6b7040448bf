"""What joins and divides: sentences, arrows, "after", "versus"; which layer a question speaks of."""

from cnncalc.ask.lexer import Token
from cnncalc.ask.questions import Questions
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import own, value


class Joints(Questions):
    """Joints of the question, and the scope of what is asked."""

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

    def on_last(self, kind: Token | None = None) -> None:
        self.scopes.append((self.sentence, "last", kind.value if kind else ""))

    def on_each(self) -> None:
        self.scopes.append((self.sentence, "each", None))

    def on_total(self) -> None:
        self.scopes.append((self.sentence, "total", None))

    def on_this(self) -> None: ...

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

    def on_comma(self) -> None: ...

    def on_and(self) -> None: ...

    def on_or(self) -> None:
        near = self.found[max(0, self.at - 2) : self.at] + self.found[self.at + 1 : self.at + 3]
        if {"conv", "pool", "dense"} & {one.name for one in near}:
            raise Refused(f"'{self.feature.tokens[0].text}' between two layers: which one is asked about?")

    def on_after(self) -> None:
        """ "The size after a pooling" asks of a place; "a conv after a pooling" turns the order around."""
        before = self.found[self.at - 1] if self.at else None
        after = self.found[self.at + 1] if self.at + 1 < len(self.found) else None
        told = self.current is not None and own(self.current) and self.current.place >= self.opened
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

    def on_vs(self) -> None:
        self.versus.append(self.at)
        self.closed = self.current is not None

    def on_mention(self) -> None: ...

    def on_note(self) -> None: ...
