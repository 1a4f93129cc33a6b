"""How to read a document: its terms, its rules of counting, its sources."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.figures import select_figures
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.departments import list_names
from nenpo.content.display import Nothing, Sentences
from nenpo.content.unreported import include_unreported
from nenpo.data.plan import YearTables
from nenpo.data.schema.declarations import Source
from nenpo.language.fiscal import date_label


def methods_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the rules of counting, and of the formulas where there are some."""
    return Sentences(("参考 集計方法と算式" if b.assessments else "参考 集計方法",), role="part")


def counting(b: OpenBriefing) -> Sentences | Nothing:
    """Return the plan's rules of counting, as its data declare them."""
    rules = tuple(b.plan.meta.counting_rules)
    return (
        Sentences(rules, role="list")
        if rules
        else Nothing("集計方法（plan.yaml の counting_rules）がない")
    )


def terms(b: OpenBriefing) -> Sentences:
    """Return the terms that this document uses and a reader may not know."""
    marked = b.has_marks and not b.items.empty
    counted, b = b, b if b.items.empty else include_unreported(b)
    held = not b.assignments.empty
    supported = bool((b.assignments["role"] == "supporting").any())
    meaning = b.plan.meta.status_words.meaning or f"{b.terms.item}の状況"
    points = any(entry.change_unit == "ポイント" for entry in b.assessments)
    relisted = bool(progress.is_relisted(b.items).any())
    inferred = wording.explain_inferred(list_names(b))
    lines = (
        (f"{b.terms.item}：一覧の1行。{_name_owners(b)}に属する。", not b.items.empty),
        (f"進捗区分：{meaning}を示す記号。", marked),
        (_explain_scopes(b), bool((b.items["scope"] != "").any())),
        (
            "予定どおり・変更・比較できない：計画の当年度の予定と、報告された進捗とを読み比べた結果。"
            "予定の記載がないもの、又は記載が一般的で比べられないものは「比較できない」とする。",
            bool((b.items["adherence"] != "").any()),
        ),
        (
            f"{b.terms.lead}・{b.terms.supporting}：{b.terms.item}を担う{b.terms.department}と、協力する"
            f"{b.terms.department}。{b.terms.supporting}は括弧に入れて示す。",
            supported,
        ),
        (
            f"{b.terms.lead}：{b.terms.item}を担う{b.terms.department}。",
            held and not supported,
        ),
        (_explain_relisting(b), relisted),
        (inferred, bool(inferred)),
        (
            f"延べ：{b.terms.department}ごとに数えた件数。複数の{b.terms.department}が関わる{b.terms.item}は"
            f"{b.terms.department}の数だけ数える。",
            progress.shares_items(counted),
        ),
        (
            f"数値の種類：実績、目標、予定、能力（処理できる量など）、予算、参考（{b.terms.reference}）。",
            bool(select_figures(b)),
        ),
        (
            f"{wording.NOT_REPORTED}：進捗の報告がないこと。0件、実績なし又は未着手を意味しない。",
            len(b.unreported.items) > 0,
        ),
        (
            "記載なし：値が示されていないこと。0を意味しない。",
            any(entry.missing == "not_stated" for entry in b.assessments),
        ),
        ("ポイント：百分率どうしの差の単位。", points),
    )
    return Sentences(tuple(line for line, used in lines if used), role="list")


def _name_owners(b: OpenBriefing) -> str:
    """Return what the items belong to: measures, or goals where the document names no measure."""
    named = b.items["measure"].isin(b.plan.measures["measure"])
    owners = [*([b.terms.measure] if named.any() else []), *([] if named.all() else [b.terms.goal])]
    return "又は".join(dict.fromkeys(owners))


def _explain_scopes(b: OpenBriefing) -> str:
    """Return what the words in front of titles mean, as far as they occur."""
    item, words = b.terms.item, wording.SCOPE_WORDS
    meanings = {"new": f"新たに始める{item}", "expanded": f"広げる{item}"}
    used = [scope for scope in words if (b.items["scope"] == scope).any()]
    meant = "、又は".join(meanings[scope] for scope in used)
    marked = "進捗区分ではない。" if b.has_marks else ""
    return f"{''.join(words[scope] for scope in used)}：計画で{meant}であることを示す。{marked}"


def _explain_relisting(b: OpenBriefing) -> str:
    """Return what a re-listing is, and whether it is counted: a mark of its own counts."""
    rated = progress.is_relisted(b.items) & progress.is_rated(b.items)
    counted = "" if rated.any() else "元の行でだけ数える。"
    return f"再掲：別の{b.terms.measure}にも掲げる同じ{b.terms.item}。{counted}"


def sources(b: OpenBriefing) -> Sentences | Nothing:
    """Return the sources of what the document shows; a municipality's own answers have none."""
    hidden = _list_hidden_sources(b)
    lines = tuple(
        f"「{source.title}」（{source.publisher}、{_tell_date(source)}）"
        for source in b.plan.meta.sources
        if source.id not in hidden
    )
    return Sentences(lines, role="list") if lines else Nothing("出典（plan.yaml の sources）がない")


def _tell_date(source: Source) -> str:
    if source.date is not None:
        return date_label(date.fromisoformat(source.date))
    return source.date_note or "日付の記載なし"


def _list_hidden_sources(b: OpenBriefing) -> set[str]:
    """Return the sources that only the tables of later years cite, or only other accounts.

    What sources state otherwise is told in the 点検票.
    """
    plan = b.plan
    later = [held for year, held in plan.years.items() if year > b.fiscal_year]
    past = [held for year, held in plan.years.items() if year <= b.fiscal_year]
    lasting = (plan.measures, plan.items, plan.targets, plan.sheets, plan.schedule)
    figures = plan.figures[plan.figures["preferred"]]
    shown = _list_cited((*lasting, figures, *(t for held in past for t in _list_tables(held))))
    others = (plan.statements, plan.figures, *(t for held in later for t in _list_tables(held)))
    totals = {held.published.source for held in past if held.published}
    return _list_cited(others) - shown - totals


def _list_tables(year: YearTables) -> tuple[pd.DataFrame, ...]:
    return (year.progress, year.actuals, year.misreadings)


def _list_cited(tables: Iterable[pd.DataFrame]) -> set[str]:
    return {name for table in tables for name in table["source"] if name}
