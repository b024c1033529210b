"""What is read of a map data service in each version of its capabilities, and of features given alone."""

from __future__ import annotations

import asyncio
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
from builder.model.web import Web
from builder.probes import wfs

WebWithout = Callable[[dict[str, Any]], Web]
BASE = "https://maps.lindenford.example/ows"
ASKED = f"{BASE}?REQUEST=GetCapabilities&SERVICE=WFS"
NEWER = """<?xml version="1.0"?>
<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1">
 <ows:ServiceIdentification><ows:Title>Trees
   and parks</ows:Title><ows:Fees/>
  <ows:AccessConstraints>https://creativecommons.org/licenses/by/4.0/</ows:AccessConstraints></ows:ServiceIdentification>
 <wfs:FeatureTypeList>
  <wfs:FeatureType><wfs:Name>a:trees</wfs:Name></wfs:FeatureType><wfs:FeatureType/>
 </wfs:FeatureTypeList>
</wfs:WFS_Capabilities>"""
OLDER = """<WFS_Capabilities version="1.0.0" xmlns="http://www.opengis.net/wfs">
 <Service><Name>W</Name><Title>Parks</Title><Fees>none, write to maps@lindenford.example</Fees></Service>
 <FeatureTypeList><Operations><Query/></Operations><FeatureType/></FeatureTypeList>
</WFS_Capabilities>"""
GML = """<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" numberMatched="unknown"
 numberReturned="2" timeStamp="2026-11-21T10:00:00+01:00"><wfs:member><a/></wfs:member><wfs:member><a/></wfs:member>
</wfs:FeatureCollection>"""


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = BASE) -> Reading:
    """Read a service."""
    return asyncio.run(wfs.read(Target(url, datetime(2026, 11, 21, tzinfo=UTC)), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_newer_capabilities_are_read(web: WebWithout) -> None:
    """Title on one line, feature types counted, the terms and the licence in them; an empty element says nothing."""
    reading = read(web({ASKED: NEWER}))
    assert plain(reading) == {
        "title": "Trees and parks", "version": "2.0.0", "feature_type_count": 2,
        "access_constraints": "https://creativecommons.org/licenses/by/4.0/", "license_id": "CC-BY-4.0",
    }  # fmt: skip
    assert reading.measurements["title"].pointer == "/WFS_Capabilities/ServiceIdentification/Title"
    assert reading.complete and not reading.empty


def test_older_capabilities_are_read(web: WebWithout) -> None:
    """Version 1.0.0 keeps its title and fees elsewhere; e-mail addresses are not kept."""
    assert plain(read(web({ASKED: OLDER}))) == {
        "title": "Parks", "version": "1.0.0", "feature_type_count": 1, "fees": "none, write to",
    }  # fmt: skip


def test_features_given_alone_are_counted(web: WebWithout) -> None:
    """GML of each version and GeoJSON: what matched where a number is said, else the features there."""
    assert plain(read(web({ASKED: GML}))) == {
        "feature_count": 2, "response_timestamp": "2026-11-21T09:00:00Z",
    }  # fmt: skip
    part = read(web({ASKED: GML.replace("unknown", "70")}))
    assert plain(part)["feature_count"] == 70 and not part.complete
    assert part.scope == "features only: 2 of 70"
    older = "<FeatureCollection><featureMembers><a/><b/><c/></featureMembers></FeatureCollection>"
    assert plain(read(web({ASKED: older}))) == {"feature_count": 3}
    hits = '<FeatureCollection numberOfFeatures="12" xmlns="http://www.opengis.net/wfs"/>'
    assert plain(read(web({ASKED: hits}))) == {"feature_count": 12}
    plants = {"type": "FeatureCollection", "features": [{}, {}], "totalFeatures": 5}
    assert plain(read(web({ASKED: plants}))) == {"feature_count": 5}
    assert read(web({ASKED: {"type": "FeatureCollection", "features": []}})).empty


def test_capabilities_without_a_list_are_not_complete(web: WebWithout) -> None:
    """A service may leave the list out, and then nobody knows how many types there are; an empty list is one."""
    reading = read(web({ASKED: '<WFS_Capabilities version="2.0.2"/>'}))
    assert plain(reading) == {"version": "2.0.2"} and not reading.complete and not reading.empty
    assert read(web({ASKED: "<WFS_Capabilities><FeatureTypeList/></WFS_Capabilities>"})).empty


@pytest.mark.parametrize(("body", "reason", "words"), [
    ('<ServiceExceptionReport><ServiceException code="X"> No such\nmap </ServiceException></ServiceExceptionReport>',
     "api-error", "No such map"),
    ('<o:ExceptionReport xmlns:o="http://www.opengis.net/ows"><o:Exception exceptionCode="NoApplicableCode"/>'
     "</o:ExceptionReport>", "api-error", "NoApplicableCode"),
    ("<html><body>Login</body></html>", "not-the-declared-format", "web page"),
    ("<WMS_Capabilities/>", "not-the-declared-format", "WMS_Capabilities"),
    ('{"error": {"code": 499, "message": "Token Required"}}', "api-error", "Token Required"),
    ("{}", "not-the-declared-format", "features"),
    ("", "not-the-declared-format", "empty"),
    (NEWER[:400], "malformed", "broken"),
    ('<!DOCTYPE a [<!ENTITY b "c">]><WFS_Capabilities>&b;</WFS_Capabilities>', "malformed", "entities"),
    ("<WFS_Capabilities>" + "<a>" * 500, "malformed", "XML"),
])  # fmt: skip
def test_what_is_no_such_service_is_refused(web: WebWithout, body: str, reason: str, words: str) -> None:
    """Exception reports, other answers and damaged or hostile XML each get their reason."""
    with pytest.raises(Unreadable) as caught:
        read(web({ASKED: body}))
    assert caught.value.reason == reason and words in caught.value.message and caught.value.capture is not None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_answers_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever bytes are changed, a service is read or refused with a reason, and nothing else happens."""
    sample = data.draw(st.sampled_from([NEWER, OLDER, GML, json.dumps({"features": [{}], "numberMatched": 1})]))
    body = bytearray(sample.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6) | st.just(b"</ows:Title>"))
    try:
        assert read(web({ASKED: bytes(body)})).scope
    except Unreadable as error:
        assert error.message


def test_real_answers_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded capabilities and features give what another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = [entry for entry in entries if entry["protocol"].startswith("OGC WFS")]
    assert found
    for entry in found:
        url = f"https://a.example/{entry['file']}"
        reading = read(web({url: (shared / "wire" / entry["file"]).read_bytes()}), url)
        expected, values = entry["expected"], plain(reading)
        if "feature_types" in expected:
            assert values["version"] == expected["version"]
            assert values["feature_type_count"] == expected["feature_types"]
            for name in ("title", "fees", "access_constraints"):
                assert values.get(name) == (expected[name] or None)
        else:
            assert values["feature_count"] == expected.get("members", expected.get("features"))
            assert values.get("response_timestamp") == expected["timestamp"]
