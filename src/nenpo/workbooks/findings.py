"""What is wrong with returned workbooks, cell by cell, and what goes back to their senders."""

from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import Words, WorkbookError


@dataclass(frozen=True)
class Finding:
    """A fault of a cell, or a note (Words) that whoever filled it in should see.

    ``file`` is the workbook; ``row`` and ``column`` count from 1, 0 where the whole sheet is meant;
    ``sheet`` is "" where the whole file is. ``department`` is its id, "" if it is not known.
    """

    file: Path
    sheet: str
    row: int
    column: int
    problem: WorkbookError | Words
    department: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it has to be mended before the answers can be taken."""
        return not isinstance(self.problem, Words)
