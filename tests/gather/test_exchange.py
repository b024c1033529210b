"""What of an exchange is kept, and above all what is not: keys."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from builder.gather.captures import Recorder
from builder.gather.client import Client
from builder.gather.session import SourceSession
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.reasons import Reason

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


async def test_a_key_that_no_header_can_hold_is_not_repeated(server: Server, fetch: Fetch) -> None:
    """A key copied with a line break is refused before it is sent, in words that leave it out."""
    answer = await fetch(server.url(), headers={"X-API-Key": "s3cret\nkey"})
    assert answer.reason is Reason.PROTOCOL_ERROR and "s3cret" not in answer.message and server.asked == []
