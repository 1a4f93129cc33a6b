"""The blocks of a document → runs that start on a new page, each upright or on its side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nenpo.errors import Words
from nenpo.export.blocks import Block, Heading, NumberedTable, TextTable
from nenpo.export.fitting import fit_table, stands_upright
from nenpo.export.text_table import plain_table


@dataclass(frozen=True)
class Sheet:
    """Blocks that follow each other on pages of one kind."""

    landscape: bool
    blocks: tuple[Block, ...]


def split_sheets(blocks: Iterable[Block]) -> Iterator[Sheet]:
    """Yield the sheets; a table that is too wide turns its page, up to the next heading.

    No heading is more than one level below the one before. Raises DocumentError for a table that
    no page can hold.
    """
    asked, turned = False, False  # on its side: as a heading asks for it, and as it is
    kept: list[Block] = []
    headings: list[Block] = []  # they stand on the page of what follows them
    first = True  # the first sheet bears the document's head, so it may have no blocks
    for block, opens in _open_parts(blocks):
        if isinstance(block, Heading):
            if opens:
                yield Sheet(turned, (*kept, *headings))
                asked = turned = block.landscape
                kept, headings, first = [], [], False
            headings.append(block)
            continue
        shown, wanted = _fit_block(block, landscape=asked or (turned and not headings))
        if wanted != turned:
            if kept or first:
                yield Sheet(turned, tuple(kept))
            turned, kept, first = wanted, [], False
        kept += [*headings, *shown]
        headings = []
    yield Sheet(turned, (*kept, *headings))


def _open_parts(blocks: Iterable[Block]) -> Iterator[tuple[Block, bool]]:
    """Yield the blocks, headings without gaps in their levels, and whether one opens a sheet."""
    kind, landscape = "main", False
    level = 1  # of the title
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, False
            continue
        level = min(block.level, level + 1)
        # 別紙 and 参考 follow each other without a new page: many of them are a few lines.
        apart = kind == "main" and block.part != "main"
        opens = level == 1 and (block.landscape != landscape or apart)
        landscape = block.landscape if opens else landscape
        kind = block.part
        yield replace(block, level=level), opens


def _fit_block(block: Block, *, landscape: bool) -> tuple[list[Block], bool]:
    """Return the block as it is set, a wide table perhaps in two, and whether on its side."""
    if isinstance(block, TextTable):
        return [block], landscape or not stands_upright(plain_table(block))
    if not isinstance(block, NumberedTable):
        return [block], landscape
    place = Words("表{}", "table {}").fill(block.number)
    tables, turned = fit_table(block.table, place, landscape=landscape)
    return [NumberedTable(block.number, table) for table in tables], turned
