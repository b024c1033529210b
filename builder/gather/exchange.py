"""One exchange as every form of the client hands it over: live, recorded or replayed, they look the same."""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Protocol
from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

from builder.model.capture import Capture, Request
from builder.model.reasons import Reason

# What a reader of the evidence may want to know; everything else a server says about itself is not kept.
HEADERS_KEPT = frozenset({
    "content-disposition", "content-type", "date", "etag", "last-modified", "retry-after", "strict-transport-security",
})  # fmt: skip

MASK = "***"
_SHORTEST_IN_BODIES = 6  # a shorter key is no secret, and would be found in every second word


class Deadline:
    """The time by which a source must have answered, on the event loop's clock, all its requests together.

    Time spent queueing for our own politeness is not the source's fault: ``extend`` gives it back.
    """

    def __init__(self, seconds: float) -> None:
        self.at = asyncio.get_running_loop().time() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left; negative when it has passed."""
        return self.at - asyncio.get_running_loop().time()

    def extend(self, seconds: float) -> None:
        """Move the deadline back by time that was spent waiting for our own turn."""
        self.at += seconds


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of one request: the capture, the reason, one plain line, and the body where there is one.

    ``file`` replaces ``body`` when the request asked for ``spool``. ``seconds`` counts from the first dial on.
    ``conditions`` are the headers with which to ask later whether a good answer still stands; empty where one may not.
    ``unchanged`` marks a 304 to such headers: the answer to it is the body of back then, which whoever asked so has.
    """

    capture: Capture
    reason: Reason
    message: str = ""
    body: bytes = b""
    file: BinaryIO | None = None
    seconds: float = 0.0
    conditions: Mapping[str, str] = field(default_factory=dict)
    unchanged: bool = False


class Backend(Protocol):
    """Where exchanges come from: the live client or a folder of recorded ones."""

    @property
    def name(self) -> str:
        """What is asked, in words: the live web, or which recording."""
        ...

    @property
    def live(self) -> bool:
        """Whether it asks the servers of today; a recording tells nothing about our own network."""
        ...

    async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
        """Answer one request with exactly one exchange, whatever happens; never raises for what a server did.

        ``crawl`` marks pages that robots.txt governs; documented machine interfaces are asked without it.
        """
        ...

    async def offline(self) -> bool:
        """Whether this machine has no network, so that nothing can be learned now."""
        ...


class Keeper(Protocol):
    """Somewhere exchanges are kept: the store of captures, a folder being recorded."""

    def keep(self, exchange: Exchange) -> None:
        """Keep this exchange; its secrets have been masked already."""
        ...


def full_url(request: Request) -> str:
    """The address with the request's parameters appended to its own query, and without a fragment.

    >>> full_url(Request("https://data.example.org/api?a=1#top", {"q": "*:*"}))
    'https://data.example.org/api?a=1&q=%2A%3A%2A'
    """
    try:
        parts = urlsplit(request.url)
    except ValueError:  # a broken IPv6 literal: the guard refuses it with a reason
        return request.url
    query = "&".join(part for part in (parts.query, urlencode(request.params)) if part)
    return urlunsplit(parts._replace(query=query, fragment=""))


def posted(request: Request) -> str | None:
    """The JSON that goes with the request, as the capture keeps it; None for a GET."""
    return None if request.json_body is None else request.json_body.decode("utf-8", "replace")


def kept_headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers worth keeping, lower-case names, printable values of at most 300 characters."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if name.lower() in HEADERS_KEPT and name.lower() not in found:
            found[name.lower()] = "".join(sign for sign in value[:300] if sign.isprintable())
    return dict(sorted(found.items()))


def media_type_of(headers: Mapping[str, str]) -> str | None:
    """The declared media type without parameters, or None.

    >>> media_type_of({"content-type": "Application/JSON; charset=utf-8"})
    'application/json'
    """
    return headers.get("content-type", "").partition(";")[0].strip().lower() or None


def without_secrets(exchange: Exchange, secrets: Iterable[str]) -> Exchange:
    """The same exchange with every key masked in its addresses, headers, message and body, so that none is published.

    Some servers repeat in their answer the key they were given; such a body is known by the hash of its masked form,
    which is the one that is read and kept. A spooled file (a timetable) is left as it came.
    """
    found = sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True)
    if not found:
        return exchange

    def mask(text: str) -> str:
        for form in found:
            text = text.replace(form, MASK)
        return text

    old = exchange.capture
    kept: dict[str, object] = {
        "url": mask(old.url), "final_url": mask(old.final_url), "redirects": tuple(map(mask, old.redirects)),
        "posted": old.posted and mask(old.posted), "headers": {name: mask(told) for name, told in old.headers.items()},
    }  # fmt: skip
    body = exchange.body
    for form in found:
        body = body.replace(form.encode(), MASK.encode()) if len(form) >= _SHORTEST_IN_BODIES else body
    if body != exchange.body:
        kept |= {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    return replace(exchange, capture=old.model_copy(update=kept), message=mask(exchange.message), body=body)


def _forms(secret: str) -> set[str]:
    """A key as it may stand in an address, a header, JSON or a page; blanks around it, which no server repeats, off."""
    plain = secret.strip()
    in_json = {json.dumps(plain)[1:-1], plain.replace("/", "\\/")}
    return {plain, quote(plain), quote(plain, safe=""), quote_plus(plain), html.escape(plain), *in_json} - {""}
