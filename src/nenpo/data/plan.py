"""``data/<plan>/`` → :class:`Plan`: the valid tables as frames, found from the project's root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nenpo.data.plan_files import PlanRows, YearRows
from nenpo.data.schema.columns import Row
from nenpo.data.schema.declarations import PlanMeta, Published
from nenpo.data.schema.tables import PLAN_TABLES, YEAR_TABLES, list_columns

if TYPE_CHECKING:
    import pandas as pd

INFERRED = "＊"
"""Stands behind a name that no source prints, and that was inferred from what it prints."""


@dataclass(frozen=True, eq=False)
class YearTables:
    """The tables of one fiscal year; a file that the year lacks is a frame without rows.

    Columns as in :mod:`nenpo.data.schema.tables`. Texts are "" when empty, decimals ``Decimal`` or
    None, never NaN.
    """

    progress: "pd.DataFrame"
    assignments: "pd.DataFrame"
    actuals: "pd.DataFrame"
    titles: "pd.DataFrame"
    milestones: "pd.DataFrame"
    commentary: "pd.DataFrame"
    misreadings: "pd.DataFrame"
    published: Published | None


@dataclass(frozen=True, eq=False)
class Plan:
    """A municipality's plan with all its years; frames as in :class:`YearTables`.

    ``reported_years`` have a table of progress, values, somebody in charge, or figures; each is in
    ``years``.
    """

    id: str
    meta: PlanMeta
    measures: "pd.DataFrame"
    items: "pd.DataFrame"
    departments: "pd.DataFrame"
    organisation_changes: "pd.DataFrame"
    indicators: "pd.DataFrame"
    targets: "pd.DataFrame"
    sheets: "pd.DataFrame"
    schedule: "pd.DataFrame"
    figures: "pd.DataFrame"
    statements: "pd.DataFrame"
    years: Mapping[int, YearTables]
    reported_years: frozenset[int]

    @cached_property
    def department_names(self) -> dict[str, str]:
        """The names of the departments as documents show them, by id: inferred ones with ＊."""
        rows = self.departments
        named = zip(rows["department"], rows["name"], rows["inferred"], strict=True)
        return {key: f"{name}{INFERRED}" if inferred else name for key, name, inferred in named}

    @cached_property
    def item_titles(self) -> dict[str, str]:
        """The titles of items.csv, as printed, by id."""
        return dict(zip(self.items["item"], self.items["title"], strict=True))


def make_plan(rows: PlanRows, known: tuple[PlanRows, Plan] | None = None) -> Plan:
    """Return the valid rows of a plan as frames.

    ``known`` are rows that already are a plan: what both have in common is not made again.
    """
    made = {} if known is None else _index_frames(*known)
    silent = dict.fromkeys(rows.reported_years - rows.years.keys(), YearRows({}, None))
    years = {
        year: YearTables(
            published=content.published, **_make_frames(YEAR_TABLES, content.tables, made)
        )
        for year, content in {**rows.years, **silent}.items()
    }
    return Plan(
        id=rows.meta.id,
        meta=rows.meta,
        years=MappingProxyType(years),
        reported_years=rows.reported_years,
        **_make_frames(PLAN_TABLES, rows.tables, made),
    )


Frames = dict[tuple[str, int], "pd.DataFrame"]


def _index_frames(rows: PlanRows, plan: Plan) -> Frames:
    """Return the frames of a plan by their file and the identity of the rows in them."""
    years = ((content.tables, plan.years[year]) for year, content in rows.years.items())
    return {
        (file, id(table)): getattr(owner, file.removesuffix(".csv"))
        for tables, owner in ((rows.tables, plan), *years)
        for file, table in tables.items()
    }


def _make_frames(
    models: Mapping[str, type[Row]], tables: Mapping[str, tuple[Row, ...]], made: Frames
) -> dict[str, "pd.DataFrame"]:
    """Return the tables as frames by file name without suffix."""
    frames = {}
    for file, model in models.items():
        rows = tables.get(file, ())
        found = made.get((file, id(rows)))
        frames[file.removesuffix(".csv")] = make_frame(model, rows) if found is None else found
    return frames


def make_frame(model: type[Row], rows: Sequence[Row]) -> "pd.DataFrame":
    """Return the rows of a table as a frame: its columns and types, also without rows."""
    # Imported here: `nenpo list` needs no frames, and pandas takes longer than all else.
    import pandas as pd

    columns = {
        column: pd.Series([getattr(row, name) for row in rows], dtype=_choose_dtype(model, name))
        for column, name in list_columns(model).items()
    }
    return pd.DataFrame(columns)


def _choose_dtype(model: type[Row], name: str) -> Any:
    annotation = model.model_fields[name].annotation
    if annotation in (int, bool):
        return annotation
    # Numbers that may be missing stay Python objects: a float would change 46.0, NaN hides None.
    return object if annotation in (int | None, Decimal | None, Decimal) else "str"
