"""What a check found: how much was compared, what differs, what was measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

COUNTED = ("layers", "shapes", "tensors", "types", "macs", "bytes")


@dataclass(frozen=True)
class Difference:
    """Something PyTorch says otherwise: which layer, which quantity, both values."""

    layer: str
    quantity: str
    cnncalc: Any
    pytorch: Any


@dataclass
class Report:
    """What was compared, on what, and what differs.

    ``checked`` counts the comparisons made, by what was compared; ``measured`` holds figures that
    are not compared but explained: memory inside layers, training, the allocator, latency.
    """

    network: str
    device: str
    torch: str
    batch: int = 1
    checked: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    differences: list[Difference] = field(default_factory=list)
    measured: dict[str, Any] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        return not self.differences

    def compare(self, layer: str, quantity: str, counted: str, ours: Any, theirs: Any) -> None:
        """Count one comparison under ``counted``; remember it where the two values differ."""
        self.checked[counted] = self.checked.get(counted, 0) + 1
        if ours != theirs:
            self.differ(layer, quantity, ours, theirs)

    def differ(self, layer: str, quantity: str, ours: Any, theirs: Any) -> None:
        """Remember a difference."""
        self.differences.append(Difference(layer, quantity, ours, theirs))

    def document(self) -> dict[str, Any]:
        """The report as plain data, docs/json.md."""
        return {
            "schema": "cnncalc.check/1",
            "network": self.network,
            "status": "agrees" if self.agrees else "differs",
            "device": self.device,
            "torch": self.torch,
            "batch": self.batch,
            "checked": self.checked,
            "differences": [vars(difference) for difference in self.differences],
            "measured": self.measured,
        }
