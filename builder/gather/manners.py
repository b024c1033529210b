"""Manners: one request at a time for each host, spaced out, and gone for the run when a host asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from builder.gather.addresses import parsed_address

PATIENCE_SECONDS = 20.0  # a host that wants us back later than this is left alone for the rest of the run


class Turns:
    """Whose turn it is at each host.

    ``spacing`` is the least number of seconds from the start of one request to the start of the next at the same host.
    """

    def __init__(self, spacing: float = 1.0) -> None:
        self.spacing = spacing
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def take(self, host: str, *, spaced: bool = True) -> AsyncIterator[None]:
        """Wait for this host's turn and hold it; ``spaced=False`` for a redirect, which belongs to the page before."""
        state = self._host(host)
        loop = asyncio.get_running_loop()
        async with state.lock:
            wait = (state.next_page if spaced else state.held_until) - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            if not _own_machine(host):
                state.next_page = loop.time() + self.spacing
            yield

    def hold(self, host: str, seconds: float) -> None:
        """Ask nothing more of this host for so many seconds."""
        state = self._host(host)
        state.held_until = max(state.held_until, asyncio.get_running_loop().time() + seconds)
        state.next_page = max(state.next_page, state.held_until)

    def leave(self, host: str) -> None:
        """Ask nothing more of this host in this run."""
        self._host(host).left = True

    def left(self, host: str) -> bool:
        """Whether this host asked to be left alone for longer than we wait."""
        return self._host(host).left

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host.lower().rstrip("."), _Host())


class _Host:
    """The state of one host: its turn, when the next page may be asked, and whether it wants us gone."""

    __slots__ = ("held_until", "left", "lock", "next_page")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.next_page = 0.0
        self.held_until = 0.0
        self.left = False


def _own_machine(host: str) -> bool:
    """Whether the host is this very machine, to which nobody needs to be polite."""
    address = parsed_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """The wait a server asks for, in seconds: ``Retry-After`` holds a number or an HTTP date; None when unreadable.

    >>> retry_after_seconds("120", datetime(2026, 1, 1, tzinfo=UTC))
    120.0
    >>> retry_after_seconds("Thu, 01 Jan 2026 00:00:30 GMT", datetime(2026, 1, 1, tzinfo=UTC))
    30.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
