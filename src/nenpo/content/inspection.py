"""What an analyst checks before publishing (点検票): findings, none of them for the assembly."""

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.figures import list_disagreements
from nenpo.analysis.items import each_item
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.findings import list_findings
from nenpo.language.numbers import format_value
from nenpo.language.values import Value


def summary(b: OpenBriefing) -> Sentences:
    """Return how many findings of each kind there are."""
    marked = bool(b.plan.meta.status_scale)
    counts = (
        (
            "公表された集計との不一致",
            len(progress.reconcile(b.year).differences),
            marked and progress.reconcile(b.year).agrees is not None,
        ),
        ("読み誤りの補正", len(b.plan.years[b.fiscal_year].misreadings), True),
        ("再掲", _count(relisted(b)), not b.items.empty),
        ("同じ題名で重ねて数えた取組", _count(double_counts(b)), marked),
        ("変更理由の記載がない取組", _count(missing_reasons(b)), marked),
        ("進捗区分の記載がない取組（再掲を除く）", _count(unrated(b)), marked),
        (
            "進捗の記載がない取組（再掲を除く）",
            _count(silent(b)),
            not marked and not b.items.empty,
        ),
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
    computed = progress.count_status(b.plan, b.items)
    rows = tuple(
        (
            mark,
            str(published.status_counts.get(mark, 0)),
            str(count),
            "一致" if published.status_counts.get(mark, 0) == count else "不一致",
        )
        for mark, count in computed.items()
    )
    columns = (
        Column("進捗区分", "center", kind="mark"),
        *(Column(label, "right", kind="number") for label in ("公表", "集計")),
        Column("照合", "center"),
    )
    return Table(caption="公表された集計との照合", columns=columns, rows=rows)


def misreadings(b: OpenBriefing) -> Table | Nothing:
    """Return the spots where the source text was misread, with the reason for each reading."""
    spots = b.plan.years[b.fiscal_year].misreadings
    rows = [
        (
            row["id"],
            _place(row["source"], row["line"]),
            row["printed"],
            row["normalised"],
            row["reason"],
        )
        for row in spots.to_dict("records")
    ]
    return _make_table(
        "読み誤りとその補正", ("ID", "出典", "資料の表記", "補正後", "理由"), rows, (5, 4, 7, 7, 14)
    )


def relisted(b: OpenBriefing) -> Table | Nothing:
    """Return the re-listed rows, those that the document does not state first."""
    items = b.items
    titles = items.set_index("item")["title"].to_dict()
    relisted = items[progress.is_relisted(items)].sort_values("relisting", kind="stable")
    words = {"stated": "資料に表示あり", "inferred": "表示なし（内容から判断）"}
    rows = []
    for row in each_item(relisted):
        origin = titles.get(row.relisted_from, row.title)
        drift = "" if origin == row.title else f"題名が異なる：{origin}"
        rows.append(
            (
                row.item,
                _place(row.source, row.line),
                row.title,
                row.relisted_from,
                words[row.relisting],
                drift,
            )
        )
    heads = ("ID", "出典", "取組", "再掲元", "再掲の表示", "題名の違い")
    return _make_table("再掲", heads, rows, (5, 4, 12, 5, 7, 9))


def double_counts(b: OpenBriefing) -> Table | Nothing:
    """Return rated items of other actors, and of equal title, that are counted more than once."""
    rated = b.items[progress.is_rated(b.items)].copy()
    # The same title differs in brackets and spaces only, here and there.
    rated["key"] = rated["title"].str.replace(r"[\s()（）「」]", "", regex=True)
    twins = rated[rated.duplicated(["key", "actor"], keep=False)].sort_values("key", kind="stable")
    rows = [
        (
            row.item,
            _place(row.source, row.line),
            row.measure_label,
            wording.format_title(row),
            row.status,
        )
        for row in each_item(twins)
    ]
    heads = ("ID", "出典", "番号", "取組", "区分")
    return _make_table("同じ題名で重ねて数えた取組", heads, rows, (5, 4, 4, 20, 3))


def missing_reasons(b: OpenBriefing) -> Table | Nothing:
    """Return the off-schedule items without a reason."""
    without = progress.list_without_reason(b.year)
    rows = [
        (
            row.item,
            _place(row.source, row.line),
            wording.format_title(row),
            row.status,
        )
        for row in each_item(without)
    ]
    return _make_table(
        "変更理由の記載がない取組", ("ID", "出典", "取組", "区分"), rows, (5, 4, 22, 3)
    )


def unrated(b: OpenBriefing) -> Table | Nothing:
    """Return the rows without a mark that are no re-listing, in a plan that has marks."""
    if not b.plan.meta.status_scale:
        return Nothing("計画に進捗区分がない")
    items = b.items
    open_rows = items[~progress.is_rated(items) & ~progress.is_relisted(items)]
    rows = [
        (
            row.item,
            _place(row.source, row.line),
            wording.format_title(row),
            row.next_year or wording.NOT_STATED,
        )
        for row in each_item(open_rows)
    ]
    heads = ("ID", "出典", "取組", "次年度の予定")
    return _make_table("進捗区分の記載がない取組（再掲を除く）", heads, rows, (5, 4, 14, 12))


def silent(b: OpenBriefing) -> Table | Nothing:
    """Return the items of which neither a mark nor a word of progress is reported."""
    items = b.items
    silent = items[~progress.is_rated(items) & ~progress.is_relisted(items) & (items["done"] == "")]
    rows = [
        (
            row.item,
            _place(row.source, row.line),
            wording.format_title(row),
            row.next_year or row.note or wording.NOT_STATED,
        )
        for row in each_item(silent)
    ]
    heads = ("ID", "出典", "取組", "次年度の予定・備考")
    return _make_table("進捗の記載がない取組（再掲を除く）", heads, rows, (5, 4, 14, 12))


def title_drift(b: OpenBriefing) -> Table | Nothing:
    """Return the items whose title this year's document words differently."""
    rows = progress.list_title_drift(b.year)
    return _make_table("題名の変化", ("ID", "台帳の題名", "当年度の題名"), rows, (5, 12, 12))


def printed_names_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the names of departments as the source prints them."""
    return Sentences((f"{b.plan.meta.terms.lead}の表記",), role="section")


def printed_names(b: OpenBriefing) -> Table | Nothing:
    """Return the department names that the document prints differently, and generic names."""
    terms = b.plan.meta.terms
    rows_of = b.assignments.merge(b.plan.departments, on="department")
    printed = rows_of["as_printed"].str.replace(r"[(（].*", "", regex=True)
    differs = rows_of[(printed != rows_of["name"]) | (rows_of["kind"] == "generic")]
    rows = [
        (
            row["as_printed"],
            row["name"],
            f"総称（{terms.department}別に数えない）" if row["kind"] == "generic" else row["note"],
            row["items"],
        )
        for row in _group_departments(differs).to_dict("records")
    ]
    return _make_table(
        f"{terms.lead}の表記",
        ("資料の表記", terms.department, "扱い", f"{terms.item}のID"),
        rows,
        (7, 7, 12, 9),
    )


def _group_departments(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["as_printed", "name", "kind", "note"]
    grouped = rows.groupby(keys, sort=False)["item"].agg("、".join).reset_index()
    # "name" is taken by the tuples of itertuples(), "items" says what the joined ids are.
    return grouped.rename(columns={"name": "name", "item": "items"})


def rejected_values(b: OpenBriefing) -> Table | Nothing:
    """Return the indicator values that stand beside a preferred one: sources that disagree."""
    actuals = b.plan.years[b.fiscal_year].actuals
    names = b.plan.indicators.set_index("indicator")["name"]
    units = b.plan.indicators.set_index("indicator")["unit"]
    crowded = actuals[actuals.duplicated("indicator", keep=False)]
    rows = [
        (
            names[row["indicator"]],
            format_value(_read_value(row), units[row["indicator"]], row["missing"]),
            _place(row["source"], row["line"]),
            "採用" if row["preferred"] else "",
        )
        for row in crowded.to_dict("records")
    ]
    return _make_table("資料によって異なる値", ("指標", "値", "出典", "採否"), rows, (12, 6, 5, 3))


def _read_value(row: dict[Hashable, Any]) -> Value | None:
    if row["value"] is None:
        return None
    return Value(row["value"], row["denominator"], row["approximate"])


def missing_values(b: OpenBriefing) -> Table | Nothing:
    """Return the indicators whose value or progress cannot be told, with the reason."""
    rows = [
        (
            entry.name,
            format_value(entry.actual, entry.unit, entry.missing),
            "、".join(
                dict.fromkeys(
                    wording.WHY_NOT_WORDS[target.why_not]
                    for target in entry.targets
                    if target.why_not
                )
            ),
        )
        for entry in b.assessments
        if entry.actual is None or any(target.why_not for target in entry.targets)
    ]
    return _make_table("算出できない指標", ("指標", "実績", "進捗率"), rows, (14, 6, 12))


def others(b: OpenBriefing) -> Table | Nothing:
    """Return the findings that no other table of the check list shows."""
    shown = ("code", "relisted", "unreported", "copied", "absent")
    found = list_findings(b.plan, b.fiscal_year)
    rows = [(entry.place, entry.ja) for entry in found if entry.kind in shown]
    return _make_table("その他の確認事項", ("場所", "内容"), rows, (14, 22))


def notes(b: OpenBriefing) -> Table | Nothing:
    """Return the transcriber's notes on rows."""
    noted = b.plan.items[(b.plan.items["note"] != "") & b.plan.items["item"].isin(b.items["item"])]
    rows = [
        (row["item"], _place(row["source"], row["line"]), row["title"], row["note"])
        for row in noted.to_dict("records")
    ]
    return _make_table("行ごとの注記", ("ID", "出典", "取組", "注記"), rows, (4, 4, 9, 20))


def _place(source: str, line: object) -> str:
    return f"{source}:{line}"


def _make_table(
    caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> Table | Nothing:
    if not rows:
        return Nothing(f"{caption}は、該当するものがない")
    columns = tuple(Column(label, width=width) for label, width in zip(heads, widths, strict=True))
    return Table(caption=f"{caption}（{len(rows)}件）", columns=columns, rows=tuple(rows))
