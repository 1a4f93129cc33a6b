"""The output folder → the pages around the briefings.

In: the manifest and the facts of what is published. Out: HTML pages by path. Open
:mod:`nenpo.site.overview` first.
"""
