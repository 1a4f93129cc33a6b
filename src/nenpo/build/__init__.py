"""Params → what to make → made in isolated processes → published in the output folder.

In: ``params/`` and the data's digests. Out: ``outputs/``, with a receipt for each briefing. Open
:mod:`nenpo.build.run` first.
"""
