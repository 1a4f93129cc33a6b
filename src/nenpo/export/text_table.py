"""A table of Markdown: how much room it takes, and whether a page has it."""

from collections.abc import Iterable

from nenpo.content.display import Column, Table
from nenpo.errors import DocumentError, Words
from nenpo.export.blocks import Inline, Inlines, ListBlock, Quote, TextTable
from nenpo.export.fitting import LANDSCAPE_WIDTH, TEXT_WIDTH, choose_type
from nenpo.export.measure import is_number

# What a list in a list, in a quotation, leaves of the width of an upright page (points).
_WIDTH_INSIDE = TEXT_WIDTH - 60


def plain_table(block: TextTable) -> Table:
    """Return what is printed of a table, as a table of texts without caption."""
    header, *rows = (tuple(map(_write_out, row)) for row in (block.header, *block.rows))
    columns = (
        Column(label, align, kind="number" if all(map(is_number, filter(None, texts))) else "text")
        for label, align, *texts in zip(header, block.aligns, *rows, strict=True)
    )
    return Table("", tuple(columns), tuple(rows))


def _write_out(inlines: Inlines) -> str:
    """Return what is printed of a cell: addresses and the marks of footnotes, too."""
    return "".join(
        "注00"
        if inline.note
        else f"{inline.text}{f'（{inline.href}）' if is_spelt(inline) else ''}"
        for inline in inlines
    )


def is_spelt(inline: Inline) -> bool:
    """Return whether a link's address is printed beside its text."""
    return inline.href not in ("", inline.text)


def check_text_tables(
    values: Iterable[object], place: Words, width: float = LANDSCAPE_WIDTH
) -> None:
    """Raise DocumentError for a table of Markdown that is wider than a page can hold."""
    for value in values:
        if isinstance(value, ListBlock):
            for item in value.items:
                check_text_tables(item, place, _WIDTH_INSIDE)
        elif isinstance(value, Quote):
            check_text_tables(value.blocks, place, _WIDTH_INSIDE)
        elif isinstance(value, TextTable) and choose_type(plain_table(value), width) is None:
            raise DocumentError(
                place=place,
                what=Words(
                    "Markdown の表の {} 列が紙に収まらない",
                    "a Markdown table of {} columns does not fit on paper",
                ).fill(len(value.header)),
                remedy=Words(
                    "列を減らすか、DataFrame で表示すること。",
                    "Show fewer columns, or a DataFrame.",
                ),
            )
