"""An .xlsx as the parts it is packed from: read, changed in place, all else byte for byte.

Open :mod:`nenpo.workbooks.parts.package` first.
"""
