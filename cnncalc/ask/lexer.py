"""A question as tokens: numbers, sizes, tuples, letters, calls of layers, words, signs.

The text is folded first, character for character: lower case, no accents, one sign for each kind of
cross, dash and bracket. Positions therefore hold for the text as it was asked.
"""

import re
from collections.abc import Iterator
from typing import Any

from cnncalc.ask.refusal import Refused

MAX_LENGTH = 8_000
MAX_TOKENS = 1_500
MAX_NUMBER = 10**12

_ACCENTS = {
    **dict.fromkeys("àáâãäåāÀÁÂÃÄÅ", "a"), **dict.fromkeys("èéêëēÈÉÊË", "e"), **dict.fromkeys("ìíîïīÌÍÎÏ", "i"),
    **dict.fromkeys("òóôõöøÒÓÔÕÖØ", "o"), **dict.fromkeys("ùúûüūÙÚÛÜ", "u"), **dict.fromkeys("ñÑ", "n"),
    **dict.fromkeys("çÇ", "c"),
}  # fmt: skip
_SIGNS = {
    **dict.fromkeys("×✕✖⨯╳хХ", "x"), **dict.fromkeys("–—−‐‑‒", "-"), **dict.fromkeys("’‘`´", "'"),
    **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("⟶➜➔⇒⟹", "→"), "，": ",", "。": ".", "？": "?", "：": ":", "；": ";",
    "（": "(", "）": ")", "、": ",", "【": "[", "】": "]", "＝": "=", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "⋅": "*", "∙": "*", "·": "*", "！": "!", "＊": "*", "～": "~", "\t": " ", "\r": " ",
    **{chr(0xFF10 + i): str(i) for i in range(10)},
}  # fmt: skip
_TABLE = str.maketrans(_SIGNS)
_FOLD = str.maketrans(_ACCENTS)


class Token:
    """A piece of the question: ``tag`` is its sort, ``value`` what it stands for."""

    __slots__ = ("end", "layout", "start", "tag", "text", "value")

    def __init__(self, tag: str, value: Any, text: str, start: int, end: int, layout: str = "") -> None:
        self.tag, self.value, self.text, self.start, self.end, self.layout = tag, value, text, start, end, layout

    def __repr__(self) -> str:
        return f"{self.tag}:{self.text!r}"


def plain_signs(text: str) -> str:
    """The text with one sign for each kind of cross, dash, quote and bracket; letters unchanged."""
    return text.translate(_TABLE)


def folded(text: str) -> str:
    """Lower case without accents, as long as it was."""
    lowered = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    return lowered.translate(_FOLD)


_DIM = r"(?:\d{1,12}|[A-WYZa-wyz](?:_?\d)?(?:_(?:in|out))?|\?|None)"
_CROSS = (
    r"(?:(?<![0-9_.])(?=\d)|(?<![A-Za-z0-9_.]))"
    + _DIM
    + r"(?:(?:\s?[xX*]\s?|\s(?:by|per|por|mal)\s)"
    + _DIM
    + r"(?![A-Za-z]{2})){1,4}(?![0-9_])"
)
_ITEM = r"(?:\d{1,12}|[A-Za-z](?:_?\d)?|\?|None|-1)"
_MASTER = re.compile(
    rf"""
      (?P<firstaxes>\(\s?(?:batch(?:_size)?\s?,|n\s?,)?\s?channels?\s?,\s?(?:height|length|h)(?:\s?,\s?(?:width|w))?\s?\))
    | (?P<lastaxes>\(\s?(?:batch(?:_size)?\s?,|n\s?,)?\s?(?:height\s?,\s?width|length)\s?,\s?channels?\s?\))
    | (?P<im2col>(?<!\w)(?:im2col|img2col|unfold)(?!\w))
    | (?P<formula>\(\s*[A-Za-z][\w\s*+/-]{{2,40}}\)\s*/\s*\w{{1,6}}(?:\s*\+\s*1)?(?!\w))
    | (?P<mapsat>\d{{1,6}}\s?@\s?\d{{1,6}}(?:\s?[xX*]\s?\d{{1,6}})+)
    | (?P<sizeat>(?<![A-Za-z0-9_.])\d{{1,6}}\s?[xX]\s?\d{{1,6}}\s?@\s?\d{{1,6}}(?!\w))
    | (?P<cross>{_CROSS})
    | (?P<tuple>[(\[]\s?{_ITEM}\s?(?:,\s?{_ITEM}\s?){{1,4}},?\s?[)\]]|\(\s?\d{{1,12}}\s?,\s?\))
    | (?P<dims>(?<![A-Za-z0-9_.])[123]\s?-?[dD](?![A-Za-z0-9_]))
    | (?P<multiple>(?<![A-Za-z0-9_.])\d{{1,3}}x(?![\w]))
    | (?P<vgg>(?<![\w])[cC][oO][nN][vV]\d{{1,2}}-\d{{1,4}}(?!\w))
    | (?P<mixed>(?<![A-Za-z0-9_])[a-zA-Z]\d[a-z]{{1,8}}(?![A-Za-z0-9_]))
    | (?P<letters>(?<![A-Za-z0-9_])(?:[kspdfn]\d{{1,4}}){{2,5}}(?![A-Za-z0-9_]))
    | (?P<code>(?<![\w])[A-Za-z]{{2,8}}(?:-\d{{1,6}}){{1,3}}(?![\w-]))
    | (?P<chain>(?<![A-Za-z0-9_.-])\d{{1,9}}(?:\s?-\s?\d{{1,9}}){{1,20}}(?![\w]|\s?bit))
    | (?P<negative>(?<=[\s=(:])-\d+(?![\w]))
    | (?P<number>(?<![A-Za-z0-9_.])\d{{1,3}}(?:,\d{{3}})+(?![\d])(?:\.\d+)?%?
        |(?<![A-Za-z0-9_.])\d+(?:\.\d+)?(?:[eE]\d{{1,2}})?%?)
    | (?P<glued>(?<![A-Za-z0-9_])[A-Za-z]{{2,10}}(?=\d{{1,3}}[xX]\d))
    | (?P<wordnum>(?<![A-Za-z0-9_])[A-Za-z]{{2,20}}\d{{1,5}}[dDhH]?(?:_\d{{1,3}}|[a-z](?![a-z]))?(?![A-Za-z0-9_]))
    | (?P<lettered>(?<![A-Za-z0-9_])[A-Za-z]\d{{1,4}}(?![A-Za-z0-9_]))
    | (?P<subscript>(?<![A-Za-z0-9_])[A-Za-z]_(?:in|out|[a-z0-9])(?![A-Za-z0-9_]))
    | (?P<arrow>->|=>|→|>>|-->)
    | (?P<power>\^\s?\d|²|³)
    | (?P<cjk>[\u3040-\u30ff\u3400-\u9fff]+)
    | (?P<word>[^\W\d_]+(?:_[^\W\d]+)*)
    | (?P<break>\n+)
    | (?P<space>\ +)
    | (?P<sign>.)
    """,
    re.X | re.S,
)
_SIGN_TAGS = {
    ",": "COMMA", ";": "SEMI", ".": "DOT", ":": "COLON", "?": "QM", "¿": "QO", "!": "DOT", "=": "EQ", "(": "LPAR",
    ")": "RPAR", "[": "LPAR", "]": "RPAR", "/": "SLASH", "|": "PIPE", "+": "PLUS", "*": "STAR", "-": "DASH",
    "#": "HASH", "~": "APPROX", "≈": "APPROX", '"': "QUOTE", "'": "QUOTE", "&": "AMP", "¡": "QUOTE", "%": "PCT",
    "…": "DOTS", "<": "LT", ">": "GT",
}  # fmt: skip


def pieces(text: str) -> Iterator[Token]:
    """Raw tokens; words come as ``word`` and ``cjk``, to be looked up by `cnncalc.ask.phrases`.

    Raises Refused for text that is too long or holds numbers beyond all bounds.
    """
    for found in _MASTER.finditer(text):
        kind, piece = found.lastgroup or "", found[0]
        if kind == "space":
            continue
        if kind == "letters":
            for part in re.finditer(r"([a-z])(\d+)", piece):
                start = found.start() + part.start()
                yield Token("LN", (part[1], int(part[2])), part[0], start, start + len(part[0]))
            continue
        yield _token(kind, piece, found.start(), found.end())


def _token(kind: str, piece: str, start: int, end: int) -> Token:
    match kind:
        case "mapsat":
            channels, _, rest = piece.partition("@")
            return _sized((int(channels), *_dims(rest)), piece, start, end, "first")
        case "sizeat":
            rest, _, channels = piece.partition("@")
            return _sized((*_dims(rest), int(channels)), piece, start, end, "last")
        case "cross":
            return _sized(_dims(piece), piece, start, end)
        case "tuple":
            items = tuple(_dim(part) for part in re.split(r"\s*,\s*", piece[1:-1].strip(" ,")))
            return Token(f"T{len(items)}", items, piece, start, end)
        case "chain":
            return Token("CHAIN", tuple(_whole(part) for part in piece.split("-")), piece, start, end)
        case "number":
            return _number(piece, start, end)
        case "negative":
            return Token("ODD", piece, piece, start, end)
        case "lettered":
            return Token("LN", (piece[0], int(piece[1:])), piece, start, end)
        case "dims":
            return Token("DIMS", int(piece[0]), piece, start, end)
        case "multiple":
            return Token("TIMES", int(piece[:-1]), piece, start, end)
        case "subscript":
            return Token("LET", piece, piece, start, end)
        case "firstaxes":
            return Token("FIRSTAXIS", None, piece, start, end)
        case "lastaxes":
            return Token("LASTAXIS", None, piece, start, end)
        case "mixed":
            return Token("UNK", None, piece, start, end)
        case "vgg":
            kernel, filters = piece[4:].split("-")
            return Token("CODE", ("conv", (int(kernel), int(filters)), "same"), piece, start, end)
        case "im2col":
            return Token("Q", "im2col", piece, start, end)
        case "formula":
            return Token("FORMULA", None, piece, start, end)
        case "arrow":
            return Token("ARROW", None, piece, start, end)
        case "power":
            return Token("POWER", 2 if "2" in piece or piece == "²" else 3, piece, start, end)
        case "break":
            return Token("NL", None, "\n", start, end)
        case "sign":
            return Token(_SIGN_TAGS.get(piece, "ODD"), piece, piece, start, end)
        case "glued":
            return Token("word", piece, piece, start, end)
        case _:
            return Token(kind, piece, piece, start, end)


def _sized(dims: tuple[Any, ...], piece: str, start: int, end: int, layout: str = "") -> Token:
    spelled = "".join(str(dim) for dim in dims).upper()
    if spelled in ("CHW", "NCHW", "HWC", "NHWC", "WHC", "DHW"):
        return Token("FIRSTAXIS" if spelled.endswith("CHW") else "LASTAXIS", None, piece, start, end)
    return Token(f"S{len(dims)}", dims, piece, start, end, layout)


def _dims(piece: str) -> tuple[Any, ...]:
    piece = re.sub(r"\s(?:by|per|por|mal)\s", "x", piece)
    parts = re.split(r"\s?(?:(?<=[\d\s?])[xX]|[xX](?=[\s\d?])|\*|(?<=[a-wyzA-WYZ])[xX])\s?", piece.strip())
    return tuple(_dim(part) for part in parts)


def _dim(text: str) -> Any:
    text = text.strip()
    return _whole(text) if text.isdigit() else text


def _whole(text: str) -> int:
    value = int(text)
    if value > MAX_NUMBER:
        raise Refused(f"the number {text[:20]} is beyond what is calculated with")
    return value


def _number(piece: str, start: int, end: int) -> Token:
    if len(piece) > 20:
        raise Refused(f"the number {piece[:20]}... is beyond what is calculated with")
    bare = piece.rstrip("%").replace(",", "")
    tag = "PERCENT" if piece.endswith("%") else "NUM"
    value = int(bare) if bare.isdigit() else float(bare)
    if value > MAX_NUMBER:
        raise Refused(f"the number {piece} is beyond what is calculated with")
    return Token(tag if isinstance(value, int) or tag == "PERCENT" else "REAL", value, piece, start, end)
