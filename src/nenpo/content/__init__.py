"""What a notebook cell may call: one module a section of the papers.

In: an opened briefing. Out: values that a notebook displays (:mod:`nenpo.content.display`), words,
tables and charts of one section together.
"""
