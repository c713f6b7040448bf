"""Exercises on a whole small network: a table to fill in, a summary to read."""

from random import Random
from typing import Any

from cnncalc.exact.sizes import times
from cnncalc.quiz.draft import Ask, Draft, Written
from cnncalc.quiz.kinds.windows import Drawn, short
from cnncalc.quiz.quantities import Evaluate, Number, Values, house
from cnncalc.quiz.question import Table
from cnncalc.quiz.words import number, padding, say, square

INPUTS = ((1, 28), (1, 32), (3, 32), (3, 64), (3, 24), (1, 20), (3, 48), (3, 96), (3, 40), (1, 64))
WIDTHS = (4, 6, 8, 10, 12, 16, 20, 24, 32)
BLOCKS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3}


class Stack:
    """Convolutions and pools one after another, with a head; sides are carried by whoever evaluates."""

    def __init__(self, ci: int, side: int, layers: list[Drawn]) -> None:
        self.ci, self.side, self.layers = ci, side, layers

    def side_after(self, count: int, evaluate: Evaluate) -> Number:
        """The side of the map after ``count`` layers."""
        n: Number = self.side
        for v in self.layers[:count]:
            n = evaluate(v["quantity"], {**v, "n": n})
        return n

    def features(self, evaluate: Evaluate) -> Number:
        n = self.side_after(len(self.layers), evaluate)
        return evaluate("flat", {"co": self.channels(), "ho": n, "wo": n})

    def channels(self) -> int:
        return next((v["co"] for v in reversed(self.layers) if "co" in v), self.ci)

    def values(self, index: int) -> Values:
        """Letters of the convolution at an index, its output's side among them."""
        n = self.side_after(index + 1, house)
        return {**self.layers[index], "ho": n, "wo": n}

    def plain(self) -> list[Drawn]:
        """The layers as plain numbers."""
        return [{key: v[key] for key in ("kind", "k", "s", "p", "co") if key in v} for v in self.layers]

    def spec(self, fout: int | None) -> str:
        words = [f"{short(v, v['kind'])} as {v['name']}" for v in self.layers]
        head = ["flatten as flatten", f"linear {fout} as linear"] if fout else []
        return " -> ".join([f"{self.ci}x{self.side}x{self.side}", *words, *head])


def _stack(rng: Random, blocks: int, kernel: int | None = None) -> Stack | None:
    """``blocks`` times a convolution and a pool; None where a map grows too small."""
    ci, side = rng.choice(INPUTS)
    layers: list[Drawn] = []
    channels, n = ci, side
    for i in range(1, blocks + 1):
        k = kernel or rng.choice((3, 3, 5, 7))
        conv: Drawn = {"kind": "conv", "quantity": "conv_size", "name": f"conv_{i}", "ci": channels,
                "co": rng.choice(WIDTHS), "k": k, "s": rng.choice((1, 1, 1, 2)),
                "p": rng.choice((0, 1, (k - 1) // 2)), "b": 1}  # fmt: skip
        pool: Drawn = {"kind": "max_pool", "quantity": "pool_size", "name": f"pool_{i}", "k": 2, "s": 2, "p": 0}
        if rng.random() < 0.3:
            pool |= {"k": 3, "p": rng.choice((0, 1))}
        for v in (conv, pool):
            if v["k"] > n:
                return None
            n = int(house(v["quantity"], {**v, "n": n}))
        layers += [conv, pool]
        channels = conv["co"]
    return Stack(ci, side, layers) if n >= 2 else None


def _size_ask(stack: Stack, index: int) -> Ask:
    """The side after a layer; slips are made from that layer on, what came before is taken as right."""
    n = stack.side_after(index, house)
    v = {**stack.layers[index], "n": n}
    return Ask(lambda evaluate: evaluate(v["quantity"], v), (v["quantity"],))


def chain(rng: Random, level: int) -> Draft | None:
    """A table: sides at level 1, parameters too from level 2, a flattened head from level 3."""
    stack = _stack(rng, BLOCKS[level] + (1 if level == 1 else 0))
    if stack is None:
        return None
    fout = rng.choice((2, 5, 10, 20, 100)) if level > 2 else None
    asks: list[Ask] = []
    rows: list[tuple[str, Drawn | None, list[int | str]]] = []
    for index, v in enumerate(stack.layers):
        cells: list[int | str] = [len(asks)]
        asks.append(_size_ask(stack, index))
        if level > 1 and v["kind"] == "conv":
            cells.append(len(asks))
            asks.append(_params_ask(stack.values(index)))
        elif level > 1:
            cells.append("0")
        rows.append((v["name"], v, cells))
    if fout:
        rows += _head(stack, fout, asks)
    return _chain_draft(stack, fout, asks, rows)


def _params_ask(values: Values) -> Ask:
    return Ask(lambda evaluate: evaluate("conv_params", values), ("conv_params",))


def _head(stack: Stack, fout: int, asks: list[Ask]) -> list[tuple[str, Drawn | None, list[int | str]]]:
    """Flatten and linear; adds their two numbers to ``asks``."""
    side = stack.side_after(len(stack.layers), house)
    flat = {"co": stack.channels(), "ho": side, "wo": side}
    dense = {"fin": house("flat", flat), "fout": fout, "b": 1}
    asks.append(Ask(lambda evaluate: evaluate("flat", flat), ("flat",)))
    asks.append(Ask(lambda evaluate: evaluate("dense_params", dense), ("dense_params",)))
    return [("flatten", None, [len(asks) - 2, "0"]), ("linear", {"fout": fout}, [str(fout), len(asks) - 1])]


def _chain_draft(stack: Stack, fout: int | None, asks: list[Ask], rows: list[Any]) -> Draft:
    both = len(rows[0][2]) > 1

    def label(name: str, column: int, language: str) -> str:
        key = "params of" if column else "features of" if name == "flatten" else "side of"
        return say(key, language, name=name)

    def write(language: str) -> Written:
        head = [say("layer", language), say("settings", language), say("output", language)]
        head += [say("params", language)] if both else []
        table = Table(tuple(head), tuple((name, _settings(v, language), *cells) for name, v, cells in rows))
        labels = {cell: label(name, column, language) for name, _, cells in rows
                  for column, cell in enumerate(cells) if isinstance(cell, int)}  # fmt: skip
        shape = times((stack.ci, stack.side, stack.side))
        return Written(say("ask chain", language, shape=shape), tuple(labels[i] for i in range(len(asks))), table)

    shown = tuple((name, ("size", "params") if both else ("size",)) for name, _, _ in rows if name != "flatten")
    given = {"input": [stack.ci, stack.side], "fout": fout or 0, "both": both,
             "layers": stack.plain()}  # fmt: skip
    return Draft(given, stack.spec(fout), tuple(asks), write, shown)


def _settings(v: Drawn | None, language: str) -> str:
    if v is None:
        return ""
    if "fout" in v:
        return str(v["fout"])
    parts = [f"{v['co']} · {square(v['k'])}" if "co" in v else square(v["k"]), say("stride", language, s=v["s"])]
    return ", ".join([*parts, padding(v["p"], language)])


def read_a_summary(rng: Random, level: int) -> Draft | None:
    """A printed summary: a lost number of parameters, weights without biases, the features of the head."""
    k = rng.choice((3, 5, 7))
    stack = _stack(rng, BLOCKS[level] + 1, k)
    if stack is None:
        return None
    fout = rng.choice((2, 5, 10, 20, 100))
    lost = rng.choice(("params", "features", "weights") if level > 2 else ("params", "features"))
    index = rng.choice([i for i, v in enumerate(stack.layers) if "co" in v])
    values = stack.values(index)
    side = stack.side_after(len(stack.layers), house)
    flat = {"co": stack.channels(), "ho": side, "wo": side}
    works = {"params": lambda evaluate: evaluate("conv_params", values), "features": lambda e: e("flat", flat),
             "weights": lambda evaluate: evaluate("conv_params", {**values, "b": 0})}  # fmt: skip
    ask = Ask(works[lost], ("flat",) if lost == "features" else ("conv_params",))
    name = values["name"]

    def write(language: str) -> Written:
        prompt = say(f"ask summary {lost}", language, k=square(k), name=name)
        listing = _listing(stack, fout, lost, name, language)
        closing = () if lost == "params" else (_last_step(lost, values, flat),)
        return Written(prompt, (say(lost, language),), listing=listing, closing=closing)

    shown = (("linear" if lost == "features" else name, ("params",)),)
    given = {"input": [stack.ci, stack.side], "lost": lost, "name": name, "fout": fout,
             "layers": stack.plain()}  # fmt: skip
    return Draft(given, stack.spec(fout), (ask,), write, shown)


def _last_step(lost: str, values: Values, flat: Values) -> str:
    """From what the working shows to what is asked: the biases taken away, the map flattened."""
    if lost == "weights":
        params, biases = int(house("conv_params", values)), values["co"]
        return f"{params:,} − {biases} = {params - biases:,}"
    return f"{flat['co']}·{flat['ho']}·{flat['wo']} = {int(house('flat', flat)):,}"


def _listing(stack: Stack, fout: int, lost: str, name: str, language: str) -> str:
    """The summary as it is printed, a question mark where a number is lost."""
    rows = [["input", times((stack.ci, stack.side, stack.side)), ""]]
    channels = stack.ci
    for index, v in enumerate(stack.layers):
        channels = v.get("co", channels)
        side = stack.side_after(index + 1, house)
        learned = number(int(house("conv_params", v)), language) if "co" in v else "0"
        rows.append([v["name"], times((channels, side, side)),
                     "?" if lost == "params" and v["name"] == name else learned])  # fmt: skip
    features = stack.features(house)
    dense = house("dense_params", {"fin": features, "fout": fout, "b": 1})
    hidden = lost == "features"
    rows.append(["flatten", "?" if hidden else str(features), "0"])
    rows.append(["linear", str(fout), "…" if hidden else number(int(dense), language)])
    heads = [say("layer", language), say("output", language).split()[0], say("params", language)]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(3)]
    return "\n".join(f"{a:<{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}" for a, b, c in [heads, *rows])
