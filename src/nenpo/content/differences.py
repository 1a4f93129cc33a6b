"""What differs between two texts, shown within the text: 「年度［未→末］交付率」."""

from difflib import SequenceMatcher


def mark_difference(before: str, after: str) -> str:
    """Return ``after`` with each spot that differs from ``before``: what stood there, what stands.

    In characters, not in colour or markup, so that every format and a screen reader tells it.

    >>> mark_difference("年度未交付率", "年度末交付率")
    '年度［未→末］交付率'
    >>> mark_difference("検討と実施する", "検討と実施をする"), mark_difference("区 の", "区の")
    ('検討と実施［＋を］する', '区［−空白］の')
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return "".join(
        after[start:end]
        if kind == "equal"
        else _mark(_show(before[first:last]), _show(after[start:end]))
        for kind, first, last, start, end in matcher.get_opcodes()
    )


def _mark(before: str, after: str) -> str:
    if before and after:
        return f"［{before}→{after}］"
    return f"［＋{after}］" if after else f"［−{before}］"


def _show(text: str) -> str:
    """Return a text whose spaces can be seen."""
    return "空白" if text and not text.strip() else text
