"""Network -> YAML: every layer on its own line under its own name, so that reading it back is the identity."""

from typing import Any

from cnncalc.network import Network, Node
from cnncalc.spec.reading import MAX_LINE

AXES = {1: ("n",), 2: ("H", "W"), 3: ("D", "H", "W")}  # what the sides of an input are called


def to_yaml(network: Network, open_sides: bool = False) -> str:
    """A spec that loads as this very network (blocks written out, symbols replaced by their values).

    ``open_sides`` makes symbols of the sides of the input, with these sizes as usual values.
    """
    lines = [document_head(network, open_sides), "layers:\n"]
    previous = next(iter(network.inputs))
    for name, node in network.nodes.items():
        sources = () if node.inputs == (previous,) else node.inputs
        lines.append(_line(name, node, sources))
        previous = name
    if network.outputs != (previous,):
        lines.append(f"outputs: [{', '.join(map(_quoted, network.outputs))}]\n")
    return "".join(lines)


def document_head(network: Network, open_sides: bool = False) -> str:
    """What stands before the layers: name, source, notes, symbols, inputs."""
    import yaml

    about = network.about
    head: dict[str, Any] = {"name": about.title or network.name}
    head |= {"source": about.source} if about.source else {}
    head |= {"year": about.year} if about.year is not None else {}
    head |= {"notes": list(about.notes)} if about.notes else {}
    head |= {"functional": list(about.functional)} if about.functional else {}
    inputs: dict[str, list[Any]] = {name: list(shape) for name, shape in network.inputs.items()}
    if open_sides and list(inputs) == ["input"]:
        channels, *sides = inputs["input"]
        names = AXES.get(len(sides), ())
        head |= {"symbols": dict(zip(names, sides, strict=True))}
        inputs = {"input": [channels, *names]}
    head["input"] = inputs["input"] if list(inputs) == ["input"] else inputs
    text: str = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None)
    return text


def _line(name: str, node: Node, sources: tuple[str, ...]) -> str:
    layer = node.layer
    settings = {key: layer.fields[key].raw(value) for key, value in layer.stated().items()}
    if all(map(short_value, settings.values())):
        words = [layer.kind, *(f"{key}={word(value)}" for key, value in settings.items())]
        words += ["frozen"] if node.frozen else []
        words += [f"shares={node.shares}"] if node.shares else []
        words += [f"from={','.join(sources)}"] if sources else []
        line = f"{' '.join(words)} as {name}"
        if len(line) <= MAX_LINE:
            return f"  - {line}\n"
    parts = [f"{key}: {_flow(value)}" for key, value in settings.items()]
    parts += ["frozen: true"] if node.frozen else []
    parts += [f"shares: {node.shares}"] if node.shares else []
    parts += [f"from: [{', '.join(map(_quoted, sources))}]"] if sources else []
    return f"  - {layer.kind}: {{{', '.join([*parts, f'name: {name}'])}}}\n"


def short_value(value: Any) -> bool:
    """Whether a value can stand in the short form."""
    if isinstance(value, list):
        return len(value) > 1 and all(isinstance(part, int) and part >= 0 for part in value)
    return value is not None and not (isinstance(value, float | int) and value < 0)


def word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "x".join(map(str, value)) if isinstance(value, list) else str(value)


def _flow(value: Any) -> str:
    if value is None:
        return "null"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else word(value)


def _quoted(reference: str) -> str:
    return f"'{reference}'" if "[" in reference else reference
