"""plan.yaml and published.yaml are refused at the line of the key."""

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.errors import InputRefused
from tiny_project import PLAN, Project, only, read_message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: tiny", "id: other", "BadValue :1: id 'other' cannot be used; allowed: tiny."),
        ("short_title: デ", "titel: デ", "UnknownKey :3: key 'titel' is not allowed"),
        (
            "    title: 便利",
            "    titel: 便利",
            "UnknownKey :14: key 'goals[0].titel' is not allowed",
        ),
        (
            "id: g2",
            "id: g1",
            "DuplicateId :15: 'g1' (goals.id) also stands in data/tiny/plan.yaml:12",
        ),
        ('mark: "○"', 'mark: "◎"', "DuplicateId :20: '◎' (status_scale.mark) also stands in"),
        ("tone: bad", "tone: ugly", "WrongType :22: status_scale[3].tone: 'ugly' cannot be used"),
        ("last_year: 2023", "last_year: 2020", "BadValue :9: period.last_year '2020'"),
        ("last_year: 2023", 'last_year: "2023"', "WrongType :9: period.last_year: '2023' cannot"),
        ('code: "999999"', "code: 999999", "WrongType :6: municipality.code: '999999' cannot"),
        ('date: "2022-06-30"', "date: 2022-06-30", "allowed: text in quotes"),
        ('date: "2022-06-30"', 'date: "2022-06-31"', "allowed: a date YYYY-MM-DD in quotes"),
        ("title: 便利な窓口", "title: 便利☑", "MissingGlyph :14: goals[0].title: '☑' (U+2611)"),
        (
            "id: g2",
            "id: 目標2",
            "WrongType :15: goals[1].id: '目標2' cannot be used; allowed: an id",
        ),
        ("label: 目標2", 'label: " "', "allowed: text that is not blank"),
        ("from: 1.0", "from: 1割", "standing_rules[0].from: '1割'"),
        ("title: みどり市", "title: [みどり市", "UnreadableYaml"),
        ("name: みどり市", "name: null", "BadValue :5: municipality.name 'null'"),
        (
            "title: みどり市",
            "id: tiny\ntitle: みどり市",
            "DuplicateKey :2: key 'id' also stands in",
        ),
        ('  note: ""', "  note: *here", "aliases (*name) are not allowed"),
    ],
)
def test_plan_yaml_is_refused_at_the_line_of_the_key(
    tiny: Project, old: str, new: str, message: str
) -> None:
    tiny.replace("plan.yaml", old, new)
    told = [
        read_message(problem).replace(f"{PLAN}/plan.yaml:", ":", 1)
        for problem in tiny.refuse_data()
    ]
    assert any(message in line for line in told), told


def test_published_mark_must_be_on_the_scale(tiny: Project) -> None:
    tiny.replace("2021/published.yaml", '"△"', '"▲"')
    assert read_message(only(tiny.refuse_data())) == (
        f"UnknownMark {PLAN}/2021/published.yaml:1: status '▲' (U+25B2) is not one of ◎ ○ △ ×. "
        "Did you mean '△' (U+25B3)? See status_scale in plan.yaml."
    )


def test_published_source_must_be_listed(tiny: Project) -> None:
    tiny.replace("2021/published.yaml", "source: s1", "source: s9")
    assert only(tiny.refuse_data()).place == f"{PLAN}/2021/published.yaml:2"


@pytest.mark.parametrize("name", ["internal", "failed", "data"])
def test_a_plan_cannot_have_the_name_of_another_folder_of_the_outputs(
    tiny: Project, name: str
) -> None:
    (tiny.root / "data/tiny").rename(tiny.root / "data" / name)
    text = (tiny.root / "data" / name / "plan.yaml").read_text("utf-8")
    text = text.replace("id: tiny", f"id: {name}", 1)
    (tiny.root / "data" / name / "plan.yaml").write_text(text, "utf-8")
    with pytest.raises(InputRefused, match="an id other than data, failed, internal"):
        read_rows(tiny.root, name)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x80"])
def test_a_control_character_is_told_with_its_line(tiny: Project, character: str) -> None:
    lines = tiny.read("plan.yaml").splitlines()
    tiny.write("plan.yaml", "\n".join([*lines[:3], f"# {character}", *lines[3:], ""]))
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/plan.yaml:4"
    assert character not in problem.message("ja")
