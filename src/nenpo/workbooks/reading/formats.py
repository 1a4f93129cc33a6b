"""What a reader sees of a number or a text that a cell stores, by the format of the cell."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from nenpo.workbooks.reading.built_in import GENERAL
from nenpo.workbooks.reading.format_code import Section, Token, split_code
from nenpo.workbooks.reading.moments import read_serial, show_moment

_MOST_DIGITS = 700  # of a number that a file may hold, in the longest format


def show_text(text: str, code: str) -> str:
    """Return what is seen of a text: the fourth section, or one that alone holds an @.

    >>> show_text("総務", '@"課"')
    '総務課'
    """
    sections = split_code(code)
    chosen = sections[3] if len(sections) == 4 else sections[-1]
    if not any(token.text == "@" and token.kind == "other" for token in chosen.tokens):
        return text if len(sections) < 4 else "".join(t.text for t in chosen.tokens)
    return "".join(text if token.text == "@" else token.text for token in chosen.tokens)


def show_number(number: Decimal, code: str, *, from_1904: bool = False) -> str:
    """Return what is seen of a number.

    >>> [show_number(Decimal("0.46"), code) for code in ("0.0%", "General", '0.00"点"')]
    ['46.0%', '0.46', '0.46点']
    >>> show_number(Decimal(1234567), '#,##0,"千件"'), show_number(Decimal("-3"), '0;"△"0')
    ('1,235千件', '△3')
    >>> show_number(Decimal(1) / 15, "?/??"), show_number(Decimal(45200), 'ggge"年"m"月"')
    ('1/15', '令和5年10月')
    """
    with localcontext() as exact:
        exact.prec = _MOST_DIGITS
        return _show_number(number, code, from_1904=from_1904)


def _show_number(number: Decimal, code: str, *, from_1904: bool) -> str:
    section, number = _choose(split_code(code), number)
    if section.is_date:
        moment = read_serial(number, from_1904=from_1904)
        return show_moment(moment, number, section.tokens) if moment else "#" * 8
    kinds = [token.kind for token in section.tokens]
    if "general" in kinds or (not section.tokens and code in ("", GENERAL)):
        plain = _show_plain(number)
        return "".join(plain if t.kind == "general" else t.text for t in section.tokens) or plain
    if any(token.text == "@" for token in section.tokens if token.kind == "other"):
        return "".join(
            _show_plain(number) if token.text == "@" else token.text for token in section.tokens
        )
    if "digit" not in kinds:
        return "".join(token.text for token in section.tokens)
    if "exponent" in kinds:
        return _show_exponent(number, section.tokens)
    if any(token.text == "/" and token.kind == "other" for token in section.tokens):
        return _show_fraction(number, section.tokens)
    return _show_digits(number, section.tokens)


def _choose(sections: tuple[Section, ...], number: Decimal) -> tuple[Section, Decimal]:
    """Return the section for a number, and the number without the sign that the section shows."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(number, *section.condition):
                return section, number
        return numeric[-1], number
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def _show_plain(number: Decimal) -> str:
    # Excel rounds what a narrow cell cannot hold; what is stored tells more.
    return f"{number:f}"


def _show_digits(number: Decimal, tokens: tuple[Token, ...]) -> str:
    """Return a number in the places of a section, signs and units where they stand."""
    point = next((n for n, t in enumerate(tokens) if t.text == "." and t.kind == "other"), None)
    digits = [n for n, token in enumerate(tokens) if token.kind == "digit"]
    whole = [n for n in digits if point is None or n < point]
    places = [n for n in digits if point is not None and n > point]
    commas = [n for n, t in enumerate(tokens) if t.text == "," and t.kind == "other"]
    last = (whole or digits)[-1]
    scale = sum(n > last and (not places or n > places[-1] or n < places[0]) for n in commas)
    separated = any(whole and whole[0] < n < whole[-1] for n in commas)
    percent = sum(token.text in "%％" and token.kind == "other" for token in tokens)
    number = number.scaleb(2 * percent - 3 * scale)
    number = number.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    sign, number = ("-", -number) if number < 0 else ("", abs(number))
    whole_digits, _, decimals = f"{number:f}".partition(".")
    put = dict(_place_whole(whole_digits, whole, tokens, separated=separated))
    kept = decimals.rstrip("0")
    for position, n in enumerate(places):
        optional = tokens[n].text != "0" and position >= len(kept)
        put[n] = "" if optional else decimals[position]
    shown = []
    for n, token in enumerate(tokens):
        if token.kind == "digit":
            shown.append(put.get(n, ""))
        elif n not in commas:
            shown.append(token.text)
    return sign + "".join(shown)


def _place_whole(
    digits: str, whole: list[int], tokens: tuple[Token, ...], *, separated: bool
) -> list[tuple[int, str]]:
    """Return which digits stand at which token: the last at the last, all that are left first."""
    digits = "" if digits == "0" else digits
    put, position = [], 0
    for n in reversed(whole):
        first = n == whole[0]
        rest = digits[: max(len(digits) - position, 0)]
        taken = rest if first and len(rest) > 1 else rest[-1:]
        if not taken and tokens[n].text == "0":
            taken = "0"
        text = ""
        for digit in reversed(taken):
            comma = "," if separated and position and position % 3 == 0 else ""
            text = digit + comma + text
            position += 1
        put.append((n, text))
    return put


def _show_exponent(number: Decimal, tokens: tuple[Token, ...]) -> str:
    at = next(n for n, token in enumerate(tokens) if token.kind == "exponent")
    places = 0
    if any(token.text == "." for token in tokens[:at]):
        point = next(n for n, token in enumerate(tokens) if token.text == ".")
        places = sum(token.kind == "digit" for token in tokens[point:at])
    mantissa, _, exponent = f"{number:.{places}E}".partition("E")
    return f"{mantissa}E{int(exponent):+03d}"


def _show_fraction(number: Decimal, tokens: tuple[Token, ...]) -> str:
    """Return a number as a fraction, its whole part apart where the format has a place for it."""
    slash = next(n for n, token in enumerate(tokens) if token.text == "/")
    before = "".join(t.text if t.kind == "digit" else " " for t in tokens[:slash]).split()
    after = "".join(t.text for t in tokens[slash + 1 :])
    stated = re.match(r"\d+", after.strip())
    sign, number = ("-", -number) if number < 0 else ("", number)
    if stated and stated[0].strip("0"):
        below = int(stated[0])
        above = int((number * below).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    else:
        places = len(re.match(r"\s*([0#?]*)", after)[1]) or 1  # type: ignore[index]
        near = Fraction(number).limit_denominator(10**places - 1)
        above, below = near.numerator, near.denominator
    if len(before) > 1:
        whole, above = divmod(above, below)
        parts = [
            *([str(whole)] if whole or not above else []),
            *([f"{above}/{below}"] * bool(above)),
        ]
        return sign + " ".join(parts)
    return f"{sign}{above}/{below}"
