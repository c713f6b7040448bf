"""Why two conventions differ: what each counts, how many of it there are, and with which factor."""

from collections.abc import Sequence

from cnncalc.conventions.components import COMPONENTS
from cnncalc.conventions.cost import Cost
from cnncalc.exact.records import record
from cnncalc.exact.sizes import Dim


@record
class Line:
    """One component of all layers of a kind that every convention treats alike: ``count`` of it, and each
    convention's factor."""

    kind: str
    component: str
    count: Dim
    factors: tuple[int, ...]

    @property
    def words(self) -> str:
        """What is counted, in words."""
        return COMPONENTS[self.component][0] if self.component in COMPONENTS else self.component

    @property
    def amounts(self) -> tuple[Dim, ...]:
        """What it adds under each convention."""
        return tuple(self.count * factor for factor in self.factors)


def lines(costs: Sequence[Cost]) -> list[Line]:
    """Costs of one network as one sum: under each convention the amounts of all lines add up to its
    total over the layers that every convention knows (see `left_out`)."""
    sums: dict[tuple[str, str, tuple[int, ...]], Dim] = {}
    without = set(left_out(costs))
    for name, layer in costs[0].layers.items():
        if name in without:
            continue
        counts: dict[str, Dim] = {}
        factors: dict[str, list[int]] = {}
        for index, cost in enumerate(costs):
            for term in cost.layers[name].under(cost.as_is) or ():
                counts[term.component] = term.count
                factors.setdefault(term.component, [0] * len(costs))[index] += term.factor
        for component, count in counts.items():
            key = (layer.kind, component, tuple(factors[component]))
            sums[key] = sums.get(key, 0) + count
    return [Line(kind, component, count, factors) for (kind, component, factors), count in sums.items() if count != 0]


def left_out(costs: Sequence[Cost]) -> list[str]:
    """The layers that some convention's count cannot be known of."""
    return [name for name in costs[0].layers if any(cost.of(name) is None for cost in costs)]
