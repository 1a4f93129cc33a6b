"""What there is to make: one document of an edition, with the parameters of its notebook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

BriefingKind = Literal["annual", "inspection", "department", "comparison"]
Scalar = str | int | bool


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
        """Its path below ``outputs/<plan>/<year>/``, without suffix: departments/joho-system."""
        return f"departments/{self.department}" if self.department else self.kind

    @property
    def full_name(self) -> str:
        """Its name in the output folder: plan/2021/departments/joho-system."""
        return f"{self.plan}/{self.fiscal_year}/{self.name}"

    @property
    def selector(self) -> str:
        """What selects it on the command line: plan/2021/annual, plan/2021/joho-system."""
        return f"{self.plan}/{self.fiscal_year}/{self.department or self.kind}"

    @property
    def notebook(self) -> str:
        """The file name of its notebook in ``notebooks/``."""
        return f"{self.kind}.ipynb"
