"""A text of several departments: a part each, under its name, in one cell."""

from collections.abc import Iterable, Mapping

from nenpo.workbooks.replies.expected import Expected


def put_name(name: str, text: str) -> str:
    """Return a text under the name of the department that wrote it."""
    return f"【{name}】{text}"


def compose(texts: Mapping[str, str], expected: Expected) -> tuple[str, tuple[str, ...]]:
    """Return what departments wrote as one text, and its parts; ``texts`` is in their order.

    What all of them wrote stands there once, without names.
    """
    told = {department: text for department, text in texts.items() if text}
    if len(set(told.values())) < 2:
        return next(iter(told.values()), ""), tuple(dict.fromkeys(told.values()))
    parts = tuple(put_name(expected.names[name], text) for name, text in told.items())
    return "\n".join(parts), parts


def split_parts(text: str, names: Iterable[str]) -> list[str]:
    """Return the parts of a text that was composed, each with its name; else the text alone.

    >>> split_parts("【情報課】地図を作った\\n公開した\\n【窓口課】使った", ["情報課", "窓口課"])
    ['【情報課】地図を作った\\n公開した', '【窓口課】使った']
    """
    parts: list[str] = []
    heads = tuple(put_name(name, "") for name in names)
    for line in text.split("\n"):
        if line.startswith(heads) or not parts:
            parts.append(line)
        else:
            parts[-1] += f"\n{line}"
    return parts


def find_parts(text: str, expected: Expected) -> dict[str, str]:
    """Return what each department wrote of a text that was composed, by department; else nothing.

    Of departments of one name, it is of each.
    """
    found: dict[str, str] = {}
    parts = split_parts(text, expected.names.values())
    for department, name in expected.names.items():
        head = put_name(name, "")
        own = [part.removeprefix(head) for part in parts if part.startswith(head)]
        if own:
            found[department] = own[0]
    return found
