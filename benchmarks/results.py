"""What benchmarks print and keep: tables, ratios, the machine."""

import json
import os
import platform
import statistics
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

FOLDER = Path(__file__).parent / "results"
"""Where results are kept unless another file is named; git-ignored."""


@dataclass(frozen=True)
class Machine:
    """What ran the benchmark; nothing that names the one machine."""

    processors: int
    model: str
    memory_gib: float
    python: str
    system: str

    def __str__(self) -> str:
        return (
            f"{self.processors} processors ({self.model}), {self.memory_gib:.1f} GiB memory, "
            f"Python {self.python}, {self.system}"
        )


def describe_machine() -> Machine:
    """Return the machine that this runs on; ``processors`` are those that it may use."""
    known = hasattr(os, "sched_getaffinity")
    processors = len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if known else 0
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Machine(processors, read_model(), pages / 2**30, python, platform.platform())


def read_model(place: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's model name."""
    lines = place.read_text("utf-8").splitlines() if place.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def read_versions() -> dict[str, str]:
    """Return the versions of what is compared, and of what it stands on."""
    versions = dict[str, str]()
    for name in ("papermill", "nbconvert", "ipykernel", "playwright", "weasyprint", "typst"):
        with suppress(PackageNotFoundError):
            versions[name] = version(name)
    return versions


def spread(values: Sequence[T], count: int) -> list[T]:
    """Return ``count`` of the values, or all if there are fewer, evenly spread.

    >>> spread("abcdefgh", 3), spread("ab", 5)
    (['a', 'c', 'f'], ['a', 'b'])
    """
    kept = min(count, len(values))
    return [values[place * len(values) // kept] for place in range(kept)]


def ratio(slower: Sequence[float], faster: Sequence[float]) -> float:
    """Return how many times as long the first takes, by the medians."""
    return statistics.median(slower) / statistics.median(faster)


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column flush left and the others flush right.

    >>> print(format_table(("side", "s"), [("a", "17.20"), ("plain", "0.4")]))
    | side  |     s |
    |:------|------:|
    | a     | 17.20 |
    | plain |   0.4 |
    """
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(map(measure, column)) for column in zip(*lines, strict=True)]
    rule = "|".join(
        ["", ":" + "-" * (widths[0] + 1), *("-" * (w + 1) + ":" for w in widths[1:]), ""]
    )
    drawn = [draw_line(line, widths) for line in lines]
    return "\n".join([drawn[0], rule, *drawn[1:]])


def draw_line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return a line of a table."""
    pads = [" " * (width - measure(cell)) for cell, width in zip(cells, widths, strict=True)]
    first = f"| {cells[0]}{pads[0]} |"
    return first + "".join(f" {p}{c} |" for c, p in zip(cells[1:], pads[1:], strict=True))


def measure(text: str) -> int:
    """Return the columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "FW" else 1 for sign in text)


def write_json(path: Path, result: Any) -> None:
    """Write the whole result."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", "utf-8")
    print(f"\nevery measurement: {path}")
