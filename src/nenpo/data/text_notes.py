"""Characters in valid files that a reader takes for others: notes, each with its line."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from nenpo.data.explain import name_path
from nenpo.data.headings import read_table
from nenpo.data.plan_files import list_strings
from nenpo.data.reading import read_yaml
from nenpo.errors import Words
from nenpo.language.characters import describe_unusual
from nenpo.language.ordinary import Unusual, find_unusual

# What a source prints in error is quoted there on purpose.
_QUOTED = ("misreadings.csv", "printed")


class TextNote(NamedTuple):
    """What stands at a place (file:line)."""

    place: str
    message: Words


def list_text_notes(root: Path, paths: Iterable[Path]) -> Iterator[TextNote]:
    """Yield one note a file and unusual spot, at its first place. The files are valid."""
    for path in paths:
        found: dict[Unusual, list[tuple[str, str]]] = {}
        for place, column, text in _list_texts(path, path.relative_to(root).as_posix()):
            for spot in find_unusual(text):
                found.setdefault(spot, []).append((place, column))
        yield from (_tell(spot, places) for spot, places in found.items())


def _list_texts(path: Path, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a file, each with its place and its column or key."""
    if path.suffix == ".yaml":
        document = read_yaml(path, name)
        for keys, text in list_strings(document.value, ()):
            yield document.place(keys), name_path(keys), text
        return
    table = read_table(path, name)
    for row in table.rows:
        for column, heading, cell in zip(table.columns, table.header, row.cells, strict=True):
            if (path.name, column) != _QUOTED:
                yield f"{name}:{row.line}", heading, cell


def _tell(spot: Unusual, places: list[tuple[str, str]]) -> TextNote:
    place, column = places[0]
    more = (
        Words("（ほか{}か所）", " ({} more)").fill(len(places) - 1)
        if len(places) > 1
        else Words("", "")
    )
    message = Words("{}:{}{}。", "{}: {}{}.").fill(column, describe_unusual(spot), more)
    return TextNote(place, message)
