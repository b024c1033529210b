"""A web without a network: answers from a table, and keeps the captures of a reading as the real one does."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from builder.errors import Unreadable
from builder.model.capture import Answer, Capture, Request
from builder.model.reasons import Reason

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
FAULTS = {
    401: Reason.AUTH_REQUIRED, 403: Reason.FORBIDDEN, 404: Reason.NOT_FOUND, 410: Reason.GONE, 429: Reason.RATE_LIMITED,
}  # fmt: skip

Page = tuple[int, Mapping[str, str], bytes]


class FakeWeb:
    """Answers from ``{url with its parameters: body | (status, headers, body) | Unreadable}``.

    Any other address is not captured. Parameters are compared without regard to their order. A body may be bytes,
    text or anything JSON can hold; a function is called with the request and gives any of these. With
    ``forgiving=True`` an address that is listed without parameters answers whatever parameters come.
    """

    def __init__(self, pages: Mapping[str, Any], at: datetime = AT, forgiving: bool = False) -> None:
        self._pages = {_canonical(url): page for url, page in pages.items()}
        self._at = at
        self._forgiving = forgiving
        self.captures: list[Capture] = []
        self.asked: list[str] = []

    async def get(self, request: Request) -> Answer:
        """Answer one GET by the Web protocol."""
        url = _canonical(request.url, request.params)
        self.asked.append(url)
        page = self._pages.get(url)
        if page is None and self._forgiving:
            page = self._pages.get(urlunsplit(urlsplit(url)._replace(query="")))
        if callable(page):
            page = page(request)
        if page is None:
            raise Unreadable(Reason.NOT_CAPTURED, f"{url} was never recorded")
        if isinstance(page, Exception):
            raise page
        status, headers, body = _page(page)
        capture = Capture(
            url=url,
            final_url=url,
            status=status,
            headers=dict(headers),
            media_type=headers.get("content-type", "").partition(";")[0] or None,
            sha256=hashlib.sha256(body).hexdigest(),
            bytes=len(body),
            at=self._at,
        )
        self.captures.append(capture)
        if not 200 <= status < 300:
            reason = FAULTS.get(status, Reason.SERVER_ERROR if status >= 500 else Reason.CLIENT_ERROR)
            raise Unreadable(reason, f"{url} answered {status}", capture)
        if len(body) > request.limit_bytes:
            raise Unreadable(Reason.TOO_LARGE, f"{url} is larger than {request.limit_bytes} bytes", capture)
        return Answer(capture, b"", io.BytesIO(body)) if request.spool else Answer(capture, body)


def _page(page: Any) -> Page:
    if isinstance(page, tuple):
        status, headers, body = page
        return status, headers, _page(body)[2]
    if isinstance(page, bytes):
        return 200, {}, page
    if isinstance(page, str):
        return 200, {}, page.encode()
    return 200, {"content-type": "application/json"}, json.dumps(page).encode()


def _canonical(url: str, params: Mapping[str, str] | None = None) -> str:
    parts = urlsplit(url)
    query = sorted([*parse_qsl(parts.query, keep_blank_values=True), *(params or {}).items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", urlencode(query), ""))


@pytest.fixture
def fake_web() -> type[FakeWeb]:
    """The class of a web without a network: ``fake_web({"https://city.example/data.json": {...}})``."""
    return FakeWeb
