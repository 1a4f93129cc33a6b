"""What is wrong, or worth a second look, in data and params, edition by edition."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from nenpo.build.params import NOTE, check_folders, list_series, read_input, tell_without_params
from nenpo.build.select import choose_editions, list_briefings, parse_selectors, require_briefing
from nenpo.data.schema.declarations import Edition
from nenpo.data.shared_files import COMPARISON
from nenpo.errors import Words, message_language
from nenpo.files import list_data_files


def validate_plans(root: Path, selectors: Iterable[str] = ()) -> Iterator[str]:
    """Check what the selectors name (all without any), and yield a line for each valid edition.

    Findings that are no errors follow, each with its place. A plan without an edition is
    checked, too. Raises as :func:`select_briefings`.
    """
    # Imported here: only the findings need frames.
    from nenpo.content.copies import compare_all
    from nenpo.content.findings import check_authors, list_findings
    from nenpo.data.plan import make_plan
    from nenpo.data.text_notes import list_text_notes

    wanted = parse_selectors(root, selectors)
    check_folders(root)
    plans = [selector.plan for selector in wanted] or list_series(root)
    chosen = choose_editions(root, wanted, dict.fromkeys(plans))
    editions, rows = read_input(root, chosen, plans)
    briefings = [b for edition in editions for b in list_briefings(edition, rows.get(edition.plan))]
    for selector in wanted:
        if selector.fiscal_year is not None or selector.plan == COMPARISON:
            require_briefing(root, selector, briefings)
    yield from (f"{edition.plan}/{edition.fiscal_year}: OK" for edition in editions)
    yield from (line for edition in editions for line in _check_dates(edition))
    alone = {plan for plan in plans if plan in rows} - {edition.plan for edition in editions}
    yield from (f"{plan}: OK" for plan in sorted(alone))
    yield from tell_without_params(root, plans)
    valid = {plan: make_plan(rows[plan]) for plan in sorted(set(plans) & rows.keys())}
    for plan, made in valid.items():
        own = [each for each in editions if each.plan == plan]
        authors = (check_authors(made, each) for each in own)
        years = {each.fiscal_year for each in own}
        for finding in (*chain.from_iterable(authors), *list_findings(made, editions=years)):
            yield f"{NOTE}: {finding.place}: {finding.message(message_language())}"
    for finding in compare_all(valid.values()):
        yield f"{NOTE}: {finding.place}: {finding.message(message_language())}"
    params = [root / "params" / each.plan / f"{each.fiscal_year}.yaml" for each in editions]
    for note in list_text_notes(root, [*_list_data(root, plans, bool(wanted)), *params]):
        yield f"{NOTE}: {note.place}: {note.message}"


def _list_data(root: Path, plans: Iterable[str], chosen: bool) -> Iterator[Path]:
    """Yield the files of the plans, and without a choice those of several plans, too."""
    named = set(plans)
    for path in list_data_files(root):
        folder, *inner = path.relative_to(root).parts[1:]
        if folder in named if inner else not chosen:
            yield path


def _check_dates(edition: Edition) -> Iterator[str]:
    """Yield a note where dates look like those of another edition."""
    place = f"params/{edition.plan}/{edition.fiscal_year}.yaml"
    first, after = f"{edition.fiscal_year}-04-01", f"{edition.fiscal_year + 2}-04-01"
    notes = (
        (
            edition.issued < edition.as_of,
            Words("発行日が基準日より前である。", "issued before as_of."),
        ),
        (
            not first <= edition.as_of < after,
            Words("基準日が年度から離れている。", "as_of is far from the fiscal year."),
        ),
    )
    yield from (f"{NOTE}: {place}: {told}" for wrong, told in notes if wrong)
