"""Files as people save them → text, CSV rows and YAML values, each with the line it stands on."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from nenpo.data.encodings import decode_text
from nenpo.errors import (
    ConflictMarks,
    DuplicateKey,
    InputError,
    LargeFile,
    UnreadableCsv,
    UnreadableYaml,
    Words,
)
from nenpo.files import explain_unreadable

YamlPath = tuple[str | int, ...]

# Far more than people write: a spreadsheet's empty rows, or something that is no table.
_MOST_BYTES = 20_000_000
_MOST_ROWS = 100_000
MOST_CHARACTERS = 20_000
"""A text longer than this has swallowed rows, or is no answer that a table can show."""

# What git puts around both sides of a conflict.
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |\r?$)", re.MULTILINE)

# What csv says (Python 3.11 to 3.13), by how it begins.
_CSV_REASONS = {
    "unexpected end of data": Words('引用符「"」が閉じられていない', 'a quote (") is never closed'),
    "',' expected after": Words(
        '閉じる引用符「"」の後にカンマがない', 'no comma follows a closing quote (")'
    ),
    "field larger than": Words(
        "セルが131,072字を超える", "a cell has more than 131,072 characters"
    ),
}


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
    """Return the text of a file in UTF-8 or cp932; ``name`` is the file as messages call it.

    Raises ``UnreadableFile``, ``LargeFile`` and ``ConflictMarks``, and as
    :func:`~nenpo.data.encodings.decode_text`.
    """
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            shown = {"value": f"{size / 1e6:.1f}", "allowed": f"{_MOST_BYTES / 1e6:.0f}"}
            raise LargeFile(place=name, **shown)
        raw = path.read_bytes()
    except OSError as error:
        raise explain_unreadable(name, error) from None
    text = decode_text(raw, name)
    if mark := _CONFLICT.search(text):
        line = text.count("\n", 0, mark.start()) + 1
        raise ConflictMarks(place=f"{name}:{line}", value=mark[0])
    return text


def read_csv(path: Path, name: str) -> tuple[RawRow, ...]:
    """Return the records of a CSV file, header first; blank lines and empty rows carry nothing.

    Cells are separated by commas, or by what a spreadsheet program writes in their place.
    Raises ``UnreadableCsv``, and as :func:`read_text`.
    """
    # A program on Windows may end the lines within a cell with CR LF.
    text = read_text(path, name).replace("\r\n", "\n")
    separator, start = _find_separator(text)
    lines = io.StringIO(text, newline="")
    reader = csv.reader(islice(lines, start - 1, None), delimiter=separator, strict=True)
    skipped, rows = start - 1, list[RawRow]()
    try:
        for cells in reader:
            if any(cells) or not rows:
                rows.append(RawRow(start, tuple(cells)))
            if len(rows) > _MOST_ROWS:
                why = Words(f"{_MOST_ROWS:,}行を超える", f"more than {_MOST_ROWS:,} rows")
                raise _refuse_csv(name, start, why)
            start = skipped + reader.line_num + 1
    except csv.Error as error:
        told = (words for begin, words in _CSV_REASONS.items() if str(error).startswith(begin))
        raise _refuse_csv(name, start, next(told, Words(str(error), str(error)))) from None
    return tuple(rows)


def _find_separator(text: str) -> tuple[str, int]:
    """Return what separates the cells, and the line of the header.

    A spreadsheet program writes tabs or semicolons where the system's settings say so; Excel reads
    that from a line of its own, "sep=;", which is no header.
    """
    first = text.partition("\n")[0].rstrip("\r")
    if named := re.fullmatch(r'"?sep=([,;\t])"?', first):
        return named[1], 2
    others = [separator for separator in ("\t", ";") if separator in first]
    return (others[0] if others and "," not in first else ","), 1


def _refuse_csv(name: str, line: int, why: Words) -> UnreadableCsv:
    return UnreadableCsv(place=f"{name}:{line}", value=why.ja, value_en=why.en)


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

    Raises ``UnreadableYaml``, and as :func:`read_text`.
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
        # A character that YAML does not have is told by its position alone.
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
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
