"""A check against PyTorch in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.report.summary import size

MOST = 50  # differences that are listed
LINES = 6  # reasons that are listed, the largest first
Document = Mapping[str, Any]


def as_text(document: Document, params: int, macs: int) -> str:
    """The verdict, what differs, and - where the network really ran - what was measured."""
    differences, checked = document["differences"], document["checked"]
    verdict = "agrees" if not differences else f"differs in {len(differences)} places"
    lines = [
        f"{document['network']}: {verdict} with PyTorch {document['torch']} on {document['device']}: "
        f"{checked['layers']} layers, {params:,} parameters, {macs:,} MACs"
    ]
    lines += [
        f"  {found['layer']} {found['quantity']}: cnncalc {found['cnncalc']}, PyTorch {found['pytorch']}"
        for found in differences[:MOST]
    ]
    if len(differences) > MOST:
        lines.append(f"  ... and {len(differences) - MOST} more (--json lists them all)")
    if document["device"] != "meta":
        lines += [f"  {head:<10}{text}" for head, text in _measured(document)]
    return "\n".join(lines)


def _measured(document: Document) -> list[tuple[str, str]]:
    measured, checked = document["measured"], document["checked"]
    lines: list[tuple[str, str]] = []
    if "inference" in measured:
        lines += _inference(measured["inference"])
    if "training" in measured:
        lines += _training(measured["training"])
    if checked.get("fields"):
        places = f"{checked['fields']} positions at borders and {checked['fields_inside']} far from them"
        lines.append(("fields", f"{places}, each input pixel followed"))
    if checked.get("probes"):
        lines.append(("probes", f"{checked['probes']} positions of the real network, not-a-number put in and bisected"))
    elif "probes" in measured:
        lines.append(("probes", measured["probes"]))
    if "latency" in measured:
        time = measured["latency"]
        lines.append(("latency", f"{time['median']:g} ms, median of {time['runs']} ({time['fastest']:g} to "
                      f"{time['slowest']:g}), batch {time['batch']}"))  # fmt: skip
    return lines


def _inference(found: Document) -> list[tuple[str, str]]:
    lines = [("inference", f"peak activations {size(found['between_layers'])}, predicted {size(found['predicted'])}, "
              f"batch {found['batch']}")]  # fmt: skip
    if found["copied"]:
        lines.append(("", f"copied, because what it reads is not contiguous: {', '.join(found['copied'][:3])}"))
    if found["spare"]:
        lines.append(("", f"{size(found['spare'])} of larger buffers that kernels return are left out"))
    if found["within_layers"] > found["between_layers"]:
        lines.append(("", f"{size(found['within_layers'])} for a moment: {found['why']}"))
    return lines + _allocator(found)


def _training(found: Document) -> list[tuple[str, str]]:
    difference = found["measured"] - found["predicted"]
    lines = [
        ("backward", f"{found['macs']:,} MACs; gradients {size(found['gradients'])}"),
        ("training", f"peak {size(found['measured'])}, predicted {size(found['predicted'])}: parameters, gradients, "
         f"every activation; batch {found['batch']}"),
    ]  # fmt: skip
    if difference:
        shown, rest = _largest(found["why"])
        lines += [("", f"{_signed(line['bytes'])}  {line['what']}") for line in shown]
        if rest:
            lines.append(("", f"{_signed(sum(line['bytes'] for line in rest))}  {len(rest)} smaller reasons (--json)"))
    return lines + _allocator(found)


def _largest(why: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    ordered = sorted(why, key=lambda line: -abs(line["bytes"]))
    kept = [line for line in ordered if line["bytes"]]
    return kept[:LINES], kept[LINES:]


def _signed(count: int) -> str:
    return f"{'−' if count < 0 else '+'} {size(abs(count)):>8}"


def _allocator(found: Document) -> list[tuple[str, str]]:
    if "allocator" not in found:
        return []
    seen = found["allocator"]
    return [("", f"CUDA's allocator: {size(seen['requested'])} requested, {size(max(seen['workspaces'], 0))} of it "
             f"workspaces of kernels; {size(seen['allocated'])} allocated in blocks")]  # fmt: skip
