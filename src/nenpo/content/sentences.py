"""Values → the sentences of a document, in である体, with the singular cases right."""

from collections.abc import Sequence

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.coverage import count_coverage, has_coverage
from nenpo.analysis.figures import list_disagreements, select_figures
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.items import each_item
from nenpo.analysis.progress import Year, items_in_role
from nenpo.content import wording
from nenpo.content.display import Group, Nothing, Sentences
from nenpo.content.indicator_sentences import count_standings
from nenpo.data.schema.declarations import Edition
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_share

# 「令和5年10月」「150件」「3様式」, but not the 23 of 「23区」.
DATE_OR_QUANTITY = (
    r"\d(?:年|月|日|件|台|名|人|回|か所|様式|団体|業務|手続|言語|課|校|万|億|円|%|％)"
)


def summarise_plan(year: Year, assessments: Sequence[Assessment]) -> Sentences:
    """Return the lead of the annual briefing: all that a reader of one page should know."""
    marked = bool(year.plan.meta.status_scale) and not year.items.empty
    told = [
        tell_on_schedule(year, year.items) + _tell_actors(year, year.items) if marked else "",
        _tell_unrated(year.items) if marked else "",
        _tell_structure(year),
        tell_coverage(year, year.items),
        _tell_off_schedule(year),
        count_standings(assessments),
        _tell_figures(year),
    ]
    return Sentences(tuple(text for text in told if text), role="lead")


def _tell_structure(year: Year) -> str:
    """Return what the plan consists of, unless its marks are told of all of its measures."""
    meta, measures = year.plan.meta, year.plan.measures
    reported = measures["measure"].isin(year.items["measure"])
    if measures.empty or (meta.status_scale and reported.all()):
        return ""
    terms = meta.terms
    told = (
        f"{meta.short_title}は、{len(meta.goals)}の{terms.goal}、{len(measures)}の{terms.measure}"
    )
    if 0 < reported.sum() < len(measures):
        return f"{told}から成り、この文書はそのうち{reported.sum()}の{terms.measure}を報告する。"
    return f"{told}から成る。"


def tell_coverage(year: Year, items: pd.DataFrame, role: str = "") -> str:
    """Return how far ``items`` are reported and kept to schedule, in a plan without marks."""
    if not has_coverage(year):
        return ""
    counts, noun = count_coverage(year, items), year.plan.meta.terms.item
    label = fiscal_year_label(year.fiscal_year)
    scope = f"{role}としての{noun}" if role else noun
    if counts.reported == counts.items:
        every = "の全て" if counts.items > 1 else ""
        told = f"{scope}{counts.items}件{every}に、{label}の進捗の記載がある。"
    else:
        told = f"{scope}{counts.items}件のうち、{label}の進捗の記載があるものは"
        told += f"{counts.reported}件である。"
    judged = [(word, getattr(counts, key)) for key, word in wording.ADHERENCE_WORDS.items()]
    if any(count for _, count in judged):
        shown = "、".join(f"「{word}」{count}件" for word, count in judged)
        told += f"計画の予定と対比すると、{shown}である。"
    if counts.planned and role == "":
        told += f"次年度以降の予定の記載があるものは{counts.planned}件である。"
    return told


def _tell_figures(year: Year) -> str:
    figures = select_figures(year)
    if not figures:
        return ""
    counts = [
        (word, sum(figure.kind == kind for figure in figures))
        for kind, word in wording.FIGURE_KIND_WORDS.items()
    ]
    told = "、".join(f"{word}{count}件" for word, count in counts if count)
    text = f"資料の数値は{len(figures)}件（{told}）である。"
    undated = sum(figure.timing == "undated" for figure in figures)
    if undated:
        text += f"このうち{undated}件は、資料に時期の記載がない。"
    differ = len(list_disagreements(year.plan, year.fiscal_year))
    if differ:
        text += f"資料により記載が異なるものが{differ}件あり、採否とその理由を参考に示す。"
    return text


def tell_on_schedule(year: Year, items: pd.DataFrame, role: str = "") -> str:
    """Return one sentence on the rated rows of ``items``; ``role`` is 「所管課」 or the like."""
    scope = f"{role}としての{year.plan.meta.terms.item}のうち、" if role else ""
    noun = "もの" if role else year.plan.meta.terms.item
    scale = year.plan.meta.status_scale
    counts = progress.count_status(year.plan, items)
    rated = sum(counts.values())
    good = [entry for entry in scale if entry.tone == "good"]
    on_schedule = sum(counts[entry.mark] for entry in good)
    label = "又は".join(entry.label for entry in good)
    # A label is a clause (「…取り組んだ」) or a noun (「順調」): each joins the sentence its way.
    is_clause = label.endswith(("た", "だ"))
    predicate = f"で{label}。" if is_clause else f"が「{label}」である。"
    if not scale:
        return "この計画は進捗区分を設けていない。"
    if rated == 0:
        return f"{scope}進捗区分を付した{noun}はない。"
    if rated == 1:
        mark = next(mark for mark, count in counts.items() if count)
        told = wording.mark_of(year.plan.meta, mark).label
        return f"{scope}進捗区分を付した{noun}は1件で、区分は{mark}（{told}）である。"
    if on_schedule == 0:
        such = f"{label}もの" if is_clause else f"「{label}」のもの"
        return f"{scope}進捗区分を付した{rated}件に、{such}はない。"
    if on_schedule == rated:
        return f"{scope}進捗区分を付した{rated}件の全て{predicate}"
    share = format_share(on_schedule, rated)
    return f"{scope}進捗区分を付した{rated}件のうち{on_schedule}件（{share}）{predicate}"


def _tell_actors(year: Year, items: pd.DataFrame) -> str:
    rated = items[items["status"] != ""]
    others = rated[rated["actor"] != "ward"]
    own = rated[rated["actor"] == "ward"]
    if others.empty:
        return ""
    actors = [actor for actor in ("nation", "metropolis") if (others["actor"] == actor).any()]
    names = "・".join(wording.ACTOR_WORDS[actor] for actor in actors)
    word = year.plan.meta.municipality.word
    told = wording.format_counts(progress.count_status(year.plan, others))
    noun = year.plan.meta.terms.item
    first = f"{len(rated)}件の内訳は、{names}が実施主体の{noun}{len(others)}件（{told}）"
    if own.empty:
        return f"{first}である。"
    counted = wording.format_counts(progress.count_status(year.plan, own))
    return f"{first}、{word}の{noun}{len(own)}件（{counted}）である。"


def _tell_unrated(items: pd.DataFrame) -> str:
    rows = progress.count_rows(items)
    if not rows.unrated:
        return ""
    relisted = rows.unrated - rows.unrated_not_relisted
    inside = f"（うち再掲{relisted}件）" if relisted else ""
    unrated = f"{wording.NO_MARK}は{rows.unrated}件{inside}"
    return f"一覧の全{rows.rows}行のうち{unrated}で、件数に含まない。"


def state_reconciliation(year: Year) -> Sentences | Nothing:
    """Return whether the counts agree with the totals that the municipality published."""
    result = progress.reconcile(year)
    published = year.plan.years[year.fiscal_year].published
    if published is None:
        return Nothing("nothing published to reconcile with")
    told = wording.format_counts(published.status_counts)
    if result.agrees:
        return Sentences((f"件数は、公表された集計（{told}）と一致する。",), role="note")
    differences = "、".join(
        f"{mark}は公表{expected}件に対し集計{found}件"
        for mark, expected, found in result.differences
    )
    text = f"件数は、公表された集計（{told}）と一致しない（{differences}）。"
    return Sentences((text,), role="note")


def note_on_schedule(year: Year) -> Sentences | Nothing:
    """Return that no item is off schedule, where that is so; the table says the rest."""
    if not year.plan.meta.status_scale or year.items.empty:
        return Nothing("the plan has no marks, or the year no items")
    if len(progress.list_off_schedule(year)):
        return Nothing("there are items off schedule")
    rated = progress.is_rated(year.items).any()
    return Sentences(("該当する取組はない。" if rated else "進捗区分を付した取組がない。",))


def _tell_off_schedule(year: Year) -> str:
    """Return how many items are off schedule, and how many of them run ahead."""
    off = progress.list_off_schedule(year)
    if off.empty:
        return ""
    ahead = int((off["shift"] == "ahead").sum())
    noun = year.plan.meta.terms.item
    text = f"スケジュールどおりでない{noun}は{len(off)}件（{_tell_statuses(year, off)}）である。"
    if ahead == len(off) > 1:
        text += "いずれも予定を前倒ししたものである。"
    elif 0 < ahead < len(off):
        text += f"このうち{ahead}件は予定を前倒ししたものである。"
    unexplained = int((off["change_reason"] == "").sum())
    if unexplained == len(off):
        text += "変更理由の記載はない。" if len(off) == 1 else "いずれも変更理由の記載がない。"
    elif unexplained:
        text += f"変更理由の記載がないものは{unexplained}件である。"
    return text


def _tell_statuses(year: Year, items: pd.DataFrame) -> str:
    words = [wording.format_status(year.plan.meta, item) for item in each_item(items)]
    return "、".join(f"{word}{words.count(word)}件" for word in dict.fromkeys(words))


def list_next_plans(year: Year) -> Group | Nothing:
    """Return next year's plans that name a date or a quantity, in document order."""
    plans = year.items[year.items["next_year"].str.contains(DATE_OR_QUANTITY)]
    if plans.empty:
        return Nothing("no plan names a date or quantity")
    lines = tuple(
        f"{wording.format_title(item)}（{item.measure_label}）：{item.next_year}"
        for item in each_item(plans)
    )
    # Where progress is told in words, a plan names no fiscal year of its own.
    marked = bool(year.plan.meta.status_scale)
    coming = fiscal_year_label(year.fiscal_year + 1) if marked else "今後"
    noun = year.plan.meta.terms.item
    first = f"{coming}の予定に日付又は数量の記載がある{noun}は、次の{len(plans)}件である。"
    return Group((Sentences((first,)), Sentences(lines, role="list")))


def add_commentary(year: Year) -> Sentences | Nothing:
    """Return what the analyst wrote in ``commentary.csv`` for the plan or the department."""
    rows = year.plan.years[year.fiscal_year].commentary
    texts = tuple(rows.loc[rows["scope"] == (year.department or "plan"), "text"])
    return Sentences(texts) if texts else Nothing("no commentary")


def close_annual(year: Year, edition: Edition) -> Sentences:
    """Return what follows and whom to ask."""
    coming = fiscal_year_label(year.fiscal_year + 1)
    texts = [f"次回は、{coming}の進捗状況を同じ様式で取りまとめる。"]
    if edition.prepared_by or edition.contact:
        texts.append(f"問合せ先：{edition.prepared_by}　{edition.contact}".rstrip())
    return Sentences(tuple(texts))


def summarise_department(year: Year) -> Sentences:
    """Return the lead of a department's document, for what it leads and what it supports."""
    items = {role: items_in_role(year, role) for role in ("lead", "supporting")}
    terms = year.plan.meta.terms
    names = {"lead": terms.lead, "supporting": terms.supporting}
    marked = bool(year.plan.meta.status_scale)
    tell = tell_on_schedule if marked else tell_coverage
    told = [
        tell(year, items[role], names[role])
        for role in names
        if len(items[role]) or (marked and role == "lead")
    ]
    unrated = int((year.items["status"] == "").sum()) if marked else 0
    if unrated:
        told.append(f"このほかに{wording.NO_MARK}の{terms.item}が{unrated}件ある。")
    off_schedule = _tell_off_schedule(year)
    told += [off_schedule] if off_schedule else []
    return Sentences(tuple(told), role="lead")
