"""Heads of detectors: what a grid of boxes, or a set of landmarks, puts out.

A grid of S by S cells with B boxes of 4 numbers and a confidence, and C classes told once a box
(B·(5 + C); Redmon & Farhadi 2017, YOLOv2) or once a cell (5·B + C; Redmon et al. 2016, YOLO).
"""

from collections.abc import Iterator
from typing import Any

from cnncalc.ask.answers import Answer, Reply, asked
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import value
from cnncalc.exact.sizes import times

BOX = 5  # x, y, width, height and the confidence that an object is there
ASKED = frozenset("output features filters_q classes neurons".split())


def head(said: Assembler) -> Reply:
    """Answer a question about a detector's output. Raises Refused."""
    if said.drafts and any(
        draft.kind != "outputs" and (draft.settings or draft.kind != "flatten") for draft in said.drafts
    ):
        raise Refused("a detector's head beside other layers was not understood")
    if asked(said) - ASKED:
        raise Refused(f"'{said.asks[0].word or said.asks[0].quantity}' of a detector's head was not understood")
    if said.landmarks is not None:
        return _landmarks(said)
    sizes = [value(token) for token in (*said.given, *said.loose) if len(value(token)) in (3, 4)]
    if said.grid is None and len(sizes) == 1 and said.boxes is None and not said.numbers:
        return _told(said, sizes[0])
    if said.numbers or said.loose or said.given:
        raise Refused(f"what '{(said.numbers + said.loose + said.given)[0].text}' stands for was not understood")
    if said.grid is None or not isinstance(said.boxes, int):
        raise Refused("the output of a detector needs its grid and its number of boxes")
    return _volume(said, _classes(said))


def _landmarks(said: Assembler) -> Reply:
    if said.grid is not None or said.boxes is not None or said.numbers or said.outputs:
        raise Refused("landmarks beside other outputs were not understood")
    count = said.landmarks
    units = 2 * count if isinstance(count, int) else f"2*{count}"
    return Reply(f"{count} landmarks, an x and a y each", [Answer("units", units)], ["coordinates only"])


def _classes(said: Assembler) -> int:
    """The number of classes: told, or as many as are listed after "for"."""
    if said.outputs:
        numbers = {number for number, _ in said.outputs}
        if len(numbers) != 1 or not isinstance(said.outputs[0][0], int):
            raise Refused("how many classes there are was not understood")
        return int(said.outputs[0][0])
    listed = list(_listed(said))
    if len(listed) < 2:
        raise Refused("how many classes there are is not stated")
    return len(listed)


def _listed(said: Assembler) -> Iterator[str]:
    """The names in "YOLO for pedestrian, car and motorcycle"."""
    words: list[str] = []
    listing = False
    for token in said.all_tokens:
        if token.tag in ("FOR", "COLON") and not listing and not words:
            listing = token.tag == "FOR"
        elif listing and token.tag in ("W", "UNK"):
            words.append(token.text)
        elif listing and token.tag in ("COMMA", "AND") and words:
            yield " ".join(words)
            words = []
        elif listing:
            break
    if words:
        yield " ".join(words)


def _volume(said: Assembler, classes: int) -> Reply:
    boxes, grid = said.boxes, said.grid
    separate = said.per_box if said.per_box is not None else said.anchored
    apart, together = boxes * (BOX + classes), BOX * boxes + classes
    depth, other = (apart, together) if separate else (together, apart)
    shown = f"{boxes}·({BOX} + {classes})" if separate else f"{BOX}·{boxes} + {classes}"
    answers: list[Answer] = []
    for one in said.asks:
        if one.quantity == "filters_q":
            answers.append(Answer("channels", depth, "", lambda: [f"{shown} = {depth}"]))
        elif one.quantity == "output":
            answers.append(Answer("output", [*grid, depth], "", lambda: [f"{shown} = {depth}"]))
        else:
            answers.append(Answer(one.quantity, grid[0] * grid[1] * depth, "", lambda: [f"{times((*grid, depth))}"]))
    told = "once a box" if separate else "once a cell"
    elsewhere = "once a cell" if separate else "once a box"
    note = f"with the classes told {elsewhere} it is {other} deep" if said.per_box is None and boxes > 1 else ""
    return Reply(
        f"{times(grid)} grid, {boxes} boxes, {classes} classes",
        answers,
        [f"classes told {told}", "a box has 4 numbers and a confidence"],
        [note] if note else [],
    )


def _told(said: Assembler, size: tuple[Any, ...]) -> Reply:
    """A stated output, 19x19x5x85: boxes apart, each with its own classes."""
    if len(size) != 4 or not all(isinstance(part, int) for part in size) or size[-1] <= BOX:
        raise Refused(f"the output {times(size)} as boxes on a grid was not understood")
    *_, boxes, numbers = size
    answers: list[Answer] = []
    for one in said.asks:
        if one.quantity == "classes":
            answers.append(Answer("classes", numbers - BOX, "", lambda: [f"{numbers} - {BOX} = {numbers - BOX}"]))
        elif one.quantity == "filters_q":
            answers.append(Answer("channels", boxes * numbers, "", lambda: [f"{boxes}·{numbers} = {boxes * numbers}"]))
        else:
            raise Refused(f"'{one.word}' of a stated output was not understood")
    return Reply(
        f"{times(size[:2])} grid, {boxes} boxes of {numbers} numbers", answers, ["a box has 4 numbers and a confidence"]
    )
