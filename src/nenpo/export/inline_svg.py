"""An SVG → an element of the page itself: its text is found, in the page's font and colours.

Only shapes and text get in, each attribute by name: what stands in the page could otherwise do
whatever the page can. Styles become attributes, since the page's policy refuses them inline.
"""

import re
from collections.abc import Iterator, Mapping
from html import escape
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_WRITING = frozenset({"text", "tspan"})
_SHAPES = _WRITING | frozenset(
    {
        *("g", "defs", "clipPath", "pattern", "use", "path", "rect", "circle", "ellipse"),
        *("line", "polyline", "polygon"),
    }
)
_GEOMETRY = frozenset(
    {
        *(
            "id",
            "href",
            "transform",
            "d",
            "points",
            "width",
            "height",
            "patternUnits",
            "clipPathUnits",
        ),
        *("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy"),
    }
)
_LOOKS = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "clip-path", "clip-rule", "opacity", "text-anchor"),
        *("stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin"),
        *("stroke-miterlimit", "stroke-opacity", "stroke-width"),
        *("font-size", "font-style", "font-weight"),
    }
)
# What the page decides itself.
_OF_THE_ROOT = frozenset({"width", "height", "version", "viewBox"})
_OF_THE_PAGE = frozenset({"font-family"})
# What matplotlib says of every element is said of the root, from which all have it.
_COMMON = re.compile(r"\s*\*\s*\{([^{}]*)\}\s*")
_ADDRESS = re.compile(r"url\(\s*[\"']?#([^\"')]*)[\"']?\s*\)")
# A hundredth of a point is finer than any screen.
_DECIMALS = re.compile(r"-?\d+\.\d{3,}(?![\de])")
_UNTURNED = re.compile(r"rotate\(-?0(?: [^)]*)?\)")


def inline_svg(svg: str, label: str, prefix: str) -> str:
    """Return the picture as an element of HTML whose alternative text is ``label``.

    ``prefix`` tells its ids from those of the page's other pictures. The result is "" for a
    picture that holds more than shapes and text (a photograph, a style sheet of its own): it has
    to stay an image.
    """
    root = ElementTree.fromstring(svg)
    try:
        common = dict(_take_common_style(root))
        names = _name_targets(root, prefix)
        own = {k: v for k, v in root.attrib.items() if k not in _OF_THE_ROOT}
        looks = _write_attributes(common | own, names)
        drawn = "".join(_draw(child, names) for child in root)
        box = escape(root.get("viewBox") or _measure_box(root))
    except ValueError:
        return ""
    return f'<svg role="img" aria-label="{escape(label)}" viewBox="{box}"{looks}>{drawn}</svg>'


def _measure_box(root: ElementTree.Element) -> str:
    width, height = (root.get(name, "").removesuffix("px") for name in ("width", "height"))
    return f"0 0 {float(width):g} {float(height):g}"


def _take_common_style(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield the style that a sheet gives every element; raises ValueError for any other sheet."""
    for parent in list(root.iter()):
        for sheet in parent.findall(f"{_SVG}style"):
            found = _COMMON.fullmatch(sheet.text or "")
            if found is None:
                raise ValueError("a style sheet of its own")
            yield from _split_style(found[1])
            parent.remove(sheet)


def _name_targets(root: ElementTree.Element, prefix: str) -> dict[str, str]:
    """Return new names for the ids that something in the picture refers to."""
    values = [value for element in root.iter() for _, value in _list_attributes(element)]
    links = [v.removeprefix("#") for v in values if v.startswith("#") and " " not in v]
    used = dict.fromkeys([*links, *(name for v in values for name in _ADDRESS.findall(v))])
    held = (element.get("id", "") for element in root.iter())
    return {
        name: f"{prefix}-{number}" for number, name in enumerate(filter(used.__contains__, held), 1)
    }


def _list_attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield an element's attributes, those of its style among them and in their place."""
    style = element.get("style", "")
    for name, value in element.attrib.items():
        if name != "style":
            yield ("href" if name == _XLINK else name), value
    yield from _split_style(style)


def _split_style(style: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(str.strip, style.split(";")):
        name, _, value = declaration.partition(":")
        yield name.strip(), value.strip()


def _draw(element: ElementTree.Element, names: Mapping[str, str]) -> str:
    name = element.tag.removeprefix(_SVG)
    if name == "metadata":
        return ""
    if name not in _SHAPES:
        raise ValueError(f"<{name}>")
    words = _read_words if name in _WRITING else lambda _: ""
    inner = words(element.text) + "".join(
        _draw(child, names) + words(child.tail) for child in element
    )
    looks = _write_attributes(dict(_list_attributes(element)), names)
    if name in ("g", "defs") and not (looks and inner):
        return inner if name == "g" else inner and f"<defs>{inner}</defs>"
    return f"<{name}{looks}>{inner}</{name}>" if inner else f"<{name}{looks}/>"


def _read_words(text: str | None) -> str:
    """Return a text as HTML; what only sets the lines of the source apart is none."""
    return escape(text) if text and text.strip() else ""


def _write_attributes(attributes: Mapping[str, str], names: Mapping[str, str]) -> str:
    written = []
    for name, value in attributes.items():
        if name in _OF_THE_PAGE or (name == "id" and value not in names):
            continue
        if name not in _LOOKS and name not in _GEOMETRY:
            raise ValueError(name)
        shown = _write_value(name, value, names)
        written.append(f' {name}="{escape(shown)}"' if shown else "")
    return "".join(written)


def _write_value(name: str, value: str, names: Mapping[str, str]) -> str:
    """Return a value as the page has it; raises ValueError for what leads out of the picture."""
    if name == "id":
        return names[value]
    if name == "href":
        return f"#{_look_up(value.removeprefix('#'), names)}"
    if "url" in _ADDRESS.sub("", value):
        raise ValueError(value)
    shown = _ADDRESS.sub(lambda found: f"url(#{_look_up(found[1], names)})", value)
    shorter = _DECIMALS.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), shown)
    return _UNTURNED.sub("", " ".join(shorter.split()))


def _look_up(name: str, names: Mapping[str, str]) -> str:
    if name not in names:
        raise ValueError(f"nothing has the id {name}")
    return names[name]
