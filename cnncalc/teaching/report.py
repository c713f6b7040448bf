"""The sentence a student reads: the example, what was said, what is right and why, what it looks like."""

from collections.abc import Sequence
from typing import Any

from cnncalc.quiz.quantities import house
from cnncalc.quiz.slips import LOOKS, Slip
from cnncalc.teaching.sandbox import Said
from cnncalc.teaching.textbook import Point


def size_example(point: Point, letters: Sequence[str]) -> str:
    """ "input 7, kernel 3, stride 2, padding 1, dilation 1"."""
    names = {"n": "input", "k": "kernel", "s": "stride", "p": "padding", "d": "dilation"}
    return ", ".join(f"{names[letter]} {point[letter]}" for letter in names if letter in letters)


def size_reason(point: Point, letters: Sequence[str]) -> str:
    """The textbook formula with the numbers in it, as far as the function has its letters."""
    n, k, s, p, d = (point[letter] for letter in "nkspd")
    padded = f" + 2·{p}" if "p" in letters else ""
    reach = f" − {d}·({k}−1) − 1" if "d" in letters else f" − {k}"
    return f"floor(({n}{padded}{reach})/{s}) + 1 = {house('conv_size', point)}"


def params_example(point: Point, letters: Sequence[str]) -> str:
    """ "3 input channels, 2 filters of 3×3, 1 group, with biases"."""
    k = point["k"]
    parts = [f"{point['ci']} input channel{'s' * (point['ci'] != 1)}",
             f"{point['co']} filter{'s' * (point['co'] != 1)} of {k}×{k}"]  # fmt: skip
    parts += [f"groups {point['g']}"] if "g" in letters else []
    parts += ["with biases" if point["b"] else "no biases"] if "b" in letters else []
    return ", ".join(parts)


def params_reason(point: Point, letters: Sequence[str]) -> str:
    """The product with the numbers in it."""
    ci, co, k, g, b = (point[letter] for letter in ("ci", "co", "k", "g", "b"))
    deep = f"({ci}/{g})" if g != 1 else str(ci)
    biases = f" + {co}" if b else ""
    return f"{co}·{deep}·{k}·{k}{biases} = {house('conv_params', point)}"


def field_example(point: Point, letters: Sequence[str]) -> str:
    """ "layers (kernel 3, stride 1), (kernel 2, stride 2)"."""
    dilated = "dilations" in letters or any(d != 1 for _, _, d in point["L"])
    layers = (f"(kernel {k}, stride {s}{f', dilation {d}' if dilated else ''})" for k, s, d in point["L"])
    return f"layers {', '.join(layers)}"


def field_reason(point: Point, letters: Sequence[str]) -> str:
    """The sum over the layers: 1 + (k − 1)·d·jump ..."""
    terms, jump = ["1"], 1
    for k, s, d in point["L"]:
        terms.append(f"({k}−1)" + (f"·{d}" if d != 1 else "") + (f"·{jump}" if jump != 1 else ""))
        jump *= s
    return f"{' + '.join(terms)} = {house('field', point)}"


def fault(said: Said, right: int) -> str:
    """What is wrong with one reply, in words: "you said 3"; empty where nothing is."""
    match said.kind:
        case "int":
            return "" if said.value == right else f"you said {said.value}"
        case "float":
            whole = "a float, and a size is a whole number (use //)" if said.value == right else "a float"
            return f"you said {said.text or said.value}, {whole}"
        case "error":
            return f"your function stops with {said.text}"
        case "endless":
            return f"your function did not come to an end within {said.text} seconds"
        case "died":
            return "your function ended the program it ran in"
    if said.text == "None":
        printed = f": it prints {said.printed.strip()[:60]!r}, but a value must be returned" if said.printed else ""
        return f"your function returned nothing (None){printed}"
    return f"you said {said.text}, which is not a Python int" + (" (use int(...))" if said.value == right else "")


def likeness(ways: Sequence[tuple[Slip, ...]], language: str = "en") -> str:
    """ "it looks as if padding was added on one side only", or that no known slip explains it."""
    if not ways:
        return "no known slip explains it"
    clauses = [" and ".join(slip.clause(language) for slip in way) for way in ways[:3]]
    return f"{LOOKS[0][0].lower()}{LOOKS[0][1:]} {', or as if '.join(clauses)}"


def number(said: Said) -> Any:
    """A reply's number, if it has one."""
    return said.value if said.kind in ("int", "float", "other") else None
