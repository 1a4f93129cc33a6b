"""Notebooks that cannot be run, parameters that do not arrive, cells that print without end."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from faults import Bench, Ended, fault

NAME = "annual.ipynb"


@contextmanager
def spoil(bench: Bench, change: Callable[[str], str | bytes]) -> Iterator[None]:
    """Give the notebook of the whole plan another text for a while."""
    path = bench.root / "notebooks" / NAME
    before = path.read_bytes()
    after = change(before.decode())
    path.write_bytes(after if isinstance(after, bytes) else after.encode())
    try:
        yield
    finally:
        path.write_bytes(before)


def build(bench: Bench, change: Callable[[str], str | bytes]) -> Ended:
    """Build with a spoiled notebook."""
    with spoil(bench, change):
        return bench.run("build")


def edit(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    """Return what changes a notebook as JSON."""

    def apply(text: str) -> str:
        notebook = json.loads(text)
        change(notebook)
        return json.dumps(notebook, ensure_ascii=False)

    return apply


def insert(source: str) -> Callable[[str], str]:
    """Return what adds a cell behind that which shows the opened briefing."""
    kept = {"cell_type": "code", "id": "new", "metadata": {}, "outputs": []}
    cell = {**kept, "execution_count": None, "source": source}
    return edit(lambda notebook: notebook["cells"].insert(4, cell))


@fault("the parameters' cell is tagged Parameters", 3, words=[NAME, "Parameters"])
def misspell_tag(bench: Bench) -> Ended:
    return build(bench, lambda text: text.replace('"parameters"', '"Parameters"', 1))


@fault("a parameter is declared nowhere", 3, words=[NAME, "issued"])
def drop_parameter(bench: Bench) -> Ended:
    return build(bench, lambda text: text.replace("issued: str", "issue: str", 1))


@fault("a head names another plan", 3, words=["plan", "koto"])
def change_plan(bench: Bench) -> Ended:
    other = "__import__('dataclasses').replace(head.annual(b), plan='koto')"
    return build(bench, lambda text: text.replace("head.annual(b)", other, 1))


@fault("a cell prints without end", 3, words=["TooMuchOutput", "10 MB"])
def print_for_ever(bench: Bench) -> Ended:
    return build(bench, insert("while True: print('x' * 100)"))


@fault("a program of a cell prints without end", 3, words=["TooMuchOutput", "10 MB"])
def start_yes(bench: Bench) -> Ended:
    return build(bench, insert("import subprocess; subprocess.run(['yes'])"))


@fault("marks of a conflict in a notebook", 3, words=[f"{NAME}:3", "<<<<<<< HEAD"])
def leave_conflict(bench: Bench) -> Ended:
    return build(bench, lambda text: text.replace("\n  {", "\n<<<<<<< HEAD\n  {", 1))


@fault("a cell of an unknown type", 3, words=[NAME, "heading"])
def keep_heading(bench: Bench) -> Ended:
    return build(bench, edit(lambda found: found["cells"][7].update(cell_type="heading")))


@fault("a notebook of another language", 3, words=[NAME, "R 4.4"])
def choose_r(bench: Bench) -> Ended:
    kernel = {"name": "ir", "display_name": "R 4.4", "language": "R"}
    return build(bench, edit(lambda found: found["metadata"].update(kernelspec=kernel)))


@fault("a notebook cut in the middle", 3, words=[NAME, "JSON"])
def cut_notebook(bench: Bench) -> Ended:
    return build(bench, lambda text: text[: len(text) // 2].encode())


@fault("a notebook is gone", 3, words=[NAME])
def lose_notebook(bench: Bench) -> Ended:
    path: Path = bench.root / "notebooks" / NAME
    moved = path.rename(path.with_suffix(".away"))
    try:
        return bench.run("build")
    finally:
        moved.rename(path)


@fault("a notebook with a byte order mark", 0)
def add_mark(bench: Bench) -> Ended:
    return build(bench, lambda text: b"\xef\xbb\xbf" + text.encode())
