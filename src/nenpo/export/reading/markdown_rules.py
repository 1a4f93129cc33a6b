"""The Markdown parser, taught what Japanese authors write and what has to be noticed.

Rules of our own stand beside the library's (mistune 3.4) where it would change what is written.
"""

import re
from functools import cache
from typing import Any

import mistune
from mistune.block_parser import BlockParser
from mistune.core import BlockState, InlineState
from mistune.inline_parser import InlineParser
from mistune.list_parser import LIST_PATTERN, parse_list
from mistune.plugins.footnotes import REF_FOOTNOTE, footnotes, parse_ref_footnote
from mistune.plugins.formatting import strikethrough, superscript
from mistune.plugins.task_lists import task_lists

from nenpo.errors import Words
from nenpo.export.reading.unusable import Unusable

FORMULA = "formula"
OTHER_COLUMNS = Words("列数の合わない表", "a table whose header and rule differ in columns")
SAME_COLUMNS = Words("見出し行と区切り行の列数を揃えること。", "Give both as many columns.")

# A lone amount ($5, US$5とUS$6) is none: what closes a formula follows its last sign, and no
# digit follows it.
_FORMULA = (
    r"\$\$[\s\S]+?\$\$|\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?![0-9$])"
    r"|\\begin\{[a-z]+\*?\}|\\\\[(\[][\s\S]+?\\\\[)\]]"
)
# CommonMark leaves the asterisks of **令和3年度（案）**は standing, since a bracket stands before
# the last two and no blank after them.
_STRONG = r"\*\*(?![\s*])[^*]*[^*\s]\*\*(?!\*)"
# After a letter only, and short: 1~3月、4~6月 are two ranges.
_SUBSCRIPT = r"(?<=[A-Za-z])~[0-9A-Za-z+\-−]{1,12}~(?!~)"
_ITEM = re.compile(r"( {0,3})(\d{1,9})[.)](?=[ \t]|$)([ \t]*)", re.MULTILINE)
_TABLE = r"^ {0,3}(?=\S)[^\n]*\|[^\n]*(?:\n|$)"
# What would be printed as it is written: #見出し, ::: and !!! of other kinds of Markdown.
_MISTAKEN = r"^ {0,3}(?:#{1,6}[^\s#]|:{3,}|!!! )[^\n]*"
_RULE_CELL = re.compile(r":?-+:?")
_WHOLE_ROW = re.compile(r"\|.+(?<!\\)\|")
_BAR = re.compile(r"(?<!\\)\|")


@cache
def open_parser() -> mistune.Markdown:
    """Return the parser. It keeps nothing of what it parsed."""
    parser = mistune.Markdown()
    for plug_in in (footnotes, strikethrough, superscript, task_lists, _plug_in):
        plug_in(parser)
    return parser


def _plug_in(parser: mistune.Markdown) -> None:
    inline, block = parser.inline, parser.block
    inline.register(FORMULA, _FORMULA, _parse_formula, before="escape")
    inline.register("bold", _STRONG, _parse_bold, before="emphasis")
    inline.register("subscript", _SUBSCRIPT, _parse_subscript, before="linebreak")
    # [^1]:注 without a blank would define a link.
    footnote = REF_FOOTNOTE.replace(r"]:[ \t\n]", r"]:[ \t\n]?")
    block.register("ref_footnote", footnote, parse_ref_footnote)
    block.register("list", LIST_PATTERN, _parse_list)
    block.register("table", _TABLE, _parse_table, before="paragraph")
    block.register("mistaken", _MISTAKEN, _refuse_mistaken, before="paragraph")
    for rules in (block.list_rules, block.block_quote_rules):
        block.insert_rule(rules, "table", before="paragraph")
        block.insert_rule(rules, "mistaken", before="paragraph")


def _parse_formula(_: InlineParser, found: re.Match[str], state: InlineState) -> int:
    state.append_token({"type": FORMULA, "raw": found[0]})
    return found.end()


def _parse_bold(inline: InlineParser, found: re.Match[str], state: InlineState) -> int:
    return _append_inner(inline, found, state, "strong", found[0][2:-2])


def _parse_subscript(inline: InlineParser, found: re.Match[str], state: InlineState) -> int:
    return _append_inner(inline, found, state, "subscript", found[0][1:-1])


def _append_inner(
    inline: InlineParser, found: re.Match[str], state: InlineState, kind: str, text: str
) -> int:
    inner = state.copy()
    inner.src = text
    state.append_token({"type": kind, "children": inline.render(inner)})
    return found.end()


def _refuse_mistaken(_: BlockParser, found: re.Match[str], __: BlockState) -> int:
    line = found[0].strip()
    if line.startswith("#"):
        raise Unusable(
            Words("# の後に空白のない見出し「{}」", "a heading without a blank after #, '{}'").fill(
                line
            ),
            Words(
                "「# 見出し」と空白を置くこと。文字としての # は \\# と書く。",
                "Write '# heading'; a # that is meant as such is \\#.",
            ),
        )
    raise Unusable(
        Words("ほかの書き方の囲み「{}」", "a box of another kind of Markdown, '{}'").fill(line),
        Words("引用（>）か見出しで書くこと。", "Write a quotation (>) or a heading."),
    )


def _parse_list(block: BlockParser, found: re.Match[str], state: BlockState) -> int:
    """Parse a list, and note the numbers of its items as they are written."""
    start, before = found.start(), {id(token) for token in state.tokens}
    end = parse_list(block, found, state)
    for token in state.tokens:
        if id(token) not in before and token["type"] == "list" and token["attrs"]["ordered"]:
            numbers = _read_numbers(state.src[start:end], len(token["children"]))
            token["attrs"]["numbers"] = numbers
    return end


def _read_numbers(source: str, count: int) -> list[int]:
    """Return the numbers of ``count`` items; 1. 1. 1. is Markdown's way to have them counted."""
    numbers: list[int] = []
    deep = 9
    for line in source.splitlines():
        found = _ITEM.match(line)
        # What is indented as far as the text of an item belongs to the item.
        if found and len(found[1]) < deep and len(numbers) < count:
            numbers.append(int(found[2]))
            deep = len(found[1]) + len(found[2]) + 2
    if len(numbers) != count:
        raise Unusable(
            Words("番号を読み取れない箇条書き", "a list whose numbers cannot be told"),
            Words(
                "項目の間を空け、字下げを揃えること。", "Align its items, with blank lines between."
            ),
        )
    alike = count > 1 and len(set(numbers)) == 1
    return list(range(numbers[0], numbers[0] + count)) if alike else numbers


def _parse_table(_: BlockParser, found: re.Match[str], state: BlockState) -> int | None:
    """Parse a table as GitHub and JupyterLab do: bars at the ends of its rows may be missing."""
    place = found.end()
    rule = state.get_line(place)
    header, cells = _split_row(found[0]), _split_row(rule)
    is_rule = "-" in rule and all(map(_RULE_CELL.fullmatch, cells))
    if _WHOLE_ROW.fullmatch(found[0].strip()):
        _check_rule(found[0].strip(), is_rule=is_rule, fits=len(header) == len(cells))
    if not is_rule or len(header) != len(cells):
        return None
    aligns = [_tell_align(cell) for cell in cells]
    place += len(rule)
    rows: list[list[str]] = []
    while _BAR.search(line := state.get_line(place)):
        rows.append(_split_row(line))
        place += len(line)
    head = {"type": "table_head", "children": _make_cells(header, aligns)}
    body = [{"type": "table_row", "children": _make_cells(row, aligns)} for row in rows]
    state.append_token(
        {"type": "table", "children": [head, {"type": "table_body", "children": body}]}
    )
    return place


def _check_rule(header: str, *, is_rule: bool, fits: bool) -> None:
    """Raise Unusable for a header, with bars at both ends, that no fitting rule follows."""
    if not is_rule:
        raise Unusable(
            Words("区切りの行のない表「{}」", "a table without a rule, '{}'").fill(header),
            Words(
                "見出しの次の行に |---|---| を置くこと。文字としての | は \\| と書く。",
                "Put |---|---| below its header; a | that is meant as such is \\|.",
            ),
        )
    if not fits:
        raise Unusable(OTHER_COLUMNS, SAME_COLUMNS)


def _split_row(line: str) -> list[str]:
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(text)]


def _tell_align(cell: str) -> str | None:
    ends = cell.startswith(":"), cell.endswith(":")
    return {(True, True): "center", (False, True): "right", (True, False): "left"}.get(ends)


def _make_cells(texts: list[str], aligns: list[str | None]) -> list[dict[str, Any]]:
    known = [*aligns, *[None] * len(texts)]
    return [
        {"type": "table_cell", "text": text, "attrs": {"align": align}}
        for text, align in zip(texts, known, strict=False)
    ]
