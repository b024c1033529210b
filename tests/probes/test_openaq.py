"""What is read of public air measurements: near a place, at an address as given, with a key and without."""

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
from builder.model.capture import Answer, Request
from builder.model.observation import Near, Reading, Target
from builder.model.web import Web
from builder.probes import openaq

WebWithout = Callable[[dict[str, Any]], Web]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOST = "https://air.example"
PLACE = Near("xx-lindenford", 51.5, 0.25, 40.0)
AROUND = f"{HOST}/v3/locations?coordinates=51.5,0.25&radius=25000&limit=1000"


def sensor(id: int, name: str, units: str) -> dict[str, Any]:
    """A sensor as a location lists it."""
    return {"id": id, "parameter": {"name": name, "units": units}}


def station(id: int, last: str, *sensors: dict[str, Any]) -> dict[str, Any]:
    """A location as version 3 lists it."""
    return {"id": id, "sensors": list(sensors), "datetimeLast": {"utc": last}}


def value(sensor: int, number: object, when: str) -> dict[str, Any]:
    """One latest value, which names its sensor only."""
    return {"sensorsId": sensor, "value": number, "datetime": {"utc": when}}


STATIONS: dict[str, Any] = {
    AROUND: {"meta": {"found": 4, "limit": 1000}, "results": [
        station(1, "2026-11-21T10:00:00Z", sensor(11, "pm25", "µg/m³"), sensor(12, "no2", "ppm")),
        station(2, "2026-11-21T11:00:00Z", sensor(21, "pm25", "\u03bcg/m3"), sensor(22, "no2", "µg/m³")),
        station(3, "2019-01-01T00:00:00Z", sensor(31, "pm25", "µg/m³")),
        station(4, "2026-11-21T11:00:00Z", sensor(41, "o3", "ppm"))]},
    f"{HOST}/v3/locations/1/latest": {"results": [
        value(11, 10, "2026-11-21T10:00:00Z"), value(12, 0.02, "2026-11-21T10:00:00Z")]},
    f"{HOST}/v3/locations/2/latest": {"results": [
        value(21, 5.5, "2026-11-21T11:00:00Z"), value(22, -99, "2026-11-21T11:00:00Z"),
        value(21, 500, "2026-11-01T00:00:00Z"), value(99, 7, "2026-11-21T11:00:00Z")]},
}  # fmt: skip


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = f"{HOST}/", near: tuple[Near, ...] = (), key: str | None = None) -> Reading:
    """Read the interface."""
    return asyncio.run(openaq.read(Target(url, NOW, near=near, key=key), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


@pytest.mark.parametrize("url", [HOST, f"{HOST}/", f"{HOST}/v3", f"{HOST}/v3/locations"])
def test_the_stations_near_a_place_are_read(web: WebWithout, url: str) -> None:
    """Means over the values of the last day in one unit; ppm, -99, what is old and what nobody names are left out."""
    fake: Any = web(STATIONS)
    reading = read(fake, url, (PLACE,))
    assert dict(reading.measurements) == {} and reading.complete
    near = reading.near[PLACE.key]
    assert {name: measurement.value for name, measurement in near.items()} == {
        "location_count": 4, "observation_latest": "2026-11-21T11:00:00Z", "pm25_mean": 7.75,
    }  # fmt: skip
    assert near["pm25_mean"].unit == "ug/m3" and near["pm25_mean"].capture == 1
    assert not any("locations/3" in asked for asked in fake.asked)  # silent for years
    assert reading.scope == (
        "4 locations, the latest values of 2 of the 2 that report PM2.5 or NO2 in ug/m3, within at most 25 km"
    )


def test_each_place_has_its_own_measurements(web: WebWithout) -> None:
    """Two cities share one interface; one place that cannot be read does not spoil the other."""
    quiet = Near("xx-quiet", 10.0, 10.0, 5.0)
    lost = Near("xx-lost", 20.0, 20.0, 5.0)
    nothing = f"{HOST}/v3/locations?coordinates=10.0,10.0&radius=5000&limit=1000"
    pages = STATIONS | {nothing: {"meta": {"found": 0}, "results": []}}
    reading = read(web(pages), near=(PLACE, quiet, lost))
    assert sorted(reading.near) == [PLACE.key, quiet.key] and not reading.complete
    assert reading.near[quiet.key]["location_count"].value == 0


def test_an_address_that_says_what_it_wants_is_read_as_given(web: WebWithout) -> None:
    """A page of measurements: the mean over all of them, the end of the newest period; a box is a place of its own."""
    url = f"{HOST}/v3/sensors/5/measurements"
    hours = [
        {"value": number, "parameter": {"name": "no2", "units": "µg/m³"},
         "period": {"datetimeFrom": {"utc": start}, "datetimeTo": {"utc": end}}}
        for number, start, end in ((20, "2026-11-21T09:00:00Z", "2026-11-21T10:00:00Z"),
                                   (21, "2026-11-21T10:00:00Z", "2026-11-21T11:00:00+00:00"))]  # fmt: skip
    reading = read(web({url: {"meta": {"found": 2}, "results": hours}}), url, (PLACE,))
    assert plain(reading) == {"observation_latest": "2026-11-21T11:00:00Z", "no2_mean": 20.5}
    assert reading.complete and not reading.near
    box = f"{HOST}/v3/locations?bbox=0,51,1,52"
    assert plain(read(web(STATIONS | {box: STATIONS[AROUND]}), box, (PLACE,)))["pm25_mean"] == 7.75


def test_a_part_of_one_location_is_read_with_the_units_of_its_sensors(web: WebWithout) -> None:
    """Latest values name no units, so their location is asked first; served alone, they still tell how fresh it is."""
    pages = STATIONS | {f"{HOST}/v3/locations/1": {"results": [STATIONS[AROUND]["results"][0]]}}
    url = f"{HOST}/v3/locations/1/latest"
    assert plain(read(web(pages), url)) == {
        "location_count": 1, "observation_latest": "2026-11-21T10:00:00Z", "pm25_mean": 10.0,
    }  # fmt: skip
    alone = {url: STATIONS[url]}
    assert plain(read(web(alone), url)) == {"observation_latest": "2026-11-21T10:00:00Z"}


def test_answers_of_older_versions_are_understood(web: WebWithout) -> None:
    """Locations with their latest values inside, units beside each; more announced than listed is not complete."""
    url = f"{HOST}/v1/latest?limit=1"
    page = {"meta": {"found": 900, "limit": 1}, "results": [{"location": "Linden", "measurements": [
        {"parameter": "pm25", "value": 8, "unit": "µg/m³", "lastUpdated": "2020-03-01T10:00:00.000Z"},
        {"parameter": "no2", "value": -99, "unit": "µg/m³", "lastUpdated": "2020-03-01T11:00:00.000Z"}]}]}  # fmt: skip
    reading = read(web({url: page}), url)
    assert plain(reading) == {
        "location_count": 900, "observation_latest": "2020-03-01T11:00:00Z", "pm25_mean": 8.0,
    }  # fmt: skip
    assert not reading.complete and reading.scope == "1 of 900 locations"


def test_the_key_goes_along_in_a_header(web: WebWithout) -> None:
    """Each question carries the key where it belongs, and never in the address, which is kept."""

    class Watching:
        """Notes the headers of each question."""

        def __init__(self) -> None:
            self.web: Any = web(STATIONS)
            self.headers: list[dict[str, str]] = []

        async def get(self, request: Request) -> Answer:
            self.headers.append(dict(request.headers))
            answer: Answer = await self.web.get(request)
            return answer

    watching = Watching()
    read(watching, near=(PLACE,), key=" k3y ")
    assert watching.headers == [{"X-API-Key": "k3y"}] * 3
    assert not any("k3y" in asked for asked in watching.web.asked)
    with pytest.raises(Unreadable) as caught:
        read(web(STATIONS), near=(PLACE,), key="two\nlines")
    assert caught.value.reason == "needs-key" and "two" not in caught.value.message


def test_a_refusal_without_a_key_is_our_lack_of_one(web: WebWithout) -> None:
    """Asked without a key, it says that it wants one; asked with one, that this one did not open it."""
    pages: dict[str, Any] = {AROUND: (401, {}, b'{"message": "Unauthorized"}')}
    for key, reason in ((None, "needs-key"), ("k3y", "auth-required")):
        with pytest.raises(Unreadable) as caught:
            read(web(pages), near=(PLACE,), key=key)
        assert caught.value.reason == reason and caught.value.capture is not None


@pytest.mark.parametrize(("body", "reason"), [
    (b"<html>OpenAQ Explorer</html>", "not-the-declared-format"),
    (b'{"results": ["a"]}', "not-the-declared-format"),
    (b'{"meta": {}}', "not-the-declared-format"),
    (b'{"meta": {"found": 1}, "results": [{"id": 7, "parameters": [], "datetimeLast": "2026-11-21"}]}',
     "not-the-declared-format"),
    (b'{"detail": [{"msg": "Input should be less than or equal to 25000"}]}', "api-error"),
    (b'{"meta": {"found": 3}, "results": [', "malformed"),
])  # fmt: skip
def test_what_is_no_list_of_results_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """A web page, other JSON, a message and broken JSON each get their reason."""
    with pytest.raises(Unreadable) as caught:
        read(web({AROUND: body}), near=(PLACE,))
    assert caught.value.reason == reason


@pytest.mark.parametrize("item", [
    {"id": 7, "name": "A country", "parameters": [], "datetimeLast": "2026-11-21T10:00:00Z"},
    {"id": 8, "name": "A maker", "instruments": []},
])  # fmt: skip
def test_another_list_of_the_interface_counts_no_location(web: WebWithout, item: dict[str, Any]) -> None:
    """A list of countries or makers is in the right form, and says nothing of locations or measurements."""
    url = f"{HOST}/v3/countries"
    reading = read(web({url: {"meta": {"name": "openaq-api", "found": 1}, "results": [item]}}), url)
    assert plain(reading) == {} and reading.scope == "1 entries, none a location or measurement"


def test_a_locations_sensors_are_no_locations(web: WebWithout) -> None:
    """The sensors of one location give their newest instant and means, and no count of locations."""
    url = f"{HOST}/v3/sensors"
    one = {**sensor(1, "pm25", "µg/m³"), "datetimeLast": {"utc": "2026-11-21T10:00:00Z"},
           "latest": {"datetime": {"utc": "2026-11-21T10:00:00Z"}, "value": 4.5}}  # fmt: skip
    reading = read(web({url: {"meta": {"found": 1}, "results": [one]}}), url)
    assert plain(reading) == {"observation_latest": "2026-11-21T10:00:00Z", "pm25_mean": 4.5}


def test_no_results_is_empty(web: WebWithout) -> None:
    """An address in order that lists nothing answered, and holds nothing."""
    url = f"{HOST}/v3/sensors/5/measurements"
    assert read(web({url: {"meta": {"found": 0}, "results": []}}), url).empty


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_answers_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever is changed in any answer, it is read or refused with a reason, and nothing else happens."""
    pages = copy.deepcopy(STATIONS)
    odd: st.SearchStrategy[Any] = st.sampled_from([None, 7, -1, 1e300, "x", ">100", [], {}, [7], [{}], True])
    for _ in range(data.draw(st.integers(1, 4))):
        url = data.draw(st.sampled_from(sorted(pages)))
        if not isinstance(pages[url], dict):
            continue
        results = [item for item in pages[url].get("results") or [] if isinstance(item, dict) and item]
        place = data.draw(st.sampled_from([pages[url], *results]))
        if data.draw(st.booleans()) and place:
            place[data.draw(st.sampled_from(sorted(place)))] = data.draw(odd)
        else:
            body = json.dumps(pages[url]).encode()
            pages[url] = body[: data.draw(st.integers(0, len(body)))]
        pages[url] = pages[url] if isinstance(pages[url], bytes) else json.loads(json.dumps(pages[url]))
        if not isinstance(pages[url], bytes) and not isinstance(pages[url].get("results"), list):
            pages[url] = json.dumps(pages[url]).encode()
    try:
        assert read(web(pages), near=(PLACE,)).scope
    except Unreadable as error:
        assert error.message


def test_real_answers_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded answers give the counts and instants that another program read, and means that a hand can check."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = [entry for entry in entries if entry["protocol"].startswith("openaq")]
    assert found
    means = {"old.latest_limit2": (76.0, 23.0), "v3.measurements": (6.75, None), "v3.locations": (None, None)}
    for entry in found:
        url = f"https://a.example/{entry['file']}"
        reading = read(web({url: (shared / "wire" / entry["file"]).read_bytes()}), url)
        expected, values = entry["expected"], plain(reading)
        if "measurements" not in entry["file"]:
            assert values["location_count"] == expected["found"]
        if newest := expected["newest_timestamp_text"]:
            assert datetime.fromisoformat(values["observation_latest"]) == datetime.fromisoformat(newest)
        name = entry["file"].removeprefix("openaq/").removesuffix(".json")
        if name in means:
            assert (values.get("pm25_mean"), values.get("no2_mean")) == means[name]
