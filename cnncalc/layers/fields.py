"""What a hyperparameter may be: one small reader for each type of field.

A reader turns what a spec holds (numbers, text, lists) into the value a layer stores, or raises
ValueError with the rest of the sentence "kernel_size must be ...". ``number`` evaluates one scalar.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Any

Number = Callable[[Any], Any]
Schema = dict[str, Any]

_EXPRESSION: Schema = {"type": "string", "description": "an expression over the symbols"}


def whole(value: Any, least: int | None, what: str) -> Any:
    """``value`` if it is a whole number >= least (or a symbol)."""
    if isinstance(value, bool | float | Fraction | str | list | dict | None):
        raise ValueError(f"must be {what}, not {shown(value)}")
    if isinstance(value, int) and least is not None and value < least:
        raise ValueError(f"must be {what}, not {value}")
    return value


def shown(value: Any) -> str:
    """A value as an error message quotes it, never long."""
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


class Reader:
    """The type of one field."""

    what = "a value"

    def read(self, raw: Any, number: Number) -> Any:
        raise ValueError(f"must be {self.what}")

    def raw(self, value: Any) -> Any:
        """What a spec would hold for ``value``: the way back from `read`."""
        return [self.raw(part) for part in value] if isinstance(value, tuple) else value

    def schema(self) -> Schema:
        return {}


class Whole(Reader):
    """A whole number of at least ``least``."""

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most
        self.what = {1: "a positive whole number", 0: "a whole number, 0 or more"}.get(
            least if least is not None else -1, "a whole number"
        )

    def read(self, raw: Any, number: Number) -> Any:
        return whole(number(raw), self.least, self.what)

    def schema(self) -> Schema:
        bound = {} if self.least is None else {"minimum": self.least}
        return {"anyOf": [{"type": "integer"} | bound, _EXPRESSION]}


class PerAxis(Reader):
    """One whole number for all axes, or one for each: 3, 3x3, [3, 3]."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.what = f"{Whole(least).what}, or one for each axis such as 3x3"

    def read(self, raw: Any, number: Number) -> Any:
        parts = _crossed(raw, number)
        if not isinstance(parts, list):
            return whole(number(parts), self.least, self.what)
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        return tuple(whole(number(part), self.least, self.what) for part in parts)

    def schema(self) -> Schema:
        one = Whole(self.least).schema()["anyOf"]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}, "minItems": 1, "maxItems": 3}]}


class Sides(Reader):
    """Amounts around a map: 1, 1x2 (an axis each), [[0, 1], [0, 1]] (before and after), or a mode."""

    def __init__(self, least: int | None, modes: tuple[str, ...] = ()) -> None:
        self.least, self.modes = least, modes
        self.what = "a whole number, one for each axis, or a pair of them for each axis"
        if modes:
            self.what += f", or one of {', '.join(modes)}"

    def read(self, raw: Any, number: Number) -> Any:
        if isinstance(raw, str) and raw in self.modes:
            return raw
        parts = _crossed(raw, number)
        if not isinstance(parts, list):
            return whole(number(parts), self.least, self.what)
        if not 1 <= len(parts) <= 3:
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        return tuple(self._side(part, number) for part in parts)

    def _side(self, part: Any, number: Number) -> Any:
        if isinstance(part, list):
            if len(part) != 2:
                raise ValueError("must give two amounts, before and after, for each axis")
            return tuple(whole(number(side), self.least, self.what) for side in part)
        return whole(number(part), self.least, self.what)

    def schema(self) -> Schema:
        one = Whole(self.least).schema()["anyOf"]
        pair = {"type": "array", "items": {"anyOf": one}, "minItems": 2, "maxItems": 2}
        axes = {"type": "array", "items": {"anyOf": [*one, pair]}, "minItems": 1, "maxItems": 3}
        modes = [{"enum": list(self.modes)}] if self.modes else []
        return {"anyOf": [*modes, *one, axes]}


class Flag(Reader):
    """true or false, or an expression that is; in the short form the bare word, or the word after ``no``."""

    what = "true or false"

    def read(self, raw: Any, number: Number) -> Any:
        if raw in ("true", "false"):
            return raw == "true"
        value = number(raw)
        if value not in (0, 1):
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        return bool(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "boolean"}, _EXPRESSION]}


class Real(Reader):
    """A number with a fraction: a rate, a slope, a scale factor."""

    def __init__(self, least: float | None = None, most: float | None = None, above: float | None = None) -> None:
        self.least, self.most, self.above = least, most, above
        ends = [f"at least {least:g}" if least is not None else "", f"above {above:g}" if above is not None else ""]
        ends.append(f"at most {most:g}" if most is not None else "")
        self.what = " ".join(["a number", " and ".join(end for end in ends if end)]).strip()

    def read(self, raw: Any, number: Number) -> Any:
        value: Any = raw if isinstance(raw, float) else number(raw)
        if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        value = float(value) if isinstance(value, Fraction) else value
        inside = (
            (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
            and abs(value) <= 1e12
        )
        if not inside:
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        return int(value) if value == int(value) else float(value)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number"}, _EXPRESSION]}


class Choice(Reader):
    """One of a few words (or true and false)."""

    def __init__(self, *words: str | bool) -> None:
        self.words = words
        self.what = "one of " + ", ".join(str(word).lower() for word in words)

    def read(self, raw: Any, number: Number) -> Any:
        if isinstance(raw, str) and raw in ("true", "false"):
            raw = raw == "true"
        if not isinstance(raw, str | bool) or raw not in self.words:
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        return raw

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


class Sizes(Reader):
    """A list of whole numbers: 16x5x5, [16, 5, 5]."""

    def __init__(self, least: int = 1, longest: int = 8) -> None:
        self.least, self.longest = least, longest
        self.what = f"a list of whole numbers such as 16x5x5, each at least {least}"

    def read(self, raw: Any, number: Number) -> Any:
        parts = _crossed(raw, number)
        parts = parts if isinstance(parts, list) else [parts]
        if not 1 <= len(parts) <= self.longest:
            raise ValueError(f"must be {self.what}, with at most {self.longest} entries")
        return tuple(whole(number(part), self.least, self.what) for part in parts)

    def schema(self) -> Schema:
        one = Whole(self.least).schema()["anyOf"]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}]}


class Table(Reader):
    """A list of lists of whole numbers: which input maps each output map reads."""

    what = "a list of lists of input map numbers, one list for each output map"

    def read(self, raw: Any, number: Number) -> Any:
        if not isinstance(raw, list) or not raw or not all(isinstance(row, list) and row for row in raw):
            raise ValueError(f"must be {self.what}")
        if len(raw) > 4096 or sum(map(len, raw)) > 65_536:
            raise ValueError("must have at most 4,096 rows and 65,536 entries")
        return tuple(tuple(whole(number(entry), 0, self.what) for entry in row) for row in raw)

    def schema(self) -> Schema:
        row = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1}
        return {"type": "array", "items": row, "minItems": 1}


class Range(Reader):
    """A part of an axis: 0:58, 58:, :58; the end is not included."""

    what = "a range such as 0:58 (the end is not included)"

    def read(self, raw: Any, number: Number) -> Any:
        ends = raw.split(":") if isinstance(raw, str) else raw
        if not isinstance(ends, list) or len(ends) != 2:
            raise ValueError(f"must be {self.what}, not {shown(raw)}")
        start = 0 if ends[0] in ("", None) else whole(number(ends[0]), 0, self.what)
        stop = None if ends[1] in ("", None) else whole(number(ends[1]), 1, self.what)
        return (start, stop)

    def raw(self, value: Any) -> Any:
        start, stop = value
        return f"{start}:{'' if stop is None else stop}"

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^[^:]*:[^:]*$"}


class Maybe(Reader):
    """The same, or null for "not given"."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.what = reader.what

    def read(self, raw: Any, number: Number) -> Any:
        return None if raw is None else self.reader.read(raw, number)

    def raw(self, value: Any) -> Any:
        return None if value is None else self.reader.raw(value)

    def schema(self) -> Schema:
        return {"anyOf": [self.reader.schema(), {"type": "null"}]}


_CROSSED = re.compile(r"[0-9]+([x×,][0-9]+)+")


def _crossed(raw: Any, number: Number) -> Any:
    """ "3x5" as ["3", "5"]; what is one expression stays one (``expansion``, ``max(1,2)``)."""
    if isinstance(raw, tuple):
        return list(raw)
    if not isinstance(raw, str) or not re.search("[x×,\\[]", raw):
        return raw
    if _is_bracketed(raw):
        return _bracketed(raw)
    if not _CROSSED.fullmatch(raw):
        try:
            number(raw)
        except ValueError:
            pass
        else:
            return raw
    return re.split("[x×]", raw) if "," not in raw else raw.removeprefix("(").removesuffix(")").split(",")


def _is_bracketed(text: str) -> bool:
    """Whether one pair of square brackets holds everything."""
    if not (text.startswith("[") and text.endswith("]")):
        return False
    depth = 0
    for i, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return i == len(text) - 1
    return False


def _bracketed(text: str) -> list[Any]:
    """A list written out in the short form, "[[1,2],[3,4]]", as nested lists of text."""
    parts, depth, start = [], 0, 1
    for i, character in enumerate(text):
        depth += (character in "[(") - (character in ")]")
        if (character == "," and depth == 1) or i == len(text) - 1:
            part = text[start:i].strip()
            parts.append(_bracketed(part) if _is_bracketed(part) else part)
            start = i + 1
    return parts


Count = Annotated[int, Whole(1)]
Natural = Annotated[int, Whole(0)]
Given = Annotated[int | None, Maybe(Whole(1))]
Positive = Annotated[int | tuple[int, ...], PerAxis(1)]
PositiveOrNone = Annotated[int | tuple[int, ...] | None, Maybe(PerAxis(1))]
NaturalPerAxis = Annotated[int | tuple[int, ...], PerAxis(0)]
Bool = Annotated[bool, Flag()]
Number_ = Annotated[float, Real()]


def readers(annotations: Mapping[str, Any]) -> dict[str, Reader]:
    """The readers of a layer class's fields, from its annotations."""
    return {name: annotation.__metadata__[0] for name, annotation in annotations.items()}
