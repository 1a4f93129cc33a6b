"""What departments answered in earlier rounds to what several of them report together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import parse_value
from nenpo.workbooks.layout import Field, SheetKind
from nenpo.workbooks.record import GivenRow
from nenpo.workbooks.replies.expected import Expected
from nenpo.workbooks.taking.draft import Cells, Draft
from nenpo.workbooks.taking.numbers import find_preferred, read_number, show_number
from nenpo.workbooks.taking.segments import find_parts


@dataclass(frozen=True)
class Earlier:
    """The answers of earlier rounds: as recorded in ``given``, and as the tables hold them now.

    What was corrected in the tables since is what the departments are taken to have answered.
    ``received`` are departments of which a reply was taken, ``again`` those whose very workbook
    comes once more.
    """

    expected: Expected
    drafts: Mapping[str, Draft]
    given: Sequence[GivenRow] = ()
    received: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    _held: dict[tuple[str, str], str] = field(default_factory=dict)

    @cached_property
    def _recorded(self) -> dict[tuple[str, str], dict[str, GivenRow]]:
        found: dict[tuple[str, str], dict[str, GivenRow]] = {}
        for row in self.given:
            found.setdefault((row.row, row.column), {})[row.department] = row
        return found

    def is_joint(self, row: str) -> bool:
        """Tell whether several departments are asked for a row."""
        return len(self.expected.holders.get(row, ())) > 1

    def find_held(self, kind: SheetKind, row: str, key: str) -> str:
        """Return what the tables hold of a cell, "" for nothing. Before anything is put in."""
        place = (row, key)
        if place not in self._held:
            self._held[place] = _READ[kind](self, row).get(key, "")
        return self._held[place]

    def find(self, kind: SheetKind, row: str, asked: Field) -> dict[str, str]:
        """Return what each department has answered to a cell, those without an answer left out."""
        recorded = self._recorded.get((row, asked.key), {})
        texts = {name: each.answer for name, each in recorded.items()}
        held = self.find_held(kind, row, asked.key)
        if not held:
            return texts
        taken = [name for name, each in recorded.items() if each.is_taken == "true"]
        waiting = {name: text for name, text in texts.items() if name not in taken}
        if asked.kind == "text" and (parts := find_parts(held, self.expected)):
            return waiting | parts
        holders = self.expected.holders.get(row, ())
        # Of a text that nobody is recorded for, the one department that answered is known.
        known = taken or [name for name in holders if name in self.received and not recorded]
        return waiting | dict.fromkeys(known, held)

    def update(self, new: Iterable[GivenRow], departments: frozenset[str]) -> list[GivenRow]:
        """Return the record with the new answers of those departments.

        Where a row is taken now, what was waiting of it is taken with it.
        """
        rows = {(row.row, row.column, row.department): row for row in self.given}
        told = [row for row in new if row.department in departments]
        rows |= {(row.row, row.column, row.department): row for row in told}
        taken = {row.row for row in told if row.is_taken == "true"}
        return [
            each.model_copy(update={"is_taken": "true"}) if each.row in taken else each
            for each in rows.values()
        ]


def is_equal(kind: SheetKind, one: str, other: str) -> bool:
    """Tell whether two texts say the same: of an indicator, the same number."""
    if kind != "indicators" or not one or not other:
        return one == other
    return parse_value(one) == parse_value(other)


def _read_item(earlier: Earlier, row: str) -> Cells:
    return earlier.drafts["progress.csv"].find(item=row) or {}


def _read_indicator(earlier: Earlier, row: str) -> Cells:
    cells = find_preferred(earlier.drafts["actuals.csv"], row)
    return {"value": show_number(read_number(cells))} if cells else {}


def _read_milestone(earlier: Earlier, row: str) -> Cells:
    for department in earlier.expected.holders.get(row, ()):
        sheet = earlier.expected.find_sheet(department, "milestones")
        for each in sheet.rows if sheet else ():
            if each.id == row:
                return _read_own(earlier.drafts["milestones.csv"], each.cells)
    return {}


def _read_own(draft: Draft, asked: Mapping[str, str]) -> Cells:
    """Return state and date of a milestone; what was only carried over is no answer."""
    cells = draft.find(subject=asked["subject"], text=asked["text"])
    last = parse_stated_date(asked["last_date"]).code if asked.get("last_date") else ""
    if cells is None or (cells["state"] != "done" and cells["date"] == last):
        return {}
    return {"state": cells["state"], "date": cells["date"]}


_READ = {"items": _read_item, "indicators": _read_indicator, "milestones": _read_milestone}
