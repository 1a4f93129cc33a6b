"""Numbers → Japanese text: the one place for rounding, units and terms.

Rounding is 四捨五入 (half up, in decimal), never Python's half-even on binary floats.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from nenpo.analysis.figures import Figure
from nenpo.analysis.indicators import Assessment, TargetProgress
from nenpo.analysis.items import Item
from nenpo.data.plan import INFERRED
from nenpo.data.schema.declarations import PlanMeta, StatusMark
from nenpo.language.fiscal import date_label, fiscal_year_label, month_label
from nenpo.language.numbers import (
    MISSING_WORDS,
    format_number,
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
# Said of values that should rise and of those that should fall: not 「下回る」, which a number of
# accidents above the line does not do.
SIDE_WORDS = {"above": "届く", "on": "届く", "below": "届かない", "none": NOT_COMPARABLE}
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
MILESTONE_WORDS = {"planned": "予定", "revised": "変更", "done": "済"}
FIGURE_KIND_WORDS = {
    "actual": "実績",
    "target": "目標",
    "plan": "予定",
    "capacity": "能力",
    "budget": "予算",
    "reference": "参考",
}
UNDATED = "時期の記載なし"


def explain_inferred(names: Iterable[str]) -> str:
    """Return what ＊ behind a name means, "" where no name has it.

    :attr:`~nenpo.data.plan.Plan.department_names` are the names, as documents show them.
    """
    marked = any(name.endswith(INFERRED) for name in names)
    return f"{INFERRED}は資料の表記から推定した名称である。" if marked else ""


def count_parts(count: int, noun: str, counter: str = "") -> str:
    """Return so many parts of a plan: 「3分野」, 「8項目」 with its counter, 「成果目標4件」.

    A noun of one to three kanji counts as it is; behind a longer one, 件 does.
    """
    if counter:
        return f"{count}{counter}"
    return f"{count}{noun}" if re.fullmatch("[一-龥]{1,3}", noun) else f"{noun}{count}件"


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


def name_standing(assessment: Assessment) -> str:
    """Return 到達, 改善, 横ばい, 悪化; or why there is none: no value, or nothing to compare."""
    if assessment.standing != "none":
        return STANDING_WORDS[assessment.standing]
    return MISSING_WORDS[assessment.missing] if assessment.missing else NOT_COMPARABLE


def round_expected(assessment: Assessment, target: TargetProgress) -> Value | None:
    """Return where the line to a target stands in the year, as documents show it: 54.4.

    With the decimals of the values that it comes from, the finest 約 value's before all; with
    more where it would read as the actual value, on which the line does not stand.
    """
    expected, baseline, actual = target.line.expected, assessment.baseline, assessment.actual
    if expected is None or baseline is None:
        return None
    rough = [value.value for value in (baseline, target.value) if value.approximate]
    stated = [value.value for value in (baseline, target.value, actual) if value]
    places = _count_places(expected, rough, stated)
    shown = round_half_up(expected, places)
    while actual and shown == actual.value != expected and places < _MOST_PLACES:
        places += 1
        shown = round_half_up(expected, places)
    # A percentage is written with its decimals, a count is not: 28, not 28.0.
    value = shown if assessment.unit == "%" else shown.normalize()
    return Value(value, baseline.denominator, bool(rough))


# Below this a whole number hides too much of where a line stands: 2.7 of 4 partners.
_SMALL = 100
_MOST_PLACES = 6


def _count_places(expected: Decimal, rough: Sequence[Decimal], stated: Sequence[Decimal]) -> int:
    """Return with how many decimals a number between others is shown; −2 is in hundreds."""
    if rough:
        return max(-int(number.normalize().as_tuple().exponent) for number in rough)
    places = max(0, *(-int(number.as_tuple().exponent) for number in stated))
    return 1 if places == 0 and abs(expected) < _SMALL else places


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


def label_good(meta: PlanMeta) -> str:
    """Return what a figure of those with a good mark counts: 予定どおり; "" without such a mark."""
    labels = (entry.label for entry in meta.status_scale if entry.tone == "good")
    return meta.status_words.good or "・".join(labels)


def name_late(meta: PlanMeta) -> str:
    """Return what is behind in the plan's words (「遅れ・未着手」), else by the marks' labels."""
    words = [f"「{e.label}」" for e in meta.status_scale if e.tone in ("caution", "bad")]
    put_back = meta.status_words.changed or not words
    return meta.status_words.late or "・".join(
        [*words, *([SHIFT_WORDS["behind"]] * bool(put_back))]
    )


def name_off_state(meta: PlanMeta, item: Item) -> str:
    """Return in a word how an item stands whose mark is not good: 「遅れ・未着手」, 「前倒し」.

    Where the plan has no word for what is behind, it is the label of the mark, in quotes.
    """
    entry = mark_of(meta, item.status)
    warned = entry.tone in ("caution", "bad") or item.shift == "behind"
    if item.shift != "ahead" and warned and meta.status_words.late:
        return meta.status_words.late
    if item.shift:
        return SHIFT_WORDS[item.shift]
    shown = format_status(meta, item).removeprefix(item.status).strip()
    return shown or f"「{entry.label}」"


def speak_marks(meta: PlanMeta) -> dict[str, str]:
    """Return the words that a screen reader says for each mark that is not a word itself."""
    return {e.mark: e.label for e in meta.status_scale if e.mark != e.label}


def clip(text: str, longest: int) -> str:
    """Return the text, or as much of its beginning as ``longest`` characters with … hold."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


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
    """Return an item's title behind its label, as :func:`format_bare_title` has it."""
    return f"{item.label} {format_bare_title(item)}".lstrip()


def format_bare_title(item: Item) -> str:
    """Return an item's title, with who else carries it out （国） and 【新規】【拡充】 in front."""
    other = f"（{item.actor_label}）" if item.actor_label else ""
    return f"{other}{SCOPE_WORDS.get(item.scope, '')}{item.title}"


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
