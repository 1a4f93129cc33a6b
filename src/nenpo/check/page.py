"""A check's result → one HTML page: what changed, why, and the changed pages as pictures."""

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.resources import files
from itertools import groupby, zip_longest
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from markupsafe import Markup
from PIL import Image

from nenpo.build.causes.names import name_document
from nenpo.check.changes import LEVELS, FactChange, TextChange
from nenpo.check.reading.elements import CELL, pair_cells
from nenpo.check.reading.pictures import PageChange, draw_page
from nenpo.check.result import STATES, CheckResult, DocumentResult, DocumentState, FindPdf
from nenpo.check.words import (
    LEVEL_WORDS,
    follows_from_marks,
    split_fact,
    split_list,
    split_whole,
    tell_fact,
)
from nenpo.export.page import encode_data_url, render_page
from nenpo.language.fiscal import fiscal_year_long

MOST_PAGES = 40
_DOTS_PER_INCH = 80
_COLOURS = 64
# Widths in em of the table's text, as in check.css: a document's name; its states in a year.
_TITLE, _YEAR = 10, 14
_SENTENCES: Mapping[DocumentState, str] = {
    "missing": "変更前にはない文書であり、比べるものがない。",
    "orphaned": "変更後にはない文書であり、比べるものがない。",
    "not_built": "この文書は作られていない。",
    "flaky": "同じ資料から作っても、作るたびに見た目が変わる。",
    "drift": "事実も文章も構成も同じで、見た目だけが変わった。",
}
# Marking single characters of two texts that have little in common helps nobody; and the
# comparison of very long ones takes a time that grows with the product of their lengths.
_LEAST_ALIKE = 0.3
_MOST_COMPARED = 4_000_000
_LEAST_KEPT = 2  # characters between two changed places


class Run(NamedTuple):
    """A stretch of text, and whether it is one of those that changed."""

    changed: bool
    text: str


@dataclass(frozen=True)
class _Page:
    """A changed page: its pictures as data URLs, "" on the side that has no such page."""

    id: str
    number: int
    place: str
    sides: tuple[str, str]
    rules: str


def render_check_page(
    result: CheckResult,
    before: FindPdf | None,
    after: FindPdf | None,
    title: str = "文書の照合結果",
) -> str:
    """Return the report of a check or a comparison as one page that asks for nothing.

    ``before`` and ``after`` tell where a document's PDFs lie; None where there are none. At most
    40 changed pages are drawn: the first of every document, then the second of every document,
    and so on.
    """
    matrices = list(_list_matrices(result))
    # Narrow screens scroll a matrix of several years.
    sizes = (
        f"#matrix-{n}{{min-width:{_TITLE + _YEAR * len(years)}em}}\n"
        for n, (_, years, _) in enumerate(matrices, 1)
        if len(years) > 1
    )
    script = (files(__package__) / "templates" / "check.js").read_text("utf-8")
    ids = {document.name: f"d{n}" for n, document in enumerate(result.documents, 1)}
    pages = _draw_pages(result.documents, (before, after), ids)
    told = [document for document in result.documents if document.stands_out]
    return render_page(
        __package__,
        "check.j2",
        ("page.css", "check.css"),
        rules="".join([*sizes, *(page.rules for own in pages.values() for page in own)]),
        script=Markup(script),
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        page_title=title,
        lead=_write_lead(result),
        ids=ids,
        labels=result.labels,
        levels=LEVEL_WORDS,
        signs=STATES,
        counts=_count_states(result.documents),
        matrices=matrices,
        marks=result.group_marks(),
        facts=[
            (tell_fact(change, result.names), documents, follows_from_marks(change))
            for change, documents in result.group_facts()
        ],
        documents=[_view_document(d, result.names, pages.get(d.name, [])) for d in told],
        quiet=[document for document in result.documents if told and document not in told],
    )


def _write_lead(result: CheckResult) -> str:
    """Return in a sentence or three how much differs, and what could not be compared."""
    total = len(result.documents)
    if not total:
        return "照合した文書はない。"
    differing = sum(document.differs for document in result.documents)
    blind = sum("not_comparable" in document.states.values() for document in result.documents)
    lead = (
        f"文書{total}件のうち{differing}件に違いがある。"
        if differing
        else f"文書{total}件のどれにも違いはない。"
    )
    if result.not_built:
        # What was not made was not compared: nothing is said of its differences.
        rest = total - len(result.not_built)
        same = f"作られた{rest}件に違いはないが、" if rest else ""
        missing = f"{len(result.not_built)}件は作られていない。"
        lead = f"{lead}{missing}" if differing else f"文書{total}件のうち、{same}{missing}"
    if blind:
        lead += f"{blind}件では、比べるPDFがないなどのため、比較できない段階がある。"
    return lead


def _count_states(
    documents: Sequence[DocumentResult],
) -> list[tuple[DocumentState, str, str, list[int]]]:
    """Return for each state that occurs its sign, its word and the documents on every level."""
    counts = {
        state: [sum(d.states[level] == state for d in documents) for level in LEVELS]
        for state in STATES
    }
    return [(s, *STATES[s][:2], found) for s, found in counts.items() if any(found)]


def _list_matrices(result: CheckResult) -> Iterator[tuple[str, list[str], list[Any]]]:
    """Yield for each plan its name, the years and the rows: a document's name, a cell a year."""
    plans: dict[str, dict[tuple[int, str], DocumentResult]] = {}
    for document in result.documents:
        found = document.briefing
        plan, year = (found.plan, found.fiscal_year) if found else ("", 0)
        plans.setdefault(plan, {})[year, document.own_name] = document
    for plan, own in plans.items():
        years = sorted({year for year, _ in own})
        rows = []
        for name in dict.fromkeys(name for _, name in own):
            cells = [own.get((year, name)) for year in years]
            rows.append((name_document(plan, name, result.names), cells))
        heads = [fiscal_year_long(year) if year else "状態" for year in years]
        yield result.names.get(plan) or name_document("", plan, {}), heads, rows


def _view_document(
    document: DocumentResult, names: Mapping[str, str], pages: Sequence[_Page]
) -> dict[str, Any]:
    states = [state for state in document.states.values() if state in _SENTENCES]
    return {
        "result": document,
        "sentences": [_SENTENCES[state] for state in dict.fromkeys(states)],
        "explains": document.differs and not {"missing", "orphaned"} & set(states),
        "facts": [_view_fact(change, document.facts, names) for change in document.facts],
        "texts": [
            (heading, [_pair_texts(change) for change in changes])
            for heading, changes in groupby(document.text, key=attrgetter("heading"))
        ],
        "pages": pages,
    }


def _view_fact(
    change: FactChange, others: Iterable[FactChange], names: Mapping[str, str]
) -> tuple[str, str, str, list[str]]:
    """Return what changed, from what, to what, and the items behind a count of marks."""
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        what, became = split_whole(change)
        sides = ("—", became) if change.before is None else (became, "—")
        return what, *sides, []
    if isinstance(change.before, list) or isinstance(change.after, list):
        what, gone, new = split_list(change, names)
        if not gone and not new:
            size = f"{len(change.after)}件"
            return what, size, f"{size}（順が変わった）", []
        return what, "\n".join(gone) or "—", "\n".join(new) or "—", []
    what, before, after = split_fact(change, names)
    return what, before, after, list(_find_behind(change, others, names))


def _find_behind(
    change: FactChange, others: Iterable[FactChange], names: Mapping[str, str]
) -> Iterator[str]:
    """Yield the items that came to or left the mark of a count over the whole document."""
    if change.path[0] == "status_counts":
        for other in others:
            # A mark of an item may carry its direction: "○ ahead".
            marks = {str(value).split(" ")[0] for value in (other.before, other.after)}
            if other.path[0] == "marks" and change.path[-1] in marks:
                yield tell_fact(other, names)


def _pair_texts(change: TextChange) -> tuple[list[list[Run]], list[list[Run]]]:
    """Return the lines before and after as runs; line by line where there are equally many."""
    if not change.before or not change.after or len(change.before) == len(change.after):
        pairs = list(zip_longest(change.before, change.after, fillvalue=""))
    else:
        pairs = [("\n".join(change.before), "\n".join(change.after))]
    marked = [_mark_cells(*pair) for pair in pairs]
    return [old for old, _ in marked if old], [new for _, new in marked if new]


def _mark_cells(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """Return a pair of lines as runs; of rows with equally many cells, cell by cell."""
    marked = [mark_changes(*pair) for pair in pair_cells(before, after)]
    if not marked:
        return mark_changes(before, after)
    between = Run(False, CELL)
    old, new = (
        [run for cell in side for run in (between, *cell)] for side in zip(*marked, strict=True)
    )
    return old[1:], new[1:]


def mark_changes(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """Return both texts as runs of characters that changed and that did not.

    >>> mark_changes("実績は97件", "実績は96件")[1]
    [Run(changed=False, text='実績は9'), Run(changed=True, text='6'), Run(changed=False, text='件')]
    """
    whole = ([Run(True, before)] if before else [], [Run(True, after)] if after else [])
    if len(before) * len(after) > _MOST_COMPARED:
        return whole
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _LEAST_ALIKE:
        return whole
    codes = matcher.get_opcodes()
    kept = [
        tag == "equal" and (b - a >= _LEAST_KEPT or n in (0, len(codes) - 1))
        for n, (tag, a, b, _, _) in enumerate(codes)
    ]
    old = [(not keep, before[a:b]) for keep, (_, a, b, _, _) in zip(kept, codes, strict=True)]
    new = [(not keep, after[c:d]) for keep, (_, _, _, c, d) in zip(kept, codes, strict=True)]
    return list(_join_runs(old)), list(_join_runs(new))


def _join_runs(parts: Iterable[tuple[bool, str]]) -> Iterator[Run]:
    for changed, run in groupby((part for part in parts if part[1]), key=itemgetter(0)):
        yield Run(changed, "".join(text for _, text in run))


Sides = tuple[FindPdf | None, FindPdf | None]


def _draw_pages(
    documents: Sequence[DocumentResult], sides: Sides, ids: Mapping[str, str]
) -> dict[str, list[_Page]]:
    """Return the pictures of changed pages by document, no more than fit into one report."""
    files = {document.name: _find_pdfs(document.name, sides) for document in documents}
    ranked = sorted(
        (rank, place)
        for place, document in enumerate(documents)
        for rank in range(len(document.pictures))
        if files[document.name]
    )
    chosen = set(ranked[:MOST_PAGES])
    drawn = {}
    for place, document in enumerate(documents):
        own = [c for rank, c in enumerate(document.pictures) if (rank, place) in chosen]
        pair = files[document.name]
        if own and pair:
            drawn[document.name] = list(_draw_document(own, pair, ids[document.name]))
    return drawn


def _find_pdfs(name: str, sides: Sides) -> tuple[Path, Path] | None:
    before, after = (find and find(name) for find in sides)
    return (before, after) if before and after and before.is_file() and after.is_file() else None


def _draw_document(
    changes: Iterable[PageChange], pair: tuple[Path, Path], identity: str
) -> Iterator[_Page]:
    with pdfium.PdfDocument(pair[0]) as old, pdfium.PdfDocument(pair[1]) as new:
        for change in changes:
            drawn = [_draw_side(document, change.page) for document in (old, new)]
            width = max(width for _, width in drawn)
            yield _Page(
                id=f"{identity}-p{change.page}",
                number=change.page,
                place=_tell_frame(change.frame),
                sides=(drawn[0][0], drawn[1][0]),
                rules=_write_rules(f"{identity}-p{change.page}", width, change.frame),
            )


def _draw_side(document: Any, page: int) -> tuple[str, int]:
    """Return a page (from 1) as a data URL and its width in pixels; "" and 0 if there is none."""
    if page > len(document):
        return "", 0
    picture = Image.fromarray(draw_page(document, page - 1, _DOTS_PER_INCH))
    file = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return encode_data_url("image/png", file.getvalue()), picture.width


def _tell_frame(frame: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = (round(100 * share) for share in frame)
    if (left, top, right, bottom) == (0, 0, 100, 100):
        return "ページ全体"
    return f"上から{top}〜{min(bottom, 100)}%、左から{left}〜{min(right, 100)}%"


def _write_rules(identity: str, width: int, frame: tuple[float, float, float, float]) -> str:
    left, top, right, bottom = (100 * min(max(share, 0.0), 1.0) for share in frame)
    return (
        f"#{identity}{{--width:{width}px}}\n"
        f"#{identity} .changed-frame{{left:{left:.2f}%;top:{top:.2f}%;"
        f"width:{right - left:.2f}%;height:{bottom - top:.2f}%}}\n"
    )
