"""The files of a new project → a folder that holds them all, or is as it was."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files as packaged
from importlib.resources.abc import Traversable
from pathlib import Path

from nenpo.build.isolated.processes import hold_signals
from nenpo.build.params import read_input
from nenpo.data.shared_files import COMPARISON
from nenpo.errors import UnusableFolder, Words
from nenpo.files import explain_write, is_left_behind, remove_folder, sync_files, write_file

EXAMPLE = {
    "plan": "aoba-digital",
    "fiscal_year": "2024",
    "as_of": "2025-03-31",
    "issued": "2025-06-01",
    "department": "kikaku",
}
"""What the notebooks of the example are given when they are opened by hand."""
_README = "README.md"
_LAST = "params"
"""What makes a folder with data/ a project: it is put in place last."""
_DRAFT = ".nenpo-init"


def read_example() -> dict[str, bytes]:
    """Return the files of the example by path: data, params, notebooks, README."""
    example = packaged("nenpo.workbooks.starting") / "example"
    found = {name: file.read_bytes() for name, file in _walk(example, "")}
    page = write_readme(EXAMPLE["plan"], int(EXAMPLE["fiscal_year"]))
    return found | {_README: page} | read_notebooks(EXAMPLE)


def write_readme(plan: str, fiscal_year: int) -> bytes:
    """Return the README of a new project."""
    page = (packaged("nenpo.workbooks.starting") / "example" / _README).read_text("utf-8")
    return page.format(plan=plan, year=fiscal_year, next_year=fiscal_year + 1).encode()


def read_notebooks(parameters: Mapping[str, str]) -> dict[str, bytes]:
    """Return the notebooks by path; opened by hand, they begin with these ``parameters``."""
    found = dict[str, bytes]()
    for name, file in _walk(_find_notebooks(), ""):
        if name.endswith(".ipynb") and not is_left_behind(Path(name)):
            text = file.read_bytes().decode()
            if f'\\"{COMPARISON}\\"' not in text:
                text = _set_parameters(text, parameters)
            found[f"notebooks/{name}"] = text.encode()
    return found


def _set_parameters(notebook: str, parameters: Mapping[str, str]) -> str:
    """Return the text of a notebook's file in which these are the values of its parameters."""
    for key, value in parameters.items():
        # A line of the cell, within JSON: "plan: str = \"aoba\"  # …".
        declared = re.compile(rf'("{key}: \w+ = )(?:\\"[^"]*\\"|[0-9]+)')
        shown = value if value.isdecimal() else rf'\\"{value}\\"'
        notebook = declared.sub(rf"\g<1>{shown}", notebook, count=1)
    return notebook


def _find_notebooks() -> Traversable:
    """Return the folder of the notebooks: in the package, or in the repository around it."""
    inside = packaged("nenpo") / "notebooks"
    return inside if inside.is_dir() else Path(__file__).parents[4] / "notebooks"


def _walk(folder: Traversable, above: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _walk(entry, f"{above}{entry.name}/")
        else:
            yield f"{above}{entry.name}", entry


def check_folder(folder: Path) -> None:
    """Raise ``UnusableFolder`` unless a folder is empty, or can be made."""
    try:
        there = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        if folder.is_symlink():
            _refuse(folder, Words("指す先のないリンクである", "it is a link to nothing"))
        return
    except NotADirectoryError:
        _refuse(folder, Words("フォルダーではない", "it is no folder"))
    except OSError as error:
        told = error.strerror or str(error)
        _refuse(folder, Words(told, told))
    if there:
        why = Words("空でない（{} がある）", "it is not empty: it holds {}").fill(there[0])
        _refuse(folder, why)


def _refuse(folder: Path, why: Words) -> None:
    raise UnusableFolder(value=str(folder), why=why)


def write_project(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a project into a folder that is empty or new: all, or none.

    Raises ``UnusableFolder`` and ``WriteFailed``.
    """
    check_folder(folder)
    is_new = not folder.exists()
    # A name that neither a reader of projects nor a person takes for one.
    draft = folder.with_name(f".{folder.name}.new") if is_new else folder / _DRAFT
    remove_folder(draft)
    try:
        for name, content in files.items():
            write_file(draft / name, content)
        for path, error in sync_files(draft / name for name in files).items():
            with explain_write(path):
                raise error
        with hold_signals():
            if is_new:
                with explain_write(folder):
                    draft.rename(folder)
            else:
                _move_in(draft, folder)
    finally:
        remove_folder(draft)


def _move_in(draft: Path, folder: Path) -> None:
    """Move what was made into a folder that people may have open: it stays the same folder."""
    moved = list[Path]()
    try:
        for path in sorted(draft.iterdir(), key=lambda path: (path.name == _LAST, path.name)):
            with explain_write(folder / path.name):
                path.rename(folder / path.name)
            moved.append(folder / path.name)
    except BaseException:
        for path in moved:
            remove_folder(path)
        raise


def check_project(files: Mapping[str, bytes], plan: str, fiscal_year: int) -> None:
    """Raise ``InputRefused`` unless the files are a valid project with an edition of that year."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            write_file(Path(folder, name), content)
        read_input(Path(folder).resolve(), [(plan, fiscal_year)], ())


def tell_project(folder: Path, report: str = "") -> Iterator[str]:
    """Yield what was made and what to do next, line by line."""
    yield str(Words("{} に作った。", "made in {}.").fill(folder))
    yield str(Words("次にすること", "What to do next"))
    read = Words(
        "{} を読み、違うところを data/ で直す",
        "read {}, and correct in data/ what is wrong",
    )
    own = Words(
        "data/ と params/ を自分の計画に書き換え、もう一度 nenpo build（README.md に説明）",
        "put your own plan into data/ and params/, and build again (README.md tells how)",
    )
    steps = (
        *([read.fill(report)] if report else []),
        Words("cd {}", "cd {}").fill(folder),
        Words(
            "nenpo build  文書を作る。outputs/index.html を開く",
            "nenpo build  makes the documents; open outputs/index.html",
        ),
        *([] if report else [own]),
    )
    yield from (f"  {number}. {step}" for number, step in enumerate(steps, 1))
