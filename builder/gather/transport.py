"""The wire: dials exactly the address that was checked, one connection a request; the one module that imports httpx.

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
    """A checked address: what to ask and where; ``url`` is normalised, ``host`` lower-case without brackets."""

    url: str
    scheme: str
    host: str
    port: int


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
        self._one_shot = _OneShot(self._guarded, context)

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
        return Place(str(parsed), parsed.scheme, host, port)

    @asynccontextmanager
    async def open(
        self,
        place: Place,
        accept: str = "*/*",
        *,
        json_body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Send one GET, or a POST where there is a ``json_body``, and hand out the answer, its body unread.

        ``aiter_raw`` reads the body as it came over the wire, ``certificate_expires`` the end of its certificate.
        """
        headers = {
            **(headers or {}),
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        answering = False
        try:
            if json_body is None:
                request = httpx.Request("GET", place.url, headers=headers)
            else:
                headers["Content-Type"] = "application/json"
                request = httpx.Request("POST", place.url, headers=headers, content=json_body)
            response = await self._one_shot.handle_async_request(request)
            answering = True
            try:
                yield response
            finally:
                await response.aclose()
        except (httpcore.TimeoutException, httpcore.NetworkError, OSError) as error:
            raise _network_fault(place.host, error, answering) from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, httpx.HTTPError, httpx.InvalidURL) as error:
            words = f"{place.host}: the answer broke the rules of the web ({_line(error)})"
            raise Unreadable(Reason.PROTOCOL_ERROR, words) from None

    async def reach(self, host: str, port: int) -> bool:
        """Whether a connection can be made at all; nothing is sent."""
        try:
            stream = await self._guarded.connect_tcp(host, port)
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


class _Guarded(httpcore.AsyncNetworkBackend):
    """Resolves once, refuses if any answer is refused, and dials one of the very addresses that were checked.

    The name itself never reaches the socket, so a resolver that changes its mind gains nothing; server name,
    certificate and Host stay the name, because httpcore takes them from the origin.
    """

    def __init__(self, resolve: Resolve, allow_private: bool, listening: Mapping[int, int]) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._listening = listening
        self._resolve = resolve
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        last: Exception | None = None
        for address in (await self._addresses(host, port))[:ADDRESSES_TRIED]:
            try:
                real = self._listening.get(port, port)
                return await self._inner.connect_tcp(address, real, CONNECT_SECONDS, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
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

    async def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        raise Unreadable(Reason.BLOCKED_SCHEME, "a socket of this machine is not of the web")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _OneShot(httpx.AsyncBaseTransport):
    """One httpcore connection a request, closed with its answer."""

    def __init__(self, guarded: _Guarded, context: ssl.SSLContext | None) -> None:
        self._guarded = guarded
        self._context = context

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        port = url.port or _PORT[url.scheme]
        tls = (self._context or _shared_context()) if url.scheme == "https" else None
        connection = httpcore.AsyncHTTPConnection(
            httpcore.Origin(url.raw_scheme, url.raw_host, port),
            ssl_context=tls, keepalive_expiry=0, network_backend=self._guarded,
        )  # fmt: skip
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        try:
            answer = await connection.handle_async_request(
                httpcore.Request(request.method, target, headers=request.headers.raw, content=request.content)
            )
        except BaseException:
            await connection.aclose()
            raise
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer, connection), extensions=answer.extensions
        )


def certificate_expires(response: httpx.Response) -> datetime | None:
    """When the certificate of the server that answered runs out, UTC; None without TLS or where it does not say."""
    stream = response.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    certificate = tls.getpeercert() if tls is not None else None
    if not certificate or "notAfter" not in certificate:
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


class _Stream(httpx.AsyncByteStream):
    """The answer's raw parts; closing it closes the connection."""

    def __init__(self, answer: httpcore.Response, connection: httpcore.AsyncHTTPConnection) -> None:
        self._answer = answer
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._connection.aclose()


@cache
def _shared_context() -> ssl.SSLContext:
    """One TLS context for every connection, made on first use: reading the authorities takes a while."""
    return httpx.create_ssl_context(trust_env=False)


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
