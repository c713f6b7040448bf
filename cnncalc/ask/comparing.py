"""Two networks side by side: each one's figures, their difference and their ratio."""

from fractions import Fraction
from typing import Any

from cnncalc.ask.answers import Analyst, Answer, Reply
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.building import Builder
from cnncalc.ask.reading import Draft, Reading
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS
from cnncalc.exact.records import changed

COMPARED = ("params", "weights", "macs", "mults", "flops", "field", "connections")


def compared(said: Assembler) -> Reply:
    """Both sides of a comparison. Raises Refused where it is not plain what is compared."""
    if said.direct is not None:
        return _direct(said)
    if not said.versus:
        counted = [draft for draft in said.drafts if draft.counted is not None]
        if len(counted) == 2 and len(said.drafts) == 2:
            return _sides(said, [[counted[0]], [counted[1]]])
        raise Refused(f"'{said.relations[0].text}': what is compared with what was not understood")
    if len(said.versus) > 1:
        raise Refused("more than two things are compared")
    if len({str(token.value) for token, _, _ in said.inputs}) > 1:
        raise Refused("a comparison with two inputs was not understood")
    for one in said.asks:
        if one.quantity not in COMPARED:
            raise Refused(f"'{one.word}' of a comparison was not understood")
    at = said.versus[0]
    return _sides(
        said,
        [[draft for draft in said.drafts if draft.place < at], [draft for draft in said.drafts if draft.place > at]],
    )


def _direct(said: Assembler) -> Reply:
    """ "How much cheaper than the direct 5x5?": the whole chain, and its last layer's output in one step."""
    if said.versus or said.variants or len(said.inputs) > 1 or len(said.drafts) < 2:
        raise Refused("what is compared with what was not understood")
    last = said.drafts[-1]
    if last.kind not in CONVS | {""} or any(one.quantity not in COMPARED for one in said.asks):
        raise Refused("only costs and parameters are compared with one direct convolution")
    token = said.inputs[0][0] if said.inputs else None
    bias = False if said.bias is None else said.bias
    direct = changed(last, settings=last.settings | {"kernel_size": said.direct}, times=1, label="")
    readings = [Builder(said, drafts, token, bias=bias).reading() for drafts in (said.drafts, [direct])]
    answers: list[Answer] = []
    for one in said.asks:
        whole, other = (list(Analyst(reading, said).answers(one)) for reading in readings)
        answers += [*whole, *_both([whole[0], other[0]], readings, said)[1:]]
    assumed = list(dict.fromkeys(text for reading in readings for text in reading.assumed))
    return Reply(" | ".join(reading.text for reading in readings), answers, assumed, [], readings)


def _sides(said: Assembler, sides: list[list[Draft]]) -> Reply:
    sides = [[_alike(draft, other, said) for draft in side] for side, other in zip(sides, reversed(sides), strict=True)]
    if not all(sides):
        raise Refused("what is compared with what was not understood")
    stacks = all(draft.kind in CONVS | {""} for side in sides for draft in side)
    bias = False if stacks and said.bias is None else said.bias
    token = said.inputs[0][0] if said.inputs else None
    readings = [Builder(said, side, token, bias=bias).reading() for side in sides]
    answers: list[Answer] = []
    for one in said.asks:
        answers += _both([next(iter(Analyst(reading, said).answers(one))) for reading in readings], readings, said)
    assumed = list(dict.fromkeys(text for reading in readings for text in reading.assumed))
    if bias is False and said.bias is None:
        assumed.append("biases are not counted, as usual where convolutions are compared")
    return Reply(" | ".join(reading.text for reading in readings), answers, assumed, [], readings)


def _alike(draft: Draft, other: list[Draft], said: Assembler) -> Draft:
    """What is told of one side alone, or of both: as many channels in as out, the other side's filters."""
    settings = dict(draft.settings)
    if draft.kind in CONVS | {""} and "out_features" not in settings:
        filters = {
            str(one.settings["out_channels"]): one.settings["out_channels"]
            for one in other
            if "out_channels" in one.settings
        }
        if "out_channels" not in settings and len(filters) == 1:
            settings["out_channels"] = next(iter(filters.values()))
        elif "out_channels" not in settings and said.both is None and said.channels is not None:
            settings["out_channels"] = said.channels
        told = [one for one in other if one.kind in CONVS | {""}]
        if len(told) == 1 and "kernel_size" not in settings and "kernel_size" in told[0].settings:
            settings["kernel_size"] = told[0].settings["kernel_size"]
        if not draft.settings and len(told) == 1:
            settings = dict(told[0].settings)
    deep = next((one.inch for one in other if one.inch is not None), None)
    return changed(draft, settings=settings, inch=draft.inch if draft.inch is not None else deep)


def _both(pair: list[Answer], readings: list[Reading], said: Assembler) -> list[Answer]:
    one, other = pair
    answers = [
        Answer(side.quantity, side.value, reading.text, side.work) for side, reading in zip(pair, readings, strict=True)
    ]
    values: list[Any] = [one.value, other.value]
    if said.relations and all(isinstance(value, int) for value in values) and min(values) > 0:
        answers.append(Answer("difference", abs(values[0] - values[1])))
        ratio = Fraction(max(values), min(values))
        answers.append(Answer("ratio", ratio.numerator if ratio.denominator == 1 else round(float(ratio), 4)))
    return answers
