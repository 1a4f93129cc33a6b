"""What people answer in a cell → what the table is to hold, or why it cannot.

Only what is certain is read; the rest is refused at its cell. What a reader would not see in the
answer as it stands is told in a note. Spaces around an answer are no part of it.
"""

from collections.abc import Callable, Iterator
from datetime import date

from nenpo.errors import Words
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Field, FieldKind
from nenpo.workbooks.normal.answer import Asked, Context, Normal
from nenpo.workbooks.normal.choice import list_choices, read_choice
from nenpo.workbooks.normal.number import read_money, read_value
from nenpo.workbooks.normal.pointing import points_at_cell, points_at_last_year, points_at_paper
from nenpo.workbooks.normal.text import read_text
from nenpo.workbooks.normal.time import read_time
from nenpo.workbooks.reading.cells import is_error

_READERS: dict[FieldKind, Callable[[Asked], Normal]] = {
    "choice": read_choice,
    "text": read_text,
    "value": read_value,
    "money": read_money,
    "time": read_time,
}
_ALLOWED: dict[FieldKind, Words] = {
    "text": Words("文章", "a text"),
    "value": Words("数、又は未計測などの語", "a number, or a word for none such as 未計測"),
    "money": Words("千円単位の整数", "a whole number of thousands of yen"),
    "time": Words("令和5年10月などの時期", "a time such as 令和5年10月"),
}
_PAPER = Words(
    "別の資料などを指していて、この欄だけでは分からない",
    "it points at another paper, and says nothing by itself",
)
_COPY = Words("その内容をこの欄に書くこと。", "Write here what it says.")
_LAST_YEAR = Words(
    "「{}」だけでは、前年度の内容を見ていない人に伝わらない。内容を書くこと。",
    "'{}' tells nothing to who has not seen last year's answer: have it written out.",
)
_STRUCK = Words("取消線のある「{}」を除いて読んだ。", "'{}' is crossed out, and left out.")
_TYPE_AGAIN = Words("回答を入力し直すこと。", "Type the answer itself.")


def normalise(cell: Cell | None, field: Field, place: str, context: Context) -> Normal:
    """Return what the table is to hold of a cell that answers ``field``.

    ``place`` is the cell as messages call it. Raises ``UnusableCell``, and nothing else.
    """
    if cell is None or field.kind == "shown":
        return Normal(cell.shown.strip() if cell else "")
    if cell.struck:
        left = _leave_out_struck(Asked(cell, field, place, context))
        normal = normalise(left, field, place, context)
        gone = cell.crossed_out.strip()
        return Normal(normal.value, (*([_STRUCK.fill(gone)] if gone else []), *normal.notes))
    asked = Asked(cell, field, place, context)
    _refuse_no_answer(asked)
    if not asked.text and isinstance(cell.value, str | None):
        return Normal("")
    _refuse_pointing(asked)
    normal = _READERS[field.kind](asked)
    # 「12」を「12」と読んだ says nothing.
    idle = asked.tell(cell.shown.strip() or asked.text)
    notes = (note for note in normal.notes if note != idle)
    return Normal(normal.value, (*_note_formula(cell), *_note_last_year(asked), *notes))


def _leave_out_struck(asked: Asked) -> Cell:
    """Return a cell without what is crossed out in it; refuse one of which nothing is left."""
    kept = asked.cell.kept.strip()
    if kept:
        return Cell(kept, kept)
    why = Words("全体に取消線がある", "all of it is crossed out")
    remedy = Words(
        "取り消すのであれば欄を空にし、回答であれば取消線を外すこと。",
        "Clear the cell if it is withdrawn; else remove the line through it.",
    )
    asked.refuse(why, _allow(asked), remedy)


def _allow(asked: Asked) -> Words:
    return _ALLOWED.get(asked.field.kind) or list_choices(asked)


def _refuse_no_answer(asked: Asked) -> None:
    """Refuse a cell that holds no answer though it is not blank."""
    cell, allowed = asked.cell, _allow(asked)
    if cell.error or is_error(asked.text):
        why = Words("数式の誤り、又はその表示である", "a formula's error, or the look of one")
        asked.refuse(why, allowed, _TYPE_AGAIN)
    if cell.formula and cell.value is None:
        why = Words("数式の計算結果が保存されていない", "the formula was saved without its result")
        remedy = Words(
            "表計算ソフトで開いて保存し直すか、値を入力すること。",
            "Open and save it in a spreadsheet program, or type the value.",
        )
        asked.refuse(why, allowed, remedy)
    if isinstance(cell.value, bool):
        why = Words("TRUE か FALSE になっている", "it is TRUE or FALSE")
        asked.refuse(why, allowed, _TYPE_AGAIN)
    if cell.value is not None and not isinstance(cell.value, str):
        _refuse_unseen(asked, allowed)


def _refuse_unseen(asked: Asked, allowed: Words) -> None:
    """Refuse a number or a date of which nobody sees anything."""
    shown, stored = asked.cell.shown.strip(), asked.cell.value
    if shown and shown.strip("#"):
        return
    told = stored.isoformat() if isinstance(stored, date) else stored
    why = Words(
        "「{}」が入っているが、表示形式のため見えない",
        "it holds '{}', which its number format does not show",
    )
    remedy = Words(
        "見えている値と入っている値のどちらが正しいか確かめ、入力し直すこと。",
        "See which of the two is right, and type it again.",
    )
    asked.refuse(why.fill(told), allowed, remedy)


def _refuse_pointing(asked: Asked) -> None:
    """Refuse what stands for the answer of another cell, or for what is not at hand."""
    if asked.text in (choice.value for choice in asked.field.choices):
        return  # ↑ may be a mark
    if points_at_paper(asked.text):
        asked.refuse(_PAPER, _allow(asked), _COPY)
    if not points_at_cell(asked.text):
        return
    above = asked.context.above.shown.strip() if asked.context.above else ""
    why = Words(
        "ほかの欄を指している。並べ替えると何を指すか分からなくなる",
        "it points at another cell, and nobody knows at which once rows are sorted",
    )
    remedy = Words("指している欄の回答を写すこと", "Copy the answer that is meant")
    end = Words("。", ".")
    if above and not points_at_cell(above) and not is_error(above):
        quoted = above if len(above) <= 40 else f"{above[:40]}…"
        end = Words("（一つ上の行は「{}」）。", " (the row above says '{}').").fill(quoted)
    told = Words(remedy.ja + end.ja, remedy.en + end.en)
    asked.refuse(why, _allow(asked), told)


def _note_last_year(asked: Asked) -> Iterator[Words]:
    if asked.field.kind == "text" and points_at_last_year(asked.text):
        yield _LAST_YEAR.fill(asked.text)


def _note_formula(cell: Cell) -> Iterator[Words]:
    if cell.formula:
        told = Words(
            "数式なので、保存されていた値「{}」を取り入れた。",
            "a formula; its value as it was saved, '{}', is taken.",
        )
        yield told.fill(cell.shown.strip())
