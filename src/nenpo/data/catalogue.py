"""The plans side by side: themes, comparable figures, and the national priorities they serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nenpo.data.plan import Plan, make_frame
from nenpo.data.schema.declarations import ComparisonMeta
from nenpo.data.schema.tables import SHARED_TABLES
from nenpo.data.shared_files import SharedRows

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What concerns several plans; frames have the columns of their files.

    ``plans`` holds the plans that were asked for and the national one, by id. ``meta`` is None
    where ``data/comparison.yaml`` is not there: nothing is compared, and the frames are empty.
    """

    meta: ComparisonMeta | None
    plans: Mapping[str, Plan]
    themes: "pd.DataFrame"
    comparisons: "pd.DataFrame"
    priorities: "pd.DataFrame"
    omissions: "pd.DataFrame"

    @property
    def national(self) -> Plan | None:
        """The plan whose measures are the national priorities, if there is one."""
        return self.plans.get(self.meta.national_plan or "") if self.meta else None


def make_shared_frames(shared: SharedRows) -> dict[str, "pd.DataFrame"]:
    """Return the valid rows of the shared tables as frames, by file name without suffix."""
    return {
        file.removesuffix(".csv"): make_frame(model, shared.tables.get(file, ()))
        for file, model in SHARED_TABLES.items()
    }
