"""What can be told of replies as they arrive, before anybody takes them: nothing is written."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.build.params import list_editions
from nenpo.data.project import list_plans
from nenpo.errors import Words
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.taking.collect import prepare_collection
from nenpo.workbooks.taking.opened import find_edition, open_replies
from nenpo.workbooks.taking.told import NOTE, tell_edition, tell_summary

_TAKE = Words(
    "取り込むには: nenpo survey collect {}", "to take what has come: nenpo survey collect {}"
)
_MARK = Words(
    "誤りを知らせる写しを作るには: nenpo survey collect {} --findings DIR",
    "for copies with the faults marked: nenpo survey collect {} --findings DIR",
)
_NAME_IT = Words(
    "nenpo watch {} のように、計画と年度を付けて始めること。",
    "Start it with the plan and the year, as nenpo watch {}.",
)


@dataclass(frozen=True)
class Arrivals:
    """A folder in which replies arrive: to the survey of ``edition``, None for what they say.

    ``form`` is the municipality's own, if they are written in that, and ``form_path`` the file
    that describes it.
    """

    root: Path
    folder: Path
    edition: tuple[str, int] | None = None
    form: BlankForm | None = None
    form_path: Path | None = None

    def tell(self, arrived: Collection[Path]) -> Iterator[str]:
        """Yield what those replies hold that have just arrived, and who is missing.

        ``arrived`` are resolved. Raises ``UnusableWorkbook`` if no survey can be told from the
        replies, and as :func:`~nenpo.workbooks.taking.collect.prepare_collection`.
        """
        opened = open_replies(self.folder)
        names = {path.relative_to(self.folder.resolve()).as_posix() for path in arrived}
        yield from (f"{NOTE}: {note}" for note in opened.notes if note.place in names)
        if not opened.books and not opened.faults:
            return
        edition = self.edition or find_edition(opened, self._list_known(), _NAME_IT)
        collection = prepare_collection(
            self.root, opened, edition, without_faulty=True, form=self.form
        )
        came = set(arrived)
        own = tuple(
            each
            for each in collection.summaries
            if not came.isdisjoint(path.resolve() for path in each.paths)
        )
        faults = [each for each in collection.faults if each.path.resolve() in came]
        yield from tell_summary(replace(collection, summaries=own, notes=()))
        yield from dict.fromkeys(str(fault.told) for fault in faults)
        if faults or any(not each.is_blank for each in own):
            given = f" --form {self.form_path} --plan {tell_edition(collection)}"
            call = f"{self.folder}{given if self.form_path else ''}"
            yield str((_MARK if faults else _TAKE).fill(call))

    def _list_known(self) -> Iterator[str]:
        for plan in list_plans(self.root):
            yield from (f"{plan}/{year}" for year in list_editions(self.root, plan))
