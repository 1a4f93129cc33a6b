"""What changed since the year before, and whose figures those of earlier years are."""

from nenpo.analysis.late import count_late_years
from nenpo.analysis.progress import load_year
from nenpo.content import changes
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.data.load import load_plan
from nenpo.export.blocks import list_values, pair_rows
from opened import brief
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    need_table,
    read_paragraphs,
    read_plan,
    read_real,
    read_words,
)


def tell_words(project: Project | None = None, department: str | None = None) -> str:
    return "".join(
        read_paragraphs(changes.sentences(brief(read_words(2022, department, project=project))))
    )


def tell_tiny(tiny: Project, fiscal_year: int = 2022) -> str:
    year = load_year(load_plan("tiny", tiny.root), fiscal_year)
    return "".join(read_paragraphs(changes.sentences(brief(year))))


def move_tiny(tiny: Project) -> Table:
    year = load_year(load_plan("tiny", tiny.root), 2022)
    return need_table(changes.table(brief(year)))


def list_bands(tiny: Project) -> list[str]:
    return [row[0] for row, kind in pair_rows(move_tiny(tiny)) if kind == "group"]


def tell_changes(tiny: Project, *rows: str, department: str = "madoguchi") -> Sentences | Nothing:
    tiny.write("organisation_changes.csv", "\n".join(["fiscal_year,from,to,kind", *rows, ""]))
    return changes.succession(brief(load_year(load_plan("tiny", tiny.root), 2022, department)))


def test_reports_in_words_are_counted_by_whether_they_say_the_same() -> None:
    assert tell_words() == (
        "両年度に進捗の記載がある事業2件のうち、前年度と同じ記載は1件、異なる記載は1件である。"
    )


def test_a_report_that_is_repeated_is_counted_as_the_same(words: Project) -> None:
    words.set_cell("data/words/2022/progress.csv", 2, "done", "公開を検討した")
    assert "前年度と同じ記載は2件、異なる記載は0件である。" in tell_words(words)


def test_two_years_of_silence_are_not_the_same_report(words: Project) -> None:
    words.set_cell("data/words/2022/progress.csv", 3, "done", "")
    assert "両年度に進捗の記載がある事業2件のうち、前年度と同じ記載は1件" in tell_words(words)


def test_a_department_is_told_of_its_own_items() -> None:
    told = tell_words(department="soumu")
    assert told.startswith("両年度に進捗の記載がある事業2件のうち、")


def test_new_and_ended_items_of_a_plan_in_words_are_counted(words: Project) -> None:
    words.set_cell("data/words/items.csv", 4, "last_year", "2021")
    words.replace("data/words/2022/progress.csv", "i2-1-01,,,,,,令和6年度に見直す,,,,,s1,231\n", "")
    told = tell_words(words)
    assert told.endswith("終了した事業は柱2方策1-1 無線の更新の1件である。")


def test_a_plan_in_words_has_nothing_better_or_worse() -> None:
    assert "改善" not in tell_words()
    assert "後退" not in tell_words()


def test_marks_are_told_by_how_they_moved(tiny: Project) -> None:
    tiny.replace("plan.yaml", "status_words:\n", "status_words:\n  late: 遅れ・未着手\n")
    assert tell_tiny(tiny) == (
        "前年度と比べ、改善した取組はなく、後退した取組は1-①-2 （国）国のシステムの改修（△→×）、"
        "2-①-1 ネットワークの更新（○前倒し→○後ろ倒し）の2件である。"
        "新たに遅れ・未着手となったものは1件、2年以上遅れ・未着手が続くものは1件である。"
        "前年度の取組を引き継いだものは2-①-1 ネットワークの更新（前年度は「データの公開」）の"
        "1件である。"
    )


def test_a_plan_with_marks_is_not_told_by_its_words(tiny: Project) -> None:
    assert "記載がある" not in tell_tiny(tiny)


def test_few_late_items_that_stay_are_counted_and_those_that_caught_up(tiny: Project) -> None:
    tiny.set_cell("2022/progress.csv", 2, "status", "◎")
    assert "を解消したものは1件" in tell_tiny(tiny)


def test_many_moves_are_counted_and_not_named(tiny: Project) -> None:
    tiny.set_cell("2022/progress.csv", 1, "status", "×")
    assert "後退した取組は3件である。" in tell_tiny(tiny)


def test_nothing_worse_is_said_and_not_counted_as_none(tiny: Project) -> None:
    tiny.set_cell("2022/progress.csv", 2, "status", "◎")
    tiny.set_cell("2022/progress.csv", 3, "shift", "ahead")
    assert "の1件であり、後退した取組はない。" in tell_tiny(tiny)


def test_what_is_not_reported_has_not_left_the_report(tiny: Project) -> None:
    tiny.path("2021/published.yaml").unlink()
    kept = tiny.path("2022/progress.csv").read_text("utf-8").splitlines(keepends=True)
    gone = [line for line in kept if line.startswith("i1-1-02")]
    tiny.replace("2022/progress.csv", gone[0], "")
    shown = need_table(changes.items(brief(load_year(load_plan("tiny", tiny.root), 2022))))
    assert ("未報告", "", "1-①-2 （国）国のシステムの改修") in list_values(shown)


def test_no_move_is_said_in_one_clause(tiny: Project) -> None:
    tiny.set_cell("2022/progress.csv", 2, "status", "△")
    tiny.set_cell("2022/progress.csv", 3, "shift", "ahead")
    assert tell_tiny(tiny).startswith("前年度と比べ、改善した取組も後退した取組もない。")


def test_an_item_that_follows_another_names_it(tiny: Project) -> None:
    assert "ネットワークの更新（前年度は「データの公開」）の1件" in tell_tiny(tiny)


class TestMoves:
    """The table of what moved: a band a kind of move, last year's plan beside what was done."""

    def test_each_item_stands_with_both_marks_department_plan_and_result(
        self, tiny: Project
    ) -> None:
        assert list_values(move_tiny(tiny))[0] == (
            "△→×",
            "1-①-2 （国）国のシステムの改修",
            "情報課（住基）",
            "国が改修する",
            "記載なし",
        )

    def test_the_reason_and_the_years_stand_beneath(self, tiny: Project) -> None:
        notes = [row[0] for row, kind in pair_rows(move_tiny(tiny)) if kind == "note"]
        assert notes == [
            "「不十分」・「未着手」・後ろ倒しは2年連続である。未着手　変更理由：記載なし",
            "変更（後ろ倒し）　変更理由：入札が不調のため",
        ]

    def test_what_stays_late_has_a_band_of_its_own(self, tiny: Project) -> None:
        tiny.set_cell("2022/progress.csv", 2, "status", "△")
        assert list_bands(tiny)[1] == "「不十分」・「未着手」・後ろ倒しが続く取組"

    def test_what_cannot_be_called_better_or_worse_is_told_apart(self, tiny: Project) -> None:
        tiny.set_cell("2021/progress.csv", 3, "status", "◎")
        tiny.set_cell("2021/progress.csv", 3, "shift", "")
        tiny.set_cell("2022/progress.csv", 3, "shift", "ahead")
        tiny.path("2021/published.yaml").unlink()
        assert "区分又は変更の向きが変わり、改善とも後退ともいえないもの" in list_bands(tiny)
        assert "◎\n→○前倒し" in [row[0] for row in list_values(move_tiny(tiny))]

    def test_marks_that_came_and_went_are_told(self, tiny: Project) -> None:
        tiny.set_cell("2021/progress.csv", 1, "status", "")
        tiny.set_cell("2022/progress.csv", 2, "status", "")
        tiny.path("2021/published.yaml").unlink()
        assert list_bands(tiny)[1:] == ["当年度に区分が付いたもの", "当年度は区分の記載がないもの"]
        moves = [row[0] for row in list_values(move_tiny(tiny))]
        assert moves[1:] == ["記載なし\n→◎", "△\n→記載なし"]

    def test_an_item_is_listed_once(self, tiny: Project) -> None:
        titles = [row[1] for row in list_values(move_tiny(tiny))]
        assert len(titles) == len(set(titles))


def test_a_chain_of_years_is_counted_to_its_beginning(tiny: Project) -> None:
    """i2-1-01 continues i1-2-01, which was put back already."""
    tiny.set_cell("2021/progress.csv", 3, "shift", "behind")
    year = load_year(load_plan("tiny", tiny.root), 2022)
    assert count_late_years(year) == {"i1-1-02": 2, "i2-1-01": 2}


def test_the_first_year_tells_no_change() -> None:
    assert isinstance(changes.sentences(brief(read_words(2021))), Nothing)


def test_the_real_plan_tells_how_many_items_say_the_same() -> None:
    plan = "nakano-structural-reform"
    rows = {year: read_real(f"{plan}/{year}/progress.csv") for year in (2021, 2022)}
    first, second = ({row["item"]: row["done"] for row in rows[year]} for year in rows)
    same = sum(text == second[item] for item, text in first.items())
    told = read_paragraphs(changes.sentences(brief(load_year(read_plan(plan), 2022))))
    assert told[0].startswith(
        f"両年度に進捗の記載がある項目14件のうち、前年度と同じ記載は{same}件、"
        f"異なる記載は{14 - same}件である。"
    )


def test_a_department_that_follows_nobody_is_told_nothing(tiny: Project) -> None:
    assert isinstance(tell_changes(tiny), Nothing)


def test_the_giving_department_is_told_nothing(tiny: Project) -> None:
    shown = tell_changes(tiny, "2022,joho,madoguchi,transfer", department="joho")
    assert isinstance(shown, Nothing)


def test_a_change_still_to_come_is_told_nothing(tiny: Project) -> None:
    assert isinstance(tell_changes(tiny, "2023,joho,madoguchi,transfer"), Nothing)


def test_a_transfer_leaves_earlier_figures_with_the_giver(tiny: Project) -> None:
    assert read_paragraphs(tell_changes(tiny, "2022,joho,madoguchi,transfer")) == (
        "窓口課は、令和4年度に情報課から一部の移管を受けた。"
        "令和4年度より前の値に、情報課の値は含まない。",
    )


def test_a_new_name_takes_over_the_figures_of_the_former(tiny: Project) -> None:
    tiny.set_cell("departments.csv", 2, "first_year", "2022")
    tiny.set_cell("departments.csv", 3, "last_year", "2021")
    tiny.path("2021/assignments.csv").unlink()
    assert read_paragraphs(tell_changes(tiny, "2022,gikai,madoguchi,rename")) == (
        "窓口課は、令和4年度に議会事務局を改称した課である。"
        "令和4年度より前の値は、議会事務局のものである。",
    )


def test_a_merger_names_all_former_departments_in_one_sentence(tiny: Project) -> None:
    tiny.set_cell("departments.csv", 3, "last_year", "2021")
    tiny.append("departments.csv", "tosho,図書課,,section,50,,2021,,")
    rows = "2022,gikai,madoguchi,merge", "2022,tosho,madoguchi,merge"
    assert read_paragraphs(tell_changes(tiny, *rows)) == (
        "窓口課は、令和4年度に議会事務局、図書課を統合した課である。"
        "令和4年度より前の値は、統合前の課の値を合わせたものである。",
    )


def test_a_part_split_off_has_the_figures_of_the_whole_before(tiny: Project) -> None:
    tiny.append("departments.csv", "koho,広報課,,section,50,2022,,,")
    tiny.append("2022/assignments.csv", "i1-1-02,koho,lead,,広報課")
    assert read_paragraphs(tell_changes(tiny, "2022,joho,koho,split", department="koho")) == (
        "広報課は、令和4年度に情報課から分かれた課である。"
        "令和4年度より前の値は、分かれる前の情報課のものである。",
    )


def test_telling_changes_leaves_the_year_as_it_was(tiny: Project) -> None:
    year = load_year(load_plan("tiny", tiny.root), 2022, "madoguchi")
    before = copy_frames(year)
    changes.sentences(brief(year))
    changes.succession(brief(year))
    assert_unchanged(year, before)
