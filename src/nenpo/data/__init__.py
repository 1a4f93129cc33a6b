"""Files → a valid :class:`~nenpo.data.plan.Plan`, or every offender with its line.

In: ``data/<plan>/`` and ``data/*.csv`` (what they may hold stands in :mod:`nenpo.data.schema`).
Out: plans and the catalogue of plans, as frames. Open :mod:`nenpo.data.load` first, then
:mod:`nenpo.data.plan_files`, which reads and checks one plan.
"""
