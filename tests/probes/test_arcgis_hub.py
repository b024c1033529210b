"""How an ArcGIS Hub site is read, by whichever of its feeds it has."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.model.reasons import Reason
from builder.probes import arcgis_hub

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SITE = "https://a.hub.example/"
US, OLD, AP = SITE + "api/feed/dcat-us/1.1.json", SITE + "data.json", SITE + "api/feed/dcat-ap/2.0.1.json"
TREES = {
    "@type": "dcat:Dataset", "identifier": "https://www.arcgis.example/home/item.html?id=1", "title": "Trees",
    "landingPage": SITE + "maps/1", "description": "<div>Every tree</div>", "keyword": ["nature"],
    "license": "<div><p>CC BY 4.0</p></div>", "modified": "2026-11-01T09:00:00.000Z", "publisher": {"name": "Parks"},
    "distribution": [
        {"title": "ArcGIS Hub Dataset", "format": "Web Page", "mediaType": "text/html", "accessURL": SITE + "maps/1"},
        {"title": "CSV", "format": "CSV", "mediaType": "text/csv", "accessURL": SITE + "api/download/v1/items/1/csv"},
    ],
}  # fmt: skip
ZONES = {"identifier": "2", "title": "Zones", "license": "", "publisher": {"name": "Planning"},
         "distribution": [{"format": "ArcGIS GeoServices REST API", "accessURL": SITE + "rest"}]}  # fmt: skip
LINKED = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
                 "ftype": "http://publications.europa.eu/resource/authority/file-type/"},
    "@id": SITE, "@type": "dcat:Catalog", "dct:title": "Open data",
    "dcat:dataset": [{
        "@id": SITE + "datasets/1", "@type": "dcat:Dataset", "dct:title": "Trees", "dct:publisher": "Parks",
        "dct:license": "CC BY 4.0", "dcat:keyword": ["nature", "green"], "dct:issued": "2021-04-19T13:30:24.055-04:00",
        "dcat:distribution": [{"@type": "dcat:Distribution", "dcat:accessUrl": SITE + "trees.csv",
                               "dct:format": {"@id": "ftype:CSV"}, "dct:title": "CSV"}],
    }],
}  # fmt: skip


def feed(*datasets: Any) -> dict[str, Any]:
    profile = "https://project-open-data.cio.gov/v1.1/schema"
    return {"@context": profile + "/catalog.jsonld", "conformsTo": profile, "dataset": list(datasets)}


def read(web: Any, url: str = SITE, filter: str | None = None) -> Reading:
    return asyncio.run(arcgis_hub.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_the_feed_of_dcat_us_comes_first(fake_web: Any) -> None:
    """Its datasets are counted, and a licence written as a piece of a web page is read by its words."""
    reading = read(fake_web({US: feed(TREES, ZONES)}))
    assert reading.complete and values(reading) == {
        "conforms_to": "https://project-open-data.cio.gov/v1.1/schema", "dataset_count": 2, "distribution_count": 3,
        "datasets_without_distribution": 0, "license_ids": {"CC BY 4.0": 1}, "datasets_without_license": 1,
        "open_license_share": 0.5, "machine_readable_share": 1.0, "publisher_count": 2,
        "modified_latest": "2026-11-01T09:00:00Z", "modified_basis": "metadata", "modified_within_year_share": 0.5,
    }  # fmt: skip
    assert [dataset.licence for dataset in reading.datasets or ()] == [None, "CC-BY-4.0"]


def test_old_sites_have_only_data_json(fake_web: Any) -> None:
    """Where the feed is not there, the file of older sites is read, and its measurements name its capture."""
    reading = read(fake_web({US: (404, {}, b""), OLD: feed(TREES)}))
    assert reading.complete and reading.measurements["dataset_count"].capture == 1


def test_the_european_feed_is_read_where_it_is_the_only_one(fake_web: Any) -> None:
    """JSON-LD with its own context is read as RDF, even where the Hub spells `accessURL` in its own way."""
    reading = read(fake_web({US: (404, {}, b""), OLD: b"<html></html>", AP: LINKED, SITE + "trees.csv": b"id"}))
    found = values(reading)
    assert reading.complete and (found["dataset_count"], found["license_ids"]) == (1, {"CC BY 4.0": 1})
    assert (found["link_sample_size"], found["link_working_share"]) == (1, 1.0) and found["mqa_points"] > 0
    dataset = (reading.datasets or ())[0]
    assert (dataset.id, dataset.formats, dataset.keywords) == (SITE + "datasets/1", ("CSV",), ("green", "nature"))


def test_an_address_with_a_path_is_read_as_given(fake_web: Any) -> None:
    """A feed's own address is asked and nothing else."""
    web = fake_web({AP: LINKED})
    assert read(web, AP).complete and web.asked[0] == AP and US not in web.asked


def test_a_filter_names_one_publisher(fake_web: Any) -> None:
    """Only the named publisher's datasets count, in either form of feed."""
    assert values(read(fake_web({US: feed(TREES, ZONES)}), filter="Planning"))["dataset_count"] == 1
    assert read(fake_web({AP: LINKED}), AP, filter="Nobody").empty


def test_a_site_that_shuts_us_out_is_asked_once(fake_web: Any) -> None:
    """After a refusal no other feed is tried."""
    web = fake_web({US: (403, {}, b"")})
    with pytest.raises(Unreadable) as caught:
        read(web)
    assert caught.value.reason is Reason.FORBIDDEN and len(web.asked) == 1


def test_what_was_not_recorded_says_nothing_of_the_other_feeds(fake_web: Any) -> None:
    """In a replay without the first feed, an older file at the same site is not taken for the Hub's."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({OLD: feed(TREES)}))
    assert caught.value.reason is Reason.NOT_CAPTURED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ((404, {}, b""), "not-found"),
        ({"message": "The site's feed is being made."}, "api-error"),
        (b"<html><title>Sign in</title></html>", "not-the-declared-format"),
        ({"@context": {"dcat": "x"}, "@graph": []}, "not-the-declared-format"),
        (json.dumps(feed(TREES))[:-4], "malformed"),
    ],
)
def test_the_first_fault_is_told(body: Any, reason: str, fake_web: Any) -> None:
    """Where no feed can be read, what the first one did is what is said."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({US: body, OLD: (404, {}, b""), AP: (404, {}, b"")}))
    assert caught.value.reason == reason


def test_an_empty_site_is_empty(fake_web: Any) -> None:
    """A feed without a dataset is in the right form and holds nothing."""
    assert read(fake_web({US: feed()})).empty


@pytest.mark.parametrize("file", ["detroit.data.json", "evanston.data.json", "evian.dcat-us-1.1.json"])
def test_agrees_with_an_independent_reading(file: str, shared: Path, fake_web: Any) -> None:
    """On recorded sites of three cities our counts are those of another reader."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    expected = next(item["expected"] for item in manifest if item["file"] == f"arcgis_hub/{file}")
    found = values(read(fake_web({US: (shared / "wire/arcgis_hub" / file).read_bytes()})))
    assert found["dataset_count"] == expected["datasets"] and found["distribution_count"] == expected["distributions"]
    assert found["dataset_count"] - found["datasets_without_license"] == expected["datasets_with_licence"]
    assert found["publisher_count"] == expected["publishers"] and found["conforms_to"] == expected["conforms_to"]
    assert datetime.fromisoformat(found["modified_latest"]) == datetime.fromisoformat(expected["newest_modified"])
