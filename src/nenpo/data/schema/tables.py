"""The tables of ``data/``, by file name; readable by a non-programmer.

A column's line gives its type (from :mod:`nenpo.data.schema.cells`), the words it may hold, and
what it means in Japanese and English. Nothing else declares columns: checking the files, the
frames of :mod:`nenpo.data.plan` and ``datapackage.json`` all follow these classes. A column with
a default may be left out of the file, and so may a table without rows.
"""

from collections.abc import Mapping

from nenpo.data.schema.columns import Row
from nenpo.data.schema.plan_rows import (
    DepartmentRow,
    FigureRow,
    IndicatorRow,
    ItemRow,
    MeasureRow,
    OrganisationChangeRow,
    ScheduleRow,
    SheetRow,
    StatementRow,
    TargetRow,
)
from nenpo.data.schema.shared_rows import ComparisonRow, OmissionRow, PriorityRow, ThemeRow
from nenpo.data.schema.year_rows import (
    ActualRow,
    AssignmentRow,
    CommentaryRow,
    MilestoneRow,
    MisreadingRow,
    ProgressRow,
    TitleRow,
)

PLAN_TABLES: Mapping[str, type[Row]] = {
    "measures.csv": MeasureRow,
    "items.csv": ItemRow,
    "departments.csv": DepartmentRow,
    "organisation_changes.csv": OrganisationChangeRow,
    "indicators.csv": IndicatorRow,
    "targets.csv": TargetRow,
    "sheets.csv": SheetRow,
    "schedule.csv": ScheduleRow,
    "figures.csv": FigureRow,
    "statements.csv": StatementRow,
}
YEAR_TABLES: Mapping[str, type[Row]] = {
    "progress.csv": ProgressRow,
    "assignments.csv": AssignmentRow,
    "actuals.csv": ActualRow,
    "titles.csv": TitleRow,
    "milestones.csv": MilestoneRow,
    "commentary.csv": CommentaryRow,
    "misreadings.csv": MisreadingRow,
}
TABLES: Mapping[str, type[Row]] = {**PLAN_TABLES, **YEAR_TABLES}
# Directly in data/: what concerns several plans.
SHARED_TABLES: Mapping[str, type[Row]] = {
    "themes.csv": ThemeRow,
    "comparisons.csv": ComparisonRow,
    "priorities.csv": PriorityRow,
    "omissions.csv": OmissionRow,
}


def list_columns(model: type[Row]) -> dict[str, str]:
    """Return the columns of a table in order: header name → attribute name."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
