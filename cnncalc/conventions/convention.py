"""What a convention is: a table of which components count, with which factor, for each kind of layer.

A tool's slips are no part of its convention. They are quirks beside it: what the tool really prints
for a layer, and why that differs from its own rule. A slip on the plainest of networks is a habit: the
figure that everybody knows the tool by has it, so it is counted, and named.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from cnncalc.conventions.components import COMPONENTS, ONCE, Seen
from cnncalc.exact.records import changed, record
from cnncalc.exact.sizes import Dim

Factor = int | Callable[[Seen], int | None]  # None: depends on what a spec does not say
Rule = Mapping[str, Factor]  # component -> factor; {}: the tool says 0
Entry = Rule | Callable[[Seen], Rule | None]  # None: no rule for this layer of the kind
Table = Mapping[str, Entry]  # "kind kind ..." -> rule; a kind that is missing: the tool has no rule


@record
class Term:
    """``factor`` for each of ``count`` components; ``component`` is a name in COMPONENTS, or words.

    ``count`` is None where a tool slips by an amount that cannot be known.
    """

    component: str
    count: Dim | None
    factor: int


Terms = tuple[Term, ...]


def total(terms: Terms | None) -> Dim | None:
    """What terms add up to; None where that cannot be known."""
    if terms is None:
        return None
    found: Dim = 0
    for term in terms:
        if term.count is None:
            return None
        found += term.count * term.factor
    return found


def repeated(terms: Terms | None, runs: Dim) -> Terms | None:
    """The terms of a layer that runs several times for one image; what is there once stays."""
    if terms is None or (isinstance(runs, int) and runs == 1):
        return terms
    return tuple(
        term if term.component in ONCE or term.count is None else changed(term, count=term.count * runs)
        for term in terms
    )


def counted(rule: Rule, seen: Seen) -> Terms | None:
    """The terms of a rule for one layer; None where a factor or a count cannot be known."""
    terms: list[Term] = []
    for name, factor in rule.items():
        times = factor if isinstance(factor, int) else factor(seen)
        count = COMPONENTS[name][1](seen)
        if times is None or count is None:
            return None
        if times:
            terms.append(Term(name, count, times))
    return tuple(terms)


@record
class Quirk:
    """A slip of a tool: for these kinds it counts what ``prints`` gives (None: it does not slip here).

    ``modules``: only where they are written as modules, not as functions; ``habit``: counted without --as-is.
    """

    kinds: str
    why: str
    prints: Callable[[Seen], Terms | None]
    source: str = ""
    modules: bool = False
    habit: bool = False


@record
class Convention:
    """How one tool counts one image in evaluation mode.

    ``table``     what its rule is for layers written as PyTorch modules (Keras: layers)
    ``functions`` for layers written as functions (``F.relu``); None: all the same to it
    ``unseen``    what a kind that is not in the table is to the tool
    ``traces``    whether it leaves out layers that no output of the network depends on
    ``of_modules`` whether it runs PyTorch, so that only what PyTorch has a module for can be known
    """

    name: str
    tool: str
    version: str
    unit: str
    counts: str
    source: str
    table: Table
    functions: Table | None = None
    quirks: tuple[Quirk, ...] = ()
    unseen: str = "no rule"
    traces: bool = False
    of_modules: bool = True

    @cached_property
    def rules(self) -> dict[str, Entry]:
        """The entry of each kind that has one."""
        return dict(_spread(self.table))

    @cached_property
    def function_rules(self) -> dict[str, Entry]:
        """The same for layers written as functions."""
        return self.rules if self.functions is None else dict(_spread(self.functions))

    def rule(self, seen: Seen, as_function: bool = False) -> Rule | None:
        """The rule for a layer; None where the tool has none."""
        entry = (self.function_rules if as_function else self.rules).get(seen.layer.kind)
        return entry(seen) if callable(entry) else entry

    def as_printed(self, seen: Seen, as_function: bool, terms: Terms | None) -> tuple[Terms | None, Quirk | None]:
        """What the tool itself counts where its own rule says ``terms``, and the quirk if that differs."""
        if as_function and seen.layer.kind not in self.function_rules:
            return terms, None
        for quirk in self.quirks:
            if seen.layer.kind in quirk.kinds.split() and not (quirk.modules and as_function):
                printed = quirk.prints(seen)
                if printed is not None and printed != terms:
                    return printed, quirk
        return terms, None


def _spread(table: Table) -> Iterator[tuple[str, Entry]]:
    for kinds, entry in table.items():
        for kind in kinds.split():
            yield kind, entry


def unsaid(seen: Seen) -> None:
    """The factor of what a tool counts or not by how it is written, which no spec says."""
    return


def first_shared(kind_factor: int) -> Quirk:
    """A matrix product counted as numbers of the first factor × columns of the second."""

    def prints(seen: Seen) -> Terms | None:
        return counted({"rows": kind_factor}, seen) if COMPONENTS["rows"][1](seen) != seen.facts.macs else None

    return Quirk("matmul", "a first factor that is the same for several matrices is counted for one", prints)


def affine(scaled: int, plain: int) -> Factor:
    """One factor with a learned scale, another without."""
    return lambda seen: scaled if seen.scaled else plain


def normalising(stored: Factor, computed: Factor) -> Factor:
    """One factor with stored statistics, another where they are computed from the batch."""

    def factor(seen: Seen) -> int | None:
        wanted = stored if seen.facts.buffers else computed
        return wanted if isinstance(wanted, int) else wanted(seen)

    return factor


def on_axes(rule: Rule, *ranks: int) -> Entry:
    """The rule for maps with so many spatial axes, none for others."""
    return lambda seen: rule if seen.rank in ranks else None


def by_mode(ranks: tuple[int, ...] = (1, 2, 3), **factors: int) -> Entry:
    """A factor of the numbers out for each mode of interpolation, no rule for the others."""

    def rule(seen: Seen) -> Rule | None:
        known = seen.layer.mode in factors and seen.rank in ranks
        return {"outputs": factors[seen.layer.mode]} if known else None

    return rule
