"""What a running cell shows, recorded as nbformat v4 outputs in the order it was shown.

The rules are those of a kernel's messages and of nbclient, which records them: texts on one
stream join, a display id names every output shown under it, ``clear_output(wait=True)`` waits
for the next output.
"""

# mypy: allow-untyped-calls
# nbformat has no types.

import codecs
import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.session import json_packer, json_unpacker
from nbformat import from_dict

from nenpo.errors import TooMuchOutput
from nenpo.notebook.limits import OutputLimitPassed, OutputMeter, describe_error

_CHUNK = 65_536
_NEW_BYTES = 60  # of an output, around its content

STREAMS = (("stdout", 1), ("stderr", 2))


class CellOutputs:
    """The outputs of the cell that runs now; text may come from any thread."""

    def __init__(self) -> None:
        self._outputs: list[Any] = []
        self._displays: dict[str, list[Any]] = {}
        self._clear_first = False
        self._meter = OutputMeter()
        self._lock = threading.RLock()

    def open_cell(self, outputs: list[Any]) -> None:
        """Record into ``outputs``, a cell's list, from now on."""
        with self._lock:
            self._outputs = outputs
            self._clear_first = False
            self._meter.open_cell(outputs)

    def close_cell(self) -> TooMuchOutput | None:
        """Return why the cell fails whatever it does: it showed more than it may."""
        with self._lock:
            for output in self._outputs:
                if output.output_type == "stream":
                    output.text = "".join(output.text)
            if error := self._meter.passed:
                self._outputs.append(from_dict(describe_error(error)))
            self._outputs = []
            return error

    def add_text(self, name: str, text: str) -> None:
        """Add text on the stream ``name``, joining it to an output of that stream just before."""
        with self._lock:
            self._clear_if_due()
            last = self._outputs[-1] if self._outputs else None
            joins = last is not None and last.output_type == "stream" and last.name == name
            if not text:
                return
            self._meter.count(len(text.encode(errors="replace")) + (0 if joins else _NEW_BYTES))
            if not joins:
                # In parts until the cell ends: many small texts would be copied again and again.
                self._outputs.append(from_dict({"output_type": "stream", "name": name, "text": []}))
            self._outputs[-1].text.append(text)

    def add_output(self, kind: str, content: dict[str, Any], display_id: str = "") -> None:
        """Add an output of ``kind``; one with a display id also replaces its namesakes."""
        output = self._make_output(kind, content)
        with self._lock:
            if display_id:
                self._replace(display_id, output)
            self._clear_if_due()
            self._outputs.append(output)
            if display_id:
                self._displays.setdefault(display_id, []).append(output)

    def update_display(self, content: dict[str, Any], display_id: str) -> None:
        """Replace what was shown under ``display_id``, in whatever cell it stands."""
        output = self._make_output("display_data", content)
        with self._lock:
            self._replace(display_id, output)

    def clear(self, *, wait: bool) -> None:
        """Remove the cell's outputs: now, or with ``wait`` when the next one comes."""
        with self._lock:
            self._clear_first = True
            if not wait:
                self._clear_if_due()

    def _make_output(self, kind: str, content: dict[str, Any]) -> Any:
        """Return the output as a kernel's leaves it: packed and unpacked by Jupyter's own codec."""
        packed = json_packer(content)
        with self._lock:
            self._meter.count(len(packed) + _NEW_BYTES)
        # Not nbformat's new_output, which validates each one (5 ms a document): the whole notebook
        # is validated when it is written.
        return from_dict({"output_type": kind, **json_unpacker(packed)})

    def _replace(self, display_id: str, new: Any) -> None:
        for shown in self._displays.get(display_id, []):
            shown["data"], shown["metadata"] = new["data"], new["metadata"]

    def _clear_if_due(self) -> None:
        if not self._clear_first:
            return
        gone = {id(output) for output in self._outputs}
        for display_id, shown in self._displays.items():
            self._displays[display_id] = [node for node in shown if id(node) not in gone]
        self._outputs.clear()
        self._clear_first = False


class CellStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a notebook."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, number: int, capture: "StreamCapture") -> None:
        self.name = name
        self._number = number
        self._capture = capture
        self._process = os.getpid()

    def write(self, text: str) -> int:
        """Record ``text``."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() == self._process and self._capture.is_open:
            self._capture.drain()
            self._capture.outputs.add_text(self.name, text)
        else:  # in a fork of this process, or after the run: only the descriptor leads out
            os.write(self._number, text.encode(errors="replace"))
        return len(text)

    def writable(self) -> bool:
        """Return True."""
        return True

    def fileno(self) -> int:
        """Return the descriptor, whose bytes are recorded too."""
        return self._number


class StreamCapture:
    """Records both standard streams, including what subprocesses and libraries write.

    The descriptors lead to files, whose growth is recorded whenever Python shows something and
    when the cell ends. So texts keep their order, without a pipe that can fill up.
    """

    def __init__(self, outputs: CellOutputs, folder: Path) -> None:
        self.outputs = outputs
        self.is_open = False
        self.streams = {name: CellStream(name, number, self) for name, number in STREAMS}
        self._folder = folder
        self._readers: list[tuple[str, io.FileIO, codecs.IncrementalDecoder]] = []
        decoder = codecs.getincrementaldecoder("utf-8")
        for name, _ in STREAMS:
            (folder / name).touch()
            self._readers.append(
                (name, (folder / name).open("rb", buffering=0), decoder(errors="replace"))
            )

    @contextmanager
    def redirect(self) -> Iterator[None]:
        """Lead descriptors 1 and 2 into the files while a cell runs."""
        saved = [(number, os.dup(number)) for _, number in STREAMS]
        try:
            for name, number in STREAMS:
                with (self._folder / name).open("ab") as file:
                    os.dup2(file.fileno(), number)
            self.is_open = True
            yield
        finally:
            with suppress(OutputLimitPassed):  # the cell's end tells of it
                self.drain()
            self.is_open = False
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)

    def drain(self) -> None:
        """Record what has come through the descriptors since the last call."""
        for name, reader, decoder in self._readers:
            while raw := reader.read(_CHUNK):
                self.outputs.add_text(name, decoder.decode(raw))

    def close(self) -> None:
        """Close the files."""
        for _, reader, _ in self._readers:
            reader.close()
