"""The parts of an .xlsx or .xlsm file: read, replaced, added; every other part stays as it came.

A library that reads a workbook and writes it again loses what it does not know: macros, drawings,
forms, settings of the printer. Here a file is changed part by part.
"""

import io
import posixpath
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from nenpo.errors import DamagedWorkbook
from nenpo.workbooks.parts.xml_text import (
    Element,
    UnreadableXml,
    append_child,
    encode_utf8,
    parse_xml,
    splice,
)
from nenpo.workbooks.reading.archive import Archive, open_archive

CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_RELATIONS = f"{_PACKAGE}/relationships"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Relation(NamedTuple):
    """What a part leads to: its id, the last word of its type ("comments"), the part."""

    id: str
    kind: str
    part: str


class SheetPart(NamedTuple):
    """The part of a worksheet, and whether its tab is hidden."""

    part: str
    is_hidden: bool


@dataclass(frozen=True)
class Package:
    """A workbook's file: the parts as they came, and the content of what has ``changed``.

    Parts are named as in the file: "xl/workbook.xml".
    """

    archive: Archive
    changed: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What messages call the file."""
        return self.archive.name

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts, in lower case."""
        return frozenset([*self.archive.names, *self.changed])

    def __contains__(self, part: str) -> bool:
        return _fold(part) in self.changed or _fold(part) in self.archive

    def read(self, part: str) -> bytes:
        """Return the content of a part. Raises UnusableWorkbook."""
        if part not in self:
            raise self.refuse(f"{part}: -")
        changed = self.changed.get(_fold(part))
        return self.archive.read(_fold(part)) if changed is None else changed

    def read_xml(self, part: str) -> tuple[bytes, Element]:
        """Return a part's text as UTF-8, and its root. Raises UnusableWorkbook."""
        raw = encode_utf8(self.read(part))
        try:
            return raw, parse_xml(raw)
        except UnreadableXml as error:
            raise self.refuse(f"{part}: {error}") from None

    def refuse(self, why: str) -> DamagedWorkbook:
        """Return the error for a file of which something is missing or no XML."""
        return DamagedWorkbook(place=self.name, why=why)

    def change(self, part: str, content: bytes) -> "Package":
        """Return the package with a part of that content, added if there is none."""
        return replace(self, changed={**self.changed, _fold(part): content})

    def write(self) -> bytes:
        """Return the file: parts in their order, those that were added behind them, undated."""
        written, added = io.BytesIO(), dict(self.changed)
        with zipfile.ZipFile(written, "w") as new:
            new.comment = self.archive.zipped.comment
            for name, entry in self.archive.names.items():
                content = added.pop(name, None)
                kept = self.archive.read(name) if content is None else content
                new.writestr(_copy_entry(entry), kept)
            for name, content in added.items():
                entry = zipfile.ZipInfo(name)
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
            raise self.refuse("officeDocument")
        return found

    @cached_property
    def sheets(self) -> Mapping[str, SheetPart]:
        """The worksheets by the name on their tab, in order. Raises UnusableWorkbook."""
        _, root = self.read_xml(self.workbook)
        listed = root.find("sheets")
        relations = self.list_relations(self.workbook)
        parts = {found.id: found.part for found in relations if found.kind == "worksheet"}
        return {
            sheet.read("name"): SheetPart(parts[sheet.read("id")], "idden" in sheet.read("state"))
            for sheet in (listed.children if listed else ())
            if sheet.read("id") in parts
        }

    def find_sheet(self, name: str) -> str:
        """Return the part of a sheet by the name on its tab, "" if there is no such worksheet."""
        return self.sheets[name].part if name in self.sheets else ""

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
        return self._declare("Override", "PartName", f"/{part}", content_type)

    def declare_extension(self, extension: str, content_type: str) -> "Package":
        """Return the package in which all parts of an extension are declared to be of a type."""
        return self._declare("Default", "Extension", extension, content_type)

    def _declare(self, kind: str, key: str, value: str, content_type: str) -> "Package":
        raw, root = self.read_xml(CONTENT_TYPES)
        if _fold(value) in (_fold(found.read(key)) for found in root.find_all(kind)):
            return self
        entry = f'<{root.prefix}{kind} {key}={quoteattr(value)} ContentType="{content_type}"/>'
        return self.change(CONTENT_TYPES, splice(raw, [append_child(raw, root, entry)]))

    def find_free(self, pattern: str) -> str:
        """Return the first name of a part that is free: "xl/comments{}.xml" with a number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)


def open_package(raw: bytes, name: str) -> Package:
    """Return the parts of a workbook's file. Raises UnusableWorkbook if it is none."""
    package = Package(open_archive(raw, name))
    package.read_xml(package.workbook)
    return package


def _fold(part: str) -> str:
    # Names of parts do not tell case; some programs write them with backslashes.
    return part.replace("\\", "/").lstrip("/").casefold()


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
