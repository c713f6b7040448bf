"""The JSON Schema of specs, for editors: draft-07, which yaml-language-server reads."""

from typing import Any

from cnncalc.layers import all_kinds
from cnncalc.spec.items import JOINS
from cnncalc.spec.vocabulary import class_names

ID = "https://cnncalc.dev/spec.schema.json"


def schema() -> dict[str, Any]:
    """The whole schema, from pydantic's outline and the fields of every kind."""
    from cnncalc.spec.document import Document

    outline = _draft7(Document.model_json_schema())
    definitions = outline.pop("definitions", {}) | _layers()
    properties = outline["properties"]
    properties["layers"] = {"$ref": "#/definitions/layers", "description": properties["layers"]["description"]}
    properties["blocks"]["additionalProperties"] = {"$ref": "#/definitions/layers"}
    for name in ("notes", "functional", "use", "outputs"):
        properties[name] = {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "description": properties[name]["description"],
        }
    return {"$schema": "http://json-schema.org/draft-07/schema#", "$id": ID, "title": "cnncalc spec",
            **{key: value for key, value in outline.items() if key != "title"},
            "definitions": definitions}  # fmt: skip


def _layers() -> dict[str, Any]:
    references = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    name = {"type": "string", "description": "the layer's name"}
    items = {"$ref": "#/definitions/layers"}
    number = {"type": ["integer", "string"]}
    common = {"name": name, "as": name, "from": references, "frozen": {"type": "boolean"}, "shares": {"type": "string"},
              "activation": {"type": "string"}}  # fmt: skip
    kinds: dict[str, Any] = {}
    for kind, cls in all_kinds().items():
        fields = {field: reader.schema() for field, reader in cls.fields.items()}
        joining = {"with": references, "crop": {"enum": ["center", "none"]}} if cls.arity[1] != 1 else {}
        settings: dict[str, Any] = {"type": "object", "properties": fields | common | joining}
        short = {"type": ["string", "number", "null"]}
        branches = [{"type": "array", "items": items}] if kind in JOINS else [{"type": "array"}]
        kinds[kind] = {"description": (cls.__doc__ or "").split("\n")[0], "anyOf": [settings, short, *branches]}
    words = {
        "repeat": {"type": "object", "required": ["times", "layers"], "additionalProperties": False,
                   "properties": {"times": number, "layers": items}},
        "when": {"type": ["string", "boolean", "integer"], "description": "a condition over the symbols"},
        "layers": items,
        "from": references,
        "name": name,
        "as": name,
    }  # fmt: skip
    known = ", ".join([*kinds, *class_names()])
    layer = {
        "anyOf": [
            {"type": "string", "description": f"one layer on one line: conv 64 3x3 padding=1. Kinds: {known}"},
            {"type": "object", "properties": kinds | words},
        ]
    }
    listed = {"anyOf": [{"type": "array", "items": {"$ref": "#/definitions/layer"}}, {"$ref": "#/definitions/layer"}]}
    return {"layers": listed, "layer": layer}


def _draft7(schema: Any) -> Any:
    """Pydantic's 2020-12 schema in draft-07's words."""
    if isinstance(schema, dict):
        renamed = {"$defs": "definitions"}
        return {renamed.get(key, key): _draft7(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_draft7(item) for item in schema]
    if isinstance(schema, str):
        return schema.replace("#/$defs/", "#/definitions/")
    return schema


STARTER = """\
# yaml-language-server: $schema={schema}
# A cnncalc spec. Try: cnncalc summary {file} - then change something and run it again.

name: {name}
source: where this network comes from

symbols: {{classes: 10, H: 32, W: 32}}   # names with their usual values; --set H=64 changes one

input: [3, H, W]                       # channels, height, width; the batch is implicit

blocks:                                # pieces that are used again, with parameters and defaults
  conv_bn(width, stride=1):
    - conv width 3x3 stride=stride padding=1 nobias
    - batch_norm
    - relu
  residual(width):
    - add:                             # branches side by side, then joined
        - [conv_bn width, conv width 3x3 padding=1 nobias, batch_norm]
        - []                           # the identity
    - relu

layers:
  - conv_bn 16 as stem
  - repeat: {{times: 2, layers: [residual 16]}}
  - conv_bn 32 stride=2
  - residual 32
  - max_pool 2x2                       # the stride defaults to the window
  - global_avg_pool
  - linear classes as head
"""
