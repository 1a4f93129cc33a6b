"""What is done in processes of their own: one forked, preloaded process a briefing, a deadline.

In: a job (a function by name, its arguments). Out: what it returned, or how its process ended.
Open :mod:`nenpo.build.isolated.processes` first, then :mod:`nenpo.build.isolated.make`, which
runs there; :mod:`nenpo.build.isolated.guard` ends what should not outlive it.
"""
