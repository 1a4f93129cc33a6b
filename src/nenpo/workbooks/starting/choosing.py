"""Of the meanings that the columns of a list may have, the one that each of them has."""

from collections.abc import Sequence
from functools import partial

from nenpo.workbooks.starting.kinds import are_departments, are_numbers


def choose_meanings(
    found: Sequence[tuple[str, ...]], values: Sequence[Sequence[str]], periods: Sequence[str]
) -> list[str]:
    """Return one meaning a column, each meaning once but for what a list may repeat.

    ``found`` are what each column may mean, the likeliest first; ``periods`` the part of the year
    that its label names.
    """
    chosen = [meanings[0] if meanings else "" for meanings in found]
    columns = range(len(chosen))
    have = partial(_list_columns, chosen)
    _choose_departments(chosen, found, values)
    # 大項目, 中項目, 小項目: the last of what could be the item's own name is it.
    if not have("title"):
        others = [n for n in columns if "title" in found[n]]
        if others:
            chosen[others[-1]] = "title"
    titles = have("title")
    for n in titles[:-1]:
        # Of two names, the one that repeats itself is what the other belongs to.
        chosen[n] = "measure" if not have("measure") else "content"
    if have("indicator") and not have("value") and len(have("done")) > 1:
        for n in have("done"):
            if are_numbers(values[n]):
                chosen[n] = "value"
                break
    if not have("done") and (described := [n for n in have("content") if "done" in found[n]]):
        chosen[described[-1]] = "done"
    if not have("goal"):
        for n in have("policy")[:1]:
            chosen[n] = "goal"
    if not have("measure"):
        for n in have("policy")[:1]:
            chosen[n] = "measure"
    for meaning in ("measure", "goal"):
        for n in have(meaning)[1:]:
            chosen[n] = "policy"
    for n in have("status"):
        if set(values[n]) - {""} and set(values[n]) <= _SCOPES:
            chosen[n] = "scope"
    for meaning, other in (("next_year", "later"), ("planned", "next_year")):
        for n in have(meaning)[1:]:
            free = other in found[n] or meaning == "next_year"
            chosen[n] = other if free and not have(other) else chosen[n]
    _choose_number(chosen, values)
    return _drop_repeated(chosen, values, periods)


def _choose_departments(
    chosen: list[str], found: Sequence[tuple[str, ...]], values: Sequence[Sequence[str]]
) -> None:
    """Take a column that nobody can name, but that holds departments, for theirs."""
    have = partial(_list_columns, chosen)
    if not have("department"):
        unnamed = [n for n in range(len(chosen)) if not found[n] and are_departments(values[n])]
        for n in unnamed[:1]:
            chosen[n] = "department"
    if not have("department") and (divisions := have("division")):
        chosen[divisions[0]] = "department"


def _choose_number(chosen: list[str], values: Sequence[Sequence[str]]) -> None:
    """Of several numbers, that of the item stands before its name, or differs in most rows."""
    numbers, titles = _list_columns(chosen, "number"), _list_columns(chosen, "title")
    before = [n for n in numbers if n < min(titles, default=0)]
    best = max(
        before or numbers, key=lambda n: (n + 1 in titles, len(set(values[n])), n), default=None
    )
    for n in numbers:
        chosen[n] = "number" if n == best else "other_number"


_SCOPES = frozenset(
    {"", "新規", "拡充", "継続", "新", "拡", "継", "既存", "見直し", "―", "－", "-"}
)
# Several columns may say these; of all else the first one counts, and the others are told.
REPEATED = frozenset(
    {"target", "planned", "content", "supporting", "personal", "rate"}
    | {"last_other", "after_other", "other_number"}
)
# Said for each quarter, these are said one after the other.
BY_PERIOD = frozenset({"done", "issues", "next_year", "note", "change_reason"})


def _drop_repeated(
    chosen: Sequence[str], values: Sequence[Sequence[str]], periods: Sequence[str]
) -> list[str]:
    kept = list(chosen)
    for meaning in sorted(set(chosen) - REPEATED - {""}):
        columns = _list_columns(chosen, meaning)
        parts = [n for n in columns if periods[n]]
        if len(parts) > 1 and meaning in BY_PERIOD:
            stay = set(parts)
        elif len(parts) > 1:
            # Of marks in each quarter, those of the last that has any are how it stands.
            whole = [n for n in columns if not periods[n] and any(values[n])]
            stay = {whole[0] if whole else max(parts, key=lambda n: (any(values[n]), n))}
        else:
            stay = {columns[0]}
        for n in columns:
            kept[n] = meaning if n in stay or meaning.startswith("last_") else f"again_{meaning}"
    return kept


def _list_columns(chosen: Sequence[str], meaning: str) -> list[int]:
    return [n for n, each in enumerate(chosen) if each == meaning]
