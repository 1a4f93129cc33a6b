"""Watching: documents made again as their inputs change, open pages reloaded, replies told."""

from pathlib import Path
from typing import Annotated

import typer

from nenpo.cli.app import Output, Selectors, app
from nenpo.cli.documents import PAGES
from nenpo.cli.survey import Form, open_reply_form
from nenpo.usage import Command


@app.command(cls=Command)
def watch(
    selectors: Selectors = None,
    replies: Annotated[
        Path | None,
        typer.Option(
            metavar="<path>",
            help="Folder in which replies of departments arrive / 回答が届くフォルダー",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
    port: Annotated[
        int, typer.Option(help="Port of the pages, 0 = any that is free / ポート（0 は空いたもの）")
    ] = 0,
    open_page: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the first page / 最初のページを開く")
    ] = True,
    poll: Annotated[
        bool,
        typer.Option(
            "--poll", help="Look again and again: for a share / 繰り返し調べる（共有フォルダー用）"
        ),
    ] = False,
    form: Form = None,
) -> None:
    """Make documents again as their inputs change / 入力が変わるたびに文書を作り直す。

    The open page reloads by itself. Ctrl-C ends it /
    開いているページは自動で更新される。Ctrl+C で終える。
    """
    from nenpo.build.briefing import Selector
    from nenpo.build.isolated.processes import raise_interruptions
    from nenpo.build.run import BuildOptions
    from nenpo.build.watching import watch_folders
    from nenpo.data.project import find_root
    from nenpo.site.serving import Pages, serve_pages
    from nenpo.site.watch import Watch, find_places, open_browser
    from nenpo.workbooks.taking.arrived import Arrivals

    root = find_root()
    options = BuildOptions(output or root / "outputs", tuple(selectors or ()), pages=PAGES)
    pages = Pages(options.output)
    places = find_places(root, replies)
    named = {(each.plan, each.fiscal_year) for each in map(Selector.parse, selectors or ())}
    plan, year = named.pop() if len(named) == 1 else ("", None)
    survey = (plan, year) if plan and year else None
    opened = open_reply_form(form, replies, "nenpo watch")
    look = Arrivals(root, replies, survey, opened, form).tell if replies else None

    with (
        raise_interruptions(),
        serve_pages(pages, port) as address,
        watch_folders(places, poll) as changes,
    ):
        watching = Watch(root, options, pages, address, replies, look)
        watching.build()
        if open_page:
            open_browser(address)
        while True:
            watching.follow(changes)
