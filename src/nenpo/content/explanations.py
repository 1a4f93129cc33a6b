"""How to read a document: its terms, its rules of counting, its sources."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from nenpo.analysis import progress
from nenpo.analysis.figures import select_figures
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.progress import Year, find_department, name_department
from nenpo.content import wording
from nenpo.content.display import Nothing, Sentences
from nenpo.data.schema.declarations import Source
from nenpo.language.fiscal import date_label


def explain_marks(year: Year) -> Sentences | Nothing:
    """Return the note, said once, that a good mark tells of the schedule, not of the effect."""
    good = [entry.mark for entry in year.plan.meta.status_scale if entry.tone == "good"]
    if not good or year.items.empty:
        return Nothing("no mark of good tone, or no item")
    told = f"{'・'.join(good)}は予定した日程との比較であり、取組の完了や効果を示すものではない。"
    return Sentences((told,), role="note")


def head_counts(year: Year) -> Sentences:
    """Return the heading of the counts by goal, policy and department."""
    lead = f"・{year.plan.meta.terms.lead}別" if len(year.assignments) else ""
    return Sentences((f"別紙 目標別・施策別{lead}の集計",), role="part")


def head_parts(year: Year, role: Literal["part", "section"]) -> Sentences:
    """Return the heading of what the plan says of its measures."""
    appendix = "別紙 " if role == "part" else ""
    return Sentences((f"{appendix}{year.plan.meta.terms.measure}の概要",), role=role)


def head_methods(assessments: Sequence[Assessment]) -> Sentences:
    """Return the heading of the rules of counting, and of the formulas where there are some."""
    return Sentences(("参考 集計方法と算式" if assessments else "参考 集計方法",), role="part")


def head_items(year: Year, role: str) -> Sentences:
    """Return the heading of the items that a department leads or supports."""
    terms = year.plan.meta.terms
    texts = {
        "lead": f"所管する{terms.item}",
        "supporting": f"{terms.supporting}として関わる{terms.item}",
    }
    return Sentences((texts[role],), role="section")


def head_printed_names(year: Year) -> Sentences:
    """Return the heading of the names of departments as the source prints them."""
    return Sentences((f"{year.plan.meta.terms.lead}の表記",), role="section")


def explain_department(year: Year) -> Sentences:
    """Return the notes under a department's document."""
    terms = year.plan.meta.terms
    item, kind = terms.item, terms.department
    notes = [
        f"一つの{item}に複数の{kind}が関わる場合は{kind}ごとに1件と数えるため、各{kind}の合計（延べ）は計画全体の件数を上回る。"
    ]
    if year.plan.meta.status_scale:
        notes.append(f"「{wording.NO_MARK}」は区分が示されていないことを表し、未着手を意味しない。")
    generic = year.plan.departments[year.plan.departments["kind"] == "generic"]["name"]
    if len(generic):
        names = "".join(f"「{name}」" for name in generic)
        notes.append(f"{names}は{kind}の総称であり、{kind}別の件数に含まない。")
    aliases = find_department(year)["aliases"]
    if aliases:
        printed = "".join(f"「{name}」" for name in aliases.split("|"))
        notes.append(f"{name_department(year)}は、資料に{printed}と記されたものを含む。")
    return Sentences(tuple(notes), role="note")


def list_counting_rules(year: Year) -> Sentences | Nothing:
    """Return the plan's rules of counting, as its data declare them."""
    rules = tuple(year.plan.meta.counting_rules)
    return Sentences(rules, role="list") if rules else Nothing("no rules declared")


def explain_terms(year: Year, assessments: Sequence[Assessment]) -> Sentences:
    """Return the terms that this document uses and a reader may not know."""
    terms = year.plan.meta.terms
    marked = bool(year.plan.meta.status_scale) and not year.items.empty
    held = not year.assignments.empty
    lines = (
        (f"{terms.item}：一覧の1行。{terms.measure}に属する。", not year.items.empty),
        (f"進捗区分：予定した日程と比べた{terms.item}の状況を示す記号。", marked),
        (
            "【新規】【拡充】：計画で新たに始める取組、又は広げる取組であることを示す。進捗区分ではない。",
            bool((year.items["scope"] != "").any()),
        ),
        (
            "予定どおり・変更・比較できない：計画の当年度の予定と、報告された進捗とを読み比べた結果。"
            "予定の記載がないもの、又は記載が一般的で比べられないものは「比較できない」とする。",
            bool((year.items["adherence"] != "").any()),
        ),
        (
            f"{terms.lead}・{terms.supporting}：{terms.item}を担う{terms.department}と、協力する"
            f"{terms.department}。{terms.supporting}は括弧に入れて示す。",
            held,
        ),
        (
            f"再掲：別の{terms.measure}にも掲げる同じ{terms.item}。元の行でだけ数える。",
            bool(progress.is_relisted(year.items).any()),
        ),
        (
            f"延べ：{terms.department}ごとに数えた件数。複数の{terms.department}が関わる{terms.item}は"
            f"{terms.department}の数だけ数える。",
            held,
        ),
        (
            "数値の種類：実績、目標、予定、能力（処理できる量など）、予算、参考（全国や東京都の値、国の計画の値など）。",
            bool(select_figures(year)),
        ),
        (
            "実績の記載なし：資料に値が示されていないこと。0を意味しない。",
            bool(assessments),
        ),
        (
            "ポイント：百分率どうしの差の単位。",
            any(entry.change_unit == "ポイント" for entry in assessments),
        ),
    )
    return Sentences(tuple(line for line, used in lines if used), role="list")


def list_sources(year: Year) -> Sentences:
    """Return the sources of the plan's data."""
    later = _list_later_sources(year)
    lines = tuple(
        f"「{source.title}」（{source.publisher}、{_tell_date(source)}）"
        for source in year.plan.meta.sources
        if source.id not in later
    )
    return Sentences(lines, role="list")


def _tell_date(source: Source) -> str:
    if source.date is not None:
        return date_label(date.fromisoformat(source.date))
    return source.date_note or "日付の記載なし"


def _list_later_sources(year: Year) -> set[str]:
    """Return the sources that only the tables of later years cite."""
    cited = {
        each: {name for table in (held.progress, held.actuals) for name in table["source"]}
        for each, held in year.plan.years.items()
    }
    now = {name for each, names in cited.items() if each <= year.fiscal_year for name in names}
    return {
        name for each, names in cited.items() if each > year.fiscal_year for name in names
    } - now
