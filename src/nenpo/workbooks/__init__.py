"""Excel out and in: the yearly survey, a plan's tables, a municipality's own form.

What comes in are plans and whatever workbooks people send back; what goes out are workbooks, and
tables of ``data/`` that are valid or as they were. A workbook that was opened is a
:class:`~nenpo.workbooks.book.Book` of cells, a survey a :class:`~nenpo.workbooks.layout.Survey` of
fields: open these two first.
"""
