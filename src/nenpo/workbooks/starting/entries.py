"""The rows of a list → its items, each with everything that stands for it, and where."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nenpo.workbooks.starting.choosing import BY_PERIOD
from nenpo.workbooks.starting.grid import Grid, Text
from nenpo.workbooks.starting.headings import Heading
from nenpo.workbooks.starting.listing import Listing, ListRow, is_ditto

# What is written once for the rows below, in lists without merged cells too.
_GROUPS = ("goal", "policy", "measure", "division")
_FEW_FILLED = 0.7
_ANSWERS = frozenset({"status", "done", "next_year", "issues", "change_reason"})
# What is said of each part of a year is told beside the part.
_TOLD_APART = BY_PERIOD | {"planned"}


@dataclass(frozen=True)
class Told:
    """What one cell says under its heading."""

    heading: Heading
    text: Text

    def check(self, grid: Grid) -> str:
        """Return what it says, checked; behind the part of the year that its heading names."""
        text, period = grid.check(self.text, self.heading.label), self.heading.period
        apart = text and period and self.heading.meaning in _TOLD_APART
        return f"{period}：{text}" if apart else text


@dataclass
class Entry:
    """An item (or an indicator) of a list: its name, and what is told by meaning."""

    grid: Grid
    title: Text
    told: dict[str, list[Told]] = field(default_factory=dict)
    section: tuple[Text, ...] = ()

    def find(self, meaning: str) -> Text | None:
        """Return the first text of a meaning."""
        return self.told[meaning][0].text if self.told.get(meaning) else None

    def read(self, meaning: str) -> str:
        """Return what is said under a meaning, checked for what no document can show."""
        return "\n".join(told.check(self.grid) for told in self.told.get(meaning, ())).strip()

    def split_rows(self, meaning: str, others: Sequence[str]) -> list["Entry"]:
        """Return the entry once for each text of a meaning, with what ``others`` say beside it.

        An item may have several indicators, in a row each.
        """
        texts = [told.text for told in self.told.get(meaning, ())]
        if len(texts) < 2:
            return [self]
        return [
            Entry(
                self.grid,
                self.title,
                {
                    key: [t for t in told if t.text.row == text.row or key not in others]
                    for key, told in self.told.items()
                }
                | {meaning: [t for t in self.told[meaning] if t.text is text]},
                self.section,
            )
            for text in texts
        ]

    def add(self, heading: Heading, text: Text) -> None:
        """Add what a cell says, a merged one once."""
        known = self.told.setdefault(heading.meaning, [])
        if not any((each.text.row, each.text.column) == (text.row, text.column) for each in known):
            known.append(Told(heading, text))


def list_entries(
    listing: Listing, headings: Sequence[Heading], named: str = "title"
) -> list[Entry]:
    """Return the items of a table; ``named`` is the meaning of the column that names them."""
    position = [heading.meaning for heading in headings].index(named)
    entries = list[Entry]()
    for row in _fill_down(listing, headings):
        title = row.cells.get(position)
        first = next(iter(row.cells.values()))
        if title is not None and re.fullmatch(r"[(（【]?(?:記入)?例[)）】]?", first.text):
            ja, en = "記入例の行", "a row that shows how to fill it in"
            listing.grid.guesses.leave(first.place, ja, en)
            continue
        if title is None:
            _tell_nameless(listing, row, headings if entries else ())
            continue
        again = entries and (entries[-1].title.row, entries[-1].title.column) == (
            title.row,
            title.column,
        )
        if not again:
            entries.append(Entry(listing.grid, title, section=row.section))
        for column, text in row.cells.items():
            if headings[column].meaning:
                entries[-1].add(headings[column], text)
    return entries


def _tell_nameless(listing: Listing, row: ListRow, headings: Sequence[Heading]) -> None:
    own = {n: text for n, text in row.cells.items() if text.row == row.number}
    answers = [n for n in own if headings and headings[n].meaning in _ANSWERS]
    for text in list(own.values())[:1]:
        ja, en = "名称のない行（「{}」など）", "a row without a name ('{}' …)"
        listing.grid.guesses.leave(text.place, ja, en, text.text.replace("\n", " "))
    for n in answers[:1]:
        ja, en = (
            "取組の名称のない行に「{}」の記載があり、取り込まなかった",
            "a row without a name says something under '{}', which was left out",
        )
        listing.grid.guesses.warn(own[n].place, ja, en, headings[n].label)


def _fill_down(listing: Listing, headings: Sequence[Heading]) -> Iterator[ListRow]:
    """Yield the rows with what stands for them in a row above: groups, and 同上."""
    filled = [n for n, h in enumerate(headings) if h.meaning in _GROUPS]
    spread = [n for n, h in enumerate(headings) if h.meaning == "department"]
    spread = [n for n in spread if _is_written_once(listing, headings, n)]
    above = dict[int, Text]()
    for row in listing.rows:
        cells, broken = dict(row.cells), False
        for column in range(len(headings)):
            text = cells.get(column)
            if text is not None and is_ditto(text.text) and column in above:
                cells[column] = above[column]
                listing.grid.guesses.guess(
                    text.place,
                    "「{}」は、上の「{}」とした",
                    "'{}' stands for '{}' above",
                    text.text,
                    above[column].text,
                )
            elif (text is None and column in filled and column in above and not broken) or (
                text is None and column in spread and column in above
            ):
                cells[column] = above[column]
            elif text is not None and column in filled:
                # Under another goal, the measure of the one before means nothing.
                broken = broken or text != above.get(column)
        above = {**above, **cells} if not broken else {**_drop_groups(above, filled), **cells}
        yield ListRow(row.number, cells, row.section)


def _drop_groups(above: Mapping[int, Text], filled: Sequence[int]) -> dict[int, Text]:
    return {column: text for column, text in above.items() if column not in filled}


def _is_written_once(listing: Listing, headings: Sequence[Heading], column: int) -> bool:
    """Return whether a department stands for the rows below it, as in a list without merging.

    A saved CSV has lost which cells were merged.
    """
    values = listing.list_values(column)
    filled = sum(bool(value) for value in values)
    if not values or not values[0] or listing.grid.sheet.merged:
        return False
    if not 0 < filled < _FEW_FILLED * len(values):
        return False
    listing.grid.guesses.look(
        headings[column].place,
        "「{}」の空欄は、上の行の部署とした",
        "blank cells of '{}' were taken as the department of the row above",
        headings[column].label,
    )
    return True


_OPEN, _CLOSE = r"[【\[(（〔<＜《]", r"[】\])）〕>＞》]"
_SCOPE = re.compile(rf"\s*{_OPEN}\s*(新規|拡充|新|拡|継続|継)\s*{_CLOSE}\s*")
_AGAIN = re.compile(r"\s*[【\[(（〔<＜]?\s*再掲\s*[】\])）〕>＞]?\s*")
_SCOPES = {"新": "new", "拡": "expanded", "継": ""}


def read_title(text: str) -> tuple[str, str, bool]:
    """Return the title of an item, its scope, and whether it is listed again.

    >>> read_title("【新規】窓口の\\nオンライン化（再掲）")
    ('窓口のオンライン化', 'new', True)
    """
    plain = text.replace("\n", "")
    found = _SCOPE.search(plain)
    rest = (plain.replace(found[0], "", 1) if found else plain) or plain
    again = _AGAIN.sub("", rest)
    listed = "再掲" in rest and bool(again)
    return again if listed else rest, _SCOPES[found[1][0]] if found else "", listed


def read_scope(text: str) -> str:
    """Return the scope that a cell names: new, expanded, or neither."""
    return _SCOPES.get(text[:1], "")
