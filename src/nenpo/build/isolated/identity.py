"""A document says which one it is: it has to be the one that was to be made, whatever the cause."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nenpo.build.briefing import Briefing
from nenpo.errors import OtherBriefing, Words
from nenpo.export.document import Document
from nenpo.language.fiscal import fiscal_year_label

_FISCAL_YEAR = re.compile(r"[一-龠]{2}(?:元|[0-9]+)年度")


def check_identity(briefing: Briefing, document: Document) -> None:
    """Raise ``OtherBriefing`` if head or facts name another plan, year, department or kind.

    Nor may the head state otherwise what the notebook was given for it (the date, draft or final);
    but it may leave that out, as an internal paper does to whom it is reported.
    """
    identity = {
        "kind": briefing.kind,
        "plan": briefing.plan,
        "fiscal_year": briefing.fiscal_year,
        "department": briefing.department,
    }
    head = vars(document.head)
    stated = {name: head[name] for name in briefing.parameters if head.get(name, "") != ""}
    facts = document.facts.values if document.facts else {}
    wrong = [
        *_compare(Words("頭書", "head"), head, identity),
        *_compare_years(head, fiscal_year_label(briefing.fiscal_year)),
        *_compare(Words("頭書", "head"), stated, {**briefing.parameters, **identity}),
        *_compare(Words("事実", "facts"), facts, identity),
    ]
    if wrong:
        told = dict.fromkeys(wrong)
        differences = Words("、".join(w.ja for w in told), "; ".join(w.en for w in told))
        raise OtherBriefing(expected=briefing.full_name, differences=differences)


def _compare_years(head: Mapping[str, Any], label: str) -> Iterator[Words]:
    """Yield what the head calls the year, if it names fiscal years without the one it is about."""
    for name in ("title", "fiscal_year_label"):
        if label not in (named := _FISCAL_YEAR.findall(head[name])) and named:
            yield from _compare(Words("頭書", "head"), {name: "、".join(named)}, {name: label})


def _compare(
    where: Words, shown: Mapping[str, Any], expected: Mapping[str, Any]
) -> Iterator[Words]:
    form = Words("{}の {} が{}でなく{}である", "{}: {} is not {} but {}")
    for name, value in expected.items():
        if name in shown and shown[name] != value:
            yield form.fill(where, name, _quote(value), _quote(shown[name]))


def _quote(value: Any) -> Words:
    if value is None:
        return Words("なし", "none")
    return Words("「{}」", "'{}'").fill(str(value)[:60])
