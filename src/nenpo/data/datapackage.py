"""The row models → ``datapackage.json`` (Frictionless Table Schema), for other programs."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from nenpo.data.headings import Table, read_table
from nenpo.data.schema.cells import ID_PATTERN, Reference
from nenpo.data.schema.columns import find_field, find_marker
from nenpo.data.schema.declarations import PlanMeta
from nenpo.data.schema.tables import PLAN_TABLES, TABLES, list_columns
from nenpo.files import canonical_json

_TYPES = {str: "string", int: "integer", Decimal: "number", bool: "boolean"}


def describe_package(folder: Path, meta: PlanMeta, tables: Iterable[Path] | None = None) -> str:
    """Return the text of ``datapackage.json`` for the valid tables in ``folder``, or some of them.

    One resource a file; year folders are part of their paths and names (``2021-progress``).
    """
    paths = sorted(p for p in tables or folder.rglob("*.csv") if p.name in TABLES)
    read = {p.relative_to(folder): read_table(p, p.name) for p in paths}
    resources = [_describe_resource(path, read) for path in read]
    named = {"profile": "tabular-data-package", "name": meta.id, "title": meta.title}
    return canonical_json(named | {"resources": resources})


def _describe_resource(path: Path, tables: Mapping[Path, Table]) -> dict[str, Any]:
    model, table = TABLES[path.name], tables[path]
    # An optional column is described where the file has it, so that header and schema agree.
    columns = zip(table.columns, table.header, strict=True)
    schema: dict[str, Any] = {
        "fields": [describe_field(find_field(model, column), name) for column, name in columns],
        "missingValues": [""],
    }
    if model.KEY:
        schema["primaryKey"] = [table.headings.get(column, column) for column in model.KEY]
    if references := _list_foreign_keys(path, tables):
        schema["foreignKeys"] = references
    return {
        "profile": "tabular-data-resource",
        "name": "-".join(path.with_suffix("").parts),
        "path": path.as_posix(),
        "title": model.TITLE,
        "encoding": "utf-8",
        "schema": schema,
    }


def describe_field(field: FieldInfo, column: str) -> dict[str, Any]:
    """Return a column as Table Schema has it: name, title, type, description, constraints."""
    words = [word for word in get_args(field.annotation) if isinstance(word, str)]
    kinds = [kind for kind in (field.annotation, *get_args(field.annotation)) if kind in _TYPES]
    described: dict[str, Any] = {
        "name": column,
        "type": _TYPES[kinds[0]] if kinds else "string",
        "description": field.description or "",
    }
    if field.title:
        described["title"] = field.title
    constraints: dict[str, Any] = {}
    if refuses_blank(field):
        constraints["required"] = True
    if any(words):
        constraints["enum"] = [word for word in words if word]
    if field.examples:
        constraints["pattern"] = ID_PATTERN
    if constraints:
        described["constraints"] = constraints
    return described


def refuses_blank(field: FieldInfo) -> bool:
    """Tell whether a cell must be filled, by asking the column's own type."""
    whole: Any = field.annotation
    if field.metadata:
        whole = Annotated[(whole, *field.metadata)]
    try:
        TypeAdapter(whole).validate_python("")
    except ValidationError:
        return True
    return False


def _list_foreign_keys(path: Path, tables: Mapping[Path, Table]) -> list[dict[str, Any]]:
    """Return the references to a table of the package, as Table Schema has them."""
    keys, model = [], TABLES[path.name]
    for column in list_columns(model):
        reference = find_marker(find_field(model, column), Reference)
        if reference is None or reference.words:
            continue
        file, *more = reference.tables
        # Table Schema knows one target a key, and only tables.
        if more or Path(file) not in tables:
            continue
        own, key = tables[path].headings, PLAN_TABLES[file].KEY[0]
        fields = [tables[Path(file)].headings.get(key, key)]
        target = {"resource": file.removesuffix(".csv"), "fields": fields}
        keys.append({"fields": [own.get(column, column)], "reference": target})
    return keys
