"""Params → what to make → made in isolated processes → put into the output folder → published.

In: ``params/`` and the data's digests. Out: ``outputs/``, with a receipt for each briefing, and a
copy of what is for everybody. Open :mod:`nenpo.build.run` first, then :mod:`nenpo.build.publish`.
"""
