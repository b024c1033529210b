"""Replaying: a recorded answer is found by what is asked, told apart from what nobody captured, and dated truly."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import InputError, Unreadable
from builder.gather.captures import CaptureStore, Recorder
from builder.gather.client import Client
from builder.gather.exchange import Deadline, Exchange
from builder.gather.replay import Replay, recorded_at
from builder.gather.session import LARGE_BYTES, PAGE_BYTES, SourceSession
from builder.gather.transport import Transport
from builder.model.capture import Request
from builder.model.reasons import Reason

from .conftest import NOW, Fetch, Server, plain

pytestmark = pytest.mark.anyio

PORTAL = "https://data.example.org//api/3/action/package_search?q=%2A%3A%2A&rows=2"
DISCOVERY = "https://api.example.org/catalog/v1?domains=data.example.org&only=dataset"


def _recording(folder: Path, *entries: dict[str, Any]) -> Path:
    """A folder `recordings/` with a manifest; files given as `body` are written beside it in `wire/`."""
    recordings = folder / "recordings"
    recordings.mkdir(exist_ok=True)
    (folder / "wire").mkdir(exist_ok=True)
    exchanges = []
    for number, entry in enumerate(entries):
        body = json.dumps(entry.pop("body", {})).encode()
        (folder / "wire" / f"{number}.json").write_bytes(body)
        defaults = {
            "status": 200, "headers": {"content-type": "application/json"}, "file": f"../wire/{number}.json",
            "recorded_at": "2022-07-23T03:06:26Z", "sha256": hashlib.sha256(body).hexdigest(),
        }  # fmt: skip
        exchanges.append(defaults | entry)
    (recordings / "manifest.json").write_text(json.dumps({"about": "x", "exchanges": exchanges}))
    return recordings


async def _ask(folder: Path, url: str, **more: Any) -> Exchange:
    return await Replay(folder, clock=lambda: NOW).fetch(Request(url, **more), deadline=Deadline(5))


@pytest.mark.parametrize(("url", "items"), [
    ("https://data.example.org/api/3/action/package_search?rows=2&q=*:*", 2),
    ("https://data.example.org/api/3/action/package_search", 2),
    ("https://data.example.org:443/api//3/action/package_search?start=0&rows=1000&sort=id+asc", 2),
    ("https://data.example.org/api/3/action/package_search?start=2&rows=1000", 0),
    ("https://data.example.org/api/3/action/package_search?start=1000", 0),
    ("https://data.example.org/api/3/action/package_search?q=trees", None),
    ("https://data.example.org/api/3/action/package_search?fq=organization:parks", None),
    ("https://data.example.org/api/3/action/package_search?start=yesterday", None),
    ("http://data.example.org/api/3/action/package_search", None),
    ("https://data.example.org/api/3/action/package_list", None),
    ("https://other.example.org/api/3/action/package_search", None),
])  # fmt: skip
async def test_only_paging_may_differ(tmp_path: Path, url: str, items: int | None) -> None:
    """The recorded page answers its own question at any page size, is empty past its end, and answers nothing else."""
    page = {"success": True, "result": {"count": 13786, "results": [{"id": "a"}, {"id": "b"}]}}
    answer = await _ask(_recording(tmp_path, {"url": PORTAL, "body": page}), url)
    if items is None:
        assert (answer.reason, answer.capture.status) == (Reason.NOT_CAPTURED, None)
    else:
        result = json.loads(answer.body)["result"]
        assert (answer.reason, len(result["results"]), result["count"]) == (Reason.OK, items, 13786)
        assert answer.capture.sha256 == hashlib.sha256(answer.body).hexdigest()
        assert answer.capture.url == (PORTAL if items else url)  # the exchange that happened, not the one we would make


@pytest.mark.parametrize(("more", "items"), [
    ("&limit=100&offset=0", 1), ("&limit=100&offset=1", 0), ("&scroll_id=xxxx-yyyy", 0), ("&limit=1", 1),
])  # fmt: skip
async def test_discovery_paging(tmp_path: Path, more: str, items: int) -> None:
    """Pages by offset and by scroll id both end where the recording does; the announced count stays."""
    folder = _recording(tmp_path, {"url": DISCOVERY, "body": {"results": [{"id": 1}], "resultSetSize": 85}})
    found = json.loads((await _ask(folder, DISCOVERY + more)).body)
    assert (len(found["results"]), found["resultSetSize"]) == (items, 85)
    assert (await _ask(folder, DISCOVERY.replace("dataset", "map"))).reason is Reason.NOT_CAPTURED


async def test_several_recorded_pages(tmp_path: Path) -> None:
    """Where several pages were recorded each answers for itself, and only the one after the last is empty."""
    url = "https://portal.example/api/explore/v2.1/catalog/datasets"
    folder = _recording(
        tmp_path,
        {"url": url + "?limit=2&offset=0", "body": {"total_count": 3, "results": [1, 2]}},
        {"url": url + "?limit=2&offset=2", "body": {"total_count": 3, "results": [3]}},
    )
    found = [json.loads((await _ask(folder, f"{url}?limit=2&offset={at}")).body)["results"] for at in (0, 2, 4)]
    assert found == [[1, 2], [3], []]
    assert (await _ask(folder, f"{url}?limit=1&offset=1")).reason is Reason.NOT_CAPTURED


async def test_a_copy_says_whose_it_is(tmp_path: Path) -> None:
    """A capture from somebody's copy names it by a link pinned to a commit, its faithfulness, and its true day."""
    folder = _recording(tmp_path, {
        "url": DISCOVERY, "recorded_at": "2020-07-22", "fidelity": "as served", "body": {"results": [1]},
        "provenance": {"repo": "someone/dcat-copies", "path": "a b/x.json", "commit": "0123abcd"}})  # fmt: skip
    capture = (await _ask(folder, DISCOVERY)).capture
    assert capture.at == datetime(2020, 7, 22, tzinfo=UTC)
    assert capture.copy_of is not None and capture.copy_of.day_only
    assert capture.copy_of.link == "https://github.com/someone/dcat-copies/blob/0123abcd/a%20b/x.json"
    beyond = (await _ask(folder, DISCOVERY + "&offset=1")).capture
    assert beyond.copy_of is not None and beyond.copy_of.fidelity == "as served; a page past the end, its list emptied"


@pytest.mark.parametrize(("text", "iso", "day_only"), [
    ("2022-07-23T03:06:26Z", "2022-07-23T03:06:26+00:00", False),
    ("2022-07-23T05:06:26+02:00", "2022-07-23T03:06:26+00:00", False),
    ("2020-07-22", "2020-07-22T00:00:00+00:00", True),
    ("Sat, 21 Mar 2020 10:21:20 GMT", "2020-03-21T10:21:20+00:00", False),
])  # fmt: skip
async def test_every_way_to_write_the_date(text: str, iso: str, day_only: bool) -> None:
    """ISO instants, bare days and HTTP dates all become UTC, and a bare day stays known as one."""
    found, day = recorded_at(text)
    assert (found.isoformat(), day) == (iso, day_only)


@pytest.mark.parametrize(("status", "reason"), [
    (404, Reason.NOT_FOUND), (410, Reason.GONE), (503, Reason.SERVER_ERROR),
])  # fmt: skip
async def test_recorded_failures(tmp_path: Path, status: int, reason: Reason) -> None:
    """An answer recorded with another status means what it meant then."""
    folder = _recording(tmp_path, {"url": DISCOVERY, "status": status})
    answer = await _ask(folder, DISCOVERY)
    assert (answer.reason, answer.capture.status) == (reason, status)


@pytest.mark.parametrize(("entry", "words"), [
    ({"sha256": "00"}, "is not the one recorded"),
    ({"file": "../wire/none.json"}, "is missing"),
    ({"file": "../../outside.json"}, "lies outside of"),
    ({"file": "a\0b"}, "unprintable"),
    ({"recorded_at": "last summer"}, "recorded_at is 'last summer'"),
    ({"recorded_at": None}, "recorded_at is None"),
    ({"status": "200"}, "needs a status"),
    ({"url": 5}, "has no url"),
])  # fmt: skip
async def test_one_clear_line_for_a_broken_manifest(tmp_path: Path, entry: dict[str, Any], words: str) -> None:
    """A manifest that does not hold what it says stops the replay with one line that names the exchange."""
    (tmp_path.parent / "outside.json").write_text("{}")
    with pytest.raises(InputError, match=r"exchange 1") as caught:
        Replay(_recording(tmp_path, {"url": DISCOVERY} | entry), clock=lambda: NOW)
    assert words in str(caught.value) and "\n" not in str(caught.value)


async def test_no_manifest(tmp_path: Path) -> None:
    """A folder without a manifest, or with another kind of file in its place, is refused by name."""
    with pytest.raises(InputError, match="cannot be read"):
        Replay(tmp_path, clock=lambda: NOW)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(InputError, match="not a list of recorded exchanges"):
        Replay(tmp_path, clock=lambda: NOW)


async def test_a_recording_can_be_replayed(server: Server, fetch: Fetch, tmp_path: Path) -> None:
    """What was recorded live comes back byte for byte, redirects, failures and time included, and is no copy."""
    server.routes["/a"] = plain(b"", "302 Found", "Location: /b")
    server.routes["/b"] = plain(b'{"x": 1}', "200 OK", "Content-Type: application/json")
    recorder = Recorder(tmp_path)
    live = [await fetch(server.url(path)) for path in ("/a", "/missing")]
    for exchange in live:
        recorder.keep(exchange)
    recorder.close()
    for before in live:
        after = await _ask(tmp_path, before.capture.url)
        assert (after.capture, after.reason, after.body) == (before.capture, before.reason, before.body)
    again = Recorder(tmp_path)
    again.keep(live[0])
    again.close()
    assert len(json.loads((tmp_path / "manifest.json").read_text())["exchanges"]) == 2


async def test_a_posted_question_is_recorded_and_found(server: Server, fetch: Fetch, tmp_path: Path) -> None:
    """Two questions posted to one address are two exchanges; each answers itself, however its JSON is laid out."""
    server.routes["/api"] = [plain(b'{"data": 1}'), plain(b'{"data": 2}'), plain(b"a page")]
    recorder = Recorder(tmp_path)
    live = [await fetch(server.url("/api"), json_body=body) for body in (b'{"query": "a", "n": 1}', b'{"query": "b"}')]
    live.append(await fetch(server.url("/api")))
    for exchange in live:
        recorder.keep(exchange)
    recorder.close()
    Recorder(tmp_path).close()
    url = server.url("/api")
    for asked, before in zip((b'{"query": "a", "n": 1}', b'{"query": "b"}', None), live, strict=True):
        after = await _ask(tmp_path, url, json_body=asked)
        assert (after.capture, after.reason, after.body) == (before.capture, before.reason, before.body)
    assert (await _ask(tmp_path, url, json_body=b'{ "n":1, "query":"a"}')).body == b'{"data": 1}'
    unknown = await _ask(tmp_path, url, json_body=b'{"query": "c"}')
    assert (unknown.reason, unknown.capture.posted) == (Reason.NOT_CAPTURED, '{"query": "c"}')


async def test_a_recording_keeps_the_end_of_a_certificate(tmp_path: Path) -> None:
    """What the certificate said comes back in a replay; one that is no date is refused in one line."""
    url = "https://city.example/"
    folder = _recording(tmp_path, {"url": url, "certificate_expires": "2027-02-01T12:00:00Z"})
    live = (await _ask(folder, url)).capture
    assert live.certificate_expires == datetime(2027, 2, 1, 12, tzinfo=UTC)
    recorder = Recorder(tmp_path / "again")
    recorder.keep(await _ask(folder, url))
    recorder.close()
    assert (await _ask(tmp_path / "again", url)).capture == live.model_copy(update={"copy_of": None})
    with pytest.raises(InputError, match="certificate_expires"):
        await _ask(_recording(tmp_path, {"url": url, "certificate_expires": "soon"}), url)


async def test_bodies_are_kept_once(server: Server, fetch: Fetch, tmp_path: Path) -> None:
    """A body lies under its hash, whoever served it; a damaged one is as good as none."""
    server.routes["/a"] = server.routes["/b"] = plain(b"same")
    store = CaptureStore(tmp_path)
    for path in ("/a", "/b"):
        store.keep(await fetch(server.url(path), spool=path == "/b"))
    sha256 = hashlib.sha256(b"same").hexdigest()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / sha256[:2] / sha256]
    assert store.read(sha256) == b"same"
    store.path(sha256).write_bytes(b"sam")
    assert store.read(sha256) is None


async def test_a_session_keeps_captures_in_order(tmp_path: Path) -> None:
    """Every exchange, good or bad, is a capture at its place; what nobody recorded takes no place."""
    folder = _recording(
        tmp_path, {"url": "https://a.example/1"}, {"url": "https://a.example/2", "status": 404},
        {"url": "https://a.example/3?key=***"})  # fmt: skip
    session = SourceSession(Replay(folder, clock=lambda: NOW), "ckan", seconds=5, secrets=["s3cret/x"])
    assert (await session.get(Request("https://a.example/1"))).body == b"{}"
    with pytest.raises(Unreadable) as missing:
        await session.get(Request("https://a.example/none"))
    with pytest.raises(Unreadable) as refused:
        await session.get(Request("https://a.example/2"))
    assert (await session.get(Request("https://a.example/3", {"key": "s3cret/x"}))).body == b"{}"
    assert (missing.value.reason, missing.value.capture) == (Reason.NOT_CAPTURED, None)
    assert (refused.value.reason, refused.value.capture) == (Reason.NOT_FOUND, session.captures[1])
    assert [capture.url for capture in session.captures] == [
        "https://a.example/1", "https://a.example/2", "https://a.example/3?key=***"]  # fmt: skip


async def test_a_session_holds_to_its_deadline(server: Server) -> None:
    """All requests of a source share one deadline: quick answers that never end are cut off too."""

    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(plain(b"fine"))

    server.routes["/"] = slow
    client = Client(Transport(allow_private=True), clock=lambda: NOW, spacing=0.0)
    session = SourceSession(client, "ckan", seconds=0.5)
    with pytest.raises(Unreadable) as late:
        for _ in range(50):
            await session.get(Request(server.url()))
    assert late.value.reason is Reason.TIMEOUT
    assert late.value.capture is session.captures[-1]


@pytest.mark.parametrize(("kind", "spool", "cap"), [
    ("gtfs", True, LARGE_BYTES), ("gtfs", False, PAGE_BYTES),
    ("ckan", True, PAGE_BYTES), ("webpage", False, PAGE_BYTES),
])  # fmt: skip
async def test_a_session_caps_by_kind(server: Server, kind: str, spool: bool, cap: int) -> None:
    """Only timetables that go to a file may be larger than a page, and only page-like kinds ask robots.txt."""
    asked: list[tuple[int, bool]] = []

    class Backend(Client):
        async def fetch(self, request: Request, *, deadline: Deadline, crawl: bool = False) -> Exchange:
            asked.append((request.limit_bytes, crawl))
            return await super().fetch(request, deadline=deadline)

    server.routes["/"] = plain(b"fine")
    session = SourceSession(Backend(Transport(allow_private=True), clock=lambda: NOW), kind, seconds=5)
    await session.get(Request(server.url(), limit_bytes=10**12, spool=spool))
    session.close()
    assert asked == [(cap, kind == "webpage")]


async def test_a_probe_may_say_that_robots_txt_governs_a_request(server: Server) -> None:
    """A link of a sample is left alone where robots.txt says so, although its catalogue's own interface is not."""
    server.routes |= {"/robots.txt": plain(b"User-agent: *\nDisallow: /"), "/api": plain(b"{}"), "/x.csv": plain(b"a")}
    session = SourceSession(Client(Transport(allow_private=True), clock=lambda: NOW), "ckan", seconds=5)
    assert (await session.get(Request(server.url("/api")))).body == b"{}"
    with pytest.raises(Unreadable) as caught:
        await session.get(Request(server.url("/x.csv"), crawl=True))
    session.close()
    assert caught.value.reason is Reason.ROBOTS_DISALLOWED and server.asked == ["/api", "/robots.txt"]


async def test_the_real_recordings(shared: Path) -> None:
    """Every exchange of the shared recordings answers at its own address with the file that was recorded."""
    manifest = json.loads((shared / "recordings" / "manifest.json").read_text())
    replay = Replay(shared / "recordings", clock=lambda: NOW)
    for entry in manifest["exchanges"]:
        answer = await replay.fetch(Request(entry["url"]), deadline=Deadline(5))
        assert (answer.capture.status, answer.capture.sha256) == (entry["status"], entry["sha256"])
        assert answer.capture.copy_of is not None
