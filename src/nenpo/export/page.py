"""What every HTML page of nenpo shares: one file, no script, no request, escaped text."""

import base64
import hashlib
import re
from functools import cache
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from nenpo.content.kinds import INTERNAL_KINDS

# No browser and no parser can show these as text: controls, lone surrogates, noncharacters.
# Bidirectional controls would show the text around them in another order than it is stored.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

# What an address would not hold as it stands; the byte order mark, too, is one that nobody sees.
_UNWRITABLE = re.compile(rf"[^!$(-;=?@-Z_a-z~\u00a1-\ufefe\uff00-\ufffd]|{_UNSHOWABLE.pattern}")


def render_page(
    room: str, template: str, stylesheets: tuple[str, ...], rules: str = "", **view: Any
) -> str:
    """Return a whole page: ``template`` filled with ``view``, every text in it escaped.

    ``room`` is the package whose ``templates/`` are looked in before those of this one.
    ``stylesheets`` are file names there; ``rules`` are CSS rules generated for this page. All of
    them become the page's one stylesheet, the only one that its policy allows.
    """
    templates = _open_templates(room)
    style = "".join(templates.get_template(name).render() for name in stylesheets) + rules
    page = templates.get_template(template)
    return page.render(style=Markup(style), policy=content_policy(style), **view)


def warm_templates() -> None:
    """Compile the templates of documents, so that processes forked from this one need not."""
    templates = _open_templates(__package__)
    for name in templates.list_templates(("j2", "css")):
        templates.get_template(name)


def content_policy(style: str) -> str:
    """Return the content security policy of a page whose stylesheet is exactly ``style``."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def list_badges(kind: str, state: str, handling: str = "") -> list[tuple[str, str]]:
    """Return (text, class name) of what a reader must know before reading: 案, 内部資料."""
    badges = [("案", "draft")] if state == "draft" else []
    badges += [("内部資料", "internal")] if kind in INTERNAL_KINDS else []
    return badges + ([(handling, "handling")] if handling else [])


def encode_data_url(mime: str, content: bytes) -> str:
    """Return ``content`` as a ``data:`` URL of type ``mime``."""
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def write_text_url(mime: str, text: str) -> str:
    """Return ``text`` as a ``data:`` URL of type ``mime``: letters as they are, a quarter lighter.

    What an address or an attribute may not hold is percent-encoded.
    """
    return f"data:{mime}," + _UNWRITABLE.sub(lambda sign: quote(sign[0], safe=""), text)


def show_text(value: object) -> object:
    """Return text with every character that cannot be shown replaced by U+FFFD."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _UNSHOWABLE.sub("\ufffd", value.replace("\r\n", "\n"))


@cache
def _open_templates(room: str) -> jinja2.Environment:
    rooms = dict.fromkeys((room, __package__))
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(name) for name in rooms]),
        # A stylesheet is not HTML: its quotes and ">" are meant.
        autoescape=lambda name: name is None or name.endswith(".j2"),
        finalize=show_text,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
