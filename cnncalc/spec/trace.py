"""The course of a network's making: which line of a spec made which layers, block by block.

A network is flat; whoever writes it out again (as code, as a figure) wants the blocks and repeats
back. `Tracer` is the `Builder` that remembers them.
"""

from collections.abc import Mapping
from typing import Any

from cnncalc.exact.records import fresh, mutable
from cnncalc.exact.sizes import Shape
from cnncalc.layers import Layer
from cnncalc.spec.build import Builder, Frame
from cnncalc.spec.errors import Place
from cnncalc.spec.items import Block, Item


@mutable
class Step:
    """One item at work: the layers it made itself, and the lists of items it ran inside."""

    item: Item
    start: str
    end: str = ""
    nodes: list[str] = fresh(default_factory=list)
    runs: list["Run"] = fresh(default_factory=list)


@mutable
class Run:
    """A list of items at work, one `Step` an item: a block called once, one branch, one round of a repeat."""

    start: str
    values: Mapping[str, Any]
    prefix: str
    end: str = ""
    steps: list[Step] = fresh(default_factory=list)


class Tracer(Builder):
    """A builder whose ``course`` tells afterwards how the network came about."""

    def __init__(self, blocks: Mapping[str, Block], inputs: Mapping[str, Shape], symbols: Mapping[str, Any]) -> None:
        super().__init__(blocks, inputs, symbols)
        self.course = Run("", symbols, "")
        self._running: Run | None = None
        self._open: list[Step] = []

    def run(self, items: list[Item], cursor: str, frame: Frame) -> str:
        run = Run(cursor, frame.values, frame.prefix)
        outer, self._running = self._running, run
        if self._open:
            self._open[-1].runs.append(run)
        else:
            self.course = run
        run.end = super().run(items, cursor, frame)
        self._running = outer
        return run.end

    def _step(self, item: Item, cursor: str, frame: Frame) -> str:
        step = Step(item, cursor)
        if self._running is not None:
            self._running.steps.append(step)
        self._open.append(step)
        try:
            step.end = super()._step(item, cursor, frame)
        finally:
            self._open.pop()
        return step.end

    def _add(
        self,
        layer: Layer,
        inputs: tuple[str, ...],
        name: str | None,
        place: Place,
        frame: Frame,
        frozen: bool = False,
        shares: str | None = None,
    ) -> str:
        full = super()._add(layer, inputs, name, place, frame, frozen, shares)
        self._open[-1].nodes.append(full)
        return full
