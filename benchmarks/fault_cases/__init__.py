"""Faults to inject, a module a subject: each function marked with ``@fault`` is a row of the table.

A case gets a :class:`~faults.Bench`: a project whose outputs are of the day before, and whose data
have changed since. It runs nenpo with the fault in the way, takes the fault away again, and returns
the :class:`~faults.Ended` command.
"""
