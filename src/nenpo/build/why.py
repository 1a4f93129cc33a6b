"""Why a briefing has to be made: the row and column, the cell, the file of code, the version."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.build.output import Desk
from nenpo.build.receipts import Reason, Receipts, State, find_kept, select_files
from nenpo.data.reading import read_csv, read_text
from nenpo.data.schema.tables import SHARED_TABLES, TABLES
from nenpo.data.visible import View
from nenpo.errors import message_language
from nenpo.files import find_changed

_SHOWN = 20
_SHOWN_CHARACTERS = 40
_TEXTS = {
    "current": ("変更なし", "unchanged"),
    "new": ("まだ作られていない", "not built yet"),
    "absent": ("（なし）", "(none)"),
    "outputs": ("出力 {} が書き換えられた又はない", "the output {} was altered or is gone"),
    "environment": ("コード {} が変わった", "the code {} changed"),
    "version": ("{} {} → {}", "{} {} → {}"),
    "notebook": ("{} のセル {} が変わった", "{}: cell {} changed"),
    "file": ("{} が変わった", "{} changed"),
    "parameters": ("条件 {}: {} → {}", "parameter {}: {} → {}"),
    "opened": ("ノートブックが開いた {} が変わった", "{}, which the notebook opened, changed"),
    "unrepeatable": (
        "ノートブックが他のプログラム又は通信を使う（{}）ので、毎回作る",
        "the notebook uses another program or the network ({}), so it is made each time",
    ),
    "cell": ("{} {}: {} → {}", "{} {}: {} → {}"),
    "added": ("{} の行が加わった（{}）", "{}: row added ({})"),
    "removed": ("{} の行がなくなった（{}）", "{}: row removed ({})"),
    "line": ("{}: {} → {}", "{}: {} → {}"),
    "more": ("ほか {} 件", "and {} more"),
}


def explain_briefings(output: Path, briefings: Sequence[Briefing], state: State) -> Iterator[str]:
    """Yield for each briefing whether it is current, or else what changed, a line for each."""
    desk = Desk(output, lambda name: output / name, state)
    for briefing in briefings:
        reasons = desk.find_reasons(briefing)
        if not reasons:
            yield f"{briefing.full_name}: {_say('current')}"
            continue
        if reasons[0].part == "new":
            yield f"{briefing.full_name}: {_say('new')}"
            continue
        yield f"{briefing.full_name}:"
        teller = _Teller(output, desk.receipts, state, briefing)
        lines = [line for reason in reasons for line in teller.tell(reason)]
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  {_say('more', len(lines) - _SHOWN)}"


@dataclass(frozen=True)
class _Teller:
    """Tells the reasons of one briefing."""

    output: Path
    receipts: Receipts
    state: State
    briefing: Briefing

    def tell(self, reason: Reason) -> Iterator[str]:
        """Yield a line for everything that changed."""
        part, name, before, after = reason
        if part == "data":
            yield from self._tell_data(name)
        elif part == "notebook":
            yield from self._tell_notebook(name, before)
        elif part == "environment" and not name.startswith("nenpo/"):
            yield _say("version", name, _quote(before), _quote(after))
        elif part == "parameters":
            yield _say("parameters", name, _quote(before), _quote(after))
        elif before == "unrepeatable":
            yield _say("unrepeatable", name)
        else:
            yield _say(part, name)

    def _tell_data(self, part: str) -> Iterator[str]:
        receipt = self.receipts.briefings[self.briefing.full_name]
        before = select_files(self.receipts.details[receipt.files], part)
        after = select_files(self.state.files, part)
        view = self.state.find_view(part)
        for name in find_changed(before, after):
            old, new = find_kept(self.output, before.get(name)), self.state.root / name
            if name.endswith(".csv"):
                yield from _compare_tables(name, old, new, view)
            else:
                yield from _compare_lines(name, old, new)

    def _tell_notebook(self, name: str, before: str | None) -> Iterator[str]:
        old = _list_sources(find_kept(self.output, before))
        new = _list_sources(self.state.root / name)
        changed = [b for tag, _, _, b, _ in _match(old, new) if tag != "equal"]
        yield from (_say("notebook", name, number + 1) for number in changed)
        if not changed:  # only what is about the notebook, or in an order of its own
            yield _say("file", name)


def _compare_tables(name: str, old: Path | None, new: Path, view: View) -> Iterator[str]:
    """Yield the cells that differ in rows of one key, and the rows that only one side has."""
    file = Path(name).name
    before, after = _read_table(name, old), _read_table(name, new)
    for key in dict.fromkeys((*after, *before)):
        line, cells = after.get(key, (0, {}))
        former = before.get(key, (0, {}))[1]
        place = f"{name}:{line}" if line else name
        if not cells or not former:
            yield _say("added" if cells else "removed", place, " ".join(key))
            continue
        for column in dict.fromkeys((*former, *cells)):
            was, now = former.get(column, ""), cells.get(column, "")
            hidden = bool(was) == bool(now) and view.hides(file, column, cells)
            if was != now and not hidden:
                label = " ".join((*key, column))
                yield _say("cell", place, label, _quote(was), _quote(now))


Table = dict[tuple[str, ...], tuple[int, dict[str, str]]]


def _read_table(name: str, path: Path | None) -> Table:
    """Return line and cells of every row by what names it: its key, else its first cell.

    Of several rows with one name, the second has 2 behind it, and so on.
    """
    if path is None or not path.is_file():
        return {}
    header, *rows = read_csv(path, name)
    model = {**TABLES, **SHARED_TABLES}.get(Path(name).name)
    columns = model.KEY if model and model.KEY else header.cells[:1]
    table: Table = {}
    for row in rows:
        cells = dict(zip(header.cells, row.cells, strict=False))
        key = tuple(cells.get(column, "") for column in columns)
        twins = [k for k in table if k[: len(key)] == key] if key in table else []
        table[(*key, str(len(twins) + 1)) if twins else key] = (row.line, cells)
    return table


def _compare_lines(name: str, old: Path | None, new: Path) -> Iterator[str]:
    before, after = (_read_lines(name, path) for path in (old, new))
    for tag, a, b, c, d in _match(before, after):
        if tag != "equal":
            place, was, now = f"{name}:{c + 1}", " ".join(before[a:b]), " ".join(after[c:d])
            yield _say("line", place, _quote(was.strip()), _quote(now.strip()))


def _read_lines(name: str, path: Path | None) -> list[str]:
    return read_text(path, name).splitlines() if path and path.is_file() else []


def _match(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _list_sources(path: Path | None) -> list[str]:
    if path is None or not path.is_file():
        return []
    with suppress(ValueError, KeyError, TypeError):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells]
    return []


def _quote(value: object) -> str:
    """Return a value as it is shown, shortened; what is empty or not there is said to be."""
    if value is None or value == "":
        return _say("absent")
    text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _say(key: str, *values: object) -> str:
    return _TEXTS[key][0 if message_language() == "ja" else 1].format(*values)
