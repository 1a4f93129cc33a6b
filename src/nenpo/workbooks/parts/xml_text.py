"""The text of an XML part: where its elements stand, and changes that leave all else as it is.

A part that is parsed and written again comes back with other prefixes, quotes, order and spaces,
which programs other than the one that wrote it may mind. So places are looked up, and text is put
in there.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_DECLARED = re.compile(rb"""(<\?xml[^>]*encoding\s*=\s*["'])[A-Za-z0-9._-]+""")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LONGEST = 20_000_000  # bytes of a part that is changed: each of its elements is kept in memory
_DEEPEST = 256  # elements in each other; workbooks need a dozen
# What no XML may hold, as workbooks write it; and a text that would be read as such.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


class UnreadableXml(ValueError):
    """A part is no XML, or of a kind that no workbook has."""


@dataclass(slots=True)
class Element:
    """An element: its tag begins at byte ``start`` and ends at ``opened``; it ends at ``end``.

    ``closing`` is where ``</name>`` begins, which is ``end`` of ``<name/>``. ``name`` is without
    its ``prefix`` ("x:"), attributes are as they stand.
    """

    name: str
    prefix: str
    attributes: Mapping[str, str]
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether it is written as ``<name/>``."""
        return self.opened == self.end

    def find(self, name: str) -> "Element | None":
        """Return the first child of that name."""
        return next(self.find_all(name), None)

    def find_all(self, name: str) -> Iterator["Element"]:
        """Yield the children of that name."""
        return (child for child in self.children if child.name == name)

    def read(self, name: str) -> str:
        """Return the attribute of that name, whatever its prefix; "" if there is none."""
        named = (v for key, v in self.attributes.items() if key.rpartition(":")[2] == name)
        return self.attributes.get(name) or next(named, "")


@dataclass(frozen=True, order=True)
class Splice:
    """The bytes from ``start`` to ``end`` are to be ``text``."""

    start: int
    end: int
    text: str


def parse_xml(raw: bytes) -> Element:
    """Return the root of a part in UTF-8. Raises UnreadableXml, for any DTD too."""
    if len(raw) > _LONGEST:
        raise UnreadableXml("size")
    parser = expat.ParserCreate()
    root: list[Element] = []
    above: list[Element] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(above) == _DEEPEST:
            raise UnreadableXml("depth")
        start = parser.CurrentByteIndex
        tag = _TAG.match(raw, start)
        assert tag  # expat has read it
        prefix, colon, local = name.rpartition(":")
        element = Element(local, prefix + colon, attributes, start, tag.end())
        (above[-1].children if above else root).append(element)
        above.append(element)

    def finish(_: str) -> None:
        element = above.pop()
        element.closing = at = parser.CurrentByteIndex
        # Of <name/>, expat tells the place of the tag, or the one behind it.
        is_empty = raw[element.opened - 2 : element.opened] == b"/>"
        element.end = element.opened if is_empty else raw.index(b">", at) + 1
        if is_empty:
            element.closing = element.end

    def refuse(*_: object) -> None:
        raise UnreadableXml("DOCTYPE")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise UnreadableXml(str(error)) from None
    return root[0]


def encode_utf8(raw: bytes) -> bytes:
    """Return a part as UTF-8, which nearly all are already.

    >>> encode_utf8('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"))
    b'<?xml version="1.0" encoding="UTF-8"?><a/>'
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _DECLARED.sub(rb"\1UTF-8", raw.decode("utf-16").encode(), count=1)
    return raw


def splice(raw: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the text with the changes; of two at one place, the first given comes first.

    >>> splice(b"<a><b/></a>", [Splice(3, 7, "<c/>"), Splice(3, 3, "<d/>")])
    b'<a><d/><c/></a>'
    """
    parts, position = list[bytes](), 0
    for change in sorted(splices, key=lambda change: (change.start, change.end)):
        parts += [raw[position : change.start], change.text.encode()]
        position = change.end
    return b"".join([*parts, raw[position:]])


def append_child(raw: bytes, element: Element, text: str) -> Splice:
    """Return the change that puts ``text`` behind the last child of an element."""
    if not element.is_empty:
        return Splice(element.closing, element.closing, text)
    tag = raw[element.start : element.opened - 2].decode().rstrip()
    named = element.prefix + element.name
    return Splice(element.start, element.end, f"{tag}>{text}</{named}>")


def set_attribute(raw: bytes, element: Element, name: str, value: str) -> Splice:
    """Return the change that gives an element's tag an attribute of another value."""
    tag = raw[element.start : element.opened]
    held = next((found for found in _ATTRIBUTE.finditer(tag) if found[1] == name.encode()), None)
    if held:
        at = element.start + held.start(2)
        return Splice(at, element.start + held.end(2), quoteattr(value))
    at = element.start + 1 + len((element.prefix + element.name).encode())
    return Splice(at, at, f" {name}={quoteattr(value)}")


def cut_out(raw: bytes, element: Element, changes: Iterable[Splice]) -> str:
    """Return the text of an element with changes inside it."""
    start = element.start
    moved = (Splice(c.start - start, c.end - start, c.text) for c in changes)
    return splice(raw[start : element.end], moved).decode()


def read_text(text: str) -> str:
    """Return what a text in the XML of a workbook says.

    >>> read_text("a &lt; b_x000D_&#10;_x005F_x000D_")
    'a < b\\r\\n_x000D_'
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), html.unescape(text))


def write_text(text: str) -> str:
    """Return a text as the XML of a workbook has it.

    >>> write_text("a < b\\r_x000D_")
    'a &lt; b_x000D__x005F_x000D_'
    """
    return escape(_UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
