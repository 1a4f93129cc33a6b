"""What a year's replies are held to: what each department was asked, and how it is called."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from nenpo.data.headings import fold_text
from nenpo.data.plan import INFERRED, Plan
from nenpo.workbooks.asking.asked import gather_asked, list_asked
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.layout import Field, SheetKind, Survey, SurveyRow, SurveySheet

# By what a reader knows a row; the last of them tells it, the others where it stands twice.
NAMES: Mapping[SheetKind, tuple[str, ...]] = {
    "items": ("number", "title"),
    "indicators": ("name",),
    "milestones": ("subject", "text"),
    "supporting": ("number", "title"),
}


def fold(text: str) -> str:
    """Return a text without what people change unawares: width, spaces, line breaks, case.

    >>> fold("マイナンバーカード　の 交付（ＩＣ）")
    'マイナンバーカードの交付(ic)'
    """
    return fold_text(text).casefold()


def show_cell(field: Field, row: SurveyRow) -> str:
    """Return what a reader sees of a row in a field: of a choice, its label."""
    value = row.cells.get(field.key, "")
    return next((c.label for c in field.choices if c.value == value), value)


def tell_row(sheet: SurveySheet, row: SurveyRow) -> str:
    """Return what a reader calls a row: 「1-1-①-1 マイナンバーカードの交付」."""
    fields = {field.key: field for field in sheet.fields}
    named = (show_cell(fields[key], row) for key in NAMES[sheet.kind] if key in fields)
    return " ".join(filter(None, named))


@dataclass(frozen=True)
class Expected:
    """What the departments of a plan were asked for a fiscal year.

    ``surveys`` is by department in 建制順, ``names`` what every department of the plan is called,
    and ``word`` what it calls a department (課).
    ``changed_marks`` are those beside which a direction may stand. ``leads`` are the departments
    in charge of each item, indicator or measure, as assignments.csv names them one after the other.
    """

    plan: str
    fiscal_year: int
    surveys: Mapping[str, Survey]
    names: Mapping[str, str]
    changed_marks: tuple[str, ...] = ()
    word: str = "課"
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def rank(self, row: str, department: str) -> tuple[int, int]:
        """Return where a department stands among those that are asked for a row: 0 is first."""
        named = self.leads.get(row.partition("#")[0], ())
        place = named.index(department) if department in named else len(named)
        order = list(self.surveys)
        return place, order.index(department) if department in order else len(order)

    @cached_property
    def holders(self) -> dict[str, tuple[str, ...]]:
        """The departments that are asked for each row that has an id."""
        found: dict[str, list[str]] = {}
        for department, survey in self.surveys.items():
            for sheet in survey.sheets:
                for row in sheet.rows if sheet.table else ():
                    if row.id:
                        found.setdefault(row.id, []).append(department)
        return {row: tuple(departments) for row, departments in found.items()}

    def find_named(self, *texts: str) -> set[str]:
        """Return the departments that are asked something and whose names stand in texts."""
        folded = [fold(text) for text in texts]
        named = {department: fold(self.names[department]) for department in self.surveys}
        found = {each: name for each, name in named.items() if any(name in t for t in folded)}
        # 課 may be the end of another's name: 住民課 of 戸籍住民課.
        return {
            department
            for department, name in found.items()
            if not any(name in other and name != other for other in found.values())
        }

    def find_sheet(self, department: str, kind: SheetKind) -> SurveySheet | None:
        """Return what a department is asked in a kind of sheet, None if it has no such sheet."""
        sheets = self.surveys[department].sheets
        return next((sheet for sheet in sheets if sheet.kind == kind), None)


def expect_replies(plan: Plan, fiscal_year: int) -> Expected:
    """Return what the departments were asked. Raises ``UnknownYear``."""
    asked = list_asked(plan, fiscal_year)
    surveys = {name: lay_out_survey(plan, fiscal_year, name) for name in asked}
    known = plan.department_names | {key: survey.name for key, survey in surveys.items()}
    names = {key: name.removesuffix(INFERRED) for key, name in known.items()}
    marks = tuple(mark for mark, tone in plan.meta.tones.items() if tone == "neutral")
    leads = gather_asked(plan, fiscal_year).named
    word = plan.meta.terms.department
    return Expected(plan.id, fiscal_year, surveys, names, marks, word, leads)
