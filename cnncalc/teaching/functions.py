"""What a student's function takes: its parameters by the names people give them, or by their order."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

NAMES = {
    "n": ("n", "input", "input_size", "size", "in_size", "w", "h", "width", "height", "n_in", "h_in", "w_in", "i",
          "insize", "entrada", "ingresso"),
    "k": ("k", "kernel", "kernel_size", "f", "filter", "filter_size", "ksize", "field", "filtro", "ks", "fs"),
    "s": ("s", "stride", "strides", "step", "passo", "paso"),
    "p": ("p", "padding", "pad", "relleno"),
    "d": ("d", "dilation", "dilation_rate", "dil", "dilatazione", "dilatacion"),
    "ci": ("ci", "c_in", "cin", "in_channels", "input_channels", "in_ch", "channels", "c", "in_c", "depth"),
    "co": ("co", "c_out", "cout", "out_channels", "filters", "n_filters", "num_filters", "output_channels", "out_ch",
           "out_c"),
    "g": ("g", "groups", "group", "gruppi", "grupos"),
    "b": ("b", "bias", "use_bias", "with_bias", "sesgo"),
    "layers": ("layers", "chain", "net", "network", "strati", "capas", "l"),
    "kernels": ("kernels", "kernel_sizes", "ks"),
    "strides": ("strides", "ss"),
    "dilations": ("dilations", "ds"),
}  # fmt: skip


class Unsuitable(ValueError):
    """A function that cannot be called with what is asked; the text says what it should take."""


def letters_of(function: Callable[..., Any], order: Sequence[str], least: int) -> list[str]:
    """Which letter each positional parameter stands for, the parameters in their order.

    By name where every name is known and none twice, else by position in ``order``. Raises
    Unsuitable where too few or too many values are taken.
    """
    wanted = ", ".join(NAMES[letter][1] for letter in order)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return list(order)
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return list(order)
    taken = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    required = [one for one in taken if one.default is one.empty]
    if any(one.kind is one.KEYWORD_ONLY and one.default is one.empty for one in parameters):
        raise Unsuitable(f"it must take {wanted} by position")
    named = [_letter(one.name, order) for one in taken]
    if None not in named and len(set(named)) == len(named) and len(named) >= least:
        return [letter for letter in named if letter is not None]
    if len(taken) < least or len(required) > len(order):
        raise Unsuitable(f"it takes {len(taken)} values; it must take {wanted}")
    return list(order[: len(taken)])


def _letter(name: str, order: Sequence[str]) -> str | None:
    return next((letter for letter in order if name.lower() in NAMES[letter]), None)
