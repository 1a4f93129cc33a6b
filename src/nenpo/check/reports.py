"""A check's result as text: for a terminal, JUnit, GitHub, JSON; and a table of errata."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import product
from xml.etree import ElementTree

from nenpo.build.briefing import BriefingName
from nenpo.build.causes.why import cut_list
from nenpo.check.accepted import Acceptance
from nenpo.check.changes import LEVELS, TextChange
from nenpo.check.compare import Erratum
from nenpo.check.result import STATES, CheckResult, DocumentResult, DocumentState
from nenpo.check.words import (
    LEVEL_WORDS,
    follows_from_marks,
    name_edition,
    tell_fact,
    tell_marks,
)
from nenpo.errors import Words

# What XML 1.0 has no way to write; ElementTree writes it all the same.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN = 40
_SHOWN_CAUSES = 10
_ANNOTATIONS = 10
# What JUnit calls a state; any other that is not "same" is a failure.
_OUTCOMES: Mapping[DocumentState, str] = {"not_built": "error", "not_comparable": "skipped"}
_SUM = Words(
    "{} 件のうち {} 件に違いがあり、{} 件は作られていない。",
    "{} document(s), {} differ, {} not built.",
)
_MORE = Words("ほか {} 件", "and {} more")
_CHANGED = Words("確定時から変わったもの", "Changed since it was accepted")
_UNCHANGED = Words("元になったものは何も変わっていない", "nothing that it is made from changed")
_UNKNOWN = Words("何から作ったかの記録がない", "there is no record of what it was made from")


def tell_result(result: CheckResult) -> Iterator[str]:
    """Yield the lines for a terminal: the matrix, the facts in words, texts, why, a sum."""
    yield from _draw_matrix(result)
    facts = [[line] for line in list_fact_lines(result)]
    yield from _show(
        Words("変わった事実（大きい順）", "Changed facts, largest effect first"), facts
    )
    texts = [
        [
            f"{_name(result, alike)} {change.heading}".rstrip(),
            *(f"  {_cut(line, 162)}" for line in _tell_lines(change)),
        ]
        for change, alike in result.group_texts()
    ]
    yield from _show(Words("変わった文章", "Changed texts"), texts)
    structures = [
        [f"{_name(result, alike)}: {_cut(sentence)}"]
        for sentence, alike in result.group_structures()
    ]
    yield from _show(Words("変わった構成", "Changed structure"), structures)
    yield from _tell_why(result)
    differing = sum(document.differs for document in result.documents)
    yield str(_SUM.fill(len(result.documents), differing, len(result.not_built)))


def _show(head: Words, entries: Sequence[Iterable[str]], last: Iterable[str] = ()) -> Iterator[str]:
    """Yield a heading and the entries' lines below it: of many entries the first, all ``last``."""
    if entries or last:
        yield ""
        yield f"{head}:"
    for entry in entries[:_SHOWN]:
        yield from (f"  {line}" for line in entry)
    if len(entries) > _SHOWN:
        yield f"  {_MORE.fill(len(entries) - _SHOWN)}"
    yield from (f"  {line}" for line in last)


def _draw_matrix(result: CheckResult) -> Iterator[str]:
    """Yield a line an edition: how many documents are as accepted, then each that is not."""
    for edition, own in result.editions.items():
        odd = [document for document in own if document.stands_out]
        same = Words("同じ {}", "{} same").fill(len(own) - len(odd))
        yield f"{name_edition(edition, result.names)}: {same}"
        for document in odd:
            levels = (
                f"{Words(LEVEL_WORDS[level], level)} {Words(*STATES[state][1:])}"
                for level, state in document.states.items()
                if state != "same"
            )
            told = str(Words(*STATES[document.state][1:])) if document.state else ", ".join(levels)
            signs = "".join(STATES[document.states[level]][0] for level in LEVELS)
            # Without an edition there is nothing to select: it is one of two that are compared.
            selector = f" [{document.briefing.selector}]" if document.briefing else ""
            yield f"  {signs} {document.title}{selector}: {told}"


def list_fact_lines(result: CheckResult) -> list[str]:
    """Return the changed facts in words: marks first, then all that does not follow from them."""
    lines = [f"{_name(result, alike)}: {told}" for told, alike in result.group_marks()]
    for change, documents in result.group_facts():
        # Counts of marks are told where no mark changed: an item that went to another goal.
        untold = [d for d in documents if not tell_marks(d.facts, result.names)]
        if rest := untold if follows_from_marks(change) else documents:
            lines.append(f"{_name(result, rest)}: {tell_fact(change, result.names)}")
    return lines


def _name(result: CheckResult, documents: Sequence[DocumentResult]) -> str:
    more = Words(" ほか{}文書", " and {} more").fill(len(documents) - 1)
    return f"{result.labels[documents[0].name]}{more if documents[1:] else ''}"


def _cut(line: str, length: int = 160) -> str:
    return line if len(line) <= length else line[:length] + "…"


def _tell_why(result: CheckResult) -> Iterator[str]:
    known = [
        [f"{_name(result, alike)}:", *(f"  {line}" for line in cut_list(causes, _SHOWN_CAUSES))]
        for causes, alike in result.group_causes()
    ]
    differing = [document for document in result.documents if document.differs]
    unchanged = [d for d in differing if d.why == ()]
    unknown = [d for d in differing if d.why is None and d.state is None]
    rest = [
        f"{_name(result, alike)}: {words}"
        for alike, words in ((unchanged, _UNCHANGED), (unknown, _UNKNOWN))
        if alike
    ]
    yield from _show(_CHANGED, known, rest)


def write_junit(result: CheckResult) -> str:
    """Return JUnit XML: a test case for each document and level."""
    suites = ElementTree.Element("testsuites")
    for edition, own in result.editions.items():
        suite = ElementTree.SubElement(suites, "testsuite", name=f"nenpo check {edition or '—'}")
        counts = Counter[str]()
        for document, level in product(own, LEVELS):
            case = ElementTree.SubElement(suite, "testcase", classname=document.name, name=level)
            state = document.states[level]
            if state == "same":
                continue
            outcome = _OUTCOMES.get(state, "failure")
            counts[outcome] += 1
            told = ElementTree.SubElement(case, outcome, message=STATES[state][2])
            if outcome == "failure":
                causes = cut_list(document.why or (), _SHOWN_CAUSES)
                lines = [f"{_CHANGED}: {cause}" for cause in causes]
                text = "\n".join([*tell_level(document, level, result), *lines])
                told.text = _FORBIDDEN.sub("\ufffd", text)
        suite.set("tests", str(len(suite)))
        for outcome, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            suite.set(name, str(counts[outcome]))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def tell_level(document: DocumentResult, level: str, result: CheckResult) -> Iterator[str]:
    """Yield what changed of a document on one level, in words."""
    if level == "facts":
        yield from (tell_fact(change, result.names) for change in document.facts)
    elif level == "text":
        for change in document.text:
            yield from _tell_lines(change)
    elif level == "structure":
        yield from document.structure
    else:
        yield from (f"{page.page}ページ（{page.tiles}か所）" for page in document.pictures)


def _tell_lines(change: TextChange) -> Iterator[str]:
    yield from (f"- {line}" for line in change.before)
    yield from (f"+ {line}" for line in change.after)


def tell_github(result: CheckResult) -> Iterator[str]:
    """Yield workflow commands, at most ten: the worst first, one for each group alike."""
    told = [*_list_findings(result)]
    for kind, text in told[: _ANNOTATIONS - 1]:
        yield f"::{kind} title=nenpo check::{_escape_command(_cut(text, 400))}"
    rest = len(told) - (_ANNOTATIONS - 1)
    if rest > 0:
        yield f"::notice title=nenpo check::and {rest} more; see the report"


def _list_findings(result: CheckResult) -> Iterator[tuple[str, str]]:
    """Yield how bad a finding is, and the finding: what is not there, then level by level."""
    whole: dict[DocumentState, str] = {
        "not_built": "error",
        "orphaned": "warning",
        "missing": "warning",
    }
    for absence, kind in whole.items():
        yield from ((kind, line) for line in _tell_state(result, absence))
    yield from (("warning", line) for line in list_fact_lines(result))
    # A sentence of ours reads alike in every edition: one remark on all of them.
    for change, alike in result.group_texts(by_edition=False):
        yield "warning", f"{_name(result, alike)} {' / '.join(_tell_lines(change))}"
    for sentence, alike in result.group_structures():
        yield "warning", f"{_name(result, alike)}: {sentence}"
    for causes, alike in result.group_causes():
        told = " / ".join(cut_list(causes, _SHOWN_CAUSES))
        yield "notice", f"{_name(result, alike)}: {_CHANGED}: {told}"
    looks: tuple[DocumentState, ...] = ("changed", "flaky", "drift")
    for look in looks:
        yield from (("notice", line) for line in _tell_state(result, look, "picture "))


def _tell_state(result: CheckResult, state: DocumentState, level: str = "") -> Iterator[str]:
    """Yield by edition the documents with a state: on any level, or as a picture, with pages."""
    for edition, documents in result.editions.items():
        names = []
        for document in documents:
            states = [document.states["picture"]] if level else document.states.values()
            pages = ", ".join(str(change.page) for change in document.pictures)
            if state in states:
                names.append(f"{document.own_name} (p. {pages})" if pages else document.own_name)
        if names:
            yield f"{edition or '—'}: {level}{STATES[state][2]}: {', '.join(names)}"


def _escape_command(text: str) -> str:
    # As GitHub's own toolkit does: a text must not begin a command of its own.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def write_summary(result: CheckResult) -> str:
    """Return the step summary in Markdown; texts are code, so that they stay text."""
    rows = [
        f"| `{d.name}` | " + " | ".join(STATES[d.states[level]][1] for level in LEVELS) + " |"
        for d in result.documents
        if d.stands_out
    ]
    head = [
        "## nenpo check",
        "",
        f"{len(result.documents)} 件のうち {len(rows)} 件に違いがある。",
    ]
    if rows:
        head += ["", "| 文書 | 事実 | 文章 | 構成 | 見た目 |", "|---|---|---|---|---|", *rows]
    facts = [f"- `{_plain(line)}`" for line in list_fact_lines(result)[:_SHOWN]]
    causes = [
        f"- `{_plain(f'{_name(result, alike)}: {line}')}`"
        for causes, alike in result.group_causes()
        for line in cut_list(causes, _SHOWN_CAUSES)
    ]
    parts = [*([""] if facts else []), *facts]
    parts += ["", f"### {_CHANGED}", "", *causes] if causes else []
    return "\n".join([*head, *parts]) + "\n"


def _plain(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")


def write_json(result: CheckResult, fail_on: str) -> str:
    """Return the whole result as JSON."""
    documents = [asdict(document) | {"differs": document.differs} for document in result.documents]
    value = {"fail_on": fail_on, "documents": documents}
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def tell_acceptance(entry: Acceptance) -> str:
    """Return a line for a terminal on a document that was accepted, or removed."""
    facts = entry.facts or Words("事実は同じ", "same facts")
    return f"{entry.title} [{BriefingName.parse(entry.document).selector}]: {facts}"


def tell_errata(errata: Iterable[Erratum]) -> Iterator[str]:
    """Yield a 正誤表 as tab-separated lines: place, wrong, right."""
    yield "\t".join(("箇所", "誤", "正"))
    for erratum in errata:
        cells = (erratum.place, erratum.wrong or "（なし）", erratum.right or "（削除）")
        yield "\t".join(cell.replace("\t", " ").replace("\n", " / ") for cell in cells)
