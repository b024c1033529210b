"""How a CKAN portal is read: paging by what comes back, counts, licences, dates and faults."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import ckan

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEARCH = "https://data.a.example/api/3/action/package_search"
TREES = {
    "id": "id-trees", "name": "trees", "title": "Trees\u202e in  parks", "notes": "Every <b>tree</b>",
    "license_id": "cc-by", "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "metadata_modified": "2026-11-01T08:00:00.5",
    "organization": {"name": "parks"}, "maintainer_email": "x@a.example", "tags": [{"name": "nature"}],
    "groups": [{"title": "Environment"}], "extras": [{"key": "frequency", "value": "monthly"}],
    "resources": [
        {"format": "CSV", "last_modified": "2026-10-01T00:00:00", "url": "https://a.example/trees.csv"},
        {"format": "", "mimetype": "application/pdf", "last_modified": None, "url": "https://a.example/trees"},
    ],
}  # fmt: skip
BUDGET = {
    "id": "id-budget", "name": "budget", "title": {"fr": "Budget", "en": "Budget 2026"}, "license_id": "notspecified",
    "metadata_modified": "2024-01-01T00:00:00", "organization": None, "resources": None,
    "extras": {"frequency": "yearly"},
}  # fmt: skip
BINS = {"name": "bins", "title": None, "resources": [{"format": "PDF"}], "metadata_modified": "not a date"}


def listed(*packages: Any, count: Any = None) -> dict[str, Any]:
    return {"success": True, "result": {"count": len(packages) if count is None else count, "results": list(packages)}}


def at(start: int, **more: str) -> str:
    return SEARCH + f"?q=*:*&rows=1000&start={start}" + "".join(f"&{key}={value}" for key, value in more.items())


def read(web: Any, url: str = "https://data.a.example/", filter: str | None = None) -> Reading:
    return asyncio.run(ckan.read(Target(url=url, now=NOW, filter=filter), web))


def values(reading: Reading) -> dict[str, Any]:
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_counts_what_the_portal_lists(fake_web: Any) -> None:
    """Packages, resources, licences as stated, shares over all packages, and the newest change of data."""
    reading = read(fake_web({at(0): listed(TREES, BUDGET, BINS)}))
    assert reading.complete and reading.scope == "all 3 datasets"
    assert values(reading) == {
        "dataset_count": 3, "announced_count": 3, "distribution_count": 3, "datasets_without_distribution": 1,
        "license_ids": {"cc-by": 1, "notspecified": 1}, "datasets_without_license": 1, "open_license_share": 0.3333,
        "machine_readable_share": 0.3333, "publisher_count": 1, "modified_latest": "2026-10-01T00:00:00Z",
        "modified_basis": "data", "modified_within_year_share": 0.3333,
        "cadence_sample_size": 2, "in_cadence_share": 0.5, "contact_share": 0.3333, "described_share": 0.0,
    }  # fmt: skip
    latest = reading.measurements["modified_latest"]
    assert latest.pointer == "$.result.results[?@.id=='id-trees'].resources[*].last_modified" and latest.capture == 0
    assert reading.measurements["open_license_share"].unit == "1"


def test_lists_datasets_without_prose_and_people(fake_web: Any) -> None:
    """The common list is sorted by id, cleaned and typed; neither the description nor the e-mail is in it."""
    reading = read(fake_web({at(0): listed(TREES, BUDGET, BINS)}))
    assert reading.datasets is not None
    bins, budget, trees = reading.datasets
    assert [bins.id, budget.id, trees.id] == ["bins", "id-budget", "id-trees"]
    assert (trees.title, trees.licence, trees.formats) == ("Trees in parks", "CC-BY-4.0", ("CSV", "PDF"))
    assert (trees.keywords, trees.themes, trees.frequency) == (("nature",), ("Environment",), "monthly")
    assert trees.has_contact and trees.description_length == 10 and trees.url == "https://data.a.example/dataset/trees"
    assert (budget.title, budget.licence, budget.frequency) == ("Budget 2026", "notspecified", "yearly")
    assert (bins.title, bins.licence, bins.modified) == ("bins", None, None)
    assert "@a.example" not in json.dumps([dataset.model_dump() for dataset in reading.datasets])


def test_steps_by_what_came_back(fake_web: Any) -> None:
    """A portal that gives fewer rows than asked is read to its end, and the newest change names its own page."""
    late = {**BUDGET, "resources": [{"last_modified": "2026-11-20"}]}
    web = fake_web({at(0): listed(TREES, count=3), at(1): listed(late, count=3), at(2): listed(BINS, count=3)})
    reading = read(web)
    assert reading.complete and values(reading)["dataset_count"] == 3
    assert values(reading)["modified_latest"] == "2026-11-20" and reading.measurements["modified_latest"].capture == 1


def test_a_server_that_ignores_the_offset_is_not_complete(fake_web: Any) -> None:
    """The same page again ends the reading; what the portal announces was not all read."""
    reading = read(fake_web({SEARCH: listed(TREES, count=90)}, forgiving=True))
    assert not reading.complete and reading.scope == "1 of the 90 datasets announced"


def test_a_later_fault_keeps_the_pages_before_it(fake_web: Any) -> None:
    """When the second page fails, the first is kept, and the scope says why it is not all."""
    reading = read(fake_web({at(0): listed(TREES, count=2), at(1): (503, {}, b"")}))
    assert not reading.complete and values(reading)["dataset_count"] == 1
    assert reading.scope.startswith("1 of the 2 datasets announced (the server had a fault")


def test_fewer_rows_are_asked_when_a_thousand_are_too_much(fake_web: Any) -> None:
    """A portal that breaks down over a thousand packages is asked for a hundred; captures still count by position."""
    web = fake_web({at(0): (504, {}, b""), at(0).replace("1000", "100"): listed(TREES)})
    reading = read(web)
    assert reading.complete and reading.measurements["dataset_count"].capture == 1


@pytest.mark.parametrize(
    "given", ["https://data.a.example", "https://data.a.example/api/3/action/package_show?id=trees"]
)
def test_any_address_of_the_portal_is_asked_the_same(given: str, fake_web: Any) -> None:
    """The portal's base and the address of one call lead to the same question."""
    assert read(fake_web({at(0): listed(TREES)}), given).complete


def test_a_filter_names_one_organisation(fake_web: Any) -> None:
    """On a shared portal only the named organisation's packages are asked for, and the scope says so."""
    reading = read(fake_web({at(0, fq="organization:parks"): listed(TREES)}), filter="parks")
    assert reading.scope == "the one dataset listed of the organisation 'parks'"
    assert read(fake_web({at(0, fq='organization:"a \\" OR b"'): listed(TREES)}), filter='a " OR b').complete


def test_dkan_is_read_in_its_own_dialect(fake_web: Any) -> None:
    """DKAN 1 has no search: its list of packages, wrapped in another list and without a total, is read to its end."""
    listing = "https://data.a.example/api/3/action/current_package_list_with_resources?limit=1000&offset="
    missing = (404, {}, b"<html>no such page</html>")
    web = fake_web({at(0): missing, at(0).replace("/api/3/", "/api/"): missing,
                    listing + "0": {"success": True, "result": [[TREES, BUDGET]]},
                    listing + "2": {"success": True, "result": [[]]}})  # fmt: skip
    reading = read(web)
    assert reading.complete and values(reading)["dataset_count"] == 2 and "announced_count" not in values(reading)
    latest = reading.measurements["modified_latest"]
    assert latest.pointer == "$.result[0][?@.id=='id-trees'].resources[*].last_modified" and latest.capture == 2


def test_dkan_2_is_read_by_its_catalogue_file(fake_web: Any) -> None:
    """Where no call of CKAN's is answered, the portal's `data.json` is the catalogue."""
    file = {"dataset": [{"identifier": "a", "title": "A", "distribution": [{"format": "csv"}]}]}
    web = fake_web({at(0): (404, {}, b""), "https://data.a.example/data.json": file})
    reading = read(web)
    assert reading.complete and reading.scope == "all 1 datasets in the file data.json"
    assert reading.measurements["distribution_count"].pointer == "$.dataset[*].distribution[*]"


def test_a_portal_that_refuses_is_not_asked_in_other_dialects(fake_web: Any) -> None:
    """Whoever shuts us out is left alone."""
    web = fake_web({at(0): (403, {}, b"")})
    with pytest.raises(Unreadable, match="403"):
        read(web)
    assert len(web.asked) == 1


def test_some_links_are_tried_and_points_given(fake_web: Any) -> None:
    """Two links that tell something, one of them broken, are half; with them the assessment's points can be given."""
    web = fake_web({at(0): listed(TREES), "https://a.example/trees.csv": b"id\n" * 9000,
                    "https://a.example/trees": (404, {}, b"")})  # fmt: skip
    found = values(read(web))
    assert (found["link_sample_size"], found["link_working_share"]) == (2, 0.5)
    # 60 found; 50 x 1/2 reached; formats 10 + 5 + 2.5 + 2.5 + 10 + 10, valid 30; licence 30, contact 20, publisher 10;
    # changed 5
    assert found["mqa_points"] == 60 + 25 + 70 + 60 + 5


def test_one_table_alone_is_no_catalogue(shared: Path, fake_web: Any) -> None:
    """The rows that a real DKAN portal gave of one table are not taken for its list of datasets."""
    body = (shared / "wire/ckan/duesseldorf.dkan.datastore_search.json").read_bytes()
    with pytest.raises(Unreadable) as caught:
        read(fake_web({SEARCH: body}, forgiving=True))
    assert caught.value.reason == "not-the-declared-format"


def test_an_empty_portal_is_empty(fake_web: Any) -> None:
    """A portal that works and lists nothing is empty, which is no fault of form."""
    reading = read(fake_web({at(0): listed()}))
    assert reading.empty and reading.complete and values(reading) == {"dataset_count": 0} and reading.datasets == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"success": False, "error": {"message": "Not found", "__type": "Not Found Error"}}, "api-error"),
        ({"success": False}, "api-error"),
        ((404, {}, {"success": False}), "not-found"),
        ({"success": True, "result": {"records": []}}, "not-the-declared-format"),
        ({"success": True}, "not-the-declared-format"),
        ([], "not-the-declared-format"),
        (b"<html>Please log in</html>", "not-the-declared-format"),
        (b'{"success": true, "result": {"count": 1, "resu', "malformed"),
        (listed(count=5), "malformed"),
        (listed(None, "x", count=2), "malformed"),
    ],
)
def test_each_fault_has_its_reason(body: Any, reason: str, fake_web: Any) -> None:
    """Error messages, other formats and broken bodies are told apart."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({at(0): body}))
    assert caught.value.reason == reason


def test_agrees_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """On a recorded page of a national portal our counts are those of another reader."""
    manifest = json.loads((shared / "wire/manifest.json").read_bytes())["files"]
    entry = next(item for item in manifest if item["file"] == "ckan/dados_gov_br.package_search.rows2.json")
    expected, body = entry["expected"], (shared / "wire" / entry["file"]).read_bytes()
    reading = read(fake_web({SEARCH: body}, forgiving=True))
    found = values(reading)
    assert found["announced_count"] == expected["total_count"] and found["dataset_count"] == expected["returned"]
    assert found["distribution_count"] == expected["resources"] and sorted(found["license_ids"]) == expected["licences"]
    assert found["datasets_without_license"] == expected["datasets_without_licence"]
    newest = datetime.fromisoformat(expected["newest_metadata_modified"]).replace(tzinfo=UTC)
    assert datetime.fromisoformat(found["modified_latest"]) == newest and found["modified_basis"] == "metadata"
    assert reading.complete is not expected["search_incomplete"]


def test_more_packages_in_one_answer_than_we_hold_are_our_limit(fake_web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that answers everything at once, whatever is asked for, is larger than we read and not at fault."""
    body = {"success": True, "result": {"count": 3, "results": [{"id": str(at), "resources": []} for at in range(3)]}}
    monkeypatch.setattr(ckan, "MOST_PACKAGES", 2)
    for url in ("https://data.lindenford.example", "https://data.lindenford.example/packages.json"):
        with pytest.raises(Unreadable) as caught:
            asyncio.run(
                ckan.read(
                    Target(url, datetime(2026, 11, 21, tzinfo=UTC)),
                    fake_web(
                        {"https://data.lindenford.example/api/3/action/package_search": body, url: body}, forgiving=True
                    ),
                )
            )
        assert caught.value.reason == "too-large" and caught.value.capture is not None
