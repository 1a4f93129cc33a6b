"""What every rendered page must be, checked by a strict parser and in a real browser.

The ``browser`` that these functions take is the fixture in ``conftest``.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import html5lib
import pytest

PHONE, DESKTOP = 375, 1280

SVG_ELEMENTS = (
    "{http://www.w3.org/2000/svg}"  # the parser leaves HTML's own names without a namespace
)

_RESOURCES = {"img": "src", "link": "href", "source": "src", "iframe": "src", "object": "data"}


@dataclass(frozen=True)
class OpenedPage:
    """A page in the browser, with everything that it asked for or complained of."""

    page: Any
    heard: list[str]


def open_page(
    browser: Any, file: Path, width: int = DESKTOP, scheme: str = "light", height: int = 900
) -> OpenedPage:
    """Return the HTML file as the browser shows it in a window ``width`` pixels wide."""
    window = {"width": width, "height": height}
    opened = OpenedPage(browser.new_page(viewport=window, color_scheme=scheme), [])
    opened.page.on("request", lambda request: opened.heard.append(request.url))
    opened.page.on("console", lambda message: opened.heard.append(f"console: {message.text}"))
    opened.page.goto(file.resolve().as_uri())
    return opened


def list_requests(opened: OpenedPage) -> list[str]:
    """Return what a page asked for beyond itself, and what its policy refused."""
    return [
        heard
        for heard in opened.heard
        if not heard.startswith("data:") and heard != opened.page.url
    ]


def list_violations(opened: OpenedPage) -> list[str]:
    """Return what axe-core finds wrong: the rule, and the element that fails it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in axe.run(opened.page).response["violations"]
        for node in violation["nodes"]
    ]


def scrolls_sideways(opened: OpenedPage) -> bool:
    """Return whether the page itself, not a region in it, is wider than the screen."""
    return bool(opened.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def parse_page(text: str) -> ElementTree.Element:
    """Return the page's tree; raises html5lib's ParseError for any error in it."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: ElementTree.Element = parser.parse(text)
    return tree


def list_problems(text: str) -> list[str]:
    """Return what a page breaks of the rules that need no browser."""
    tree = parse_page(text)
    return [
        *_check_policy(tree),
        *_check_references(tree),
        *_check_headings(tree),
        *_check_ids(tree),
        *(f"image without alt: {image.attrib}" for image in tree.iter("img") if _no_alt(image)),
        *(f"drawing without label: {svg.attrib}" for svg in _list_unlabelled(tree)),
    ]


def read_policy(tree: ElementTree.Element) -> str:
    """Return the page's content security policy, "" for none."""
    for meta in tree.iter("meta"):
        if meta.get("http-equiv") == "Content-Security-Policy":
            return meta.get("content", "")
    return ""


def _check_policy(tree: ElementTree.Element) -> Iterator[str]:
    policy = read_policy(tree)
    for needed in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        if needed not in policy:
            yield f"policy without {needed}"
    for style in tree.iter("style"):
        digest = hashlib.sha256((style.text or "").encode()).digest()
        if f"'sha256-{base64.b64encode(digest).decode()}'" not in policy:
            yield "policy without the stylesheet's hash"
    for element in tree.iter():
        if str(element.tag).removeprefix(SVG_ELEMENTS) == "script" or "style" in element.attrib:
            yield f"script or inline style: {element.tag} {element.attrib}"
        yield from (f"event handler: {name}" for name in element.attrib if name.startswith("on"))


def _check_references(tree: ElementTree.Element) -> Iterator[str]:
    for tag, attribute in _RESOURCES.items():
        for element in tree.iter(tag):
            if not element.get(attribute, "data:").startswith("data:"):
                yield f"request for {element.get(attribute)}"
    style = "".join(element.text or "" for element in tree.iter("style"))
    yield from (f"stylesheet holds {found}" for found in re.findall(r"url\(|@import", style))


def _check_headings(tree: ElementTree.Element) -> Iterator[str]:
    above = 0
    for element in tree.iter():
        if re.fullmatch("h[1-6]", str(element.tag)):
            level = int(element.tag[1])
            if level > above + 1 or (level == 1 and above):
                yield f"h{above} is followed by h{level}: {''.join(element.itertext())}"
            above = level


def _check_ids(tree: ElementTree.Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    yield from (f"id twice: {name}" for name, times in ids.items() if times > 1)
    for element in tree.iter():
        target = element.get("href", "")
        names = element.get("aria-labelledby", "").split()
        for name in [*names, *([target[1:]] if target.startswith("#") else [])]:
            if name not in ids:
                yield f"nothing has the id {name}"


def _list_unlabelled(tree: ElementTree.Element) -> list[ElementTree.Element]:
    return [
        svg
        for svg in tree.iter(f"{SVG_ELEMENTS}svg")
        if svg.get("role") != "img" or not svg.get("aria-label", "").strip()
    ]


def _no_alt(image: ElementTree.Element) -> bool:
    return not image.get("alt", "").strip()
