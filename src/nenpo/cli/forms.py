"""A municipality's own form: what its cells mean, learned once."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from nenpo.cli.app import app
from nenpo.errors import BadSelector, Words, WrongCommandLine, make_visible
from nenpo.usage import Command, Group

if TYPE_CHECKING:
    from nenpo.data.plan import Plan

form = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The municipality's own form / 自治体の既存の様式を使う。",
)
app.add_typer(form, name="form")


@form.command(cls=Command)
def learn(
    blank: Annotated[
        Path, typer.Argument(metavar="BLANK.xlsx", help="The blank form / 何も記入していない様式")
    ],
    filled: Annotated[
        Path,
        typer.Argument(
            metavar="FILLED.xlsx",
            help="The same form with two items or more filled in / 2件以上を記入した同じ様式",
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="<path>",
            help="Where the description is written / 定義を書き出すファイル",
            show_default="BLANK.yaml",
        ),
    ] = None,
    plan: Annotated[
        str,
        typer.Option(
            metavar="PLAN/YEAR",
            help="The plan and year that the form asks about / 様式が尋ねる計画と年度",
            show_default=False,
        ),
    ] = "",
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over a description / 既にある定義を書き換える")
    ] = False,
) -> None:
    """Guess what the cells of a form mean / 様式の各セルの意味を推定して書き出す。

    What is not certain is asked, or marked 要確認 / 確かでないことは尋ね、又は「要確認」とする。
    """
    from nenpo.files import write_atomically
    from nenpo.workbooks.forms.ask import ask_open
    from nenpo.workbooks.forms.learn import learn_form
    from nenpo.workbooks.forms.write import tell_draft, write_form

    target = to or blank.with_suffix(".yaml")
    if target.exists() and not replace:
        _refuse_existing(target)
    draft = learn_form(blank, filled, *_find_plan(plan))
    if sys.stdin.isatty() and sys.stdout.isatty():
        draft = ask_open(draft, _choose)
    write_atomically(target, write_form(draft, target))
    for line in tell_draft(draft, target):
        print(line)


def _find_plan(selector: str) -> "tuple[Plan | None, int | None]":
    """Return the plan and the year that were named. Raises BadSelector, and as ``load_plan``."""
    if not selector:
        return None, None
    from nenpo.build.briefing import Selector
    from nenpo.data.load import load_plan

    named = Selector.parse(selector)
    if named.fiscal_year is None or named.briefing is not None:
        raise BadSelector(value=selector, allowed="PLAN/2022", hint="")
    return load_plan(named.plan), named.fiscal_year


def _refuse_existing(target: Path) -> NoReturn:
    what = Words("{} は既にある", "{} is there already").fill(target)
    remedy = Words(
        "--to で別の名前にするか、--replace を付けること（手で直した内容は失われる）。",
        "Give another name with --to, or --replace (what was corrected by hand is lost).",
    )
    raise WrongCommandLine(what=what, remedy=remedy, command="nenpo form learn")


def _choose(question: Words, options: Sequence[tuple[str, str]]) -> str:
    """Return the value of the option whose number the reader enters."""
    print(make_visible(str(question)))
    for number, (_, label) in enumerate(options, start=1):
        print(f"  {number}. {make_visible(label)}")
    words = Words("番号（1〜{}）", "Number (1 to {})").fill(len(options))
    while True:
        chosen = str(typer.prompt(str(words))).strip()
        if chosen.isdecimal() and 1 <= int(chosen) <= len(options):
            return options[int(chosen) - 1][0]
