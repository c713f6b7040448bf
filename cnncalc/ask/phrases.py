"""Words looked up: the longest phrase of the field at each place becomes one token with a meaning."""

import re
from collections.abc import Iterator
from functools import cache

from cnncalc.ask.lexer import MAX_TOKENS, Token, folded, pieces, plain_signs
from cnncalc.ask.refusal import Refused

Meaning = tuple[str, object]
CJK_FILLER = (
    "的是和与为用在一个层有求经过依次及其多少请问对若以将后则各设下到从把被该这那中上通进行得给"
    "定假张幅核网络操作之每需要共算分别数量深度如果并且然最终否"
)
LONGEST = 10  # words of the longest phrase; a test holds it
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ARTICLES = frozenset("aeiouy")
_ELIDED = frozenset("ldnscjmqt")
NETWORKS = re.compile(
    r"lenet5?(?:_1998)?|alexnet|zfnet|vgg(?:net)?(?:11|13|16|19)?|resnet(?:18|34|50|101|152)?|densenet(?:121|161|169|201)?|googlenet|"
    r"inception|unet|nin|yolo(?:v[1-9])?|mobilenet|squeezenet|dcgan|dqn|wavenet|tcn|fcn|xception|efficientnet"
)
_DATASETS = frozenset("cifar cifar10 cifar100 mnist imagenet fashion svhn ilsvrc coco kitti".split())


@cache
def lexicon() -> dict[str, Meaning]:
    """Every phrase that is known, with its tag and value."""
    from cnncalc.ask.lexicon import PHRASES

    return {phrase: meaning for meaning, line in PHRASES.items() for phrase in line.split("|")}


@cache
def _runs() -> dict[str, list[str]]:
    """The Chinese phrases by their first character, the longest first."""
    found: dict[str, list[str]] = {}
    for phrase in lexicon():
        if _CJK.match(phrase):
            found.setdefault(phrase[0], []).append(phrase)
    for run in found.values():
        run.sort(key=len, reverse=True)
    return found


def tokens(text: str) -> list[Token]:
    """The question's tokens with their meanings. Raises Refused for what is too long to be one."""
    raw = list(_with_calls(plain_signs(text)))
    if len(raw) > MAX_TOKENS:
        raise Refused(f"the question has more than {MAX_TOKENS:,} words and signs")
    low = [_word_of(token) for token in raw]
    found: list[Token] = []
    i = 0
    while i < len(raw):
        token = raw[i]
        if token.tag == "cjk":
            found += _chinese(token)
            i += 1
        elif token.tag == "LET" and "_" in token.text:
            found.append(_subscripted(token))
            i += 1
        elif token.tag in ("word", "code", "wordnum"):
            taken, made = _looked_up(raw, low, i)
            found += made
            i += taken
        else:
            found.append(token)
            i += 1
    return found


def _with_calls(text: str) -> Iterator[Token]:
    """Raw tokens; calls of layers are one token each."""
    at = 0
    if "(" in text and _CALLED.search(text):
        from cnncalc.ask.calls import find

        for start, end, call in find(text):
            yield from _moved(pieces(text[at:start]), at)
            at = end
            if isinstance(call, tuple):
                tag = f"T{len(call)}" if call[:1] != ("input",) else f"T{len(call) - 1}"
                if call[:1] == ("input",):
                    yield Token("INPUT", None, text[start:end], start, end)
                    call = call[1:]
                yield Token(tag, call, text[start:end], start, end, "torch" if "randn" in text[start:end] else "")
            elif call is not None:
                yield Token("CALL", call, text[start:end], start, end)
    yield from _moved(pieces(text[at:]), at)


_CALLED = re.compile(r"[A-Za-z]\w*\s?\(")


def _moved(found: Iterator[Token], by: int) -> Iterator[Token]:
    for token in found:
        token.start += by
        token.end += by
        yield token


def _word_of(token: Token) -> str:
    return folded(token.text) if token.tag in ("word", "wordnum") else ""


def _looked_up(raw: list[Token], low: list[str], i: int) -> tuple[int, list[Token]]:
    """The meaning at a word: how many raw tokens it takes, and what they become."""
    token = raw[i]
    if token.tag == "code":
        return 1, _code(token)
    named = _network_name(raw, low, i)
    if named:
        return named
    best = _longest(raw, low, i)
    if len(token.text) == 1 and (best is None or best[0] == i + 1):
        return 1, [_letter(raw, i)]
    if low[i] == "dos" and i + 1 < len(raw) and raw[i + 1].tag in ("number", "NUM"):
        return 1, [Token("OF", None, token.text, token.start, token.end)]  # Portuguese, "dos 32 filtros"
    if best:
        end, (tag, value) = best
        return end - i, [_meant(tag, value, raw[i], raw[end - 1])]
    if token.tag == "wordnum":
        return 1, _numbered(token)
    tag = "HAZ" if low[i].startswith(_COUNTS) or low[i].endswith(_COUNTED) else "UNK"
    return 1, [Token(tag, None, token.text, token.start, token.end)]


# number words beyond those that are read: never passed over
_COUNTS = tuple(
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million venti trenta quaranta "
    "cinquanta sessanta settanta ottanta novanta cento duecento mille veinti treinta cuarenta cincuenta "
    "sesenta setenta ochenta noventa cien doscient quinient vingt trente quarante cinquante soixante "
    "vinte trinta quarenta cinquenta".split()
)
_COUNTED = tuple("teen zehn zig hundert tausend mila dici cientos cientas".split())


def _meant(tag: str, value: object, first: Token, last: Token) -> Token:
    text = first.text if first is last else f"{first.text} ... {last.text}"
    return Token(tag, value, text, first.start, last.end)


def _longest(raw: list[Token], low: list[str], i: int) -> tuple[int, Meaning] | None:
    """The longest phrase that begins at i: where it ends and what it means. Dashes and apostrophes are skipped."""
    known, words, ends = lexicon(), [low[i]], [i + 1]
    at = i + 1
    while len(words) < LONGEST:
        while at < len(raw) and raw[at].tag in ("DASH", "QUOTE"):
            at += 1
        if at >= len(raw) or not low[at]:
            break
        words.append(low[at])
        at += 1
        ends.append(at)
    for count in range(len(words), 0, -1):
        meaning = known.get(" ".join(words[:count]))
        if meaning is not None:
            return ends[count - 1], meaning
    return None


def _letter(raw: list[Token], i: int) -> Token:
    token = raw[i]
    low, text = token.text.lower(), token.text
    after = raw[i + 1].tag if i + 1 < len(raw) else ""
    before = raw[i - 1].tag if i else ""
    if after == "EQ":
        return Token("LET", text, text, token.start, token.end)
    if text == "I" and after == "word" and before in ("word", "", "QO"):
        return Token("W", None, text, token.start, token.end)
    elided = (after == "QUOTE" and low in _ELIDED) or before == "QUOTE"
    starts = before in ("", "DOT", "QM", "NL", "QO", "COLON", "SEMI", "COMMA", "LPAR")
    if elided or (low in _ARTICLES and (text == low or starts)) or not text.isascii():
        meaning = {"e": "AND", "y": "AND", "o": "AND", "u": "AND", "a": "ART"}.get(low, "W")
        meaning = "BE" if text in ("è", "È", "é") else "P" if text == "à" else meaning
        return Token(meaning if not elided else "W", None, text, token.start, token.end)
    return Token("LET", text, text, token.start, token.end)


def _subscripted(token: Token) -> Token:
    """ "H_out" asks for a size, "W_in" states one, "C_in" and "C_out" are channels."""
    letter, _, which = token.text.lower().partition("_")
    if which in ("in", "out") and letter in "hwnlioc":
        sides = {"in": ("WIN", None), "out": ("Q", "output")}
        tag, value = {"in": ("INCH", None), "out": ("OUTCH", None)}[which] if letter == "c" else sides[which]
        return Token(tag, value, token.text, token.start, token.end)
    return token


def _network_name(raw: list[Token], low: list[str], i: int) -> tuple[int, list[Token]] | None:
    """ "VGG-16", "resnet50", "LeNet 5", "U-Net", "CIFAR-10" as one token."""
    end = i + 1
    joined = low[i] if raw[i].tag != "code" else ""
    after = raw[i + 1] if i + 1 < len(raw) else None
    if joined == "u" and after is not None and after.tag == "DASH" and i + 2 < len(raw) and low[i + 2] == "net":
        return 3, [Token("NAME", "unet", "U-Net", raw[i].start, raw[i + 2].end)]
    if joined in _DATASETS:
        return 1, [Token("DATA", joined.removesuffix("10").removesuffix("100"), raw[i].text, raw[i].start, raw[i].end)]
    stem = NETWORKS.fullmatch(joined)
    if not stem:
        return None
    if (
        after is not None
        and after.tag == "NUM"
        and after.start == raw[i].end + 1
        and NETWORKS.fullmatch(joined + after.text)
    ):
        joined, end = joined + after.text, i + 2
    return end - i, [Token("NAME", joined, raw[i].text, raw[i].start, raw[end - 1].end)]


def _code(token: Token) -> list[Token]:
    """ "CONV-9-32" and "VGG-16"; "stride-1" is a word and a number."""
    head, *numbers = folded(token.text).split("-")
    joined = head + "".join(numbers)
    if joined in _DATASETS or head in _DATASETS:
        return [Token("DATA", head, token.text, token.start, token.end)]
    if NETWORKS.fullmatch(joined):
        return [Token("NAME", joined, token.text, token.start, token.end)]
    found = lexicon().get(head, ("UNK", None))
    if found[0] in ("CONV", "POOL", "DENSE") and len(numbers) <= 2:
        return [Token("CODE", (found[1], tuple(map(int, numbers)), ""), token.text, token.start, token.end)]
    start = token.start
    made = [Token(found[0], found[1], token.text[: len(head)], start, start + len(head))]
    at = start + len(head) + 1
    for number in numbers:
        made.append(Token("NUM", int(number), number, at, at + len(number)))
        at += len(number) + 1
    return made


def _numbered(token: Token) -> list[Token]:
    """ "conv1", "Pool2", "conv2d_1": a layer and its label; "layer3": a layer's place."""
    found = re.fullmatch(r"([a-z]+?)([123]d)?_?(\d*)([a-z]?)", folded(token.text))
    if not found:
        return [Token("UNK", None, token.text, token.start, token.end)]
    stem, rank, label = found[1], found[2], found[3]
    for name in (stem + (rank or ""), stem):
        meaning = lexicon().get(name)
        if meaning and meaning[0] in ("CONV", "POOL", "DENSE", "ACT", "WHOLE", "UPSAMPLE"):
            made = Token(meaning[0], meaning[1], token.text, token.start, token.end)
            made.layout = f"{rank or ''}#{label}" if label or rank else ""
            return [made]
        if meaning and meaning[0] in ("LAYER", "HIDDEN") and label:
            return [Token("ORD", int(label), token.text, token.start, token.end),
                    Token("LAYER", None, token.text, token.start, token.end)]  # fmt: skip
        if stem in ("float", "fp", "int", "bfloat") and label:
            return [Token("DTYPE", {"fp": "float"}.get(stem, stem) + label, token.text, token.start, token.end)]
        if meaning and meaning[0] in ("STRIDE", "PAD", "FILTER", "DILATION") and label:
            return [Token(meaning[0], None, stem, token.start, token.end),
                    Token("NUM", int(label), label, token.start, token.end)]  # fmt: skip
    return [Token("UNK", None, token.text, token.start, token.end)]


def _chinese(token: Token) -> Iterator[Token]:
    known, runs = lexicon(), _runs()
    text, i = token.text, 0
    while i < len(text):
        found = next((one for one in runs.get(text[i], ()) if text.startswith(one, i)), None)
        at = token.start + i
        if found:
            tag, value = known[found]
            yield Token(tag, value, found, at, at + len(found))
            i += len(found)
        else:
            yield Token("W" if text[i] in CJK_FILLER else "UNK", None, text[i], at, at + 1)
            i += 1
