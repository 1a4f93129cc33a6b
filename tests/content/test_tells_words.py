"""Whose words a table shows: of a sample, our summary of what was published."""

import pytest

from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Group, Nothing, Sentences, Table
from nenpo.content.tables import SUMMARY, tells_words
from opened import brief, make_edition
from words_project import need_group, need_table, read_words

TABLE = Table("一覧", (Column("実績"),), (("始めた",),), note="空欄は記載なし。")


@tells_words
def show_table(b: OpenBriefing) -> Table | Nothing:
    return TABLE


@tells_words
def show_group(b: OpenBriefing) -> Group | Nothing:
    return Group((Sentences(("概要",)), TABLE, TABLE))


def open_words(sample: bool) -> OpenBriefing:
    edition = make_edition("words", 2021).model_copy(update={"sample": sample})
    return brief(read_words(2021), edition)


def test_a_table_of_a_sample_says_that_its_words_are_a_summary() -> None:
    assert need_table(show_table(open_words(sample=True))).note == f"空欄は記載なし。{SUMMARY}"


def test_of_several_tables_the_last_one_says_it() -> None:
    _, first, last = need_group(show_group(open_words(sample=True))).parts
    assert [table.note.endswith(SUMMARY) for table in map(need_table, (first, last))] == [
        False,
        True,
    ]


@pytest.mark.parametrize("show", [show_table, show_group])
def test_a_municipalitys_own_words_have_no_such_remark(show: object) -> None:
    assert SUMMARY not in str(show(open_words(sample=False)))  # type: ignore[operator]
