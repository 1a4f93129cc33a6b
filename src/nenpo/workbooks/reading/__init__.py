"""Files of each kind → books: what each cell stores, and what is seen of it.

In: the bytes of an .xlsx, .xls, .ods or of a text, within limits. Out: a
:class:`~nenpo.workbooks.book.Book`, or why the file is none. Nothing is run or followed. Which kind
a file is of, :mod:`nenpo.workbooks.reading.opening` tells; open
:mod:`nenpo.workbooks.reading.xlsx` first.
"""
