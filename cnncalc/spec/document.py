"""The outline of a spec file, validated by pydantic. Layers are read by `cnncalc.spec.reading`."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from cnncalc.spec.errors import MAX_FAULTS, Fault, Place, nearest
from cnncalc.spec.outline import CORRECTION, corrected
from cnncalc.spec.tree import Tree, find, plain

STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
Symbol = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Figure = int | float | list[int]


def listed(value: Any) -> Any:
    """One thing where a list is meant."""
    return [value] if isinstance(value, str) else value


Texts = Annotated[list[str], BeforeValidator(listed)]


class Published(BaseModel):
    """A published figure of the network: one quantity, where it stands, and - if wrong - the right one."""

    model_config = STRICT

    of: str | None = Field(None, description="the layer or block it is about; absent: the whole network")
    variant: str | None = Field(None, description="the variant it is about; absent: all")
    at: dict[Symbol, int] | None = Field(None, description="symbols it was published for, where not the usual ones")
    params: int | float | None = None
    weights: int | float | None = None
    buffers: int | None = None
    macs: int | float | None = None
    connections: int | None = None
    neurons: int | None = None
    output: list[int] | None = None
    receptive_field: int | None = None
    jump: int | None = None
    right: Figure | None = Field(None, description="the right value, where the published one is wrong")
    within: float = Field(0, description="how far the published value was rounded")
    source: str = ""
    why: str = Field("", description="why the published value is wrong")

    @model_validator(mode="after")
    def _corrected(self) -> Self:
        if not corrected(self.model_dump(exclude_none=True)):
            raise PydanticCustomError("corrected", CORRECTION)
        return self


class Document(BaseModel):
    """A convolutional network."""

    model_config = STRICT

    name: str = Field("", description="the network's name")
    source: str = Field("", description="the publication it follows")
    year: int | None = None
    notes: Texts = Field([], description="what a reader should know: errata, conventions")
    functional: Texts = Field([], description="layers, blocks or kinds that the published code calls as functions")
    published: list[Published] = Field([], description="figures the network is held to")
    symbols: dict[Symbol, int | float | str | None] = Field({}, description="names with their usual values")
    variants: dict[Symbol, dict[Symbol, int | float | str] | None] = Field({}, description="named settings of symbols")
    input: str | int | list[int | str] | dict[Symbol, str | int | list[int | str]] = Field(
        description="channels, height, width (channels first, no batch axis); or several named inputs"
    )
    use: Texts = Field([], description="specs whose blocks are shared")
    blocks: dict[str, Any] = Field({}, description="named pieces: signature(parameter, parameter=default): layers")
    layers: Any = Field(description="the layers, one after the other")
    outputs: Texts = Field([], description="the names of the results; absent: the last layer")


def validated(tree: Tree, faults: list[Fault]) -> Document | None:
    """The document, or None with what is wrong added to ``faults``."""
    data = plain(tree)
    if not isinstance(data, dict):
        place = tree.place
        faults.append(
            Fault("a spec is a mapping with input and layers", Place(place.line, place.column, 1, place.path))
        )
        return None
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        faults.extend(_unique(_fault(detail, tree) for detail in details[: 2 * MAX_FAULTS])[:MAX_FAULTS])
        return None


def _unique(faults: Any) -> list[Fault]:
    """Each fault once: a union reports every alternative that did not fit."""
    return list({(fault.place, fault.message): fault for fault in faults}.values())


def _fault(detail: Any, tree: Tree) -> Fault:
    path = tuple(detail["loc"])
    value, place = find(tree, path)
    shown = str(plain(value))
    shown = shown if len(shown) < 40 else shown[:37] + "..."
    match detail["type"]:
        case "extra_forbidden":
            model = Published if path[0] == "published" else Document
            return Fault(f"unknown key '{path[-1]}'"[:80], place, nearest(str(path[-1]), model.model_fields))
        case "missing":
            return Fault(f"{path[-1]} is missing", tree.place, f"every spec needs {path[-1]}")
        case "string_pattern_mismatch":
            return Fault(f"'{path[-2] if path[-1] == '[key]' else path[-1]}' cannot be a symbol's name"[:100], place)
        case _ if _through_a_union(tree, path) and path[0] in Document.model_fields:
            meant = Document.model_fields[path[0]].description
            return Fault(f"{path[0]} must be {meant}, not {shown}", value.place)
        case _:
            name = ".".join(str(step) for step in path[:2])
            text = detail["msg"][:1].lower() + detail["msg"][1:]
            return Fault(f"{name}: {text}, not {shown}", value.place)


def _through_a_union(tree: Tree, path: tuple[str | int, ...]) -> bool:
    """Whether the path ends in the name of an alternative rather than in the document."""
    return find(tree, path)[0] is find(tree, path[:-1])[0]
