"""Two editions or two folders compared, and the errata of it."""

import json

import pytest

from check_project import ANNUAL, Accepted, change_block, run, states
from nenpo.check.command import Reports, run_compare
from nenpo.check.compare import compare_published, list_errata
from nenpo.check.reports import tell_errata


def test_json_of_two_editions_tells_what_their_documents_say_differently(
    accepted_once: Accepted, capsys: pytest.CaptureFixture[str]
) -> None:
    root, output = accepted_once.project.root, accepted_once.output
    pair = ("tiny/2021", "tiny/2022")
    assert run_compare(root, output, pair, Reports(as_json=True)) == 1
    annual, *_ = json.loads(capsys.readouterr().out)["documents"]
    assert annual["name"] == "annual"
    facts = {".".join(each["path"]): (each["before"], each["after"]) for each in annual["facts"]}
    assert facts["indicators.online-rate.actual"] == (20.5, 0)
    assert "fiscal_year" not in facts


def test_two_folders_with_the_same_content_are_the_same(accepted_once: Accepted) -> None:
    root, output = accepted_once.project.root, accepted_once.output
    result = compare_published(root, output, str(output), str(accepted_once.pdfs))
    assert [states(document) for document in result.documents] == ["= = = ="] * 8


def test_errata_name_the_row_and_only_the_cell_that_changed(accepted: Accepted) -> None:
    accepted.plant(
        ANNUAL,
        change_block(
            "table", 3, rows=lambda rows: [[*rows[0][:5], "広げた", *rows[0][6:]], *rows[1:]]
        ),
    )
    result = compare_published(
        accepted.project.root, accepted.output, str(accepted.pdfs), str(accepted.output)
    )
    (erratum,) = list_errata(result)
    assert (erratum.wrong, erratum.right) == ("対象を広げる", "広げた")
    assert "別紙1" in erratum.place
    assert "申請のオンライン化" in erratum.place
    head, line = tell_errata([erratum])
    assert (head, line.count("\t")) == ("箇所\t誤\t正", 2)


def test_comparison_of_what_is_no_edition_is_a_usage_error(accepted_once: Accepted) -> None:
    told = run(accepted_once.project, "compare", "tiny/2021", "tiny/1999")
    assert told.returncode == 2
    assert "tiny/2021, tiny/2022" in told.stderr
