"""What a build tells the person at the terminal: progress while it runs, a table at its end.

rich is imported only when something is drawn: on a terminal. Elsewhere the lines are plain.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.run import BuildResult
from nenpo.console import is_lost
from nenpo.errors import Words
from nenpo.export.reading.remark import Remark

if TYPE_CHECKING:
    from nenpo.build.publish import Publication

_TEXTS = {
    "made": Words("作成", "made"),
    "current": Words("変更なし", "unchanged"),
    "failed": Words("失敗", "failed"),
    "removed": Words("削除", "removed"),
    "briefing": Words("文書", "briefing"),
    "result": Words("結果", "result"),
    "time": Words("秒", "seconds"),
    "notebook": Words("実行済みノートブック: {}", "executed notebook: {}"),
    "total": Words("{} 件作成、{} 件失敗、{} 件削除", "{} made, {} failed, {} removed"),
    "kept": Words("、{} 件変更なし", ", {} unchanged"),
    "remarks": Words(
        "文書に載らないもの（実行済みノートブックには残る）:",
        "not part of any document, but kept in the executed notebooks:",
    ),
    "others": Words("{}（他 {} 件も同じ）", "{} (and {} others)"),
    "sum": Words("合計", "total"),
    "published": Words(
        "{} に公表した: {} 件を書き、{} 件は変更なし、{} 件を削った",
        "published to {}: {} written, {} unchanged, {} removed",
    ),
}


@contextmanager
def show_progress(
    total: int, stream: TextIO | None = None
) -> Iterator[Callable[[BriefingResult], None]]:
    """Yield a function that takes each result: a bar on a terminal, else a line for each."""
    stream = stream or sys.stderr
    if not stream.isatty():
        done = 0

        def write_line(result: BriefingResult) -> None:
            nonlocal done
            done += 1
            if result.status != "current":
                print(f"[{done}/{total}] {_summarise(result)}", file=stream, flush=True)

        yield write_line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(file=stream)
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)

        def advance(result: BriefingResult) -> None:
            progress.update(task, advance=1, description=result.name)

        yield advance


def show_result(result: BuildResult, stream: TextIO | None = None) -> None:
    """Show what was made, failed and removed; of the failed, where and how.

    What failed alike is told together: one faulty cell fails the documents of all departments.
    It is shown on standard error where standard output takes nothing.
    """
    stream = stream or sys.stdout
    _write_result(result, stream)
    stream.flush()
    if is_lost(stream):
        _write_result(result, sys.stderr)


def _write_result(result: BuildResult, stream: TextIO) -> None:
    if stream.isatty():
        _draw_table(result, stream)
    alike: dict[tuple[str, ...], list[BriefingResult]] = {}
    for failure in result.failed:
        alike.setdefault((failure.reason, *failure.traceback), []).append(failure)
    for failures in alike.values():
        print(f"\n{_describe_failures(failures, result.output)}", file=stream)
    _tell_remarks(result, stream)
    count = Counter(row.status for row in result.briefings)
    told = _say("total", count["made"], count["failed"], len(result.removed))
    kept = _say("kept", count["current"]) if count["current"] else ""
    print(told + kept, file=stream)


def _tell_remarks(result: BuildResult, stream: TextIO) -> None:
    """Tell what cells showed that no document holds, once for all briefings of a notebook."""
    names: dict[Remark, list[str]] = {}
    for row in result.briefings:
        for remark in dict.fromkeys(row.remarks):
            names.setdefault(remark, []).append(row.name)
    if names:
        print(f"\n{_say('remarks')}", file=stream)
    for remark, (first, *others) in names.items():
        where = _say("others", first, len(others)) if others else first
        print(f"    {where}: {remark}", file=stream)


def _describe_failures(failures: Sequence[BriefingResult], output: Path) -> str:
    """Return the names of what failed alike, the reason, the traceback, and where to look."""
    lines = [_summarise(failure) for failure in failures]
    lines += [f"  {line}" for line in failures[0].reason.splitlines()]
    lines += [f"    {line}" for line in failures[0].traceback]
    executed = [failure.executed for failure in failures if failure.executed]
    lines += [f"  {_say('notebook', f'{output}/{path}')}" for path in executed]
    return "\n".join(lines)


_STAGES = ("fork", "load", "cells", "figures", "html", "pdf", "place")


def show_profile(result: BuildResult, stream: TextIO | None = None) -> None:
    """Show the milliseconds of every made briefing by stage, and in total.

    "cells" are without "load" and "figures", which are parts of them. Sets are put in place
    together, so that each has an equal share of "place".
    """
    stream = stream or sys.stdout
    made = [row for row in result.briefings if row.status == "made"]
    rows = [(row.name, _split_stages(row, result.placing / len(made))) for row in made]
    total = {stage: sum(row[stage] for _, row in rows) for stage in _STAGES}
    print("".join(f"{stage:>9}" for stage in (*_STAGES, _say("sum"))), file=stream)
    for name, row in (*rows, (_say("sum"), total)):
        cells = (*(row[stage] for stage in _STAGES), sum(row.values()))
        print("".join(f"{cell * 1000:>9.0f}" for cell in cells) + f"  {name}", file=stream)


def _split_stages(row: BriefingResult, placing: float) -> dict[str, float]:
    spent = {stage: row.stages.get(stage, 0.0) for stage in _STAGES}
    cells = spent["cells"] - spent["load"] - spent["figures"]
    return {**spent, "cells": cells, "place": placing}


def tell_publication(done: "Publication") -> str:
    """Return in a line what was published where."""
    counts = (len(done.written), done.kept, len(done.removed))
    return _say("published", done.destination, *counts)


def _draw_table(result: BuildResult, stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(_say("briefing"), _say("result"), _say("time"))
    for row in result.briefings:
        if row.status == "current":
            continue
        style = "red" if row.status == "failed" else ""
        cells = (row.name, _say(row.status), f"{row.seconds:.1f}")
        # Text, not str: rich would read what stands in brackets as markup.
        table.add_row(*map(Text, cells), style=style)
    for name in result.removed:
        table.add_row(Text(name), Text(_say("removed")))
    Console(file=stream).print(table)


def _summarise(result: BriefingResult) -> str:
    return f"{result.name}: {_say(result.status)} ({result.seconds:.1f} s)"


def _say(key: str, *values: object) -> str:
    return str(_TEXTS[key].fill(*values))
