"""Indicators → sentences: how each stands, how far it has come, how that is computed."""

from collections.abc import Sequence
from decimal import Decimal

from nenpo.analysis.indicators import Assessment, TargetProgress
from nenpo.content import wording
from nenpo.content.display import Nothing, Sentences
from nenpo.data.schema.declarations import StandingRule
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS, format_ratio, format_value


def list_standings(assessments: Sequence[Assessment]) -> Sentences | Nothing:
    """Return the indicators by how they stand, with their values."""
    if not assessments:
        return Nothing("no indicator")
    lines = tuple(
        f"{word}：{'／'.join(_tell_briefly(entry) for entry in entries)}"
        for word, entries in _group_by_standing(assessments).items()
    )
    return Sentences(lines, role="list")


def count_standings(assessments: Sequence[Assessment]) -> str:
    """Return one sentence on how many indicators stand how, "" without any."""
    if not assessments:
        return ""
    counts = []
    for word, entries in _group_by_standing(assessments).items():
        # One indicator is named with its value; several are counted here and listed below.
        named = f"（{_tell_briefly(entries[0])}）" if len(entries) == 1 else ""
        counts.append(f"{word}{len(entries)}項目{named}")
    return f"成果指標は{len(assessments)}項目で、{'、'.join(counts)}である。"


def _group_by_standing(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    order = [*wording.STANDING_WORDS.values(), *MISSING_WORDS.values()]
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
    actual = format_value(entry.actual, entry.unit)
    goal = format_value(target.value, entry.unit)
    return f"{entry.name} {actual}、{fiscal_year_label(target.fiscal_year)}目標{goal}"


def tell_indicator(entry: Assessment, fiscal_year: int) -> Sentences:
    """Return the paragraph on one indicator: value, change, and progress to each target."""
    actual = format_value(entry.actual, entry.unit, entry.missing)
    before = format_value(entry.previous, entry.unit)
    label = fiscal_year_label(fiscal_year)
    earlier = fiscal_year_label(entry.previous_year)
    if entry.actual is None:
        known = f"（{earlier}は{before}）" if entry.previous else ""
        lacking = "増減及び進捗率" if entry.targets else "増減"
        stated = "資料に記載がなく" if entry.missing == "not_stated" else f"「{actual}」であり"
        first = f"{label}の実績は{stated}{known}、{lacking}は算出できない。"
    elif entry.previous is None or entry.change is None:
        first = f"{label}の実績は{actual}で、{_tell_compared(entry, earlier)}"
    else:
        standing = wording.name_standing(entry)
        moved = f"{wording.format_change(entry)}である" if entry.change else "増減はない"
        first = f"{label}の実績は{actual}で、{earlier}の{before}から{moved}（{standing}）。"
    told = [_tell_target(entry, target) for target in entry.targets if entry.actual]
    word = f"計画の基準による判定は「{entry.word}」である。" if entry.word else ""
    return Sentences(("".join([first, *told, word, _tell_predecessor(entry)]),))


def _tell_compared(entry: Assessment, earlier: str) -> str:
    """Return what a value without one of the year before is compared with, if anything."""
    if entry.compared_year is None:
        return f"{earlier}と比較できる値はない。"
    value = format_value(dict(entry.history)[entry.compared_year], entry.unit)
    year = fiscal_year_label(entry.compared_year)
    standing = wording.name_standing(entry)
    return f"{earlier}と比較できる値はなく、{year}の{value}と比べて{standing}である。"


def _tell_predecessor(entry: Assessment) -> str:
    former = entry.predecessor
    if former is None:
        return ""
    told = f"この指標は定義を改めたもので、改める前の「{former.name}」とは比べない"
    if former.value is None or former.fiscal_year is None:
        return f"{told}。"
    value = format_value(former.value, former.unit)
    return f"{told}（{fiscal_year_label(former.fiscal_year)}は{value}）。"


def _tell_target(entry: Assessment, target: TargetProgress) -> str:
    goal = format_value(target.value, entry.unit)
    name = f"{fiscal_year_label(target.fiscal_year)}目標{goal}"
    if target.former is not None:
        before = format_value(target.former, entry.unit)
        name += f"（{fiscal_year_label(target.set_in)}に{before}から改定）"
    elapsed = format_ratio(target.elapsed)
    if target.achievement is None:
        return f"{name}への進捗率は{wording.WHY_NOT_WORDS[target.why_not]}。"
    if target.achievement < 0:
        return f"{name}に対しては、基準値から目標と逆方向に動いた（経過期間の割合は{elapsed}）。"
    achieved = wording.format_achievement(entry, target)
    return f"{name}に対する基準値からの進捗率は{achieved}である（経過期間の割合は{elapsed}）。"


def list_formulas(
    assessments: Sequence[Assessment], rules: Sequence[StandingRule]
) -> Sentences | Nothing:
    """Return how what is said of indicators is computed; ``rules`` are the plan's own words."""
    if not assessments:
        return Nothing("no indicator")
    lines = [
        "動きは、直近の目標値に届いたものを「到達」とし、そのほかは前年度の実績と比べて「改善」「横ばい」「悪化」とする。",
        "百分率は小数第2位を四捨五入し、「約」の付く値から求めたものは整数で示す。",
    ]
    if any(entry.targets for entry in assessments):
        lines = [
            "基準値からの進捗率＝（実績－基準値）÷（目標値－基準値）。100％を超える値も、負の値もそのまま用いる。",
            "経過期間の割合＝（報告年度－基準年度）÷（目標年度－基準年度）。",
            "実績÷目標値を達成率と呼ぶ例があるが、この文書では用いない。",
            *lines,
        ]
    return Sentences((*lines, *_explain_rules(rules)), role="list")


def _explain_rules(rules: Sequence[StandingRule]) -> list[str]:
    """Return the plan's declared words with their thresholds, the highest first."""
    if not rules:
        return []
    bounds = sorted((rule for rule in rules if rule.from_ is not None), key=_find_bound)
    told = [f"{format_ratio(_find_bound(r))}以上を「{r.word}」" for r in reversed(bounds)]
    told += [f"それより低いものを「{rule.word}」" for rule in rules if rule.from_ is None]
    return [
        "計画の基準による判定は、基準値からの進捗率÷経過期間の割合により、"
        + "、".join(told)
        + "とする。"
    ]


def _find_bound(rule: StandingRule) -> Decimal:
    return rule.from_ or Decimal(0)
