"""A requirement as data: asked, not raised, so that symbols can leave it open."""

from typing import Any, Literal

from cnncalc.exact.records import fresh, record
from cnncalc.exact.sizes import Dim, times


class ShapeError(ValueError):
    """A layer cannot take what it is given; the text says why, with the numbers."""


@record
class Rule:
    """``gap`` must be >= 0 or = 0, or else one of ``unless`` = 0 (a size of 1 broadcasts).

    The reason is written only when somebody asks; sizes in it print as 3×5.
    """

    gap: Dim
    sign: Literal[">=", "="]
    template: str
    values: dict[str, Any] = fresh(default_factory=dict)
    unless: tuple[Dim, ...] = ()

    @property
    def why(self) -> str:
        shown = {name: times(value) if isinstance(value, tuple) else value for name, value in self.values.items()}
        return self.template.format(**shown)

    def holds(self) -> bool | None:
        """True or False for integers; None where a symbol leaves it undecided."""
        holds = _holds(self.gap, self.sign)
        if holds is False and any(_holds(gap, "=") is not False for gap in self.unless):
            return None
        return holds


def _holds(gap: Dim, sign: str) -> bool | None:
    if not isinstance(gap, int):
        return gap.holds(sign)  # type: ignore[no-any-return]
    return gap == 0 if sign == "=" else gap >= 0
