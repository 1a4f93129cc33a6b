"""Pages as pictures: where two renderings differ, tile by tile, never as an average.

Pixels count as different where the other picture has nothing alike in the neighbourhood: what
anti-aliasing does to an edge is no difference. A tile differs where several such pixels cluster,
so that one changed digit on a page is found and a page of faint noise is not.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium

DOTS_PER_INCH = 180  # at 72, most digits of 9 points change fewer pixels than a cluster
_TILE = 30  # pixels; a digit of 9 points takes about one tile
_TOLERANCE = 48  # of 255, for each colour
_CLUSTER = 4  # pixels of a tile

Pixels = Any  # numpy.ndarray[height, width, 3] of uint8: red, green, blue


@dataclass(frozen=True)
class PageChange:
    """A page that looks different: its number (from 1), the tiles that differ, their frame.

    ``frame`` is (left, top, right, bottom) as shares of the page; a page that only one of the
    documents has is different as a whole.
    """

    page: int
    tiles: int
    frame: tuple[float, float, float, float]


def compare_pictures(before: Path, after: Path) -> tuple[PageChange, ...]:
    """Return the pages of two PDFs that look different; none if the files are the same."""
    if before.read_bytes() == after.read_bytes():
        return ()
    with pdfium.PdfDocument(before) as old, pdfium.PdfDocument(after) as new:
        pages = range(max(len(old), len(new)))
        found = (_compare_page(old, new, page) for page in pages)
        return tuple(change for change in found if change is not None)


def _compare_page(old: Any, new: Any, page: int) -> PageChange | None:
    if page >= min(len(old), len(new)):
        return PageChange(page + 1, 1, (0.0, 0.0, 1.0, 1.0))
    pair = [draw_page(document, page) for document in (old, new)]
    if np.array_equal(*pair):  # 2 ms, where looking for what differs takes 50
        return None
    if pair[0].shape != pair[1].shape:
        return PageChange(page + 1, 1, (0.0, 0.0, 1.0, 1.0))
    tiles = find_tiles(*pair)
    if not tiles.any():
        return None
    rows, columns = np.nonzero(tiles)
    height, width = tiles.shape
    frame = (
        float(columns.min() / width),
        float(rows.min() / height),
        float((columns.max() + 1) / width),
        float((rows.max() + 1) / height),
    )
    return PageChange(page + 1, int(tiles.sum()), frame)


def draw_page(document: Any, page: int, dots: float = DOTS_PER_INCH) -> Pixels:
    """Return a page (from 0) as pixels."""
    picture = document[page].render(scale=dots / 72, rev_byteorder=True).to_numpy()
    return np.ascontiguousarray(picture[:, :, :3])


def find_tiles(before: Pixels, after: Pixels) -> Any:
    """Return for each tile (rows × columns, bool) whether the pictures differ in it."""
    height, width = before.shape[:2]
    differing = np.zeros((height, width), dtype=bool)
    # Most of a page is the same to the pixel: only around what is not, the costly look pays.
    rows, columns = np.nonzero((before != after).any(axis=2))
    if rows.size:
        part = (_widen(rows, height), _widen(columns, width))
        differing[part] = _differ(before[part], after[part]) | _differ(after[part], before[part])
    padded = np.zeros((-(-height // _TILE) * _TILE, -(-width // _TILE) * _TILE), dtype=bool)
    padded[:height, :width] = differing
    tiles = padded.reshape(padded.shape[0] // _TILE, _TILE, padded.shape[1] // _TILE, _TILE)
    return tiles.sum(axis=(1, 3)) >= _CLUSTER


def _widen(places: Any, size: int) -> slice:
    """Return the span of the places and two more on either side."""
    return slice(max(int(places.min()) - 2, 0), min(int(places.max()) + 3, size))


def _differ(before: Pixels, after: Pixels) -> Any:
    """Tell which pixels of ``after`` lie outside what ``before`` has around the same place."""
    padded = np.pad(before.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    height, width = after.shape[:2]
    around = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    low = np.minimum.reduce(around) - _TOLERANCE
    high = np.maximum.reduce(around) + _TOLERANCE
    return ((after < low) | (after > high)).any(axis=2)
