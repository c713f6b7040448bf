"""Colours: one pale hue with a darker border for each family of layers, on a light or a dark page."""

from collections.abc import Mapping

from cnncalc.exact.records import record
from cnncalc.layers import FAMILY_OF

Pair = tuple[str, str]  # fill, border

HUES = {  # what a family is painted as
    "convolution": "conv",
    "pooling": "pool",
    "dense": "dense",
    "normalisation": "norm",
    "activation": "act",
    "reshaping": "shape",
    "resampling": "resample",
    "joining": "join",
    "tensors": "shape",
}


@record
class Theme:
    """A page's colours. Nothing is told by colour alone: every shape carries its words too."""

    page: str
    ink: str
    soft: str
    line: str
    faint: str
    cluster: Pair
    badge: Pair
    skip: str
    hot: Pair
    cell: Pair
    result: Pair
    hues: Mapping[str, Pair]


LIGHT = Theme(
    page="#FFFFFF", ink="#1F2328", soft="#57606A", line="#4D555E", faint="#B4BBC3",
    cluster=("#F6F8FA", "#9AA5B1"), badge=("#9E2F66", "#FFFFFF"), skip="#9E2F66",
    hot=("#F2A65A", "#A9480F"), cell=("#DCE9F7", "#9DB7D5"), result=("#E3F1DC", "#6FA257"),
    hues={
        "input": ("#F1F1F1", "#7A7A7A"), "conv": ("#DCE9F7", "#2F6FB0"), "pool": ("#FBE3D6", "#B9551B"),
        "dense": ("#FFF2CC", "#A57A00"), "norm": ("#E9E4F4", "#6E56A6"), "act": ("#E3F1DC", "#4E8B31"),
        "join": ("#F6D9E6", "#9E2F66"), "shape": ("#ECEEF0", "#6B7580"), "resample": ("#D8F0EE", "#1E837B"),
        "block": ("#E4ECF4", "#3F5E7D"),
    },
)  # fmt: skip
DARK = Theme(
    page="#14181D", ink="#E8ECF1", soft="#A9B3BE", line="#A2ADB8", faint="#4A535D",
    cluster=("#1B2128", "#5A6572"), badge=("#E08AB4", "#14181D"), skip="#E08AB4",
    hot=("#B8651D", "#F2B176"), cell=("#24384D", "#4F7198"), result=("#27402A", "#7DB36B"),
    hues={
        "input": ("#2B2F34", "#A0A0A0"), "conv": ("#1D3450", "#6EA6E0"), "pool": ("#46291A", "#E69160"),
        "dense": ("#413611", "#DDB64A"), "norm": ("#302A47", "#A997DE"), "act": ("#223A1D", "#8AC66D"),
        "join": ("#47243A", "#E08AB4"), "shape": ("#2A3037", "#9BA6B2"), "resample": ("#143B38", "#5CC4BA"),
        "block": ("#22303F", "#8FB0D0"),
    },
)  # fmt: skip
THEMES = {"light": LIGHT, "dark": DARK}


def hue(kind: str) -> str:
    """What a layer kind is painted as."""
    return HUES.get(FAMILY_OF.get(kind, ""), "input" if kind == "input" else "block")


def shade(colour: str, factor: float) -> str:
    """A colour made darker (below 1) or lighter."""
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{min(255, round(part * factor)):02X}" for part in parts)
