"""What a briefing is being made with, told by audit events to whoever follows the process.

The modules that read the data and draw tell of it here and need not know who asks: the build does,
for its receipts and for ``--profile``; in JupyterLab nobody does.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

BEGIN = "nenpo.begin"
END = "nenpo.end"
USED = "nenpo.used"

EVERY_PLAN = "*"
SHARED = "shared"
"""Parts of the data that are declared beside the ids of plans."""


@contextmanager
def mark_stage(name: str) -> Iterator[None]:
    """Tell that a stage of the work begins, and when it ends.

    What is opened in the stage "load" is declared input, which :func:`declare_input` names.
    """
    sys.audit(BEGIN, name)
    try:
        yield
    finally:
        sys.audit(END, name)


def declare_input(name: str) -> None:
    """Tell that the notebook uses a plan (by its id) or another part of the data."""
    sys.audit(USED, name)
