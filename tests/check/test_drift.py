"""A picture that differs alone is made again, before the check calls it a difference."""

from pathlib import Path
from typing import Any

from check_project import ANNUAL, Accepted, change_block, recolour, states


def test_without_accepted_pdfs_pictures_are_not_comparable(accepted_once: Accepted) -> None:
    result = accepted_once.check("tiny/2021", pdfs=False)
    assert {d.states["picture"] for d in result.documents} == {"not_comparable"}
    assert result.exit_code("any") == 0


def test_picture_that_comes_out_alike_again_is_drift(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    own = accepted.output / "tiny/2021/annual.pdf"
    asked: list[str] = []

    def rebuild(briefing: Any) -> Path:
        asked.append(briefing.selector)
        return own

    assert states(accepted.check_one(ANNUAL, rebuild=rebuild)) == "= = = drift"
    assert asked == [ANNUAL]


def test_picture_that_never_comes_out_alike_is_flaky(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    other = accepted.pdfs / "tiny/2021/annual.pdf"
    assert states(accepted.check_one(ANNUAL, rebuild=lambda _: other)) == "= = = flaky"


def test_picture_is_not_made_again_where_the_text_changed(accepted: Accepted) -> None:
    def refuse(briefing: Any) -> Path:
        raise AssertionError("made again")

    accepted.plant(ANNUAL, change_block("sentences", 1, paragraphs=["予定どおり進んだ。"]))
    assert states(accepted.check_one(ANNUAL, rebuild=refuse)) == "= ≠ = ≠"
