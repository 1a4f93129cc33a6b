"""What people type into a cell → what the table is to hold, one module a kind of field.

In: a cell that is not blank, and the field that it answers. Out: the value with notes of what was
changed, or a refusal. :func:`nenpo.workbooks.normal.normalise.normalise` chooses the module; open
:mod:`nenpo.workbooks.normal.answer` first.
"""
