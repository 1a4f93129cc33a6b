"""The engine records what papermill's own engine records, and leaves nothing behind.

Both engines run the same notebooks in processes of their own, because a kernel starts with
Python's usual warning filters and pytest turns warnings into errors. ``--prefix``-installed
kernels are found through ``sys.prefix``: the name ``python3`` needs no registration.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SHAPES = {
    "parameters": "name = 'default'",
    "value": "6 * 7",
    "suppressed value": "6 * 7;",
    "last value": "_ + 1",
    "input and output history": "In[2], Out[2]",
    "stdout": "print('one'); print('two')",
    "stderr": "import sys\nprint('err', file=sys.stderr)",
    "stdout around a display": "print('before'); display('shown'); print('after')",
    "text of a subprocess": "import subprocess\nsubprocess.run(['echo', 'sub'], check=True);",
    "shell command": "!echo from the shell",
    "shell capture": "lines = !echo captured\nlines",
    "warning": "import warnings\nwarnings.warn('careful')",
    "deprecation": "warnings.warn('old', DeprecationWarning)",
    "html": "from IPython.display import HTML, clear_output, update_display\nHTML('<b>x</b>')",
    "two displays": "display(HTML('<i>1</i>'), {'a': (1, 2)})",
    "display id": "h = display('first', display_id='here'); display('second', display_id='here')",
    "update in another cell": "update_display('third', display_id='here')",
    "own representation": (
        "class Bundle:\n"
        "    def _repr_mimebundle_(self, **_):\n"
        "        return {'application/vnd.x+json': {'k': (1, {'n': None})}, 'text/plain': 'b'}\n"
        "Bundle()"
    ),
    "representation with metadata": (
        "class Meta:\n    def _repr_html_(self):\n        return '<p>', {'isolated': True}\nMeta()"
    ),
    "nothing to show": "class Quiet:\n    def _ipython_display_(self): pass\nQuiet()",
    "image bytes": (
        "class Png:\n    def _repr_png_(self): return b'\\x89PNG\\r\\n\\x1a\\n'\nPng()"
    ),
    "clear": "print('gone'); display('gone', display_id='c')\nclear_output()\nprint('kept')",
    "update of the cleared": "update_display('never', display_id='c')",
    "clear on the next output": "print('gone'); clear_output(wait=True); display('kept')",
    "clear on no output": "print('stays'); clear_output(wait=True)",
    "capture magic": "%%capture caught\nprint('hidden')\ndisplay('hidden')\n5",
    "shown capture": "caught.show()",
    "line magic": "%precision 3\n3.14159",
    "cell magic": "%%python\nprint('another interpreter')",
    "html magic": "%%html\n<em>magic</em>",
    "await": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "running loop": "asyncio.get_running_loop().is_running()",
    "task across cells": "task = asyncio.ensure_future(asyncio.sleep(0, 'done'))",
    "task awaited": "await task",
    "main": "__name__, get_ipython().__class__.__mro__[-5].__name__[:0]",
    "pickle": "import pickle\nclass Kept: pass\ntype(pickle.loads(pickle.dumps(Kept()))).__name__",
    "source of a function": "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))",
    "thread": (
        "import threading\nt = threading.Thread(target=print, args=('t',))\nt.start(); t.join()"
    ),
    "logging": "import logging\nlogging.getLogger('x').warning('logged')",
    "help": "len?",
    "blank": "   ",
    "input": "try:\n    input('?')\nexcept Exception as e:\n    print(type(e).__name__, e)",
    "password": (
        "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as e:\n"
        "    print(type(e).__name__, e)"
    ),
    "asyncio.run": (
        "async def f(): pass\nc = f()\ntry:\n    asyncio.run(c)\nexcept RuntimeError as e:\n"
        "    c.close(); print(e)"
    ),
    "data frame": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
}
FAILURES = {
    "exception": "def f():\n    return 1 / 0\nprint('so far')\nf()",
    "chained": "try:\n    {}['k']\nexcept KeyError as e:\n    raise ValueError('値') from e",
    "in a library": "import json\njson.loads('{')",
    "syntax": "x = = 1",
    "unknown magic": "%nosuchmagic",
    "failing representation": "class Bad:\n    def __repr__(self): raise OSError('repr')\nBad()",
    "exit": "import sys\nsys.exit()",
    "exit with zero": "import sys\nsys.exit(0)",
    "exit with one": "import sys\nsys.exit(1)",
    "awaited failure": "import asyncio\nasync def f(): raise KeyError('k')\nawait f()",
    "interrupt": "raise KeyboardInterrupt",
}

RUN = """
import json, sys
import nenpo.notebook.engine  # before papermill: the order that a base class would break
import papermill
engine, *paths = sys.argv[1:]
for path in paths:
    try:
        papermill.execute_notebook(
            path, path, engine_name=engine if engine != "default" else None, progress_bar=False
        )
    except papermill.PapermillExecutionError as error:
        print(path, error.ename, error.evalue)
"""


def write_notebook(path: Path, sources: list[str], tags: tuple[str, ...] = ()) -> Path:
    cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source in sources]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [new_markdown_cell("# text"), *cells]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), path)
    return path


def run_papermill(code: str, *arguments: object, **options: Any) -> str:
    """Run ``code`` in a fresh process and return what it prints."""
    # A kernel that sees this variable leaves file descriptors alone (ipykernel.iostream).
    environment = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    run = [sys.executable, "-c", code, *map(str, arguments)]
    options = {"env": environment, **options}
    done = subprocess.run(run, capture_output=True, check=False, text=True, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run_engine(folder: Path, engine: str) -> dict[str, Any]:
    """Run the notebooks of all shapes and failures; return them, and what papermill raised."""
    folder.mkdir()
    paths = [
        write_notebook(folder / "shapes.ipynb", list(SHAPES.values())),
        write_notebook(folder / "failures.ipynb", list(FAILURES.values()), ("raises-exception",)),
        write_notebook(folder / "stops.ipynb", ["%nosuchmagic", "'not reached'"]),
    ]
    raised = run_papermill(RUN, engine, *(path.name for path in paths), cwd=folder)
    return {"raised": raised, **{path.stem: nbformat.read(path, as_version=4) for path in paths}}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_engine(tmp_path_factory.mktemp("engines") / "kernel", "default")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return run_engine(tmp_path_factory.mktemp("engines") / "ours", "nenpo")


def normalise(cell: Any) -> dict[str, Any]:
    """Leave of a code cell what must be equal."""
    outputs = json.loads(json.dumps(group_streams(cell.get("outputs", []))))
    text = json.dumps(outputs, ensure_ascii=False)
    text = re.sub(r"[^\" ]*/ipykernel_\d+/\d+\.py|\b\d{6,}\.py|<cell \d+>\.py", "CELL", text)
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    return {"count": cell.get("execution_count"), "outputs": json.loads(text)}


def group_streams(outputs: list[Any]) -> list[Any]:
    """Join the texts of each stream between two displays.

    A kernel buffers stdout and stderr apart for 0.2 s, so its order of the two is chance.
    """
    grouped: list[Any] = []
    texts: dict[str, str] = {}

    def close_group() -> None:
        grouped.extend(sorted(texts.items()))
        texts.clear()

    for output in outputs:
        if output.output_type == "stream":
            texts[output.name] = texts.get(output.name, "") + output.text
        else:
            close_group()
            grouped.append(output)
    close_group()
    return grouped


def pick_cell(run: dict[str, Any], notebook: str, position: int) -> dict[str, Any]:
    cells = [c for c in run[notebook].cells if "papermill-error-cell-tag" not in c.metadata.tags]
    return normalise(cells[position + 1])


@pytest.mark.parametrize("shape", SHAPES)
def test_outputs_equal_those_of_a_kernel(
    shape: str, kernel: dict[str, Any], ours: dict[str, Any]
) -> None:
    position = list(SHAPES).index(shape)
    assert pick_cell(ours, "shapes", position) == pick_cell(kernel, "shapes", position)


@pytest.mark.parametrize("failure", FAILURES)
def test_failures_equal_those_of_a_kernel(
    failure: str, kernel: dict[str, Any], ours: dict[str, Any]
) -> None:
    position = list(FAILURES).index(failure)
    assert pick_cell(ours, "failures", position) == pick_cell(kernel, "failures", position)


def test_a_failure_stops_the_notebook_where_a_kernel_does(
    kernel: dict[str, Any], ours: dict[str, Any]
) -> None:
    statuses = [
        [
            cell.metadata.papermill.status
            for cell in run["stops"].cells
            if "papermill" in cell.metadata
        ]
        for run in (ours, kernel)
    ]
    assert statuses[0] == statuses[1]
    assert "failed" in statuses[0]


def test_papermill_raises_the_same_errors(kernel: dict[str, Any], ours: dict[str, Any]) -> None:
    assert ours["raised"].splitlines() == [
        line for line in kernel["raised"].splitlines() if line.endswith(("Error ", "Interrupt "))
    ]  # a kernel also echoes what subprocesses write


def test_language_info_is_that_of_the_kernel(kernel: dict[str, Any], ours: dict[str, Any]) -> None:
    assert ours["shapes"].metadata.language_info == kernel["shapes"].metadata.language_info


def test_stdout_and_stderr_keep_their_order(tmp_path: Path) -> None:
    source = "import os, sys\nprint(1)\nos.system('echo 2')\nprint(3, file=sys.stderr)\nprint(4)"
    path = write_notebook(tmp_path / "order.ipynb", [source + "\nos.system('echo 5 >&2');"])
    run_papermill(RUN, "nenpo", path)
    outputs = nbformat.read(path, as_version=4).cells[1].outputs
    assert [(o.name, o.text) for o in outputs] == [
        ("stdout", "1\n2\n"),
        ("stderr", "3\n"),
        ("stdout", "4\n"),
        ("stderr", "5\n"),
    ]


STATE = """
import builtins, os, sys, warnings
import papermill
from IPython.core.interactiveshell import InteractiveShell
def state():
    return [sys.stdout, sys.stderr, sys.displayhook, sys.excepthook, sys.modules["__main__"],
            list(sys.path), dict(os.environ), list(warnings.filters), builtins.input,
            InteractiveShell.initialized(), hasattr(builtins, "get_ipython")]
papermill.execute_notebook(sys.argv[1], None, engine_name="nenpo", progress_bar=False)
before = state()
nb = papermill.execute_notebook(sys.argv[1], None, engine_name="nenpo", progress_bar=False)
assert state() == before
assert sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__
assert not before[-2] and not before[-1]
print(nb.cells[1].outputs[0].data["text/plain"])
os.system("echo descriptor")
"""


def test_a_second_notebook_in_the_process_starts_clean(tmp_path: Path) -> None:
    dirty = (
        "seen = 'leak' in globals(); leak = 1\n"
        "import os, sys, warnings\n"
        "os.environ['LEAK'] = '1'; sys.path.append('/leak'); warnings.simplefilter('ignore')\n"
        "seen, In[-1] == In[1], 'LEAK' in os.environ.keys() - {'LEAK'}"
    )
    path = write_notebook(tmp_path / "dirty.ipynb", [dirty])
    assert run_papermill(STATE, path).split("\n") == ["(False, True, False)", "descriptor", ""]


def test_nothing_is_written_to_the_home_folder(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", ["1"])
    home = tmp_path / "home"
    home.mkdir()
    run_papermill(RUN, "nenpo", path, env={"HOME": str(home)})
    assert not list(home.iterdir())


def test_the_engine_does_not_run_inside_ipython(tmp_path: Path) -> None:
    path = write_notebook(tmp_path / "n.ipynb", ["1"])
    shell = "from IPython.core.interactiveshell import InteractiveShell as S; S.instance()\n"
    with pytest.raises(AssertionError, match="cannot run inside IPython"):
        run_papermill(shell + RUN, "nenpo", path)


def test_importing_the_engine_imports_neither_ipython_nor_papermill() -> None:
    heavy = "{'IPython', 'papermill', 'pandas'}"
    code = f"import sys, nenpo.notebook.engine; print({heavy} & set(sys.modules))"
    assert run_papermill(code).strip() == "set()"


def test_a_cell_time_limit_is_refused(tmp_path: Path) -> None:
    import papermill

    path = write_notebook(tmp_path / "n.ipynb", ["1"])
    with pytest.raises(ValueError, match="deadline for each briefing"):
        papermill.execute_notebook(
            path, None, engine_name="nenpo", execution_timeout=1, progress_bar=False
        )
