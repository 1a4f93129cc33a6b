"""What holds of the documents of any plan, whatever it is like."""

import json
import re
from importlib.resources import files
from itertools import pairwise

import jsonschema
import pytest

from conditions import (
    CONDITIONS,
    Documents,
    MakeDocuments,
    find_facts,
    list_headings,
    list_tables,
    read_page,
    read_text,
)
from nenpo.export.blocks import Heading
from nenpo.files import canonical_json

SCHEMA = json.loads((files("nenpo.content") / "facts.schema.json").read_text(encoding="utf-8"))


class TestEveryCondition:
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_its_briefings_are_made(self, make: MakeDocuments, condition: str) -> None:
        assert tuple(make(condition)) == CONDITIONS[condition]

    def test_nothing_is_shown_as_python_writes_it(self, documents: Documents) -> None:
        for document in documents.values():
            attached = [rows.csv for rows in document.rows]
            facts = canonical_json(find_facts(document))
            told = (read_text(document), read_page(document), facts)
            found = re.findall(
                r"\b(?:nan|NaN|None|NaT|inf|Infinity)\b", "\n".join([*told, *attached])
            )
            assert found == []

    def test_no_table_is_empty(self, documents: Documents) -> None:
        for document in documents.values():
            for caption, table in list_tables(document).items():
                assert any(cell for row in table.rows for cell in row), caption

    def test_no_gap_in_the_numbering(self, documents: Documents) -> None:
        for document in documents.values():
            numbers = [block.number for block in list_headings(document, 2) if block.number]
            assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
            for kind in ("別紙", "参考"):
                appended = [block.number for block in list_headings(document, 1)]
                own = [number for number in appended if number.startswith(kind)]
                assert own == [f"{kind}{n}" for n in range(1, len(own) + 1)]

    def test_no_heading_stands_over_nothing(self, documents: Documents) -> None:
        for document in documents.values():
            for block, following in pairwise([*document.blocks, Heading(0, "")]):
                if isinstance(block, Heading) and isinstance(following, Heading):
                    assert following.level > block.level, block.text

    def test_its_facts_follow_their_schema(self, documents: Documents) -> None:
        for document in documents.values():
            jsonschema.validate(find_facts(document), SCHEMA)
