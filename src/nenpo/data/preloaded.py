"""Data that a process was born with: read and checked once, inherited by every briefing.

The fork server reads them (see ``build.isolated.preload``); a briefing takes a plan from there if
the build says that the files still are what they were then, and reads the files otherwise.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from nenpo.data.plan import Plan
    from nenpo.data.plan_files import PlanRows
    from nenpo.data.schema.declarations import ComparisonMeta

DIGEST = "NENPO_DATA"
"""The environment variable in which a build tells its processes the digest of its data."""
WANTED = "NENPO_WANTED"
"""That in which it tells its fork server what to read: see :func:`write_wanted`."""


@dataclass(frozen=True)
class Preloaded:
    """Valid plans by id, as rows and as frames, and the shared tables by file.

    All of them are those of a project's data with that digest.
    """

    root: Path
    digest: str
    rows: Mapping[str, "PlanRows"]
    plans: Mapping[str, "Plan"]
    meta: "ComparisonMeta | None"
    shared: Mapping[str, "pd.DataFrame"]


MOST_PLANS = 12
"""More plans than this take longer to read beforehand than the first document may take."""


def write_wanted(root: Path, plans: Iterable[str]) -> str:
    """Return what asks for data: the root and the plans of documents to come, a line each."""
    return "\n".join([str(root), *islice(plans, MOST_PLANS)])


def read_wanted(text: str) -> tuple[Path, list[str]]:
    """Return root and plans of what :func:`write_wanted` wrote."""
    root, *plans = text.split("\n")
    return Path(root), plans


# The one state of the data line: it is set before the process forks and never again.
_preloaded: Preloaded | None = None


def keep_preloaded(preloaded: Preloaded | None) -> None:
    """Let this process and those forked from it find the data."""
    global _preloaded
    _preloaded = preloaded


def find_preloaded(root: Path) -> Preloaded | None:
    """Return the project's data, if they are what the build's files say."""
    if _preloaded and _preloaded.root == root and os.environ.get(DIGEST) == _preloaded.digest:
        return _preloaded
    return None
