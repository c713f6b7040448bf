"""Questions asked backwards: which padding, stride, kernel, input, channels or depth; answered by `cnncalc.solve`."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.ask.answers import Analyst, Answer, Reply
from cnncalc.ask.assembly import Assembler
from cnncalc.ask.building import Builder
from cnncalc.ask.reading import Ask, Draft, Reading, failed
from cnncalc.ask.refusal import Refused
from cnncalc.ask.said import CONVS, POOLS, value
from cnncalc.exact.closed import symbol
from cnncalc.exact.records import changed
from cnncalc.exact.rules import ShapeError
from cnncalc.layers.convolution import around
from cnncalc.spec.errors import SpecError

WANTED = {"padding_q": "padding", "stride_q": "stride", "kernel_q": "kernel"}
FIXED = {"kernel": "kernel_size", "stride": "stride", "padding": "padding", "dilation": "dilation"}
MOST = 1_000  # the largest receptive field whose depth is looked for


def backwards(said: Assembler) -> Reply:
    """Answer the inverse questions; other quantities asked beside them are answered forwards."""
    answers: list[Answer] = []
    readings: list[Reading] = []
    notes: list[str] = []
    for one in said.asks:
        if one.quantity in WANTED:
            answers += _window(said, one, notes)
        elif one.quantity == "fits":
            answers += _fits(said, readings)
        elif one.quantity == "inch_q":
            answers += _channels(said, readings)
        elif one.quantity == "depth_q":
            answers += _depth(said, readings, notes)
        elif one.quantity == "input_q":
            answers += _input(said, readings, notes)
        else:
            reading = _read(said)
            readings.append(reading)
            answers += Analyst(reading, said).answers(one)
    assumed = list(dict.fromkeys(text for reading in readings for text in reading.assumed))
    text = " | ".join(dict.fromkeys(reading.text for reading in readings)) or notes.pop(0)
    return Reply(text, answers, assumed, notes, readings)


def _read(said: Assembler, drafts: list[Draft] | None = None) -> Reading:
    if len(said.inputs) > 1 or said.variants:
        raise Refused("several inputs or settings in one inverse question: ask one after the other")
    token = said.inputs[0][0] if said.inputs else None
    return Builder(said, said.drafts if drafts is None else drafts, token).reading()


def _layer(said: Assembler) -> Draft:
    layers = [draft for draft in said.drafts if draft.kind in CONVS | POOLS | {""}]
    if len(layers) != 1:
        raise Refused("an inverse question about a window needs exactly one layer")
    return layers[0]


def _sides(size: Any, said: Assembler) -> list[int]:
    """The spatial sizes of a stated shape."""
    parts = size if isinstance(size, tuple) else (size,)
    if len(parts) == 3:
        parts = parts[1:] if parts[1] == parts[2] and parts[0] != parts[1] else parts[:2]
    if not all(isinstance(part, int) for part in parts):
        raise Refused("an inverse question needs its sizes as numbers")
    return list(dict.fromkeys(parts))


def _window(said: Assembler, one: Ask, notes: list[str]) -> Iterator[Answer]:
    """The paddings, strides or kernels that take the input to the wanted output."""
    from cnncalc.solve import WindowBounds, windows

    draft = _layer(said)
    wanted = WANTED[one.quantity]
    fixed = {
        name: number for name, key in FIXED.items() if name != wanted and (number := _number(draft, key)) is not None
    }
    fixed.setdefault("dilation", 1)
    mode = draft.settings.get("padding")
    came = _sides(value(said.inputs[0][0]), said) if said.inputs else [value(token) for token in said.sides[:1]]
    left = [_sides(value(token), said) for token in said.given] or [
        _sides(value(token), said) for token, _, _ in said.inputs[1:2]
    ]
    if mode in ("same", "some") or said.keeps:
        if wanted != "padding" or "kernel" not in fixed:
            raise Refused("which of kernel, stride and padding is wanted was not understood")
        stride = fixed.get("stride", 1)
        if stride != 1 and not came:
            raise Refused("the padding of a strided layer depends on the input's size, which is not stated")
        if stride != 1:
            left = [came]
        else:
            before, after = around("same", came[0] if came else 1, fixed["kernel"], 1, fixed["dilation"])
            notes.append(f"conv kernel={fixed['kernel']} stride=1, output as large as the input")
            if before != after:
                notes.append(
                    f"no equal padding on both sides keeps the size with an even kernel: "
                    f"{before} before and {after} after"
                )
                yield Answer("padding", [before, after])
                return
            yield Answer("padding", before)
            return
    if not came or not left:
        raise Refused(f"which {wanted} is asked, but not from which size to which")
    fixed.setdefault("stride", 1) if wanted != "stride" else None
    fixed.setdefault("padding", 0) if wanted != "padding" else None
    if wanted != "kernel" and "kernel" not in fixed:
        raise Refused("the kernel size is not stated")
    found: set[int] | None = None
    axes = max(len(came), len(left[0]))
    if len(came) not in (1, axes) or len(left[0]) not in (1, axes):
        raise Refused("the sizes before and after do not go together")
    for n, out in zip(came * (axes // len(came)), left[0] * (axes // len(left[0])), strict=True):
        choices = {getattr(choice, wanted) for choice in windows(n, out, WindowBounds(), fixed)}
        found = choices if found is None else found & choices
    text = " ".join(f"{name}={number}" for name, number in fixed.items())
    notes.append(f"one window, {came[0]} → {left[0][0]} with {text}")
    if not found:
        raise Refused(f"no {wanted} takes {came[0]} to {left[0][0]} with {text}")
    values = sorted(found)
    if len(values) > 1:
        notes.append(f"every {wanted} that does: {', '.join(map(str, values))}; the smallest is answered")
    yield Answer(wanted, values[0])


def _number(draft: Draft, key: str) -> int | None:
    given = draft.settings.get(key)
    if isinstance(given, tuple) and len(set(given)) == 1:
        given = given[0]
    return given if isinstance(given, int) else 0 if given == "valid" else None


def _fits(said: Assembler, readings: list[Reading]) -> Iterator[Answer]:
    """Whether the windows leave no row over, and the value of the formula without rounding."""
    from cnncalc.solve import leftovers

    reading = _read(said)
    readings.append(reading)
    try:
        analysis = reading.analysis()
    except (ShapeError, SpecError) as error:
        raise Refused(failed(error)) from None
    over = list(leftovers(analysis))
    if not all(isinstance(gap, int) for gap in over):
        raise Refused("whether it fits depends on sizes that are not stated")
    stride = next(
        (getattr(node.layer, "stride", 1) for node in analysis.network.nodes.values() if hasattr(node.layer, "stride")),
        1,
    )
    size = analysis.output[1] if len(analysis.output) > 1 else analysis.output[0]
    yield Answer("fits", not any(over))
    if isinstance(stride, int) and isinstance(size, int):
        exact = size + Fraction(over[0] if over else 0, stride)
        yield Answer("formula", exact.numerator if exact.denominator == 1 else float(exact))
    yield Answer("output", size, "rounded down, as the frameworks do")


def _channels(said: Assembler, readings: list[Reading]) -> Iterator[Answer]:
    """The input channels with which a layer has so many parameters."""
    yield Answer("input_channels", _solved(said, readings, "the number of input channels"))


def _solved(said: Assembler, readings: list[Reading], what: str) -> int:
    from cnncalc.solve import QuestionError, solve

    reading = _read(said)
    readings.append(reading)
    unknown = next((name for name, meaning in reading.symbols.items() if meaning == what), None)
    if unknown is None:
        raise Refused(f"{what} is asked, but it is already stated")
    told = [(quantity, number) for quantity, number in said.givenq if quantity in ("params", "weights", "macs")]
    if len(told) != 1 or told[0][0] == "weights":
        raise Refused(f"{what} is asked, but not what it must give")
    try:
        rest = {
            name: 997
            for name in reading.symbols
            if name != unknown and told[0][0] == "params" and reading.symbols[name] == "the input's size"
        }
        answer = solve(reading.spec(), unknown, f"{told[0][0]} == {told[0][1]}", rest)
    except (QuestionError, SpecError, ShapeError) as error:
        raise Refused(str(error).split("\n")[0]) from None
    members = answer.solutions.finite if answer.solutions else ()
    if len(members) != 1:
        raise Refused(f"no one value of {what} gives {told[0][1]:,} {told[0][0]}: {answer.text}")
    return int(members[0])


def _depth(said: Assembler, readings: list[Reading], notes: list[str]) -> Iterator[Answer]:
    """The fewest layers whose receptive field reaches a size."""
    draft = _layer(said)
    targets = [number for quantity, number in said.givenq if quantity == "field"]
    targets += [number for token in [*said.given, *said.loose] for number in _sides(value(token), said)]
    targets += [number for token, _, _ in said.inputs for number in _sides(value(token), said)]
    if len(set(targets)) != 1 or not isinstance(targets[0], int):
        raise Refused("how many layers is asked, but not which receptive field they must reach")
    if targets[0] > MOST:
        raise Refused(f"a receptive field of {targets[0]:,} is more than is tried here")
    one = _read(changed_inputs(said), [changed(draft, times=1, counted=None)])
    first, second = _field(one, draft, said, 1), _field(one, draft, said, 2)
    if first >= targets[0]:
        count = 1
    else:
        grows = second - first
        strided = draft.settings.get("stride", 1) != 1
        if grows <= 0:
            raise Refused("the receptive field does not grow with more of these layers")
        count = 2 if strided else 1 + -(-(targets[0] - first) // grows)
        while _field(one, draft, said, count) < targets[0]:
            count += 1
            if count > 60 and strided:
                raise Refused("the receptive field was not reached")
    readings.append(_read(changed_inputs(said), [changed(draft, times=min(count, 150), counted=None)]))
    field = _field(one, draft, said, count)
    notes.append(
        f"{count} layers see {field}"
        + (f", {count - 1} only {_field(one, draft, said, count - 1)}" if count > 1 else "")
    )
    yield Answer("layers", count)


def changed_inputs(said: Assembler) -> Assembler:
    """The same question with its sizes taken as targets, not as inputs."""
    said.inputs, said.loose, said.given, said.layers_said = [], [], [], None
    return said


def _field(reading: Reading, draft: Draft, said: Assembler, count: int) -> int:
    line = reading.text.split(" -> ")[1]
    text = " -> ".join([reading.text.split(" -> ")[0], *[line] * count])
    analysis: Analysis = changed_text(reading, text).analysis()
    field = analysis[list(analysis.facts)[-1]].receptive_field[0]
    if not isinstance(field, int):
        raise Refused("the receptive field depends on what is not stated")
    return field


def changed_text(reading: Reading, text: str) -> Reading:
    """The same reading of another spec."""
    return Reading(text, reading.symbols)


def _input(said: Assembler, readings: list[Reading], notes: list[str]) -> Iterator[Answer]:
    """The input sizes that give a wanted output."""
    from cnncalc.solve import QuestionError, solve

    tokens = said.given or [token for token, _, _ in said.inputs]
    if len(tokens) != 1:
        raise Refused("which input is asked, but not which output it must give")
    wanted = _sides(value(tokens[0]), said)
    if len(wanted) != 1:
        raise Refused("an inverse question about an output that is not square was not understood")
    reading = _read(changed_inputs(said))
    text, names = reading.text, dict.fromkeys(("H",), "the side")
    text = text.replace("HxW", "HxH")
    if "HxH" not in text:
        raise Refused("the input's size is asked, but it is stated")
    square = Reading(text, {name: meaning for name, meaning in reading.symbols.items() if name != "W"} | names)
    readings.append(square)
    try:
        rest: dict[str, Any] = {name: symbol(name) for name in square.symbols if name != "H"}
        answer = solve(square.spec(), "H", f"output == {wanted[0]}", rest)
    except (QuestionError, SpecError, ShapeError) as error:
        raise Refused(str(error).split("\n")[0]) from None
    members = sorted(answer.solutions.finite) if answer.solutions else []
    if not members or (answer.solutions and answer.solutions.tail):
        raise Refused(f"no input gives {wanted[0]}")
    if len(members) > 1:
        notes.append(f"every input from {members[0]} to {members[-1]} does; the smallest leaves no row over")
    yield Answer("input", members[0])
