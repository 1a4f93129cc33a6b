"""A draft of a form → the YAML file, with what each cell is, how that was found, and how sure."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from nenpo.errors import Words, make_visible
from nenpo.language.characters import find_faults, load_glyphs
from nenpo.workbooks.book import Area, name_cell
from nenpo.workbooks.forms.form import IGNORED, KEYS, OPEN, write_rows
from nenpo.workbooks.forms.guess import Decided, Sure
from nenpo.workbooks.forms.learn import DraftForm, DraftPart

_SURE: dict[Sure, Words] = {
    "certain": Words("確実", "certain"),
    "likely": Words("ほぼ確実", "likely"),
    "open": Words("要確認", "to be decided"),
}
_SHAPES = {
    "list": Words("一覧（1行に1件）", "a list: a row each"),
    "blocks": Words("単票の繰返し（1枠に1件）", "blocks: one each, down the sheet"),
    "sheet": Words("個票（シート1枚に1件）", "cards: a sheet each"),
}
_KINDS = {"items": Words("取組", "items"), "indicators": Words("指標", "indicators")}
_HEAD = Words(
    "# 様式のどのセルが何を表すか。nenpo form learn が {} と {} から推定した。\n"
    "# key を直せば、読み書きするセルの意味が変わる。「要確認」は、候補のいずれかに直すこと。\n"
    "# 読み書きしないセルは ignore とする。様式そのものを変えたときは、もう一度 learn を行うこと。",
    "# Which cell of the form holds what, as nenpo form learn guessed it from {} and {}.\n"
    "# Correct a key, and the cell means something else. Where it says 要確認, write one of the\n"
    "# candidates; a cell that means nothing is ignore. If the form itself changes, learn it anew.",
)


def write_form(draft: DraftForm, target: Path) -> str:
    """Return the YAML of a form; ``target`` is where it will lie, the blank is named from there."""
    head = _HEAD.fill(_clean(draft.blank.name), _clean(draft.filled.name))
    blank = os.path.relpath(draft.blank, target.parent).replace(os.sep, "/")
    lines = [str(head), "version: 1", f"blank: {_quote(blank)}", f"digest: {draft.digest}"]
    if draft.fiscal_year is not None:
        note = Words("見出しに年度があるため、この年度だけの様式", "its labels name the year")
        lines.append(f"fiscal_year: {draft.fiscal_year}  # {note}")
    if draft.left_out:
        note = Words("記入欄がないとみたシート: {}", "sheets with nothing to fill in: {}")
        lines.append(f"# {note.fill('、'.join(map(_clean, draft.left_out)))}")
    if draft.head:
        lines += ["", f"# {Words('1枚に1か所だけある欄', 'what stands once on a sheet')}", "head:"]
        for sheet, decided in draft.head:
            lines += [f"  - sheet: {_quote(sheet)}", *_write_field(decided, "    ")]
    lines += ["", "parts:"]
    for part in draft.parts:
        lines += _write_part(part)
    return "\n".join(lines) + "\n"


def _write_part(part: DraftPart) -> Iterator[str]:
    pattern, count = part.pattern, len(part.pattern.starts)
    yield f"  - kind: {part.kind}  # {_KINDS[part.kind]}"
    yield f"    shape: {pattern.shape}  # {_SHAPES[pattern.shape]}"
    yield f"    sheets: [{', '.join(map(_quote, pattern.sheets))}]"
    told = Words("1枚に{}件", "{} on a sheet").fill(count)
    if not pattern.bounded:
        told = Words(
            "1枚に{}件（罫線がないため記入例の行までとした。必要なら増やすこと）",
            "{} on a sheet (no lines show where the list ends: add rows if it goes on)",
        ).fill(count)
    yield f"    rows: {_quote(write_rows(pattern.starts))}  # {told}"
    yield "    fields:"
    for decided in part.decided:
        lines = list(_write_field(decided, "        "))
        yield f"      - {lines[0].strip()}"
        yield from lines[1:]


def _write_field(decided: Decided, indent: str) -> Iterator[str]:
    spot = decided.spot
    told = f"{tell_key(decided.key)}: {_SURE[decided.sure]}（{decided.why}）"
    sample = next((text for text in spot.samples if text), "")
    if sample:
        told += str(Words(" 記入例「{}」", " filled in: '{}'").fill(_clean(sample)[:20]))
    yield f"{indent}cell: {name_cell(spot.box.first_row, spot.box.first_column)}"
    yield f"{indent}key: {decided.key}  # {_clean(told)}"
    if spot.label:
        yield f"{indent}label: {_quote(_clean(spot.label))}"
    if decided.key == OPEN:
        yield f"{indent}candidates:"
        for key in decided.candidates:
            yield f"{indent}  - {key}  # {tell_key(key)}"
    if spot.inline:
        yield f"{indent}inline: true  # {_TOLD_INLINE}"
    if unit := find_unit(decided):
        yield f"{indent}unit: {unit}"
    if spot.joint:
        yield f"{indent}joint: true  # {_TOLD_JOINT}"
    if decided.choices:
        yield f"{indent}choices:  # {_TOLD_CHOICES}"
        for word, mark in decided.choices.items():
            yield f"{indent}  {_quote(_clean(word))}: {_quote(mark)}"
    if decided.ticks:
        yield f"{indent}ticks:  # {_TOLD_TICKS}"
        for box, mark in decided.ticks:
            yield f"{indent}  {_name(box)}: {_quote(mark)}{_tell_word(decided, box)}"


def find_unit(decided: Decided) -> str:
    """Return the unit of money that a label states, "" if it is thousands of yen, or none."""
    if decided.key not in ("budget", "spent"):
        return ""
    units = re.findall(r"[(（\[［単位:： ]*(百万円|千円|万円|億円|円)", decided.spot.label)
    return units[-1] if units and units[-1] != "千円" else ""


_TOLD_INLINE = Words("見出しと同じセルに書く", "written into the same cell as the label")
_TOLD_JOINT = Words("一つのセルに選択肢が並ぶ", "all words stand in one cell")
_TOLD_CHOICES = Words("様式での書き方: plan.yaml の記号", "what the form calls it: the plan's mark")
_TOLD_TICKS = Words("印を付けるセル: plan.yaml の記号", "cell to tick: the plan's mark")


def _tell_word(decided: Decided, box: Area) -> str:
    word = next((word for each, word in decided.spot.ticks if each == box), "")
    return f"  # {_clean(word)}" if word else ""


def _name(box: Area) -> str:
    return name_cell(box.first_row, box.first_column)


def tell_key(key: str) -> str:
    """Return what a key means, in the language for messages."""
    return str(KEYS.get(key, key))


def _clean(text: str) -> str:
    """Return a text on one line, without what no document can show."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    faults = {fault.character for fault in find_faults(plain, load_glyphs())}
    return make_visible("".join(c for c in plain if c not in faults))


def _quote(text: str) -> str:
    # A JSON string is a YAML string, and no text in it is taken for anything else.
    return json.dumps(text, ensure_ascii=False)


def tell_draft(draft: DraftForm, target: Path) -> Iterator[str]:
    """Yield what was learned, what has to be decided, and what to do next."""
    fields = sum(each.key not in (OPEN, IGNORED) for part in draft.parts for each in part.decided)
    words = Words("{} に、{}欄の意味を書き出した。", "{}: what {} cells mean was written down.")
    yield str(words.fill(target, fields))
    for part in draft.parts:
        places = "、".join(part.pattern.sheets)
        count = len(part.pattern.starts) * len(part.pattern.sheets)
        told = Words("  {}: {}、{}件分", "  {}: {}, room for {}")
        yield str(told.fill(places, _SHAPES[part.pattern.shape], count))
    passed = [
        f"{sheet}!{_name(each.spot.box)}「{_clean(each.spot.label)}」"
        for sheet, each in _list_decided(draft)
        if each.key == IGNORED and any(each.spot.samples)
    ]
    if passed:
        words = Words("読み書きしない欄: {}", "neither filled nor read: {}")
        yield str(words.fill("、".join(passed)))
    opened = [_tell_open(sheet, each) for sheet, each in _list_decided(draft) if is_open(each)]
    if opened:
        yield str(
            Words(
                "決まっていないことが {} 件ある。ファイルの「要確認」を候補のいずれかに直すこと。",
                "to be decided: {}. Put one of the candidates for each 要確認 in the file.",
            ).fill(len(opened))
        )
        yield from (f"  {line}" for line in opened)
        return
    yield str(
        Words(
            "内容を確かめてから、nenpo survey make PLAN/YEAR --form {} --to DIR を行う。",
            "See that it is right, then nenpo survey make PLAN/YEAR --form {} --to DIR.",
        ).fill(target)
    )


def _list_decided(draft: DraftForm) -> Iterator[tuple[str, Decided]]:
    yield from draft.head
    for part in draft.parts:
        yield from ((part.pattern.sheets[0], each) for each in part.decided)


def is_open(decided: Decided) -> bool:
    """Whether a person has to decide something of a box."""
    marks = (*decided.choices.values(), *(mark for _, mark in decided.ticks))
    return decided.key == OPEN or OPEN in marks


def _tell_open(sheet: str, decided: Decided) -> str:
    place = f"{sheet}!{_name(decided.spot.box)}"
    if decided.key == OPEN:
        keys = "、".join(f"{key}（{tell_key(key)}）" for key in decided.candidates)
        words = Words("{}「{}」: {}。候補: {}", "{} '{}': {}; it may be {}")
        return str(words.fill(place, _clean(decided.spot.label), decided.why, keys))
    opened = [word for word, mark in decided.choices.items() if mark == OPEN]
    opened += [word for box, word in decided.spot.ticks if (box, OPEN) in decided.ticks]
    words = Words(
        "{}「{}」: 様式の {} が、計画のどの区分に当たるか決まっていない",
        "{} '{}': which marks of the plan {} stand for is not decided",
    )
    return str(words.fill(place, _clean(decided.spot.label), "「" + "」「".join(opened) + "」"))
