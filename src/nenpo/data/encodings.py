"""The bytes of a file as people save them → its text; what is no UTF-8 and no cp932 is named.

UTF-8 and cp932 are told apart line by line: a program that appends a row in the other encoding, or
a copy that breaks off, leaves a file that as a whole reads as one of the two, with other words in
it. So every line has to agree, and what only looks like an encoding is refused with its line.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from nenpo.errors import CutText, LostCharacter, MixedEncodings, WrongEncoding

# cp932 decodes these bytes, which no Japanese program writes, to placeholders.
_CP932_PLACEHOLDERS = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
# What cp932 makes of the bytes of kana in UTF-8: kanji that hardly any text holds. Of a whole
# character alone: the same bytes also end one (such as 縁) and begin the next (、).
_CP932_CHARACTER = rb"(?:[\x00-\x7f\xa1-\xdf]|[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc])"
_UTF8_KANA = re.compile(_CP932_CHARACTER + rb"*?\xe3[\x81-\x83][\x80-\xbf]")
_ISO_2022 = re.compile(rb"\x1b(\$[@B]|\([BIJ])")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]*")
# Voiced, long and small: in words, but seldom where two bytes are a kanji.
_KANA_SIGNS = re.compile("[ｦ-ﾝ][ﾞﾟｰｧ-ｯ]")
_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
LOST = "\ufffd"


class _Line(NamedTuple):
    """A line that is not ASCII alone, and what each encoding makes of it (None: nothing)."""

    number: int
    raw: bytes
    utf8: str | None
    cp932: str | None


def decode_text(raw: bytes, name: str) -> str:
    """Return the text of a file in UTF-8 (with or without BOM) or in cp932.

    ``name`` is the file as messages call it.
    Raises ``WrongEncoding``, ``MixedEncodings``, ``CutText`` or ``LostCharacter`` with the line.
    """
    if other := _name_other(raw):
        raise WrongEncoding(place=f"{name}:1", value=other)
    if shift := _ISO_2022.search(raw):  # in one row too, among others
        line = raw.count(b"\n", 0, shift.start()) + 1
        raise WrongEncoding(place=f"{name}:{line}", value="ISO-2022-JP")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text = _decode_lines(raw, name, error)
    if LOST in text:
        line = text.count("\n", 0, text.index(LOST)) + 1
        raise LostCharacter(place=f"{name}:{line}", value="U+FFFD")
    return text


def _name_other(raw: bytes) -> str:
    """Return the encoding whose own signs a file bears, "" for none."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return encoding
    # Of ASCII in UTF-16, every second byte is zero, on one side alone.
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    return "UTF-16" if max(even, odd) * 8 > len(raw) and min(even, odd) * 8 < max(even, odd) else ""


def _decode_lines(raw: bytes, name: str, error: UnicodeDecodeError) -> str:
    """Return the text of a file that is not UTF-8 as a whole."""
    lines = list(_list_lines(raw))
    if _is_cut(raw, error, lines):
        raise CutText(place=f"{name}:{lines[-1].number}")
    # Half-width kana in cp932 can read as Latin letters in UTF-8, never as Japanese.
    utf8 = [line for line in lines if line.utf8 is not None and _is_japanese(line.utf8)]
    text = _try_decode(raw, "cp932")
    if not utf8 and _is_euc(raw, text):
        raise WrongEncoding(place=f"{name}:{lines[0].number}", value="EUC-JP")
    _refuse_broken(lines, name)
    other = [line for line in lines if line.utf8 is None]
    first = 1 if raw.startswith(b"\xef\xbb\xbf") else _find_first(utf8, lines)
    if first is not None and other:
        second = other[0].number
        raise MixedEncodings(place=f"{name}:{max(first, second)}", utf8=first, cp932=second)
    assert text is not None  # every line of it is cp932
    return text


def _find_first(utf8: list[_Line], lines: list[_Line]) -> int | None:
    """Return the first line that can only be UTF-8."""
    only = utf8 or [line for line in lines if line.cp932 is None]
    return only[0].number if only else None


def _refuse_broken(lines: list[_Line], name: str) -> None:
    """Refuse lines that are neither, and those of cp932 in which kana of UTF-8 stand."""
    for line in lines:
        if line.utf8 is None and line.cp932 is None:
            bad = _find_bad_byte(line.raw)
            raise WrongEncoding(place=f"{name}:{line.number}", value=f"0x{bad:02X}")
        if line.utf8 is None and _UTF8_KANA.match(line.raw):
            raise MixedEncodings(place=f"{name}:{line.number}", utf8=line.number, cp932=line.number)


def _list_lines(raw: bytes) -> Iterator[_Line]:
    # No byte of a character is a newline, in UTF-8 as in cp932.
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.isascii():
            cp932 = _try_decode(line, "cp932")
            sound = cp932 if cp932 is None or not _CP932_PLACEHOLDERS.search(cp932) else None
            yield _Line(number, line, _try_decode(line, "utf-8"), sound)


def _is_cut(raw: bytes, error: UnicodeDecodeError, lines: list[_Line]) -> bool:
    """Return whether a file ends inside a character of the encoding that it has before."""
    if error.end == len(raw) and error.reason == "unexpected end of data":
        # The two bytes of a kana in UTF-8 are one kanji of cp932, the first alone is none.
        return _is_japanese(raw[: error.start].decode("utf-8-sig")) or raw[error.start] >= 0xE0
    *before, last = lines
    return (
        not raw.endswith(b"\n")
        and bool(before)
        and all(line.cp932 is not None and line.utf8 is None for line in before)
        and last.cp932 is None
        and _try_decode(last.raw[:-1], "cp932") is not None
    )


def _is_japanese(text: str) -> bool:
    # Latin, Greek and Cyrillic letters end at U+052F, other scripts of two bytes at U+07FF.
    return any(character >= "\u0800" for character in text)


def _is_euc(raw: bytes, cp932: str | None) -> bool:
    """Return whether a file reads better as EUC-JP than as cp932.

    cp932 reads EUC-JP as half-width kana, with ､ and ･ before each letter of the syllabaries.
    """
    euc = _try_decode(raw, "euc_jp")
    if euc is None or cp932 is None:
        return euc is not None
    common = _count_common(euc)
    other = "".join(character for character in cp932 if not character.isascii())
    if not _HALF_WIDTH.fullmatch(other):
        return common > _count_common(cp932)
    # Nothing but half-width kana, if it is cp932: their own signs tell, then what looks like words.
    if 4 * sum(character in "､･" for character in other) > len(other):
        return True
    return not _KANA_SIGNS.search(cp932) and 2 * common == len(other)


def _count_common(text: str) -> int:
    """Return how many characters are kana, signs or kanji of everyday use (JIS level 1)."""
    codes = (character.encode("euc_jp", "ignore") for character in text)
    return sum(len(code) == 2 and 0xA1 <= code[0] <= 0xCF for code in codes)


def _find_bad_byte(line: bytes) -> int:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return line[error.start]
    raise AssertionError("the line is UTF-8")


def _try_decode(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None
