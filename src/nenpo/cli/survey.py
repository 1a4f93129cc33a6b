"""The yearly survey: workbooks that go out to the departments."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nenpo.cli.app import app
from nenpo.errors import BadSelector, KeptFiles, Words, WrongCommandLine
from nenpo.usage import Command, Group

if TYPE_CHECKING:
    from nenpo.workbooks.forms.blank import BlankForm

survey = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Ask the departments and take in what they answer / 各課に照会し、回答を取り込む。",
)
app.add_typer(survey, name="survey")


Form = Annotated[
    Path | None,
    typer.Option(
        metavar="FORM.yaml",
        help="The municipality's own form, as nenpo form learn described it / "
        "自治体の既存の様式（form learn が書き出した定義）を使う",
        show_default=False,
    ),
]


def parse_edition(text: str) -> tuple[str, int]:
    """Return the plan and the fiscal year of PLAN/YEAR. Raises BadSelector."""
    from nenpo.build.briefing import Selector

    selector = Selector.parse(text)
    if selector.fiscal_year is None or selector.briefing is not None:
        hint = Words("計画と年度を指定すること。", "Name a plan and a year. ")
        raise BadSelector(value=text, allowed="nakano-informatization/2021", hint=hint)
    return selector.plan, selector.fiscal_year


def parse_day(text: str) -> date:
    """Return a day that was given as YYYY-MM-DD. Raises WrongCommandLine."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        what = Words("「{}」は日付ではない", "'{}' is no date").fill(text)
        remedy = Words("2023-05-12 のように書くこと。", "Write it as 2023-05-12. ")
        raise WrongCommandLine(what=what, remedy=remedy, command="nenpo survey") from None


def open_reply_form(form: Path | None, replies: Path | None, command: str) -> "BlankForm | None":
    """Return the form in which the replies of a folder are written, None for the survey's own.

    Raises WrongCommandLine for a form without replies, and as
    :func:`~nenpo.workbooks.forms.blank.open_form`.
    """
    from nenpo.workbooks.forms.blank import open_form

    if form and not replies:
        what = Words("--form は回答を読む様式である", "--form is the form of replies")
        remedy = Words("--replies DIR も指定すること。", "Give --replies DIR as well. ")
        raise WrongCommandLine(what=what, remedy=remedy, command=command)
    return open_form(form) if form else None


@survey.command(cls=Command)
def make(
    edition: Annotated[
        str,
        typer.Argument(metavar="PLAN/YEAR", help="The plan and its fiscal year / 計画と年度"),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="DIR", help="Folder of the workbooks / 調査票を置くフォルダー"
        ),
    ],
    department: Annotated[
        list[str] | None,
        typer.Option(
            "--department",
            metavar="ID",
            help="Only for these; may be given again / この課だけ（繰り返せる）",
            show_default=False,
        ),
    ] = None,
    deadline: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="By when to answer; else survey_deadline in params / "
            "提出期限（省略すれば params の survey_deadline）",
            show_default=False,
        ),
    ] = None,
    sent: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="Date of the letter; else left open / 照会文の日付（省略すれば空けておく）",
            show_default=False,
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="Write over files that differ / 内容の違うファイルも上書きする"
        ),
    ] = False,
    form: Form = None,
) -> None:
    """Make a workbook for each department, and a letter / 各課の調査票と照会文を作る。

    Known rows, last year's plans and choices stand in them / 前年度の予定等と選択肢が入っている。
    """
    from nenpo.build.isolated.processes import raise_interruptions
    from nenpo.data.project import find_root
    from nenpo.workbooks.sending.hand_out import Order, hand_out
    from nenpo.workbooks.sending.telling import tell_handed_out

    plan, year = parse_edition(edition)
    chosen = tuple(department or ())
    order = Order(plan, year, to, date.today(), chosen, deadline, sent, replace, form)
    with raise_interruptions():
        made = hand_out(find_root(), order)
    for line in tell_handed_out(made):
        print(line)
    if made.kept:
        names = ", ".join(made.kept)
        raise KeptFiles(place=to, count=len(made.kept), names=names)
