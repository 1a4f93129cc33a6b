"""Beginnings: the next fiscal year of a plan, a new project."""

from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.app import app
from nenpo.errors import UnusableFolder, Words, WrongCommandLine
from nenpo.usage import Command


def _parse_folder(text: str) -> Path:
    """Return the folder that was given. ``Path("")`` would be the current one."""
    if text.strip():
        return Path(text).absolute()
    raise UnusableFolder(value='""', why=Words("名前が空である", "its name is empty"))


def parse_year(text: str) -> int:
    """Return a fiscal year that was given as 2023, R5 or 令和5年度, in any width.

    Raises WrongCommandLine.
    """
    from nenpo.language.fiscal import parse_fiscal_year

    try:
        return parse_fiscal_year(text)
    except ValueError:
        what = Words("「{}」は年度ではない", "'{}' is no fiscal year").fill(text)
        remedy = Words("2023 のように書くこと。", "Write it as 2023. ")
        raise WrongCommandLine(what=what, remedy=remedy, command="nenpo new-year") from None


@app.command("new-year", cls=Command)
def new_year(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="The plan (its folder in data/) / 計画の ID")
    ],
    year: Annotated[
        int,
        typer.Argument(
            parser=parse_year,
            metavar="YEAR",
            help="The fiscal year to begin, as 2022 / 始める年度（西暦）",
        ),
    ],
    before: Annotated[
        int | None,
        typer.Option(
            "--from",
            parser=parse_year,
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


def _parse_list(text: str) -> Path:
    """Return the file that was given."""
    if Path(text).is_file():
        return Path(text)
    raise WrongCommandLine(
        what=Words("一覧表「{}」がない", "there is no file '{}'").fill(text),
        remedy=Words("ファイルの名前を確かめること。", "See how it is called. "),
        command="nenpo init",
    )


def _parse_plan(text: str) -> str:
    """Return the id of a plan that was given."""
    from nenpo.data.schema.cells import is_id

    if is_id(text):
        return text
    raise WrongCommandLine(
        what=Words("計画の ID「{}」は使えない", "'{}' is no id of a plan").fill(text),
        remedy=Words(
            "英小文字で始まる、英小文字・数字・ハイフンだけの60字以内とすること（例 dx-plan）。",
            "Take lower-case letters, digits and hyphens, a letter first, at most 60 (dx-plan). ",
        ),
        command="nenpo init",
    )


@app.command(cls=Command)
def init(
    folder: Annotated[
        Path,
        typer.Argument(
            parser=_parse_folder,
            metavar="DIR",
            help="An empty or new folder / 空の又は新しいフォルダー",
        ),
    ],
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            parser=_parse_list,
            metavar="FILE",
            help="Begin from an existing list: .xlsx, .xls, .ods, .csv / 今ある一覧表から作る",
            show_default=False,
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(
            help="Fiscal year of the list, if it does not say / 一覧表の年度（西暦）",
            min=1950,
            max=2100,
            show_default=False,
        ),
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            parser=_parse_plan,
            metavar="ID",
            help="Id of the plan / 計画の ID（英数字）",
            show_default="keikaku",
        ),
    ] = None,
    municipality: Annotated[
        str,
        typer.Option(help="Its name, if the list does not say / 団体の名称", show_default=False),
    ] = "",
) -> None:
    """Begin a project, as an example or from a list / 新しい年報のフォルダーを作る。

    The example is small and complete. Of a list, all that was guessed is told with its cell /
    見本から作るか、今ある一覧表から作る。一覧表からは、推定したことを全て、セルとともに示す。
    """
    from nenpo.workbooks.starting.project import (
        check_folder,
        check_project,
        read_example,
        tell_project,
        write_project,
    )

    if source is None and (year or municipality or plan):
        raise WrongCommandLine(
            what=Words(
                "--year、--plan 及び --municipality は、一覧表から作るときに使う",
                "--year, --plan and --municipality are for a list",
            ),
            remedy=Words("--from で一覧表を指定すること。", "Give it with --from. "),
            command="nenpo init",
        )
    check_folder(folder)
    if source is None:
        write_project(folder, read_example())
        report = ""
    else:
        from nenpo.workbooks.starting.adopt import REPORT, Wishes, adopt_list
        from nenpo.workbooks.starting.guesses import tell_guesses

        adopted = adopt_list(source, Wishes(plan or Wishes.plan, year, municipality.strip()))
        check_project(adopted.files, adopted.plan, adopted.fiscal_year)
        write_project(folder, adopted.files)
        for line in (*adopted.counts, *tell_guesses(adopted.guesses)):
            print(line)
        report = REPORT
    for line in tell_project(folder, report):
        print(line)
