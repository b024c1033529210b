"""What is read of a live transit feed, and how what is no such feed is told from one that broke."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from google.transit.gtfs_realtime_pb2 import FeedEntity, FeedHeader, FeedMessage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Near, Reading, Target
from builder.model.reasons import Reason
from builder.probes import gtfs_rt

WebWithout = Callable[[dict[str, Any]], Any]
URL = "https://bus.lindenford.example/live.pb"
NOON = 1795262400  # 2026-11-21T12:00:00Z, which is when the test's web answers
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CENTRE = Near("centre", 51.0, 7.0, 2)
FAR = Near("far", 40.0, -70.0, 30)


def header(timestamp: int | None = NOON - 60, version: str = "2.0") -> FeedHeader:
    """A feed's header."""
    return FeedHeader(gtfs_realtime_version=version, timestamp=timestamp)


def vehicle(lat: float, lon: float, at: int = 0, route: str = "") -> FeedEntity:
    """One bus on its way."""
    entity = FeedEntity(id=f"v{lat}{lon}")
    entity.vehicle.position.latitude, entity.vehicle.position.longitude = lat, lon
    if at:
        entity.vehicle.timestamp = at
    if route:
        entity.vehicle.trip.route_id = route
    return entity


def feed() -> FeedMessage:
    """Two buses, one out of the world; a delayed trip that also says where it is; an alert; a deleted entity."""
    message = FeedMessage(header=header())
    message.entity.extend([vehicle(51.0, 7.01, NOON - 90, "1"), vehicle(51.0, 7.5, NOON + 900, "2"),
                           vehicle(float("inf"), 7.0)])  # fmt: skip
    both = vehicle(51.001, 7.0, NOON - 80)
    both.trip_update.trip.route_id = "1"
    both.trip_update.timestamp = NOON - 70
    message.entity.append(both)
    message.entity.append(FeedEntity(id="alert"))
    message.entity[-1].alert.header_text.translation.add(text="Linden Street is closed")
    message.entity.append(FeedEntity(id="gone", is_deleted=True))
    return message


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Any, near: tuple[Near, ...] = ()) -> Reading:
    """Read the feed."""
    return asyncio.run(gtfs_rt.read(Target(URL, NOW, near=near), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def reason(web: WebWithout, body: bytes) -> Reason:
    """Why these bytes are refused."""
    with pytest.raises(Unreadable) as caught:
        read(web({URL: body}))
    assert caught.value.capture is not None and "\n" not in caught.value.message
    return caught.value.reason


def test_a_feed_is_read(web: WebWithout) -> None:
    """Entities are counted by what they carry; the newest record is the newest that is not of the future."""
    reading = read(web({URL: feed().SerializeToString()}))
    assert plain(reading) == {
        "gtfs_realtime_version": "2.0", "header_timestamp": "2026-11-21T11:59:00Z", "header_age_seconds": 60,
        "entity_count": 6, "trip_update_count": 1, "vehicle_count": 4, "alert_count": 1, "route_count": 2,
        "record_latest": "2026-11-21T11:58:50Z",
    }  # fmt: skip
    age = reading.measurements["header_age_seconds"]
    assert (age.unit, age.pointer, age.capture) == ("s", "header.timestamp", 0)
    assert reading.complete and not reading.empty and not reading.near


def test_vehicles_near_a_place_are_counted(web: WebWithout) -> None:
    """A regional feed serves a city when its vehicles drive there; a position off the globe is near nothing."""
    near = read(web({URL: feed().SerializeToString()}), (CENTRE, FAR)).near
    assert {key: facts["vehicle_count_near"].value for key, facts in near.items()} == {"centre": 2, "far": 0}
    assert near["centre"]["vehicle_count_near"].pointer == "entity[*].vehicle.position within 2 km of 51, 7"


def test_a_feed_that_speaks_of_nothing_is_in_order(web: WebWithout) -> None:
    """No disturbance, or no bus at night: nought entities are a statement, not an empty answer."""
    reading = read(web({URL: FeedMessage(header=header()).SerializeToString()}), (CENTRE,))
    assert not reading.empty and reading.complete and "speaks of nothing" in reading.message
    assert plain(reading) == {
        "gtfs_realtime_version": "2.0", "header_timestamp": "2026-11-21T11:59:00Z", "header_age_seconds": 60,
        "entity_count": 0, "trip_update_count": 0, "vehicle_count": 0, "alert_count": 0,
    }  # fmt: skip


@pytest.mark.parametrize(("timestamp", "instant", "age"), [
    (NOON, "2026-11-21T12:00:00Z", 0), (NOON + 30, "2026-11-21T12:00:30Z", -30),
    (NOON * 1000, "2026-11-21T12:00:00Z", 0),
    (0, None, None), (None, None, None), (2**64 - 1, None, None), (7, None, None),
])  # fmt: skip
def test_the_age_is_told_by_the_header(
    web: WebWithout, timestamp: int | None, instant: str | None, age: int | None
) -> None:
    """A clock ahead of ours gives a negative age; milliseconds are understood; impossible times are no time at all."""
    values = plain(read(web({URL: FeedMessage(header=header(timestamp)).SerializeToString()})))
    assert (values.get("header_timestamp"), values.get("header_age_seconds")) == (instant, age)


def test_additions_of_a_publisher_are_passed_over(web: WebWithout) -> None:
    """Fields that the standard does not know, as New York's subway adds them, change nothing."""
    extra = b"\xca\x3e\x04\x0a\x02hi"  # field 1001
    group = b"\x9b\x3f\x08\x01\x9c\x3f"  # field 1011, in protobuf's oldest manner
    body = b"\x0a" + bytes([len(head := header().SerializeToString() + extra)]) + head + group + b"\x28\x07"
    entity = feed().entity[0].SerializeToString() + extra
    body += b"\x12" + bytes([len(entity)]) + entity + b"\x35abcd" + b"\x39abcdefgh"
    assert plain(read(web({URL: body})))["vehicle_count"] == 1


def test_words_that_are_no_text_are_absent(web: WebWithout) -> None:
    """A version in bytes that no alphabet has is no version; the rest of the feed still counts."""
    assert "gtfs_realtime_version" not in plain(read(web({URL: b"\x0a\x05\x0a\x03\xff\xfe\xff"})))


@pytest.mark.parametrize("body", [
    b"", b"  \n", b"\n<!DOCTYPE html><title>Sign in</title>", b"<?xml version='1.0'?><Siri/>",
    b'{"header": {"gtfs_realtime_version": "2.0"}}', b"\xef\xbb\xbf[]", b'header {\n  gtfs_realtime_version: "2.0"\n}',
    b"Not Found", "Für diese Adresse gibt es keinen Zugang".encode(), b"PK\x03\x04\x14\0\0\0\x08\0",
    b"\x1f\x8b\x08\0\0\0",
])  # fmt: skip
def test_what_is_no_message_is_not_the_declared_format(web: WebWithout, body: bytes) -> None:
    """Web pages, JSON, the text form and archives are something else than a broken feed."""
    assert reason(web, body) is Reason.NOT_THE_DECLARED_FORMAT


@pytest.mark.parametrize("body", [
    feed().SerializeToString()[:-1], feed().SerializeToString()[:40], feed().SerializeToString() + b"\xff",
    b"\x12\x03\x0a\x01a", b"\x0a\x02\x0a\x09", b"\x0a\x00\x00\x00", b"\x0a\x00\x0c", b"\x0a\x00\x0b\x08\x01",
    b"\x0a\x00" + b"\x80" * 12,
])  # fmt: skip
def test_a_damaged_message_is_malformed(web: WebWithout, body: bytes) -> None:
    """A message that is cut off, damaged or without its header is a broken feed."""
    assert reason(web, body) is Reason.MALFORMED


def test_size_is_bounded(web: WebWithout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one giant entity nor very many of them are decoded: that would take many times their size."""
    giant = b"\x12\x80\x80\x80\x01" + b"\0" * 2 * 1024 * 1024
    assert reason(web, b"\x0a\x00" + giant) is Reason.TOO_LARGE
    monkeypatch.setattr(gtfs_rt, "MOST_ENTITIES", 5)
    assert reason(web, feed().SerializeToString()) is Reason.TOO_LARGE


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_feeds_are_read_as_the_library_reads_them(web: WebWithout, data: st.DataObject) -> None:
    """Whatever bytes change, our counts are those of the whole message decoded at once, or both refuse it."""
    body = bytearray(feed().SerializeToString())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    whole = FeedMessage()
    try:
        whole.ParseFromString(bytes(body))
        theirs = whole.HasField("header")
    except Exception:
        theirs = False
    try:
        values = plain(read(web({URL: bytes(body)}), (CENTRE,)))
    except Unreadable:
        assert not theirs
        return
    assert theirs
    assert values["entity_count"] == len(whole.entity)
    assert values["vehicle_count"] == sum(entity.HasField("vehicle") for entity in whole.entity)
    assert values["trip_update_count"] == sum(entity.HasField("trip_update") for entity in whole.entity)
    assert values["alert_count"] == sum(entity.HasField("alert") for entity in whole.entity)


def test_real_feeds_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded feeds of four publishers give the counts and times that another program read in them."""
    files = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in files if entry["protocol"] == "gtfs-rt"]
    assert entries
    for entry in entries:
        values = plain(read(web({URL: (shared / "wire" / entry["file"]).read_bytes()})))
        expected = entry["expected"]
        assert values["gtfs_realtime_version"] == expected["gtfs_realtime_version"]
        assert values["header_timestamp"] == expected["header_time_utc"]
        assert values["header_age_seconds"] == NOON - expected["header_timestamp"]
        counts = [values[f"{name}_count"] for name in ("entity", "trip_update", "vehicle", "alert")]
        assert counts == [expected[name] for name in ("entities", "trip_updates", "vehicles", "alerts")]
        assert values.get("route_count", 0) == expected["distinct_routes"]
        assert values.get("record_latest", "") <= values["header_timestamp"], entry["file"]
