"""What a notebook shows for a network or an analysis: the layer graph and the table under it."""

from collections.abc import Callable, Container

from cnncalc.analysis import Analysis, analyse
from cnncalc.draw.graph import graph
from cnncalc.network import Network
from cnncalc.report.summary import as_html, heading, table


def bundle(
    shown: Network | Analysis, include: Container[str] | None = None, exclude: Container[str] | None = None
) -> dict[str, str]:
    """The MIME types a notebook may choose from; only those it asks for are made.

    The figures have no ids, so that any number of them can stand in one page.
    """
    analysis = shown if isinstance(shown, Analysis) else analyse(shown)
    makers: dict[str, Callable[[], str]] = {
        "text/plain": lambda: f"{heading(analysis)}\n\n{table(analysis)}",
        "image/svg+xml": lambda: graph(analysis).svg,
        "text/html": lambda: f"<div>{graph(analysis).svg}</div>\n{as_html(analysis)}",
    }
    wanted = [kind for kind in makers if include is None or kind in include]
    return {kind: makers[kind]() for kind in wanted if exclude is None or kind not in exclude}
