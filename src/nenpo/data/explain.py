"""What pydantic found wrong → the errors of :mod:`nenpo.errors`, with places and remedies."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from nenpo.data.naming import tell_ids, tell_year
from nenpo.data.reading import YamlPath
from nenpo.data.schema.columns import Row, find_field, list_words
from nenpo.data.schema.declarations import StatusMark
from nenpo.errors import (
    BadId,
    BadNumber,
    BadValue,
    DataError,
    DateInsteadOfId,
    InputError,
    InputRefused,
    MissingKey,
    UnknownKey,
    UnknownReference,
    UnknownWord,
    Words,
    WrongType,
)
from nenpo.language.characters import describe_character, find_look_alike

T = TypeVar("T")

# What a YAML value should have been, by pydantic's name for what is wrong with it.
_EXPECTED = {
    "string_type": (
        '引用符で囲んだ文字列（"03-1234-5678"、"2022-03-31" など）',
        'text in quotes (such as "03-1234-5678" or "2022-03-31")',
    ),
    "int_type": ("引用符のない整数（2021 など）", "a whole number without quotes (such as 2021)"),
    "bool_type": ("引用符のない true か false", "true or false, without quotes"),
    "tuple_type": ("「- 」で始まる行の並び", "a list, one '- ' line an entry"),
    "dict_type": ("「キー: 値」の並び", "lines of 'key: value'"),
    "model_type": ("「キー: 値」の並び", "lines of 'key: value'"),
    "iso_date": (
        '引用符で囲んだ YYYY-MM-DD の日付（"2022-03-31" など）',
        'a date YYYY-MM-DD in quotes (such as "2022-03-31")',
    ),
    "bad_id": (
        "英小文字で始まり、英小文字・数字・ハイフンだけの、60字以内の ID",
        "an id of at most 60 lower-case letters, digits and hyphens that begins with a letter",
    ),
    "is_instance_of": ("数値か null", "a number or null"),
    "invalid_key": (
        "引用符で囲んだキー（on、off、yes、no はそのままでは文字列でない）",
        "a key in quotes (on, off, yes and no are no text without them)",
    ),
    "finite_number": ("有限の数値", "a finite number"),
}
_EXPECTED["model_attributes_type"] = _EXPECTED["model_type"]
_EXPECTED["date_instead_of_id"] = _EXPECTED["bad_id"]


def refuse_all(problems: Iterable[InputError]) -> None:
    """Raise ``InputRefused`` with all problems, if there is one: each once, by file and line.

    Rows that name what is nowhere come last: mending what is wrong elsewhere often mends them.
    """
    once = {str(problem): problem for problem in problems}
    if once:
        raise InputRefused(problems=sorted(once.values(), key=_choose_order))


def collect(problems: list[InputError], read: Callable[[], T]) -> T | None:
    """Return what ``read`` returns, or None with the reasons for its refusal in ``problems``."""
    try:
        return read()
    except InputRefused as refused:
        problems.extend(refused.problems)
    except InputError as problem:
        problems.append(problem)
    return None


def _choose_order(problem: InputError) -> tuple[bool, str, int]:
    late = isinstance(problem, UnknownReference) and ".csv:" in problem.place
    file, _, line = problem.place.rpartition(":")
    return (late, file, int(line)) if file and line.isdecimal() else (late, problem.place, 0)


def suggest(value: str, known: Iterable[str]) -> dict[str, str]:
    """Return ``hint`` and ``hint_en``: the known word nearest to ``value``, if one is near."""
    close = get_close_matches(value, list(known), n=1) or [
        word for word in known if word.casefold() == value.casefold()
    ]
    if not close:
        return {"hint": "", "hint_en": ""}
    return {"hint": f"「{close[0]}」ではないか。", "hint_en": f"Did you mean '{close[0]}'? "}


def explain_row(error: ValidationError, model: type[Row], place: str) -> Iterator[DataError]:
    """Yield one error a wrong cell of a row; a missing column was told once, for its file."""
    for detail in error.errors(include_url=False):
        if detail["type"] != "missing":
            yield _explain_cell(detail, model, place)


def _explain_cell(detail: ErrorDetails, model: type[Row], place: str) -> DataError:
    context = dict(detail.get("ctx", {}))
    column = str(context.pop("column", None) or detail["loc"][0])
    value = context.pop("value", detail["input"])
    field = find_field(model, column)
    cell: dict[str, Any] = {"place": place, "column": column, "value": value}
    match detail["type"]:
        case "date_instead_of_id":
            return DateInsteadOfId(**cell, allowed=_example(field))
        case "bad_id":
            return BadId(**cell, allowed=_example(field), hint="")
        case "bad_number":
            return BadNumber(**cell, **context)
        case "literal_error":
            return UnknownWord(**cell, allowed=list_words(field))
        case "unknown_word":
            return UnknownWord(**cell, **context)
        case "bad_value":
            return BadValue(**cell, **context)
    return BadValue(**cell, allowed=detail["msg"])


def _example(field: FieldInfo) -> str:
    return str((field.examples or ["a-1"])[0])


def explain_keys(
    error: ValidationError, model: type[BaseModel], place: Callable[[YamlPath], str]
) -> Iterator[InputError]:
    """Yield one error a wrong key or value; ``place`` tells where a key stands."""
    for detail in error.errors(include_url=False):
        path: YamlPath = tuple(part for part in detail["loc"] if part != "[key]")
        yield _explain_key(detail, path, model, place(path))


def _explain_key(
    detail: ErrorDetails, path: YamlPath, model: type[BaseModel], place: str
) -> InputError:
    name = name_path(path)
    if detail["type"] in ("missing", "extra_forbidden"):
        owner = _find_model(model, path[:-1])
        keys = [field.alias or key for key, field in owner.model_fields.items()]
        if detail["type"] == "extra_forbidden":
            hints = suggest(str(path[-1]), keys)
            return UnknownKey(place=place, value=name, allowed=", ".join(keys), **hints)
        meaning = find_field(owner, str(path[-1])).description or ""
        ja, _, en = meaning.partition(" / ")
        allowed = Words(*(f"{path[-1]}: … {half}".rstrip() for half in (ja, en or ja)))
        return MissingKey(place=place, value=name, allowed=allowed)
    ja, en = _expect(detail)
    if detail["type"] == "int_type" and name.endswith("year"):
        year = tell_year(str(detail["input"]))
        ja, en = f"{ja}。{year.ja}".rstrip("。"), f"{en}. {year.en}".rstrip(". ")
    return WrongType(place=place, key=name, value=detail["input"], allowed=ja, allowed_en=en)


def _expect(detail: ErrorDetails) -> tuple[str, str]:
    context = detail.get("ctx", {})
    if detail["type"] == "literal_error":
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return words, words
    if "pattern" in context:
        form = context["pattern"]
        return f"{form} の形の文字列", f"text of the form {form}"
    if "allowed" in context:
        return str(context["allowed"]), str(context["allowed_en"])
    if "ge" in context or "le" in context:
        bound = f">= {context['ge']}" if "ge" in context else f"<= {context['le']}"
        return f"整数 {bound}", f"a whole number {bound}"
    return _EXPECTED.get(detail["type"], (detail["msg"], detail["msg"]))


def name_path(path: YamlPath) -> str:
    """Return a path as messages give it.

    >>> name_path(("goals", 0, "title"))
    'goals[0].title'
    """
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return named.removeprefix(".") or str(Words("（全体）", "(the whole file)"))


def _find_model(model: type[BaseModel], path: YamlPath) -> type[BaseModel]:
    """Return the model of the mapping at ``path``."""
    for part in path:
        if isinstance(part, str):
            inner = _list_models(find_field(model, part).annotation)
            model = next(inner, model)
    return model


def _list_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _list_models(inner)


def _find_near(value: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(value, list(known), n=1)


def _rate(value: str, near: list[str]) -> float:
    return SequenceMatcher(None, near[0], value).ratio() if near else 0.0


# More than this many allowed ids do not help; the nearest ones do.
_SHOWN = 12


def list_known(
    value: str, known: Sequence[str], taken: Collection[str] = (), *, once: bool = False
) -> dict[str, str]:
    """Return the fields of ``UnknownReference`` that tell what is allowed: all, if few.

    What other rows name already (``taken``) is suggested only if nothing else comes as near, and
    not at all if each may be named ``once``.
    """
    near = _find_near(value, known)
    free = _find_near(value, [word for word in known if word not in taken])
    hints = suggest(value, free if once or _rate(value, free) >= _rate(value, near) else near)
    if len(known) <= _SHOWN:
        words = ", ".join(known) or "—"
        allowed, allowed_en = f"使える値: {words}。", f"Known: {words}. "
    else:
        allowed, allowed_en = "その表にある ID に直すこと。", "Use an id of that table. "
    return {
        "allowed": allowed + hints["hint"],
        "allowed_en": (allowed_en + hints["hint_en"]).rstrip(),
    }


def explain_mark(status: str, scale: Sequence[StatusMark]) -> dict[str, str]:
    """Return the fields of ``UnknownMark``: the code points, and the mark that looks alike.

    Else the mark that is called so.
    """
    marks = tuple(each.mark for each in scale)
    meant = find_look_alike(status, marks)
    named = tell_ids(status, [(each.label, each.mark) for each in scale])
    codepoint = describe_character(meant[0]) if meant else ""
    return {
        "column": "status",
        "value": status,
        "codepoint": " ".join(map(describe_character, status)),
        "allowed": " ".join(marks) or "—",
        "hint": f"「{meant}」（{codepoint}）ではないか。" if meant else named.ja,
        "hint_en": f"Did you mean '{meant}' ({codepoint})? " if meant else named.en,
    }
