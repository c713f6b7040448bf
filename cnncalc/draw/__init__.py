"""Figures of networks: layer graph, volumes, receptive field, window arithmetic, bars, several networks in a chart.

Every figure is drawn on one SVG canvas, its text measured by the font that is shipped; PNG, PDF and TikZ are made
from the SVG.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cnncalc.analysis import Analysis, analyse
from cnncalc.network import Network

if TYPE_CHECKING:
    from cnncalc.draw.canvas import Figure

KINDS = ("graph", "unet", "volume", "field", "window", "bars", "scatter")


def draw(network: Network | Analysis, kind: str = "graph", **settings: Any) -> "Figure":
    """A figure of a network. Raises ValueError for an unknown kind, ShapeError where it cannot be drawn.

    >>> from cnncalc import load
    >>> draw(load("lenet5"))
    <Figure 'LeNet-5 · 61,706 params · 416,520 MACs', 299 × 684 px>

    ``settings`` are those of the kind's own function: `graph.graph`, `volume.volume`, `field.field`, `window.window`,
    `bars.bars`.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of figure {kind!r}: one of {', '.join(KINDS)}")
    analysis = network if isinstance(network, Analysis) else analyse(network)
    if kind == "scatter":
        return scatter(analysis, **settings)
    from importlib import import_module

    make: Callable[..., Figure] = getattr(import_module(f"cnncalc.draw.{kind}"), kind)
    return make(analysis, **settings)


def scatter(*networks: Network | Analysis, **settings: Any) -> "Figure":
    """Operations against parameters of several networks, bubbles by activations."""
    from cnncalc.draw.chart import chart

    return chart([one if isinstance(one, Analysis) else analyse(one) for one in networks], **settings)


__all__ = ["KINDS", "draw", "scatter"]
