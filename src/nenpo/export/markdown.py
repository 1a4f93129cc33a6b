"""A Markdown cell's text → blocks of a document; raw HTML and formulas stay literal text."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import mistune

from nenpo.export.blocks import Heading, Inline, ListBlock, Paragraph

MarkdownBlock = Heading | Paragraph | ListBlock
Inlines = tuple[Inline, ...]
Token = Mapping[str, Any]  # the library's own form

_LINK = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_DEEPEST_HEADING = 3


class UnusableMarkdown(ValueError):
    """The text holds Markdown that no document can show: ``what`` and ``what_en`` name it."""

    def __init__(self, what: str, what_en: str) -> None:
        super().__init__(what_en)
        self.what, self.what_en = what, what_en


def read_markdown(text: str) -> list[MarkdownBlock]:
    """Return the blocks of a Markdown text: headings (not yet numbered), paragraphs, lists.

    A line break inside a block is ``"\\n"`` in its text. Raises UnusableMarkdown for images,
    Markdown tables, nested lists, headings below ``###`` and links that are not http(s).
    """
    # The table plugin is there to notice tables: without it they would be set as rows of pipes.
    tokens = mistune.create_markdown(renderer=None, plugins=["table"])(text)
    if isinstance(tokens, str):  # never without a renderer; the library's type says either
        raise TypeError("mistune returned text instead of tokens")
    return list(_read_blocks(tokens))


def _read_blocks(tokens: Iterable[Token]) -> Iterator[MarkdownBlock]:
    for token in tokens:
        match token["type"]:
            case "heading":
                yield _read_heading(token)
            case "paragraph" | "block_text":
                yield Paragraph(_read_inlines(token["children"]))
            case "list":
                items = tuple(_read_item(item) for item in token["children"])
                yield ListBlock(token["attrs"]["ordered"], items)
            case "block_quote":
                yield from _read_blocks(token["children"])
            case "block_code":
                yield Paragraph((Inline(token["raw"].rstrip("\n"), code=True),))
            case "block_html":
                yield Paragraph((Inline(token["raw"].rstrip("\n")),))
            case "blank_line" | "thematic_break":
                pass
            case "table":
                raise UnusableMarkdown("Markdown の表", "a Markdown table")
            case other:
                raise UnusableMarkdown(f"Markdown の {other}", f"Markdown {other}")


def _read_heading(token: Token) -> Heading:
    level = token["attrs"]["level"]
    if level > _DEEPEST_HEADING:
        raise UnusableMarkdown(f"見出し {'#' * level}", f"a heading {'#' * level}")
    text = "".join(inline.text for inline in _read_inlines(token["children"]))
    return Heading(level, text.strip())


def _read_item(token: Token) -> Inlines:
    inlines: list[Inline] = []
    for block in _read_blocks(token["children"]):
        if not isinstance(block, Paragraph):
            raise UnusableMarkdown("入れ子の箇条書き", "a list inside a list")
        inlines += [Inline("\n")] if inlines else []
        inlines += block.inlines
    return tuple(_merge_inlines(inlines))


def _read_inlines(tokens: Iterable[Token]) -> Inlines:
    return tuple(_join_lines(_merge_inlines(_flatten(tokens, Inline("")))))


def _flatten(tokens: Iterable[Token], style: Inline) -> Iterator[Inline]:
    for token in tokens:
        match token["type"]:
            case "text":
                yield replace(style, text=html.unescape(token["raw"]))
            case "inline_html":
                yield replace(style, text=token["raw"])
            case "codespan":
                yield replace(style, text=token["raw"], code=True)
            case "strong":
                yield from _flatten(token["children"], replace(style, strong=True))
            case "emphasis":
                yield from _flatten(token["children"], replace(style, emph=True))
            case "link":
                yield from _flatten(token["children"], replace(style, href=_check_link(token)))
            case "linebreak":
                yield replace(style, text="\n")
            case "softbreak":
                yield replace(style, text=_SOFT_BREAK)
            case "image":
                raise UnusableMarkdown("Markdown の画像", "a Markdown image")
            case other:
                raise UnusableMarkdown(f"Markdown の {other}", f"Markdown {other}")


def _check_link(token: Token) -> str:
    url = str(token["attrs"]["url"])
    if not _LINK.fullmatch(url):
        raise UnusableMarkdown(
            f"http(s) でないリンク「{url}」", f"a link '{url}' that is not http(s)"
        )
    return url


def _merge_inlines(inlines: Iterable[Inline]) -> list[Inline]:
    merged: list[Inline] = []
    for inline in inlines:
        if merged and replace(merged[-1], text="") == replace(inline, text=""):
            merged[-1] = replace(inline, text=merged[-1].text + inline.text)
        else:
            merged.append(inline)
    return merged


# Stands for the end of a source line until the characters around it are known. A Markdown
# parser replaces NUL, so no text can hold it.
_SOFT_BREAK = "\0"


def _join_lines(inlines: list[Inline]) -> Iterator[Inline]:
    """Join source lines: Japanese text closes up, Latin words keep a space between them."""
    whole = "".join(inline.text for inline in inlines)
    start = 0
    for inline in inlines:
        text = "".join(
            _joint(whole[:place], whole[place + 1 :]) if character == _SOFT_BREAK else character
            for place, character in enumerate(inline.text, start)
        )
        start += len(inline.text)
        yield replace(inline, text=text)


def _joint(before: str, after: str) -> str:
    return "" if _is_wide(before[-1:]) or _is_wide(after[:1]) else " "


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
