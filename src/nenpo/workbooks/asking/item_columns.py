"""The columns in which a department reports its items: what is shown, and what is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from nenpo.analysis.items import Item, find_previous
from nenpo.analysis.progress import list_off_marks
from nenpo.content import wording
from nenpo.content.extras import OWN_LABELS
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.asking.asked import Asked, name_asked
from nenpo.workbooks.layout import Choice, Field

Column = tuple[Field, Callable[[Item], str]]
"""A field, and what its cell holds of an item."""


def list_item_columns(asked: Asked, department: str) -> list[Column]:
    """Return the columns of the items that a department leads, each with what it holds of one.

    Columns of what is shown are left out where nothing would stand in them.
    """
    items = asked.list_reported(department)
    shown = [*describe_items(asked), *_recall_items(asked, department)]
    asks = [*_ask_marks(asked), *_ask_words(asked), *_ask_adherence(asked), *_ask_own(asked)]
    return [*keep_told(shown, items), *asks]


def keep_told(columns: list[Column], items: Sequence[Item]) -> list[Column]:
    """Return the columns in which something stands of an item."""
    return [(field, show) for field, show in columns if any(map(show, items))]


def describe_items(asked: Asked) -> list[Column]:
    """Return what tells an item from another."""
    terms = asked.plan.meta.terms
    return [
        (Field("number", "番号", "shown", width=8), lambda item: asked.numbers[item.item]),
        (Field("measure", terms.measure, "shown", width=14), lambda item: item.measure_title),
        (Field("title", terms.item, "shown", width=20), lambda item: item.title),
        (Field("actor", "実施主体", "shown", width=5), lambda item: item.actor_label),
    ]


def _recall_items(asked: Asked, department: str) -> list[Column]:
    """Return who else has the item, and what was reported and planned of it before."""
    plan, terms = asked.plan, asked.plan.meta.terms
    before, schedule = _list_before(plan, asked.fiscal_year), _list_schedule(asked)

    others = f"ほかの{terms.lead}（{terms.supporting}）"
    columns = [
        (
            Field("others", others, "shown", width=12),
            lambda item: tell_others(asked, item, department),
        ),
        (
            Field("last_status", f"{asked.last}の進捗区分", "shown", width=7),
            lambda item: _tell_mark(before.get(item.item)),
        ),
        (
            Field("planned", f"{asked.last}に報告した{asked.year}の予定", "shown", width=24),
            lambda item: item.planned,
        ),
        (
            Field("schedule", f"計画に掲げた{asked.year}の予定", "shown", width=24),
            lambda item: schedule.get(item.item, ""),
        ),
    ]
    if plan.meta.status_scale:
        return columns
    done = Field("last_done", f"{asked.last}の実績", "shown", width=24)
    return [*columns, (done, lambda item: before.get(item.item, {}).get("done", ""))]


def tell_others(asked: Asked, item: Item, department: str) -> str:
    """Return the departments that have an item beside one: 「住民課\n（税務課）」."""
    leads, supports = (
        "、".join(name_asked(asked.plan, name) for name in held[item.item] if name != department)
        for held in (asked.leads, asked.supports)
    )
    return "\n".join(filter(None, [leads, f"（{supports}）" if supports else ""]))


def _tell_mark(row: Mapping[str, str] | None) -> str:
    """Return a mark of a row of progress with its direction: 「○（後ろ倒し）」."""
    if not row:
        return ""
    direction = f"（{wording.SHIFT_WORDS[row['shift']]}）" if row["shift"] else ""
    return f"{row['status']}{direction}"


@lru_cache(maxsize=4)
def _list_before(plan: Plan, fiscal_year: int) -> dict[str, dict[str, str]]:
    """Return the row of progress of the year before by item, as the item is called now."""
    if fiscal_year - 1 not in plan.years:
        return {}
    progress, ids = plan.years[fiscal_year - 1].progress, plan.items["item"]
    told = progress[["item", "status", "shift", "done"]].itertuples(index=False, name=None)
    rows = {item: {"status": mark, "shift": way, "done": done} for item, mark, way, done in told}
    former = find_previous(plan, ids, progress["item"])
    return {now: rows[then] for now, then in zip(ids, former, strict=True) if then}


def _list_schedule(asked: Asked) -> dict[str, str]:
    """Return what the plan schedules for the year by item, a step a line."""
    steps = asked.plan.schedule.to_dict("records")
    told: dict[str, list[str]] = {}
    for step in steps:
        if step["first_year"] <= asked.fiscal_year <= step["last_year"]:
            told.setdefault(step["item"], []).append(step["text"])
    return {item: "\n".join(texts) for item, texts in told.items()}


def _ask_marks(asked: Asked) -> list[Column]:
    """Return the mark, the direction and the reason; nothing of a plan without marks."""
    meta = asked.plan.meta
    if not meta.status_scale:
        return []
    marks = tuple(Choice(entry.mark, wording.name_mark(entry)) for entry in meta.status_scale)
    off = list_off_marks(asked.plan)
    columns: list[Column] = [
        (
            Field("status", f"{asked.year}の進捗区分", "choice", marks, width=13),
            lambda item: item.status,
        )
    ]
    neutral = tuple(mark for mark, tone in meta.tones.items() if tone == "neutral")
    if neutral:
        ways = tuple(Choice(value, label) for value, label in wording.SHIFT_WORDS.items())
        # Only where the plan says that a neutral mark is a change, its direction is missed.
        needed = {"status": neutral} if meta.status_words.changed else None
        hint = f"進捗区分が{'・'.join(neutral)}のときだけ選ぶ"
        field = Field("shift", "変更の向き", "choice", ways, needed, hint, width=9)
        columns.append((field, lambda item: item.shift))
    hint = f"進捗区分が{'・'.join(off)}のときは必ず書く" if off else ""
    reason = Field(
        "change_reason", meta.status_words.reason, "text", (), {"status": off}, hint, width=20
    )
    return [*columns, (reason, lambda item: item.change_reason)]


def _ask_words(asked: Asked) -> list[Column]:
    """Return what is asked in words of every plan, and what its reports hold."""
    columns: list[Column] = [
        (Field("done", f"{asked.year}の実績", "text", width=28), lambda item: item.done),
        (
            Field("next_year", f"{asked.next}の予定", "text", width=24),
            lambda item: item.next_year,
        ),
    ]
    label = f"{fiscal_year_label(asked.fiscal_year + 2)}以降の予定"
    if _is_wanted(asked.plan, "later"):
        columns.append((Field("later", label, "text", width=18), lambda item: item.later))
    if _is_wanted(asked.plan, "issues"):
        columns.append((Field("issues", "課題", "text", width=16), lambda item: item.issues))
    return columns


def _is_wanted(plan: Plan, column: str) -> bool:
    """Tell whether a plan has marks, or a report of it fills the column, or there is none yet."""
    tables = [tables.progress for tables in plan.years.values()]
    used = any((table[column] != "").any() for table in tables)
    return bool(plan.meta.status_scale) or used or not any((t["done"] != "").any() for t in tables)


def _ask_adherence(asked: Asked) -> list[Column]:
    """Return the judgement against the schedule, where the plan's reports hold one."""
    tables = (tables.progress for tables in asked.plan.years.values())
    if not any((table["adherence"] != "").any() for table in tables):
        return []
    ways = tuple(Choice(value, label) for value, label in wording.ADHERENCE_WORDS.items())
    needed = {"adherence": tuple(wording.ADHERENCE_WORDS)}
    hint = "予定との対比を選んだときは必ず書く"
    return [
        (Field("adherence", "予定との対比", "choice", ways, width=14), lambda i: i.adherence),
        (
            Field("adherence_reason", "対比の理由", "text", (), needed, hint, width=24),
            lambda item: item.adherence_reason,
        ),
    ]


def _ask_own(asked: Asked) -> Iterator[Column]:
    """Yield the columns that the plan declares: responsible post, money, risk."""
    for name in dict.fromkeys(asked.plan.meta.columns):
        label = OWN_LABELS[name]
        match name:
            case "budget":
                field = Field(name, f"{label}（千円）", "money", width=12)
                yield field, lambda item: _show_money(item.budget)
            case "spent":
                field = Field(name, f"{label}（千円）", "money", width=12)
                yield field, lambda item: _show_money(item.spent)
            case "due":
                hint = "「令和5年度末」「令和5年10月」のように書く"
                field = Field(name, f"{label}の時期", "time", hint=hint, width=14)
                yield field, lambda item: _show_time(item.due)
            case "owner":
                yield Field(name, label, "text", width=14), lambda item: item.owner
            case "risk":
                yield Field(name, label, "text", width=20), lambda item: item.risk


def _show_money(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,}"


def _show_time(code: str) -> str:
    return parse_stated_date(code).label if code else ""
