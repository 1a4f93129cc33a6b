"""Replies of the departments: taken in."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.survey import Form, open_reply_form, parse_edition, survey
from nenpo.usage import Command


class Preference(StrEnum):
    """Which of two answers is taken; typer knows no list of literals."""

    NEWER = "newer"
    LEAD = "lead"


@survey.command(cls=Command)
def collect(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="The folder of the workbooks that came back / 返送された調査票のフォルダー",
        ),
    ],
    plan: Annotated[
        str | None,
        typer.Option(
            metavar="PLAN/YEAR",
            help="Which survey it is, if the workbooks do not tell / "
            "計画と年度（調査票から分からないとき）",
            show_default=False,
        ),
    ] = None,
    prefer: Annotated[
        list[Preference] | None,
        typer.Option(
            help="newer: of two workbooks of a department, the one saved last; lead: where "
            "departments disagree, what the first of them answers; may be given again / "
            "newer は同じ部署の調査票が二つあるとき後に保存された方を、lead は回答が一致しないとき"
            "先に書かれた部署の回答を採る（繰り返せる）",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace",
            help="Take answers that differ from what the data hold / データと違う回答で置き換える",
        ),
    ] = False,
    without_faulty: Annotated[
        bool,
        typer.Option(
            "--without-faulty",
            help="Leave out departments with errors and rows in dispute, take the rest / "
            "誤りのある部署と回答の一致しない行を除いて取り込む",
        ),
    ] = False,
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            metavar="OUT",
            help="Write copies of faulty workbooks with the cells marked, to be sent back / "
            "誤りのある調査票の写しに印を付けて、このフォルダーに書く",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show what would change / 変わるものを示すだけで書かない"),
    ] = False,
    form: Form = None,
) -> None:
    """Take in what came back, in one step or not at all / 返送された調査票を取り込む。

    Every error is named at its cell; with one, nothing is taken /
    誤りはセルごとに全て示す。一つでもあれば、何も取り込まない。
    """
    from datetime import date

    from nenpo.build.isolated.processes import raise_interruptions
    from nenpo.data.project import find_root
    from nenpo.workbooks.taking.command import Choices, collect_replies

    choices = Choices(
        parse_edition(plan) if plan else None,
        prefer_newer=Preference.NEWER in (prefer or ()),
        prefer_lead=Preference.LEAD in (prefer or ()),
        without_faulty=without_faulty,
        replace=replace,
        dry_run=dry_run,
        form=open_reply_form(form, folder, "nenpo survey collect"),
        findings=findings,
    )
    ask = typer.confirm if sys.stdin.isatty() else None
    with raise_interruptions():
        for line in collect_replies(find_root(), folder, choices, ask, date.today()):
            print(line)
