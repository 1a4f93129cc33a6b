"""How long one department briefing takes: nenpo, its peers, and the limit, in turns in one run.

    make bench
    .venv/bin/python benchmarks/per_document.py [--documents 5] [--rounds 2] [--sides aef]

Every side makes an HTML page and a PDF of the same notebook with the same parameters (see
``sides``). In each round a fast side makes every document and a slow side a share of them, so
that it has made each document once after all rounds, spread over the whole run. The order of the
sides changes with every document. Each has made another document before the clock starts.

The limit is the same work without a notebook: its HTML and PDF must be nenpo's, byte for byte, or
there is no result. It loads the data once, off the clock, or, as another side, for each document;
its imports are done.

Peers run without the user's settings (Jupyter's and IPython's folders are empty). nenpo's two
exporters, installed beside them, cost a start of ``jupyter nbconvert`` some 0.03 s of 1.2 s.
Memory is looked at in documents of their own after the last round: looking takes time.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pypdfium2

from nenpo.build.briefing import Briefing
from nenpo.build.select import select_briefings
from peers import ROOT, describe_browser, make_environment
from processes import Peak, watch
from results import FOLDER, describe_machine, read_versions, spread, write_json
from side_table import (
    HEADER,
    Content,
    Measurement,
    Measurements,
    list_builds,
    list_sides,
    print_result,
)
from sides import SIDES, Made, Order, Side, SideProcess
from whole_builds import measure_whole_builds

WATCHED = 3  # documents in which memory is looked at


def main() -> None:
    """Measure, print the table, keep the measurements."""
    options = read_options()
    everything = [b for b in select_briefings(ROOT) if b.kind == "department"]
    chosen = spread(everything, options.documents or len(everything))
    other = next((b for b in everything if b not in chosen), everything[-1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with open_sides(options.sides, make_environment(folder)) as processes:
            bench = Bench(processes, folder, options.rounds, other)
            measured = measure_sides(bench, chosen)
        selectors = [briefing.selector for briefing in chosen]
        whole = measure_whole_builds(selectors, options.builds, folder) if options.builds else None
    table = [*list_sides(measured), *list_builds(whole)]
    versions = read_versions() | {"browser": describe_browser()}
    print_result(measured, table, versions)
    result = {
        "machine": asdict(describe_machine()),
        "versions": versions,
        "table": [dict(zip(HEADER, line, strict=True)) for line in table],
        "sides": asdict(measured),
        "whole_builds": asdict(whole) if whole else None,
    }
    write_json(options.json, result)


def read_options() -> argparse.Namespace:
    """Return what the command line asks for."""
    letters = "".join(side.letter for side in SIDES)
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=0, help="how many departments; 0 = all")
    parser.add_argument("--rounds", type=int, default=5, help="how often a fast side makes each")
    parser.add_argument("--sides", default=letters, help=f"some of {letters}")
    parser.add_argument("--builds", type=int, default=5, help="rounds of whole builds; 0 = none")
    parser.add_argument("--json", type=Path, default=FOLDER / "per_document.json")
    return parser.parse_args()


@dataclass(frozen=True)
class Bench:
    """The open sides by letter, a folder for what they make, and the document to begin with."""

    processes: dict[str, SideProcess]
    folder: Path
    rounds: int
    first: Briefing

    def make(self, letter: str, briefing: Briefing) -> Made:
        """Have a side make a document in a new folder."""
        folder = tempfile.mkdtemp(dir=self.folder)
        return self.processes[letter].make(Order(asdict(briefing), f"{folder}/made"))


@contextmanager
def open_sides(letters: str, environment: dict[str, str]) -> Iterator[dict[str, SideProcess]]:
    """Yield the processes of the sides that can be used, and say what is missing."""
    wanted = [side for side in SIDES if side.letter in letters]
    processes = {side.letter: SideProcess(side, environment) for side in wanted}
    try:
        yield processes
    finally:
        for process in processes.values():
            process.close()


def measure_sides(bench: Bench, briefings: Sequence[Briefing]) -> Measurements:
    """Have every side make the documents, and look at its memory afterwards."""
    usable = [process.side for process in bench.processes.values() if process.usable]
    for side in usable:
        bench.make(side.letter, bench.first)
    rows, contents = list[Measurement](), list[Content]()
    for number in range(bench.rounds):
        renew_sides(bench, number)
        for place, briefing in enumerate(briefings):
            turn = choose_turn(usable, bench.rounds, number, place)
            made = {side.letter: bench.make(side.letter, briefing) for side in turn}
            require_same_work(briefing, made)
            rows += [describe(letter, number, briefing, made[letter]) for letter in made]
            if number == 0:
                contents.append(count_content(briefing, made))
        print(f"round {number + 1} of {bench.rounds} is done", file=sys.stderr, flush=True)
    memory = {side.letter: watch_side(bench, side.letter, briefings) for side in usable}
    missing = {letter: process.missing for letter, process in bench.processes.items()}
    return Measurements(rows, contents, memory, missing)


def renew_sides(bench: Bench, number: int) -> None:
    """Start anew, in every round but the first, what must not know a document from before."""
    for letter, process in bench.processes.items():
        if number and process.side.renewed:
            process.renew()
            bench.make(letter, bench.first)


def choose_turn(sides: Sequence[Side], rounds: int, number: int, place: int) -> list[Side]:
    """Return the sides that make a document in a round, in the order of their turns.

    ``number`` is that of the round, ``place`` that of the document, both from 0.
    """
    turn = [side for side in sides if not side.slow or place % rounds == number]
    first = (number + place) % len(turn) if turn else 0
    return turn[first:] + turn[:first]


def require_same_work(briefing: Briefing, made: dict[str, Made]) -> None:
    """End unless nenpo and the limit made the same bytes: otherwise nothing is compared."""
    ours = {letter: made[letter] for letter in "defg" if letter in made}
    pages = {
        letter: (m.html.read_bytes(), m.pdf.read_bytes()) for letter, m in ours.items() if m.pdf
    }
    if len(set(pages.values())) > 1:
        sys.exit(f"{briefing.selector}: the sides {', '.join(pages)} made different documents")


def describe(letter: str, number: int, briefing: Briefing, made: Made) -> Measurement:
    """Return a row of the result."""
    taken = (made.seconds, made.cpu_seconds, made.loading)
    return Measurement(letter, number, briefing.selector, *taken)


def count_content(briefing: Briefing, made: dict[str, Made]) -> Content:
    """Return the charts and pages of a document, as nenpo makes it where it is among the sides."""
    letter = next((letter for letter in "edfcba" if letter in made and made[letter].pdf), "")
    if not letter:
        return Content(briefing.selector, 0, 0)
    charts = made[letter].html.read_text("utf-8").count("<figure")
    return Content(briefing.selector, charts, len(pypdfium2.PdfDocument(made[letter].pdf)))


def watch_side(bench: Bench, letter: str, briefings: Sequence[Briefing]) -> float:
    """Return the highest memory of a side's processes while it makes some documents, in MiB."""
    with watch(Peak(), bench.processes[letter].pid) as peak:
        for briefing in spread(briefings, WATCHED):
            bench.make(letter, briefing)
    return peak.mebibytes


if __name__ == "__main__":
    main()
