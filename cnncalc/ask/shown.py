"""A reply as people read it, and as JSON."""

from typing import Any

from cnncalc.ask.answers import Answer, Reply
from cnncalc.language import localised, phrase

WIDEST_STEPS = 14  # lines of working that are shown for one answer
WIDEST_LINE = 88


def as_text(reply: Reply, language: str = "en") -> str:
    """The reading, what was assumed, each answer with its working beside it."""
    rows = [(phrase("read", language), reading) for reading in _readings(reply)]
    assumed = [_in(text, language) for text in reply.assumptions]
    rows += [(phrase("assumed", language) if i == 0 else "", line) for i, line in enumerate(_gathered(assumed))]
    answers = [
        (_label(answer, language), _value(answer.value, language), _steps(answer, language)) for answer in reply.answers
    ]
    width = max(len(label) for label, *_ in [*rows, *answers])
    middle = max((len(value) for _, value, _ in answers), default=0)
    lines = [f"{label:<{width}}  {text}" for label, text in rows]
    lines.append("")
    for label, value, steps in answers:
        lines.append(f"{label:<{width}}  {value:<{middle}}  {steps[0] if steps else ''}".rstrip())
        lines += [f"{'':<{width}}  {'':<{middle}}  {step}".rstrip() for step in steps[1:]]
    notes = [f"{phrase('note', language):<{width}}  {message}" for message in reply.messages]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _gathered(texts: list[str]) -> list[str]:
    """Short texts side by side, as many as fit a line."""
    lines: list[str] = []
    for text in texts:
        if lines and len(lines[-1]) + len(text) + 3 <= WIDEST_LINE:
            lines[-1] += f" · {text}"
        else:
            lines.append(text)
    return lines


def _readings(reply: Reply) -> list[str]:
    texts = [reading.text for reading in reply.readings] or [reply.reading]
    return list(dict.fromkeys(text.removeprefix("input ").replace("->", "→") for text in texts))


def _in(text: str, language: str) -> str:
    if language == "en":
        return text
    from cnncalc.ask.sentences import said_in

    return said_in(text, language)


def _label(answer: Answer, language: str) -> str:
    known = answer.quantity in LABELS
    name = phrase(answer.quantity, language) if known else _in(answer.quantity.replace("_", " "), language)
    return f"{name} {answer.of}" if answer.of and len(answer.of) < 40 else name


LABELS = ("output", "params")


def _steps(answer: Answer, language: str) -> list[str]:
    found = list(dict.fromkeys(answer.steps))
    return [localised(step, language) for step in found[:WIDEST_STEPS]] + (["…"] if len(found) > WIDEST_STEPS else [])


def _value(value: Any, language: str) -> str:
    if isinstance(value, list | tuple):
        sign = " × " if len(value) <= 4 else ", "
        return sign.join(_value(one, language) for one in value)
    return localised(
        f"{value:,}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value), language
    )


def as_json(reply: Reply) -> str:
    """The reply as the contract's object."""
    from cnncalc.report.jsontext import pretty

    return pretty(
        {
            "schema": "cnncalc.ask/1",
            "status": "answered",
            "reading": reply.reading,
            "assumptions": reply.assumptions,
            "answers": [_answer(answer) for answer in reply.answers],
            "messages": reply.messages,
        }
    )


def _answer(answer: Answer) -> dict[str, Any]:
    of = {"of": answer.of} if answer.of else {}
    return {"quantity": answer.quantity, "value": answer.value, **of, "steps": list(dict.fromkeys(answer.steps))}


def refused_as_json(message: str, hint: str = "") -> str:
    """A refusal as the contract's object."""
    from cnncalc.report.jsontext import pretty

    messages = [message, *([hint] if hint else [])]
    return pretty(
        {
            "schema": "cnncalc.ask/1",
            "status": "refused",
            "reading": "",
            "assumptions": [],
            "answers": [],
            "messages": messages,
        }
    )
