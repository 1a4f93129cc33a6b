"""The sentences, singular cases included, as a reader reads them."""

import shutil

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import changes, marks, summary
from nenpo.content.display import Nothing, Sentences
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def read_year(tiny: Project, fiscal_year: int = 2021, department: str | None = None) -> Year:
    return progress.load_year(load_plan("tiny", tiny.root), fiscal_year, department)


def rate(tiny: Project, *marks: str) -> Year:
    """Return the year 2021 with these marks, and no shift."""
    for row, mark in enumerate(marks, 1):
        tiny.set_cell("2021/progress.csv", row, "shift", "")
        tiny.set_cell("2021/progress.csv", row, "status", mark)
    tiny.path("2021/published.yaml").unlink()
    return read_year(tiny)


def read_text(shown: Sentences | Nothing) -> str:
    assert isinstance(shown, Sentences)
    return "\n".join(shown.paragraphs)


def test_lead_of_the_real_plan_states_the_published_share(nakano: Year) -> None:
    lead = summary.of_plan(brief(nakano, assessments=()))
    assert lead.paragraphs[0].startswith(
        "取組103件中97件（94.2％）が予定どおり、遅れ・未着手は3件、前倒しは3件である。"
    )


def test_foot_of_the_real_plan_tells_whose_items_they_are(nakano: Year) -> None:
    told = "103件の内訳は、国・都が実施主体の取組12件（◎11 △1）、区の取組91件（◎86 ○4 ×1）である。"
    assert told in read_text(summary.foot(brief(nakano)))


def test_all_on_schedule_is_said_in_one_sentence(tiny: Project) -> None:
    year = rate(tiny, "◎", "◎", "◎")
    told = marks.tell_on_schedule(brief(year), year.items)
    assert told == "取組3件の全てが「予定どおり」である。"


def test_none_on_schedule(tiny: Project) -> None:
    year = rate(tiny, "×", "△", "×")
    told = marks.tell_on_schedule(brief(year), year.items)
    assert told == "取組3件に、「予定どおり」のものはない。"


def test_one_item_is_told_with_its_mark(tiny: Project) -> None:
    year = rate(tiny, "△", "", "")
    told = marks.tell_on_schedule(brief(year), year.items)
    assert told == "進捗区分を付した取組は1件で、区分は△（不十分）である。"


def test_no_rated_item(tiny: Project) -> None:
    year = rate(tiny, "", "", "")
    assert marks.tell_on_schedule(brief(year), year.items) == "進捗区分を付した取組はない。"


def test_plan_without_marks_says_so(tiny: Project) -> None:
    text = tiny.read("plan.yaml")
    start, end = text.index("status_scale:"), text.index("counting_rules:")
    tiny.write("plan.yaml", text[:start] + "status_scale: []\n" + text[end:])
    shutil.rmtree(tiny.path("2022/progress.csv").parent)
    tiny.path("params/tiny/2022.yaml").unlink()
    year = rate(tiny, "", "", "")
    told = marks.tell_on_schedule(brief(year), year.items)
    assert told == "この計画は進捗区分を設けていない。"


def test_everything_ahead_is_not_called_late(tiny: Project) -> None:
    year = rate(tiny, "◎", "◎", "")
    tiny.set_cell("2021/progress.csv", 3, "status", "○")
    tiny.set_cell("2021/progress.csv", 3, "shift", "ahead")
    year = read_year(tiny)
    text = read_text(summary.of_plan(brief(year, assessments=())))
    assert "「予定どおり」、前倒しは1件である。" in text


def test_transitions_need_an_earlier_year(tiny: Project) -> None:
    assert isinstance(changes.sentences(brief(read_year(tiny, 2021))), Nothing)


def test_department_with_supporting_items_only_is_told_correctly(nakano: Year) -> None:
    year = progress.restrict(nakano, "hokubu-sukoyaka")
    assert summary.of_department(brief(year)).paragraphs == (
        "所管する取組で進捗区分を付したものはない。",
        "関係課として関わる取組2件の全てが予定どおりである。",
    )


def test_department_without_any_rated_item_says_so(tiny: Project) -> None:
    tiny.append("2021/assignments.csv", "i1-2-02,gikai,lead,,議会事務局")
    told = summary.of_department(brief(read_year(tiny, 2021, "gikai"))).paragraphs
    assert told == ("所管する取組で進捗区分を付したものはない。",)


def test_commentary_of_the_analyst_is_shown_where_it_belongs(tiny: Project) -> None:
    tiny.write("2021/commentary.csv", "scope,text\nplan,総じて順調である。\njoho,増員した。\n")
    assert read_text(summary.commentary(brief(read_year(tiny)))) == "総じて順調である。"
    assert read_text(summary.commentary(brief(read_year(tiny, 2021, "joho")))) == "増員した。"
