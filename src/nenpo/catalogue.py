"""The plans side by side: themes, comparable figures, and the national priorities they serve."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from nenpo.declarations import ComparisonMeta
from nenpo.errors import InputError
from nenpo.plan import Plan, make_frame, make_plan
from nenpo.problems import collect, refuse_all
from nenpo.project import find_root, list_plans, require_plan
from nenpo.schema import SHARED_TABLES
from nenpo.shared import SharedRows, find_national, read_shared
from nenpo.stages import EVERY_PLAN, SHARED, declare_input, mark_stage
from nenpo.stock import find_stock
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
    for name in (*(plan_ids or (EVERY_PLAN,)), SHARED):
        declare_input(name)
    with mark_stage("load"):
        catalogue = _find_stocked(base, plan_ids) or _read_catalogue(base, plan_ids)
    if catalogue.national:
        declare_input(catalogue.national.id)
    return catalogue


def _find_stocked(root: Path, plan_ids: tuple[str, ...]) -> Catalogue | None:
    """Return the catalogue if everything that it holds is in stock."""
    stock = find_stock(root)
    if stock is None:
        return None
    national = stock.meta.national_plan if stock.meta else None
    known = list_plans(root)
    wanted = [p for p in known if p in (*(plan_ids or known), national)]
    if not {*plan_ids, *wanted} <= stock.plans.keys():
        return None
    plans = {plan: stock.plans[plan] for plan in wanted}
    return Catalogue(stock.meta, MappingProxyType(plans), **stock.shared)


def _read_catalogue(root: Path, plan_ids: tuple[str, ...]) -> Catalogue:
    for plan_id in plan_ids:
        require_plan(root, plan_id)
    known = list_plans(root)
    wanted = {*(plan_ids or known), *({find_national(root)} & set(known))}
    problems: list[InputError] = []
    read = {
        plan: collect(problems, partial(read_rows, root, plan)) for plan in known if plan in wanted
    }
    rows = {plan: found for plan, found in read.items() if found is not None}
    shared = collect(problems, partial(read_shared, root, rows))
    refuse_all(problems)
    assert shared is not None  # otherwise there was a problem
    plans = {plan: make_plan(read) for plan, read in rows.items()}
    return Catalogue(shared.meta, MappingProxyType(plans), **make_shared_frames(shared))


def make_shared_frames(shared: SharedRows) -> dict[str, "pd.DataFrame"]:
    """Return the valid rows of the shared tables as frames, by file name without suffix."""
    return {
        file.removesuffix(".csv"): make_frame(model, shared.tables.get(file, ()))
        for file, model in SHARED_TABLES.items()
    }
