"""Why a document has to be made, or differs: row and column, cell, parameter, version, in words.

In: receipts, and the input files as they were and are. Out: causes in both languages. Open
:mod:`nenpo.build.causes.why` first.
"""
