"""Notes of answers: what was answered to each question when it was last answered in full, and how to ask again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from builder.gather.captures import CaptureStore
from builder.gather.conditions import Condition, sayable
from builder.gather.exchange import Exchange, full_url
from builder.gather.identity import USER_AGENT
from builder.model.capture import Request
from builder.model.reasons import Reason

# The lifetime of most kinds' readings: a server that says "unchanged" whatever happens misleads us no longer than its
# answer would have stood had we not asked again at all.
WHOLE_AFTER = timedelta(days=30)
MOST_NOTES = 100_000  # of some 700 bytes each
_LARGEST_NOTE = 100_000  # bytes; two of the longest addresses and every kept header fit in

# Of the headers kept, those that tell of the body and not of the exchange that brought it.
OF_THE_BODY = ("content-disposition", "content-type", "etag", "last-modified")


class Note(BaseModel):
    """What a question was answered in full; its body lies among the captures under ``sha256``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    accept: str
    as_whom: str = Field(description="the User-Agent: a new version of ours asks everything in full once")
    final_url: str
    conditions: dict[str, str]
    headers: dict[str, str] = Field(description="those of the kept ones that tell of the body")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(ge=0)
    at: datetime = Field(description="when the body came, UTC")

    @field_validator("conditions")
    @classmethod
    def _sayable(cls, conditions: dict[str, str]) -> dict[str, str]:
        if not sayable(conditions):
            raise ValueError("not a condition that we say")
        return conditions

    @property
    def condition(self) -> Condition:
        """What to say to the address that answered then."""
        return Condition(self.final_url, self.conditions)


class Notes:
    """One file for each question, ``<folder>/<2 hex>/<sha256 of the question>``, written whole or not at all.

    Nothing here is needed: without a note, or with one that is damaged, too old or whose body is not among the
    ``captures`` as it was, the question is asked in full.
    """

    def __init__(self, folder: Path, captures: CaptureStore) -> None:
        self._folder = folder
        self._captures = captures
        self._tidied = False

    def find(self, request: Request, now: datetime) -> Note | None:
        """The note of this question, when it may be used now: what it stands for is still to be looked for."""
        note = self._read(request)
        if note is None or not timedelta(0) <= now - note.at < WHOLE_AFTER or note.bytes > request.limit_bytes:
            return None
        return note

    def body(self, note: Note) -> BinaryIO | None:
        """The body of a note, found whole and held open, so that nobody can take it away; None where it is lost."""
        return self._captures.open(note.sha256, note.bytes)

    def keep(self, request: Request, exchange: Exchange) -> None:
        """Note a good answer in full; one that cannot be asked after by a condition takes the older note away.

        A note that cannot be written is no loss but of the saving, so nothing is raised for it.
        """
        capture = exchange.capture
        if exchange.reason is not Reason.OK or exchange.unchanged:
            return
        with suppress(OSError):
            if not exchange.conditions or capture.sha256 is None or capture.bytes is None:
                self._path(request).unlink(missing_ok=True)
                return
            note = Note(
                asked=full_url(request),
                accept=request.accept,
                as_whom=USER_AGENT,
                final_url=capture.final_url,
                conditions=dict(exchange.conditions),
                headers={name: capture.headers[name] for name in OF_THE_BODY if name in capture.headers},
                sha256=capture.sha256,
                bytes=capture.bytes,
                at=capture.at,
            )
            self._write(self._path(request), orjson.dumps(note.model_dump(mode="json")), capture.at)

    def _read(self, request: Request) -> Note | None:
        try:
            with self._path(request).open("rb") as file:
                note = Note.model_validate_json(file.read(_LARGEST_NOTE), strict=True)
        except (OSError, ValidationError):
            return None
        # The name is a hash, which says what was asked only as long as nobody renames files.
        same = (note.asked, note.accept, note.as_whom) == (full_url(request), request.accept, USER_AGENT)
        return note if same and note.at.tzinfo is not None else None

    def _path(self, request: Request) -> Path:
        name = hashlib.sha256("\n".join((full_url(request), request.accept, USER_AGENT)).encode()).hexdigest()
        return self._folder / name[:2] / name

    def _write(self, path: Path, content: bytes, at: datetime) -> None:
        if not self._tidied:
            self._tidied = True
            self._tidy(at)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".note-", delete=False) as file:
            try:
                file.write(content)
                file.flush()
            except OSError:  # a full disk must not stay full of our halves
                os.unlink(file.name)
                raise
        # Not brought to the disk at once: a note that a power cut damaged is none.
        os.utime(file.name, (at.timestamp(), at.timestamp()))
        os.replace(file.name, path)

    def _tidy(self, now: datetime) -> None:
        """Let go of notes too old to be used, of halves left by killed runs, and of the oldest beyond the bound."""
        found: list[tuple[float, Path]] = []
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(OSError):
                found.append((path.lstat().st_mtime, path))
        found.sort(reverse=True)
        oldest = (now - WHOLE_AFTER).timestamp()
        for number, (noted, path) in enumerate(found):
            if number >= MOST_NOTES or noted < oldest:
                with suppress(OSError):
                    path.unlink()
