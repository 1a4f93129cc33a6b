"""The sides that make the same documents, and the process in which each of them lives.

A side's process (``side_process.py``) is started once and makes one document at a time, so that
the sides can take turns: imports and fonts are behind it when the clock starts.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from processes import read_cpu_seconds


@dataclass(frozen=True)
class Side:
    """One way to make a document.

    ``goal`` is what nenpo, warm, is to reach against it: at least so many times as fast, or, for
    the limit, at most so many times as slow. A ``slow`` side makes each document once in a run,
    the others in every round. ``renewed``: its process starts anew in every round, so that no
    cache knows a document from the round before.
    """

    letter: str
    label: str
    slow: bool = False
    goal: float | None = None
    renewed: bool = False


NENPO = "e"
LIMIT = "f"
LOADING_LIMIT = "g"
SIDES = (
    Side("a", "papermill, nbconvert --to html, --to webpdf", slow=True, goal=25),
    Side("b", "one loop: execute_notebook, HTMLExporter, WebPDFExporter", slow=True, goal=12),
    Side("c", "one loop: execute_notebook, HTMLExporter, WeasyPrint", slow=True),
    Side("d", "nenpo build of one document, cold", slow=True),
    Side(NENPO, "nenpo, warm, one job"),
    Side(LIMIT, "the limit: a plain script, data loaded once", goal=1.3, renewed=True),
    Side(LOADING_LIMIT, "the same script, data loaded for each document", renewed=True),
)


@dataclass(frozen=True)
class Order:
    """A document to make, and the folder for it; ``briefing`` holds the fields of a Briefing."""

    briefing: dict[str, Any]
    folder: str


@dataclass(frozen=True)
class Made:
    """Seconds on the clock, processor seconds of all processes, and the files that count.

    ``loading`` are the seconds of what is done once for many documents, off the clock.
    """

    seconds: float
    cpu_seconds: float
    html: Path
    pdf: Path | None
    loading: float


class SideProcess:
    """The process of a side. ``missing`` says what it has to do without, "" if nothing."""

    def __init__(self, side: Side, environment: dict[str, str]) -> None:
        self.side = side
        self._environment = environment
        # What libraries print (warnings, progress bars) is shown if the side fails.
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._start()

    def _start(self) -> None:
        script = Path(__file__).with_name("side_process.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), self.side.letter],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=self._environment,
            encoding="utf-8",
        )
        told = self._read()
        self.missing = str(told["missing"])
        self.usable = bool(told["usable"])

    @property
    def pid(self) -> int:
        """The root of the side's processes."""
        return self._process.pid

    def make(self, order: Order) -> Made:
        """Make a document."""
        before = read_cpu_seconds(self.pid)
        assert self._process.stdin is not None
        print(json.dumps(asdict(order)), file=self._process.stdin, flush=True)
        told = self._read()
        cpu = read_cpu_seconds(self.pid) - before
        pdf = Path(told["pdf"]) if told["pdf"] else None
        return Made(told["seconds"], cpu, Path(told["html"]), pdf, told["loading"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            sys.exit(f"side {self.side.letter} ended:\n{self._log.read()[-4000:]}")
        told: dict[str, Any] = json.loads(line)
        return told

    def renew(self) -> None:
        """Start the process anew."""
        self._end()
        self._start()

    def close(self) -> None:
        """End the process, for good."""
        self._end()
        self._log.close()

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
