"""An opened briefing of values that a test has at hand, as a notebook would open it."""

from dataclasses import replace
from typing import Any

from nenpo.analysis.progress import Year, load_year
from nenpo.content.briefing import OpenBriefing, OpenComparison
from nenpo.data.catalogue import Catalogue
from nenpo.data.schema.declarations import Edition


def make_edition(plan: str, fiscal_year: int) -> Edition:
    """Return an edition of which nothing but the names is anybody's."""
    return Edition(
        plan=plan,
        fiscal_year=fiscal_year,
        as_of="2022-03-31",
        issued="2022-07-01",
        state="final",
        revision=0,
        document_number="",
        reported_to="",
        prepared_by="",
        contact="",
        handling="",
        sample=False,
        attach_data=False,
    )


def brief(year: Year, edition: Edition | None = None, **known: Any) -> OpenBriefing:
    """Return the briefing of a year; ``known`` takes the place of what it would find out."""
    edition = edition or make_edition(year.plan.id, year.fiscal_year)
    whole = known.pop("whole", None) or load_year(year.plan, year.fiscal_year)
    opened = OpenBriefing(**vars(year), edition=edition, whole=whole)
    vars(opened).update(known)
    return opened


def compare(catalogue: Catalogue, fiscal_year: int = 2021) -> OpenComparison:
    """Return the comparison of a catalogue's plans."""
    return OpenComparison(make_edition("comparison", fiscal_year), catalogue)


def redirect(b: OpenBriefing, year: Year) -> OpenBriefing:
    """Return the briefing with another year in the place of its own."""
    return replace(b, **vars(year))
