"""On which days a timetable runs: patterns, exceptions, and the day that stands for a weekday."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.probes._gtfs_service import Calendars, candidate_days, ordinal, read_calendars, typical_day
from builder.probes._zip import Archive

WEEK = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
DATES = "service_id,date,exception_type\n"
SUNDAY = date(2026, 11, 1)


def calendars(patterns: str, dates: str = "") -> Calendars:
    """The calendars of a zip with these two tables."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("calendar.txt", WEEK + patterns)
        archive.writestr("calendar_dates.txt", DATES + dates)
    return asyncio.run(read_calendars(Archive(file.getvalue())))


def test_days_taken_out_and_put_in_move_both_ends() -> None:
    """The span goes from the first day that is left to the last that was put in, also of services without a pattern."""
    found = calendars("w,1,1,1,1,1,0,0,20261101,20261130\n", "w,20261102,2\nx,20261224,1\ny,20261031,2\nw,20250101,2\n")
    assert (found.first, found.last) == (date(2026, 11, 3), date(2026, 12, 24))
    assert [found.runs("w", SUNDAY.toordinal() + day) for day in range(4)] == [False, False, True, True]
    assert not found.runs("x", SUNDAY.toordinal())


def test_a_pattern_without_end_costs_nothing() -> None:
    """Thursdays until the year 9999, November 2026 taken out, run from 3 December on, to the last Thursday there is."""
    found = calendars("w,0,0,0,1,0,0,0,20261101,99991231\n", "".join(f"w,202611{day:02d},2\n" for day in range(1, 31)))
    assert (found.first, found.last) == (date(2026, 12, 3), date(9999, 12, 30))


def test_a_day_taken_out_of_a_long_pattern_is_one_byte() -> None:
    """Each day taken out of ten thousand years' service changes the same row of bits, which grows only at its end."""
    found = calendars("w,1,1,1,1,1,1,1,00010101,99991231\n", "w,99991230,2\n")
    days, size = found.removed["w"], len(found.removed["w"])
    assert found.take_out("w", date(5000, 1, 1).toordinal()) == 0, "no more room"
    assert found.removed["w"] is days and len(days) == size
    assert not found.runs("w", date(5000, 1, 1).toordinal()) and found.runs("w", date(5000, 1, 2).toordinal())


@given(st.integers(0, 40), st.sets(st.integers(0, 6)), st.sets(st.integers(0, 45)), st.integers(0, 6))
def test_the_span_is_what_counting_days_gives(length: int, weekdays: set[int], out: set[int], turn: int) -> None:
    """Whatever pattern and whatever days are taken out, first and last are those found by looking at every day."""
    start = SUNDAY + timedelta(turn)
    days = [start + timedelta(day) for day in range(length + 1)]
    left = [day for at, day in enumerate(days) if day.weekday() in weekdays and at not in out]
    pattern = ",".join(str(int(day in weekdays)) for day in range(7))
    found = calendars(
        f"w,{pattern},{start:%Y%m%d},{days[-1]:%Y%m%d}\n",
        "".join(f"w,{start + timedelta(day):%Y%m%d},2\n" for day in sorted(out)),
    )
    assert (found.first, found.last) == (left[0] if left else None, left[-1] if left else None)
    assert [day for day in days if found.runs("w", day.toordinal())] == left


@pytest.mark.parametrize(("today", "first", "count"), [
    (date(2026, 1, 1), date(2026, 11, 3), 12),
    (date(2026, 11, 5), date(2026, 11, 5), 12),
    (date(2030, 1, 1), date(2026, 12, 3), 12),
])  # fmt: skip
def test_the_window_lies_within_the_service(today: date, first: date, count: int) -> None:
    """Four weeks from today, moved into the time of service: twelve Tuesdays, Wednesdays and Thursdays."""
    days = candidate_days(calendars("w,1,1,1,1,1,1,1,20261101,20261230\n"), today)
    assert (date.fromordinal(days[0]), len(days)) == (first, count)
    assert {date.fromordinal(day).weekday() for day in days} == {1, 2, 3}


def test_a_feed_without_days_has_no_window() -> None:
    """Nothing runs, so no day can stand for the others."""
    assert candidate_days(calendars(""), SUNDAY) == []
    assert typical_day([], {}, {}) is None
    assert typical_day([1, 2], {"w": 0b11}, {"other": 5}) is None


def test_the_day_with_the_median_number_of_trips_is_typical() -> None:
    """Of 1, 3, 3, 3 and 9 trips the middle is 3, first on the second day; days without trips do not count."""
    assert (
        typical_day(
            [10, 11, 12, 13, 14],
            {"a": 0b11111, "b": 0b11100, "c": 0b10000, "d": 0b00010},
            {"a": 1, "b": 2, "c": 6, "d": 2},
        )
        == 1
    )
    assert typical_day([10, 11, 12], {"a": 0b100}, {"a": 1}) == 2


@pytest.mark.parametrize("text", ["", "2026-11-21", "20261301", "20260230", "00000101", "2026112", "²0261121"])
def test_what_is_no_day_is_none(text: str) -> None:
    """Only eight digits that name a real day are one."""
    assert ordinal(text) is None
    assert ordinal("20261121") == date(2026, 11, 21).toordinal()
