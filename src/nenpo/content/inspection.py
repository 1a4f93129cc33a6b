"""What an analyst checks before publishing (点検票): findings, none of them for the assembly."""

from collections.abc import Callable, Iterable
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

from nenpo.analysis import progress
from nenpo.analysis.figures import list_disagreements
from nenpo.analysis.indicators import Assessment, read_value
from nenpo.analysis.items import Item, each_item
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.findings import check_authors, cite, list_findings
from nenpo.content.tables import count_columns, list_things
from nenpo.language.numbers import format_value

Thing = TypeVar("Thing")


def summary(b: OpenBriefing) -> Sentences:
    """Return how many findings of each kind there are."""
    totals, reported, missing = progress.reconcile(b), not b.items.empty, len(b.unreported.items)
    marked = b.has_marks and reported
    compared = b.has_marks and totals.agrees is not None
    worded = not b.has_marks and reported
    counts = (
        (f"進捗が{wording.NOT_REPORTED}の取組", missing, missing > 0),
        ("公表された集計との不一致", len(totals.differences), compared),
        ("読み誤りの補正", len(b.plan.years[b.fiscal_year].misreadings), True),
        ("再掲", _count(relisted(b)), not b.items.empty),
        ("同じ題名で重ねて数えた取組", _count(double_counts(b)), marked),
        (_name_unexplained(b), _count(missing_reasons(b)), marked),
        ("進捗区分の記載がない取組（再掲を除く）", _count(unrated(b)), marked),
        ("進捗の記載がない取組（再掲を除く）", _count(silent(b)), worded),
        ("算出できない指標", _count(missing_values(b)), True),
        ("資料により異なる記載", len(list_disagreements(b.plan, b.fiscal_year)), True),
        ("その他の確認事項", _count(others(b)), True),
    )
    told = tuple(f"{label}：{count}件" for label, count, concerns in counts if concerns)
    return Sentences(told, role="list")


def _count(table: Table | Nothing) -> int:
    return len(table.rows) if isinstance(table, Table) else 0


def published(b: OpenBriefing) -> Table | Nothing:
    """Return the published totals beside the computed ones, mark by mark."""
    published = b.plan.years[b.fiscal_year].published
    if published is None:
        return Nothing("公表された集計（published.yaml）がない")
    if b.items.empty and len(b.unreported.items):
        return Nothing(b.lacks_items)
    told, computed = published.status_counts, progress.count_status(b.plan, b.items)
    expected, found = count_columns(("公表", "集計"), 1)
    return list_things(
        "公表された集計との照合",
        computed,
        (Column("進捗区分", "center", kind="mark"), str),
        (expected, lambda mark: str(told.get(mark, 0))),
        (found, lambda mark: str(computed[mark])),
        (
            Column("照合", "center"),
            lambda mark: "一致" if told.get(mark, 0) == computed[mark] else "不一致",
        ),
    )


def misreadings(b: OpenBriefing) -> Table | Nothing:
    """Return the spots where the source text was misread, with the reason for each reading."""
    return _list_found(
        "読み誤りとその補正",
        b.plan.years[b.fiscal_year].misreadings.itertuples(),
        ("ID", 5, attrgetter("id")),
        ("出典", 4, _cite),
        ("資料の表記", 7, attrgetter("printed")),
        ("補正後", 7, attrgetter("normalised")),
        ("理由", 14, attrgetter("reason")),
    )


def relisted(b: OpenBriefing) -> Table | Nothing:
    """Return the re-listed rows, those that the document does not state first."""
    items = b.items
    titles = items.set_index("item")["title"].to_dict()
    words = {"stated": "資料に表示あり", "inferred": "表示なし（内容から判断）"}

    def tell_drift(row: Item) -> str:
        origin = titles.get(row.relisted_from, row.title)
        return "" if origin == row.title else f"題名が異なる：{origin}"

    return _list_found(
        "再掲",
        each_item(items[progress.is_relisted(items)].sort_values("relisting", kind="stable")),
        *_PLACED,
        ("取組", 12, attrgetter("title")),
        ("再掲元", 5, attrgetter("relisted_from")),
        ("再掲の表示", 7, lambda row: words[row.relisting]),
        ("題名の違い", 9, tell_drift),
    )


def double_counts(b: OpenBriefing) -> Table | Nothing:
    """Return rated items of other actors, and of equal title, that are counted more than once."""
    rated = b.items[progress.is_rated(b.items)].copy()
    # The same title differs in brackets and spaces only, here and there.
    rated["key"] = rated["title"].str.replace(r"[\s()（）「」]", "", regex=True)
    return _list_found(
        "同じ題名で重ねて数えた取組",
        each_item(
            rated[rated.duplicated(["key", "actor"], keep=False)].sort_values("key", kind="stable")
        ),
        *_PLACED,
        ("番号", 4, attrgetter("measure_label")),
        ("取組", 20, wording.format_title),
        ("区分", 3, attrgetter("status")),
    )


def missing_reasons_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the off-schedule items without a reason."""
    return Sentences((_name_unexplained(b),), role="section")


def _name_unexplained(b: OpenBriefing) -> str:
    return f"{b.plan.meta.status_words.reason}の記載がない{b.terms.item}"


def missing_reasons(b: OpenBriefing) -> Table | Nothing:
    """Return the off-schedule items without a reason."""
    return _list_found(
        _name_unexplained(b),
        each_item(progress.list_without_reason(b)),
        *_PLACED,
        ("取組", 22, wording.format_title),
        ("区分", 3, attrgetter("status")),
    )


def unrated(b: OpenBriefing) -> Table | Nothing:
    """Return the rows without a mark that are no re-listing, in a plan that has marks."""
    if not b.has_marks:
        return Nothing(b.lacks_marks)
    return _list_found(
        "進捗区分の記載がない取組（再掲を除く）",
        each_item(b.items[~progress.is_rated(b.items) & ~progress.is_relisted(b.items)]),
        *_PLACED,
        ("取組", 14, wording.format_title),
        ("次年度の予定", 12, lambda row: row.next_year or wording.NOT_STATED),
    )


def silent(b: OpenBriefing) -> Table | Nothing:
    """Return the items of which neither a mark nor a word of progress is reported."""
    items = b.items
    told = progress.is_rated(items) | progress.is_relisted(items) | (items["done"] != "")
    return _list_found(
        "進捗の記載がない取組（再掲を除く）",
        each_item(items[~told]),
        *_PLACED,
        ("取組", 14, wording.format_title),
        ("次年度の予定・備考", 12, lambda row: row.next_year or row.note or wording.NOT_STATED),
    )


def title_drift(b: OpenBriefing) -> Table | Nothing:
    """Return the items whose title this year's document words differently."""
    return _list_found(
        "題名の変化",
        progress.list_title_drift(b),
        ("ID", 5, itemgetter(0)),
        ("台帳の題名", 12, itemgetter(1)),
        ("当年度の題名", 12, itemgetter(2)),
    )


def printed_names_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the names of departments as the source prints them."""
    return Sentences((f"{b.terms.lead}の表記",), role="section")


def printed_names(b: OpenBriefing) -> Table | Nothing:
    """Return the department names that the document prints differently, and generic names."""
    rows = b.assignments.merge(b.plan.departments, on="department")
    printed = rows["as_printed"].str.replace(r"[(（].*", "", regex=True)
    differs = rows[((printed != rows["name"]) & (printed != "")) | (rows["kind"] == "generic")]
    keys = ["as_printed", "name", "kind", "note"]

    def tell_kind(row: Any) -> str:
        generic = row.kind == "generic"
        return f"総称（{b.terms.department}別に数えない）" if generic else row.note

    return _list_found(
        f"{b.terms.lead}の表記",
        differs.groupby(keys, sort=False)["item"].agg("、".join).reset_index().itertuples(),
        ("資料の表記", 7, attrgetter("as_printed")),
        (b.terms.department, 7, attrgetter("name")),
        ("扱い", 12, tell_kind),
        (f"{b.terms.item}のID", 9, attrgetter("item")),
    )


def rejected_values(b: OpenBriefing) -> Table | Nothing:
    """Return the indicator values that stand beside a preferred one: sources that disagree."""
    actuals = b.plan.years[b.fiscal_year].actuals
    indicators = b.plan.indicators.set_index("indicator")
    crowded = actuals[actuals.duplicated("indicator", keep=False)]

    def tell_value(row: dict[Any, Any]) -> str:
        value = None if row["value"] is None else read_value(row)
        return format_value(value, indicators["unit"][row["indicator"]], row["missing"])

    return _list_found(
        "資料によって異なる値",
        crowded.to_dict("records"),
        ("指標", 12, lambda row: indicators["name"][row["indicator"]]),
        ("値", 6, tell_value),
        ("出典", 5, lambda row: cite(row["source"], row["line"])),
        ("採否", 3, lambda row: "採用" if row["preferred"] else ""),
    )


def missing_values(b: OpenBriefing) -> Table | Nothing:
    """Return the indicators whose value or progress cannot be told, with the reason."""

    def list_reasons(entry: Assessment) -> list[str]:
        reasons = [wording.WHY_NOT_WORDS.get(target.why_not) for target in entry.targets]
        return [reason for reason in dict.fromkeys(reasons) if reason]

    return _list_found(
        "算出できない指標",
        [entry for entry in b.assessments if entry.actual is None or list_reasons(entry)],
        ("指標", 14, attrgetter("name")),
        ("実績", 6, lambda entry: format_value(entry.actual, entry.unit, entry.missing)),
        ("進捗率", 12, lambda entry: "、".join(list_reasons(entry))),
    )


def others(b: OpenBriefing) -> Table | Nothing:
    """Return the findings that no other table of the check list shows."""
    # The last of them is no finding where a plan names nobody in charge of anything.
    left_out = ("reason", "disagreement", "published", "title", "departments")
    found = (*list_findings(b.plan, b.fiscal_year), *check_authors(b.plan, b.edition))
    return _list_found(
        "その他の確認事項",
        [entry for entry in found if entry.kind not in left_out],
        ("場所", 14, attrgetter("place")),
        ("内容", 22, attrgetter("ja")),
    )


def notes(b: OpenBriefing) -> Table | Nothing:
    """Return the transcriber's notes on rows, those on another year's document apart."""
    noted = b.plan.items[(b.plan.items["note"] != "") & b.plan.items["item"].isin(b.items["item"])]
    return _list_found(
        "行ごとの注記",
        [row for row in noted.itertuples() if _speaks_of(b, row.item, row.source)],
        ("ID", 4, attrgetter("item")),
        ("出典", 4, _cite),
        ("取組", 9, attrgetter("title")),
        ("注記", 20, attrgetter("note")),
    )


def _speaks_of(b: OpenBriefing, item: Any, source: Any) -> bool:
    """Tell whether a note from ``source`` may speak of this year: no other year's row cites it."""
    rows = {year: held.progress for year, held in b.plan.years.items()}
    citing = {year for year, held in rows.items() if source in _list_sources(held, item)}
    return not source or not citing or b.fiscal_year in citing


def _list_sources(rows: Any, item: str) -> set[str]:
    return set(rows.loc[rows["item"] == item, "source"])


def _cite(row: Any) -> str:
    return cite(row.source, row.line)


_PLACED = (("ID", 5, attrgetter("item")), ("出典", 4, _cite))


def _list_found(
    caption: str, things: Iterable[Thing], *columns: tuple[str, float, Callable[[Thing], str]]
) -> Table | Nothing:
    """Return what was found: columns by label, width and what they show; Nothing without any.

    Where nothing comes from a source, there is no column of sources.
    """
    found = list(things)
    if not found:
        return Nothing(f"{caption}は、該当するものがない")
    shown = (
        (Column(label, width=width), show)
        for label, width, show in columns
        if label != "出典" or any(map(show, found))
    )
    return list_things(f"{caption}（{len(found)}件）", found, *shown)
