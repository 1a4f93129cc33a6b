"""The papermill engine: runs a notebook in an IPython shell of the current process.

Registered as ``nenpo`` in the ``papermill.engine`` entry points, so plain papermill has it
too: ``papermill --engine nenpo in.ipynb out.ipynb``. It records what papermill's own engine
records, without starting a kernel. Papermill loads every engine on import, therefore this
module imports next to nothing; IPython comes with :mod:`nenpo.notebook.shell` when a notebook runs.
"""

# mypy: allow-untyped-calls
# papermill has no types.

import json
import os
import platform
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO


class NenpoEngine:
    """An engine as papermill wants it: three class methods.

    It borrows those of ``papermill.engines.Engine`` instead of inheriting them: papermill loads
    this entry point in the middle of its own import, so a base class would make ``import
    nenpo.notebook.engine`` fail wherever it comes before ``import papermill``.
    """

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Run ``nb`` and return it with outputs; ``options`` are papermill's."""
        from papermill.engines import Engine

        return vars(Engine)["execute_notebook"].__func__(cls, nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the kernel name that papermill finds a parameter translator by."""
        from papermill.engines import Engine

        return str(Engine.nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the notebook's language."""
        from papermill.engines import Engine

        return str(Engine.nb_language(nb, language))

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        execution_timeout: float | None = None,
        trace: str | None = None,
        **_: object,
    ) -> None:
        """Run the cells of ``nb_man.nb`` in order, up to the first that fails.

        ``trace`` is a file that takes the notebook, and then every cell as it starts and ends,
        one JSON text a line: what papermill's saves are for, without writing everything anew
        twice a cell.

        Raises:
            ParametersLost: it was given parameters that would not arrive.
            ValueError: another language, or a time limit for cells, which needs a process to
                kill: ``nenpo build`` has one for each briefing.
        """
        if cls.nb_language(nb_man.nb, "python" if kernel_name == "python3" else None) != "python":
            raise ValueError(f"the nenpo engine runs Python notebooks, not kernel '{kernel_name}'")
        if execution_timeout:
            raise ValueError(
                f"the nenpo engine has no execution_timeout ({execution_timeout}); "
                "leave it out, or use `nenpo build`, which has a deadline for each briefing"
            )
        from nenpo.notebook.parameters import check_parameters
        from nenpo.notebook.shell import open_shell

        noted = nb_man.nb.metadata.get("papermill", {})
        if given := noted.get("parameters"):
            check_parameters(nb_man.nb, given, Path(noted.get("input_path") or "notebook").name)
        with open_shell() as shell, Path(trace or os.devnull).open("a", encoding="utf-8") as log:
            _write_line(log, nb_man.nb)
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                _write_line(log, [index, cell])
                try:
                    if not shell.execute_cell(cell):
                        nb_man.cell_exception(cell, cell_index=index)
                        break
                finally:
                    _complete_cell(nb_man, cell, index)
                    _write_line(log, [index, cell])
        nb_man.nb.metadata["language_info"] = describe_language()


def _complete_cell(nb_man: Any, cell: Any, index: int) -> None:
    """Let papermill record the end of a cell, and its duration as papermill would.

    It would read the start anew from its own text, with a parser of dates in any form: 0.15 ms.
    """
    noted = cell.metadata.papermill
    start = noted.pop("start_time")
    nb_man.cell_complete(cell, cell_index=index)
    noted["start_time"] = start
    begun, ended = datetime.fromisoformat(start), datetime.fromisoformat(noted["end_time"])
    noted["duration"] = (ended - begun).total_seconds()


def _write_line(log: TextIO, value: object) -> None:
    if log.name != os.devnull:
        print(json.dumps(value), file=log, flush=True)


def describe_language() -> dict[str, Any]:
    """Return ``metadata.language_info`` as the Python kernel gives it."""
    return {
        "name": "python",
        "version": platform.python_version(),
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": 3},
        "pygments_lexer": "ipython3",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }


EngineName = Literal["nenpo", "kernel"]


SAVED = "saved.json"
"""The run as it is saved while it goes on: all there is if the process dies."""
