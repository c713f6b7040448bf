"""Exercises asked backwards: the output is known, a setting is not."""

from bisect import bisect_left
from random import Random
from typing import Any

from cnncalc.exact.recorder import grouped
from cnncalc.language import localised
from cnncalc.quiz.diagnosis import Work
from cnncalc.quiz.draft import Ask, Draft, Written
from cnncalc.quiz.kinds.windows import FILTERS, LARGE, SMALL, Drawn, short
from cnncalc.quiz.quantities import Evaluate, Number, house
from cnncalc.quiz.words import padding, say, square, upper
from cnncalc.solve.windows import WindowBounds, windows

UNKNOWNS = {1: ("p", "k"), 2: ("p", "k", "n"), 3: ("s", "n", "co"), 4: ("s", "n", "co"), 5: ("s", "n", "co", "p")}


def searched(quantity: str, v: Drawn, unknown: str, wanted: int, values: range, falling: bool) -> Work:
    """The first value of the unknown with which a rule gives what is wanted; a LookupError if none does.

    The rule must rise with the values, or fall. Under a slip this finds what somebody would answer
    who turns the wrong rule round.
    """
    sign = -1 if falling else 1

    def work(evaluate: Evaluate) -> Number:
        def signed(value: int) -> Any:
            return sign * evaluate(quantity, {**v, unknown: value})

        at = bisect_left(values, sign * wanted, key=signed)
        if at < len(values) and evaluate(quantity, {**v, unknown: values[at]}) == wanted:
            return values[at]
        raise LookupError(unknown)

    return work


def inverse(rng: Random, level: int) -> Draft | None:
    """Which padding, kernel, stride, input or number of filters?"""
    unknown = rng.choice(UNKNOWNS[level])
    if unknown == "co":
        return _filters(rng, level)
    k = rng.choice((3, 5, 7, 9, 11) if level < 3 else (2, 3, 4, 5, 6, 7, 11))
    v: Drawn = {"n": rng.choice(SMALL if level < 3 else (*SMALL, *LARGE)), "co": rng.choice(FILTERS), "k": k,
                "s": 1 if unknown == "k" or level < 2 else rng.choice((1, 2, 2, 3, 4)),
                "p": rng.choice((0, 1, (k - 1) // 2)), "ci": 3}  # fmt: skip
    if k > v["n"] or v["s"] > k or 2 * v["p"] > k:
        return None
    wanted = int(house("conv_size", v))
    if wanted < 2:
        return None
    return _window(v, unknown, wanted)


KEYS = {"p": ("ask padding", "padding?"), "k": ("ask kernel", "kernel?"), "s": ("ask stride", "stride?"),
        "n": ("ask input", "input?")}  # fmt: skip


def _window(v: Drawn, unknown: str, wanted: int) -> Draft | None:
    ranges = {"p": range(2 * v["k"] + 2), "k": range(1, v["n"] + 2 * v["p"] + 1), "s": range(1, 2 * v["n"]),
              "n": range(4 * v["n"] + 40, 0, -1)}  # fmt: skip
    work = searched("conv_size", v, unknown, wanted, ranges[unknown], falling=unknown != "p")
    answer = work(house)
    if not answer or (unknown == "s" and len(_strides(v, wanted)) != 1):
        return None
    v = {**v, unknown: answer}
    key, label = KEYS[unknown]

    def write(language: str) -> Written:
        layer = say("conv", language, co=v["co"], k=square(v["k"]))
        texts: dict[str, Any] = {"Layer": upper(layer), "layer": layer, "o": wanted, "s": v["s"], "n": v["n"]}
        prompt = say(key, language, padding=padding(v["p"], language), co=v["co"], **texts)
        return Written(prompt, (say(label, language),), closing=(f"{say(label, language)} = {answer}",))

    spec = f"{v['ci']}x{v['n']}x{v['n']} -> {short(v)} as layer"
    return Draft({**v, "unknown": unknown, "o": wanted}, spec, (Ask(work, ("conv_size",)),), write,
                 (("layer", ("size",)),))  # fmt: skip


def _strides(v: Drawn, wanted: int) -> list[int]:
    """Every stride that gives the wanted size: the house's inverse solver."""
    fixed = {"kernel": v["k"], "padding": v["p"], "dilation": 1}
    return [choice.stride for choice in windows(v["n"], wanted, WindowBounds(), fixed)]


def _filters(rng: Random, level: int) -> Draft | None:
    v: Drawn = {"ci": rng.choice((1, 3, 6, 8, 16, 32)), "k": rng.choice((1, 3, 5, 7)), "b": 1,
                "co": rng.choice((6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 27, 30, 32, 36, 40, 48, 54, 60, 64, 72, 90, 96,
                                  100, 108, 120, 128, 144, 192, 256))}  # fmt: skip
    total = house("conv_params", v)
    work = _rounded(v, int(total))

    def write(language: str) -> Written:
        texts = {"k": square(v["k"]), "ci": v["ci"], "params": localised(grouped(int(total)), language)}
        label = say("filters?", language)
        return Written(say("ask filters", language, **texts), (label,), closing=(f"{label} = {v['co']}",))

    spec = f"{v['ci']}x32x32 -> {short(v)} as layer"
    return Draft({**v, "unknown": "co"}, spec, (Ask(work, ("conv_params",)),), write, (("layer", ("params",)),))


def _rounded(v: Drawn, total: int) -> Work:
    """The parameters divided by those of one filter, rounded as somebody would whose rule is wrong."""

    def work(evaluate: Evaluate) -> Number:
        one, two = (evaluate("conv_params", {**v, "co": co}) for co in (1, 2))
        return round((total - (2 * one - two)) / (two - one))

    return work
