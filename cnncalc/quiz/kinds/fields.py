"""Exercises on receptive fields."""

from random import Random

from cnncalc.quiz.draft import Ask, Draft, Written
from cnncalc.quiz.words import convolution, pooling, say, upper

DEPTHS = {1: (2, 3, 4), 2: (2, 3, 4), 3: (3, 4), 4: (4, 5), 5: (4, 5, 6)}
SIDE = 1023  # of the input behind the working; the field does not depend on it


def receptive_field(rng: Random, level: int) -> Draft | None:
    """A chain of convolutions and pools: strides from level 2, dilation at level 5."""
    layers = [_layer(rng, level, i) for i in range(rng.choice(DEPTHS[level]))]
    if level > 1 and all(s == 1 for _, _, s, _ in layers[:-1]):
        return None
    windows = [(k, s, d) for _, k, s, d in layers]
    ask = Ask(lambda evaluate: evaluate("field", {"L": windows}), ("field",))

    def write(language: str) -> Written:
        lines = [f"{i}. {upper(_said(layer, language))}" for i, layer in enumerate(layers, 1)]
        return Written(say("ask field", language), (say("field", language),), listing="\n".join(lines))

    words = [f"conv 8 {k}x{k} stride={s} dilation={d} padding={d * (k - 1) // 2}" if kind == "conv"
             else f"max_pool {k}x{k} stride={s}" for kind, k, s, d in layers]  # fmt: skip
    spec = " -> ".join([f"3x{SIDE}x{SIDE}", *(f"{word} as layer_{i}" for i, word in enumerate(words, 1))])
    shown = tuple((f"layer_{i}", ("field",)) for i in range(1, len(layers) + 1))
    return Draft({"L": [list(window) for window in windows], "kinds": [layer[0] for layer in layers]}, spec, (ask,),
                 write, shown)  # fmt: skip


def _layer(rng: Random, level: int, place: int) -> tuple[str, int, int, int]:
    """(kind, kernel, stride, dilation)."""
    if level > 1 and place % 2 == 1 and rng.random() < 0.6:
        k = rng.choice((2, 2, 3))
        return "max_pool", k, rng.choice((2, 2, k)), 1
    k = rng.choice((3, 3, 5, 7, 2, 4, 9))
    s = rng.choice((1, 1, 2) if level > 1 else (1,))
    return "conv", k, s, rng.choice((1, 2, 2, 3)) if level == 5 else 1


def _said(layer: tuple[str, int, int, int], language: str) -> str:
    kind, k, s, d = layer
    if kind == "max_pool":
        return pooling({"k": k, "s": s, "p": 0}, language)
    return convolution({"co": 8, "k": k, "s": s, "p": d * (k - 1) // 2, "d": d}, language)
