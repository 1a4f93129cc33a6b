"""The streams of an OLE file, in which Office 97 to 2003 kept documents, and later ones secrets.

xlrd can read the container too, but goes round for ever in one whose sectors lead back to
themselves.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nenpo.errors import DamagedWorkbook, Words

Space = bytes | memoryview
SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = struct.Struct("<30xHH6xI4xI4xIIIII")  # up to the list of the tables' own sectors
_IN_HEADER = 109
_ENTRY, _NAME, _STREAM, _ROOT = 128, 64, 2, 5
_LAST_SECTOR = 0xFFFFFFFA  # above it, numbers are signs: end of a chain, free
_BROKEN = Words("途中で切れているか、書き換えられている", "it is cut off or was altered")


class _Broken(Exception):  # seen by nobody
    pass


@dataclass(frozen=True)
class _Stream:
    kind: int
    first: int
    size: int


def read_streams(raw: bytes, name: str, wanted: Sequence[str]) -> Mapping[str, bytes]:
    """Return the streams of the file by name; those not ``wanted`` are b"".

    Raises ``DamagedWorkbook``.
    """
    try:
        return dict(_read_streams(raw, wanted))
    except (_Broken, struct.error, UnicodeDecodeError):
        raise DamagedWorkbook(place=name, why=_BROKEN) from None


def _read_streams(raw: bytes, wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    big, small, _, folder, least, table, _, more, _ = _HEADER.unpack_from(raw)
    if big not in (9, 12) or small > big:
        raise _Broken
    sector = 1 << big
    space = memoryview(raw)[sector:]  # the header takes the first
    links = _read_links(raw, space, sector, more)
    entries = _join(space, sector, links, folder)
    found = dict(_list_entries(entries))
    root = next((each for each in found.values() if each.kind == _ROOT), None)
    if root is None:
        raise _Broken
    little = b""
    for name, stream in found.items():
        content = b""
        if name in wanted and stream.size >= least:
            content = _join(space, sector, links, stream.first)
        elif name in wanted and stream.size:
            little = little or _join(space, sector, links, root.first)
            small_links = _unpack(_join(space, sector, links, table))
            content = _join(little, 1 << small, small_links, stream.first)
        if name in wanted and len(content) < stream.size:
            raise _Broken
        if stream.kind == _STREAM:
            yield name, content[: stream.size]


def _read_links(raw: bytes, space: memoryview, sector: int, more: int) -> tuple[int, ...]:
    """Return which sector follows each; the table lies in sectors that lists of sectors name."""
    own = list(struct.unpack_from(f"<{_IN_HEADER}I", raw, 76))
    seen = 0
    while more < _LAST_SECTOR:
        seen += 1
        if seen * sector > len(raw):
            raise _Broken
        *listed, more = _unpack(_cut(space, sector, more))
        own.extend(listed)
    return _unpack(b"".join(_cut(space, sector, n) for n in own if n < _LAST_SECTOR))


def _join(space: Space, sector: int, links: Sequence[int], number: int) -> bytes:
    """Return the sectors of a chain, one after the other."""
    parts: list[bytes] = []
    while number < _LAST_SECTOR:
        if number >= len(links) or len(parts) > len(links):
            raise _Broken
        parts.append(_cut(space, sector, number))
        number = links[number]
    return b"".join(parts)


def _cut(space: Space, sector: int, number: int) -> bytes:
    start = number * sector
    if start >= len(space):
        raise _Broken
    return bytes(space[start : start + sector]).ljust(sector, b"\0")  # the last one may be short


def _unpack(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content)


def _list_entries(folder: bytes) -> Iterator[tuple[str, _Stream]]:
    for start in range(0, len(folder) - _ENTRY + 1, _ENTRY):
        size, kind = struct.unpack_from("<HB", folder, start + _NAME)
        if kind in (_STREAM, _ROOT) and size <= _NAME:
            name = folder[start : start + max(size - 2, 0)].decode("utf-16-le")
            first, length = struct.unpack_from("<II", folder, start + 116)
            yield name, _Stream(kind, first, length)
