"""The parts of an .xlsx or .xlsm file: read, replaced, added; every other part stays as it came.

A library that reads a workbook and writes it again loses what it does not know: macros, drawings,
forms, settings of the printer. Here a file is changed part by part.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from nenpo.errors import UnusableWorkbook, Words
from nenpo.workbooks.xml_text import (
    Element,
    UnreadableXml,
    append_child,
    encode_utf8,
    parse_xml,
    splice,
)

CONTENT_TYPES = "[Content_Types].xml"
_MOST_PARTS = 5_000
_MOST_BYTES = 200_000_000  # of all parts, unpacked
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = f"{_PACKAGE}/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_WORKBOOK = Words("Excel ブックではない", "it is no Excel workbook")
_DAMAGED = Words("{} が壊れている", "{} is damaged")
_SAVE_AGAIN = Words(
    "Excel で開いて「Excel ブック (.xlsx)」として保存し直すこと。",
    "Open it in Excel and save it again as an Excel workbook (.xlsx).",
)


class Relation(NamedTuple):
    """What a part leads to: its id, the last word of its type ("comments"), the part."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True)
class Package:
    """A workbook's file: ``raw``, as it came, and the content of what has ``changed``.

    ``name`` is what messages call it. Parts are named as in the file: "xl/workbook.xml".
    """

    raw: bytes
    name: str
    changed: Mapping[str, bytes] = field(default_factory=dict)

    @cached_property
    def _entries(self) -> dict[str, zipfile.ZipInfo]:
        """What the file holds by a name that is the same whatever program wrote it."""
        with self._open() as file:
            entries = file.infolist()
        if len(entries) > _MOST_PARTS or sum(e.file_size for e in entries) > _MOST_BYTES:
            raise self._refuse(Words("中身が大きすぎる", "it unpacks to more than is read"))
        named = {_fold(entry.filename): entry for entry in entries}
        if len(named) < len(entries):
            raise self._refuse(Words("同じ名前の部分が二つある", "two parts have one name"))
        return named

    def _name_entry(self, part: str) -> str:
        entry = self._entries.get(_fold(part))
        return entry.filename if entry else part

    def _open(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(io.BytesIO(self.raw))
        except (zipfile.BadZipFile, NotImplementedError, ValueError):
            raise self._refuse(_NO_WORKBOOK) from None

    def _refuse(self, why: Words) -> UnusableWorkbook:
        return UnusableWorkbook(place=self.name, why=why, remedy=_SAVE_AGAIN)

    def __contains__(self, part: str) -> bool:
        return self._name_entry(part) in self.changed or _fold(part) in self._entries

    def read(self, part: str) -> bytes:
        """Return the content of a part. Raises UnusableWorkbook."""
        if (changed := self.changed.get(self._name_entry(part))) is not None:
            return changed
        entry = self._entries.get(_fold(part))
        if entry is None:
            raise self._refuse(Words("{} がない", "it has no {}").fill(part))
        try:
            with self._open() as file, file.open(entry) as opened:
                # What an entry says of its size is not to be trusted.
                return opened.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise self._refuse(_DAMAGED.fill(part)) from None

    def read_xml(self, part: str) -> tuple[bytes, Element]:
        """Return a part's text as UTF-8, and its root. Raises UnusableWorkbook."""
        raw = encode_utf8(self.read(part))
        try:
            return raw, parse_xml(raw)
        except UnreadableXml:
            raise self._refuse(_DAMAGED.fill(part)) from None

    def change(self, part: str, content: bytes) -> "Package":
        """Return the package with a part of that content, added if there is none."""
        return replace(self, changed={**self.changed, self._name_entry(part): content})

    def write(self) -> bytes:
        """Return the file: parts in their order, those that were added behind them, undated."""
        written = io.BytesIO()
        added = dict(self.changed)
        with self._open() as file, zipfile.ZipFile(written, "w") as new:
            new.comment = file.comment
            for entry in file.infolist():
                content = added.pop(entry.filename, None)
                new.writestr(_copy_entry(entry), file.read(entry) if content is None else content)
            for part, content in added.items():
                entry = zipfile.ZipInfo(part)
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, content)
        return written.getvalue()

    def list_relations(self, part: str) -> tuple[Relation, ...]:
        """Return what a part leads to inside the file; of "", the file as a whole."""
        name = _name_relations(part)
        if name not in self:
            return ()
        _, root = self.read_xml(name)
        return tuple(
            Relation(found.read("Id"), found.read("Type").rpartition("/")[2], target)
            for found in root.find_all("Relationship")
            if found.read("TargetMode") != "External"
            for target in [_join(part, found.read("Target"))]
        )

    def find_related(self, part: str, kind: str) -> str:
        """Return the first part of a kind that a part leads to, "" if there is none."""
        relations = self.list_relations(part)
        return next((found.part for found in relations if found.kind == kind), "")

    @cached_property
    def workbook(self) -> str:
        """The part that lists the sheets. Raises UnusableWorkbook."""
        found = self.find_related("", "officeDocument")
        if not found:
            raise self._refuse(_NO_WORKBOOK)
        return found

    def find_sheet(self, name: str) -> str:
        """Return the part of a sheet by the name on its tab, "" if there is no such worksheet."""
        _, root = self.read_xml(self.workbook)
        sheets = root.find("sheets")
        ids = {s.read("name"): s.read("id") for s in (sheets.children if sheets else ())}
        relations = self.list_relations(self.workbook)
        kinds = (found for found in relations if found.kind == "worksheet")
        return next((found.part for found in kinds if found.id == ids.get(name)), "")

    @cached_property
    def relation_base(self) -> str:
        """What the types of relations begin with: strict and other workbooks differ in it."""
        _, root = self.read_xml(_name_relations(""))
        types = (found.read("Type") for found in root.find_all("Relationship"))
        found = next(t for t in types if t.endswith("/officeDocument"))
        return found.removesuffix("/officeDocument")

    def add_related(
        self, part: str, kind: str, added: str, content: bytes
    ) -> tuple[str, "Package"]:
        """Return the id by which ``part`` leads to a part that is ``added``, and the package."""
        name = _name_relations(part)
        package = self.change(added, content)
        if name not in self:
            empty = f'{_DECLARATION}<Relationships xmlns="{_RELATIONS}"></Relationships>'
            package = package.change(name, empty.encode())
        raw, root = package.read_xml(name)
        taken = {found.read("Id") for found in root.children}
        free = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        target = posixpath.relpath(added, posixpath.dirname(part) or ".")
        relation = (
            f"<{root.prefix}Relationship Id={quoteattr(free)}"
            f' Type="{self.relation_base}/{kind}" Target={quoteattr(target)}/>'
        )
        return free, package.change(name, splice(raw, [append_child(raw, root, relation)]))

    def declare(self, part: str, content_type: str) -> "Package":
        """Return the package in which a part is declared to be of a type."""
        raw, root = self.read_xml(CONTENT_TYPES)
        held = (found.read("PartName") for found in root.find_all("Override"))
        if _fold(part) in map(_fold, held):
            return self
        entry = (
            f"<{root.prefix}Override PartName={quoteattr('/' + part)}"
            f' ContentType="{content_type}"/>'
        )
        return self.change(CONTENT_TYPES, splice(raw, [append_child(raw, root, entry)]))

    def find_free(self, pattern: str) -> str:
        """Return the first name of a part that is free: "xl/comments{}.xml" with a number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)


def open_package(raw: bytes, name: str) -> Package:
    """Return the parts of a workbook's file. Raises UnusableWorkbook if it is none."""
    package = Package(raw, name)
    package.read_xml(package.workbook)
    return package


def _fold(part: str) -> str:
    # Names of parts do not tell case; some programs write them with backslashes.
    return part.replace("\\", "/").lstrip("/").lower()


def _name_relations(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _join(part: str, target: str) -> str:
    joined = posixpath.join("/", posixpath.dirname(part), target.replace("\\", "/"))
    return posixpath.normpath(joined).lstrip("/")


def _copy_entry(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return how an entry is stored, without where: the one of a file that is read is its own."""
    copied = zipfile.ZipInfo(entry.filename, entry.date_time)
    copied.compress_type = entry.compress_type
    copied.create_system, copied.external_attr = entry.create_system, entry.external_attr
    copied.internal_attr, copied.comment = entry.internal_attr, entry.comment
    return copied
