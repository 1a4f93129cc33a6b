"""Forms that are learned once a run: nothing changes them."""

from functools import cache
from pathlib import Path

import pytest

from learned_forms import OpenForm, learn, write
from nenpo.workbooks.forms.blank import BlankForm, open_form


@pytest.fixture(scope="session")
def open_learned(tmp_path_factory: pytest.TempPathFactory) -> OpenForm:
    """The form of a shape, with its blank."""

    @cache
    def open_once(shape: str) -> BlankForm:
        return open_form(find_described(shape))

    @cache
    def find_described(shape: str) -> Path:
        return write(learn(shape, tmp_path_factory.mktemp(shape)))

    return open_once
