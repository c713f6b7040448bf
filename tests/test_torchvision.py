"""Our networks beside torchvision's own: parameters, their shapes one by one, and multiply-accumulates.

Skipped where torchvision is not installed; its published figures are held anyway, in test_specs.py.
"""

from collections import Counter
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnncalc.analysis import Analysis
from cnncalc.spec.load import named_specs

SPECS = named_specs()


@cache
def torchvision_models() -> Any:
    """torchvision.models; beside a PyTorch of another build its compiled operators are missing, and not needed."""
    pytest.importorskip("torchvision", reason="torchvision is not installed", exc_type=ImportError)
    import torchvision.models

    return torchvision.models


@pytest.fixture(scope="module", autouse=True)
def operators() -> Any:
    """Declare the operators without which `import torchvision` fails, where its library cannot be loaded."""
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    yield
    del library


WITHOUT_AUX: dict[str, Any] = {"aux_logits": False, "init_weights": False}
WITH_AUX: dict[str, Any] = {"aux_logits": True, "init_weights": False}
SEGMENTATION: dict[str, Any] = {"weights_backbone": None, "aux_loss": True}
OTHERWISE: dict[str, tuple[str, dict[str, Any]]] = {
    "googlenet": ("googlenet", WITHOUT_AUX),
    "googlenet_aux": ("googlenet", WITH_AUX),
    "inception_v3": ("inception_v3", WITHOUT_AUX),
    "inception_v3_aux": ("inception_v3", WITH_AUX),
    "deeplabv3_resnet50": ("deeplabv3_resnet50", SEGMENTATION),
    "deeplabv3_resnet101": ("deeplabv3_resnet101", SEGMENTATION),
    "fcn_resnet50": ("fcn_resnet50", SEGMENTATION),
    "fcn_resnet101": ("fcn_resnet101", SEGMENTATION),
    "mask_rcnn": ("maskrcnn_resnet50_fpn", {"weights_backbone": None}),
}


def theirs(name: str) -> nn.Module | None:
    """torchvision's network of this name, on the meta device; None where it has none."""
    models = torchvision_models()
    known, settings = OTHERWISE.get(name, (name, {}))
    if known not in models.list_models():
        return None
    if known.startswith("regnet"):  # it works out its widths with a tensor's values
        return models.get_model(known, weights=None, **settings).to("meta")  # type: ignore[no-any-return]
    with torch.device("meta"):
        return models.get_model(known, weights=None, **settings)  # type: ignore[no-any-return]


def macs(model: nn.Module, shape: tuple[Any, ...], training: bool) -> float:
    """Multiply-accumulates for one image; auxiliary heads run in training only, which takes two images."""
    batch = 2 if training else 1
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.train(training)(torch.empty(batch, *shape, device="meta"))
    return counter.get_total_flops() / 2 / batch


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SPECS)
def test_as_in_torchvision(name: str) -> None:
    model = theirs(name)
    if model is None:
        pytest.skip(f"torchvision has no {name}")
    analysis = Analysis(SPECS[name].network({}))
    nodes = analysis.network.nodes
    ours = Counter(
        tuple(shape)
        for layer, facts in analysis.facts.items()
        if not nodes[layer].shares
        for shape in facts.weights.values()
    )
    assert ours == Counter(tuple(parameter.shape) for _, parameter in model.named_parameters())
    assert analysis.params == sum(parameter.numel() for parameter in model.parameters())
    if name != "mask_rcnn":  # its suppression of boxes needs the compiled operators
        assert analysis.macs == macs(model, analysis.network.input, name.endswith("_aux"))


def test_networks_of_torchvision_are_found() -> None:
    """That the names above have not gone out of use, and nothing is skipped unseen."""
    found = [name for name in SPECS if OTHERWISE.get(name, (name, {}))[0] in torchvision_models().list_models()]
    assert len(found) >= 55, found
