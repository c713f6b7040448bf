"""What tokens say together: rules over their tags, each giving features of what is stated or asked.

A rule is a pattern of tags and the features it yields. At each place the longest match counts, of equals
the first. ``~`` passes over adjectives (their own meanings are kept), ``:=`` over "of size", "=", ":".
Every token is either read by a rule, known to carry no meaning, or reported as not read.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from cnncalc.ask.lexer import Token
from cnncalc.ask.rules import RULES
from cnncalc.exact.records import fresh, record

SOFT = "W|UNK|RGB|GREY|SAME|VALID|NOPAD|DIMS|KERAS|TORCH|PIXELS|DASH"
LINK = "P|FROM|ART|DIMS|EQ|COLON|OF|WITH|W|SIZE|LPAR|DASH|GIVES|BE"
MACROS = {
    "V": "NUM|LET",
    "K": "S2|T2",
    "SH": "S2|S3|S4|T2|T3|T4|T1",
    "KIND": "CONV|POOL|DENSE|WHOLE|ACT|SOFTMAX|UPSAMPLE",
    "FIL": "FILTER|FILTERS",
}
_LETTERS: dict[str, str] = {}


def _letter(tag: str) -> str:
    """One character for each tag, so that a question is a short line and a set of tags a class of characters."""
    return _LETTERS.setdefault(tag, chr(0x4E00 + len(_LETTERS)))


@cache
def _class(tags: str) -> str:
    """A class of characters for tags set apart by "|"."""
    return f"[{''.join(map(_letter, _tags(tags)))}]"


@record
class Feature:
    """Something that is stated or asked: a name, its values, and the tokens it was read from."""

    name: str
    values: tuple[Any, ...]
    start: int
    end: int
    tokens: tuple[Token, ...] = fresh(default_factory=tuple)


PASSED = frozenset(
    "OUTW SOME BOUND EXPECTED P ART BE NONSQUARE COME PATCH APPROX W COLON LPAR RPAR QUOTE QO DASH EQ OF "
    "WITH FOR GIVES SIZE PIXELS LAYER NET INPUT MAPS CHANNELS ON FROM TO WHAT THIS HOWMANY DILATION "
    "UPSAMPLE FEATURES OUTPUTS INPUTS BIT STRIDE PAD UNITS HASH DOTS LAST OLDER INCH OUTCH IOCH DEPTH "
    "HEIGHT WIDTH LENGTH CLASSES BIAS GROUPS SLASH".split()
)  # words of the field that may stand without a value; what they could have said is then simply not said


@cache
def _rules() -> dict[str, list[int]]:
    """Rules by the tags they can begin with, as places in RULES."""
    found: dict[str, list[int]] = {}
    for number, (pattern, _) in enumerate(RULES):
        for tag in _firsts(pattern):
            found.setdefault(tag, []).append(number)
    return found


@cache
def _needs(pattern: str) -> tuple[frozenset[str], ...]:
    """For each word of a rule that must be there, the tags of which one must occur."""
    return tuple(_tags(word) for word in pattern.split() if _is_needed(word))


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A rule as a regular expression over the line of tags; compiled when it is first worth trying."""
    return re.compile("".join(_piece(word) for word in pattern.split()))


def _is_needed(word: str) -> bool:
    return word not in ("~", ":=") and not word.startswith("!") and word[-1] not in "?*"


@cache
def _tags(word: str) -> frozenset[str]:
    tags = word.rpartition(":")[2].rstrip("?*+")
    heads = (_HEADS.get(tag, tag) for tag in tags.split("|"))
    return frozenset(one for head in heads for one in MACROS.get(head, head).split("|"))


_HEADS = {"NUMS": "NUM", "ARROWS": "NUM", "DOTTED": "NUM", "SIZES": "K"}  # what a list begins with


@cache
def _list(name: str) -> str:
    """The pattern of a list: numbers or sizes with commas and "and", with arrows, or going on with dots."""
    one = _class(_HEADS[name])
    comma, also, arrow, dots = (_class(tag) for tag in ("COMMA", "AND", "ARROW", "DOT|DOTS"))
    if name == "ARROWS":
        return f"{one}(?:{arrow}{one})+"
    if name == "DOTTED":
        return f"{one}(?:{comma}{one})+{comma}{dots}+{comma}{one}"
    return f"{one}(?:(?:{comma}{also}?|{also}){one})+"


def _piece(word: str) -> str:
    if word in ("~", ":="):
        return _class(SOFT if word == "~" else LINK) + "{0,4}"
    if word.startswith("!"):
        return f"(?!{_class('RGB|GREY|DASH|W')}{{0,2}}{_class(word[1:])})"
    name, colon, tags = word.partition(":")
    if not colon:
        name, tags = "", word
    tags, repeat = (tags[:-1], tags[-1]) if tags[-1] in "?*+" else (tags, "")
    body = (f"(?:{_list(tags)})" if tags in _HEADS else _class(tags)) + repeat
    return f"(?P<{name}>{body})" if name else body


def _firsts(pattern: str) -> Iterator[str]:
    for word in pattern.split():
        yield from _tags(word)
        if word[-1] not in "?*":
            return


def features(tokens: list[Token]) -> tuple[list[Feature], list[Token]]:
    """What the tokens state and ask, in order; and the tokens that were not read."""
    line = "".join(_letter(token.tag) for token in tokens)
    rules, present = _rules(), frozenset(token.tag for token in tokens)
    found: list[Feature] = []
    unread: list[Token] = []
    i = 0
    while i < len(tokens):
        best = _longest(rules.get(tokens[i].tag, ()), present, line, i)
        if best is None:
            bare = tokens[i].tag in ("STRIDE", "PAD", "DILATION", "GROUPS") and not tokens[i].text.lower().endswith(
                _ADJECTIVES
            )
            if tokens[i].tag not in PASSED or bare:
                unread.append(tokens[i])
            i += 1
            continue
        match, template, number = best
        end = match.end()
        found += _yielded(match, template, tokens, i, end)
        USED[number] = USED.get(number, 0) + 1
        unread += [token for token in tokens[i:end] if token.tag == "UNK"]
        i = end
    return found, unread


_ADJECTIVES = (
    "ed",
    "ous",
    "ata",
    "ada",
    "ato",
    "ado",
    "ate",
    "ati",
    "adas",
    "ee",
)  # "strided", "dilatata": no number is due
USED: dict[int, int] = {}  # how often each rule was used, for the test that counts them


def _longest(
    numbers: Sequence[int], present: frozenset[str], line: str, start: int
) -> tuple[re.Match[str], str, int] | None:
    best: tuple[re.Match[str], str, int] | None = None
    for number in numbers:
        pattern, yields = RULES[number]
        if any(present.isdisjoint(tags) for tags in _needs(pattern)):
            continue
        match = _expression(pattern).match(line, start)
        if match and match.end() > start and (best is None or match.end() > best[0].end()):
            best = match, yields, number
    return best


_SOFT_FEATURES = {
    "RGB": ("colour", 3), "GREY": ("colour", 1), "SAME": ("padmode", "same"), "VALID": ("padmode", "valid"),
    "NOPAD": ("pad0", None), "KERAS": ("dialect", "keras"), "TORCH": ("dialect", "torch"),
}  # fmt: skip


def _yielded(match: re.Match[str], template: str, tokens: list[Token], start: int, end: int) -> Iterator[Feature]:
    """The features a match stands for; an optional part that is absent yields none."""
    groups: dict[str, list[Token]] = {}
    for name in match.groupdict():
        first, last = match.span(name)
        groups[name] = tokens[first:last] if last > first >= 0 else []
    inside = tuple(tokens[start:end])
    spoken: set[int] = set()
    for part in template.split():
        name, equals, words = part.partition("=")
        if not equals:
            yield Feature(name, (), start, end, inside)
            continue
        values: list[Any] = []
        for word in words.split(","):
            if word not in groups:
                values.append(int(word) if word.isdigit() else word)
            else:
                spoken |= {id(token) for token in groups[word]}
                numbers = [token for token in groups[word] if token.tag not in ("COMMA", "AND", "ARROW", "DOT", "DOTS")]
                values += [numbers] if word == "list" else numbers
        if values:
            yield Feature(name, tuple(values), start, end, inside)
    if not template.startswith(("padmode", "pad0", "colour", "dialect")):
        for i in range(start, end):
            token = tokens[i]
            if token.tag in _SOFT_FEATURES and id(token) not in spoken:
                name, value = _SOFT_FEATURES[token.tag]
                yield Feature(name, () if value is None else (value,), i, i + 1, (token,))
