"""A student's answer against the right one: right, wrong, and which slip gives exactly that."""

import re
from typing import Any

from cnncalc.ask.answers import Reply
from cnncalc.ask.refusal import Refused
from cnncalc.exact.records import record


@record
class Verdict:
    """Whether a given answer is right, and the sentence about it."""

    right: bool
    text: str


def check(reply: Reply, given: str, language: str = "en") -> Verdict:
    """Judge ``given`` against the reply. Raises Refused for text that is no answer."""
    want = _numbers(given)
    if not want:
        raise Refused(f"'{given[:40]}' is not an answer such as 54 or 55x55x96")
    for answer in reply.asked:
        if _same(want, answer.value):
            return Verdict(True, f"{given} is right")
    right = ", ".join(_written(answer.value) for answer in reply.asked[:3])
    slips = _slips(reply, want)
    why = f": {'; '.join(slips)}" if slips else ""
    return Verdict(False, f"{given} is wrong; right is {right}{why}")


def _numbers(text: str) -> list[float]:
    return [float(piece.replace(",", "")) for piece in re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", text[:200])]


def _same(want: list[float], value: Any) -> bool:
    values = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(one, int | float) for one in values):
        return False
    have = [float(one) for one in values]
    return (
        want == have or (len(have) == 3 and sorted(want) == sorted(have)) or (len(want) == 1 and set(have) == set(want))
    )


def _written(value: Any) -> str:
    return (
        "×".join(map(str, value))
        if isinstance(value, list | tuple)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


def _slips(reply: Reply, want: list[float]) -> list[str]:
    """Which slips give exactly the number: each is the same network read wrongly in one place."""
    from cnncalc.ask.slips import slips

    if len(want) != 1 or len(reply.readings) != 1:
        return []
    number = want[0]
    quantities = {answer.quantity for answer in reply.answers}
    return [text for text, value in slips(reply.readings[0], quantities) if value == number]
