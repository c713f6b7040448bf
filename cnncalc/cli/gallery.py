"""The gallery in docs/figures.md: ``python -m cnncalc.cli.gallery`` draws every figure of it anew.

Each is the command that stands beside it, so that the page shows what a user gets; a test holds the files to it.
"""

import shlex
from os.path import dirname, join

from cnncalc.cli import cli

DOCS = join(dirname(dirname(dirname(__file__))), "docs")
PAGE, FOLDER = "figures.md", "gallery"
START, END = "<!-- gallery -->\n", "<!-- end -->"
PADDED = "'1x8x8 -> conv 1 3x3 stride=2 padding=1'"
DILATED = "'1x9x9 -> conv 1 3x3 dilation=2 padding=2'"
SPREAD = "'1x4x4 -> conv_transpose 1 3x3 stride=2 padding=1'"

FIGURES = {  # file: (what the command line says, what the figure shows)
    "resnet152": ("resnet152", "ResNet-152: 465 layers, repeats drawn once, skips beside a straight main path"),
    "inception": ("googlenet --fold block", "GoogLeNet, a box an inception block"),
    "densenet121": ("densenet121", "DenseNet-121: dense layers that grow from 64 to 256 channels are drawn once"),
    "vgg16_lr": ("vgg16 --dir LR", "VGG-16 from left to right"),
    "resnet18_open": ("resnet18 --open H,W --fold block", "Sizes left open: the shapes are closed forms"),
    "unet": ("unet --as unet", "U-Net as a U"),
    "alexnet_volumes": ("alexnet --as volume", "AlexNet as volumes"),
    "lenet5_volumes": ("lenet5 --as volume", "LeNet-5 as volumes"),
    "lenet5_field": ("lenet5 avg_pool_2 --as field", "What one cell of LeNet-5's second pooling sees"),
    "resnet50_field": ("resnet50 stage_3 --as field --position 2,4", "A receptive field that reaches into the padding"),
    "window": (
        f"{PADDED} --as window --position 1,2",
        "A window with stride 2: the last row and column are never read",
    ),
    "window_dilated": (f"{DILATED} --as window --animate", "A dilated window, moving"),
    "window_transposed": (f"{SPREAD} --as window --position 2,2", "A transposed convolution: zeros put between"),
    "vgg16_bars": ("vgg16 --as bars", "Where VGG-16's parameters, operations and activations are"),
    "networks": (
        "alexnet vgg16 vgg19 resnet18 resnet50 resnet152 googlenet densenet121 nin --as scatter",
        "Operations against parameters",
    ),
    "resnet34_dark": ("resnet34 --fold stage --theme dark", "On a dark page"),
}


def arguments(file: str) -> list[str]:
    """The words of a figure's command line, without the output."""
    return ["draw", *shlex.split(FIGURES[file][0])]


def drawn(file: str, path: str) -> None:
    """Draw one figure of the gallery."""
    cli.main([*arguments(file), "-o", path, "--json"], standalone_mode=False)


def section() -> str:
    """The gallery's part of the page."""
    parts = []
    for file, (words, shows) in FIGURES.items():
        parts.append(f"### {shows}\n\n`cnncalc draw {words} -o {file}.svg`\n\n![{shows}]({FOLDER}/{file}.svg)\n")
    return "\n".join(parts)


def page(text: str) -> str:
    """The page with the gallery's part made anew."""
    before, _, rest = text.partition(START)
    return f"{before}{START}{section()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for name in FIGURES:
        drawn(name, join(DOCS, FOLDER, f"{name}.svg"))
    with open(join(DOCS, PAGE), encoding="utf-8") as written:
        fresh = page(written.read())
    with open(join(DOCS, PAGE), "w", encoding="utf-8") as written:
        written.write(fresh)
