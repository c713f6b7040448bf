"""Exercises on one window along an axis: output size, dilation, transposed convolution, find the error."""

from random import Random
from typing import Any

from cnncalc.exact.sizes import extent, times
from cnncalc.quiz.diagnosis import Found, decimal
from cnncalc.quiz.draft import Ask, Draft, Written
from cnncalc.quiz.figure import window_strip
from cnncalc.quiz.quantities import Evaluate, Number
from cnncalc.quiz.question import Choice, Table
from cnncalc.quiz.slips import Slip
from cnncalc.quiz.words import convolution, pooling, say, upper

CHANNELS = (1, 3, 3, 6, 8, 16, 32, 64)
FILTERS = (2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128)
SMALL = tuple(range(5, 33))
LARGE = (28, 32, 40, 48, 56, 63, 64, 96, 100, 112, 127, 128, 150, 160, 192, 200, 224, 227, 256, 299, 320, 384, 512)
SIZES = {1: SMALL, 2: SMALL, 3: (*SMALL[10:], *LARGE), 4: LARGE, 5: LARGE}
KERNELS = {1: (2, 3, 3, 5), 2: (2, 3, 3, 5, 7), 3: (3, 3, 5, 7, 9, 11), 4: (3, 4, 5, 7, 11), 5: (3, 4, 5, 6, 7, 8, 11)}
STRIDES = {1: (1,), 2: (1, 2, 2), 3: (2, 2, 3, 4), 4: (2, 3, 4), 5: (2, 3, 4, 5)}
PADDINGS = {1: (0,), 2: (0, 1, 2), 3: (0, 1, 2, 3), 4: (0, 1, 2, 3), 5: (1, 2, 3, 4, 5)}

Drawn = dict[str, Any]


def size_of(v: Drawn, quantity: str = "conv_size", n: str = "n") -> Ask:
    """Ask for the side a window leaves of side ``n``."""

    def work(evaluate: Evaluate) -> Number:
        return evaluate(quantity, {**v, "n": v[n]})

    return Ask(work, (quantity,))


def _fits(v: Drawn, *sides: int) -> bool:
    reach = extent(v["k"], v.get("d", 1))
    return bool(reach <= min(sides) and v["p"] <= reach // 2 and v["s"] <= reach)


def short(v: Drawn, kind: str = "conv") -> str:
    """A layer in the short form of a spec: "conv 6 5x5 stride=2 as layer"."""
    words = [kind] + ([str(v["co"])] if "conv" in kind else [])
    words.append(f"{v['k']}x{v['k']}")
    names = {"s": "stride", "p": "padding", "op": "output_padding", "d": "dilation", "g": "groups"}
    quiet = {"s": None if kind == "max_pool" else 1, "p": 0, "op": 0, "d": 1, "g": 1}
    words += [f"{name}={v[letter]}" for letter, name in names.items() if letter in v and v[letter] != quiet[letter]]
    return " ".join([*words, *(["nobias"] if v.get("b") == 0 else [])])


def output_size(rng: Random, level: int) -> Draft | None:
    """One convolution or pooling; both sides asked for from level 4 on."""
    if level > 1 and rng.random() < 0.25:
        return _pooled(rng, level)
    v = _drawn(rng, level)
    return _one_window(v, rng.choice(SIZES[level]) if level > 3 else None)


def _drawn(rng: Random, level: int) -> Drawn:
    return {
        "ci": rng.choice(CHANNELS), "n": rng.choice(SIZES[level]), "co": rng.choice(FILTERS),
        "k": rng.choice(KERNELS[level]), "s": rng.choice(STRIDES[level]), "p": rng.choice(PADDINGS[level]),
    }  # fmt: skip


def _one_window(v: Drawn, width: int | None = None) -> Draft | None:
    v = v if width is None or width == v["n"] else {**v, "w": width}
    if not _fits(v, *sides_of(v)[1:]):
        return None
    asks = (size_of(v), size_of(v, n="w")) if "w" in v else (size_of(v),)
    shape = times(sides_of(v))

    def write(language: str) -> Written:
        layer = convolution(v, language)
        key = "ask sides" if "w" in v else "ask size"
        labels = tuple(say(label, language) for label in (("height", "width") if "w" in v else ("side",)))
        table = Table(labels, ((0, 1),)) if "w" in v else None
        return Written(say(key, language, Layer=upper(layer), layer=layer, shape=shape), labels, table)

    figure = (lambda: window_strip(v)) if v["n"] <= 16 else None
    return Draft(v, f"{times(sides_of(v))} -> {short(v)} as layer".replace("×", "x"), asks, write,
                 (("layer", ("size",)),), figure)  # fmt: skip


def sides_of(v: Drawn) -> tuple[int, int, int]:
    """The input's shape, channels first."""
    return v["ci"], v["n"], v["w"] if "w" in v else v["n"]


def _pooled(rng: Random, level: int) -> Draft | None:
    k = rng.choice((2, 2, 3, 3, 4, 5))
    v = {"ci": rng.choice(FILTERS), "n": rng.choice(SIZES[level]), "k": k,
         "s": rng.choice((k, 2, 2, 3)), "p": rng.choice((0, 0, 1)), "pool": 1}  # fmt: skip
    if not _fits(v, v["n"]):
        return None

    def write(language: str) -> Written:
        layer = pooling(v, language)
        prompt = say("ask size", language, Layer=upper(layer), layer=layer, shape=times(sides_of(v)))
        return Written(prompt, (say("side", language),))

    spec = f"{times(sides_of(v))} -> {short(v, 'max_pool')} as layer".replace("×", "x")
    return Draft(v, spec, (size_of(v, "pool_size"),), write, (("layer", ("size",)),))


def dilation(rng: Random, level: int) -> Draft | None:
    """One dilated convolution."""
    v = _drawn(rng, level) | {"d": rng.choice((2, 2, 3, 4)[: 1 + level])}
    return _one_window(v, rng.choice(SIZES[level]) if level == 5 else None)


def transposed(rng: Random, level: int) -> Draft | None:
    """One transposed convolution; output padding from level 3, dilation at level 5."""
    s = rng.choice((1, 2, 2, 3, 4)[: 2 + level])
    v = {"ci": rng.choice(FILTERS), "n": rng.choice(SMALL if level < 4 else (*SMALL, *LARGE[:12])),
         "co": rng.choice(FILTERS), "k": rng.choice((2, 3, 4, 5, 7)[: 2 + level]), "s": s,
         "p": 0 if level == 1 else rng.choice((0, 1, 1, 2))}  # fmt: skip
    if level > 2 and s > 1:
        v["op"] = rng.choice((0, *range(1, s)))
    if level == 5:
        v["d"] = rng.choice((1, 2))
    if v["p"] > extent(v["k"], v.get("d", 1)) - 1:
        return None
    ask = Ask(lambda evaluate: evaluate("transposed_size", v), ("transposed_size",))

    def write(language: str) -> Written:
        layer = convolution(v, language, "conv_transpose")
        prompt = say("ask size", language, Layer=upper(layer), layer=layer, shape=times(sides_of(v)))
        return Written(prompt, (say("side", language),))

    spec = f"{times(sides_of(v))} -> {short(v, 'conv_transpose')} as layer".replace("×", "x")
    return Draft(v, spec, (ask,), write, (("layer", ("size",)),))


OPTIONS = 4


def find_the_error(rng: Random, level: int) -> Draft | None:
    """A wrong output size: which slip made it? Only values that one slip alone explains."""
    v = _drawn(rng, max(2, level)) | ({"d": rng.choice((1, 2, 3))} if level > 2 else {})
    draft = _one_window(v)
    if draft is None:
        return None
    certain = [found for found in draft.asks[0].wrongs if len(found.ways) == 1]
    if len(certain) < OPTIONS:
        return None
    offered = rng.sample(certain, OPTIONS)
    made = rng.choice(offered)
    given = v | {"said": decimal(made.value), "offered": [found.ways[0][0].id for found in offered]}

    def write(language: str) -> Written:
        plain = draft.write(language)
        prompt = say("ask error", language, question=plain.prompt, wrong=decimal(made.value))
        closing = (say("right answer", language, value=draft.asks[0].answer),)
        return Written(prompt, choices=tuple(_option(found, made, language) for found in offered), closing=closing)

    return Draft(given, draft.spec, (), write, draft.shown, draft.figure, worth=len(certain))


def _option(found: Found, made: Found, language: str) -> Choice:
    slip: Slip = found.ways[0][0]
    text = slip.likeness(language)
    if found is made:
        return Choice(text, True, f"{say('right', language)} {slip.sentence(language)}", slip.id)
    return Choice(text, False, say("that gives", language, value=decimal(found.value)), slip.id)
