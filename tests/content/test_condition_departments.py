"""Bureaus, no departments, departments that changed, one name in two wards."""

import pytest

from conditions import (
    FIXTURES,
    MakeDocuments,
    compare,
    count_marks,
    find_facts,
    list_headings,
    list_strings,
    list_tables,
    read_rows,
    read_text,
    read_words,
    read_year,
)
from nenpo.analysis import progress
from nenpo.build.select import select_briefings
from nenpo.content import changes, departments, marks, notes
from nenpo.content.display import Nothing
from nenpo.export.blocks import Heading
from opened import brief


class TestBureaus:
    """部 instead of 課."""

    def test_a_bureau_has_its_own_briefing_and_a_generic_name_has_none(self) -> None:
        names = [b.department for b in select_briefings(FIXTURES / "bureaus") if b.department]
        assert names == ["kikaku", "kumin"]

    def test_the_title_says_bureau(self, make: MakeDocuments) -> None:
        head = make("bureaus")["midori/2021/kumin"].head
        assert head.title == "担当部別 進捗状況（令和3年度）市民部"

    @pytest.mark.parametrize("briefing", ["annual", "kikaku", "kumin"])
    def test_tables_and_sentences_never_say_section(
        self, make: MakeDocuments, briefing: str
    ) -> None:
        document = make("bureaus")[f"midori/2021/{briefing}"]
        blocks = [block for block in document.blocks if not isinstance(block, Heading)]
        assert [text for text in list_strings(blocks) if "課" in text] == []

    def test_headings_never_say_section(self, make: MakeDocuments) -> None:
        documents = [make("bureaus")[f"midori/2021/{name}"] for name in ("annual", "kumin")]
        headings = [block.text for each in documents for block in list_headings(each)]
        assert [text for text in headings if "課" in text] == []

    def test_the_check_list_never_says_section(self, make: MakeDocuments) -> None:
        assert "課" not in read_text(make("bureaus")["midori/2021/inspection"])

    def test_a_bureau_that_only_supports_is_counted_apart(self) -> None:
        year = read_year("bureaus", 2021)
        assert progress.count_by_department(year, ("lead",)) == {
            "kikaku": {"◎": 1, "○": 0, "×": 0},
            "kumin": {"◎": 0, "○": 0, "×": 1},
        }
        assert progress.count_by_department(year)["kumin"] == {"◎": 1, "○": 0, "×": 1}


class TestNoDepartments:
    def test_items_are_counted_by_no_department(self) -> None:
        shown = marks.matrix(brief(read_year("no_departments", 2021)))
        assert isinstance(shown, Nothing)

    def test_items_are_counted_all_the_same(self) -> None:
        assert count_marks(read_year("no_departments", 2021)) == {"◎": 1, "○": 0, "×": 1}

    def test_no_term_explains_departments(self) -> None:
        told = read_words(notes.terms(brief(read_year("no_departments", 2021), assessments=())))
        assert "所管課" not in told

    def test_the_document_never_speaks_of_departments(self, make: MakeDocuments) -> None:
        assert "所管課" not in read_text(make("no_departments")["midori/2021/annual"])


CHANGED = {
    "renamed_department": ("dejitaru",),
    "merged_departments": ("joho-koho",),
    "split_department": ("dejitaru", "koho"),
}
SUCCESSORS = [(condition, name) for condition, names in CHANGED.items() for name in names]
HISTORIES = {
    ("renamed_department", "dejitaru"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "デジタル課", "2", "0", "0", "2"),
    ],
    # 情報課 and 広報課 led i1 together: the merged department counts it once.
    ("merged_departments", "joho-koho"): [
        ("令和3年度", "情報課、広報課", "1", "0", "1", "2"),
        ("令和4年度", "情報広報課", "2", "0", "0", "2"),
    ],
    ("split_department", "dejitaru"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "デジタル課", "1", "0", "0", "1"),
    ],
    ("split_department", "koho"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "広報課", "1", "0", "0", "1"),
    ],
}
SAID = {
    ("renamed_department", "dejitaru"): "デジタル課は、令和4年度に情報課を改称した課である。"
    "令和4年度より前の値は、情報課のものである。",
    (
        "merged_departments",
        "joho-koho",
    ): "情報広報課は、令和4年度に情報課、広報課を統合した課である。"
    "令和4年度より前の値は、統合前の課の値を合わせたものである。",
    ("split_department", "dejitaru"): "デジタル課は、令和4年度に情報課から分かれた課である。"
    "令和4年度より前の値は、分かれる前の情報課のものである。",
    ("split_department", "koho"): "広報課は、令和4年度に情報課から分かれた課である。"
    "令和4年度より前の値は、分かれる前の情報課のものである。",
}


class TestChangedDepartments:
    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_a_department_follows_the_figures_of_those_before_it(
        self, condition: str, department: str
    ) -> None:
        shown = departments.history(brief(read_year(condition, 2022, department)))
        assert list(read_rows(shown)) == HISTORIES[condition, department]

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_a_department_says_whom_it_follows(self, condition: str, department: str) -> None:
        shown = changes.succession(brief(read_year(condition, 2022, department)))
        assert read_words(shown) == SAID[condition, department]

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_its_briefing_holds_both(
        self, make: MakeDocuments, condition: str, department: str
    ) -> None:
        document = make(condition)[f"midori/2022/{department}"]
        history = list_tables(document)["所管課としての件数の推移"].rows
        assert list(history) == HISTORIES[condition, department]
        assert SAID[condition, department] in read_text(document)

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_no_item_is_new_or_ended_because_its_department_changed(
        self, condition: str, department: str
    ) -> None:
        moved = compare(condition, department)
        assert [*moved.started["item"], *moved.ended["item"], *moved.unreported["item"]] == []

    @pytest.mark.parametrize(
        ("condition", "department", "improved"),
        [
            ("renamed_department", "dejitaru", ["i2"]),
            ("merged_departments", "joho-koho", ["i2"]),
            ("split_department", "dejitaru", []),
            ("split_department", "koho", ["i2"]),
        ],
    )
    def test_a_department_compares_its_own_items_with_the_year_before(
        self, condition: str, department: str, improved: list[str]
    ) -> None:
        assert list(compare(condition, department).improved["item"]) == improved


class TestSameDepartmentInTwoWards:
    """情報課, joho in both."""

    @pytest.mark.parametrize(
        ("plan", "counts"),
        [("kita", {"◎": 2, "○": 0, "×": 0}), ("minami", {"◎": 0, "○": 0, "×": 1})],
    )
    def test_each_counts_only_its_own(
        self, make: MakeDocuments, plan: str, counts: dict[str, int]
    ) -> None:
        found = find_facts(make("same_department_in_two_wards")[f"{plan}/2021/joho"])
        assert found["plan"] == plan
        assert found["by_department"] == {"joho": counts}

    def test_each_names_its_own_ward(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        wards = [made[f"{plan}/2021/joho"].head.municipality for plan in ("kita", "minami")]
        assert wards == ["きた区", "みなみ区"]

    def test_neither_shows_an_item_of_the_other(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        assert "端末の貸出し" not in read_text(made["kita/2021/joho"])
        assert "電子申請の受付" not in read_text(made["minami/2021/joho"])

    def test_each_attaches_its_own_file(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        names = [
            rows.name for plan in ("kita", "minami") for rows in made[f"{plan}/2021/joho"].rows
        ]
        assert names == ["kita-2021-joho.csv", "minami-2021-joho.csv"]
