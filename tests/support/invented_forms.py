"""Forms as offices draw them in Excel, blank and filled in: a list, blocks, a sheet an item.

``fill`` are the texts to put on top of the blank form, by sheet and cell; the rest is the same.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol

Fill = Mapping[str, Mapping[str, str | float]]
Draw = Callable[[Path, Fill], None]


class Drawn:
    """A sheet being drawn: boxes with lines, merged where they cover more than a cell."""

    def __init__(self, book: Any, name: str, fill: Mapping[str, str | float]) -> None:
        self.sheet = book.add_worksheet(name)
        self.fill = dict(fill)
        line = {"border": 1, "text_wrap": True, "valign": "vcenter", "font_size": 9}
        self.box_style = book.add_format(line)
        self.label_style = book.add_format({**line, "bg_color": "#DDEBF7", "align": "center"})
        self.plain_style = book.add_format({"font_size": 9})
        self.title_style = book.add_format({"font_size": 14, "bold": True})

    def narrow(self, columns: int) -> None:
        """Make a 方眼紙 of it."""
        self.sheet.set_column(0, columns, 2.4)

    def put(self, area: str, text: str | float = "", style: Any = None) -> None:
        first, _, last = area.partition(":")
        content = self.fill.pop(first, text)
        style = style or (self.label_style if text else self.box_style)
        if last:
            self.sheet.merge_range(area, "", style)
        row, column = xl_cell_to_rowcol(first)
        self.sheet.write(row, column, content, style) if content != "" else self.sheet.write_blank(
            row, column, None, style
        )

    def note(self, cell: str, text: str) -> None:
        self.sheet.write(cell, text, self.plain_style)

    def finish(self) -> None:
        assert not self.fill, f"no box at {list(self.fill)}"


LIST_ROWS = 12


def draw_list(path: Path, fill: Fill) -> None:
    """一覧: narrow columns, a header of two rows with groups, a row an item."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "進捗調査票", fill.get("進捗調査票", {}))
        drawn.narrow(60)
        drawn.sheet.write("B2", "令和3年度　計画の進捗状況調査票", drawn.title_style)
        drawn.put("B4:E4", "所管課名")
        drawn.put("F4:M4")
        drawn.put("O4:Q4", "記入者")
        drawn.put("R4:X4")
        drawn.put("B6:C7", "№")
        drawn.put("D6:L7", "取組名")
        drawn.put("M6:AC6", "令和3年度")
        drawn.put("M7:O7", "評価")
        drawn.put("P7:V7", "実績")
        drawn.put("W7:AC7", "変更理由")
        drawn.put("AD6:AJ6", "令和4年度")
        drawn.put("AD7:AJ7", "予定")
        drawn.put("AK6:AP7", "課題")
        for row in range(8, 8 + LIST_ROWS):
            for first, last in ("BC", "DL", "MO", "PV"):
                drawn.put(f"{first}{row}:{last}{row}")
            for first, last in (("W", "AC"), ("AD", "AJ"), ("AK", "AP")):
                drawn.put(f"{first}{row}:{last}{row}")
        drawn.note(f"B{8 + LIST_ROWS + 1}", "※評価は ◎・○・△・× のいずれかを記入してください。")
        guide = Drawn(book, "記入要領", {})
        guide.note("A1", "記入要領")
        guide.note("A3", "評価の欄には、進捗の区分を記入します。")
        drawn.finish()


BLOCK_HEIGHT = 7
BLOCKS = 3


def draw_blocks(path: Path, fill: Fill) -> None:
    """単票: a block an item, three of them down the sheet, labels to the left and above."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "様式1", fill.get("様式1", {}))
        drawn.narrow(40)
        drawn.sheet.write("B1", "取組状況報告書（様式1）", drawn.title_style)
        drawn.put("B2:E2", "担当部署")
        drawn.put("F2:P2")
        for block in range(BLOCKS):
            top = 4 + BLOCK_HEIGHT * block
            drawn.put(f"B{top}:D{top}", "整理番号")
            drawn.put(f"E{top}:H{top}")
            drawn.put(f"I{top}:L{top}", "事業名")
            drawn.put(f"M{top}:AH{top}")
            drawn.put(f"B{top + 1}:F{top + 1}", "進捗区分")
            drawn.put(f"G{top + 1}:T{top + 1}", "今年度の取組実績")
            drawn.put(f"U{top + 1}:AH{top + 1}", "次年度の計画")
            drawn.put(f"B{top + 2}:F{top + 4}")
            drawn.put(f"G{top + 2}:T{top + 4}")
            drawn.put(f"U{top + 2}:AH{top + 4}")
            drawn.put(f"B{top + 5}:F{top + 5}", "遅れ・変更の理由")
            drawn.put(f"G{top + 5}:AH{top + 5}")
        drawn.finish()


CARDS = ("個票1", "個票2")


def draw_cards(path: Path, fill: Fill) -> None:
    """個票: a sheet an item, with boxes to tick in a cell of several words."""
    with xlsxwriter.Workbook(path) as book:
        for name in CARDS:
            drawn = Drawn(book, name, fill.get(name, {}))
            drawn.narrow(30)
            drawn.sheet.write("B1", "重点取組　個票", drawn.title_style)
            drawn.put("B3:F3", "課名")
            drawn.put("G3:P3")
            drawn.put("Q3:T3", "取組番号")
            drawn.put("U3:Z3")
            drawn.put("B4:F4", "取組の名称")
            drawn.put("G4:Z4")
            drawn.put("B6:F6", "進捗の状況")
            drawn.put("G6:L6", "□予定どおり", drawn.box_style)
            drawn.put("M6:R6", "□変更", drawn.box_style)
            drawn.put("S6:V6", "□不十分", drawn.box_style)
            drawn.put("W6:Z6", "□未着手", drawn.box_style)
            drawn.put("B7:F9", "令和3年度に\n取り組んだ内容")
            drawn.put("G7:Z9")
            drawn.put("B10:F12", "令和4年度の\n取組予定")
            drawn.put("G10:Z12")
            drawn.put("B13:F14", "現状の課題")
            drawn.put("G13:Z14")
            drawn.finish()


def draw_printed(path: Path, fill: Fill) -> None:
    """A list without merged cells in which items, their departments and a sum are printed."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "Sheet1", fill.get("Sheet1", {}))
        drawn.note("A1", "R3 進捗管理シート")
        labels = ("項番", "取組", "担当", "R3予算\n（千円）", "執行率", "R3\n評価\n（A～D）")
        for column, label in zip(
            "ABCDEFGHI", (*labels, "R3にやったこと", "R4予定", "備考"), strict=True
        ):
            drawn.put(f"{column}3", label)
        rows = (("申請のオンライン化", "窓口課"), ("国のシステムの改修", "情報課"))
        for row, (title, department) in enumerate(rows, start=4):
            drawn.put(f"A{row}", row - 3)
            drawn.put(f"B{row}", title)
            drawn.put(f"C{row}", department)
            for column in "DFGHI":
                drawn.put(f"{column}{row}")
            drawn.sheet.write_formula(f"E{row}", f'=IF(D{row}="","",1/D{row})', drawn.box_style, "")
        drawn.put("B6", "合計")
        drawn.sheet.write_formula("D6", "=SUM(D4:D5)", drawn.box_style, 0)
        drawn.sheet.data_validation("F4:F5", {"validate": "list", "source": ["A", "B", "C", "D"]})
        drawn.note("A9", "※A：予定以上　B：予定どおり　C：やや遅れ　D：遅れ")
        drawn.finish()


def draw_circles(path: Path, fill: Fill) -> None:
    """A sheet an item, labels above boxes; of several marks in one cell, one is kept."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "調査票", fill.get("調査票", {}))
        drawn.put("A1:L1", "事業進捗シート")
        drawn.put("A2:B2", "No:")
        drawn.put("C2:D2")
        drawn.put("E2:F2", "担当課名：")
        drawn.put("G2:L2")
        drawn.put("A3:L3", "■ 事業名")
        drawn.put("A4:L4")
        drawn.put("A5:L5", "■ 進捗状況（いずれかに○をつけてください）")
        drawn.put("A6:L6", "◎・○・△・×", drawn.box_style)
        drawn.put("A7:L7", "■ 今年度の取組の実績")
        drawn.put("A8:L12")
        drawn.put("A13:L13", "■ 来年度の予定")
        drawn.put("A14:L18")
        drawn.put("A19:F19", "■ 課題")
        drawn.put("G19:L19", "■ その他")
        drawn.put("A20:F22")
        drawn.put("G20:L22")
        drawn.finish()


def draw_lines(path: Path, fill: Fill) -> None:
    """A list of which each row has two lines: what was planned, what was done."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "様式", fill.get("様式", {}))
        for column, label in (("A", "番号"), ("B", "取組項目"), ("C", "所管"), ("E", "進捗区分")):
            drawn.put(f"{column}3:{column}4", label)
        drawn.put("D3", "令和3年度計画")
        drawn.put("D4", "令和3年度実績")
        drawn.put("F3:F4", "令和4年度計画")
        for row in range(5, 13, 2):
            for column in "ABCEF":
                drawn.put(f"{column}{row}:{column}{row + 1}")
            drawn.put(f"D{row}")
            drawn.put(f"D{row + 1}")
        drawn.finish()


def draw_pages(path: Path, fill: Fill) -> None:
    """A list with its header anew on each page, a column a mark; below it one of indicators."""
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "報告", fill.get("報告", {}))
        drawn.note("A1", "令和3年度　実施計画進捗報告")
        drawn.note("A2", "部署名")
        drawn.put("B2")
        for top in (4, 12):
            drawn.put(f"A{top}:A{top + 1}", "No.")
            drawn.put(f"B{top}:B{top + 1}", "事業名")
            drawn.put(f"C{top}:F{top}", "進捗（該当に○）")
            for column, mark in zip("CDEF", "◎○△×", strict=True):
                drawn.put(f"{column}{top + 1}", mark)
            drawn.put(f"G{top}:G{top + 1}", "成果")
            drawn.put(f"H{top}:H{top + 1}", "今後の予定")
            for row in range(top + 2, top + 6):
                for column in "ABCDEFGH":
                    drawn.put(f"{column}{row}")
        drawn.note("A20", "成果指標")
        labels = ("指標名", "単位", "目標値", "令和2年度実績値", "令和3年度実績値")
        for column, label in zip("ABCDE", labels, strict=True):
            drawn.put(f"{column}21", label)
            drawn.put(f"{column}22")
            drawn.put(f"{column}23")
        drawn.finish()


ONE = {
    "number": "1-1-①-1",
    "title": "申請のオンライン化",
    "done": "様式を整えた。",
    "next": "対象を広げる",
}
TWO = {
    "number": "1-1-①-2",
    "title": "国のシステムの改修",
    "done": "国が検討した",
    "next": "国が改修する",
}


def _fill_in(sheet: str, *rows: tuple[dict[str, str], str], **more: str) -> Fill:
    """Fill cells given as "B8 number, D8 title" with what is known of an item."""
    cells = {
        cell: item.get(key, key)
        for item, places in rows
        for cell, key in (place.split() for place in places.split(", "))
    }
    return {sheet: {**cells, **more}}


FILLED: dict[str, tuple[Draw, Fill]] = {
    "list": (
        draw_list,
        _fill_in(
            "進捗調査票",
            (ONE, "B8 number, D8 title, M8 ◎, P8 done, AD8 next, AK8 周知"),
            (TWO, "B9 number, D9 title, M9 △, P9 done, AD9 next, W9 国の都合による"),
            F4="窓口課",
            R4="山田",
        ),
    ),
    "blocks": (
        draw_blocks,
        _fill_in(
            "様式1",
            (ONE, "E4 number, M4 title, B6 ◎, G6 done, U6 next, G9 なし"),
            (TWO, "E11 number, M11 title, B13 △, G13 done"),
            F2="窓口課",
        ),
    ),
    "cards": (
        draw_cards,
        _fill_in(
            "個票1",
            (ONE, "U3 number, G4 title, G6 ■予定どおり, G7 done, G10 next, G13 周知"),
            G3="窓口課",
        ),
    ),
    "printed": (
        draw_printed,
        _fill_in("Sheet1", (ONE, "F4 A, G4 done, H4 next"), (TWO, "F5 C, G5 done, I5 国待ち")),
    ),
    "circles": (
        draw_circles,
        _fill_in(
            "調査票",
            (ONE, "C2 number, A4 title, A6 ◎, A8 done, A14 next, A20 周知, G20 なし"),
            G2="窓口課　受付係",
        ),
    ),
    "lines": (
        draw_lines,
        _fill_in(
            "様式",
            (ONE, "A5 number, B5 title, C5 窓口課, D5 整える, D6 done, E5 ◎, F5 next"),
            (TWO, "A7 number, B7 title, C7 情報課, D7 検討する, D8 done, E7 △, F7 next"),
        ),
    ),
    "pages": (
        draw_pages,
        _fill_in(
            "報告",
            (ONE, "A6 number, B6 title, C6 ○, G6 done, H6 next"),
            (TWO, "A14 number, B14 title, E14 ○, G14 done, H14 next"),
            B2="窓口課",
            A22="オンライン申請の割合",
            B22="%",
            C22="50",
            D22="10.0",
            E22="20.5",
        ),
    ),
}


def draw_pair(shape: str, folder: Path) -> tuple[Path, Path]:
    """Return a form of a shape, blank and filled in."""
    draw, fill = FILLED[shape]
    folder.mkdir(parents=True, exist_ok=True)
    blank, filled = folder / f"{shape}.xlsx", folder / f"{shape}-filled.xlsx"
    draw(blank, {})
    draw(filled, fill)
    return blank, filled
