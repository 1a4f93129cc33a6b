"""Money, times and posts in a list, as the columns of progress.csv of one's own hold them."""

import re
from collections.abc import Mapping
from decimal import Decimal

from nenpo.errors import Words
from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import Value, parse_value
from nenpo.workbooks.starting.entries import Entry

OWN = ("owner", "budget", "spent", "due", "risk")
"""The columns of one's own, in the order in which documents show them."""
_POST = re.compile(r".*(?:長|監|官|主査|主任|主幹|参事|担当)$")
_UNSAID = re.compile(r"[-‐‑–—―−─ー－ｰ/／・*＊]+|なし|特になし|特に無し|無|無し")


def is_unsaid(text: str) -> bool:
    """Return whether a cell says that there is nothing to say."""
    return bool(_UNSAID.fullmatch(text))


def read_own_columns(entry: Entry) -> dict[str, str]:
    """Return the columns of one's own that a row fills."""
    found = dict[str, str]()
    for name in OWN:
        text = entry.read(name)
        if not text or is_unsaid(text):
            continue
        told = entry.told[name][0]
        if name in ("budget", "spent"):
            value = read_money(text, told.heading.label)
        elif name == "due":
            value = _read_time(text)
        elif name == "owner":
            value = text if _POST.fullmatch(text) else None
        else:
            value = text
        if value is None:
            entry.grid.guesses.leave(
                told.text.place,
                "「{}」の「{}」は、{}として読めない",
                "'{1}' under '{0}' cannot be read as {2}",
                told.heading.label,
                text,
                _EXPECTED[name],
            )
        else:
            found[name] = value
    return found


_EXPECTED = {
    "budget": Words("千円単位の金額", "an amount in thousands of yen"),
    "spent": Words("千円単位の金額", "an amount in thousands of yen"),
    "due": Words("時期", "a time"),
    "owner": Words("職名（個人の氏名は載せない）", "a post (no person's name is taken)"),
}
_MONEY: Mapping[str, Decimal] = {
    "億円": Decimal(100_000),
    "百万円": Decimal(1000),
    "万円": Decimal(10),
    "千円": Decimal(1),
    "円": Decimal("0.001"),
}


def read_money(text: str, label: str) -> str | None:
    """Return an amount in thousands of yen, None if it is none of whole thousands.

    >>> read_money("1,200", "予算額（千円）"), read_money("1.5百万円", "予算額")
    ('1200', '1500')
    """
    unit = next((u for u in _MONEY if text.endswith(u)), None)
    unit = unit or next((u for u in _MONEY if u in label), "千円")
    try:
        value = parse_value(text.removesuffix(unit).strip())
    except ValueError:
        return None
    if not isinstance(value, Value) or value.denominator is not None or value.value < 0:
        return None
    amount = value.value * _MONEY[unit]
    return f"{amount.to_integral_value():f}" if amount == amount.to_integral_value() else None


def _read_time(text: str) -> str | None:
    try:
        return parse_stated_date(text.replace("\n", "")).code
    except ValueError:
        return None
