"""Whatever a catalogue answers, its probe gives a reading or says why there is none."""

from __future__ import annotations

import asyncio
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
BASE = "http://127.0.0.1:8080"
PACKAGE = {
    "id": "a", "name": "a", "title": "A", "license_id": "cc-by", "metadata_modified": "2026-01-01",
    "tags": [{"name": "t"}], "organization": {"name": "o"}, "groups": [],
    "extras": [{"key": "frequency", "value": "daily"}],
    "resources": [{"format": "CSV", "last_modified": "2026-01-01", "url": "https://a.example/x.csv"}],
}  # fmt: skip
SAMPLES: dict[str, tuple[str, Any]] = {
    "ckan": ("/api/3/action/package_search", {"success": True, "result": {"count": 1, "results": [PACKAGE]}}),
    "opendatasoft": ("/api/explore/v2.1/catalog/datasets", {"total_count": 1, "results": [{
        "dataset_id": "a", "has_records": True, "features": ["geo"], "attachments": [{"mimetype": "text/csv"}],
        "metas": {"default": {"title": "A", "license": "CC0", "modified": "2026-01-01", "keyword": ["k"]},
                  "dcat": {}}}]}),
    "socrata": ("/api/catalog/v1", {"resultSetSize": 1, "results": [{
        "resource": {"id": "a", "name": "A", "type": "dataset", "updatedAt": "2026-01-01T00:00:00.000Z"},
        "classification": {"domain_tags": ["k"], "domain_metadata": [{"key": "frequency", "value": "daily"}]},
        "metadata": {"license": "Public Domain"}, "permalink": "https://a.example/d/a"}]}),
    "dcat_us": ("/data.json", {"conformsTo": "x", "dataset": [{
        "identifier": "a", "title": "A", "license": "CC0", "modified": "2026-01-01", "publisher": {"name": "P"},
        "contactPoint": {"fn": "x"}, "distribution": [{"mediaType": "text/csv", "downloadURL": "https://a.example/x"}]}]}),
    "arcgis_hub": ("/api/feed/dcat-us/1.1.json", {"dataset": [{
        "identifier": "a", "title": "A", "license": "<p>CC0</p>", "modified": "2026-01-01", "spatial": "1,2,3,4",
        "distribution": [{"format": "CSV", "accessURL": "https://a.example/x"}]}]}),
    "dcat_ap": ("/catalog.rdf", {
        "@context": {"d": "http://www.w3.org/ns/dcat#", "t": "http://purl.org/dc/terms/"},
        "@id": "https://a.example/", "@type": "d:Catalog", "d:dataset": [{
            "@id": "https://a.example/a", "@type": "d:Dataset", "t:title": {"@value": "A", "@language": "en"},
            "t:license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"}, "t:modified": "2026-01-01",
            "d:distribution": {"t:format": "CSV", "d:accessURL": {"@id": "https://a.example/x"}}}]}),
    "udata": ("/api/1/datasets/", {"total": 1, "data": [{
        "id": "a", "title": "A", "license": "lov2", "tags": ["k"], "last_modified": "2026-01-01",
        "organization": {"id": "o"}, "temporal_coverage": {"start": "2026-01-01"}, "spatial": {"zones": ["z"]},
        "resources": [{"format": "csv", "url": "https://a.example/x", "latest": "https://a.example/y"}]}]}),
}  # fmt: skip
# What stands in real catalogues where something else should: other types, dates, markup, huge and odd values.
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from([[], {}, [None], {"a": []}, "9999-12-31T23:59:59-14:00", 1e18, "http://[", "<p>", "a\ud800",
                     "'\\\n"]),
    st.recursive(st.none() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=5),
)  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn, sample: Any) -> bytes:
    """The sample with up to three odd values, or its bytes cut or overwritten."""
    for _ in range(draw(st.integers(0, 3))):
        sample = put(sample, draw(st.sampled_from(places(sample))), draw(ODD))
    body = json.dumps(sample).encode()
    start = draw(st.integers(0, len(body)))
    return draw(st.sampled_from([body, body, body, body[:start], body[:start] + b"\xff\x00[" + body[start + 2 :]]))


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_no_answer_breaks_a_probe(kind: str, fake_web: Any) -> None:
    """Three hundred mutated answers each give a reading that can be written down, or a reason of the closed list."""
    path, sample = SAMPLES[kind]
    probe = discover()[kind]

    @settings(max_examples=300, deadline=None, derandomize=True, database=None,
              suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])  # fmt: skip
    @given(body=bodies(sample))
    def check(body: bytes) -> None:
        web = fake_web({BASE + path: body}, forgiving=True)
        try:
            reading = asyncio.run(probe.read(Target(url=BASE + "/", now=NOW), web))
        except Unreadable as refused:
            assert refused.reason.outcome != "passed" and "\n" not in refused.message
            return
        assert isinstance(reading, Reading) and reading.datasets is not None
        assert reading.empty == (not reading.datasets)
        for name, measured in reading.measurements.items():
            assert measured.capture < len(web.captures)
            Measurement.model_validate_json(measured.model_dump_json())
            assert not name.endswith("_share") or 0 <= float(str(measured.value)) <= 1
        ids = [dataset.id for dataset in reading.datasets]
        assert ids == sorted(set(ids))
        for dataset in reading.datasets:
            dataset.model_dump_json()

    check()


def test_the_sample_itself_is_read_well(fake_web: Any) -> None:
    """Each unmutated sample gives a complete reading, so the mutations start from something true."""
    for kind, (path, sample) in SAMPLES.items():
        web = fake_web({BASE + path: sample}, forgiving=True)
        reading = asyncio.run(discover()[kind].read(Target(url=BASE + "/", now=NOW), web))
        assert reading.complete and reading.measurements["open_license_share"].value == 1.0
