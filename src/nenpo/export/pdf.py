"""A Document → one PDF file that is PDF/A-3a and PDF/UA-1 at once, set by Typst.

The document's content reaches the typesetter as JSON, never as markup.
"""

import json
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nenpo.errors import DocumentError
from nenpo.export.document import Document
from nenpo.export.layout import lay_out_document
from nenpo.language.fonts import DocumentFont, find_document_font

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
# Shares of the page's height, the top margin included: a part whose last page is filled further is
# not worth another layout.
_SPARSE_PAGE = 0.9
# What a part loses of its height where it is set densely: hardly more than a quarter.
_TOP, _SAVED = 0.07, 0.25


def write(document: Document, name: str) -> bytes:  # noqa: ARG001 # as every format's
    """Return the document as the file holds it."""
    return render_pdf(document)


def render_pdf(document: Document) -> bytes:
    """Return the document as PDF bytes, the same for the same document anywhere.

    Raises DocumentError where the text cannot be set (a character that the font lacks) and
    UnknownFont where the configured font is missing.
    """
    # Imported here: whoever only lists documents needs no reader of PDF.
    from nenpo.export.tagging import tag_tables

    layout = lay_out_document(document, find_document_font())
    compiler = _open_compiler(layout)
    ends = _find_ends(compiler)
    if sparse := _find_sparse_parts(ends):
        denser = _open_compiler(_set_densely(layout, sparse))
        if _find_ends(denser)[-1]["page"] < ends[-1]["page"]:
            compiler = denser
    return tag_tables(_export(compiler), layout)


def _set_densely(layout: dict[str, Any], places: Collection[int]) -> dict[str, Any]:
    """Return the layout with these parts set more densely."""
    parts = [part | {"dense": n in places} for n, part in enumerate(layout["parts"])]
    return layout | {"parts": parts}


def _count_pages(ends: list[dict[str, Any]]) -> list[int]:
    """Return how many pages each part has."""
    last = [0, *(end["page"] for end in ends)]
    return [end - before for before, end in pairwise(last)]


def _open_compiler(layout: dict[str, Any]) -> "typst.Compiler":
    # Imported here: a parent that compiles makes its forked children hang, so nothing of the
    # typesetter runs before a document is drawn (Fonts alone is safe, see warm_fonts).
    import typst

    return typst.Compiler(
        input=str(_TEMPLATE),  # a path: query() of typst 0.15 cannot find a template in memory
        root=str(_TEMPLATE.parent),
        font_paths=_load_fonts(find_document_font()),
        sys_inputs={"document": json.dumps(layout, ensure_ascii=False)},
    )


def _export(compiler: "typst.Compiler") -> bytes:
    import typst

    try:
        pdf, warnings = compiler.compile_with_warnings(pdf_standards=["a-3a", "ua-1"])
    except typst.TypstError as error:
        raise _refuse(error.message) from None
    if warnings:
        raise _refuse("; ".join(warning.message for warning in warnings))
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter returned no PDF")
    return pdf


def _find_ends(compiler: "typst.Compiler") -> list[dict[str, Any]]:
    """Return for each part its last page and how far down it is filled.

    Laying out is most of the work, and done once for this and the export of one compiler.
    """
    import typst

    try:
        ends: list[dict[str, Any]] = json.loads(compiler.query("<end>", field="value"))
    except typst.TypstError as error:
        raise _refuse(error.message) from None
    return ends


def _find_sparse_parts(ends: list[dict[str, Any]]) -> set[int]:
    """Return the parts whose last page is nearly empty and may be saved."""
    return {
        place
        for place, (end, pages) in enumerate(zip(ends, _count_pages(ends), strict=True))
        if end["filled"] < min(_SPARSE_PAGE, _TOP + _SAVED * (pages - 1))
    }


def warm_fonts() -> None:
    """Load the document font, so that children forked from this process need not."""
    _load_fonts(find_document_font())


@lru_cache(maxsize=4)
def _load_fonts(font: DocumentFont) -> Any:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font.path.parent)],
    )


def _refuse(message: str) -> DocumentError:
    return DocumentError(
        place="PDF",
        what=f"組版できない（{message}）",
        what_en=f"cannot be set ({message})",
        remedy="フォントにない文字なら別の文字に置き換えること。",
        remedy_en="Replace a character that the font lacks.",
    )
