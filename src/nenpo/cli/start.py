"""Beginnings: the next fiscal year of a plan, a new project."""

from typing import Annotated

import typer

from nenpo.cli.app import app
from nenpo.usage import Command


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
