"""The parts of an IPython shell that show something, made to record it in the notebook."""

# mypy: allow-untyped-calls
# IPython has types for some of its methods only.

from typing import TYPE_CHECKING, Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

if TYPE_CHECKING:
    from nenpo.shell import NotebookShell


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
            self.shell.replace(content, display_id)
        else:
            self.shell.record("display_data", content, display_id)

    def clear_output(self, wait: bool = False) -> None:
        """Remove the cell's outputs."""
        self.shell.clear(wait=wait)
