"""What a draft leaves open, asked one by one: what a box holds, which mark a word means."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from nenpo.errors import Words
from nenpo.workbooks.book import name_cell
from nenpo.workbooks.forms.form import IGNORED, OPEN
from nenpo.workbooks.forms.guess import Decided, Known, map_choices
from nenpo.workbooks.forms.learn import DraftForm, DraftPart
from nenpo.workbooks.forms.write import tell_key
from nenpo.workbooks.layout import Choice

Option = tuple[str, str]
"""What is written into the form, and what a reader chooses."""
Choose = Callable[[Words, Sequence[Option]], str]
"""Asks a question and returns the value of the option that was chosen."""


def ask_open(draft: DraftForm, choose: Choose) -> DraftForm:
    """Return the draft with an answer to each of its questions."""

    def ask_part(part: DraftPart) -> DraftPart:
        sheet = part.pattern.sheets[0]
        answered = (_ask(sheet, each, draft.known, choose) for each in part.decided)
        return replace(part, decided=tuple(answered))

    return replace(draft, parts=tuple(ask_part(part) for part in draft.parts))


def _ask(sheet: str, decided: Decided, known: Known, choose: Choose) -> Decided:
    if decided.key == OPEN:
        keys = list(dict.fromkeys((*decided.candidates, IGNORED)))
        question = _tell(sheet, decided)
        key = choose(question, [(key, f"{tell_key(key)} ({key})") for key in keys])
        decided = map_choices(replace(decided, key=key, sure="certain", why=_ANSWERED), known)
    marks = known.list_choices(decided.key)
    if not marks:
        return decided
    choices = {
        word: _ask_mark(sheet, decided, word, marks, choose) if mark == OPEN else mark
        for word, mark in decided.choices.items()
    }
    words = dict(decided.spot.ticks)
    ticks = tuple(
        (box, _ask_mark(sheet, decided, words[box], marks, choose) if mark == OPEN else mark)
        for box, mark in decided.ticks
    )
    return replace(decided, choices=choices, ticks=ticks)


_ANSWERED = Words("質問に答えて決めた", "answered when asked")


def _tell(sheet: str, decided: Decided) -> Words:
    box = decided.spot.box
    place = f"{sheet}!{name_cell(box.first_row, box.first_column)}"
    sample = next((text for text in decided.spot.samples if text), "")[:30]
    words = Words(
        "{}「{}」は何の欄か（{}。記入例「{}」）",
        "What does {} '{}' hold? ({}; filled in: '{}')",
    )
    return words.fill(place, decided.spot.label, decided.why, sample)


def _ask_mark(
    sheet: str, decided: Decided, word: str, marks: Sequence[Choice], choose: Choose
) -> str:
    box = decided.spot.box
    place = f"{sheet}!{name_cell(box.first_row, box.first_column)}"
    question = Words(
        "{}「{}」の「{}」は、計画のどの区分か",
        "Which mark of the plan does '{2}' of {0} '{1}' stand for?",
    ).fill(place, decided.spot.label, word)
    return choose(question, [(mark.value, mark.label) for mark in marks])
