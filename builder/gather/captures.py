"""Captures on disk: every body once under its hash, and folders of recorded exchanges that can be replayed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

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
MOST_BYTES = 4 * 1024**3  # the timetables of a hundred cities; what a build server saves between runs may be 10 GB
UNUSED_FOR = timedelta(days=90)  # the longest lifetime of any kind's reading: an older one answers nothing any more
LEFT_FOR = timedelta(days=1)  # by then whoever was writing it has finished or is dead
_HALF = ".body-"
_WRITE_EVERY = 25  # exchanges; writing the whole manifest for each one would take quadratic time


class CaptureStore:
    """Bodies by content: ``<folder>/<2 hex>/<sha256>``; the same body is kept once, whoever served it.

    A file's time is that of the newest exchange it came in. Bodies are let go, those longest unused first, when all
    together are more than ``most_bytes``, and those that nobody has met for ``UNUSED_FOR``.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most = most_bytes
        self._until_tidy = 0

    def keep(self, exchange: Exchange) -> None:
        """Store the body of this exchange, if one arrived whole."""
        capture = exchange.capture
        if capture.sha256 is None:
            return
        path, at = self.path(capture.sha256), capture.at.timestamp()
        _write_body(path, exchange)
        with suppress(OSError):  # another run may have let go of it meanwhile
            os.utime(path, (at, at))
        # Looking through the folder takes a moment: done when a run begins, and again for each eighth of the bound.
        self._until_tidy -= capture.bytes or 0
        if self._until_tidy < 0:
            self._until_tidy = self._most // 8
            self.tidy(capture.at)

    def read(self, sha256: str) -> bytes | None:
        """The body with this hash, or None when it is not kept (or its file was damaged)."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def open(self, sha256: str, size: int) -> BinaryIO | None:
        """The body with this hash and size, open at its start; None when it is not kept.

        A damaged file is taken away, so that the whole body is written again when it next comes.
        """
        path = self.path(sha256)
        try:
            file = path.open("rb")
        except OSError:
            return None
        with suppress(OSError):
            if os.fstat(file.fileno()).st_size == size and hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                file.seek(0)
                return file
            path.unlink(missing_ok=True)
        file.close()
        return None

    def tidy(self, now: datetime) -> None:
        """Let go of what is beyond the bounds, and of halves that killed runs left."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(OSError):  # another run may be tidying too
                about = path.lstat()
                found.append((about.st_mtime, about.st_size, path))
        found.sort(reverse=True)
        unused, left, total = (now - UNUSED_FOR).timestamp(), (now - LEFT_FOR).timestamp(), 0
        for at, size, path in found:
            total += size
            if total > self._most or at < (left if path.name.startswith(_HALF) else unused):
                with suppress(OSError):
                    path.unlink()

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
    with suppress(FileNotFoundError):
        if path.stat().st_size == exchange.capture.bytes:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_HALF, delete=False) as file:
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
