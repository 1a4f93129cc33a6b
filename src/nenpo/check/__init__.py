"""Outputs against the accepted state, or against other outputs: what changed, and why.

In: ``outputs/`` and ``accepted/``. Out: reports, and the accepted state. Open
:mod:`nenpo.check.run` first; :mod:`nenpo.check.reading` reads documents.
"""
