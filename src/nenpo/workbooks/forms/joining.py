"""Several workbooks of one department that answer for different items: one reply."""

from collections.abc import Iterable
from dataclasses import replace

from nenpo.workbooks.answers import Answer, Reply


def join_replies(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """Return the replies, those of a department as one where they answer for different rows.

    A form holds so many items, and more go on in the next workbook. Where two answer for the same
    row, both stay, and whoever takes them in has to choose.
    """
    joined: list[Reply] = []
    for reply in replies:
        place = next((n for n, other in enumerate(joined) if _go_together(other, reply)), None)
        if place is None:
            joined.append(reply)
        else:
            joined[place] = _join(joined[place], reply)
    return tuple(joined)


def _go_together(one: Reply, other: Reply) -> bool:
    same = bool(one.department) and one.department == other.department
    return same and not _list_answered(one) & _list_answered(other)


def _list_answered(reply: Reply) -> set[tuple[str, str]]:
    return {(answer.kind, answer.id) for answer in reply.answers if answer.cell}


def _join(one: Reply, other: Reply) -> Reply:
    """Return both as one; of a row that one of them leaves blank, the other's answers."""
    answered = _list_answered(one) | _list_answered(other)
    seen: set[tuple[str, str]] = set()
    answers: list[Answer] = []
    for reply in (one, other):
        own = _list_answered(reply)
        for answer in reply.answers:
            row = (answer.kind, answer.id)
            if row in own or (row not in answered and row not in seen):
                answers.append(answer)
        seen |= {(answer.kind, answer.id) for answer in reply.answers}
    return replace(
        one,
        more=(*one.more, other.path, *other.more),
        answers=tuple(answers),
        problems=(*one.problems, *other.problems),
        notes=(*one.notes, *other.notes),
    )
