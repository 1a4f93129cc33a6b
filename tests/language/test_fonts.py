"""The document font is the bundled one, or the configured one, or an error that says what to do."""

import shutil
from pathlib import Path

import pytest

from font_files import write_family
from nenpo.errors import UnknownFont
from nenpo.language.fonts import find_document_font


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NENPO_FONT", raising=False)
    monkeypatch.delenv("NENPO_FONT_DIR", raising=False)


def test_the_bundled_font_is_the_default() -> None:
    font = find_document_font()
    assert font.family == "IPAexGothic"
    assert font.path.is_file()


def test_a_configured_folder_is_searched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shutil.copy(find_document_font().path, tmp_path / "a.ttf")
    monkeypatch.setenv("NENPO_FONT_DIR", str(tmp_path))
    assert find_document_font().path.is_file()


def test_a_bold_file_beside_the_regular_one_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_family(tmp_path, {"Regular": 400, "Bold": 700}, monkeypatch)
    assert find_document_font().files == (tmp_path / "Regular.ttf", tmp_path / "Bold.ttf")


def test_a_font_without_a_bold_file_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_family(tmp_path, {"Regular": 400, "Medium": 500}, monkeypatch)
    assert find_document_font().files == (tmp_path / "Regular.ttf",)


def test_an_unknown_font_names_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_FONT", "No Such Gothic")
    with pytest.raises(UnknownFont) as refused:
        find_document_font()
    assert "No Such Gothic" in refused.value.message("ja")
    assert "IPAexGothic" in refused.value.message("en")
