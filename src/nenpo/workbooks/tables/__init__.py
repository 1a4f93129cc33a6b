"""A plan's tables as one workbook, and back: every change shown, all taken in at once.

In: a plan, or the workbook as it comes back. Out: the workbook, or valid tables of ``data/``. Open
:mod:`nenpo.workbooks.tables.sheets` first.
"""
