"""What is read of a service request interface: services, requests and days to close, in JSON and XML."""

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
from builder.probes import open311

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BASE = "https://lindenford.example/open311/v2"
SERVICES = [{"service_code": "1", "service_name": "Pothole"}, {"service_code": "2", "service_name": "Lamp"}]


def request(number: int, status: str, requested: str | None, updated: str | None = None) -> dict[str, Any]:
    """One request."""
    return {"service_request_id": number, "status": status, "service_code": "1",
            "requested_datetime": requested, "updated_datetime": updated}  # fmt: skip


REQUESTS = [
    request(3, "open", "2026-11-20T09:00:00+01:00", "2026-11-20T10:00:00Z"),
    request(2, "Closed", "2026-11-01T08:00:00Z", "2026-11-05T08:00:00Z"),
    request(1, "closed", "2026-11-01T08:00:00Z", "2026-11-02T20:00:00Z"),
]
DISCOVERY = {"changeset": "2026-01-01", "endpoints": [
    {"specification": "http://wiki.open311.org/GeoReport_v2", "url": f"{BASE}/test", "type": "test"},
    {"specification": "http://wiki.open311.org/GeoReport_v2", "url": BASE, "type": "production",
     "formats": ["application/json"]},
    {"specification": "http://wiki.open311.org/GeoReport_v1", "url": "https://old.example/v1", "type": "production"},
]}  # fmt: skip
IN_JSON = {f"{BASE}/services.json": SERVICES, f"{BASE}/requests.json": REQUESTS}


def xml(root: str, item: str, items: list[dict[str, Any]]) -> str:
    """The XML form of a list."""
    fields = ["".join(f"<{key}>{value}</{key}>" for key, value in one.items() if value) for one in items]
    return f"<?xml version='1.0'?><{root}>{''.join(f'<{item}>{one}</{item}>' for one in fields)}</{root}>"


IN_XML = {
    f"{BASE}/services.xml": xml("services", "service", SERVICES),
    f"{BASE}/requests.xml": xml("service_requests", "request", REQUESTS),
}
FIGURES = {
    "service_count": 2, "request_count": 3, "closed_count": 2,
    "requested_latest": "2026-11-20T08:00:00Z", "requested_earliest": "2026-11-01T08:00:00Z",
    "updated_latest": "2026-11-20T10:00:00Z", "median_days_to_close": 2.75,
}  # fmt: skip


def read(web: Any, url: str = f"{BASE}/") -> Reading:
    """Read a service."""
    return asyncio.run(open311.read(Target(url, NOW), web))


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


@pytest.mark.parametrize("pages", [IN_JSON, IN_XML])
def test_both_forms_give_the_same_figures(fake_web: Any, pages: dict[str, Any]) -> None:
    """Services, requests and the median of days, whose unit is told; discovery is not needed to be complete."""
    reading = read(fake_web(pages))
    assert values(reading) == FIGURES and reading.complete
    assert reading.scope == "services, requests; not read: discovery (not-captured)"
    assert reading.measurements["median_days_to_close"].unit == "d"


@pytest.mark.parametrize("requests", [
    (403, {}, b""), (404, {}, b""), SERVICES, {"errors": [{"code": 400, "description": "jurisdiction_id missing"}]},
    b"<html>Log in</html>",
])  # fmt: skip
def test_requests_are_counted_only_where_they_are_listed(fake_web: Any, requests: Any) -> None:
    """An interface that takes reports and shows none tells no count of them."""
    found = values(read(fake_web({f"{BASE}/services.json": SERVICES, f"{BASE}/requests.json": requests})))
    assert found == {"service_count": 2}


def test_what_stands_among_requests_and_is_none_is_not_counted(fake_web: Any) -> None:
    """A request has an id or a moment at which it was made."""
    listed = [*REQUESTS, {"service_code": "1", "status": "closed"}]
    reading = read(fake_web({f"{BASE}/services.json": SERVICES, f"{BASE}/requests.json": listed}))
    assert values(reading) == FIGURES


@pytest.mark.parametrize("file", ["services.json", "requests.json", "requests/17.json", "services", "requests"])
def test_the_address_of_a_call_leads_to_the_others(fake_web: Any, file: str) -> None:
    """Whichever call a person wrote down, the whole service is read."""
    assert values(read(fake_web(IN_JSON), f"{BASE}/{file}")) == FIGURES


def test_one_recorded_answer_is_read_for_what_it_offers(fake_web: Any) -> None:
    """A file of requests under another name gives their figures; services are absent, and the reading says so."""
    reading = read(
        fake_web({"https://a.example/x/town.requests.json": REQUESTS}), "https://a.example/x/town.requests.json"
    )
    assert "service_count" not in values(reading) and values(reading)["request_count"] == 3
    assert not reading.complete
    assert reading.scope == "requests; not read: services (not-captured), discovery (not-captured)"


@pytest.mark.parametrize(("url", "discovery"), [
    (f"{BASE}/discovery.json", f"{BASE}/discovery.json"),
    (f"{BASE}/", f"{BASE}/discovery.json"),
    (f"{BASE}/", "https://lindenford.example/open311/discovery.json"),
])  # fmt: skip
def test_endpoints_are_counted(fake_web: Any, url: str, discovery: str) -> None:
    """The discovery file lies beside the calls or a folder above them; old and test endpoints are counted too."""
    reading = read(fake_web({**IN_JSON, discovery: DISCOVERY}), url)
    assert values(reading) == {**FIGURES, "endpoint_count": 3}
    assert reading.scope == "services, requests, discovery"


def test_discovery_leads_to_the_service(fake_web: Any) -> None:
    """A portal's address without calls is read through its discovery file, production before test, XML as well."""
    v2 = f"<specification>GeoReport_v2</specification><url>{BASE}</url><type>production</type>"
    # The first endpoint is one without an address.
    told = f"<discovery><endpoints><endpoint/><endpoint>{v2}<formats><format>text/xml</format></formats></endpoint>"
    told += "</endpoints></discovery>"
    web = fake_web({**IN_XML, "https://portal.example/discovery.xml": told})
    reading = read(web, "https://portal.example/")
    assert values(reading) == {**FIGURES, "endpoint_count": 1 + 1}
    assert f"{BASE}/services.json" not in web.asked


def test_the_jurisdiction_is_told_with_every_call(fake_web: Any) -> None:
    """Other parameters of the address belong to one call and are dropped."""
    told = "?jurisdiction_id=lindenford.example"
    web = fake_web({f"{url}{told}": page for url, page in IN_JSON.items()})
    assert values(read(web, f"{BASE}/requests.json{told}")) == FIGURES
    assert values(read(web, f"{BASE}/{told}&extra=1")) == FIGURES


def test_without_closed_requests_there_is_no_median(fake_web: Any) -> None:
    """Open ones, those without both dates and those closed before they were made tell nothing of closing."""
    odd = [request(1, "open", "2026-11-01", "2026-11-02"), request(2, "closed", "2026-11-02", None),
           request(3, "closed", "2026-11-02", "2026-11-01")]  # fmt: skip
    found = values(read(fake_web({**IN_JSON, f"{BASE}/requests.json": odd})))
    assert found["closed_count"] == 2 and "median_days_to_close" not in found
    assert (found["requested_earliest"], found["requested_latest"]) == ("2026-11-01", "2026-11-02")


def test_the_older_wrappings_are_read(fake_web: Any) -> None:
    """Lists inside an object, and a discovery file in the XML's form."""
    pages = {f"{BASE}/services.json": {"services": SERVICES}, f"{BASE}/requests.json": {"service_requests": REQUESTS},
             f"{BASE}/discovery.json": {"discovery": {"endpoints": {"endpoint": DISCOVERY["endpoints"]}}}}  # fmt: skip
    assert values(read(fake_web(pages))) == {**FIGURES, "endpoint_count": 3}


@pytest.mark.parametrize("wrapped", [
    {"requests": [{"request": one} for one in REQUESTS]},
    {"service_requests": {"request": REQUESTS}},
    [{"service_request": one} for one in REQUESTS],
])  # fmt: skip
def test_requests_wrapped_one_by_one_are_read(fake_web: Any, wrapped: Any) -> None:
    """Some services write the XML's form in JSON, each request inside its own name."""
    assert values(read(fake_web({**IN_JSON, f"{BASE}/requests.json": wrapped}))) == FIGURES


def test_a_service_out_of_reach_is_tried_once(fake_web: Any) -> None:
    """Where discovery leads to a host that cannot be reached, its other calls are not tried as well."""
    unreachable = Unreadable(Reason.CONNECTION_FAILED, "no connection")
    web = fake_web({"https://a.example/discovery.json": DISCOVERY, f"{BASE}/services.json": unreachable})
    reading = read(web, "https://a.example/discovery.json")
    assert len(web.asked) == 2 and values(reading) == {"endpoint_count": 3}
    assert reading.scope == "discovery; not read: services (connection-failed), requests (connection-failed)"


def test_nil_fields_say_nothing(fake_web: Any) -> None:
    """An XML field that says it is nil is no date."""
    body = IN_XML[f"{BASE}/requests.xml"].replace("</status>", "</status><updated_datetime nil='true'/>")
    assert values(read(fake_web({**IN_XML, f"{BASE}/requests.xml": body})))["request_count"] == 3


def test_a_service_with_nothing_is_empty(fake_web: Any) -> None:
    """Empty lists are in order, and hold nothing."""
    reading = read(fake_web({f"{BASE}/services.json": [], f"{BASE}/requests.xml": "<service_requests/>"}))
    assert reading.empty and values(reading)["service_count"] == 0 and values(reading)["request_count"] == 0


def test_a_server_that_lets_nobody_in_is_asked_once(fake_web: Any) -> None:
    """A fault between us and the source is told as it is, and not asked for again in other words."""
    web = fake_web({f"{BASE}/services.json": (403, {}, b"")})
    with pytest.raises(Unreadable) as caught:
        read(web)
    assert caught.value.reason == "forbidden" and len(web.asked) == 1


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html><body>311</body></html>", "not-the-declared-format"),
    (b"<rss/>", "not-the-declared-format"),
    (b"<services><plan/></services>", "not-the-declared-format"),
    ([{"name": "x"}], "not-the-declared-format"),
    ([], "not-the-declared-format"),
    ({"services": 7}, "not-the-declared-format"),
    ([{"code": "400", "description": "jurisdiction_id was not provided"}], "api-error"),
    ({"errors": [{"code": 400, "description": "no"}]}, "api-error"),
    (b"<errors><error><code>400</code><description>no</description></error></errors>", "api-error"),
    (b'[{"service_code":', "malformed"),
    (b"<services><service>", "malformed"),
    (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><services>&a;</services>', "malformed"),
    (b"", "not-the-declared-format"),
])  # fmt: skip
def test_what_is_no_such_service_is_refused(fake_web: Any, body: Any, reason: str) -> None:
    """Each has its reason, and the exchange that showed it."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web({"https://a.example/x.json": body}), "https://a.example/x.json")
    assert caught.value.reason == reason and caught.value.capture is not None


def test_real_services_agree_with_an_independent_reading(shared: Path, fake_web: Any) -> None:
    """Recorded answers, each served alone, give the counts and dates that another program read in the same bytes."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    recorded = [entry for entry in entries if entry["file"].startswith("open311/")]
    assert recorded
    for entry in recorded:
        url = f"https://a.example/{entry['file']}"
        reading, expected = (
            read(fake_web({url: (shared / "wire" / entry["file"]).read_bytes()}), url),
            entry["expected"],
        )
        found = values(reading)
        assert not reading.complete
        assert found.get("service_count") == expected.get("services")
        assert found.get("request_count") == expected.get("requests")
        assert found.get("endpoint_count") == (len(expected["endpoints"]) if "endpoints" in expected else None)
        for ours, theirs in (("requested_latest", "newest_requested"), ("updated_latest", "newest_updated")):
            if theirs in expected:
                stated = datetime.fromisoformat(expected[theirs])
                stated = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
                assert datetime.fromisoformat(found[ours]) == stated
        if "status" in expected:
            closed = sum(count for status, count in expected["status"].items() if status.lower() == "closed")
            assert found["closed_count"] == closed


def test_a_page_at_the_address_of_a_file_is_called_one(fake_web: Any) -> None:
    """An address that ends like a page's is read as given: what lies there is told, not that something else is not."""
    url = "https://lindenford.example/report.html"
    with pytest.raises(Unreadable) as caught:
        read(fake_web({url: "<!doctype html><title>Report it</title>"}), url)
    assert caught.value.reason == "not-the-declared-format"
