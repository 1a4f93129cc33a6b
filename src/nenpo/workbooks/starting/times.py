"""Texts of a list that name a fiscal year, and nothing or hardly anything else."""

import re

from nenpo.language.fiscal import parse_fiscal_year
from nenpo.language.ordinary import fold_width

YEAR = re.compile(
    r"(?:令和|平成|(?<![A-Za-z])[RH])\s?(?:元|[0-9]{1,2})(?=\s*年|[^0-9]|$)"
    r"|20[0-9]{2}(?=\s*年|年度|$)"
)
_AROUND = re.compile(r"[\s()（）【】\[\]〈〉<>■●◆○◇□・:：.．]|年度?|以降|以後|末|現在|時点|まで|分")
_TOLD = re.compile(r"の?(?:取組|事業|進捗|実施)?(?:実績|状況|結果|報告|評価|進捗)")


def find_years(text: str) -> list[int]:
    """Return the fiscal years that a text names, in their order.

    >>> find_years("R4実績・令和５年度の予定（2027年度まで）")
    [2022, 2023, 2027]
    """
    found = list[int]()
    for match in YEAR.finditer(fold_width(text)):
        try:
            found.append(parse_fiscal_year(re.sub(r"\s", "", match[0])))
        except ValueError:
            continue
    return [year for year in found if 1950 <= year <= 2100]


def is_time(text: str) -> bool:
    """Return whether a text is a fiscal year and no more.

    >>> is_time("R4"), is_time("令和5年度以降"), is_time("R5実績")
    (True, True, False)
    """
    return bool(find_years(text)) and not _AROUND.sub("", YEAR.sub("", fold_width(text)))


def read_year_heading(text: str) -> int | None:
    """Return the year of a heading that names one and at most says that it is what was done.

    >>> read_year_heading("■令和4年度の取組状況"), read_year_heading("令和5年度新規事業")
    (2022, None)
    """
    years = set(find_years(text))
    rest = _TOLD.sub("", _AROUND.sub("", YEAR.sub("", fold_width(text))))
    return years.pop() if len(years) == 1 and not rest.strip("のに") else None
