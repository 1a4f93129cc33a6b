"""What the first sheet of a workbook of tables says to whoever changes them."""

from collections.abc import Iterator, Sequence

from nenpo.workbooks.tables.sheets import LISTS, TableSheet

NEEDED, LEFT_BLANK = "必須の列", "空の必須欄"
"""Told on the colour that they have in the tables."""
_CHANGING = (
    ("使い方", ""),
    (
        "書き換える",
        "各シートの表を直接書き換え、上書き保存する。"
        "色や列の幅を変えても、並べ替えや絞り込みをしても差し支えない。",
    ),
    (
        "行を足す・消す",
        "足すときは、表の途中に行を挿入するか、最後の行の下に続けて書く。消すときは、行ごと削除する。",
    ),
    (
        "行の順",
        "並べ替えても、データの行の順は変わらない。足した行は、その上にある行の次に入る。"
        "シートの順に改めるときは、取り込むときに --order を付ける。",
    ),
    (
        "取り込む",
        "このファイルを閉じてから、nenpo tables import にファイルの名前を付けて実行する。"
        "変わる所が一覧で示され、確かめてから取り込まれる。"
        "誤りがあれば、何も変わらず、直すセルが示される。",
    ),
    ("書き方", ""),
    (NEEDED, "見出しがこの色の列は、空にできない。"),
    (LEFT_BLANK, "必須の列が空のままの欄は、この色になる。"),
    (
        "一覧から選ぶ列",
        "ほかの表の行を指す欄は、「ID 名称」の形で一覧から選ぶ。"
        "ID だけを書いてもよい。取り込まれるのは ID である。",
    ),
    (
        "ID",
        "行を見分けるための名前である。英小文字で始め、英小文字、数字及びハイフンだけを用いる（例 "
        "i1-01）。変えると、前の行がなくなり、新しい行が加わったものとして扱われる。",
    ),
    ("数", "単位や「約」を付けずに書く。「約」が付くかどうかは、別の列で示す。"),
    ("時期", "令和5年度、令和5年10月、令和5年度末などと、分かっている細かさで書く。"),
    ("年度", "西暦で書く（令和3年度は 2021）。"),
    ("シート", ""),
)


def list_guide(sheets: Sequence[TableSheet]) -> Iterator[tuple[str, str]]:
    """Yield the rows of the guide: name and text, of a heading the name alone."""
    yield from _CHANGING
    for sheet in sheets:
        told = f"{len(sheet.rows):,}行" if sheet.rows else "行なし"
        yield sheet.name, f"{told}（data/{sheet.plan}/{sheet.path}）"
    yield LISTS, "一覧から選ぶ列の、選ぶもの。取り込まれない。"
