"""What is read of a map data service: the landing page and what lies behind it, or items alone."""

from __future__ import annotations

import asyncio
import copy
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
from builder.probes import ogc_api

WebWithout = Callable[[dict[str, Any]], Web]
BASE = "https://maps.lindenford.example/api/v1"
CC = "https://licence.example/by/4.0/"


def items(matched: int | None) -> dict[str, Any]:
    """A page of one feature, with or without the number of all."""
    page: dict[str, Any] = {"type": "FeatureCollection", "numberReturned": 1, "features": [{"type": "Feature"}]}
    return page if matched is None else page | {"numberMatched": matched}


def collection(id: str, **more: Any) -> dict[str, Any]:
    """One collection of features and its licence."""
    return {"id": id, "links": [{"rel": "items", "href": "x"}, {"rel": "license", "href": CC}], **more}


SERVICE: dict[str, Any] = {
    BASE: {"title": "Maps of\nLindenford", "links": [{"rel": "data", "href": f"{BASE}/collections"}]},
    f"{BASE}/conformance": {"conformsTo": ["http://www.opengis.net/spec/b", "http://www.opengis.net/spec/a"]},
    f"{BASE}/collections": {"collections": [
        collection("trees", itemType="feature"), collection("bike lanes"),
        {"id": "height", "links": [{"rel": "http://www.opengis.net/def/rel/ogc/1.0/coverage", "href": "x"}]},
        collection("papers", itemType="record")]},
    f"{BASE}/collections/trees/items?limit=1": items(1200),
    f"{BASE}/collections/bike%20lanes/items?limit=1": items(45),
}  # fmt: skip


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = BASE) -> Reading:
    """Read a service."""
    return asyncio.run(ogc_api.read(Target(url, datetime(2026, 11, 21, tzinfo=UTC)), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_service_is_read(web: WebWithout) -> None:
    """Title, conformance, collections of every sort, and the features of those that have any."""
    reading = read(web(SERVICE))
    assert plain(reading) == {
        "title": "Maps of Lindenford", "collection_count": 4, "feature_count": 1245, "license": CC,
        "conformance": ["http://www.opengis.net/spec/a", "http://www.opengis.net/spec/b"],
    }  # fmt: skip
    where = {name: (measurement.pointer, measurement.capture) for name, measurement in reading.measurements.items()}
    assert where["collection_count"] == ("$.collections", 2)
    assert where["feature_count"] == ("$.numberMatched of the items of 2 collections", 3)
    assert reading.complete and not reading.empty
    assert reading.scope == (
        "landing page, conformance, 4 collections, the number of features of 2 of 2 collections of features"
    )


@pytest.mark.parametrize("call", ["collections", "conformance", "collections/trees", "collections/trees/items?limit=9"])
def test_the_address_of_one_call_leads_to_the_landing_page(web: WebWithout, call: str) -> None:
    """A call is cut back to the base, whatever prefix stands before it."""
    assert plain(read(web(SERVICE), f"{BASE}/{call}"))["feature_count"] == 1245


def test_a_service_that_shows_browsers_a_page_is_asked_for_json(web: WebWithout) -> None:
    """Where the address answers with a web page, the way for programs is tried; parameters already there are kept."""
    pages: dict[str, Any] = {f"{url}{'&' if '?' in url else '?'}f=json": page for url, page in SERVICE.items()}
    pages |= dict.fromkeys(SERVICE, b"<!DOCTYPE html><title>Maps</title>")
    assert plain(read(web(pages)))["feature_count"] == 1245
    with_map = {f"{BASE}?map=city": SERVICE[BASE], **SERVICE}
    fake: Any = web(with_map)
    read(fake, f"{BASE}?map=city")
    assert fake.asked[0] == f"{BASE}?map=city"


def test_items_served_alone_are_read(web: WebWithout) -> None:
    """The number that matched, when the answer was made, and that it is one page of more; else those on the page."""
    url = f"{BASE}/collections/trees/items?limit=1"
    page = items(1200) | {"timeStamp": "2026-11-21T10:00:00Z", "links": [{"rel": "next", "href": "x"}]}
    reading = read(web({url: page}), url)
    assert plain(reading) == {"feature_count": 1200, "response_timestamp": "2026-11-21T10:00:00Z"}
    assert not reading.complete and reading.scope == "items only: 1 of 1,200 features"
    reading = read(web({url: items(None)}), url)
    assert plain(reading) == {"feature_count": 1} and reading.complete
    assert read(web({url: {"type": "FeatureCollection", "features": []}}), url).empty


def test_one_collection_served_alone_is_read(web: WebWithout) -> None:
    """Its title and licence, and that it is one; never called complete."""
    url = f"{BASE}/collections/trees"
    reading = read(web({url: collection("trees", title="City trees")}), url)
    assert plain(reading) == {"title": "City trees", "collection_count": 1, "license": CC} and not reading.complete


def test_what_nobody_says_is_absent_and_named(web: WebWithout) -> None:
    """A collection that does not say how many, and a part that fails, leave the reading incomplete."""
    pages = SERVICE | {
        f"{BASE}/collections/trees/items?limit=1": items(None),
        f"{BASE}/conformance": (500, {}, b"oh"),
    }
    reading = read(web(pages))
    assert plain(reading)["feature_count"] == 45 and not reading.complete
    assert reading.scope.endswith("; not read: conformance (server-error), the number of features of 1")
    reading = read(web({BASE: SERVICE[BASE]}))
    assert plain(reading) == {"title": "Maps of Lindenford"}
    assert reading.scope == "landing page; not read: conformance (not-captured), collections (not-captured)"


def test_more_collections_than_listed_are_not_called_complete(web: WebWithout) -> None:
    """A list in pages counts what it announces, and the scope says that some pages were not read."""
    listed = SERVICE[f"{BASE}/collections"] | {"numberMatched": 90, "links": [{"rel": "next", "href": "x"}]}
    reading = read(web(SERVICE | {f"{BASE}/collections": listed}))
    assert plain(reading)["collection_count"] == 90 and not reading.complete
    assert reading.scope.endswith("; not read: further pages of collections")


def test_licences_that_differ_are_not_made_one(web: WebWithout) -> None:
    """Only what the landing page says, or all collections that say anything, is the service's licence."""
    other = {"id": "trees", "links": [{"rel": "license", "href": "https://other.example/"}, {"rel": "items"}]}
    mixed = SERVICE | {f"{BASE}/collections": {"collections": [other, collection("bike lanes")]}}
    assert "license" not in plain(read(web(mixed)))
    own = SERVICE[BASE] | {"links": [*SERVICE[BASE]["links"], {"rel": "license", "title": "Open licence"}]}
    assert plain(read(web(mixed | {BASE: own})))["license"] == "Open licence"


def test_a_service_without_collections_is_empty(web: WebWithout) -> None:
    """It answered in the right form, and offers nothing."""
    reading = read(web(SERVICE | {f"{BASE}/collections": {"collections": []}}))
    assert reading.empty and plain(reading)["collection_count"] == 0


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html>Sign in</html>", "not-the-declared-format"),
    (b'{"links": [{"rel": "stylesheet", "href": "x"}]}', "not-the-declared-format"),
    (b'{"databases": []}', "not-the-declared-format"),
    (b'{"conformsTo": "https://city.example/schema", "dataset": []}', "not-the-declared-format"),
    (b'{"error": {"code": 499, "message": "Token required"}}', "api-error"),
    (b'{"title": "Maps", "links": [', "malformed"),
])  # fmt: skip
def test_what_is_no_map_data_service_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """A web page, another interface, a message and broken JSON each get their reason."""
    with pytest.raises(Unreadable) as caught:
        read(web({BASE: body}))
    assert caught.value.reason == reason


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_services_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever is changed in any answer, a service is read or refused with a reason, and nothing else happens."""
    pages = copy.deepcopy(SERVICE)
    odd: st.SearchStrategy[Any] = st.sampled_from([None, 7, -1, 1e300, "x", [], {}, [7], [{}], {"rel": []}, True])
    for _ in range(data.draw(st.integers(1, 4))):
        url = data.draw(st.sampled_from(sorted(pages)))
        if isinstance(pages[url], bytes):
            continue
        inner = [item for key in ("links", "collections") for item in pages[url].get(key) or [] if item]
        place = data.draw(st.sampled_from([pages[url], *inner]))
        if data.draw(st.booleans()) and isinstance(place, dict) and place:
            place[data.draw(st.sampled_from(sorted(place)))] = data.draw(odd)
            if not all(isinstance(pages[url].get(key, []), list) for key in ("links", "collections")):
                pages[url] = json.dumps(pages[url]).encode()
        else:
            body = json.dumps(pages[url]).encode()
            pages[url] = body[: data.draw(st.integers(0, len(body)))]
    try:
        assert read(web(pages)).scope
    except Unreadable as error:
        assert error.message


def test_real_items_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded items give the number and the time that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = [entry for entry in entries if entry["protocol"].startswith("OGC API Features items")]
    assert found
    for entry in found:
        url = f"https://a.example/{entry['file']}"
        reading = read(web({url: (shared / "wire" / entry["file"]).read_bytes()}), url)
        expected, values = entry["expected"], plain(reading)
        matched = expected["number_matched"]
        assert values["feature_count"] == (expected["features"] if matched is None else matched)
        assert values.get("response_timestamp") == expected["timestamp"]
        assert reading.complete == (expected["features"] >= (matched or 0) and not expected["next_link"])


@pytest.mark.parametrize(("href", "found"), [
    ("lists/all.json", 1), ("https://a.example/lists/all.json", 1), ("https://other.example/lists/all.json", None),
    ("https://[", None), (None, None),
])  # fmt: skip
def test_collections_are_found_by_their_link(href: Any, found: int | None, fake_web: type[Any]) -> None:
    """Where they are not at their standard place, the landing page's link on the same server is followed."""
    landing = {"title": "Maps", "conformsTo": [], "links": [{"rel": "data", "href": href}]}
    pages: dict[str, Any] = {"https://a.example/": landing, "https://a.example/collections": (404, {}, b""),
             "https://a.example/lists/all.json": {"collections": [{"id": "trees"}], "links": []}}  # fmt: skip
    reading = read(fake_web(pages), "https://a.example/")
    listed = reading.measurements.get("collection_count")
    assert (listed.value if listed else None) == found
