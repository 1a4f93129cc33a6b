"""What is asked of whom: a plan's year → the survey of each department.

In: a plan and a fiscal year. Out: a :class:`~nenpo.workbooks.layout.Survey`, which no workbook is
drawn from yet. Open :mod:`nenpo.workbooks.asking.survey` first.
"""
