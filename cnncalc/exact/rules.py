"""A requirement as data: asked, not raised, so that symbols can leave it open."""

from typing import Any, Literal

from cnncalc.exact.records import fresh, record
from cnncalc.exact.sizes import Dim, times


class ShapeError(ValueError):
    """A layer cannot take what it is given; the text says why, with the numbers."""


@record
class Rule:
    """``gap`` must be >= 0 or = 0. The reason is written only when somebody asks;
    sizes in it print as 3×5."""

    gap: Dim
    sign: Literal[">=", "="]
    template: str
    values: dict[str, Any] = fresh(default_factory=dict)

    @property
    def why(self) -> str:
        shown = {name: times(value) if isinstance(value, tuple) else value for name, value in self.values.items()}
        return self.template.format(**shown)

    def holds(self) -> bool | None:
        """True or False for integers; None where a symbol leaves it undecided."""
        gap = self.gap
        if not isinstance(gap, int):
            return gap.holds(self.sign)  # type: ignore[no-any-return]
        return gap == 0 if self.sign == "=" else gap >= 0
