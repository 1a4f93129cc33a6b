"""The nbconvert exporters ``nenpo-html`` and ``nenpo-pdf``, for whoever has an executed notebook.

A build calls what they call and does without importing nbconvert: an eighth of a second.
"""

from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf


class _NenpoExporter(Exporter):
    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[str]:
        # nbconvert's own would change the notebook before it is read.
        return []


class NenpoHTMLExporter(_NenpoExporter):
    """nbconvert exporter ``nenpo-html``: executed notebook in, one HTML page out."""

    output_mimetype = "text/html"
    export_from_notebook = "nenpo HTML"

    @default("file_extension")
    def _extension(self) -> str:
        return ".html"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the page and nbconvert's resources. Raises DocumentError."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        name = resources.get("unique_key") or resources["metadata"]["name"]
        return render_html(read_document(notebook), name), resources


class NenpoPDFExporter(_NenpoExporter):
    """nbconvert exporter ``nenpo-pdf``: executed notebook in, one PDF document out."""

    output_mimetype = "application/pdf"
    export_from_notebook = "nenpo PDF"

    @default("file_extension")
    def _extension(self) -> str:
        return ".pdf"

    # nbconvert's own binary exporters return bytes here too, against its annotation.
    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: Any = None, **kwargs: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the PDF's bytes and nbconvert's resources. Raises DocumentError."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        return render_pdf(read_document(notebook)), resources
