"""What the comments on cells say in a workbook that came back: its department's, then nenpo's.

A comment is no answer: it is told and not taken. Copies that go back with their faults marked have
comments of nenpo's, behind whatever was there; those are told to nobody.
"""

import re
from collections.abc import Collection, Iterator

from nenpo.errors import Words
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Sheet, name_place

MEND, LOOK, DONE = "【修正のお願い】", "【確認のお願い】", "【確認済み】"
OWN_HEAD = re.compile("|".join((MEND, LOOK, DONE)))
"""What nenpo's part of a comment begins with."""
_REMARK = Words(
    "コメントがある（取り込まない）: 「{}」", "there is a comment, which is not taken: '{}'"
)
_SHOWN = 60


def list_remarks(book: str, sheet: Sheet, sent: Collection[str] = ()) -> Iterator[Note]:
    """Yield a note for each comment of a sheet, but for those that it was sent with."""
    known = {_cut_own(text) for text in sent}
    for place, text in sorted(sheet.comments.items()):
        own = _cut_own(text)
        if own and own not in known:
            shown = own if len(own) <= _SHOWN else f"{own[:_SHOWN]}…"
            yield Note(name_place(book, sheet.name, *place), _REMARK.fill(shown))


def _cut_own(text: str) -> str:
    """Return what others wrote, on one line."""
    return " ".join(OWN_HEAD.split(text, maxsplit=1)[0].split())
