"""What the marks of a table say: the words that a reader hears in the place of a sign."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from nenpo.content.display import Table


def name_marks(table: Table) -> dict[str, str]:
    """Return the words of each mark: those that the table gives, else those of its legend."""
    return read_legend(table.legend, list(table.tones)) | dict(table.spoken)


def read_legend(legend: str, marks: Sequence[str]) -> dict[str, str]:
    """Return the label of each mark that a legend explains.

    >>> read_legend("◎ 予定どおり　× 未着手", "◎○×")
    {'◎': '予定どおり', '×': '未着手'}
    """
    places = sorted((legend.find(mark), mark) for mark in marks if mark and mark in legend)
    labels = {
        mark: legend[start + len(mark) : end].strip(" 　:：=＝・、,，;；/／|｜。\n")
        for (start, mark), (end, _) in pairwise([*places, (len(legend), "")])
    }
    return {mark: label for mark, label in labels.items() if label}


def split_mark(text: str, marks: Collection[str]) -> tuple[str, str]:
    """Return the mark that a cell's text begins with, "" for none, and the rest.

    >>> split_mark("○（後ろ倒し）", "◎○×")
    ('○', '（後ろ倒し）')
    """
    mark = next((mark for mark in marks if mark and text.startswith(mark)), "")
    return mark, text[len(mark) :]
