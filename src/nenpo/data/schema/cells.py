"""What one CSV cell may hold: ids, whole numbers, decimals, true/false, and references.

Each type parses a cell's text, or raises a pydantic error whose type names the leaf error of
:mod:`nenpo.errors` that :mod:`nenpo.data.plan_files` makes of it.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from nenpo.language.fiscal import parse_fiscal_year
from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import Value, parse_value

ID_PATTERN = r"[a-z][a-z0-9-]*"
# Words that stand beside ids: a briefing's name in a selector, a commentary's scope.
RESERVED_IDS = frozenset({"annual", "inspection", "comparison", "plan", "departments"})

_LONGEST_ID = 60
# Windows has no file of these names, whatever follows a dot.
_WINDOWS_DEVICE = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")
# Beyond these no quantity of a municipality lies, and ratios are exact in the 28 digits of decimal.
_MOST_DIGITS, _MOST_PLACES, _MOST_WHOLE_DIGITS = 16, 6, 9

_FIRST_FISCAL_YEAR, _LAST_FISCAL_YEAR = 1950, 2100
_WHOLE = re.compile(r"-?[0-9]+")
_SEPARATED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# What Excel, LibreOffice and Google Sheets make of 1-1, 1-1-1 and 1/1; the last is a day number.
_DATES = re.compile(
    rf"""\d{{1,4}}/\d{{1,2}}(/\d{{1,4}})? | \d{{4}}-\d{{1,2}}(-\d{{1,2}})?([ T][\d:.]+)?
      | (\d{{2,4}}年)?\d{{1,2}}月(\d{{1,2}}日)? | {_MONTH}[-\ ]\d{{1,4}}
      | \d{{1,2}}[-\ ]{_MONTH}([-\ ]\d{{2,4}})? | [2-6]\d{{4}}""",
    re.VERBOSE | re.IGNORECASE,
)
_TIMES = (
    "令和5年度、令和5年10月、令和5年10月1日（FY2023、202310、20231001）などの時期。"
    "後に当初、末、上半期、第1四半期、上旬、中旬、下旬、以降を付けられる"
)
_TIMES_EN = (
    "a time such as FY2023, 202310 or 20231001 (令和5年度, 令和5年10月, 令和5年10月1日), "
    "with -start, -end, -h1, -q1, -early, -mid, -late or -later behind it where it is so stated"
)


@dataclass(frozen=True)
class Reference:
    """The cell names a row of another table: one of ``tables``, by its first key column.

    ``plan.yaml#goals`` stands for the ids of that list; ``words`` may stand there as well.
    """

    tables: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """What a cell's text or number is of: a stated time, a day, money, or a fiscal year."""

    kind: Literal["time", "day", "money", "year"]


def is_id(text: str) -> bool:
    """Return whether a text has the form of an id, short enough for the name of a file."""
    return len(text) <= _LONGEST_ID and bool(re.fullmatch(ID_PATTERN, text))


def parse_id(text: str) -> str:
    """Return an id, or say that it is a date or has the wrong form."""
    if is_id(text):
        return text
    if _DATES.fullmatch(text):
        raise PydanticCustomError("date_instead_of_id", "a date instead of an id")
    raise PydanticCustomError("bad_id", "not an id")


def parse_whole(text: str) -> int:
    """Return a whole number."""
    if _WHOLE.fullmatch(text):
        if len(text.lstrip("-0")) > _MOST_WHOLE_DIGITS:
            digits = _MOST_WHOLE_DIGITS
            raise _bad_value(f"{digits}桁以内の整数", f"a whole number of at most {digits} digits")
        return int(text)
    if _DECIMAL.fullmatch(text):
        _refuse_number("小数である", "a decimal where a whole number is needed", "")
    _explain_number(text)


def parse_decimal(text: str) -> Decimal:
    """Return a decimal number, exactly as written: 46.0 keeps its zero."""
    if _DECIMAL.fullmatch(text):
        whole, _, places = text.lstrip("-0").partition(".")
        if len(whole) > _MOST_DIGITS or len(places) > _MOST_PLACES:
            raise _bad_value(
                f"整数部{_MOST_DIGITS}桁、小数部{_MOST_PLACES}桁以内の数",
                f"at most {_MOST_DIGITS} digits before the point and {_MOST_PLACES} after it",
            )
        return Decimal(text)
    _explain_number(text)


def parse_fiscal_year_cell(text: str) -> int:
    """Return a fiscal year, written as the western year in which it begins."""
    year = parse_whole(text)
    if _FIRST_FISCAL_YEAR <= year <= _LAST_FISCAL_YEAR:
        return year
    raise _bad_value("西暦の年度（令和3年度は 2021）", "a western year (令和3年度 is 2021)")


def parse_day(text: str) -> int:
    """Return a month (202104) or a day (20210401): digits that no spreadsheet turns into a date."""
    parts = re.fullmatch(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})?", text)
    try:
        if parts:
            date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
            return int(text)
    except ValueError:
        pass
    raise _bad_value("YYYYMM 又は YYYYMMDD（202104 など）", "YYYYMM or YYYYMMDD (such as 202104)")


def parse_stated_date_cell(text: str) -> str:
    """Return the code of a date, as precise as it is stated, in whatever form it is written."""
    try:
        return parse_stated_date(text).code
    except ValueError:
        pass
    if _DATES.fullmatch(text):
        raise _bad_value(
            f"{_TIMES}。表計算ソフトが日付に変えた値とみられる。書き直すこと",
            f"{_TIMES_EN}; a spreadsheet program has made a date of it: write it again",
        )
    raise _bad_value(_TIMES, _TIMES_EN)


def parse_amount_of_money(text: str) -> int:
    """Return a sum of money in thousands of yen, never below 0.

    Separators of thousands are read: where money is shown with them, spreadsheets save them, too.
    """
    amount = parse_whole(text.replace(",", "") if _SEPARATED.fullmatch(text) else text)
    if amount < 0:
        raise _bad_value("0 以上の整数（千円）", "a whole number not below 0, in thousands of yen")
    return amount


def parse_flag(text: str) -> bool:
    """Return ``true`` or ``false``; a spreadsheet program saves them in capitals."""
    if text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    raise PydanticCustomError("unknown_word", "not a flag", {"allowed": "true, false"})


def parse_optional_flag(text: str) -> bool:
    """Return ``true`` or ``false``; blank is false."""
    return bool(text) and parse_flag(text)


def require_text(text: str) -> str:
    """Return a text that is not blank."""
    if text.strip():
        return text
    raise _bad_value("空でない文字列", "text that is not blank")


def refuse_reserved(text: str) -> str:
    """Return an id that does not stand for something else."""
    if text not in RESERVED_IDS:
        return text
    words = ", ".join(sorted(RESERVED_IDS))
    raise _bad_value(f"{words} 以外の ID", f"an id other than {words}")


def refuse_device(text: str) -> str:
    """Return an id that Windows can have a file of; documents are named by ids."""
    if not _WINDOWS_DEVICE.fullmatch(text):
        return text
    raise _bad_value(
        "Windows がファイル名に使えない名前（con、prn、aux、nul、com1、lpt1 など）以外の ID",
        "an id that is no name reserved by Windows (con, prn, aux, nul, com1, lpt1 …)",
    )


def refuse_row(column: str, ja: str, en: str, value: object = "") -> NoReturn:
    """Refuse a row because ``column`` contradicts another cell of it."""
    context = {"column": column, "value": str(value), "allowed": ja, "allowed_en": en}
    raise PydanticCustomError("bad_value", "contradicts another cell", context)


def _bad_value(ja: str, en: str) -> PydanticCustomError:
    return PydanticCustomError("bad_value", "bad value", {"allowed": ja, "allowed_en": en})


def _refuse_number(why: str, why_en: str, hint: str) -> NoReturn:
    context: dict[str, Any] = {"why": why, "why_en": why_en, "hint": hint}
    raise PydanticCustomError("bad_number", "not a number", context)


def _explain_number(text: str) -> NoReturn:
    """Say which habit made the cell something other than a number, and the number it means."""
    hint = _suggest_number(text)
    if not text.strip():
        _refuse_number("空である", "it is blank", "")
    if re.search(r"[０-９．，－]", text):
        _refuse_number("全角の数字や記号", "full-width digits or signs", hint)
    if re.fullmatch(r"[+-]?(nan|inf(inity)?)", text, re.IGNORECASE):
        _refuse_number("数ではない語", "a word, not a quantity", "")
    if re.fullmatch(r"[+-]?\d+(\.\d+)?e[+-]?\d+", text, re.IGNORECASE):
        _refuse_number("指数表記", "exponent notation", "")
    if re.search(r"\d,\d{3}", text):
        _refuse_number("桁区切りのコンマ", "a thousands separator", hint)
    if re.search(r"\d\s*/\s*\d", text):
        _refuse_number("分数", "a fraction", hint)
    if unit := re.search(r"(?<=\d)\s*([^\d\s.,].*)$", text):
        _refuse_number(f"「{unit[1]}」が付いている", f"it carries '{unit[1]}'", hint)
    _refuse_number("数字以外の文字がある", "it holds other characters", hint)


def _suggest_number(text: str) -> str:
    with suppress(ValueError):
        return f" → {parse_fiscal_year(text)}"
    try:
        value = parse_value(text)
    except ValueError:
        return ""
    if not isinstance(value, Value):
        return ""
    extra = f", denominator {value.denominator}" if value.denominator is not None else ""
    return f" → {value.value}{extra}{', approximate true' if value.approximate else ''}"


def _allow_blank(parse: Callable[[str], Any], blank: str | None) -> Callable[[str], Any]:
    return lambda text: parse(text) if text else blank


Text = str
RequiredText = Annotated[str, AfterValidator(require_text)]
Id = Annotated[str, AfterValidator(parse_id)]
OwnId = Annotated[
    str, AfterValidator(parse_id), AfterValidator(refuse_reserved), AfterValidator(refuse_device)
]
OptionalId = Annotated[str, AfterValidator(_allow_blank(parse_id, ""))]
Whole = Annotated[int, BeforeValidator(parse_whole)]
OptionalWhole = Annotated[int | None, BeforeValidator(_allow_blank(parse_whole, None))]
Number = Annotated[Decimal, BeforeValidator(parse_decimal)]
OptionalNumber = Annotated[Decimal | None, BeforeValidator(_allow_blank(parse_decimal, None))]
Year = Annotated[int, BeforeValidator(parse_fiscal_year_cell), Quantity("year")]
OptionalYear = Annotated[
    int | None, BeforeValidator(_allow_blank(parse_fiscal_year_cell, None)), Quantity("year")
]
OptionalDay = Annotated[int | None, BeforeValidator(_allow_blank(parse_day, None)), Quantity("day")]
StatedTime = Annotated[str, AfterValidator(parse_stated_date_cell), Quantity("time")]
OptionalStatedTime = Annotated[
    str, AfterValidator(_allow_blank(parse_stated_date_cell, "")), Quantity("time")
]
OptionalMoney = Annotated[
    int | None, BeforeValidator(_allow_blank(parse_amount_of_money, None)), Quantity("money")
]
Flag = Annotated[bool, BeforeValidator(parse_flag)]
OptionalFlag = Annotated[bool, BeforeValidator(parse_optional_flag)]

_PARTS = ("measures.csv", "items.csv", "plan.yaml#goals")
OptionalMeasureId = Annotated[OptionalId, Reference(("measures.csv",)), Field(examples=["m1-1-1"])]
MeasureOrGoalId = Annotated[
    Id, Reference(("measures.csv", "plan.yaml#goals")), Field(examples=["m1-1-1"])
]
ItemId = Annotated[Id, Reference(("items.csv",)), Field(examples=["i1-1-1-01"])]
OptionalItemId = Annotated[OptionalId, Reference(("items.csv",)), Field(examples=["i1-1-1-01"])]
ScopeId = Annotated[Id, Reference(("departments.csv",), ("plan",)), Field(examples=["plan"])]
DepartmentId = Annotated[Id, Reference(("departments.csv",)), Field(examples=["joho"])]
IndicatorId = Annotated[Id, Reference(("indicators.csv",)), Field(examples=["card-rate"])]
OptionalIndicatorId = Annotated[
    OptionalId, Reference(("indicators.csv",)), Field(examples=["card-rate"])
]
AssignableId = Annotated[
    Id, Reference(("items.csv", "indicators.csv", "measures.csv")), Field(examples=["i1-1-1-01"])
]
GoalId = Annotated[Id, Reference(("plan.yaml#goals",)), Field(examples=["g1"])]
# The municipality itself is "ward", whatever it is; all others are declared.
OWN_ACTOR = "ward"
ActorId = Annotated[Id, Reference(("plan.yaml#actors",), (OWN_ACTOR,)), Field(examples=[OWN_ACTOR])]
AspectId = Annotated[Id, Reference(("plan.yaml#aspects",))]
SubjectId = Annotated[Id, Reference(_PARTS, ("plan",)), Field(examples=["m1-1-1"])]
SourceId = Annotated[OptionalId, Reference(("plan.yaml#sources",))]
StatedSourceId = Annotated[Id, Reference(("plan.yaml#sources",))]
