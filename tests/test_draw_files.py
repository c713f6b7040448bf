"""Figures as files: formats, strangers' labels, missing parts, the cache of compiled modules, the gallery."""

import builtins
import json
import os
import shutil
import stat
import subprocess
import sys
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch

import cnncalc
from cnncalc.analysis import Analysis
from cnncalc.cli import gallery
from cnncalc.draw import dot, draw, wasm
from cnncalc.draw.canvas import Canvas
from cnncalc.draw.files import write
from cnncalc.draw.raster import pdf, png
from cnncalc.draw.tikz import tikz
from cnncalc.exact.rules import ShapeError
from cnncalc.network import Network, Node
from tests.commands import invoke
from tests.drawn import NS, Drawn, inside, rectangle_of

LENET = cnncalc.analyse(cnncalc.load("lenet5"))
NASTY = (
    "<b>&\"'",
    "</text><script>x</script>",
    "]]>",
    "🙂" * 20,
    "卷积" * 40,
    "x" * 500,
    "a\x00\x1b\ud800\n",
    "\\",
    "{}%$#_^~",
)


# --- formats ------------------------------------------------------------------------------------------


def test_png_is_the_svg_in_the_shipped_font() -> None:
    from PIL import Image

    figure = draw(LENET)
    image = Image.open(BytesIO(png(figure, 2.0)))
    assert image.size == (round(2 * figure.width), round(2 * figure.height)) or abs(image.width - 2 * figure.width) < 2
    grey = image.convert("L")
    drawn = Drawn(figure.svg)
    left, top = drawn.page[:2]
    for text in drawn.texts():  # ink where the text is said to be: no font, no text
        box = [2 * (v - o) for v, o in zip(text.rectangle, (left, top, left, top), strict=True)]
        assert grey.crop((int(box[0]), int(box[1]), int(box[2]), int(box[3]))).getextrema()[0] < 140, text


def test_floor_brackets_have_a_glyph() -> None:
    """Each of ⌊ ⌋ ⌈ ⌉ draws something else than the font's sign for a missing glyph."""
    seen = set()
    for sign in "⌊⌋⌈⌉\U0001f642":
        canvas = Canvas()
        canvas.covers(0, 0, 40, 40)
        canvas.text(5, 30, sign, 30)
        seen.add(png(canvas.figure("sign", "")))
    assert len(seen) == 5


def test_pdf_has_the_words() -> None:
    data = pdf(draw(LENET))
    assert data.startswith(b"%PDF")
    assert len(data) > 2000


def test_tikz_has_every_text_and_every_shape() -> None:
    figure = draw(LENET)
    text = tikz(figure)
    drawn = Drawn(figure.svg)
    assert text.count(r"\path") == len(list(drawn.shapes()))
    assert text.count(r"\node") == len(drawn.texts())
    assert text.count("{") == text.count("}")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
@pytest.mark.parametrize("kind", ["graph", "volume", "field", "window"])
def test_tikz_compiles(kind: str, tmp_path: Path) -> None:
    (tmp_path / "net.tex").write_text(tikz(draw(LENET, kind)), "utf-8")
    subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "net.tex"], cwd=tmp_path, check=True)


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".tex", ".dot", ".gv"])
def test_the_suffix_says_what_is_written(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"net{suffix}"
    result = invoke(["draw", "lenet5", "-o", str(path), "--json"])
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["schema"] == "cnncalc.draw/1"
    assert said["bytes"] == path.stat().st_size > 500
    start = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF", ".tex": b"\\documentclass"}.get(suffix, b"digraph")
    assert path.read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [path.name]
    assert not path.stat().st_mode & stat.S_IXUSR


def test_svg_on_standard_output() -> None:
    assert ElementTree.fromstring(invoke(["draw", "lenet5", "-o", "-"]).stdout).tag == f"{NS}svg"
    assert ElementTree.fromstring(json.loads(invoke(["draw", "lenet5", "--json"]).stdout)["svg"]).tag == f"{NS}svg"


def test_dot_has_every_box_and_edge() -> None:
    text = dot.source(cnncalc.analyse(cnncalc.load("resnet18")), "none")
    assert text.count("->") == sum(len(node.inputs) for node in cnncalc.load("resnet18").nodes.values()) + 1
    assert "64×112×112" in text


# --- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_labels_of_strangers(text: str) -> None:
    """Names that no spec allows, put into a network by hand."""
    net = cnncalc.load("3x8x8 -> conv 4 3x3 -> relu -> conv 4 3x3")
    first, *rest = net.nodes.items()
    nodes = {
        text + ".block." + text: first[1],
        rest[0][0]: Node(rest[0][1].layer, (text + ".block." + text,)),
        **dict(rest[1:]),
    }
    from cnncalc.network import About

    analysis = Analysis(Network(text, net.inputs, nodes, net.outputs, about=About(title=text)))
    for kind in ("graph", "volume", "field", "bars", "window"):
        for fold in ("none", "stage") if kind == "graph" else (None,):
            figure = draw(analysis, kind, **({"fold": fold} if fold else {}))
            drawn = Drawn(figure.svg)
            assert not list(drawn.root.iter(f"{NS}script"))
            for one in drawn.texts():
                assert inside(one.rectangle, drawn.page)
            assert png(figure).startswith(b"\x89PNG")
            assert tikz(figure).count(r"\node") == len(drawn.texts())
    assert "digraph" in dot.source(analysis)


def test_what_was_shortened_is_in_the_title() -> None:
    canvas = Canvas()
    canvas.text(0, 0, "x" * 500 + "<&", 11, room=100)
    (text,) = Drawn(canvas.figure("long", "").svg).texts()
    assert text.shown.endswith("…")
    assert text.full == "x" * 500 + "<&"
    assert text.rectangle[2] <= 100


BAD = [
    (["lenet5", "-o", "net.bmp"], 2, "unknown suffix .bmp: one of .svg, .png"),
    (["lenet5", "-o", "net"], 2, "does not end in"),
    (["lenet5", "-o", "/nowhere/at/all/net.svg"], 1, "No such file or directory"),
    (["lenet5", "-o", "/proc/net.svg"], 1, "/proc/net.svg"),
    (["lenet5", "--as", "volume", "-o", "net.dot"], 2, ".dot is for --as graph"),
    (["lenet5", "c3"], 2, "draws one network"),
    (["lenet5", "c1", "c3", "--as", "window"], 2, "draws one LAYER"),
    (["lenet5", "linear_9", "--as", "window"], 1, "did you mean linear_3"),
    (["lenet5", "tanh_1", "--as", "window"], 1, "no sliding window"),
    (["lenet5", "c3", "--as", "window", "--position", "99,0"], 1, "10 × 10 cells"),
    (["lenet5", "c3", "--as", "window", "--position", "x"], 2, "not a position"),
    (["lenet5", "linear_1", "--as", "field"], 1, "has no positions"),
    (["lenet5", "c3", "--as", "field", "--position", "1"], 1, "no position"),
    (["resnet18", "--open", "H", "--as", "field"], 1, "leave out --open"),
    (["resnet18", "--open", "H", "--as", "bars"], 1, "leave out --open"),
    (["3x8x8 -> relu", "--as", "scatter"], 1, "no parameters"),
    (["3x8x8 -> relu", "--as", "window"], 1, "no layer of this network has a sliding window"),
    (["5 -> linear 3", "--as", "unet"], 1, "has none"),
    (["5 -> linear 3", "--as", "field"], 1, "no layer"),
    (["lenet5", "--as", "painting"], 2, "is not one of"),
]


@pytest.mark.parametrize(("words", "code", "said"), BAD)
def test_bad_input(words: list[str], code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(["draw", *words])
    assert result.exit_code == code, result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert not result.stdout
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize(
    ("package", "words", "extra"),
    [
        ("resvg_py", ["-o", "net.png"], "png"),
        ("svglib", ["-o", "net.pdf"], "pdf"),
        ("wasmtime", ["--engine", "wasm", "-o", "net.svg"], "wasm"),
    ],
)
def test_a_missing_part(
    package: str, words: list[str], extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordinary = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ImportError(name)
        return ordinary(name, *rest, **more)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "__import__", without)
    result = invoke(["draw", "lenet5", *words])
    assert result.exit_code == 3
    assert f"pip install 'cnncalc[{extra}]'" in result.stderr
    assert not os.listdir(tmp_path)


def test_no_dot_no_figure_but_auto_finds_a_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    result = invoke(["draw", "lenet5", "--engine", "dot"])
    assert result.exit_code == 3
    assert "pip install 'cnncalc[wasm]'" in result.stderr
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    assert draw(LENET, engine="auto").svg == draw(LENET).svg


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.svg"
    path.write_text("before")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(str(path), b"after")
    monkeypatch.undo()
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["net.svg"]
    write(str(path), b"after")
    assert path.read_text() == "after"


# --- the cache of compiled modules ----------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return Path(wasm.cache_folder())


def test_the_cache_is_private_and_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import wasmtime

    first = draw(LENET, engine="wasm").svg
    (kept,) = cache.iterdir()
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    class Never:
        def __init__(self, *_: Any) -> None:
            raise AssertionError("compiled again")

        deserialize = wasmtime.Module.deserialize

    monkeypatch.setattr(wasmtime, "Module", Never)
    assert draw(LENET, engine="wasm").svg == first


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "open to others", "open folder", "a link", "a folder"])
def test_a_harmed_cache_is_not_trusted(harm: str, cache: Path, tmp_path: Path) -> None:
    first = draw(LENET, engine="wasm").svg
    (kept,) = cache.iterdir()
    data = kept.read_bytes()
    if harm == "cut":
        kept.write_bytes(data[:100_000])
    elif harm == "changed":
        kept.write_bytes(data[:100_000] + b"\0\0\0\0" + data[100_004:])
    elif harm == "empty":
        kept.write_bytes(b"")
    elif harm == "open to others":
        kept.chmod(0o666)
    elif harm == "open folder":
        cache.chmod(0o777)
    elif harm == "a link":
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "elsewhere")
    else:
        kept.unlink()
        kept.mkdir()
    assert wasm._trusted(str(kept)) is None
    assert draw(LENET, engine="wasm").svg == first


def test_somebody_elses_cache_is_not_trusted(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(LENET, engine="wasm")
    (kept,) = cache.iterdir()
    assert wasm._trusted(str(kept)) is not None
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert wasm._trusted(str(kept)) is None


# --- what the figures say -------------------------------------------------------------------------------


def taps(svg: str) -> set[tuple[int, int]]:
    """Row and column, in the drawn grid, of the real cells that a window figure says are read."""
    drawn = Drawn(svg)
    grid = next(drawn.groups("input")).find(f"{NS}rect")
    assert grid is not None
    left, top, right, _ = rectangle_of(grid)
    unit = right - left
    (group, *_) = drawn.groups("taps")
    cells = [rectangle_of(one) for one in group.findall(f"{NS}rect") if one.get("fill-opacity") == "0.85"]
    return {(round((y - 2 - top) / unit), round((x - 2 - left) / unit)) for x, y, _, _ in cells}


WINDOWS = [
    (
        torch.nn.Conv2d(1, 1, k, stride=s, padding=p, dilation=d),
        f"conv 1 {k}x{k} stride={s} padding={p} dilation={d}",
        p,
    )
    for k, s, p, d in product((2, 3), (1, 2, 3), (0, 1), (1, 2))
]


@pytest.mark.parametrize(("module", "words", "padding"), WINDOWS)
def test_a_window_reads_what_pytorch_reads(module: torch.nn.Module, words: str, padding: int) -> None:
    """The cells in orange are those with a gradient."""
    image = torch.rand(1, 1, 9, 9, requires_grad=True)
    output = module(image)
    at = (output.shape[2] - 1, 0)
    (gradient,) = torch.autograd.grad(output[0, 0, at[0], at[1]], image)
    expected = {(int(row) + padding, int(column) + padding) for row, column in gradient[0, 0].nonzero()}
    figure = draw(cnncalc.load(f"1x9x9 -> {words} as c"), "window", name="c", position=at)
    assert taps(figure.svg) == expected


@pytest.mark.parametrize(("k", "s", "p", "op"), [(3, 2, 1, 0), (4, 2, 1, 0), (2, 2, 0, 0), (3, 3, 1, 2), (5, 1, 2, 0)])
def test_a_transposed_window_reads_what_pytorch_reads(k: int, s: int, p: int, op: int) -> None:
    module = torch.nn.ConvTranspose2d(1, 1, k, stride=s, padding=p, output_padding=op)
    image = torch.rand(1, 1, 4, 4, requires_grad=True)
    output = module(image)
    words = f"1x4x4 -> conv_transpose 1 {k}x{k} stride={s} padding={p} output_padding={op} as c"
    for at in product(range(0, output.shape[2], 2), (0, output.shape[3] - 1)):
        (gradient,) = torch.autograd.grad(output[0, 0, at[0], at[1]], image, retain_graph=True)
        border = k - 1 - p
        expected = {(int(row) * s + border, int(column) * s + border) for row, column in gradient[0, 0].nonzero()}
        assert taps(draw(cnncalc.load(words), "window", name="c", position=at).svg) == expected


@pytest.mark.parametrize("net", ["resnet18", "googlenet", "unet", "densenet121", "lenet5", "vgg16"])
def test_figures_say_what_the_analysis_says(net: str) -> None:
    analysis = cnncalc.analyse(cnncalc.load(net))
    for group in Drawn(draw(analysis, "volume").svg).groups("volume"):
        name = group.get("data-name", "")
        if name in analysis.shapes:
            box = analysis.network.nodes.get(name)
            assert group.get("data-shape") == "×".join(map(str, analysis.shapes[name])) or box is None
    for k, what in enumerate(("params", "macs", "activations")):
        bars = list(Drawn(draw(analysis, "bars", depth=99).svg).groups("bar"))
        words = ("parameters", "MACs", "activations")[k]
        said = [int(group.get("data-value", "0")) for group in bars if group.findtext(f"{NS}title", "").endswith(words)]
        assert sum(said) == getattr(analysis, what)


def test_bars_in_the_terminal_add_up_and_fit() -> None:
    for width in (50, 80, 120):
        lines = invoke(["draw", "lenet5", "--as", "bars"], width=width).stdout.splitlines()
        assert max(map(len, lines)) <= width
        assert "parameters: 61,706" in lines
    assert any(line.startswith("linear_1") and "78.0 %" in line for line in lines)


@pytest.mark.parametrize("kind", ["window", "field", "volume", "bars", "unet"])
def test_huge_maps_and_windows_are_drawn_at_once(kind: str) -> None:
    """What is drawn is looked at, not all that could be."""
    net = cnncalc.load("1x900000x900000 -> conv 1 800000x800000 stride=3 padding=5 as c")
    page = Drawn(draw(net, kind).svg)
    assert len(list(page.shapes())) < 20_000


def test_a_moving_window_shows_every_position_once() -> None:
    figure = draw(cnncalc.load("1x7x7 -> conv 1 3x3 stride=2 as c"), "window", name="c", animate=True)
    frames = list(Drawn(figure.svg).groups("taps"))
    assert len(frames) == 9
    turns = [frame.find(f"{NS}animate").get("values", "").split(";").index("visible") for frame in frames]  # type: ignore[union-attr]
    assert turns == list(range(9))
    assert [frame.get("visibility") for frame in frames].count(None) == 1


def test_repeats_are_drawn_once_with_how_often() -> None:
    drawn = Drawn(draw(cnncalc.load("resnet152")).svg)
    assert badges(drawn) == ["× 2", "× 7", "× 35", "× 2"]
    vgg = Drawn(draw(cnncalc.load("vgg16")).svg)
    assert not list(vgg.groups("badge")), "stages 4 and 5 do the same on maps of different size"


def badges(drawn: Drawn) -> list[str]:
    return [text.shown for group in drawn.groups("badge") for text in drawn.texts(group)]


@pytest.mark.parametrize(
    ("read", "expected"),
    [(None, {"a.conv_1": 3}), ("a", {"a.conv_1": 1, "b.conv_1": 2}), ("b", {"a.conv_1": 2, "c.conv_1": 1})],
)
def test_blocks_that_are_read_in_the_middle_are_not_drawn_once(read: str | None, expected: dict[str, int]) -> None:
    """A repeat of equal blocks ends at one that a skip leaves."""
    blocks = {"pair": ["conv 8 3x3 padding=1", "batch_norm", "relu", "conv 8 1x1"]}
    layers: list[Any] = ["pair as a", "pair as b", "pair as c"]
    layers += [{"add": {"with": read}}] if read else []
    drawn = Drawn(draw(cnncalc.load({"input": [8, 9, 9], "blocks": blocks, "layers": layers})).svg)
    assert expected.keys() == {name for name in drawn.boxes() if name.endswith("conv_1")}
    assert badges(drawn) == [f"× {times}" for times in expected.values() if times > 1]


@pytest.mark.parametrize("net", ["resnet50", "densenet121", "alexnet", "unet"])
def test_boxes_are_as_wide_as_their_words(net: str) -> None:
    drawn = Drawn(draw(cnncalc.load(net)).svg)
    for group in drawn.groups("box", "frame-title"):
        assert not [text for text in drawn.texts(group) if text.shown.endswith("…")]


@pytest.mark.parametrize("net", ["vgg19", "resnet152", "unet", "alexnet"])
def test_volumes_fit_a_slide(net: str) -> None:
    assert draw(cnncalc.load(net), "volume").width < 1300


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind of figure 'poem'"):
        draw(LENET, "poem")
    with pytest.raises(ShapeError, match="is a block"):
        draw(cnncalc.load("resnet18"), "window", name="stage_1")


# --- the gallery ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", gallery.FIGURES)
def test_the_gallery_is_what_the_commands_draw(name: str) -> None:
    """Drawn anew by `python -m cnncalc.cli.gallery`."""
    kept = Path(gallery.DOCS, gallery.FOLDER, f"{name}.svg").read_text("utf-8")
    assert invoke([*gallery.arguments(name), "-o", "-"]).stdout.rstrip("\n") == kept.rstrip("\n")


def test_the_page_shows_the_whole_gallery() -> None:
    text = Path(gallery.DOCS, gallery.PAGE).read_text("utf-8")
    assert text == gallery.page(text)
    assert sorted(path.stem for path in Path(gallery.DOCS, gallery.FOLDER).iterdir()) == sorted(gallery.FIGURES)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("kind", ["graph", "volume", "field", "window", "bars"])
def test_a_browser_and_resvg_draw_alike(kind: str, tmp_path: Path) -> None:
    """Blurred to a fifth, so that only what lies elsewhere or is missing counts."""
    from PIL import Image, ImageChops, ImageFilter

    figure = draw(LENET, kind)
    (tmp_path / "net.html").write_text(f'<body style="margin:0">{figure.svg}</body>', "utf-8")
    size = f"{int(figure.width) + 1},{int(figure.height) + 1}"
    subprocess.run([str(CHROMIUM), "--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={size}",
                    f"--screenshot={tmp_path}/net.png", f"file://{tmp_path}/net.html"], check=True, timeout=60)  # fmt: skip
    ours = Image.open(BytesIO(png(figure, 1.0))).convert("L")
    theirs = Image.open(tmp_path / "net.png").convert("L").crop((0, 0, *ours.size))
    apart = ImageChops.difference(*(image.filter(ImageFilter.GaussianBlur(5)) for image in (ours, theirs)))
    assert apart.getextrema()[1] < 60
