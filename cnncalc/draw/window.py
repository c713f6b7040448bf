"""Window arithmetic: which cells of the padded input one output cell reads, and which are never read."""

from collections.abc import Callable, Sequence

from cnncalc.analysis import Analysis
from cnncalc.draw.canvas import Canvas, Figure
from cnncalc.draw.labels import headline, shape_of
from cnncalc.draw.text import width
from cnncalc.draw.theme import LIGHT, Theme
from cnncalc.exact.closed import Closed
from cnncalc.exact.records import mutable, record
from cnncalc.exact.rules import ShapeError
from cnncalc.exact.windows import Phases, Window
from cnncalc.layers.convolution import ConvTranspose, Geometry, around
from cnncalc.layers.layer import pairs, per_axis
from cnncalc.working import steps

WHOLE = 34  # an axis of so many cells is drawn whole
SHOWN = 18  # cells of a longer one
CELL = 26.0  # pixels of a cell; smaller where more than SHOWN are drawn
MOST = 44  # of a window that is longer than that
FRAMES = 64  # positions of an animation
SECONDS = 0.6  # each


@record
class Axis:
    """One axis of the picture.

    ``low`` to ``high`` are the cells, padding included; ``taps`` those that output j reads, zeros between
    the inputs of a transposed convolution included; ``real`` the input index in a cell, or None.
    """

    low: int
    high: int
    outputs: int
    taps: Callable[[int], Sequence[int]]  # in ascending order; a range where it may be long
    real: Callable[[int], int | None]
    first: int = 0  # cells that are drawn, of a long axis
    last: int = 0

    def read(self, cell: int, near: range) -> bool:
        """Whether any of these outputs reads a cell."""
        return any(cell in self.taps(j) for j in near)

    def reach(self, j: int) -> tuple[int, int] | None:
        """The first and the last cell that output j reads; None if it reads nothing."""
        taps = self.taps(j)
        return (taps[0], taps[-1]) if taps else None

    def drawn(self, j: int) -> list[int]:
        """The cells that output j reads, of those that are drawn."""
        taps = self.taps(j)
        return [cell for cell in range(self.first, self.last + 1) if cell in taps]

    def cut(self, low: int, high: int) -> "Axis":
        return Axis(self.low, self.high, self.outputs, self.taps, self.real, low, high)


@mutable
class _View:
    """What is drawn: two axes (the first one cell long for sequences), at a position."""

    rows: Axis
    columns: Axis
    unit: float
    zero: str


def window(analysis: Analysis, name: str | None = None, position: tuple[int, ...] | None = None, animate: bool = False,
           theme: Theme = LIGHT) -> Figure:  # fmt: skip
    """The window of a layer (default: the first that has one) on its padded input.

    ``position`` is the output drawn; ``animate`` draws all of them in turn. Raises ShapeError for layers without one.
    """
    name = _first(analysis) if name is None else analysis[name].name
    if name not in analysis.facts:
        raise ShapeError(f"{name} is a block; name one of its layers")
    node = analysis.network.nodes[name]
    axes = _axes(analysis, name)
    at = _position(name, axes, position)
    view = _view(axes, at, node.layer)
    canvas = Canvas(theme)
    top = _head(canvas, analysis, name)
    right = _input_grid(canvas, view, top)
    out_left, out_top = right + 84, top + _middle(view)
    shown = _outputs(view.rows), _outputs(view.columns)
    _output_grid(canvas, view, shown, out_left, out_top)
    places = [at]
    if animate:
        others = [(i, j) for i in shown[0] for j in shown[1]][:FRAMES]
        places = others
    for k, place in enumerate(places):
        with _frame(canvas, k, len(places)):
            _tapped(canvas, view, place, top, shown, out_left, out_top)
    _captions(canvas, analysis, name, view, shown, top, right, out_left, out_top)
    title = f"{name}: window of {node.layer.kind}"
    return canvas.figure(title, f"The cells of the padded input that output {_place(name, analysis, at)} reads.")


def _first(analysis: Analysis) -> str:
    """The first convolution or pooling with a window."""
    for name, facts in analysis.facts.items():
        if isinstance(facts.windows, tuple) and facts.axes is None:
            return name
    raise ShapeError("no layer of this network has a sliding window")


def _place(name: str, analysis: Analysis, at: tuple[int, int]) -> str:
    return str(at if len(analysis.shapes[name]) > 2 else at[1])


def _axes(analysis: Analysis, name: str) -> list[Axis]:
    """The last one or two spatial axes of a layer's input."""
    node, facts = analysis.network.nodes[name], analysis.facts[name]
    shape = analysis.shapes[node.inputs[0]]
    if any(isinstance(size, Closed) for size in (*shape, *facts.output)):
        raise ShapeError("a picture of a window needs sizes: leave out --open")
    windows = facts.windows
    if not isinstance(windows, tuple) or len(shape) < 2 or facts.axes is not None:
        raise ShapeError(f"{name} ({node.layer.kind}) has no sliding window to draw; name a convolution or a pooling")
    windows = windows[1 - len(shape) :]  # some kinds tell the channels' too
    padding = _padding(node.layer, shape[1:])
    axes = []
    for axis, (n, one, sides) in enumerate(zip(shape[1:], windows, padding, strict=True)):
        o = facts.output[axis + 1]
        if isinstance(node.layer, ConvTranspose):
            axes.append(_spread(node.layer, n, o, axis, len(shape) - 1))
        elif isinstance(one, Window):
            axes.append(_slid(one, n, o, sides))
        elif isinstance(one, Phases):
            axes.append(Axis(0, n - 1, o, _listed(one), _inside(n)))
        else:
            raise ShapeError(f"{name} ({node.layer.kind}) reads in a pattern that is too irregular to draw")
    return axes[-2:]


def _padding(layer: object, sizes: tuple[int, ...]) -> list[tuple[int, int]]:
    """What a layer puts before and after each axis."""
    if hasattr(layer, "dilation") and hasattr(layer, "bias") and getattr(layer, "kind", "") != "conv_transpose":
        return list(Geometry(layer, sizes).padding)  # type: ignore[arg-type]
    given = getattr(layer, "padding", 0)
    if given == "tf_same":
        kernel = per_axis(layer.kernel_size, len(sizes), "kernel_size")  # type: ignore[attr-defined]
        stride = per_axis(layer.stride or layer.kernel_size, len(sizes), "stride")  # type: ignore[attr-defined]
        return [around("tf_same", n, k, s, 1) for n, k, s in zip(sizes, kernel, stride, strict=True)]
    return [(0, 0)] * len(sizes) if isinstance(given, str) else list(pairs(given, len(sizes), "padding"))


def _slid(one: Window, n: int, o: int, sides: tuple[int, int]) -> Axis:
    """A window that slides over the input with its padding; ceil_mode may reach beyond."""
    reached = one.step * (o - 1) + one.last
    step, first, last, every = one.step, one.first, one.last, one.every

    def taps(j: int) -> Sequence[int]:
        return range(step * j + first, step * j + last + 1, every)

    return Axis(-sides[0], max(n - 1 + sides[1], reached), o, taps, _inside(n))


def _listed(phases: Phases) -> Callable[[int], Sequence[int]]:
    return lambda j: sorted(phases.taps(j))


def _inside(n: int) -> Callable[[int], int | None]:
    """A cell is the input position of the same number, or padding."""
    return lambda cell: cell if 0 <= cell < n else None


def _spread(layer: ConvTranspose, n: int, o: int, axis: int, rank: int) -> Axis:
    """A transposed convolution as a window of stride 1 over its input with zeros put between."""
    k, s, d = (per_axis(getattr(layer, field), rank, field)[axis] for field in ("kernel_size", "stride", "dilation"))
    reach = d * (k - 1)
    before = layer.sides(rank)[0][axis][0]

    def taps(j: int) -> Sequence[int]:
        return range(j + before - reach, j + before + 1, d)

    def real(cell: int) -> int | None:
        return cell // s if cell % s == 0 and 0 <= cell // s < n else None

    return Axis(before - reach, max(o - 1 + before, (n - 1) * s), o, taps, real)


def _position(name: str, axes: list[Axis], position: tuple[int, ...] | None) -> tuple[int, int]:
    sizes = [axis.outputs for axis in axes]
    if position is None:
        near = [min(1, size - 1) for size in sizes]
    else:
        near = list(position)[-len(axes) :]
        if len(near) != len(sizes) or not all(0 <= i < n for i, n in zip(near, sizes, strict=True)):
            raise ShapeError(f"{name} has no position {position}: its output has {' × '.join(map(str, sizes))} cells")
    return (near[0], near[1]) if len(near) == 2 else (0, near[0])


def _view(axes: list[Axis], at: tuple[int, int], layer: object) -> _View:
    one = Axis(0, 0, 1, lambda j: (0,), lambda cell: 0)
    rows, columns = axes if len(axes) == 2 else (one, axes[0])
    rows, columns = _cropped(rows, at[0]), _cropped(columns, at[1])
    most = max(rows.last - rows.first, columns.last - columns.first) + 1
    mode = getattr(layer, "padding_mode", "zeros")
    zero = "−∞" if getattr(layer, "kind", "") == "max_pool" else "0" if mode == "zeros" else "↔"
    return _View(rows, columns, CELL if most <= SHOWN else max(11.0, CELL * SHOWN / most), zero)


def _cropped(axis: Axis, j: int) -> Axis:
    """The cells to draw: all, or those around the window at output j."""
    if axis.high - axis.low < WHOLE:
        return axis.cut(axis.low, axis.high)
    low, high = axis.reach(j) or (axis.low, axis.low)
    length = min(max(SHOWN, high - low + 3), MOST)
    first = max(axis.low, min(low - 2, axis.high - length + 1))
    return axis.cut(first, min(axis.high, first + length - 1))


def _outputs(axis: Axis) -> range:
    """The outputs whose windows lie within what is drawn."""
    reaches = ((j, axis.reach(j)) for j in _near(axis))
    inside = [j for j, reach in reaches if not reach or (axis.first <= reach[0] and reach[1] <= axis.last)]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _near(axis: Axis) -> range:
    """Outputs that may read what is drawn."""
    low, high = 0, axis.outputs - 1

    def bisect(wanted: Callable[[int], bool]) -> int:
        a, b = low, high + 1
        while a < b:
            middle = (a + b) // 2
            a, b = (a, middle) if wanted(middle) else (middle + 1, b)
        return a

    start = bisect(lambda j: (axis.reach(j) or (0, axis.low))[1] >= axis.first)
    stop = bisect(lambda j: (axis.reach(j) or (axis.high, 0))[0] > axis.last)
    return range(max(0, start - 1), min(axis.outputs, stop + 1))


# --- drawing ------------------------------------------------------------------------------------------


def _head(canvas: Canvas, analysis: Analysis, name: str) -> float:
    """Title and formula; where the grids begin."""
    node = analysis.network.nodes[name]
    shape = analysis.shapes[node.inputs[0]]
    what = headline(node.layer, len(shape) - 1)
    come, go = shape_of(analysis, node.inputs[0]), shape_of(analysis, name)
    canvas.text(0, 0, f"{name} · {what} · {come} → {go}", 14, bold=True, room=760)
    y = 22.0
    for step in steps(analysis, name):
        if step.quantity == "size":
            said = step.numbers if step.rule in ("", step.numbers) else f"{step.rule} = {step.numbers}"
            canvas.text(0, y, f"size: {said}", 11.5, fill=canvas.theme.soft, room=860)
            y += 17
    return y + 12


def _middle(view: _View) -> float:
    drawn = view.rows.last - view.rows.first + 1
    return max(0.0, (drawn - len(_outputs(view.rows))) * view.unit / 2)


def _input_grid(canvas: Canvas, view: _View, top: float) -> float:
    theme, u = canvas.theme, view.unit
    near = _near(view.rows), _near(view.columns)
    row_read = {cell: view.rows.read(cell, near[0]) for cell in range(view.rows.first, view.rows.last + 1)}
    column_read = {cell: view.columns.read(cell, near[1]) for cell in range(view.columns.first, view.columns.last + 1)}
    with canvas.group("input", "the padded input"):
        for i, row in enumerate(row_read):
            for j, column in enumerate(column_read):
                x, y = j * u, top + i * u
                real = view.rows.real(row) is not None and view.columns.real(column) is not None
                read = row_read[row] and column_read[column]
                fill = theme.cell[0] if real and read else theme.page
                outline = theme.cell[1] if real else theme.faint
                canvas.rect(x, y, u, u, fill, outline, stroke_dasharray=None if real else "3 2")
                if not read:
                    _hatch(canvas, x, y, u)
                elif not real and u > 16:
                    canvas.text(x + u / 2, y + u / 2 + 3.3, view.zero, 9, "middle", fill=theme.soft)
    return (view.columns.last - view.columns.first + 1) * u


def _hatch(canvas: Canvas, x: float, y: float, u: float) -> None:
    for a in (0.0, 0.5):
        canvas.line(x + a * u, y + u, x + u, y + a * u, canvas.theme.hot[1], 0.7)
    canvas.line(x, y + u / 2, x + u / 2, y, canvas.theme.hot[1], 0.7)


def _output_grid(canvas: Canvas, view: _View, shown: tuple[range, range], left: float, top: float) -> None:
    u = view.unit
    with canvas.group("output", "the output"):
        for i in range(len(shown[0])):
            for j in range(len(shown[1])):
                canvas.rect(left + j * u, top + i * u, u, u, *canvas.theme.result)


class _frame:  # noqa: N801 - used like a function
    """One moment of an animation: shown for its turn, the first one also where nothing moves."""

    def __init__(self, canvas: Canvas, k: int, count: int) -> None:
        self.canvas, self.k, self.count = canvas, k, count

    def __enter__(self) -> None:
        if self.count == 1:
            self.canvas.parts.append('<g class="taps">')
            return
        hidden = "" if self.k == 0 else ' visibility="hidden"'
        values = ["hidden"] * self.count
        values[self.k] = "visible"
        self.canvas.parts.append(
            f'<g class="taps"{hidden}><animate attributeName="visibility" calcMode="discrete" '
            f'values="{";".join(values)}" dur="{self.count * SECONDS:.1f}s" repeatCount="indefinite"/>'
        )

    def __exit__(self, *_: object) -> None:
        self.canvas.parts.append("</g>")


def _tapped(canvas: Canvas, view: _View, at: tuple[int, int], top: float, shown: tuple[range, range], left: float,
            out_top: float) -> None:  # fmt: skip
    """The taps of one output, the outline of its window, and the lines to it."""
    u, theme = view.unit, canvas.theme
    rows, columns = view.rows.drawn(at[0]), view.columns.drawn(at[1])
    kept = [(r, c) for r in rows for c in columns]
    fill, border = theme.hot
    for r, c in kept:
        real = view.rows.real(r) is not None and view.columns.real(c) is not None
        x, y = (c - view.columns.first) * u, top + (r - view.rows.first) * u
        canvas.rect(x + 2, y + 2, u - 4, u - 4, fill, border, 2, 1.1, fill_opacity="0.85" if real else "0.35")
    if not kept or at[0] not in shown[0] or at[1] not in shown[1]:
        return
    x0, x1 = (min(c for _, c in kept) - view.columns.first) * u, (max(c for _, c in kept) - view.columns.first + 1) * u
    y0, y1 = (top + (f(r for r, _ in kept) - view.rows.first + d) * u for f, d in ((min, 0), (max, 1)))
    ox, oy = left + (at[1] - shown[1][0]) * u, out_top + (at[0] - shown[0][0]) * u
    canvas.rect(x0, y0, x1 - x0, y1 - y0, "none", border, 2, 2)
    canvas.line(x1, y0, ox, oy, border, 1, stroke_dasharray="4 3")
    canvas.line(x1, y1, ox, oy + u, border, 1, stroke_dasharray="4 3")
    canvas.rect(ox + 1, oy + 1, u - 2, u - 2, theme.result[1], border, 2, 1.5)


def _captions(canvas: Canvas, analysis: Analysis, name: str, view: _View, shown: tuple[range, range], top: float,
              right: float, left: float, out_top: float) -> None:  # fmt: skip
    soft, u = canvas.theme.soft, view.unit
    below = top + (view.rows.last - view.rows.first + 1) * u + 17
    node = analysis.network.nodes[name]
    shape, output = analysis.shapes[node.inputs[0]], analysis.facts[name].output
    flat = len(shape) == 2
    cells = view.columns.high - view.columns.low + 1
    tall = view.rows.high - view.rows.low + 1
    size = f"{shape[-1]}" if flat else f"{shape[-2]} × {shape[-1]}"
    padded = f"{cells}" if flat else f"{tall} × {cells}"
    what = "zeros put between and around" if node.layer.kind == "conv_transpose" else "with padding"
    said = f"input {size}" + (f", {what}: {padded}" if padded != size else "")
    canvas.text(right / 2, below, said, 10, "middle", fill=soft)
    lines = _cuts(view, flat)
    said = f"output {output[-1]}" if flat else f"output {output[-2]} × {output[-1]}"
    middle = left + max(len(shown[1]) * u, width(said, 10)) / 2
    canvas.text(middle, out_top + len(shown[0]) * u + 17, said, 10, "middle", fill=soft)
    hatched = _never(view)
    if len(shape) == 4:
        lines.append("the depth axis is not drawn")
    for k, line in enumerate([*hatched, *lines]):
        canvas.text(0, below + 18 + 15 * k, line, 9.5, fill=canvas.theme.hot[1] if k < len(hatched) else soft)


def _cuts(view: _View, flat: bool) -> list[str]:
    """What of long axes is drawn."""
    parts = []
    for what, axis in (("rows", view.rows), ("columns", view.columns)):
        if axis.last - axis.first < axis.high - axis.low:
            parts.append(f"{what} {axis.first}…{axis.last}" if not flat else f"cells {axis.first}…{axis.last}")
    return [f"drawn: {', '.join(parts)} of the input (from 0; negative: padding)"] if parts else []


def _never(view: _View) -> list[str]:
    """How many rows and columns at the end no window reaches."""
    left = []
    for what, axis in (("row", view.rows), ("column", view.columns)):
        spare = axis.high - (axis.reach(axis.outputs - 1) or (0, axis.high))[1]
        if spare > 0:
            left.append(f"the last {what} is" if spare == 1 else f"the last {spare} {what}s are")
    return (
        [f"never read (hatched where drawn): {' and '.join(left).replace(' is', '').replace(' are', '')}"]
        if left
        else []
    )
