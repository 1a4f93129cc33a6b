"""Why a briefing has to be made, or differs: what changed since its receipt, in words.

One account for ``nenpo why`` (receipts of the outputs) and ``nenpo check`` (those of the accepted
state): the row and column of the data, the notebook's cell, the parameter, the library, the rooms
of our own code.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix
from pathlib import Path
from typing import get_args

from nenpo.build.briefing import Briefing
from nenpo.build.causes.changed import Change, Hides, compare_files
from nenpo.build.causes.names import (
    ABSENT,
    FindName,
    entitle,
    find_model,
    name_cell,
    name_column,
    name_file,
    name_row,
    read_names,
)
from nenpo.build.environment import CODE, DRAWN_BY, FONT
from nenpo.build.output import Output
from nenpo.build.receipts import (
    Inputs,
    Part,
    Reason,
    Receipts,
    Record,
    locate_record,
    select_files,
)
from nenpo.cells import locate_cell
from nenpo.data.schema.declarations import Edition
from nenpo.data.shared_files import find_national
from nenpo.errors import NenpoError, Words
from nenpo.files import find_changed

_SHOWN = 20
_SHOWN_CHARACTERS = 40
_KEPT_CHARACTERS = 8  # before the first character that differs
_ORDER = get_args(Part)
_TEXTS = {
    "current": Words("変更なし", "unchanged"),
    "new": Words("まだ作られていない", "not built yet"),
    "more": Words("ほか {} 件", "and {} more"),
    "outputs": Words("出力 {} が書き換えられた又はない", "the output {} was altered or is gone"),
    "code": Words("年報のプログラム（{}）が変わった", "nenpo's code changed ({})"),
    "font": Words("書体 {} が変わった", "the font {} changed"),
    "version": Words("{} {} → {}", "{} {} → {}"),
    "parameter": Words("{} {}: {} → {}", "{} {}: {} → {}"),
    "opened": Words("ノートブックが開いた {} が変わった", "{}, which the notebook opened, changed"),
    "unrepeatable": Words(
        "ノートブックが他のプログラム又は通信を使う（{}）ので、毎回作る",
        "the notebook uses another program or the network ({}), so it is made each time",
    ),
    "cell": Words("{}:{} {}「{}」{}: {} → {}", "{}:{} {}, {}, {}: {} → {}"),
    "value": Words("{}:{} {} {}: {} → {}", "{}:{} {}, {}: {} → {}"),
    "row added": Words("{}:{} {}「{}」の行が加わった", "{}:{} {}: row added ({})"),
    "row removed": Words("{} {}「{}」の行がなくなった", "{} {}: row removed ({})"),
    "column added": Words("{} {}に列「{}」が加わった", "{} {}: column added ({})"),
    "column removed": Words("{} {}の列「{}」がなくなった", "{} {}: column removed ({})"),
    "twin": Words("{}（{}件目）", "{} (no. {})"),
    "notebook cell": Words("{} {}が変わった", "{}: {} changed"),
    "notebook added": Words("{} {}が加わった", "{}: {} added"),
    "notebook removed": Words("{} {}がなくなった", "{}: {} removed"),
    "file": Words("{} {}が変わった", "{}: {} changed"),
    "file added": Words("{} {}が加わった", "{}: {} added"),
    "file removed": Words("{} {}がなくなった", "{}: {} removed"),
    "plan removed": Words(
        "計画の資料（data/{}/）がなくなった",
        "the plan's data are gone (data/{}/)",
    ),
}


@dataclass(frozen=True)
class Cause:
    """One thing because of which a briefing is made or differs, told in both languages."""

    part: Part
    ja: str
    en: str

    def __str__(self) -> str:
        return str(Words(self.ja, self.en))


def explain_briefings(output: Path, briefings: Sequence[Briefing], state: Inputs) -> Iterator[str]:
    """Yield for each briefing whether it is current, or else what changed, a line for each."""
    published = Output(output, lambda name: output / name, state)
    explainer = Explainer(locate_record(output), published.receipts, state)
    for briefing in briefings:
        reasons = published.find_reasons(briefing)
        names = explainer.read_names(f"data/{briefing.plan}")
        named = f"{entitle(briefing.full_name, names)} [{briefing.selector}]"
        if not reasons or reasons[0].part == "new":
            yield f"{named}: {_say('new' if reasons else 'current')}"
            continue
        yield f"{named}:"
        yield from (f"  {line}" for line in cut_list(explainer.explain(briefing, reasons), _SHOWN))


def cut_list(entries: Sequence[object], shown: int) -> Iterator[str]:
    """Yield the first entries as text, and how many more there are."""
    yield from map(str, entries[:shown])
    if len(entries) > shown:
        yield str(_say("more", len(entries) - shown))


class Explainer:
    """Tells what changed since the ``receipts`` of a ``record``; files are compared once each."""

    def __init__(self, record: Record, receipts: Receipts, state: Inputs) -> None:
        self._record, self.receipts, self._state = record, receipts, state
        details = receipts.details.values()
        self._former = {name: digest for known in details for name, digest in known.items()}
        # Briefings come plan by plan; a country has thousands of plans.
        self.read_names = lru_cache(maxsize=64)(self.read_names)  # type: ignore[method-assign]

    def explain(self, briefing: Briefing, reasons: Sequence[Reason]) -> tuple[Cause, ...]:
        """Return the causes behind the reasons, each once, changes of data first."""
        causes = [Cause("environment", *words) for words in _tell_environment(reasons)]
        for reason in reasons:
            causes += [Cause(reason.part, *words) for words in self._tell(briefing, reason)]
        return tuple(sorted(dict.fromkeys(causes), key=lambda cause: _ORDER.index(cause.part)))

    def _tell(self, briefing: Briefing, reason: Reason) -> Iterator[Words]:
        part, name, before, after = reason
        if part == "data":
            yield from self._tell_data(briefing, name)
        elif part == "notebook":
            yield from self._tell_file(name, before, after, lambda *_: False)
        elif part == "parameters":
            sides = [name_cell(Edition, name, {name: value}, _keep) for value in (before, after)]
            place = f"params/{briefing.plan}/{briefing.fiscal_year}.yaml"
            yield _say("parameter", place, name_column(Edition, name), *_shorten(*sides))
        elif before == "unrepeatable":
            yield _say("unrepeatable", name)
        elif part in ("outputs", "opened"):
            yield _say(part, name)

    def _tell_data(self, briefing: Briefing, part: str) -> Iterator[Words]:
        receipt = self.receipts.briefings[briefing.full_name]
        before = select_files(self.receipts.details[receipt.files], part)
        after = select_files(self._state.files, part)
        if before and not after:
            yield _say("plan removed", part.partition("/")[0])
            return
        hides = self._find_hidden(part)
        files = find_changed(before, after)
        told = [t for n in files for t in self._tell_file(n, before.get(n), after.get(n), hides)]
        # What the view hides, or no comparison shows, made a difference all the same.
        yield from told or [_say("file", name, name_file(name)) for name in files]

    def _find_hidden(self, part: str) -> Hides:
        try:
            view = self._state.find_view(part)
        except (NenpoError, OSError):  # the plan cannot be read any more: all of it is told
            return lambda *_: False
        return lambda file, column, cells: view.hides(file, column, cells)

    def _tell_file(
        self, name: str, before: str | None, after: str | None, hides: Hides
    ) -> Iterator[Words]:
        title = name_file(name)
        if before is None or after is None:
            yield _say("file added" if after else "file removed", name, title)
            return
        old, new = self._record.find_input(before), self._state.root / name
        changes = compare_files(name, old, new, hides) if old else None
        # No change but in what no comparison shows: metadata, an order, a remark.
        if changes is None or (not changes and name.endswith(".ipynb")):
            yield _say("file", name, title)
            return
        yield from (self._tell_change(name, title, change) for change in changes)

    def _tell_change(self, name: str, title: Words, change: Change) -> Words:
        if name.endswith(".ipynb"):
            cell = locate_cell(change.after or change.before, change.line)
            return _say(f"notebook {change.kind}", name, cell)
        model = find_model(name)
        if change.column and change.kind != "cell":
            return _say(f"column {change.kind}", name, title, name_column(model, change.column))
        find_name = self._find_names(name, change)
        sides = [
            name_cell(model, change.column, cells, find_name)
            for cells in (change.before, change.after)
        ]
        if not change.key:
            return _say("value", name, change.line, title, change.column, *_shorten(*sides))
        row = name_row(model, change.after or change.before, change.key, find_name)
        row = Words(*map(_cut, row))
        row = _say("twin", row, change.twin) if change.twin > 1 else row
        if change.kind == "removed":
            return _say("row removed", name, title, row)
        if change.kind == "added":
            return _say("row added", name, change.line, title, row)
        column = name_column(model, change.column)
        return _say("cell", name, change.line, title, row, column, *_shorten(*sides))

    def _find_names(self, name: str, change: Change) -> FindName:
        """Return what looks up ids of a row: in its own plan, or in those that it speaks of."""
        folder, cells = str(Path(name).parent), {**change.before, **change.after}
        if folder != "data":
            plan = folder.split("/")[1]
            return lambda _, identity: self._name(plan, identity)
        shared = self.read_names("data")
        plan = str(cells.get("plan", ""))

        def find_name(column: str, identity: str) -> str:
            if column == "plan":
                return self._name(identity, identity)
            if column == "priority":
                return self._name(find_national(self._state.root) or "", identity)
            return shared.get(identity) or self._name(plan, identity)

        return find_name

    def _name(self, plan: str, identity: str) -> str:
        return self.read_names(f"data/{plan}").get(identity, identity)

    def read_names(self, folder: str) -> dict[str, str]:
        """Return the names in a folder of data, as it is and, for what is gone, as it was."""
        then = read_names(folder, lambda file: self._record.find_input(self._former.get(file)))
        return then | read_names(folder, self._state.root.joinpath)


def _keep(_: str, identity: str) -> str:
    return identity


def _tell_environment(reasons: Sequence[Reason]) -> Iterator[Words]:
    """Yield what draws documents and changed: versions, the font, and our code as one."""
    own = [reason for reason in reasons if reason.part == "environment"]
    rooms = [key for key in DRAWN_BY if any(r.name.startswith(f"{CODE}{key}") for r in own)]
    fonts = [reason for reason in own if reason.name.startswith(FONT)]
    for name, before, after in (reason[1:] for reason in own):
        if not name.startswith((CODE, FONT)):
            yield _say("version", name, before or ABSENT, after or ABSENT)
    if fonts:
        yield _tell_fonts(fonts)
    if any(reason.name.startswith(CODE) for reason in own):
        yield _say("code", _join_rooms(rooms))


def _tell_fonts(reasons: Sequence[Reason]) -> Words:
    gone = [r.name.removeprefix(FONT) for r in reasons if r.after is None]
    new = [r.name.removeprefix(FONT) for r in reasons if r.before is None]
    if gone or new:
        sides = (Words(*[", ".join(names)] * 2) if names else ABSENT for names in (gone, new))
        return _say("version", Words("書体", "font"), *sides)
    return _say("font", reasons[0].name.removeprefix(FONT))


def _join_rooms(rooms: Sequence[str]) -> Words:
    if not rooms:  # of an earlier nenpo, which was arranged otherwise
        return Words("構成", "its arrangement")
    ja, en = zip(*(DRAWN_BY[room] for room in rooms), strict=True)
    return Words("、".join(ja), ", ".join(en))


def _cut(value: object) -> str:
    """Return a value as it is shown: on one line, shortened."""
    text = " ".join(str("" if value is None else value).split())
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _shorten(before: Words, after: Words) -> tuple[Words, Words]:
    """Return two values that differ, each shortened to where they begin to do so."""
    same = len(commonprefix((before.ja, after.ja)))  # noqa: RUF071 # characters are meant
    longest = max(len(before.ja), len(after.ja))
    start = same - _KEPT_CHARACTERS if longest > _SHOWN_CHARACTERS else 0

    def show(text: str) -> str:
        return f"…{_cut(text[start:])}" if start > 0 else _cut(text)

    return Words(*map(show, before)), Words(*map(show, after))


def _say(key: str, *values: object) -> Words:
    return _TEXTS[key].fill(*values)
