"""Multiple choice: the options are set apart from the question, and the right one is named."""

import re
from typing import Any

from cnncalc.ask.lexer import plain_signs

_MARK = re.compile(r"(?:^|\n|(?<=\s)|(?<=[?.:;)])|(?<=\d)\s)\(?([a-hA-H])[).:]\s*(?=\S)")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")


def split(question: str) -> tuple[str, list[tuple[str, str]]]:
    """The question without its options, and the options by letter."""
    question = plain_signs(question)
    found = list(_MARK.finditer(question))
    for start in range(len(found)):
        if found[start][1].lower() != "a":
            continue
        run = [found[start]]
        for mark in found[start + 1 :]:
            if ord(mark[1].lower()) == ord(run[-1][1].lower()) + 1 and mark[1].isupper() == run[0][1].isupper():
                run.append(mark)
        if len(run) < 2:
            continue
        ends = [mark.start() for mark in run[1:]] + [len(question)]
        texts = [question[mark.end() : end].strip(" \n,;") for mark, end in zip(run, ends, strict=True)]
        if all(texts) and all(_NUMBER.search(text) for text in texts) and max(map(len, texts)) < 120:
            return question[: run[0].start()].rstrip(), [(mark[1], text) for mark, text in zip(run, texts, strict=True)]
    return question, []


def numbers(text: str) -> list[float]:
    """The numbers in an option, in order."""
    return [float(piece.replace(",", "")) for piece in _NUMBER.findall(plain_signs(text))]


def chosen(options: list[tuple[str, str]], answers: list[Any]) -> str:
    """Which option the answers are; that none is, where it is so."""
    wanted = [_flat(answer.value) for answer in answers]
    right = [(letter, text) for letter, text in options if any(_same(numbers(text), want) for want in wanted)]
    if len(right) == 1:
        return f"option {right[0][0]}: {right[0][1]}"
    if not right:
        return "none of the options is right"
    return "several options fit: " + ", ".join(letter for letter, _ in right)


def _flat(value: Any) -> list[float]:
    values = value if isinstance(value, list | tuple) else [value]
    return [float(one) for one in values if isinstance(one, int | float)]


def _same(option: list[float], want: list[float]) -> bool:
    if not want or not option:
        return False
    return option == want or sorted(option) == sorted(want) or (len(set(want)) == 1 and option == want[:1])
