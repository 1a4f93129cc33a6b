"""The survey's status: who has answered, who has not, and what to write to them."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.survey import Form, open_reply_form, parse_day, parse_edition, survey
from nenpo.usage import Command


@survey.command(cls=Command)
def status(
    edition: Annotated[
        str,
        typer.Argument(metavar="PLAN/YEAR", help="The plan and its fiscal year / 計画と年度"),
    ],
    replies: Annotated[
        Path | None,
        typer.Option(
            "--replies",
            metavar="DIR",
            help="Look at what came back and is not taken yet / "
            "返送された調査票のうち、まだ取り込んでいないものも見る",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FILE.xlsx",
            help="Write it as a workbook as well / 一覧を Excel ファイルにも書く",
            show_default=False,
        ),
    ] = None,
    reminders: Annotated[
        Path | None,
        typer.Option(
            "--reminders",
            metavar="DIR",
            help="Write a text to send to each department that is not done / "
            "未完了の課ごとに、送る文面を書く",
            show_default=False,
        ),
    ] = None,
    today: Annotated[
        date | None,
        typer.Option(
            "--today",
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="The day to which it is counted / 基準とする日（省略すれば今日）",
            show_default=False,
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="End with 1 unless all have answered / 未完了の課があれば 1 で終わる"
        ),
    ] = False,
    form: Form = None,
) -> None:
    """Tell who has answered the survey and what is open / 調査の回答状況を示す。"""
    from nenpo.data.project import find_root
    from nenpo.workbooks.report_status import StatusOrder, report_status

    plan, year = parse_edition(edition)
    opened = open_reply_form(form, replies, "nenpo survey status")
    order = StatusOrder(plan, year, today or date.today(), replies, to, reminders, opened)
    found, lines = report_status(find_root(), order)
    for line in lines:
        print(line)
    if check and found.unfinished:
        raise typer.Exit(1)
