"""The document font: one family for text and charts, from the wheel or by configuration.

``NENPO_FONT`` names another installed family, ``NENPO_FONT_DIR`` a folder to look in first.
"""

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nenpo.errors import UnknownFont

DEFAULT_FAMILY = "IPAexGothic"
_SHOWN_FAMILIES = 20


@dataclass(frozen=True)
class DocumentFont:
    """A font family and the file that holds its regular weight (``index`` in a collection)."""

    family: str
    path: Path
    index: int = 0


def find_document_font() -> DocumentFont:
    """Return the font of the documents; raises UnknownFont if the configured one is missing."""
    family = os.environ.get("NENPO_FONT") or DEFAULT_FAMILY
    folder = os.environ.get("NENPO_FONT_DIR")
    if family == DEFAULT_FAMILY and not folder:
        return DocumentFont(family, _bundled_folder() / "ipaexg.ttf")
    return _find_installed_font(family, folder)


def _bundled_folder() -> Path:
    # Located without importing it: the package imports matplotlib.
    spec = find_spec("matplotlib_fontja")
    if spec is None or not spec.submodule_search_locations:
        raise UnknownFont(value=DEFAULT_FAMILY, allowed="—")
    return Path(spec.submodule_search_locations[0]) / "fonts"


def _find_installed_font(family: str, folder: str | None) -> DocumentFont:
    # Imported here: charts ask for the font too, and need no typesetter for it.
    import typst

    folders = [folder, str(_bundled_folder())] if folder else [str(_bundled_folder())]
    found = typst.Fonts(include_embedded_fonts=False, font_paths=list(folders))
    # FontInfo has a path for every font that is not embedded in the typesetter itself.
    matches = [
        (abs(font.weight - 400), font.style != "normal", font.path, font.index)
        for font in found.fonts()
        if font.family == family and font.path
    ]
    if not matches:
        known = found.families()
        shown = ", ".join(known[:_SHOWN_FAMILIES])
        raise UnknownFont(value=family, allowed=shown + (" …" if known[_SHOWN_FAMILIES:] else ""))
    _, _, path, index = min(matches)
    return DocumentFont(family, Path(path), index)
