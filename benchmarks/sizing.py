"""From a measurement on one machine to the machine for a ward, a prefecture, the country.

Everything here is computed: documents a second are taken to grow with the cores, memory with the
documents (what the build itself holds) and with the cores (what each running document holds).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

BRIEFINGS = 32  # of a municipality in a year: annual, inspection, 30 departments
NEEDS = (
    ("a ward", 120, (2, 4)),
    ("a prefecture: 62 municipalities", 62 * BRIEFINGS, (2, 8)),
    ("the country: 1,741 municipalities", 1741 * BRIEFINGS, (8, 64)),
)
NEEDS_HEADER = ("computed", "documents", "cores", "time", "memory GiB", "outputs GiB")


@dataclass(frozen=True)
class Scaled:
    """A build that was measured; memory and ``outputs``, all files that it wrote, in MiB.

    ``parent`` is the peak of the ``nenpo build`` process, ``server`` of its fork server, ``child``
    the largest document's process, ``private`` what of the largest is shared with no other;
    ``total`` the peak of all together, shared pages counted once.
    """

    documents: int
    jobs: int
    seconds: float
    planned: float
    parent: float
    server: float
    child: float
    private: float
    total: float
    outputs: float

    @property
    def rate(self) -> float:
        """Documents a second, from the start of the command to its end."""
        return self.documents / self.seconds


def compute_seconds(measured: Scaled, documents: int, cores: int) -> float:
    """Return how long a build takes: measured documents a second and job, times the cores.

    >>> compute_seconds(Scaled(300, 2, 75.0, 1, 100, 150, 200, 80, 500, 200), 1200, 8)
    75.0
    """
    return documents / (measured.rate / measured.jobs * cores)


def compute_memory(measured: Sequence[Scaled], documents: int, cores: int) -> float:
    """Return MiB: the parent's, on the line through the measured sizes, the server's, the cores'.

    After the last document one process reads every row again, for the pages around: as much as
    the parent holds. The larger of the two counts.

    >>> small = Scaled(100, 2, 1, 1, 110, 150, 0, 80, 0, 60)
    >>> large = Scaled(300, 2, 1, 1, 130, 150, 0, 90, 0, 200)
    >>> compute_memory([small, large], 1000, 4), compute_memory([large], 1000, 4)
    (710.0, 640.0)
    """
    smallest = min(measured, key=lambda scaled: scaled.documents)
    largest = max(measured, key=lambda scaled: scaled.documents)
    between = largest.documents - smallest.documents
    slope = (largest.parent - smallest.parent) / between if between else 0.0
    parent = largest.parent + slope * (documents - largest.documents)
    each = max(scaled.private for scaled in measured)
    return parent + max(scaled.server for scaled in measured) + max(cores * each, parent)


def list_needs(measured: Sequence[Scaled]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table: what a ward, a prefecture and the country take."""
    largest = max(measured, key=lambda scaled: scaled.documents)
    for name, documents, choices in NEEDS:
        for cores in choices:
            time = format_time(compute_seconds(largest, documents, cores))
            memory = compute_memory(measured, documents, cores) / 1024
            disk = largest.outputs / largest.documents * documents / 1024
            yield name, f"{documents:,}", str(cores), time, f"{memory:.1f}", f"{disk:.1f}"


def format_time(seconds: float) -> str:
    """Return a time as a person says it.

    >>> format_time(42), format_time(754), format_time(9000)
    ('42 s', '13 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
