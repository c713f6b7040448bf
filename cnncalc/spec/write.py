"""Network -> YAML: every layer on its own line under its own name, so that reading it back is the identity."""

from typing import Any

from cnncalc.layers import Layer
from cnncalc.network import Network


def to_yaml(network: Network) -> str:
    """A spec that loads as this very network (blocks written out, symbols replaced by their values)."""
    import yaml

    about = network.about
    head: dict[str, Any] = {"name": about.title or network.name}
    head |= {"source": about.source} if about.source else {}
    head |= {"year": about.year} if about.year is not None else {}
    head |= {"notes": list(about.notes)} if about.notes else {}
    inputs = {name: list(shape) for name, shape in network.inputs.items()}
    head["input"] = inputs["input"] if list(inputs) == ["input"] else inputs
    lines = [yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)]
    lines.append("layers:\n")
    previous = next(iter(network.inputs))
    for name, node in network.nodes.items():
        sources = () if node.inputs == (previous,) else node.inputs
        lines.append(_line(name, node.layer, sources, node.frozen))
        previous = name
    if network.outputs != (previous,):
        lines.append(f"outputs: [{', '.join(map(_quoted, network.outputs))}]\n")
    return "".join(lines)


def _line(name: str, layer: Layer, sources: tuple[str, ...], frozen: bool) -> str:
    settings = layer.stated()
    if all(_short(value) for value in settings.values()):
        words = [layer.kind, *(f"{key}={_value(value)}" for key, value in settings.items())]
        words += ["frozen"] if frozen else []
        words += [f"from={','.join(sources)}"] if sources else []
        return f"  - {' '.join(words)} as {name}\n"
    parts = [f"{key}: {_flow(value)}" for key, value in settings.items()]
    parts += ["frozen: true"] if frozen else []
    parts += [f"from: [{', '.join(map(_quoted, sources))}]"] if sources else []
    return f"  - {layer.kind}: {{{', '.join([*parts, f'name: {name}'])}}}\n"


def _short(value: Any) -> bool:
    if isinstance(value, tuple):
        return len(value) > 1 and all(isinstance(part, int) and part >= 0 for part in value)
    return isinstance(value, bool | int | float | str) and not (isinstance(value, float | int) and value < 0)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _flow(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(_flow(part) for part in value)}]"
    return _value(value)


def _quoted(reference: str) -> str:
    return f"'{reference}'" if "[" in reference else reference
