"""Who lays a graph out: our own layout, or Graphviz - the program ``dot``, or the one compiled to WebAssembly."""

import json
import shutil
import subprocess
from typing import Any

from cnncalc.draw.canvas import Point
from cnncalc.draw.dot import bare
from cnncalc.draw.errors import LayoutFailed, MissingPart
from cnncalc.draw.folding import Edge, Frame, Picture
from cnncalc.draw.layered import Layout, Route, Sizes
from cnncalc.draw.text import width
from cnncalc.draw.wasm import run

ENGINES = ("builtin", "auto", "dot", "wasm")
SECONDS = 60  # that the program dot may take


def laid_out(shown: Picture, sizes: Sizes, own: Layout, engine: str, label_size: float) -> Layout:
    """The layout of another engine; ``own`` is ours, which knows the skips.

    ``auto`` takes ``dot`` where it is installed, else ``wasm``, and our own where neither works. Raises
    MissingPart for a wished engine that is not there, LayoutFailed where it fails.
    """
    if engine == "auto":
        for candidate in ("dot", "wasm"):
            try:
                return laid_out(shown, sizes, own, candidate, label_size)
            except (MissingPart, LayoutFailed):
                continue
        return own
    boxes = {name: size if sizes.sideways else (size[1], size[0]) for name, size in sizes.boxes.items()}
    source, edges = bare(shown, boxes, own.skips, sizes.sideways)
    found = json.loads(_dot(source) if engine == "dot" else run(source))
    return _Reader(found, shown, edges, boxes, own.skips, sizes.sideways, label_size).layout()


def _dot(source: str) -> str:
    """The layout by the program dot, whose complaints are not ours."""
    program = shutil.which("dot")
    if program is None:
        raise MissingPart("the program dot (Graphviz; from your system's packages, or as WebAssembly)", "wasm")
    try:
        done = subprocess.run(
            [program, "-Tjson0"], input=source.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LayoutFailed(f"dot: {error}") from None
    if done.returncode:
        raise LayoutFailed(f"dot: {done.stderr.decode(errors='replace').strip()[:300]}")
    return done.stdout.decode()


class _Reader:
    """Graphviz's json0 as a Layout."""

    def __init__(self, found: dict[str, Any], shown: Picture, edges: list[Edge], boxes: dict[str, tuple[float, float]],
                 skips: set[Edge], sideways: bool, label_size: float) -> None:  # fmt: skip
        self.found, self.shown, self.edges, self.boxes = found, shown, edges, boxes
        self.skips, self.sideways, self.label_size = skips, sideways, label_size
        self.height = float(found["bb"].split(",")[3])
        self.skipped = {(edge.target, edge.reference) for edge in skips}

    def layout(self) -> Layout:
        result = Layout(skips=self.skips)
        names = {f"n{i}": box.id for i, box in enumerate(self.shown.boxes())}
        frames = self._frames(self.shown.items, "g")
        for thing in self.found.get("objects", ()):
            name = thing["name"]
            if name in frames:
                x0, y0, x1, y1 = map(float, thing["bb"].split(","))
                result.frames.append((frames[name], x0, self.height - y1, x1 - x0, y1 - y0))
            elif name in names:
                x, y = self._point(thing["pos"])
                w, h = self.boxes[names[name]]
                result.boxes[names[name]] = (x - w / 2, y - h / 2, w, h)
            elif "pos" in thing:
                result.dots.append(self._point(thing["pos"]))
        for drawn in self.found.get("edges", ()):
            edge = self.edges[int(drawn["id"][1:])]
            result.routes.append(self._route(drawn["pos"], edge))
            if "lp" in drawn:
                result.labels.append((edge.reference, edge.label, *self._corner(drawn["lp"], edge.label)))
        return result

    def _frames(self, items: list[Any], name: str) -> dict[str, Frame]:
        found: dict[str, Frame] = {}
        for i, item in enumerate(items):
            if isinstance(item, Frame):
                found[f"cluster_{name}_{i}"] = item
                found |= self._frames(item.items, f"{name}_{i}")
        return found

    def _point(self, text: str) -> Point:
        x, y = map(float, text.split(",")[:2])
        return x, self.height - y

    def _corner(self, text: str, label: str) -> Point:
        """Where our own layout would have begun a label that is centred here."""
        x, y = self._point(text)
        wide, size = width(label, self.label_size), self.label_size
        return (x - wide / 2 - 6, y + 8.3) if self.sideways else (x - wide / 2 - 5, y + 0.3 - size)

    def _route(self, text: str, edge: Edge) -> Route:
        words = text.split()
        ends = [word[2:] for word in words if word.startswith("e,")]
        points = [self._point(word) for word in words if word[1:2] != ","]
        target = edge.target if ends else ""
        points.append(self._point(ends[0]) if ends else points[-1])
        skip = edge in self.skips or (edge.source.startswith("f") and (edge.target, edge.reference) in self.skipped)
        return Route(points, target, skip, True)
