"""The web as one probe sees it: one source, its deadline, its byte caps, and every exchange kept in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from builder.errors import CityproofError, Unreadable
from builder.gather.exchange import Backend, Deadline, Keeper, without_secrets
from builder.gather.robots import CRAWLED_KINDS
from builder.model.capture import Answer, Capture, Request
from builder.model.reasons import Reason

PAGE_BYTES = 64 * 1024 * 1024
LARGE_BYTES = 300 * 1024 * 1024
LARGE_KINDS = frozenset({"gtfs", "netex"})  # timetables of whole countries; spooled, and read member by member
# Kinds that measure how a server answers, which an answer of "unchanged" would not show.
ANSWERED_IN_FULL = frozenset({"https"})


class SourceSession:
    """Implements ``builder.model.web.Web`` for one source over a live or replaying backend.

    ``seconds`` is the source's deadline, counted from the first question. ``secrets`` are keys that must not appear
    in what is kept, and nothing of an answer to them is noted for a later run. ``unconditional`` asks everything in
    full, whatever an earlier run has kept. Each ``get`` that became an exchange is one capture, in the order of
    asking; one that never did (nothing was recorded) leaves none, and then the ``Unreadable`` raised carries no
    capture either.
    """

    def __init__(
        self,
        backend: Backend,
        kind: str,
        *,
        seconds: float,
        keepers: Sequence[Keeper] = (),
        secrets: Sequence[str] = (),
        unconditional: bool = False,
    ) -> None:
        self.captures: list[Capture] = []
        self._backend = backend
        self._kind = kind
        self._seconds = seconds
        self._keepers = keepers
        self._secrets = secrets
        self._unconditional = unconditional or bool(secrets) or kind in ANSWERED_IN_FULL
        self._deadline: Deadline | None = None
        self._answering = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._files: list[BinaryIO] = []

    async def get(self, request: Request) -> Answer:
        """See ``builder.model.web.Web.get``."""
        # The order of captures is the order of asking, which is how measurements name them.
        async with self._one_at_a_time:
            if self._deadline is None:
                self._deadline = Deadline(self._seconds)
            cap = LARGE_BYTES if request.spool and self._kind in LARGE_KINDS else PAGE_BYTES
            asked = replace(
                request,
                limit_bytes=min(request.limit_bytes, cap),
                unconditional=request.unconditional or self._unconditional,
            )
            if self._deadline.remaining <= 0 and self.late().reason is not Reason.TIMEOUT:
                raise self.late()  # no server is to blame for what we had no time left to ask
            crawl = request.crawl or self._kind in CRAWLED_KINDS
            exchange = await self._backend.fetch(asked, deadline=self._deadline, crawl=crawl)
            self._answering += exchange.seconds
            exchange = without_secrets(exchange, self._secrets)
            if exchange.file is not None:
                self._files.append(exchange.file)
            if exchange.reason is Reason.NOT_CAPTURED:
                raise Unreadable(exchange.reason, exchange.message)
            self.captures.append(exchange.capture)
            try:
                for keeper in self._keepers:
                    keeper.keep(exchange)
            except OSError as error:  # a full disk, say: no fault of this source, so the whole run must stop
                words = f"what was read cannot be kept ({error.strerror}): make room, then run the same command again"
                raise CityproofError(words) from error
        if exchange.reason is not Reason.OK:
            raise Unreadable(exchange.reason, exchange.message, exchange.capture)
        return Answer(exchange.capture, exchange.body, exchange.file)

    @property
    def remaining(self) -> float:
        """Seconds left of the source's time: all of it before the first question, negative once it has passed."""
        return self._seconds if self._deadline is None else self._deadline.remaining

    @property
    def asking(self) -> bool:
        """Whether an answer is being waited for; whoever waits for it keeps to the deadline."""
        return self._one_at_a_time.locked()

    def late(self) -> Unreadable:
        """Why the time is over: the side that used the greater part of it is to blame."""
        if 2 * self._answering >= self._seconds:
            words = f"Its answers took {self._answering:.0f} of the {self._seconds:g} seconds that we give."
            return Unreadable(Reason.TIMEOUT, words)
        return Unreadable(Reason.TOO_LARGE, f"There is more to read in it than we can in {self._seconds:g} seconds.")

    def close(self) -> None:
        """Let go of the temporary files handed out."""
        for file in self._files:
            file.close()
