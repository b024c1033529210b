"""A capture: one HTTP exchange as it happened, and the answer a probe gets to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field


class RecordedCopy(BaseModel):
    """Says that a capture was read from somebody's recorded copy, which one, and how faithful it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    link: str = Field(description="address of the copy, pinned to a commit")
    fidelity: str = Field(description="how the copy differs from what the server sent")
    day_only: bool = Field(
        default=False, description="the copy states its day but not its hour; `at` then is that day's midnight UTC"
    )


class Capture(BaseModel):
    """One HTTP exchange as it happened (PROV Entity); the body itself lies in the captures folder under its sha256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(description="the address asked for")
    posted: str | None = Field(default=None, description="the JSON sent to it with POST; null where it was a GET")
    redirects: tuple[str, ...] = Field(
        default=(), description="every address we were sent on to, in order, at most five"
    )
    final_url: str = Field(description="the address that answered")
    status: int | None = Field(description="HTTP status; null when no answer came")
    headers: dict[str, str] = Field(default_factory=dict, description="the headers kept, lower-case names")
    media_type: str | None = Field(default=None, description="media type as declared, without parameters")
    sha256: str | None = Field(default=None, description="of the decoded body, lower-case hex")
    bytes: int | None = Field(default=None, description="size of the decoded body")
    certificate_expires: datetime | None = Field(
        default=None, description="UTC end of the certificate of the server that answered; null without https"
    )
    at: datetime = Field(description="when the exchange happened, UTC")
    copy_of: RecordedCopy | None = Field(default=None, description="set when this was read from a recorded copy")
    unchanged_since: datetime | None = Field(
        default=None,
        description=(
            "set when the server said only that nothing changed (status 304): when the body of this `sha256` came, UTC"
        ),
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the capture and the decoded body, the kept one where the capture is ``unchanged_since``.

    ``body`` holds the bytes; a large binary answer asked for with ``spool=True`` has an empty ``body``
    and lies in ``file``, an unnamed temporary file positioned at its start.
    """

    capture: Capture
    body: bytes
    file: BinaryIO | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question of a probe: address, query parameters, accepted media types and how much it is ready to read.

    It is a GET; with ``json_body`` (JSON in UTF-8) a POST of it, for interfaces such as GraphQL that are asked so.
    ``headers`` are sent to the address's own server only, never to one that it sends us on to, and are kept nowhere:
    they are the place for a key. ``crawl`` marks an address that is no documented interface, such as one link of a
    sample: robots.txt governs it. ``unconditional`` asks for the whole answer even where an earlier run kept one that
    may still stand, because its status or headers are what is measured.
    """

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    accept: str = "*/*"
    limit_bytes: int = 64 * 1024 * 1024
    spool: bool = False
    crawl: bool = False
    json_body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    unconditional: bool = False
