"""A format is a module and a line: written with every set, published, listed."""

import pytest

from nenpo.build.isolated.outcome import SUFFIXES
from nenpo.export import FORMATS, Format
from nenpo.export.document import read_document
from sample_notebook import make_notebook


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.label)
def test_a_format_writes_a_document_as_bytes(form: Format) -> None:
    document = read_document(make_notebook())
    assert form.write(document, "annual") == form.write(document, "annual") != b""


def test_a_set_holds_every_format_and_the_notebook() -> None:
    assert set(SUFFIXES) == {form.suffix for form in FORMATS} | {".ipynb"}
