"""Environment variables, set for a while: they tell other processes, and notebooks, of a build."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def lend_environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables, which tell other processes of the project, for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
