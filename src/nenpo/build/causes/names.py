"""What readers call things: documents, tables, columns, words in cells, and the rows behind ids.

Ids are looked up in the files as they lie there, in those of an earlier day too: what is not valid,
or not there any more, still has a name. Names stand in the language of the data; what this program
adds comes in Japanese and English.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nenpo.build.briefing import BriefingName, shorten_name
from nenpo.content.kinds import KIND_WORDS
from nenpo.data.headings import read_table
from nenpo.data.reading import read_yaml
from nenpo.data.schema.cells import Reference
from nenpo.data.schema.columns import Row, find_field, find_marker
from nenpo.data.schema.tables import SHARED_TABLES, TABLES
from nenpo.errors import NenpoError, Words
from nenpo.language.fiscal import fiscal_year_label

# The files that are no tables.
_YAML_TITLES = {
    "plan.yaml": "計画の基本事項 / what the plan is",
    "published.yaml": "公表された集計 / published totals",
    "comparison.yaml": "計画の比較の項目 / what is compared",
}
_FLAGS = {"true": ("はい", "yes"), "false": ("いいえ", "no")}
_WHOLE_PLAN = "plan"
_BRACKETS = re.compile(r"（([^）]*)）")
FindFile = Callable[[str], Path | None]
FindName = Callable[[str, str], str]  # column, id → name; the id itself where it has none


EMPTY = Words("（空）", "(empty)")
ABSENT = Words("（なし）", "(none)")


def split_words(text: str) -> Words:
    """Return both halves of a description of the schema, without what is explained in brackets.

    >>> split_words("部署（課） / departments")
    Words(ja='部署', en='departments')
    """
    ja, _, en = text.partition(" / ")
    return Words(_BRACKETS.sub("", ja), en or ja)


def find_model(file: str) -> type[Row] | None:
    """Return the table that a file holds, None for a file that is none."""
    return {**TABLES, **SHARED_TABLES}.get(Path(file).name)


def name_file(file: str) -> Words:
    """Return what the content of a file is called; the file's name if it is none of ours."""
    model, name = find_model(file), Path(file).name
    return split_words(model.TITLE if model else _YAML_TITLES.get(name, name))


def name_column(model: type[BaseModel] | None, column: str) -> Words:
    """Return what a column or parameter is called, without what is explained in brackets.

    The column as written where the schema does not know it.
    """
    field = _find_declared(model, column)
    return split_words((field and field.description) or column)


def _find_declared(model: type[BaseModel] | None, column: str) -> FieldInfo | None:
    with suppress(StopIteration):
        return find_field(model, column) if model else None
    return None


def list_code_words(field: FieldInfo) -> dict[str, str]:
    """Return code → Japanese word of a column that holds one of a few codes, else nothing.

    The column's description lists the words in the order of the codes: in brackets, or by itself.

    >>> from nenpo.data.schema.tables import TABLES
    >>> list_code_words(TABLES["progress.csv"].model_fields["shift"])
    {'ahead': '前倒し', 'behind': '後ろ倒し'}
    """
    found = get_args(field.annotation)
    codes = [code for code in found if isinstance(code, str) and code]
    text = (field.description or "").partition(" / ")[0]
    inner = "、".join(_BRACKETS.findall(text))
    lists = (words.split("、") for words in (inner, _BRACKETS.sub("", text)))
    words = next((words for words in lists if len(words) == len(codes)), [])
    return dict(zip(codes, words, strict=False))


def name_cell(
    model: type[BaseModel] | None,
    column: str,
    cells: Mapping[str, Any],
    find_name: FindName,
) -> Words:
    """Return a cell or parameter in words: a word for a code, a name for an id, yes or no."""
    value, field = cells.get(column), _find_declared(model, column)
    if value is None:
        return ABSENT
    text = str(value)
    if text == "":
        return EMPTY
    if isinstance(value, bool) or (field and field.annotation is bool):
        return Words(*_FLAGS.get(text.casefold(), (text, text)))
    if field is None:
        return Words(text, text)
    if word := list_code_words(field).get(text):
        return Words(word, text.replace("_", " "))
    if field.annotation in (int, int | None) and "年度" in str(field.description):
        with suppress(ValueError):
            return Words(fiscal_year_label(int(text)), f"fiscal year {text}")
    if column in ("table", "column") and (table := find_model(f"{cells.get('table')}.csv")):
        return name_file(f"{text}.csv") if column == "table" else name_column(table, text)
    # A column that holds ids says so, or is marked as a reference to another table.
    refers = find_marker(field, Reference) is not None or " ID" in str(field.description)
    named = find_name(column, text) if refers else text
    return Words(named, named)


def name_row(
    model: type[Row] | None, cells: Mapping[str, str], key: Sequence[str], find_name: FindName
) -> Words:
    """Return what a row is called, by the cells that name it."""
    parts = [name_cell(model, column, cells, find_name) for column in key if cells.get(column)]
    return Words(*map(" ".join, zip(*parts, strict=True))) if parts else Words("", "")


def entitle(name: str, names: Mapping[str, str]) -> str:
    """Return how reports call a document: 「情報システム課 2021」「計画全体 2021」.

    >>> entitle("plan/2021/departments/somu", {"somu": "総務課"}), entitle("annual", {})
    ('総務課 2021', '計画全体')
    """
    found = BriefingName.find(name)
    if found is None:
        return name_document("", name, names)
    return f"{name_document(found.plan, found.name, names)} {found.fiscal_year}"


def name_document(plan: str, name: str, names: Mapping[str, str]) -> str:
    """Return what a plan's document is called by its name in the edition: 「情報システム課」."""
    own = shorten_name(name)
    return KIND_WORDS.get(own) or names.get(f"{plan}/{own}") or names.get(own, own)


def read_names(folder: str, find_file: FindFile) -> dict[str, str]:
    """Return id → name of what the files of ``data/`` or ``data/<plan>/`` declare.

    ``find_file`` returns where a file lies by its path, None where there is none. What cannot be
    read has no names.
    """
    names, labels = {_WHOLE_PLAN: KIND_WORDS["annual"]}, dict[str, str]()
    for file in ("plan.yaml", "comparison.yaml"):
        for entry in _read_entries(find_file(f"{folder}/{file}"), file):
            identity, label, title = (str(entry.get(key, "")) for key in ("id", "label", "title"))
            labels[identity] = label
            names[identity] = title if label in title and title else f"{label} {title}".strip()
    for file in TABLES:
        for row in _read_rows(find_file(f"{folder}/{file}"), file):
            identity = next(iter(row.values()), "")
            name = row.get("name") or row.get("title") or ""
            label = labels.get(row.get("measure", ""), "") if file == "items.csv" else ""
            if file == "measures.csv":
                label = labels[identity] = row.get("label", "")
            if label or name:
                names[identity] = f"{label} {name}".strip()
    return {identity: name for identity, name in names.items() if identity and name}


def _read_entries(path: Path | None, file: str) -> list[dict[str, Any]]:
    """Return a YAML file's value and the entries of its lists: goals, sources, themes …"""
    with suppress(NenpoError, OSError):
        value = read_yaml(path, file).value if path else None
        parts = value.values() if isinstance(value, dict) else ()
        lists = ([value], *(part for part in parts if isinstance(part, list)))
        return [entry for entry in chain(*lists) if isinstance(entry, dict)]
    return []


def _read_rows(path: Path | None, file: str) -> list[dict[str, str]]:
    with suppress(NenpoError, OSError):
        table = read_table(path, file) if path else None
        rows = table.rows if table else ()
        return [dict(zip(table.columns, row.cells, strict=False)) for row in rows if table]
    return []
