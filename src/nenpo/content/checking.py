"""What a value to display was made of: refused in one sentence where it is not what its class says.

A notebook's cell is not type-checked: a string where a tuple belongs would be one paragraph a
character, a number in a table a traceback from the middle of a format.
"""

from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails

from nenpo.errors import NotShowable, Words, join_words

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_LISTED_FAULTS = 5
_QUOTED = 40
# pydantic's name of a mistake → what belongs there.
_WANTED = {
    "string_type": Words("文字列", "text"),
    "tuple_type": Words(
        "丸括弧で囲み「,」で終えた組（例 (x,)）", "a tuple in brackets, such as (x,)"
    ),
    "dataclass_type": Words("{}", "a {}"),
    "dataclass_exact_type": Words("{}", "a {}"),
    "float_type": Words("数", "a number"),
    "int_type": Words("整数", "a whole number"),
    "mapping_type": Words("辞書", "a dict"),
    "dict_type": Words("辞書", "a dict"),
    "literal_error": Words("{} のいずれか", "one of {}"),
    **dict.fromkeys(("float_parsing", "int_parsing"), Words("数", "a number")),
    **dict.fromkeys(("bool_type", "bool_parsing"), Words("True か False", "True or False")),
}


def check_fields(value: "DataclassInstance") -> None:
    """Raise NotShowable, with every such field, if a field's value is not of the field's type.

    A list counts as a tuple; nothing else is taken for what it is not: a set has no order, of a
    generator nothing is left for a second look. Cells in ``rows`` are told by the labels of
    ``columns``.
    """
    try:
        _open_model(type(value)).model_validate(_turn_lists(vars(value)))
    except ValidationError as error:
        faults = error.errors(include_url=False)
    else:
        return
    columns = getattr(value, "columns", ())
    labels = [getattr(c, "label", "") for c in columns] if isinstance(columns, tuple | list) else []
    told = [_tell_fault(fault, labels) for fault in faults[:_LISTED_FAULTS]]
    refuse_value(value, told, more=len(faults) - len(told))


def refuse_value(value: "DataclassInstance", told: Sequence[Words], more: int = 0) -> None:
    """Raise NotShowable for a value to display; ``told`` are clauses of what is wrong in it."""
    caption = getattr(value, "caption", "")
    name = (
        Words("{}「{}」", "{} '{}'") if caption and isinstance(caption, str) else Words("{}", "{}")
    )
    name = name.fill(type(value).__name__, caption)
    raise NotShowable(
        what=Words("{}: {}", "{}: {}").fill(name, join_words(told, more)),
        remedy=Words("セルを直すこと", "Correct the cell"),
    )


def _turn_lists(value: Any) -> Any:
    """Return the value with tuples for lists; values of classes in it were checked when made."""
    if isinstance(value, dict):
        return {key: _turn_lists(part) for key, part in value.items()}
    return tuple(map(_turn_lists, value)) if isinstance(value, list | tuple) else value


@cache
def _open_model(kind: type["DataclassInstance"]) -> type[BaseModel]:
    hints = get_type_hints(kind)
    wanted: dict[str, Any] = {field.name: (hints[field.name], ...) for field in fields(kind)}
    return create_model(kind.__name__, __config__=ConfigDict(strict=True), **wanted)


def _tell_fault(fault: ErrorDetails, columns: Sequence[str]) -> Words:
    place = _name_place(fault["loc"], columns)
    if fault["type"] not in _WANTED:
        return Words("{}の値は使えない（{}）", "{}: {}").fill(place, fault["msg"])
    value = repr(fault["input"])
    value = value if len(value) <= _QUOTED else f"{value[:_QUOTED]}…"
    context = fault.get("ctx", {})
    allowed = context.get("expected") or context.get("class_name") or ""
    allowed = allowed.replace(" or ", ", ")  # pydantic speaks English alone
    return Words(
        "{}の値 {}（{}）は使えない（書けるのは{}）", "{} is {} ({}); it has to be {}"
    ).fill(place, value, type(fault["input"]).__name__, _WANTED[fault["type"]].fill(allowed))


def _name_place(path: Sequence[int | str], columns: Sequence[str]) -> Words:
    match path:
        case ("rows", int(row), int(column)) if column < len(columns):
            return Words("{} 行目、列「{}」", "row {}, column '{}'").fill(row + 1, columns[column])
        case ("rows", int(row)):
            return Words("{} 行目", "row {}").fill(row + 1)
        case (str(field), int(position), *rest):
            named = ".".join([field, *map(str, rest)])
            return Words("{} の {} 番目", "{} number {}").fill(named, position + 1)
    return Words("{} ", "{}").fill(".".join(map(str, path)))
