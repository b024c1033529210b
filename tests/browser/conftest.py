"""The built site served on this machine, and a real browser that may reach nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.built import build_site

BASE = "/x/y/"
# A browser for tests: no sandbox inside containers, and none of its own calls home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder as its public host would: its 404 page for what is not there, and no log."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's own 404 page."""
        page = Path(self.directory) / BASE.strip("/") / "404.html"
        if code != 404 or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None


@pytest.fixture(scope="session")
def address(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site, served below ``/x/y/`` on a free port of this machine."""
    host = tmp_path_factory.mktemp("host")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(host)))
    base_url = f"http://127.0.0.1:{server.server_port}{BASE}"
    site = build_site(tmp_path_factory.mktemp("build"), base_url)
    (host / "x").mkdir()
    (host / "x" / "y").symlink_to(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield base_url
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """A function that opens a page of the site; at the end no script may have failed and no other host been asked."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, *, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{path}: a script failed: {error}"))
        page.on("request", lambda request: faults.extend(_elsewhere(path, request.url)))
        page.on("console", lambda said: faults.extend(_complaint(path, said.type, said.text)))
        page.goto(address + path)
        return page

    def _elsewhere(path: str, url: str) -> list[str]:
        return [] if url.startswith((address, "data:")) else [f"{path}: asked {url}"]

    def _complaint(path: str, kind: str, text: str) -> list[str]:
        # The browser itself reports the status of a page that is not there, which is what the 404 page is for.
        return [f"{path}: {text}"] if kind in ("error", "warning") and "status of 404" not in text else []

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
