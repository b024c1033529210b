"""What is read of a sensor service, of one page of it alone, and what a part that fails does not spoil."""

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
from builder.probes import sensorthings

WebWithout = Callable[[dict[str, Any]], Web]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST = "https://sensors.lindenford.example/frost"
BASE = f"{HOST}/v1.1"
UUID = "0193a0de-0000-7000-8000-000000000001"
THINGS = f"{BASE}/Things?$count=true&$top=1"
STREAMS = f"{BASE}/Datastreams?$count=true&$top=100"
PROPERTIES = f"{BASE}/ObservedProperties?$count=true&$top=100"
NEWEST = f"{BASE}/Observations?$orderby=phenomenonTime desc&$top=1"
STREAM = {"@iot.id": UUID, "name": "PM2.5 there", "unitOfMeasurement": {"name": "microgram", "symbol": "ug/m3"},
          "phenomenonTime": "2026-01-01T00:00:00Z/2026-11-20T00:00:00Z"}  # fmt: skip
SERVICE: dict[str, Any] = {
    BASE: {"value": [{"name": "Things", "url": f"{BASE}/Things"}, {"name": "Sensors", "url": f"{BASE}/Sensors"}]},
    THINGS: {"@iot.count": 214, "value": [{"@iot.id": UUID, "name": "Station"}], "@iot.nextLink": f"{BASE}/Things"},
    STREAMS: {"@iot.count": 3, "value": [
        STREAM, {"@iot.id": "b", "unitOfMeasurement": {"name": "Degree Celsius", "symbol": ""}},
        {"@iot.id": "c", "unitOfMeasurement": None}]},
    PROPERTIES: {"value": [{"@iot.id": 1, "name": "PM2.5"}, {"@iot.id": 2, "name": "Air\ntemperature"}]},
    NEWEST: {"value": [{"@iot.id": UUID, "result": 7.5, "resultTime": "2026-11-21T11:30:00Z",
                        "phenomenonTime": "2026-11-21T11:00:00+01:00/2026-11-21T12:00:00+01:00"}]},
}  # fmt: skip


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = BASE) -> Reading:
    """Read a service."""
    return asyncio.run(sensorthings.read(Target(url, NOW), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def test_a_service_is_read(web: WebWithout) -> None:
    """Announced counts, the end of the newest observation's interval, what is observed and in which units."""
    reading = read(web(SERVICE))
    assert plain(reading) == {
        "version": "v1.1", "thing_count": 214, "datastream_count": 3, "observation_latest": "2026-11-21T11:00:00Z",
        "observed_properties": ["Air temperature", "PM2.5"], "units": ["Degree Celsius", "ug/m3"],
    }  # fmt: skip
    where = {name: (measurement.pointer, measurement.capture) for name, measurement in reading.measurements.items()}
    assert where["thing_count"] == ("$['@iot.count']", 1)
    assert where["observation_latest"] == ("$.value[0].phenomenonTime", 4)
    assert reading.complete and not reading.empty
    assert reading.scope == "Things, Datastreams, ObservedProperties, Observations"


@pytest.mark.parametrize("url", [
    f"{BASE}/Things?$expand=Datastreams($top=1)", f"{BASE}/Datastreams('{UUID}')/Observations", f"{HOST}/", BASE,
])  # fmt: skip
def test_the_address_of_one_call_or_none_leads_to_the_base(web: WebWithout, url: str) -> None:
    """A call is cut back to the base; a bare prefix gets the version behind it; ids are never made into addresses."""
    assert plain(read(web(SERVICE | {f"{BASE}/": SERVICE[BASE]}), url))["thing_count"] == 214


def test_version_1_0_is_tried_after_1_1(web: WebWithout) -> None:
    """An older service under a bare prefix is found, and says so."""
    pages = {url.replace("v1.1", "v1.0"): page for url, page in SERVICE.items()} | {f"{HOST}/v1.0/": SERVICE[BASE]}
    assert plain(read(web(pages), f"{HOST}/"))["version"] == "v1.0"


def test_a_page_served_alone_is_read_for_what_it_holds(web: WebWithout) -> None:
    """Things with their streams inside: counted on the page, newest instant of all, never called complete."""
    url = f"{BASE}/Things?$expand=Datastreams"
    stream = STREAM | {"Observations": [{"result": 1, "phenomenonTime": "2026-11-21T10:00:00Z"}],
                       "resultTime": "2026-11-01T00:00:00Z/2026-11-21T10:00:01.5Z"}  # fmt: skip
    page = {"value": [{"@iot.id": UUID, "Datastreams": [stream, STREAM]}], "@iot.nextLink": "https://next.example/"}
    reading = read(web({url: page}), url)
    assert plain(reading) == {
        "thing_count": 1, "datastream_count": 2, "observation_latest": "2026-11-21T10:00:01.5Z", "units": ["ug/m3"],
    }  # fmt: skip
    assert reading.measurements["observation_latest"].pointer == "$.value[0].Datastreams[0].resultTime"
    assert not reading.complete and reading.scope == "one page of 1 entity; more follow it"
    assert plain(read(web({url: page | {"@iot.count": 9}}), url))["thing_count"] == 9
    one = f"{BASE}/Datastreams('{UUID}')"
    assert plain(read(web({one: STREAM}), one))["observation_latest"] == "2026-11-20T00:00:00Z"


def test_observations_in_rows_are_understood(web: WebWithout) -> None:
    """A page of values under the names of their columns tells how new the newest is."""
    url = f"{BASE}/Observations?$resultFormat=dataArray"
    rows = [["2026-11-20T00:00:00Z", 4], ["2026-11-21T09:00:00Z", 5], "odd", []]
    page = {"value": [{"Datastream@iot.navigationLink": "x", "components": ["phenomenonTime", "result"],
                       "dataArray": rows}]}  # fmt: skip
    latest = read(web({url: page}), url).measurements["observation_latest"]
    assert (latest.value, latest.pointer) == ("2026-11-21T09:00:00Z", "$.value[0].dataArray[1].phenomenonTime")


def test_a_forecast_does_not_hide_the_newest_observation(web: WebWithout) -> None:
    """Where the newest is yet to happen, the newest that has happened is asked for."""
    future = {"value": [{"@iot.id": 1, "result": 1, "phenomenonTime": "2026-12-01T00:00:00Z"}]}
    past = f"{NEWEST}&$filter=phenomenonTime le 2026-11-21T12:00:00Z"
    assert plain(read(web(SERVICE | {NEWEST: future, past: SERVICE[NEWEST]})))["observation_latest"] == (
        "2026-11-21T11:00:00Z"
    )
    assert plain(read(web(SERVICE | {NEWEST: future})))["observation_latest"] == "2026-12-01T00:00:00Z"


def test_a_question_that_fails_does_not_spoil_the_rest(web: WebWithout) -> None:
    """Captures are counted right past failures, and the data streams' own word stands in for the observations."""
    reading = read(web(SERVICE | {THINGS: (500, {}, b"oh"), NEWEST: (504, {}, b"slow")}))
    assert not reading.complete and "thing_count" not in reading.measurements
    assert reading.scope == (
        "Datastreams, ObservedProperties; not read: Things (server-error), Observations (server-error)"
    )
    latest = reading.measurements["observation_latest"]
    assert (latest.value, latest.pointer, latest.capture) == ("2026-11-20T00:00:00Z", "$.value[0].phenomenonTime", 2)
    with pytest.raises(Unreadable) as caught:
        read(web({BASE: SERVICE[BASE]}))
    assert caught.value.reason == "not-captured"


def test_numbers_nobody_states_are_absent(web: WebWithout) -> None:
    """Without an announced count a list that goes on is not counted; one that ends is."""
    pages = SERVICE | {THINGS: {"value": [{"@iot.id": 1}], "@iot.nextLink": "x"}, STREAMS: {"value": [STREAM]}}
    values = plain(read(web(pages)))
    assert "thing_count" not in values and values["datastream_count"] == 1


def test_a_service_without_things_is_empty(web: WebWithout) -> None:
    """It answered in the right form, and holds nothing."""
    nothing = {"@iot.count": 0, "value": []}
    assert read(web({BASE: SERVICE[BASE], **dict.fromkeys((THINGS, STREAMS, PROPERTIES, NEWEST), nothing)})).empty
    assert read(web({f"{BASE}/Things": {"value": []}}), f"{BASE}/Things").empty


def test_a_server_that_cannot_sort_by_an_interval_is_asked_for_the_newest_results(web: WebWithout) -> None:
    """The newest that happened among the newest results stands in, and the reading is whole."""
    page = {
        "value": [{"@iot.id": 1, "result": 1, "phenomenonTime": f"2026-11-{day}T00:00:00Z"} for day in (18, 20, 19)]
    }
    results: dict[str, Any] = {NEWEST: (500, {}, b"{}"), f"{BASE}/Observations?$orderby=resultTime desc&$top=100": page}
    reading = read(web(SERVICE | results))
    assert reading.complete and reading.measurements["observation_latest"].pointer == "$.value[1].phenomenonTime"
    assert reading.measurements["observation_latest"].capture == 5


def test_the_base_is_known_by_one_spelling_only(web: WebWithout) -> None:
    """A base that answers with a slash is found without one, and the other way round."""
    slashed = {f"{BASE}/" if url == BASE else url: page for url, page in SERVICE.items()}
    assert read(web(slashed)).complete and read(web(SERVICE), f"{BASE}/").complete
    assert read(web(slashed), f"{HOST}/").complete


@pytest.mark.parametrize(("body", "reason"), [
    (b"<!DOCTYPE html><title>FROST</title>", "not-the-declared-format"),
    (b"[]", "not-the-declared-format"),
    (b'{"value": [{"name": "Customers", "url": "Customers"}]}', "not-the-declared-format"),
    (b'{"value": "none"}', "not-the-declared-format"),
    (b'{"code": 404, "type": "error", "message": "Nothing found."}', "api-error"),
    (b'{"value": [{"name": "Things", ', "malformed"),
])  # fmt: skip
def test_what_is_no_sensor_service_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """A web page, another interface's list and broken JSON each get their reason, with the exchange named."""
    with pytest.raises(Unreadable) as caught:
        read(web({BASE: body}))
    assert caught.value.reason == reason and caught.value.capture is not None


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_services_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever is changed in any answer, a service is read or refused with a reason, and nothing else happens."""
    pages = copy.deepcopy(SERVICE)
    odd: st.SearchStrategy[Any] = st.sampled_from(
        [None, 7, -1, 1e300, "x", "a/b", [], {}, [7], [{}], {"value": 1}, True]
    )
    for _ in range(data.draw(st.integers(1, 4))):
        url = data.draw(st.sampled_from(sorted(pages)))
        if not isinstance(pages[url], dict):
            continue
        place = data.draw(st.sampled_from([pages[url], *(x for x in pages[url].get("value") or [] if x)]))
        if data.draw(st.booleans()) and isinstance(place, dict) and place:
            place[data.draw(st.sampled_from(sorted(place)))] = data.draw(odd)
            pages[url] = pages[url] if isinstance(pages[url].get("value"), list) else json.dumps(pages[url]).encode()
        else:
            body = json.dumps(pages[url]).encode()
            pages[url] = body[: data.draw(st.integers(0, len(body)))]
    try:
        assert read(web(pages)).scope
    except Unreadable as error:
        assert error.message


def test_real_pages_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded pages give the counts and the newest instant that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = [entry for entry in entries if entry["protocol"].startswith("sensorthings")]
    assert found
    for entry in found:
        url = f"https://a.example/{entry['file']}"
        reading = read(web({url: (shared / "wire" / entry["file"]).read_bytes()}), url)
        expected, values = entry["expected"], plain(reading)
        assert values["thing_count"] == expected["entities"]
        assert values["datastream_count"] == expected["datastreams_inline"]
        assert values["observation_latest"] == expected["newest_time"]
        assert reading.complete == (not expected["next_link"])
