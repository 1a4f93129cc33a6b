"""Every text that a notebook's cells show: none holds a character that a document cannot show.

One check for all of them, wherever they come from: data, Markdown, a sentence or a table that an
analyst wrote, and what is written in a chart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from xml.etree import ElementTree

from nenpo.content.display import Chart
from nenpo.errors import DocumentError, Words, join_words, make_visible
from nenpo.language.characters import find_faults, load_glyphs

_LISTED_FAULTS = 10
_QUOTED = 10  # characters on either side
# A tab is drawn as a space.
_ALLOWED = "\n\t"


def check_texts(shown: Iterable[tuple[Words, Sequence[object]]]) -> None:
    """Raise DocumentError, with every such character, for texts that no document can show.

    ``shown`` are the places (a notebook's cells) and the values that each of them shows.
    """
    found = [
        (place, fault) for place, values in shown for fault in dict.fromkeys(_find_faults(values))
    ]
    if not found:
        return
    first = found[0][0]
    listed = [
        fault if place == first else Words("{} の{}", "{}: {}").fill(place, fault)
        for place, fault in found[:_LISTED_FAULTS]
    ]
    raise DocumentError(
        place=first,
        what=Words(
            "文書に載せられない文字がある: {}", "characters that no document can show: {}"
        ).fill(join_words(listed, more=len(found) - len(listed))),
        remedy=Words("削るか、通常の文字に置き換えること。", "Remove them or use ordinary ones."),
    )


def _find_faults(values: object) -> Iterator[Words]:
    glyphs = load_glyphs()
    for text in _list_texts(values):
        plain = text.replace("\r\n", "\n")
        for fault in find_faults(plain, glyphs, _ALLOWED):
            place = plain.index(fault.character)
            around = plain[max(0, place - _QUOTED) : place + _QUOTED + 1]
            yield Words("「{}」の {}", "{1} in '{0}'").fill(make_visible(around), fault.words)


def _list_texts(value: object) -> Iterator[str]:
    """Yield every text in a value that a cell shows, its parts included."""
    match value:
        case str():
            yield value
        case Chart(svg):
            yield from _list_texts([value.alt, value.caption, *_read_svg(svg)])
        case Mapping():
            yield from _list_texts([*value.keys(), *value.values()])
        case tuple() | list():
            for part in value:
                yield from _list_texts(part)
        case _ if is_dataclass(value):
            yield from _list_texts([getattr(value, field.name) for field in fields(value)])


def _read_svg(svg: str) -> Iterator[str]:
    """Yield what is written in a picture, comments included: matplotlib notes what it draws."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    try:
        picture = ElementTree.fromstring(svg, ElementTree.XMLParser(target=builder))
    except ElementTree.ParseError:
        yield svg  # what is no XML holds a character of which the typesetter would only say so
        return
    for element in picture.iter():
        yield from (text for text in (element.text, element.tail) if text)
