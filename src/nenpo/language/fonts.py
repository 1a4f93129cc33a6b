"""The document font: one family for text and charts, from the wheel or by configuration.

``NENPO_FONT`` names another installed family, ``NENPO_FONT_DIR`` a folder to look in first.
"""

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from nenpo.errors import UnknownFont

DEFAULT_FAMILY = "IPAexGothic"
_SHOWN_FAMILIES = 20
_BOLD = 600  # the least weight that tells from the regular one


@dataclass(frozen=True)
class DocumentFont:
    """A font family and the file that holds its regular weight (``index`` in a collection).

    ``bold`` is the file of its bold weight, beside the other; None if it has none.
    """

    family: str
    path: Path
    index: int = 0
    bold: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that a document is set with."""
        return (self.path,) if self.bold in (None, self.path) else (self.path, self.bold)


def find_document_font() -> DocumentFont:
    """Return the font of the documents; raises UnknownFont if the configured one is missing."""
    family = os.environ.get("NENPO_FONT") or DEFAULT_FAMILY
    folder = os.environ.get("NENPO_FONT_DIR")
    if family == DEFAULT_FAMILY and not folder:
        return DocumentFont(family, _bundled_folder() / "ipaexg.ttf")
    return _find_installed_font(family, folder)


@lru_cache(maxsize=1)  # asked for at each text that is checked
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
    own = [
        (font.weight, font.style != "normal", font.path, font.index)
        for font in found.fonts()
        if font.family == family and font.path
    ]
    if not own:
        known = found.families()
        shown = ", ".join(known[:_SHOWN_FAMILIES])
        raise UnknownFont(value=family, allowed=shown + (" …" if known[_SHOWN_FAMILIES:] else ""))
    _, _, regular, index = min(own, key=lambda font: (abs(font[0] - 400), *font[1:]))
    # The typesetter looks in the folder of the regular weight only.
    bolds = [
        (abs(weight - 700), path)
        for weight, slanted, path, _ in own
        if weight >= _BOLD and not slanted and Path(path).parent == Path(regular).parent
    ]
    return DocumentFont(family, Path(regular), index, Path(min(bolds)[1]) if bolds else None)
