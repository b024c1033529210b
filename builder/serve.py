"""A web server for this machine alone: shows a built folder as a public host would, compressed, with its 404 page."""

from __future__ import annotations

import gzip
import mimetypes
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from builder.errors import InputError

_TEXT = ("text/", "application/json", "application/xml", "image/svg+xml", "application/javascript")
_TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".xml": "application/xml"}


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for the files below ``root``, seen under ``base`` (begins and ends with a slash)."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object, root: Path, base: str) -> None:
        self.root, self.base = root, base
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if not path.startswith(self.base):
            return self._answer(HTTPStatus.NOT_FOUND, self.root / "404.html")
        target = self._find(path.removeprefix(self.base))
        if target is None:
            return self._answer(HTTPStatus.NOT_FOUND, self.root / "404.html")
        if target.is_dir() and not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", f"{urlsplit(self.path).path}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        if target.is_dir():
            target = target / "index.html"
        if target.is_file():
            return self._answer(HTTPStatus.OK, target)
        return self._answer(HTTPStatus.NOT_FOUND, self.root / "404.html")

    do_HEAD = do_GET

    def _find(self, path: str) -> Path | None:
        """The file or folder below ``root`` that a path means; None for a way out or a name no disk can hold."""
        try:
            target = (self.root / path).resolve()
            target.exists()
        except (OSError, ValueError):
            return None
        return target if self.root in (target, *target.parents) else None

    def _answer(self, status: HTTPStatus, file: Path) -> None:
        body = file.read_bytes() if file.is_file() else b"not found\n"
        kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        text = kind.startswith(_TEXT)
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        if text and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for what the builder says."""


class _Server(ThreadingHTTPServer):
    """Says nothing of a browser that went away in the middle of an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def server(root: Path, *, port: int = 0, base: str = "/") -> ThreadingHTTPServer:
    """Open a server for ``root`` on loopback; port 0 takes any free one. Raises ``InputError`` when it is taken."""
    try:
        return _Server(("127.0.0.1", port), partial(_Handler, root=root.resolve(), base=base))
    except OSError:
        raise InputError(f"port {port} is taken on this machine; name another with --port") from None


def watch(folders: Iterable[Path], changed: Callable[[], None], stop: threading.Event, *, every: float = 1.0) -> None:
    """Call ``changed`` whenever a file below the folders is new, gone or written again, until ``stop`` is set."""
    watched = list(folders)
    before = _stamps(watched)
    while not stop.wait(every):
        now = _stamps(watched)
        if now != before:
            before = now
            changed()


def _stamps(folders: Iterable[Path]) -> dict[str, int]:
    stamps = {}
    for folder in folders:
        # An editor may take a file or a folder away while we look.
        with suppress(FileNotFoundError):
            for file in folder.rglob("*") if folder.is_dir() else [folder]:
                with suppress(FileNotFoundError):
                    stamps[str(file)] = file.stat().st_mtime_ns
    return stamps
