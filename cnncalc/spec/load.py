"""Finding specs by name, path or content, and loading them."""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

from cnncalc.exact.records import changed
from cnncalc.network import About, Network
from cnncalc.spec.errors import Fault, Place, SpecError, nearest, printable
from cnncalc.spec.oneline import is_one_line, one_line
from cnncalc.spec.outline import plainly_right
from cnncalc.spec.spec import Outline, Spec
from cnncalc.spec.tree import Entries, Items, Leaf, Tree, find, grown, plain

SUFFIXES = (".yaml", ".yml")
MAX_CHAIN = 8  # specs that share blocks of specs that share blocks of ...
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}")


def specs_folder() -> str:
    """Where the shipped specs lie: inside the installed package, or beside it in a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    inside = os.path.join(package, "specs")
    return inside if os.path.isdir(inside) else os.path.join(os.path.dirname(package), "specs")


def shipped() -> dict[str, str]:
    """Every spec file that comes with cnncalc: stem to path."""
    folder = specs_folder()
    if not os.path.isdir(folder):
        return {}
    files = sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): os.path.join(folder, name) for name in files}


def families() -> dict[str, dict[str, Spec]]:
    """Every network that comes with cnncalc by name, file by file: a family's variants, or one by itself."""
    found: dict[str, dict[str, Spec]] = {}
    for stem, path in shipped().items():
        spec = spec_from_file(path)
        variants = spec.outline.variants
        found[stem] = {name: spec.variant(name) for name in variants} or {stem: spec}
    return found


def named_specs() -> dict[str, Spec]:
    """Every network that comes with cnncalc, variants of families included."""
    return {name: spec for family in families().values() for name, spec in family.items()}


def spec_from_name(name: str) -> Spec:
    """A shipped spec by its file's name or a variant's. Raises SpecError with the nearest names."""
    files = shipped()
    if name in files:
        spec = spec_from_file(files[name])
        return spec.variant(name) if name in spec.outline.variants else spec
    mentions = re.compile(rf"^\s*(variants\s*:.*\b)?{re.escape(name)}\s*:|[{{,]\s*{re.escape(name)}\s*:", re.M)
    for path in files.values():
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if mentions.search(text):
            spec = spec_from_text(text, path)
            if name in spec.outline.variants:
                return spec.variant(name)
    from difflib import get_close_matches

    near = get_close_matches(name, [*named_specs(), *files], 3)
    hint = f"did you mean {', '.join(near)}?" if near else "cnncalc list shows the names that are known"
    raise SpecError([Fault(f"there is no spec called '{name[:80]}'", Place(path=""), hint)])


def spec_from_file(path: str) -> Spec:
    """A spec from a file. Raises SpecError, also when the file cannot be read."""
    from cnncalc.spec.yaml_reader import MAX_BYTES, decoded

    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SpecError([Fault(f"cannot read {path}: {error.strerror}", Place(path=""))]) from None
    except ValueError:
        raise SpecError([Fault(f"{path[:80]!r} cannot be a file's name", Place(path=""))]) from None
    return spec_from_text(decoded(data, path), path)


def spec_from_stream(stream: IO[bytes], origin: str) -> Spec:
    """A spec from standard input: YAML, or one line."""
    from cnncalc.spec.yaml_reader import MAX_BYTES, decoded

    text = decoded(stream.read(MAX_BYTES + 1), origin)
    return one_line(text) if is_one_line(text) else spec_from_text(text, origin)


def spec_from_text(text: str, origin: str = "spec") -> Spec:
    """A spec from YAML text. Raises SpecError."""
    from cnncalc.spec.yaml_reader import read

    return _spec(read(text, origin), origin, text)


def spec_from_mapping(data: Mapping[str, Any]) -> Spec:
    """A spec from a Python mapping. Raises SpecError."""
    try:
        tree = grown(data)
    except Fault as fault:
        raise SpecError([fault], "mapping") from None
    return _spec(tree, "mapping", "")


def _texts(said: Any) -> tuple[str, ...]:
    """One text, or a list of them."""
    return tuple(_shown(text) for text in ([said] if isinstance(said, str) else said or ()))


def _spec(tree: Tree, origin: str, text: str) -> Spec:
    if not isinstance(tree, Entries) or not plainly_right(plain(tree)):
        _validate(tree, origin, text)
    parts = cast(Entries, tree).entries
    said = {name: plain(value) for name, value in parts.items() if name not in ("input", "layers", "blocks")}
    about = About(
        title=_shown(said.get("name", "")),
        source=_shown(said.get("source", "")),
        year=said.get("year"),
        notes=_texts(said.get("notes")),
        functional=_texts(said.get("functional")),
        published=tuple(_figure(figure) for figure in said.get("published", ())),
    )
    outline = Outline(
        input=parts["input"],
        layers=parts["layers"],
        symbols=parts.get("symbols"),
        blocks=parts.get("blocks"),
        outputs=_leaves(parts.get("outputs")),
        use=_leaves(parts.get("use")),
        variants={name: dict(settings or {}) for name, settings in said.get("variants", {}).items()},
        about=about,
        faults=tuple(_variant_faults(tree, said)),
    )
    stem = re.sub(r"\.ya?ml$", "", os.path.basename(origin))
    label = stem if text and origin not in ("spec", "-") else about.title or "network"
    return Spec(printable(label), outline, os.path.basename(origin), text, shared=_sharing(origin))


def _shown(text: str) -> str:
    """Text that views print, line by line without control characters."""
    return "\n".join(map(printable, text.split("\n")))


def _figure(stated: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = {key: _shown(value) if isinstance(value, str) else value for key, value in stated.items()}
    return {key: value for key, value in cleaned.items() if value is not None}


def _variant_faults(tree: Tree, said: Mapping[str, Any]) -> Iterator[Fault]:
    symbols = said.get("symbols", {})
    for variant, settings in said.get("variants", {}).items():
        for name in settings or {}:
            if name not in symbols:
                _, place = find(tree, ("variants", variant, name))
                yield Fault(f"the variant {variant} sets {name}, which is no symbol", place, nearest(name, symbols))


def _validate(tree: Tree, origin: str, text: str) -> None:
    """Ask pydantic what is wrong with the outline. Raises SpecError with that and what is wrong inside."""
    from cnncalc.spec.document import validated

    faults: list[Fault] = []
    if validated(tree, faults) is None:
        raise SpecError([*faults, *_layer_faults(tree, origin)], os.path.basename(origin), text)


def _layer_faults(tree: Tree, origin: str) -> list[Fault]:
    """What is wrong with the layers of a document whose outline is wrong too."""
    if not isinstance(tree, Entries) or "layers" not in tree.entries:
        return []
    blocks, use = tree.entries.get("blocks"), _leaves(tree.entries.get("use"))
    outline = Outline(Leaf("1", tree.place), tree.entries["layers"], blocks=blocks, use=use)
    return Spec("", outline, shared=_sharing(origin)).items[1]


def _leaves(tree: Tree | None) -> tuple[Leaf, ...]:
    items = tree.items if isinstance(tree, Items) else [tree]
    return tuple(item for item in items if isinstance(item, Leaf))


def _sharing(origin: str, above: tuple[str, ...] = (), known: dict[str, Spec] | None = None) -> Any:
    """How a file finds the specs it shares blocks with: beside itself, or among the shipped ones.

    ``above`` are the files that led here; ``known`` the specs read so far, each once.
    """
    read = {} if known is None else known
    chain = (*above, os.path.abspath(origin))

    def shared(name: str, place: Place) -> Spec:
        if not _PLAIN_NAME.fullmatch(name):
            raise Fault(f"'{name[:60]}' is not the name of a spec", place, "a name, not a path")
        beside = os.path.join(os.path.dirname(origin), f"{name}.yaml") if os.path.dirname(origin) else f"{name}.yaml"
        path = beside if os.path.isfile(beside) else shipped().get(name)
        if path is None:
            from difflib import get_close_matches

            near = get_close_matches(name, shipped(), 1)
            raise Fault(f"there is no spec called '{name}'", place, f"did you mean '{near[0]}'?" if near else "")
        path = os.path.abspath(path)
        if path in chain:
            raise Fault(f"specs share blocks in a circle: {name} leads back to itself", place)
        if len(chain) > MAX_CHAIN:
            raise Fault(f"specs share blocks through more than {MAX_CHAIN} files", place)
        if path not in read:
            read[path] = changed(spec_from_file(path), shared=_sharing(path, chain, read))
        return read[path]

    return shared


def spec(source: Any) -> Spec:
    """A spec from a name, a path, a one-line text, "-" for standard input, or a mapping."""
    if isinstance(source, Mapping):
        return spec_from_mapping(source)
    text = os.fspath(source)
    if is_one_line(text):
        return one_line(text)
    if text == "-" and sys.stdin is None:
        raise SpecError([Fault("there is no standard input to read", Place(path=""))])
    if text == "-":
        return spec_from_stream(sys.stdin.buffer, "-")
    if "\n" in text:
        return spec_from_text(text)
    looks_like_path = text.endswith(SUFFIXES) or os.sep in text or os.path.exists(text)
    if looks_like_path and not (os.path.isdir(text) and text in shipped()):
        return spec_from_file(text)
    return spec_from_name(text)


def load(source: Any, /, **symbols: Any) -> Network:
    """A network from a name in specs/ ("resnet50"), a path, a one-line spec or a mapping.

    Symbols take their usual values, or those given by name. Raises SpecError.

    >>> load("lenet5").input
    (1, 32, 32)
    >>> len(load({"input": [3, 32, 32], "layers": ["conv 6 5x5", "relu"]}))
    2
    """
    return spec(source).network(symbols)
