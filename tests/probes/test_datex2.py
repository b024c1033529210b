"""What is read of a road traffic feed in both versions, and that no car park is counted twice."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import datex2

WebWithout = Callable[[dict[str, Any]], Any]
URL = "https://roads.lindenford.example/datex2"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

# Version 2: one event in two parts, of which one states a time to come; car parks in the manner of Germany's profile.
VERSION_2 = """<?xml version='1.0' encoding='UTF-8'?>
<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2"><exchange/><payloadPublication lang="en">
<publicationTime>2026-11-21T12:59:00.000+01:00</publicationTime>
<situation id="a"><situationRecord id="a1">
 <situationRecordCreationTime>2026-11-21T10:00:00Z</situationRecordCreationTime>
 <situationRecordVersionTime>2026-11-21T11:30:00Z</situationRecordVersionTime></situationRecord>
 <situationRecord><situationRecordVersionTime>2026-11-22T00:00:00Z</situationRecordVersionTime></situationRecord>
</situation>
<genericPublicationExtension><parkingFacilityTableStatusPublication>
 <parkingAreaStatus><parkingAreaTotalNumberOfVacantParkingSpaces>9</parkingAreaTotalNumberOfVacantParkingSpaces>
  <totalNumberOfVacantParkingSpaces>9</totalNumberOfVacantParkingSpaces></parkingAreaStatus>
 <parkingFacilityStatus><parkingFacilityReference id="p1"/><parkingFacilityStatus>open</parkingFacilityStatus>
  <parkingFacilityStatusTime>2026-11-21T11:58:00Z</parkingFacilityStatusTime>
  <totalNumberOfVacantParkingSpaces>5</totalNumberOfVacantParkingSpaces></parkingFacilityStatus>
 <parkingFacilityStatus><parkingFacilityReference id="p2"/><parkingFacilityStatus>closed</parkingFacilityStatus>
  <totalNumberOfVacantParkingSpaces>4</totalNumberOfVacantParkingSpaces></parkingFacilityStatus>
</parkingFacilityTableStatusPublication></genericPublicationExtension></payloadPublication></d2LogicalModel>"""
# Version 3: prefixes, several publications in one container, a table and a status of the same car parks, counters.
VERSION_3 = """<con:messageContainer xmlns:con="http://datex2.eu/schema/3/messageContainer"
 xmlns:prk="http://datex2.eu/schema/3/parking" xmlns:com="http://datex2.eu/schema/3/common">
<con:payload><com:publicationTime>2026-11-20T00:00:00Z</com:publicationTime><prk:parkingTable>
 <prk:parkingRecord id="1"/><prk:parkingRecord id="2"/><prk:parkingRecord id="3"/></prk:parkingTable></con:payload>
<con:payload><com:publicationTime>2026-11-21T11:59:59.5Z</com:publicationTime>
 <prk:parkingRecordStatus><prk:parkingStatusOriginTime>2026-11-21T11:59:00Z</prk:parkingStatusOriginTime>
  <prk:parkingOccupancy><prk:parkingNumberOfVacantSpaces>7</prk:parkingNumberOfVacantSpaces></prk:parkingOccupancy>
  <prk:groupOfParkingSpacesStatus><prk:parkingOccupancy>
   <prk:parkingNumberOfVacantSpaces>2</prk:parkingNumberOfVacantSpaces></prk:parkingOccupancy>
  </prk:groupOfParkingSpacesStatus></prk:parkingRecordStatus>
 <siteMeasurements><measurementTimeDefault><timeValue>2026-11-21T11:59:30Z</timeValue></measurementTimeDefault>
 </siteMeasurements></con:payload></con:messageContainer>"""


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Any) -> Reading:
    """Read the publication."""
    return asyncio.run(datex2.read(Target(URL, NOW), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def published(content: str) -> str:
    """A publication of version 2 that holds this."""
    return f"<d2LogicalModel><payloadPublication>{content}</payloadPublication></d2LogicalModel>"


def test_version_2_is_read(web: WebWithout) -> None:
    """A status within a status is no car park, an area's sum adds no space, and what is to come is not the latest."""
    reading = read(web({URL: VERSION_2}))
    assert plain(reading) == {
        "version": "2", "publication_time": "2026-11-21T11:59:00Z", "publication_age_seconds": 60,
        "situation_count": 1, "situation_record_count": 2, "situation_latest": "2026-11-21T11:30:00Z",
        "parking_count": 2, "vacant_space_count": 9, "measurement_site_count": 0,
        "record_latest": "2026-11-21T11:58:00Z",
    }  # fmt: skip
    where = {name: measurement.pointer for name, measurement in reading.measurements.items()}
    assert where["version"] == "d2LogicalModel@modelBaseVersion"
    assert where["parking_count"] == "parkingFacilityStatus and parkingRecordStatus"
    assert where["situation_latest"] == "situationRecord/situationRecordVersionTime"
    assert reading.complete and not reading.empty


@pytest.mark.parametrize("packed", [False, True])
def test_version_3_is_read(web: WebWithout, packed: bool) -> None:
    """The namespace tells the version; the newest publication counts, and the larger of table and status."""
    body = VERSION_3.encode()
    reading = read(web({URL: gzip.compress(body) if packed else body}))
    assert plain(reading) == {
        "version": "3", "publication_time": "2026-11-21T11:59:59.5Z", "publication_age_seconds": 0,
        "situation_count": 0, "situation_record_count": 0, "parking_count": 3, "vacant_space_count": 7,
        "measurement_site_count": 1, "record_latest": "2026-11-21T11:59:30Z",
    }  # fmt: skip
    assert reading.measurements["parking_count"].pointer == "parkingFacility and parkingRecord"


def test_only_groups_of_car_parks(web: WebWithout) -> None:
    """Where a publisher gives groups of car parks and no car park, the groups are what it offers."""
    assert plain(read(web({URL: published("<parkingArea/><parkingArea/><parkingAreaStatus/>")})))["parking_count"] == 2


def test_a_clear_road_is_in_order(web: WebWithout) -> None:
    """A publication without any situation is a statement; what no car park states is absent, not nought."""
    reading = read(web({URL: published("<publicationTime>2026-11-21T11:00:00Z</publicationTime>")}))
    assert not reading.empty and "speaks of nothing" in reading.message
    assert plain(reading) == {
        "publication_time": "2026-11-21T11:00:00Z", "publication_age_seconds": 3600, "situation_count": 0,
        "situation_record_count": 0, "parking_count": 0, "measurement_site_count": 0,
    }  # fmt: skip


def test_an_exchange_without_a_publication_is_empty(web: WebWithout) -> None:
    """A sign of life between machines publishes nothing."""
    reading = read(web({URL: "<d2LogicalModel><exchange><keepAlive>true</keepAlive></exchange></d2LogicalModel>"}))
    assert reading.empty and "no publication" in reading.message


def test_a_soap_envelope_is_opened(web: WebWithout) -> None:
    """The publication in an envelope is read like any other; a fault in it is the interface's own."""
    inner = VERSION_2.partition("?>")[2]
    enveloped = f"<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'><S:Body>{inner}</S:Body></S:Envelope>"
    assert plain(read(web({URL: enveloped})))["version"] == "2"
    fault = "<Envelope><Body><Fault><Reason><Text>No subscription</Text></Reason></Fault></Body></Envelope>"
    with pytest.raises(Unreadable, match="No subscription") as caught:
        read(web({URL: fault}))
    assert caught.value.reason == "api-error"


@pytest.mark.parametrize(("body", "reason"), [
    ("<html><body>Sign in</body></html>", "not-the-declared-format"),
    ('{"payload": {}}', "not-the-declared-format"),
    ("<Siri/>", "not-the-declared-format"),
    ("<Envelope><Body><Siri/></Body></Envelope>", "not-the-declared-format"),
    ("", "not-the-declared-format"),
    (VERSION_2[:-30], "malformed"),
    (VERSION_2.replace("</situation>", ""), "malformed"),
    ('<!DOCTYPE payload [<!ENTITY a "b">]><payload>&a;</payload>', "malformed"),
])  # fmt: skip
def test_what_is_no_publication_is_refused(web: WebWithout, body: str, reason: str) -> None:
    """Another format and a broken one are told apart; the exchange is named."""
    with pytest.raises(Unreadable) as caught:
        read(web({URL: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_publications_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever bytes change, a publication is read or refused with a reason, and nothing else happens."""
    body = bytearray(data.draw(st.sampled_from([VERSION_2, VERSION_3])).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4) | st.just(b"9" * 30))
    try:
        assert "parking_count" in plain(read(web({URL: bytes(body)})))
    except Unreadable as error:
        assert error.message and error.capture is not None


def test_real_publications_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded publications of both versions give what another program read in them.

    That program counts each element of a name, so it saw every status of a car park and the word within it: twice.
    """
    files = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in files if entry["protocol"].startswith("DATEX")]
    assert entries
    for entry in entries:
        body = (shared / "wire" / entry["file"]).read_bytes()
        values, expected = plain(read(web({URL: body}))), entry["expected"]
        assert values["version"] == (expected["model_base_version"] or "3")
        moment = datetime.fromisoformat(expected["publication_time"])
        assert datetime.fromisoformat(values["publication_time"]) == moment
        assert values["situation_count"] == expected["situations"]
        assert values["situation_record_count"] == expected["situation_records"]
        within = body.count(b"<parkingFacilityStatus>open<") + body.count(b"<parkingFacilityStatus>closed<")
        statuses = expected["parkingFacilityStatus"] - within + expected["parkingRecordStatus"]
        assert values["parking_count"] == max(statuses, expected["parkingFacility"])
        if values["situation_count"]:
            assert values["situation_latest"] <= "2026"


RECORD = {"situationRecordCreationTime": "2026-11-21T10:00:00Z", "situationRecordVersionTime": "2026-11-21T11:30:00Z"}
SITUATIONS = {
    "publicationTime": "2026-11-21T12:59:00+01:00",
    "situation": [{"idG": "a", "situationRecord": [{"sitRoadworks": RECORD}, {"sitAccident": {}}]}, {"idG": "b"}],
}
VACANT = {"parkingOccupancy": {"parkingNumberOfVacantSpaces": 7}, "parkingStatusOriginTime": "2026-11-21T11:50:00Z"}
PARKING = {"publicationTime": "2026-11-21T11:59:00Z", "parkingRecordStatus": [{"prkParkingSiteStatus": VACANT}, {}]}


@pytest.mark.parametrize("body", [
    {"payload": {"modelBaseVersionG": "3", "sitSituationPublication": SITUATIONS}},
    {"messageContainer": {"modelBaseVersionG": "3", "payload": [{"sitSituationPublication": SITUATIONS}]}},
    {"d2:payload": {"@modelBaseVersion": "3", **SITUATIONS}},
])  # fmt: skip
def test_situations_in_json_are_read_as_in_xml(fake_web: WebWithout, body: dict[str, Any]) -> None:
    """Names are the same; an object under the name of its kind is no step of its own."""
    reading = asyncio.run(datex2.read(Target(URL, NOW), fake_web({URL: body})))
    values = {name: fact.value for name, fact in reading.measurements.items()}
    assert values == {
        "version": "3", "publication_time": "2026-11-21T11:59:00Z", "publication_age_seconds": 60,
        "situation_count": 2, "situation_record_count": 2, "parking_count": 0, "measurement_site_count": 0,
        "situation_latest": "2026-11-21T11:30:00Z", "record_latest": "2026-11-21T11:30:00Z",
    }  # fmt: skip


def test_car_parks_in_json_are_counted_with_their_vacant_spaces(fake_web: WebWithout) -> None:
    """A status in JSON is a car park, and its spaces count once."""
    body = {"prkParkingStatusPublication": PARKING}
    reading = asyncio.run(datex2.read(Target(URL, NOW), fake_web({URL: body})))
    values = {name: fact.value for name, fact in reading.measurements.items()}
    assert (values["parking_count"], values["vacant_space_count"]) == (2, 7)
    assert values["record_latest"] == "2026-11-21T11:50:00Z"


@pytest.mark.parametrize(("body", "reason"), [
    ({"error": "no such publication"}, "api-error"),
    ({"payload": {"items": [1, 2]}}, "not-the-declared-format"),
    ('{"payload": {"publicationTime": "2026-11-21T', "malformed"),
    ({"d2LogicalModel": {"situation": [[1]]}}, "malformed"),
])  # fmt: skip
def test_other_json_is_refused(fake_web: WebWithout, body: Any, reason: str) -> None:
    """An error, another interface's payload and broken JSON each have their reason, with the exchange."""
    with pytest.raises(Unreadable) as caught:
        asyncio.run(datex2.read(Target(URL, NOW), fake_web({URL: body})))
    assert caught.value.reason == reason and caught.value.capture is not None
