"""The live client on its later visits: asks only whether what it kept still stands, and says so in the capture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from builder.gather.captures import CaptureStore
from builder.gather.client import Client
from builder.gather.conditions import NOT_MODIFIED
from builder.gather.exchange import Deadline, Exchange, media_type_of
from builder.gather.notes import OF_THE_BODY, Note, Notes
from builder.model.capture import Request
from builder.model.reasons import Reason


class Revisiting:
    """A ``Backend``: the ``client``, with the memory of what earlier runs were answered.

    A condition is sent only while the body it speaks of lies whole among the ``captures``. A 304 to it becomes an
    exchange with that body, of status 304 and ``unchanged_since`` the day it came. A 304 that we cannot believe, or
    to which there is no body any more, is followed by one request without conditions, whose answer counts: a second
    304, to no condition at all, is the `protocol-error` that it is, since no body came that anybody could read.

    A POST, a request with headers of its own (a key), one link of a sample and whatever is ``unconditional`` are asked
    in full and not noted.
    """

    live = True

    def __init__(self, client: Client, captures: CaptureStore, *, clock: Callable[[], datetime]) -> None:
        self.name = client.name
        self._client = client
        self._notes = Notes(captures.folder / "asked", captures)
        self._clock = clock

    async def offline(self) -> bool:
        """Whether this machine has no network."""
        return await self._client.offline()

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        """One exchange for one request; see ``exchange.Backend``."""
        if request.unconditional or request.crawl or request.headers or request.json_body is not None:
            return await self._client.fetch(request, deadline=deadline, crawl=crawl)
        note = self._notes.find(request, self._clock())
        # The body is hashed before its mark is sent, away from the loop: a timetable may take half a second.
        body = None if note is None else await asyncio.to_thread(self._notes.body, note)
        if note is None or body is None:
            exchange = await self._client.fetch(request, deadline=deadline, crawl=crawl)
        else:
            exchange = await self._again(request, note, body, deadline, crawl)
        self._notes.keep(request, exchange)
        return exchange

    async def _again(self, request: Request, note: Note, body: BinaryIO, deadline: Deadline, crawl: bool) -> Exchange:
        still_ours = True
        try:
            exchange = await self._client.fetch(request, deadline=deadline, crawl=crawl, condition=note.condition)
            if exchange.unchanged:
                try:
                    answered = _answered(request, note, body, exchange)
                    still_ours = answered.file is None
                    return answered
                except OSError:  # the disk failed between the look and the reading
                    pass
            if exchange.capture.status == NOT_MODIFIED:
                exchange = await self._client.fetch(request, deadline=deadline, crawl=crawl)
            return exchange
        finally:
            if still_ours:
                body.close()


def _answered(request: Request, note: Note, body: BinaryIO, exchange: Exchange) -> Exchange:
    """The 304 with the body it speaks of; the headers that describe the body came with it, the others are new."""
    new = {name: value for name, value in exchange.capture.headers.items() if not name.startswith("content-")}
    headers = dict(sorted(({name: note.headers[name] for name in OF_THE_BODY if name in note.headers} | new).items()))
    capture = exchange.capture.model_copy(
        update={
            "headers": headers,
            "media_type": media_type_of(headers),
            "sha256": note.sha256,
            "bytes": note.bytes,
            "unchanged_since": note.at,
        }
    )
    found = replace(exchange, capture=capture, reason=Reason.OK, message="")
    return replace(found, file=body) if request.spool else replace(found, body=body.read())
