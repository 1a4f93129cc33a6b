"""What makes a reading of a list unlikely as a whole: told before all else, or left out."""

import re
from collections.abc import Sequence

from nenpo.workbooks.starting.entries import Entry
from nenpo.workbooks.starting.guesses import Guesses
from nenpo.workbooks.starting.headings import MEANINGS, Heading, is_label
from nenpo.workbooks.starting.tables import Table

_REPORTED = ("status", "done")
_TEXTS = ("done", "next_year", "later", "issues", "change_reason", "content", "title")
_FEWEST = 3
_COMMON = re.compile(r"継続.{0,4}|実施.{0,4}|推進.{0,4}|なし|特になし|[-‐–—―−ー－]+")


def drop_doubtful(table: Table) -> None:
    """Leave out what no item says, though it stands in its row: labels and signs as sentences."""
    for meaning in ("done", "next_year", "later", "issues", "change_reason", "note"):
        told = [entry.find(meaning) for entry in table.entries]
        texts = {text.text for text in told if text}
        if texts and all(_says_nothing(text) for text in texts):
            heading = next(h for h in table.headings if h.meaning == meaning)
            table.listing.grid.guesses.warn(
                heading.place,
                "列「{}」は、見出しや記号だけで文がないので、取り込まなかった",
                "column '{}' holds labels or signs and no sentence: it was left out",
                heading.label,
            )
            for entry in table.entries:
                entry.told.pop(meaning, None)


def _says_nothing(text: str) -> bool:
    lines = [line for line in text.split("\n") if line]
    signs = re.fullmatch(r"[◎○〇◯△▲×✕□◇●▼☆★\s]+", text)
    return bool(signs) or (len(lines) > 1 and all(map(is_label, lines)))


def look_over(tables: Sequence[Table], fiscal_year: int, guesses: Guesses) -> None:
    """Tell what speaks against the reading of the tables; to be called when they are read."""
    for table in tables:
        if "title" in table.meanings:
            _look_for_year(table, fiscal_year)
            _look_for_period(table)
            _look_for_silence(table)
            _look_for_same(table)
            _look_for_departments(table)
            _look_for_indicators(table)
    for table in tables:
        _look_for_unread(table, guesses)


def _look_for_year(table: Table, fiscal_year: int) -> None:
    """Tell where other years have been reported, and the year in question has not."""
    for meaning in _REPORTED:
        if meaning in table.meanings:
            continue
        others = [
            h for h in table.headings if h.meaning.removeprefix("again_") == f"last_{meaning}"
        ]
        others += [h for h in table.headings if h.meaning == "after_other"]
        if others:
            table.listing.grid.guesses.warn(
                others[0].place,
                "{}年度の「{}」の列がない。「{}」などは別の年度のものなので、取り込まなかった",
                "no column is the '{1}' of {0}: '{2}' … are of other years and were left out",
                str(fiscal_year),
                MEANINGS[meaning],
                others[0].label,
            )


def _look_for_period(table: Table) -> None:
    """Tell where the marks are of a part of the year."""
    for heading in table.headings:
        if heading.meaning == "status" and heading.period:
            table.listing.grid.guesses.warn(
                heading.place,
                "進捗は「{}」の列から取った",
                "the marks were taken from the column of {}",
                heading.period,
            )


def _look_for_silence(table: Table) -> None:
    """Tell where a column of results is blank throughout, as if colours told them."""
    for heading in table.headings:
        if heading.meaning in _REPORTED and not _list_told(table.entries, heading):
            table.listing.grid.guesses.warn(
                heading.place,
                "列「{}」には何も書かれていない（セルの色や図形は読み取れない）",
                "nothing is written in column '{}' (colours and shapes cannot be read)",
                heading.label,
            )
    if not table.meanings & set(_REPORTED):
        table.listing.grid.guesses.warn(
            table.listing.grid.name,
            "進捗又は実績の列が見つからない。全ての取組を未報告とした",
            "no column of marks or results was found: nothing is reported",
        )


def _look_for_same(table: Table) -> None:
    """Tell where every item says the same."""
    for heading in table.headings:
        texts = [text for _, text in _list_told(table.entries, heading)]
        same = len(texts) >= _FEWEST and len(set(texts)) == 1 and not _COMMON.fullmatch(texts[0])
        if heading.meaning in _TEXTS and same:
            table.listing.grid.guesses.warn(
                heading.place,
                "列「{}」は、全ての取組で「{}」である",
                "column '{}' says '{}' for every item",
                heading.label,
                texts[0].replace("\n", " "),
            )


def _look_for_indicators(table: Table) -> None:
    """Tell where numbers stand beside no indicator."""
    if "indicator" in table.meanings:
        return
    for heading in table.headings:
        if heading.meaning in ("target", "baseline", "value"):
            table.listing.grid.guesses.look(
                heading.place,
                "列「{}」は、指標の名称の列がないので、取り込まなかった",
                "column '{}' was left out, since no column names the indicators",
                heading.label,
            )


def _look_for_departments(table: Table) -> None:
    if not table.meanings & {"department", "division"} and table.sheet_says[0] != "department":
        table.listing.grid.guesses.warn(
            table.listing.grid.name,
            "担当する部署の列が見つからない",
            "no column of departments was found",
        )


def _look_for_unread(table: Table, guesses: Guesses) -> None:
    """Tell where most of what stands in a column could not be read."""
    left = {guess.place for guess in guesses.made if guess.kind == "left"}
    for heading in table.headings:
        places = {place for place, _ in _list_told(table.entries, heading)}
        if heading.meaning in MEANINGS and len(places & left) * 2 > len(places):
            table.listing.grid.guesses.warn(
                heading.place,
                "列「{}」の半分以上のセルを読み取れなかった（{}件のうち{}件）",
                "most cells of column '{0}' could not be read ({2} of {1})",
                heading.label,
                len(places),
                len(places & left),
            )


def _list_told(entries: Sequence[Entry], heading: Heading) -> list[tuple[str, str]]:
    """Return place and text of what stands under a heading, item by item."""
    return [
        (told.text.place, told.text.text)
        for entry in entries
        for told in entry.told.get(heading.meaning, ())
        if told.heading == heading
    ]
