"""The head of each kind of document."""

from datetime import date

from nenpo.briefing import Head
from nenpo.declarations import Edition
from nenpo.fiscal import date_label, fiscal_year_label, fiscal_year_long
from nenpo.progress import Year
from nenpo.sentences import name_department

SAMPLE_NOTICE = "見本（公表資料をもとに作成したもので、区の公表資料ではない）"


def head_annual(year: Year, edition: Edition) -> Head:
    """Return the head of the briefing on the whole plan."""
    label = fiscal_year_label(year.fiscal_year)
    title = f"{year.plan.meta.short_title}の進捗状況について（{label}）"
    return _make_head("annual", title, "", year, edition)


def head_department(year: Year, edition: Edition) -> Head:
    """Return the head of a department's briefing."""
    label = fiscal_year_label(year.fiscal_year)
    name = name_department(year)
    title = f"所管課別 進捗状況（{label}）{name}"
    return _make_head("department", title, year.plan.meta.title, year, edition)


def head_inspection(year: Year, edition: Edition) -> Head:
    """Return the head of the analyst's check list."""
    title = f"点検票（{fiscal_year_label(year.fiscal_year)}）"
    subtitle = f"{year.plan.meta.title}　公表前の確認用（内部資料）"
    return _make_head("inspection", title, subtitle, year, edition)


def _make_head(kind: str, title: str, subtitle: str, year: Year, edition: Edition) -> Head:
    meta = year.plan.meta
    return Head(
        kind=kind,  # type: ignore[arg-type]  # the callers above name the three kinds
        title=title,
        subtitle=subtitle or meta.title,
        municipality=meta.municipality.name or "",
        plan=year.plan.id,
        plan_title=meta.title,
        fiscal_year=year.fiscal_year,
        fiscal_year_label=fiscal_year_long(year.fiscal_year),
        department=year.department,
        document_number=edition.document_number,
        reported_to=edition.reported_to,
        prepared_by=edition.prepared_by,
        contact=edition.contact,
        as_of=edition.as_of,
        as_of_label=date_label(date.fromisoformat(edition.as_of)),
        issued=edition.issued,
        issued_label=_label_issue(edition),
        state=edition.state,
        revision=edition.revision,
        handling=edition.handling,
        sample_notice=SAMPLE_NOTICE if edition.sample else "",
        attach_data=edition.attach_data,
    )


def _label_issue(edition: Edition) -> str:
    revised = f"（改訂{edition.revision}）" if edition.revision else ""
    return f"{date_label(date.fromisoformat(edition.issued))}{revised}"
