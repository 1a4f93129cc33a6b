"""The tables directly in data/ name only what exists, and say why what is kept apart is."""

import pytest

from check_project import run, snapshot
from nenpo.build.params import read_input
from nenpo.data.shared_files import find_national, read_comparison
from nenpo.errors import InputRefused
from shared_project import read_all, refuse_shared
from tiny_project import Project, only, read_message

META = "data/comparison.yaml"
THEMES = "data/themes.csv"
COMPARISONS = "data/comparisons.csv"
PRIORITIES = "data/priorities.csv"
OMISSIONS = "data/omissions.csv"
PLANS = "aoba, midori, nation"


def test_valid_tables_are_read_whole(shared: Project) -> None:
    rows = read_all(shared)
    assert {file: len(table) for file, table in rows.tables.items()} == {
        "themes.csv": 3,
        "comparisons.csv": 3,
        "priorities.csv": 2,
        "omissions.csv": 2,
    }
    assert rows.meta is not None
    assert [theme.id for theme in rows.meta.themes] == ["online", "ai"]


def test_project_of_one_plan_needs_none_of_them(tiny: Project) -> None:
    rows = read_all(tiny)
    assert (rows.meta, dict(rows.tables)) == (None, {})


def test_all_offenders_come_by_file_and_line_names_of_nothing_last(shared: Project) -> None:
    shared.set_cell(THEMES, 2, "subject", "i9-99")
    shared.set_cell(THEMES, 1, "theme", "robots")
    shared.set_cell(PRIORITIES, 2, "ground", "guessed")
    shared.set_cell(PRIORITIES, 1, "priority", "n9")
    shared.set_cell(OMISSIONS, 2, "lines", "7〜9")
    shared.set_cell(COMPARISONS, 3, "figure", "robots")
    shared.set_cell(COMPARISONS, 1, "plan", "aobaa")
    shared.replace(META, "nation\n", "nations\n")
    shared.write("data/theme.csv", "")
    shared.set_cell(PRIORITIES, 1, "subject", "m9")
    assert [problem.place for problem in refuse_shared(shared)] == [
        f"{META}:3",
        f"{OMISSIONS}:3",
        f"{PRIORITIES}:3",
        "data/theme.csv",
        f"{COMPARISONS}:2",
        f"{COMPARISONS}:4",
        f"{PRIORITIES}:2",
        f"{THEMES}:2",
        f"{THEMES}:3",
    ]


# What the rows name


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "target", "known"),
    [
        (THEMES, 1, "theme", "robots", f"{META}#themes", "online, ai"),
        (COMPARISONS, 3, "theme", "robots", f"{META}#themes", "online, ai"),
        (THEMES, 1, "plan", "koto", "data/", PLANS),
        (COMPARISONS, 1, "plan", "koto", "data/", PLANS),
        (PRIORITIES, 1, "plan", "koto", "data/", PLANS),
        (
            THEMES,
            1,
            "subject",
            "i9-99",
            "data/aoba/ (plan, plan.yaml#goals, measures, items, indicators, figures)",
            "plan, g1, m1-1, i1-01, procedures",
        ),
        (
            PRIORITIES,
            2,
            "subject",
            "m9",
            "data/midori/ (plan, plan.yaml#goals, measures, items, indicators, figures)",
            "plan, g1, g2, m1-1, i1-01, i2-01, ai-tasks, procedures",
        ),
        (COMPARISONS, 2, "figure", "x", "data/midori/figures.csv", "ai-tasks, procedures"),
        (PRIORITIES, 1, "priority", "x", "data/nation/measures.csv", "n1, n2"),
        (OMISSIONS, 1, "source", "x", "plan.yaml#sources", "sa, sm, sn"),
    ],
)
def test_row_that_names_nothing_known_is_refused(
    shared: Project, file: str, row: int, column: str, value: str, target: str, known: str
) -> None:
    shared.set_cell(file, row, column, value)
    problem = only(refuse_shared(shared))
    message = read_message(problem).partition(" Did you mean")[0]
    assert message == (
        f"UnknownReference {file}:{row + 1}: {column} '{value}' is not in {target}. Known: {known}."
    )
    assert f"{column}「{value}」は {target} にない。使える値: {known}。" in problem.message("ja")


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "meant"),
    [
        (THEMES, 1, "theme", "onlien", "online"),
        (THEMES, 1, "plan", "aobaa", "aoba"),
        (COMPARISONS, 1, "figure", "procedure", "procedures"),
    ],
)
def test_misspelt_name_comes_with_the_one_that_was_meant(
    shared: Project, file: str, row: int, column: str, value: str, meant: str
) -> None:
    shared.set_cell(file, row, column, value)
    problem = only(refuse_shared(shared))
    assert problem.message("en").endswith(f"Did you mean '{meant}'?")
    assert f"「{meant}」ではないか。" in problem.message("ja")


@pytest.mark.parametrize("subject", ["plan", "g1", "m1-1", "i1-01", "procedures"])
def test_theme_may_name_any_part_of_a_plan(shared: Project, subject: str) -> None:
    shared.set_cell(THEMES, 1, "subject", subject)
    assert len(read_all(shared).tables["themes.csv"]) == 3


def test_part_is_looked_for_in_its_own_plan_only(shared: Project) -> None:
    """Plans use the same ids for different things: i2-01 is in midori alone."""
    shared.set_cell(THEMES, 1, "subject", "i2-01")
    assert only(refuse_shared(shared)).place == f"{THEMES}:2"


def test_parts_of_an_unknown_plan_are_not_looked_for(shared: Project) -> None:
    shared.set_cell(THEMES, 1, "plan", "koto")
    shared.set_cell(THEMES, 1, "subject", "i9-99")
    assert only(refuse_shared(shared)).fields["column"] == "plan"


def test_rows_about_a_plan_that_is_not_built_are_checked_for_their_form(shared: Project) -> None:
    shared.set_cell(THEMES, 2, "subject", "i9-99")
    shared.set_cell(COMPARISONS, 2, "figure", "x")
    shared.set_cell(OMISSIONS, 2, "source", "x")
    read_all(shared, "aoba", "nation")
    shared.set_cell(THEMES, 2, "subject", "9-99")
    assert type(only(refuse_shared(shared, "aoba", "nation"))).__name__ == "BadId"


@pytest.mark.parametrize(
    ("file", "row", "line", "value", "key"),
    [
        (THEMES, 1, 5, "online / aoba / m1-1", "theme + plan + subject"),
        (PRIORITIES, 1, 4, "aoba / m1-1 / n1", "plan + subject + priority"),
        (
            COMPARISONS,
            3,
            5,
            "ai / AIを使う業務の数 / midori / ai-tasks",
            "theme + question + plan + figure",
        ),
    ],
)
def test_key_that_occurs_twice_names_both_rows(
    shared: Project, file: str, row: int, line: int, value: str, key: str
) -> None:
    shared.append(file, shared.read(file).splitlines()[row])
    assert read_message(only(refuse_shared(shared))) == (
        f"DuplicateId {file}:{line}: '{value}' ({key}) also stands in {file}:{row + 1}; "
        "remove one of the rows or change its id."
    )


def test_figure_may_answer_two_questions(shared: Project) -> None:
    shared.append(COMPARISONS, "ai,機械が判定する業務の数,業務の数,midori,ai-tasks,")
    assert len(read_all(shared).tables["comparisons.csv"]) == 4


# What is kept apart


@pytest.mark.parametrize("reason", ["", " ", "　"])
def test_figure_kept_apart_without_a_reason_is_refused(shared: Project, reason: str) -> None:
    shared.set_cell(COMPARISONS, 2, "reason", reason)
    problem = only(refuse_shared(shared))
    assert read_message(problem) == (
        f"BadValue {COMPARISONS}:3: reason '' cannot be used; "
        "allowed: why it is kept apart, since the question has several bases."
    )
    assert "並べられない理由" in problem.message("ja")


def test_every_figure_kept_apart_needs_its_reason(shared: Project) -> None:
    for row in (1, 2):
        shared.set_cell(COMPARISONS, row, "reason", "")
    places = [problem.place for problem in refuse_shared(shared)]
    assert places == [f"{COMPARISONS}:2", f"{COMPARISONS}:3"]


def test_figures_of_one_basis_need_no_reason(shared: Project) -> None:
    for row in (1, 2):
        shared.set_cell(COMPARISONS, row, "basis", "手続の数")
        shared.set_cell(COMPARISONS, row, "reason", "")
    read_all(shared)


def test_bases_of_different_questions_are_not_compared(shared: Project) -> None:
    """The same question under another theme is another question."""
    shared.append(COMPARISONS, "ai,オンラインでできる手続の数,様式の数,aoba,procedures,")
    read_all(shared)


# Priorities


@pytest.mark.parametrize("line", ["national_plan: nation", "national_plan: null", ""])
def test_priority_needs_a_national_plan(shared: Project, line: str) -> None:
    shared.replace(META, "national_plan: nation", line)
    if line == "national_plan: nation":
        read_all(shared)
        return
    first, second = refuse_shared(shared)
    assert read_message(first) == (
        f"BadValue {PRIORITIES}:2: priority 'n1' cannot be used; "
        f"allowed: usable only where {META} names a national_plan."
    )
    assert second.place == f"{PRIORITIES}:3"
    assert "national_plan を書いたときだけ" in first.message("ja")


def test_unknown_national_plan_is_told_once(shared: Project) -> None:
    shared.replace(META, "national_plan: nation", "national_plan: natio")
    assert read_message(only(refuse_shared(shared))) == (
        f"UnknownReference {META}:3: national_plan 'natio' is not in data/. "
        f"Known: {PLANS}. Did you mean 'nation'?"
    )


def test_ground_of_a_priority_is_stated_or_judged(shared: Project) -> None:
    shared.set_cell(PRIORITIES, 1, "ground", "stated?")
    assert read_message(only(refuse_shared(shared))) == (
        f"UnknownWord {PRIORITIES}:2: ground 'stated?' is not one of stated, judged; "
        "use one of them."
    )


# Omissions


@pytest.mark.parametrize("lines", ["3", "62-78", "3|5", "62-78|95", "1|2-3|4-5"])
def test_lines_are_numbers_and_ranges(shared: Project, lines: str) -> None:
    shared.set_cell(OMISSIONS, 1, "lines", lines)
    read_all(shared)


@pytest.mark.parametrize("lines", ["3,5", "3-", "|3", "3|", "3 | 5", "3〜5", "l3", "1-2-3", "*"])
def test_malformed_lines_are_refused(shared: Project, lines: str) -> None:
    shared.set_cell(OMISSIONS, 1, "lines", lines)
    problem = only(refuse_shared(shared))
    assert read_message(problem) == (
        f"BadValue {OMISSIONS}:2: lines '{lines}' cannot be used; allowed: the form 62-78|95."
    )
    assert "決まり: 62-78|95 の形。" in problem.message("ja")


@pytest.mark.parametrize("lines", ["６２-７８", "78-62", "1" * 5000])
def test_lines_that_name_no_line_are_refused(shared: Project, lines: str) -> None:
    shared.set_cell(OMISSIONS, 1, "lines", lines)
    assert only(refuse_shared(shared)).place == f"{OMISSIONS}:2"


@pytest.mark.parametrize("column", ["lines", "numbers", "reason"])
def test_omission_without_its_reason_or_place_is_refused(shared: Project, column: str) -> None:
    shared.set_cell(OMISSIONS, 1, column, "")
    assert read_message(only(refuse_shared(shared))) == (
        f"BadValue {OMISSIONS}:2: {column} '' cannot be used; allowed: text that is not blank."
    )


def test_unknown_source_is_told_beside_blank_lines(shared: Project) -> None:
    shared.set_cell(OMISSIONS, 1, "lines", "")
    shared.set_cell(OMISSIONS, 1, "source", "x")
    assert [p.fields["column"] for p in refuse_shared(shared)] == ["lines", "source"]


def test_omission_may_name_a_source_of_any_plan(shared: Project) -> None:
    shared.set_cell(OMISSIONS, 1, "source", "sn")
    read_all(shared)


# Files


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("theme.csv", "themes.csv"),
        ("Themes.csv", "themes.csv"),
        ("comparison.yml", "comparison.yaml"),
        ("omission.csv", "omissions.csv"),
    ],
)
def test_misspelt_file_is_reported_not_skipped(shared: Project, file: str, meant: str) -> None:
    shared.write(f"data/{file}", "")
    problem = only(refuse_shared(shared))
    assert read_message(problem) == (
        f"UnknownFile data/{file}: not a file of the contract; allowed names: comparison.yaml, "
        "themes.csv, comparisons.csv, priorities.csv, omissions.csv, README.md. "
        f"Did you mean '{meant}'? Rename it, or move it elsewhere."
    )
    assert f"「{meant}」ではないか。" in problem.message("ja")


@pytest.mark.parametrize("name", [".DS_Store", ".~lock.themes.csv#", "~$themes.xlsx", "README.md"])
def test_what_programs_leave_behind_is_no_input(shared: Project, name: str) -> None:
    shared.write(f"data/{name}", b"\xff")
    read_all(shared)


def test_plan_may_not_be_called_comparison(shared: Project) -> None:
    """Its documents would stand where those of the comparison do."""
    shared.path("data/comparison").mkdir()
    problem = only(refuse_shared(shared, "aoba", "midori", "nation"))
    assert read_message(problem).startswith("UnknownFile data/comparison: not a file")


@pytest.mark.parametrize("kept", [THEMES, COMPARISONS])
def test_missing_comparison_yaml_is_told_where_something_is_compared(
    shared: Project, kept: str
) -> None:
    for file in {META, THEMES, COMPARISONS, PRIORITIES} - {kept}:
        shared.path(file).unlink()
    problem = only(refuse_shared(shared))
    assert read_message(problem) == (
        f"MissingFile {META}: the file is missing; add it with the columns "
        "title, subtitle, counts_note, national_plan, notes, themes."
    )


def test_omissions_need_no_comparison_yaml(shared: Project) -> None:
    for file in (META, THEMES, COMPARISONS, PRIORITIES):
        shared.path(file).unlink()
    rows = read_all(shared)
    assert (rows.meta, list(rows.tables)) == (None, ["omissions.csv"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: ai", "id: online", "DuplicateId :6: 'online' (themes.id) also stands in"),
        ("subtitle:", "subtitel:", "UnknownKey :2: key 'subtitel' is not allowed"),
        ("title: 2市", "titel: 2市", "MissingKey :1: key 'title' is missing"),
        ("label: AIの活用", 'label: " "', "WrongType :6: themes[1].label: ' ' cannot be used"),
        ("id: ai", "id: AI", "WrongType :6: themes[1].id: 'AI' cannot be used; allowed: an id"),
        ("label: AIの活用", "label: AI☑", "MissingGlyph :6: themes[1].label: '☑' (U+2611)"),
    ],
)
def test_comparison_yaml_is_refused_at_the_line_of_the_key(
    shared: Project, old: str, new: str, message: str
) -> None:
    shared.replace(META, old, new)
    told = [read_message(p).replace(f"{META}:", ":", 1) for p in refuse_shared(shared)]
    assert any(line.startswith(message) for line in told), told


def test_unusable_comparison_yaml_is_not_blamed_on_the_themes(shared: Project) -> None:
    shared.path(PRIORITIES).unlink()
    shared.replace(META, "label: AIの活用", "label: 1")
    assert only(refuse_shared(shared)).place == f"{META}:6"


def test_unusable_comparison_yaml_is_not_blamed_on_the_priorities(shared: Project) -> None:
    shared.replace(META, "label: AIの活用", "label: 1")
    assert only(refuse_shared(shared)).place == f"{META}:6"


@pytest.mark.parametrize("file", [THEMES, COMPARISONS, PRIORITIES, OMISSIONS])
@pytest.mark.parametrize("raw", [b"", b"\xff", b"\x00", b"a,b\n1,2\n", b'theme,"open'])
def test_broken_table_is_refused_and_never_a_defect(shared: Project, file: str, raw: bytes) -> None:
    shared.write(file, raw)
    assert {problem.place.partition(":")[0] for problem in refuse_shared(shared)} == {file}


def test_character_that_the_font_lacks_is_refused(shared: Project) -> None:
    shared.set_cell(COMPARISONS, 1, "reason", "単位が違う☑")
    assert read_message(only(refuse_shared(shared))).startswith(
        f"MissingGlyph {COMPARISONS}:2: reason: '☑' (U+2611)"
    )


# comparison.yaml alone


def test_comparison_yaml_is_read_for_its_title(shared: Project) -> None:
    assert read_comparison(shared.root).title == "2市のデジタル化の比較"


def test_comparison_yaml_that_is_not_there_is_refused_by_its_name(tiny: Project) -> None:
    with pytest.raises(InputRefused) as caught:
        read_comparison(tiny.root)
    assert only(caught.value.problems).place == META


def test_national_plan_is_found_in_a_file_that_is_otherwise_wrong(shared: Project) -> None:
    """Which plans are read is decided before anything is refused."""
    shared.replace(META, "id: ai", "id: online")
    assert find_national(shared.root) == "nation"


def test_there_need_be_no_national_plan(tiny: Project) -> None:
    assert find_national(tiny.root) is None


# With the plans


def test_shared_tables_are_refused_together_with_plans_and_params(shared: Project) -> None:
    shared.set_cell(THEMES, 1, "theme", "robots")
    shared.set_cell("data/midori/items.csv", 1, "scope", "city")
    shared.replace("params/aoba/2021.yaml", "state: draft", "state: open")
    with pytest.raises(InputRefused) as caught:
        read_input(shared.root, [("aoba", 2021), ("comparison", 2021)], ())
    assert [problem.place for problem in caught.value.problems] == [
        "data/midori/items.csv:2",
        "params/aoba/2021.yaml:5",
        f"{THEMES}:2",
    ]


def test_bad_shared_tables_stop_a_build_and_touch_no_output(shared: Project) -> None:
    published = shared.root / "outputs/aoba/2021/annual.html"
    published.parent.mkdir(parents=True)
    published.write_text("公表した文書", encoding="utf-8")
    before = snapshot(shared.root / "outputs")
    shared.set_cell(THEMES, 1, "theme", "robots")
    shared.set_cell(OMISSIONS, 1, "lines", "3,5")
    told = run(shared, "build", "aoba/2021")
    assert told.returncode == 2
    assert told.stderr.splitlines() == [
        "the input has 2 error(s); no data and no output were touched.",
        f"DataError: {OMISSIONS}:2: lines '3,5' cannot be used; allowed: the form 62-78|95.",
        f"DataError: {THEMES}:2: theme 'robots' is not in {META}#themes. Known: online, ai.",
    ]
    assert snapshot(shared.root / "outputs") == before
