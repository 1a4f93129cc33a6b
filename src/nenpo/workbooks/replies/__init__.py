"""Workbooks that came back, whatever became of them → what each answers, cell by cell.

In: a folder of files, and what the departments were asked. Out:
:class:`~nenpo.workbooks.answers.Reply`, with all that nobody can tell what it is about. Open
:mod:`nenpo.workbooks.replies.recognise` first.
"""
