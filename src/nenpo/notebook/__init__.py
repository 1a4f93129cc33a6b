"""A notebook and its parameters → the executed notebook: the papermill engine.

In: a notebook file, parameters. Out: the notebook with outputs, with nothing in it of when, where
or by whom it was run. Open :mod:`nenpo.notebook.execute` first. Knows nothing of plans.
"""
