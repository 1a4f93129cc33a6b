"""A Plan → counts, progress, indicators, changes: frames and values, no words.

In: :class:`~nenpo.data.plan.Plan`. Out: frozen values and frames. Open
:mod:`nenpo.analysis.progress` first: it makes the fiscal year that everything else counts.
"""
