"""Findings as a workbook: a list for the planning section, to sort, filter and telephone by."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from nenpo.workbooks.layout import FINDINGS_NAME
from nenpo.workbooks.marking.findings import FAULT, NOTE, Finding, word_request
from nenpo.workbooks.marking.listing import Column, Listing, Told, write_listings

LIST = "確認事項一覧.xlsx"
_EXPLAINED = (
    "「要修正」は直すまで取り込めないもの、「確認」は取り込めるが確かめていただきたいものです。"
    "セルの番号を押すと、色とコメントを付けた写しの該当箇所が開きます。"
)
_COLUMNS = (
    Column("部署", 14),
    Column("ファイル", 20),
    Column("シート", 10),
    Column("セル", 7),
    Column("区分", 8),
    Column("入力された値", 16),
    Column("内容", 34),
    Column("使える値", 20),
    Column("お願い", 36),
)


def list_findings(
    findings: Sequence[tuple[PurePosixPath, Finding]], names: Mapping[str, str]
) -> bytes:
    """Return the workbook that lists findings, each with the file that it is marked in.

    Files are told, and led to, as they lie beside the list; ``names`` are those of departments by
    id. The same findings make the same bytes.
    """
    rows = [_tell(file, finding, names) for file, finding in findings]
    return write_listings([Listing(FINDINGS_NAME, "確認事項一覧", _EXPLAINED, _COLUMNS, rows)])


def _tell(file: PurePosixPath, finding: Finding, names: Mapping[str, str]) -> tuple[Told, ...]:
    request = word_request(finding.problem)
    colour = FAULT if finding.is_fault else NOTE
    return (
        Told(names.get(finding.department, finding.department)),
        Told(str(file)),
        Told(finding.sheet),
        Told(finding.cell, colour, _link(file, finding)),
        Told("要修正" if finding.is_fault else "確認", colour),
        *map(Told, (request.value, request.what, request.allowed, request.remedy)),
    )


def _link(file: PurePosixPath, finding: Finding) -> str:
    """Return where a cell is reached; a name with # in it would be cut there."""
    if not finding.cell or "#" in f"{file}{finding.sheet}":
        return ""
    sheet = finding.sheet.replace("'", "''")
    return f"external:{file}#'{sheet}'!{finding.cell}"
