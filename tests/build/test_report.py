"""A person learns what was made, what failed and where; a pipe gets plain lines."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nenpo.build.report import show_progress, show_result
from nenpo.build.run import BriefingResult, BuildResult
from nenpo.errors import Words
from nenpo.export.reading.remark import Remark

MADE = BriefingResult("plan/2021/annual", "made", 0.52, "報告")
BROKEN = BriefingResult(
    name="plan/2021/departments/joho",
    status="failed",
    seconds=1.25,
    reason="cell 5 [4] 'f()' failed: ValueError: [bold]値[/bold]\nhow to mend it",
    cell=5,
    traceback=("Cell In[4], line 1", "----> 1 f()"),
    executed="failed/plan/2021/departments/joho.ipynb",
)
RESULT = BuildResult(Path("outputs"), (MADE, BROKEN), ("plan/2020/annual",))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")
    monkeypatch.setenv("COLUMNS", "120")


def test_progress_elsewhere_than_on_a_terminal_is_a_line_for_each_briefing() -> None:
    stream = io.StringIO()
    with show_progress(2, stream) as show:
        show(MADE)
        show(BROKEN)
    assert stream.getvalue().splitlines() == [
        "[1/2] plan/2021/annual: made (0.5 s)",
        "[2/2] plan/2021/departments/joho: failed (1.2 s)",
    ]


def show(*briefings: BriefingResult, stream: io.StringIO) -> str:
    show_result(BuildResult(Path("outputs"), briefings, ("plan/2020/annual",)), stream)
    return stream.getvalue()


def test_what_no_document_shows_is_told_once_for_all_briefings_of_a_notebook() -> None:
    remark = Remark(Words("セル 5", "cell 5"), Words("印字", "printed 'x'"))
    made = [BriefingResult(f"plan/2021/{name}", "made", 1, remarks=(remark,) * 2) for name in "abc"]
    stream = io.StringIO()
    show_result(BuildResult(Path("outputs"), tuple(made), ()), stream)
    assert stream.getvalue().splitlines()[1:3] == [
        "not part of any document, but kept in the executed notebooks:",
        "    plan/2021/a (and 2 others): cell 5: printed 'x'",
    ]


def test_the_result_tells_reason_traceback_and_notebook_of_a_failure() -> None:
    assert show(MADE, BROKEN, stream=io.StringIO()).splitlines() == [
        "",
        "plan/2021/departments/joho: failed (1.2 s)",
        "  cell 5 [4] 'f()' failed: ValueError: [bold]値[/bold]",
        "  how to mend it",
        "    Cell In[4], line 1",
        "    ----> 1 f()",
        "  executed notebook: outputs/failed/plan/2021/departments/joho.ipynb",
        "1 made, 1 failed, 1 removed",
    ]


def test_what_failed_alike_is_told_once_with_every_name() -> None:
    other = replace(BROKEN, name="plan/2021/departments/somu", executed="failed/somu.ipynb")
    text = show(BROKEN, other, stream=io.StringIO())
    assert text.count("how to mend it") == text.count("Cell In[4], line 1") == 1
    assert [line for line in text.splitlines() if "failed (" in line] == [
        "plan/2021/departments/joho: failed (1.2 s)",
        "plan/2021/departments/somu: failed (1.2 s)",
    ]
    assert "outputs/failed/somu.ipynb" in text


def test_failures_of_one_cell_for_different_reasons_are_told_apart() -> None:
    text = show(BROKEN, replace(BROKEN, reason="another reason"), stream=io.StringIO())
    assert "how to mend it" in text
    assert "another reason" in text


def test_a_terminal_gets_a_table_and_the_text_of_a_reason_as_it_is() -> None:
    text = show(MADE, BROKEN, stream=Terminal())
    assert text.count("ValueError: [bold]値[/bold]") == 1
    assert "plan/2020/annual" in text


def test_a_terminal_gets_a_bar() -> None:
    stream = Terminal()
    with show_progress(2, stream) as show:
        show(MADE)
    assert stream.getvalue()


def test_japanese_readers_are_told_in_japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    stream = io.StringIO()
    show_result(RESULT, stream)
    assert "1 件作成、1 件失敗、1 件削除" in stream.getvalue()


def test_rich_is_imported_only_to_draw() -> None:
    code = (
        "import io, sys; from pathlib import Path; from nenpo.build.report import *;"
        "show_result(BuildResult(Path('o'), (), ()), io.StringIO()); print('rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
