"""A municipality's own form: learned once, then filled for every department, and read back.

What comes in is a blank form and one that somebody has filled in; what goes out is a
:class:`~nenpo.workbooks.forms.form.Form`, a readable YAML file that says which cell means what.
With it, a survey becomes copies of that very form, all but the filled cells byte for byte as they
were, and what comes back becomes answers. Open :mod:`nenpo.workbooks.forms.form` first.
"""
