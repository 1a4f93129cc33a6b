"""What every PDF of nenpo must satisfy, read from the finished file by other programs.

Each function takes the file's bytes and returns a list of faults in words, empty when all is
well, so that a test reads ``assert find_layout_faults(pdf) == []``.
"""

import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from ctypes import byref
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import Any

import numpy as np
import page
import pikepdf
import pypdf
import pypdfium2
from pypdfium2 import raw

_MM = 72 / 25.4
SIDE_MARGIN, TURNED_MARGIN = 20 * _MM, 15 * _MM
PAPER_MARGIN = 10 * _MM  # header and footer stand in the top and bottom margin
FOOTER = 15 * _MM  # no text of the page is lower, nor the page's number higher
LEAST_SIZE = 8.0
LEAST_BODY_SIZE = 9.0
_TOLERANCE = 0.6  # points: side bearings and hanging strokes
# Parts of one glyph that the reader lists apart, all with the glyph's box.
_WITHOUT_INK = frozenset({"Cc", "Cf", "Cs", "Mn"})
_OVERLAP = 0.25  # of the smaller box, in both directions


@dataclass(frozen=True, slots=True)
class Character:
    """A printed character: its ink box in points from the page's lower left, its size."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


# Read once, however many tests look at the same file: a page takes a tenth of a second.
@cache
def read_pages(pdf: bytes) -> tuple[tuple[float, float, tuple[Character, ...]], ...]:
    """Return each page's width, height and visible characters."""
    document, pages = pypdfium2.PdfDocument(pdf), []
    for sheet in document:
        textpage = sheet.get_textpage()
        pages.append((*sheet.get_size(), tuple(_read_characters(textpage))))
        textpage.close()
        sheet.close()
    document.close()
    return tuple(pages)


def _read_characters(textpage: pypdfium2.PdfTextPage) -> Iterator[Character]:
    for index in range(textpage.count_chars()):
        text = chr(raw.FPDFText_GetUnicode(textpage, index))
        generated = raw.FPDFText_IsGenerated(textpage, index) == 1
        if generated or not text.strip() or unicodedata.category(text) in _WITHOUT_INK:
            continue
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(textpage, index, byref(matrix))
        size = raw.FPDFText_GetFontSize(textpage, index) * hypot(matrix.c, matrix.d)
        left, bottom, right, top = textpage.get_charbox(index)
        yield Character(text, left, bottom, right, top, size)


@cache
def read_texts(pdf: bytes) -> tuple[str, ...]:
    """Return the text of each page with line breaks removed, as a search would find it."""
    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for sheet in document:
        textpage = sheet.get_textpage()
        text = textpage.get_text_range().replace("\r", "").replace("\n", "")
        texts.append(text.replace("\ufffe", "-"))  # pdfium's sign for a hyphen at a line's end
        textpage.close()
        sheet.close()
    document.close()
    return tuple(texts)


def find_layout_faults(pdf: bytes) -> list[str]:
    """Return characters outside the margins, too small, or printed over each other."""
    faults: list[str] = []
    sizes: Counter[float] = Counter()
    for number, (width, height, characters) in enumerate(read_pages(pdf), 1):
        sizes.update(round(character.size, 1) for character in characters)
        found = _find_page_faults(width, height, characters)
        faults.extend(f"page {number}: {fault}" for fault in found)
    if sizes and sizes.most_common(1)[0][0] < LEAST_BODY_SIZE:
        faults.append(f"most of the text is set in {sizes.most_common(1)[0][0]} pt")
    return faults


def _find_page_faults(
    width: float, height: float, characters: tuple[Character, ...]
) -> Iterator[str]:
    margin = SIDE_MARGIN if width < height else TURNED_MARGIN
    for character in characters:
        beside = min(character.left, width - character.right) < margin - _TOLERANCE
        above = min(character.bottom, height - character.top) < PAPER_MARGIN - _TOLERANCE
        if beside or above:
            yield f"{character} is outside the margins"
        if character.size < LEAST_SIZE - 0.01:
            yield f"{character} is smaller than {LEAST_SIZE} pt"
    for one, other in _find_overlaps(characters):
        yield f"{one} and {other} overlap"


def _find_overlaps(characters: tuple[Character, ...]) -> Iterator[tuple[Character, Character]]:
    # From the page's foot upwards, a box can only meet those that begin below its top.
    rising = sorted(characters, key=lambda character: character.bottom)
    boxes = np.array([(c.left, c.bottom, c.right, c.top) for c in rising]).reshape(-1, 4)
    size = boxes[:, 2:] - boxes[:, :2]
    ends = np.searchsorted(boxes[:, 1], boxes[:, 3])
    for place, (box, end) in enumerate(zip(boxes, ends, strict=True)):
        near = slice(place + 1, end)
        shared = np.minimum(box[2:], boxes[near, 2:]) - np.maximum(box[:2], boxes[near, :2])
        smaller = np.minimum(size[place], size[near])
        for hit in np.nonzero((shared > _OVERLAP * smaller + 0.2).all(axis=1))[0]:
            yield rising[place], rising[place + 1 + int(hit)]


def find_sparse_pages(pdf: bytes, share: float) -> list[int]:
    """Return the pages (from 1) on which text reaches less than ``share`` of the way down."""
    sparse = []
    for number, (_, height, characters) in enumerate(read_pages(pdf), 1):
        body = [c.bottom for c in characters if c.bottom > FOOTER]
        if not body or 1 - min(body) / height < share:
            sparse.append(number)
    return sparse


def find_violations(pdf: bytes) -> list[str]:
    """Return what an independent validator says against PDF/A-3a and PDF/UA-1."""
    profiles = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
    return [
        f"{profile.name}: {failure}"
        for profile in profiles
        for failure in page.validate_pdf_bytes(pdf, profile=profile).failures
    ]


def find_headless_tables(pdf: bytes) -> list[str]:
    """Return the tables whose tags name no header of a row, or none of a column."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        tables = [tag for tag in walk_tags(file.Root.StructTreeRoot.K) if tag.S == "/Table"]
        return [
            f"table {number} has no header of a {scope[1:].lower()}"
            for number, table in enumerate(tables, 1)
            for scope in ("/Row", "/Column")
            if scope not in _list_scopes(table)
        ]


def _list_scopes(table: Any) -> set[str]:
    heads = [tag for tag in walk_tags(table.K) if tag.S == "/TH"]
    return {str(each.get("/Scope")) for head in heads for each in head.A}


def walk_tags(node: Any) -> Iterator[Any]:
    """Yield the structure elements at and below a node, parents first."""
    for child in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            if "/K" in child:
                yield from walk_tags(child.K)


def find_embedded_fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts in the file, without the subset prefix."""
    names: set[str] = set()
    for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        resources = sheet.get("/Resources", {}).get_object()
        for font in resources.get("/Font", {}).get_object().values():
            names.add(str(font.get_object()["/BaseFont"]).lstrip("/").split("+")[-1])
    return names
