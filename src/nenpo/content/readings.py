"""How the data were read: misreadings, re-listings, rows without a mark, notes a row.

Findings that only the 点検票 tells: none of them is news to whoever entered the data.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import Any

from nenpo.analysis import progress
from nenpo.analysis.indicators import Assessment, read_value
from nenpo.analysis.items import each_item, list_labels, number_items
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.differences import mark_difference
from nenpo.content.finding import Finding, Kind
from nenpo.content.places import Spot, list_spots, locate, locate_any
from nenpo.content.unusual import strip_qualifier
from nenpo.language.numbers import format_value

# The tables whose notes on what was transcribed no other paper shows.
_NOTED = ("items.csv", "indicators.csv", "schedule.csv", "figures.csv")


def list_readings(b: OpenBriefing) -> Iterator[Finding]:
    """Yield what the documents do not say of how their data were read."""
    doubles = [*_list_doubles(b)]
    yield from doubles
    yield from _list_rejected(b)
    yield from _list_misreadings(b)
    yield from _list_names(b)
    yield from _list_relisted(b)
    yield from _list_unrated(b)
    yield from _list_uncomputed(b)
    quoted = {spot.row for each in doubles for spot in each.spots}
    yield from _list_notes(b, quoted)


def _find(kind: Kind, b: OpenBriefing, ja: str, spots: Iterable[Spot], why: str = "") -> Finding:
    return Finding(kind, f"data/{b.plan.id}", ja, spots=tuple(spots), why=why)


def _place(b: OpenBriefing, items: Iterable[str]) -> tuple[Spot, ...]:
    """Return where the year's rows of items stand; of one without a row, that of the plan."""
    files = (f"{b.fiscal_year}/progress.csv", "items.csv")
    return tuple(chain.from_iterable(locate_any(b.plan, files, item) for item in items))


_SAID = ("status", "change_reason", "done", "next_year", "later")


def _list_doubles(b: OpenBriefing) -> Iterator[Finding]:
    """Yield works that are counted twice, and other works of one title.

    One work stands under several measures with the same words; a title that two works share,
    each with words of its own, is no double count.
    """
    rated = b.items[progress.is_rated(b.items) & ~progress.is_relisted(b.items)].copy()
    # The same title differs in brackets and spaces only, here and there.
    rated["key"] = rated["title"].str.replace(r"[\s()（）「」]", "", regex=True)
    for (_, actor), rows in rated.groupby(["key", "actor"], sort=False):
        if len(rows) < 2:
            continue
        title = next(each_item(rows)).title
        twice = rows.drop_duplicates(["measure", *_SAID])
        same = len(twice.drop_duplicates(list(_SAID))) == 1 and rows["measure"].nunique() > 1
        kind: Kind = "doubled" if same else "alike"
        ja = (
            f"{_name_actor(b, str(actor))}「{title}」を{len(rows)}行で{len(rows)}件と数えている。"
            if same
            else f"「{title}」という題名の{b.terms.item}が{len(rows)}行にあり、"
            f"別の{b.terms.item}とみてそれぞれ数えている。"
        )
        why = _quote_notes(b, rows["item"]) if same else ""
        yield _find(kind, b, ja, _place(b, rows["item"]), why)


def _quote_notes(b: OpenBriefing, items: Iterable[str]) -> str:
    """Return the sentences of the notes on items, each once."""
    notes = b.plan.items.set_index("item")["note"]
    sentences = (part for item in items for part in notes[item].split("。") if part)
    return "".join(f"{sentence}。" for sentence in dict.fromkeys(sentences))


def _name_actor(b: OpenBriefing, actor: str) -> str:
    label = {each.id: each.label for each in b.plan.meta.actors}.get(actor)
    return f"{label}の{b.terms.item}" if label else b.terms.item


def _list_rejected(b: OpenBriefing) -> Iterator[Finding]:
    """Yield the indicators of the year for which several values stand side by side."""
    actuals = b.plan.years[b.fiscal_year].actuals
    indicators = b.plan.indicators.set_index("indicator")
    crowded = actuals[actuals.duplicated("indicator", keep=False)]
    for name, rows in crowded.groupby("indicator", sort=False):
        told = [
            (row["preferred"], _show_actual(row, indicators["unit"][name]))
            for row in rows.to_dict("records")
        ]
        used = "、".join(value for preferred, value in told if preferred)
        others = "、".join(value for preferred, value in told if not preferred)
        ja = f"{indicators['name'][name]}。用いる値：{used}。ほかの値：{others}。"
        yield _find("value", b, ja, locate(b.plan, f"{b.fiscal_year}/actuals.csv", str(name)))


def _show_actual(row: Any, unit: str) -> str:
    value = None if row["value"] is None else read_value(row)
    return format_value(value, unit, row["missing"])


def _list_misreadings(b: OpenBriefing) -> Iterator[Finding]:
    """Yield the spots that were misread, alike ones as one; inferred names are told apart."""
    table = b.plan.years[b.fiscal_year].misreadings
    spots = list_spots(b.plan, f"{b.fiscal_year}/misreadings.csv")
    departments = b.plan.departments
    inferred = {*departments.loc[departments["inferred"], "name"]}
    found: dict[tuple[str, str], list[tuple[str, Spot]]] = {}
    for row, spot in zip(table.to_dict("records"), spots, strict=True):
        if not (row["table"] == "assignments" and row["normalised"] in inferred):
            key = (row["printed"], row["normalised"])
            found.setdefault(key, []).append((row["reason"].rstrip("。"), spot))
    for (printed, normalised), rows in found.items():
        reasons = dict.fromkeys(reason for reason, _ in rows)
        told = [r for r in reasons if not any(r != other and r in other for other in reasons)]
        shown = mark_difference(printed, normalised)
        why = "".join(f"{reason}。" for reason in told)
        yield _find("misread", b, shown, [spot for _, spot in rows], why)


def _list_names(b: OpenBriefing) -> Iterator[Finding]:
    """Yield the departments that a source prints otherwise, and generic names.

    Names that no source prints need a decision; other spellings are told where they are not among
    the misreadings.
    """
    rows = b.assignments.merge(b.plan.departments, on="department")
    rows = rows.assign(printed=rows["as_printed"].map(strip_qualifier))
    misread = b.plan.years[b.fiscal_year].misreadings
    known = {*zip(misread["printed"], misread["normalised"], strict=True)}
    for name, held in rows[rows["kind"] != "generic"].groupby("department", sort=False):
        first = held.iloc[0]
        own = held[(held["printed"] != "") & (held["printed"] != first["name"])]
        spelt = [text for text in own["printed"].unique() if (text, first["name"]) not in known]
        printed = own["printed"].unique() if first["inferred"] else spelt
        if not len(printed):
            continue
        told = "".join(f"「{text}」" for text in printed)
        ja = f"{told}を「{b.plan.department_names[str(name)]}」とした。"
        note = first["note"].rstrip("。")
        spots = _place(b, dict.fromkeys(own.loc[own["printed"].isin(printed), "item"]))
        kind: Kind = "name" if first["inferred"] else "spelt"
        yield _find(kind, b, ja, spots, f"{note}。" if note else "")
    generic = rows[rows["kind"] == "generic"]
    if len(generic):
        names = "".join(f"「{name}」" for name in dict.fromkeys(generic["name"]))
        ja = f"{names}は総称であり、{b.terms.department}別に数えない。"
        yield _find("generic", b, ja, _place(b, dict.fromkeys(generic["item"])))


def _list_relisted(b: OpenBriefing) -> Iterator[Finding]:
    relisted = b.items[progress.is_relisted(b.items)]
    titles = b.items.set_index("item")["title"].to_dict()
    for row in each_item(relisted[relisted["relisting"] == "inferred"]):
        origin = titles.get(row.relisted_from, row.title)
        shown = origin if origin == row.title else mark_difference(origin, row.title)
        number = _name_original(b, row.relisted_from)
        ja = f"{number}「{shown}」の再掲とみて数えていない。"
        why = _quote_notes(b, [row.item]) or "再掲の表示はない。"
        yield _find("inferred", b, ja, _place(b, [row.item]), why)
    stated = relisted[relisted["relisting"] == "stated"]
    if len(stated):
        ja = f"再掲の表示がある行は、元の行でだけ数えている（{len(stated)}行）。"
        yield _find("stated", b, ja, _place(b, stated["item"]))


def _name_original(b: OpenBriefing, name: str) -> str:
    """Return the number of an item, or of a whole measure, that is listed again."""
    return number_items(b.plan).get(name) or list_labels(b.plan).get(name, "")


def _list_unrated(b: OpenBriefing) -> Iterator[Finding]:
    """Yield the rows without a mark that are no re-listing; in a plan of words, without a word."""
    rows = b.items[~progress.is_rated(b.items) & ~progress.is_relisted(b.items)]
    if not b.has_marks:
        rows = rows[rows["done"] == ""]
    if rows.empty:
        return
    lacking = "進捗区分" if b.has_marks else "進捗"
    bad = "".join(f"「{entry.mark}」" for entry in b.plan.meta.status_scale if entry.tone == "bad")
    apart = "（再掲を除く。）" if progress.is_relisted(b.items).any() else ""
    ja = f"{lacking}の記載がない{b.terms.item}が{len(rows)}件ある{apart}。"
    ja += f"{bad}には数えていない。" if bad else ""
    yield _find("unrated" if b.has_marks else "silent", b, ja, _place(b, rows["item"]))


def _list_uncomputed(b: OpenBriefing) -> Iterator[Finding]:
    """Yield the indicators whose value or progress cannot be told, with the reason."""
    for entry in b.assessments:
        reasons = _list_reasons(entry)
        if entry.actual is None or reasons:
            value = format_value(entry.actual, entry.unit, entry.missing)
            ja = f"{entry.name}。実績：{value}。" + "".join(f"進捗率は{r}。" for r in reasons)
            files = (f"{b.fiscal_year}/actuals.csv", "indicators.csv")
            yield _find("uncomputed", b, ja, locate_any(b.plan, files, entry.indicator))


def _list_reasons(entry: Assessment) -> list[str]:
    reasons = [wording.WHY_NOT_WORDS.get(target.why_not) for target in entry.targets]
    return [reason for reason in dict.fromkeys(reasons) if reason]


def _list_notes(b: OpenBriefing, quoted: Collection[str]) -> Iterator[Finding]:
    """Yield the transcriber's notes on rows, but for what is said already.

    Notes on items of another year's document are left out, and those on items that are ``quoted``
    or listed again by inference.
    """
    inferred = b.items.loc[b.items["relisting"] == "inferred", "item"]
    held = {*b.items["item"]}.difference(quoted, inferred)
    for file in _NOTED:
        table = getattr(b.plan, file.removesuffix(".csv")).to_dict("records")
        for row, spot in zip(table, list_spots(b.plan, file), strict=True):
            foreign = file == "items.csv" and not (
                spot.row in held and _speaks_of(b, spot.row, spot.source)
            )
            own = file == "figures.csv" and not row["source"]  # shown beside its value
            if row["note"] and not foreign and not own:
                yield _find("note", b, f"{row['note'].rstrip('。')}。", [spot])


def _speaks_of(b: OpenBriefing, item: str, source: str) -> bool:
    """Tell whether a note from ``source`` may speak of this year: no other year's row cites it."""
    rows = {year: held.progress for year, held in b.plan.years.items()}
    citing = {year for year, held in rows.items() if source in _list_sources(held, item)}
    return not source or not citing or b.fiscal_year in citing


def _list_sources(rows: Any, item: str) -> set[str]:
    return set(rows.loc[rows["item"] == item, "source"])
