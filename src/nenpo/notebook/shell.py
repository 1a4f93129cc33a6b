"""An IPython shell whose outputs go into notebook cells, as a kernel's would.

Differences from a kernel, all for the sake of equal bytes everywhere: no user configuration is
read, no history is kept, and nothing is written to the home folder.
"""

# mypy: allow-untyped-calls
# IPython has types for some of its methods only.

import asyncio
import atexit
import builtins
import getpass
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any, NoReturn

from IPython.core import page
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Type
from traitlets.config import Config

from nenpo.notebook.limits import OutputLimitPassed, limit_files
from nenpo.notebook.outputs import CellOutputs, StreamCapture
from nenpo.notebook.variables import lend_environment

# Of a message, and of a line of a traceback: there are messages that hold a whole file.
_ERROR_CHARACTERS = 100_000

INLINE_FIGURES = "module://matplotlib_inline.backend_inline"

# What a kernel sets for the programs that cells start: see ipykernel's init_environment.
KERNEL_ENVIRONMENT = {
    "TERM": "xterm-color",
    "CLICOLOR": "1",
    "FORCE_COLOR": "1",
    "CLICOLOR_FORCE": "1",
    "PAGER": "cat",
    "GIT_PAGER": "cat",
}


class CellCompiler(CachingCompiler):
    """Names cells by their number alone: no process id, no folder.

    The name ends in ``.py`` like a kernel's, because IPython lays tracebacks out by that.
    """

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:  # noqa: ARG002
        """Return the file name that warnings and syntax errors show."""
        return f"<cell {number}>.py"


class ResultHook(DisplayHook):
    """Records the value of a cell's last expression."""

    shell: "NotebookShell"

    def start_displayhook(self) -> None:
        """Mark the time in which a failing ``repr`` fails the cell."""
        super().start_displayhook()
        self.content: dict[str, Any] = {}

    def write_output_prompt(self) -> None:
        """Write nothing: the count is part of the output."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep the formatted value until the hook finishes."""
        self.content = {"data": format_dict, "metadata": md_dict or {}}

    def finish_displayhook(self) -> None:
        """Record the value, if it has a format to show."""
        if self.content.get("data"):
            content = {**self.content, "execution_count": self.prompt_count}
            self.shell.record("execute_result", content)
        self._is_active = False


class Publisher(DisplayPublisher):
    """Records what ``display()`` shows."""

    shell: "NotebookShell"

    def publish(  # type: ignore[override]  # without the deprecated `source`, like ipykernel's
        self,
        data: Any,
        metadata: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        """Record a display, or replace an earlier one of the same display id."""
        self._validate_data(data, metadata)
        content = {"data": data, "metadata": metadata or {}}
        display_id = (transient or {}).get("display_id") or ""
        if update:
            self.shell.outputs.update_display(content, display_id)
        else:
            self.shell.record("display_data", content, display_id)

    def clear_output(self, wait: bool = False) -> None:
        """Remove the cell's outputs."""
        self.shell.clear(wait=wait)


class NotebookShell(InteractiveShell):
    """The shell; :func:`open_shell` makes one and takes it down."""

    displayhook_class = Type(ResultHook)
    display_pub_class = Type(Publisher)
    compiler_class = Type(CellCompiler)

    def connect(self, folder: Path) -> None:
        """Get ready to record, with scratch files in ``folder``."""
        self.outputs = CellOutputs()
        self._capture = StreamCapture(self.outputs, folder)
        self._loop = asyncio.new_event_loop()
        self._result_failed = False
        # `obj?` goes to a pager; a kernel sends it beside the outputs and papermill drops it.
        self.set_hook("show_in_pager", page.as_hook(_drop_page), 99)

    def disconnect(self) -> None:
        """Release the files and the event loop."""
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()
        self._capture.close()

    def execute_cell(self, cell: Any) -> bool:
        """Run a notebook cell, write its outputs and count into it; return False if it failed.

        Skips what nbclient skips, and like it goes on after a failure in a cell that is tagged
        ``raises-exception``.
        """
        tags = cell.metadata.get("tags", [])
        runs = cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags
        if not runs:
            return True
        cell.execution_count = self.execution_count
        self.outputs.open_cell(cell.outputs)
        self._result_failed = False
        succeeded = False
        with suppress(OutputLimitPassed), self._streams():
            # Inside a running loop, as in a kernel: `asyncio.run` fails in a cell, tasks live on.
            result = self._loop.run_until_complete(self._run_source(cell.source))
            succeeded = bool(result.success) and not self._result_failed
        if self.outputs.close_cell():
            return False
        return succeeded or "raises-exception" in tags

    async def _run_source(self, source: str) -> ExecutionResult:
        """Run a cell as ipykernel does one that awaits; one that does not runs the same way.

        ``run_cell`` would look through the source once more to find out which of the two it is.
        """
        try:
            code, problem = self.transform_cell(source), None
        except Exception:
            code, problem = source, sys.exc_info()
        try:
            result = await self.run_cell_async(
                source, store_history=True, transformed_cell=code, preprocessing_exc_tuple=problem
            )
        finally:
            self.events.trigger("post_execute")
        self.events.trigger("post_run_cell", result)
        return result

    @contextmanager
    def _streams(self) -> Iterator[None]:
        streams = self._capture.streams
        with (
            self._capture.redirect(),
            redirect_stdout(streams["stdout"]),
            redirect_stderr(streams["stderr"]),
            _attribute(builtins, "input", _refuse_input("raw_input")),
            _attribute(getpass, "getpass", _refuse_input("getpass")),
        ):
            yield

    def record(self, kind: str, content: dict[str, Any], display_id: str = "") -> None:
        """Add an output to the cell."""
        self._capture.drain()
        self.outputs.add_output(kind, content, display_id)

    def clear(self, *, wait: bool) -> None:
        """Remove the cell's outputs."""
        self._capture.drain()
        self.outputs.clear(wait=wait)

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self._result_failed |= self.displayhook.is_active
        if issubclass(etype, OutputLimitPassed):  # told when the cell is closed
            return
        lines = [line[:_ERROR_CHARACTERS] for line in stb]
        evalue = str(evalue)[:_ERROR_CHARACTERS]
        self.record("error", {"ename": etype.__name__, "evalue": evalue, "traceback": lines})

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: figures are shown inline, without an event loop."""

    def ask_exit(self) -> NoReturn:
        """Fail the cell that calls ``exit`` or ``quit``."""
        raise SystemExit


def _drop_page(*_: object, **__: object) -> None:
    """Take the place of a pager."""


@contextmanager
def _attribute(owner: Any, name: str, value: object) -> Iterator[None]:
    """Give ``owner`` another value of the attribute ``name`` for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


def _refuse_input(name: str) -> Any:
    def refuse(*_: object, **__: object) -> NoReturn:
        # The wording is ipykernel's.
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return refuse


@contextmanager
def open_shell() -> Iterator[NotebookShell]:
    """Yield a fresh shell and leave nothing of it behind: streams, namespace, path, filters.

    Raises:
        RuntimeError: an IPython shell or an event loop already runs in this process.
    """
    if InteractiveShell.initialized():
        raise RuntimeError(
            "the nenpo engine cannot run inside IPython or JupyterLab; "
            "use papermill's own engine there, or `nenpo build`"
        )
    config = Config()
    config.HistoryManager.enabled = False
    with (
        tempfile.TemporaryDirectory(prefix="nenpo-shell-") as folder,
        lend_environment(KERNEL_ENVIRONMENT),
        # The notebook's own folder: a module beside it can be imported. Last, where a kernel has it
        # before the installed libraries, so that it never takes the place of one.
        _attribute(sys, "path", [*(path for path in sys.path if path), ""]),
        warnings.catch_warnings(),
        limit_files(),
    ):
        profile = ProfileDir(location=str(Path(folder) / "profile"))
        shell = NotebookShell.instance(config=config, profile_dir=profile, ipython_dir=folder)
        if (
            "nenpo.content.display" in sys.modules
        ):  # preloaded: its import in a cell does nothing more
            sys.modules["nenpo.content.display"].teach_ipython()
        shell.connect(Path(folder))
        try:
            _show_figures_inline(shell)
            yield shell
        finally:
            _close_shell(shell)


def _close_shell(shell: NotebookShell) -> None:
    shell.disconnect()
    atexit.unregister(shell.atexit_operations)
    shell.atexit_operations()
    shell.restore_sys_module_state()
    NotebookShell.clear_instance()
    for name in ("__IPYTHON__", "display"):
        vars(builtins).pop(name, None)


def _show_figures_inline(shell: NotebookShell) -> None:
    """Show a bare matplotlib figure as a kernel does, lest one be dropped without a word.

    Whatever backend the environment names: on many machines it is one that shows nothing.
    """
    os.environ["MPLBACKEND"] = INLINE_FIGURES  # open_shell takes it back
    if "matplotlib.pyplot" in sys.modules:
        shell.enable_matplotlib("inline")
    elif "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE_FIGURES
