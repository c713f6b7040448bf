"""A layer in the few words a picture has room for."""

from typing import Any

from cnncalc.analysis import Analysis
from cnncalc.exact.closed import Closed
from cnncalc.exact.sizes import times
from cnncalc.formulas import factor, pretty
from cnncalc.layers import Layer
from cnncalc.network import part_of

WORDS = {
    "conv_transpose": "ConvTranspose", "local_response_norm": "LRN", "im2col": "im2col", "relu": "ReLU",
    "relu6": "ReLU6", "selu": "SELU", "gelu": "GELU", "silu": "SiLU", "elu": "ELU", "celu": "CELU", "prelu": "PReLU",
    "glu": "GLU", "leaky_relu": "LeakyReLU", "logsigmoid": "LogSigmoid", "hardsigmoid": "HardSigmoid",
    "hardswish": "HardSwish", "roi_pool": "RoIPool", "roi_align": "RoIAlign", "lp_pool": "LpPool",
}  # fmt: skip
SCALES = ((10**12, "T"), (10**9, "G"), (10**6, "M"))
OPEN = "open"  # stands for an open figure that is too long
LONGEST = 28  # characters of an open figure


def word(kind: str) -> str:
    """ "MaxPool" for max_pool."""
    return WORDS.get(kind) or "".join(part[:1].upper() + part[1:] for part in kind.split("_"))


def crossed(value: Any, rank: int) -> str:
    """3 on a plane as "3×3"; (1, 7) as "1×7"."""
    values = value if isinstance(value, tuple) else (value,) * max(1, rank)
    return times(tuple(map(factor, values)))


def headline(layer: Layer, rank: int, incoming: Any = None) -> str:
    """ "Conv 7×7, 64, s2, p3" on a map of ``rank`` spatial axes; "Linear 400 → 120"."""
    said = word(layer.kind)
    kernel = next((getattr(layer, name) for name in ("kernel_size", "output_size") if name in layer.fields), None)
    if kernel is not None:
        said += f" {crossed(kernel, rank)}"
    if "out_features" in layer.fields:
        wide = factor(layer.out_features)  # type: ignore[attr-defined]
        said += f" {factor(incoming)} → {wide}" if incoming is not None else f" {wide}"
    parts = [said]
    if "out_channels" in layer.fields:
        parts.append(factor(layer.out_channels))  # type: ignore[attr-defined]
    for name, short, usual in (("stride", "s", 1), ("padding", "p", 0), ("dilation", "d", 1), ("groups", "g", 1)):
        value = getattr(layer, name, None) if name in layer.fields else None
        if value is not None and value != usual and not (name == "stride" and _same(value, kernel, rank)):
            parts.append(value if isinstance(value, str) else short + _short(value))
    if getattr(layer, "scale_factor", None) is not None:
        parts.append(f"×{_short(layer.scale_factor)}")  # type: ignore[attr-defined]
    return ", ".join(parts)


def _same(stride: Any, kernel: Any, rank: int) -> bool:
    """A pool whose window moves by its own size says so once."""
    return kernel is not None and rank > 0 and crossed(stride, rank) == crossed(kernel, rank)


def _short(value: Any) -> str:
    flat = value if isinstance(value, tuple) else (value,)
    texts = [f"{factor(side[0])}+{factor(side[1])}" if isinstance(side, tuple) else factor(side) for side in flat]
    return texts[0] if len(set(texts)) == 1 else "×".join(texts)


def amount(value: Any) -> str:
    """61,706; 117.6 k would hide digits, so only from ten million on: "118 M", "4.09 G".

    >>> amount(61706), amount(118013952), amount(4089184256)
    ('61,706', '118 M', '4.09 G')
    """
    if isinstance(value, Closed):
        text = pretty(value)
        return text if len(text) <= LONGEST else OPEN
    for unit, letter in SCALES:
        if value >= (10 * unit if letter == "M" else unit):
            scaled = value / unit
            digits = 0 if scaled >= 99.95 else 1 if scaled >= 9.995 else 2
            return f"{scaled:.{digits}f} {letter}"
    return f"{value:,}"


def costs(params: Any, macs: Any) -> str:
    """ "9,408 params · 118 M MACs"; what is zero, or open and long, is left out."""
    parts = ((amount(value), unit) for value, unit in ((params, "params"), (macs, "MACs")) if value != 0)
    return " · ".join(f"{said} {unit}" for said, unit in parts if said != OPEN)


def shape_of(analysis: Analysis, reference: str) -> str:
    """The shape of a tensor, as it stands on an edge: "64×112×112"."""
    shape = times(tuple(map(factor, analysis.shapes[reference])))
    copies = analysis.copies[part_of(reference)[0]]
    return shape if copies == 1 else f"{amount(copies)} of {shape}"


def heading(analysis: Analysis) -> str:
    """ "LeNet-5 · 61,706 params · 416,520 MACs"."""
    network = analysis.network
    title = network.about.title or network.name
    if network.about.title and not _alike(title, network.name):
        title = f"{title} · {network.name}"
    return " · ".join(part for part in (title, costs(analysis.params, analysis.macs)) if part)


def _alike(a: str, b: str) -> bool:
    return "".join(filter(str.isalnum, a)).casefold() == "".join(filter(str.isalnum, b)).casefold()
