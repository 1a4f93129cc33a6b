"""The plans side by side: themes, comparable figures, and the national priorities they serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from nenpo.declarations import ComparisonMeta
from nenpo.errors import InputError
from nenpo.plan import Plan, find_root, list_plans, make_frame, make_plan, require_plan
from nenpo.problems import collect, refuse_all
from nenpo.schema import SHARED_TABLES
from nenpo.shared import find_national, read_shared
from nenpo.validate import read_rows

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


def load_catalogue(*plan_ids: str, root: Path | None = None) -> Catalogue:
    """Return the shared tables with the plans named, or with every plan if none is.

    Raises ``UnknownPlan``, and ``InputRefused`` with every offender in the shared tables or in
    those plans.
    """
    base = find_root() if root is None else root
    for plan_id in plan_ids:
        require_plan(base, plan_id)
    known = list_plans(base)
    wanted = {*(plan_ids or known), *({find_national(base)} & set(known))}
    problems: list[InputError] = []
    read = {
        plan: collect(problems, partial(read_rows, base, plan)) for plan in known if plan in wanted
    }
    rows = {plan: found for plan, found in read.items() if found is not None}
    shared = collect(problems, partial(read_shared, base, rows))
    refuse_all(problems)
    assert shared is not None  # otherwise there was a problem
    frames = {
        file.removesuffix(".csv"): make_frame(model, shared.tables.get(file, ()))
        for file, model in SHARED_TABLES.items()
    }
    plans = {plan: make_plan(read) for plan, read in rows.items()}
    return Catalogue(shared.meta, MappingProxyType(plans), **frames)
