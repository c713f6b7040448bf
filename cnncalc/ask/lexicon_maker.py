"""Writes `lexicon.py` from the vocabulary: every phrase with its meaning, so that no question pays for working it out.

Run ``python -m cnncalc.ask.lexicon_maker`` after a change of `vocabulary.py`; a test holds the two together.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from cnncalc.ask import vocabulary

Meaning = tuple[str, object]
PAGE = Path(__file__).with_name("lexicon.py")
_ENDING = re.compile(r"\(([^)]*)\)")
_TAGS = dict.fromkeys(("conv", "conv_transpose", "depthwise", "pointwise", "separable", "locally_connected"), "CONV")
_TAGS |= dict.fromkeys(("max_pool", "avg_pool", "pool"), "POOL")
_TAGS |= dict.fromkeys(("global_avg_pool", "global_max_pool", "flatten"), "WHOLE")
_TAGS |= {"linear": "DENSE", "upsample": "UPSAMPLE", "softmax": "SOFTMAX"}
ARTICLES = "an un una une uno ein eine einen einem einer um uma"
PREPOSITIONS = "al alla allo agli alle ai en in at by em im au aux ad nel nella sul"


def expanded(phrase: str) -> Iterator[str]:
    """ "strat(o/i) dens(o/i)" as every phrase it stands for; "layer(s)" is with and without.

    >>> list(expanded("strat(o/i)")), list(expanded("layer(s)"))
    (['strato', 'strati'], ['layer', 'layers'])
    """
    parts = _ENDING.split(phrase)
    choices = [
        [part] if i % 2 == 0 else (part.split("/") if "/" in part else ["", part]) for i, part in enumerate(parts)
    ]
    for words in product(*choices):
        yield " ".join("".join(words).split())


def meanings() -> dict[str, Meaning]:
    """Every phrase with its tag and value; of two meanings the first stands."""
    found: dict[str, Meaning] = {}
    for kind, line in vocabulary.LAYERS.items():
        for one in _phrases(line):
            found.setdefault(one, (_TAGS.get(kind, "ACT"), kind))
            found.setdefault(one.replace(" ", "_"), (_TAGS.get(kind, "ACT"), kind))
    for name, line in vocabulary.QUANTITIES.items():
        tag = "INV" if name.endswith("_q") else "QB" if name == "biases" else "Q"
        for one in _phrases(line):
            found.setdefault(one, (tag, name))
    for tag, line in vocabulary.MEANINGS.items():
        for one in _phrases(line):
            found.setdefault(one, (tag, None))
    for word, value in vocabulary.NUMBER_WORDS.items():
        found.setdefault(word, ("NUM", value))
    for word, value in vocabulary.ORDINALS.items():
        found.setdefault(word, ("ORD", value))
    for tag, words in (("HAZ", vocabulary.HAZARDS), ("ART", ARTICLES), ("P", PREPOSITIONS), ("W", vocabulary.FILLER)):
        for word in words.split():
            found.setdefault(word, (tag, None))
    return found


def _phrases(line: str) -> Iterator[str]:
    for phrase in line.split("|"):
        yield from expanded(phrase)


def page() -> str:
    """The text of `lexicon.py`."""
    groups: dict[Meaning, list[str]] = {}
    for phrase, meaning in meanings().items():
        groups.setdefault(meaning, []).append(phrase)
    rows = "".join(f"    {meaning!r}: {'|'.join(phrases)!r},\n" for meaning, phrases in groups.items())
    longest = max(phrase.count(" ") + 1 for phrase in meanings())
    head = '"""Every phrase by its meaning. Made by `cnncalc.ask.lexicon_maker`; do not edit."""'
    return f"{head}\n\nLONGEST = {longest}\nPHRASES = {{\n{rows}}}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
