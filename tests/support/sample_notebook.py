"""An invented executed notebook with everything a document can hold; no real data."""

from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nenpo.content.display import Chart, Column, Facts, Head, HeaderCell, Rows, Sentences, Table

SCALE = {"◎": "good", "○": "caution", "△": "caution", "×": "bad"}
LEGEND = "◎ スケジュールどおり　○ 変更（前倒し・後ろ倒し）　△ 未着手　×　中止"
HOSTILE = '#panic("x") [a] *b* _c_ $x$ <script>alert(1)</script> \\u{41} @ref `raw` // c'
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480pt" height="130pt" viewBox="0 0 480 130">'
    '<rect x="60" y="12" width="360" height="22" fill="#197A4B"/>'
    '<rect x="60" y="48" width="60" height="22" fill="#C74700"/>'
    '<rect x="60" y="84" width="24" height="22" fill="#CE0000"/>'
    '<path d="M60 4V116" stroke="#333" stroke-width="1"/></svg>'
)


def make_head(**changes: Any) -> Head:
    """Return an annual briefing's head; ``changes`` replace fields."""
    fields: dict[str, Any] = {
        "kind": "annual",
        "title": "見本市情報化推進計画の進捗状況について（令和3年度）",
        "subtitle": "令和3年度（2021年度）",
        "municipality": "見本市",
        "plan": "sample",
        "plan_title": "見本市情報化推進計画",
        "fiscal_year": 2021,
        "fiscal_year_label": "令和3年度",
        "department": None,
        "document_number": "資料3",
        "reported_to": "総務委員会",
        "prepared_by": "企画部情報システム課",
        "contact": "情報システム課 計画係（内線 1234）",
        "as_of": "2022-03-31",
        "as_of_label": "令和4年3月31日",
        "issued": "2022-06-01",
        "issued_label": "令和4年6月1日",
        "state": "draft",
        "revision": 1,
        "handling": "庁内限り",
        "sample_notice": "見本（公表資料をもとに作成したもので、市の公表資料ではない）",
        "attach_data": True,
    }
    return Head(**(fields | changes))


def code(*values: Any, kind: str = "display_data", tags: tuple[str, ...] = ()) -> Any:
    """Return an executed code cell that displayed ``values``."""
    options = {"execution_count": 1} if kind == "execute_result" else {}
    outputs = [new_output(kind, data=value._repr_mimebundle_(), **options) for value in values]
    return new_code_cell("show()", outputs=outputs, metadata={"tags": list(tags)})


def text(source: str, *tags: str) -> Any:
    """Return a Markdown cell."""
    return new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def notebook(*cells: Any) -> nbformat.NotebookNode:
    """Return an nbformat v4 notebook of ``cells``."""
    return new_notebook(cells=list(cells))


def make_summary_table() -> Table:
    numbers = ("実施", "目標1", "目標2", "目標3")
    return Table(
        caption="目標別の進捗区分",
        columns=(
            Column("進捗区分"),
            *(
                Column(label, align="right", kind="number")
                for label in ("目標1", "目標2", "目標3", "計")
            ),
        ),
        rows=(
            ("◎ スケジュールどおり", "41", "33", "23", "97"),
            ("○ 変更", "1", "2", "1", "4"),
            ("△ 未着手", "0", "1", "0", "1"),
            ("× 中止", "0", "0", "1", "1"),
            ("計", "42", "36", "25", "103"),
        ),
        kinds=("body",) * 4 + ("total",),
        note=f"割合は四捨五入のため合計が100%にならない場合がある（{len(numbers)}列）。",
    )


def make_off_schedule_table() -> Table:
    return Table(
        caption="スケジュールどおりでない取組",
        columns=(
            Column("区分", align="center", kind="mark"),
            Column("取組"),
            Column("所管課"),
            Column("理由"),
            Column("次年度の予定"),
        ),
        rows=(
            (
                "×",
                "公共施設予約システムの再構築",
                "情報システム課",
                "理由の記載なし",
                "令和4年度に再検討する。",
            ),
            (
                "△",
                "電子申請サービスの対象手続の拡大【拡充】",
                "戸籍住民課（窓口サービス課）",
                "制度改正の時期が示されなかったため、対象手続の選定を見送った。",
                "国の標準仕様を踏まえ、対象とする28手続を選定し、順次受付を開始する。",
            ),
            (
                "○",
                "変更（前倒し） 庁内無線LANの整備",
                "情報システム課",
                "入札が不調となったため。",
                "令和5年1月に運用を開始する。",
            ),
        ),
        tones=SCALE,
        row_headers=2,
    )


def make_wide_table(count: int = 60) -> Table:
    """Return a table of eight columns and ``count`` rows in three groups."""
    done = (
        "住民情報システムの標準化に向け、現行業務との差異分析を17業務で行い、移行方針（案）を作成した。"
        "また、Gov-Cloudの先行事業の検証結果を確認した。"
    )
    rows: list[tuple[str, ...]] = []
    kinds: list[Any] = []
    for number in range(count):
        if number % 20 == 0:
            rows.append((f"目標{number // 20 + 1}　誰もが使いやすい行政サービスの実現", *[""] * 7))
            kinds.append("group")
        length = 20 + 37 * (number % 5)
        rows.append(
            (
                f"1-{number // 20 + 1}-{'①②③④⑤'[number % 5]}",
                f"取組その{number + 1}（オンライン手続の拡充）",
                "◎○△×"[number % 4] if number % 7 else "",
                "情報システム課、戸籍住民課（子育て支援課）",
                (done * 2)[:length] + "。",
                "対象業務の拡大を検討し、運用を開始する。",
                "" if number % 3 else "順次拡大",
                "" if number % 4 else "再掲",
            )
        )
        kinds.append("body")
    labels = (
        "施策",
        "取組",
        "進捗区分",
        "所管課",
        "令和3年度の実績",
        "令和4年度の予定",
        "令和5年度以降",
        "備考",
    )
    columns = tuple(
        Column(label, align="center", kind="mark") if label == "進捗区分" else Column(label)
        for label in labels
    )
    return Table(
        caption="進捗状況一覧",
        columns=columns,
        rows=tuple(rows),
        kinds=tuple(kinds),
        row_headers=2,
        groups=(HeaderCell("取組の内容", 4), HeaderCell("実績と予定", 4)),
        tones=SCALE,
        legend=LEGEND,
        note="所管課の括弧書きは関係課である。\n空欄は進捗区分の記載がないことを示す。",
    )


def make_chart(**changes: Any) -> Chart:
    fields: dict[str, Any] = {
        "svg": SVG,
        "alt": "進捗区分ごとの件数を示す棒グラフ。◎97件、○4件、×1件。",
        "caption": "進捗区分ごとの件数",
        "width": 0.8,
    }
    return Chart(**(fields | changes))


def make_notebook(**head: Any) -> nbformat.NotebookNode:
    """Return the whole invented annual briefing, executed."""
    return notebook(
        text("# 進捗状況の報告"),
        code(tags=("parameters",)),
        code(make_head(**head), kind="execute_result"),
        code(
            Sentences(
                (
                    "令和3年度は103件の取組のうち97件（94%）をスケジュールどおりに実施した。",
                    "スケジュールを変更した取組は4件で、うち3件は前倒しである。",
                ),
                role="lead",
            )
        ),
        text("## 進捗状況の総括"),
        code(
            Sentences(
                (
                    "計画に掲げる37施策103件の取組の進捗区分は、表1のとおりである。市が公表した集計値と"
                    "一致しており、国・都の取組12件を含む。",
                )
            ),
            make_summary_table(),
            make_chart(),
        ),
        text(
            "## スケジュールどおりでない取組\n\n"
            "◎は**予定どおり**であることを示し、効果を示すものではない。"
        ),
        code(make_off_schedule_table(), kind="execute_result"),
        text("## 前年度からの変化"),
        code(),
        text("## 次年度の予定・問合せ先"),
        code(
            Sentences(
                ("令和4年10月に中間の点検を行う。", "令和5年6月に次の報告を行う。"), role="list"
            ),
            Sentences(("予定は見込みであり、変わることがある。",), role="note"),
        ),
        text("### 文字の扱い"),
        code(Sentences((HOSTILE, "A" * 3000, "（" * 200, "無停止" * 400))),
        text("# 別紙 進捗状況一覧", "landscape"),
        code(make_wide_table()),
        text("# 別紙 指標別の推移"),
        code(make_chart(caption="マイナンバーカードの交付率", width=1.0)),
        code(
            Table(
                caption="長い語を含む表",
                columns=(
                    Column("指標"),
                    Column("値", align="right", kind="number"),
                    Column("説明"),
                ),
                rows=(("W" * 300, "1,461,063", HOSTILE), ("交付率", "46.0%", "あ" * 2000)),
            )
        ),
        text(
            "# 参考 算式と出典\n\n*基準値からの進捗率*は `(実績−基準)/(目標−基準)` で求める。\n\n"
            "1. 出典は[見本市の公式サイト](https://city.example/plan)である。\n"
            "2. <https://city.example/data>\n\n"
            "## 算式\n\n- 四捨五入による。\n- \\<b>書いたまま\\</b>の文字である。"
        ),
        code(Rows("items.csv", "取組の一覧", "item,status\ni1,◎\n"), Facts({"rated": 103})),
    )
