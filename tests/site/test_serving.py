"""The pages of `nenpo watch`: for this machine alone, and reloaded when they change."""

import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser_checks import parse_page, read_policy
from nenpo.errors import UnusablePort
from nenpo.export.page import content_policy
from nenpo.site import serving
from nenpo.site.serving import HOST, Pages, add_script, serve_pages

PAGE = """<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
</head>
<body><h1>{title}</h1></body>
</html>
"""


def write_page(path: Path, title: str) -> None:
    policy = content_policy("").replace("'", "&#39;")
    path.write_text(PAGE.format(policy=policy, title=title), encoding="utf-8")


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    (folder / "tiny/2021").mkdir(parents=True)
    (folder / "internal").mkdir()
    (folder / ".receipts.json").write_text("{}", encoding="utf-8")
    (folder / "tiny/2021/annual.pdf").write_bytes(b"%PDF-1.7")
    (folder / "tiny/2021/annual.exe").write_bytes(b"MZ")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    (folder / "linked.html").symlink_to(tmp_path / "secret.html")
    for name in ("index.html", "tiny/2021/index.html", "tiny/2021/annual.html"):
        write_page(folder / name, name)
    return folder


@pytest.fixture
def pages(outputs: Path) -> Pages:
    return Pages(outputs)


@pytest.fixture
def address(pages: Pages) -> Iterator[str]:
    with serve_pages(pages) as found:
        yield found


Answer = tuple[int, dict[str, str], bytes]


def ask(address: str, place: str = "", method: str = "GET", **headers: str) -> Answer:
    """Return status, headers and body; the path goes out as it stands here."""
    split = urlsplit(address)
    connection = http.client.HTTPConnection(split.netloc, timeout=10)
    try:
        connection.request(method, f"{split.path}{place}", headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def test_a_page_comes_with_what_reloads_it_and_its_file_stays_as_it_was(
    address: str, outputs: Path
) -> None:
    before = (outputs / "tiny/2021/annual.html").read_bytes()
    status, headers, body = ask(address, "tiny/2021/annual.html")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Cache-Control"] == "no-store"
    tree = parse_page(body.decode())
    assert len([*tree.iter("script")]) == 1
    assert (outputs / "tiny/2021/annual.html").read_bytes() == before
    assert b"<script" not in before


def test_the_policy_allows_that_script_and_asking_here_and_nothing_more(address: str) -> None:
    _, _, body = ask(address, "tiny/2021/annual.html")
    policy = read_policy(parse_page(body.decode()))
    directives = [directive.strip() for directive in policy.split(";")]
    before = [directive.strip() for directive in content_policy("").split(";")]
    script, connect = directives[len(before) :]
    assert directives[: len(before)] == before
    assert script.startswith("script-src 'sha256-")
    assert connect == "connect-src 'self'"


def test_a_policy_that_allows_a_script_goes_on_to_allow_it() -> None:
    page = PAGE.format(policy="default-src 'none'; script-src 'sha256-own'", title="x")
    policy = read_policy(parse_page(add_script(page, "/x/-/changes?d/a.html")))
    assert "script-src 'sha256-own' 'sha256-" in policy


def test_other_files_come_as_they_are(address: str) -> None:
    status, headers, body = ask(address, "tiny/2021/annual.pdf")
    assert (status, headers["Content-Type"], body) == (200, "application/pdf", b"%PDF-1.7")
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_folder_leads_to_its_page(address: str) -> None:
    assert b"index.html" in ask(address)[2]
    status, headers, _ = ask(address, "tiny/2021")
    assert (status, headers["Location"]) == (302, f"{urlsplit(address).path}tiny/2021/")
    assert b"tiny/2021/index.html" in ask(address, "tiny/2021/")[2]


def test_head_tells_the_same_without_the_body(address: str) -> None:
    _, headers, body = ask(address, "tiny/2021/annual.pdf", "HEAD")
    assert (headers["Content-Length"], body) == ("8", b"")
    assert ask(address, "-/changes?d/index.html", "HEAD")[0] == 200


@pytest.mark.parametrize(
    "place",
    [
        *("../secret.html", "%2e%2e/secret.html", "..%2fsecret.html", "tiny/../../secret.html"),
        *("..\\secret.html", "..%5csecret.html", "C:/Windows/win.ini", "tiny%00/index.html"),
        *("linked.html", ".receipts.json", "%2ereceipts.json", "tiny/2021/annual.exe"),
        *("nowhere.html", "internal/", "internal", "index.html/", "tiny/2021/annual.pdf/x"),
    ],
)
def test_nothing_but_documents_is_served(address: str, place: str) -> None:
    status, _, body = ask(address, place)
    if status == 302:
        status, _, body = ask(address, f"{place}/")
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "[::1]:1", ""])
def test_who_calls_us_by_another_name_is_refused(address: str, host: str) -> None:
    """A page of the internet may have its own name lead to this machine (DNS rebinding)."""
    assert ask(address, Host=host)[0] == 403


def test_our_own_names_are_answered(address: str) -> None:
    port = urlsplit(address).port
    assert ask(address, Host=f"localhost:{port}")[0] == 200


@pytest.mark.parametrize("path", ["/", "/index.html", "/x/index.html", "/é/"])
def test_nobody_finds_a_page_without_its_address(address: str, path: str) -> None:
    """Others who work on the same machine can reach the port."""
    split = urlsplit(address)
    assert ask(f"{split.scheme}://{split.netloc}", path.replace("é", "%C3%A9"))[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed_from_a_browser(address: str, method: str) -> None:
    assert ask(address, "index.html", method)[0] == 501


def test_only_this_machine_is_listened_to(pages: Pages) -> None:
    with serve_pages(pages) as address:
        assert urlsplit(address).hostname == HOST == "127.0.0.1"


def test_a_port_that_is_taken_is_named(pages: Pages) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnusablePort) as caught, serve_pages(pages, port):
            pass
    assert str(port) in caught.value.message("ja")


def find_events(body: bytes) -> str:
    script = next(parse_page(body.decode()).iter("script"))
    return script.get("data-asked", "").partition("/-/")[2]


def listen(address: str, events: str, heard: list[bytes]) -> threading.Thread:
    """Listen in a thread until there is an event, or the server closes."""
    thread = threading.Thread(target=lambda: heard.append(ask(address, f"-/{events}")[2]))
    thread.start()
    return thread


def test_a_page_that_changed_is_told_and_another_is_not(
    address: str, pages: Pages, outputs: Path
) -> None:
    names = ("tiny/2021/annual.html", "index.html")
    events = [find_events(ask(address, name)[2]) for name in names]
    heard: list[list[bytes]] = [[], []]
    threads = [listen(address, *each) for each in zip(events, heard, strict=True)]
    write_page(outputs / "tiny/2021/annual.html", "二度目")
    pages.announce()
    threads[0].join(5)
    assert heard[0] == [b"data: changed\n\n"]
    assert threads[1].is_alive()
    pages.close()
    threads[1].join(5)
    assert b"data" not in heard[1][0]


def test_what_changed_before_a_page_listens_is_told_at_once(address: str, outputs: Path) -> None:
    events = find_events(ask(address, "index.html")[2])
    write_page(outputs / "index.html", "二度目")
    assert ask(address, f"-/{events}")[2] == b"data: changed\n\n"


def test_a_page_that_is_gone_is_no_reason_to_reload(
    address: str, outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_IDLE_SECONDS", 0.05)
    pages = Pages(outputs)
    events = find_events(ask(address, "index.html")[2])
    digest, _, place = events.removeprefix("changes?").partition("/")
    (outputs / "index.html").unlink()
    assert not pages.wait_for_change(place, digest)


def test_an_open_page_reloads_in_a_browser(
    browser: Any, address: str, pages: Pages, outputs: Path
) -> None:
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    with opened.expect_response(lambda answer: "/-/changes" in answer.url):
        opened.goto(f"{address}tiny/2021/annual.html")
    assert opened.text_content("h1") == "tiny/2021/annual.html"
    write_page(outputs / "tiny/2021/annual.html", "直した")
    pages.announce()
    # No function of ours: the page's policy refuses it where it is asked for again.
    opened.locator("h1", has_text="直した").wait_for(timeout=20_000)
    assert said == []  # nothing that its policy refused
    opened.close()
