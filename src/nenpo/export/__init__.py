"""An executed notebook → a Document → HTML, PDF, facts: a format is a module and a line below.

In: an executed notebook. Out: text or bytes. Open :mod:`nenpo.export.document` first. A format's
module has ``write(document, name) -> bytes``; nobody else knows of it.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nenpo.export.document import Document


@dataclass(frozen=True)
class Format:
    """A form in which every document is written, published and linked to.

    ``suffix`` is that of its files, ``label`` its name in lists of documents, ``title`` its name
    on the document's own page ("" for that page). ``module`` writes it: by name, so that whoever
    only lists files imports no typesetter.
    """

    suffix: str
    label: str
    title: str
    module: str

    def write(self, document: "Document", name: str) -> bytes:
        """Return the file's content; ``name`` is the briefing's. Raises DocumentError."""
        content: bytes = importlib.import_module(self.module).write(document, name)
        return content


FACTS = Format(".facts.json", "JSON", "集計値（JSON）", "nenpo.export.document")
FORMATS = (
    Format(".html", "HTML", "", "nenpo.export.html"),
    Format(".pdf", "PDF", "PDF版（印刷用）", "nenpo.export.pdf"),
    FACTS,
)
