"""The live client: one absolute deadline, at most five recorded redirects, few retries, and never a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import stamina
import stamina.instrumentation

from builder.errors import Unreadable
from builder.gather.addresses import masked, sent_on
from builder.gather.answers import REDIRECTS, reason_of
from builder.gather.bodies import Body, read_bounded
from builder.gather.conditions import NOT_MODIFIED, Condition, conditions_of, contradicts
from builder.gather.exchange import Deadline, Exchange, full_url, kept_headers, media_type_of, posted
from builder.gather.manners import PATIENCE_SECONDS, Turns, retry_after_seconds
from builder.gather.offline import no_network
from builder.gather.robots import Robots
from builder.gather.transport import Place, Transport
from builder.model.capture import Capture, Request
from builder.model.reasons import Reason

MAX_REDIRECTS = 5
SEE_OTHER = 303  # the one redirect that asks for a GET; a question sent with POST is kept through all others
ATTEMPTS = 3
REQUEST_SECONDS = 30.0
_ERROR_PAGE_BYTES = 1_000_000  # of an answer that is not 2xx only the words are of interest
_MARKS_BYTES = 262_144  # where the marks of a gate against robots are looked for

# Its default writes a warning line for every retry; our progress lines say it better.
stamina.instrumentation.set_on_retry_hooks(())


class Client:
    """Asks the servers of today: safely (every hop is checked), politely (see ``manners``), in bounded time and space.

    ``spacing`` is seconds between pages of one host, ``concurrency`` how many requests run at once in all,
    ``retry_wait`` the first wait before another attempt. Must be used inside the event loop that it first ran in.
    """

    name = "the live web"
    live = True

    def __init__(
        self,
        transport: Transport,
        *,
        clock: Callable[[], datetime],
        spacing: float = 1.0,
        concurrency: int = 64,
        request_seconds: float = REQUEST_SECONDS,
        retry_wait: float = 1.0,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._turns = Turns(spacing)
        self._slots = asyncio.Semaphore(concurrency)
        self._request_seconds = request_seconds
        self._retry_wait = retry_wait
        self._robots = Robots(self._ask_robots)

    async def fetch(
        self, request: Request, *, deadline: Deadline, crawl: bool = False, condition: Condition | None = None
    ) -> Exchange:
        """One exchange for one request; what went wrong is its reason. See ``exchange.Backend``.

        ``condition`` is said to its own address only, and then a 304 is marked as ``unchanged``; it has no body.
        """
        try:
            return await self._with_retries(request, deadline, crawl, condition)
        except Exception as error:  # whatever we did not foresee is our fault, and says so
            asked = full_url(request)
            url = masked(asked, asked)
            capture = Capture(url=url, posted=posted(request), final_url=url, status=None, at=self._clock())
            return Exchange(capture, Reason.OUR_ERROR, f"our own program failed: {type(error).__name__}")

    async def offline(self) -> bool:
        """Whether the public network is out of reach; never so for a client meant for this machine's own servers."""
        return not self._transport.allow_private and await no_network(self._transport.reach)

    async def _with_retries(
        self, request: Request, deadline: Deadline, crawl: bool, condition: Condition | None
    ) -> Exchange:
        def again(error: Exception) -> bool | float:
            if not isinstance(error, _Again) or error.left_alone:
                return False
            wait = error.wait if error.wait is not None else 2 * self._retry_wait * ATTEMPTS
            if wait >= deadline.remaining:
                return False
            return True if error.wait is None else max(error.wait, 0.001)

        exchange = await self._attempt(request, deadline, crawl, condition)
        if not exchange.reason.retried:
            return exchange
        try:
            async for attempt in stamina.retry_context(
                on=again, attempts=ATTEMPTS, timeout=None,
                wait_initial=self._retry_wait, wait_jitter=self._retry_wait, wait_max=4 * self._retry_wait,
            ):  # fmt: skip
                with attempt:
                    if attempt.num > 1:
                        exchange = await self._attempt(request, deadline, crawl, condition)
                    if exchange.reason.retried:
                        raise self._another_time(exchange)
        except _Again as last:
            return last.exchange
        return exchange

    def _another_time(self, exchange: Exchange) -> _Again:
        """Read how long the host wants us to wait, and tell its other visitors too."""
        host = self._host_of(exchange.capture.final_url)
        wait = retry_after_seconds(exchange.capture.headers.get("retry-after"), self._clock())
        if wait is not None and wait > PATIENCE_SECONDS:
            self._turns.leave(host)
        elif wait is not None:
            self._turns.hold(host, wait)
        return _Again(exchange, wait, self._turns.left(host))

    def _host_of(self, url: str) -> str:
        with suppress(Unreadable):
            return self._transport.place(url).host
        return ""

    async def _ask_robots(self, request: Request, deadline: Deadline) -> Exchange:
        return await self._attempt(request, deadline, crawl=False, cut=True)

    async def _attempt(
        self,
        request: Request,
        deadline: Deadline,
        crawl: bool,
        condition: Condition | None = None,
        cut: bool = False,
    ) -> Exchange:
        """Ask once and follow at most five redirects; every hop goes through all checks and takes its host's turn."""
        loop = asyncio.get_running_loop()
        # A large download may take the whole time of its source; a page may not.
        until = deadline.at if request.spool else min(deadline.at, loop.time() + self._request_seconds)
        began = loop.time()
        url = full_url(request)
        hop = _Hop(url)
        asked = request
        home: Place | None = None
        redirects: list[str] = []
        reason, message = Reason.OK, ""
        try:
            while True:
                hop = _Hop(url, condition if condition and condition.url == url else None)
                place = self._transport.place(url)
                home = home or place
                if (place.scheme, place.host, place.port) != (home.scheme, home.host, home.port):
                    request = replace(request, headers={})  # a key is for the one server it was given for
                queued = loop.time()
                if crawl and (verdict := await self._robots.verdict(place.url)) is not Reason.OK:
                    raise Unreadable(verdict, f"{place.host}: {verdict.words}")
                async with self._turns.take(place.host, spaced=not redirects):
                    if self._turns.left(place.host):
                        words = f"{place.host}: asked us to come back later, so we left it for this run"
                        raise Unreadable(Reason.RATE_LIMITED, words)
                    async with self._slots:
                        waited = loop.time() - queued
                        until += waited
                        began += waited
                        deadline.extend(waited)
                        async with asyncio.timeout_at(until):
                            await self._one_hop(hop, place, request, cut)
                if hop.next_url is None:
                    break
                if len(redirects) == MAX_REDIRECTS:
                    raise Unreadable(Reason.TOO_MANY_REDIRECTS, f"sent on more than {MAX_REDIRECTS} times")
                if place.scheme == "https" and hop.next_url.lower().startswith("http:"):
                    raise Unreadable(
                        Reason.TLS_ERROR, f"{place.host}: sends us from https to plain http, where we do not follow"
                    )
                url = hop.next_url
                redirects.append(masked(url, full_url(asked)))
                if hop.status == SEE_OTHER:
                    request = replace(request, json_body=None)
            assert hop.status is not None
            reason = reason_of(hop.status, hop.all_headers, hop.read(_MARKS_BYTES))
            message = "" if reason is Reason.OK else f"{place.host} answered {hop.status}"
        except TimeoutError:
            reason, message = Reason.TIMEOUT, f"{masked(url)[:200]}: not answered in full in the time we give"
        except Unreadable as error:
            reason, message = error.reason, error.message
        return self._exchange(asked, hop, redirects, reason, message, loop.time() - began)

    async def _one_hop(self, hop: _Hop, place: Place, request: Request, cut: bool) -> None:
        """Send one request and read what comes into ``hop``, which keeps what had arrived when something breaks."""
        hop.at = self._clock()
        headers = {**request.headers, **(hop.condition.headers if hop.condition else {})}
        async with self._transport.open(place, request.accept, json_body=request.json_body, headers=headers) as answer:
            hop.status = answer.status
            hop.certificate_expires = answer.certificate_expires
            hop.all_headers = answer.headers
            location = hop.all_headers.get("location")
            if answer.status in REDIRECTS and location:
                hop.next_url = sent_on(place.url, location)
                return
            good = 200 <= answer.status < 300
            length = hop.all_headers.get("content-length", "")
            try:
                hop.body = await read_bounded(
                    answer.parts,
                    encoding=hop.all_headers.get("content-encoding", ""),
                    limit=request.limit_bytes if good else min(request.limit_bytes, _ERROR_PAGE_BYTES),
                    length=int(length) if length.isdigit() else None,
                    cut=cut or not good,
                )
                if not good and hop.body.size == _ERROR_PAGE_BYTES:
                    hop.body = None  # cut short, so its hash would be of nothing anybody sent
            except Unreadable:
                if good:  # a broken error page does not change what its status says
                    raise

    def _exchange(
        self, request: Request, hop: _Hop, redirects: list[str], reason: Reason, message: str, seconds: float
    ) -> Exchange:
        headers = kept_headers(hop.all_headers.items())
        asked = full_url(request)  # what people wrote down, or a probe put together: any key in it is told by its value
        capture = Capture(
            url=masked(asked, asked),
            posted=posted(request),
            redirects=tuple(redirects),
            final_url=masked(hop.url, asked),
            status=hop.status,
            headers=headers,
            media_type=media_type_of(headers),
            sha256=hop.body.sha256 if hop.body else None,
            bytes=hop.body.size if hop.body else None,
            certificate_expires=hop.certificate_expires,
            at=hop.at or self._clock(),
        )
        conditions = conditions_of(capture.status or 0, hop.all_headers, capture.at) if reason is Reason.OK else {}
        # A gate against robots that answers with this status is a gate all the same.
        unchanged = hop.unchanged and reason is Reason.PROTOCOL_ERROR
        exchange = Exchange(capture, reason, message, seconds=seconds, conditions=conditions, unchanged=unchanged)
        if hop.body and request.spool and reason is Reason.OK:
            return replace(exchange, file=hop.body.file)
        body = hop.read()
        if hop.body:
            hop.body.file.close()
        return replace(exchange, body=body)


@dataclass(slots=True)
class _Hop:
    """What one hop has brought so far, and the condition that was said to it."""

    url: str
    condition: Condition | None = None
    at: datetime | None = None
    status: int | None = None
    all_headers: dict[str, str] = field(default_factory=dict)
    certificate_expires: datetime | None = None
    next_url: str | None = None
    body: Body | None = None

    @property
    def unchanged(self) -> bool:
        """Whether it answered that the very version we asked about still stands."""
        return (
            self.condition is not None
            and self.status == NOT_MODIFIED
            and not contradicts(self.all_headers, self.condition)
        )

    def read(self, size: int = -1) -> bytes:
        """The body's first bytes, or all of them; empty when none arrived whole."""
        if self.body is None:
            return b""
        self.body.file.seek(0)
        content = self.body.file.read(size)
        self.body.file.seek(0)
        return content


class _Again(Exception):
    """This attempt's exchange is of a kind that may be asked again, after ``wait`` seconds if the server said so."""

    def __init__(self, exchange: Exchange, wait: float | None, left_alone: bool) -> None:
        super().__init__(exchange.message)
        self.exchange = exchange
        self.wait = wait
        self.left_alone = left_alone
