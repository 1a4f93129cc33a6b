"""A collection in words: what became of each reply, what was noted, what to do next."""

import re
from collections.abc import Iterable, Iterator

from nenpo.errors import BLANK, Words, make_visible
from nenpo.workbooks.answers import Note
from nenpo.workbooks.taking.collect import Collection, Summary
from nenpo.workbooks.taking.draft import Change

NOTE = Words("注記", "note")
_ANSWERED = Words("{}: {} 件中 {} 件に記入（{}）", "{}: {} of {} answered ({})")
_CHANGED = Words("取り込む値 {} 個", "{} value(s) to take")
_REPLACED = Words(
    "取り込む値 {} 個、うちデータと違うもの {} 個", "{} value(s) to take, {} differ from the data"
)
_SAME = Words("データにある回答と同じ", "the same as the data hold")
_BLANK = Words("記入がないので、回答として扱わない", "nothing is filled in: no reply")
_APART = Words("回答が一致しないので取り込まない", "in dispute, left out")
_NOTHING_NEW = Words("取り込む値はない", "no value to take")
_OPEN = Words("{}、回答が一致しない {} 件は空けておく", "{}, {} left open, in dispute")
_LEFT_OUT = Words("誤りがあるので取り込まない", "has faults and is left out")
_MORE = Words("  ほか {} 件", "  and {} more")
_MISSING = Words("まだ届いていない{} {}: {}", "no reply yet from {1}: {2}")
_MORE_CELLS = Words("{} ほか {} か所", "{} and {} more")
_LEFT = Words("除いた{} {}: {}", "left out: {1}: {2}")
_LEFT_OPEN = Words(
    "回答が一致しないので空けておいたもの {} 件: {}", "left open, in dispute: {} row(s): {}"
)
_DONE = Words("{} の調査票 {} 件を取り込んだ。", "taken for {}: {} workbook(s).")
_NOTHING = Words(
    "{} のデータは、既に回答のとおりである。何も書き換えていない。",
    "the data of {} are as the replies have them already; nothing was written.",
)
_WOULD = Words(
    "--dry-run なので、{} には何も書いていない。", "--dry-run: nothing was written to {}."
)
_NEXT = Words(
    "次に: nenpo survey status {0} で残りを確かめ、nenpo build {0} で文書を作る。",
    "next: nenpo survey status {0} tells what is open, nenpo build {0} makes the papers.",
)
# Of a first collection there are thousands; of what is replaced, every one is listed.
_MOST = 5
_MOST_CELLS = 20
_IN_SHEET = re.compile(r"(.*!)([A-Z]+[0-9]+)")


def tell_edition(collection: Collection) -> str:
    """Return what a command calls the plan and the year: nakano/2022."""
    return f"{collection.expected.plan}/{collection.expected.fiscal_year}"


def tell_summary(collection: Collection) -> Iterator[str]:
    """Yield a line a department, then what was noted, then who has not answered."""
    for each in collection.summaries:
        told = _tell_outcome(each)
        numbers = Words(
            _ANSWERED.ja.format(each.name, each.asked, each.answered, told.ja),
            _ANSWERED.en.format(each.name, each.answered, each.asked, told.en),
        )
        yield f"{make_visible(str(numbers))} {make_visible(each.file)}"
    yield from tell_notes(collection.notes)
    if collection.missing:
        names = "、".join(collection.expected.names[each] for each in collection.missing)
        yield str(_MISSING.fill(collection.expected.word, len(collection.missing), names))


def tell_notes(notes: Iterable[Note]) -> Iterator[str]:
    """Yield the notes file by file; what several cells of a sheet have in common, once."""
    groups: dict[tuple[str, Words], list[str]] = {}
    for note in sorted(notes, key=lambda note: note.place.partition("!")[0]):
        found = _IN_SHEET.fullmatch(note.place)
        sheet, cell = found.groups() if found else (note.place, "")
        groups.setdefault((sheet, note.words), []).append(cell)
    for (sheet, words), cells in groups.items():
        told = Note(f"{sheet}{_join_cells(cells)}", words)
        yield f"{NOTE}: {told}"


def _join_cells(cells: list[str]) -> Words:
    shown, more = cells[:_MOST_CELLS], len(cells) - _MOST_CELLS
    told = Words("、".join(shown), ", ".join(shown))
    return _MORE_CELLS.fill(told, more) if more > 0 else told


def _tell_outcome(each: Summary) -> Words:
    if each.is_blank:
        return _BLANK
    if not each.is_taken:
        return _APART if each.is_apart else _LEFT_OUT
    told = _CHANGED.fill(each.changed) if each.changed else _SAME
    if each.replaced:
        told = _REPLACED.fill(each.changed, each.replaced)
    if each.disputed:
        return _OPEN.fill(told if each.changed else _NOTHING_NEW, each.disputed)
    return told


def tell_left_out(collection: Collection) -> Iterator[str]:
    """Yield which departments are left out, and which rows are left open."""
    left = [each.name for each in collection.summaries if not (each.is_taken or each.is_blank)]
    if left:
        yield make_visible(str(_LEFT.fill(collection.expected.word, len(left), "、".join(left))))
    items = dict.fromkeys(
        str(fault.dispute.fields["item"]) for fault in collection.faults if fault.dispute
    )
    if items:
        yield make_visible(str(_LEFT_OPEN.fill(len(items), "、".join(items))))


def tell_changes(changes: Iterable[Change]) -> str:
    """Return a line a change: its place, what it is about, old → new."""
    return "\n".join(make_visible(_tell_change(change)) for change in changes)


def _tell_change(change: Change) -> str:
    old, new = (_shorten(text) for text in (change.old, change.new))
    return f"{change.answer.place}: {change.what} {change.label}: {old} → {new}"


def _shorten(text: str) -> str:
    plain = text.replace("\n", " ")
    return f"「{plain[:40]}{'…' if len(plain) > 40 else ''}」" if plain else str(BLANK)


def tell_outcome(collection: Collection, *, changed: bool, is_dry: bool) -> Iterator[str]:
    """Yield what was done, and what to do next."""
    edition = tell_edition(collection)
    if is_dry:
        yield str(_WOULD.fill(f"data/{collection.expected.plan}/"))
        return
    taken = sum(each.is_taken for each in collection.summaries)
    yield str(_DONE.fill(edition, taken) if changed else _NOTHING.fill(edition))
    yield str(_NEXT.fill(edition))
