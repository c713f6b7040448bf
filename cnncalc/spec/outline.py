"""Whether a document's outline is plainly right, told without pydantic.

pydantic (`cnncalc.spec.document`) says what a spec may hold and words every complaint, but importing
it takes half as long again as everything else a summary does. A document that passes here is one that
pydantic accepts too - a property test holds the two together - and needs no second opinion.
"""

from collections.abc import Callable, Mapping
from typing import Any

from cnncalc.exact.expressions import NAME

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    return isinstance(value, str)


def whole(value: Any) -> bool:
    return type(value) is int


def number(value: Any) -> bool:
    return type(value) in (int, float)


def anything(value: Any) -> bool:
    return True


def either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def listed(item: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(item, value))


def mapped(item: Check, names: Check = anything) -> Check:
    return lambda value: isinstance(value, dict) and all(names(key) and item(entry) for key, entry in value.items())


def keyed(checks: Mapping[str, Check], needed: tuple[str, ...] = ()) -> Check:
    def check(value: Any) -> bool:
        if not isinstance(value, dict) or any(name not in value for name in needed):
            return False
        return all(key in checks and checks[key](entry) for key, entry in value.items())

    return check


def symbol(name: Any) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None and name[0] != "_"


def nothing(value: Any) -> bool:
    return value is None


def both(one: Check, other: Check) -> Check:
    return lambda value: one(value) and other(value)


def corrected(figure: Mapping[str, Any]) -> bool:
    """Whether a published figure that is wrong is one quantity, and says why."""
    return "right" not in figure or (bool(figure.get("why")) and len(figure.keys() & QUANTITIES) == 1)


CORRECTION = "a right value stands beside one quantity, and needs a why"


texts = either(text, listed(text))
sizes = either(text, whole, listed(either(whole, text)))
figures: dict[str, Check] = dict.fromkeys(("params", "weights", "macs"), number)
figures |= dict.fromkeys(("buffers", "connections", "neurons", "receptive_field", "jump"), whole)
figures |= {"output": listed(whole)}
QUANTITIES = frozenset(figures)
figures |= dict.fromkeys(("of", "variant", "source", "why"), text)
figures |= {"right": either(number, listed(whole)), "within": number, "at": mapped(whole, symbol)}

plainly_right: Check = keyed(
    {
        "name": text,
        "source": text,
        "year": whole,
        "notes": texts,
        "functional": texts,
        "published": listed(both(keyed(figures), corrected)),
        "symbols": mapped(either(number, text, nothing), symbol),
        "variants": mapped(either(nothing, mapped(either(number, text), symbol)), symbol),
        "input": either(sizes, mapped(sizes, symbol)),
        "use": texts,
        "blocks": mapped(anything, text),
        "layers": anything,
        "outputs": texts,
    },
    needed=("input", "layers"),
)
