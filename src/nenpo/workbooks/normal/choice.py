"""A mark or a word that was to be chosen from a list."""

import re
from collections.abc import Iterator

from nenpo.errors import Words
from nenpo.language.characters import find_look_alike
from nenpo.workbooks.layout import Choice
from nenpo.workbooks.normal.answer import DASHES, NOTHING, Asked, Normal, squeeze

# What a mark is called where it cannot be typed.
_NAMES = {
    "◎": ("二重丸", "にじゅうまる", "2重丸"),
    "○": ("丸", "まる", "マル"),
    "△": ("三角", "さんかく"),
    "×": ("ばつ", "バツ", "ペケ"),
    "□": ("四角", "しかく"),
}
_SPELLINGS = (
    ("通り", "どおり"),
    ("とおり", "どおり"),
    ("取組ん", "取り組ん"),
    ("取組み", "取り組み"),
)
# What people write where a word was to be chosen, by the value of the table.
_SAID = {
    "behind": re.compile("後ろ?倒し.*|遅.*|延期.*|延び.*|先送り.*"),
    "ahead": re.compile("前倒し?.*|早ま.*|早め.*|早く.*|繰り?上げ?.*"),
    "done": re.compile("済み?|実施済.*|完了.*|終了.*|達成.*"),
    "revised": re.compile("変更.*|延期.*|見直し.*|後ろ?倒し.*|前倒し.*"),
}
_NOT_SO = re.compile("な[いくし]|せず|ん$|予定|見込|検討|未")
_LONGEST_SAID = 12
# ○月 and ○件 are places to fill in, no marks.
_PLACE = re.compile("[年月日時件回人名社個課部係番号か箇名%]")
_AROUND = re.compile(r"[()（）「」『』【】\[\]:：・、,.。]")


def read_choice(asked: Asked) -> Normal:
    """Return the value of the choice that is meant. Raises ``UnusableCell``."""
    choices, text = asked.field.choices, asked.text
    for choice in choices:
        if text in (choice.value, choice.label):
            return Normal(choice.value)
    found = list(_find_meant(asked, text))
    if len(found) == 1:
        (choice,) = found
        # Spaces are no part of what was chosen.
        is_same = _drop_spaces(text) in map(_drop_spaces, (choice.value, choice.label))
        return Normal(choice.value, () if is_same else (asked.tell(choice.name),))
    if DASHES.fullmatch(squeeze(text)):
        return _read_dash(asked)
    if len(_list_marks(text, choices)) > 1:
        why = Words("二つ以上の記号がある", "it has two marks or more")
        remedy = Words("一つだけを選び直すこと。", "Choose one of them.")
        asked.refuse(why, list_choices(asked), remedy)
    why = Words("選択肢にない", "it is none of the choices")
    near = found or list(_find_near(asked, text))
    if len(found) > 1:
        why = Words("どの選択肢か一つに決まらない", "it may be more than one of the choices")
    hint = Words("", "")
    if near:
        meant = Words("」か「".join(c.label for c in near), "' or '".join(c.label for c in near))
        hint = Words("「{}」ではないか。", "Did you mean '{}'? ").fill(meant)
    remedy = Words("一覧から選び直すこと。", "Choose from the list again.")
    asked.refuse(why, list_choices(asked), Words(hint.ja + remedy.ja, hint.en + remedy.en))


def _drop_spaces(text: str) -> str:
    return "".join(text.split())


def _read_dash(asked: Asked) -> Normal:
    """Return the one mark that is a dash itself, however it is typed; else nothing is stated."""
    marks = [choice for choice in asked.field.choices if DASHES.fullmatch(squeeze(choice.value))]
    if len(marks) == 1:
        return Normal(marks[0].value, (asked.tell(marks[0].label),))
    return Normal("", (asked.tell(NOTHING),))


def list_choices(asked: Asked) -> Words:
    """Return what may be chosen, as a message has it."""
    labels = "、".join(choice.label for choice in asked.field.choices)
    return Words(labels, labels)


def _find_meant(asked: Asked, text: str) -> Iterator[Choice]:
    """Yield the choices that the text may stand for; what is certain is one alone."""
    choices, plain = asked.field.choices, _flatten(text)
    if not plain:
        return
    if same := [c for c in choices if plain in map(_flatten, (c.value, *_list_names(c)))]:
        yield from same
    elif mark := _read_mark(text, choices):
        yield mark
    elif said := [choice for choice in choices if _is_said(choice, plain)]:
        yield from said
    elif marked := _read_mark(text[:1], choices) or _read_mark(plain[-1:], choices):
        # A mark with words, which may not be those of another one.
        is_first = bool(_read_mark(text[:1], choices))
        words = _flatten(text[1:]) if is_first else plain[:-1]
        if len(words) > 1 and (
            _begins(marked, words) or (is_first and _stands_alone(marked, text, choices))
        ):
            yield marked
    else:
        begun = [choice for choice in choices if len(plain) > 1 and _begins(choice, plain)]
        # 着手した does not mean 着手したものの十分に進行しているとはいえない.
        certain = [choice for choice in begun if _begins(choice, plain, 2 * len(plain))]
        yield from certain if len(begun) == 1 else begun


def _is_said(choice: Choice, plain: str) -> bool:
    """Return whether people say so for a choice: 遅延 for 後ろ倒し, 完了 for 済."""
    said = _SAID.get(choice.value)
    if said is None or len(plain) > _LONGEST_SAID or _NOT_SO.search(plain):
        return False
    return bool(said.fullmatch(plain))


def find_said(text: str, choices: tuple[Choice, ...]) -> Choice | None:
    """Return the choice that the words behind a mark tell: 後ろ倒し of 「○（遅延）」."""
    found = [choice for choice in choices if _is_said(choice, _flatten(text[1:]))]
    return found[0] if len(found) == 1 else None


def _stands_alone(marked: Choice, text: str, choices: tuple[Choice, ...]) -> bool:
    """Return whether a mark in front of words is the only one, and no place to fill in."""
    words = _flatten(text[1:])
    apart = not (text[0].isascii() or text[0].isalpha()) or not text[1:2].isalnum()
    if not apart or _PLACE.match(text[1:]) or _list_marks(text[1:], choices):
        return False
    others = (choice for choice in choices if choice != marked)
    return not any(_begins(other, words) or words in _spell(other) for other in others)


def _list_marks(text: str, choices: tuple[Choice, ...]) -> list[str]:
    """Return the different marks in a text; letters are none, as they stand in words."""
    signs = (letter for letter in squeeze(text) if letter == "〇" or not letter.isalnum())
    read = (_read_mark(sign, choices) for sign in signs if sign not in "ー-・")
    return list(dict.fromkeys(choice.value for choice in read if choice))


def _begins(choice: Choice, plain: str, longest: int = 1000) -> bool:
    """Return whether a name of the choice, of at most ``longest`` characters, begins so."""
    return any(name.startswith(plain) and len(name) <= longest for name in _spell(choice))


def _spell(choice: Choice) -> list[str]:
    return [_flatten(name) for name in _list_names(choice)]


def _read_mark(text: str, choices: tuple[Choice, ...]) -> Choice | None:
    """Return the choice whose mark looks like the text, or is called so."""
    marks = {choice.value: choice for choice in choices if len(choice.value) == 1}
    plain = squeeze(text).strip("()")
    if plain in marks:
        return marks[plain]
    for mark, names in _NAMES.items():
        if plain in names and mark in marks:
            return marks[mark]
    # A zero may be a quantity, and ○ typed twice a ◎.
    if not plain or set(plain) == {"0"} or (len(plain) > 1 and plain[0] == "○" and "◎" in marks):
        return None
    if len(plain) > 1 and find_look_alike(plain[0], ("○",)) and "◎" in marks:
        return None
    meant = find_look_alike(plain, tuple(marks))
    return marks[meant] if meant else None


def _find_near(asked: Asked, text: str) -> Iterator[Choice]:
    """Yield what may be meant, for the message alone."""
    plain = _flatten(text)
    marks = tuple(choice.value for choice in asked.field.choices if len(choice.value) == 1)
    letters = squeeze(text)
    alike = {find_look_alike(letter, marks) for letter in letters[: 3 if len(letters) < 4 else 1]}
    if alike == {"○"} and len(letters) > 1:  # typed twice, it may be a ◎
        alike.add("◎")
    for choice in asked.field.choices:
        within = (plain in name or name in plain for name in _spell(choice) if len(name) > 1)
        if choice.value in alike or (len(plain) > 1 and any(within)):
            yield choice


def _list_names(choice: Choice) -> tuple[str, ...]:
    """Return what a choice is called: its label, and that in parts behind a mark or a number."""
    number, space, rest = choice.label.partition(" ")
    behind = choice.label.removeprefix(choice.value)
    return (choice.label, behind, *((number, rest) if space else ()))


def _flatten(text: str) -> str:
    """Return a text for comparing: without width, case, spaces, brackets and ways of spelling."""
    plain = _AROUND.sub("", squeeze(text)).casefold()
    for one, other in _SPELLINGS:
        plain = plain.replace(one, other)
    return plain
