"""An image that an analyst shows, PNG, JPEG or SVG → SVG that every format draws, or a refusal."""

import base64
import io
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from nenpo.cells import join_text
from nenpo.errors import Words
from nenpo.export.reading.unusable import Unusable

_MOST_PIXELS = 40_000_000
_MOST_BYTES = 20_000_000
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
}
_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(|px|pt|pc|in|cm|mm)\s*")
_VIEW_BOX = re.compile(
    rf"\s*[-+]?{_NUMBER}[\s,]+[-+]?{_NUMBER}[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*"
)
_EMBEDDED = re.compile(r"data:image/(png|jpeg);", re.IGNORECASE)
_FETCHES = re.compile(r"@import|url\(\s*+[\"']?+(?!#|data:image/(?:png|jpeg);)", re.IGNORECASE)
# Elements that a still picture does not show, or that programs show differently.
_LIVELY = frozenset(
    {"script", "foreignObject", "animate", "animateMotion", "animateTransform", "set", "iframe"}
)
_AGAIN = Words("PNG、JPEG、SVG のいずれかで保存し直すこと。", "Save it again as PNG, JPEG or SVG.")


class Drawing(NamedTuple):
    """An image as SVG text, with its own width and height in CSS pixels."""

    svg: str
    width: float
    height: float


def read_image(content: bytes) -> Drawing:
    """Return an image, told by its content. Raises Unusable."""
    if len(content) > _MOST_BYTES:
        raise _refuse_size(Words("20メガバイトまで", "20 megabytes"))
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _read_raster(content)
    if b"<svg" in content[:4096] or content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return read_svg(content.decode("utf-8-sig", "replace"))
    raise Unusable(Words("PNG でも JPEG でも SVG でもない画像", "an image of another kind"), _AGAIN)


def _read_raster(content: bytes) -> Drawing:
    # Imported here: few documents hold an image.
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise _refuse_size(Words("4000万画素まで", "40 million pixels"))
            image.load()
            turned = image.getexif().get(0x0112, 1) != 1
            if turned or image.mode in ("CMYK", "YCbCr", "LAB", "HSV"):
                # Programs differ in whether they turn a photograph, and print's colours are none
                # of a screen's.
                saved = io.BytesIO()
                ImageOps.exif_transpose(image).convert("RGB").save(saved, "PNG")
                return _read_raster(saved.getvalue())
            width, height = image.size
            kind = "png" if image.format == "PNG" else "jpeg"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable(Words("壊れた画像", "a damaged image"), _AGAIN) from None
    data = base64.b64encode(content).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"><image '
        f'width="{width}" height="{height}" xlink:href="data:image/{kind};base64,{data}"/></svg>'
    )
    return Drawing(svg, width, height)


def _refuse_size(limit: Words) -> Unusable:
    remedy = Words("{}に縮めること。", "Shrink it to {}.").fill(limit)
    return Unusable(Words("大きすぎる画像", "an image that is too large"), remedy)


def read_svg(text: str) -> Drawing:
    """Return an SVG that fetches nothing, does nothing and has a size. Raises Unusable."""
    if "<!ENTITY" in text:
        raise _refuse_svg("<!ENTITY")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        what = Words("SVG として読めない画像（{}）", "an image that is no valid SVG ({})")
        raise Unusable(what.fill(error), _AGAIN) from None
    if root.tag != f"{_SVG}svg":
        raise Unusable(Words("SVG でない画像", "an image that is no SVG"), _AGAIN)
    for element in root.iter():
        _check_element(element)
    return Drawing(text, *_find_size(root))


def _check_element(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(_SVG)
    if name in _LIVELY:
        raise _refuse_svg(f"<{name}>")
    if name == "style" and _FETCHES.search(element.text or ""):
        raise _refuse_svg("<style>")
    for key, value in element.attrib.items():
        address = key in ("href", _XLINK) and not value.startswith("#")
        if (address and not _EMBEDDED.match(value)) or _FETCHES.search(value):
            raise _refuse_svg(f"{key.rpartition('}')[2]}={value[:60]}")
        if key.lower().startswith("on"):
            raise _refuse_svg(key)


def _refuse_svg(found: str) -> Unusable:
    return Unusable(
        Words("SVG の中の {}", "an SVG with {}").fill(found),
        Words(
            "動き・スクリプト・外部の参照のない SVG か、PNG で保存し直すこと。",
            "Save it without motion, scripts and references to elsewhere, or as PNG.",
        ),
    )


def _find_size(root: ElementTree.Element) -> tuple[float, float]:
    """Return width and height: those that the root gives, else those of its view box."""
    box = _VIEW_BOX.fullmatch(root.get("viewBox", ""))
    wide, high = (float(box[1]), float(box[2])) if box else (0.0, 0.0)
    width, height = (_read_length(root.get(name, "")) for name in ("width", "height"))
    if wide > 0 and high > 0:
        width = width or (height * wide / high if height else wide)
        height = height or width * high / wide
    if not 0 < width < math.inf or not 0 < height < math.inf:
        raise Unusable(
            Words("大きさの分からない SVG", "an SVG without a size"),
            Words("svg 要素に viewBox を書くこと。", "Give its svg element a viewBox."),
        )
    return width, height


def _read_length(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _PIXELS[found[2]] if found else 0.0


def open_image(name: str, attachments: Mapping[str, Any], files: Mapping[str, str]) -> Drawing:
    """Return the image that Markdown names: of the cell's ``attachments``, the kept ``files``.

    Raises Unusable, also for an address elsewhere.
    """
    if name.lower().startswith(("http:", "https:", "//")):
        raise Unusable(
            Words("外部の画像「{}」", "an image from elsewhere '{}'").fill(name),
            Words("プロジェクトに保存して、そのファイルを書くこと。", "Save it in the project."),
        )
    if embedded := re.match(r"data:image/[a-z+.-]+;base64,", name, re.IGNORECASE):
        return read_image(decode_image(unquote(name[embedded.end() :])))
    if name.startswith("attachment:"):
        bundle = attachments.get(unquote(name.removeprefix("attachment:")), {})
        content = next(iter(bundle.values()), None)
    else:
        content = files.get(name)
    if content is None:
        raise Unusable(
            Words("見付からない画像「{}」", "an image '{}' that is not there").fill(unquote(name)),
            Words(
                "プロジェクトの中の、ノートブックから見た場所を書くこと。",
                "Write where it lies in the project, as seen from the notebook.",
            ),
        )
    return read_image(decode_image(content))


def decode_image(content: str | Sequence[str]) -> bytes:
    """Return the bytes of an image as notebooks hold them. Raises Unusable."""
    try:
        return base64.b64decode(join_text(content))
    except ValueError:
        raise Unusable(Words("壊れた画像", "a damaged image"), _AGAIN) from None
