"""Which departments a department follows: renamed, merged, split, or given part of the work."""

from dataclasses import dataclass

from nenpo.data.plan import Plan


@dataclass(frozen=True)
class OrganisationChange:
    """A change of organisation in ``fiscal_year`` that made ``to`` of the departments ``froms``."""

    fiscal_year: int
    kind: str
    froms: tuple[str, ...]
    to: str


def trace_departments(plan: Plan, department: str, fiscal_year: int, earlier: int) -> list[str]:
    """Return the departments whose work ``department`` had in ``earlier``, itself included.

    A transfer is no succession: the giving department lives on with its own figures.
    """
    names = [department]
    # The latest change first, so that a chain of changes is followed to its beginning.
    for change in reversed(list_changes(plan, fiscal_year)):
        if change.fiscal_year > earlier and change.to in names and change.kind != "transfer":
            names += [name for name in change.froms if name not in names]
    return names


def list_changes(
    plan: Plan, fiscal_year: int, department: str | None = None
) -> list[OrganisationChange]:
    """Return the changes up to ``fiscal_year``, of ``department`` or of all, the oldest first."""
    rows = plan.organisation_changes
    rows = rows[rows["fiscal_year"] <= fiscal_year].sort_values("fiscal_year", kind="stable")
    froms: dict[tuple[int, str, str], list[str]] = {}
    for row in rows.to_dict("records"):
        key = (row["fiscal_year"], row["kind"], row["to"])
        froms.setdefault(key, []).append(row["from"])
    changes = [
        OrganisationChange(year, kind, tuple(names), to)
        for (year, kind, to), names in froms.items()
    ]
    return [change for change in changes if department in (None, change.to)]
