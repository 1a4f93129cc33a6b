"""What an analyst checks before publishing (点検票): findings, none of them for the assembly."""

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.figures import list_disagreements
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.items import each_item
from nenpo.analysis.progress import Year
from nenpo.content import wording
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.findings import list_findings
from nenpo.language.numbers import format_value
from nenpo.language.values import Value

WIDE, NARROW = 10, 4


def compare_published(year: Year) -> Table | Nothing:
    """Return the published totals beside the computed ones, mark by mark."""
    published = year.plan.years[year.fiscal_year].published
    if published is None:
        return Nothing("nothing published")
    computed = progress.count_status(year.plan, year.items)
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


def list_misreadings(year: Year) -> Table | Nothing:
    """Return the spots where the source text was misread, with the reason for each reading."""
    spots = year.plan.years[year.fiscal_year].misreadings
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


def list_relisted(year: Year) -> Table | Nothing:
    """Return the re-listed rows, those that the document does not state first."""
    items = year.items
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


def list_double_counts(year: Year) -> Table | Nothing:
    """Return rated items of other actors, and of equal title, that are counted more than once."""
    rated = year.items[progress.is_rated(year.items)].copy()
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


def list_missing_reasons(year: Year) -> Table | Nothing:
    """Return the off-schedule items without a reason."""
    without = progress.list_without_reason(year)
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


def list_unrated(year: Year) -> Table | Nothing:
    """Return the rows without a mark that are no re-listing, in a plan that has marks."""
    if not year.plan.meta.status_scale:
        return Nothing("the plan has no marks")
    items = year.items
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


def list_silent(year: Year) -> Table | Nothing:
    """Return the items of which neither a mark nor a word of progress is reported."""
    items = year.items
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


def list_title_drift(year: Year) -> Table | Nothing:
    """Return the items whose title this year's document words differently."""
    rows = progress.list_title_drift(year)
    return _make_table("題名の変化", ("ID", "台帳の題名", "当年度の題名"), rows, (5, 12, 12))


def list_departments_as_printed(year: Year) -> Table | Nothing:
    """Return the department names that the document prints differently, and generic names."""
    terms = year.plan.meta.terms
    rows_of = year.assignments.merge(year.plan.departments, on="department")
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


def list_rejected_actuals(year: Year) -> Table | Nothing:
    """Return the indicator values that stand beside a preferred one: sources that disagree."""
    actuals = year.plan.years[year.fiscal_year].actuals
    names = year.plan.indicators.set_index("indicator")["name"]
    units = year.plan.indicators.set_index("indicator")["unit"]
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


def list_missing_values(assessments: tuple[Assessment, ...]) -> Table | Nothing:
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
        for entry in assessments
        if entry.actual is None or any(target.why_not for target in entry.targets)
    ]
    return _make_table("算出できない指標", ("指標", "実績", "進捗率"), rows, (14, 6, 12))


def list_notes(year: Year) -> Table | Nothing:
    """Return the transcriber's notes on rows."""
    noted = year.plan.items[
        (year.plan.items["note"] != "") & year.plan.items["item"].isin(year.items["item"])
    ]
    rows = [
        (row["item"], _place(row["source"], row["line"]), row["title"], row["note"])
        for row in noted.to_dict("records")
    ]
    return _make_table("行ごとの注記", ("ID", "出典", "取組", "注記"), rows, (4, 4, 9, 20))


def list_others(year: Year) -> Table | Nothing:
    """Return the findings that no other table of the check list shows."""
    shown = ("code", "relisted", "unreported", "copied", "absent")
    found = list_findings(year.plan, year.fiscal_year)
    rows = [(entry.place, entry.ja) for entry in found if entry.kind in shown]
    return _make_table("その他の確認事項", ("場所", "内容"), rows, (14, 22))


def summarise(year: Year, assessments: tuple[Assessment, ...]) -> Sentences:
    """Return how many findings of each kind there are."""
    marked = bool(year.plan.meta.status_scale)
    counts = (
        (
            "公表された集計との不一致",
            len(progress.reconcile(year).differences),
            marked and progress.reconcile(year).agrees is not None,
        ),
        ("読み誤りの補正", len(year.plan.years[year.fiscal_year].misreadings), True),
        ("再掲", _count(list_relisted(year)), not year.items.empty),
        ("同じ題名で重ねて数えた取組", _count(list_double_counts(year)), marked),
        ("変更理由の記載がない取組", _count(list_missing_reasons(year)), marked),
        ("進捗区分の記載がない取組（再掲を除く）", _count(list_unrated(year)), marked),
        (
            "進捗の記載がない取組（再掲を除く）",
            _count(list_silent(year)),
            not marked and not year.items.empty,
        ),
        ("算出できない指標", _count(list_missing_values(assessments)), True),
        ("資料により異なる記載", len(list_disagreements(year.plan, year.fiscal_year)), True),
        ("その他の確認事項", _count(list_others(year)), True),
    )
    told = tuple(f"{label}：{count}件" for label, count, concerns in counts if concerns)
    return Sentences(told, role="list")


def _count(table: Table | Nothing) -> int:
    return len(table.rows) if isinstance(table, Table) else 0


def _place(source: str, line: object) -> str:
    return f"{source}:{line}"


def _make_table(
    caption: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], widths: tuple[float, ...]
) -> Table | Nothing:
    if not rows:
        return Nothing(f"{caption}: none")
    columns = tuple(Column(label, width=width) for label, width in zip(heads, widths, strict=True))
    return Table(caption=f"{caption}（{len(rows)}件）", columns=columns, rows=tuple(rows))
