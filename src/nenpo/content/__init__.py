"""What a notebook cell may call: one module a section of the papers.

In: the briefing that a notebook opens (:mod:`nenpo.content.briefing`, open it first). Out: what a
cell displays (:mod:`nenpo.content.display`): a section's words, tables and charts together. Every
section is called alike, ``marks.table(b)``; a new one is a module here, its test, and one cell.
"""
