"""Raw files directly in ``data/`` → valid rows: themes, comparisons, national priorities.

They speak of several plans, so they are checked against the rows of those plans. A row about a
plan that was not read (only some plans are built) is checked for its own form alone.
"""

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nenpo.data.check_declarations import check_unique, refuse_key
from nenpo.data.check_references import Book, check_book
from nenpo.data.csv_table import Record, Sheet, check_characters, read_sheet, use_headings
from nenpo.data.explain import refuse_all
from nenpo.data.plan_files import PlanRows, read_declaration, refuse_unknown
from nenpo.data.project import list_plans
from nenpo.data.schema.columns import Row
from nenpo.data.schema.declarations import ComparisonMeta
from nenpo.data.schema.shared_rows import VALUE_NAME
from nenpo.data.schema.tables import SHARED_TABLES
from nenpo.errors import InputError, MissingFile
from nenpo.files import is_folder, is_link, is_ordinary, list_folder

META_FILE = "comparison.yaml"
COMPARISON = "comparison"  # the name of the briefing, and of the params folder of its editions

_COMPARING = ("themes.csv", "comparisons.csv", "priorities.csv")
_LINES = re.compile(r"[0-9]{1,9}(-[0-9]{1,9})?(\|[0-9]{1,9}(-[0-9]{1,9})?)*")


@dataclass(frozen=True)
class SharedRows:
    """What ``data/`` holds beside the plans; ``meta`` is None where nothing is compared."""

    meta: ComparisonMeta | None
    tables: Mapping[str, tuple[Row, ...]]


def read_comparison(root: Path) -> ComparisonMeta:
    """Return ``comparison.yaml``. Raises ``InputRefused``, also if there is no such file."""
    problems: list[InputError] = []
    meta = _read_meta(root, problems)
    if meta is None and not problems:
        keys = ", ".join(ComparisonMeta.model_fields)
        problems.append(MissingFile(place=f"data/{META_FILE}", allowed=keys))
    refuse_all(problems)
    assert meta is not None  # otherwise there was a problem
    return meta


def find_national(root: Path) -> str | None:
    """Return the plan that ``comparison.yaml`` names as national, without checking the file."""
    meta = _read_meta(root, [])
    return meta.national_plan if meta else None


def read_shared(root: Path, plans: Mapping[str, PlanRows]) -> SharedRows:
    """Return the valid rows of the shared tables.

    Raises ``InputRefused`` with every offender. ``plans`` are those that were read.
    """
    problems: list[InputError] = list(_check_names(root))
    meta = _read_meta(root, problems)
    paths = {root / "data" / file: model for file, model in SHARED_TABLES.items()}
    read = (
        read_sheet(path, f"data/{path.name}", model, None, problems)
        for path, model in paths.items()
        if is_ordinary(root, path)
    )
    sheets = tuple(sheet for sheet in read if sheet is not None)
    problems.extend(check_book(Book("data", None, sheets)))
    checker = _Checker(root, meta, plans)
    for sheet in sheets:
        problems.extend(checker.check_sheet(sheet))
    problems.extend(check_characters(sheets, tuple(problems)))
    refuse_all(use_headings(problem, sheets) for problem in problems)
    return SharedRows(meta, {sheet.file: sheet.rows for sheet in sheets})


def _check_names(root: Path) -> Iterator[InputError]:
    folders = set(list_plans(root))
    paths = [p for p in list_folder(root, root / "data") if p.name not in folders or is_link(p)]
    # A folder whose name begins with _ is set aside, as list_plans has it.
    files = [path for path in paths if not (is_folder(path) and path.name.startswith("_"))]
    yield from refuse_unknown(root, files, (META_FILE, *SHARED_TABLES, "README.md"))
    if COMPARISON in folders:
        yield from refuse_unknown(root, [root / "data" / COMPARISON], (META_FILE,))
    if not os.path.lexists(root / "data" / META_FILE) and any(p.name in _COMPARING for p in files):
        keys = ", ".join(ComparisonMeta.model_fields)
        yield MissingFile(place=f"data/{META_FILE}", allowed=keys)


def _read_meta(root: Path, problems: list[InputError]) -> ComparisonMeta | None:
    path = root / "data" / META_FILE
    if not os.path.lexists(path) or is_folder(path):
        return None
    meta, document = read_declaration(path, root, ComparisonMeta, problems)
    if meta is None:
        return None
    problems.extend(check_unique(document, "themes", "id"))
    if meta.national_plan and meta.national_plan not in list_plans(root):
        problems.append(refuse_key(document, "national_plan", "data/", list_plans(root)))
    return meta


@dataclass(frozen=True)
class _Checker:
    """Checks the references of the shared tables."""

    root: Path
    meta: ComparisonMeta | None
    plans: Mapping[str, PlanRows]

    def check_sheet(self, sheet: Sheet) -> Iterator[InputError]:
        for record in sheet.records:
            if "theme" in record.cells and self.meta is not None:
                themes = [theme.id for theme in self.meta.themes]
                yield from _check(record, "theme", themes, f"data/{META_FILE}#themes")
            if "plan" in record.cells:
                yield from _check(record, "plan", list_plans(self.root), "data/")
                yield from self._check_part(record)
            if "priority" in record.cells:
                yield from self._check_priority(record)
        if sheet.file == "omissions.csv":
            yield from self._check_omissions(sheet)
        elif sheet.file == "comparisons.csv":
            yield from _check_reasons(sheet)

    def _check_part(self, record: Record) -> Iterator[InputError]:
        plan = record.cells["plan"]
        if plan not in self.plans:
            return
        if "subject" in record.cells:
            target = f"data/{plan}/ (plan, plan.yaml#goals, measures, items, indicators, figures)"
            yield from _check(record, "subject", _list_parts(self.plans[plan]), target)
        if "short" in record.cells:
            yield from _check_short(record, self.plans[plan])
        if "figure" in record.cells:
            figures = _list_ids(self.plans[plan], "figures.csv", "figure")
            yield from _check(record, "figure", figures, f"data/{plan}/figures.csv")

    def _check_priority(self, record: Record) -> Iterator[InputError]:
        if self.meta is None:  # missing or unusable, which is told of the file itself
            return
        national = self.meta.national_plan
        if national is None:
            ja = f"data/{META_FILE} に national_plan を書いたときだけ使える"
            en = f"usable only where data/{META_FILE} names a national_plan"
            yield record.refuse("priority", ja, en)
        elif national in self.plans:
            known = _list_ids(self.plans[national], "measures.csv", "measure")
            yield from _check(record, "priority", known, f"data/{national}/measures.csv")

    def _check_omissions(self, sheet: Sheet) -> Iterator[InputError]:
        known = {source.id for rows in self.plans.values() for source in rows.meta.sources}
        complete = set(self.plans) == set(list_plans(self.root))
        for record in sheet.list_usable("source") if complete else ():
            yield from _check(record, "source", sorted(known), "plan.yaml#sources")
        for record in sheet.list_usable("lines"):
            if not _is_line_list(record.cells["lines"]):
                yield record.refuse("lines", "62-78|95 の形", "the form 62-78|95")


def _check(
    record: Record, column: str, known: Collection[str], target: str
) -> Iterator[InputError]:
    if column not in record.refused and record.cells[column] not in known:
        yield record.refuse_reference(column, target, known)


def _check_short(record: Record, plan: PlanRows) -> Iterator[InputError]:
    """Yield the names of a short text that stand for no figure and no indicator of the plan."""
    known = _list_values(plan)
    for name in VALUE_NAME.findall(record.cells["short"]):
        if name not in known:
            allowed = ", ".join(known) or "—"
            ja, en = f"{{}} の中は数値又は指標の ID（{allowed}）", f"in {{}} an id of {allowed}"
            yield record.refuse("short", ja, en)


def _list_values(rows: PlanRows) -> list[str]:
    return [
        *_list_ids(rows, "indicators.csv", "indicator"),
        *_list_ids(rows, "figures.csv", "figure"),
    ]


def _check_reasons(sheet: Sheet) -> Iterator[InputError]:
    """Yield figures that are kept apart from others of their question without saying why."""
    bases: dict[tuple[str, str], set[str]] = defaultdict(set)
    usable = list(sheet.list_usable("theme", "question", "basis", "reason"))
    for record in usable:
        bases[record.cells["theme"], record.cells["question"]].add(record.cells["basis"])
    for record in usable:
        several = len(bases[record.cells["theme"], record.cells["question"]]) > 1
        if several and not record.cells["reason"].strip():
            ja = "数え方（basis）が違う値があるので、並べられない理由"
            yield record.refuse(
                "reason", ja, "why it is kept apart, since the question has several bases"
            )


def _is_line_list(text: str) -> bool:
    """Tell whether a text names lines and ranges of lines, such as 62-78|95."""
    if not _LINES.fullmatch(text):
        return False
    ranges = (part.split("-") for part in text.split("|"))
    return all(int(ends[0]) <= int(ends[-1]) for ends in ranges)


def _list_ids(rows: PlanRows, file: str, column: str) -> list[str]:
    return sorted({str(getattr(row, column)) for row in rows.tables.get(file, ())})


def _list_parts(rows: PlanRows) -> list[str]:
    files = ("measure", "item", "indicator", "figure")
    parts = [name for column in files for name in _list_ids(rows, f"{column}s.csv", column)]
    return ["plan", *(goal.id for goal in rows.meta.goals), *parts]
