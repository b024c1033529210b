"""Captures on disk: every body once under its hash, and folders of recorded exchanges that can be replayed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import orjson

from builder.errors import InputError
from builder.gather.exchange import Exchange
from builder.store import atomic

MANIFEST = "manifest.json"
_ABOUT = (
    "Recorded exchanges for `cityproof gather --replay`. Matched by scheme, host, path and parameters; those for "
    "paging and page size may differ, and a page past the end is an empty page. A POST also by the JSON it sent, "
    "`posted`. Anything else was not captured."
)
_WRITE_EVERY = 25  # exchanges; writing the whole manifest for each one would take quadratic time


class CaptureStore:
    """Bodies by content: ``<folder>/<2 hex>/<sha256>``; the same body is kept once, whoever served it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, exchange: Exchange) -> None:
        """Store the body of this exchange, if one arrived whole."""
        if exchange.capture.sha256 is not None:
            _write_body(self.path(exchange.capture.sha256), exchange)

    def read(self, sha256: str) -> bytes | None:
        """The body with this hash, or None when it is not kept (or its file was damaged)."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def path(self, sha256: str) -> Path:
        """Where the body with this hash lies."""
        return self.folder / sha256[:2] / sha256


class Recorder:
    """Records exchanges into a folder that ``Replay`` can read: ``manifest.json`` and the bodies beside it.

    A folder that holds a recording already is continued; an address asked again replaces its older answer.
    Exchanges in which no answer came are not recorded: a replay says of them that nobody captured them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exchanges: dict[tuple[str, str], dict[str, Any]] = {}
        self._unwritten = 0
        path = folder / MANIFEST
        if path.exists():
            try:
                known = orjson.loads(path.read_bytes())["exchanges"]
                self._exchanges = {_key(exchange): exchange for exchange in known}
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                words = "is not a list of recorded exchanges; name another folder to record into"
                raise InputError(f"{path}: {words}") from None
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, exchange: Exchange) -> None:
        """Record one exchange; call ``close`` after the last."""
        capture = exchange.capture
        if capture.status is None or capture.sha256 is None:
            return
        name = f"bodies/{capture.sha256[:2]}/{capture.sha256}"
        _write_body(self._folder / name, exchange)
        entry: dict[str, Any] = {
            "url": capture.url,
            "status": capture.status,
            "headers": capture.headers,
            "file": name,
            "recorded_at": capture.at.isoformat().replace("+00:00", "Z"),
            "sha256": capture.sha256,
        }
        if capture.redirects:
            entry |= {"redirects": list(capture.redirects), "final_url": capture.final_url}
        if capture.posted is not None:
            entry["posted"] = capture.posted
        if capture.certificate_expires is not None:
            entry["certificate_expires"] = capture.certificate_expires.isoformat().replace("+00:00", "Z")
        self._exchanges[_key(entry)] = entry
        self._unwritten += 1
        if self._unwritten >= _WRITE_EVERY:
            self.close()

    def close(self) -> None:
        """Write the manifest; recording may go on afterwards."""
        manifest = {"about": _ABOUT, "exchanges": [self._exchanges[key] for key in sorted(self._exchanges)]}
        content = orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        atomic.write(self._folder / MANIFEST, content)
        self._unwritten = 0


def _key(entry: dict[str, Any]) -> tuple[str, str]:
    """One question has one answer in a recording: its address and the JSON sent to it."""
    return entry["url"], str(entry.get("posted") or "")


def _write_body(path: Path, exchange: Exchange) -> None:
    """Write the body under its own name unless it is there; no reader ever sees half of it."""
    # A power cut may have left a file shorter than it was: such a one is written again.
    if path.exists() and path.stat().st_size == exchange.capture.bytes:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".body-", delete=False) as file:
        try:
            if exchange.file is None:
                file.write(exchange.body)
            else:
                exchange.file.seek(0)
                shutil.copyfileobj(exchange.file, file)
                exchange.file.seek(0)
            file.flush()
        except OSError:  # a full disk must not stay full of our halves
            os.unlink(file.name)
            raise
    # Not brought to the disk at once: after a crash the hash tells a damaged body, and the source can be asked again.
    os.replace(file.name, path)
