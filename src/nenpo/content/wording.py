"""Numbers → Japanese text: the one place for rounding, units and terms.

Rounding is 四捨五入 (half up, in decimal), never Python's half-even on binary floats.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from nenpo.analysis.figures import Figure
from nenpo.analysis.indicators import Assessment, TargetProgress
from nenpo.analysis.items import Item
from nenpo.data.schema.declarations import PlanMeta, StatusMark
from nenpo.language.fiscal import date_label, fiscal_year_label, month_label
from nenpo.language.numbers import (
    MISSING_WORDS,
    format_number,
    format_ratio,
    format_value,
    round_half_up,
)
from nenpo.language.values import Value

NOT_STATED = "記載なし"
NO_REASON = "理由の記載なし"
NO_MARK = "進捗区分の記載なし"
NOT_REPORTED = "未報告"

STANDING_WORDS = {
    "reached": "到達",
    "improved": "改善",
    "level": "横ばい",
    "worse": "悪化",
}
NOT_COMPARABLE = "比較できない"
SHIFT_WORDS = {"ahead": "前倒し", "behind": "後ろ倒し"}
SCOPE_WORDS = {"new": "【新規】", "expanded": "【拡充】"}
WHY_NOT_WORDS = {
    "no_actual": "算出できない（実績の記載なし）",
    "no_baseline": "算出できない（基準値の記載なし）",
    "no_previous": "算出できない（前年度の値の記載なし）",
    "target_equals_baseline": "算出できない（目標値が基準値と同じ）",
    "denominator_changed": "算出できない（分母が異なる）",
}
ADHERENCE_WORDS = {"kept": "予定どおり", "changed": "変更", "not_comparable": "比較できない"}
FIGURE_KIND_WORDS = {
    "actual": "実績",
    "target": "目標",
    "plan": "予定",
    "capacity": "能力",
    "budget": "予算",
    "reference": "参考",
}
UNDATED = "時期の記載なし"


def format_change(assessment: Assessment) -> str:
    """Return the change since the previous year in the right unit: 「14.4ポイント増」."""
    change = assessment.change
    if change is None or assessment.actual is None or assessment.previous is None:
        return "—"
    if change == 0:
        return "増減なし"
    values = [v for v in (assessment.actual, assessment.previous) if v.approximate]
    direction = "増" if change > 0 else "減"
    size = _round_like(abs(change), values)
    about = "約" if values else ""
    return f"{about}{format_number(size)}{assessment.change_unit}{direction}"


def _round_like(number: Decimal, values: Sequence[Value]) -> Decimal:
    """Return a difference rounded to the coarsest of the 約 values that it comes from.

    約171万 − 1,461,063 is 約25万, not 約248,937; a difference below that grain is kept.
    """
    grain = max((int(v.value.normalize().as_tuple().exponent) for v in values), default=0)
    rounded = round_half_up(number.scaleb(-grain), 0).scaleb(grain) if grain > 0 else number
    return rounded or number


def format_course(assessment: Assessment) -> str:
    """Return both values and the change: 「14→15件（1件増）」.

    Where the year before has no value, the value compared with is named with its year.
    """
    unit = "％" if assessment.unit == "%" else assessment.unit
    after = format_value(assessment.actual, assessment.unit, assessment.missing)
    year = assessment.compared_year or assessment.previous_year
    compared = dict(assessment.history).get(year)
    if compared is None or assessment.actual is None:
        return after
    before = format_value(compared, assessment.unit).removesuffix(unit)
    if year != assessment.previous_year:
        return f"{before}（{fiscal_year_label(year)}）→{after}"
    return f"{before}→{after}（{format_change(assessment)}）"


def name_standing(assessment: Assessment) -> str:
    """Return 到達, 改善, 横ばい, 悪化; or why there is none: no value, or nothing to compare."""
    if assessment.standing != "none":
        return STANDING_WORDS[assessment.standing]
    return MISSING_WORDS[assessment.missing] if assessment.missing else NOT_COMPARABLE


def format_achievement(assessment: Assessment, target: TargetProgress) -> str:
    """Return the progress from the baseline to a target; a reason where there is none.

    A value that moved away from its target is told by its values, not by a negative percent.
    """
    if target.achievement is None:
        return WHY_NOT_WORDS[target.why_not]
    if target.achievement < 0:
        return f"目標と逆方向（{format_change(assessment)}）"
    return format_ratio(target.achievement, approximate=target.approximate)


def format_counts(counts: Mapping[str, int]) -> str:
    """Return the marks that occur with their counts: 「◎86 ○4 ×1」."""
    return " ".join(f"{mark}{count}" for mark, count in counts.items() if count)


def format_status(meta: PlanMeta, item: Item) -> str:
    """Return a mark with what it needs to be understood: 「○ 変更（前倒し）」.

    Where the plan declares that a neutral mark says "changed" only, its direction always stands
    beside it.
    """
    if not item.status:
        return NO_MARK
    if item.shift:
        return f"{item.status} {name_shift(meta, item.shift)}"
    changed = meta.status_words.changed
    told = changed and mark_of(meta, item.status).tone == "neutral"
    return f"{item.status} {changed}（方向の記載なし）" if told else item.status


def name_shift(meta: PlanMeta, shift: str) -> str:
    """Return the direction of a change of schedule: 「変更（前倒し）」."""
    changed, direction = meta.status_words.changed, SHIFT_WORDS[shift]
    return f"{changed}（{direction}）" if changed else direction


def name_off(meta: PlanMeta) -> str:
    """Return the items without a good mark, in the plan's words: 「スケジュールどおりでない取組」.

    Without such words they are named by the marks: 「A・B以外の取組」.
    """
    joined = "" if meta.status_words.not_good else "の"
    return f"{head_off(meta)}{joined}{meta.terms.item}"


def head_off(meta: PlanMeta) -> str:
    """Return how a column of their counts is headed: 「スケジュールどおりでない」, 「A・B以外」."""
    good = [entry.mark for entry in meta.status_scale if entry.tone == "good"]
    return meta.status_words.not_good or (f"{'・'.join(good)}以外" if good else "進捗区分付き")


def mark_of(meta: PlanMeta, status: str) -> StatusMark:
    """Return the entry of the status scale for a mark."""
    return next(entry for entry in meta.status_scale if entry.mark == status)


def format_legend(meta: PlanMeta) -> str:
    """Return the legend of the status scale in one line."""
    return "　".join(name_mark(entry) for entry in meta.status_scale)


def name_mark(entry: StatusMark) -> str:
    """Return a mark with its label; a mark that is its own label (順調) once."""
    return entry.mark if entry.mark == entry.label else f"{entry.mark} {entry.label}"


def format_title(item: Item) -> str:
    """Return an item's title, with who else carries it out （国） and 【新規】【拡充】 in front."""
    other = f"（{item.actor_label}）" if item.actor_label else ""
    label = f"{item.label} " if item.label else ""
    return f"{label}{other}{SCOPE_WORDS.get(item.scope, '')}{item.title}"


def format_labelled(item: Item) -> str:
    """Return an item's title after the label of its measure."""
    return f"{item.measure_label} {format_title(item)}"


def name_figure(figure: Figure) -> str:
    """Return what a figure counts, behind whose it is if not the municipality's: 全国の…."""
    return f"{figure.owner}の{figure.title}" if figure.owner else figure.title


def format_figure(figure: Figure) -> str:
    """Return the value of a figure: 「最大約2万件」「延べ174人」「5/35手続」「令和7年度」."""
    value = figure.value
    if figure.unit == "年度":
        return fiscal_year_label(int(value.value))
    about = "約" if value.approximate else ""
    before = {"max": "最大", "gross": "延べ"}.get(figure.bound, "")
    after = "以上" if figure.bound == "min" else ""
    unit = "％" if figure.unit == "%" else figure.unit
    number = f"{value.value:f}" if unit == "％" else format_number(value.value)
    if value.denominator is not None:
        number += f"/{format_number(value.denominator)}"
    return f"{before}{about}{number}{unit}{after}"


def format_when(figure: Figure) -> str:
    """Return the time of a figure: 「令和2年度」「令和3年6月現在」「令和3年5月〜9月」."""
    if figure.timing == "undated":
        return UNDATED
    if figure.timing == "year" or figure.begin is None:
        return fiscal_year_label(int(figure.fiscal_year or 0))
    begin = _format_day(figure.begin)
    if figure.timing == "as_of":
        return f"{begin}現在"
    if figure.end is None:
        return begin
    end = _format_day(figure.end)
    same_year = begin.partition("年")[0] == end.partition("年")[0]
    return f"{begin}〜{end.partition('年')[2] if same_year else end}"


def _format_day(day: int) -> str:
    text = str(day)
    year, month = int(text[:4]), int(text[4:6])
    if len(text) == 6:
        return month_label(year, month)
    return date_label(date(year, month, int(text[6:])))
