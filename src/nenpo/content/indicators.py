"""Indicators: how each stands beside the line to its target, how far it has come, and how so."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from nenpo.analysis.indicators import Assessment, TargetProgress
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import (
    Chart,
    Column,
    Group,
    HeaderCell,
    Nothing,
    Sentences,
    Table,
    Tile,
)
from nenpo.content.panels import Panel, YearValue, draw_panels
from nenpo.content.tables import list_things
from nenpo.data.schema.declarations import StandingRule
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS, format_ratio, format_value
from nenpo.language.values import Value

_MOST_BRIEF_ROWS = 10
_PANELS_A_CHART = 10
_OPPOSITE = "逆方向"
_LINE_FORMULA = (
    "線の値＝基準値＋（目標値－基準値）×経過期間の割合。"
    "実績がこれ以上（減少を目指す指標では、これ以下）であることを、線に届くという。",
)
_TellTarget = Callable[[Assessment, TargetProgress], str]


def finding(b: OpenBriefing) -> str:
    """Return in one sentence how many indicators reach the line to their target, "" without any.

    Where no line can be drawn, how many improved.
    """
    valued = [entry for entry in b.assessments if entry.actual]
    if not b.assessments:
        return ""
    if not valued:
        year = fiscal_year_label(b.fiscal_year)
        return f"指標{len(b.assessments)}件に、{year}の値のあるものはない。"
    held = [entry for entry in valued if entry.side != "none"]
    return _tell_sides(b, valued, held) + _tell_words(b) if held else _tell_moves(b, valued)


def _tell_words(b: OpenBriefing) -> str:
    """Return how many indicators stand how by the thresholds that the plan declares, if it does."""
    counts = Counter(entry.word for entry in b.assessments if entry.word)
    told = "、".join(f"{rule.word}{counts[rule.word]}件" for rule in _rank_rules(b) if counts)
    return f"計画の基準では、{told}である。" if told else ""


def _rank_rules(b: OpenBriefing) -> list[StandingRule]:
    """Return the plan's declared words, the highest threshold first."""
    rules = b.plan.meta.standing_rules
    return sorted(rules, key=lambda rule: (rule.from_ is None, -(rule.from_ or 0)))


def _tell_sides(b: OpenBriefing, valued: Sequence[Assessment], held: Sequence[Assessment]) -> str:
    """Return how many of the indicators that can be held against a line reach it."""
    below = [entry for entry in held if entry.side == "below"]
    among = f"{_name_scope(b, valued, held)}{len(held)}件"
    mark = _name_line(b, held)
    if len(held) == 1:
        among = f"{among}（{_name_value(held[0])}）"
        return f"{among}は、{mark}に{'届いていない' if below else '届いている'}。"
    if not below:
        return f"{among}は、いずれも{mark}に届いている。"
    if len(below) == len(held):
        return f"{among}は、いずれも{mark}に届いていない。"
    named = f"（{_name_value(below[0])}）" if len(below) == 1 else ""
    return f"{among}のうち{len(below)}件{named}は、{mark}に届いていない。"


def _name_scope(b: OpenBriefing, valued: Sequence[Assessment], held: Sequence[Assessment]) -> str:
    """Return of which indicators it is said that they reach their line."""
    if len(held) < len(valued):
        return "基準値、実績及び目標のそろう指標"
    return "指標" if len(valued) == len(b.assessments) else "値のある指標"


def _name_line(b: OpenBriefing, held: Sequence[Assessment]) -> str:
    """Return 「基準値と令和5年度目標を結ぶ線」; the target alone once its year has come."""
    years = {entry.next_target.fiscal_year for entry in held if entry.next_target}
    if len(years) > 1:
        return "基準値と直近の目標を結ぶ線"
    target = f"{fiscal_year_label(min(years))}目標"
    return f"基準値と{target}を結ぶ線" if min(years) > b.fiscal_year else target


_MOVED = {
    "到達": "目標に到達した",
    "改善": "改善した",
    "横ばい": "横ばいである",
    "悪化": "悪化した",
}


def _tell_moves(b: OpenBriefing, valued: Sequence[Assessment]) -> str:
    """Return how many indicators moved how, where no line to a target can be drawn."""
    moved = _group_by_standing(valued)
    moved.pop(wording.NOT_COMPARABLE, None)
    among = f"{'指標' if len(valued) == len(b.assessments) else '値のある指標'}{len(valued)}件"
    compared = [entry for entries in moved.values() for entry in entries]
    before = {entry.compared_year for entry in compared} - {None}
    earlier = "前年度" if before <= {b.fiscal_year - 1} else "以前"
    if not compared:
        return f"{among}に、{earlier}の値と比較できるものはない。"
    if len(compared) < len(valued):
        among += f"のうち{earlier}の値と比較できる{len(compared)}件"
    if len(moved) > 1:
        counts = "、".join(f"{word}{len(entries)}件" for word, entries in moved.items())
        return f"{among}は、{counts}である。"
    (word,) = moved
    if len(compared) == 1:
        return f"{among}（{_name_value(compared[0])}）は、{_MOVED[word]}。"
    return f"{among}は、いずれも{_MOVED[word]}。"


def _name_value(entry: Assessment) -> str:
    return f"{entry.name} {format_value(entry.actual, entry.unit)}"


def tiles(b: OpenBriefing) -> tuple[Tile, ...]:
    """Return how many indicators reach their line and how many do not, else how they moved."""
    sides = [entry.side for entry in b.assessments if entry.side != "none"]
    below = sides.count("below")
    if sides:
        reached = Tile(str(len(sides) - below), "線に届く指標", "件", "good")
        return reached, Tile(str(below), "線に届かない指標", "件", "caution" if below else "")
    return tuple(
        Tile(str(len(entries)), f"指標　{word}", "件")
        for word, entries in _group_by_standing(b.assessments).items()
        if word in wording.STANDING_WORDS.values()
    )


def brief(b: OpenBriefing) -> Table | Nothing:
    """Return one line an indicator for page one, first those that do not reach their line."""
    if not b.assessments:
        return Nothing("成果指標がない")
    ordered = sorted(b.assessments, key=_rank_urgency)
    shown = ordered[:_MOST_BRIEF_ROWS]
    lined = [entry for entry in shown if entry.side != "none"]
    aims = [entry.next_target for entry in lined or shown if entry.next_target]
    years = sorted({aim.fiscal_year for aim in aims})
    # Those of another year are named with it.
    apart = any(entry.next_target and entry.next_target.fiscal_year not in years for entry in shown)
    columns: list[tuple[Column, Callable[[Assessment], str]]] = [
        (Column("指標", width=24), attrgetter("name")),
        (Column("前年度→当年度", "right", 8, "number"), _show_course),
        *([(_head_next(years, apart=apart), partial(_show_next, years))] if years else []),
        (Column("線との比較" if lined else "動き", width=8.6), _show_pace),
    ]
    found = list_things(
        f"指標の状況（{_explain_line(b, years)}）" if lined else "指標の動き",
        shown,
        *columns,
        kinds=tuple("attention" if entry.side == "below" else "body" for entry in shown),
    )
    more = len(ordered) - len(shown)
    return replace(found, note=f"ほか{more}件は別紙に示す。" if more else "")


def _explain_line(b: OpenBriefing, years: Sequence[int]) -> str:
    """Return what the values of the report's year are held against."""
    target = "直近の目標" if len(years) > 1 else f"{fiscal_year_label(years[0])}目標"
    return f"括弧内は基準値と{target}を結ぶ線の{fiscal_year_label(b.fiscal_year)}の値"


def _head_next(years: Sequence[int], *, apart: bool) -> Column:
    label = f"{fiscal_year_label(years[0])}目標" if len(years) == 1 else "直近の目標"
    return Column(label, "right", 5.4 if len(years) == 1 and not apart else 9)


def _show_next(years: Sequence[int], entry: Assessment) -> str:
    target = entry.next_target
    if target is None:
        return "—"
    value = format_value(target.value, entry.unit)
    if target.fiscal_year in years and len(years) == 1:
        return value
    return f"{fiscal_year_label(target.fiscal_year)} {value}"


def _show_course(entry: Assessment) -> str:
    """Return both years' values with the unit once: 「31.6→46.0％」."""
    before, now = (format_value(value, entry.unit) for value in (entry.previous, entry.actual))
    unit = "％" if entry.unit == "%" else entry.unit
    return f"{before.removesuffix(unit) if entry.actual else before}→{now}"


def _rank_urgency(entry: Assessment) -> int:
    """Order what does not reach its line or got worse before the rest, what has no value last."""
    if entry.actual is None:
        return 3
    if entry.side == "below":
        return 0
    return 1 if entry.side == "none" and entry.standing == "worse" else 2


def _show_pace(entry: Assessment) -> str:
    """Return 「▼ 届かない（54.4％）」; without a line, how the value moved."""
    target = entry.next_target
    if entry.actual is None:
        return "値なし" if entry.missing == "not_stated" else MISSING_WORDS[entry.missing]
    if target is None or entry.side == "none":
        return wording.name_standing(entry)
    sign = "▼" if entry.side == "below" else "　"
    word = "目標に到達" if entry.standing == "reached" else wording.SIDE_WORDS[entry.side]
    line = format_value(wording.round_expected(entry, target), entry.unit)
    return f"{sign} {entry.word or word}" + (f"（{line}）" if word != "目標に到達" else "")


def table(b: OpenBriefing) -> Table | Nothing:
    """Return one row an indicator: values, targets, the lines and the progress to them, moves."""
    assessments = b.assessments
    if not assessments:
        return Nothing("成果指標がない")
    every = {target.fiscal_year for entry in assessments for target in entry.targets}
    years = _choose_years(every, b.fiscal_year)
    aims = {year: _target_columns(assessments, year) for year in years}
    words = any(entry.word for entry in assessments)
    judged = [(Column("判定", width=3.4), lambda entry: entry.word or "—")] if words else []
    shown = list_things(
        "指標の実績と目標",
        assessments,
        (Column("指標", width=21), attrgetter("name")),
        (Column("単位", width=2.4), _show_unit),
        *_value_columns(b.fiscal_year, _show_number),
        *(column for columns in aims.values() for column in columns),
        (Column("動き", "center", 3.4), lambda e: wording.name_standing(e) if e.actual else "—"),
        *judged,
        groups=(
            HeaderCell("", 2),
            HeaderCell("実績", 2),
            *(_head_target(assessments, year, len(aims[year])) for year in years),
            HeaderCell("", 1 + len(judged)),
        ),
    )
    notes = [_explain_table(b, shown), *map(_remark, assessments)]
    if len(every) > len(years):
        notes.append("このほかの年度の目標は図に示す。")
    return replace(shown, note="\n".join(filter(None, notes)))


def _choose_years(years: Iterable[int], fiscal_year: int) -> list[int]:
    """Return the target years that a page has room for: the nearest and the last."""
    known = sorted(years)
    nearest = next((year for year in known if year >= fiscal_year), None)
    return known if len(known) <= 2 else sorted({nearest or known[-2], known[-1]})


def _value_columns(
    fiscal_year: int, show: Callable[[Value | None, str, str], str]
) -> list[tuple[Column, Callable[[Assessment], str]]]:
    """Return the columns of the year before and of the year."""
    before, now = (
        Column(fiscal_year_label(year), "right", 4.6) for year in (fiscal_year - 1, fiscal_year)
    )
    return [
        (before, lambda entry: show(entry.previous, entry.unit, "")),
        (now, lambda entry: show(entry.actual, entry.unit, entry.missing)),
    ]


def _show_unit(entry: Assessment) -> str:
    return entry.unit.replace("%", "％")


def _show_number(value: Value | None, unit: str, missing: str = "") -> str:
    """Return a value without its unit, but with the decimals of a percentage."""
    return format_value(value, unit if unit == "%" else "", missing).removesuffix("％")


def _explain_table(b: OpenBriefing, shown: Table) -> str:
    """Return how to read what stands in the table: lines, shares, those of 約 values, the dash."""
    targets = [target for entry in b.assessments for target in entry.targets]
    cells = {cell for row in shown.rows for cell in row}
    labels = {column.label for column in shown.columns}
    # The formulas stand in the paper on the whole plan.
    where = "" if b.department else "（算式は参考）"
    meant = {
        "線": f"線は基準値と目標値を結ぶ直線の{fiscal_year_label(b.fiscal_year)}の値",
        "進捗率": f"進捗率は基準値からの進捗率、経過は経過期間の割合{where}",
    }
    heads = "、".join(told for label, told in meant.items() if label in labels)
    told = (
        (f"{heads}である。", bool(heads)),
        (
            "約の付く値からの進捗率は整数で示した。",
            any(target.approximate and target.achievement is not None for target in targets),
        ),
        (f"{_OPPOSITE}は目標と反対の動きを表す。", _OPPOSITE in cells),
        ("—は値の記載がないことを表す。", "—" in cells),
    )
    return "".join(text for text, concerned in told if concerned)


def _remark(entry: Assessment) -> str:
    """Return what is to be known of one indicator beside its numbers, "" for nothing."""
    told = [_remark_target(entry, target) for target in entry.targets]
    told.append(_tell_predecessor(entry))
    remarks = "".join(filter(None, told))
    return f"「{entry.name}」：{remarks}" if remarks else ""


def _remark_target(entry: Assessment, target: TargetProgress) -> str:
    """Return that a target was set anew, or why there is no progress to it."""
    name = f"{fiscal_year_label(target.fiscal_year)}目標"
    told = ""
    if target.former is not None:
        before = format_value(target.former, entry.unit)
        told = f"{name}は{fiscal_year_label(target.set_in)}に{before}から改定された。"
    if target.why_not not in ("", "no_actual"):
        told += f"{name}への進捗率は{wording.WHY_NOT_WORDS[target.why_not]}。"
    return told


def _tell_predecessor(entry: Assessment) -> str:
    former = entry.predecessor
    if former is None:
        return ""
    told = f"定義を改めた指標であり、改める前の「{former.name}」とは比べない"
    if former.value is None or former.fiscal_year is None:
        return f"{told}。"
    value = format_value(former.value, former.unit)
    return f"{told}（{fiscal_year_label(former.fiscal_year)}は{value}）。"


def _head_target(assessments: Sequence[Assessment], fiscal_year: int, span: int) -> HeaderCell:
    """Return 「令和5年度（経過33.3％）」; without the share above one column or of several."""
    found = (entry.find_target(fiscal_year) for entry in assessments)
    shares = {target.elapsed for target in found if target}
    told = f"（経過{format_ratio(shares.pop())}）" if len(shares) == 1 and span > 1 else ""
    return HeaderCell(f"{fiscal_year_label(fiscal_year)}{told}", span)


def _target_columns(
    assessments: Sequence[Assessment], fiscal_year: int
) -> list[tuple[Column, Callable[[Assessment], str]]]:
    """Return what is told of one year's targets: the columns that say something of any."""

    def show(tell: _TellTarget) -> Callable[[Assessment], str]:
        def show_one(entry: Assessment) -> str:
            target = entry.find_target(fiscal_year)
            return tell(entry, target) if target else "—"

        return show_one

    told = {"目標": _show_target, "線": _show_line, "進捗率": _show_progress}
    columns = [(Column(label, "right", 4.2), show(tell)) for label, tell in told.items()]
    return [(column, tell) for column, tell in columns if {*map(tell, assessments)} != {"—"}]


def _show_target(entry: Assessment, target: TargetProgress) -> str:
    return _show_number(target.value, entry.unit)


def _show_line(entry: Assessment, target: TargetProgress) -> str:
    expected = wording.round_expected(entry, target)
    return _show_number(expected, entry.unit)


def _show_progress(_: Assessment, target: TargetProgress) -> str:
    share = target.achievement
    if share is None:
        return "—"
    return _OPPOSITE if share < 0 else format_ratio(share, approximate=target.approximate)


def panels(b: OpenBriefing) -> Group | Nothing:
    """Return the indicators as small panels, ten a chart, and in a line those without a value.

    A single value makes no course, and a panel would say no more than the table.
    """
    drawn = [
        Panel(entry, _head_panel(entry))
        for entry in b.assessments
        if entry.actual and len(entry.history) + len(entry.targets) > 1
    ]
    if not drawn:
        return Nothing("二つ以上の値のある指標がない")
    parts: list[Sentences | Chart] = [
        _draw_chart(b, drawn[start : start + _PANELS_A_CHART])
        for start in range(0, len(drawn), _PANELS_A_CHART)
    ]
    absent = [entry for entry in b.assessments if entry.actual is None]
    if absent:
        told = "、".join(map(_name_absent, absent))
        year = fiscal_year_label(b.fiscal_year)
        parts.append(Sentences((f"{year}の値のない指標：{told}。",), role="note"))
    return Group(tuple(parts))


def _head_panel(entry: Assessment) -> tuple[str, ...]:
    """Return a panel's title, which is its finding: name and value, then beside which line."""
    told = _tell_side(entry)
    return (_name_value(entry), *([told] if told else []))


def _tell_side(entry: Assessment) -> str:
    """Return 「令和5年度目標への線（54.4％）に届かない」; also of a later line that differs."""
    if entry.actual is None:
        return ""
    target = entry.next_target
    if target is None or target.line.side == "none":
        return "" if entry.change is None else _tell_change(entry)
    below = target.line.side == "below"
    later = next((t for t in entry.targets if _differs(t, target)), None)
    other = f"{_name_target_line(entry, later)}に" if later else ""
    first = f"{_name_target_line(entry, target)}に"
    if below:
        return f"{first}届かず、{other}は届く" if later else f"{first}届かない"
    reached = "届く"
    if entry.standing == "reached":
        goal = format_value(target.value, entry.unit)
        first = f"{fiscal_year_label(target.fiscal_year)}目標（{goal}）に"
        reached = "到達した"
    return f"{first}{reached}が、{other}は届かない" if later else f"{first}{reached}"


def _differs(target: TargetProgress, nearest: TargetProgress) -> bool:
    """Tell whether the value lies on another side of a later line than of the nearest."""
    reach = (nearest.line.side == "below", target.line.side == "below")
    return target.fiscal_year > nearest.fiscal_year and reach[0] != reach[1]


def _name_target_line(entry: Assessment, target: TargetProgress) -> str:
    line = format_value(wording.round_expected(entry, target), entry.unit)
    return f"{fiscal_year_label(target.fiscal_year)}目標への線（{line}）"


def _tell_change(entry: Assessment) -> str:
    moved = wording.format_change(entry) if entry.change else "増減なし"
    return f"{fiscal_year_label(entry.previous_year)}から{moved}（{wording.name_standing(entry)}）"


def _name_absent(entry: Assessment) -> str:
    """Return the name of an indicator without a value, with the reason where one is stated."""
    stated = entry.missing not in ("", "not_stated")
    return f"{entry.name}（{MISSING_WORDS[entry.missing]}）" if stated else entry.name


def _draw_chart(b: OpenBriefing, drawn: Sequence[Panel]) -> Chart:
    svg, width = draw_panels(drawn)
    aimed = any(panel.targets for panel in drawn)
    lined = any([*panel.lines] for panel in drawn)
    signs = [
        "●実績",
        *(["◇目標"] if aimed else []),
        *(["破線は基準値と目標値を結ぶ線"] if lined else []),
    ]
    told = "".join(map(_describe_panel, drawn))
    return Chart(
        svg=svg,
        alt=f"{finding(b)}指標{len(drawn)}件の折れ線グラフ。{told}",
        caption=f"指標の推移（{'　'.join(signs)}）",
        width=width,
    )


def _describe_panel(panel: Panel) -> str:
    """Return a panel's finding and the values that it shows."""

    def tell(values: Sequence[YearValue]) -> str:
        unit = panel.entry.unit
        return "、".join(
            f"{fiscal_year_label(y)} {format_value(value, unit)}" for y, value in values
        )

    kinds = (("実績", panel.actual), ("目標", panel.targets))
    values = "。".join(f"{kind}は{tell(found)}" for kind, found in kinds if found)
    return f"{'、'.join(panel.title)}。{values}。"


def formulas(b: OpenBriefing) -> Sentences | Nothing:
    """Return how what is said of indicators is computed, the plan's own words included."""
    if not b.assessments:
        return Nothing("成果指標がない")
    lines = [
        _explain_standings(b.assessments),
        "百分率は小数第2位を四捨五入し、「約」の付く値から求めたものは整数で示す。",
    ]
    if any(entry.targets for entry in b.assessments):
        lines = [
            "基準値からの進捗率＝（実績－基準値）÷（目標値－基準値）。100％を超える値も、負の値もそのまま用いる。",
            "経過期間の割合＝（報告年度－基準年度）÷（目標年度－基準年度）。",
            *(_LINE_FORMULA if any(entry.side != "none" for entry in b.assessments) else ()),
            "実績÷目標値を達成率と呼ぶ例があるが、この文書では用いない。",
            *lines,
        ]
    return Sentences((*lines, *_explain_rules(_rank_rules(b))), role="list")


def _explain_standings(assessments: Sequence[Assessment]) -> str:
    """Return what the words for a move compare: targets, and years, as far as there are some."""
    reached = any(entry.targets for entry in assessments)
    older = any(entry.compared_year not in (None, entry.previous_year) for entry in assessments)
    base = "前年度の実績（前年度と比べられないものは、基準年度の値）" if older else "前年度の実績"
    first = "直近の目標値に届いたものを「到達」とし、そのほかは" if reached else ""
    return f"動きは、{first}{base}と比べて「改善」「横ばい」「悪化」とする。"


def _explain_rules(rules: Sequence[StandingRule]) -> list[str]:
    """Return the plan's declared words with their thresholds, the highest first."""
    if not rules:
        return []
    told = [
        f"それより低いものを「{rule.word}」"
        if rule.from_ is None
        else f"{format_ratio(rule.from_)}以上を「{rule.word}」"
        for rule in rules
    ]
    rule = "計画の基準による判定は、基準値からの進捗率÷経過期間の割合により、"
    return [f"{rule}{'、'.join(told)}とする。"]


def _group_by_standing(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    order = [*wording.STANDING_WORDS.values(), *MISSING_WORDS.values()]
    words = [*order, wording.NOT_COMPARABLE]
    found = {word: [e for e in assessments if wording.name_standing(e) == word] for word in words}
    return {word: entries for word, entries in found.items() if entries}
