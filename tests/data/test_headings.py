"""A table with Japanese headings and words, as Excel saves it, is the same table."""

import csv
import io
from collections.abc import Callable
from typing import get_args

import pytest

from nenpo.data.datapackage import describe_package
from nenpo.data.headings import list_titles, name_columns
from nenpo.data.naming import list_department_names
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.columns import list_labels
from nenpo.data.schema.tables import SHARED_TABLES, TABLES, list_columns
from nenpo.data.text_notes import list_text_notes
from tiny_project import PLAN, PROGRESS, Project, only, read_message

MODELS = {**TABLES, **SHARED_TABLES}
COLUMNS = [(file, column) for file in MODELS for column in list_columns(MODELS[file])]


def translate(tiny: Project, file: str, *, words: bool = False) -> None:
    """Head a table in Japanese; have the words of fixed vocabularies in Japanese as well."""
    records = list(csv.reader(io.StringIO(tiny.read(file), newline="")))
    model = TABLES[file.rpartition("/")[2]]
    names = list_columns(model)
    labels = [list_labels(model.model_fields[names[column]]) for column in records[0]]
    titles = list_titles(model)
    rows = [
        [said.get(cell, cell) if words else cell for said, cell in zip(labels, row, strict=True)]
        for row in records[1:]
    ]
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(
        [[titles[column] for column in records[0]], *rows]
    )
    tiny.write(file, written.getvalue())


def list_files(tiny: Project) -> list[str]:
    folder = tiny.path(".")
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.csv"))]


@pytest.mark.parametrize(("file", "column"), COLUMNS)
def test_every_column_has_a_heading_of_its_own(file: str, column: str) -> None:
    title = list_titles(MODELS[file])[column]
    assert not title.isascii()
    assert name_columns([title, column], MODELS[file]) == (column, column)


@pytest.mark.parametrize("file", MODELS)
def test_every_word_of_a_vocabulary_has_a_japanese_one(file: str) -> None:
    for column, name in list_columns(MODELS[file]).items():
        field = MODELS[file].model_fields[name]
        words = [word for word in get_args(field.annotation) if isinstance(word, str) and word]
        # The names of tables are those of files.
        if words and column != "table":
            labels = list_labels(field)
            assert (list(labels), len(set(labels.values()))) == (words, len(words))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_japanese_headings_and_words_give_the_same_rows(tiny: Project, encoding: str) -> None:
    before = read_rows(tiny.root, "tiny")
    for file in list_files(tiny):
        translate(tiny, file, words=True)
        tiny.write(file, tiny.read(file).encode(encoding))
    assert read_rows(tiny.root, "tiny") == before


def test_headings_of_both_kinds_may_be_mixed_whatever_their_spaces(tiny: Project) -> None:
    before = read_rows(tiny.root, "tiny")
    tiny.replace("items.csv", "item,", "取組のＩＤ,")
    tiny.replace("items.csv", ",title,", ",題　名,")
    assert read_rows(tiny.root, "tiny") == before


def test_heading_may_be_a_description_with_or_without_its_brackets() -> None:
    names = [
        "取組の ID",
        "進捗区分の記号（空=記載なし）",
        "進捗区分の記号",
        "予算",
        "予算（千円、単位なし）",
    ]
    expected = ("item", "status", "status", "budget", "budget")
    assert name_columns(names, MODELS["progress.csv"]) == expected


@pytest.mark.parametrize("file", MODELS)
def test_no_heading_of_a_column_is_that_of_another(file: str) -> None:
    titles = list_titles(MODELS[file])
    assert name_columns(titles.values(), MODELS[file]) == tuple(titles)


def test_column_under_both_of_its_names_stands_twice(tiny: Project) -> None:
    text = tiny.read("2022/titles.csv").splitlines()
    tiny.write("2022/titles.csv", f"{text[0]},題名\n{text[1]},\n")
    assert read_message(only(tiny.refuse_data())) == (
        f"DuplicateColumn {PLAN}/2022/titles.csv:1: column '題名' stands in the header twice, "
        "at positions 2 and 3; remove one of them."
    )


def test_missing_column_is_named_as_the_header_would(tiny: Project) -> None:
    tiny.drop_column("2021/progress.csv", "done")
    translate(tiny, "2021/progress.csv")
    assert (
        only(tiny.refuse_data())
        .message("ja")
        .startswith("列「実績」がない。見出し行に必要な列: 取組, 進捗区分, 変更の向き, ")
    )


def spoil_word(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "shift", "later")


def spoil_character(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "note", "\u202e")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_word, "変更の向き「later」は 前倒し, 後ろ倒し, （空） のいずれでもない"),
        (spoil_character, "備考 に文字の並びを変える"),
    ],
)
def test_message_names_the_column_as_the_file_does(
    tiny: Project, spoil: Callable[[Project], None], told: str
) -> None:
    spoil(tiny)
    before = len(tiny.refuse_data())
    translate(tiny, "2021/progress.csv")
    problems = [problem for problem in tiny.refuse_data() if problem.place.startswith(PROGRESS)]
    assert len(problems) == before
    assert told in problems[0].message("ja")


def test_rule_names_columns_as_the_file_does_and_leaves_what_cells_hold(tiny: Project) -> None:
    tiny.set_cell("departments.csv", 1, "first_year", "2022")
    tiny.set_cell("departments.csv", 1, "last_year", "2021")
    tiny.set_cell("departments.csv", 2, "kind", "kind")
    translate(tiny, "departments.csv")
    told = [problem.message("ja") for problem in tiny.refuse_data()]
    assert told[0] == "終わりの年度「2021」は使えない。決まり: 2022 以後の年度。"
    assert told[1].startswith("種別「kind」は")


def test_names_of_departments_are_found_under_japanese_headings(tiny: Project) -> None:
    before = list(list_department_names(tiny.root, "tiny"))
    translate(tiny, "departments.csv")
    assert before
    assert list(list_department_names(tiny.root, "tiny")) == before


def test_package_names_columns_as_the_files_do(tiny: Project) -> None:
    translate(tiny, "items.csv")
    package = describe_package(tiny.path("."), read_rows(tiny.root, "tiny").meta)
    assert '"primaryKey": [\n          "取組の ID"\n        ]' in package
    assert '"name": "取組の ID",\n            "title": "取組の ID"' in package


def test_note_on_a_text_names_its_column_as_the_file_does(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "done", "⻑期の計画")
    translate(tiny, "2021/progress.csv")
    notes = list_text_notes(tiny.root, [tiny.path("2021/progress.csv")])
    assert any(note.message.ja.startswith("実績:") for note in notes)


@pytest.mark.parametrize(("first", "separator"), [("", "\t"), ("", ";"), ("sep=;\n", ";")])
def test_other_separators_of_spreadsheets_are_read(
    tiny: Project, first: str, separator: str
) -> None:
    before = read_rows(tiny.root, "tiny")
    records = list(csv.reader(io.StringIO(tiny.read("items.csv"), newline="")))
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows(records)
    tiny.write("items.csv", first + written.getvalue())
    assert read_rows(tiny.root, "tiny") == before


def test_line_is_counted_from_the_line_that_names_the_separator(tiny: Project) -> None:
    tiny.set_cell("2022/titles.csv", 1, "item", "I1")
    tiny.write("2022/titles.csv", "sep=,\n" + tiny.read("2022/titles.csv"))
    places = {problem.place for problem in tiny.refuse_data()}
    assert places == {f"{PLAN}/2022/titles.csv:3"}
