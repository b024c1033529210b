"""How the one answer that an address names is read, where the portal's own call is not to be had."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from builder.errors import Unreadable
from builder.model.observation import Reading, Target
from builder.probes import ckan, consul, decidim, opendatasoft, socrata, udata
from builder.probes._given import names_one_answer

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FILE = "http://127.0.0.1/x/answer.json"
PROBES: dict[str, Any] = {"ckan": ckan, "opendatasoft": opendatasoft, "socrata": socrata, "udata": udata}

PACKAGE = {"id": "p1", "name": "trees", "license_id": "cc-by", "organization": {"name": "parks"},
           "metadata_modified": "2026-01-02T00:00:00", "resources": [{"format": "CSV"}]}  # fmt: skip
V2 = {"dataset_id": "trees", "has_records": True, "metas": {"default": {"license": "CC BY", "publisher": "parks"}}}
V1 = {"datasetid": "trees", "has_records": True, "metas": {"license": "CC BY", "publisher": "parks"}}
ENTRY = {"resource": {"id": "abcd-1234", "type": "dataset", "attribution": "parks"}, "metadata": {"license": "CC0"}}
DATASET = {"id": "d1", "title": "Trees", "license": "lov2", "organization": {"id": "o1", "slug": "parks"},
           "resources": [{"format": "csv"}]}  # fmt: skip


def found(result: Any) -> dict[str, Any]:
    return {"success": True, "result": result}


def read(kind: str, body: Any, web: Any, url: str = FILE, filter: str | None = None) -> Reading:
    """Read one address of a server that has nothing else."""

    class Only(web):  # type: ignore[misc]
        async def get(self, request: Any) -> Any:
            page = body if (request.url, dict(request.params)) == (url, {}) else (404, {}, b"")
            return await web({request.url: page}).get(type(request)(request.url))

    reading: Reading = asyncio.run(PROBES[kind].read(Target(url=url, now=NOW, filter=filter), Only({})))
    return reading


@pytest.mark.parametrize(("kind", "body", "announced", "complete", "pointer"), [
    ("ckan", found({"count": 1, "results": [PACKAGE]}), 1, True, "$.result.results[?@.id=='p1']"),
    ("ckan", found({"count": 7, "results": [PACKAGE]}), 7, False, "$.result.results[?@.id=='p1']"),
    ("ckan", found(PACKAGE), None, False, "$.result"),
    ("ckan", found([PACKAGE]), None, False, "$.result[?@.id=='p1']"),
    ("ckan", found([[PACKAGE]]), None, False, "$.result[0][?@.id=='p1']"),
    ("opendatasoft", {"total_count": 1, "results": [V2]}, 1, True, "$.results[0]"),
    ("opendatasoft", {"total_count": 9, "datasets": [{"links": [], "dataset": V2}]}, 9, False, "$.datasets[0].dataset"),
    ("opendatasoft", V2, None, False, "$"),
    ("opendatasoft", {"nhits": 1, "datasets": [V1]}, 1, True, "$.datasets[0]"),
    ("opendatasoft", V1, None, False, "$"),
    ("socrata", {"results": [ENTRY], "resultSetSize": 1}, 1, True, "$.results[?@.resource.id=='abcd-1234']"),
    ("socrata", {"results": [ENTRY], "resultSetSize": 150}, 150, False, "$.results[?@.resource.id=='abcd-1234']"),
    ("udata", {"data": [DATASET], "total": 1, "next_page": None}, 1, True, "$.data[?@.id=='d1']"),
    ("udata", {"data": [DATASET], "total": 60, "next_page": "https://a.example/2"}, 60, False, "$.data[?@.id=='d1']"),
    ("udata", {"data": [DATASET], "total": 1, "next_page": "https://a.example/2"}, None, False, "$.data[?@.id=='d1']"),
    ("udata", DATASET, None, False, "$"),
])  # fmt: skip
def test_a_file_is_read_alone(
    kind: str, body: Any, announced: int | None, complete: bool, pointer: str, fake_web: Any
) -> None:
    """The body decides which call it is of; it is all there is only where it announces as many as it lists."""
    reading = read(kind, body, fake_web)
    assert reading.measurements["dataset_count"].value == 1 and reading.complete is complete
    stated = reading.measurements.get("announced_count")
    assert (stated.value if stated else None) == announced
    assert reading.datasets is not None and reading.datasets[0].pointer == pointer
    assert reading.scope.endswith("in the one answer at this address")


@pytest.mark.parametrize(("kind", "body", "reason"), [
    ("ckan", {"success": False, "error": {"message": "Not here"}}, "api-error"),
    ("ckan", found({"fields": [{"id": "_id"}], "records": [{"_id": 1}], "total": 1}), "not-the-declared-format"),
    ("ckan", found(["trees", "budget"]), "not-the-declared-format"),
    ("ckan", found([{"name": "parks", "package_count": 3}]), "not-the-declared-format"),
    ("opendatasoft", {"nhits": 4, "records": [{"datasetid": "trees"}]}, "not-the-declared-format"),
    ("opendatasoft", {"total_count": 4, "results": [{"height": 3}]}, "not-the-declared-format"),
    ("opendatasoft", {"error_code": "X", "message": "Unknown dataset"}, "api-error"),
    ("socrata", {"results": [{"height": 3}]}, "not-the-declared-format"),
    ("udata", {"data": [{"id": "o1", "slug": "parks", "metrics": {}}], "total": 1}, "not-the-declared-format"),
    ("udata", {"message": "No such page"}, "api-error"),
    *[(kind, "<html>", "not-the-declared-format") for kind in PROBES],
    *[(kind, '{"results": [', "malformed") for kind in PROBES],
    *[(kind, (404, {}, b""), "not-found") for kind in PROBES],
    *[(kind, (403, {}, b""), "forbidden") for kind in PROBES],
])  # fmt: skip
def test_what_is_no_catalogue_is_refused(kind: str, body: Any, reason: str, fake_web: Any) -> None:
    """Rows of a table, lists of names and organisations, messages and web pages are each refused for what they are."""
    with pytest.raises(Unreadable) as caught:
        read(kind, body, fake_web)
    assert caught.value.reason == reason


@pytest.mark.parametrize(("kind", "path", "body"), [
    ("ckan", "/data/api/3/action/package_show", found(PACKAGE)),
    ("opendatasoft", "/api/v2/catalog/datasets", {"total_count": 1, "datasets": [{"dataset": V2}]}),
    ("udata", "/api/1/datasets/trees/", DATASET),
])  # fmt: skip
def test_one_call_is_read_alone(kind: str, path: str, body: Any, fake_web: Any) -> None:
    """Where the list cannot be had, the call that the address names still can."""
    assert read(kind, body, fake_web, url="http://127.0.0.1" + path).measurements["dataset_count"].value == 1


@pytest.mark.parametrize(("kind", "body"), [
    ("ckan", found({"count": 2, "results": [PACKAGE, {**PACKAGE, "id": "p2", "organization": None}]})),
    ("opendatasoft", {"total_count": 2, "results": [V2, {"dataset_id": "x", "metas": {}}]}),
    ("socrata", {"resultSetSize": 2, "results": [ENTRY, {"resource": {"id": "efgh-5678"}}]}),
    ("udata", {"total": 2, "data": [DATASET, {**DATASET, "id": "d2", "organization": None}]}),
])  # fmt: skip
def test_of_many_publishers_one_can_be_asked_for(kind: str, body: Any, fake_web: Any) -> None:
    """What the filter leaves is counted; the answer's total says nothing of it, so it is not known to be all."""
    reading = read(kind, body, fake_web, filter="parks")
    assert reading.measurements["dataset_count"].value == 1 and not reading.complete
    assert "announced_count" not in reading.measurements


def test_a_portals_own_address_is_not_read_as_an_answer(fake_web: Any) -> None:
    """An address without a file's name or a call is a portal's: its first fault stands."""
    with pytest.raises(Unreadable) as caught:
        read("ckan", found(PACKAGE), fake_web, url="http://127.0.0.1/data")
    assert caught.value.reason == "not-found"


def test_a_version_is_no_file() -> None:
    """A last part such as `v2.1` ends like no file; spaces around an address do not matter."""
    assert not names_one_answer("https://city.example/portal/v2.1", [])
    assert names_one_answer(" https://city.example/portal/all.geojson ", [])


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_file_stands_in_for_questions_that_cannot_be_asked(status: int, fake_web: Any) -> None:
    """Where nothing answers a posted question, one recorded answer is read, and what it lacks is not made up."""

    def server(body: Any) -> Any:
        return fake_web({FILE: body, FILE + "/graphql": (status, {}, b""), FILE + "/api": (status, {}, b"")})

    processes = [{"id": "1", "startDate": "2026-01-01", "endDate": "2026-12-31"}]
    reading = asyncio.run(decidim.read(Target(FILE, NOW), server({"data": {"participatoryProcesses": processes}})))
    assert {name: fact.value for name, fact in reading.measurements.items()} == {
        "process_count": 1, "open_process_count": 1,
    }  # fmt: skip
    assert not reading.complete
    node = {"node": {"id": 1, "public_created_at": "2026-11-20 10:00:00 UTC"}}
    reading = asyncio.run(consul.read(Target(FILE, NOW), server({"data": {"proposals": {"edges": [node]}}})))
    assert {name: fact.value for name, fact in reading.measurements.items()} == {
        "activity_latest": "2026-11-20T10:00:00Z",
    }  # fmt: skip
    assert not reading.complete


@pytest.mark.parametrize(("kind", "body", "call"), [
    ("ckan", found(PACKAGE), "/api/3/action/package_show"),
    ("opendatasoft", V2, "/api/explore/v2.1/catalog/datasets/trees"),
])  # fmt: skip
def test_no_links_are_made_up_for_a_file(kind: str, body: Any, call: str, fake_web: Any) -> None:
    """Of a file's place nobody can tell the portal's pages or exports; of a call's address they follow."""
    alone = read(kind, body, fake_web)
    assert alone.datasets is not None and alone.datasets[0].url is None
    assert "link_sample_size" not in alone.measurements
    called = read(kind, body, fake_web, url="https://data.a.example" + call)
    assert called.datasets is not None and (called.datasets[0].url or "").startswith("https://data.a.example/")
