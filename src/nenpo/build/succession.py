"""Who has a department's work in a later year: itself, or those who succeed it."""

from dataclasses import dataclass
from typing import Any

from nenpo.data.check_years import is_valid
from nenpo.data.plan_files import PlanRows
from nenpo.errors import Words

_KINDS = {
    "rename": Words("改称", "renamed"),
    "merge": Words("統合", "merged"),
    "split": Words("分割", "split"),
    "transfer": Words("移管", "transferred"),
}


@dataclass(frozen=True)
class Fate:
    """Where the work of ``department`` goes in ``fiscal_year``: to the first of ``heirs``.

    Itself if it exists; the others may have part of it. ``kind`` is that of the last change.
    """

    department: str
    heirs: tuple[str, ...]
    names: tuple[str, ...]
    name: str
    kind: str
    fiscal_year: int


def find_fates(rows: PlanRows, before: int, fiscal_year: int) -> dict[str, Fate]:
    """Return what became of each department by the changes after the year ``before``."""
    departments: dict[str, Any] = {
        vars(row)["department"]: row for row in rows.tables.get("departments.csv", ())
    }
    changes: list[Any] = [
        row
        for row in rows.tables.get("organisation_changes.csv", ())
        if before < vars(row)["fiscal_year"] <= fiscal_year
    ]
    changes.sort(key=lambda row: int(row.fiscal_year))

    def list_heirs(name: str, seen: frozenset[str]) -> list[str]:
        after = [row.to for row in changes if row.from_ == name and row.to not in seen]
        if is_valid(departments[name], fiscal_year):
            return [name, *after]
        # Work may be transferred back and forth: nobody is asked twice.
        return [heir for each in after for heir in list_heirs(each, seen | {name})]

    fates = dict[str, Fate]()
    for name, row in departments.items():
        heirs = tuple(dict.fromkeys(list_heirs(name, frozenset({name}))))
        kinds = [change.kind for change in changes if change.from_ == name]
        named = tuple(departments[heir].name for heir in heirs)
        fates[name] = Fate(name, heirs, named, row.name, kinds[-1] if kinds else "", fiscal_year)
    return fates


def tell_fate(fate: Fate, count: int, parts: Words) -> Words | None:
    """Return what a person should know of a department's work, None if it stays where it was.

    ``count`` is how many parts of the plan it has, ``parts`` what they are called.
    """
    if not fate.heirs:
        return Words(
            "「{}」は{}年度にはなく、引き継いだ部署の記載もない。"
            "担当{}件（{}）を assignments.csv に書くこと。",
            "'{}' does not exist in {} and nothing says who succeeds it: write into "
            "assignments.csv who is in charge of the {} part(s) ({}).",
        ).fill(fate.name, fate.fiscal_year, count, parts)
    if len(fate.heirs) > 1:
        return Words(
            "「{}」（{}）の担当{}件（{}）は、全て「{}」とした。"
            "「{}」が担当するものは assignments.csv で改めること。",
            "the {2} part(s) of '{0}' ({1}) ({3}) are all given to '{4}'; change in "
            "assignments.csv what '{5}' is in charge of.",
        ).fill(fate.name, _KINDS[fate.kind], count, parts, fate.names[0], "、".join(fate.names[1:]))
    if fate.heirs[0] == fate.department:
        return None
    return Words(
        "「{}」の担当{}件は「{}」に引き継いだ（{}）。",
        "the {1} part(s) of '{0}' went to '{2}' ({3}).",
    ).fill(fate.name, count, fate.names[0], _KINDS[fate.kind])
