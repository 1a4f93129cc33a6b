"""``data/`` → :class:`Plan`, :class:`Catalogue`: what this process was born with, else read."""

from functools import partial
from pathlib import Path
from types import MappingProxyType

from nenpo.data.catalogue import Catalogue, make_shared_frames
from nenpo.data.events import EVERY_PLAN, SHARED, declare_input, mark_stage
from nenpo.data.explain import collect, refuse_all
from nenpo.data.plan import Plan, make_plan
from nenpo.data.plan_files import read_rows
from nenpo.data.preloaded import find_stock
from nenpo.data.project import find_root, list_plans, require_plan
from nenpo.data.shared_files import find_national, read_shared
from nenpo.errors import InputError


def load_plan(plan_id: str, root: Path | None = None) -> Plan:
    """Return the plan in ``data/<plan_id>/``, validated.

    Raises ``UnknownPlan``, and ``InputRefused`` with every offender of all its files.
    """
    base = find_root() if root is None else root
    declare_input(plan_id)
    with mark_stage("load"):
        stock = find_stock(base)
        if stock and plan_id in stock.plans:
            return stock.plans[plan_id]
        require_plan(base, plan_id)
        return make_plan(read_rows(base, plan_id))


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
