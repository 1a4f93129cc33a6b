"""Every text that a notebook's cells show: none holds a character that a document cannot show.

One check for all of them, wherever they come from: data, Markdown, a sentence or a table that an
analyst wrote, and what is written in a chart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from xml.etree import ElementTree

from nenpo.content.display import Chart
from nenpo.errors import DocumentError, Words, join_words, make_visible
from nenpo.export.blocks import Picture
from nenpo.export.reading.remark import Remark
from nenpo.language.characters import CharacterFault, find_faults, load_glyphs

_LISTED_FAULTS = 10
_QUOTED = 10  # characters on either side
# A tab is drawn as a space.
_ALLOWED = "\n\t"


def check_texts(shown: Iterable[tuple[Words, Sequence[object]]]) -> None:
    """Raise DocumentError, with every such character, for texts that no document can show.

    ``shown`` are the places (a notebook's cells) and the values that each of them shows.
    """
    glyphs = load_glyphs()
    texts = [
        (place, text.replace("\r\n", "\n")) for place, value in shown for text in _list_texts(value)
    ]
    if not any(find_faults(" ".join(text for _, text in texts), glyphs, _ALLOWED)):
        return  # nearly always; looking through each text takes longer
    found = list(
        dict.fromkeys(
            (place, _tell_fault(fault, text))
            for place, text in texts
            for fault in find_faults(text, glyphs, _ALLOWED)
        )
    )
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


def _tell_fault(fault: CharacterFault, text: str) -> Words:
    place = text.index(fault.character)
    around = text[max(0, place - _QUOTED) : place + _QUOTED + 1]
    return Words("「{}」の {}", "{1} in '{0}'").fill(make_visible(around), fault.words)


def _list_texts(value: object) -> Iterator[str]:
    """Yield every text in a value that a cell shows, its parts included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Chart | Picture):
        yield from (value.alt, value.caption, *_read_svg(value.svg))
    elif isinstance(value, Remark):
        return  # what a cell printed is for a terminal
    elif isinstance(value, Mapping):
        yield from _list_texts([*value.keys(), *value.values()])
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _list_texts(part)
    elif is_dataclass(value):
        yield from _list_texts(list(vars(value).values()))


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
