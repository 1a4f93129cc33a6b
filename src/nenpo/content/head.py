"""The head of each kind of document."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from nenpo.analysis.progress import list_holders, name_department
from nenpo.content.briefing import OpenBriefing, OpenComparison
from nenpo.content.compared import find_common_word, list_compared
from nenpo.content.display import Head
from nenpo.data.schema.declarations import SURVEY_KEYS, Edition
from nenpo.language.fiscal import date_label, fiscal_year_label, fiscal_year_long


def write_sample_notice(words: Iterable[str], *, transcribed: bool) -> str:
    """Return the notice on a sample; ``words`` are what the municipalities are called (区, 市).

    ``transcribed``: its data were taken from documents that were published.

    >>> write_sample_notice(["区", "区"], transcribed=True)
    '見本（公表資料をもとに作成したもので、区の公表資料ではない）'
    """
    origin = "公表資料をもとに作成したもので、" if transcribed else ""
    return f"見本（{origin}{find_common_word(words)}の公表資料ではない）"


def annual(b: OpenBriefing) -> Head:
    """Return the head of the briefing on the whole plan."""
    label = fiscal_year_label(b.fiscal_year)
    meta = b.plan.meta
    title = f"{meta.report_title or f'{meta.short_title}の進捗状況について'}（{label}）"
    return _make_head("annual", title, "", b, b.edition)


def department(b: OpenBriefing) -> Head:
    """Return the head of a department's briefing."""
    label = fiscal_year_label(b.fiscal_year)
    name = name_department(b)
    title = f"{b.terms.lead}別 進捗状況（{label}）{name}"
    own = b.edition.model_copy(update={"reported_to": ""})
    made = _make_head("department", title, b.plan.meta.title, b, own)
    return replace(made, audience=b.edition.department_audience)


def inspection(b: OpenBriefing) -> Head:
    """Return the head of the analyst's check list."""
    title = f"点検票（{fiscal_year_label(b.fiscal_year)}）"
    subtitle = f"{b.plan.meta.title}　公表前の確認用（内部資料）"
    # An internal paper is reported to nobody and numbered by nobody.
    own = b.edition.model_copy(update={"reported_to": "", "document_number": ""})
    return _make_head("inspection", title, subtitle, b, own)


def comparison(b: OpenComparison) -> Head:
    """Return the head of the comparison of plans."""
    meta, edition = b.catalogue.meta, b.edition
    plans = list_compared(b.catalogue)
    names = dict.fromkeys(plan.meta.municipality.name or "" for plan in plans)
    return Head(
        **_take_from(edition),
        kind="comparison",
        title=f"{meta.title if meta else ''}（{fiscal_year_label(edition.fiscal_year)}）",
        subtitle=meta.subtitle if meta else "",
        municipality="・".join(name for name in names if name),
        plan_title=meta.title if meta else "",
        fiscal_year_label=fiscal_year_long(edition.fiscal_year),
        department=None,
        sample_notice=write_sample_notice(
            (plan.meta.municipality.word for plan in plans),
            transcribed=all(plan.meta.sources for plan in plans),
        )
        if edition.sample
        else "",
    )


def _link_departments(b: OpenBriefing) -> dict[str, str]:
    """Return the pages of the other departments by the names of these.

    Whoever has a share in an item of the year has one; a generic name (各所管課) has none.
    """
    folder = "" if b.department else "departments/"
    names, held = b.plan.department_names, set(list_holders(b.whole)["department"])
    others = (name for name in names if name in held and name != b.department)
    return {names[name]: f"{folder}{name}.html" for name in others}


def _make_head(kind: str, title: str, subtitle: str, b: OpenBriefing, edition: Edition) -> Head:
    meta = b.plan.meta
    return Head(
        **_take_from(edition),
        kind=kind,  # type: ignore[arg-type]  # the callers above name the three kinds
        title=title,
        subtitle=subtitle or meta.title,
        municipality=meta.municipality.name or f"（{meta.municipality.word}名の記載なし）",
        plan_title=meta.title,
        fiscal_year_label=fiscal_year_long(b.fiscal_year),
        department=b.department,
        sample_notice=write_sample_notice([meta.municipality.word], transcribed=bool(meta.sources))
        if edition.sample
        else "",
        # From the 点検票, which lies apart, no page is near.
        links={} if kind == "inspection" else _link_departments(b),
    )


def _take_from(edition: Edition) -> dict[str, Any]:
    """Return what a head takes from the edition as it is, dates also as documents show them."""
    as_of, issued = (date_label(date.fromisoformat(d)) for d in (edition.as_of, edition.issued))
    revised = f"（改訂{edition.revision}）" if edition.revision else ""
    given = edition.model_dump(exclude={"sample", "department_audience", *SURVEY_KEYS})
    return given | {"as_of_label": as_of, "issued_label": f"{issued}{revised}"}
