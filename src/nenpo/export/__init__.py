"""An executed notebook → a Document → HTML, PDF: a format is one module that nobody else knows of.

In: an executed notebook. Out: text or bytes. Open :mod:`nenpo.export.document` first, then
:mod:`nenpo.export.blocks`.
"""
