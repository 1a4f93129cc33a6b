"""The parts of a zipped workbook, read within limits: never more than a reply can need."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from lxml import etree

from nenpo.errors import DamagedWorkbook, EncryptedWorkbook, Words
from nenpo.workbooks.reading.cells import refuse_size

_MOST_PARTS = 5_000
_MOST_UNPACKED = 100_000_000
# Sheets of blank cells that only have a colour pack a hundredfold; a bomb, a thousandfold.
_MOST_RATIO, _RATIO_COUNTS_FROM = 300, 5_000_000
# A workbook of 200,000 cells has half of them. Of blank elements, a few hundred kilobytes of a zip
# unpack to what takes a parser gigabytes.
_MOST_TAGS = 4_000_000
_CUT = Words("途中で切れているか、書き換えられている", "it is cut off or was altered")


@dataclass
class _Tags:
    """How many tags the parts of a workbook that are parsed may still have, all together."""

    left: int = _MOST_TAGS


@dataclass(frozen=True)
class Archive:
    """The parts of a zip by name, without regard to case; ``name`` is the file in messages."""

    name: str
    zipped: zipfile.ZipFile
    names: dict[str, zipfile.ZipInfo]
    _tags: _Tags = field(default_factory=_Tags)

    def __contains__(self, part: str) -> bool:
        return part.casefold() in self.names

    def read(self, part: str) -> bytes:
        """Return a part, b"" if there is none.

        Raises ``DamagedWorkbook``, ``EncryptedWorkbook`` or ``HugeWorkbook``.
        """
        info = self.names.get(part.casefold())
        return b"" if info is None else self._unpack(info)

    def take_tags(self, raw: bytes) -> None:
        """Count the tags of a part before it is parsed. Raises ``HugeWorkbook``."""
        self._tags.left -= raw.count(b"<")
        if self._tags.left < 0:
            what = Words("セルなどの要素", "cells and other elements:")
            most = f"{_MOST_TAGS:,}"
            raise refuse_size(self.name, what, f"> {most}", most)

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        if info.flag_bits & 1:
            raise EncryptedWorkbook(place=self.name)
        most = _MOST_UNPACKED
        if info.compress_size * _MOST_RATIO > _RATIO_COUNTS_FROM:
            most = min(most, info.compress_size * _MOST_RATIO)
        else:
            most = min(most, _RATIO_COUNTS_FROM)
        try:
            # What the archive says of the size is not to be trusted: more than that is not read.
            with self.zipped.open(info) as part:
                content = part.read(most + 1)
        except Exception as error:  # zipfile raises a dozen kinds, as the bytes happen to be
            why = Words("{} を展開できない", "{} cannot be unpacked").fill(info.filename)
            raise DamagedWorkbook(place=self.name, why=why) from error
        if len(content) > most:
            what = Words("展開した大きさ", "unpacked size")
            size = f"{info.filename} > {most:,} B"
            raise refuse_size(self.name, what, size, f"{most:,} B")
        return content


def open_archive(raw: bytes, name: str) -> Archive:
    """Return the parts of a zip. Raises ``DamagedWorkbook`` or ``HugeWorkbook``."""
    try:
        zipped = zipfile.ZipFile(BytesIO(raw))
    except Exception as error:  # likewise
        raise DamagedWorkbook(place=name, why=_CUT) from error
    entries = zipped.infolist()
    names: dict[str, zipfile.ZipInfo] = {}
    archive = Archive(name, zipped, names)
    if len(entries) > _MOST_PARTS:
        what = Words("部品の数", "parts:")
        raise refuse_size(name, what, f"{len(entries):,}", f"{_MOST_PARTS:,}")
    for entry in entries:
        key = entry.filename.replace("\\", "/").lstrip("/").casefold()
        if key in names:
            why = Words("同じ名前の部品が二つある: {}", "two parts of one name: {}")
            raise DamagedWorkbook(place=name, why=why.fill(entry.filename))
        names[key] = entry
    return archive


def parse_xml(raw: bytes, archive: Archive, part: str) -> etree._Element:
    """Return the root of a part in XML. Raises as :func:`iterate_xml`."""
    root = None
    for _, root in iterate_xml(raw, archive, part, None):  # noqa: B007 # the root ends last
        pass
    if root is None:
        raise DamagedWorkbook(place=archive.name, why=part)
    return root


def iterate_xml(
    raw: bytes, archive: Archive, part: str, tags: tuple[str, ...] | None
) -> Iterator[tuple[str, etree._Element]]:
    """Yield (event, element) as elements of ``tags``, or all, end; nothing outside is read.

    Raises ``DamagedWorkbook`` for what is no XML, or declares entities: a few lines of them can
    stand for gigabytes, and no spreadsheet program writes them. Raises ``HugeWorkbook`` for more
    elements than any reply has.
    """
    archive.take_tags(raw)
    stream: IO[bytes] = BytesIO(raw)
    parser = etree.iterparse(
        stream,
        events=("end",),
        tag=tags,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        first = True
        for event, element in parser:
            if first and element.getroottree().docinfo.doctype:
                raise DamagedWorkbook(
                    place=archive.name, why=Words(f"{part} に文書型宣言", f"a DOCTYPE in {part}")
                )
            first = False
            yield event, element
    except etree.XMLSyntaxError as error:
        why = Words("{} を読めない: {}", "{} cannot be read: {}").fill(part, error.msg)
        raise DamagedWorkbook(place=archive.name, why=why) from None
