"""The command line as the script ``nenpo`` and as ``python -m nenpo``.

Nothing is imported before this process can be interrupted, and looks for modules in no folder that
happens to be the current one.
"""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with the code of the contract."""
    _leave_current_folder()
    _leave_at_once_when_interrupted()
    try:
        from nenpo.console import open_streams

        open_streams()
        from nenpo.cli import main as run
    except Exception as error:  # a broken package raises whatever it likes
        from nenpo.errors import describe_unusable

        problem = describe_unusable(error)
        print(problem, file=sys.stderr)
        sys.exit(problem.exit_code)
    run()


def _leave_current_folder() -> None:
    """Take it from the module path, unless nenpo itself lies there.

    ``python -m`` puts it there, and so does an empty part of ``PYTHONPATH``.
    """
    try:
        unsafe = {"", os.getcwd()}  # noqa: PTH109 # pathlib has not been imported
    except OSError:
        unsafe = {""}
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    sys.path[:] = [path for path in sys.path if path not in unsafe - {own}]


def _leave_at_once_when_interrupted() -> None:
    """Until there is something to clean up, for which ``raise_interruptions`` takes over.

    An exception that is raised in the middle of an import may be lost, or taken for another.
    """
    import signal

    def leave(number: int, _: object) -> NoReturn:
        try:
            sys.stdout.flush()
        finally:
            os._exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, leave)


if __name__ == "__main__":
    main()
