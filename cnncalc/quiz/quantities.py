"""What an exercise can ask for: each quantity is the house's own rule, on values by their textbook letters.

The letters: n size, k kernel, s stride, p padding a side, P padding of both sides (2p unless a slip says
otherwise), d dilation, op output padding, ci and co channels, g groups, b bias (0 or 1), fin and fout
features. A slip (`cnncalc.quiz.slips`) changes the values, the rule or the result.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

from cnncalc.exact.records import record
from cnncalc.exact.sizes import prod, transposed_size, window_count
from cnncalc.exact.windows import grown
from cnncalc.layers import Facts, kind

Values = Mapping[str, Any]
Number = int | Fraction
Evaluate = Callable[[str, Values], Number]  # a quantity's name and its values to a number


@record
class Quantity:
    """A rule on named values; ``needs`` are the letters that must be given, the rest have defaults."""

    name: str
    needs: tuple[str, ...]
    rule: Callable[[Values], Number]


def window(v: Values) -> int:
    """Places of a window on an axis; `window_count`."""
    return window_count(v["n"], v["k"], v["s"], padding_of(v), v.get("d", 1))  # type: ignore[no-any-return]


def padding_of(v: Values) -> int:
    """The padding of both sides together."""
    return v["P"] if "P" in v else 2 * v.get("p", 0)  # type: ignore[no-any-return]


def transposed(v: Values) -> int:
    """A side after a transposed convolution; `transposed_size`."""
    sizes = (v["n"], v["k"], v["s"], padding_of(v), v.get("op", 0), v.get("d", 1))
    return transposed_size(*sizes)  # type: ignore[no-any-return]


@lru_cache(maxsize=1 << 14)
def conv_facts(ci: int, co: int, kernel: Any, g: int, b: bool, size: Any, s: Any, p: Any, d: int) -> Facts:
    """What a two-dimensional convolution states of a ci × size × size map."""
    sides = size if isinstance(size, tuple) else (size, size)
    layer = kind("conv")(out_channels=co, kernel_size=kernel, stride=s, padding=p, dilation=d, groups=g, bias=b)
    return layer.facts((ci, *sides))


def conv_params(v: Values) -> int:
    """Learned numbers of a convolution; they depend on no size, so the smallest map will do."""
    return _one_window(v).params  # type: ignore[no-any-return]


def _one_window(v: Values) -> Facts:
    kernel = v["k"]
    return conv_facts(v["ci"], v["co"], kernel, v.get("g", 1), bool(v.get("b", 1)), kernel, 1, 0, 1)


def dense_params(v: Values) -> int:
    """Learned numbers of a linear layer."""
    layer = kind("linear")(out_features=v["fout"], bias=bool(v.get("b", 1)))
    return layer.facts((v["fin"],)).params  # type: ignore[no-any-return]


def norm_trainable(v: Values) -> int:
    """Learned numbers of a batch norm."""
    return kind("batch_norm")().facts((v["co"], 1, 1)).params  # type: ignore[no-any-return]


def norm_total(v: Values) -> int:
    """All numbers a batch norm stores: learned ones and running statistics."""
    facts = kind("batch_norm")().facts((v["co"], 1, 1))
    return facts.params + facts.buffered  # type: ignore[no-any-return]


def flat(v: Values) -> int:
    """Features after flattening a map of co × ho × wo."""
    return prod((v["co"], v["ho"], v["wo"]))


def macs(v: Values) -> int:
    """Multiply-accumulates of a convolution over ho × wo output positions."""
    return prod((v["ho"], v["wo"])) * _one_window({**v, "b": 0}).macs  # type: ignore[no-any-return]


def flops(v: Values) -> int:
    """Multiplications and additions counted apart."""
    return 2 * macs(v)


def field(v: Values) -> int:
    """The receptive field behind ``L``, a list of (kernel, stride, dilation); `grown`, layer by layer."""
    size, jump = 1, 1
    for k, s, d in v["L"]:
        size, jump = grown(size, k, jump, d), jump * s
    return size


def bytes_of(v: Values) -> int:
    """Memory of a batch of maps co × ho × wo in numbers of ``width`` bytes."""
    return prod((v["batch"], v["co"], v["ho"], v["wo"], v["width"]))


QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("conv_size", ("n", "k", "s"), window),
        Quantity("pool_size", ("n", "k", "s"), window),
        Quantity("transposed_size", ("n", "k", "s"), transposed),
        Quantity("conv_params", ("ci", "co", "k"), conv_params),
        Quantity("dense_params", ("fin", "fout"), dense_params),
        Quantity("norm_trainable", ("co",), norm_trainable),
        Quantity("norm_total", ("co",), norm_total),
        Quantity("flat", ("co", "ho", "wo"), flat),
        Quantity("macs", ("ci", "co", "k", "ho", "wo"), macs),
        Quantity("flops", ("ci", "co", "k", "ho", "wo"), flops),
        Quantity("field", ("L",), field),
        Quantity("bytes", ("batch", "co", "ho", "wo", "width"), bytes_of),
    )
}


def house(quantity: str, values: Values) -> Number:
    """The right value.

    >>> house("conv_size", {"n": 227, "k": 11, "s": 4})
    55
    >>> house("conv_params", {"ci": 3, "co": 96, "k": 11})
    34944
    """
    return QUANTITIES[quantity].rule(values)
