"""What is read of a NeTEx timetable, as one file or many, and that its size never becomes ours."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Near, Reading, Target
from builder.probes import netex

WebWithout = Callable[[dict[str, Any]], Any]
URL = "https://bus.lindenford.example/netex"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CENTRE = Near("centre", 51.0, 7.0, 2)
FAR = Near("far", 40.0, -70.0, 30)

# One frame with its own end, a line that outlives it, two stops of which one names a platform elsewhere.
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<PublicationDelivery xmlns="http://www.netex.org.uk/netex" version="ntx:1.1">
<PublicationTimestamp>2026-11-20T09:38:14</PublicationTimestamp><dataObjects><CompositeFrame>
<ValidBetween><FromDate>2026-11-01T00:00:00</FromDate><ToDate>2026-12-12T00:00:00</ToDate></ValidBetween><frames>
<ServiceFrame><validityConditions><AvailabilityCondition><ToDate>2026-12-01</ToDate></AvailabilityCondition>
 </validityConditions><lines>
 <Line id="L:1"><ValidBetween><ToDate>2099-12-31T00:00:00+01:00</ToDate></ValidBetween></Line>
 <Line id="L:2"/><FlexibleLine id="L:3"/></lines>
 <scheduledStopPoints><ScheduledStopPoint id="S:1"><Location><Longitude>7.0</Longitude><Latitude>51.0</Latitude>
  </Location></ScheduledStopPoint></scheduledStopPoints></ServiceFrame>
<SiteFrame><stopPlaces><StopPlace id="P:1"><Centroid><Location><Longitude>7.01</Longitude><Latitude>51.0</Latitude>
  </Location></Centroid><AccessibilityAssessment><limitations><AccessibilityLimitation>
  <WheelchairAccess>true</WheelchairAccess></AccessibilityLimitation></limitations></AccessibilityAssessment>
  <quays><Quay id="Q:1"><Centroid><Location><Longitude>-70</Longitude><Latitude>40</Latitude></Location></Centroid>
  <WheelchairAccess>unknown</WheelchairAccess></Quay></quays></StopPlace>
 <StopPlace id="P:2"><Centroid><Location><Longitude>east</Longitude><Latitude>51</Latitude></Location></Centroid>
 </StopPlace></stopPlaces></SiteFrame>
<TimetableFrame><vehicleJourneys><ServiceJourney id="J:1"/><ServiceJourney id="J:2"><LineRef ref="L:1"/>
 </ServiceJourney><DatedServiceJourney id="D:1"/></vehicleJourneys></TimetableFrame>
</frames></CompositeFrame></dataObjects></PublicationDelivery>"""
READ = {
    "version": "ntx:1.1", "publication_timestamp": "2026-11-20T09:38:14Z", "line_count": 3, "journey_count": 2,
    "dated_journey_count": 1, "valid_to": "2099-12-30T23:00:00Z", "frame_valid_to": "2026-12-12T00:00:00Z",
    "stop_place_count": 2, "wheelchair_statement_count": 1, "has_fares": False,
}  # fmt: skip
SECOND = """<n:PublicationDelivery xmlns:n="http://www.netex.org.uk/netex" version="1.15">
<n:PublicationTimestamp>2026-11-21T00:00:00Z</n:PublicationTimestamp><n:Line id="L:1"/><n:Line/><n:Line/>
<n:ServiceJourney/><n:Tariff/></n:PublicationDelivery>"""


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def packed(**files: str | bytes) -> bytes:
    """A zip of these XML files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"feed/{name}.xml", content)
        archive.writestr("readme.txt", "<not xml")
    return out.getvalue()


def read(web: Any, near: tuple[Near, ...] = ()) -> Reading:
    """Read the feed."""
    return asyncio.run(netex.read(Target(URL, NOW, near=near), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


@pytest.mark.parametrize("pack", [str.encode, lambda feed: gzip.compress(feed.encode())])
def test_one_file_is_read(web: WebWithout, pack: Callable[[str], bytes]) -> None:
    """What is defined is counted, what is referred to is not; the frame's end is told apart from a line's."""
    reading = read(web({URL: pack(FEED)}))
    assert plain(reading) == READ
    where = {name: measurement.pointer for name, measurement in reading.measurements.items()}
    assert (
        where["valid_to"] == "ValidBetween/ToDate" and where["frame_valid_to"] == "CompositeFrame/ValidBetween/ToDate"
    )
    assert reading.complete and not reading.empty and reading.scope == "the whole feed" and not reading.near


def test_a_zip_is_read_as_one_feed(web: WebWithout) -> None:
    """Lines that several files repeat count once, journeys add up, and the newest file says when."""
    reading = read(web({URL: packed(a=FEED, b=SECOND)}))
    assert plain(reading) == READ | {
        "version": "1.15, ntx:1.1", "publication_timestamp": "2026-11-21T00:00:00Z", "line_count": 5,
        "journey_count": 3, "has_fares": True, "file_count": 2,
    }  # fmt: skip
    assert reading.complete and reading.measurements["has_fares"].pointer == "Tariff"


def test_files_of_another_kind_are_passed_over_and_said(web: WebWithout) -> None:
    """A zip that holds other XML too was read in part; one that holds nothing else is no NeTEx."""
    reading = read(web({URL: packed(a=FEED, note="<Siri/>")}))
    assert plain(reading) == READ | {"file_count": 1}
    assert not reading.complete and reading.scope == "1 files of NeTEx; not read: 1 XML files of another kind"


def test_stops_near_a_place_are_counted(web: WebWithout) -> None:
    """A stop place lies where it says itself, not where its platform lies; a position in words lies nowhere."""
    reading = read(web({URL: FEED}), (CENTRE, FAR))
    near = {key: facts["stop_count_near"] for key, facts in reading.near.items()}
    assert (near["centre"].value, near["far"].value) == (1, 0)
    assert near["centre"].pointer == "StopPlace within 2 km of 51, 7"
    points = read(web({URL: FEED.replace("StopPlace", "OtherPlace")}), (CENTRE,)).near["centre"]["stop_count_near"]
    assert (points.value, points.pointer) == (1, "ScheduledStopPoint within 2 km of 51, 7")
    assert read(web({URL: SECOND}), (CENTRE,)).near == {"centre": {}}


def test_a_feed_without_anything_is_empty(web: WebWithout) -> None:
    """A delivery in order that defines nothing answered, and holds nothing."""
    reading = read(web({URL: "<PublicationDelivery version='1.0'/>"}))
    assert reading.empty and plain(reading)["journey_count"] == 0 and "valid_to" not in plain(reading)


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html><body>Sign in</body></html>", "not-the-declared-format"),
    (b"<d2LogicalModel/>", "not-the-declared-format"),
    (b"agency_id,agency_name", "not-the-declared-format"),
    (b"", "not-the-declared-format"),
    (packed(note="<Siri/>"), "not-the-declared-format"),
    (packed(), "not-the-declared-format"),
    (FEED[:-30].encode(), "malformed"),
    (packed(a=FEED, b=FEED[:-30]), "malformed"),
    (packed(a=FEED)[:-40], "malformed"),
    (packed(a="<!DOCTYPE PublicationDelivery [<!ENTITY a 'b'>]><PublicationDelivery>&a;</PublicationDelivery>"),
     "malformed"),
])  # fmt: skip
def test_what_is_no_feed_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """Another format and a broken one are told apart, also inside a zip; the exchange is named."""
    with pytest.raises(Unreadable) as caught:
        read(web({URL: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


def test_a_broken_file_in_a_zip_is_named(web: WebWithout) -> None:
    """The publisher of a hundred files learns which one to mend."""
    with pytest.raises(Unreadable, match=r"^feed/b\.xml: The XML is broken"):
        read(web({URL: packed(a=FEED, b=FEED[:-30])}))


def test_memory_does_not_grow_with_the_feed(web: WebWithout) -> None:
    """Twenty times as many journeys, megabytes of them, are read in the memory of a few pieces."""
    journey = (
        "<ServiceJourney id='J'><passingTimes><DepartureTime>12:00:00</DepartureTime></passingTimes></ServiceJourney>"
    )
    small, large = (packed(a=SECOND.replace("<n:ServiceJourney/>", journey * count)) for count in (1_500, 30_000))
    peaks = []
    for body, count in ((small, 1_500), (large, 30_000)):
        fake = web({URL: body})
        tracemalloc.start()
        assert plain(read(fake))["journey_count"] == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1024 * 1024


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_feeds_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever bytes change, in the XML or in the zip, a feed is read or refused with a reason, and nothing else."""
    body = bytearray(data.draw(st.sampled_from([FEED.encode(), packed(a=FEED, b=SECOND)])))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    try:
        assert "journey_count" in plain(read(web({URL: bytes(body)}), (CENTRE,)))
    except Unreadable as error:
        assert error.message and error.capture is not None


def test_real_feeds_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """A recorded line of Hamburg's ferries gives what another program read in it."""
    files = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in files if entry["protocol"].startswith("NeTEx")]
    assert entries
    for entry in entries:
        body = (shared / "wire" / entry["file"]).read_bytes()
        values, expected = plain(read(web({URL: body}))), entry["expected"]
        assert values["version"] == ", ".join(expected["versions"])
        stated = {
            "publication_timestamp": max(expected["publication_timestamps"]),
            "valid_to": expected["latest_to_date"],
        }
        for name, moment in stated.items():
            assert datetime.fromisoformat(values[name]).replace(tzinfo=None) == datetime.fromisoformat(moment)
        assert values["line_count"] == expected["counts"]["Line"]
        assert values["journey_count"] == expected["counts"]["ServiceJourney"]
        assert values["stop_place_count"] == expected["counts"]["StopPlace"]
        assert plain(read(web({URL: packed(only=body)}))) == values | {"file_count": 1}
