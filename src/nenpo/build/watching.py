"""Changes in folders as they come, told to one thread that waits for them.

A person's save is several changes: a spreadsheet program writes another file, and then renames it.
They are taken together once nothing has changed for a moment. What changes while the thread is at
work waits for it.
"""

import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nenpo.errors import MissingExtra, NenpoError, NotWatchable
from nenpo.files import is_left_behind

try:
    import watchfiles
except ImportError:
    raise MissingExtra(value="nenpo watch", extra="watch") from None

_QUIET_MS = 200
_LONGEST_MS = 2000
_STOP_MS = 500
# A thread that waits on a lock does not hear Ctrl-C on Windows: it looks up so often.
_LOOK_SECONDS = 0.5


class Changes:
    """The paths that changed and that nobody has been told of yet."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[frozenset[Path] | NenpoError] = queue.SimpleQueue()

    def put(self, found: frozenset[Path] | NenpoError) -> None:
        """Add changes, or why there will be no more."""
        self._queue.put(found)

    def wait(self, seconds: float | None = None) -> frozenset[Path]:
        """Return what changed since the last time, as soon as there is anything.

        After so many seconds, return without. Raises NotWatchable.
        """
        left = seconds
        while left is None or left > 0:
            step = _LOOK_SECONDS if left is None else min(left, _LOOK_SECONDS)
            try:
                found = [self._queue.get(timeout=step)]
            except queue.Empty:
                left = None if left is None else left - step
                continue
            while not self._queue.empty():
                found.append(self._queue.get())
            refused = next((each for each in found if isinstance(each, NenpoError)), None)
            if refused:
                raise refused
            return frozenset(p for each in found if isinstance(each, frozenset) for p in each)
        return frozenset()


@contextmanager
def watch_folders(folders: Sequence[Path], poll: bool = False) -> Iterator[Changes]:
    """Yield the changes in folders and all below, but for what programs leave behind.

    ``poll`` looks again and again, for shares that tell nothing of what others do there.
    ``Changes.wait`` raises NotWatchable if the system refuses.
    """
    changes, stop = Changes(), threading.Event()
    ready = threading.Event()
    # As they are told: a folder may have been given by a link, or from the current one.
    places = [folder.resolve() for folder in folders]
    arguments = (places, poll, stop, ready, changes)
    watcher = threading.Thread(target=_watch, args=arguments, daemon=True)
    watcher.start()
    ready.wait()
    try:
        yield changes
    finally:
        stop.set()
        watcher.join()


def _watch(
    folders: Sequence[Path],
    poll: bool,
    stop: threading.Event,
    ready: threading.Event,
    changes: Changes,
) -> None:
    """Put what changes, until asked to stop."""
    try:
        found = watchfiles.watch(
            *folders,
            watch_filter=lambda _, path: any(is_of_people(f, Path(path)) for f in folders),
            debounce=_LONGEST_MS,
            step=_QUIET_MS,
            stop_event=stop,
            rust_timeout=_STOP_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=poll or None,
        )
        for each in found:  # the first comes at the latest with the first timeout
            ready.set()
            if each:
                changes.put(frozenset(Path(path) for _, path in each))
    except (OSError, RuntimeError) as error:
        told = ", ".join(map(str, folders))
        changes.put(NotWatchable(value=told, why=str(error) or type(error).__name__))
    finally:
        ready.set()


def is_of_people(folder: Path, path: Path) -> bool:
    """Return whether a change in a folder is somebody's, and not what a program has left beside.

    >>> is_of_people(Path("data"), Path("data/tiny/items.csv"))
    True
    >>> is_of_people(Path("data"), Path("data/tiny/~$items.xlsx"))
    False
    >>> is_of_people(Path("data"), Path("data/_tiny.replacing/items.csv"))
    False
    """
    if is_left_behind(path) or not path.is_relative_to(folder):
        return False
    return not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)
