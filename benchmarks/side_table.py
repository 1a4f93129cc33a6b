"""The measurements of the sides, and the one table that is made of them."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from results import describe_machine, format_table, ratio
from sides import LIMIT, LOADING_LIMIT, NENPO, SIDES, Side
from whole_builds import FIRST_GOAL, IDLE_GOAL, SPEEDUP_GOAL, WholeBuilds

HEADER = ("side", "seconds", "nenpo, warm, against it", "goal", "CPU seconds", "peak MiB", "made")


@dataclass(frozen=True)
class Measurement:
    """One document made by one side; ``loading`` is what it did once, off the clock."""

    side: str
    round: int
    document: str
    seconds: float
    cpu_seconds: float
    loading: float


@dataclass(frozen=True)
class Content:
    """What stands in a document."""

    document: str
    charts: int
    pages: int


@dataclass(frozen=True)
class Measurements:
    """All of them; peak MiB and what is missing by the side's letter."""

    rows: Sequence[Measurement]
    contents: Sequence[Content]
    memory: Mapping[str, float]
    missing: Mapping[str, str]

    def list_seconds(self, letter: str) -> list[float]:
        """Return the seconds of every document that a side made."""
        return [row.seconds for row in self.rows if row.side == letter]


def print_result(
    measured: Measurements, table: Sequence[Sequence[str]], versions: Mapping[str, str]
) -> None:
    """Print what was measured on what, and the table."""
    charts = statistics.median(content.charts for content in measured.contents)
    pages = statistics.median(content.pages for content in measured.contents)
    print(f"\n{describe_machine()}")
    print(", ".join(f"{name} {number}" for name, number in versions.items() if number))
    print(
        f"{len(measured.contents)} department briefings, a median of {charts:g} charts and "
        f"{pages:g} pages. Seconds and CPU seconds (user + system, all processes) are medians a "
        f"document, or a build; ({NENPO})'s CPU seconds include manifest, receipts and the pages "
        "around, which a build does once. Memory is the peak of all processes together (PSS).\n"
    )
    print(format_table(HEADER, table))
    loading = [row.loading for row in measured.rows if row.loading > 0.001]
    if loading:
        print(
            f"\n({LIMIT}) loaded the data of a plan and year once for all its documents, in "
            f"{statistics.median(loading):.2f} s off the clock"
        )


def list_sides(measured: Measurements) -> Iterator[tuple[str, ...]]:
    """Yield a line of the table for each side."""
    nenpo = measured.list_seconds(NENPO)
    for side in SIDES:
        own = measured.list_seconds(side.letter)
        why = measured.missing.get(side.letter, "")
        label = f"({side.letter}) {side.label}" + (f" ({why})" if why else "")
        if not own:
            if why:
                yield label, *"—————", "0"
            continue
        cpu = statistics.median(r.cpu_seconds for r in measured.rows if r.side == side.letter)
        against = compare_with_nenpo(side, own, nenpo) if nenpo else ("", "")
        memory = f"{measured.memory[side.letter]:.0f}"
        yield (
            label,
            f"{statistics.median(own):.3f}",
            *against,
            f"{cpu:.2f}",
            memory,
            str(len(own)),
        )


def compare_with_nenpo(side: Side, own: Sequence[float], nenpo: Sequence[float]) -> tuple[str, str]:
    """Return how nenpo stands against a side, and the goal.

    >>> compare_with_nenpo(SIDES[0], [9.0], [0.3])
    ('30.0 × as fast', '≥ 25 ×')
    >>> compare_with_nenpo(SIDES[-2], [0.2], [0.3])
    ('1.50 × as long', '≤ 1.3 ×')
    """
    if side.letter == NENPO:
        return "", ""
    if side.letter in (LIMIT, LOADING_LIMIT):
        return f"{ratio(nenpo, own):.2f} × as long", f"≤ {side.goal:g} ×" if side.goal else ""
    goal = f"≥ {side.goal:g} ×" if side.goal else ""
    return f"{ratio(own, nenpo):.1f} × as fast", goal


def list_builds(whole: WholeBuilds | None) -> Iterator[tuple[str, ...]]:
    """Yield a line of the table for each kind of whole build; seconds are those of a build."""
    if whole is None:
        return
    one, two = statistics.median(whole.one_job), statistics.median(whole.two_jobs)
    cpu = f"{statistics.median(whole.cpu_seconds):.2f}"
    first, idle = statistics.median(whole.first_document), statistics.median(whole.nothing_to_do)
    lines = (
        (f"nenpo build of these {whole.documents}, one job", one, "", "", cpu),
        ("the same, two jobs", two, f"{one / two:.2f} × one job", f"≥ {SPEEDUP_GOAL:g} ×", ""),
        ("nenpo build of all, cold: first document", first, "", f"< {FIRST_GOAL:g} s", ""),
        ("nenpo build with nothing to do", idle, "", f"< {IDLE_GOAL:g} s", ""),
    )
    for label, seconds, *told in lines:
        yield label, f"{seconds:.2f}", *told, "", str(len(whole.one_job))
