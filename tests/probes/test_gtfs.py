"""What is read from a timetable feed: a small invented town, counted by hand, and all that can be wrong with it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Near, Target
from builder.probes import _gtfs_traffic, gtfs

from .lindenford import BY_HAND, MARKET, NOW, TOWN, URL, WEEK, OneFile, feed, measured, reading, refused


def test_the_town_is_counted_as_by_hand() -> None:
    """Every measurement of a small feed is what a person with a pencil gets."""
    result = reading(feed())
    assert {name: measurement.value for name, measurement in result.measurements.items()} == BY_HAND
    assert result.complete and result.scope == "the whole feed" and not result.empty
    units = {name: measurement.unit for name, measurement in result.measurements.items() if measurement.unit}
    assert units == {"wheelchair_stop_share": "1", "wheelchair_trip_share": "1", "weekday_service_hours": "h"}
    assert result.measurements["stop_count"].pointer == "stops.txt#stop_id"
    assert "2026-11-24" in result.measurements["weekday_departure_count"].pointer


def test_what_is_near_is_counted_for_each_place() -> None:
    """Market, Market Hall and Bridge lie within 2 km of the market, and four departures; nothing lies near the sea."""
    near = reading(feed(), near=(MARKET, Near("sea", -20.0, 179.9, 50.0), Near("all", 50.0, 8.0, 12.0))).near
    values = {key: tuple(measurement.value for measurement in facts.values()) for key, facts in near.items()}
    assert values == {"market": (3, 4), "sea": (0, 0), "all": (4, 6)}
    assert set(near["market"]) == {"stop_count_near", "weekday_departure_count_near"}
    assert reading(feed()).near == {}


def test_stops_without_a_usable_position_are_near_nothing() -> None:
    """Blank, worded or impossible coordinates are counted as stops and lie nowhere."""
    stops = "stop_id,stop_lat,stop_lon\ns1,,\ns2,north,8\ns3,nan,8\ns4,50,800\ns5,50.0,8.0\n"
    result = reading(feed({"stops.txt": stops}), near=(MARKET,))
    assert result.measurements["stop_count"].value == 5
    assert result.near["market"]["stop_count_near"].value == 1


@pytest.mark.parametrize("spelling", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace("\n", "\r").encode(),
    lambda text: text.replace("\n", "\n\n").encode() + b" \n",
    lambda text: text.rstrip("\n").encode(),
    lambda text: "\n".join(",".join(f'"{field}"' for field in row.split(",")) for row in text.split("\n")).encode(),
    lambda text: "\n".join(",".join(f" {field} " for field in row.split(",")) for row in text.split("\n")).encode(),
    lambda text: "\n".join(f'"caf\xe9, north",{row}' for row in text.rstrip().split("\n")).encode("latin-1"),
])  # fmt: skip
def test_spelling_does_not_matter(spelling: Any) -> None:
    """Byte order marks, line ends, blank lines, quotes, blanks and old encodings change nothing that is measured."""
    assert measured({name: spelling(table) for name, table in TOWN.items()}) == BY_HAND


def test_short_rows_and_missing_optional_columns_are_read() -> None:
    """A row that ends early lacks only what it does not hold; optional tables and columns may be absent."""
    values = measured({
        "calendar_dates.txt": None, "shapes.txt": None, "feed_info.txt": None,
        "routes.txt": "route_id\nT\n",
        "stops.txt": "stop_id\ns1\ns2\ns3\n",
        "trips.txt": "trip_id,service_id,wheelchair_accessible\nw1,week\nw2,week,1\na1,sat\n",
        "stop_times.txt": "stop_id,departure_time,trip_id\ns1,8:00:00,w1\ns1,8:30:00\ns2,,w1\ns3,9:15:00,w1\n",
    })  # fmt: skip
    assert "shape_count" not in values and "feed_version" not in values
    assert values["route_types"] == {}
    assert (values["wheelchair_stop_share"], values["wheelchair_trip_share"]) == (0.0, 0.3333)
    assert (values["stop_time_count"], values["weekday_departure_count"]) == (4, 3)
    assert values["weekday_service_hours"] == 1.25


def test_old_encodings_keep_their_letters() -> None:
    """An agency's name in windows-1252 is read with its accents; invisible characters are not kept."""
    values = measured({"agency.txt": "agency_name\nTramways d\x92Orléans\n".encode("latin-1")})
    assert values["agency_names"] == ["Tramways d’Orléans"]
    assert measured({"agency.txt": "agency_name\nNight\u202e Bus\n"})["agency_names"] == ["Night Bus"]


def test_trips_may_be_scattered_over_the_table() -> None:
    """The rows of a trip need not stand together."""
    header, *rows = TOWN["stop_times.txt"].splitlines()
    assert measured({"stop_times.txt": "\n".join([header, *rows[::3], *rows[1::3], *rows[2::3]])}) == BY_HAND


def test_a_repeated_trip_counts_each_time_it_leaves() -> None:
    """Every 20 minutes from 6 to 7 is three runs (6:00, 6:20, 6:40), every half hour from 8 to 9:45 four."""
    values = measured({
        "trips.txt": "route_id,service_id,trip_id\nT,week,f\nT,sat,g\n",
        "stop_times.txt": "trip_id,departure_time,stop_id\nf,0:00:00,s1\nf,0:30:00,s2\ng,1:00:00,s1\n",
        "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nf,6:00:00,7:00:00,1200\nf,8:00:00,9:45:00,1800\n"
                           "f,9:00:00,8:00:00,60\nf,x,y,z\nf,10:00:00,11:00:00,0\ng,4:00:00,5:00:00,600\n",
    })  # fmt: skip
    assert values["weekday_departure_count"] == 14
    assert values["weekday_service_hours"] == 4.0  # from 6:00 to 9:30 + 0:30


def test_repeated_trips_near_a_place_count_as_often() -> None:
    """What leaves a near stop six times a day is six departures near."""
    near = reading(
        feed({"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nw1,6:00:00,7:00:00,600\n"}), near=(MARKET,)
    ).near
    assert near["market"]["weekday_departure_count_near"].value == 2 * 6 + 2


@pytest.mark.parametrize(("now", "day"), [
    (datetime(2026, 1, 1, tzinfo=UTC), "2026-11-03"),   # before it begins: its first four weeks
    (datetime(2026, 11, 25, tzinfo=UTC), "2026-11-26"),  # the Wednesday on which nothing runs is not typical
    (datetime(2026, 12, 24, tzinfo=UTC), "2026-12-01"),  # at its end: its last four weeks, from Friday 27 November
    (datetime(2031, 1, 1, tzinfo=UTC), "2026-12-01"),   # long expired: the same
])  # fmt: skip
def test_the_typical_weekday_lies_in_the_service_nearest_to_now(now: datetime, day: str) -> None:
    """A feed not yet or no longer in service is measured in its own first or last four weeks."""
    assert measured(now=now)["weekday_date"] == day


def test_the_typical_weekday_has_the_median_number_of_trips() -> None:
    """A festival day with more trips and a strike day with fewer are not typical."""
    trips = TOWN["trips.txt"] + "".join(f"T,fair,f{number}\n" for number in range(9)) + "T,quiet,q1\n"
    dates = TOWN["calendar_dates.txt"] + "fair,20261124,1\nweek,20261126,2\nquiet,20261126,1\n"
    values = measured({"trips.txt": trips, "calendar_dates.txt": dates})
    assert (values["weekday_date"], values["weekday_departure_count"]) == ("2026-12-01", 6)


def test_of_an_even_number_of_days_the_lower_middle_one_is_typical() -> None:
    """One day with one trip and one with two: the day with one."""
    dates = "service_id,date,exception_type\nweek,20261124,1\nsat,20261125,1\n"
    values = measured({"calendar.txt": None, "calendar_dates.txt": dates})
    assert (values["weekday_date"], values["weekday_departure_count"]) == ("2026-11-25", 2)
    assert (values["service_start"], values["service_end"]) == ("2026-11-24", "2026-11-25")


def test_a_feed_without_weekdays_has_no_typical_one() -> None:
    """A weekend line has its service dates, and no weekday to measure."""
    values = measured({"calendar.txt": f"{WEEK}\nsat,0,0,0,0,0,1,1,20261101,20261130\n", "calendar_dates.txt": None})
    assert (values["service_start"], values["service_end"]) == ("2026-11-01", "2026-11-29")
    assert not [name for name in values if name.startswith("weekday")]


@pytest.mark.parametrize("calendar", [
    f"{WEEK}\n",
    f"{WEEK}\nweek,0,0,0,0,0,0,0,20261102,20261218\n",
    f"{WEEK}\nweek,1,1,1,1,1,1,1,20261218,20261102\n",
    f"{WEEK}\nweek,1,1,1,1,1,1,1,2026-11-02,20261340\n",
    f"{WEEK}\nweek,0,1,0,0,0,0,0,20261125,20261130\n",
])  # fmt: skip
def test_a_feed_without_service_is_still_read(calendar: str) -> None:
    """Empty, reversed or unreadable calendars leave the counts, and no dates of service."""
    values = measured({"calendar.txt": calendar, "calendar_dates.txt": None})
    assert "service_start" not in values and "service_end" not in values
    assert (values["trip_count"], values["stop_time_count"]) == (3, 8)


@pytest.mark.parametrize("fares", ["fare_attributes.txt", "fare_products.txt"])
def test_fares_need_a_row(fares: str) -> None:
    """Fares of either version count when there is one; a table with a header only does not."""
    assert measured({fares: "fare_id,price\n"})["has_fares"] is False
    assert measured({fares: "fare_id,price\nday,4.20\n"})["has_fares"] is True


def test_a_feed_without_trips_is_empty() -> None:
    """All tables in order and no trip: it answered, and holds nothing."""
    result = reading(feed({"trips.txt": "route_id,service_id,trip_id\n", "stop_times.txt": "trip_id\n"}))
    assert result.empty and result.measurements["trip_count"].value == 0
    assert "wheelchair_trip_share" not in result.measurements


@pytest.mark.parametrize(("missing", "words"), [
    (["agency.txt"], "agency.txt"),
    (["stops.txt", "trips.txt"], "trips.txt, stops.txt"),
    (["calendar.txt", "calendar_dates.txt"], "calendar.txt or calendar_dates.txt"),
])  # fmt: skip
def test_missing_tables_are_named(missing: list[str], words: str) -> None:
    """A zip without a required table is malformed, and the message says which."""
    assert refused(feed(dict.fromkeys(missing))) == ("malformed", f"The zip has no {words}.")


def test_zones_may_stand_for_stops() -> None:
    """A feed of demand-responsive transport has zones instead of stops, and then no count of stops."""
    values = measured({"stops.txt": None, "locations.geojson": "{}"})
    assert "stop_count" not in values and values["trip_count"] == 3


def test_tables_in_a_folder_are_malformed() -> None:
    """The standard wants the tables at the top of the zip, and the message names the folder."""
    reason, message = refused(feed(folder="export/"))
    assert reason == "malformed" and "'export/'" in message


@pytest.mark.parametrize(("table", "content", "words"), [
    ("trips.txt", "", "trips.txt has no header row"),
    ("trips.txt", "route_id,trip_id\nT,w1\n", "trips.txt has no column service_id"),
    ("stops.txt", "id,name\n1,Market\n", "stops.txt has no column stop_id"),
    ("agency.txt", TOWN["agency.txt"].encode("utf-16"), "agency.txt has no column agency_name"),
    ("stop_times.txt", "trip_id,stop_id\n" + "a" * 2_000_000, "stop_times.txt has a line longer"),
    ("stop_times.txt", "trip_id,stop_id\n" + '"\n",' * 2_000_000, "stop_times.txt has rows longer"),
    ("stop_times.txt", 'trip_id,stop_id\n"' + "a\n" * 200_000, "stop_times.txt is no readable table"),
])  # fmt: skip
def test_broken_tables_are_malformed(table: str, content: str | bytes, words: str) -> None:
    """A table without header or key column, or with a row that never ends, is refused in words that name it."""
    reason, message = refused(feed({table: content}))
    assert reason == "malformed" and words in message


def test_what_is_no_zip_is_not_the_declared_format() -> None:
    """A web page where a feed should be is said to be one."""
    assert refused(b"<!DOCTYPE html><title>Moved</title>") == (
        "not-the-declared-format",
        "The answer is a web page or XML; a zip archive was expected.",
    )


def test_limits_of_memory_are_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed with more services, trips, shapes or near stops than we hold is too large for us, not broken."""
    for module, limit in (
        ("_gtfs_service", "MOST_SERVICES"),
        ("_gtfs_traffic", "MOST_RUNNING_TRIPS"),
        ("_gtfs_traffic", "MOST_SERVICES"),
        ("gtfs", "MOST_SHAPES"),
        ("_gtfs_places", "MOST_NEAR_STOPS"),
        ("_gtfs_service", "MOST_REMOVED_BYTES"),
        ("_gtfs_traffic", "MOST_DEPARTURES"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"builder.probes.{module}.{limit}", 1)
            with pytest.raises(Unreadable) as caught:
                reading(feed(), near=(MARKET,))
            assert caught.value.reason == "too-large", limit


def test_a_trip_with_many_runs_is_added_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often two repeated trips take turns in stop_times.txt, each of their runs is counted only as it is read.

    Else a feed of a few megabytes, with ten thousand runs for each of two trips, would keep us busy for days.
    """
    counted: list[object] = []

    def count(run: object) -> int:
        counted.append(run)
        return 1

    monkeypatch.setattr(_gtfs_traffic._Run, "count", property(count))
    runs = "".join(f"t{at % 2},0{at % 9}:00:00,09:30:00,60\n" for at in range(100))
    turns = "".join(f"t{at % 2},08:00:00,08:00:00,s1,{at}\n" for at in range(100))
    values = measured(
        {
            "trips.txt": "route_id,service_id,trip_id\nr1,week,t0\nr1,week,t1\n",
            "frequencies.txt": f"trip_id,start_time,end_time,headway_secs\n{runs}",
            "stop_times.txt": f"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n{turns}",
        }
    )
    assert values["weekday_departure_count"] == 100 * 50
    assert len(counted) <= 2 * 100, "once as each run is read, once for the last departure"


def test_long_ids_are_told_apart() -> None:
    """Ids of a thousand characters are kept by their hash, and still match."""
    long = {
        name: table.replace("week", "week" * 300).replace("s1", "s1" * 600)
        for name, table in TOWN.items()
        if isinstance(table, str)
    }
    result = reading(feed(long), near=(MARKET,))
    assert result.measurements["weekday_departure_count"].value == 6
    assert result.near["market"]["weekday_departure_count_near"].value == 4


def test_a_long_reading_gives_way() -> None:
    """A reading lets others work between batches, stops when its time is up, and closes its file."""
    web = OneFile(feed({"stop_times.txt": TOWN["stop_times.txt"] + "w1,9:00:00,9:00:00,s1,9\n" * 50_000}))

    async def give_up() -> None:
        task = asyncio.ensure_future(gtfs.read(Target(URL, NOW), web))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(give_up())
    assert web.file.closed


@settings(max_examples=150)
@given(st.data())
def test_damaged_feeds_never_surprise(data: st.DataObject) -> None:
    """Whatever is changed in the tables or in the zip, a feed is read or refused with a reason, and nothing else."""
    tables = {name: bytearray(table.encode()) for name, table in TOWN.items()}
    for _ in range(data.draw(st.integers(0, 3))):
        table = tables[data.draw(st.sampled_from(sorted(tables)))]
        at = data.draw(st.integers(0, len(table)))
        table[at : at + data.draw(st.integers(0, 9))] = data.draw(
            st.one_of(st.binary(max_size=9), st.sampled_from([b"\x00", b'"', b",", b"\r", b"\n", b"99999999", b"-1"]))
        )
    body = bytearray(feed({name: bytes(table) for name, table in tables.items()}))
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + 1] = data.draw(st.binary(max_size=2))
    try:
        result = reading(bytes(body), near=(MARKET,))
    except Unreadable as error:
        assert error.message.endswith(".") and "\n" not in error.message
    else:
        assert result.complete


def test_real_feeds_agree_with_an_independent_reading(shared: Path) -> None:
    """Feeds that agencies really published give the counts, types and dates that another program read in them."""
    entries = json.loads((shared / "wire" / "manifest.json").read_text(encoding="utf-8"))["files"]
    checked = 0
    for entry in (entry for entry in entries if entry["protocol"] == "gtfs"):
        expected = entry["expected"]
        body = (shared / "wire" / entry["file"]).read_bytes()
        if not expected["valid_zip"] or expected["missing_required"]:
            reason, message = refused(body)
            assert reason == ("malformed" if expected["valid_zip"] else "not-the-declared-format")
            assert all(name in message for name in expected.get("missing_required", []))
            continue
        values = {name: measurement.value for name, measurement in reading(body).measurements.items()}
        for ours, theirs in (
            ("agency_count", "agency"),
            ("route_count", "routes"),
            ("stop_count", "stops"),
            ("trip_count", "trips"),
            ("stop_time_count", "stop_times"),
            ("agency_names", "agency_names"),
            ("route_types", "route_types"),
        ):
            assert values[ours] == expected[theirs], (entry["file"], ours)
        assert str(values["service_start"]).replace("-", "") == expected["service_first"]
        assert str(values["service_end"]).replace("-", "") == expected["service_last"]
        assert values["weekday_departure_count"] == plain_departures(body, str(values["weekday_date"])), entry["file"]
        checked += 1
    assert checked


def plain_departures(body: bytes, day: str) -> int:
    """The departures on one day, counted the slow and obvious way."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        tables = {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in ("calendar.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt")
        }
    wanted = day.replace("-", "")
    weekday = datetime.fromisoformat(day).strftime("%A").lower()
    services = {
        row["service_id"]
        for row in tables["calendar.txt"]
        if row[weekday] == "1" and row["start_date"] <= wanted <= row["end_date"]
    }
    for row in tables["calendar_dates.txt"]:
        if row["date"] == wanted:
            (services.add if row["exception_type"] == "1" else services.discard)(row["service_id"])
    trips = {row["trip_id"] for row in tables["trips.txt"] if row["service_id"] in services}
    return sum(row["trip_id"] in trips for row in tables["stop_times.txt"])
