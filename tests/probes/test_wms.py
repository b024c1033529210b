"""What is read of a map picture service in each version of its capabilities."""

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
from builder.probes import wms

WebWithout = Callable[[dict[str, Any]], Web]
BASE = "https://maps.lindenford.example/cgi?map=city"
ASKED = f"{BASE}&REQUEST=GetCapabilities&SERVICE=WMS"
NEWER = """<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms">
 <Service><Name>WMS</Name><Title>City maps</Title><Fees>none</Fees><AccessConstraints> </AccessConstraints></Service>
 <Capability><Request><GetMap/></Request>
  <Layer><Title>All maps</Title>
   <Layer><Name>noise</Name><Style><Name>default</Name></Style></Layer>
   <Layer><Name>flood</Name><Layer><Name>flood-100</Name></Layer><Layer><Name/></Layer></Layer>
  </Layer></Capability></WMS_Capabilities>"""
OLDER = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd"
 [ <!ELEMENT VendorSpecificCapabilities EMPTY> ]>
<WMT_MS_Capabilities version="1.1.1"><Service><Title>Stra\u00dfen</Title><Fees>keine</Fees>
 <AccessConstraints>Datenlizenz Deutschland Namensnennung 2.0</AccessConstraints></Service>
 <Capability><Layer><Name>streets</Name></Layer></Capability></WMT_MS_Capabilities>""".encode("latin-1")


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = BASE) -> Reading:
    """Read a service."""
    return asyncio.run(wms.read(Target(url, datetime(2026, 11, 21, tzinfo=UTC)), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_newer_capabilities_are_read(web: WebWithout) -> None:
    """Layers with a name are counted at every depth; headings and styles are none; blanks say nothing."""
    reading = read(web({ASKED: NEWER}))
    assert plain(reading) == {"title": "City maps", "version": "1.3.0", "layer_count": 3, "fees": "none"}
    assert reading.measurements["layer_count"].pointer == "//Layer[Name]"
    assert reading.complete and not reading.empty


def test_older_capabilities_are_read(web: WebWithout) -> None:
    """Version 1.1.1 names a document type, which is never fetched, and may come in another encoding."""
    assert plain(read(web({ASKED: OLDER}))) == {
        "title": "Straßen", "version": "1.1.1", "layer_count": 1, "fees": "keine",
        "access_constraints": "Datenlizenz Deutschland Namensnennung 2.0", "license_id": "DL-DE-BY-2.0",
    }  # fmt: skip


def test_a_service_without_layers_is_empty(web: WebWithout) -> None:
    """It answered in the right form, and nothing can be drawn."""
    assert read(web({ASKED: "<WMS_Capabilities><Capability><Layer/></Capability></WMS_Capabilities>"})).empty


@pytest.mark.parametrize(("body", "reason"), [
    (b"<ServiceExceptionReport><ServiceException>no map</ServiceException></ServiceExceptionReport>", "api-error"),
    (b"<html>maps</html>", "not-the-declared-format"),
    (b"<WFS_Capabilities/>", "not-the-declared-format"),
    (b"\x89PNG\r\n\x1a\n", "not-the-declared-format"),
    (NEWER.encode()[:300], "malformed"),
    (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><WMS_Capabilities>&b;</WMS_Capabilities>', "malformed"),
])  # fmt: skip
def test_what_is_no_such_service_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """Exception reports, other services, pictures and hostile XML each get their reason."""
    with pytest.raises(Unreadable) as caught:
        read(web({ASKED: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_answers_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever bytes are changed, a service is read or refused with a reason, and nothing else happens."""
    body = bytearray(data.draw(st.sampled_from([NEWER.encode(), OLDER])))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=6) | st.just(b"<Layer>"))
    try:
        assert read(web({ASKED: bytes(body)})).scope
    except Unreadable as error:
        assert error.message


def test_real_capabilities_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded capabilities give what another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = [entry for entry in entries if entry["protocol"].startswith("OGC WMS")]
    assert found
    for entry in found:
        url = f"https://a.example/{entry['file']}"
        expected = entry["expected"]
        values = plain(read(web({url: (shared / "wire" / entry["file"]).read_bytes()}), url))
        assert values["version"] == expected["version"] and values["layer_count"] == expected["named_layers"]
        for name in ("title", "fees", "access_constraints"):
            assert values.get(name) == (expected[name] or None)
