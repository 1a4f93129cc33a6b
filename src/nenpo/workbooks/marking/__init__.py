"""Findings → copies of the replies with the cells marked, and one list of all.

In: replies and what was found in them. Out: files to send back, in which all else is as it came.
Open :mod:`nenpo.workbooks.marking.findings` first.
"""
