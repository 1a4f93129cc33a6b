"""How far a survey has come: who answered, what is open, and what is sent to whom about it.

In: what was asked, the tables and the record. Out: lines, a workbook, texts to send. Open
:mod:`nenpo.workbooks.standing.status` first.
"""
