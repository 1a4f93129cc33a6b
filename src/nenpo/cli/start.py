"""Beginnings: the next fiscal year of a plan, a new project."""

from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.app import app
from nenpo.errors import UnusableFolder, Words
from nenpo.usage import Command


def _parse_folder(text: str) -> Path:
    """Return the folder that was given. ``Path("")`` would be the current one."""
    if text.strip():
        return Path(text).absolute()
    raise UnusableFolder(value='""', why=Words("名前が空である", "its name is empty"))


@app.command("new-year", cls=Command)
def new_year(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="The plan (its folder in data/) / 計画の ID")
    ],
    year: Annotated[
        int,
        typer.Argument(
            metavar="YEAR", help="The fiscal year to begin, as 2022 / 始める年度（西暦）"
        ),
    ],
    before: Annotated[
        int | None,
        typer.Option(
            "--from",
            metavar="YEAR",
            help="Begin from this year, if it is not the one before / 直前でない年度から作る",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Begin a fiscal year from the one before / 次の年度のデータと条件を作る。

    Items, departments and open milestones are carried over; nothing is rated /
    取組、担当及び残る節目を引き継ぐ。進捗は全て未報告となる。
    """
    from nenpo.build.new_year import start_year, tell_new_year
    from nenpo.data.project import find_root

    for line in tell_new_year(start_year(find_root(), plan, year, before)):
        print(line)


@app.command(cls=Command)
def init(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="An empty or new folder / 空の又は新しいフォルダー"),
    ],
) -> None:
    """Begin a project: a small complete example / 新しい年報のフォルダーを、見本から作る。"""
    from nenpo.workbooks.starting.project import read_example, tell_project, write_project

    write_project(folder, read_example())
    for line in tell_project(folder):
        print(line)
