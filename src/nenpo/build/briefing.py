"""What there is to make: one document of an edition, its name, and what selects it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from nenpo.content.kinds import INTERNAL_KINDS, BriefingKind
from nenpo.data.naming import tell_year
from nenpo.errors import BadSelector

Scalar = str | int | bool

INTERNAL = "internal"
"""The folder, in an output folder, of what is not for publication."""
_DEPARTMENTS = "departments/"
_EXAMPLES = "nakano-informatization, nakano-informatization/2021/annual"


@dataclass(frozen=True, order=True)
class BriefingName:
    """What a briefing is called in the manifest, in reports and in ``accepted/``.

    ``name`` is its name in the edition: ``annual``, ``departments/somu``.

    >>> name = BriefingName.parse("plan/2021/departments/somu")
    >>> name.edition, name.selector, name.kind, name.department
    ('plan/2021', 'plan/2021/somu', 'department', 'somu')
    >>> str(name)
    'plan/2021/departments/somu'
    """

    plan: str
    fiscal_year: int
    name: str

    @classmethod
    def parse(cls, text: str) -> "BriefingName":
        """Return the name that ``text`` prints. Raises ``ValueError`` if it names no edition."""
        found = cls.find(text)
        if found is None:
            raise ValueError(f"{text!r} is not of the form plan/2021/annual")
        return found

    @classmethod
    def find(cls, text: str) -> "BriefingName | None":
        """Return the name that ``text`` prints, None for a name without edition: ``annual``."""
        plan, _, rest = text.partition("/")
        year, _, name = rest.partition("/")
        return cls(plan, int(year), name) if plan and name and _is_year(year) else None

    def __str__(self) -> str:
        return f"{self.edition}/{self.name}"

    @property
    def edition(self) -> str:
        """The plan and the fiscal year: plan/2021."""
        return f"{self.plan}/{self.fiscal_year}"

    @property
    def selector(self) -> str:
        """What selects it on the command line: plan/2021/annual, plan/2021/somu."""
        return f"{self.edition}/{self.short_name}"

    @property
    def short_name(self) -> str:
        """What a selector calls it in the edition: annual, somu."""
        return shorten_name(self.name)

    @property
    def kind(self) -> BriefingKind:
        """What is reported: the whole plan or a department of it, the plans side by side."""
        return "department" if self.department else cast(BriefingKind, self.name)

    @property
    def department(self) -> str | None:
        """The department's id; None for a document of the whole plan."""
        return self.short_name if self.name.startswith(_DEPARTMENTS) else None

    @property
    def is_public(self) -> bool:
        """Whether it is one of those that are published."""
        return self.kind not in INTERNAL_KINDS

    @property
    def path(self) -> str:
        """The path of its files below the output folder, without suffix.

        That of a 点検票, which nobody publishes, is internal/plan/2021/inspection.
        """
        return str(self) if self.is_public else f"{INTERNAL}/{self}"

    def locate(self, output: Path, suffix: str) -> Path:
        """Return where in an output folder its file with ``suffix`` (.html) lies."""
        return output / f"{self.path}{suffix}"


def shorten_name(name: str) -> str:
    """Return what a selector calls a document by its name in the edition.

    >>> shorten_name("departments/somu"), shorten_name("annual")
    ('somu', 'annual')
    """
    return name.removeprefix(_DEPARTMENTS)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


@dataclass(frozen=True)
class Selector:
    """``PLAN[/YEAR[/BRIEFING]]``; None stands for every year, or every briefing.

    >>> name = BriefingName.parse("plan/2021/departments/somu")
    >>> [Selector.parse(t).matches(name) for t in ("plan", "plan/2021/somu", "plan/2021/annual")]
    [True, True, False]
    """

    plan: str
    fiscal_year: int | None = None
    briefing: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Selector":
        """Return what a command was given. Raises ``BadSelector``."""
        plan, *rest = text.strip("/").split("/", 2)
        if not all((plan, *rest)) or (rest and not _is_year(rest[0])):
            hint = tell_year(rest[0]) if rest else ""
            raise BadSelector(value=text, allowed=_EXAMPLES, hint=hint)
        # Results and file names say plan/2021/departments/zeimu; that selects, too.
        briefing = shorten_name(rest[1]) if rest[1:] else None
        if briefing is not None and ("/" in briefing or not briefing):
            raise BadSelector(value=text, allowed=_EXAMPLES, hint="")
        return cls(plan, int(rest[0]) if rest else None, briefing)

    def includes(self, plan: str, fiscal_year: int) -> bool:
        """Return whether it names the edition or something in it."""
        return self.plan == plan and self.fiscal_year in (None, fiscal_year)

    def covers(self, plan: str, fiscal_year: int) -> bool:
        """Return whether it names the whole edition."""
        return self.briefing is None and self.includes(plan, fiscal_year)

    def matches(self, name: BriefingName) -> bool:
        """Return whether it selects the briefing."""
        own = self.briefing in (None, name.short_name)
        return own and self.includes(name.plan, name.fiscal_year)


@dataclass(frozen=True)
class Briefing:
    """One document to make; ``parameters`` are all that its notebook is given."""

    plan: str
    fiscal_year: int
    kind: BriefingKind
    department: str | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """Its name in the edition: annual, departments/joho-system."""
        return f"{_DEPARTMENTS}{self.department}" if self.department else self.kind

    @property
    def identity(self) -> BriefingName:
        """Its name among all briefings."""
        return BriefingName(self.plan, self.fiscal_year, self.name)

    @property
    def full_name(self) -> str:
        """The same as text: plan/2021/departments/joho-system."""
        return str(self.identity)

    @property
    def selector(self) -> str:
        """What selects it on the command line: plan/2021/annual, plan/2021/joho-system."""
        return self.identity.selector

    @property
    def notebook(self) -> str:
        """The file name of its notebook in ``notebooks/``."""
        return f"{self.kind}.ipynb"
