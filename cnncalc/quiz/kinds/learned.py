"""Exercises on what a layer learns, costs and holds: parameters, MACs, memory, two designs compared."""

from random import Random
from typing import Any

from cnncalc.exact.sizes import times, window_count
from cnncalc.quiz.draft import Ask, Draft, Written
from cnncalc.quiz.kinds.windows import Drawn, short, sides_of
from cnncalc.quiz.quantities import Evaluate, Number, house
from cnncalc.quiz.words import convolution, listed, say, upper

FEW = (1, 3, 3, 4, 6, 8)
WIDTHS = (3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 256)
SIDES = (5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 56, 64)


def _layer(rng: Random, level: int, strided: bool = False) -> Drawn | None:
    """A convolution of a level, with its output's sides ho and wo and its input's hi and wi."""
    k = rng.choice((2, 3, 3, 5) if level < 3 else (1, 3, 3, 5, 7, 11))
    v: Drawn = {"ci": rng.choice(FEW if level < 2 else WIDTHS), "n": rng.choice(SIDES), "co": rng.choice(WIDTHS),
                "k": k, "s": rng.choice((1, 2)) if strided else 1, "p": rng.choice((0, (k - 1) // 2))}  # fmt: skip
    if level > 3 and rng.random() < 0.7:
        shared = [g for g in (2, 3, 4, 8, 16, 32, v["ci"]) if v["ci"] % g == 0 and v["co"] % g == 0 and g > 1]
        if not shared:
            return None
        v["g"] = rng.choice(shared)
    if k > v["n"]:
        return None
    v["ho"] = v["wo"] = window_count(v["n"], k, v["s"], 2 * v["p"])
    v["hi"] = v["wi"] = v["n"]
    return v


def _out(v: Drawn) -> str:
    return times((v["co"], v["ho"], v["wo"]))


def _spec(v: Drawn, *more: str) -> str:
    return " -> ".join([times(sides_of(v)).replace("×", "x"), f"{short(v)} as layer", *more])


def parameters(rng: Random, level: int) -> Draft | None:
    """A convolution; a linear layer from level 2; groups from 4; batch norm behind it at 5."""
    if level > 1 and rng.random() < 0.3:
        return _dense(rng, level)
    v = _layer(rng, level)
    if v is None:
        return None
    if level == 5 and rng.random() < 0.5:
        return _normed(v | {"b": 0})
    v |= {"b": 0 if level > 2 and rng.random() < 0.2 else 1}
    ask = Ask(lambda evaluate: evaluate("conv_params", v), ("conv_params",))

    def write(language: str) -> Written:
        layer = convolution(v, language)
        texts = {"Layer": upper(layer), "layer": layer, "shape": times(sides_of(v)), "out": _out(v)}
        return Written(say("ask params", language, **texts), (say("params", language),))

    return Draft(v, _spec(v), (ask,), write, (("layer", ("params",)),))


def _dense(rng: Random, level: int) -> Draft | None:
    v = {"fin": rng.choice((10, 32, 64, 84, 100, 120, 128, 200, 256, 400, 512, 784, 1000, 1024, 2048, 4096, 9216)),
         "fout": rng.choice((2, 10, 12, 20, 32, 50, 64, 84, 100, 120, 128, 256, 512, 1000, 4096)), "b": 1}  # fmt: skip
    if v["fin"] == v["fout"] or v["fin"] > 400 * level:
        return None
    ask = Ask(lambda evaluate: evaluate("dense_params", v), ("dense_params",))

    def write(language: str) -> Written:
        layer, bias = say("linear", language, fout=v["fout"]), say("bias", language)
        prompt = say("ask dense", language, Layer=upper(layer), layer=layer, bias=bias, fin=v["fin"])
        return Written(prompt, (say("params", language),))

    return Draft(v, f"{v['fin']} -> linear {v['fout']} as layer", (ask,), write, (("layer", ("params",)),))


def _normed(v: Drawn) -> Draft:
    def work(evaluate: Evaluate) -> Number:
        return evaluate("conv_params", v) + evaluate("norm_trainable", v)

    def write(language: str) -> Written:
        layer = convolution(v, language)
        texts = {"Layer": upper(layer), "layer": layer, "shape": times(sides_of(v)), "out": _out(v)}
        parts = int(house("conv_params", v)), int(house("norm_trainable", v))
        closing = (f"{parts[0]:,} + {parts[1]:,} = {sum(parts):,}",)
        return Written(say("ask normed", language, **texts), (say("params", language),), closing=closing)

    given = {**v, "norm": 1}
    shown = (("layer", ("params",)), ("norm", ("params",)))
    return Draft(given, _spec(v, "batch_norm as norm"), (Ask(work, ("conv_params", "norm_trainable")),), write, shown)


def macs(rng: Random, level: int) -> Draft | None:
    """Multiply-accumulates of a convolution; at level 5 floating-point operations."""
    v = _layer(rng, level, strided=level > 1)
    if v is None:
        return None
    unit = "FLOPs" if level == 5 and rng.random() < 0.5 else "MACs"
    quantity = unit.lower()
    ask = Ask(lambda evaluate: evaluate(quantity, v), (quantity,))

    def write(language: str) -> Written:
        layer = convolution(v, language)
        texts = {"Layer": upper(layer), "layer": layer, "shape": times(sides_of(v)), "out": _out(v)}
        closing = (f"2·MACs = {2 * int(house('macs', v)):,}",) if unit == "FLOPs" else ()
        return Written(say(f"ask {quantity}", language, **texts), (say(unit, language),), closing=closing)

    return Draft({**v, "unit": unit}, _spec(v), (ask,), write, (("layer", ("size", "MACs")),))


WIDTH_OF = {"float32": 4, "float16": 2, "float64": 8, "int8": 1}


def memory(rng: Random, level: int) -> Draft | None:
    """Bytes of a batch of activations behind a convolution: its output's size has to be found first."""
    v = _layer(rng, min(level, 3), strided=level > 2)
    if v is None:
        return None
    dtype = rng.choice(("float32", "float32", "float16", "float64")[: 1 + level])
    v |= {"batch": rng.choice((2, 4, 8, 16, 32, 64, 128)), "width": WIDTH_OF[dtype], "dtype": dtype}

    def work(evaluate: Evaluate) -> Number:
        side = evaluate("conv_size", v)
        return evaluate("bytes", {**v, "ho": side, "wo": side})

    def write(language: str) -> Written:
        layer = convolution(v, language)
        texts = {name: v[name] for name in ("batch", "dtype", "width")}
        prompt = say("ask memory", language, Layer=upper(layer), layer=layer, shape=times(sides_of(v)), **texts)
        numbers = "·".join(str(v[name]) for name in ("batch", "co", "ho", "wo", "width"))
        closing = (f"{numbers} = {int(work(house)):,}",)
        return Written(prompt, (say("bytes", language),), closing=closing)

    return Draft(v, _spec(v), (Ask(work, ("bytes", "conv_size")),), write, (("layer", ("size",)),))


def compare(rng: Random, level: int) -> Draft | None:
    """Two designs with the same output: which learns more, and by how much?"""
    c, n = rng.choice(WIDTHS), rng.choice(SIDES)
    co = c if level in (2, 3, 4) else rng.choice(WIDTHS)
    designs = _designs(rng, level, c, co)
    if designs is None:
        return None
    a, b = ([{**layer, "ho": n, "wo": n, "b": 1} for layer in layers] for layers in designs)

    def work(evaluate: Evaluate) -> Number:
        more = _counted(a, evaluate) - _counted(b, evaluate)
        return more if more >= 0 else -more

    def said(layers: list[Drawn], language: str) -> str:
        return listed([convolution({**v, "p": 0, "s": 1} | _same(v), language) for v in layers], language)

    def write(language: str) -> Written:
        prompt = say("ask compare", language, shape=times((c, n, n)), co=co, a=said(a, language), b=said(b, language))
        return Written(prompt, (say("difference", language),), closing=(_difference(a, b),))

    chained = " -> ".join(f"{short(v | _same(v))} as a_{i}" for i, v in enumerate(a, 1))
    others = " -> ".join(f"{short(v | _same(v))} as b_{i}" for i, v in enumerate(b, 1))
    spec = f"{c}x{n}x{n} -> {chained} -> identity from=input as again -> {others}"
    shown = tuple((f"{name}_{i}", ("params",)) for name, made in (("a", a), ("b", b)) for i in range(1, len(made) + 1))
    return Draft({"c": c, "n": n, "co": co, "a": _plain(a), "b": _plain(b)}, spec, (Ask(work, ("conv_params",)),),
                 write, shown)  # fmt: skip


def _same(v: Drawn) -> Drawn:
    return {"p": (v["k"] - 1) // 2}


def _plain(layers: list[Drawn]) -> list[dict[str, Any]]:
    return [{name: v.get(name, 1) for name in ("ci", "co", "k", "g", "b")} for v in layers]


def _difference(a: list[Drawn], b: list[Drawn]) -> str:
    """ "228 − (84 + 84) = 60", the larger first."""
    larger, smaller = sorted((a, b), key=lambda layers: -_total(layers))
    return f"{_sum(larger)} − {_sum(smaller)} = {_total(larger) - _total(smaller):,}"


def _counted(layers: list[Drawn], evaluate: Evaluate) -> Number:
    total: Number = 0
    for v in layers:
        total += evaluate("conv_params", v)
    return total


def _total(layers: list[Drawn]) -> int:
    return int(_counted(layers, house))


def _sum(layers: list[Drawn]) -> str:
    counts = [f"{int(house('conv_params', v)):,}" for v in layers]
    return counts[0] if len(counts) == 1 else f"({' + '.join(counts)})"


def _designs(rng: Random, level: int, c: int, co: int) -> tuple[list[Drawn], list[Drawn]] | None:
    """Two lists of convolutions: one kernel against another, a stack against one, separable, a bottleneck."""
    if level == 1:
        k, other = rng.sample((1, 3, 5, 7, 9), 2)
        return [{"ci": c, "co": co, "k": k}], [{"ci": c, "co": co, "k": other}]
    if level in (2, 3):
        depth = 2 if level == 2 else rng.choice((2, 3, 4))
        k = rng.choice((3, 5) if depth == 2 else (3,))
        return [{"ci": c, "co": c, "k": k}] * depth, [{"ci": c, "co": c, "k": depth * (k - 1) + 1}]
    k = rng.choice((3, 5, 7))
    if level == 4:
        return [{"ci": c, "co": c, "k": k, "g": c}, {"ci": c, "co": c, "k": 1}], [{"ci": c, "co": c, "k": k}]
    if c < 16:
        return None
    m = c // rng.choice((2, 4))
    stack = [{"ci": c, "co": m, "k": 1}, {"ci": m, "co": m, "k": k}, {"ci": m, "co": co, "k": 1}]
    return stack, [{"ci": c, "co": co, "k": k}]
