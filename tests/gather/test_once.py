"""One address, ad hoc: what `fetch` and `probe` show of it, whatever it does."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from builder.gather.once import fetch_once, probe_once
from builder.model.capture import Request
from builder.model.observation import Measurement, Reading, Target
from builder.model.reasons import Reason
from builder.model.web import Web

from .conftest import NOW, Server, plain

pytestmark = pytest.mark.anyio


async def test_fetch_shows_what_our_client_sees(server: Server) -> None:
    """Redirects, status, type, size and hash are those of the answer; a private address needs to be allowed."""
    server.routes["/a"] = plain(b"", "301 Moved", "Location: /b")
    server.routes["/b"] = plain(b"a,b", "200 OK", "Content-Type: text/csv; charset=utf-8")
    seen = await fetch_once(server.url("/a"), allow_private=True, clock=lambda: NOW)
    assert (seen.reason, seen.status, seen.media_type, seen.bytes) == (Reason.OK, 200, "text/csv", 3)
    assert (seen.url, seen.final_url, seen.redirects) == (server.url("/a"), server.url("/b"), (server.url("/b"),))
    assert seen.sha256 == hashlib.sha256(b"a,b").hexdigest() and seen.seconds >= 0
    refused = await fetch_once(server.url("/b"), allow_private=False, clock=lambda: NOW)
    assert (refused.reason, refused.status, refused.sha256) == (Reason.BLOCKED_ADDRESS, None, None)
    assert server.asked == ["/a", "/b"]


class Listing:
    """A probe that counts the items of a JSON list, as of the time it is given."""

    VERSION = 3
    DEADLINE_SECONDS = 5

    async def read(self, target: Target, web: Web) -> Reading:
        answer = await web.get(Request(target.url))
        count = Measurement(value=len(json.loads(answer.body)), pointer="$[*]")
        return Reading({"count": count}, True, f"as of {target.now:%Y-%m-%d}")


async def test_a_probe_is_run_as_in_a_run(server: Server) -> None:
    """The same observation comes of one probe at one address as of a whole run; from the live web, as of now."""
    server.routes["/"] = plain(b"[1, 2]")
    target = Target(server.url(), NOW - timedelta(days=3))
    read = await probe_once(Listing(), "feed", target, allow_private=True, clock=lambda: NOW)
    seen = read.observation
    assert (seen.reason, seen.probe, seen.at, seen.scope) == (Reason.OK, "feed/3", NOW, "as of 2026-02-26")
    assert seen.measurements["count"].value == 2 and seen.captures[0].status == 200
    server.routes["/"] = plain(b"{broken")
    broken = (await probe_once(Listing(), "ckan", target, allow_private=True, clock=lambda: NOW)).observation
    assert (broken.reason, broken.measurements) == (Reason.OUR_ERROR, {})
    assert broken.message.startswith("our probe failed: JSONDecodeError at ")
