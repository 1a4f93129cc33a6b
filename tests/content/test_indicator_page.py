"""What page one and the page of indicators say of lines to targets, and how they draw them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from nenpo.analysis import progress
from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.analysis.progress import Year
from nenpo.analysis.standing import Line, Side
from nenpo.content import indicators
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Group, Nothing, Sentences, Table
from nenpo.content.wording import round_expected
from nenpo.data.load import load_plan
from nenpo.language.numbers import format_value
from nenpo.language.values import Value
from opened import brief

LINE = "基準値と令和5年度目標を結ぶ線"


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


@pytest.fixture(scope="module")
def shown(nakano: Year) -> OpenBriefing:
    return brief(nakano)


def make(number: int, side: Side = "above", year: int = 2023, **changes: Any) -> Assessment:
    """Return an indicator 「指標1」 in 件, of which 4 are expected in 2021 and 3 or 5 are there."""
    entry = assess_indicators(load_plan("nakano-informatization"), 2021)[6]
    assert entry.next_target is not None
    value = Value(Decimal(3 if side == "below" else 5))
    target = replace(entry.next_target, fiscal_year=year, line=Line(Decimal(4), side))
    made = replace(
        entry, indicator=f"n{number}", name=f"指標{number}", actual=value, next_target=target
    )
    return replace(made, **changes)


def make_silent(number: int, missing: str = "not_stated") -> Assessment:
    return replace(make(number), actual=None, missing=missing, standing="none")


def make_plain(number: int, standing: str) -> Assessment:
    """Return an indicator without a target."""
    return make(number, targets=(), next_target=None, standing=standing, compared_year=2020)


def tell(nakano: Year, *entries: Assessment) -> str:
    return indicators.finding(brief(nakano, assessments=entries))


def list_rows(nakano: Year, entries: Sequence[Assessment]) -> tuple[tuple[str, ...], ...]:
    table = indicators.brief(brief(nakano, assessments=tuple(entries)))
    assert isinstance(table, Table)
    return table.rows


class TestFinding:
    def test_of_the_real_plan(self, shown: OpenBriefing) -> None:
        assert indicators.finding(shown) == f"値のある指標9件のうち4件は、{LINE}に届いていない。"

    def test_is_empty_without_indicators(self, nakano: Year) -> None:
        assert tell(nakano) == ""

    def test_of_one_names_it(self, nakano: Year) -> None:
        assert tell(nakano, make(1, "below")) == f"指標1件（指標1 3件）は、{LINE}に届いていない。"
        assert tell(nakano, make(1)) == f"指標1件（指標1 5件）は、{LINE}に届いている。"

    def test_of_one_among_several_names_that(self, nakano: Year) -> None:
        told = tell(nakano, make(1), make(2, "below"))
        assert told == f"指標2件のうち1件（指標2 3件）は、{LINE}に届いていない。"

    @pytest.mark.parametrize(
        ("side", "end"), [("above", "いる"), ("on", "いる"), ("below", "いない")]
    )
    def test_of_all_alike(self, nakano: Year, side: Side, end: str) -> None:
        told = tell(nakano, make(1, side), make(2, side))
        assert told == f"指標2件は、いずれも{LINE}に届いて{end}。"

    def test_of_several_target_years_names_none(self, nakano: Year) -> None:
        told = tell(nakano, make(1), make(2, "below", 2025), make(3, "below"))
        assert told == "指標3件のうち2件は、基準値と直近の目標を結ぶ線に届いていない。"

    def test_in_the_year_of_the_target_speaks_of_the_target(self, nakano: Year) -> None:
        told = tell(nakano, make(1, "below", 2021), make(2, "below", 2021))
        assert told == "指標2件は、いずれも令和3年度目標に届いていない。"

    def test_says_of_which_indicators_a_line_can_be_drawn(self, nakano: Year) -> None:
        told = tell(nakano, make(1), make(2, "below"), make(3, "below"), make_plain(4, "worse"))
        assert told.startswith("基準値、実績及び目標のそろう指標3件のうち2件は、")

    def test_says_that_there_are_no_values(self, nakano: Year) -> None:
        assert tell(nakano, make_silent(1)) == "指標1件に、令和3年度の値のあるものはない。"

    def test_without_targets_tells_how_values_moved(self, nakano: Year) -> None:
        told = tell(nakano, make_plain(1, "improved"), make_plain(2, "worse"), make_silent(3))
        assert told == "値のある指標2件は、改善1件、悪化1件である。"

    def test_without_targets_tells_what_all_did(self, nakano: Year) -> None:
        told = tell(nakano, make_plain(1, "worse"), make_plain(2, "worse"))
        assert told == "指標2件は、いずれも悪化した。"

    def test_without_anything_to_compare_says_so(self, nakano: Year) -> None:
        told = tell(nakano, make_plain(1, "none"))
        assert told == "指標1件に、前年度の値と比較できるものはない。"


def test_formulas_say_what_a_line_is_where_there_is_one(nakano: Year) -> None:
    lined, plain = (
        indicators.formulas(brief(nakano, assessments=(entry,)))
        for entry in (make(1), make(1, "none"))
    )
    assert "線の値＝" in repr(lined)
    assert "線の値＝" not in repr(plain)


class TestTiles:
    def test_count_who_reaches_the_line(self, shown: OpenBriefing) -> None:
        told = [(tile.value, tile.label) for tile in indicators.tiles(shown)]
        assert told == [("5", "線に届く指標"), ("4", "線に届かない指標")]

    def test_without_targets_count_moves(self, nakano: Year) -> None:
        b = brief(nakano, assessments=(make_plain(1, "worse"), make_plain(2, "improved")))
        told = [(tile.value, tile.label) for tile in indicators.tiles(b)]
        assert told == [("1", "指標　改善"), ("1", "指標　悪化")]


class TestBrief:
    def test_those_behind_their_line_come_first_with_a_sign(self, shown: OpenBriefing) -> None:
        table = indicators.brief(shown)
        assert isinstance(table, Table)
        assert table.rows[0][-1] == "▼ 届かない（54.4％）"
        behind = [row[-1].startswith("▼") for row in table.rows]
        assert behind == [True] * 4 + [False] * 6
        assert [kind == "attention" for kind in table.kinds] == behind

    def test_has_one_line_an_indicator(self, shown: OpenBriefing) -> None:
        table = indicators.brief(shown)
        assert isinstance(table, Table)
        assert not [cell for row in table.rows for cell in row if "\n" in cell]

    def test_names_the_target_year_where_it_is_another(self, nakano: Year) -> None:
        last = list_rows(nakano, assess_indicators(nakano.plan, 2021))[-1]
        assert last[-2:] == ("令和7年度 約6万件", "値なし")

    @pytest.mark.parametrize(("count", "note"), [(10, ""), (11, "ほか1件は別紙に示す。")])
    def test_lists_ten_at_most(self, nakano: Year, count: int, note: str) -> None:
        b = brief(nakano, assessments=tuple(make(n) for n in range(count)))
        table = indicators.brief(b)
        assert isinstance(table, Table)
        assert (len(table.rows), table.note) == (10, note)

    def test_tells_moves_where_there_is_no_target(self, nakano: Year) -> None:
        table = indicators.brief(brief(nakano, assessments=(make_plain(1, "worse"),)))
        assert isinstance(table, Table)
        assert [column.label for column in table.columns][-1] == "動き"
        assert table.rows[0][-1] == "悪化"

    def test_says_why_there_is_no_value(self, nakano: Year) -> None:
        assert list_rows(nakano, [make_silent(1, "not_measured")])[0][-1] == "未計測"


class TestPanels:
    def find_parts(self, b: OpenBriefing) -> tuple[list[Chart], list[Sentences]]:
        group = indicators.panels(b)
        assert isinstance(group, Group)
        charts = [part for part in group.parts if isinstance(part, Chart)]
        return charts, [part for part in group.parts if isinstance(part, Sentences)]

    def test_are_one_chart_for_ten_indicators(self, shown: OpenBriefing) -> None:
        charts, _ = self.find_parts(shown)
        assert [chart.width for chart in charts] == [pytest.approx(1)]

    def test_are_two_charts_for_eleven(self, nakano: Year) -> None:
        b = brief(nakano, assessments=tuple(make(n) for n in range(11)))
        charts, _ = self.find_parts(b)
        assert [chart.alt.count("実績は") for chart in charts] == [10, 1]

    def test_one_takes_half_of_the_width(self, nakano: Year) -> None:
        charts, _ = self.find_parts(brief(nakano, assessments=(make(1),)))
        assert charts[0].width < 0.5

    def test_alternative_text_begins_with_the_finding(self, shown: OpenBriefing) -> None:
        (chart,), _ = self.find_parts(shown)
        assert chart.alt.startswith(indicators.finding(shown))

    def test_alternative_text_tells_every_value_and_line(self, shown: OpenBriefing) -> None:
        (chart,), _ = self.find_parts(shown)
        assert (
            "区内のマイナンバーカード交付率 46.0％、令和5年度目標への線（54.4％）に届かず、"
            "令和7年度目標への線（45.3％）には届く。"
            "実績は令和2年度 31.6％、令和3年度 46.0％。"
            "目標は令和5年度 100％、令和7年度 100％。"
        ) in chart.alt

    def test_say_where_only_a_later_line_is_missed(self, shown: OpenBriefing) -> None:
        (chart,), _ = self.find_parts(shown)
        told = "令和5年度目標への線（3.7件）に届くが、令和7年度目標への線（4.6件）には届かない"
        assert told in chart.alt

    def test_indicators_without_value_are_named_in_a_line(self, shown: OpenBriefing) -> None:
        _, lines = self.find_parts(shown)
        assert [line.paragraphs for line in lines] == [
            ("令和3年度の値のない指標：地図情報に関する窓口及び電話等問い合わせ件数。",)
        ]

    def test_a_single_value_is_not_drawn(self, nakano: Year) -> None:
        alone = make_plain(1, "none")
        b = brief(nakano, assessments=(replace(alone, history=alone.history[-1:]),))
        assert isinstance(indicators.panels(b), Nothing)

    def test_without_a_line_the_key_names_none(self) -> None:
        b = brief(progress.load_year(load_plan("nakano-information-policy"), 2021))
        charts, _ = self.find_parts(b)
        assert [chart.caption for chart in charts] == ["指標の推移（●実績）"]

    def test_are_drawn_the_same_twice(self, shown: OpenBriefing) -> None:
        assert self.find_parts(shown) == self.find_parts(shown)

    def test_of_many_years_label_only_some(self, nakano: Year) -> None:
        values = tuple((year, Value(Decimal(year))) for year in range(1990, 2022))
        b = brief(nakano, assessments=(make(1, history=values),))
        (chart,), _ = self.find_parts(b)
        texts = re.findall(">([^<>]+)</text>", chart.svg)
        assert texts[-6:] == ["平成2", "8", "14", "20", "26", "令和2年度"]

    def test_of_values_below_zero_have_zero_above_them(self, nakano: Year) -> None:
        values = tuple((year, Value(Decimal(-5))) for year in (2020, 2021))
        b = brief(nakano, assessments=(make(1, history=values, targets=(), next_target=None),))
        (chart,), _ = self.find_parts(b)
        assert chart.svg.index(">-5</text>") < chart.svg.index(">0件</text>")


class TestTable:
    def test_tells_the_line_beside_each_target(self, shown: OpenBriefing) -> None:
        table = indicators.table(shown)
        assert isinstance(table, Table)
        assert [column.label for column in table.columns[4:10]] == ["目標", "線", "進捗率"] * 2
        assert table.rows[0][4:10] == ("100", "54.4", "21.1％", "100", "45.3", "21.1％")

    def test_of_many_target_years_has_the_nearest_and_the_last(self, nakano: Year) -> None:
        entry = make(1)
        targets = tuple(replace(entry.targets[0], fiscal_year=year) for year in range(2021, 2030))
        b = brief(nakano, assessments=(replace(entry, targets=targets),))
        table = indicators.table(b)
        assert isinstance(table, Table)
        heads = [cell.text[:5] for cell in table.groups if cell.span == 3]
        assert heads == ["令和3年度", "令和11年"]
        assert table.note.endswith("このほかの年度の目標は図に示す。")


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "expected", "told"),
    [
        ("31.6", "100", "46.0", "54.4", "54.4件"),
        ("2", "4", "3", "2.6666666666", "2.7件"),
        ("1460000", "1700000", "1710000", "1540000", "154万件"),
        ("約8800", "約3600", "約6200", "7066.6666", "約7,100件"),
        ("100", "400", "250", "200.3333", "200件"),
        ("10", "20.0", "13.3", "13.3333", "13.33件"),
        ("10", "40", "20", "20", "20件"),
    ],
)
def test_a_line_is_rounded_like_what_it_comes_from(
    baseline: str, target: str, actual: str, expected: str, told: str
) -> None:
    values = [
        Value(Decimal(text.removeprefix("約")), None, text.startswith("約"))
        for text in (baseline, target, actual)
    ]
    entry = make(1, baseline=values[0], actual=values[2])
    assert entry.next_target is not None
    side: Side = "on" if actual == expected else "below"
    aim = replace(entry.next_target, value=values[1], line=Line(Decimal(expected), side))
    assert format_value(round_expected(entry, aim), "件") == told
