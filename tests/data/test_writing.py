"""What nenpo writes as a table, Excel opens, and its own readers read back cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.data.reading import read_csv
from nenpo.data.writing import write_table

COLUMNS = ("item", "done")
# No surrogates, which no file can hold; read_text refuses conflict marks and U+FFFD.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufffd<>"))


def test_a_table_begins_with_a_bom_and_ends_its_lines_with_lf() -> None:
    made = write_table(COLUMNS, [{"item": "a", "done": "済"}])
    assert made == b"\xef\xbb\xbfitem,done\na,\xe6\xb8\x88\n"


@given(rows=st.lists(st.fixed_dictionaries({"item": TEXT.filter(bool), "done": TEXT}), max_size=4))
def test_every_cell_is_read_as_it_was_written(
    rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "items.csv"
    path.write_bytes(write_table(COLUMNS, rows))
    header, *read = read_csv(path, path.name)
    expected = [
        tuple(row[c].replace("\r\n", "\n").replace("\r", "\n") for c in COLUMNS) for row in rows
    ]
    assert header.cells == COLUMNS
    assert [row.cells for row in read] == expected
