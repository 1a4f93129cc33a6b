"""Rows that were sorted, removed, added and changed are known again, and keep their order."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nenpo.data.schema.plan_rows import ItemRow
from nenpo.data.schema.tables import YEAR_TABLES
from nenpo.workbooks.tables.cells import Taken
from nenpo.workbooks.tables.changes import TableChange, compare_table, list_cells, tell_change
from nenpo.workbooks.tables.reading import ReadRow, ReadTable
from nenpo.workbooks.tables.sheets import TableColumn, TableSheet

ITEMS = ("item", "title")
TEXTS = ("scope", "text")
TABLES = st.sampled_from([ITEMS, TEXTS])
Texts = tuple[str, str]
Numbered = tuple[int | None, Texts]


def make_table(names: tuple[str, ...], rows: list[Texts]) -> TableSheet:
    model = ItemRow if names is ITEMS else YEAR_TABLES["commentary.csv"]
    columns = tuple(TableColumn(name, name, "", "text", True) for name in names)
    cells = tuple(dict(zip(names, row, strict=True)) for row in rows)
    lines = tuple(range(2, 2 + len(rows)))
    return TableSheet("tiny", "t.csv", "表", "表", model, columns, names, names, cells, lines)


def make_read(table: TableSheet, rows: list[Numbered]) -> ReadTable:
    """Return the table as a sheet has it; a row is its hidden number and its texts."""
    names = table.order
    read = tuple(
        ReadRow(place, number, {n: Taken(text) for n, text in zip(names, texts, strict=True)})
        for place, (number, texts) in enumerate(rows, 5)
    )
    return ReadTable(table, "b.xlsx", "表", "", {name: n for n, name in enumerate(names, 2)}, read)


def list_texts(change: TableChange) -> list[tuple[str, ...]]:
    return [tuple(row.cells.values()) for row in change.rows]


@st.composite
def shuffled(
    draw: st.DrawFn,
) -> tuple[list[tuple[str, str]], list[Numbered]]:
    """Rows of a table, and the sheet: some of them, in any order, with or without their numbers."""
    size = draw(st.integers(0, 8))
    rows = [(f"i{n}", draw(st.sampled_from(["甲", "乙"]))) for n in range(size)]
    kept = draw(st.permutations(range(size)))[: draw(st.integers(0, size))]
    numbered = draw(st.booleans())
    return rows, [(n + 1 if numbered else None, rows[n]) for n in kept]


@given(case=shuffled(), names=TABLES)
def test_rows_that_stay_keep_the_order_of_the_file(case, names) -> None:
    rows, sheet = case
    change = compare_table(make_read(make_table(names, rows), sheet), in_order=False)
    kept = {texts for _, texts in sheet}
    assert list_texts(change) == [row for row in rows if row in kept]
    assert [tuple(row.values()) for row in change.removed] == [r for r in rows if r not in kept]
    assert (change.changed, change.added, change.is_moved) == ((), (), False)


@given(case=shuffled(), names=TABLES)
def test_in_order_rows_come_as_the_sheet_has_them(case, names) -> None:
    rows, sheet = case
    change = compare_table(make_read(make_table(names, rows), sheet), in_order=True)
    assert list_texts(change) == [texts for _, texts in sheet]


@given(place=st.integers(0, 3), names=TABLES)
def test_a_new_row_comes_behind_the_one_above_it(place: int, names) -> None:
    rows = [(f"i{n}", "甲") for n in range(3)]
    sheet: list[Numbered] = [(n + 1, row) for n, row in enumerate(rows)]
    sheet.insert(place, (None, ("new", "乙")))
    change = compare_table(make_read(make_table(names, rows), sheet), in_order=False)
    assert list_texts(change) == [texts for _, texts in sheet]
    assert [row.cells[names[0]] for row in change.added] == ["new"]


@given(edited=st.integers(0, 3), order=st.permutations(range(4)), names=TABLES)
def test_a_changed_cell_is_a_change_of_its_row_wherever_it_was_moved(
    edited: int, order: list[int], names
) -> None:
    rows = [(f"i{n}", "甲") for n in range(4)]
    now = [(f"i{n}", "乙" if n == edited else "甲") for n in range(4)]
    sheet: list[Numbered] = [(n + 1, now[n]) for n in order]
    change = compare_table(make_read(make_table(names, rows), sheet), in_order=False)
    assert list_texts(change) == now
    assert [(row.cells[names[0]], list_cells(row)) for row in change.changed] == [
        (f"i{edited}", [names[1]])
    ]


def test_a_row_that_was_copied_is_one_more(tmp_path: Path) -> None:
    """It has the hidden number of the other as well."""
    rows = [("plan", "甲")]
    read = make_read(make_table(TEXTS, rows), [(1, ("plan", "甲")), (1, ("plan", "乙"))])
    change = compare_table(read, in_order=False)
    assert list_texts(change) == [("plan", "甲"), ("plan", "乙")]
    assert (len(change.added), len(change.changed)) == (1, 0)


@given(numbered=st.booleans(), order=st.permutations(range(4)))
def test_rows_that_are_alike_are_as_many_as_before(numbered: bool, order: list[int]) -> None:
    rows = [("plan", "甲"), ("plan", "甲"), ("plan", "乙"), ("plan", "甲")]
    sheet: list[Numbered] = [(n + 1 if numbered else None, rows[n]) for n in order]
    change = compare_table(make_read(make_table(TEXTS, rows), sheet), in_order=False)
    assert (list_texts(change), bool(change)) == (rows, False)


def test_of_long_texts_what_is_around_the_difference_is_shown() -> None:
    before, after = "あ" * 60 + "甲" + "い" * 60, "あ" * 60 + "乙" + "い" * 60
    read = make_read(make_table(ITEMS, [("i1", before)]), [(1, ("i1", after))])
    told = [line.ja for line in tell_change(compare_table(read, in_order=False))]
    assert told[-1] == f"    title: …{'あ' * 8}甲{'い' * 8}… → …{'あ' * 8}乙{'い' * 8}…"
