"""What every table shares: the base of its rows, columns of one meaning, checks of one row."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo

from nenpo.data.schema.cells import (
    Flag,
    OptionalNumber,
    OptionalWhole,
    OptionalYear,
    RequiredText,
    SourceId,
    StatedSourceId,
    Text,
    Whole,
    refuse_row,
)
from nenpo.errors import BLANK
from nenpo.errors import Words as BothLanguages

FirstYear = Annotated[
    OptionalYear,
    Field(title="始まりの年度", description="始まりの年度（空=当初から） / first year"),
]
LastYear = Annotated[
    OptionalYear, Field(title="終わりの年度", description="終わりの年度（空=継続中） / last year")
]
Amount = Annotated[
    OptionalNumber, Field(title="値", description="値（単位なし） / the number, no unit")
]
Denominator = Annotated[
    OptionalNumber, Field(title="分母", description="分母（0/15 の 15） / the 15 of 0/15")
]
Approximate = Annotated[
    Flag, Field(title="約が付くか", description="「約」が付くか / whether printed with 約 (about)")
]
Preferred = Annotated[
    Flag, Field(title="用いる値か", description="資料により値が違うとき用いるか / the value in use")
]
Note = Annotated[Text, Field(title="備考", description="備考 / note")]
Source = Annotated[
    SourceId, Field(title="出典", description="出典（plan.yaml の sources の ID） / source")
]
Line = Annotated[
    OptionalWhole, Field(title="出典の行", description="出典の行番号 / line in the source")
]
# What sources state differently is worth nothing if nobody can look it up.
StatedSource = Annotated[
    StatedSourceId,
    Field(title="出典", description="出典（plan.yaml の sources の ID、必須） / source, required"),
]
StatedLine = Annotated[
    Whole, Field(title="出典の行", description="出典の行番号（必須） / line in the source")
]


Marker = TypeVar("Marker")


@dataclass(frozen=True)
class Words:
    """The cell holds words about the part of the plan, or the department, that ``owner`` names.

    Whose words they are not, does not see them: see :mod:`nenpo.data.visible`.
    """

    owner: str


ItemWords = Annotated[Text, Words("item")]
ItemText = Annotated[RequiredText, Words("item")]
ItemNote = Annotated[Note, Words("item")]
SubjectWords = Annotated[Text, Words("subject")]
SubjectText = Annotated[RequiredText, Words("subject")]
SubjectNote = Annotated[Note, Words("subject")]


ANOTHER = ("別の行の ID", "the id of another row")


class Row(BaseModel):
    """One row of a table; ``KEY`` names the columns that together occur only once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TITLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        cells = vars(self)
        first, last = cells.get("first_year"), cells.get("last_year")
        if first and last and last < first:
            refuse_row("last_year", f"{first} 以後の年度", f"a year not before {first}", last)
        denominator = cells.get("denominator")
        if denominator is not None and denominator <= 0:
            refuse_row("denominator", "0 より大きい数", "a number above 0", denominator)
        self.check_row()
        for column in ("relisted_from", "continues"):
            if cells.get(column) and cells[column] == cells[self.KEY[0]]:
                refuse_row(column, *ANOTHER, cells[column])
        return self

    def check_row(self) -> None:
        """Refuse the row if its cells contradict each other, beyond what holds for every table."""


def check_place(source: str, line: int | None) -> None:
    """Refuse a row that names a source without a line, or a line of none."""
    if bool(source) != (line is not None):
        rule = "source と line は両方を書くか、両方を空にする"
        column = "line" if source else "source"
        refuse_row(column, rule, "source and line go together", "")


def find_field(model: type[BaseModel], column: str) -> FieldInfo:
    """Return the declaration of a column or key by the name that the file uses."""
    fields = model.model_fields
    return next(fields[name] for name in fields if (fields[name].alias or name) == column)


def find_marker(field: FieldInfo, kind: type[Marker]) -> Marker | None:
    """Return the marker of that kind that a column carries, such as its ``Reference``."""
    return next((marker for marker in field.metadata if isinstance(marker, kind)), None)


def list_words(field: FieldInfo) -> BothLanguages:
    """Return the words that a column may hold; an empty cell is shown as such."""
    words = get_args(field.annotation)
    return BothLanguages(*(", ".join(str(word) or blank for word in words) for blank in BLANK))


FLAGS: Mapping[str, str] = {"true": "はい", "false": "いいえ"}
"""What people write for a flag, by the word that a file has."""
_BRACKETED = re.compile(r"（([^（）]*)）")


def list_labels(field: FieldInfo) -> dict[str, str]:
    """Return what a column's words mean in Japanese, as its description tells them in turn.

    They stand in brackets, 望ましい方向（増、減、維持）, or are all of it: 所管課、関係課.
    {} of a column without words, or with a description that does not tell as many.
    """
    if field.annotation is bool:
        return dict(FLAGS)
    words = [word for word in get_args(field.annotation) if isinstance(word, str) and word]
    told = (field.description or "").partition(" / ")[0]
    for part in (*_BRACKETED.findall(told), _BRACKETED.sub("", told)):
        labels = part.split("、")
        if words and len(labels) == len(words):
            return dict(zip(words, labels, strict=True))
    return {}
