"""Two editions of one plan → the paper on what changed between its years: as lines, as a page.

Both are read from the plan's tables as they are now, so nothing has to be built for it.
"""

from collections.abc import Iterator
from pathlib import Path

from nenpo.analysis.progress import load_year
from nenpo.build.manifest import MANIFEST
from nenpo.content.display import Table
from nenpo.content.years import YearsPaper, compare
from nenpo.data.load import load_plan
from nenpo.data.naming import tell_year
from nenpo.data.project import list_plans
from nenpo.errors import NotComparable, OtherPlan
from nenpo.export.blocks import NumberedTable, pair_rows
from nenpo.export.html_table import view_table
from nenpo.export.page import render_page

_SHOWN = 12  # rows of a table at the terminal: the page has them all
_FEW = 3
_LONGEST = 60  # characters of a text there
_SHORT = 30  # of the longest text of a row that stands in one line


def find_paper(root: Path, before: str, after: str) -> YearsPaper | None:
    """Return the paper on two years of a plan; None if one of the texts is an output folder.

    Raises ``OtherPlan`` for years of two plans, and ``NotComparable`` for what is no reported year.
    """
    texts = [text.strip("/") for text in (before, after)]
    if any((Path(text) / MANIFEST).is_file() for text in (before, after)):
        return None
    known = list_plans(root)
    plans = {text.partition("/")[0] for text in texts}
    if unknown := [text for text in texts if text.partition("/")[0] not in known]:
        raise NotComparable(
            value=unknown[0], allowed=", ".join(f"{each}/…" for each in known) or "—", hint=""
        )
    if len(plans) > 1:
        raise OtherPlan(value=", ".join(texts))
    plan = load_plan(plans.pop(), root)
    editions = {f"{plan.id}/{year}": year for year in sorted(plan.reported_years)}
    for text in texts:
        if text not in editions:
            hint = tell_year(text.rpartition("/")[2])
            raise NotComparable(value=text, allowed=", ".join(editions) or "—", hint=hint)
    first, second = sorted(editions[text] for text in texts)
    return compare(load_year(plan, first), load_year(plan, second))


def tell_paper(paper: YearsPaper) -> Iterator[str]:
    """Yield the paper as lines for a terminal; of long tables and texts the beginning."""
    yield f"{paper.plan_title}　{paper.title}"
    yield from paper.lead
    for section in paper.sections:
        yield ""
        yield f"■ {section.title}"
        for table in section.tables:
            yield from _tell_table(table, named=section.folded)


def _tell_table(table: Table, named: bool) -> Iterator[str]:
    if named:
        yield f"  {table.caption}"
    pairs, shown = pair_rows(table), 0
    total = sum(kind in ("body", "attention") for _, kind in pairs)
    # A remark on the few that are left would be as long as they are.
    limit = total if total <= _SHOWN + _FEW else _SHOWN
    for row, kind in pairs:
        if shown == limit < total and kind != "note":
            yield f"    ほか{total - shown}行（--html で全てを1ページに書く）"
            break
        if kind == "group":
            yield f"  {row[0]}（{row[1]}）"
        elif kind == "note":
            yield f"      {_cut(row[0])}"
        else:
            shown += 1
            yield from _tell_row(table, row)
    if table.note:
        yield f"  注：{table.note}"


def _tell_row(table: Table, row: tuple[str, ...]) -> Iterator[str]:
    """Yield the head of a row, unless it goes on from the one above, and its cells by column."""
    cells = [
        f"{column.label}：{_cut(text)}"
        for column, text in zip(table.columns[1:], row[1:], strict=True)
        if text
    ]
    if row[0]:
        yield f"    {_cut(row[0])}"
    short = all(len(cell) <= _SHORT for cell in cells)
    yield from (f"      {text}" for text in (["　".join(cells)] if short else cells))


def _cut(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def render_paper(paper: YearsPaper) -> str:
    """Return the paper as one page that asks for nothing; long texts unfold."""
    number = 0
    sections = []
    for section in paper.sections:
        views = []
        for table in section.tables:
            number += 1
            views.append(view_table(NumberedTable(number, table)))
        sections.append((section, views))
    return render_page(
        __package__,
        "years.j2",
        ("page.css", "briefing.css", "years.css"),
        rules="".join(view.rules for _, views in sections for view in views),
        paper=paper,
        sections=sections,
    )
