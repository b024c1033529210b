"""The web server for this machine: shows a folder as a public host would, and nothing outside it."""

from __future__ import annotations

import gzip
import http.client
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from builder import serve
from builder.errors import InputError

HOME = "<!doctype html><title>Städte</title>" + "<p>home</p>" * 200


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small built site with something secret beside it."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "secret.txt").write_text("secret")
    (folder / "site-other").mkdir()
    (folder / "site-other/index.html").write_text("secret")
    site = folder / "site"
    (site / "cities/xx-a").mkdir(parents=True)
    (site / "index.html").write_text(HOME)
    (site / "404.html").write_text("<title>not here</title>")
    (site / "cities/xx-a/index.html").write_text("a")
    (site / "names.json").write_text("{}")
    (site / "site.css").write_text("p{}")
    (site / "search.js").write_text("1")
    (site / "mark.svg").write_text("<svg/>")
    (site / "card.png").write_bytes(b"\x89PNG")
    (site / "way-out").symlink_to(folder / "secret.txt")
    return site


@contextmanager
def served(root: Path, base: str = "/") -> Iterator[int]:
    """Run a server in a thread and give its port."""
    opened = serve.server(root, base=base)
    thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield opened.server_address[1]
    finally:
        opened.shutdown()
        thread.join()
        opened.server_close()


@pytest.fixture(scope="module")
def port(root: Path) -> Iterator[int]:
    """The port of the site at the root."""
    with served(root) as port:
        yield port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request, its path sent exactly as written: status, headers in small letters, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_a_page_is_served_at_its_address(port: int) -> None:
    """A folder shows its index, in UTF-8 and never cached, so a rebuilt page is seen at once."""
    status, headers, body = ask(port, "/")
    assert (status, body) == (200, HOME.encode())
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert ask(port, "/cities/xx-a/?q=1")[2] == b"a"


def test_a_folder_without_its_slash_is_sent_on(port: int) -> None:
    """As on the public host, so that relative links work."""
    status, headers, _ = ask(port, "/cities/xx-a")
    assert (status, headers["location"]) == (301, "/cities/xx-a/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/names.json", "application/json; charset=utf-8"),
        ("/site.css", "text/css; charset=utf-8"),
        ("/search.js", "text/javascript; charset=utf-8"),
        ("/mark.svg", "image/svg+xml; charset=utf-8"),
        ("/card.png", "image/png"),
    ],
)
def test_files_have_their_type(port: int, path: str, kind: str) -> None:
    """Types do not depend on what this machine happens to have registered."""
    assert ask(port, path)[1]["content-type"] == kind


def test_text_is_compressed_for_who_takes_it(port: int) -> None:
    """Gzip where it is accepted and the file is text; pictures and other clients get the bytes."""
    _, headers, body = ask(port, "/", Accept_Encoding="gzip, br")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == HOME.encode() and len(body) < len(HOME)
    assert int(headers["content-length"]) == len(body)
    assert "content-encoding" not in ask(port, "/card.png", Accept_Encoding="gzip")[1]
    assert "content-encoding" not in ask(port, "/")[1]


def test_head_is_get_without_a_body(port: int) -> None:
    """Status and headers are the same, and nothing follows."""
    for path in ("/", "/cities/xx-a", "/nowhere"):
        status, headers, body = ask(port, path, "HEAD")
        got_status, got_headers, _ = ask(port, path)
        assert (status, headers["content-length"], body) == (got_status, got_headers["content-length"], b"")


def test_what_is_not_there_gets_our_page(port: int) -> None:
    """An unknown address shows the site's own 404 page with its status."""
    assert ask(port, "/cities/xx-b/")[::2] == (404, b"<title>not here</title>")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/cities/../../secret.txt",
        "/cities/..%2f..%2fsecret.txt",
        "/../site-other/",
        "//etc/passwd",
        "/%2Fetc/passwd",
        "/way-out",
        "/..\\secret.txt",
        "/%00",
        "/cities/%00/../../secret.txt",
        "/" + "x" * 5000,
    ],
)
def test_there_is_no_way_out(port: int, path: str) -> None:
    """Dots, coded dots, links on the disk and names no disk can hold all get the 404 page."""
    status, _, body = ask(port, path)
    assert (status, body) == (404, b"<title>not here</title>")


def test_a_site_can_lie_in_a_folder_of_its_host(root: Path) -> None:
    """Under `/x/y/` everything is found there and nothing beside it, as on a project's public page."""
    with served(root, "/x/y/") as port:
        assert ask(port, "/x/y/")[2] == HOME.encode()
        assert ask(port, "/x/y/cities/xx-a")[1]["location"] == "/x/y/cities/xx-a/"
        assert ask(port, "/x/y/nowhere")[0] == 404
        for path in ("/", "/cities/xx-a/", "/x/", "/x/y/../../", "/x/y/../secret.txt"):
            assert ask(port, path)[0] == 404, path


def test_a_site_without_its_404_page_still_answers(tmp_path: Path) -> None:
    """Before the first build is done there is a plain word."""
    with served(tmp_path) as port:
        assert ask(port, "/")[::2] == (404, b"not found\n")


def test_it_listens_on_this_machine_alone(root: Path) -> None:
    """Nobody in the same network can look in."""
    opened = serve.server(root)
    assert opened.server_address[0] == "127.0.0.1"
    opened.server_close()


def test_a_taken_port_is_told_in_a_line(root: Path) -> None:
    """The message says which port and what to do."""
    with served(root) as port, pytest.raises(InputError, match=f"port {port} is taken.*--port"):
        serve.server(root, port=port)


def test_a_browser_that_goes_away_is_no_news(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken connection prints nothing; a fault of ours still does."""
    opened = serve.server(root)
    try:
        raise BrokenPipeError
    except BrokenPipeError:
        opened.handle_error(None, ("127.0.0.1", 1))  # type: ignore[arg-type]
    assert capsys.readouterr() == ("", "")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        opened.handle_error(None, ("127.0.0.1", 1))  # type: ignore[arg-type]
    assert "ZeroDivisionError" in capsys.readouterr().err
    opened.server_close()


class Ticks(threading.Event):
    """A stop signal that does something at each look instead of waiting, and stops when nothing is left to do."""

    def __init__(self, *steps: object) -> None:
        super().__init__()
        self.steps = list(steps)

    def wait(self, timeout: float | None = None) -> bool:
        if not self.steps:
            return True
        step = self.steps.pop(0)
        if callable(step):
            step()
        return False


def test_a_change_is_noticed_once(tmp_path: Path) -> None:
    """A new file, another time and a lost file each call for one rebuild; quiet calls for none."""
    file, sub = tmp_path / "a.yml", tmp_path / "sub"
    file.write_text("a")
    sub.mkdir()
    calls: list[str] = []
    steps = (
        None,
        lambda: (sub / "b.yml").write_text("b"),
        None,
        lambda: os.utime(file, (1, 1)),
        file.unlink,
        None,
    )
    serve.watch([tmp_path], lambda: calls.append("changed"), Ticks(*steps))
    assert len(calls) == 3


def test_a_folder_that_is_taken_away_is_no_fault(tmp_path: Path) -> None:
    """While an editor or git moves things, watching goes on; a single file can be watched too."""
    folder, file = tmp_path / "cities", tmp_path / "mkdocs.yml"
    folder.mkdir()
    (folder / "a.yml").write_text("a")
    file.write_text("x")
    calls: list[str] = []
    steps = ((folder / "a.yml").unlink, folder.rmdir, file.unlink, None)
    serve.watch(iter([folder, file]), lambda: calls.append("changed"), Ticks(*steps))
    assert len(calls) == 2
