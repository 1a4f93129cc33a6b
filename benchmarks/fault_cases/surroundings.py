"""What a command is started in: streams, folders, packages; and what its cells start."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from faults import Bench, Ended, fault

DETACHES = (
    "import os, subprocess, time\n"
    "subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
    "if not os.fork():\n    os.setsid()\n    time.sleep(600)\n"
)


def build_elsewhere(bench: Bench) -> Ended:
    """Build into another folder what is neither of before nor of a clean build."""
    return bench.run("build", "--output", str(bench.root / "elsewhere"))


@contextmanager
def with_cell(bench: Bench, source: str) -> Iterator[None]:
    """Let every department's notebook begin with this code, for a while."""
    path = bench.root / "notebooks/department.ipynb"
    before = path.read_text("utf-8")
    notebook = json.loads(before)
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    added = {**first, "id": "added", "metadata": {}, "source": source}
    notebook["cells"].insert(notebook["cells"].index(first) + 1, added)
    path.write_text(json.dumps(notebook), "utf-8")
    try:
        yield
    finally:
        path.write_text(before, "utf-8")


@fault("a cell detaches processes into sessions of their own", 0)
def detach_processes(bench: Bench) -> Ended:
    with with_cell(bench, DETACHES):
        return build_elsewhere(bench)


def run_in_shell(bench: Bench, script: str) -> Ended:
    """Run a build as "$@" of a script."""
    return bench.run("build", prefix=["bash", "-c", f"{script}; exit ${{PIPESTATUS[0]}}", "bash"])


@fault("the reader of both streams leaves after a line", 0)
def leave_early(bench: Bench) -> Ended:
    return run_in_shell(bench, '"$@" 2>&1 | head -1')


@fault("standard output is full", 0)
def fill_output(bench: Bench) -> Ended:
    return run_in_shell(bench, '"$@" >/dev/full 2>/dev/null')


@fault("all streams are closed", 0)
def close_streams(bench: Bench) -> Ended:
    return run_in_shell(bench, '"$@" <&- >&- 2>&-')


@fault("the console knows ASCII alone", 0)
def know_ascii(bench: Bench) -> Ended:
    bench.environment = {"LC_ALL": "C", "PYTHONUTF8": "0"}
    try:
        return bench.run("build")
    finally:
        bench.environment = {}


@fault("modules in the current folder have names of the library", 0)
def shadow_library(bench: Bench) -> Ended:
    paths = [bench.root / f"{name}.py" for name in ("json", "signal", "selectors", "pandas")]
    for path in paths:
        path.write_text("raise SystemExit(9)")
    try:
        return bench.run("build")
    finally:
        for path in paths:
            path.unlink()


@fault("modules beside the notebooks have names of libraries", 0)
def shadow_beside_notebooks(bench: Bench) -> Ended:
    paths = [bench.root / f"notebooks/{name}.py" for name in ("json", "statistics", "pandas")]
    for path in paths:
        path.write_text("raise SystemExit(9)")
    try:
        with with_cell(bench, "import json, statistics, pandas"):
            return build_elsewhere(bench)
    finally:
        for path in paths:
            path.unlink()


@fault("the current folder is removed", 2, words=["removed"])
def remove_folder(bench: Bench) -> Ended:
    folder = bench.root / "removed"
    folder.mkdir()
    script = f'cd "{folder}" && rmdir "{folder}" && "$@"'
    return bench.run("build", prefix=["bash", "-c", script, "bash"])


@fault("the temporary folder is too long for a socket", 2, words=["TMPDIR"])
def lengthen_temporary(bench: Bench) -> Ended:
    folder = Path(bench.root, "t" * 100)
    folder.mkdir()
    bench.environment = {"TMPDIR": str(folder)}
    try:
        return bench.run("build")
    finally:
        bench.environment = {}


@fault("a package cannot be imported", 2, words=["papermill.py:1"])
def break_package(bench: Bench) -> Ended:
    folder = bench.root / "broken"
    folder.mkdir()
    (folder / "papermill.py").write_text("import nowhere")
    bench.environment = {"PYTHONPATH": str(folder)}
    try:
        return bench.run("build")
    finally:
        bench.environment = {}
