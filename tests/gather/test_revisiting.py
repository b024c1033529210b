"""Later visits: what was kept is asked after, and "unchanged" is believed only with a body and never as a fault."""

from __future__ import annotations

import gzip
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builder.gather.once import fetch_once
from builder.gather.run import gather
from builder.model.city import City
from builder.model.reasons import Reason
from builder.model.source import Source
from builder.probes import discover
from builder.store.ledger import Ledger

from .conftest import NOW, Server, plain
from .visits import Visitor, conditional, marked

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("mark", ['"v1"', 'W/"v1"', ""])
async def test_unchanged_is_the_body_of_back_then(server: Server, visitor: Visitor, mark: str) -> None:
    """A later visit asks with the mark or the date; 304 gives the same body, and the capture says since when."""
    body = b'{"a": 1}'
    server.routes["/"] = marked(server, gzip.compress(body), "Content-Type: application/json; charset=utf-8",
                                "Content-Encoding: gzip", mark=mark)  # fmt: skip
    first = await visitor.get(server.url())
    visitor.later()
    again = await visitor.get(server.url())
    assert conditional(server) == [False, True]
    assert (first.body, again.body, again.reason, again.message) == (body, body, Reason.OK, "")
    new, old = again.capture, first.capture
    assert (old.status, old.unchanged_since, new.status, new.unchanged_since) == (200, None, 304, NOW)
    assert new.at == NOW + timedelta(days=1)
    same = {"url", "final_url", "sha256", "bytes", "media_type", "headers"}
    assert new.model_dump(include=same) == old.model_dump(include=same)


async def test_a_large_file_is_handed_over_too(server: Server, visitor: Visitor) -> None:
    """A timetable that did not change is not sent again: its file comes from the captures, at its start."""
    server.routes["/"] = marked(server, b"x" * 1_500_000)
    for expected in (200, 304, 304):
        answer = await visitor.get(server.url(), spool=True)
        assert answer.capture.status == expected and answer.body == b"" and answer.file is not None
        assert len(answer.file.read()) == answer.capture.bytes == 1_500_000
        answer.file.close()
        visitor.later()


async def test_what_changed_is_read_anew(server: Server, visitor: Visitor) -> None:
    """A new version comes whole, and from then on its own mark is the one to ask with."""
    server.routes["/"] = marked(server, b"old")
    await visitor.get(server.url())
    server.routes["/"] = marked(server, b"new", mark='"v2"')
    visitor.later()
    assert (await visitor.get(server.url())).body == b"new"
    visitor.later()
    third = await visitor.get(server.url())
    assert (third.body, third.capture.unchanged_since) == (b"new", NOW + timedelta(days=1))
    assert b'if-none-match: "v2"\r\n' in server.requests[2].lower()


@pytest.mark.parametrize(("lie", "asked"), [
    (plain(b"", "304 Not Modified", 'ETag: "other"'), [False, True, False]),
    (plain(b"", "304 Not Modified", 'ETag: "v1"', "cf-mitigated: challenge"), [False, True, False]),
], ids=["another version", "a gate"])  # fmt: skip
async def test_an_unchanged_that_cannot_be_meant(
    server: Server, visitor: Visitor, lie: bytes, asked: list[bool]
) -> None:
    """A 304 about another version is followed by one request for everything, whose answer counts."""
    server.routes["/"] = [plain(b"old", "200 OK", 'ETag: "v1"'), lie, plain(b"new")]
    await visitor.get(server.url())
    visitor.later()
    answer = await visitor.get(server.url())
    assert (answer.body, answer.capture.status, answer.capture.unchanged_since) == (b"new", 200, None)
    assert conditional(server) == asked


async def test_unchanged_without_having_been_asked(server: Server, visitor: Visitor) -> None:
    """A server that answers 304 to everybody sends nothing that could be read: a fault of the exchange, asked twice."""
    server.routes["/"] = [plain(b"old", "200 OK", 'ETag: "v1"'), plain(b"", "304 Not Modified", 'ETag: "v2"')]
    await visitor.get(server.url())
    visitor.later()
    answer = await visitor.get(server.url())
    assert (answer.reason, answer.body, answer.capture.unchanged_since) == (Reason.PROTOCOL_ERROR, b"", None)
    assert conditional(server) == [False, True, False]
    server.routes["/new"] = plain(b"", "304 Not Modified")
    assert (await visitor.get(server.url("/new"))).reason is Reason.PROTOCOL_ERROR
    assert server.asked.count("/new") == 1, "without a condition there is no other way to ask"


async def test_the_body_was_lost_on_the_way(server: Server, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails between our look and the server's 304 costs one more request, not the answer."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    visitor.later()

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(visitor.captures, "open", lambda *_: Failing())
    answer = await visitor.get(server.url())
    assert (answer.body, answer.capture.status) == (b"words", 200)
    assert conditional(server) == [False, True, False]


async def test_a_mark_belongs_to_the_address_that_gave_it(server: Server, visitor: Visitor) -> None:
    """Along a redirect only the last address is asked with its mark; when the way leads elsewhere, nobody is."""
    server.routes |= {
        "/a": [plain(b"", "302 Found", "Location: /b")] * 2 + [plain(b"", "302 Found", "Location: /c")],
        "/b": marked(server, b"words"), "/c": marked(server, b"other"),
    }  # fmt: skip
    await visitor.get(server.url("/a"))
    visitor.later()
    again = await visitor.get(server.url("/a"))
    assert (again.body, again.capture.redirects) == (b"words", (server.url("/b"),))
    assert conditional(server) == [False, False, False, True]
    visitor.later()
    assert (await visitor.get(server.url("/a"))).body == b"other"
    assert conditional(server)[4:] == [False, False]


async def test_a_fault_leaves_the_note(server: Server, visitor: Visitor) -> None:
    """A day on which the server fails does not make us forget what stood before it."""
    server.routes["/"] = marked(server, b"words")
    await visitor.get(server.url())
    good, server.routes["/"] = server.routes["/"], plain(b"", "404 Not Found")
    visitor.later()
    assert (await visitor.get(server.url())).reason is Reason.NOT_FOUND
    server.routes["/"] = good
    visitor.later()
    assert (await visitor.get(server.url())).capture.unchanged_since == NOW


@pytest.mark.parametrize("more", [
    {"json_body": b"{}"}, {"headers": {"X-API-Key": "s3cret"}}, {"crawl": True}, {"unconditional": True},
], ids=lambda more: next(iter(more)))  # fmt: skip
async def test_what_is_always_asked_in_full(server: Server, visitor: Visitor, more: dict[str, Any]) -> None:
    """A POST, a question with a key, a link of a sample and whatever measures the answer itself: nothing is noted."""
    server.routes["/"] = marked(server, b"words")
    for _ in range(2):
        assert (await visitor.get(server.url(), **more)).capture.status == 200
        visitor.later()
    assert not any(conditional(server)) and not (visitor.captures.folder / "asked").exists()


async def test_a_smaller_appetite_does_not_get_the_kept_body(server: Server, visitor: Visitor) -> None:
    """Who reads less than what was kept is told that it is too large, as without a memory."""
    server.routes["/"] = marked(server, b"x" * 1000)
    await visitor.get(server.url())
    visitor.later()
    assert (await visitor.get(server.url(), limit_bytes=999)).reason is Reason.TOO_LARGE
    assert conditional(server) == [False, False]


async def test_no_store_is_obeyed(server: Server, visitor: Visitor) -> None:
    """A server that does not want its answer used again is asked in full, and an older note goes."""
    server.routes["/"] = [plain(b"words", "200 OK", 'ETag: "v1"'), plain(b"more", "200 OK", "Cache-Control: no-store"),
                          plain(b"most")]  # fmt: skip
    for _ in range(3):
        await visitor.get(server.url())
        visitor.later()
    assert conditional(server) == [False, True, False]


async def test_fetch_and_probe_ask_in_full(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked ad hoc is answered by the server alone, whatever a run has kept in this folder."""
    monkeypatch.chdir(tmp_path)
    server.routes["/"] = marked(server, b"words")
    for _ in range(2):
        assert (await fetch_once(server.url(), allow_private=True, clock=lambda: NOW)).status == 200
    assert not any(conditional(server)) and list(tmp_path.iterdir()) == []


async def test_a_second_run_changes_nothing(server: Server, visitor: Visitor, tmp_path: Path) -> None:
    """A whole run on a later day asks only what changed, and where nothing did, no city's file changes."""
    body = b'{"dataset": [{"title": "Trees", "identifier": "t1", "modified": "2026-02-01", "distribution": []}]}'
    server.routes["/data.json"] = marked(server, body)
    source = Source(id="list", kind="dcat_us", url=server.url("/data.json"), publisher="Exampleton", tier="city")
    town = City(
        id="de-a", names={"en": "A"}, languages=("en",), country="DE", location=(50.0, 8.0), sources=(source,)
    )  # fmt: skip
    seen = []
    for _ in range(2):
        report = await gather(
            [town], discover(), tmp_path / "results", visitor.backend, clock=visitor.clock, cache=tmp_path / ".cache",
            keepers=[visitor.captures],
        )  # fmt: skip
        seen.append((report.reasons, report.cities_changed, (tmp_path / "results/de-a.json").read_bytes()))
        visitor.later()
    assert conditional(server) == [False, True]
    first, again = seen
    assert first[0] == again[0] == {Reason.OK: 1}
    assert (first[1], again[1]) == (("de-a",), ()) and first[2] == again[2]
    digests = [line.digest for line in Ledger(tmp_path / "results").lines()]
    assert len(digests) == 2 and digests[0] == digests[1], "the second reading is in the ledger, with the same facts"
