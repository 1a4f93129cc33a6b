"""The nbconvert exporters ``nenpo-html`` and ``nenpo-pdf``, for whoever has an executed notebook.

A build calls what they call and does without importing nbconvert: an eighth of a second.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from traitlets import default

from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.export.reading.kept import keep_images


class _NenpoExporter(Exporter):
    """What both share: the document is read before anything of nbconvert's changes the notebook."""

    render: Callable[[Document, str], str | bytes]

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[str]:
        return []

    @default("file_extension")
    def _extension(self) -> str:
        return f".{self.output_mimetype.rpartition('/')[2]}"

    # nbconvert's own binary exporters return bytes here too, against its annotation.
    def from_notebook_node(  # type: ignore[override]
        self, nb: Any, resources: Any = None, **kwargs: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """Return the document and nbconvert's resources. Raises DocumentError."""
        notebook, resources = super().from_notebook_node(nb, resources, **kwargs)
        folder = Path(resources["metadata"].get("path") or ".")
        document = read_document(keep_images(notebook, folder, _find_project(folder)))
        for remark in document.remarks:
            self.log.warning("%s", remark)
        name = resources.get("unique_key") or resources["metadata"]["name"]
        return self.render(document, name), resources


def _find_project(folder: Path) -> Path:
    """Return the folder above that holds ``notebooks/``, else the notebook's own."""
    above = (folder.resolve(), *folder.resolve().parents)
    return next((place for place in above if (place / "notebooks").is_dir()), folder)


class NenpoHTMLExporter(_NenpoExporter):
    """nbconvert exporter ``nenpo-html``: executed notebook in, one HTML page out."""

    output_mimetype = "text/html"
    export_from_notebook = "nenpo HTML"
    render = staticmethod(render_html)


class NenpoPDFExporter(_NenpoExporter):
    """nbconvert exporter ``nenpo-pdf``: executed notebook in, one PDF document out."""

    output_mimetype = "application/pdf"
    export_from_notebook = "nenpo PDF"
    render = staticmethod(lambda document, _: render_pdf(document))
