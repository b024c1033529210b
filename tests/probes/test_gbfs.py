"""What is read of shared bikes and scooters in every version of their feeds, and what a broken part does not spoil."""

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
from builder.model.reasons import Reason
from builder.model.web import Web
from builder.probes import gbfs

WebWithout = Callable[[dict[str, Any]], Web]
BASE = "https://bikes.lindenford.example/gbfs"
NOON = 1795262400  # 2026-11-21T12:00:00Z
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def listed(*names: str) -> list[dict[str, str]]:
    """A list of feeds, each in its own file."""
    return [{"name": name, "url": f"{BASE}/en/{name}.json"} for name in names]


# Version 1.0 states no version; both docks and free bikes; the discovery file is older than the live feeds.
VERSION_1: dict[str, Any] = {
    f"{BASE}/gbfs.json": {
        "last_updated": NOON - 3600, "ttl": 60,
        "data": {"en": {"feeds": listed("system_information", "station_information", "station_status",
                                        "free_bike_status", "system_alerts")}}},
    f"{BASE}/en/system_information.json": {
        "last_updated": NOON, "data": {"system_id": "lindenbike", "license_url": "https://licence.example/open"}},
    f"{BASE}/en/station_information.json": {
        "last_updated": NOON, "data": {"stations": [{"station_id": "1"}, {"station_id": None}, {"station_id": "3"}]}},
    f"{BASE}/en/station_status.json": {
        "last_updated": NOON - 60, "data": {"stations": [
            {"station_id": "1", "num_bikes_available": 4}, {"station_id": "2", "num_bikes_available": 0},
            {"station_id": "3", "num_bikes_available": "many"}, {"station_id": "4", "num_bikes_available": 7}]}},
    f"{BASE}/en/free_bike_status.json": {
        "last_updated": NOON - 30, "data": {"bikes": [{"bike_id": "a"}, {"bike_id": "b", "is_disabled": 1}]}},
}  # fmt: skip
# Version 3.0: no languages, date-times, vehicles instead of bikes.
VERSION_3: dict[str, Any] = {
    f"{BASE}/gbfs.json": {
        "last_updated": "2026-11-21T13:00:00+01:00", "version": "3.0",
        "data": {"feeds": listed("system_information", "station_status", "vehicle_status")}},
    f"{BASE}/en/system_information.json": {
        "last_updated": "2026-11-01T00:00:00Z", "version": "3.0",
        "data": {"system_id": "lindenscoot", "license_id": "CC0-1.0", "license_url": "https://licence.example/"}},
    f"{BASE}/en/station_status.json": {
        "last_updated": "2026-11-21T11:59:00Z", "version": "3.0",
        "data": {"stations": [{"num_vehicles_available": 5, "num_bikes_available": 1}, {"num_vehicles_available": 6}]}},
    f"{BASE}/en/vehicle_status.json": {
        "last_updated": "2026-11-21T11:59:30.250Z", "version": "3.0", "data": {"vehicles": [{}, {}, {}]}},
}  # fmt: skip


@pytest.fixture
def web(fake_web: type[Any]) -> WebWithout:
    """Makes a web that holds these answers only."""
    return fake_web


def read(web: Web, url: str = f"{BASE}/gbfs.json") -> Reading:
    """Read a system."""
    return asyncio.run(gbfs.read(Target(url, NOW), web))


def plain(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measurement.value for name, measurement in reading.measurements.items()}


def changed(pages: dict[str, Any], file: str, **data: Any) -> dict[str, Any]:
    """The answers with some fields of one file's data replaced."""
    pages = copy.deepcopy(pages)
    pages[f"{BASE}/{file}.json"]["data"].update(data)
    return pages


def test_version_1_is_read(web: WebWithout) -> None:
    """Docks, free bikes, epoch seconds and a licence's address, each measurement naming the file it was read in."""
    reading = read(web(VERSION_1))
    assert plain(reading) == {
        "last_updated": "2026-11-21T11:59:30Z", "system_id": "lindenbike", "license_id": "https://licence.example/open",
        "station_count": 3, "bikes_available": 11, "vehicle_count": 2,
        "feed_names": ["free_bike_status", "station_information", "station_status", "system_alerts",
                       "system_information"],
    }  # fmt: skip
    where = {name: (measurement.pointer, measurement.capture) for name, measurement in reading.measurements.items()}
    assert where["last_updated"] == ("free_bike_status#$.last_updated", 4)
    assert where["bikes_available"] == ("station_status#$.data.stations[*].num_bikes_available", 3)
    assert where["license_id"] == ("system_information#$.data.license_url", 1)
    assert where["feed_names"] == ("gbfs.json#$.data", 0)
    assert reading.complete and not reading.empty
    assert reading.scope == "gbfs.json, system_information, station_information, station_status, free_bike_status"


def test_version_3_is_read(web: WebWithout) -> None:
    """Date-times, vehicles and a licence id; without station_information the stations are those with a status."""
    assert plain(read(web(VERSION_3))) == {
        "version": "3.0", "last_updated": "2026-11-21T11:59:30.25Z", "system_id": "lindenscoot",
        "license_id": "CC0-1.0", "station_count": 2, "bikes_available": 11, "vehicle_count": 3,
        "feed_names": ["station_status", "system_information", "vehicle_status"],
    }  # fmt: skip


def test_the_newer_of_two_vehicle_feeds_is_asked(web: WebWithout) -> None:
    """A system that lists both names for one thing is asked for the newer only, and nothing is counted twice."""
    pages = changed(VERSION_3, "gbfs", feeds=listed("vehicle_status", "free_bike_status"))
    reading = read(web(pages))
    assert reading.complete and plain(reading)["vehicle_count"] == 3


def test_the_standard_file_is_added_to_a_bare_address(web: WebWithout) -> None:
    """An address that ends in a slash gets gbfs.json; one that names a file is read as given."""
    assert plain(read(web(VERSION_3), f"{BASE}/"))["system_id"] == "lindenscoot"
    with pytest.raises(Unreadable) as caught:
        read(web(VERSION_3), f"{BASE}/discover")
    assert caught.value.reason is Reason.NOT_CAPTURED


def test_english_is_preferred_else_the_first_language(web: WebWithout) -> None:
    """Where a feed is listed in several languages it is asked for once; names of all languages are known."""
    german = [{"name": "system_information", "url": f"{BASE}/de/system_information.json"}]
    pages = {**VERSION_1, f"{BASE}/de/system_information.json": {"data": {"system_id": "lindenrad"}}}
    both = {"de": {"feeds": [*german, {"name": "gbfs_versions", "url": f"{BASE}/v.json"}]},
            "en-GB": {"feeds": listed("system_information")}}  # fmt: skip
    reading = read(web(pages | {f"{BASE}/gbfs.json": {"data": both}}))
    assert plain(reading)["system_id"] == "lindenbike"
    assert plain(reading)["feed_names"] == ["gbfs_versions", "system_information"]
    only = {"de": {"feeds": german}, "fr": {"feeds": listed("system_information")}}
    assert plain(read(web(pages | {f"{BASE}/gbfs.json": {"data": only}})))["system_id"] == "lindenrad"


@pytest.mark.parametrize(("stated", "instant"), [
    (NOON, "2026-11-21T12:00:00Z"),
    (NOON * 1000 + 500, "2026-11-21T12:00:00.5Z"),
    (str(NOON), "2026-11-21T12:00:00Z"),
    ("2026-11-21T12:00:00.000+00:00", "2026-11-21T12:00:00Z"),
    (0, None),
    ("just now", None),
    (None, None),
    (1e300, None),
])  # fmt: skip
def test_times_are_read_in_every_spelling(web: WebWithout, stated: Any, instant: str | None) -> None:
    """Seconds, milliseconds and date-times are understood; zero and words are no time at all."""
    pages = {f"{BASE}/gbfs.json": {"last_updated": stated, "data": {"feeds": []}}}
    assert plain(read(web(pages))).get("last_updated") == instant


def test_without_live_feeds_the_discovery_file_says_when(web: WebWithout) -> None:
    """What the system's description says of its own age is not how fresh the live part is."""
    pages = changed(VERSION_3, "gbfs", feeds=listed("system_information"))
    updated = read(web(pages)).measurements["last_updated"]
    assert (updated.value, updated.pointer) == ("2026-11-21T12:00:00Z", "gbfs.json#$.last_updated")


def test_a_part_that_cannot_be_read_does_not_spoil_the_rest(web: WebWithout) -> None:
    """Captures are counted right past failures, and the scope names each part that failed with its reason."""
    pages = {**VERSION_1, f"{BASE}/en/system_information.json": (503, {}, b"busy"),
             f"{BASE}/en/station_information.json": b"<html>Please log in</html>",
             f"{BASE}/en/free_bike_status.json": {"message": "no such feed"}}  # fmt: skip
    reading = read(web(pages))
    assert not reading.complete and not reading.empty
    assert reading.scope == (
        "gbfs.json, station_status; not read: system_information (server-error), "
        "station_information (not-the-declared-format), free_bike_status (api-error)"
    )
    assert reading.measurements["bikes_available"].capture == 3
    assert reading.measurements["station_count"].value == 4
    assert not {"system_id", "license_id", "vehicle_count"} & set(reading.measurements)


def test_a_mirror_has_its_feeds_beside_it(web: WebWithout) -> None:
    """Where no connection can be made to the listed host the file beside is read; any other fault stands as it is."""
    gone = "https://gone.example"
    feeds = [{"name": name, "url": f"{gone}/{name}.json"} for name in ("system_information", "station_status")]
    refused = Unreadable(Reason.CONNECTION_FAILED, "no connection")
    pages = {
        **changed(VERSION_3, "gbfs", feeds=feeds),
        f"{gone}/system_information.json": refused,
        f"{gone}/station_status.json": (503, {}, b"busy"),
        f"{BASE}/system_information.json": VERSION_3[f"{BASE}/en/system_information.json"],
        f"{BASE}/station_status.json": VERSION_3[f"{BASE}/en/station_status.json"],
    }
    reading = read(web(pages))
    assert plain(reading)["system_id"] == "lindenscoot" and "bikes_available" not in plain(reading)
    assert "where they are listed: system_information" in reading.scope
    assert reading.scope.endswith("not read: station_status (server-error)") and not reading.complete


def test_addresses_that_are_not_of_the_web_are_tried_once_beside_the_discovery_file(web: WebWithout) -> None:
    """A recorder's `file:` addresses lead to the files beside gbfs.json, and the scope says that those were read."""
    feeds = [{"name": name, "url": f"file:fixtures/{name}.json"} for name in ("system_information", "station_status")]
    pages = changed(VERSION_3, "gbfs", feeds=feeds)
    pages[f"{BASE}/system_information.json"] = VERSION_3[f"{BASE}/en/system_information.json"]
    reading = read(web(pages))
    assert plain(reading)["system_id"] == "lindenscoot" and not reading.complete
    assert reading.scope == (
        "gbfs.json, system_information; read beside gbfs.json, because nothing could be asked where they are listed: "
        "system_information; not read: station_status (not-captured)"
    )


def test_nothing_is_guessed_beside_a_file_of_another_name(web: WebWithout) -> None:
    """Where the discovery file is not called gbfs.json, an address that is not of the web is not asked at all."""
    pages = {f"{BASE}/discover": {"data": {"feeds": [{"name": "station_status", "url": "file:///etc/passwd"},
                                                     {"name": "system_information"}]}}}  # fmt: skip
    fake: Any = web(pages)
    reading = read(fake, f"{BASE}/discover")
    assert fake.asked == [f"{BASE}/discover"]
    assert not reading.complete and reading.scope.count("blocked-scheme") == 2


def test_numbers_nobody_states_are_absent(web: WebWithout) -> None:
    """Stations without counts give no sum, and lists that are none are not counted: absent is not nought."""
    pages = changed(VERSION_3, "en/station_status", stations=[{"station_id": "1"}, {"num_bikes_available": -3}, 7])
    pages = changed(pages, "en/vehicle_status", vehicles="none")
    values = plain(read(web(pages)))
    assert values["station_count"] == 2
    assert "bikes_available" not in values and "vehicle_count" not in values
    nought = changed(VERSION_3, "en/station_status", stations=[{"num_bikes_available": 0}])
    assert plain(read(web(nought)))["bikes_available"] == 0


@pytest.mark.parametrize("data", [{}, {"feeds": []}, {"en": {"feeds": []}}])
def test_no_feeds_is_empty(web: WebWithout, data: dict[str, Any]) -> None:
    """A discovery file in order that lists nothing answered, and holds nothing."""
    reading = read(web({f"{BASE}/gbfs.json": {"version": "2.3", "data": data}}))
    assert reading.empty and plain(reading) == {"version": "2.3", "feed_names": []}


@pytest.mark.parametrize(("body", "reason"), [
    (b"<!DOCTYPE html><title>Sign in</title>", "not-the-declared-format"),
    (b"[]", "not-the-declared-format"),
    (b'{"last_updated": 1, "data"', "malformed"),
    (b'{"last_updated": 1}', "malformed"),
    (b"{}", "not-the-declared-format"),
    (b'{"error": {"code": 499, "message": "Token required"}}', "api-error"),
    (b'{"data": []}', "malformed"),
    (b'{"data": {"zones": []}}', "not-the-declared-format"),
    (b'{"data": {"feeds": "all"}}', "malformed"),
    (b'{"data": {"en": {"feeds": {}}}}', "malformed"),
])  # fmt: skip
def test_what_is_no_discovery_file_is_refused(web: WebWithout, body: bytes, reason: str) -> None:
    """A web page is something else; JSON without data or without a list of feeds is broken; the exchange is named."""
    with pytest.raises(Unreadable) as caught:
        read(web({f"{BASE}/gbfs.json": body}))
    assert caught.value.reason == reason and caught.value.capture is not None


@pytest.mark.parametrize(("name", "data"), [
    ("geofencing_zones", {"geofencing_zones": {"type": "FeatureCollection", "features": []}}),
    ("system_pricing_plans", {"plans": []}),
    ("vehicle_types", {"vehicle_types": []}),
    ("system_alerts", {"alerts": []}),
])  # fmt: skip
def test_any_one_feed_of_the_standard_is_read_alone(web: WebWithout, name: str, data: dict[str, Any]) -> None:
    """The address of one of the smaller feeds tells its version and age, and is never the whole system."""
    url = f"{BASE}/{name}.json"
    pages = {url: {"last_updated": 1795000000, "ttl": 0, "version": "2.3", "data": data}}
    reading = asyncio.run(gbfs.read(Target(url, NOW), web(pages)))
    assert plain(reading) == {"version": "2.3", "last_updated": "2026-11-18T11:06:40Z"}
    assert not reading.complete and reading.scope.startswith(f"{name} only")


def test_words_are_made_safe_to_keep(web: WebWithout) -> None:
    """Names are kept on one line without invisible characters, and not more of them than anybody needs."""
    names = [f"feed_{number}" for number in range(500)]
    pages = changed(VERSION_3, "gbfs", feeds=[*listed("system_information"), *({"name": name} for name in names)])
    values = plain(read(web(changed(pages, "en/system_information", system_id="linden\u202escoot\n1"))))
    assert values["system_id"] == "lindenscoot 1" and len(values["feed_names"]) == 100


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["data", "feeds", "name", "url", "stations", "en"]), inner, max_size=3),
    max_leaves=6)  # fmt: skip


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_feeds_never_surprise(web: WebWithout, data: st.DataObject) -> None:
    """Whatever is changed in any file, a system is read or refused with a reason, and nothing else happens."""
    pages = copy.deepcopy(data.draw(st.sampled_from([VERSION_1, VERSION_3])))
    for _ in range(data.draw(st.integers(1, 3))):
        page = data.draw(st.sampled_from(sorted(pages)))
        if not isinstance(pages[page], dict):
            continue
        if data.draw(st.booleans()):
            body = bytearray(json.dumps(pages[page]).encode())
            at = data.draw(st.integers(0, len(body)))
            body[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=5))
            pages[page] = bytes(body)
        else:
            target = data.draw(st.sampled_from([pages[page], pages[page]["data"]]))
            if isinstance(target, dict) and target:
                target[data.draw(st.sampled_from(sorted(target)))] = data.draw(JSON)
            if not isinstance(pages[page].get("data"), dict):
                pages[page] = json.dumps(pages[page]).encode()
    try:
        assert read(web(pages)).scope.startswith("gbfs.json")
    except Unreadable as error:
        assert error.message


def test_real_systems_agree_with_an_independent_reading(shared: Path, web: WebWithout) -> None:
    """Recorded systems of versions 1, 2 and 3 give the names, counts and times that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    systems: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in entries:
        if entry["protocol"].startswith("gbfs"):
            folder, _, file = entry["file"].rpartition("/")
            systems.setdefault(folder, {})[file.removesuffix(".json")] = entry
    assert systems
    for folder, files in systems.items():
        reading = read(
            web(
                {
                    f"https://a.example/{folder}/{name}.json": (shared / "wire" / entry["file"]).read_bytes()
                    for name, entry in files.items()
                }
            ),
            f"https://a.example/{folder}/",
        )
        expected = {name: entry["expected"] for name, entry in files.items()}
        values = plain(reading)
        assert reading.complete
        assert values.get("version") == expected["gbfs"]["version"]
        assert values["feed_names"] == sorted(expected["gbfs"]["feeds"])
        assert values.get("system_id") == expected["system_information"]["system_id"]
        assert values.get("license_id") == expected["system_information"]["licence"]
        live = {"station_status", "vehicle_status", "free_bike_status"} & set(expected) or {"gbfs"}
        times = [expected[name]["last_updated"] for name in live]
        instants = [time if isinstance(time, str) else datetime.fromtimestamp(time, UTC).isoformat() for time in times]
        newest = max(datetime.fromisoformat(instant) for instant in instants)
        assert datetime.fromisoformat(values["last_updated"]) == newest
        for file, theirs, ours in (
            ("station_information", "stations", "station_count"),
            ("station_status", "bikes_available", "bikes_available"),
            ("vehicle_status", "vehicles", "vehicle_count"),
        ):
            assert values.get(ours) == expected.get(file, {}).get(theirs), (folder, ours)


@pytest.mark.parametrize(("data", "name", "expected"), [
    ({"stations": [{"station_id": "a", "lat": 1, "lon": 2}]}, "station_information", {"station_count": 1}),
    ({"stations": [{"station_id": "a", "num_bikes_available": 3}]}, "station_status",
     {"station_count": 1, "bikes_available": 3}),
    ({"vehicles": [{"vehicle_id": "v"}]}, "vehicle_status", {"vehicle_count": 1}),
    ({"bikes": [{"bike_id": "v"}, {"bike_id": "w"}]}, "free_bike_status", {"vehicle_count": 2}),
    ({"system_id": "a_bikes", "license_url": "https://a.example/terms"}, "system_information",
     {"system_id": "a_bikes", "license_id": "https://a.example/terms"}),
])  # fmt: skip
def test_one_feed_alone_is_read_as_it_is(web: WebWithout, data: Any, name: str, expected: dict[str, Any]) -> None:
    """An address that is one feed's, not the discovery file's, gives what that feed holds, and is not complete."""
    body = {"version": "2.3", "last_updated": 1795000000, "data": data}
    reading = asyncio.run(gbfs.read(Target(url=f"{BASE}/answer.json", now=NOW), web({f"{BASE}/answer.json": body})))
    found = {key: fact.value for key, fact in reading.measurements.items()}
    assert found == {"version": "2.3", "last_updated": "2026-11-18T11:06:40Z", **expected}
    assert not reading.complete and name in reading.scope
    assert all(fact.pointer.startswith(f"{name}#$") for fact in reading.measurements.values())
