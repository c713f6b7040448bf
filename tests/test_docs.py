"""Docs that cannot rot: every command shown is run, every kind and command is named.

`CNNCALC_REWRITE=1 pytest tests/test_docs.py` puts the present output into the pages.
"""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from cnncalc.cli import COMMANDS, cli
from cnncalc.cli.pages import PAGE, help_page
from cnncalc.layers import FAMILIES, kind
from cnncalc.spec.load import load, named_specs, shipped
from cnncalc.spec.vocabulary import class_names
from tests.commands import invoke

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.S)
SPEC = re.compile(r"```yaml\n(.*?)```", re.S)


def shown(block: str) -> tuple[list[str], bytes]:
    """The command of a console block and what a printf before it hands on."""
    words = shlex.split(block.partition("\n")[0])
    stdin = b""
    if words[1] == "printf":
        stdin = words[2].encode().decode("unicode_escape").encode("latin-1")
        words = words[3:]
    assert words[1] == "cnncalc", block
    return words[2:], stdin


def output_of(arguments: list[str], stdin: bytes = b"") -> str:
    result = invoke(arguments, stdin, width=110)
    return re.sub(r"PyTorch [0-9][^ ]*", "PyTorch 2", (result.stdout + result.stderr).rstrip("\n")) + "\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's commands run one after the other in a folder of their own, the examples beside them."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    text = page.read_text("utf-8")
    fresh = CONSOLE.sub(lambda found: f"```console\n{found[1].partition(chr(10))[0]}\n{_output(found[1])}```", text)
    if os.environ.get("CNNCALC_REWRITE"):
        page.write_text(fresh, "utf-8")
    assert text == fresh


def _output(block: str) -> str:
    return output_of(*shown(block))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_specs_on_the_page_load(page: Path) -> None:
    for found in SPEC.finditer(page.read_text("utf-8")):
        if "layers:" in found[1] and "input:" in found[1]:
            load(found[1])


def test_the_help_page_is_what_click_prints() -> None:
    """Written anew by `python -m cnncalc.cli.pages`."""
    assert Path(PAGE).read_text("utf-8") == help_page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert f"cnncalc {name}" in (command.help or "")
    assert invoke([name, "--help"]).exit_code == 0
    assert f"`cnncalc {name}`" in (ROOT / "docs" / "commands.md").read_text("utf-8")


def kinds_table() -> str:
    """The body of docs/layers.md, from the classes themselves."""
    lines = []
    for family, kinds in FAMILIES.items():
        lines += [f"## {family.capitalize()}", "", "| kind | settings | |", "|---|---|---|"]
        for name in kinds.split():
            cls = kind(name)
            settings = " ".join(f"`{field}`" + ("" if field in cls.defaults else "\\*") for field in cls.fields)
            lines.append(f"| `{name}` | {settings} | {(cls.__doc__ or '').partition(chr(10))[0]} |")
        lines.append("")
    return "\n".join(lines)


def test_the_layers_page_is_what_the_classes_say() -> None:
    page = ROOT / "docs" / "layers.md"
    text = page.read_text("utf-8")
    before, _, rest = text.partition("<!-- kinds -->\n")
    _, _, after = rest.partition("<!-- end -->")
    fresh = f"{before}<!-- kinds -->\n{kinds_table()}<!-- end -->{after}"
    if os.environ.get("CNNCALC_REWRITE"):
        page.write_text(fresh, "utf-8")
    assert text == fresh


def test_every_class_name_is_in_the_spec_page() -> None:
    page = (ROOT / "docs" / "spec.md").read_text("utf-8")
    bases = {re.sub(r"[123][dD]", "", name) for name in class_names()}
    missing = sorted(base for base in bases if base not in page)
    assert not missing


def test_every_network_is_in_the_networks_page() -> None:
    page = (ROOT / "docs" / "networks.md").read_text("utf-8")
    for name in shipped():
        assert f"specs/{name}.yaml" in page
    for name in named_specs():
        assert re.search(rf"\b{name}\b", page), name
