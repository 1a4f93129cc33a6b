"""A plan and a fiscal year → what one department is asked, sheet by sheet.

:mod:`nenpo.workbooks.asking.asked` tells who is asked what,
:mod:`nenpo.workbooks.asking.item_columns` which columns its items have. What the year's tables hold
already stands in the cells beforehand.
"""

from collections.abc import Sequence
from functools import lru_cache

from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.analysis.items import Item
from nenpo.analysis.milestones import Milestone
from nenpo.content import wording
from nenpo.data.plan import Plan
from nenpo.files import hash_text
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS, format_value
from nenpo.language.values import Value
from nenpo.workbooks.asking.asked import Asked, gather_asked, name_asked
from nenpo.workbooks.asking.item_columns import (
    Column,
    describe_items,
    keep_told,
    list_item_columns,
    tell_others,
)
from nenpo.workbooks.layout import (
    GUIDE_NAME,
    LISTS_NAME,
    Choice,
    Field,
    SheetKind,
    Survey,
    SurveyRow,
    SurveySheet,
)

ROWS_TO_ADD = 5
"""So many milestones can be added."""
# Of the names of sheets in Excel.
_FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
_LONGEST_NAME = 31
_INDICATORS, _MILESTONES, _SUPPORTING = "成果指標", "節目", "参考"
_TAKEN = ("", "history", GUIDE_NAME, LISTS_NAME, _INDICATORS, _MILESTONES, _SUPPORTING)
_APART = "の調査"


def lay_out_survey(plan: Plan, fiscal_year: int, department: str) -> Survey:
    """Return what a department, or who prepares the report, is asked for a fiscal year of a plan.

    A sheet without rows is left out. Raises ``UnknownYear`` if the plan has no tables of the
    fiscal year.
    """
    asked = gather_asked(plan, fiscal_year)
    sheets = (
        _lay_out_items(asked, department),
        _lay_out_indicators(asked, department),
        _lay_out_milestones(asked, department),
        _lay_out_supporting(asked, department),
    )
    name = name_asked(plan, department)
    return Survey(plan.id, fiscal_year, department, name, tuple(s for s in sheets if s.rows))


def identify_milestone(subject: str, text: str) -> str:
    """Return the id of a milestone's row: its subject and a digest of its text.

    >>> identify_milestone("i1-2-1-03", "地図データを公開").partition("#")[0]
    'i1-2-1-03'
    """
    return f"{subject}#{hash_text(text)[:8]}"


def _make_sheet(
    asked: Asked,
    department: str,
    kind: SheetKind,
    name: str,
    *,
    title: str,
    fields: tuple[Field, ...],
    rows: tuple[SurveyRow, ...],
    table: str = "",
) -> SurveySheet:
    place = (asked.plan.id, asked.fiscal_year, department)
    return SurveySheet(kind, name, title, table, fields, rows, *place)


def _name_sheet(word: str) -> str:
    """Return a word as the name of a sheet: one that Excel takes and no other sheet has."""
    safe = word.translate(_FORBIDDEN)[: _LONGEST_NAME - len(_APART)].strip()
    return f"{safe}{_APART}" if safe.casefold() in _TAKEN else safe


def _fill_rows(columns: list[Column], items: Sequence[Item]) -> tuple[SurveyRow, ...]:
    return tuple(
        SurveyRow(item.item, {field.key: show(item) for field, show in columns}) for item in items
    )


def _lay_out_items(asked: Asked, department: str) -> SurveySheet:
    columns = list_item_columns(asked, department)
    word = asked.plan.meta.terms.item
    return _make_sheet(
        asked,
        department,
        "items",
        _name_sheet(word),
        title=f"{asked.year}の{word}の進捗状況",
        fields=tuple(field for field, _ in columns),
        rows=_fill_rows(columns, asked.list_reported(department)),
        table="progress.csv",
    )


_VALUE_HINT = "値がないときは、未計測、未確定、該当なしのいずれかを書く"


def _lay_out_indicators(asked: Asked, department: str) -> SurveySheet:
    own = [
        each
        for each in _assess(asked.plan, asked.fiscal_year)
        if department in asked.ask(each.indicator)
    ]
    shown = (
        Field("name", "指標", "shown", width=40),
        Field("unit", "単位", "shown", width=8),
        Field("baseline", "基準値", "shown", width=20),
        Field("last", "前回の値", "shown", width=20),
        Field("targets", "目標値", "shown", width=28),
    )
    value = Field("value", f"{asked.year}の値", "value", hint=_VALUE_HINT, width=20)
    return _make_sheet(
        asked,
        department,
        "indicators",
        _INDICATORS,
        title=f"{asked.year}の成果指標の値",
        fields=(*shown, value),
        rows=tuple(SurveyRow(each.indicator, _tell_indicator(asked, each)) for each in own),
        table="actuals.csv",
    )


@lru_cache(maxsize=4)  # for every department anew
def _assess(plan: Plan, fiscal_year: int) -> tuple[Assessment, ...]:
    return assess_indicators(plan, fiscal_year)


def _tell_indicator(asked: Asked, each: Assessment) -> dict[str, str]:
    before = [(year, value) for year, value in each.history if year < asked.fiscal_year]
    return {
        "name": each.name,
        "unit": each.unit,
        "baseline": _date_value(each.baseline, each.unit, each.baseline_year),
        "last": _date_value(before[-1][1], each.unit, before[-1][0]) if before else "",
        "targets": "\n".join(_date_value(t.value, each.unit, t.fiscal_year) for t in each.targets),
        "value": _find_given(asked, each),
    }


def _date_value(value: Value | None, unit: str, fiscal_year: int) -> str:
    """Return a value with its fiscal year: 「46.0％（令和3年度）」."""
    return f"{format_value(value, unit)}（{fiscal_year_label(fiscal_year)}）" if value else ""


def _find_given(asked: Asked, each: Assessment) -> str:
    """Return what the year's table holds of an indicator, "" if nothing."""
    rows = asked.plan.years[asked.fiscal_year].actuals
    if each.indicator not in set(rows["indicator"]):
        return ""
    return show_value(each.actual) if each.actual else MISSING_WORDS.get(each.missing, "")


def show_value(value: Value) -> str:
    """Return a value as one writes it into a cell, without its unit: 「約1,710,000」, 「0/15」."""
    rest = f"/{value.denominator:,f}" if value.denominator is not None else ""
    return f"{'約' if value.approximate else ''}{value.value:,f}{rest}"


def _lay_out_milestones(asked: Asked, department: str) -> SurveySheet:
    plan, subjects = asked.plan, _list_subjects(asked, department)
    own = [each for each in asked.milestones if department in asked.ask(each.subject)]
    used = any(len(tables.milestones) for tables in plan.years.values())
    blank = [SurveyRow("", {})] * (ROWS_TO_ADD if used and subjects else 0)
    states = tuple(Choice(value, label) for value, label in wording.MILESTONE_WORDS.items())
    moved = f"「{wording.MILESTONE_WORDS['revised']}」としたときは、変更後の時期を必ず書く"
    fields = (
        Field("subject", plan.meta.terms.item, "choice", subjects, width=44, only_added=True),
        Field("text", "節目（何をするか）", "text", width=44, only_added=True),
        Field("last_date", "前回の時期", "shown", width=16),
        Field("state", "状況", "choice", states, width=10),
        Field("date", "時期", "time", (), {"state": ("revised",)}, moved, width=20),
    )
    return _make_sheet(
        asked,
        department,
        "milestones",
        _MILESTONES,
        title=f"{asked.year}末現在の節目",
        fields=fields,
        rows=(*(_tell_milestone(asked, each) for each in own), *blank),
        table="milestones.csv",
    )


def _list_subjects(asked: Asked, department: str) -> tuple[Choice, ...]:
    """Return what the department may date: items, and what else is its own."""
    named = asked.subjects.items()
    others = [Choice(name, title) for name, title in named if department in asked.ask(name)]
    items = (
        Choice(item.item, f"{asked.numbers[item.item]} {item.title}".lstrip())
        for item in asked.list_reported(department)
    )
    return (*items, *others)


def _tell_milestone(asked: Asked, each: Milestone) -> SurveyRow:
    """Return a milestone's row, filled in as far as the year's own table says something new of it.

    What is still planned for the day of the year before was carried over, not answered: also where
    that day was new then.
    """
    last = asked.milestones_before.get((each.subject, each.text))
    former = last.when if last else each.former
    cells = {
        "subject": each.subject,
        "text": each.text,
        "last_date": former.label if former else "",
    }
    if last is None or each.state == "done" or each.when != last.when:
        cells |= {"state": each.state, "date": each.when.label}
    return SurveyRow(identify_milestone(each.subject, each.text), cells)


def _lay_out_supporting(asked: Asked, department: str) -> SurveySheet:
    """Lay out what is shown for information: items of others, and items that are listed again."""
    terms = asked.plan.meta.terms
    reported = {item.item for item in asked.list_reported(department)}
    items = [
        item
        for item in asked.items
        if department in (*asked.leads[item.item], *asked.supports[item.item])
        and item.item not in reported
    ]

    def tell_why(item: Item) -> str:
        if item.relisted_from:
            original = asked.numbers.get(item.relisted_from) or asked.titles[item.relisted_from]
            return f"再掲（{original}で報告する）"
        return f"{terms.supporting}として関わる"

    columns: list[Column] = [
        *describe_items(asked),
        (
            Field("others", f"{terms.lead}（{terms.supporting}）", "shown", width=28),
            lambda item: tell_others(asked, item, ""),
        ),
        (Field("planned", f"{asked.year}の予定", "shown", width=36), lambda item: item.planned),
        (Field("why", "載せる理由", "shown", width=24), tell_why),
    ]
    kept = keep_told(columns, items)
    return _make_sheet(
        asked,
        department,
        "supporting",
        _SUPPORTING,
        title=f"参考（記入の必要はない{terms.item}）",
        fields=tuple(field for field, _ in kept),
        rows=_fill_rows(kept, items),
    )
