"""One source read on two days: the facts are the same however the body came, and a no rests on a whole answer."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator

import pytest

from builder.gather.session import SourceSession
from builder.model.capture import Request
from builder.model.reasons import Outcome, Reason

from .conftest import Server
from .visits import Visitor, conditional, marked

pytestmark = pytest.mark.anyio

CATALOGUE = b"""{"@type": "dcat:Catalog", "conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [
  {"title": "Trees", "identifier": "t1", "modified": "2026-02-01", "license": "https://creativecommons.org/licenses/by/4.0/",
   "distribution": [{"mediaType": "text/csv", "downloadURL": "http://127.0.0.1:1/trees.csv"}]}]}"""


def _timetable() -> bytes:
    def table(name: str) -> Iterator[str]:
        yield from {
            "agency.txt": ("agency_id,agency_name,agency_url,agency_timezone", "a,Lines,https://a.example/,Etc/UTC"),
            "routes.txt": ("route_id,route_type", "r,3"),
            "stops.txt": ("stop_id,stop_lat,stop_lon", "s,50.0,8.0", "t,50.1,8.0"),
            "trips.txt": ("route_id,service_id,trip_id", "r,w,t"),
            "stop_times.txt": ("trip_id,stop_id,stop_sequence,departure_time,arrival_time", "t,s,1,08:00:00,08:00:00",
                               "t,t,2,08:10:00,08:10:00"),
            "calendar.txt": ("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
                             "w,1,1,1,1,1,0,0,20260101,20261231"),
        }[name]  # fmt: skip

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("agency.txt", "routes.txt", "stops.txt", "trips.txt", "stop_times.txt", "calendar.txt"):
            archive.writestr(name, "\n".join(table(name)))
    return packed.getvalue()


@pytest.mark.parametrize(("kind", "body", "path"), [
    ("dcat_us", CATALOGUE, "/data.json"), ("gtfs", _timetable(), "/gtfs.zip"),
    ("webpage", b"<!doctype html><html lang=en><title>Trees</title><p>" + b"Words about trees. " * 40, "/page"),
])  # fmt: skip
async def test_a_reading_is_the_same_either_way(
    server: Server, visitor: Visitor, kind: str, body: bytes, path: str
) -> None:
    """Whether the body came by 200 or by 304, the facts are equal; only the captures say how each was learned."""
    server.routes[path] = marked(server, body, "Content-Type: application/octet-stream")
    first = await visitor.read(kind, server.url(path))
    visitor.later()
    again = await visitor.read(kind, server.url(path))
    assert first.observation.reason is Reason.OK and first.reading == again.reading
    how = {"at": True, "captures": True}
    assert first.observation.model_dump(exclude=how) == again.observation.model_dump(exclude=how)
    assert [capture.status for capture in again.observation.captures if path in capture.url] == [304]
    assert again.observation.captures[0].sha256 == hashlib.sha256(body).hexdigest()


async def test_a_no_rests_on_a_whole_answer(server: Server, visitor: Visitor) -> None:
    """A reading that fails on "unchanged" is made again in full: a server that says so wrongly accuses nobody."""
    server.routes["/data.json"] = marked(server, b"this is no catalogue")
    first = await visitor.read("dcat_us", server.url("/data.json"))
    assert first.observation.outcome is Outcome.FAILED
    visitor.later()
    again = await visitor.read("dcat_us", server.url("/data.json"))
    assert conditional(server) == [False, True, False]
    assert again.observation.outcome is Outcome.FAILED
    assert [capture.status for capture in again.observation.captures] == [200]


async def test_nothing_is_noted_beside_a_key(server: Server, visitor: Visitor) -> None:
    """A key may stand in an address under any name, and notes hold addresses: what is asked with a key leaves none."""
    server.routes["/"] = marked(server, b"words")
    for _ in range(2):
        session = SourceSession(visitor.backend, "legistar", seconds=5, keepers=[visitor.captures], secrets=["s3cret"])
        await session.get(Request(server.url(), {"who": "s3cret"}))
    assert not any(conditional(server))
    assert not any(b"s3cret" in path.read_bytes() for path in visitor.captures.folder.rglob("*") if path.is_file())
    assert not (visitor.captures.folder / "asked").exists()


async def test_what_measures_the_answer_is_asked_in_full(server: Server, visitor: Visitor) -> None:
    """How a server answers over https is measured on the whole answer: "unchanged" would hide what it says now."""
    server.routes["/"] = marked(server, b"words")
    for _ in range(2):
        await visitor.read("https", server.url("/"))
        visitor.later()
    assert server.requests and not any(conditional(server))
