"""The pages around the briefings: every edition on one page, every briefing of an edition."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal
from urllib.parse import quote

from nenpo.build.briefing import INTERNAL
from nenpo.content.head import write_sample_notice
from nenpo.content.kinds import INTERNAL_KINDS, BriefingKind
from nenpo.content.wording import NOT_REPORTED
from nenpo.export import FORMATS
from nenpo.export.page import list_badges, render_page

_STYLESHEETS = ("page.css", "site.css")
# Widths in em of the table's text, as in site.css: one mark's count; all other columns together.
_COUNT, _OTHERS = 4.5, 38.0

_OF_ITEMS = ("rows", "reported")


@dataclass(frozen=True)
class BriefingListing:
    """One briefing: ``name`` is its path in the edition without suffix (``annual``).

    ``facts`` are those of the published documents (the facts contract) as far as they are shown,
    None where there are none. ``failed``: the last build could not make it; facts are then those
    of the set before.
    """

    kind: BriefingKind
    name: str
    title: str
    facts: Mapping[str, Any] | None
    failed: bool = False


@dataclass(frozen=True)
class EditionListing:
    """One plan in one fiscal year; ``scale`` is (mark, label, tone) each, in the plan's order.

    ``word`` is what the municipality is called (区, 市), "" where there are several; ``item`` what
    the plan calls its items (取組), "" for the comparison.
    ``totals`` are (key, heading) of the numbers that stand beside the marks, or in their place:
    ``rated``, ``unrated``, ``off_schedule``; ``rows``, ``reported``, ``figures``, ``indicators``,
    ``themes``. ``off`` heads the column of ``off_schedule``; ``ahead``: some of those run ahead.
    ``transcribed``: the data were taken from published documents.
    """

    plan: str
    plan_title: str
    municipality: str
    word: str
    item: str
    fiscal_year: int
    fiscal_year_label: str
    scale: tuple[tuple[str, str, str], ...]
    sample: bool
    state: Literal["draft", "final"]
    entries: tuple[BriefingListing, ...]
    totals: tuple[tuple[str, str], ...]
    off: str = ""
    ahead: bool = False
    transcribed: bool = True

    @property
    def whole(self) -> BriefingListing | None:
        """The document on the whole plan, or on all plans."""
        return next((e for e in self.entries if e.kind in ("annual", "comparison")), None)

    @property
    def counts_twice(self) -> bool:
        """Whether the departments' counts add up to more than the whole plan's."""
        key = self.totals[0][0] if self.totals else ""
        parts = [entry for entry in self.entries if entry.kind == "department"]
        counts = [int(_count(entry.facts or {}, key) or 0) for entry in parts]
        whole = _count(self.whole.facts, key) if self.whole and self.whole.facts else ""
        return bool(whole) and sum(counts) > int(whole)

    @property
    def has_unrated(self) -> bool:
        """Whether a row of the whole plan carries no mark."""
        return bool(self.whole and self.whole.facts and self.whole.facts.get("unrated"))


@dataclass(frozen=True)
class _Counts:
    """The counts of one briefing as shown: marks in scale order, then (heading, total)."""

    marks: tuple[tuple[str, str, str, int], ...]
    totals: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Line:
    """One row: what it leads to, its counts (None without facts), links to its other forms.

    ``failure`` and ``missing`` tell that it could not be made, and what was not reported.
    """

    title: str
    address: str
    badges: Sequence[tuple[str, str]]
    counts: _Counts | None
    links: tuple[tuple[str, str], ...]
    failure: str
    missing: str


def render_site(listings: Iterable[EditionListing]) -> dict[str, str]:
    """Return the pages by their path below the output folder: ``index.html`` and one an edition.

    They are public, and know nothing of the 点検票 (inspections): those are listed by
    ``internal/index.html``. Every address is relative, so that the folder can be moved or read
    from a disk.
    """
    editions = sorted(listings, key=lambda edition: (edition.plan, -edition.fiscal_year))
    public = _keep_entries(editions, lambda entry: entry.kind not in INTERNAL_KINDS)
    pages = {
        f"{edition.plan}/{edition.fiscal_year}/index.html": _render_edition(
            edition, [other for other in public if other.plan == edition.plan]
        )
        for edition in public
    }
    internal = _keep_entries(editions, lambda entry: entry.kind in INTERNAL_KINDS)
    return {
        "index.html": _render_list("index.j2", public),
        f"{INTERNAL}/index.html": _render_list("internal.j2", internal),
        **pages,
    }


def _keep_entries(
    editions: Iterable[EditionListing], wanted: Callable[[BriefingListing], bool]
) -> list[EditionListing]:
    """Return the editions with the wanted entries alone; none without any."""
    kept = (replace(e, entries=tuple(filter(wanted, e.entries))) for e in editions)
    return [edition for edition in kept if edition.entries]


def _render_list(template: str, editions: Sequence[EditionListing]) -> str:
    """Return a page of several editions and their briefings."""
    plans = [list(years) for _, years in groupby(editions, key=lambda edition: edition.plan)]
    return render_page(
        __package__,
        template,
        _STYLESHEETS,
        plans=[(years[0], [_list_edition(edition) for edition in years]) for years in plans],
        sample=_note_samples(editions),
    )


def _render_edition(edition: EditionListing, all_years: Sequence[EditionListing]) -> str:
    """Return the page of an edition, with links to those of the plan's years beside it."""
    whole = [entry for entry in edition.entries if entry.kind != "department"]
    departments = [entry for entry in edition.entries if entry.kind == "department"]
    compares = any(entry.kind == "comparison" for entry in whole)
    groups = [
        ("計画の比較" if compares else "計画全体", whole),
        ("担当部署別（延べ）" if edition.counts_twice else "担当部署別", departments),
    ]
    width = _OTHERS + _COUNT * len(edition.scale)
    return render_page(
        __package__,
        "edition.j2",
        _STYLESHEETS,
        rules=f"#briefings{{min-width:{width:.1f}em}}\n",
        edition=edition,
        groups=[(name, [_list_briefing(edition, e) for e in group]) for name, group in groups],
        badges=list_badges("", edition.state),
        sample=_note_samples([edition]),
        years=list(_list_neighbours(edition, all_years)),
    )


def _list_neighbours(
    edition: EditionListing, all_years: Sequence[EditionListing]
) -> Iterator[tuple[str, str]]:
    """Yield (address, name) of the editions next before and next after."""
    by_year = {other.fiscal_year: other for other in all_years}
    before = max((year for year in by_year if year < edition.fiscal_year), default=None)
    after = min((year for year in by_year if year > edition.fiscal_year), default=None)
    for year in (before, after):
        if year is not None:
            yield f"../{year}/index.html", f"{by_year[year].fiscal_year_label}の文書一覧"


def _note_samples(editions: Sequence[EditionListing]) -> str:
    """Return the notice on samples; a comparison has no word of its own for its municipalities."""
    samples = [edition for edition in editions if edition.sample]
    words = [edition.word for edition in samples if edition.word]
    if samples and len(samples) < len(editions):
        return "見本を含む（見本の文書は、1ページ目にその旨を示す）"
    transcribed = all(edition.transcribed for edition in samples)
    return write_sample_notice(words, transcribed=transcribed) if samples else ""


def _list_edition(edition: EditionListing) -> tuple[_Line, list[_Line]]:
    """Return an edition as a row, its counts those of the whole plan, and its briefings."""
    folder = f"{quote(edition.plan)}/{edition.fiscal_year}/"
    whole = edition.whole
    failed = sum(entry.failed for entry in edition.entries)
    line = _Line(
        title=edition.fiscal_year_label,
        address=f"{folder}index.html",
        badges=list_badges("", edition.state),
        counts=_count_items(edition, whole.facts) if whole and whole.facts else None,
        links=_list_links(whole, folder) if whole else (),
        failure=f"作成又は更新できなかった文書 {failed}件" if failed else "",
        missing=_tell_missing(whole.facts) if whole and whole.facts else "",
    )
    return line, [_list_briefing(edition, entry, folder) for entry in edition.entries]


def _list_briefing(edition: EditionListing, entry: BriefingListing, folder: str = "") -> _Line:
    published = entry.facts is not None
    failure = "更新できなかった（前回の版を残している）" if published else "作成できなかった"
    return _Line(
        title=entry.title,
        address=f"{folder}{quote(entry.name)}.html" if published else "",
        badges=list_badges(entry.kind, ""),
        counts=_count_items(edition, entry.facts) if entry.facts else None,
        links=_list_links(entry, folder),
        failure=failure if entry.failed or not published else "",
        missing=_tell_missing(entry.facts) if entry.facts else "",
    )


def _tell_missing(facts: Mapping[str, Any]) -> str:
    """Return how many items were not reported, "" where all were: they are counted nowhere."""
    missing = facts.get("unreported")
    return f"進捗が{NOT_REPORTED}の取組 {len(missing)}件" if missing else ""


def _list_links(entry: BriefingListing, folder: str) -> tuple[tuple[str, str], ...]:
    if entry.facts is None:
        return ()
    base = folder + quote(entry.name)
    return tuple((form.label, f"{base}{form.suffix}") for form in FORMATS)


def _count_items(edition: EditionListing, facts: Mapping[str, Any]) -> _Counts | None:
    """Return the counts of a briefing; of items none where nothing of them was reported."""
    silent = facts.get("rows") == 0
    if silent and edition.scale:
        return None
    counts = facts.get("status_counts", {})
    return _Counts(
        marks=tuple(
            (mark, label, tone, counts.get(mark, 0)) for mark, label, tone in edition.scale
        ),
        totals=tuple(
            (heading, "" if silent and key in _OF_ITEMS else _count(facts, key))
            for key, heading in edition.totals
        ),
    )


def _count(facts: Mapping[str, Any], key: str) -> str:
    """Return a number of the facts, or how many entries a list of theirs has."""
    found = facts.get("coverage", {}).get(key) if key == "reported" else facts.get(key)
    if found is None:
        return ""
    return str(found) if isinstance(found, int) else str(len(found))
