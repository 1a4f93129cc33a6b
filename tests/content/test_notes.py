"""How to read a document: only the terms that it uses are explained."""

import pytest

from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.analysis.progress import Year, load_year
from nenpo.content import departments, head, items, marks, notes
from nenpo.content.display import Nothing
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import assert_unchanged, copy_frames, read_paragraphs, read_words


def read_tiny(tiny: Project, fiscal_year: int = 2021, department: str | None = None) -> Year:
    return load_year(load_plan("tiny", tiny.root), fiscal_year, department)


def explain(year: Year, assessments: tuple[Assessment, ...] = ()) -> list[str]:
    """Return the terms that are explained."""
    told = notes.terms(brief(year, assessments=assessments)).paragraphs
    return [text.partition("：")[0] for text in told]


def test_marks_are_noted_as_the_plan_declares(tiny: Project) -> None:
    assert read_paragraphs(marks.note(brief(read_tiny(tiny)))) == (
        "◎は予定した日程との比較であり、取組の完了や効果を示すものではない。",
    )


def test_a_plan_without_marks_has_none_explained() -> None:
    assert isinstance(marks.note(brief(read_words())), Nothing)


def test_the_rules_of_counting_are_those_that_the_data_declare() -> None:
    assert read_paragraphs(notes.counting(brief(read_words()))) == ("事業を1件と数える。",)


def test_a_plan_without_rules_of_counting_shows_none(words: Project) -> None:
    words.replace("data/words/plan.yaml", "\n  - 事業を1件と数える。", " []")
    year = read_words(project=words)
    assert isinstance(notes.counting(brief(year)), Nothing)


def test_a_plan_in_words_explains_its_own_terms_and_no_marks() -> None:
    assert explain(read_words()) == [
        "事業",
        "予定どおり・変更・比較できない",
        "担当局・協力局",
        "数値の種類",
    ]


def test_a_plan_with_marks_explains_marks_scopes_and_relisting(tiny: Project) -> None:
    year = read_tiny(tiny)
    assert explain(year, tuple(assess_indicators(year.plan, 2021))) == [
        "取組",
        "進捗区分",
        "【新規】【拡充】",
        "所管課・関係課",
        "再掲",
        "延べ",
        "ポイント",
    ]


def test_terms_of_a_year_without_judgement_are_not_explained(words: Project) -> None:
    for row in (1, 3):
        for column in ("adherence", "adherence_reason"):
            words.set_cell("data/words/2022/progress.csv", row, column, "")
    assert "予定どおり・変更・比較できない" not in explain(read_words(2022, project=words))


def test_terms_of_a_year_of_figures_alone_are_those_of_figures(words: Project) -> None:
    words.path("data/words/2022/progress.csv").unlink()
    words.path("data/words/2022/assignments.csv").unlink()
    assert explain(read_words(2022, project=words)) == ["数値の種類", "未報告"]


def test_nobody_in_charge_needs_no_explanation(words: Project) -> None:
    words.path("data/words/2021/assignments.csv").unlink()
    told = explain(read_words(project=words))
    assert "担当局・協力局" not in told
    assert "延べ" not in told


def infer_name(tiny: Project) -> None:
    """No source prints 窓口課."""
    tiny.replace("departments.csv", "aliases,note", "aliases,inferred,note")
    for row in ("20,,,,", "30,,,,", "40,,,,"):
        tiny.replace("departments.csv", row, f"{row},")
    tiny.replace("departments.csv", "窓ロ課,", "窓ロ課,true,")


def test_an_inferred_name_carries_its_sign_wherever_it_stands(tiny: Project) -> None:
    infer_name(tiny)
    b = brief(read_tiny(tiny, 2021))
    assert b.plan.department_names["madoguchi"] == "窓口課＊"
    assert "窓口課＊（情報課）" in str(items.full_list(b))
    assert "窓口課＊" in str(marks.matrix(b))
    assert head.department(brief(read_tiny(tiny, 2021, "madoguchi"))).title.endswith("窓口課＊")


@pytest.mark.parametrize("department", [None, "madoguchi", "joho"])
def test_one_note_says_what_the_sign_means(tiny: Project, department: str | None) -> None:
    infer_name(tiny)
    b = brief(read_tiny(tiny, 2021, department))
    told = notes.terms(b) if department is None else departments.notes(b)
    lines = [text for text in read_paragraphs(told) if "＊" in text]
    assert lines == ["＊は資料の表記から推定した名称である。"]


def test_nothing_is_said_of_the_sign_where_no_name_has_it(tiny: Project) -> None:
    for department in (None, "madoguchi"):
        b = brief(read_tiny(tiny, 2021, department))
        assert "＊" not in str((notes.terms(b), departments.notes(b) if department else ""))


def test_a_source_of_other_accounts_alone_is_none_of_the_papers(words: Project) -> None:
    for file in ("figures", "schedule", "sheets"):
        lines = words.read(f"data/words/{file}.csv").splitlines()
        kept = [line for line in lines if ",s2," not in line]
        words.write(f"data/words/{file}.csv", "\n".join([*kept, ""]))
    assert notes.sources(brief(read_words(project=words))).paragraphs == (
        "「行動計画の報告」（みなと町、令和4年6月30日）",
    )


def test_sources_are_listed_with_their_date_or_why_there_is_none() -> None:
    assert notes.sources(brief(read_words())).paragraphs == (
        "「行動計画の報告」（みなと町、令和4年6月30日）",
        "「行動計画の案」（みなと町、日付は印刷されていない）",
    )


def test_a_source_without_date_and_reason_says_that_it_has_none(words: Project) -> None:
    words.replace("data/words/plan.yaml", "    date_note: 日付は印刷されていない\n", "")
    told = notes.sources(brief(read_words(project=words))).paragraphs
    assert told[1] == "「行動計画の案」（みなと町、日付の記載なし）"


def test_explaining_leaves_the_year_as_it_was() -> None:
    year = read_words(2021, "soumu")
    before = copy_frames(year)
    marks.note(brief(year))
    departments.notes(brief(year))
    notes.terms(brief(year, assessments=()))
    notes.counting(brief(year))
    notes.sources(brief(year))
    assert_unchanged(year, before)
