"""Files as people save them → text, CSV rows and YAML values, each with the line it stands on."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nenpo.errors import DuplicateKey, InputError, UnreadableCsv, UnreadableYaml, WrongEncoding

YamlPath = tuple[str | int, ...]

# cp932 decodes these bytes, which no Japanese program writes, to placeholders.
_CP932_PLACEHOLDERS = re.compile("[\x80\xa0\uf8f0-\uf8f3]")


@dataclass(frozen=True)
class RawRow:
    """The cells of one CSV record and the physical line on which it starts."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RawYaml:
    """A YAML value, the line of every key and list entry, and the duplicate keys."""

    name: str
    value: Any
    lines: dict[YamlPath, int] = field(default_factory=dict)
    problems: tuple[InputError, ...] = ()

    def place(self, path: YamlPath) -> str:
        """Return file:line of ``path``, or of the nearest part of it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name}:{self.lines.get(path, 1)}"


def read_text(path: Path, name: str) -> str:
    """Return the text of a file: UTF-8 (with or without BOM) strictly, else cp932 strictly.

    ``name`` is the file as messages call it. Raises ``WrongEncoding`` with the line of the first
    byte that is neither.
    """
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WrongEncoding(place=f"{name}:1", value="UTF-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as not_utf8:
        text = _try_decode(raw, "cp932")
        # cp932 reads EUC-JP as half-width katakana; Japanese in cp932 is never valid EUC-JP,
        # because its hiragana begin with 0x82.
        is_euc = _try_decode(raw, "euc_jp") is not None
        if text is not None and not is_euc and not _CP932_PLACEHOLDERS.search(text):
            return text
        line = raw.count(b"\n", 0, not_utf8.start) + 1
        bad = f"0x{raw[not_utf8.start]:02X}"
        raise WrongEncoding(place=f"{name}:{line}", value=bad) from None


def _try_decode(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def read_csv(path: Path, name: str) -> tuple[RawRow, ...]:
    """Return the records of a CSV file, header first; blank lines and empty rows carry nothing.

    Raises ``WrongEncoding`` and ``UnreadableCsv``.
    """
    # A program on Windows may end the lines within a cell with CR LF.
    text = read_text(path, name).replace("\r\n", "\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
    start = 1
    try:
        for cells in reader:
            if any(cells) or start == 1:
                rows.append(RawRow(start, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableCsv(place=f"{name}:{start}", value=str(error)) from None
    return tuple(rows)


class _Loader(yaml.SafeLoader):
    """SafeLoader without aliases: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_mark()
            raise yaml.composer.ComposerError(None, None, "aliases (*name) are not allowed", mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def read_yaml(path: Path, name: str) -> RawYaml:
    """Return the value of a YAML file with the lines of its keys; duplicates are ``problems``.

    Raises ``WrongEncoding`` and ``UnreadableYaml``.
    """
    text = read_text(path, name)
    loader = None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        duplicates: list[InputError] = []
        lines = dict(_walk(node, (), name, duplicates)) if node else {}
        value = loader.construct_document(node) if node else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: a scalar that looks like a date but is none, such as 2022-02-30.
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise UnreadableYaml(place=f"{name}:{line}", value=reason) from None
    finally:
        if loader is not None:
            loader.dispose()
    return RawYaml(name, value, lines, tuple(duplicates))


def _walk(
    node: yaml.Node, path: YamlPath, name: str, duplicates: list[InputError]
) -> Iterator[tuple[YamlPath, int]]:
    """Yield the line of every key and list entry; keys that stand twice go to ``duplicates``."""
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            named = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if isinstance(key, yaml.ScalarNode) and named in first:
                place, other = f"{name}:{line}", f"{name}:{first[named]}"
                duplicates.append(DuplicateKey(place=place, value=named, first=other))
            first.setdefault(named, line)
            yield from _walk(value, (*path, named), name, duplicates)
            yield (*path, named), line  # the key's line, not that of a block below it
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            yield from _walk(value, (*path, position), name, duplicates)
