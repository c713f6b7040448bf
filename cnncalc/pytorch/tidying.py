"""Layers that belong together put together: a norm between two permutes, a shuffle of channels, chains of views.

Every rewrite computes the same numbers, with the same parameters and MACs, in fewer layers.
"""

from __future__ import annotations

from cnncalc.exact.sizes import Shape
from cnncalc.layers import Layer, kind
from cnncalc.pytorch.reader import Draft, Ref

VIEWS = ("reshape", "flatten")


def tidy(drafts: list[Draft], outputs: list[Draft]) -> tuple[list[Draft], dict[Draft, Ref]]:
    """The layers that are left, and what stands for those of ``outputs`` that are gone."""
    work = _Tidy(drafts, outputs)
    for draft in drafts:
        work.look(draft)
    work.drop_unread()
    left = [draft for draft in drafts if draft not in work.gone]
    for draft in left:
        draft.inputs = tuple(work.now(ref) for ref in draft.inputs)
    return left, {draft: work.now((draft, None)) for draft in outputs}


class _Tidy:
    def __init__(self, drafts: list[Draft], outputs: list[Draft]) -> None:
        self.drafts, self.outputs = drafts, {*outputs}
        self.gone: dict[Draft, Ref | None] = {}
        self.readers: dict[Draft, list[Draft]] = {draft: [] for draft in drafts}
        for draft in drafts:
            for source, _ in draft.inputs:
                if isinstance(source, Draft):
                    self.readers[source].append(draft)

    def now(self, ref: Ref) -> Ref:
        """What stands where a layer stood."""
        source, part = ref
        while isinstance(source, Draft) and self.gone.get(source) is not None:
            source, part = self.gone[source]  # type: ignore[misc]
        return source, part

    def before(self, draft: Draft, *kinds: str) -> Draft | None:
        """The layer a layer reads, if it is of one of these kinds and nothing else reads it."""
        source, part = self.now(draft.inputs[0])
        if not isinstance(source, Draft) or part is not None or source.layer.kind not in kinds:
            return None
        return source if self.readers[source] == [draft] and source not in self.outputs else None

    def become(self, draft: Draft, layer: Layer, ref: Ref, shape: Shape, *gone: Draft) -> None:
        """Another layer in a layer's place, reading further back; those between are gone."""
        draft.layer, draft.facts = layer, layer.facts(shape)
        draft.inputs = (ref,)
        for one in gone:
            self.gone[one] = None
        if isinstance(ref[0], Draft):
            self.readers[ref[0]] = [draft if reader in gone else reader for reader in self.readers[ref[0]]]

    def look(self, draft: Draft) -> None:
        if draft.layer.kind in VIEWS:
            self._shuffle(draft) or self._views(draft)
        elif draft.layer.kind == "permute":
            self._norm(draft)

    def _norm(self, last: Draft) -> None:
        """Channels to the end, a norm of the last axis, channels back: a norm over the channels."""
        rank = len(last.facts.output)
        norm = self.before(last, "layer_norm")
        first = norm and self.before(norm, "permute")
        if not norm or not first or rank < 2 or norm.layer.over != "last":  # type: ignore[attr-defined]
            return
        there, back = (*range(2, rank + 1), 1), (rank, *range(1, rank))
        if first.layer.dims == there and last.layer.dims == back:  # type: ignore[attr-defined]
            self.become(norm, norm.layer.but(over="channels"), self.now(first.inputs[0]), last.facts.output, first)
            self.gone[last] = (norm, None)
            self.readers[norm] = self.readers[last]
            if last in self.outputs:
                self.outputs.add(norm)

    def _shuffle(self, last: Draft) -> bool:
        """Channels as a table, the table turned, channels again: a channel shuffle."""
        turned = self.before(last, "permute")
        table = turned and self.before(turned, *VIEWS)
        if not turned or not table:
            return False
        output, (groups, *rest) = last.facts.output, table.facts.output
        order = tuple(range(1, len(rest) + 2))
        swapped = turned.layer.dims == (2, 1, *order[2:])  # type: ignore[attr-defined]
        if not swapped or not 2 <= len(output) <= 4 or tuple(rest[1:]) != output[1:] or groups * rest[0] != output[0]:
            return False
        source = self.now(table.inputs[0])
        if _shape(source) not in (None, output):
            return False
        self.become(last, kind("channel_shuffle")(groups=groups), source, output, turned, table)
        return True

    def _views(self, last: Draft) -> None:
        """A view of a view is a view."""
        first = self.before(last, *VIEWS)
        if first is None:
            return
        source = self.now(first.inputs[0])
        last.inputs = (source,)
        self.gone[first] = None
        if isinstance(source[0], Draft):
            self.readers[source[0]] = [last if one is first else one for one in self.readers[source[0]]]
        if _shape(source) == last.facts.output and last not in self.outputs:
            self.gone[last] = source
            if isinstance(source[0], Draft):
                others = [one for one in self.readers[source[0]] if one is not last]
                self.readers[source[0]] = others + self.readers[last]

    def drop_unread(self) -> None:
        """Views that nothing reads."""
        for draft in reversed(self.drafts):
            if draft in self.gone or draft in self.outputs or not draft.layer.view or self.readers[draft]:
                continue
            self.gone[draft] = None
            for ref in draft.inputs:
                source, _ = self.now(ref)
                if isinstance(source, Draft):
                    self.readers[source] = [one for one in self.readers[source] if one is not draft]


def _shape(ref: Ref) -> Shape | None:
    """What a tensor's shape is, where a layer makes it."""
    source, part = ref
    if isinstance(source, str):
        return None
    return source.facts.output if part is None else source.facts.parts[part]
