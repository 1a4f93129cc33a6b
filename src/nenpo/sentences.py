"""Values → the sentences of a document, in である体, with the singular cases right."""

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from nenpo import progress, wording
from nenpo.briefing import Group, Nothing, Sentences
from nenpo.declarations import Edition
from nenpo.fiscal import fiscal_year_label
from nenpo.indicators import Assessment, TargetProgress
from nenpo.listing import each_item
from nenpo.progress import Year

# 「令和5年10月」「150件」「3様式」, but not the 23 of 「23区」.
DATE_OR_QUANTITY = r"\d(?:年|月|日|件|台|名|人|回|か所|様式|団体|万|億|円|%|％)"


def summarise_plan(year: Year, assessments: Sequence[Assessment]) -> Sentences:
    """Return the lead of the annual briefing: all that a reader of one page should know."""
    told = [
        tell_on_schedule(year, year.items) + _tell_actors(year, year.items),
        _tell_unrated(year.items),
        _tell_off_schedule(year),
        _tell_indicators(assessments),
    ]
    return Sentences(tuple(text for text in told if text), role="lead")


def tell_on_schedule(year: Year, items: pd.DataFrame, role: str = "") -> str:
    """Return one sentence on the rated rows of ``items``; ``role`` is 「所管課」 or the like."""
    scope = f"{role}としての取組のうち、" if role else ""
    noun = "もの" if role else "取組"
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
    share = wording.format_share(on_schedule, rated)
    return f"{scope}進捗区分を付した{rated}件のうち{on_schedule}件（{share}）{predicate}"


def _tell_actors(year: Year, items: pd.DataFrame) -> str:
    rated = items[items["status"] != ""]
    others = rated[rated["actor"] != "ward"]
    own = rated[rated["actor"] == "ward"]
    if others.empty:
        return ""
    actors = [actor for actor in ("nation", "metropolis") if (others["actor"] == actor).any()]
    names = "・".join(wording.ACTOR_WORDS[actor] for actor in actors)
    told = wording.format_counts(progress.count_status(year.plan, others))
    first = f"うち{names}が実施主体{len(others)}件（{told}）"
    if own.empty:
        return f"{first}である。"
    counted = wording.format_counts(progress.count_status(year.plan, own))
    return f"{first}、区{len(own)}件（{counted}）である。"


def _tell_unrated(items: pd.DataFrame) -> str:
    rows = progress.count_rows(items)
    if not rows.unrated:
        return ""
    relisted = rows.unrated - rows.unrated_not_relisted
    inside = f"（うち再掲{relisted}件）" if relisted else ""
    unrated = f"{wording.NO_MARK}は{rows.unrated}件{inside}"
    return f"一覧の全{rows.rows}行のうち{unrated}で、件数に含まない。"


def explain_marks(year: Year) -> Sentences | Nothing:
    """Return the note, said once, that a good mark tells of the schedule, not of the effect."""
    good = [entry.mark for entry in year.plan.meta.status_scale if entry.tone == "good"]
    if not good:
        return Nothing("no mark of good tone")
    told = f"{'・'.join(good)}は予定した日程との比較であり、取組の完了や効果を示すものではない。"
    return Sentences((told,), role="note")


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
    text = f"スケジュールどおりでない取組は{len(off)}件（{_tell_statuses(year, off)}）である。"
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


def list_standings(assessments: Sequence[Assessment]) -> Sentences | Nothing:
    """Return the indicators by how they stand, with their values."""
    if not assessments:
        return Nothing("no indicator")
    lines = tuple(
        f"{word}：{'／'.join(_tell_briefly(entry) for entry in entries)}"
        for word, entries in _group_by_standing(assessments).items()
    )
    return Sentences(lines, role="list")


def _tell_indicators(assessments: Sequence[Assessment]) -> str:
    if not assessments:
        return ""
    counts = []
    for word, entries in _group_by_standing(assessments).items():
        # One indicator is named with its value; several are counted here and listed below.
        named = f"（{_tell_briefly(entries[0])}）" if len(entries) == 1 else ""
        counts.append(f"{word}{len(entries)}項目{named}")
    return f"成果指標は{len(assessments)}項目で、{'、'.join(counts)}である。"


def _group_by_standing(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    order = [*wording.STANDING_WORDS.values(), *wording.MISSING_WORDS.values()]
    words = [*order, wording.NOT_COMPARABLE]
    found = {word: [e for e in assessments if wording.name_standing(e) == word] for word in words}
    return {word: entries for word, entries in found.items() if entries}


def _tell_briefly(entry: Assessment) -> str:
    if entry.actual is None:
        return entry.name
    if entry.standing != "reached":
        return f"{entry.name} {wording.format_course(entry)}"
    target = entry.next_target
    assert target is not None  # "reached" is said of a target
    actual = wording.format_value(entry.actual, entry.unit)
    goal = wording.format_value(target.value, entry.unit)
    return f"{entry.name} {actual}、{fiscal_year_label(target.fiscal_year)}目標{goal}"


def tell_indicator(entry: Assessment, fiscal_year: int) -> Sentences:
    """Return the paragraph on one indicator: value, change, and progress to each target."""
    actual = wording.format_value(entry.actual, entry.unit, entry.missing)
    before = wording.format_value(entry.previous, entry.unit)
    label = fiscal_year_label(fiscal_year)
    earlier = fiscal_year_label(entry.previous_year)
    if entry.actual is None:
        known = f"（{earlier}は{before}）" if entry.previous else ""
        first = f"{label}の実績は「{actual}」{known}であり、増減及び進捗率は算出できない。"
    elif entry.previous is None or entry.change is None:
        first = f"{label}の実績は{actual}で、{earlier}と比較できる値はない。"
    else:
        standing = wording.name_standing(entry)
        moved = f"{wording.format_change(entry)}である" if entry.change else "増減はない"
        first = f"{label}の実績は{actual}で、{earlier}の{before}から{moved}（{standing}）。"
    told = [_tell_target(entry, target) for target in entry.targets if entry.actual]
    word = f"計画の基準による判定は「{entry.word}」である。" if entry.word else ""
    return Sentences(("".join([first, *told, word]),))


def _tell_target(entry: Assessment, target: TargetProgress) -> str:
    goal = wording.format_value(target.value, entry.unit)
    name = f"{fiscal_year_label(target.fiscal_year)}目標{goal}"
    elapsed = wording.format_ratio(target.elapsed)
    if target.achievement is None:
        return f"{name}への進捗率は{wording.WHY_NOT_WORDS[target.why_not]}。"
    if target.achievement < 0:
        return f"{name}に対しては、基準値から目標と逆方向に動いた（経過期間の割合は{elapsed}）。"
    achieved = wording.format_achievement(entry, target)
    return f"{name}に対する基準値からの進捗率は{achieved}である（経過期間の割合は{elapsed}）。"


def summarise_transitions(year: Year) -> Sentences | Nothing:
    """Return how the marks moved since the year before, with new and ended items."""
    moved = progress.compare_years(year)
    if moved is None:
        return Nothing("no earlier year")
    told = [
        f"{word}{len(items)}件"
        for word, items in (
            ("改善した取組は", moved.improved),
            ("後退した取組は", moved.worsened),
            ("新たに加わった取組は", moved.started),
            ("終了した取組は", moved.ended),
        )
    ]
    return Sentences((f"前年度と比べ、{'、'.join(told)}である。",))


def list_next_plans(year: Year) -> Group | Nothing:
    """Return next year's plans that name a date or a quantity, in document order."""
    plans = year.items[year.items["next_year"].str.contains(DATE_OR_QUANTITY)]
    if plans.empty:
        return Nothing("no plan names a date or quantity")
    lines = tuple(
        f"{wording.format_title(item)}（{item.measure_label}）：{item.next_year}"
        for item in each_item(plans)
    )
    coming = fiscal_year_label(year.fiscal_year + 1)
    first = f"{coming}の予定に日付又は数量の記載がある取組は、次の{len(plans)}件である。"
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
    names = {"lead": "所管課", "supporting": "関係課"}
    told = [
        tell_on_schedule(year, items[role], names[role])
        for role in names
        if role == "lead" or len(items[role])
    ]
    unrated = year.items[year.items["status"] == ""]
    if len(unrated):
        told.append(f"このほかに{wording.NO_MARK}の取組が{len(unrated)}件ある。")
    off_schedule = _tell_off_schedule(year)
    told += [off_schedule] if off_schedule else []
    return Sentences(tuple(told), role="lead")


def items_in_role(year: Year, role: str) -> pd.DataFrame:
    """Return the department's items in ``role``; an item that it also leads is not supporting."""
    own = year.assignments[year.assignments["department"] == year.department]
    lead = set(own.loc[own["role"] == "lead", "item"])
    wanted = lead if role == "lead" else set(own["item"]) - lead
    return year.items[year.items["item"].isin(wanted)]


def explain_department(year: Year) -> Sentences:
    """Return the notes under a department's document."""
    notes = [
        "一つの取組に複数の課が関わる場合は課ごとに1件と数えるため、各課の合計（延べ）は計画全体の件数を上回る。",
        f"「{wording.NO_MARK}」は区分が示されていないことを表し、未着手を意味しない。",
    ]
    generic = year.plan.departments[year.plan.departments["kind"] == "generic"]["name"]
    if len(generic):
        names = "".join(f"「{name}」" for name in generic)
        notes.append(f"{names}は課の総称であり、課別の件数に含まない。")
    aliases = _department_row(year)["aliases"]
    if aliases:
        printed = "".join(f"「{name}」" for name in aliases.split("|"))
        notes.append(f"{name_department(year)}は、資料に{printed}と記されたものを含む。")
    return Sentences(tuple(notes), role="note")


def name_department(year: Year) -> str:
    """Return the name of the department that the year is restricted to."""
    return str(_department_row(year)["name"])


def _department_row(year: Year) -> dict[Hashable, Any]:
    departments = year.plan.departments
    return departments[departments["department"] == year.department].to_dict("records")[0]


def list_counting_rules(year: Year) -> Sentences | Nothing:
    """Return the plan's rules of counting, as its data declare them."""
    rules = tuple(year.plan.meta.counting_rules)
    return Sentences(rules, role="list") if rules else Nothing("no rules declared")


def list_sources(year: Year) -> Sentences:
    """Return the sources of the plan's data."""
    lines = tuple(
        "「{}」（{}、{}）".format(
            source.title, source.publisher, source.date or source.date_note or "日付の記載なし"
        )
        for source in year.plan.meta.sources
    )
    return Sentences(lines, role="list")
