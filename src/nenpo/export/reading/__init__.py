"""What the cells of an executed notebook show → blocks; what no document can show is refused.

In: cells with their outputs. Out: blocks and what analysts' own outputs become, remarks, images.
Open :mod:`nenpo.export.reading.cells` first. Nothing here knows of a format.
"""
