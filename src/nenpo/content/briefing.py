"""What a notebook opens first: one frozen value that every section is made from.

A notebook begins with its parameters, then ``b = open_briefing(globals())``, then a cell that
shows ``b``. A cell of a section then is one call with ``b``: ``marks.table(b)``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nenpo.analysis import progress
from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.analysis.milestones import list_milestones
from nenpo.analysis.progress import Year
from nenpo.cells import list_assigned
from nenpo.content.display import Bundle, show_aside, teach_ipython
from nenpo.data.catalogue import Catalogue
from nenpo.data.explain import explain_keys, suggest
from nenpo.data.load import load_catalogue, load_plan, load_valid_plans
from nenpo.data.plan import Plan
from nenpo.data.schema.declarations import Edition, Terms
from nenpo.errors import (
    InputError,
    InputRefused,
    ParametersLost,
    UnknownKey,
    Words,
    WrongType,
)
from nenpo.language.fiscal import fiscal_year_label

_PLACE = Words("ノートブックの条件", "parameters of the notebook")
# The first line of the cell that papermill adds; in JupyterLab, alone, there is none.
_INJECTED = "# Parameters\n"


@dataclass(frozen=True, eq=False)
class OpenBriefing(Year):
    """A plan in a fiscal year, whole or as one department sees it, and the edition it is for.

    ``whole`` is the year of the whole plan; a department's ``plan`` leaves blank what it may not
    see of other departments' items.
    """

    edition: Edition
    whole: Year
    root: Path | None = None

    @property
    def terms(self) -> Terms:
        """What the plan calls its parts and those in charge of them."""
        return self.plan.meta.terms

    @property
    def has_marks(self) -> bool:
        """Whether the plan tells progress in marks of a scale; else it does in words."""
        return bool(self.plan.meta.status_scale)

    @property
    def lacks_marks(self) -> str:
        """Why nothing can be said of marks, as ``Nothing`` gives it; "" where it can."""
        if not self.has_marks:
            return "計画に進捗区分がない"
        return self.lacks_items

    @property
    def lacks_items(self) -> str:
        """Why nothing can be said of items, as ``Nothing`` gives it; "" where it can."""
        if not self.items.empty:
            return ""
        silent = not self.unreported.items.empty
        return "この年度の取組の進捗が未報告である" if silent else "この年度の取組がない"

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """The indicators of the plan, or those assigned to the department."""
        return assess_indicators(self.plan, self.fiscal_year, self.department)

    @cached_property
    def unreported(self) -> Year:
        """The year with the items of which nothing was reported; nothing else counts them."""
        return progress.select_unreported(self)

    @property
    def is_one_page(self) -> bool:
        """Whether it is a department's with so few items that all of them stand on one page."""
        return self.department is not None and len(self.items) + len(self.unreported.items) <= 10

    @cached_property
    def catalogue(self) -> Catalogue:
        """What concerns several plans, with the national plan; read when first asked for."""
        return load_catalogue((), self.root)

    @cached_property
    def neighbours(self) -> tuple[Plan, ...]:
        """The other plans of a project in which this one names files of its sources.

        They may be taken from the same documents. A municipality's own answers have none, and
        a department is given nothing of other plans.
        """
        if self.department or not any(source.file for source in self.plan.meta.sources):
            return ()
        plans = load_valid_plans(self.root)
        return tuple(plan for name, plan in plans.items() if name != self.plan.id)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return show_aside(_describe(self))


@dataclass(frozen=True, eq=False)
class OpenComparison:
    """All plans side by side, and the edition that they are compared for."""

    edition: Edition
    catalogue: Catalogue

    @property
    def fiscal_year(self) -> int:
        """The fiscal year up to which the plans are compared."""
        return self.edition.fiscal_year

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        plans = [plan.meta.title for plan in self.catalogue.plans.values()]
        return show_aside([f"計画の比較（{fiscal_year_label(self.fiscal_year)}）", *plans])


def open_briefing(parameters: Mapping[str, Any], root: Path | None = None) -> OpenBriefing:
    """Return the briefing that the notebook's parameters ask for.

    ``parameters`` are the notebook's variables, ``globals()``: those of
    :class:`~nenpo.data.schema.declarations.Edition`, and ``department`` where the notebook is about
    one. Others are not looked at. ``root`` is the project's folder, found from the current one.

    Raises:
        InputRefused: parameters that are missing, unknown or of a wrong type, all at once; or every
            offender in the data of the plan.
        ParametersLost: the values that papermill was given were set to defaults by a later cell.
        UnknownPlan, UnknownYear, UnknownDepartment: with what is known.
    """
    teach_ipython()
    edition = _read_edition(parameters)
    department = parameters.get("department")
    plan = load_plan(edition.plan, root, department)
    whole = progress.load_year(plan, edition.fiscal_year)
    year = whole if department is None else progress.restrict(whole, department)
    return OpenBriefing(**vars(year), edition=edition, whole=whole, root=root)


def open_comparison(parameters: Mapping[str, Any], root: Path | None = None) -> OpenComparison:
    """Return all plans side by side; ``parameters`` and errors as for :func:`open_briefing`."""
    teach_ipython()
    return OpenComparison(_read_edition(parameters), load_catalogue(None, root))


def _read_edition(parameters: Mapping[str, Any]) -> Edition:
    problems: list[InputError] = [*_list_unknown(parameters)]
    if not isinstance(department := parameters.get("department"), str | None):
        ja, en = "引用符で囲んだ部署の ID", "the id of a department, in quotes"
        wrong = {"key": "department", "value": department, "allowed": ja, "allowed_en": en}
        problems.append(WrongType(place=_PLACE, **wrong))
    given = {name: parameters[name] for name in Edition.model_fields if name in parameters}
    try:
        edition = Edition.model_validate(given)
    except ValidationError as error:
        problems += explain_keys(error, Edition, lambda _: str(_PLACE))
    if problems:
        raise InputRefused(problems=problems)
    return edition


def _list_unknown(parameters: Mapping[str, Any]) -> Iterator[InputError]:
    """Yield an error for each parameter that papermill was given and no cell before declares.

    papermill itself only warns. Raises ``ParametersLost`` if the defaults came after the values:
    without a tagged cell, papermill puts the values at the top.
    """
    sources = [str(source) for source in parameters.get("In", ())]
    places = [place for place, source in enumerate(sources) if source.startswith(_INJECTED)]
    if not places:
        return
    given, before, after = (
        frozenset[str]().union(*map(list_assigned, part))
        for part in (
            sources[places[-1] : places[-1] + 1],
            sources[: places[-1]],
            sources[places[-1] + 1 :],
        )
    )
    if lost := sorted((given & after) - before):
        why = Words("後のセルが {} を既定値に戻す", "a later cell sets the defaults of {}")
        remedy = Words(
            "既定値のセルにタグ parameters を付けること。",
            "Give the tag parameters to the cell of the defaults.",
        )
        raise ParametersLost(place=_PLACE, why=why.fill(", ".join(lost)), remedy=remedy)
    known = sorted(before | Edition.model_fields.keys())
    # Without defaults before, it is no cell of papermill's, whatever its first line.
    for name in sorted(given.difference(known)) if before & Edition.model_fields.keys() else ():
        hints = suggest(name, known)
        yield UnknownKey(place=_PLACE, value=name, allowed=", ".join(known), **hints)


def _describe(b: OpenBriefing) -> list[str]:
    """Return what was opened, and what this plan and year do not have."""
    meta = b.plan.meta
    name = f"　{progress.name_department(b)}" if b.department else ""
    before = b.plan.years.get(b.fiscal_year - 1)
    held = {
        f"{meta.terms.item}の行": len(b.items),
        "進捗区分のある行": int(progress.is_rated(b.items).sum()),
        "担当の割り当て": len(b.assignments),
        "成果指標": len(b.assessments),
        "節目": len(list_milestones(b)),
        "計画の予定": len(b.plan.schedule),
        "数値": len(b.plan.figures),
        "前年度の進捗の行": len(before.progress) if before else 0,
    }
    counts = "、".join(f"{label}{count}" for label, count in held.items() if count)
    lacking = "、".join(label for label, count in held.items() if not count)
    told = [f"{meta.title}（{fiscal_year_label(b.fiscal_year)}）{name}", f"ある: {counts}"]
    return [*told, *([f"ない: {lacking}"] if lacking else [])]
