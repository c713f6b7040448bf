"""Layer graphs in the DOT language: with labels for other tools, and with bare boxes for a layout engine."""

from cnncalc.analysis import Analysis
from cnncalc.draw.folding import Box, Edge, Frame, Picture, picture
from cnncalc.draw.labels import heading
from cnncalc.draw.text import width
from cnncalc.draw.theme import LIGHT


def source(analysis: Analysis, fold: str | None = None, direction: str = "TB") -> str:
    """The layer graph as DOT text with labels, through the graphviz package."""
    from graphviz import Digraph

    shown = picture(analysis, fold)
    graph = Digraph(_ident(analysis.network.name))
    graph.attr(rankdir=direction, label=_escaped(heading(analysis)), labelloc="t", fontname="Arial")
    graph.attr("node", shape="box", style="rounded,filled", fontname="Arial", fontsize="11")
    graph.attr("edge", fontname="Arial", fontsize="9")
    numbers = {box.id: f"n{i}" for i, box in enumerate(shown.boxes())}
    _fill(graph, shown.items, numbers)
    for edge in shown.edges:
        graph.edge(numbers[edge.source], numbers[edge.target], label=_escaped(edge.label))
    return str(graph.source)


def _fill(graph: object, items: list[Box | Frame], numbers: dict[str, str]) -> None:
    for i, item in enumerate(items):
        if isinstance(item, Frame):
            with graph.subgraph(name=f"cluster_{_first(item, numbers)}_{i}") as inner:  # type: ignore[attr-defined]
                times = f"  × {item.times}" if item.times > 1 else ""
                inner.attr(label=_escaped(item.title + times), style="rounded", fontname="Arial", fontsize="11")
                _fill(inner, item.items, numbers)
            continue
        fill, border = LIGHT.hues[item.hue]
        lines = [item.title + (f"  × {item.times}" if item.times > 1 else ""), item.detail,
                 " · ".join(text for _, text in item.cells)]  # fmt: skip
        shape = {"shape": "circle", "margin": "0"} if item.shape == "join" else {}
        graph.node(numbers[item.id], "\\n".join(_escaped(line) for line in lines if line), fillcolor=fill,  # type: ignore[attr-defined]
                   color=border, tooltip=_escaped(item.tip), **shape)  # fmt: skip


def _first(frame: Frame, numbers: dict[str, str]) -> str:
    item = frame.items[0]
    return _first(item, numbers) if isinstance(item, Frame) else numbers[item.id]


def _ident(name: str) -> str:
    return "".join(sign if sign.isalnum() else "_" for sign in name)[:60] or "network"


def _escaped(text: str) -> str:
    """Text in which a backslash is a backslash and nothing is taken for HTML."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', "″")


# --- for a layout engine ------------------------------------------------------------------------------


def bare(
    shown: Picture, sizes: dict[str, tuple[float, float]], skips: set[Edge], sideways: bool
) -> tuple[str, list[Edge]]:
    """DOT with boxes of fixed size and no text in them, and the edges in the order of their ids.

    Where a tensor goes several ways within a frame a dot is put behind the frame's border, so that
    the ways part inside it. ``sizes`` are width and height in pixels, 72 to an inch.
    """
    edges, forks = _forked(shown)
    numbers = {box.id: f"n{i}" for i, box in enumerate(shown.boxes())} | {name: name for name in forks}
    lines = ["digraph {", f"rankdir={'LR' if sideways else 'TB'}; nodesep=0.3; ranksep=0.36;",
             'node [shape=box, fixedsize=true, label=""];', "edge [fontname=Arial, fontsize=9.5];"]  # fmt: skip
    lines += _bare(shown.items, numbers, sizes, forks, "g")
    told: set[tuple[str, str]] = set()
    for i, edge in enumerate(edges):
        label = edge.label if (edge.source, edge.reference) not in told and edge.source not in forks else ""
        weight = 1 if edge in skips else 12
        told |= {(edge.source, edge.reference)} if label else set()
        head = ", arrowhead=none" if edge.target in forks else ""
        said = f', label="{label}  "' if label else ""
        lines.append(f"{numbers[edge.source]} -> {numbers[edge.target]} [id=e{i}, weight={weight}{said}{head}];")
    return "\n".join([*lines, "}"]), edges


def _bare(items: list[Box | Frame], numbers: dict[str, str], sizes: dict[str, tuple[float, float]],
          forks: dict[str, int], name: str) -> list[str]:  # fmt: skip
    lines = []
    for i, item in enumerate(items):
        if isinstance(item, Frame):
            wide = width(item.title, 11, True) + (44 if item.times > 1 else 0) + 14
            room = "M" * int(wide / 9.2 + 1)  # as wide as the title, in any engine's estimate
            lines.append(f'subgraph cluster_{name}_{i} {{ margin=10; fontname=Arial; fontsize=11; label="{room}";')
            lines += [f"{fork} [width=0.07, height=0.07];" for fork, owner in forks.items() if owner == id(item)]
            lines += [*_bare(item.items, numbers, sizes, forks, f"{name}_{i}"), "}"]
        else:
            w, h = sizes[item.id]
            lines.append(f"{numbers[item.id]} [width={w / 72:.4f}, height={h / 72:.4f}];")
    return lines


def _forked(shown: Picture) -> tuple[list[Edge], dict[str, int]]:
    """The edges with a dot for every tensor that enters a frame and parts in it; whose dot it is."""
    edges, forks = list(shown.edges), dict[str, int]()

    def visit(items: list[Box | Frame]) -> None:
        for item in items:
            if not isinstance(item, Frame):
                continue
            inside = set(_ids(item.items)) | {fork for fork, owner in forks.items() if owner == id(item)}
            entering: dict[tuple[str, str], list[int]] = {}
            for i, edge in enumerate(edges):
                if edge.target in inside and edge.source not in inside:
                    entering.setdefault((edge.source, edge.reference), []).append(i)
            unit = {name: i for i, one in enumerate(item.items) for name in _ids([one])}
            for (start, reference), places in entering.items():
                if len({unit.get(edges[i].target) for i in places}) > 1:
                    fork = f"f{len(forks)}"
                    forks[fork] = id(item)
                    label = edges[places[0]].label
                    for i in places:
                        edges[i] = Edge(fork, edges[i].target, reference, label)
                    edges.append(Edge(start, fork, reference, label))
            visit(item.items)

    visit(shown.items)
    return edges, forks


def _ids(items: list[Box | Frame]) -> list[str]:
    return [name for item in items for name in (_ids(item.items) if isinstance(item, Frame) else [item.id])]
