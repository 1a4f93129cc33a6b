"""Documents: made, told about, checked, accepted, published."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from nenpo.cli.app import Output, Selectors, app, read_text
from nenpo.errors import BriefingsFailed
from nenpo.notebook.engine import EngineName
from nenpo.usage import Command

# By name: it is called in a process of its own, and nothing of it is imported here.
PAGES = "nenpo.site.overview:render_overview"
FailOn = Literal["facts", "text", "structure", "picture", "any"]


@app.command(cls=Command)
def build(
    selectors: Selectors = None,
    jobs: Annotated[
        int,
        typer.Option(
            help="Processes at once, 0 = one a processor / 同時に動かす数（0 はプロセッサーの数）",
            min=0,
        ),
    ] = 0,
    engine: Annotated[
        EngineName,
        typer.Option(
            help="kernel = papermill's own, for comparison / 実行エンジン（kernel は比較用）"
        ),
    ] = "nenpo",
    output: Output = None,
    deadline: Annotated[
        float, typer.Option(help="Seconds for each briefing / 1文書の制限時間（秒）", min=1)
    ] = 120,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Make what has not changed as well / 変わっていないものも作り直す"
        ),
    ] = False,
    executor: Annotated[
        Literal["processes", "dask"],
        typer.Option(help="Where briefings are made / 作る場所（この端末か Dask）"),
    ] = "processes",
    scheduler: Annotated[
        str, typer.Option(help="Address of the Dask scheduler / Dask のスケジューラーの番地")
    ] = "",
    profile: Annotated[
        bool, typer.Option("--profile", help="Print where the time goes / 段階ごとの時間を示す")
    ] = False,
) -> None:
    """Make briefings as HTML, PDF, facts and executed notebook / 文書を作る。

    Only what is not current: `nenpo why` tells what that is / 最新でないものだけを作る。
    """
    from nenpo.build.command import run_build
    from nenpo.build.run import BuildOptions
    from nenpo.data.project import find_root

    root = find_root()
    options = BuildOptions(
        *(output or root / "outputs", tuple(selectors or ()), engine, jobs, deadline),
        fresh=fresh,
        executor=executor,
        scheduler=scheduler,
        pages=PAGES,
    )
    result = run_build(root, options, profile=profile)
    if result.failed:
        names = ", ".join(failure.name for failure in result.failed)
        kept = f"{result.output}/failed"
        raise BriefingsFailed(count=len(result.failed), names=names, place=kept)
    if result.trouble:
        raise result.trouble[0]


@app.command(cls=Command)
def why(selectors: Selectors = None, output: Output = None) -> None:
    """Tell what `build` would make, and what has changed / build で作るものと、その理由を示す。"""
    from nenpo.build.causes.why import explain_briefings
    from nenpo.build.receipts import Inputs, choose_briefings
    from nenpo.data.project import find_root

    root = find_root()
    _tell_without_params(root, selectors)
    folder = output or root / "outputs"
    state = Inputs(root)
    briefings = choose_briefings(state, folder, selectors or ())
    for line in explain_briefings(folder, briefings, state):
        print(line)


@app.command(cls=Command)
def validate(
    plans: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PLAN]...",
            help="Plans to check; all if left out / 点検する計画（省略すれば全て）",
        ),
    ] = None,
) -> None:
    """Check data and params, and name every offender / データと条件を点検し、誤りを全て示す。"""
    from nenpo.build.validate import validate_plans
    from nenpo.data.project import find_root

    for line in validate_plans(find_root(), plans or ()):
        print(line)


HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write one page / 1ページの報告を書く")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON / JSON で示す")]


@app.command(cls=Command)
def publish(
    destination: Annotated[
        str,
        typer.Argument(
            metavar="DEST",
            help="Folder, .zip or URL (s3://…) / 公表先（フォルダー、.zip 又は URL）",
        ),
    ],
    drafts: Annotated[
        bool, typer.Option("--drafts", help="Publish drafts as well / 案も公表する")
    ] = False,
    output: Output = None,
) -> None:
    """Copy what is for everybody to a folder, a .zip or a URL / 公表する文書を写す。

    Documents and tables, without inspections and notebooks; refused unless all is current /
    文書と表であり、点検票とノートブックは含まない。全てが最新でなければ公表しない。
    """
    from nenpo.build.isolated.processes import raise_interruptions
    from nenpo.build.publish import publish_outputs
    from nenpo.build.receipts import Inputs
    from nenpo.build.report import tell_publication
    from nenpo.data.project import find_root

    root = find_root()
    with raise_interruptions():
        done = publish_outputs(Inputs(root), output or root / "outputs", destination, drafts)
    print(tell_publication(done))


@app.command(cls=Command)
def check(
    selectors: Selectors = None,
    output: Output = None,
    accepted: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the accepted PDFs, to compare pictures / 確定版の PDF のフォルダー"
        ),
    ] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(help="Up to this level a difference fails / この段階までの違いを失敗とする"),
    ] = "text",
    html: HtmlFile = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML / JUnit XML を書く")] = None,
    github: Annotated[
        bool,
        typer.Option(
            "--github", help="Annotations and step summary / GitHub Actions の注釈と要約を出す"
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the outputs with the accepted state / 出力を確定版と比べる。"""
    from nenpo.check.command import Reports, run_check
    from nenpo.data.project import find_root

    root = find_root()
    folders = (output or root / "outputs", accepted)
    reports = Reports(html=html, junit=junit, github=github, as_json=as_json)
    sys.exit(run_check(root, tuple(selectors or ()), folders, fail_on, reports))


@app.command(cls=Command)
def accept(
    selectors: Annotated[list[str], typer.Argument(metavar="PLAN[/YEAR[/BRIEFING]]...")],
    reason: Annotated[
        str,
        typer.Option(callback=read_text, help="What changed and why / 何をなぜ変えたか"),
    ],
    output: Output = None,
) -> None:
    """Take the outputs as the accepted state / 出力を確定版とする。"""
    from nenpo.build.isolated.processes import raise_interruptions
    from nenpo.check.command import run_accept
    from nenpo.data.project import find_root

    root = find_root()
    with raise_interruptions():
        for line in run_accept(root, tuple(selectors), output or root / "outputs", reason):
            print(line)


@app.command(cls=Command)
def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A", help="PLAN/YEAR or a folder / 前の年度（PLAN/YEAR）又はフォルダー"
        ),
    ],
    after: Annotated[
        str,
        typer.Argument(
            metavar="B", help="PLAN/YEAR or a folder / 後の年度（PLAN/YEAR）又はフォルダー"
        ),
    ],
    output: Output = None,
    errata: Annotated[
        bool, typer.Option("--errata", help="As a table of errata / 正誤表とする")
    ] = False,
    html: HtmlFile = None,
    as_json: Json = False,
) -> None:
    """Tell what changed between two years or output folders / 二つの年度や出力の違いを示す。

    Two years of a plan are told by name, from its tables; folders by what documents say /
    同じ計画の二つの年度は計画の表から、フォルダーは文書から比べる。
    """
    from nenpo.check.command import Reports, run_compare
    from nenpo.data.project import find_root

    root = find_root()
    reports = Reports(html=html, as_json=as_json, errata=errata)
    sys.exit(run_compare(root, output or root / "outputs", (before, after), reports))


@app.command("list", cls=Command)
def list_all(selectors: Selectors = None) -> None:
    """List the briefings that `build` would make / build で作る文書の一覧を示す。"""
    from nenpo.build.select import select_briefings
    from nenpo.data.project import find_root

    root = find_root()
    _tell_without_params(root, selectors)
    for briefing in select_briefings(root, selectors or ()):
        print(briefing.selector)


def _tell_without_params(root: Path, selectors: list[str] | None) -> None:
    """Say on the standard error, which carries no list, of which data no document is made."""
    from nenpo.build.params import tell_without_params

    for line in tell_without_params(root, {text.partition("/")[0] for text in selectors or ()}):
        print(line, file=sys.stderr)
