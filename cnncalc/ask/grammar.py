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
SOFT_GAP = r"(?:(?:RGB|GREY|DASH|W) ){0,2}"
MACROS = {
    "~": rf"(?:(?:{SOFT}) ){{0,4}}",
    ":=": rf"(?:(?:{LINK}) ){{0,4}}",
    "V": "NUM|LET",
    "K": "S2|T2",
    "SH": "S2|S3|S4|T2|T3|T4|T1",
    "KIND": "CONV|POOL|DENSE|WHOLE|ACT|SOFTMAX|UPSAMPLE",
    "FIL": "FILTER|FILTERS",
}


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


@record
class Rule:
    """A rule by its number: the tags each of its words needs, and what it yields."""

    number: int
    pattern: str
    needs: tuple[frozenset[str], ...]
    yields: str


@cache
def _rules() -> dict[str, list[Rule]]:
    """Rules by the tags they can begin with."""
    found: dict[str, list[Rule]] = {}
    for number, (pattern, features) in enumerate(RULES):
        words = pattern.split()
        rule = Rule(number, pattern, tuple(_tags(word) for word in words if _is_needed(word)), features)
        for tag in _firsts(words):
            found.setdefault(tag, []).append(rule)
    return found


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """A rule as a regular expression over the line of tags; compiled when it is first worth trying."""
    return re.compile("".join(_piece(word) for word in pattern.split()))


def _is_needed(word: str) -> bool:
    return word not in ("~", ":=") and not word.startswith("!") and word[-1] not in "?*"


def _tags(word: str) -> frozenset[str]:
    tags = word.rpartition(":")[2].rstrip("?*+")
    return frozenset(
        one for tag in tags.split("|") for one in MACROS.get(_HEADS.get(tag, tag), _HEADS.get(tag, tag)).split("|")
    )


_LISTED = r"NUM (?:(?:COMMA |AND |COMMA AND )NUM )+"
_HEADS = {"NUMS": "NUM", "ARROWS": "NUM", "DOTTED": "NUM", "SIZES": "K"}  # what a list begins with
_LISTS = {
    "SIZES": r"(?:S2|T2) (?:(?:COMMA |AND |COMMA AND )(?:S2|T2) )+",
    "NUMS": _LISTED,
    "ARROWS": r"NUM (?:ARROW NUM )+",
    "DOTTED": r"NUM (?:COMMA NUM )+COMMA (?:DOT |DOTS )+COMMA NUM ",
}


def _piece(word: str) -> str:
    if word in ("~", ":="):
        return MACROS[word]
    if word.startswith("!"):
        return f"(?!(?:{SOFT_GAP})(?:{word[1:]}) )"
    name, colon, tags = word.partition(":")
    if not colon:
        name, tags = "", word
    tags, repeat = (tags[:-1], tags[-1]) if tags[-1] in "?*+" else (tags, "")
    body = _LISTS.get(tags) or f"(?:{'|'.join(MACROS.get(tag, tag) for tag in tags.split('|'))}) "
    return f"(?P<{name}>(?:{body}){repeat})" if name else f"(?:{body}){repeat}"


def _firsts(words: Sequence[str]) -> list[str]:
    firsts: list[str] = []
    for word in words:
        if word.startswith("!"):
            continue
        tags = word.rpartition(":")[2] if word != ":=" else ""
        optional = tags[-1:] in ("?", "*")
        for tag in tags.rstrip("?*+").split("|"):
            tag = _HEADS.get(tag, tag)
            firsts += MACROS.get(tag, tag).split("|")
        if not optional:
            break
    return firsts


def features(tokens: list[Token]) -> tuple[list[Feature], list[Token]]:
    """What the tokens state and ask, in order; and the tokens that were not read."""
    line, starts = _line(tokens)
    at_of = {start: i for i, start in enumerate(starts)}
    rules, present = _rules(), frozenset(token.tag for token in tokens)
    found: list[Feature] = []
    unread: list[Token] = []
    i = 0
    while i < len(tokens):
        best = _longest(rules.get(tokens[i].tag, ()), present, line, starts[i])
        if best is None:
            bare = tokens[i].tag in ("STRIDE", "PAD", "DILATION", "GROUPS") and not tokens[i].text.lower().endswith(
                _ADJECTIVES
            )
            if tokens[i].tag not in PASSED or bare:
                unread.append(tokens[i])
            i += 1
            continue
        match, template, number = best
        end = at_of[match.end()]
        found += _yielded(match, template, tokens, at_of, i, end)
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


def _line(tokens: list[Token]) -> tuple[str, list[int]]:
    """The tags as one line, and where each stands in it (and the end)."""
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token.tag) + 1
    starts.append(at)
    return "".join(f"{token.tag} " for token in tokens), starts


def _longest(
    rules: Sequence[Rule], present: frozenset[str], line: str, start: int
) -> tuple[re.Match[str], str, int] | None:
    best: tuple[re.Match[str], str, int] | None = None
    for rule in rules:
        if any(present.isdisjoint(tags) for tags in rule.needs):
            continue
        match = _expression(rule.pattern).match(line, start)
        if match and match.end() > start and (best is None or match.end() > best[0].end()):
            best = match, rule.yields, rule.number
    return best


_SOFT_FEATURES = {
    "RGB": ("colour", 3), "GREY": ("colour", 1), "SAME": ("padmode", "same"), "VALID": ("padmode", "valid"),
    "NOPAD": ("pad0", None), "KERAS": ("dialect", "keras"), "TORCH": ("dialect", "torch"),
}  # fmt: skip


def _yielded(
    match: re.Match[str], template: str, tokens: list[Token], at_of: dict[int, int], start: int, end: int
) -> Iterator[Feature]:
    """The features a match stands for; an optional part that is absent yields none."""
    groups: dict[str, list[Token]] = {}
    for name in match.groupdict():
        first, last = match.span(name)
        groups[name] = tokens[at_of[first] : at_of[last]] if last > first >= 0 else []
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
                yield Feature(name, (value,), i, i + 1, (token,))
