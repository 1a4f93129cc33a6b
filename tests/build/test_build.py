"""Every briefing is made on its own: what one does, survives or not, changes no other."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.isolated.processes import choose_start_method
from nenpo.build.run import BuildOptions, BuildResult, build
from nenpo.errors import BuildLocked, UnusableOutput
from project import ACTION_CELL, PAGES, ask_for, is_alive, read_files, write_project

pytestmark = pytest.mark.long

GOOD = ["joho", "kikaku", "zaisei"]
ACTIONS = {
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "left": "import os; os._exit(0)",
    "exits": "import sys; sys.exit(0)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "hangs": "import time\nwhile True: time.sleep(0.1)",
    "spawns": (
        "import os, pathlib, subprocess, time\n"
        "child = subprocess.Popen(['sleep', '600'])\n"
        "pathlib.Path(os.environ['NENPO_ROOT'], 'pid-spawns').write_text(str(child.pid))\n"
        "time.sleep(600)"
    ),
    "raises": "raise ValueError('値が違う')",
    "lost": "from IPython.display import HTML, display\ndisplay(HTML('<p>見える</p>'))",
}
LEAVES = (
    "import os, pathlib, subprocess\n"
    "child = subprocess.Popen(['sleep', '600'])\n"
    "pathlib.Path(os.environ['NENPO_ROOT'], 'pid-leaves').write_text(str(child.pid))"
)
DEADLINE = 5


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def mixed(root: Path) -> BuildResult:
    """Build good briefings among bad ones, two at once."""
    first, *others = [ask_for(name) for name in GOOD]
    bad = [ask_for(name, action) for name, action in ACTIONS.items()]
    options = BuildOptions(root / "mixed", jobs=2, deadline=DEADLINE)
    return build(root, [first, *bad, *others, ask_for("leaves", LEAVES)], options)


@pytest.fixture(scope="module")
def alone(root: Path) -> BuildResult:
    """Build the same good briefings without the bad ones, one after the other."""
    options = BuildOptions(root / "alone", jobs=1)
    return build(root, [ask_for(name) for name in GOOD], options)


def find(result: BuildResult, name: str) -> BriefingResult:
    return next(r for r in result.briefings if r.name == f"plan/2021/departments/{name}")


def test_results_come_in_the_order_of_the_briefings(mixed: BuildResult) -> None:
    names = [result.name.rpartition("/")[2] for result in mixed.briefings]
    assert names == ["joho", *ACTIONS, "kikaku", "zaisei", "leaves"]


@pytest.mark.parametrize("bad", ACTIONS)
def test_a_bad_briefing_fails_and_publishes_nothing(mixed: BuildResult, bad: str) -> None:
    assert find(mixed, bad).status == "failed"
    assert not list(mixed.output.glob(f"plan/2021/departments/{bad}.*"))


@pytest.mark.parametrize("bad", ACTIONS)
def test_a_failure_names_the_cell(mixed: BuildResult, bad: str) -> None:
    assert find(mixed, bad).cell == ACTION_CELL
    # The count is known of a cell that came to an end.
    assert re.match(r"cell 5( \[4\])? 'exec\(action\)'(:| failed:) ", find(mixed, bad).reason)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("killed", "SIGKILL"),
        ("left", "exit code 0"),
        ("exits", "SystemExit: 0"),
        ("crashes", "SIGSEGV"),
        ("hangs", f"within {DEADLINE} s"),
        ("spawns", f"within {DEADLINE} s"),
        ("raises", "ValueError: 値が違う"),
        ("lost", "text/html"),
    ],
)
def test_a_failure_says_why(mixed: BuildResult, bad: str, reason: str) -> None:
    assert reason in find(mixed, bad).reason


@pytest.mark.parametrize("bad", ACTIONS)
def test_the_executed_notebook_of_a_failure_is_kept(mixed: BuildResult, bad: str) -> None:
    kept = json.loads((mixed.output / find(mixed, bad).executed).read_text())
    assert find(mixed, bad).executed == f"failed/plan/2021/departments/{bad}.ipynb"
    outputs = kept["cells"][ACTION_CELL - 1]["outputs"]
    assert outputs[0]["output_type"] == ("display_data" if bad == "lost" else "error")


def test_a_traceback_tells_where_and_leaves_the_reason_to_the_reason(mixed: BuildResult) -> None:
    lines = find(mixed, "raises").traceback
    assert any("exec(action)" in line for line in lines)
    assert not any("値が違う" in line for line in lines if "raise" not in line)


def test_a_crash_leaves_the_place_in_python(mixed: BuildResult) -> None:
    assert any("string_at" in line for line in find(mixed, "crashes").traceback)


@pytest.mark.parametrize("starter", ["spawns", "leaves"])
def test_processes_that_a_cell_started_do_not_outlive_it(
    root: Path, mixed: BuildResult, starter: str
) -> None:
    assert not is_alive(int((root / f"pid-{starter}").read_text()))


def test_good_briefings_equal_those_of_a_build_without_bad_ones(
    mixed: BuildResult, alone: BuildResult
) -> None:
    expected = read_files(alone.output / "plan/2021/departments")
    made = read_files(mixed.output / "plan/2021/departments")
    assert len(expected) == 4 * len(GOOD)
    assert {path: content for path, content in made.items() if "leaves" not in path} == expected


def test_the_manifest_names_every_published_file(alone: BuildResult) -> None:
    manifest = json.loads((alone.output / "manifest.json").read_text())
    published = {path for entry in manifest["briefings"].values() for path in entry["files"]}
    assert published == {path for path in read_files(alone.output) if path.startswith("plan/")}
    assert manifest["briefings"]["plan/2021/departments/joho"]["title"] == "johoの報告"


def test_the_kernel_engine_makes_the_same_files(
    root: Path, alone: BuildResult, tmp_path: Path
) -> None:
    build(root, [ask_for("joho")], BuildOptions(tmp_path, engine="kernel"))
    expected = read_files(alone.output)
    for path, content in read_files(tmp_path / "plan").items():
        assert content == expected[f"plan/{path}"], path


def test_a_failure_keeps_the_last_good_set_until_the_next_success(
    root: Path, tmp_path: Path
) -> None:
    def run(action: str) -> dict[str, bytes]:
        build(root, [ask_for("joho", action), ask_for("kikaku")], BuildOptions(tmp_path))
        return read_files(tmp_path)

    good = run("")
    failed = run("1/0")
    evidence = "failed/plan/2021/departments/joho.ipynb"
    assert failed.keys() - good.keys() == {evidence}
    assert {path: failed[path] for path in good} == good
    assert run("") == good


def test_a_changed_file_is_repaired(root: Path, tmp_path: Path) -> None:
    build(root, [ask_for("joho")], BuildOptions(tmp_path))
    good = read_files(tmp_path)
    (tmp_path / "plan/2021/departments/joho.html").write_text("mixed")
    (tmp_path / "plan/2021/departments/joho.pdf").unlink()
    build(root, [ask_for("joho")], BuildOptions(tmp_path))
    assert read_files(tmp_path) == good


@pytest.mark.parametrize(
    ("selectors", "kept"),
    [
        (("plan/2021/joho",), {"2020/joho", "2021/joho", "2021/kikaku"}),
        (("plan/2021",), {"2020/joho", "2021/joho"}),
        ((), {"2021/joho"}),
    ],
)
def test_what_is_no_longer_asked_for_is_removed_where_the_build_covers_it(
    root: Path, tmp_path: Path, selectors: tuple[str, ...], kept: set[str]
) -> None:
    everything = [ask_for("joho", fiscal_year=2020), ask_for("joho"), ask_for("kikaku")]
    build(root, everything, BuildOptions(tmp_path))
    result = build(root, [ask_for("joho")], BuildOptions(tmp_path, selectors=selectors))
    paths = read_files(tmp_path / "plan")
    stems = {path.replace("departments/", "").partition(".")[0] for path in paths}
    assert stems == kept
    assert len(result.removed) == 3 - len(kept)


def test_files_that_an_older_version_put_elsewhere_are_moved(root: Path, tmp_path: Path) -> None:
    build(root, [ask_for("joho")], BuildOptions(tmp_path))
    good = read_files(tmp_path)
    for place in ("manifest.json", ".receipts.json"):
        text = (tmp_path / place).read_text("utf-8")
        (tmp_path / place).write_text(text.replace("departments/joho.", "joho."), "utf-8")
    for path in (tmp_path / "plan/2021/departments").iterdir():
        path.rename(tmp_path / "plan/2021" / path.name)
    result = build(root, [ask_for("joho")], BuildOptions(tmp_path))
    assert result.briefings[0].status == "made"
    assert read_files(tmp_path) == good


def test_pages_are_made_where_asked_for_and_otherwise_left_alone(
    root: Path, tmp_path: Path
) -> None:
    build(root, [ask_for("joho")], BuildOptions(tmp_path))
    assert not list(tmp_path.rglob("index.html"))
    build(root, [ask_for("joho")], BuildOptions(tmp_path, pages=PAGES))
    page = (tmp_path / "index.html").read_bytes()
    build(root, [ask_for("joho", "1/0")], BuildOptions(tmp_path))
    assert (tmp_path / "index.html").read_bytes() == page


def test_a_locked_output_folder_is_left_alone(root: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(BuildLocked):
        build(root, [ask_for("joho")], BuildOptions(tmp_path))


INTERRUPTED = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from project import ask_for
from nenpo.build.run import BuildOptions, build
action = "import os, pathlib, time\\n" \\
    "pathlib.Path(os.environ['NENPO_ROOT'], 'pid').write_text(str(os.getpid()))\\n" \\
    "time.sleep(600)"
root = Path(sys.argv[2])
try:
    build(root, [ask_for("joho"), ask_for("kikaku", action)], BuildOptions(root / "outputs"))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_build_leaves_no_process_and_whole_sets_only(
    tmp_path: Path, number: int, code: int
) -> None:
    """What it had not finished is as it was; what it had finished is published and not redone."""
    root = write_project(tmp_path)
    build(root, [ask_for("kikaku")], BuildOptions(root / "outputs"))
    before = read_files(root / "outputs/plan")
    run = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, Path(__file__).parents[1] / "support", root]
    )
    wait_while(run, lambda: (root / "pid").exists() and (root / "pid").read_text() != "")
    receipts = root / "outputs/.receipts.json"
    wait_while(run, lambda: "departments/joho.pdf" in receipts.read_text())
    run.send_signal(number)
    assert run.wait() == code
    assert not is_alive(int((root / "pid").read_text()))
    after = read_files(root / "outputs/plan")
    assert {path: after[path] for path in before if path in after} == {
        path: content for path, content in before.items() if path in after
    }
    assert len([path for path in after if "departments/joho." in path]) == 4
    resumed = build(root, [ask_for("joho"), ask_for("kikaku")], BuildOptions(root / "outputs"))
    assert [result.status for result in resumed.briefings] == ["current", "current"]


def wait_while(run: "subprocess.Popen[bytes]", condition: Callable[[], bool]) -> None:
    """Wait as long as it takes; a run that has ended will not get there."""
    while not condition():
        assert run.poll() is None
        time.sleep(0.05)


def test_the_start_method_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_START_METHOD", "spawn")
    assert choose_start_method() == "spawn"
    assert choose_start_method("forkserver") == "forkserver"


def test_the_building_process_imports_nothing_heavy() -> None:
    code = (
        "import sys, nenpo.build.run; print({'pandas', 'IPython', 'matplotlib'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, capture_output=True, check=True, text=True, env=dict(os.environ))
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("place", ["s3://bucket/outputs", "memory://outputs"])
def test_a_url_is_no_folder_to_build_into(root: Path, place: str) -> None:
    with pytest.raises(UnusableOutput, match="nenpo publish"):
        build(root, [ask_for("joho")], BuildOptions(Path(place)))
