"""Build everything twice, in unlike circumstances, and compare every byte.

    .venv/bin/python benchmarks/rebuild.py

The tests do the same with some of the briefings; this is all of them, with other numbers of jobs.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CIRCUMSTANCES = (
    ("first", 2, {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}),
    ("別の場所", 1, {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7"}),
)


def main() -> int:
    """Print which files differ and return 1, or return 0."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [build(Path(folder) / name, jobs, env) for name, jobs, env in CIRCUMSTANCES]
    first, second = outputs
    differing = [
        name for name in first.keys() | second.keys() if first.get(name) != second.get(name)
    ]
    print(f"{len(first)} files, {len(differing)} differ", *sorted(differing), sep="\n  ")
    return int(bool(differing))


def build(output: Path, jobs: int, environment: dict[str, str]) -> dict[str, bytes]:
    """Return the files of a full build by their name."""
    words = ["build", "--output", str(output), "--jobs", str(jobs)]
    command = [sys.executable, "-m", "nenpo", *words]
    env = os.environ | environment
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    files = (path for path in output.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in files}


if __name__ == "__main__":
    sys.exit(main())
