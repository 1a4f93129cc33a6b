"""A cell of a workbook → the text that a table has for it, or why there is none.

What spreadsheets and people do to values is undone with a note where it is certain what was meant,
and refused at its cell where it is not. What is wrong with a text in itself is not told here: the
table's own rules say that, of a workbook as of a CSV file.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches

from nenpo.data.headings import fold_text
from nenpo.data.naming import find_ids
from nenpo.data.schema.cells import is_id
from nenpo.data.schema.columns import FLAGS
from nenpo.errors import Words
from nenpo.language.characters import find_look_alike
from nenpo.language.fiscal import parse_fiscal_year
from nenpo.language.formulas import (
    MEND_FORMULA,
    NO_FORMULA,
    WHY_FORMULA,
    find_formula_sign,
)
from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.book import Cell
from nenpo.workbooks.normal.pointing import points_at_cell
from nenpo.workbooks.tables.sheets import NUMBERS, TableColumn

# Excel keeps 15 digits of a number: of a longer one, the last are lost.
_MOST_DIGITS = 15
_SEPARATED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")

_AS_TEXT = Words(
    "セルの表示形式を「文字列」にして、書き直すこと。",
    "Format the cell as text, and write it again.",
)
_POINTING = Words("ほかの欄を指している", "it points at another cell")
_CROSSED_OUT = Words("取消線のある文字がある", "characters of it are crossed out")
_CLEAR = Words(
    "取り消す文字を削り、残す文字の取消線を外すこと。",
    "Delete what is withdrawn, and remove the line through what is to stay.",
)
_WRITE_AGAIN = Words("値を書き直すこと。", "Write the value again.")


@dataclass(frozen=True)
class Taken:
    """What the table has for a cell; ``note`` says what was made of it.

    ``number`` is what a text column's cell stores if that is a number: 1.1 of what was 1.10.
    """

    text: str
    note: Words | None = None
    number: Decimal | None = None


@dataclass(frozen=True)
class Refused:
    """Why a cell is not taken, what would be, and what to do."""

    value: str
    why: Words
    allowed: Words
    remedy: Words


def read_cell(cell: Cell | None, column: TableColumn) -> Taken | Refused:
    """Return what the table has for a cell, or why that cannot be told."""
    if cell is None:
        return Taken("")
    if cell.error or (cell.formula and cell.value is None):
        why = (
            Words("数式の結果がエラーである", "its formula gives an error")
            if cell.error
            else Words("数式の結果が保存されていない", "the result of its formula is not saved")
        )
        return Refused(cell.shown or cell.formula, why, _allow(column), _WRITE_AGAIN)
    if cell.struck:
        return Refused(cell.shown, _CROSSED_OUT, _allow(column), _CLEAR)
    if points_at_cell(cell.shown):
        return Refused(cell.shown, _POINTING, _allow(column), _WRITE_AGAIN)
    taken = _read_value(cell, column)
    if cell.formula and isinstance(taken, Taken):
        note = Words("数式の結果「{}」を取り込む", "the result of a formula, '{}', is taken")
        return Taken(taken.text, note.fill(taken.text), taken.number)
    return taken


def is_same(taken: Taken, column: TableColumn, before: str) -> bool:
    """Return whether a cell still means what the table has: 46 is 46.0, 令和6年度 is FY2024."""
    if taken.number is not None and _PLAIN.fullmatch(before):
        return taken.number == Decimal(before)
    return reduce_text(taken.text, column) == reduce_text(before, column)


def reduce_text(text: str, column: TableColumn) -> str:
    """Return what tells whether two texts of a column mean the same."""
    if column.kind in NUMBERS and _PLAIN.fullmatch(text):
        return f"{Decimal(text).normalize():f}"
    if column.kind == "flag":
        return text.casefold()
    if column.kind == "time":
        try:
            return parse_stated_date(text).code
        except ValueError:
            return text
    return _end_lines(text).strip()


def _read_value(cell: Cell, column: TableColumn) -> Taken | Refused:
    value = cell.value
    if isinstance(value, bool):
        if column.kind == "flag":
            return Taken("true" if value else "false")
        why = Words(
            "表計算ソフトが真偽値に変えた", "a spreadsheet program made a logical value of it"
        )
        return Refused(cell.shown, why, _allow(column), _AS_TEXT)
    if isinstance(value, date | time):
        return _read_date(cell, column)
    if isinstance(value, Decimal):
        return _read_number(value, cell.shown, column)
    text = _end_lines(value or "").strip()
    if column.kind in NUMBERS:
        return _read_digits(text, column)
    return _READERS.get(column.kind, _read_text)(text, column)


def _read_date(cell: Cell, column: TableColumn) -> Taken | Refused:
    """Return a time as it is seen; anything else was no date before it came into a spreadsheet."""
    if column.kind in ("time", "day"):
        try:
            code = parse_stated_date(cell.shown).code
        except ValueError:
            code = ""
        if code and (column.kind == "time" or code.isdecimal()):
            note = Words("日付「{}」を {} とする", "the date '{}' is taken as {}")
            return Taken(code, note.fill(cell.shown, code))
    why = Words("表計算ソフトが日付に変えた", "a spreadsheet program made a date of it")
    return Refused(cell.shown, why, _allow(column), _AS_TEXT)


def _read_number(value: Decimal, shown: str, column: TableColumn) -> Taken | Refused:
    if abs(value) >= 10**_MOST_DIGITS:
        why = Words(
            f"{_MOST_DIGITS}桁を超える数は、表計算ソフトでは末尾が失われる",
            f"of a number of more than {_MOST_DIGITS} digits, a spreadsheet loses the last",
        )
        return Refused(shown, why, _allow(column), _AS_TEXT)
    plain = f"{value:f}"
    seen = shown.strip().replace(",", "")
    percent = seen.removesuffix("%")
    if column.kind in NUMBERS and percent != seen and _PLAIN.fullmatch(percent):
        note = Words("「{}」を {} とする", "'{}' is taken as {}")
        return Taken(percent, note.fill(shown, percent))
    same = _PLAIN.fullmatch(seen) is not None and Decimal(seen) == value
    if column.kind in ("whole", "day", "money", "year"):
        return Taken(str(int(value)) if value == value.to_integral_value() else plain)
    if column.kind in ("number", "time"):
        return Taken(seen if same else plain)
    # 007 is what people see of a 7 of such a format, and what they mean.
    text = shown.strip() if "E" not in shown else plain
    note = Words("数 {} を文字として取り込む", "the number {} is taken as text")
    return Taken(text, note.fill(text), value)


def _read_digits(text: str, column: TableColumn) -> Taken:
    """Return a number as tables have it: half-width, without separators of thousands."""
    folded = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
    plain = folded.replace(",", "") if _SEPARATED.fullmatch(folded) else folded
    if column.kind == "year" and not plain.isdecimal():
        try:
            plain = str(parse_fiscal_year(text))
        except ValueError:
            return Taken(text)
    if not _PLAIN.fullmatch(plain) or plain == text:
        return Taken(text)
    return Taken(plain, Words("「{}」を {} とする", "'{}' is taken as {}").fill(text, plain))


def _read_text(text: str, _column: TableColumn) -> Taken | Refused:
    if sign := find_formula_sign(text):
        return Refused(text, WHY_FORMULA.fill(sign), NO_FORMULA, MEND_FORMULA)
    return Taken(text)


def _read_id(text: str, _column: TableColumn) -> Taken:
    folded = fold_text(text)
    if folded == text or not is_id(folded):
        return Taken(text)
    return Taken(folded, Words("「{}」を {} とする", "'{}' is taken as {}").fill(text, folded))


def _read_reference(text: str, column: TableColumn) -> Taken | Refused:
    """Return the id that a cell begins with, or that of what it names."""
    first, *_ = unicodedata.normalize("NFKC", text).split() or [""]
    rest = text[len(first) :].strip()
    known = {choice.value for choice in column.choices}
    if first in known or (is_id(first) and not rest):
        others = find_ids(rest, _list_names(column)) if rest else []
        if others and first not in others:
            why = Words(
                f"ID は {first}、名称は {others[0]} のものである",
                f"the id is {first}, the name that of {others[0]}",
            )
            remedy = Words("一覧から選び直すこと。", "Choose it again from the list.")
            return Refused(text, why, _allow(column), remedy)
        return Taken(first)
    named = find_ids(text, _list_names(column))
    if not text or (len(named) != 1 and is_id(first)):
        return Taken(first)
    if len(named) != 1:
        return _refuse_name(text, column, named)
    return Taken(named[0], Words("「{}」を {} とする", "'{}' is taken as {}").fill(text, named[0]))


def _refuse_name(text: str, column: TableColumn, named: list[str]) -> Refused:
    """Return why a name tells nothing: several have it, or none."""
    labels = {choice.value: choice.label for choice in column.choices}
    near = get_close_matches(text, [name for name, _ in _list_names(column)], n=1, cutoff=0.5)
    meant = [labels[own] for own in named or find_ids("".join(near), _list_names(column))]
    why = Words("一覧にない名称である", "no entry of the list has that name")
    if named:
        why = Words("同じ名称のものが複数ある", "several entries have that name")
    hint = Words("、".join(f"「{label}」" for label in meant), ", ".join(meant))
    remedy = Words("一覧から選ぶこと。", "Choose it from the list.")
    if meant:
        remedy = Words("{}{}ではないか。", "{} Is it {}?").fill(remedy, hint)
    return Refused(text, why, _allow(column), remedy)


def _list_names(column: TableColumn) -> Iterator[tuple[str, str]]:
    """Yield what may be written for a choice: names, and what the list has behind the id."""
    yield from column.names
    for choice in column.choices:
        yield choice.label.partition(" ")[2], choice.value


def _read_mark(text: str, column: TableColumn) -> Taken:
    marks = tuple(choice.value for choice in column.choices)
    named = find_ids(text, column.names)
    meant = find_look_alike(text, marks) or (named[0] if len(named) == 1 else "")
    if text in marks or not meant:
        return Taken(text)
    return Taken(meant, Words("「{}」を {} とする", "'{}' is taken as {}").fill(text, meant))


def _read_word(text: str, column: TableColumn) -> Taken:
    """Return the word of the table for what is chosen, or for what the table has itself."""
    words = {fold_text(choice.label): choice.value for choice in column.choices}
    if column.kind == "flag":
        words |= {fold_text(label): word for word, label in FLAGS.items()}
    folded = fold_text(text)
    word = words.get(folded, folded.casefold())
    return Taken(word if word in words.values() else text)


def _read_time(text: str, _column: TableColumn) -> Taken:
    try:
        return Taken(parse_stated_date(text).code)
    except ValueError:
        return Taken(text)


def _end_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _allow(column: TableColumn) -> Words:
    """Return what a column takes."""
    if column.kind in NUMBERS:
        return Words("数", "a number")
    if column.choices:
        return Words("一覧にあるもの", "one of the list")
    return Words(column.hint or column.heading, "text")


_READERS = {
    "id": _read_id,
    "reference": _read_reference,
    "mark": _read_mark,
    "word": _read_word,
    "flag": _read_word,
    "time": _read_time,
}
