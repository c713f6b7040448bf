"""Values to try a function on: textbook ones first, so that a counter-example is one people know."""

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

from cnncalc.exact.sizes import extent
from cnncalc.quiz.quantities import window

Point = dict[str, Any]
TEXTBOOK: dict[str, tuple[int, ...]] = {
    "n": (7, 8, 5, 6, 9, 10, 12, 14, 16, 28, 32, 27, 55, 56, 64, 112, 224, 227),
    "k": (3, 5, 2, 1, 7, 4, 11),
    "s": (2, 1, 3, 4),
    "p": (1, 0, 2, 3),
    "d": (1, 2, 3),
    "ci": (3, 6, 1, 4, 16, 8, 32, 64),
    "co": (2, 4, 6, 8, 16, 12, 32, 96),
    "g": (1, 2, 3, 4, 8),
    "b": (1, 0),
}
WIDEST = {"n": 300, "k": 11, "s": 5, "p": 5, "d": 4, "ci": 64, "co": 64, "g": 8, "b": 1}
LEAST = {"p": 0, "b": 0}
PLAIN = {"s": 1, "p": 0, "d": 1, "g": 1, "b": 1}  # what a letter is that a function does not take
LISTED, RANDOM = 400, 400
CHAINS: tuple[list[tuple[int, int, int]], ...] = (
    [(3, 1, 1), (3, 1, 1)],
    [(3, 1, 1), (2, 2, 1), (3, 1, 1)],
    [(3, 1, 1), (3, 1, 1), (3, 1, 1)],
    [(5, 1, 1), (2, 2, 1), (5, 1, 1), (2, 2, 1)],
    [(3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1)],
    [(7, 2, 1), (3, 2, 1), (3, 1, 1)],
    [(3, 1, 1), (3, 1, 2), (3, 1, 4)],
    [(3, 2, 1), (3, 1, 2), (3, 2, 1)],
    [(11, 4, 1), (3, 2, 1), (5, 1, 1)],
    [(3, 1, 1)],
    [(1, 1, 1), (3, 2, 1), (3, 1, 1)],
)


def size_points(letters: Sequence[str]) -> list[Point]:
    """Windows that fit their input; letters that the function does not take are as usual."""
    return _points(letters, "s p d", lambda v: window(v) >= 1 and v["n"] + 2 * v["p"] >= extent(v["k"], v["d"]))


def params_points(letters: Sequence[str]) -> list[Point]:
    """Convolutions whose groups divide their channels."""
    return _points(letters, "g b", lambda v: v["ci"] % v["g"] == 0 and v["co"] % v["g"] == 0)


def _points(letters: Sequence[str], optional: str, fits: Any) -> list[Point]:
    """The first textbook values in the order of how common they are, then random ones; all different."""
    plain = {letter: PLAIN[letter] for letter in optional.split() if letter not in letters}
    listed = sorted(product(*(range(len(TEXTBOOK[letter])) for letter in letters)), key=lambda at: (sum(at), at))
    found: dict[tuple[int, ...], Point] = {}

    def enter(values: tuple[int, ...]) -> None:
        point = dict(zip(letters, values, strict=True)) | plain
        if fits(point):
            found.setdefault(values, point)

    for places in listed:
        if len(found) >= LISTED:
            break
        enter(tuple(TEXTBOOK[letter][place] for letter, place in zip(letters, places, strict=True)))
    rng = Random("cnncalc")
    for _ in range(20 * RANDOM):
        if len(found) >= LISTED + RANDOM:
            break
        enter(tuple(rng.randint(LEAST.get(letter, 1), WIDEST[letter]) for letter in letters))
    return list(found.values())


def chain_points(dilated: bool) -> list[Point]:
    """Chains of windows, known ones first."""
    rng = Random("cnncalc")
    chains = [list(chain) for chain in CHAINS]
    while len(chains) < RANDOM // 2:
        length = rng.randint(1, 6)
        chains.append([(rng.randint(1, 7), rng.randint(1, 3), rng.choice((1, 1, 2, 4))) for _ in range(length)])
    plain = (chain if dilated else [(k, s, 1) for k, s, _ in chain] for chain in chains)
    return [{"L": chain} for chain in plain]


def simpler(point: Point, letters: Sequence[str]) -> Iterator[Point]:
    """Points like this one with one letter replaced by a textbook value, the commonest values first."""
    for letter in letters:
        for value in TEXTBOOK.get(letter, ()):
            if value == point[letter]:
                break
            yield point | {letter: value}
