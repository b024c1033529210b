"""What is read of a calendar feed: how many events, and which of them comes next, repetitions and zones included."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.errors import Unreadable
from builder.model.observation import Measurement, Reading, Target
from builder.probes import ical

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
URL = "https://council.lindenford.example/meetings.ics"


def event(*lines: str) -> str:
    """One event of these lines."""
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*parts: str) -> str:
    """A calendar of these parts."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""])


def read(web: Any, body: str | bytes, now: datetime = NOW) -> Reading:
    """Read a calendar."""
    return asyncio.run(ical.read(Target(URL, now), web({URL: body})))


def values(reading: Reading) -> dict[str, Any]:
    """The plain values of a reading."""
    return {name: measured.value for name, measured in reading.measurements.items()}


def test_a_calendar_is_read(fake_web: Any) -> None:
    """Past and coming events are counted, the first still ahead is next, the last stated one is the latest."""
    body = calendar(
        "X-WR-CALNAME:Council\\, Lindenford",
        event("UID:1", "DTSTART:20251101T180000Z", "SUMMARY:Past"),
        event("UID:2", "DTSTART:20270310T180000Z"),
        event("UID:3", "DTSTART:20261125T173000Z", "SUMMARY:folded", "  and DTSTART:20261122T000000Z"),
    )
    reading = read(fake_web, body)
    assert values(reading) == {
        "event_count": 3, "next_event": "2026-11-25T17:30:00Z", "event_latest": "2027-03-10T18:00:00Z",
        "title": "Council, Lindenford",
    }  # fmt: skip
    assert reading.complete and reading.scope == "all 3 events"


@pytest.mark.parametrize(("start", "instant"), [
    ("DTSTART;TZID=Europe/Berlin:20261202T180000", "2026-12-02T17:00:00Z"),
    ('DTSTART;TZID="America/Chicago";VALUE=DATE-TIME:20261202T180000', "2026-12-03T00:00:00Z"),
    ("DTSTART;TZID=/zones.example/2026/Europe/Helsinki:20261202T180000", "2026-12-02T16:00:00Z"),
    ("DTSTART;TZID=Nowhere:20261202T180000", "2026-12-02T18:00:00Z"),
    ("DTSTART;VALUE=DATE:20261202", "2026-12-02"),
    ("dtstart:20261202T180060Z", "2026-12-02T18:00:59Z"),
    ("DTSTA\r\n RT:2026\r\n\t1202", "2026-12-02"),
    ("DTSTART;VALUE=DATE:20261121", "2026-11-21"),
    ("DTSTART:20261121T120000Z", "2026-11-21T12:00:00Z"),
    ("DTSTART:20261121T115959Z", None),
    ("DTSTART;VALUE=DATE:20261120", None),
])  # fmt: skip
def test_starts_are_read_in_their_zone(fake_web: Any, start: str, instant: str | None) -> None:
    """Zones by name, days, folded lines; what begins now is still ahead, and so is an event of the whole day today."""
    assert values(read(fake_web, calendar(event(start)))).get("next_event") == instant


def test_a_zone_may_be_defined_in_the_calendar(fake_web: Any) -> None:
    """Names that no public list knows are read as the calendar defines them; without any, its own zone counts."""
    zone = "\r\n".join([
        "BEGIN:VTIMEZONE", "TZID:W. Lindenford Time",
        "BEGIN:STANDARD", "DTSTART:19701025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
        "BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
    ])  # fmt: skip
    named = event("DTSTART;TZID=W. Lindenford Time:20270601T180000")
    assert values(read(fake_web, calendar(zone, named)))["next_event"] == "2027-06-01T16:00:00Z"
    hostile = zone.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY")
    assert values(read(fake_web, calendar(hostile, named)))["next_event"] == "2027-06-01T18:00:00Z"
    own = calendar("X-WR-TIMEZONE:Europe/Paris", event("DTSTART:20261202T180000"))
    assert values(read(fake_web, own))["next_event"] == "2026-12-02T17:00:00Z"


@pytest.mark.parametrize(("lines", "instant"), [
    (["RRULE:FREQ=MONTHLY;BYDAY=1WE"], "2026-12-02T17:00:00Z"),
    (["RRULE:FREQ=MONTHLY;BYDAY=1WE", "EXDATE;TZID=Europe/Berlin:20261202T180000"], "2027-01-06T17:00:00Z"),
    (["RRULE:FREQ=MONTHLY;BYDAY=1WE", "EXDATE:20261202T170000Z,20270106T170000Z"], "2027-02-03T17:00:00Z"),
    (["RRULE:FREQ=MONTHLY;BYDAY=1WE", "EXDATE;VALUE=DATE:20261202"], "2027-01-06T17:00:00Z"),
    (["RRULE:FREQ=WEEKLY;COUNT=3"], None),
    (["RRULE:FREQ=WEEKLY;UNTIL=20261125T170000Z"], "2026-11-25T17:00:00Z"),
    (["RRULE:FREQ=WEEKLY;UNTIL=20261125T165959Z"], None),
    (["RRULE:FREQ=WEEKLY;UNTIL=20261125"], "2026-11-25T17:00:00Z"),
    (["RRULE:FREQ=YEARLY;INTERVAL=2"], "2028-01-05T17:00:00Z"),
    (["RDATE;TZID=Europe/Berlin:20260301T180000,20261224T100000"], "2026-12-24T09:00:00Z"),
    (["RRULE:FREQ=WEEKLY", "STATUS:CANCELLED"], None),
])  # fmt: skip
def test_repetitions_are_followed(fake_web: Any, lines: list[str], instant: str | None) -> None:
    """Rules with their ends and exceptions in local time, single further dates, and whole series called off."""
    start = "DTSTART;TZID=Europe/Berlin:" + ("20260105" if "INTERVAL=2" in lines[0] else "20260107") + "T180000"
    reading = read(fake_web, calendar(event("UID:a", start, *lines)))
    assert values(reading).get("next_event") == instant and reading.complete


def test_the_first_start_counts_whatever_the_rule_says(fake_web: Any) -> None:
    """A series that begins on a Monday and goes on each Wednesday begins on that Monday."""
    body = calendar(event("DTSTART:20261123T180000Z", "RRULE:FREQ=WEEKLY;BYDAY=WE"))
    assert values(read(fake_web, body))["next_event"] == "2026-11-23T18:00:00Z"


def test_a_changed_repetition_takes_the_place_of_the_one_it_names(fake_web: Any) -> None:
    """The next meeting moved by a day is next on its new day; one that was called off is not next at all."""
    series = event("UID:a", "DTSTART;TZID=Europe/Berlin:20260107T180000", "RRULE:FREQ=MONTHLY;BYDAY=1WE")
    moved = ["UID:a", "RECURRENCE-ID;TZID=Europe/Berlin:20261202T180000", "DTSTART;TZID=Europe/Berlin:20261203T180000"]
    reading = read(fake_web, calendar(series, event(*moved)))
    assert values(reading)["next_event"] == "2026-12-03T17:00:00Z" and values(reading)["event_count"] == 2
    off = read(fake_web, calendar(series, event(*moved, "STATUS:CANCELLED")))
    assert values(off)["next_event"] == "2027-01-06T17:00:00Z"


@pytest.mark.parametrize("rule", [
    "FREQ=SECONDLY", "FREQ=NEVER", "nonsense", "FREQ=YEARLY;BYDAY=53MO;BYMONTH=2", "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;BYHOUR=" + ",".join(["1"] * 500),
])  # fmt: skip
def test_rules_nobody_can_follow_are_named(fake_web: Any, rule: str) -> None:
    """The event still counts, and the scope says that its repetitions do not."""
    reading = read(fake_web, calendar(event("DTSTART:20251202T180000Z", f"RRULE:{rule}")))
    assert values(reading)["event_count"] == 1 and not reading.complete
    assert reading.scope == "the one event listed; 1 whose repetitions could not be followed"


def test_rules_that_never_match_do_not_hold_us_up(fake_web: Any, monkeypatch: Any) -> None:
    """A thousand events on each 31 February cost no more than a few: then no further rule is tried."""
    monkeypatch.setattr(ical, "MOST_STEPS", 200_000)
    never = event("DTSTART:20260101T180000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31")
    reading = read(fake_web, calendar(*[never] * 1000))
    assert "next_event" not in values(reading) and not reading.complete
    assert reading.scope == "all 1,000 events; 998 whose repetitions could not be followed"


def test_a_daily_event_of_a_thousand_years_is_left(fake_web: Any) -> None:
    """A rule is followed for so many repetitions and no more."""
    reading = read(fake_web, calendar(event("DTSTART:10260101T180000Z", "RRULE:FREQ=DAILY")))
    assert not reading.complete and "next_event" not in values(reading)


def test_an_event_without_a_start_is_named(fake_web: Any) -> None:
    """It is counted, and the reading is not complete."""
    reading = read(fake_web, calendar(event("DTSTART:soon"), event("DTSTART:20261301"), event("SUMMARY:x")))
    assert reading.scope == "all 3 events; 3 without a start that could be understood" and not reading.complete


def test_parts_that_are_no_events_do_not_count(fake_web: Any) -> None:
    """Tasks are none, and an alarm's own lines are not its event's."""
    alarm = "BEGIN:VALARM\r\nDTSTART:20261122T000000Z\r\nEND:VALARM"
    body = calendar(event("DTSTART:20261201", alarm), "BEGIN:VTODO\r\nDTSTART:20261122\r\nEND:VTODO")
    assert values(read(fake_web, body)) == {
        "event_count": 1, "next_event": "2026-12-01", "event_latest": "2026-12-01"}  # fmt: skip


def test_a_calendar_without_events_is_empty(fake_web: Any) -> None:
    """It answered in its form, and holds nothing."""
    reading = read(fake_web, calendar())
    assert reading.empty and values(reading) == {"event_count": 0}


def test_webcal_is_the_web(fake_web: Any) -> None:
    """Calendars are often linked by a scheme of their own, which means https."""
    web = fake_web({URL: calendar(event("DTSTART:20261201"))})
    asyncio.run(ical.read(Target(URL.replace("https", "webcal"), NOW), web))
    assert web.asked == [URL]


@pytest.mark.parametrize(("body", "reason"), [
    (b"<!DOCTYPE html><a href='meetings.ics'>", "not-the-declared-format"),
    (b"", "not-the-declared-format"),
    (b"BEGIN:VCARD\r\nEND:VCARD", "not-the-declared-format"),
    (calendar(event("DTSTART:20261201"))[:60].encode(), "malformed"),
    (b"BEGIN:VCALENDAR\r\n" * 200, "malformed"),
    (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 50_001, "too-large"),
])  # fmt: skip
def test_what_is_no_calendar_is_refused(fake_web: Any, body: bytes, reason: str) -> None:
    """A web page that links the calendar is not the calendar; one that breaks off is broken."""
    with pytest.raises(Unreadable) as caught:
        read(fake_web, body)
    assert caught.value.reason == reason and caught.value.capture is not None


SAMPLE = calendar(
    "X-WR-TIMEZONE:Europe/Berlin", "BEGIN:VTIMEZONE", "TZID:Here", "BEGIN:STANDARD", "DTSTART:19701025T030000",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE",
    event("UID:a", "DTSTART;TZID=Here:20260107T180000", "RRULE:FREQ=MONTHLY;BYDAY=1WE;UNTIL=20280101T000000Z",
          "EXDATE;TZID=Here:20261202T180000", "RDATE;VALUE=PERIOD:20261224T100000Z/PT1H"),
    event("UID:a", "RECURRENCE-ID:20270106T170000Z", "DTSTART;VALUE=DATE:20270107"),
)  # fmt: skip
ODD = st.sampled_from([
    b"", b"\r\n", b"\r\n ", b";", b":", b'"', b",", b"99999999", b"00000000T000000Z", b"00010101", b"\xff", b"\0",
    b"BEGIN:VEVENT\r\n", b"END:VTIMEZONE\r\n", b"FREQ=DAILY", b"FREQ=WEEKLY;BYSETPOS=-1", b"INTERVAL=0;",
    b"COUNT=99999999;", b"BYMONTHDAY=31;BYMONTH=2;", b"TZID=../../etc", b"+9999", b"99991231T235959",
])  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 9), ODD), min_size=1, max_size=4))
def test_damaged_calendars_never_surprise(fake_web: Any, damages: list[tuple[int, int, bytes]]) -> None:
    """Whatever is changed in it, a calendar is read or refused with a reason, and nothing else happens."""
    body = SAMPLE.encode()
    for at, length, odd in damages:
        body = body[:at] + odd + body[at + length :]
    try:
        reading = read(fake_web, body)
    except Unreadable as error:
        assert error.message and "\n" not in error.message
        return
    for measured in reading.measurements.values():
        Measurement.model_validate_json(measured.model_dump_json())


def test_the_last_revision_of_an_event_holds(fake_web: Any) -> None:
    """Of one event listed twice the higher sequence counts: its day that was taken out stays out."""
    weekly = ("UID:1", "DTSTART;VALUE=DATE:20261109", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    body = calendar(event(*weekly, "SEQUENCE:1"), event(*weekly, "EXDATE;VALUE=DATE:20261123", "SEQUENCE:2"))
    assert values(read(fake_web, body))["next_event"] == "2026-12-07"
    assert values(read(fake_web, body))["event_count"] == 2


def test_a_changed_repetition_does_not_repeat(fake_web: Any) -> None:
    """The rule of the whole event, copied into the one repetition that was moved, is not followed from there."""
    body = calendar(
        event("UID:1", "DTSTART:20261102T180000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261120T000000Z"),
        event("UID:1", "DTSTART:20261117T180000Z", "RECURRENCE-ID:20261116T180000Z", "RRULE:FREQ=WEEKLY"),
    )
    assert "next_event" not in values(read(fake_web, body))


def test_a_count_that_is_none_ends_nothing(fake_web: Any) -> None:
    """A rule with a count of -1 beside its last day is followed until that day."""
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20270331;COUNT=-1;INTERVAL=4;BYDAY=MO"
    assert values(read(fake_web, calendar(event("DTSTART;VALUE=DATE:20261102", rule))))["next_event"] == "2026-11-30"
