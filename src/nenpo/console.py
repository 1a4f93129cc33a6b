"""Standard streams that stop no work: whoever reads them may leave, and a disk may be full.

What a console cannot show is written as an escape (``\\u5e74``). What standard output no longer
takes goes on to standard error, unless its reader has left: that one wants no more.
"""

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import Any

from nenpo.errors import Words

_LOST = Words(
    "標準出力に書けない（{}）。続きを標準エラーに示す。",
    "standard output cannot be written ({}); what follows is told here.",
)


def open_streams() -> None:
    """Put streams that last in the place of this process's standard output and error."""
    closed = _open_descriptors()
    streams = [
        _open_stream(stream, number, number in closed)
        for number, stream in ((1, sys.stdout), (2, sys.stderr))
    ]
    sys.stdout, sys.stderr = streams


def is_lost(stream: object) -> bool:
    """Return whether nobody gets what is written to a stream of :func:`open_streams`."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return isinstance(raw, _LastingOutput) and raw.is_left


def _open_descriptors() -> set[int]:
    """Open what is closed of 0, 1 and 2, lest another file become a standard stream."""
    closed = set()
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            os.set_inheritable(number, True)
            closed.add(number)
    return closed


def _open_stream(stream: Any, number: int, closed: bool) -> io.TextIOWrapper:
    if stream is None:  # as Python has it where the descriptor was closed
        stream = io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding="utf-8")
    raw = _LastingOutput(stream, number)
    if closed:
        raw.lost = OSError(errno.EBADF, os.strerror(errno.EBADF))
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors="backslashreplace",
        # What python -u writes through would only come as far as the buffer beneath.
        line_buffering=stream.line_buffering or stream.write_through,
        write_through=stream.write_through,
    )


class _LastingOutput(io.RawIOBase):
    """Takes everything; ``lost`` is the error since which nobody gets it."""

    def __init__(self, stream: Any, number: int) -> None:
        self.lost: OSError | None = None
        # With python -u, the buffer is what is beneath one elsewhere.
        self._raw = getattr(stream.buffer, "raw", stream.buffer)
        self._number = number
        self._stream = stream  # which would close it

    @property
    def is_left(self) -> bool:
        """Whether its reader has gone, or there never was one."""
        return self.lost is not None and self.lost.errno in (errno.EPIPE, errno.EBADF)

    def write(self, data: Any) -> int:
        """Write as much as goes at once, or what can be done in its place."""
        if self.lost is None:
            try:
                return self._write(data)
            except OSError as error:
                self.lost = error
                self._tell(f"{_LOST.fill(error.strerror or error)}\n".encode())
        self._tell(bytes(data))
        return len(data)

    def _write(self, data: Any) -> int:
        while (written := self._raw.write(data)) is None:
            select.select([], [self._raw], [])  # another program has made it non-blocking
        return int(written)

    def _tell(self, data: bytes) -> None:
        """Write to standard error what standard output has not taken, if anybody wants it."""
        if self._number == 1 and not self.is_left:
            with suppress(OSError):
                sys.stderr.flush()
                os.write(2, data)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor beneath."""
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        """Return whether a person looks at it."""
        return bool(self._raw.isatty())
