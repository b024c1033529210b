"""The wire: dials exactly the address that was checked, one connection a request; the one module that opens sockets.

No pool (its bookkeeping is quadratic), no reuse (a forged second answer has nobody to reach), no proxies, no netrc,
no cookies. What httpx, httpcore, ssl and the resolver raise leaves this module as ``Unreadable`` with a reason.
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpcore
import httpx

from builder.errors import Unreadable
from builder.gather.addresses import allowed_address, check_place, check_scheme, masked, parsed_address
from builder.gather.identity import USER_AGENT
from builder.model.reasons import Reason

# httpcore imports sniffio twice a request and gets along without it; where it is not installed, each failed import
# searches the whole path again, which took a fifth of our time. An entry of None fails at once.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

Resolve = Callable[[str, int], Awaitable[list[str]]]

CONNECT_SECONDS = 5.0  # a dead first address (often IPv6) must leave time for the next one
ADDRESSES_TRIED = 3
_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address: what to ask and where; ``url`` is normalised, ``host`` lower-case without brackets.

    ``authority`` and ``target`` are its host with port and its path with query, as they stand in a request.
    """

    url: str
    scheme: str
    host: str
    port: int
    authority: bytes
    target: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an answer: ``headers`` by lower-case name, those sent twice joined by commas; the body unread.

    ``parts`` reads the body as it comes over the wire; ``certificate_expires`` is UTC, None without TLS.
    """

    status: int
    headers: dict[str, str]
    certificate_expires: datetime | None
    parts: AsyncIterator[bytes]


class Transport:
    """Opens guarded connections; one for a whole run, since it holds the TLS context and the resolver's threads."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        user_agent: str = USER_AGENT,
        resolve: Resolve | None = None,
        context: ssl.SSLContext | None = None,
        listening: Mapping[int, int] | None = None,
    ) -> None:
        """``listening`` says where a port of this machine's own servers really listens, such as ``{80: 40123}``."""
        self.allow_private = allow_private
        self._user_agent = user_agent
        # The loop's own pool has a handful of threads: a slow resolver would hold up every other host.
        self._threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolver")
        self._guarded = _Guarded(resolve or self._getaddrinfo, allow_private, listening or {})
        self._context = context

    def place(self, url: str) -> Place:
        """Check an address by every rule that needs no network; raises ``Unreadable``."""
        check_scheme(url)
        try:
            parsed = httpx.URL(url)
            # `.host` decodes the name, and so checks it; `.raw_host` is what will be looked up
            host = parsed.raw_host.decode("ascii").lower() if parsed.host else ""
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise Unreadable(Reason.PROTOCOL_ERROR, f"{masked(url)[:200]!r} is not an address: {error}") from None
        port = parsed.port if parsed.port is not None else _PORT[parsed.scheme]
        check_place(host, port, userinfo=bool(parsed.userinfo), allow_private=self.allow_private)
        return Place(str(parsed), parsed.scheme, host, port, parsed.netloc, parsed.raw_path)

    @asynccontextmanager
    async def open(
        self,
        place: Place,
        accept: str = "*/*",
        *,
        json_body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Reply]:
        """Send one GET, or a POST where there is a ``json_body``, and hand out the answer, its body unread."""
        sent = {
            **(headers or {}),
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        if json_body is not None:
            sent |= {"Content-Type": "application/json", "Content-Length": str(len(json_body))}
        wire = httpcore.URL(scheme=place.scheme, host=place.host, port=place.port, target=place.target)
        request = httpcore.Request(
            "GET" if json_body is None else "POST", wire, content=json_body,
            headers=[(b"Host", place.authority), *((name.encode(), value.encode()) for name, value in sent.items())],
        )  # fmt: skip
        answering = False
        try:
            stream = await self._guarded.connect(place.host, place.port)
            try:
                if place.scheme == "https":
                    await stream.start_tls(self._context or _shared_context(), place.host)
                answer = await httpcore.AsyncHTTP11Connection(wire.origin, stream).handle_async_request(request)
                answering = True
                try:
                    yield Reply(answer.status, _merged(answer.headers), stream.certificate(), answer.aiter_stream())
                finally:
                    await answer.aclose()
            finally:
                await stream.aclose()
        except (httpcore.TimeoutException, httpcore.NetworkError, OSError) as error:
            raise _network_fault(place.host, error, answering) from None
        except httpcore.LocalProtocolError:  # its words quote what we were about to send, a key perhaps
            words = f"{place.host}: the question holds signs that no request may hold; is its key copied right?"
            raise Unreadable(Reason.PROTOCOL_ERROR, words) from None
        except httpcore.ProtocolError as error:
            words = f"{place.host}: the answer broke the rules of the web ({_line(error)})"
            raise Unreadable(Reason.PROTOCOL_ERROR, words) from None

    async def reach(self, host: str, port: int) -> bool:
        """Whether a connection can be made at all; nothing is sent."""
        try:
            stream = await self._guarded.connect(host, port)
        except (Unreadable, httpcore.NetworkError, httpcore.TimeoutException, OSError):
            return False
        await stream.aclose()
        return True

    def close(self) -> None:
        """Let the resolver's threads go; those still waiting for an answer end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _getaddrinfo(self, host: str, port: int) -> list[str]:
        """Every address the system's resolver names, in its order of preference, without repeats."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Guarded:
    """Resolves once, refuses if any answer is refused, and dials one of the very addresses that were checked.

    The name itself never reaches the socket, so a resolver that changes its mind gains nothing; server name,
    certificate and Host stay the name.
    """

    def __init__(self, resolve: Resolve, allow_private: bool, listening: Mapping[int, int]) -> None:
        self._listening = listening
        self._resolve = resolve
        self._allow_private = allow_private

    async def connect(self, host: str, port: int) -> _Stream:
        last: Exception | None = None
        for address in (await self._addresses(host, port))[:ADDRESSES_TRIED]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return _Stream(*await asyncio.open_connection(address, self._listening.get(port, port)))
            except TimeoutError:
                last = httpcore.ConnectTimeout("nobody answered there")
            except OSError as error:
                last = httpcore.ConnectError(str(error))
        if last is None:
            raise Unreadable(Reason.CONNECTION_FAILED, f"{host}: the name leads to no address")
        raise last

    async def _addresses(self, host: str, port: int) -> list[str]:
        if parsed_address(host) is not None:
            found = [host]
        else:
            try:
                found = await self._resolve(host, port)
            except socket.gaierror as error:
                raise Unreadable(
                    Reason.CONNECTION_FAILED, f"{host}: the name could not be resolved ({_line(error)})"
                ) from None
            except UnicodeError:
                raise Unreadable(Reason.PROTOCOL_ERROR, f"{host[:80]}: not a name that can be looked up") from None
        refused = [] if self._allow_private else [address for address in found if not allowed_address(address)]
        if refused:
            raise Unreadable(
                Reason.BLOCKED_ADDRESS, f"{host}: leads to {refused[0]}, not an address of the public internet"
            )
        return found


class _Stream(httpcore.AsyncNetworkStream):
    """One connection on asyncio's own streams, which cost a third less than those that httpcore brings along.

    Its timeouts are left to whoever reads: one deadline lies around the whole exchange.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
        return self

    async def aclose(self) -> None:
        # Nothing more is said to a server that has answered: a farewell over TLS could be waited for.
        self._writer.transport.abort()

    def get_extra_info(self, info: str) -> Any:
        return self._writer.get_extra_info(info)

    def certificate(self) -> datetime | None:
        """When the certificate of the server runs out, UTC; None without TLS or where it does not say."""
        tls = self.get_extra_info("ssl_object")
        certificate = tls.getpeercert() if tls is not None else None
        if not certificate or "notAfter" not in certificate:
            return None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


def _merged(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name; bytes beyond ASCII are read as UTF-8 where they are, else as Latin-1."""
    found: dict[str, str] = {}
    for raw_name, raw in pairs:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw.decode()
        except UnicodeDecodeError:
            value = raw.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


@cache
def _shared_context() -> ssl.SSLContext:
    """One TLS context for every connection, made on first use: reading the authorities takes a while."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _network_fault(host: str, error: Exception, answering: bool) -> Unreadable:
    """Tell a TLS fault from a refused connection, and both from one that broke off once it was ``answering``."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return Unreadable(Reason.TLS_ERROR, f"{host}: no safe connection ({_line(seen)})")
        seen = seen.__cause__ or seen.__context__
    if answering:
        return Unreadable(Reason.PROTOCOL_ERROR, f"{host}: the connection broke off in the middle of the answer")
    return Unreadable(Reason.CONNECTION_FAILED, f"{host}: no connection could be made ({_line(error)})")


def _line(error: BaseException) -> str:
    """The error in one printable line of at most 200 characters."""
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(sign for sign in text[:200] if sign.isprintable())
