"""How a data.json catalogue is read."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import _data_json, dcat_us

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FILE = "https://a.example/data.json"
BUSES: dict[str, Any] = {
    "@type": "dcat:Dataset", "identifier": "https://a.example/d/buses", "title": "Bus <3 stops", "description": "Stops",
    "modified": "2026-11-20", "accrualPeriodicity": "R/P1D", "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    "publisher": {"name": "City of A"}, "contactPoint": {"fn": "Somebody", "hasEmail": "mailto:who@a.example"},
    "keyword": ["bus", "bus", " "], "theme": ["Transport"],
    "distribution": [{"mediaType": "text/csv", "downloadURL": "https://a.example/b.csv"}, {"format": "Web Page"}],
}  # fmt: skip
NOISE: dict[str, Any] = {
    "identifier": "noise", "title": "Noise", "modified": "R/P1D", "publisher": "City of A", "landingPage": "https://a.example/n",
    "license": "<p>See <b>terms</b></p>", "distribution": {"format": "PDF", "mediaType": "application/pdf"},
}  # fmt: skip
BARE: dict[str, Any] = {"title": "No identifier", "modified": "1970-01-01", "license": "<p></p>"}


def catalogue(*datasets: Any, **more: Any) -> dict[str, Any]:
    return {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": list(datasets), **more}


def read(web: Any, url: str = "https://a.example/", filter: str | None = None) -> Reading:
    return asyncio.run(dcat_us.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_what_the_file_lists(fake_web: Any) -> None:
    """Datasets, distributions and licences as stated; an interval and the year 1970 are no dates."""
    reading = read(fake_web({FILE: catalogue(BUSES, NOISE, BARE)}))
    assert reading.complete and reading.scope == "all 3 datasets in the file"
    assert values(reading) == {
        "dataset_count": 3, "distribution_count": 3, "datasets_without_distribution": 1,
        "license_ids": {"See terms": 1, "https://creativecommons.org/publicdomain/zero/1.0/": 1},
        "datasets_without_license": 1, "open_license_share": 0.3333, "machine_readable_share": 0.3333,
        "publisher_count": 1,
        "modified_latest": "2026-11-20", "modified_basis": "metadata", "modified_within_year_share": 0.3333,
        "cadence_sample_size": 1, "in_cadence_share": 1.0, "contact_share": 0.3333, "described_share": 0.0,
        "conforms_to": "https://project-open-data.cio.gov/v1.1/schema",
    }  # fmt: skip
    assert reading.measurements["modified_latest"].pointer == (
        "$.dataset[?@.identifier=='https://a.example/d/buses'].modified"
    )


def test_lists_datasets_without_people(fake_web: Any) -> None:
    """Who to write to is kept as yes or no; a dataset without an identifier gets one that stays the same."""
    reading = read(fake_web({FILE: catalogue(BUSES, NOISE, BARE)}))
    assert reading.datasets is not None
    buses, noise, bare = reading.datasets
    assert (buses.licence, buses.formats) == ("CC0-1.0", ("CSV", "HTML"))
    assert (buses.keywords, buses.frequency) == (("bus",), "R/P1D")
    assert buses.has_contact and not noise.has_contact and "Somebody" not in str(reading.datasets)
    assert (noise.licence, noise.url, noise.modified) == ("See terms", "https://a.example/n", None)
    assert bare.id.startswith("unnamed-") and bare.pointer == "$.dataset[2]"
    assert bare.id == (read(fake_web({FILE: catalogue(BARE)})).datasets or ())[0].id


def test_a_recorded_copy_is_judged_as_of_its_own_date(fake_web: Any) -> None:
    """What was modified within the year before the capture counts, however long ago the capture is."""
    old = catalogue({**BUSES, "modified": "2020-07-01"})
    reading = read(fake_web({FILE: old}, at=datetime(2020, 7, 22, tzinfo=UTC)))
    assert values(reading)["modified_within_year_share"] == 1.0


def test_a_date_in_the_future_is_kept_but_proves_nothing(fake_web: Any) -> None:
    """The newest date is told as stated; it does not count as within the year."""
    found = values(read(fake_web({FILE: catalogue({**BUSES, "modified": "2099-01-01"})})))
    assert (found["modified_latest"], found["modified_within_year_share"]) == ("2099-01-01", 0.0)


def test_repeated_identifiers_stand_in_the_list_once(fake_web: Any) -> None:
    """The counts are those of the file; the list holds each identifier once, and the scope says so."""
    reading = read(fake_web({FILE: catalogue(BUSES, {**BUSES, "title": "Again"}, NOISE)}))
    assert values(reading)["dataset_count"] == 3 and len(reading.datasets or ()) == 2
    assert reading.scope == "all 3 datasets in the file; 1 of them repeats the identifier of another"


def test_a_next_page_means_not_complete(fake_web: Any) -> None:
    """A file that names a next page is not the whole catalogue."""
    assert not read(fake_web({FILE: catalogue(BUSES, nextPage="https://a.example/data.json?page=2")})).complete


def test_an_address_with_a_path_is_read_as_given(fake_web: Any) -> None:
    """Only an empty path, or one that ends in a slash, asks for data.json."""
    feed = "https://a.example/api/feed/dcat-us/1.1.json"
    assert read(fake_web({feed: catalogue(BUSES)}), feed).complete


def test_a_filter_names_one_publisher(fake_web: Any) -> None:
    """Only the named publisher's datasets are counted and listed."""
    reading = read(fake_web({FILE: catalogue(BUSES, {**NOISE, "publisher": {"name": "B"}})}), filter="B")
    assert values(reading)["dataset_count"] == 1 and "'B'" in reading.scope


def test_an_empty_catalogue_is_empty(fake_web: Any) -> None:
    """A catalogue without a dataset is in the right form and holds nothing."""
    assert read(fake_web({FILE: catalogue()})).empty


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "not-the-declared-format"),
        ({"type": "FeatureCollection", "features": []}, "not-the-declared-format"),
        ({"dataset": [1, 2]}, "not-the-declared-format"),
        ({"dataset": "none"}, "not-the-declared-format"),
        ({"error": {"code": 400, "message": "Item does not exist"}}, "api-error"),
        (json.dumps(catalogue(BUSES))[:-5], "malformed"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """Login pages, other JSON, error messages and cut files are told apart."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({FILE: body}))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "file",
    ["socrata/saint_paul.data.json", "socrata/chicago.data.json", "arcgis_hub/detroit.data.json",
     "arcgis_hub/evanston.data.json", "arcgis_hub/evian.dcat-us-1.1.json"],
)  # fmt: skip
def test_agrees_with_an_independent_reading(file: str, shared: Path, fake_web: Any) -> None:
    """On recorded catalogues of five cities our counts are those of another reader."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    expected = next(item["expected"] for item in manifest if item["file"] == file)
    found = values(read(fake_web({FILE: (shared / "wire" / file).read_bytes()})))
    assert found["dataset_count"] == expected["datasets"] and found["distribution_count"] == expected["distributions"]
    assert found["datasets_without_distribution"] == expected["datasets_without_distribution"]
    assert found["dataset_count"] - found["datasets_without_license"] == expected["datasets_with_licence"]
    assert sum(found["license_ids"].values()) == expected["datasets_with_licence"]
    assert found["publisher_count"] == expected["publishers"] and found["conforms_to"] == expected["conforms_to"]
    assert datetime.fromisoformat(found["modified_latest"]) == datetime.fromisoformat(expected["newest_modified"])


def test_the_first_version_was_a_plain_list(fake_web: Any) -> None:
    """A file of version 1.0 is the list of its datasets; one that names its own address has that as its only file."""
    old = {"title": "Trees", "identifier": "t", "modified": "2014-02-01", "publisher": "City of A",
           "accessURL": "https://a.example/t.csv", "format": "text/csv"}  # fmt: skip
    reading = read(fake_web({FILE: [BUSES, old, {"title": "No file", "keyword": "x"}]}))
    found = values(reading)
    assert (found["dataset_count"], found["distribution_count"], found["publisher_count"]) == (3, 3, 1)
    assert reading.complete and found["modified_latest"] == "2026-11-20" and "conforms_to" not in found
    assert reading.datasets is not None and reading.datasets[1].pointer == "$[?@.identifier=='t']"
    with pytest.raises(Unreadable) as caught:
        read(fake_web({FILE: [{"name": "a station"}]}))
    assert caught.value.reason == "not-the-declared-format"


def test_typed_values_of_the_third_version_are_read(fake_web: Any) -> None:
    """Version 3.0 is JSON-LD, where a date or an address may stand inside of an object."""
    dataset = {"identifier": "a", "title": "A", "modified": {"@type": "xsd:date", "@value": "2026-07-01"},
               "license": {"@id": "https://creativecommons.org/licenses/by/4.0/"}}  # fmt: skip
    file = {"conformsTo": {"@id": "https://resources.data.gov/dcat-us/3.0/"}, "dataset": [dataset]}
    found = values(read(fake_web({FILE: file})))
    assert found["modified_latest"] == "2026-07-01" and found["datasets_without_license"] == 0
    assert found["conforms_to"] == "https://resources.data.gov/dcat-us/3.0/"


@pytest.mark.parametrize("wrapped", [True, False])
def test_more_datasets_than_we_hold_are_our_limit(
    fake_web: Any, monkeypatch: pytest.MonkeyPatch, wrapped: bool
) -> None:
    """A file that would fill our memory with what is kept of each dataset is larger than we read, and not at fault."""
    monkeypatch.setattr(_data_json, "MOST_DATASETS", 2)
    listed = [{"title": "x", "identifier": str(at), "accessLevel": "public"} for at in range(3)]
    url = "https://a.example/data.json"
    with pytest.raises(Unreadable) as caught:
        asyncio.run(dcat_us.read(Target(url, datetime(2026, 11, 21, tzinfo=UTC)),
                                 fake_web({url: {"dataset": listed} if wrapped else listed})))  # fmt: skip
    assert caught.value.reason == "too-large" and caught.value.capture is not None
