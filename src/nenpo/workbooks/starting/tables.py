"""The sheets of a list → its tables: which sheets count, what their columns and names mean."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nenpo.errors import UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.book import Book
from nenpo.workbooks.starting.entries import Entry, list_entries
from nenpo.workbooks.starting.grid import Grid, tidy_text
from nenpo.workbooks.starting.guesses import Guesses
from nenpo.workbooks.starting.headings import (
    MEANINGS,
    Heading,
    guess_year,
    name_columns,
)
from nenpo.workbooks.starting.lines import keep_year, list_line_labels, take_lines
from nenpo.workbooks.starting.listing import Listing, find_listing, is_turned
from nenpo.workbooks.starting.names import find_unit, fold_name
from nenpo.workbooks.starting.own_columns import is_unsaid
from nenpo.workbooks.starting.times import find_years


@dataclass(frozen=True)
class Table:
    """A table of the list with the meaning of its columns, and what its sheet's name stands for."""

    listing: Listing
    headings: tuple[Heading, ...]
    entries: tuple[Entry, ...]
    sheet_says: tuple[str, str]

    @property
    def meanings(self) -> set[str]:
        """What its columns mean."""
        return {heading.meaning for heading in self.headings}


def find_listings(book: Book, guesses: Guesses) -> list[Listing]:
    """Return the tables of a workbook's visible sheets, those of the latest year if of several."""
    for sheet in book.sheets:
        if sheet.hidden:
            guesses.leave(f"{book.name}!{sheet.name}", "表示されていないシート", "a hidden sheet")
    grids = [Grid(book.name, sheet, guesses) for sheet in book.sheets if not sheet.hidden]
    if any(not _EXAMPLE.search(grid.sheet.name) for grid in grids):
        grids = [grid for grid in grids if not _is_example(grid, guesses)]
    listings = [found for grid in grids if (found := find_listing(grid))]
    _tell_others(grids, listings, guesses)
    return _choose_latest(listings, guesses)


_EXAMPLE = re.compile(r"記入例|記載例|見本|サンプル|記入要領|作成要領|リスト|マスタ|選択肢")


def _is_example(grid: Grid, guesses: Guesses) -> bool:
    if _EXAMPLE.search(grid.sheet.name):
        ja, en = "記入例や選択肢のシート", "a sheet of examples or choices"
        guesses.leave(grid.name, ja, en)
        return True
    return False


def _tell_others(grids: Sequence[Grid], listings: Sequence[Listing], guesses: Guesses) -> None:
    found = {listing.grid.sheet.name for listing in listings}
    for grid in grids:
        if grid.sheet.name not in found and grid.sheet.cells:
            guesses.leave(grid.name, "一覧の見出しがないシート", "a sheet without headings")


def _choose_latest(listings: list[Listing], guesses: Guesses) -> list[Listing]:
    """Return the sheets of the latest fiscal year, where several sheets are of one each."""
    years = {listing.grid.name: find_years(listing.grid.sheet.name) for listing in listings}
    stated = {each[-1] for each in years.values() if each}
    if len(stated) < 2:
        return listings
    kept = [
        each
        for each in listings
        if not years[each.grid.name] or years[each.grid.name][-1] == max(stated)
    ]
    for each in listings:
        if each not in kept:
            guesses.leave(each.grid.name, "前の年度のシート", "a sheet of an earlier year")
    return kept


def list_titles(book: Book, listings: Sequence[Listing]) -> list[str]:
    """Return what stands at the top of the visible sheets that are no table: 集計, 表紙."""
    tables = {listing.grid.sheet.name for listing in listings}
    return [
        tidy_text(sheet.read(row, column))
        for sheet in book.sheets
        if not sheet.hidden and sheet.name not in tables
        for row, column in sorted(sheet.cells)[:_AT_THE_TOP]
    ]


_AT_THE_TOP = 6


def guess_report_year(listings: Sequence[Listing], stem: str) -> int | None:
    """Return the fiscal year that a list reports, None if nothing tells; ``stem`` is its name."""
    labels = [
        column.label
        for listing in listings
        for n, column in enumerate(listing.columns)
        if any(value and not is_unsaid(value) for value in listing.list_values(n))
    ]
    labels += list_line_labels(listings)
    titles = [
        listing.grid.sheet.name for listing in listings if find_years(listing.grid.sheet.name)
    ]
    titles += [text.text for listing in listings for text in listing.above]
    every = [column.label for listing in listings for column in listing.columns]
    return guess_year(labels, [*titles, stem]) or guess_year(every, [])


def read_tables(listings: Sequence[Listing], year: int, guesses: Guesses) -> list[Table]:
    """Return the tables with what their columns mean; those that are no list are told."""
    tables, known = list[Table](), set[tuple[str, str]]()
    for found in listings:
        listing = take_lines(keep_year(found, year), year)
        values = [listing.list_values(n) for n in range(len(listing.columns))]
        headings = name_columns(listing.columns, values, year)
        meanings = {heading.meaning for heading in headings}
        named = "title" if "title" in meanings else "indicator" if "indicator" in meanings else ""
        if not named:
            guesses.leave(listing.grid.name, "取組名の列がないシート", "a sheet without names")
            continue
        entries = list_entries(listing, headings, named)
        own = {(fold_name(e.title.text), fold_name(_read_lead(e))) for e in entries}
        if own and len(own & known) * 5 >= 4 * len(own):
            ja, en = "ほかのシートと同じ取組の表", "a sheet of the items of another sheet"
            guesses.leave(listing.grid.name, ja, en)
            continue
        known |= own
        _tell_columns(headings, guesses)
        says = _read_sheet_name(listing.grid.sheet.name, meanings, listing.grid.name, guesses)
        tables.append(Table(listing, tuple(headings), tuple(entries), says))
    return tables


def _read_lead(entry: Entry) -> str:
    lead = entry.find("department")
    return lead.text if lead else ""


_PASSED_OVER = {
    "personal": Words("個人や連絡先", "persons, contacts"),
    "rate": Words("進捗の割合を置く欄はない", "there is no place for a share of progress"),
    "after_other": Words("後の年度の実績", "what a later year has achieved"),
    "other_number": Words("取組の番号でない番号", "a number of something else"),
}
_UNKNOWN = Words("何の列か分からない", "nobody knows what it is")
_OF_THE_YEAR_BEFORE = Words("前の年度のもの", "of the year before")
_AGAIN = Words("「{}」の列はほかにある", "another column is the {}")


def _tell_columns(headings: Sequence[Heading], guesses: Guesses) -> None:
    for heading in headings:
        label = heading.label or "（見出しなし）"
        if meaning := MEANINGS.get(heading.meaning):
            guesses.guess(heading.place, "列「{}」→ {}", "column '{}' → {}", label, meaning)
        else:
            again = heading.meaning.removeprefix("again_")
            why = _PASSED_OVER.get(again, _UNKNOWN)
            if again.startswith("last_"):
                why = _OF_THE_YEAR_BEFORE
            elif again in MEANINGS:
                why = _AGAIN.fill(MEANINGS[again])
            guesses.leave(heading.place, "列「{}」（{}）", "column '{}' ({})", label, why)


def _read_sheet_name(
    name: str, meanings: set[str], place: str, guesses: Guesses
) -> tuple[str, str]:
    """Return what the name of a sheet stands for, where no column says it."""
    unit = find_unit(name)
    says = ""
    if unit in ("部", "局") and "division" not in meanings:
        says = "division"
    elif unit and "department" not in meanings:
        says = "department"
    elif (
        name.startswith(("目標", "基本目標", "柱", "戦略", "方針", "基本方針", "分野"))
        and "goal" not in meanings
    ):
        says = "goal"
    if says:
        guesses.guess(
            place,
            "シートの名前を{}とした",
            "its name was taken as the {}",
            MEANINGS[says],
        )
    return says, name if says else ""


def refuse_unread(book: Book, listings: Sequence[Listing]) -> WorkbookError:
    """Return why a workbook holds no list, or no list of a known year."""
    name = book.name
    if not listings and any(map(is_turned, book.sheets)):
        return UnusableWorkbook(
            place=name,
            why=Words("取組が列に並んでいる", "its items stand in columns"),
            remedy=Words(
                "表をコピーし、「形式を選択して貼り付け」の「行/列の入れ替え」で貼り付けた一覧とすること。",
                "Copy the table and paste it transposed.",
            ),
        )
    if not listings:
        return UnusableWorkbook(
            place=name,
            why=Words("見出しの行が見つからない", "no row of headings was found"),
            remedy=Words(
                "取組名、担当課、進捗状況、実績のような見出しのある一覧とすること。",
                "Give a list with headings such as 取組名, 担当課, 進捗状況, 実績.",
            ),
        )
    return UnusableWorkbook(
        place=name,
        why=Words("どの年度の報告か分からない", "it does not say which fiscal year it reports"),
        remedy=Words(
            "--year 2023 のように年度（西暦）を指定すること。", "Give it, such as --year 2023."
        ),
    )


def refuse_nameless(
    name: str, listings: Sequence[Listing], tables: Sequence[Table]
) -> WorkbookError:
    """Return why none of the tables has items."""
    if any("title" in table.meanings for table in tables):
        return UnusableWorkbook(
            place=name,
            why=Words("見出しの下に取組が1件もない", "no item stands below the headings"),
            remedy=Words("取組のある一覧とすること。", "Give a list with items."),
        )
    labels = "、".join(column.label for listing in listings for column in listing.columns)
    return UnusableWorkbook(
        place=f"{name}!{listings[0].grid.sheet.name}",
        why=Words("取組の名称の列がない（見出し: {}）", "no column names the items ({})").fill(
            labels
        ),
        remedy=Words(
            "その列の見出しを「取組名」か「事業名」とすること。", "Head it 取組名 or 事業名."
        ),
    )
