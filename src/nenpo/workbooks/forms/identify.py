"""Whose a slot is and what it is about: by the department, the number and the title in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.forms.form import FormPart
from nenpo.workbooks.labels import fold_text
from nenpo.workbooks.layout import SurveyRow
from nenpo.workbooks.replies.expected import Expected

Problem = Callable[[str], WorkbookError]
_TITLE = Words("題名", "title")
_UNNAMED = Words("何についての回答か分からない", "nobody can tell what it answers")
_NAME_IT = Words("番号又は題名を記入すること。", "Enter its number or its title.")
_UNKNOWN = Words("尋ねた中にない", "nothing of that title was asked")
_RESTORE = Words(
    "題名を計画のとおりに直すこと。新しい取組であれば、企画担当に申し出ること。",
    "Write the title as in the plan; if it is new, tell the planning section.",
)
_MEANT = Words("「{}」ではないか。{}", "Is '{}' meant? {}")
_CONTRARY = Words("番号は「{}」のものである", "its number is that of '{}'")
_AMBIGUOUS = Words("同じ題名が {} 件ある", "{} rows have that title")
_NUMBER_IT = Words("番号も記入すること。", "Enter its number as well.")
_NOT_ITS = Words("「{}」の担当ではない", "'{}' was not asked for it")
_WHO = Words(
    "所管課の欄か題名を直すこと。担当を変えるときは assignments.csv を直すこと。",
    "Correct the department or the title; if somebody else is in charge now, assignments.csv.",
)
_WHOSE = Words("どの課の回答か分からない", "nobody can tell which department answers")
_NAME_DEPARTMENT = Words(
    "所管課の欄に課名を記入するか、ファイル名に課名を入れること。",
    "Enter the department, or write it into the name of the file.",
)
_RETITLED = Words(
    "題名が「{}」から書き換えられているが、番号により同じ取組とした。題名は変えていない。",
    "its title was '{}'; known by its number. The title itself stays.",
)


@dataclass(frozen=True)
class Identified:
    """What a slot is about; ``problem`` makes the error at its place if that is not certain."""

    department: str
    row: SurveyRow | None
    problem: Problem | None = None
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Identifier:
    """Tells the slots of a part in one workbook."""

    expected: Expected
    part: FormPart
    book: str

    def identify(self, texts: Mapping[str, str], department: str) -> Identified:
        """Return what a slot is about, from the texts of its fields by key."""
        title = texts.get("title", "") if self.part.kind == "items" else texts.get("name", "")
        number = texts.get("number", "")
        shown = title or number
        named = self.find_department(department)
        if named not in self.expected.surveys:  # 各課, or one that is asked nothing
            named = self.find_department("")
        found = {
            each: rows
            for each in self.expected.surveys
            if (rows := self._match(each, title, number))
        }
        if not shown:
            return Identified(named, None, _tell(title, _UNNAMED, _NAME_IT))
        if named and named in found:
            return self._settle(named, found[named], title, number)
        if not found:
            return Identified(named, None, self._tell_unknown(named, shown))
        if named and self.part.kind in ("items", "indicators"):
            name = self.expected.names.get(named, named)
            return Identified(named, None, _tell(shown, _NOT_ITS.fill(name), _WHO))
        if len(found) == 1:
            only = next(iter(found))
            return self._settle(only, found[only], title, number)
        return Identified("", None, _tell(shown, _WHOSE, _NAME_DEPARTMENT))

    def find_department(self, text: str) -> str:
        """Return the department that a cell names, or else the file; "" if neither does."""
        folded = fold_text(re.sub(r"[(（].*?[)）]", "", text))
        names = {fold_text(name): key for key, name in self.expected.names.items()}
        names |= {fold_text(each.name): key for key, each in self.expected.surveys.items()}
        if folded in names:
            return names[folded]
        own = fold_text(PurePosixPath(self.book).as_posix())
        for told in (folded, own):
            # 課 may be the end of another's name: 住民課 of 戸籍住民課.
            inside = sorted((n for n in names if n and n in told), key=len, reverse=True)
            if inside:
                return names[inside[0]]
        return ""

    def _match(self, department: str, title: str, number: str) -> list[SurveyRow]:
        """Return the rows of a department that have the title; of several, or none, by number."""
        sheet = self.expected.find_sheet(department, self.part.kind)
        rows = [row for row in sheet.rows if row.id] if sheet else []
        key = "title" if self.part.kind == "items" else "name"
        titled = [r for r in rows if title and fold_text(r.cells.get(key, "")) == fold_text(title)]
        numbered = [
            r for r in rows if number and fold_text(r.cells.get("number", "")) == fold_text(number)
        ]
        if len(titled) > 1:
            return [row for row in titled if row in numbered] or titled
        return titled or numbered

    def _settle(
        self, department: str, rows: list[SurveyRow], title: str, number: str
    ) -> Identified:
        if len(rows) > 1:
            why = _AMBIGUOUS.fill(len(rows))
            return Identified(department, None, _tell(title or number, why, _NUMBER_IT))
        row = rows[0]
        known = row.cells.get("title") or row.cells.get("name", "")
        own = row.cells.get("number", "")
        if title and fold_text(title) != fold_text(known):
            return Identified(department, row, notes=(_RETITLED.fill(known),))
        if number and own and fold_text(number) != fold_text(own):
            other = self._match(department, "", number)
            if other and other[0].id != row.id:
                name = other[0].cells.get("title") or other[0].cells.get("name", "")
                return Identified(department, None, _tell(title, _CONTRARY.fill(name), _RESTORE))
        return Identified(department, row)

    def _tell_unknown(self, department: str, shown: str) -> Problem:
        sheets = [
            sheet
            for each in (
                [department] if department in self.expected.surveys else self.expected.surveys
            )
            if (sheet := self.expected.find_sheet(each, self.part.kind))
        ]
        titles = [r.cells.get("title") or r.cells.get("name", "") for s in sheets for r in s.rows]
        near = get_close_matches(shown, [t for t in titles if t], n=1, cutoff=0.5)
        return _tell(shown, _UNKNOWN, _MEANT.fill(near[0], _RESTORE) if near else _RESTORE)


def _tell(value: str, why: Words, remedy: Words) -> Problem:
    allowed = Words("尋ねた取組・指標の番号か題名", "number or title of what was asked")

    def make(place: str) -> WorkbookError:
        return UnusableCell(
            place=place, column=_TITLE, value=value, why=why, allowed=allowed, remedy=remedy
        )

    return make
