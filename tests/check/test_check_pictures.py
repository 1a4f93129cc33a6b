"""What counts as another picture of a page, and what does not."""

from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pytest
import typst

from nenpo.check.reading.pictures import DOTS_PER_INCH, compare_pictures, draw_page, find_tiles
from nenpo.language.fonts import find_document_font

PAGE = '#set page(width: 300pt, height: 120pt, margin: 0pt)\n#set text(font: "IPAexGothic", '


def make_pdf(path: Path, content: str, size: str = "9pt") -> Path:
    """Set a small page in the document font."""
    source = f"{PAGE}size: {size})\n{content}"
    folder = find_document_font().path.parent
    path.write_bytes(typst.compile(source.encode(), font_paths=[str(folder)]))
    return path


def draw(path: Path, dots: float = 72) -> Any:
    with pdfium.PdfDocument(path) as document:
        return draw_page(document, 0, dots)


def place(text: str, x: float, y: float) -> str:
    return f"#place(dx: {x}pt, dy: {y}pt)[{text}]\n"


OFFSETS = (0.0, 0.25, 0.5, 0.75)


@pytest.mark.parametrize("offset", OFFSETS)
def test_any_changed_digit_of_nine_points_is_found(tmp_path: Path, offset: float) -> None:
    """Every digit in the place of every other, wherever it falls between the pixels."""
    pairs = list(combinations("0123456789", 2))
    # Each in a square of 24 points of its own, away from the other squares' tiles.
    squares = [(24 * (n % 12), 24 * (n // 12)) for n in range(len(pairs))]
    drawn = []
    for side in (0, 1):
        digits = (
            place(pair[side], x + 3 + offset, y + 3 + offset)
            for pair, (x, y) in zip(pairs, squares, strict=True)
        )
        drawn.append(draw(make_pdf(tmp_path / f"{side}.pdf", "".join(digits)), DOTS_PER_INCH))
    tiles = find_tiles(*drawn)
    side = 24 * tiles.shape[1] // 300
    missed = [
        "".join(pair)
        for pair, (x, y) in zip(pairs, squares, strict=True)
        if not tiles[y * side // 24 :, x * side // 24 :][:side, :side].any()
    ]
    assert not missed


@pytest.mark.parametrize(
    ("before", "after"),
    [("◎", "×"), ("1", "0"), ("60件", "95件")],
)
def test_changed_mark_or_number_is_found(tmp_path: Path, before: str, after: str) -> None:
    first, second = (make_pdf(tmp_path / f"{t}.pdf", place(t, 63, 27)) for t in (before, after))
    found = compare_pictures(first, second)
    assert len(found) == 1
    left, top, right, bottom = found[0].frame
    assert left <= 66 / 300 <= right
    assert top <= 33 / 120 <= bottom


TEXT = "令和3年度の進捗状況は、◎60件、○12件、△3件、×0件である。"


@pytest.mark.parametrize("move", [(0.25, 0), (0.25, 0.25), (-0.25, 0.25), (0.1, -0.2)])
def test_quarter_of_a_pixel_is_no_difference(tmp_path: Path, move: tuple[float, float]) -> None:
    point = 72 / DOTS_PER_INCH
    pictures = []
    for name, (x, y) in (("a", (0.0, 0.0)), ("b", move)):
        content = "".join(place(TEXT, 10 + x * point, 10 + 15 * n + y * point) for n in range(7))
        pictures.append(draw(make_pdf(tmp_path / f"{name}.pdf", content), DOTS_PER_INCH))
    assert (pictures[0] != pictures[1]).any()
    assert not find_tiles(*pictures).any()


def test_faint_noise_all_over_is_no_difference(tmp_path: Path) -> None:
    own = draw(make_pdf(tmp_path / "a.pdf", place(TEXT, 10, 10)))
    noise = np.random.default_rng(1).integers(-20, 21, own.shape)
    noisy = np.clip(own.astype(int) + noise, 0, 255).astype(np.uint8)
    assert not find_tiles(own, noisy).any()


def test_same_picture_has_no_tiles(tmp_path: Path) -> None:
    own = draw(make_pdf(tmp_path / "a.pdf", place(TEXT, 10, 10)))
    assert not find_tiles(own, own).any()


def test_change_counts_in_either_direction(tmp_path: Path) -> None:
    """What was removed is found as well as what was added."""
    empty, full = (
        draw(make_pdf(tmp_path / f"{n}.pdf", place(t, 10, 10))) for n, t in ((0, ""), (1, TEXT))
    )
    assert find_tiles(empty, full).any()
    assert (find_tiles(empty, full) == find_tiles(full, empty)).all()


def test_colour_of_a_bar_is_found_as_its_area(tmp_path: Path) -> None:
    def bar(colour: str) -> str:
        return (
            f'#place(dx: 60pt, dy: 24pt)[#rect(width: 120pt, height: 12pt, fill: rgb("{colour}"))]'
        )

    first, second = (make_pdf(tmp_path / f"{n}.pdf", bar(n)) for n in ("c5d7fb", "ffd9b3"))
    (page,) = compare_pictures(first, second)
    left, top, right, bottom = page.frame
    assert (left, right) == pytest.approx((60 / 300, 180 / 300), abs=12 / 300)
    assert (top, bottom) == pytest.approx((24 / 120, 36 / 120), abs=12 / 120)


def test_page_that_only_one_has_is_different_as_a_whole(tmp_path: Path) -> None:
    one = make_pdf(tmp_path / "a.pdf", TEXT)
    two = make_pdf(tmp_path / "b.pdf", f"{TEXT}\n#pagebreak()\n{TEXT}")
    for pair in ((one, two), (two, one)):
        (page,) = compare_pictures(*pair)
        assert (page.page, page.frame) == (2, (0.0, 0.0, 1.0, 1.0))


def test_page_of_another_size_is_different_as_a_whole(tmp_path: Path) -> None:
    one = make_pdf(tmp_path / "a.pdf", TEXT)
    two = make_pdf(tmp_path / "b.pdf", f"#set page(width: 301pt)\n{TEXT}")
    (page,) = compare_pictures(one, two)
    assert page.frame == (0.0, 0.0, 1.0, 1.0)


def test_other_bytes_that_look_the_same_are_no_difference(tmp_path: Path) -> None:
    one = make_pdf(tmp_path / "a.pdf", TEXT)
    two = make_pdf(tmp_path / "b.pdf", f'#set document(title: "別の題名")\n{TEXT}')
    assert one.read_bytes() != two.read_bytes()
    assert compare_pictures(one, two) == ()
