"""What Hypothesis calls when it is imported: tells it how to draw a Network, and loads nothing for it."""

from typing import Any


def register() -> None:
    """Make ``st.from_type(cnncalc.Network)`` draw `cnncalc.strategies.networks`."""
    from hypothesis import strategies as st

    from cnncalc.network import Network

    def drawn(_: Any) -> Any:
        from cnncalc.strategies import networks

        return networks()

    st.register_type_strategy(Network, drawn)
