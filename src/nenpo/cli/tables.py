"""A plan's tables in Excel: written out, and taken in again."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.app import app
from nenpo.errors import Words, WrongCommandLine, make_visible
from nenpo.usage import Command, Group

tables = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="A plan's tables in Excel / 計画の表を Excel で扱う。",
)
app.add_typer(tables, name="tables")


def _parse_target(text: str) -> Path:
    """Return the workbook to write. Raises WrongCommandLine: Excel opens it by its extension."""
    if text.lower().endswith(".xlsx"):
        return Path(text)
    what = Words("書き出すブックの名前「{}」が .xlsx で終わらない", "'{}' does not end in .xlsx")
    remedy = Words("「計画.xlsx」などとすること。", "Name it plan.xlsx, for example.")
    raise WrongCommandLine(what=what.fill(text), remedy=remedy, command="nenpo tables export")


def _parse_source(text: str) -> Path:
    """Return the workbook to take in. Raises WrongCommandLine if there is none."""
    if Path(text).exists():
        return Path(text)
    what = Words("ファイル「{}」がない", "there is no file '{}'").fill(text)
    remedy = Words("名前とフォルダーを確かめること。", "See to its name and folder.")
    raise WrongCommandLine(what=what, remedy=remedy, command="nenpo tables import")


@tables.command("export", cls=Command)
def export_tables(
    selector: Annotated[
        str,
        typer.Argument(
            metavar="PLAN[/YEAR]",
            help="A plan, with the tables of a year as well / 計画（年度の表も要るときは年度も）",
        ),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            parser=_parse_target,
            metavar="FILE.xlsx",
            help="The workbook to write / 書き出すブック",
        ),
    ],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Replace a file that is there / あるファイルを置き換える"),
    ] = False,
) -> None:
    """Write a plan's tables as a workbook / 計画の表を Excel のブックに書き出す。

    A table a sheet, with lists to choose from / 表ごとにシートを分け、選ぶ欄には一覧を付ける。
    """
    from nenpo.data.project import find_root
    from nenpo.workbooks.tables.exporting import export_tables

    print(export_tables(find_root(), selector, file, replace=replace))


@tables.command("import", cls=Command)
def import_tables(
    file: Annotated[
        Path,
        typer.Argument(
            parser=_parse_source,
            metavar="FILE.xlsx",
            help="The workbook to take in / 取り込むブック",
        ),
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask / 確かめずに取り込む")] = False,
    order: Annotated[
        bool,
        typer.Option("--order", help="Rows in the order of the sheets / 行の順をシートに合わせる"),
    ] = False,
    older: Annotated[
        bool,
        typer.Option(
            "--older",
            help="Undo what changed in the data since / 書き出した後のデータの変更を戻す",
        ),
    ] = False,
) -> None:
    """Take the tables of a workbook in / ブックの表を取り込む。

    Shows what would change, and asks; without a terminal, it changes nothing unless --yes is
    given / 変わる所を示し、確かめてから取り込む。端末でないときは、--yes がなければ何も変えない。
    """
    from nenpo.data.project import find_root
    from nenpo.workbooks.tables.changes import tell_change
    from nenpo.workbooks.tables.importing import Import, import_tables

    shown: list[Import] = []

    def agree(found: Import) -> bool:
        shown.append(found)
        changed = (line for change in found.changes for line in tell_change(change))
        for line in (*found.notes, *changed):
            print(make_visible(str(line)))
        return bool(found.changes) and (yes or _ask())

    done = import_tables(find_root(), file, agree, in_order=order, older=older)
    if not shown[0].changes:
        print(Words("変わる所はない。", "Nothing changes."))
    elif done:
        print(Words("取り込んだ。", "Taken in."))
    else:
        print(Words("何も変えていない。", "Nothing was changed."))
        sys.exit(1)


def _ask() -> bool:
    """Ask on a terminal; elsewhere nobody can answer."""
    if not sys.stdin.isatty():
        told = Words(
            "取り込むには、--yes を付けて実行すること。", "To have it taken in, add --yes."
        )
        print(told)
        return False
    question = Words("このとおり取り込みますか", "Take it in as shown")
    return typer.confirm(str(question), default=False)
