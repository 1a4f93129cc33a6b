"""What an analyst decides before publishing (点検票): findings by weight, none for the assembly."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import count

from nenpo.analysis import progress
from nenpo.content.briefing import OpenBriefing
from nenpo.content.copies import compare_copies
from nenpo.content.display import Column, Nothing, RowKind, Rows, Sentences, Table
from nenpo.content.finding import RULES, Finding, Weight
from nenpo.content.findings import check_authors, list_findings
from nenpo.content.places import Spot, name_sources, tell_data, tell_printed
from nenpo.content.readings import list_readings

WEIGHTS: dict[Weight, tuple[str, str]] = {
    "high": ("高", "公表する数を変えるもの"),
    "middle": ("中", "公表した後に説明を求められるもの"),
    "low": ("低", "データの読み方"),
}
# More rows than these are counted in the table and listed in the CSV file.
_SHOWN = 8
# A title longer than this is found by its number; a reason as short as this stands in its cell.
_LONGEST_NAME, _SHORT = 28, 80
# What mark_difference makes.
_DIFFERENCE = re.compile("［.*?(?:→|＋|−).*?］")


def summary(b: OpenBriefing) -> Sentences:
    """Return how many findings there are of each weight, what agrees, and how to read them."""
    found = _collect(b)
    counts = {weight: sum(each.weight == weight for each in found) for weight in WEIGHTS}
    told = "、".join(f"「{WEIGHTS[w][0]}」{number}件" for w, number in counts.items())
    lead = f"確認を要する事項は{len(found)}件（{told}）である。"
    lead = lead if found else "確認を要する事項はない。"
    return Sentences((lead, *_confirm(b), *_explain(b, found)), role="list")


def _confirm(b: OpenBriefing) -> Iterator[str]:
    """Yield what was compared and agrees."""
    published = b.plan.years[b.fiscal_year].published
    if progress.reconcile(b).agrees and published is not None:
        told = "、".join(f"{mark}{number}件" for mark, number in published.status_counts.items())
        yield f"進捗区分別の件数は、公表された集計（{told}）と一致する。"


def _explain(b: OpenBriefing, found: Sequence[Finding]) -> Iterator[str]:
    """Yield what the short forms of the tables stand for, as far as they have them."""
    cited = {spot.source for each in found for spot in each.spots if spot.source}
    if cited and len(b.plan.meta.sources) > 1:
        yield name_sources(b.plan, cited)
    if found:
        folder = f"data/{b.plan.id}"
        told = f"データの位置は、{folder} 又は {folder}/{b.fiscal_year} のファイルと行番号である。"
        several = any(len(each.spots) > _SHOWN for each in found)
        yield told + ("「ほか」とした位置は、添付の CSV に示す。" if several else "")
    if any(_DIFFERENCE.search(each.told) for each in found):
        told = "［前→後］は改めた文字、［＋字］は補った文字、［−字］は除いた文字である。"
        stated = any(each.kind in ("wording", "spelling") for each in found)
        more = "資料間の相違では、用いる記載からほかの記載への違いを示す。"
        yield told + (more if stated else "")


def table(b: OpenBriefing) -> Table | Nothing:
    """Return what has to be decided, by weight, with room for who decides what, and when."""
    columns = (
        Column("番号", width=2.2),
        Column("確認する内容", width=21),
        Column("資料とデータの位置", width=11),
        Column("判断", width=6.5),
        Column("担当", width=3),
        Column("日付", width=3),
    )
    return _list_findings(b, "判断を要する事項", columns, ("high", "middle"))


def readings(b: OpenBriefing) -> Table | Nothing:
    """Return how the data were read, row by row: to be looked through and signed."""
    columns = (
        Column("番号", width=2.2),
        Column("内容", width=26),
        Column("資料とデータの位置", width=15),
        Column("担当・日付", width=4),
    )
    return _list_findings(b, "データの読み方についての注記", columns, ("low",))


def _list_findings(
    b: OpenBriefing, caption: str, columns: tuple[Column, ...], weights: Sequence[Weight]
) -> Table | Nothing:
    """Return the findings of some weights: number, what, where, and columns to be filled in."""
    rows: list[tuple[str, ...]] = []
    kinds: list[RowKind] = []

    def add(kind: RowKind, *cells: str) -> None:
        rows.append((*cells, *[""] * (len(columns) - len(cells))))
        kinds.append(kind)

    for weight in weights:
        own = [(number, each) for number, each in _number(b) if each.weight == weight]
        word, meaning = WEIGHTS[weight]
        if own:
            add("group", f"{word}　{meaning}", f"{len(own)}件")
        for number, each in own:
            add("body", number, _tell(each), _tell_places(b, each))
            if each.why and not _is_short(each):
                add("note", each.why)
    if not rows:
        return Nothing(f"{caption}がない")
    return Table(caption, columns, tuple(rows), row_headers=2, kinds=tuple(kinds))


def _tell(finding: Finding) -> str:
    """Return what a finding says, with a short reason; a note on what has no number, by name."""
    why = finding.why if _is_short(finding) else ""
    if finding.kind != "note":
        stop = "。" if why and not finding.told.endswith("。") else ""
        return f"【{RULES[finding.kind].label}】{finding.told}{stop}{why}"
    names = {spot.name for spot in finding.spots if spot.source_line is None}
    return f"{'、'.join(sorted(names))}：{finding.told}" if names else finding.told


def _is_short(finding: Finding) -> bool:
    """Tell whether a reason needs no line of its own."""
    return len(finding.told) + len(finding.why) <= _SHORT


def _tell_places(b: OpenBriefing, finding: Finding) -> str:
    """Return where the rows stand in print and in the data; one row that is not named, by name."""
    spots = finding.spots
    shown = spots[:_SHOWN]
    alone = spots[0].name if len({spot.row for spot in spots}) == 1 else ""
    named = "" if finding.weight == "low" or alone in finding.told else _shorten(alone)
    more = f"ほか{len(spots) - _SHOWN}か所" if len(spots) > _SHOWN else ""
    printed = tell_printed(b.plan, shown, numbered=not named)
    lines = (printed, named, tell_data(shown, b.fiscal_year), more)
    return "\n".join(line for line in lines if line)


def _shorten(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def reading(b: OpenBriefing) -> Sentences | Nothing:
    """Return how the plan as a whole was read, as plan.yaml declares it."""
    meta = b.plan.meta
    notes = (
        meta.municipality.note,
        meta.period.note,
        meta.structure_note,
        meta.department_order_note,
    )
    told = tuple(f"{note.rstrip('。')}。" for note in notes if note)
    return Sentences(told, role="list") if told else Nothing("読み方の注記（plan.yaml）がない")


def attachment(b: OpenBriefing) -> Rows | Nothing:
    """Return the findings as CSV, a line for each row concerned, to be filled in as a worksheet."""
    found = [*_number(b)]
    if not found:
        return Nothing("確認を要する事項がない")
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(_HEADER)
    for number, each in found:
        told = (number, WEIGHTS[each.weight][0], RULES[each.kind].label)
        for spot in each.spots or (Spot(each.place),):
            writer.writerow([*told, each.told, each.why, *_list_place(b, spot), "", "", ""])
    return Rows("tenken.csv", "点検の結果（1行=1か所）", written.getvalue())


_HEADER = (
    *("番号", "重み", "種類", "内容", "理由", "出典", "頁", "行", "題名"),
    *("ファイル", "ファイルの行", "ID", "判断", "担当", "日付"),
)


def _list_place(b: OpenBriefing, spot: Spot) -> list[str]:
    source = next((each for each in b.plan.meta.sources if each.id == spot.source), None)
    page = source.find_page(spot.source_line or 0) if source else ""
    return [
        source.title if source else "",
        page,
        str(spot.source_line or ""),
        spot.name,
        spot.file,
        str(spot.line or ""),
        spot.row,
    ]


def _number(b: OpenBriefing) -> Iterator[tuple[str, Finding]]:
    """Yield the findings with their numbers: 高1, 高2, …, 中1, …."""
    counts = {weight: count(1) for weight in WEIGHTS}
    for each in _collect(b):
        yield f"{WEIGHTS[each.weight][0]}{next(counts[each.weight])}", each


@lru_cache(maxsize=4)
def _collect(b: OpenBriefing) -> tuple[Finding, ...]:
    """Return the findings by weight and kind, in document order; equal ones are one."""
    found = [
        *list_findings(b.plan, b.fiscal_year),
        *check_authors(b.plan, b.edition),
        *compare_copies(b.plan, b.neighbours),
        *list_readings(b),
    ]
    once: dict[tuple[str, str], Finding] = {}
    for each in found:
        key = (each.kind, each.ja)
        first = once.get(key)
        spots = (*first.spots, *each.spots) if first else each.spots
        once[key] = replace(each, spots=tuple(dict.fromkeys(spots)))
    order = list(RULES)
    return tuple(sorted(once.values(), key=lambda each: order.index(each.kind)))
