"""A blank form and one that is filled in → a draft of what its cells mean."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nenpo.data.plan import Plan
from nenpo.errors import UnusableWorkbook, Words
from nenpo.files import hash_file
from nenpo.workbooks.asking.asked import list_asked
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.book import Book
from nenpo.workbooks.forms.align import move_back
from nenpo.workbooks.forms.blank import FORM
from nenpo.workbooks.forms.grid import Grid, Hints, read_hints
from nenpo.workbooks.forms.guess import (
    Decided,
    Kind,
    Known,
    decide_head,
    decide_spots,
    tell_kind,
)
from nenpo.workbooks.forms.spots import Pattern, Vocabulary
from nenpo.workbooks.forms.structure import find_layout, group_alike, is_left_out
from nenpo.workbooks.labels import Meaning, find_meaning, find_year, fold_text, is_time
from nenpo.workbooks.layout import Field, Survey
from nenpo.workbooks.reading.opening import open_book

_REPORTED = re.compile(r"実績|評価|進捗|状況|調査|報告")


@dataclass(frozen=True)
class DraftPart:
    """A pattern of slots and what its boxes mean."""

    pattern: Pattern
    kind: Kind
    decided: tuple[Decided, ...]


@dataclass(frozen=True)
class DraftForm:
    """What was learned of a form: ``head`` are the boxes that stand once, by their sheet.

    ``left_out`` are the sheets in which nothing is to be filled in.
    """

    blank: Path
    filled: Path
    digest: str
    fiscal_year: int | None
    head: tuple[tuple[str, Decided], ...]
    parts: tuple[DraftPart, ...]
    left_out: tuple[str, ...]
    known: Known


def learn_form(blank: Path, filled: Path, plan: Plan | None, fiscal_year: int | None) -> DraftForm:
    """Return what a form means, guessed from a blank one and one that is filled in.

    With a plan, what was filled in is compared with its titles, departments and marks. Raises
    ``UnusableWorkbook``, also if there is nothing to fill in that nenpo knows.
    """
    books = open_book(blank, blank.name, FORM), open_book(filled, filled.name, FORM)
    if books[0].kind not in ("xlsx", "xlsm"):
        why = Words("様式が .xlsx ではない", "the form is no .xlsx")
        remedy = Words(
            "Excel で「Excel ブック (.xlsx)」として保存し直すこと。",
            "Save it in Excel as an Excel workbook (.xlsx).",
        )
        raise UnusableWorkbook(place=blank.name, why=why, remedy=remedy)
    known = gather_known(plan, fiscal_year) if plan and fiscal_year else Known()
    grids = list(_pair_sheets(*books, read_hints(blank)))
    asked = [grid for grid in grids if not is_left_out(grid)]
    fiscal_year = fiscal_year or _guess_year(asked)
    vocabulary = Vocabulary(fiscal_year, _list_own_words(plan))
    head: list[tuple[str, Decided]] = []
    parts: list[DraftPart] = []
    used: set[str] = set()
    for group in group_alike(asked, vocabulary):
        layout = find_layout(group, vocabulary)
        if layout is None or not _is_to_fill(group):
            continue
        used |= {grid.blank.name for grid in group}
        for grid in group:
            head += [(grid.blank.name, each) for each in decide_head(layout.head, known)]
        parts += [_decide_part(pattern, known) for pattern in layout.patterns]
    if not any(each.decided for each in parts):
        raise _refuse_unknown(blank.name)
    left_out = tuple(sheet.name for sheet in books[0].sheets if sheet.name not in used)
    year = fiscal_year if _names_year(parts) else None
    digest = hash_file(blank)
    return DraftForm(blank, filled, digest, year, tuple(head), tuple(parts), left_out, known)


def _guess_year(grids: Sequence[Grid]) -> int | None:
    """Return the latest year of which a form asks what was done, None if it names none."""
    texts = [grid.read(box) for grid in grids for box in grid.printed]
    years = [find_year(text) for text in texts if _REPORTED.search(text)]
    groups = [find_year(text) for text in texts if is_time(text)]
    told = [year for year in (*years, *groups[:1]) if year]
    return max(told, default=None)


def _decide_part(pattern: Pattern, known: Known) -> DraftPart:
    kind = tell_kind(pattern)
    return DraftPart(pattern, kind, tuple(decide_spots(pattern.spots, kind, known)))


def _is_to_fill(group: Sequence[Grid]) -> bool:
    """Whether somebody filled one of the sheets in, or its boxes are made for that."""
    return any(grid.changed for grid in group) or any(grid.hints.unlocked for grid in group)


def _names_year(parts: Sequence[DraftPart]) -> bool:
    guesses = (each.spot.guess for part in parts for each in part.decided)
    return any(guess.dated for guess in guesses if guess)


def _refuse_unknown(name: str) -> UnusableWorkbook:
    why = Words(
        "取組の番号や名称と、記入された欄が見つからない",
        "there is no number or title of an item beside what was filled in",
    )
    remedy = Words(
        "何も記入していない様式と、その様式に2件以上を記入したものを指定すること。",
        "Give the blank form, and the same form with two items or more filled in.",
    )
    return UnusableWorkbook(place=name, why=why, remedy=remedy)


def _pair_sheets(blank: Book, filled: Book, hints: Mapping[str, Hints]) -> Iterator[Grid]:
    """Yield each visible sheet of the blank form with the same one as it was filled in."""
    named = {sheet.name: sheet for sheet in filled.sheets}
    # A sheet that was renamed while it was filled in stands where it stood.
    by_place = dict(zip((s.name for s in blank.sheets), filled.sheets, strict=False))
    for sheet in blank.sheets:
        if not sheet.hidden:
            same = named.get(sheet.name)
            other = by_place.get(sheet.name)
            renamed = other if other and other.name not in {s.name for s in blank.sheets} else None
            found = same or renamed
            back = move_back(found, sheet) if found else None
            yield Grid(sheet, back, hints.get(sheet.name, Hints()))


def gather_known(plan: Plan, fiscal_year: int) -> Known:
    """Return what a plan knows and asks for a fiscal year. Raises ``UnknownYear``."""
    surveys = [lay_out_survey(plan, fiscal_year, name) for name in list_asked(plan, fiscal_year)]
    rows = plan.departments
    names = (name for cell in rows["aliases"] for name in str(cell).replace("、", ",").split(","))
    kinds: dict[Kind, dict[str, Field]] = {"items": {}, "indicators": {}}
    for kind, fields in kinds.items():
        for survey in surveys:
            for sheet in (sheet for sheet in survey.sheets if sheet.kind == kind):
                fields.update({field.key: field for field in sheet.fields})
    return Known(
        fields={kind: fields for kind, fields in kinds.items() if fields},
        titles=_fold(_read_column(surveys, "items", "title")),
        numbers=_fold(_read_column(surveys, "items", "number")),
        measures=_fold(plan.measures["title"]),
        indicators=_fold(plan.indicators["name"]),
        departments=_fold((*rows["name"], *names)),
    )


def _read_column(surveys: Sequence[Survey], kind: str, key: str) -> Iterator[str]:
    for survey in surveys:
        for sheet in survey.sheets:
            if sheet.kind == kind:
                yield from (row.cells.get(key, "") for row in sheet.rows)


def _fold(texts: Sequence[str] | Iterator[str]) -> frozenset[str]:
    return frozenset(fold_text(str(text)) for text in texts if str(text).strip())


def _list_own_words(plan: Plan | None) -> dict[str, Meaning]:
    """Return what the plan calls its parts, and what labels of that name mean."""
    if plan is None:
        return {}
    terms = plan.meta.terms
    own: dict[str, Meaning] = {}
    for word, meaning in (
        (terms.measure, "measure"),
        (terms.policy, "policy"),
        (terms.department, "department"),
        (terms.lead, "department"),
        (terms.supporting, "supporting"),
        (terms.item, "title"),
        (plan.meta.status_words.reason, "change_reason"),
    ):
        if find_meaning(word) is None:  # 実施内容 may be what a plan calls its measures
            own |= {word: meaning, f"{word}名": meaning}
    return own
