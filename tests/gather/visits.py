"""A visitor who comes back on later days with nothing but what lies in its folder, and servers that mark answers."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builder.gather.captures import CaptureStore
from builder.gather.client import Client
from builder.gather.exchange import Deadline, Exchange
from builder.gather.reading import Read, read_source
from builder.gather.revisiting import Revisiting
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.observation import Target
from builder.probes import discover

from .conftest import NOW, Server, plain

LONG_AGO = "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT"


class Visitor:
    """Our client with its memory in one folder; ``days`` moves the clock of its next visits."""

    def __init__(self, folder: Path) -> None:
        self.captures = CaptureStore(folder)
        self.now = NOW
        self.backend = self._new()

    def _new(self) -> Revisiting:
        client = Client(Transport(allow_private=True), clock=self.clock, spacing=0.0, retry_wait=0.01)
        return Revisiting(client, self.captures, clock=self.clock)

    def clock(self) -> datetime:
        return self.now

    def later(self, days: float = 1) -> None:
        """Another run, so many days later: nothing is left of the one before but its files."""
        self.now += timedelta(days=days)
        self.backend = self._new()

    async def get(self, url: str, **more: Any) -> Exchange:
        """One exchange, its body kept as a run keeps it."""
        exchange = await self.backend.fetch(Request(url, **more), deadline=Deadline(5))
        self.captures.keep(exchange)
        return exchange

    async def read(self, kind: str, url: str) -> Read:
        """One source read by its probe, as a run does it."""
        probe = discover()[kind]
        target = Target(url, NOW)  # one moment for all, so that readings on two days are measured alike
        return await read_source(probe, kind, target, self.backend, clock=self.clock, keepers=[self.captures])


def marked(server: Server, body: bytes, *headers: str, mark: str = '"v1"') -> Any:
    """A route that answers 304 to whoever names its mark or date, as real servers do, else everything."""

    async def route(writer: asyncio.StreamWriter) -> None:
        head = server.requests[-1].decode().lower()
        known = f"if-none-match: {mark.lower()}\r\n" in head or "if-modified-since: thu, 01 jan 2026" in head
        marks = [f"ETag: {mark}"] if mark else [LONG_AGO]
        if known:
            writer.write(plain(b"", "304 Not Modified", *marks).replace(b"Content-Length: 0\r\n", b""))
        else:
            writer.write(plain(body, "200 OK", *marks, *headers))

    return route


def conditional(server: Server) -> list[bool]:
    """Which of the requests so far carried a condition."""
    return [b"\r\nif-" in request.lower() for request in server.requests]
