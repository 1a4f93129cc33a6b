"""The outputs for a browser of this machine, whose open pages reload when they change.

Pages are files without a script, and stay so: what reloads them is added on the way, and allowed
by its hash in the page's own policy. Others who use this machine (a terminal server) can reach the
port, and a page of the internet can have its name lead here: an address has a part that nobody
can guess, and only our own name is answered.
"""

import base64
import hashlib
import html
import re
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from nenpo.errors import UnusablePort

HOST = "127.0.0.1"
_EVENTS = "-/changes"  # no id begins with a hyphen
_IDLE_SECONDS = 10.0
_KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/x-ipynb+json",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
# A browser has six connections for all its tabs: only those that are seen keep one.
_SCRIPT = """
const asked = document.currentScript.dataset.asked;
let told;
function listen() {
  told?.close();
  if (document.hidden) return;
  told = new EventSource(asked);
  told.onmessage = () => location.reload();
}
addEventListener("pageshow", listen);
addEventListener("pagehide", () => told?.close());
document.addEventListener("visibilitychange", listen);
"""


class Pages:
    """What is served: a folder, under an address that nobody can guess."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.token = folder.resolve(), secrets.token_urlsafe(12)
        self.is_closed = False
        self._changed = threading.Condition()

    def find(self, place: str) -> Path | None:
        """Return the file or folder at an address below ours, None if there is none to show."""
        parts = [part for part in place.split("/") if part]
        # What begins with a dot is for nenpo alone; the others would mean another place somewhere.
        if any(part.startswith(".") or set(part) & set('\\:\0"<>|?*') for part in parts):
            return None
        path = self.folder.joinpath(*parts)
        try:
            real = path.resolve()
        except OSError:
            return None
        return path if real.is_relative_to(self.folder) and real.exists() else None

    def announce(self) -> None:
        """Have open pages look whether they changed."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of all open pages."""
        self.is_closed = True
        self.announce()

    def wait_for_change(self, place: str, digest: str) -> bool:
        """Return whether a page is another than the one of ``digest``, after a while at most."""
        with self._changed:
            if not (changed := self._is_changed(place, digest)) and not self.is_closed:
                self._changed.wait(_IDLE_SECONDS)
                changed = self._is_changed(place, digest)
        return changed

    def _is_changed(self, place: str, digest: str) -> bool:
        path = self.find(place)
        try:
            # A page that is just being replaced, or is no more, is worth no reload.
            return path is not None and _digest(path.read_bytes()) != digest
        except OSError:
            return False


@contextmanager
def serve_pages(pages: Pages, port: int = 0) -> Iterator[str]:
    """Serve while the block runs; yield the address of the first page. Port 0 is any free one.

    Raises UnusablePort.
    """

    class Handler(_Handler):
        served = pages

    try:
        server = _Server((HOST, port), Handler)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UnusablePort(value=port, why=why) from None
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}/{pages.token}/"
    finally:
        pages.close()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    # Elsewhere, a port is free again at once; Windows would let another program take it as well.
    allow_reuse_address = sys.platform != "win32"

    def handle_error(self, *_: object) -> None:
        """Say nothing: a browser that has gone is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    served: Pages
    timeout = _IDLE_SECONDS
    server_version, sys_version = "nenpo", ""

    def do_GET(self) -> None:
        """Send a file, or tell of changes for as long as somebody listens."""
        self._answer()

    def do_HEAD(self) -> None:
        """Send what would go before a file."""
        self._answer()

    def _answer(self) -> None:
        port = self.connection.getsockname()[1]
        if self.headers.get("Host", "") not in (f"{HOST}:{port}", f"localhost:{port}"):
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        split = urlsplit(self.path)
        _, token, *parts = split.path.split("/")
        if not secrets.compare_digest(token.encode(), self.served.token.encode()) or not parts:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif (place := "/".join(map(unquote, parts))) == _EVENTS:
            self._tell_changes(unquote(split.query))
        else:
            self._send_place(place)

    def _send_place(self, place: str) -> None:
        path = self.served.find(place)
        if path is not None and path.is_dir():
            if place and not place.endswith("/"):
                self.send_response(HTTPStatus.FOUND)
                self.send_header("Location", f"/{self.served.token}/{quote(place)}/")
                self.end_headers()
                return
            place = f"{place}index.html"
            path = self.served.find(place)
        kind = _KINDS.get(path.suffix) if path else None
        if path is None or kind is None or not path.is_file() or place.endswith("/"):
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        if path.suffix == ".html":
            asked = f"/{self.served.token}/{_EVENTS}?{_digest(content)}/{quote(place)}"
            content = add_script(content.decode(), asked).encode()
        self._send(HTTPStatus.OK, kind, content)

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status, "text/plain; charset=utf-8", f"{status} {status.phrase}\n".encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self._send_head(status, kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _send_head(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")

    def _tell_changes(self, query: str) -> None:
        """Send an event once a page is another than the one with that digest."""
        digest, _, place = query.partition("/")
        self._send_head(HTTPStatus.OK, "text/event-stream")
        self.end_headers()
        while self.command != "HEAD" and not self.served.is_closed:
            changed = self.served.wait_for_change(place, digest)
            # The other line finds out whether anybody still listens.
            self.wfile.write(b"data: changed\n\n" if changed else b": none\n\n")
            if changed:
                return

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal tells what is built."""


def add_script(page: str, asked: str) -> str:
    """Return a page with the script that reloads it, which its policy allows; ``asked`` is a path.

    >>> add_script("<body></body>", "/x/-/changes?d/a.html").count("<script")
    1
    """
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    script = f'<script data-asked="{html.escape(asked)}">{_SCRIPT}</script>'
    allowed = {"script-src": f"'sha256-{digest}'", "connect-src": "'self'"}
    page = _POLICY.sub(lambda found: _widen(found, allowed), page, count=1)
    head, end, tail = page.rpartition("</body>")
    return f"{head}{script}{end}{tail}" if end else page + script


def _widen(found: re.Match[str], allowed: dict[str, str]) -> str:
    """Return the tag of a policy that allows more."""
    parts = (directive.strip().partition(" ") for directive in html.unescape(found[2]).split(";"))
    directives = {name: rest.strip() for name, _, rest in parts if name}
    for name, source in allowed.items():
        kept = directives.get(name, "'none'")
        directives[name] = source if kept == "'none'" else f"{kept} {source}"
    policy = "; ".join(f"{name} {sources}" for name, sources in directives.items())
    return f"{found[1]}{html.escape(policy, quote=True)}{found[3]}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
