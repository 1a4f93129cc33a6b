"""What `nenpo watch` does with a change: build, tell, have the open pages look."""

import os
import sys
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nenpo.build.command import run_build
from nenpo.build.run import BuildOptions
from nenpo.build.watching import Changes
from nenpo.errors import BuildLocked, NenpoError, NotWatchable, Words, describe_unusable
from nenpo.site.serving import Pages

_INPUTS = ("data", "params", "notebooks")
_SUFFIXES = (".csv", ".yaml", ".ipynb")
_AGAIN_SECONDS = 2.0
_MOST_NAMED = 5
_CHANGED = Words("変更: {}", "changed: {}")
_MORE = Words("{} ほか {} 件", "{} and {} more")
_ARRIVED = Words("回答が届いた: {}", "a reply has arrived: {}")
_GONE = Words("回答のフォルダーからなくなった: {}", "gone from the folder of replies: {}")
_WAITING = Words("見張っている（{}）。終えるには Ctrl+C を押す。", "watching ({}); Ctrl-C ends it.")

Look = Callable[[frozenset[Path]], Iterable[str]]


@dataclass(frozen=True)
class Watch:
    """A project that is built again and again; ``address`` is where its pages are served.

    ``look`` tells of replies, in the folder ``replies``, what they hold.
    """

    root: Path
    options: BuildOptions
    pages: Pages
    address: str
    replies: Path | None = None
    look: Look | None = None

    def follow(self, changes: Changes) -> None:
        """Wait for the next changes and do what they ask for. Raises NotWatchable."""
        found = changes.wait()
        own = self.replies.resolve() if self.replies else None
        arrived = {path for path in found if own and path.resolve().is_relative_to(own)}
        self._tell_replies(sorted(arrived))
        if inputs := found - arrived:
            # A program that replaces a file has written another before, which is gone.
            named = {path for path in inputs if path.is_file() or path.suffix in _SUFFIXES}
            print(_CHANGED.fill(_join(sorted(map(self._name, named or inputs)))), flush=True)
            while not self.build():
                changes.wait(_AGAIN_SECONDS)

    def _tell_replies(self, changed: Sequence[Path]) -> None:
        """Tell what came and went, and what is in it; that a reply is faulty ends nothing."""
        came = [path for path in changed if path.is_file()]
        for path in changed:
            if not path.is_dir():
                print((_ARRIVED if path in came else _GONE).fill(path.name), flush=True)
        try:
            if came and self.look:
                for line in self.look(frozenset(path.resolve() for path in came)):
                    print(line, flush=True)
        except NenpoError as error:
            print(error, file=sys.stderr)

    def build(self) -> bool:
        """Build, and say that we go on, however that went; False if another holds the folder."""
        held = False
        try:
            run_build(self.root, self.options)
        except NenpoError as error:
            held = isinstance(error, BuildLocked)
            print(error, file=sys.stderr)
        except Exception as error:  # a library's, of whatever kind: what is mended is built again
            print(describe_unusable(error), file=sys.stderr)
        self.pages.announce()
        if not held:
            print(_WAITING.fill(self.address), flush=True)
        return not held

    def _name(self, path: Path) -> str:
        for root in (self.root, self.root.resolve()):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return str(path)


def find_places(root: Path, replies: Path | None) -> list[Path]:
    """Return the folders to watch. Raises NotWatchable for replies that are no folder."""
    if replies is not None and not replies.is_dir():
        raise NotWatchable(value=replies, why=Words("フォルダーがない", "there is no such folder"))
    places = [root / name for name in _INPUTS if (root / name).is_dir()]
    return [*places, replies] if replies else places


def open_browser(address: str) -> None:
    """Show a page, where there is a screen to show it on."""
    shows = ("DISPLAY", "WAYLAND_DISPLAY")
    # Without one, a browser of text would take the terminal.
    if sys.platform in ("win32", "darwin") or any(map(os.environ.get, shows)):
        webbrowser.open(address)


def _join(names: Iterable[str]) -> Words:
    told = [*names]
    shown = "、".join(told[:_MOST_NAMED])
    more = len(told) - _MOST_NAMED
    return _MORE.fill(shown, more) if more > 0 else Words(shown, shown.replace("、", ", "))
