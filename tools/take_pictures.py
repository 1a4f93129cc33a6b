"""Take the README's pictures from the documents under outputs/.

Run after `make`, in the environment of `make test`: .venv/bin/python tools/take_pictures.py
"""

from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parents[1]
OUTPUTS = ROOT / "outputs"
# Picture → document and a text that its page holds.
PICTURES = {
    "annual-1": ("nakano-informatization/2021/annual.pdf", "進捗状況の総括"),
    "annual-indicators": ("nakano-informatization/2021/annual.pdf", "別紙2"),
    "department-1": ("nakano-informatization/2021/departments/joho-system.pdf", "集計"),
    "words-1": ("nakano-structural-reform/2022/annual.pdf", "進捗状況の総括"),
    "comparison-2": ("comparison/2021/comparison.pdf", "数値の対照"),
}
SCALE = 110 / 72


def main() -> None:
    """Write one PNG for each picture."""
    for name, (document, text) in PICTURES.items():
        pages = pypdfium2.PdfDocument(OUTPUTS / document)
        page = next(p for p in pages if text in p.get_textpage().get_text_range())
        image = page.render(scale=SCALE).to_pil().quantize(64)
        image.save(ROOT / "docs/pictures" / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
