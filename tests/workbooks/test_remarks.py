"""Comments in a reply are told with their cell, and neither their author nor our own words are."""

from pathlib import Path

import pytest
from openpyxl.comments import Comment

from nenpo.workbooks.book import Sheet
from nenpo.workbooks.marking.marked_copies import write_marked
from nenpo.workbooks.remarks import list_remarks
from nenpo.workbooks.taking.collect import prepare_collection
from nenpo.workbooks.taking.found import list_found
from nenpo.workbooks.taking.opened import open_replies
from survey_books import fill, make_project
from tiny_project import Project
from workbook_parts import RELATIONS, make_parts, open_bytes, pack

THREAD = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
PLACE = "xl/worksheets/_rels/sheet1.xml.rels"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


def tell(project: Project, folder: Path) -> list[str]:
    made = prepare_collection(project.root, open_replies(folder), ("tiny", 2022))
    return [f"{n.place}: {n.words.ja}" for n in made.notes if "コメント" in n.words.ja]


def test_a_comment_is_told_without_its_author_and_not_taken(
    project: Project, tmp_path: Path
) -> None:
    reply = fill(tmp_path / "in", project.root, "joho").put("n1", status="◎")
    cell = reply.sheet().cell(reply.row("n1"), reply.column("status"))
    cell.comment = Comment("山田 太郎:\n来週\n確定します", "山田 太郎")
    reply.save()
    told = f"joho.xlsx!取組!{cell.coordinate}: "
    assert tell(project, tmp_path / "in") == [
        f"{told}コメントがある（取り込まない）: 「来週 確定します」"
    ]


def test_what_nenpo_wrote_into_a_marked_copy_is_no_comment_of_the_departments(
    project: Project, tmp_path: Path
) -> None:
    reply = fill(tmp_path / "in", project.root, "joho").put("n1", status="☆").put("n2", status="☆")
    cell = reply.sheet().cell(reply.row("n1"), reply.column("status"))
    cell.comment = Comment("確認中", "山田")
    reply.save()
    folder = tmp_path / "in"
    made = prepare_collection(project.root, open_replies(folder), ("tiny", 2022))
    write_marked(folder, list_found(made, folder), tmp_path / "out", made.expected.names)
    back = tmp_path / "back"
    back.mkdir()
    (back / "joho.xlsx").write_bytes((tmp_path / "out" / "joho.xlsx").read_bytes())
    assert tell(project, back) == tell(project, folder) != []


COMMENTS = """<comments><authors><author>tc={1}</author></authors><commentList>
<comment ref="B2" authorId="0"><text><t>[スレッド化されたコメント]</t></text></comment>
<comment ref="C3" authorId="7"><text><r><t>甲:</t></r><r><t>\n乙</t></r></text></comment>
</commentList></comments>"""
THREADS = """<ThreadedComments>
<threadedComment ref="B2" personId="{1}" id="{2}"><text>確認中です</text></threadedComment>
<threadedComment ref="B2" personId="{3}" parentId="{2}"><text>了解</text></threadedComment>
</ThreadedComments>"""
RELATED = f"""<Relationships>
<Relationship Id="a" Type="{RELATIONS}/comments" Target="../comments1.xml"/>
<Relationship Id="b" Type="{THREAD}" Target="../threadedComments/t.xml"/>
</Relationships>"""


def test_a_thread_is_read_in_the_place_of_what_older_programs_are_shown(tmp_path: Path) -> None:
    more = {"xl/comments1.xml": COMMENTS, "xl/threadedComments/t.xml": THREADS, PLACE: RELATED}
    (sheet,) = open_bytes(tmp_path, pack(make_parts("") | more)).sheets
    assert sheet.comments == {(2, 2): "確認中です\n了解", (3, 3): "乙"}


def test_comments_that_a_form_was_sent_with_are_not_told() -> None:
    sheet = Sheet("様式", {}, comments={(5, 2): "半角で\n記入", (9, 2): "質問です"})
    told = [note.place for note in list_remarks("a.xlsx", sheet, ["半角で 記入"])]
    assert told == ["a.xlsx!様式!B9"]
