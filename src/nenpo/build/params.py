"""``params/<plan>/<year>.yaml`` → :class:`Edition`, with the rows of its plan."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from nenpo.build.briefing import Scalar
from nenpo.data.explain import collect, refuse_all
from nenpo.data.naming import list_plan_names
from nenpo.data.plan_files import PlanRows, list_years, read_declaration, read_rows, refuse_unknown
from nenpo.data.project import list_plans, require_plan
from nenpo.data.schema.declarations import Edition, PlanMeta
from nenpo.data.shared_files import COMPARISON, META_FILE, find_national, read_shared
from nenpo.errors import InputError, UnknownYear, Words, WrongType
from nenpo.files import explain_unreadable, find_special, is_folder, list_folder

NOTE = Words("注記", "note")
_WITHOUT_PARAMS = Words(
    "データがあるが、{} がないため、文書は作られない。"
    "ほかの年度のものを写し、fiscal_year と日付を改めること。",
    "there are data, but no document is made without {}; copy that of another year, and change "
    "fiscal_year and the dates.",
)
_FILE_NAME = re.compile(r"[0-9]{4}\.yaml")


def require_edition(root: Path, plan: str, fiscal_year: int | None) -> None:
    """Raise ``UnknownPlan``, or ``UnknownYear`` for a year (None: any) without params."""
    if plan not in list_series(root):
        require_plan(root, plan)
    known = list_editions(root, plan)
    if fiscal_year is None or fiscal_year in known:
        return
    place = f"params/{plan}/{fiscal_year}.yaml"
    raise UnknownYear(
        plan=plan,
        value=fiscal_year,
        allowed=", ".join(map(str, known)) or "—",
        remedy=f"{place} を置くこと。",
        remedy_en=f"Add {place}.",
    )


def read_edition(root: Path, plan: str, fiscal_year: int) -> Edition:
    """Return the edition in ``params/<plan>/<fiscal_year>.yaml``, which is there.

    Raises ``InputRefused`` with everything that is wrong in it.
    """
    problems: list[InputError] = []
    path = root / "params" / plan / f"{fiscal_year}.yaml"
    edition, document = read_declaration(path, root, Edition, problems)
    given = document.value if isinstance(document.value, dict) else {}
    if given.get("plan", plan) != plan:  # the folder tells what it has to be, not only its form
        problems = [problem for problem in problems if problem.fields.get("key") != "plan"]
    for key, expected in (("plan", plan), ("fiscal_year", fiscal_year)):
        value = getattr(edition, key, given.get(key, expected) if key == "plan" else expected)
        if value != expected:
            place = document.place((key,))
            problems.append(WrongType(place=place, key=key, value=value, allowed=expected))
    refuse_all(problems)
    if edition is None:
        raise AssertionError(f"{path} was refused without a reason")
    return edition


def order_parameters(parameters: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return the parameters in the one order in which notebooks are given them.

    That of an edition, then the others by name; receipts, as JSON, remember none.
    """
    known = [name for name in Edition.model_fields if name in parameters]
    return {name: parameters[name] for name in (*known, *sorted(parameters.keys() - known))}


def list_editions(root: Path, plan: str) -> tuple[int, ...]:
    """Return the fiscal years that have a params file, in order."""
    folder = root / "params" / plan
    try:
        paths = list_folder(root, folder) if folder.is_dir() else []
    except OSError as error:
        raise explain_unreadable(f"params/{plan}", error) from None
    return tuple(sorted(int(path.stem) for path in paths if _FILE_NAME.fullmatch(path.name)))


def list_series(root: Path) -> tuple[str, ...]:
    """Return what may have editions: the plans, and the comparison where there is one."""
    compared = os.path.lexists(root / "data" / META_FILE)
    return tuple(sorted({*list_plans(root), *([COMPARISON] if compared else [])}))


def tell_without_params(root: Path, plans: Iterable[str] = ()) -> Iterator[str]:
    """Yield a line for each year of the plans (all without any) that has data and no params.

    No document is made of it. A year that only holds values, before the first edition, has those
    of the baseline.
    """
    known = {*list_plans(root)}
    for plan in sorted((set(plans) or known) & known):
        editions = list_editions(root, plan)
        for year in list_years(root, root / "data" / plan):
            folder = f"data/{plan}/{year}"
            told = (root / folder / "progress.csv").is_file() or year > max(editions, default=0)
            if year not in editions and told:
                yield f"{NOTE}: {folder}/: {_WITHOUT_PARAMS.fill(f'params/{plan}/{year}.yaml')}"


def check_folders(root: Path) -> None:
    """Raise ``InputRefused`` for whatever in ``params/`` is neither a plan nor an edition."""
    plans = list_series(root)
    problems: list[InputError] = []
    for folder in list_folder(root, root / "params"):
        data = root / "data" / folder.name
        if os.path.lexists(data) and (special := find_special(root, data)):
            problems.append(special)  # why it is no plan
            continue
        if folder.name not in plans or not is_folder(folder) or find_special(root, folder):
            called = list_plan_names(root, plans)
            problems.extend(refuse_unknown(root, [folder], ["README.md"], plans, called))
            continue
        years = [f"{year}.yaml" for year in list_editions(root, folder.name)]
        problems.extend(refuse_unknown(root, list_folder(root, folder), years or ["2021.yaml"]))
    refuse_all(problems)


def walk_input(
    root: Path, editions: Iterable[tuple[str, int]]
) -> Iterator[tuple[Edition, PlanRows | None, Mapping[str, PlanMeta]]]:
    """Yield each edition with the rows of its plan, and what all plans that were read declare.

    The comparison has None for rows. Unless plans are compared, the rows of one plan at a time
    are in memory: a country has thousands. Raises as :func:`read_input`, after the last.
    """
    chosen = sorted(editions)
    if os.path.lexists(root / "data" / META_FILE):
        found, rows = read_input(root, chosen, ())
        metas = {plan: own.meta for plan, own in rows.items()}
        yield from ((edition, rows.get(edition.plan), metas) for edition in found)
        return
    problems: list[InputError] = []
    for plan, own in groupby(chosen, key=itemgetter(0)):
        read = [collect(problems, partial(read_edition, root, *edition)) for edition in own]
        plan_rows = collect(problems, partial(read_rows, root, plan))
        if plan_rows:
            valid = (edition for edition in read if edition)
            yield from ((edition, plan_rows, {plan: plan_rows.meta}) for edition in valid)
    collect(problems, partial(read_shared, root, {}))
    refuse_all(problems)


def read_input(
    root: Path, editions: Iterable[tuple[str, int]], plans: Iterable[str]
) -> tuple[list[Edition], dict[str, PlanRows]]:
    """Return the editions, and the rows of their plans and of ``plans``, each read once.

    The comparison speaks of every plan. Raises ``InputRefused`` with every offender in the
    params, the plans and the shared tables.
    """
    problems: list[InputError] = []
    chosen = sorted(editions)
    read = [collect(problems, partial(read_edition, root, *edition)) for edition in chosen]
    wanted = {plan for plan, _ in chosen} | set(plans)
    known = list_plans(root)
    if COMPARISON in wanted:
        wanted = set(known)
    elif (national := find_national(root)) in known:
        wanted.add(str(national))
    rows = {plan: collect(problems, partial(read_rows, root, plan)) for plan in sorted(wanted)}
    valid = {plan: found for plan, found in rows.items() if found is not None}
    collect(problems, partial(read_shared, root, valid))
    refuse_all(problems)
    return [edition for edition in read if edition is not None], valid
