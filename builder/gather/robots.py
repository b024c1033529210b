"""robots.txt by RFC 9309: asked before we crawl a page, once per origin and run, never for documented interfaces."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

from builder.gather.exchange import Deadline, Exchange
from builder.gather.identity import PRODUCT
from builder.model.capture import Request
from builder.model.reasons import Reason

# Kinds whose address is a page made for people: reading them is crawling. All others are machine interfaces that a
# city documents for programs; software such as CKAN ships a robots.txt that shuts its own interface by default.
CRAWLED_KINDS = frozenset({"accessibility_statement", "algorithm_register", "feed", "webpage"})

ROBOTS_BYTES = 500 * 1024  # what RFC 9309 asks every crawler to read; the rest is left unread
ROBOTS_SECONDS = 10.0

# Where nobody could be reached, that is what happened: it is tried again and counts as ours like any such fault.
_UNREACHED = frozenset({Reason.CONNECTION_FAILED, Reason.TLS_ERROR})

Ask = Callable[[Request, Deadline], Awaitable[Exchange]]


class Robots:
    """What each origin allows us, remembered for the run.

    ``ask`` sends one request without asking robots itself and cuts the body at the limit.
    """

    def __init__(self, ask: Ask, *, seconds: float = ROBOTS_SECONDS) -> None:
        self._ask = ask
        self._seconds = seconds
        self._origins: dict[str, asyncio.Task[Protego | Reason]] = {}

    async def verdict(self, url: str) -> Reason:
        """``ok``, ``robots-disallowed``, ``robots-unavailable``, or why the host of this address was not reached."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._origins:
            self._origins[origin] = asyncio.create_task(self._read(origin))
        # Shielded: a source that runs out of time must not take the answer away from those that share it.
        rules = await asyncio.shield(self._origins[origin])
        if isinstance(rules, Reason):
            if rules in _UNREACHED:
                self._origins.pop(origin, None)
            return rules
        return Reason.OK if rules.can_fetch(url, PRODUCT) else Reason.ROBOTS_DISALLOWED

    async def _read(self, origin: str) -> Protego | Reason:
        answer = await self._ask(Request(f"{origin}/robots.txt", limit_bytes=ROBOTS_BYTES), Deadline(self._seconds))
        status = answer.capture.status
        if status is not None and 400 <= status < 500:
            return Reason.OK  # there is none to read: RFC 9309 section 2.3.1.3
        if answer.reason is not Reason.OK:
            return answer.reason if answer.reason in _UNREACHED else Reason.ROBOTS_UNAVAILABLE
        return Protego.parse(answer.body.decode("utf-8", "replace"))
