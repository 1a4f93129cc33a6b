"""A published document → what is compared of it: facts, text, structure, pictures.

In: a set of files. Out: an observation. Open :mod:`nenpo.check.reading.observe` first.
"""
