"""Layers whose figures add up although no one chain holds them.

"6 maps see 3 inputs, 9 maps see 4": each row is a convolution of its own. "Conv 3->32, Dense 256->10":
what lies between is not told, and parameters do not depend on it.
"""

from typing import Any

from cnncalc.ask.answers import SUMMED, Analyst, Answer, Reply
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.building import Builder
from cnncalc.ask.lexer import Token
from cnncalc.ask.reading import Draft, Reading
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, value
from cnncalc.exact.records import changed

UNPLACED = frozenset("params weights biases".split())  # figures that do not depend on the size of a map


def apart(said: Assembler) -> Reply | None:
    """The sum over pieces; None where the layers make one chain. Raises Refused."""
    if said.reads_some:
        if any(one.quantity not in SUMMED for one in said.asks) or said.versus or said.relations or said.variants:
            raise Refused("of maps that read some of the inputs only parameters, connections and costs are answered")
        return _summed(said, _partial(said), [PARTIAL, *([SIZED] if _mapsize(said) else [])])
    at = _unjoined(said)
    if at is None:
        return None
    readings = [Builder(said, part, None).reading() for part in (said.drafts[:at], said.drafts[at:])]
    return _summed(said, readings, ["the dense layer's inputs as stated"])


PARTIAL = "which maps are read does not matter to the counts"
SIZED = "only the output's size is told; the counts depend on nothing else"


def _mapsize(said: Assembler) -> Any:
    return next((draft.output for draft in said.drafts if draft.output is not None), None)


def _partial(said: Assembler) -> list[Reading]:
    convs = [draft for draft in said.drafts if draft.kind in CONVS | {""}]
    if len(convs) != 1 or len(said.drafts) != 1:
        raise Refused("maps that read some of the inputs belong to one convolution; none was read")
    draft = convs[0]
    total = draft.settings.get("out_channels")
    told = sum(maps for maps, _ in said.reads_some)
    if total is not None and total != told:
        raise Refused(f"{total} maps are told, but {told} are described")
    place, settings = _placed(said, draft)
    return [
        Builder(
            said,
            [changed(draft, kind="conv", inch=inputs, output=None, settings=settings | {"out_channels": maps})],
            place,
        ).reading()
        for maps, inputs in said.reads_some
    ]


def _placed(said: Assembler, draft: Draft) -> tuple[Token | None, dict[str, Any]]:
    """The input without its channels; the output's size with nothing lost, where only that is told."""
    if len(said.inputs) > 1:
        raise Refused("several inputs for one layer")
    if said.inputs:
        token = said.inputs[0][0]
        size = value(token)
        spatial = size if len(size) == 2 else size[1:] if size[1] == size[-1] else size[:2]
        return Token("S2", spatial, token.text, token.start, token.end), dict(draft.settings)
    if draft.output is None or "padding" in draft.settings or draft.settings.get("stride", 1) != 1:
        return None, dict(draft.settings)
    place = Token("S2", draft.output, "", 0, 0)
    return place, draft.settings | {"padding": "same"}


def _unjoined(said: Assembler) -> int | None:
    """Where a dense layer with stated inputs follows convolutions on a map whose size is not stated."""
    if said.inputs or said.sides or said.height is not None or said.width is not None or said.chain or said.data:
        return None
    if said.versus or said.relations or said.variants or said.name:
        return None
    if any(one.quantity not in UNPLACED or one.layers or one.each for one in said.asks):
        return None
    for at, draft in enumerate(said.drafts):
        if (
            draft.kind == "linear"
            and isinstance(draft.inch, int)
            and any(one.kind in CONVS for one in said.drafts[:at])
        ):
            return at
    return None


def _summed(said: Assembler, readings: list[Reading], assumed: list[str]) -> Reply:
    answers: list[Answer] = []
    for one in said.asks:
        parts = [next(iter(Analyst(reading, said).answers(one))) for reading in readings]
        values = [part.value for part in parts]
        if not all(isinstance(number, int) for number in values):
            raise Refused("the sum depends on what is not stated")
        answers.append(Answer(parts[0].quantity, sum(values), "", _working(parts)))
    texts = [text for reading in readings for text in reading.assumed if text not in ("padding 0", "stride 1")]
    return Reply(
        " | ".join(reading.text for reading in readings), answers, list(dict.fromkeys([*assumed, *texts])), [], readings
    )


def _working(parts: list[Answer]) -> Any:
    figures = [f"{part.value:,}" for part in parts]
    total = sum(part.value for part in parts)
    return lambda: [step for part in parts for step in part.steps] + [" + ".join(figures) + f" = {total:,}"]
