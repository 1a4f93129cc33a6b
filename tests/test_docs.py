"""The documentation is true: links lead somewhere, and what it names exists, and all of it."""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from nenpo import errors
from nenpo.build.isolated.guard import PARENT
from nenpo.cli.app import app
from nenpo.data.preloaded import DIGEST, WANTED

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = tuple(
    path.relative_to(ROOT).as_posix()
    for path in sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), ROOT / "outputs/README.md"])
)
SOURCES = tuple((ROOT / "src").rglob("*.py"))


def list_commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command with its whole name: "survey make"."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from list_commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


COMMANDS: dict[str, Any] = dict(list_commands(typer.main.get_command(app)))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def list_links(name: str) -> Iterator[tuple[str, Path, str]]:
    """Yield (text, file, anchor) of each link to a file of ours."""
    for text, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", read(name)):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            yield text, (ROOT / name).parent / path if path else ROOT / name, anchor


def list_anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def split_sections(text: str, start: str) -> dict[str, str]:
    """Return the sections whose headings start so, by the rest of the heading."""
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    pairs = (section.split("\n", 1) for section in sections)
    return {head.removeprefix(start): body for head, body in pairs if head.startswith(start)}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file(name: str) -> None:
    assert [str(path) for _, path, _ in list_links(name) if not path.exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_anchor_is_a_heading(name: str) -> None:
    lost = [
        f"{path.name}#{anchor}"
        for _, path, anchor in list_links(name)
        if anchor and anchor not in list_anchors(path)
    ]
    assert lost == []


@pytest.mark.parametrize("name", PAGES)
def test_a_name_that_is_linked_stands_in_that_module(name: str) -> None:
    named = [(re.fullmatch(r"`(\w+)`", text), path) for text, path, _ in list_links(name)]
    lost = [
        f"{found[1]} in {path.name}"
        for found, path in named
        if found and path.suffix == ".py"
        if not re.search(rf"^(\s*(def|class) )?{found[1]}\b", path.read_text(), flags=re.MULTILINE)
    ]
    assert lost == []


def test_every_page_of_docs_is_reached_from_a_readme() -> None:
    linked = {path for page in ("README.md", "README.ja.md") for _, path, _ in list_links(page)}
    assert set(DOCS.glob("*.md")) - linked == set()


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_targets_that_are_named_exist(name: str) -> None:
    code = "\n".join(re.findall(r"```\n.*?```|`[^`\n]+`", read(name), flags=re.DOTALL))
    commands = set(re.findall(r"(?:^|[`/\\])nenpo ([a-z]+(?:-[a-z]+)*)", code, flags=re.MULTILINE))
    targets = set(re.findall(r"(?:^|`)make ([a-z]+)\b", code, flags=re.MULTILINE))
    known = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    first = {name.partition(" ")[0] for name in COMMANDS}
    assert (commands - first, targets - known) == (set(), set())


def test_every_command_is_described_and_no_other() -> None:
    told = split_sections(read("docs/commands.md"), "nenpo ")
    assert told.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described_and_no_other(name: str) -> None:
    section = split_sections(read("docs/commands.md"), "nenpo ")[name]
    told = set(re.findall(r"^\| `(--[a-z-]+)", section, flags=re.MULTILINE))
    options = (option for parameter in COMMANDS[name].params for option in parameter.opts)
    assert told == {option for option in options if option.startswith("--")} - {"--help"}


def test_every_exit_code_is_described_and_no_other() -> None:
    section = split_sections(read("docs/commands.md"), "Exit codes")[""]
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", section, flags=re.MULTILINE)}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    raised = {kind.exit_code for kind in kinds if issubclass(kind, errors.NenpoError)}
    # Done, differences, Ctrl-C, SIGTERM: none of them an error of ours.
    assert told == raised | {0, 1, 130, 143}


def test_every_variable_is_named_for_users_or_as_internal() -> None:
    sections = split_sections(read("docs/environment.md"), "")
    told = {head: set(re.findall(r"`(NENPO_\w+)`", body)) for head, body in sections.items()}
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    internal = {DIGEST, WANTED, PARENT}
    assert told["Set by a build for its own processes"] == internal
    assert told["For users"] == set(re.findall(r"\bNENPO_[A-Z_]+\b", code)) - internal
    tests = read("tests/conftest.py")
    assert told["For tests"] == set(re.findall(r"\bNENPO_[A-Z_]+\b", tests)) - told["For users"]


def test_page_of_tables_follows_the_row_models() -> None:
    """A page that differs is written anew, so that the diff is the message; commit it."""
    made = runpy.run_path(str(ROOT / "tools/write_tables.py"))
    expected, found = made["write_page"](), read("docs/tables.md")
    if found != expected:
        made["PAGE"].write_text(expected, encoding="utf-8", newline="\n")
    assert found == expected, "docs/tables.md was out of date and has been rewritten"


def test_every_room_is_described() -> None:
    rooms = {
        path.parent.relative_to(ROOT / "src/nenpo").as_posix()
        for path in (ROOT / "src/nenpo").glob("*/**/__init__.py")
    }
    table = split_sections(read("docs/architecture.md"), "The rooms")[""]
    assert set(re.findall(r"^\| \[([a-z/]+)\]", table, flags=re.MULTILINE)) == rooms


def test_readme_can_be_held_in_the_head() -> None:
    english, japanese = (len(read(name).splitlines()) for name in ("README.md", "README.ja.md"))
    assert japanese <= english <= 120
