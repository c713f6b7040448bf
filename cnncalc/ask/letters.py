"""Letters: those of formulas (W, F, S, P, K), those that name the layers of a figure (C1, S2)."""

from cnncalc.ask.attributes import Attributes
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import value

_SHORT = {"s": "stride", "p": "padding", "k": "kernel_size", "f": "kernel_size", "d": "dilation", "n": "out_channels"}


class Letters(Attributes):
    """What letters stand for."""

    def on_short(self, token: Token) -> None:
        letter, number = token.value
        if letter in _SHORT:
            self.set(_SHORT[letter], number)
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
