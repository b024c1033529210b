"""How a city's organisation inside a national portal that runs udata is read."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import udata

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PORTAL = "https://data.a.example"
LIST, SEARCH = PORTAL + "/api/1/datasets/", PORTAL + "/api/2/datasets/search/"
CITY = "5c34c4d1634f4173183a64f1"
TREES = {
    "id": "d-trees", "slug": "trees", "title": "Trees", "description": "Every *tree*", "tags": ["nature"],
    "license": "lov2", "frequency": "monthly", "last_modified": "2026-10-01T00:00:00+00:00",
    "created_at": "2020-01-01T00:00:00+00:00", "page": PORTAL + "/fr/datasets/trees/",
    "organization": {"id": CITY, "name": "Ville de A"}, "spatial": {"zones": ["fr:commune:1"]},
    "temporal_coverage": {"start": "2020-01-01", "end": "2026-01-01"}, "contact_points": [{"name": "x"}],
    "resources": [
        {"format": "csv", "mime": "text/csv", "url": "https://a.example/trees.csv", "filesize": 12,
         "latest": PORTAL + "/r/1", "last_modified": "2026-11-01T08:00:00+00:00"},
        {"format": "pdf", "url": "https://a.example/trees.pdf", "last_modified": None},
    ],
}  # fmt: skip
BUDGET = {"id": "d-budget", "title": "Budget", "license": "notspecified", "resources": [], "organization": None,
          "last_modified": "2024-01-01T00:00:00+00:00"}  # fmt: skip


def listed(*datasets: Any, total: Any = None, next: str | None = None) -> dict[str, Any]:
    return {"data": list(datasets), "total": len(datasets) if total is None else total, "next_page": next}


def at(number: int, call: str = LIST, organisation: str | None = CITY) -> str:
    whose = f"&organization={organisation}" if organisation else ""
    return f"{call}?page_size=100&page={number}{whose}"


def read(web: Any, url: str = PORTAL, filter: str | None = CITY) -> Reading:
    return asyncio.run(udata.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_what_the_organisation_lists(fake_web: Any) -> None:
    """Datasets, resources, licences as stated, and the newest change of data."""
    reading = read(fake_web({at(1): listed(TREES, BUDGET)}))
    assert reading.complete and reading.scope == f"all 2 datasets of the organisation {CITY!r}"
    assert values(reading) == {
        "dataset_count": 2, "announced_count": 2, "distribution_count": 2, "datasets_without_distribution": 1,
        "license_ids": {"lov2": 1, "notspecified": 1}, "datasets_without_license": 0, "open_license_share": 0.5,
        "machine_readable_share": 0.5, "publisher_count": 1, "modified_latest": "2026-11-01T08:00:00Z",
        "modified_basis": "data", "modified_within_year_share": 0.5,
        "cadence_sample_size": 1, "in_cadence_share": 1.0, "contact_share": 0.5, "described_share": 0.0,
    }  # fmt: skip
    budget, trees = reading.datasets or ()
    assert (trees.licence, trees.formats, trees.frequency) == ("etalab-2.0", ("CSV", "PDF"), "monthly")
    assert trees.url == PORTAL + "/fr/datasets/trees/" and trees.has_contact and budget.licence == "notspecified"


@pytest.mark.parametrize(
    ("url", "filter"),
    [
        (PORTAL, "ville-de-a"),
        (PORTAL + "/fr/organizations/ville-de-a/", None),
        (PORTAL + "/organizations/ville-de-a/#/datasets", None),
        (PORTAL + "/api/1/organizations/ville-de-a/", None),
        (LIST + "?organization=ville-de-a", None),
        (PORTAL + "/fr/", "ville-de-a"),
    ],
)
def test_an_organisation_may_be_named_in_many_ways(url: str, filter: str | None, fake_web: Any) -> None:
    """Its short name, from the filter, its page or a call, is looked up, because the interface filters by id only."""
    web = fake_web({PORTAL + "/api/1/organizations/ville-de-a/": {"id": CITY}, at(1): listed(TREES)})
    reading = read(web, url, filter)
    assert reading.complete and reading.scope.endswith("of the organisation 'ville-de-a'")


def test_pages_follow_by_number(fake_web: Any) -> None:
    """A portal that gives fewer than asked still numbers its pages, and is read to its end."""
    web = fake_web({at(1): listed(TREES, total=2, next="x"), at(2): listed(BUDGET, total=2)})
    assert read(web).complete and len(web.captures) == 2


def test_without_an_organisation_the_portal_is_read(fake_web: Any) -> None:
    """Nothing narrows the list where nobody is named."""
    reading = read(fake_web({at(1, organisation=None): listed(TREES)}), filter=None)
    assert reading.complete and reading.scope == "the one dataset listed"


def test_the_search_of_version_2_stands_in(fake_web: Any) -> None:
    """Where the first call is not there, the second is asked; it tells only the number of resources."""
    counted = {**TREES, "resources": {"rel": "subsection", "total": 12}}
    reading = read(fake_web({at(1): (404, {}, b""), at(1, SEARCH): listed(counted)}))
    found = values(reading)
    assert reading.complete and found["distribution_count"] == 12 and found["modified_basis"] == "metadata"
    assert not {"machine_readable_share", "mqa_points", "link_sample_size"} & set(found)


def test_links_are_tried_and_points_given(fake_web: Any) -> None:
    """A resource's own address is the download, the portal's lasting one the access address."""
    links = {
        "https://a.example/trees.csv": b"id",
        "https://a.example/trees.pdf": (404, {}, b""),
        PORTAL + "/r/1": b"id",
    }
    found = values(read(fake_web({at(1): listed(TREES), **links})))
    assert (found["link_sample_size"], found["link_working_share"]) == (3, 0.6667)
    # keyword 30, place and period 40; half an access address 25, downloads 20, half of which work 15; formats 20,
    # half a media type 5, vocabulary 5 + 2.5, half of them free 10 and readable 10, not valid 0; licences 30, contact
    # and publisher 30; half a size 2.5, issued and modified 10
    assert found["mqa_points"] == 70 + 60 + 52.5 + 60 + 12.5


def test_an_unknown_organisation_is_not_found(fake_web: Any) -> None:
    """What the portal said of the organisation is told, not that it refused an unknown filter."""
    web = fake_web({PORTAL + "/api/1/organizations/nobody/": (404, {}, b""),
                    at(1, organisation="nobody"): (400, {}, b"")})  # fmt: skip
    with pytest.raises(Unreadable) as caught:
        read(web, filter="nobody")
    assert caught.value.reason == "not-found"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"message": "Organization arg must be an identifier"}, "api-error"),
        (b"<html></html>", "not-the-declared-format"),
        ({"data": {"a": 1}}, "not-the-declared-format"),
        ({"data": [{"meetingId": 7, "date": "2026-12-01"}]}, "not-the-declared-format"),
        (b'{"data": [', "malformed"),
        (listed(total=4), "malformed"),
        ((403, {}, b""), "forbidden"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """Error messages, other formats, broken and hollow answers are told apart."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({at(1): body}))
    assert caught.value.reason == reason


def test_an_organisation_without_data_is_empty(fake_web: Any) -> None:
    """An organisation that lists nothing is empty, not missing."""
    assert read(fake_web({at(1): listed()})).empty


def test_agrees_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """On a recorded page of a national portal's search our counts are those of another reader."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    entry = next(item for item in manifest if item["protocol"] == "udata")
    expected, body = entry["expected"], (shared / "wire" / entry["file"]).read_bytes()
    reading = read(fake_web({SEARCH: body}, forgiving=True), SEARCH + "?page_size=20", None)
    found = values(reading)
    assert (found["announced_count"], found["dataset_count"]) == (expected["total"], expected["returned"])
    assert found["license_ids"] == expected["licences"] and not reading.complete
    newest = datetime.fromisoformat(expected["newest_last_modified"])
    assert datetime.fromisoformat(found["modified_latest"]) == newest
