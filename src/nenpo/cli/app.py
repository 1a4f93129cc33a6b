"""The command line itself: its help, what several commands share, and its end.

Exit codes: 0 done · 1 differences (check, compare), changes not made (tables import) · 2 usage,
params or data wrong · 3 some briefings failed or are not built · 4 nothing selected · 70 a defect
of nenpo · 75 another build holds the lock · 130/143 interrupted.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from nenpo.errors import NenpoError, UnusableOutput, describe_unusable
from nenpo.usage import Group


class Commands(Group):
    """Our commands; click would end with 1, which means differences, where a helper has gone."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (EOFError, BrokenPipeError) as error:
            raise RuntimeError(f"{type(error).__name__}: {error}") from error


# Heavy modules are imported inside the commands, so that `nenpo --help` answers at once.
app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Turn a plan's data into briefings / 計画のデータから報告書を作る。",
)


def show_version(asked: bool) -> None:
    """Print the version and leave."""
    if asked:
        from importlib.metadata import version

        print(f"nenpo {version('nenpo')}")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=show_version, is_eager=True, help="Print the version / 版を示す"
        ),
    ] = False,
) -> None:
    """Hold the options of nenpo itself; ``app`` has its help."""


def read_text(argument: str) -> str:
    """Return an argument as the UTF-8 that it is, also where the locale knows ASCII alone."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        told = "it is not UTF-8; write it so / UTF-8 ではない。UTF-8 で書くこと"
        raise typer.BadParameter(told) from None


Selectors = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PLAN[/YEAR[/BRIEFING]]]...",
        help="What is concerned; everything if left out / 対象（省略すれば全て）",
        show_default=False,
    ),
]


def parse_output(text: str) -> Path:
    """Return the folder that was given. Raises UnusableOutput: ``Path("")`` is the current one."""
    if text.strip():
        return Path(text)
    raise UnusableOutput(value='""', why="空である", why_en="it is empty")


Output = Annotated[
    Path | None,
    typer.Option(
        parser=parse_output,
        metavar="<path>",
        help="Folder of the outputs / 出力先",
        show_default="outputs",
    ),
]


def main() -> NoReturn:
    """Run the command line and exit with the code of the contract."""
    try:
        app(standalone_mode=True)
    except NenpoError as error:
        _fail(error)
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    except Exception as error:
        _fail(describe_unusable(error))
    sys.exit()


def _fail(error: NenpoError) -> NoReturn:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
