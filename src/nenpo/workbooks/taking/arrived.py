"""What can be told of replies as they arrive, before anybody takes them: nothing is written."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from nenpo.build.params import list_editions
from nenpo.data.project import list_plans
from nenpo.errors import Words
from nenpo.workbooks.taking.collect import prepare_collection
from nenpo.workbooks.taking.opened import find_edition, open_replies
from nenpo.workbooks.taking.told import tell_summary

_TAKE = Words(
    "取り込むには: nenpo survey collect {}", "to take what has come: nenpo survey collect {}"
)
_MARK = Words(
    "誤りを知らせる写しを作るには: nenpo survey collect {} --findings DIR",
    "for copies with the faults marked: nenpo survey collect {} --findings DIR",
)


def tell_arrived(
    root: Path, folder: Path, arrived: Collection[Path], edition: tuple[str, int] | None
) -> Iterator[str]:
    """Yield what those of a folder's replies hold that have just arrived, and who is missing.

    ``edition`` is the plan and the year, None for what the replies say. ``arrived`` are resolved.
    Raises ``UnusableWorkbook`` if no survey can be told from them, and as ``prepare_collection``.
    """
    opened = open_replies(folder)
    known = (f"{plan}/{year}" for plan in list_plans(root) for year in list_editions(root, plan))
    collection = prepare_collection(
        root, opened, edition or find_edition(opened, known), without_faulty=True
    )
    own = tuple(each for each in collection.summaries if each.path.resolve() in arrived)
    faults = [each for each in collection.faults if each.path.resolve() in arrived]
    yield from tell_summary(replace(collection, summaries=own, notes=()))
    yield from (str(fault.problem) for fault in faults)
    if own or faults:
        yield str((_MARK if faults else _TAKE).fill(folder))
