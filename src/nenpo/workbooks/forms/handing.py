"""The forms of all departments, as files: what a survey hands out in the place of its workbooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import InputRefused, UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.forms.blank import open_form
from nenpo.workbooks.forms.checking import check_use
from nenpo.workbooks.forms.fill import fill_form
from nenpo.workbooks.layout import Field, Survey


@dataclass(frozen=True)
class HandedForms:
    """The files by name, those of each department, and what the form does not ask."""

    files: Mapping[str, bytes]
    names: Mapping[str, tuple[str, ...]]
    notes: tuple[Words, ...]


def fill_forms(path: Path, surveys: Mapping[str, Survey]) -> HandedForms:
    """Return a filled form for each survey, which are by the name that its file is to have.

    ``path`` is the description of the form. A department with more items than a form has room for
    gets further ones, 01_総務課-2.xlsx. Raises as :func:`~nenpo.workbooks.forms.blank.open_form`,
    and ``InputRefused`` if the form is none for this plan and year, or if something that is asked
    has no place in it; ``UnusableCell`` where a field stands on a formula.
    """
    blank = open_form(path)
    year = next(iter(surveys.values())).fiscal_year
    check_use(blank.form, path.name, gather_fields(list(surveys.values())), year)
    files: dict[str, bytes] = {}
    names: dict[str, tuple[str, ...]] = {}
    problems: list[WorkbookError] = []
    unasked: dict[str, None] = {}
    for name, survey in surveys.items():
        filled = fill_form(blank, survey)
        problems += filled.problems
        unasked |= dict.fromkeys(filled.unasked)
        stem, suffix = Path(name).stem, blank.path.suffix.lower()
        further = (f"{stem}-{n}{suffix}" for n in range(2, 1 + len(filled.workbooks)))
        own = [f"{stem}{suffix}", *further][: len(filled.workbooks)]
        files |= dict(zip(own, filled.workbooks, strict=True))
        names[survey.department] = tuple(own)
    if problems:
        raise InputRefused(problems=problems)
    if not files:
        why = Words("この計画で尋ねることが、様式に一つもない", "nothing that is asked is in it")
        remedy = Words(
            "--form を付けずに nenpo survey make を行うこと。",
            "Run nenpo survey make without --form.",
        )
        raise UnusableWorkbook(place=path.name, why=why, remedy=remedy)
    return HandedForms(files, names, tuple(_list_notes(surveys, names, tuple(unasked))))


def gather_fields(surveys: Sequence[Survey]) -> dict[str, Field]:
    """Return all fields that surveys ask about items and indicators, by key."""
    sheets = [sheet for survey in surveys for sheet in survey.sheets]
    return {
        field.key: field
        for sheet in sheets
        if sheet.kind in ("items", "indicators")
        for field in sheet.fields
    }


def _list_notes(
    surveys: Mapping[str, Survey], names: Mapping[str, Sequence[str]], unasked: Sequence[str]
) -> list[Words]:
    notes = []
    if unasked:
        words = Words("この様式では尋ねないもの: {}", "what this form does not ask: {}")
        notes.append(words.fill("、".join(unasked)))
    several = [f"{Path(own[0]).stem}（{len(own)}）" for own in names.values() if len(own) > 1]
    if several:
        words = Words(
            "1ファイルに収まらない課の様式は、-2 以降に続けた（ファイルの数）: {}",
            "what did not fit into one file goes on in -2 and so on (files in all): {}",
        )
        notes.append(words.fill("、".join(several)))
    empty = [s.name for s in surveys.values() if not names[s.department]]
    if empty:
        words = Words("この様式で尋ねることがない課: {}", "nothing in the form is for: {}")
        notes.append(words.fill("、".join(empty)))
    return notes
