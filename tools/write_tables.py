"""Write docs/tables.md from the row models: every table and column of ``data/`` and ``params/``.

    .venv/bin/python tools/write_tables.py

tests/test_docs.py fails, and writes the page anew, when it is out of step.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from nenpo.data.datapackage import describe_field
from nenpo.data.schema.cells import Reference
from nenpo.data.schema.columns import Row, Words, find_marker, list_labels
from nenpo.data.schema.declarations import Edition
from nenpo.data.schema.tables import PLAN_TABLES, SHARED_TABLES, YEAR_TABLES

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"

HEAD = """# 表と列 / Tables and columns

<!-- Made by tools/write_tables.py from src/nenpo/data/schema. Do not edit. -->

プログラムが読む定義から作ったものである。
CSV は UTF-8（BOM の有無は問わない）又は cp932 とし、1行目に列名を書く。
列名は「列」のとおりでも「見出し」のとおりでもよく、混ざっていてもよい。列の順は問わない。
「語」の欄に日本語のある語は、日本語でも書ける。行のない表は置かなくてよい。
区切りはコンマとするが、1行目にコンマがなければタブとセミコロンも読む。
This page is made from the definitions that the program reads.
CSV is UTF-8 (with or without BOM) or cp932, with the column names in the first row, in any order.
They are those of "column" or those of "heading", or some of each. A word under "allowed" that has a
Japanese one beside it may be written in Japanese. A table without rows may be left out.
Cells are separated by commas; tabs and semicolons are read where the first row has no comma.

- **必須 / required**:
  `yes` 空欄にできない cell must be filled · `blank` 空欄でもよい cell may be blank ·
  `column` 列ごと省ける the column may be left out.
- **担当だけ / own only**:
  語は、その列が指す取組などの担当の課と、計画全体の文書、計画の比較だけに渡る。
  ほかの課のノートブックには「…」が渡る。
  The words reach only the documents of those in charge of what the named column says,
  those of the whole plan and the comparison.
  Other departments' notebooks are given 「…」 in their place.
- **key**:
  組にして重複しない列。No two rows have the same values in all of these.
"""

SECTIONS: tuple[tuple[str, str, Mapping[str, type[Row]]], ...] = (
    ("計画の表 / Tables of a plan", "data/<plan>/", PLAN_TABLES),
    ("年度の表 / Tables of a fiscal year", "data/<plan>/<year>/", YEAR_TABLES),
    ("計画にまたがる表 / Tables of several plans", "data/", SHARED_TABLES),
)


def write_page() -> str:
    """Return the text of docs/tables.md."""
    parts = [HEAD]
    for heading, folder, tables in SECTIONS:
        parts.append(f"## {heading}\n")
        parts += [_write_table(folder, file, model) for file, model in tables.items()]
    parts.append("## 条件 / Parameters\n")
    parts.append(
        "`params/<plan>/<year>.yaml`。`key` は省ける（空、改訂番号は 0、添付は true となる）。"
        "`key` may be left out (it is empty then, the revision 0, and data are attached).\n\n"
        + "\n".join(_write_rows(Edition))
        + "\n"
    )
    return "\n".join(parts)


def _write_table(folder: str, file: str, model: type[Row]) -> str:
    japanese, _, english = model.TITLE.partition(" / ")
    key = ", ".join(f"`{column}`" for column in model.KEY) or "—"
    lines = [
        f"### {japanese} / {english}\n",
        f"`{folder}{file}` · key: {key}\n",
        *_write_rows(model),
    ]
    return "\n".join(lines) + "\n"


def _write_rows(model: type[BaseModel]) -> Iterator[str]:
    table = issubclass(model, Row)
    more = " 担当だけ / own only |" if table else ""
    heading = " 見出し / heading |" if table else ""
    rest = "型 / type | 必須 / required | 語 / allowed | 説明 | description |"
    yield f"| 列 / column |{heading} {rest}{more}"
    yield "|:--|:--|:--|:--|:--|:--|" + (":--|:--|" if table else "")
    for name, field in model.model_fields.items():
        column = field.alias or name
        described = describe_field(field, column)
        japanese, _, english = described["description"].partition(" / ")
        cells = [
            f"`{column}`",
            *([field.title or ""] if table else []),
            described["type"],
            _tell_needed(field, described, "column" if table else "key"),
            _tell_allowed(field),
            japanese,
            english,
        ]
        if table:
            words = find_marker(field, Words)
            cells.append(f"`{words.owner}`" if words else "")
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _tell_needed(field: FieldInfo, described: Mapping[str, Any], left_out: str) -> str:
    if not field.is_required():
        return left_out
    # Of the parameters, a string may be empty; a cell says so itself.
    return "yes" if "required" in described.get("constraints", {}) else "blank"


def _tell_allowed(field: FieldInfo) -> str:
    words = [word for word in get_args(field.annotation) if isinstance(word, str) and word]
    labels = list_labels(field)
    if words:
        return ", ".join(f"`{word}` {labels.get(word, '')}".rstrip() for word in words)
    if reference := find_marker(field, Reference):
        names = [name.replace("#", " → ") for name in reference.tables]
        return ", ".join(f"`{name}`" for name in (*names, *reference.words))
    return ", ".join(f"`{word}` {label}" for word, label in labels.items())


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8", newline="\n")
