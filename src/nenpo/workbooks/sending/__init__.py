"""Surveys → workbooks and the letter that go out, the same bytes each time.

Open :mod:`nenpo.workbooks.sending.hand_out` first: it writes the folder, and notes who was asked.
"""
