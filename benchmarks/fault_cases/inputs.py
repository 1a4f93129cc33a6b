"""Inputs that are no ordinary files, cannot be read, or are of two encodings."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from faults import Bench, Ended, fault, prepare_with

PROGRESS = "data/tiny/2021/progress.csv"
DEPARTMENTS = "data/tiny/departments.csv"
NOTEBOOK = "notebooks/annual.ipynb"
PARAMS = "params/tiny/2021.yaml"
# root reads whatever it likes; without these rights it is one user among others.
AS_A_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


@contextmanager
def set_aside(bench: Bench, file: str) -> Iterator[Path]:
    """Keep a file elsewhere for a while; what lies in its place is removed afterwards."""
    path, kept = bench.root / file, bench.root / "kept"
    path.rename(kept)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        kept.rename(path)


def build_with_pipe(bench: Bench, file: str) -> Ended:
    with set_aside(bench, file) as path:
        os.mkfifo(path)
        return bench.run("build")


@fault("a table is a pipe", 2, words=["progress.csv"])
def read_pipe(bench: Bench) -> Ended:
    return build_with_pipe(bench, PROGRESS)


@fault("a notebook is a pipe", 2, words=["annual.ipynb"])
def run_pipe(bench: Bench) -> Ended:
    return build_with_pipe(bench, NOTEBOOK)


@fault("the params are a link to /etc/passwd", 2, words=["params/tiny/2021.yaml"])
def read_link(bench: Bench) -> Ended:
    with set_aside(bench, PARAMS) as path:
        path.symlink_to("/etc/passwd")
        return bench.run("build")


@fault("a table cannot be read", 2, words=["progress.csv"])
def deny_table(bench: Bench) -> Ended:
    return build_denied(bench, PROGRESS)


@fault("a folder of data cannot be entered", 2, words=["data/tiny/2021"])
def deny_folder(bench: Bench) -> Ended:
    return build_denied(bench, "data/tiny/2021")


@fault("a notebook cannot be read", 2, words=["annual.ipynb"])
def deny_notebook(bench: Bench) -> Ended:
    return build_denied(bench, NOTEBOOK)


def build_denied(bench: Bench, name: str) -> Ended:
    prepare_with("setpriv", "--version")
    path = bench.root / name
    mode = path.stat().st_mode
    path.chmod(0o444 if path.is_dir() else 0)
    try:
        return bench.run("build", prefix=AS_A_USER)
    finally:
        path.chmod(mode)


@fault("a row in cp932 is appended to UTF-8", 2, words=["departments.csv:6"])
def append_other(bench: Bench) -> Ended:
    row = "zaisei,財政課,総務部,section,50,,,,\n".encode("cp932")
    return build_changed(bench, DEPARTMENTS, lambda raw: raw + row)


@fault("a table is cut inside its last character", 2, words=["departments.csv:5"])
def cut_table(bench: Bench) -> Ended:
    return build_changed(bench, DEPARTMENTS, lambda raw: raw[: raw.rindex("課".encode()) + 2])


def build_changed(bench: Bench, file: str, change: Callable[[bytes], bytes]) -> Ended:
    path = bench.root / file
    raw = path.read_bytes()
    path.write_bytes(change(raw))
    try:
        return bench.run("build")
    finally:
        path.write_bytes(raw)
