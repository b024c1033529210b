"""What is read of a SIRI delivery in XML and in JSON, and how an error is told from a quiet night."""

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
from builder.probes import siri

WebWithout = Callable[[dict[str, Any]], Any]
URL = "https://bus.lindenford.example/siri"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

# Journeys of three kinds, a withdrawn one that is none, a disturbance with a nested clock, and a lift.
DELIVERY = """<?xml version="1.0" encoding="UTF-8"?>
<s:Siri version="2.0" xmlns:s="http://www.siri.org.uk/siri"><s:ServiceDelivery>
<s:ResponseTimestamp>2026-11-21T12:59:30.500+01:00</s:ResponseTimestamp><s:Status>true</s:Status>
<s:EstimatedTimetableDelivery version="2.1"><s:ResponseTimestamp>2026-11-21T11:59:59Z</s:ResponseTimestamp>
 <s:EstimatedJourneyVersionFrame><s:RecordedAtTime>2026-11-21T11:59:58Z</s:RecordedAtTime>
  <s:EstimatedVehicleJourney><s:RecordedAtTime>2026-11-21T11:50:00Z</s:RecordedAtTime></s:EstimatedVehicleJourney>
  <s:EstimatedVehicleJourney><s:RecordedAtTime>2026-11-21T13:50:00Z</s:RecordedAtTime></s:EstimatedVehicleJourney>
 </s:EstimatedJourneyVersionFrame></s:EstimatedTimetableDelivery>
<s:StopMonitoringDelivery><s:MonitoredStopVisit/><s:MonitoredStopVisitCancellation/></s:StopMonitoringDelivery>
<s:VehicleMonitoringDelivery><s:VehicleActivity><s:RecordedAtTime>soon</s:RecordedAtTime><s:MonitoredVehicleJourney/>
 </s:VehicleActivity></s:VehicleMonitoringDelivery>
<s:SituationExchangeDelivery><s:Situations><s:PtSituationElement><s:CreationTime>2026-11-20T10:00:00Z</s:CreationTime>
 <s:VersionedAtTime>2026-11-21T11:55:00Z</s:VersionedAtTime><s:PublishingAction>
 <s:CreationTime>2026-11-21T11:59:00Z</s:CreationTime></s:PublishingAction></s:PtSituationElement></s:Situations>
</s:SituationExchangeDelivery>
<s:FacilityMonitoringDelivery><s:FacilityCondition><s:FacilityStatus><s:Status>available</s:Status></s:FacilityStatus>
</s:FacilityCondition></s:FacilityMonitoringDelivery></s:ServiceDelivery></s:Siri>"""
READ = {
    "version": "2.0", "response_timestamp": "2026-11-21T11:59:30.5Z", "response_age_seconds": 29, "journey_count": 4,
    "situation_count": 1, "facility_count": 1, "record_latest": "2026-11-21T11:55:00Z",
    "deliveries": ["EstimatedTimetable", "FacilityMonitoring", "SituationExchange", "StopMonitoring",
                   "VehicleMonitoring"],
    "situation_latest": "2026-11-21T11:55:00Z",
}  # fmt: skip
LITE: dict[str, Any] = {"Siri": {"version": "2.0", "ServiceDelivery": {
    "ResponseTimestamp": "2026-11-21T12:59:30.500+01:00", "Status": True,
    "EstimatedTimetableDelivery": [{"version": "2.1", "ResponseTimestamp": "2026-11-21T11:59:59Z",
                                    "EstimatedJourneyVersionFrame": [{"EstimatedVehicleJourney": [
                                        {"RecordedAtTime": {"value": "2026-11-21T11:50:00Z"}}, {}, "none"]}]}],
    "StopMonitoringDelivery": {"MonitoredStopVisit": {"MonitoringRef": {"value": "a"}}},
    "VehicleMonitoringDelivery": [{"VehicleActivity": [{"RecordedAtTime": "2026-11-21T11:51:00Z"}], "MoreData": False}],
    "SituationExchangeDelivery": [{"Situations": {"PtSituationElement": [
        {"CreationTime": "2026-11-20T10:00:00Z", "VersionedAtTime": "2026-11-21T11:55:00Z"}]}}],
    "FacilityMonitoringDelivery": [{"FacilityCondition": [{"FacilityStatus": {"Status": "available"}}], "x": None}],
}}}  # fmt: skip


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Any) -> Reading:
    """Read the delivery."""
    return asyncio.run(siri.read(Target(URL, NOW), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def wrapped(content: str) -> str:
    """A delivery that holds this."""
    return f"<Siri version='2.0'><ServiceDelivery>{content}</ServiceDelivery></Siri>"


def test_a_delivery_in_xml_is_read(web: WebWithout) -> None:
    """Journeys of every kind count once; a record's own clock says when, not its frame's nor tomorrow's."""
    reading = read(web({URL: DELIVERY}))
    assert plain(reading) == READ
    where = {name: measurement.pointer for name, measurement in reading.measurements.items()}
    assert where["response_timestamp"] == "ServiceDelivery/ResponseTimestamp"
    assert where["journey_count"] == "EstimatedVehicleJourney and MonitoredStopVisit and VehicleActivity"
    assert reading.measurements["response_age_seconds"].unit == "s"
    assert reading.complete and not reading.empty and reading.message == ""


def test_a_delivery_in_json_is_read_alike(web: WebWithout) -> None:
    """SIRI Lite says the same with objects and lists, some of them with each word wrapped."""
    assert plain(read(web({URL: LITE}))) == READ
    assert plain(read(web({URL: LITE["Siri"]}))) == READ | {"version": "2.1"}


def test_packed_and_enveloped_deliveries_are_read(web: WebWithout) -> None:
    """A SOAP answer has its time beside the delivery, and its version in it; a file may be packed with gzip."""
    assert plain(read(web({URL: gzip.compress(DELIVERY.encode())}))) == READ
    soap = """<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><GetStopMonitoringResponse>
      <ServiceDeliveryInfo><ResponseTimestamp>2026-11-21T11:00:00Z</ResponseTimestamp></ServiceDeliveryInfo><Answer>
      <StopMonitoringDelivery version="2.0:FR-IDF-2.4"><MonitoredStopVisit/></StopMonitoringDelivery>
      </Answer></GetStopMonitoringResponse></S:Body></S:Envelope>"""
    values = plain(read(web({URL: soap})))
    assert (values["version"], values["response_timestamp"], values["journey_count"]) == (
        "2.0:FR-IDF-2.4", "2026-11-21T11:00:00Z", 1)  # fmt: skip


def test_a_quiet_night_is_in_order(web: WebWithout) -> None:
    """A delivery that speaks of nothing is a statement; its own time stands in where the service states none."""
    reading = read(web({URL: wrapped("<SituationExchangeDelivery><ResponseTimestamp>2026-11-21T11:00:00Z"
                                     "</ResponseTimestamp><Situations/></SituationExchangeDelivery>")}))  # fmt: skip
    assert not reading.empty and "speaks of nothing" in reading.message
    assert plain(reading) == {
        "version": "2.0", "response_timestamp": "2026-11-21T11:00:00Z", "response_age_seconds": 3600,
        "journey_count": 0, "situation_count": 0, "facility_count": 0, "deliveries": ["SituationExchange"],
    }  # fmt: skip


def test_more_data_is_said(web: WebWithout) -> None:
    """Where the service says that there is more, what was read is a part."""
    reading = read(web({URL: wrapped("<MoreData>true</MoreData>")}))
    assert not reading.complete and "more" in reading.scope


@pytest.mark.parametrize("body", [
    wrapped("<Status>false</Status><ErrorCondition><OtherError><ErrorText>Unknown line</ErrorText></OtherError>"
            "</ErrorCondition>"),
    json.dumps({"Siri": {"ServiceDelivery": {"StopMonitoringDelivery": [
        {"ErrorCondition": {"Description": "Unknown line"}}]}}}),
    "<e:Envelope xmlns:e='u'><e:Body><e:Fault><faultstring>Unknown line</faultstring></e:Fault></e:Body></e:Envelope>",
    json.dumps({"error": "Unknown line"}),
])  # fmt: skip
def test_an_error_of_the_service_is_said_in_its_words(web: WebWithout, body: str) -> None:
    """A stated error that comes with nothing else is the interface's own fault, whatever form it takes."""
    with pytest.raises(Unreadable, match="Unknown line") as caught:
        read(web({URL: body}))
    assert caught.value.reason == "api-error" and caught.value.capture is not None


def test_an_error_beside_records_does_not_hide_them(web: WebWithout) -> None:
    """One stop unknown does not make the others' buses unread."""
    error = "<ErrorCondition><Description>Unknown stop</Description></ErrorCondition>"
    content = f"<StopMonitoringDelivery>{error}<MonitoredStopVisit/></StopMonitoringDelivery>"
    assert plain(read(web({URL: wrapped(content)})))["journey_count"] == 1


@pytest.mark.parametrize(("body", "reason"), [
    ("<!DOCTYPE html><html><body>Sign in</body></html>", "not-the-declared-format"),
    ("<rss version='2.0'/>", "not-the-declared-format"),
    ('{"type": "FeatureCollection"}', "not-the-declared-format"),
    ("[]", "not-the-declared-format"),
    ("", "not-the-declared-format"),
    ("<Envelope><Body><Hello/></Body></Envelope>", "not-the-declared-format"),
    ("<Siri><CheckStatusResponse/></Siri>", "malformed"),
    (DELIVERY[:-40], "malformed"),
    ('{"Siri": {"ServiceDelivery": {', "malformed"),
    ('<!DOCTYPE Siri [<!ENTITY a "b">]><Siri>&a;</Siri>', "malformed"),
])  # fmt: skip
def test_what_is_no_delivery_is_refused(web: WebWithout, body: str, reason: str) -> None:
    """Another format, a broken one, and SIRI that delivers nothing are told apart; the exchange is named."""
    with pytest.raises(Unreadable) as caught:
        read(web({URL: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["Siri", "ServiceDelivery", "PtSituationElement", "CreationTime", "value"]), inner, max_size=3),
    max_leaves=6)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_deliveries_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever is changed, a delivery is read or refused with a reason, and nothing else happens."""
    if data.draw(st.booleans()):
        body = {"Siri": {"ServiceDelivery": data.draw(JSON), "x": data.draw(JSON)}, "ServiceDelivery": data.draw(JSON)}
        page: Any = body
    else:
        damaged = bytearray(DELIVERY.encode())
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
        page = bytes(damaged)
    try:
        assert "journey_count" in plain(read(web({URL: page})))
    except Unreadable as error:
        assert error.message and error.capture is not None


def test_real_deliveries_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded deliveries of disturbances and of facilities give what another program read in them."""
    files = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    entries = [entry for entry in files if entry["protocol"].startswith("SIRI")]
    assert entries
    for entry in entries:
        reading = read(web({URL: (shared / "wire" / entry["file"]).read_bytes()}))
        values, expected = plain(reading), entry["expected"]
        assert values["version"] == expected["version"]
        assert values["response_timestamp"] == expected["response_timestamp"]
        assert values["journey_count"] == expected["EstimatedVehicleJourney"] + expected["VehicleActivity"]
        assert values["situation_count"] == expected["PtSituationElement"]
        assert values["facility_count"] == expected["FacilityCondition"]
        assert reading.complete == (not expected["more_data"])


def test_the_version_of_a_delivery_in_json_is_read(fake_web: type[Any]) -> None:
    """In JSON the version stands beside the records, not in an attribute; one of a record says nothing of it."""
    visits = [{"RecordedAtTime": "2026-11-21T11:59:00Z", "Version": "7"}]
    delivery = {"ResponseTimestamp": "2026-11-21T12:00:00Z", "Version": "2.0", "MonitoredStopVisit": visits}
    body = {"Siri": {"ServiceDelivery": {"StopMonitoringDelivery": [delivery]}}}
    url = "https://a.example/sm.json"
    version = asyncio.run(siri.read(Target(url, NOW), fake_web({url: body}))).measurements["version"]
    assert (version.value, version.pointer) == ("2.0", "StopMonitoringDelivery/Version")
