"""Markdown, of a cell or displayed by one → blocks of a document; what cannot be shown is refused.

What people write is understood: tables, nested lists with their numbers, quotations, footnotes,
images, ``<br>``, ``<sub>``, ``<sup>``. Comments are left out. Nothing else of HTML, and no formula,
is printed as it is written: whoever reads the document would see the signs.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import unquote

from nenpo.content.display import Align
from nenpo.errors import Words
from nenpo.export.blocks import (
    CodeBlock,
    Flow,
    Footnote,
    Heading,
    Inline,
    Inlines,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    TextTable,
    plain_text,
)
from nenpo.export.reading.markdown_rules import FORMULA, OTHER_COLUMNS, SAME_COLUMNS, open_parser
from nenpo.export.reading.pictures import Drawing
from nenpo.export.reading.unusable import Unusable

MarkdownBlock = Heading | Flow
Token = Mapping[str, Any]  # the library's own form

_LINK = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_DEEPEST_HEADING = 4
# - [x] and - [ ], in signs that the document font has.
_TASKS = {True: "✓ ", False: "□ "}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SCRIPT = re.compile(r"<(/?)(sub|sup)>", re.IGNORECASE)
# What is left of Markdown that the parser did not take for what it was meant.
_LEFT_OVER = (
    (re.compile(r"<!--"), Words("閉じていないコメント", "a comment without its end")),
    (
        re.compile(r"!\[[^\]]*\][\[(][^)\]]*[)\]]?"),
        Words("読み取れない画像", "an image that is none"),
    ),
    (re.compile(r"\[\^[^\]\s]+\]"), Words("本文のない脚注", "a footnote without a text")),
    (
        re.compile(r"\[[^\[\]\n]+\]\[[^\[\]\n]+\]"),
        Words("行き先のないリンク", "a link that leads nowhere"),
    ),
    *(
        (re.compile(pattern), Words("ほかの書き方の記号", "a sign of another kind of Markdown"))
        for pattern in (
            r"\^\[[^\]\n]+\]",  # ^[a footnote]
            r"(?<![\w)])==(?![=\s])[^=\n]*[^=\s]==(?!=)",  # ==marked==
            r"\[![A-Z]+\]|\[TOC\]",
            r"\{(?:[.#:][\w-]|[a-z-]+=)[^{}\n]*\}",  # {width=50%}
        )
    ),
)
_RULE_ROW = re.compile(r"\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*|\|\s*:?-+:?\s*\|")
_FORMULA_REMEDY = Words(
    "m²、CO₂ のような文字か <sup>・<sub> で書くか、画像にすること。金額の $ は \\$ と書く。",
    "Write it with signs such as m², with <sup> and <sub>, or show an image; an amount's $ is \\$.",
)
_HTML_REMEDY = Words(
    "Markdown で書くこと。画像は ![説明](ファイル)、文字としての < は \\< と書く。",
    "Write it in Markdown: an image as ![text](file), a < that is meant as such as \\<.",
)
_SIGNS_REMEDY = Words(
    "削るか、表・強調・脚注などの別の書き方に直すこと。文字としての記号は前に \\ を置く。",
    "Remove it or write it otherwise; put \\ before a sign that is meant as such.",
)
_IMAGE_REMEDY = Words(
    "![図の説明](ファイル名) と書くこと。名前に空白があれば <ファイル名> とする。",
    "Write ![what it shows](file), and <file> if there are blanks in the name.",
)


@dataclass(frozen=True)
class _Reader:
    """What one text is read with: its footnotes, and what opens the images that it names."""

    footnotes: Mapping[int, Footnote]
    open_image: Callable[[str], Drawing]


def read_markdown(
    text: str, open_image: Callable[[str], Drawing], identity: str
) -> list[MarkdownBlock]:
    """Return the blocks of a Markdown text, its headings, tables and images not yet numbered.

    A line break inside a block is ``"\\n"`` in its text. ``open_image`` returns the image of a
    name as Markdown has it, or raises Unusable. ``identity`` tells footnotes of this text from
    those of others.

    Raises:
        Unusable: HTML but for breaks, sub- and superscripts; formulas; images without alternative
            text; links that are not http(s); headings below ``####``; footnotes without text or
            reference; tables whose rows have too many cells; what the parser does not understand.
    """
    tokens, unused = _parse(text)
    if unused:
        what = Words("本文から参照されない脚注 {}", "a footnote {} that nothing refers to")
        raise Unusable(what.fill(", ".join(_quote_keys(unused, text))))
    items = [t for token in tokens if token["type"] == "footnotes" for t in token["children"]]
    plain = _Reader({}, open_image)
    footnotes = {
        item["attrs"]["index"]: Footnote(
            f"{identity}-{item['attrs']['index']}", tuple(_read_flow(item["children"], plain))
        )
        for item in items
    }
    body = [token for token in tokens if token["type"] != "footnotes"]
    return list(_read_blocks(body, _Reader(footnotes, open_image)))


def _quote_keys(keys: Iterable[str], text: str) -> Iterator[str]:
    """Yield footnotes' marks as they are written: the parser knows them in capitals."""
    for key in keys:
        found = re.search(re.escape(f"[^{key}]"), text, re.IGNORECASE)
        yield found[0] if found else f"[^{key}]"


def list_images(text: str) -> list[str]:
    """Return the names of the images that a Markdown text shows, as it has them."""
    if "![" not in text:
        return []
    return list(_walk_images(_parse(text)[0]))


def _parse(text: str) -> tuple[Sequence[Token], list[str]]:
    """Return the tokens, and the keys of footnotes that nothing refers to."""
    tokens, state = open_parser().parse(text)
    if isinstance(tokens, str):  # never without a renderer; the library's type says either
        raise TypeError("mistune returned text instead of tokens")
    used = state.env.get("footnotes", ())
    return tokens, [key for key in state.env.get("ref_footnotes", ()) if key not in used]


def _walk_images(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token["type"] == "image":
            yield token["attrs"]["url"]
        yield from _walk_images(token.get("children", ()))


def _read_blocks(tokens: Iterable[Token], reader: _Reader) -> Iterator[MarkdownBlock]:
    for token in tokens:
        if token["type"] == "heading":
            yield _read_heading(token, reader)
        else:
            yield from _read_flow([token], reader)


def _read_flow(tokens: Iterable[Token], reader: _Reader) -> Iterator[Flow]:
    for token in tokens:
        match token["type"]:
            case "paragraph" | "block_text":
                yield from _read_paragraph(token["children"], reader)
            case "list":
                yield _read_list(token, reader)
            case "block_quote":
                yield Quote(tuple(_read_flow(token["children"], reader)))
            case "block_code":
                yield CodeBlock(token["raw"].rstrip("\n"))
            case "block_html":
                yield from _read_html(token["raw"], reader)
            case "table":
                yield _read_table(token, reader)
            case "thematic_break":
                yield Rule()
            case "blank_line":
                pass
            case "heading":
                what = Words("引用・箇条書きの中の見出し", "a heading inside a list or quotation")
                raise Unusable(what)
            case other:
                raise Unusable(Words("Markdown の {}", "Markdown {}").fill(other))


def _read_heading(token: Token, reader: _Reader) -> Heading:
    level = token["attrs"]["level"]
    if level > _DEEPEST_HEADING:
        raise Unusable(Words("見出し {}", "a heading {}").fill("#" * level))
    inlines = _read_inlines(token["children"], reader)
    for inline in inlines:
        if inline.href or inline.note or inline.strike or inline.script:
            raise Unusable(
                Words(
                    "リンク・脚注・取消線・上付き・下付きのある見出し「{}」",
                    "a link, footnote, strikethrough, sub- or superscript in the heading '{}'",
                ).fill(plain_text(inlines)),
                Words(
                    "本文に移すこと。m²、CO₂ のような文字は使える。",
                    "Move it into the text; signs such as m² and CO₂ can be used.",
                ),
            )
    text = plain_text(inlines).strip()
    if not text:
        raise Unusable(
            Words("文字のない見出し {}", "a heading {} without a text").fill("#" * level),
            Words("見出しを書くか、行を削ること。", "Write one, or remove the line."),
        )
    return Heading(level, text)


def _read_list(token: Token, reader: _Reader) -> ListBlock:
    items = tuple(tuple(_read_item(item, reader)) for item in token["children"])
    return ListBlock(items, tuple(token["attrs"].get("numbers", ())), token["bullet"])


def _read_item(token: Token, reader: _Reader) -> Iterator[Flow]:
    mark = _TASKS[token["attrs"]["checked"]] if token["type"] == "task_list_item" else ""
    for place, block in enumerate(_read_flow(token["children"], reader)):
        if mark and place == 0 and isinstance(block, Paragraph):
            yield Paragraph((Inline(mark), *block.inlines))
        else:
            yield block


def _read_table(token: Token, reader: _Reader) -> TextTable:
    head, body = token["children"]
    aligns: list[Align] = [cell["attrs"]["align"] or "left" for cell in head["children"]]
    header, *rows = (
        tuple(_read_cell(cell["children"], reader) for cell in row["children"])
        for row in (head, *body["children"])
    )
    if any(len(row) > len(header) for row in rows):
        what = Words("見出しより列の多い表の行", "a table row with more cells than its header")
        raise Unusable(what, Words("列を揃えること。| は \\| と書く。", "Align it; | is \\|."))
    padded = tuple(row + ((),) * (len(header) - len(row)) for row in rows)
    return TextTable(tuple(aligns), header, padded)


def _read_cell(tokens: Sequence[Token], reader: _Reader) -> Inlines:
    return _read_inlines(tokens, reader) if tokens else ()


def _read_html(raw: str, reader: _Reader) -> Iterator[Flow]:
    """Yield what is left of an HTML block without its comments."""
    left = _COMMENT.sub("", raw).strip()
    if left and _BREAK.sub("", left).strip():
        yield from _read_paragraph(open_parser().inline(left, {"ref_links": {}}), reader)


def _read_paragraph(tokens: Iterable[Token], reader: _Reader) -> Iterator[Flow]:
    """Yield a paragraph, or several if images stand in it: each is drawn by itself."""
    for is_image, run in groupby(tokens, key=lambda token: token["type"] == "image"):
        if is_image:
            yield from (_read_image(token, reader) for token in run)
        else:
            inlines = _read_inlines(run, reader)
            if plain_text(inlines).strip() or any(inline.note for inline in inlines):
                yield Paragraph(_strip_breaks(inlines))


def _strip_breaks(inlines: Inlines) -> Inlines:
    """Return the inlines without blanks and breaks at the ends of their paragraph."""
    first = replace(inlines[0], text=inlines[0].text.lstrip(" \n"))
    opened = (first, *inlines[1:])
    last = replace(opened[-1], text=opened[-1].text.rstrip(" \n"))
    return tuple(inline for inline in (*opened[:-1], last) if inline.text or inline.note)


def _read_image(token: Token, reader: _Reader) -> Picture:
    url, alt = token["attrs"]["url"], plain_text(_read_inlines(token["children"], reader))
    if not alt.strip():
        what = Words("説明のない画像「{}」", "an image '{}' without alternative text")
        raise Unusable(what.fill(unquote(url)), _IMAGE_REMEDY)
    drawing = reader.open_image(url)
    title = token["attrs"].get("title") or ""  # of a reference it is None
    return Picture(drawing.svg, alt.strip(), title, drawing.width, drawing.height)


def _read_inlines(tokens: Iterable[Token], reader: _Reader) -> Inlines:
    merged = _merge_inlines(_flatten(tokens, Inline(""), reader))
    _check_left_over(merged)
    return tuple(_join_lines(merged))


def _flatten(tokens: Iterable[Token], style: Inline, reader: _Reader) -> Iterator[Inline]:
    outer = style
    for token in tokens:
        match token["type"]:
            case "text":
                yield replace(style, text=html.unescape(_check_text(token["raw"])))
            case "inline_html":
                raw = token["raw"]
                if _BREAK.fullmatch(raw):
                    yield replace(style, text="\n")
                elif not _COMMENT.fullmatch(raw):
                    style = _change_script(raw, style, outer)
            case "codespan":
                yield replace(style, text=token["raw"], code=True)
            case "strong":
                yield from _flatten(token["children"], replace(style, strong=True), reader)
            case "emphasis":
                yield from _flatten(token["children"], replace(style, emph=True), reader)
            case "strikethrough":
                yield from _flatten(token["children"], replace(style, strike=True), reader)
            case "subscript":
                yield from _flatten(token["children"], replace(style, script="sub"), reader)
            case "superscript":
                yield from _flatten(token["children"], replace(style, script="sup"), reader)
            case "link":
                yield from _flatten(
                    token["children"], replace(style, href=_check_link(token)), reader
                )
            case "footnote_ref":
                yield replace(style, text="", note=_find_note(token, reader))
            case "linebreak":
                yield replace(style, text="\n")
            case "softbreak":
                yield replace(style, text=_SOFT_BREAK)
            case "image":
                what = Words("見出し・表・リンクの中の画像", "an image in a heading, table or link")
                raise Unusable(what, Words("段落に置くこと。", "Put it into a paragraph."))
            case kind if kind == FORMULA:
                what = Words("数式 {}", "a formula {}").fill(token["raw"])
                raise Unusable(what, _FORMULA_REMEDY)
            case other:
                raise Unusable(Words("Markdown の {}", "Markdown {}").fill(other))
    if style != outer:
        what = Words("閉じていない <{}>", "a <{}> without its end").fill(style.script)
        raise Unusable(what, _HTML_REMEDY)


def _change_script(raw: str, style: Inline, outer: Inline) -> Inline:
    """Return the style after a tag: one of a sub- or superscript, within ``outer``."""
    if found := _SCRIPT.fullmatch(raw):
        within = replace(outer, script="sub" if found[2].lower() == "sub" else "sup")
        if style == (within if found[1] else outer):
            return outer if found[1] else within
    raise Unusable(Words("HTML の {}", "HTML {}").fill(raw), _HTML_REMEDY)


def _check_text(raw: str) -> str:
    for pattern, what in _LEFT_OVER:
        if found := pattern.search(raw):
            quoted = Words("{}「{}」", "{} '{}'").fill(what, found[0])
            remedy = {"!": _IMAGE_REMEDY, "<": _HTML_REMEDY}.get(found[0][0], _SIGNS_REMEDY)
            raise Unusable(quoted, remedy)
    return raw


def _check_left_over(inlines: Iterable[Inline]) -> None:
    text = "".join(inline.text for inline in inlines if not inline.code)
    for line in re.split(f"[{_SOFT_BREAK}\n]", text):
        if _RULE_ROW.fullmatch(line.strip()):
            raise Unusable(OTHER_COLUMNS, SAME_COLUMNS)


def _find_note(token: Token, reader: _Reader) -> Footnote:
    note = reader.footnotes.get(token["attrs"]["index"])
    if note is None:
        raise Unusable(Words("脚注の中の脚注", "a footnote inside a footnote"))
    return note


def _check_link(token: Token) -> str:
    url = str(token["attrs"]["url"])
    if not _LINK.fullmatch(url):
        raise Unusable(
            Words("http(s) でないリンク「{}」", "a link '{}' that is not http(s)").fill(url),
            Words(
                "https:// で始まる行き先とするか、リンクにせず文字で書くこと。",
                "Give it an address with https://, or write text without a link.",
            ),
        )
    if title := token["attrs"].get("title"):
        what = Words("リンクの題「{}」", "a link's title '{}'").fill(title)
        raise Unusable(what, Words("本文に書くこと。", "Write it into the text."))
    return url


def _merge_inlines(inlines: Iterable[Inline]) -> list[Inline]:
    merged: list[Inline] = []
    for inline in inlines:
        alike = merged and replace(merged[-1], text="") == replace(inline, text="")
        if alike and not inline.note:
            merged[-1] = replace(inline, text=merged[-1].text + inline.text)
        else:
            merged.append(inline)
    return merged


# Stands for the end of a source line until the characters around it are known. A Markdown
# parser replaces NUL, so no text can hold it.
_SOFT_BREAK = "\0"


def _join_lines(inlines: list[Inline]) -> Iterator[Inline]:
    """Join source lines: Japanese text closes up, Latin words keep a space between them."""
    whole = plain_text(inlines)
    start = 0
    for inline in inlines:
        text = "".join(
            _joint(whole[:place], whole[place + 1 :]) if character == _SOFT_BREAK else character
            for place, character in enumerate(inline.text, start)
        )
        start += len(inline.text)
        yield replace(inline, text=text)


def _joint(before: str, after: str) -> str:
    if before.endswith("\n") or after.startswith("\n"):
        return ""  # <br> at the end of a source line breaks it once
    return "" if _is_wide(before[-1:]) or _is_wide(after[:1]) else " "


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
