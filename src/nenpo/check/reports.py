"""A check's result as text: for a terminal, JUnit, GitHub, JSON; and a table of errata."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from xml.etree import ElementTree

from nenpo.build.briefing import BriefingName
from nenpo.build.why import cut_list
from nenpo.check.accepted import Acceptance
from nenpo.check.changes import LEVELS, FactChange, Level, TextChange
from nenpo.check.compare import Erratum
from nenpo.check.result import STATES, CheckResult, DocumentResult, State, name_states
from nenpo.check.words import (
    LEVEL_WORDS,
    follows_from_marks,
    name_edition,
    tell_fact,
    tell_marks,
)
from nenpo.errors import message_language

# What XML 1.0 has no way to write; ElementTree writes it all the same.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHOWN = 40
_SHOWN_CAUSES = 10
_ANNOTATIONS = 10
_UNCHANGED = ("元になったものは何も変わっていない", "nothing that it is made from changed")
_UNKNOWN = ("何から作ったかの記録がない", "there is no record of what it was made from")


def _say(ja: str, en: str) -> str:
    return ja if message_language() == "ja" else en


def tell_result(result: CheckResult) -> Iterator[str]:
    """Yield the lines for a terminal: the matrix, the facts in words, texts, why, a sum."""
    yield from _draw_matrix(result)
    yield from _tell_facts(result)
    yield from _tell_texts(result)
    yield from _tell_structures(result)
    yield from _tell_why(result)
    differing = sum(document.differs for document in result.documents)
    total, missing = len(result.documents), len(result.not_built)
    yield _say(
        f"{total} 件のうち {differing} 件に違いがあり、{missing} 件は作られていない。",
        f"{total} document(s), {differing} differ, {missing} not built.",
    )


def _draw_matrix(result: CheckResult) -> Iterator[str]:
    """Yield a line an edition: how many documents are as accepted, then each that is not."""
    editions = dict.fromkeys(document.edition for document in result.documents)
    for edition in editions:
        own = [document for document in result.documents if document.edition == edition]
        odd = [d for d in own if d.differs or "not_built" in d.states.values()]
        same = len(own) - len(odd)
        yield f"{name_edition(edition, result.names)}: " + _say(f"同じ {same}", f"{same} same")
        for document in odd:
            words = ", ".join(
                f"{_say(LEVEL_WORDS[level], level)} {_name_state(document.states[level])}"
                for level in LEVELS
                if document.states[level] != "same"
            )
            words = _name_state(document.state) if document.state else words
            # Without an edition there is nothing to select: it is one of two that are compared.
            name = (
                f"{document.title} [{document.briefing.selector}]"
                if document.briefing
                else document.title
            )
            yield f"  {name_states(document.states)} {name}: {words}"


def _name_state(state: State) -> str:
    _, ja, en = STATES[state]
    return _say(ja, en)


def _tell_facts(result: CheckResult) -> Iterator[str]:
    lines = list_fact_lines(result)
    if lines:
        yield ""
        yield _say("変わった事実（大きい順）:", "Changed facts, largest effect first:")
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield _say(f"  ほか {len(lines) - _SHOWN} 件", f"  and {len(lines) - _SHOWN} more")


def list_fact_lines(result: CheckResult) -> list[str]:
    """Return the changed facts in words: marks first, then all that does not follow from them."""
    lines = [f"{_name_documents(result, docs)}: {told}" for told, docs in result.group_marks()]
    return lines + [
        f"{_name_documents(result, documents)}: {tell_fact(change, result.names)}"
        for change, documents in _list_other_facts(result)
    ]


def _list_other_facts(
    result: CheckResult,
) -> Iterator[tuple[FactChange, tuple[DocumentResult, ...]]]:
    """Yield the groups of facts that the lines on marks do not tell.

    Counts of marks are told where no mark changed: an item that went to another goal.
    """
    for change, documents in result.group_facts():
        untold = tuple(d for d in documents if not tell_marks(d.facts, result.names))
        if rest := untold if follows_from_marks(change) else documents:
            yield change, rest


def _name_documents(result: CheckResult, documents: Sequence[DocumentResult]) -> str:
    first = result.labels[documents[0].name]
    more = len(documents) - 1
    return first + (_say(f" ほか{more}文書", f" and {more} more") if more else "")


def _tell_texts(result: CheckResult) -> Iterator[str]:
    groups = list(result.group_texts())
    if groups:
        yield ""
        yield _say("変わった文章:", "Changed texts:")
    for change, documents in groups[:_SHOWN]:
        yield f"  {_name_documents(result, documents)} {change.heading}".rstrip()
        yield from (f"    - {_cut(line)}" for line in change.before)
        yield from (f"    + {_cut(line)}" for line in change.after)
    if len(groups) > _SHOWN:
        yield _say(f"  ほか {len(groups) - _SHOWN} 件", f"  and {len(groups) - _SHOWN} more")


def _cut(line: str, length: int = 160) -> str:
    return line if len(line) <= length else line[:length] + "…"


def _tell_structures(result: CheckResult) -> Iterator[str]:
    told = _group_structures(result)
    if told:
        yield ""
        yield _say("変わった構成:", "Changed structure:")
    for sentence, documents in told[:_SHOWN]:
        yield f"  {_name_documents(result, documents)}: {_cut(sentence)}"


def _group_structures(result: CheckResult) -> list[tuple[str, list[DocumentResult]]]:
    """Return every sentence on the structure of an edition's documents with those it is about."""
    told: dict[tuple[str, str], list[DocumentResult]] = {}
    for document in result.documents:
        for sentence in document.structure:
            told.setdefault((document.edition, sentence), []).append(document)
    return [(sentence, documents) for (_, sentence), documents in told.items()]


def _tell_why(result: CheckResult) -> Iterator[str]:
    groups = list(result.group_causes())
    unknown = [d for d in result.documents if d.differs and d.why is None and d.state is None]
    unchanged = [d for d in result.documents if d.differs and d.why == ()]
    if groups or unknown or unchanged:
        yield ""
        yield f"{_head_causes()}:"
    for causes, documents in groups[:_SHOWN]:
        yield f"  {_name_documents(result, documents)}:"
        yield from (f"    {line}" for line in cut_list(causes, _SHOWN_CAUSES))
    if len(groups) > _SHOWN:
        yield _say(f"  ほか {len(groups) - _SHOWN} 件", f"  and {len(groups) - _SHOWN} more")
    for alike, words in ((unchanged, _UNCHANGED), (unknown, _UNKNOWN)):
        if alike:
            yield f"  {_name_documents(result, alike)}: {_say(*words)}"


def write_junit(result: CheckResult) -> str:
    """Return JUnit XML: a test case for each document and level."""
    suites = ElementTree.Element("testsuites")
    for edition in dict.fromkeys(document.edition for document in result.documents):
        own = [document for document in result.documents if document.edition == edition]
        cases = [(document, level) for document in own for level in LEVELS]
        suite = ElementTree.SubElement(suites, "testsuite", name=f"nenpo check {edition or '—'}")
        failures = errors = skipped = 0
        for document, level in cases:
            case = ElementTree.SubElement(suite, "testcase", classname=document.name, name=level)
            state = document.states[level]
            if state == "not_built":
                errors += 1
                ElementTree.SubElement(case, "error", message=STATES[state][2])
            elif state == "not_comparable":
                skipped += 1
                ElementTree.SubElement(case, "skipped", message=STATES[state][2])
            elif state != "same":
                failures += 1
                failure = ElementTree.SubElement(case, "failure", message=STATES[state][2])
                lines = [*tell_level(document, level, result), *_list_causes(document)]
                failure.text = _FORBIDDEN.sub("\ufffd", "\n".join(lines))
        for name, count in (
            ("tests", len(cases)),
            ("failures", failures),
            ("errors", errors),
            ("skipped", skipped),
        ):
            suite.set(name, str(count))
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _head_causes() -> str:
    return _say("確定時から変わったもの", "Changed since it was accepted")


def _list_causes(document: DocumentResult) -> list[str]:
    return [f"{_head_causes()}: {cause}" for cause in cut_list(document.why or (), _SHOWN_CAUSES)]


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
    whole: dict[State, str] = {"not_built": "error", "orphaned": "warning", "missing": "warning"}
    for absence, kind in whole.items():
        for edition, names in _group_names(result, absence):
            yield kind, f"{edition}: {STATES[absence][2]}: {', '.join(names)}"
    yield from (("warning", line) for line in list_fact_lines(result))
    # A sentence of ours reads alike in every edition: one remark on all of them.
    texts: dict[str, list[DocumentResult]] = {}
    for change, documents in result.group_texts():
        texts.setdefault(" / ".join(_tell_lines(change)), []).extend(documents)
    for told, own in texts.items():
        yield "warning", f"{_name_documents(result, own)} {told}"
    for sentence, alike in _group_structures(result):
        yield "warning", f"{_name_documents(result, alike)}: {sentence}"
    for causes, documents in result.group_causes():
        told = " / ".join(cut_list(causes, _SHOWN_CAUSES))
        yield "notice", f"{_name_documents(result, documents)}: {_head_causes()}: {told}"
    looks: tuple[State, ...] = ("changed", "flaky", "drift")
    for state in looks:
        for edition, names in _group_names(result, state, ("picture",)):
            yield "notice", f"{edition}: picture {STATES[state][2]}: {', '.join(names)}"


def _group_names(
    result: CheckResult, state: State, levels: Sequence[Level] = LEVELS
) -> list[tuple[str, list[str]]]:
    """Return by edition the names, without edition, of the documents with that state.

    Where its picture changed, a name is followed by the pages.
    """
    groups: dict[str, list[str]] = {}
    for document in result.documents:
        if state in (document.states[level] for level in levels):
            pages = ", ".join(str(page.page) for page in document.pictures)
            own = document.own_name
            groups.setdefault(document.edition or "—", []).append(
                f"{own} (p. {pages})" if pages else own
            )
    return list(groups.items())


def _escape_command(text: str) -> str:
    # As GitHub's own toolkit does: a text must not begin a command of its own.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def write_summary(result: CheckResult) -> str:
    """Return the step summary in Markdown; texts are code, so that they stay text."""
    rows = [
        f"| `{document.name}` | " + " | ".join(_name_words(document)) + " |"
        for document in result.documents
        if document.differs or "not_built" in document.states.values()
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
        f"- `{_plain(f'{_name_documents(result, documents)}: {line}')}`"
        for causes, documents in result.group_causes()
        for line in cut_list(causes, _SHOWN_CAUSES)
    ]
    parts = [*([""] if facts else []), *facts]
    parts += ["", f"### {_head_causes()}", "", *causes] if causes else []
    return "\n".join([*head, *parts]) + "\n"


def _name_words(document: DocumentResult) -> Iterator[str]:
    return (STATES[document.states[level]][1] for level in LEVELS)


def _plain(text: str) -> str:
    return text.replace("`", "'").replace("\n", " ")


def write_json(result: CheckResult, fail_on: str) -> str:
    """Return the whole result as JSON."""
    documents = [asdict(document) | {"differs": document.differs} for document in result.documents]
    value = {"fail_on": fail_on, "documents": documents}
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


def tell_acceptance(entry: Acceptance) -> str:
    """Return a line for a terminal on a document that was accepted, or removed."""
    facts = entry.facts or _say("事実は同じ", "same facts")
    return f"{entry.title} [{BriefingName.parse(entry.document).selector}]: {facts}"


def tell_errata(errata: Iterable[Erratum]) -> Iterator[str]:
    """Yield a 正誤表 as tab-separated lines: place, wrong, right."""
    yield "\t".join(("箇所", "誤", "正"))
    for erratum in errata:
        cells = (erratum.place, erratum.wrong or "（なし）", erratum.right or "（削除）")
        yield "\t".join(cell.replace("\t", " ").replace("\n", " / ") for cell in cells)
