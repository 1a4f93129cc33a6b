"""What of a fiscal year stands in the next: rows of tables, for what and whom there still is.

Nothing that was reported is carried over. Departments follow the changes of organisation, items
and indicators what continues them; what nobody but a person can decide is noted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nenpo.build.succession import find_fates, tell_fate
from nenpo.data.check_years import is_valid
from nenpo.data.headings import list_titles
from nenpo.data.plan_files import PlanRows
from nenpo.data.schema.columns import Row
from nenpo.data.schema.tables import list_columns
from nenpo.data.schema.year_rows import (
    ActualRow,
    AssignmentRow,
    MilestoneRow,
    ProgressRow,
    TitleRow,
)
from nenpo.data.writing import write_table
from nenpo.errors import Words, join_words
from nenpo.language.stated_dates import parse_stated_date

_NAMED = 5


@dataclass(frozen=True)
class Carried:
    """The files of the new year by name, what they hold, and what a person has to decide."""

    files: Mapping[str, bytes]
    told: tuple[Words, ...]
    notes: tuple[Words, ...]


Headings = Mapping[str, Mapping[str, str]]
"""What heads the columns of a file in place of their names, by file: 進捗区分 for status."""


def carry_year(
    rows: PlanRows, before: int, fiscal_year: int, headings: Headings | None = None
) -> Carried:
    """Return the tables with which ``fiscal_year`` begins, from those of the year ``before``.

    progress.csv names the items that exist and says nothing of them; actuals.csv is its header.
    ``headings`` are those of the year before, whose language the new files keep.
    """
    return _Year(rows, before, fiscal_year, headings or {}).carry()


@dataclass(frozen=True)
class _Year:
    rows: PlanRows
    before: int
    fiscal_year: int
    headings: Headings

    def carry(self) -> Carried:
        assigned, notes = self._carry_assignments()
        milestones, dropped = self._carry_milestones()
        progress = self._name_items()
        tables: list[tuple[type[Row], str, list[Mapping[str, Any]], bool]] = [
            (ProgressRow, "progress.csv", progress, True),
            (AssignmentRow, "assignments.csv", assigned, False),
            (ActualRow, "actuals.csv", [], bool(self._indicators)),
            (TitleRow, "titles.csv", self._carry_titles(), False),
            (MilestoneRow, "milestones.csv", milestones, False),
        ]
        files = {
            file: self._write(file, model, cells)
            for model, file, cells, needed in tables
            if cells or needed
        }
        told = self._tell(len(progress), len(assigned), len(milestones))
        return Carried(files, tuple(told), (*notes, *dropped, *self._note_items(assigned)))

    def _write(self, file: str, model: type[Row], cells: list[Mapping[str, Any]]) -> bytes:
        columns, known = self._choose_columns(file, model), self.headings.get(file, {})
        titles = list_titles(model) if known else {}
        heads = {column: known.get(column) or titles.get(column, column) for column in columns}
        rows = (
            {heads[name]: str(cell) for name, cell in row.items() if name in heads} for row in cells
        )
        return write_table([*heads.values()], rows)

    def _list(self, file: str) -> list[Any]:
        return [*self.rows.tables.get(file, ())]

    def _list_before(self, file: str) -> list[Any]:
        year = self.rows.years.get(self.before)
        return [*(year.tables.get(file, ()) if year else ())]

    @cached_property
    def _items(self) -> list[Any]:
        return [row for row in self._list("items.csv") if is_valid(row, self.fiscal_year)]

    @cached_property
    def _indicators(self) -> list[Any]:
        return [row for row in self._list("indicators.csv") if is_valid(row, self.fiscal_year)]

    @cached_property
    def _living(self) -> frozenset[str]:
        """The ids of all parts of the plan that exist in the new year."""
        return frozenset(
            {"plan"}
            | {goal.id for goal in self.rows.meta.goals}
            | {row.measure for row in self._list("measures.csv")}
            | {row.item for row in self._items}
            | {row.indicator for row in self._indicators}
        )

    @cached_property
    def _heirs(self) -> dict[str, list[str]]:
        """What continues an item or an indicator that has ended, from one year to the next."""
        heirs: dict[str, list[str]] = defaultdict(list)
        for file, key in (("items.csv", "item"), ("indicators.csv", "indicator")):
            for row in self._list(file):
                if row.continues:
                    heirs[row.continues].append(getattr(row, key))
        return heirs

    def _follow(self, part: str) -> list[str]:
        """Return the part of the plan itself if it exists, else what exists and continues it."""
        if part in self._living:
            return [part]
        return [later for heir in self._heirs.get(part, ()) for later in self._follow(heir)]

    def _name_items(self) -> list[Mapping[str, Any]]:
        """Return a row for each item, without a word on how it goes.

        Whose post answers for it stands before anything is reported.
        """
        owners = {row.item: row.owner for row in self._list_before("progress.csv")}
        return [{"item": row.item, "owner": owners.get(row.item, "")} for row in self._items]

    def _choose_columns(self, file: str, model: type[Row]) -> list[str]:
        """Return the columns that a table needs, that the plan declares, or that it used before.

        The place in a source is that of what was transcribed, which a new year is not.
        """
        used = self._list_before(file)
        fields = model.model_fields
        return [
            column
            for column, name in list_columns(model).items()
            if name not in ("source", "line")
            if fields[name].is_required()
            or name in self.rows.meta.columns
            or any(getattr(row, name) != fields[name].default for row in used)
        ]

    def _carry_assignments(self) -> tuple[list[Mapping[str, Any]], list[Words]]:
        """Return the rows of those in charge, and what became of departments.

        What a source printed last year it does not print this year.
        """
        kept: dict[tuple[str, ...], Mapping[str, Any]] = {}
        own = {row.item for row in self._list_before("assignments.csv")}
        moved: dict[str, list[str]] = defaultdict(list)
        fates = find_fates(self.rows, self.before, self.fiscal_year)
        for row in self._list_before("assignments.csv"):
            fate = fates[row.department]
            for part in self._follow(row.item):
                if part != row.item and part in own:
                    continue  # whose charge the successor is was said already
                moved[row.department].append(part)
                for department in fate.heirs[:1]:
                    key = (part, department, row.role, row.qualifier)
                    cells = zip(("item", "department", "role", "qualifier"), key, strict=True)
                    kept[key] = dict(cells)
        led = {(part, department) for part, department, role, _ in kept if role == "lead"}
        rows = [row for key, row in kept.items() if key[2] == "lead" or key[:2] not in led]
        told = (
            tell_fate(fates[name], len(parts), self._name_few(parts))
            for name, parts in moved.items()
        )
        return rows, [words for words in told if words]

    def _carry_titles(self) -> list[Mapping[str, Any]]:
        """Return the titles that this year words otherwise than items.csv."""
        printed = {row.item: row.title for row in self._items}
        return [
            {"item": row.item, "title": row.title}
            for row in self._list_before("titles.csv")
            if printed.get(row.item, row.title) != row.title
        ]

    def _carry_milestones(self) -> tuple[list[Mapping[str, Any]], list[Words]]:
        """Return what is not done yet, planned for its latest date, and what was left out."""
        open_ = [row for row in self._list_before("milestones.csv") if row.state != "done"]
        rows: dict[tuple[str, str], Mapping[str, Any]] = {}
        for row in open_:
            for subject in self._follow(row.subject):
                cells = {"subject": subject, "date": row.date, "text": row.text, "state": "planned"}
                rows.setdefault((subject, row.text), cells)
        lost = [row for row in open_ if not self._follow(row.subject)]
        told = [
            Words(
                "節目「{}」（{}）は、対象の{}が終わったので引き継がなかった。",
                "the milestone '{}' ({}) was left out: {} has ended.",
            ).fill(row.text, parse_stated_date(row.date).label, self._name_few([row.subject]))
            for row in lost
        ]
        return [*rows.values()], told

    def _tell(self, items: int, assigned: int, milestones: int) -> Iterator[Words]:
        ended = [
            row.item
            for row in self._list("items.csv")
            if is_valid(row, self.before) and not is_valid(row, self.fiscal_year)
        ]
        noun = self.rows.meta.terms.item
        yield Words(
            "{0} {1}件（全て未報告）、担当の行 {2}件、指標 {3}件（値なし）、済んでいない節目 {4}件",
            "{1} item(s), none reported; {2} assignment(s); {3} indicator(s) without values; "
            "{4} milestone(s) still open",
        ).fill(noun, items, assigned, len(self._indicators), milestones)
        if ended:
            yield Words(
                "終わったので除いた{0} {1}件（{2}）", "ended and left out: {1} item(s) ({2})"
            ).fill(noun, len(ended), self._name_few(ended))

    def _name_few(self, parts: Iterable[str]) -> Words:
        """Return the first parts of the plan by what they are called, and how many more."""
        names = [f"「{self._titles.get(part) or part}」" for part in dict.fromkeys(parts)]
        known = [Words(name, name) for name in names]
        return join_words(known[:_NAMED], max(len(known) - _NAMED, 0))

    @cached_property
    def _titles(self) -> dict[str, str]:
        titles = {row.indicator: row.name for row in self._list("indicators.csv")}
        titles |= {row.measure: row.title for row in self._list("measures.csv")}
        return titles | {row.item: row.title for row in self._list("items.csv")}

    def _note_items(self, assigned: Iterable[Mapping[str, Any]]) -> Iterator[Words]:
        """Yield the items that nobody will be asked about, where others have somebody in charge."""
        led = {row["item"] for row in assigned if row["role"] == "lead"}
        silent = [
            row.item
            for row in self._items
            if not row.relisted_from and not {row.item, row.measure} & led
        ]
        new = [row for row in silent if row not in self._known]
        if self._items and not led:
            yield Words(
                "{}の行が1件もないので、調査票は取りまとめの担当が記入する1件だけとなる。"
                "分けて送るには assignments.csv に書くこと。",
                "nobody is in charge of anything ({}), so whoever prepares the report is asked for "
                "all of it; to ask departments, write assignments.csv.",
            ).fill(self.rows.meta.terms.lead)
        if led and new:
            yield Words(
                "新しい{0} {1}件（{2}）の担当を assignments.csv に書くこと。",
                "write into assignments.csv who is in charge of {1} new item(s) ({2}).",
            ).fill(self.rows.meta.terms.item, len(new), self._name_few(new))
        period = self.rows.meta.period
        if self.fiscal_year > period.last_year:
            yield Words(
                "{}年度は、計画の期間（{}〜{}年度）の後である。"
                "plan.yaml の period を確かめること。",
                "{} lies after the plan's period ({} to {}); see period in plan.yaml.",
            ).fill(self.fiscal_year, period.first_year, period.last_year)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The items that were there the year before."""
        rows = self._list("items.csv")
        return frozenset(row.item for row in rows if is_valid(row, self.before))
