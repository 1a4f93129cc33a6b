"""``data/`` → :class:`Plan`, :class:`Catalogue`: what this process was born with, else read."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType

from nenpo.data.catalogue import Catalogue, make_shared_frames
from nenpo.data.events import EVERY_PLAN, SHARED, declare_input, mark_stage
from nenpo.data.explain import collect, refuse_all
from nenpo.data.plan import Plan, make_plan
from nenpo.data.plan_files import PlanRows, read_rows
from nenpo.data.preloaded import find_preloaded
from nenpo.data.project import find_root, list_plans, require_plan
from nenpo.data.shared_files import find_national, read_shared
from nenpo.data.visible import make_view, show_rows
from nenpo.errors import InputError, InputRefused


def load_plan(plan_id: str, root: Path | None = None, department: str | None = None) -> Plan:
    """Return the plan in ``data/<plan_id>/``, validated; for a department, as it may see it.

    Raises ``UnknownPlan``, and ``InputRefused`` with every offender of all its files.
    """
    base = find_root() if root is None else root
    declare_input(f"{plan_id}/{department}" if department else plan_id)
    with mark_stage("load"):
        rows, plan = _find_plan(base, plan_id)
        if department is None:
            return plan or make_plan(rows)
        shown = show_rows(rows, make_view(rows, department))
        return make_plan(shown, (rows, plan) if plan else None)


def load_valid_plans(root: Path | None = None) -> dict[str, Plan]:
    """Return every plan of the project by id; one with invalid data is told of elsewhere."""
    base = find_root() if root is None else root
    declare_input(EVERY_PLAN)
    plans: dict[str, Plan] = {}
    with mark_stage("load"):
        for plan_id in list_plans(base):
            with suppress(InputError, InputRefused):
                rows, plan = _find_plan(base, plan_id)
                plans[plan_id] = plan or make_plan(rows)
    return plans


def _find_plan(root: Path, plan_id: str) -> tuple[PlanRows, Plan | None]:
    preloaded = find_preloaded(root)
    if preloaded and plan_id in preloaded.plans:
        return preloaded.rows[plan_id], preloaded.plans[plan_id]
    require_plan(root, plan_id)
    return read_rows(root, plan_id), None


def load_catalogue(plan_ids: Sequence[str] | None = None, root: Path | None = None) -> Catalogue:
    """Return the shared tables with the plans named and the national one, or with every plan.

    Raises ``UnknownPlan``, and ``InputRefused`` with every offender in the shared tables or in
    those plans.
    """
    base = find_root() if root is None else root
    for name in (*((EVERY_PLAN,) if plan_ids is None else plan_ids), SHARED):
        declare_input(name)
    with mark_stage("load"):
        catalogue = _find_preloaded(base, plan_ids) or _read_catalogue(base, plan_ids)
    if catalogue.national:
        declare_input(catalogue.national.id)
    return catalogue


def _find_preloaded(root: Path, plan_ids: Sequence[str] | None) -> Catalogue | None:
    """Return the catalogue if everything that it holds is in preloaded."""
    preloaded = find_preloaded(root)
    if preloaded is None:
        return None
    national = preloaded.meta.national_plan if preloaded.meta else None
    wanted = _choose_plans(root, plan_ids, national)
    if not {*(plan_ids or ()), *wanted} <= preloaded.plans.keys():
        return None
    plans = {plan: preloaded.plans[plan] for plan in wanted}
    return Catalogue(preloaded.meta, MappingProxyType(plans), **preloaded.shared)


def _choose_plans(root: Path, plan_ids: Sequence[str] | None, national: str | None) -> list[str]:
    known = list_plans(root)
    asked = known if plan_ids is None else plan_ids
    return [plan for plan in known if plan in (*asked, national)]


def _read_catalogue(root: Path, plan_ids: Sequence[str] | None) -> Catalogue:
    for plan_id in plan_ids or ():
        require_plan(root, plan_id)
    problems: list[InputError] = []
    read = {
        plan: collect(problems, partial(read_rows, root, plan))
        for plan in _choose_plans(root, plan_ids, find_national(root))
    }
    rows = {plan: found for plan, found in read.items() if found is not None}
    shared = collect(problems, partial(read_shared, root, rows))
    refuse_all(problems)
    assert shared is not None  # otherwise there was a problem
    plans = {plan: make_plan(found) for plan, found in rows.items()}
    return Catalogue(shared.meta, MappingProxyType(plans), **make_shared_frames(shared))
