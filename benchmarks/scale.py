"""How a build grows: documents a second and memory at 30, 300 and 3,000 invented documents.

    .venv/bin/python benchmarks/scale.py [--sizes 30,300] [--jobs 2] [--dask 2]
    .venv/bin/python benchmarks/scale.py --planning 5000

The first also computes what machine a ward, a prefecture and the country need. Every municipality
has the data of two years and makes the documents of one, unless ``--editions`` says both.
``--dask`` builds on so many local workers instead, where `distributed` is installed and ``nenpo
build`` has an executor of that name. The second measures planning alone: `nenpo list`, and `nenpo
build` up to its first document. Processes are looked at five times a second.
"""

# mypy: allow-untyped-calls
# distributed has few types.

import argparse
import importlib.util
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from country import BRIEFINGS_A_YEAR, YEARS, make_country
from processes import Roles, watch
from results import FOLDER, describe_machine, format_table, write_json
from sizing import NEEDS_HEADER, Scaled, list_needs
from whole_builds import COMMAND

PARENT_GOAL = 350
HEADER = (
    *("documents", "seconds", "documents/s", "first begun after s"),
    *(
        "parent MiB",
        "fork server MiB",
        "largest child MiB",
        "of it its own",
        "all MiB",
        "outputs MiB",
    ),
)
PLANNING_HEADER = ("planning", "documents", "seconds", "peak MiB", "goal")


def main() -> None:
    """Measure, print, keep."""
    options = read_options()
    print(describe_machine(), "\n")
    result = measure_planning(options) if options.planning else measure_sizes(options)
    write_json(options.json, {"machine": asdict(describe_machine()), **result})


def read_options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", default="30,300,3000", help="documents, separated by commas")
    parser.add_argument("--jobs", type=int, default=describe_machine().processors)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--editions", type=int, default=1, choices=(1, 2), help="years that each reports"
    )
    parser.add_argument("--dask", type=int, default=0, metavar="WORKERS")
    parser.add_argument("--planning", type=int, default=0, metavar="DOCUMENTS")
    parser.add_argument("--json", type=Path, default=FOLDER / "scale.json")
    return parser.parse_args()


def measure_sizes(options: argparse.Namespace) -> dict[str, Any]:
    """Build countries of growing size, and compute what others need."""
    if options.dask and (missing := find_missing()):
        sys.exit(f"not measured: {missing}")
    measured = []
    with open_executor(options.dask) as words:
        for size in map(int, options.sizes.split(",")):
            measured.append(measure_build(size, options, words))
            # Told at once: the next size may take an hour.
            told = zip(HEADER, list_scaled(measured[-1]), strict=True)
            print(", ".join(map(" ".join, told)), file=sys.stderr, flush=True)
    place = f"{options.dask} Dask workers" if options.dask else f"{options.jobs} jobs"
    print(format_table(HEADER, list(map(list_scaled, measured))))
    print(f"\n{place}; peaks of RSS, its own = shared with no other, all = sum of PSS\n")
    needs = list(list_needs(measured))
    print(format_table(NEEDS_HEADER, needs))
    print("\ncomputed from the measurement, not measured: see sizing.py")
    return {
        "measured": list(map(asdict, measured)),
        "computed": [dict(zip(NEEDS_HEADER, line, strict=True)) for line in needs],
        "executor": place,
    }


def find_missing() -> str:
    """Return why nothing can be built on Dask, or ""."""
    if importlib.util.find_spec("distributed") is None:
        return "the package distributed is not installed"
    told = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True)
    return "" if "--executor" in told.stdout else "nenpo build has no --executor"


@contextmanager
def open_executor(workers: int) -> Iterator[Sequence[str]]:
    """Yield the words that make a build run on so many local Dask workers; none for 0."""
    if not workers:
        yield ()
        return
    import dask
    from distributed import LocalCluster

    # A briefing is made in a process of its own, which a daemon may not start.
    dask.config.set({"distributed.worker.daemon": False})
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
        yield "--executor", "dask", "--scheduler", str(cluster.scheduler_address)


def measure_build(size: int, options: argparse.Namespace, words: Sequence[str]) -> Scaled:
    """Return what building at least ``size`` documents of a country took."""
    with tempfile.TemporaryDirectory() as name:
        root, documents = make_project(Path(name), size, options)
        start = time.perf_counter()
        with start_build(root, *(words or ("--jobs", str(options.jobs)))) as process:
            with watch(Roles(), process.pid) as roles:
                errors = process.communicate()[1]
            seconds = time.perf_counter() - start
        if process.returncode:
            sys.exit(f"nenpo build ended with {process.returncode}:\n{errors[-2000:]}")
        written = measure_folder(root / "outputs")
    planned = (roles.first_child or start) - start
    peaks = (roles.parent, roles.server, roles.child, roles.private, roles.total)
    return Scaled(documents, options.dask or options.jobs, seconds, planned, *peaks, written)


def measure_folder(folder: Path) -> float:
    """Return the MiB of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def make_project(folder: Path, size: int, options: argparse.Namespace) -> tuple[Path, int]:
    """Write a country with at least ``size`` documents; return its root and how many it has."""
    each = BRIEFINGS_A_YEAR * options.editions
    municipalities = math.ceil(size / each)
    make_country(folder, municipalities, options.seed, YEARS[-options.editions :])
    return folder, municipalities * each


def start_build(root: Path, *words: str) -> subprocess.Popen[str]:
    """Start `nenpo build` of a project."""
    environment = os.environ | {"NENPO_ROOT": str(root)}
    return subprocess.Popen(
        [*COMMAND, *words],
        cwd=root,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def list_scaled(scaled: Scaled) -> tuple[str, ...]:
    """Return a line of the table."""
    told = (f"{scaled.seconds:.1f}", f"{scaled.rate:.2f}", f"{scaled.planned:.1f}")
    memory = (scaled.parent, scaled.server, scaled.child, scaled.private, scaled.total)
    sizes = [f"{value:.0f}" for value in (*memory, scaled.outputs)]
    return (f"{scaled.documents:,}", *told, *sizes)


def measure_planning(options: argparse.Namespace) -> dict[str, Any]:
    """Measure `nenpo list`, and `nenpo build` until documents are being made."""
    with tempfile.TemporaryDirectory() as name:
        root, documents = make_project(Path(name), options.planning, options)
        rows = {
            "nenpo list": run_list(root),
            "nenpo build, up to the first documents": run_until_first(root, options.jobs),
        }
    goal = f"≤ {PARENT_GOAL}"
    lines = [
        (label, f"{documents:,}", f"{seconds:.1f}", f"{peak:.0f}", goal)
        for label, (seconds, peak) in rows.items()
    ]
    print(format_table(PLANNING_HEADER, lines))
    return {"planning": [dict(zip(PLANNING_HEADER, line, strict=True)) for line in lines]}


def run_list(root: Path) -> tuple[float, float]:
    """Return the seconds and peak MiB of `nenpo list`."""
    start = time.perf_counter()
    environment = os.environ | {"NENPO_ROOT": str(root)}
    command = [sys.executable, "-m", "nenpo", "list"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"nenpo list ended with {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def run_until_first(root: Path, jobs: int) -> tuple[float, float]:
    """Return when a build began its first document, and its own peak MiB ten seconds later."""
    start = time.perf_counter()
    process = start_build(root, "--jobs", str(jobs))
    with watch(Roles(), process.pid) as roles:
        while roles.first_child is None and process.poll() is None:
            time.sleep(0.05)
        time.sleep(10)
    process.terminate()
    errors = process.communicate()[1]
    if roles.first_child is None:
        sys.exit(f"nenpo build made nothing:\n{errors[-2000:]}")
    return roles.first_child - start, roles.parent


if __name__ == "__main__":
    main()
