"""Whatever a service, a council or a budget file answers, its probe gives a reading or says why there is none."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Measurement, Reading, Target
from builder.probes import discover

from .mutations import places, put

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = "https://a.example/v1/x"
RELEASE = {"ocid": "a", "date": "2026-11-01T00:00:00Z"}
# For each kind the address asked, and what lies at each address.
SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "ocds": ("/1", {
        "/1": {"license": "x", "version": "1.1", "releases": [RELEASE], "links": {"next": f"{BASE}/2"}},
        "/2": {"records": [{"ocid": "b", "releases": [RELEASE], "compiledRelease": RELEASE}], "links": {}}}),
    "datapackage": ("/datapackage.json", {
        "/datapackage.json": {
            "name": "n", "licenses": [{"name": "x"}], "fiscalPeriod": {"start": "2025-01-01", "end": "2026-01-01"},
            "mapping": {"dimensions": {"date": {"attributes": {"year": {"source": "a"}}}}},
            "resources": [{"path": "d.csv", "encoding": "utf-8", "dialect": {"delimiter": ",", "quoteChar": "'"},
                           "schema": {"fields": [{"name": "a", "columnType": "date:year"}]}}, {"data": [["a"], [1]]}]},
        "/d.csv": "a,b\n2025,'x'\n2026,y\n"}),
    "open311": ("/", {
        "/services.json": [{"service_code": "1", "service_name": "Lamp"}],
        "/requests.json": [{"service_request_id": 1, "status": "closed", "requested_datetime": "2026-11-01T00:00:00Z",
                            "updated_datetime": "2026-11-02T00:00:00Z"}],
        "/discovery.json": {"endpoints": [{"url": f"{BASE}/", "type": "production", "formats": ["text/xml"]}]}}),
    "feed": ("/f", {"/f": (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><pubDate>Fri, 20 Nov 2026 18:00:00 '
        "+0100</pubDate></item><item><dc:date xmlns:dc='x'>2026-11-20</dc:date></item></channel></rss>")}),
    "legistar": ("", {
        "/events": [{"EventDate": "2026-12-01T00:00:00", "EventLastModifiedUtc": "2026-11-01T00:00:00.1",
                     "EventAgendaStatusName": "Final"}],
        "/matters": [{"MatterId": 1, "MatterLastModifiedUtc": "2026-11-01T00:00:00.1"}]}),
    "oparl": ("/system", {
        "/system": {"type": "x/System", "oparlVersion": "1.1", "body": f"{BASE}/bodies"},
        "/bodies": {"data": [{"type": "x/Body", "id": "1", "meeting": f"{BASE}/m", "paper": f"{BASE}/p"}]},
        "/m": {"data": [{"type": "x/Meeting", "id": "m", "start": "2026-12-01T18:00:00+01:00"}], "links": {}},
        "/p": {"data": [{"type": "x/Paper", "id": "p", "modified": "2026-11-01T00:00:00Z"}],
               "pagination": {"totalElements": 7}, "links": {"next": f"{BASE}/p"}}}),
}  # fmt: skip
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=8),
    st.sampled_from([[], {}, [None], [[]], {"a": []}, "9999-12-31T23:59:59-14:00", "0001-01-01", 1e18, "http://[",
                     "//", "a\ud800", ",", "../x", "utf-16", "zlib", ["a", "b"], [{"data": 1}], {"formats": [None]}]),
)  # fmt: skip
BYTES = st.sampled_from([b"", b"\xff\xfe", b"\0", b"\x1f\x8b", b"<", b"]]>", b"&x;", b'"', b"\n", b"<!DOCTYPE a []>"])


@st.composite
def damaged(draw: st.DrawFn, pages: dict[str, Any]) -> dict[str, Any]:
    """The pages with some odd values and some bytes overwritten."""
    found: dict[str, bytes] = {}
    for path, page in pages.items():
        plain = isinstance(page, str)
        if not plain:
            for _ in range(draw(st.integers(0, 2))):
                page = put(page, draw(st.sampled_from(places(page))), draw(ODD))
        body = page.encode() if plain else json.dumps(page).encode()
        if draw(st.integers(0, 3)) == 0:
            at = draw(st.integers(0, len(body)))
            body = body[:at] + draw(BYTES) + body[at + draw(st.integers(0, 9)) :]
        found[BASE + path] = gzip.compress(body) if draw(st.integers(0, 9)) == 0 else body
    return found


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_no_answer_breaks_a_probe(kind: str, fake_web: Any) -> None:
    """Three hundred mutated answers each give a reading that can be written down, or a reason of the closed list."""
    url, pages = SAMPLES[kind]
    probe = discover()[kind]

    @settings(max_examples=300, deadline=None, derandomize=True, database=None,
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip
    @given(bodies=damaged(pages))
    def check(bodies: dict[str, Any]) -> None:
        web = fake_web(bodies, forgiving=True)
        try:
            reading = asyncio.run(probe.read(Target(BASE + url, NOW), web))
        except Unreadable as refused:
            assert refused.reason.outcome != "passed" and "\n" not in refused.message
            return
        assert isinstance(reading, Reading) and reading.scope and len(web.asked) < 60
        for measured in reading.measurements.values():
            assert measured.capture < len(web.captures)
            Measurement.model_validate_json(measured.model_dump_json())

    check()


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_the_sample_itself_is_read_well(kind: str, fake_web: Any) -> None:
    """Each unmutated sample gives figures and is not empty, so the mutations start from something true."""
    url, pages = SAMPLES[kind]
    web = fake_web({BASE + path: page for path, page in pages.items()}, forgiving=True)
    reading = asyncio.run(discover()[kind].read(Target(BASE + url, NOW), web))
    assert len(reading.measurements) >= 3 and not reading.empty
