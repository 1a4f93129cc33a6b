"""A small invented briefing, which ships with the package, made and thrown away before forking.

What pandas, matplotlib, IPython and Python itself prepare on first use is then there for every
child. It is an ordinary briefing of an ordinary project: nothing here knows the sections.
"""

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from nenpo.build.isolated.trace import follow
from nenpo.errors import UnknownFont
from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.export.layout import lay_out_document
from nenpo.language.fonts import find_document_font
from nenpo.notebook.engine import SAVED
from nenpo.notebook.execute import execute_briefing

SAMPLE = Path(__file__).with_name("sample")


@dataclass(frozen=True)
class _Sample:
    """The sample's notebook, with the parameters that stand in it."""

    notebook: str = "department.ipynb"
    parameters: Mapping[str, str] = field(default_factory=lambda: {"department": "madoguchi"})


def make_sample() -> None:
    """Make the sample up to the typesetting, of which nothing may be done before forking."""
    with tempfile.TemporaryDirectory() as folder, follow(SAMPLE, frozenset()):
        notebook = execute_briefing(SAMPLE, _Sample(), saved=Path(folder) / SAVED)
    document = read_document(notebook)
    render_html(document)
    with suppress(UnknownFont):  # each briefing tells of it
        lay_out_document(document, find_document_font())
    nbformat.writes(notebook)  # type: ignore[no-untyped-call]
