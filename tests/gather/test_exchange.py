"""What of an exchange is kept, and above all what is not: keys."""

from __future__ import annotations

import errno
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from builder.errors import CityproofError
from builder.gather.captures import CaptureStore, Recorder
from builder.gather.client import Client
from builder.gather.exchange import Exchange
from builder.gather.reading import read_source
from builder.gather.session import SourceSession
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.observation import Target
from builder.model.reasons import Reason
from builder.probes import discover

from .conftest import NOW, Fetch, Server, plain

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("key", ["s3cret/+k=1", "s3cret k", "s3cret\n", "s3cr\u00e9t"])
async def test_a_key_that_comes_back_is_masked(server: Server, tmp_path: Path, key: str) -> None:
    """A server may repeat our key in its address, headers and words: none of it is read, shown, kept or recorded."""
    told = f'{{"error": "bad key {key.strip()}", "in_json": {json.dumps(key.strip())}}}'
    server.routes["/a"] = plain(b"", "302 Found", f"Location: /b?{urlencode({'key': key})}")
    server.routes["/b"] = plain(told.encode(), "200 OK", f'ETag: "{quote(key.strip())}"')
    recorder = Recorder(tmp_path)
    client = Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0)
    session = SourceSession(client, "openaq", seconds=5, keepers=[recorder], secrets=[key])
    answer = await session.get(Request(server.url("/a"), {"key": key}))
    recorder.close()
    assert answer.capture.sha256 == hashlib.sha256(answer.body).hexdigest() and b"***" in answer.body
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 2
    for text in (answer.capture.model_dump_json(), answer.body.decode(), *written):
        assert "s3cr" not in text


async def test_a_key_that_a_server_hands_us_is_followed_but_not_kept(server: Server, fetch: Fetch) -> None:
    """A redirect to a signed download works, and neither its capture nor a fault at its end tells the signature."""
    server.routes["/a"] = plain(b"", "302 Found", "Location: /b?part=1&X-Amz-Signature=c0ffee#access_token=c0ffee")
    server.routes["/b"] = [plain(b"fine"), plain(b"", "302 Found", "Location: ftp://host.example/?sig=c0ffee")]
    good, bad = await fetch(server.url("/a?token=open")), await fetch(server.url("/a?token=open"))
    assert (good.body, bad.reason) == (b"fine", Reason.BLOCKED_SCHEME)
    assert b"/b?part=1&X-Amz-Signature=c0ffee " in server.requests[1]
    assert good.capture.final_url == server.url("/b?part=1&X-Amz-Signature=***#access_token=***")
    assert good.capture.url == server.url("/a?token=open"), "what people wrote down stays what they wrote"
    for exchange in (good, bad):
        assert "c0ffee" not in exchange.capture.model_dump_json() + exchange.message


async def test_a_key_that_no_header_can_hold_is_not_repeated(server: Server, fetch: Fetch) -> None:
    """A key copied with a line break is refused before it is sent, in words that leave it out."""
    answer = await fetch(server.url(), headers={"X-API-Key": "s3cret\nkey"})
    assert answer.reason is Reason.PROTOCOL_ERROR and "s3cret" not in answer.message and server.asked == []


class _Full:
    """A keeper on a full disk."""

    def keep(self, exchange: Exchange) -> None:
        """Fail as a full disk does."""
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_full_disk_ends_the_run_and_is_no_source_s_fault(server: Server) -> None:
    """What cannot be kept is told in one line; it must not be written down as a fault of the source or the probe."""
    server.routes["/"] = plain(b"<!doctype html><html lang=en><title>t</title><p>words")
    client = Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0)
    with pytest.raises(CityproofError, match="make room"):
        await read_source(
            discover()["webpage"], "webpage", Target(server.url(), NOW), client, clock=lambda: NOW, keepers=[_Full()]
        )


async def test_half_a_body_is_not_left_and_a_damaged_one_is_mended(
    server: Server, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body that could not be written leaves no file; one that a power cut emptied is written again."""
    server.routes["/"] = plain(b"the words")
    exchange, store = await fetch(server.url()), CaptureStore(tmp_path)
    assert exchange.capture.sha256 is not None
    path = store.path(exchange.capture.sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    store.keep(exchange)
    assert store.read(exchange.capture.sha256) == b"the words"
    path.unlink()
    monkeypatch.setattr("shutil.copyfileobj", lambda *_: _Full().keep(exchange))
    with pytest.raises(OSError, match="No space"):
        store.keep(replace(exchange, file=io.BytesIO(exchange.body)))
    assert list(path.parent.iterdir()) == []
