"""What each file may hold: one class a table, one line a column.

In: nothing. Out: row models and the models of YAML files. Open :mod:`nenpo.data.schema.tables`
first.
"""
