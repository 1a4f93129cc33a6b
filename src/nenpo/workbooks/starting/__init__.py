"""A new project: a small complete example, or what an existing list says.

What comes in are the files of ``example/``, or a list that an office keeps as a workbook; what goes
out is a folder in which ``nenpo build`` works at once, and a report of what was guessed. Open
:mod:`nenpo.workbooks.starting.project` first.
"""
