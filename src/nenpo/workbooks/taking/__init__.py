"""Replies → tables of ``data/<plan>/<year>/``, changed all at once or not at all.

In: replies, what was asked, and what the tables hold. Out: a collection: what would change, what
is refused and at which cell, and the new files. Open :mod:`nenpo.workbooks.taking.collect` first.
"""
