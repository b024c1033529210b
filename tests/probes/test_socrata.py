"""How a Socrata portal is read through the directory that lists it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import socrata

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
US, EU = "https://api.us.socrata.com/api/catalog/v1", "https://api.eu.socrata.com/api/catalog/v1"
NONE: dict[str, Any] = {"results": [], "resultSetSize": 0}


def item(id: str, type: str = "dataset", **resource: Any) -> dict[str, Any]:
    return {
        "resource": {"id": id, "name": f"The {id}", "type": type, "lens_view_type": "tabular",
                     "updatedAt": "2026-11-02T00:00:00.000Z",
                     "data_updated_at": "2026-11-01T00:00:00.000Z", **resource},
        "classification": {"domain_category": "Streets", "domain_tags": ["road"], "categories": ["x"],
                           "domain_metadata": [{"key": "Update_Update-Frequency", "value": "Weekly"}]},
        "metadata": {"domain": "data.a.example", "license": "Public Domain"},
        "permalink": f"https://data.a.example/d/{id}",
        "owner": {"display_name": "Somebody"}, "creator": {"display_name": "Somebody"},
    }  # fmt: skip


def listed(*items: Any, size: Any = None) -> dict[str, Any]:
    return {"results": list(items), "resultSetSize": len(items) if size is None else size}


def asked(only: str, base: str = US, offset: int = 0, domains: str = "&domains=data.a.example") -> str:
    return f"{base}?only={only}&limit=1000&offset={offset}{domains}"


def portal(base: str = US, **found: Any) -> dict[str, Any]:
    return {asked(only, base): found.get(only, NONE) for only in ("dataset", "map", "file", "href")}


def read(web: Any, url: str = "https://data.a.example/", filter: str | None = None) -> Reading:
    return asyncio.run(socrata.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_tables_maps_files_and_links(fake_web: Any) -> None:
    """Each kind of entry is asked for once; what Socrata serves of each are its distributions."""
    reading = read(fake_web(portal(
        dataset=listed(item("aaaa-aaaa"), item("bbbb-bbbb", data_updated_at="2020-01-01T00:00:00.000Z")),
        map=listed(item("cccc-cccc", "map", lens_view_type="geo")),
        file=listed(item("dddd-dddd", "file", lens_view_type="blobby", blob_mime_type="application/pdf")),
        href=listed(item("eeee-eeee", "href", lens_view_type="href", data_updated_at=None)),
    )))  # fmt: skip
    assert reading.complete
    assert reading.scope == (
        "all 2 tabular datasets, the one map listed, the one file listed, the one external link listed"
    )
    found = values(reading)
    assert (found["dataset_count"], found["announced_count"], found["distribution_count"]) == (5, 5, 14)
    assert found["datasets_without_distribution"] == 0 and found["machine_readable_share"] == 0.6
    assert found["license_ids"] == {"Public Domain": 5} and found["open_license_share"] == 1.0
    assert (found["modified_latest"], found["modified_basis"]) == ("2026-11-01T00:00:00Z", "data")
    assert found["modified_within_year_share"] == 0.8 and "publisher_count" not in found


def test_lists_datasets_without_owners(fake_web: Any) -> None:
    """The common list has the portal's own category, tags and frequency, and nobody's name."""
    table = item("aaaa-aaaa", attribution="Works", contact_email="who@a.example")
    reading = read(fake_web(portal(dataset=listed(table))))
    dataset = (reading.datasets or ())[0]
    assert (dataset.themes, dataset.keywords, dataset.frequency) == (("Streets",), ("road",), "Weekly")
    assert (dataset.formats, dataset.licence) == (("CSV", "JSON", "RDF", "XML"), "other-pd")
    assert dataset.has_contact and dataset.pointer == "$.results[?@.resource.id=='aaaa-aaaa']"
    assert "Somebody" not in str(dataset) and values(reading)["publisher_count"] == 1


def test_kinds_that_could_not_be_read_make_it_incomplete(fake_web: Any) -> None:
    """When only the tables were ever recorded, the reading says what was not read."""
    reading = read(fake_web({asked("dataset"): listed(item("aaaa-aaaa"))}))
    assert not reading.complete and reading.scope == (
        "the one tabular dataset listed; not read: maps, files, external links (nobody has read this yet)"
    )


def test_the_other_continent_is_asked_when_nothing_is_listed(fake_web: Any) -> None:
    """A portal that the North American directory does not list may be in the European one."""
    web = fake_web(portal() | portal(EU, dataset=listed(item("aaaa-aaaa"))))
    reading = read(web)
    assert reading.complete and reading.measurements["dataset_count"].capture == 4


def test_nothing_listed_is_empty_only_when_both_directories_answered(fake_web: Any) -> None:
    """Two complete empty answers are an empty portal; an unread one proves nothing."""
    assert read(fake_web(portal() | portal(EU))).empty
    with pytest.raises(Unreadable) as caught:
        read(fake_web(portal()))
    assert caught.value.reason == "not-captured"


def test_a_fault_of_the_network_is_not_hidden_by_the_other_continent(fake_web: Any) -> None:
    """When the first directory is down we know nothing, whatever the second says."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({asked("dataset"): (503, {}, b"")} | portal(EU)))
    assert caught.value.reason == "server-error"


@pytest.mark.parametrize(
    ("given", "domains"),
    [
        ("http://127.0.0.1:8080/", ""),
        ("http://127.0.0.1:8080/api/catalog/v1", ""),
        ("http://127.0.0.1:8080/api/catalog/v1?domains=data.b.example&only=dataset", "&domains=data.b.example"),
    ],
)
def test_a_bare_address_is_its_own_directory(given: str, domains: str, fake_web: Any) -> None:
    """An address without a name, or of one call, is asked itself and keeps the portal it names."""
    base = "http://127.0.0.1:8080/api/catalog/v1"
    reading = read(fake_web({asked("dataset", base, domains=domains): listed(item("aaaa-aaaa"))}), given)
    assert values(reading)["dataset_count"] == 1


def test_a_server_that_ignores_the_kind_is_counted_once(fake_web: Any) -> None:
    """The same list for every kind of entry is one list, and its total is added once."""
    base = "http://127.0.0.1:8080/api/catalog/v1"
    reading = read(fake_web({base: listed(item("aaaa-aaaa"), size=90)}, forgiving=True), base)
    assert (values(reading)["dataset_count"], values(reading)["announced_count"]) == (1, 90) and not reading.complete


def test_an_entry_listed_twice_is_kept_once(fake_web: Any) -> None:
    """A list that shifted between two pages repeats entries and drops others: counted as listed, and never complete."""
    pages = portal(dataset=listed(item("aaaa-aaaa"), item("bbbb-bbbb"), item("aaaa-aaaa")))
    reading = read(fake_web({**pages, asked("dataset", offset=3): listed(size=3)}))
    assert not reading.complete and values(reading)["dataset_count"] == 3 and len(reading.datasets or ()) == 2
    assert reading.scope == "2 of the 3 tabular datasets announced, 1 of them listed again"


def test_a_filter_names_one_attribution(fake_web: Any) -> None:
    """On a shared portal only one office's entries are asked for."""
    page = asked("dataset") + "&attribution=Works"
    assert "'Works'" in read(fake_web({page: listed(item("aaaa-aaaa"))}), filter="Works").scope


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "Domain not found"}, "api-error"),
        ({"items": []}, "not-the-declared-format"),
        (b"<html>", "not-the-declared-format"),
        (b'{"results": [{}', "malformed"),
        (listed(size=5), "malformed"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """Error messages, other formats and broken bodies are told apart."""
    base = "http://127.0.0.1:8080/api/catalog/v1"
    with pytest.raises(Unreadable) as caught:
        read(fake_web({base: body}, forgiving=True), base)
    assert caught.value.reason == reason


def test_agrees_with_every_recorded_catalogue(shared: Path, fake_web: Any) -> None:
    """On each recorded list of tabular datasets the count and the newest change of data are those of another reader."""
    exchanges = json.loads((shared / "recordings/manifest.json").read_bytes())["exchanges"]
    recorded = [item for item in exchanges if item["url"].startswith(US)]
    assert len(recorded) >= 20
    for exchange in recorded:
        body = (shared / "recordings" / exchange["file"]).read_bytes()
        at = datetime.fromisoformat(exchange["recorded_at"])
        web = fake_web({exchange["url"] + "&limit=1000&offset=0": body}, at=at)
        portal = exchange["url"].partition("domains=")[2].partition("&")[0]
        reading = read(web, f"https://{portal}")
        found = values(reading)
        assert found["dataset_count"] == found["announced_count"] == exchange["expected"]["dataset_count"]
        newest = datetime.fromisoformat(exchange["expected"]["data_updated_latest"])
        assert datetime.fromisoformat(found["modified_latest"]) == newest and found["modified_basis"] == "data"
        assert not reading.complete


def test_agrees_with_an_independent_reading_of_a_mixed_page(shared: Path, fake_web: Any) -> None:
    """A recorded page of several portals, older than the dates of data, is read as another reader reads it."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    entry = next(item for item in manifest if item["file"] == "socrata/discovery_catalog_v1.mixed_domains.json")
    base, expected = "http://127.0.0.1:8080/api/catalog/v1", entry["expected"]
    found = values(read(fake_web({base: (shared / "wire" / entry["file"]).read_bytes()}, forgiving=True), base))
    assert (found["dataset_count"], found["announced_count"]) == (expected["results"], expected["result_set_size"])
    assert datetime.fromisoformat(found["modified_latest"]) == datetime.fromisoformat(expected["newest_updatedAt"])
    assert found["modified_basis"] == "metadata" and sum(found["license_ids"].values()) == expected["with_licence"]
