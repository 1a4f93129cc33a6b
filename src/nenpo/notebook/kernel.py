"""papermill's own engine, which starts a kernel, within the limits of ours."""

# mypy: allow-untyped-calls
# papermill and nbclient have no types.

from collections.abc import Sequence
from typing import Any

from jupyter_client.session import json_packer
from nbclient.exceptions import DeadKernelError
from nbformat import from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine

from nenpo.notebook.limits import OutputLimitPassed, OutputMeter, describe_error, limit_files

_COUNTED = frozenset({"stream", "display_data", "execute_result", "update_display_data", "error"})


class BoundedClient(PapermillNotebookClient):
    """Stops the kernel whose cell shows more than it may."""

    def __init__(self, nb_man: Any, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.meter = OutputMeter()
        self._running = -1

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Record a message of the kernel's, unless it is one too many."""
        if cell_index != self._running:
            self.meter.open_cell(cell.outputs)
            self._running = cell_index
        try:
            if msg["msg_type"] in _COUNTED:
                self.meter.count(len(json_packer(msg["content"])))
        except OutputLimitPassed:
            # It would wait for the end of the cell: only that of the kernel ends the wait.
            self.shutdown_kernel = "immediate"
            if self.task_poll_for_reply:
                self.task_poll_for_reply.cancel()
            return None
        return super().process_message(msg, cell, cell_index)

    def execute(self, **options: Any) -> Any:
        """Run all cells, up to the first that fails."""
        try:
            return super().execute(**options)
        except DeadKernelError:
            if not self.meter.passed:
                raise
            told = from_dict(describe_error(self.meter.passed))
            self.nb.cells[self._running].outputs.append(told)
            return self.nb


class KernelEngine(NBClientEngine):
    """As papermill's, for those who compare; see ``nenpo build --engine kernel``."""

    @classmethod
    def execute_managed_notebook(  # type: ignore[override]  # no options but the kernel's
        cls, nb_man: Any, kernel_name: str, extra_arguments: Sequence[str] = (), **_: object
    ) -> Any:
        """Run the cells of ``nb_man.nb`` in order, up to the first that fails."""
        with limit_files():  # a kernel writes what programs print once more, to its own output
            client = BoundedClient(
                nb_man, kernel_name=kernel_name, extra_arguments=list(extra_arguments)
            )
            return client.execute()
