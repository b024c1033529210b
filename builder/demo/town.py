"""Exampleton's servers: one loopback web server that answers for every name of the town from the samples beside it."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SAMPLES = Path(__file__).parent / "samples"
DOMAIN = "exampleton.example"
# Every file that the portal lists is there to download, but for the scans: so one link in nine is dead.
_LOST = (".tiff", "")
_TYPES = {".json": "application/json", ".zip": "application/zip", ".html": "text/html; charset=utf-8"}


class _Handler(BaseHTTPRequestHandler):
    """Answers GET by the Host header; a host in ``faults`` answers with that status, whatever was asked."""

    def __init__(self, *args: object, faults: dict[str, int]) -> None:
        self.faults = faults
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0]
        fault = self.faults.get(host)
        found = None if fault else answer(host, self.path)
        status = fault or (200 if found else 404)
        body, kind = found or (f"{status}\n".encode(), "text/plain")
        self.send_response_only(status)  # no Date and no Server header: a capture of the demo is always the same
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the prober speaks."""


def answer(host: str, target: str) -> tuple[bytes, str] | None:
    """The body and media type that a host of the town has for a path and query, or None."""
    parts = urlsplit(target)
    root = (SAMPLES / host).resolve()
    file = (root / parts.path.lstrip("/")).resolve()
    if root.parent != SAMPLES.resolve() or root not in file.parents:
        return None
    if file.suffix == ".zip" and file.with_suffix("").is_dir():
        return _zip(file.with_suffix("")), _TYPES[".zip"]
    if host == f"data.{DOMAIN}" and file.parent == root / "files" and file.suffix not in _LOST:
        return b"A file of Exampleton's data.\n", "application/octet-stream"
    if not file.suffix:
        file = file.with_name(f"{file.name}.json")
    if not file.is_file():
        return None
    body = file.read_bytes()
    if file.name == "package_search.json":
        body = _page(body, {name: int(value[0]) for name, value in parse_qs(parts.query).items() if value[0].isdigit()})
    return body, _TYPES[file.suffix]


def _page(body: bytes, query: dict[str, int]) -> bytes:
    """Cut a CKAN answer to the page asked for, as CKAN does."""
    told = json.loads(body)
    start = query.get("start", 0)
    told["result"]["results"] = told["result"]["results"][start : start + min(query.get("rows", 10), 1000)]
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _zip(folder: Path) -> bytes:
    """A folder of tables as the same zip every time: fixed order and dates."""
    spool = io.BytesIO()
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as made:
        for file in sorted(folder.iterdir()):
            made.writestr(zipfile.ZipInfo(file.name, (2026, 9, 1, 0, 0, 0)), file.read_bytes())
    return spool.getvalue()


@contextmanager
def open_town(faults: dict[str, int] | None = None) -> Iterator[int]:
    """Open the town's servers on a free loopback port while the block runs; yields the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, faults=faults or {}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
