"""An invented font family of two weights, with the glyphs of the bundled font."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from nenpo.language.fonts import find_document_font

FAMILY = "Mihon Gothic"


def write_family(folder: Path, weights: dict[str, int], environment: pytest.MonkeyPatch) -> None:
    """Write a font file a weight, by the name of its style, and make it the document font."""
    bundled = find_document_font().path
    for style, weight in weights.items():
        with TTFont(bundled, lazy=True) as font:
            for name in font["name"].names:
                if name.nameID in (1, 4, 16):
                    name.string = FAMILY
                if name.nameID == 6:
                    name.string = f"MihonGothic-{style}"
            font["OS/2"].usWeightClass = weight
            font.save(folder / f"{style}.ttf", reorderTables=None)
    environment.setenv("NENPO_FONT", FAMILY)
    environment.setenv("NENPO_FONT_DIR", str(folder))
