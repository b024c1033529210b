"""Small servers on loopback that answer exactly the bytes they are told to, and remember what they were asked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builder.gather.client import Client
from builder.gather.exchange import Deadline, Exchange
from builder.gather.transport import Transport
from builder.model.capture import Request

if TYPE_CHECKING:
    from .visits import Visitor

Route = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def plain(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A well-formed answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Server:
    """Serves ``routes`` by path; a route is the raw answer, a list of answers to give in turn, or a coroutine."""

    def __init__(self) -> None:
        self.routes: dict[str, Any] = {}
        self.asked: list[str] = []
        self.requests: list[bytes] = []
        self.bodies: list[bytes] = []
        self.times: list[float] = []
        self.open_now = 0
        self.most_open = 0
        self.port = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode()
            self.asked.append(path)
            self.requests.append(head)
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            self.bodies.append(await reader.readexactly(int(length[1])) if length else b"")
            self.times.append(asyncio.get_running_loop().time())
            route = self.routes.get(path, self.routes.get(path.partition("?")[0], plain(b"nothing", "404 Not Found")))
            if isinstance(route, list):
                route = route.pop(0) if len(route) > 1 else route[0]
            if isinstance(route, bytes):
                writer.write(route)
            else:
                await route(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_now -= 1
            writer.close()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def server(anyio_backend: str) -> AsyncIterator[Server]:
    """A server whose routes the test fills in."""
    found = Server()
    listening = await asyncio.start_server(found.handle, "127.0.0.1", 0)
    found.port = listening.sockets[0].getsockname()[1]
    yield found
    listening.close()


Fetch = Callable[..., Awaitable[Exchange]]


@pytest.fixture
def fetch() -> Fetch:
    """Fetch one address with a client that may dial this machine, with short waits; keywords go to the request."""

    async def run(
        url: str, *, client: Client | None = None, seconds: float = 5.0, crawl: bool = False, **more: Any
    ) -> Exchange:
        asked = client or Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0, retry_wait=0.01)
        return await asked.fetch(Request(url, **more), deadline=Deadline(seconds), crawl=crawl)

    return run


@pytest.fixture
def visitor(tmp_path: Path) -> Visitor:
    """Our client on several days, without any memory yet."""
    from .visits import Visitor  # which needs what stands above

    return Visitor(tmp_path / "captures")
