"""Calls of Keras and PyTorch layers inside a question, read leniently and never run.

`Conv2D(64, kernel 3, input 28x28x1)` is as good as `nn.Conv2d(3, 64, kernel_size=(3, 3))`.
"""

import re
from collections.abc import Iterator
from typing import Any

from cnncalc.ask.refusal import Refused
from cnncalc.exact.records import fresh, record
from cnncalc.spec.vocabulary import RENAMED, Meaning, class_names

CONTAINERS = frozenset("Sequential add Model ModuleList ModuleDict list OrderedDict".split())
TENSORS = frozenset("randn rand zeros ones empty normal Tensor random_normal uniform".split())
_HEAD = re.compile(r"(?<![\w.])(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)[ ]?\(")
_QUIET = frozenset(
    "activation name kernel_initializer bias_initializer kernel_regularizer trainable dtype device inplace momentum "
    "eps p rate "
    "return_indices weights kernel_constraint init".split()
)
_ACTIVATIONS = frozenset("relu sigmoid tanh softmax linear selu elu gelu swish leaky_relu relu6 none".split())
_WORDS = {
    "kernel": "kernel_size", "kernels": "kernel_size", "k": "kernel_size", "size": "kernel_size",
    "filter": "kernel_size", "pool": "kernel_size", "s": "stride", "pad": "padding", "p": "padding",
    "border_mode": "padding", "subsample": "stride", "nb_filter": "out_channels", "output_dim": "out_features",
    "n_filters": "out_channels", "features": "out_features", "input": "input_shape", "shape": "input_shape",
    "input_dim": "input_shape", "batch_input_shape": "input_shape", "in": "in_channels", "out": "out_channels",
    "dilations": "dilation", "channels": "out_channels", "window": "kernel_size",
}  # fmt: skip


_SEPARABLE = Meaning("separable", ("out_channels", "kernel_size", "stride", "padding"), keras=True)


@record
class Call:
    """A layer as called: its kind in specs, settings by PyTorch's names, and what else the call tells."""

    kind: str
    settings: dict[str, Any] = fresh(default_factory=dict)
    rank: int | None = None
    keras: bool = False
    input: tuple[Any, ...] | None = None
    channels_first: bool | None = None


def find(text: str) -> Iterator[tuple[int, int, Any]]:
    """Calls of layers: where each stands, and what it is. A container's name and bracket are blank."""
    at = 0
    for found in _HEAD.finditer(text):
        if found.start() < at:
            continue
        name = found[1]
        if name in CONTAINERS:
            yield found.start(), found.end(), None
            at = found.end()
            continue
        sort = "tensor" if name in TENSORS else "input" if name in ("Input", "InputLayer") else _known(name)
        if not sort:
            continue
        end = _closing(text, found.end())
        if end < 0:
            continue
        inside = text[found.end() : end]
        at = end + 1
        after = re.compile(r"\(\s*[A-Za-z_]\w*\s*\)").match(text, at)  # Keras's functional style: the call on a tensor
        at = after.end() if after else at
        if sort == "tensor":
            yield found.start(), at, tuple(_numbers(inside))
        elif sort == "input":
            yield found.start(), at, ("input", *_input(inside))
        else:
            yield found.start(), at, _call(name, class_names().get(name, _SEPARABLE), inside)


def _known(name: str) -> str:
    return "layer" if name in class_names() or name == "SeparableConv2D" or name == "SeparableConv1D" else ""


def _closing(text: str, start: int) -> int:
    depth = 1
    for i in range(start, min(len(text), start + 600)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    return -1


def _split(inside: str) -> list[str]:
    """Arguments at the top level."""
    parts, depth, start = [], 0, 0
    for i, character in enumerate(inside):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append(inside[start:i].strip())
            start = i + 1
    parts.append(inside[start:].strip())
    return [part for part in parts if part]


def _numbers(inside: str) -> Iterator[Any]:
    for part in _split(inside):
        if part.isdigit():
            yield int(part)


def _input(inside: str) -> tuple[Any, ...]:
    parts = _split(inside)
    if len(parts) > 1 and all(part.isdigit() for part in parts):
        return tuple(int(part) for part in parts)
    for part in parts:
        value = _value(part.partition("=")[2] or part)
        if isinstance(value, tuple):
            return value
        if isinstance(value, int):
            return (value,)
    return ()


def _call(name: str, sense: Meaning, inside: str) -> Call:
    settings: dict[str, Any] = {key: given for key, given in sense.fixed.items() if key != "mode"}
    extra: dict[str, Any] = {}
    places = list(sense.order)
    arguments = _split(inside)
    if name.startswith("Convolution") and len(arguments) >= 3 and all(part.isdigit() for part in arguments[1:3]):
        arguments[1:3] = [f"({arguments[1]},{arguments[2]})"]  # Keras 1 gave the rows and columns of the kernel apart
    for number, argument in enumerate(arguments):
        key, value = _argument(argument, name, places[number] if number < len(places) else "")
        if key == "":
            continue
        target = extra if key in ("input_shape", "data_format") else settings
        target[key] = value
    kind = sense.kind
    if name.startswith("Depthwise"):
        kind = "depthwise"
        settings = {key: given for key, given in settings.items() if key not in ("out_channels", "groups")}
    if settings.get("padding") in ("same", "SAME") and sense.keras:
        settings["padding"] = "tf_same"
    first = {"channels_first": True, "channels_last": False}.get(str(extra.get("data_format", "")))
    given = extra.get("input_shape")
    shape = given if isinstance(given, tuple) or given is None else (given,)
    return Call(kind, settings, sense.rank, sense.keras, shape, first)


def _argument(argument: str, name: str, place: str) -> tuple[str, Any]:
    """One argument as (field, value); ("", None) for what carries no arithmetic."""
    keyed = re.fullmatch(r"([A-Za-z_]\w*)\s*[=:]\s*(.+)", argument, re.S) or re.fullmatch(
        r"(kernel|kernel_size|filters?|stride|strides|s|pad|padding|input|pool|dilation|groups|units|shape)\s+(.+)",
        argument,
    )
    if keyed:
        key = keyed[1]
        if key in _QUIET:
            return "", None
        known = _WORDS.get(key) or RENAMED.get(key, key)
        return known, _value(keyed[2])
    value = _value(argument)
    if isinstance(value, str):
        low = value.lower()
        if low in _ACTIVATIONS:
            return "", None
        if low in ("same", "valid"):
            return "padding", low
        short = re.fullmatch(r"([sk])(\d+)", low)
        if short:
            return {"s": "stride", "k": "kernel_size"}[short[1]], int(short[2])
        if low == "?":
            return place, "?"
        raise Refused(f"'{argument[:40]}' in {name}(...) was not understood")
    if not place:
        raise Refused(f"{name}(...) has one value too many: '{argument[:40]}'")
    return place, value


def _value(text: str) -> Any:
    """A number, a tuple of them, True, False or a word."""
    text = text.strip().strip("'\"").strip()
    if text.isdigit():
        return int(text)
    if re.fullmatch(r"\d+(\s*[x*]\s*\d+)+", text):
        return tuple(int(part) for part in re.split(r"\s*[x*]\s*", text))
    inner = re.fullmatch(r"[(\[]\s*(.*?)\s*,?\s*[)\]]", text, re.S)
    if inner:
        parts = [part.strip() for part in inner[1].split(",")]
        if all(part.isdigit() or part in ("None", "?") for part in parts):
            return tuple(int(part) if part.isdigit() else "?" for part in parts)
    if text in ("True", "False", "true", "false"):
        return text.lower() == "true"
    if text in ("None", "?", "..."):
        return "?"
    if re.fullmatch(r"\d+\.\d+", text):
        return float(text)
    return text.lower() if text.lower() in ("same", "valid", "full", "causal") else text
